"""Rows 51 to 54: who gets into the office, how often one may guess, and when it ends."""

from __future__ import annotations

import datetime as dt
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from werkzeug.security import generate_password_hash

from fieldapp.keep import account
from fieldapp.keep.attempt import FREE_TRIES
from tests.fault.access.house import House
from tests.page import Client, parse, words
from tests.web.test_scope import ask, tried

EVER = dt.timedelta(days=20_000)
WRONG = "verkeerd-woord-hier"
OFFICE = "__Host-office"


def enter(house: House, client: Client, **given: str) -> Any:
    """Fills in the page to sign in; `given` replaces what is right."""
    clerk = house.clerk
    right = {"name": clerk.name, "password": clerk.password, "code": clerk.code(house.clock())}
    return client.fill("/office/signin", right | given)


def guesses(house: House) -> str:
    """51: 500 guesses from one network and 500 from as many, one a second: few are judged."""
    known = house.guest("192.0.2.7")
    assert enter(house, known).status_code == 303
    house.clock.forward(minutes=1)
    counted = [_guess(house, "10.0.0.1" if one else "10.0.{0}.{1}") for one in (True, False)]
    assert max(counted) <= 16
    held = {row["scope"] for row in house.kept("attempt")}  # a restart forgets none of it
    assert f"signin:{house.clerk.name}" in held
    # Its owner gets in meanwhile from where he was before, and from anywhere in minutes.
    known.delete_cookie(OFFICE)
    assert enter(house, house.guest("10.9.9.9"), password=WRONG).status_code in {422, 429}
    assert enter(house, known).status_code == 303
    house.clock.forward(minutes=5)
    assert enter(house, house.guest("198.51.100.3")).status_code == 303
    assert _together(house) <= FREE_TRIES
    return f"500 from one network, {counted[0]} judged; from 500, {counted[1]} judged"


