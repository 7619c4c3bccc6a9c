"""Signing in to the office: one sentence for everything that is wrong, and a session that ends."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.security import check_password_hash

from fieldapp.keep.account import IDLE, LONGEST
from fieldapp.keep.attempt import FREE_TRIES
from tests.conftest import Clerk
from tests.page import Client, parse, words

REFUSED = (
    "De naam, het wachtwoord of de code klopt niet. "
    "Een code werkt maar één keer: wacht zo nodig op de volgende."
)


def enter(client: Client, clerk: Clerk, clock: Any, **given: str) -> Any:
    """Fills in the page to sign in; `given` replaces what is right."""
    right = {"name": clerk.name, "password": clerk.password, "code": clerk.code(clock())}
    return client.fill("/office/signin", right | given)


def test_password_and_code_open_the_office(
    client: Client, clerk: Clerk, clock: Any, kept: Any
) -> None:
    answer = enter(client, clerk, clock)
    assert (answer.status_code, answer.location) == (303, "/office/")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-office="))
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= flags
    assert not any(flag.startswith(("Domain", "Max-Age", "Expires")) for flag in flags)
    assert client.get("/office/").status_code == 200
    assert cookie.split("=", 1)[1].split(";")[0] not in str(kept("session"))
    assert f"Uitloggen ({clerk.name})" in client.get("/office/").text
    assert client.get("/office/signin").location == "/office/"


def test_everything_that_is_wrong_looks_the_same(
    page: Callable[[], Client], clerk: Clerk, clock: Any
) -> None:
    wrong = [
        {"name": "niemand"}, {"password": "verkeerd-woord-hier"}, {"code": "000000"},
        {"name": "niemand", "password": "x", "code": "x"}, {"password": ""}, {"code": ""},
        {"name": clerk.name.upper() + "'"}, {"password": "\x00"}, {"code": "é" * 200},
        {"password": "x" * 5_000}, {"code": "A" * 10},
    ]  # fmt: skip
    seen = set()
    for given in wrong:
        clock.forward(hours=2)
        answer = enter(page(), clerk, clock, **given)
        shown = parse(answer.text)
        seen.add((answer.status_code, *(words(e) for e in shown.all("title", "h1", "p", "label"))))
        assert all(not f.get("value") for f in shown.all("input") if f.get("type") == "password")
    assert len(seen) == 1
    assert seen.pop()[0] == 422
    assert REFUSED in answer.text
    assert clerk.password not in answer.text


def test_a_name_that_nobody_has_takes_as_long(
    page: Callable[[], Client], clerk: Clerk, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(known: str, password: str) -> bool:
        asked.append(known.split("$")[0])
        return check_password_hash(known, password)

    monkeypatch.setattr("fieldapp.keep.account.check_password_hash", counted)
    for name in (clerk.name, "niemand"):
        enter(page(), clerk, clock, name=name, password="verkeerd-woord-hier")
    assert len(asked) == 2
    assert asked[0] == asked[1]


def test_a_code_works_once(page: Callable[[], Client], clerk: Clerk, clock: Any) -> None:
    code = clerk.code(clock())
    assert enter(page(), clerk, clock, code=code).status_code == 303
    for seconds in (0, 20, 30):
        clock.forward(seconds=seconds)
        assert enter(page(), clerk, clock, code=code).status_code == 422
    clock.forward(minutes=1)
    assert enter(page(), clerk, clock).status_code == 303


def test_a_recovery_code_works_once(page: Callable[[], Client], clerk: Clerk, clock: Any) -> None:
    code = clerk.recovery_codes[0]
    assert enter(page(), clerk, clock, code=f"{code[:5]}-{code[5:].lower()}").status_code == 303
    assert enter(page(), clerk, clock, code=code).status_code == 422
    assert enter(page(), clerk, clock, code=clerk.recovery_codes[1]).status_code == 303


def test_after_signing_out_the_old_cookie_is_nothing(
    office: Client, page: Callable[[], Client]
) -> None:
    stolen = office.get_cookie("__Host-office")
    assert stolen is not None
    answer = office.fill("/office/", action="/office/signout")
    assert answer.location == "/office/signin"
    assert office.get_cookie("__Host-office") is None
    thief = page()
    thief.set_cookie("__Host-office", stolen.value, secure=True)
    assert thief.get("/office/").location == "/office/signin?next=/office/"
    assert thief.post("/office/letter", data={"place": "OP-01"}).status_code == 401


def test_signing_out_needs_the_page_s_token(office: Client) -> None:
    office.post("/office/signout")
    assert office.get("/office/").status_code == 200


def test_a_session_falls_idle(office: Client, clock: Any) -> None:
    for _ in range(4):
        clock.forward(seconds=IDLE.total_seconds() - 60)
        assert office.get("/office/places").status_code == 200
    clock.forward(seconds=IDLE.total_seconds() + 1)
    assert office.get("/office/places").status_code == 303


def test_a_session_ends_after_twelve_hours_of_work(office: Client, clock: Any) -> None:
    for _ in range(int(LONGEST.total_seconds() / 1200)):
        assert office.get("/office/places").status_code == 200
        clock.forward(minutes=20)
    assert office.get("/office/places").status_code == 303


def test_each_sign_in_has_a_session_of_its_own(
    page: Callable[[], Client], clerk: Clerk, clock: Any
) -> None:
    client = page()
    client.set_cookie("__Host-office", "chosen-by-a-thief", secure=True)
    enter(client, clerk, clock)
    cookie = client.get_cookie("__Host-office")
    assert cookie is not None
    assert cookie.value != "chosen-by-a-thief"


def test_wrong_tries_slow_down_and_lock_nobody_out(
    page: Callable[[], Client], clerk: Clerk, clock: Any, kept: Any
) -> None:
    for _ in range(FREE_TRIES):
        assert enter(page(), clerk, clock, code="000000").status_code == 422
    waits = []
    for _ in range(9):
        answer = enter(page(), clerk, clock)
        assert answer.status_code == 429
        waits.append(int(answer.headers["Retry-After"]))
        assert f"Wacht {waits[-1]} seconden" in answer.text
        clock.forward(seconds=waits[-1])
        assert enter(page(), clerk, clock, code="000000").status_code == 422
    assert waits == sorted(waits)
    assert waits[-1] == 300
    assert kept("session") == []
    clock.forward(seconds=300)
    assert enter(page(), clerk, clock).status_code == 303


def test_tries_count_for_the_name_from_any_network(
    page: Callable[[], Client], clerk: Clerk, clock: Any
) -> None:
    for number in range(FREE_TRIES):
        client = page()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        assert enter(client, clerk, clock, code="000000").status_code == 422
    client = page()
    client.environ_base["REMOTE_ADDR"] = "10.0.0.99"
    assert enter(client, clerk, clock).status_code == 429
    assert enter(client, clerk, clock, name="iemand anders").status_code == 422


def test_another_address_in_a_header_does_not_help(
    page: Callable[[], Client], clerk: Clerk, clock: Any
) -> None:
    for number in range(FREE_TRIES):
        client = page()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = f"10.0.0.{number}"
        enter(client, clerk, clock, name=f"naam {number}", code="000000")
    client = page()
    client.environ_base["HTTP_X_FORWARDED_FOR"] = "10.0.0.77"
    assert enter(client, clerk, clock).status_code == 429


ELSEWHERE = (
    "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example",
    "http:evil.example", "javascript:alert(1)", "/\t/evil.example", "/\r\nLocation: /x",
    "evil.example", "", "///evil.example", " //evil.example",
)  # fmt: skip


def test_after_signing_in_one_stays_here(
    page: Callable[[], Client], clerk: Clerk, clock: Any
) -> None:
    for target in ELSEWHERE:
        client = page()
        clock.forward(minutes=1)
        shown = client.get("/office/signin", query_string={"next": target})
        assert 'name="next" value="/office/"' in shown.text, target
        right = {"name": clerk.name, "password": clerk.password, "code": clerk.code(clock())}
        answer = client.send(shown, right | {"next": target})
        assert (answer.status_code, answer.location) == (303, "/office/"), target


def test_after_a_choice_one_stays_here(phone: Client) -> None:
    token = phone.token()
    for target in ELSEWHERE:
        for address, choice in (("/switch", {"place": "OP-01"}), ("/language", {"language": "en"})):
            data = {"csrf_token": token, "next": target} | choice
            assert phone.post(address, data=data).location == "/", target


def test_one_comes_back_to_the_page_one_asked_for(client: Client, clerk: Clerk, clock: Any) -> None:
    asked = client.get("/office/places")
    assert asked.location == "/office/signin?next=/office/places"
    shown = client.get(asked.location)
    assert 'value="/office/places"' in html.unescape(shown.text)
    right = {"name": clerk.name, "password": clerk.password, "code": clerk.code(clock())}
    assert client.send(shown, right).location == "/office/places"


def test_without_the_page_s_own_token_nobody_is_let_in(
    client: Client, clerk: Clerk, clock: Any, kept: Any
) -> None:
    answer = enter(client, clerk, clock, csrf_token="x")
    assert answer.status_code == 422
    assert "Deze pagina stond te lang open." in answer.text
    assert f'value="{clerk.name}"' in answer.text
    assert (kept("session"), kept("attempt")) == ([], [])