def _guess(house: House, network: str) -> int:
    judged = 0
    client = house.guest()
    token = client.token("/office/signin")
    for each in range(500):
        client.environ_base["REMOTE_ADDR"] = network.format(each // 250, each % 250)
        given = {"name": house.clerk.name, "password": f"{WRONG} {each}", "code": "000000"}
        answer = client.post("/office/signin", data={"csrf_token": token} | given)
        assert answer.status_code in {422, 429}
        judged += answer.status_code == 422
        house.clock.forward(seconds=1)
    return judged


def _together(house: House) -> int:
    """How many of twenty guesses at one moment are judged."""
    clients = [house.guest(f"10.1.0.{each}") for each in range(20)]
    tokens = [client.token("/office/signin") for client in clients]
    start, answers = threading.Barrier(len(clients)), []

    def run(client: Client, token: str) -> None:
        start.wait(30)
        given = {"name": "iemand", "password": WRONG, "code": "000000", "csrf_token": token}
        answers.append(client.post("/office/signin", data=given).status_code)

    pairs = zip(clients, tokens, strict=True)
    each = [threading.Thread(target=run, args=pair) for pair in pairs]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join(60)
    assert len(answers) == len(clients)
    return answers.count(422)


def alike(house: House) -> str:
    """52: who is unknown, and what was wrong, tells neither the text nor the time."""
    closed = house.hire("vroeger")
    with house.store.write("test", house.clock()) as write:
        write.connection.execute(
            "UPDATE account SET closed_at = '2026-01-01' WHERE id = ?", (closed.account.id,)
        )
    wrong = (
        {"name": "niemand"}, {"name": "niemand", "password": ""}, {"password": WRONG},
        {"code": "000000"}, {"code": ""}, {"password": ""}, {"name": "vroeger"},
    )  # fmt: skip
    seen = set()
    for given in wrong:
        became = []
        for nth in range(FREE_TRIES + 1):  # the last one has to wait, whoever it is
            answer = enter(house, house.guest(f"10.2.0.{nth}"), **given)
            shown = [words(e) for e in parse(answer.text).all("title", "h1", "p", "label")]
            headers = tuple(sorted(answer.headers.keys()))
            became.append((answer.status_code, headers, *shown))
        seen.add(tuple(became))
        house.clock.forward(hours=2)
    assert [status for status, *_ in seen.pop()] == [422] * FREE_TRIES + [429]
    assert not seen  # they were all the same
    times = [_times(house, name) for name in (house.clerk.name, "niemand")]
    there, not_there = (statistics.median(each) for each in times)
    assert 0.5 < there / not_there < 2, times
    return f"median {there * 1000:.0f} ms for who is there, {not_there * 1000:.0f} ms for nobody"


def _times(house: House, name: str) -> Sequence[float]:
    """How long the judgement of a password takes, as slow as it really is."""
    method = "scrypt:32768:8:3"
    hashed = generate_password_hash("a real one of a real account", method)
    with house.store.write("test", house.clock()) as write:
        write.connection.execute("UPDATE account SET password = ?", (hashed,))
    house.patch.setattr(account, "_NOBODY", generate_password_hash("nobody", method))
    took = []
    for _ in range(5):
        house.clock.forward(hours=2)
        client = house.guest()
        given = {"name": name, "password": WRONG, "code": "1", "csrf_token": ""}
        given["csrf_token"] = client.token("/office/signin")
        begun = time.thread_time()
        assert client.post("/office/signin", data=given).status_code == 422
        took.append(time.thread_time() - begun)
    return took


def fixed(house: House) -> None:
    """53: no session that was chosen before, and none that ended, opens the office."""
    client = house.guest()
    for name in (OFFICE, "__Host-session", "__Host-known"):
        client.set_cookie(name, "chosen-by-a-thief", secure=True)
    assert enter(house, client).status_code == 303
    stolen = _cookie(client)
    assert stolen != "chosen-by-a-thief"
    second = house.sign_in(house.hire("tweede"))
    assert _cookie(second) != stolen
    page = client.get("/office/places")
    assert page.headers["Cache-Control"] == "no-store"  # `back` asks us, and we say no
    assert client.fill("/office/", action="/office/signout").status_code == 303
    for thief in (house.guest(), client):
        thief.set_cookie(OFFICE, stolen, secure=True)
        assert thief.get("/office/places").status_code == 303
        answer = thief.post("/office/letter", data={"place": "OP-01"})
        assert answer.status_code == 401
    assert all(row["token"] != stolen for row in house.kept("session"))


def _cookie(client: Client) -> str:
    found = client.get_cookie(OFFICE)
    assert found is not None
    return found.value


def once(house: House) -> None:
    """54: a one-time code and a recovery code work once, in one browser or in many at once."""
    code = house.clerk.code(house.clock())
    assert enter(house, house.guest("10.3.0.1"), code=code).status_code == 303
    for seconds in (0, 15, 30, 45):
        house.clock.forward(seconds=seconds)
        assert enter(house, house.guest("10.3.0.2"), code=code).status_code in {422, 429}
    house.clock.forward(hours=2)
    for recovery in house.clerk.recovery_codes:
        assert enter(house, house.guest(), code=recovery).status_code == 303
        assert enter(house, house.guest(), code=recovery).status_code == 422
    assert enter(house, house.guest(), code="A" * 10).status_code == 422


def ends(house: House) -> None:
    """Half an hour idle ends a session, twelve hours end every one, a silent year a phone."""
    office, phone = house.office, house.phone
    for _ in range(4):
        house.clock.forward(minutes=29)
        assert office.get("/office/places").status_code == 200
    house.clock.forward(minutes=31)
    assert office.get("/office/places").status_code == 303
    house.clock.forward(minutes=5)
    long = house.sign_in(house.clerk)
    for _ in range(12 * 3):
        assert long.get("/office/places").status_code == 200
        house.clock.forward(minutes=20)
    assert long.get("/office/places").status_code == 303
    assert phone.get("/records").status_code == 200
    house.clock.forward(days=364)
    assert phone.get("/records").status_code == 200
    house.clock.forward(days=366)
    assert phone.get("/records").status_code == 401


def roles(house: House) -> str:
    """A reader changes nothing on any route; a phone and a guest do not get into the office."""
    reader, asked = house.sign_in(house.hire("lezer", "reader")), 0
    clients = {"reader": reader, "phone": house.pair_to("OP-02", name="Bo"), "guest": house.guest()}
    tokens = {"reader": "/office/", "phone": "/", "guest": "/pair"}
    assert house.other.phone  # what there is to get at is there before anybody asks
    before = {form: house.kept(f"form_{form}") for form in house.forms}
    for who, client in clients.items():
        token = client.token(tokens[who])
        for rule, method, address in tried(house.app, house.other, house.forms):
            own = rule.endpoint in {"signin.signin", "signin.signout", "accounts.password"}
            if own or method == "GET" or not rule.rule.startswith("/office"):
                continue
            answer = ask(client, method, address, token, house.other)
            assert answer.status_code == (403 if who == "reader" else 401), f"{method} {address}"
            asked += 1
    assert {form: house.kept(f"form_{form}") for form in house.forms} == before
    return f"{asked} requests"


def every_role(house: House) -> None:
    """Gives every account every role while its session is looked up."""
    real = account.by_session

    def found(*given: Any) -> Any:
        who = real(*given)
        return who and (replace(who[0], role="office"), who[1])

    house.patch.setattr(account, "by_session", found)
