"""Rows 46 to 50: who gets a phone paired, and what a poster gives."""

from __future__ import annotations

import threading
from typing import Any

from fieldapp.keep import phone as phones
from fieldapp.keep.attempt import FREE_TRIES
from fieldapp.keep.phone import ON_LETTER, ON_SCREEN
from tests.fault.access.house import House
from tests.page import Client, parse, words

WRONG = "0" * 24


def letter(house: House, place: str = "OP-01", life: Any = ON_LETTER) -> str:
    """A token that pairs one phone."""
    with house.store.write("test", house.clock()) as write:
        return phones.make_pairing(write, place, life)[0]


def pair(client: Client, token: str, **more: str) -> Any:
    """Types a token, and what else the page asks."""
    given = {"csrf_token": client.token("/pair"), "token": token} | more
    return client.post("/pair", data=given)


def at_once(house: House) -> str:
    """46: of twenty phones with one token at once, one is paired."""
    token, number = letter(house), 20
    clients = [house.guest(f"10.0.0.{each}") for each in range(number)]
    tokens = [client.token("/pair") for client in clients]
    start, answers = threading.Barrier(number), []

    def run(client: Client, csrf: str) -> None:
        start.wait(30)
        given = {"csrf_token": csrf, "token": token, "name": "Ria", "confirm": "yes"}
        answers.append(client.post("/pair", data=given).status_code)

    each = [threading.Thread(target=run, args=pair) for pair in zip(clients, tokens, strict=True)]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join(60)
    assert sorted(answers) == [303] + [422] * (number - 1)
    assert len(house.kept("phone")) == 1
    paired = [client for client in clients if client.get_cookie("__Host-phone")]
    assert len(paired) == 1
    return f"{number} at once, 1 paired"


def prefetch(house: House) -> None:
    """47: looking, also as a browser or a chat program looks ahead, uses no token up."""
    token = letter(house)
    ahead = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"}
    for headers in ({}, ahead):
        for query in ("", f"?token={token}", f"?token={token}&confirm=yes&name=Ria"):
            for method in ("GET", "HEAD", "OPTIONS"):
                client = house.guest()
                answer = client.open(f"/pair{query}", method=method, headers=headers)
                assert answer.status_code == 200
                assert "Ontmoetingsplek" not in answer.text
                assert client.get_cookie("__Host-phone") is None
    assert pair(house.guest(), token).status_code == 200  # it names the place, and asks
    assert (house.kept("phone"), house.kept("pairing")[0]["used_at"]) == ([], None)
    assert pair(house.guest(), token, name="Ria", confirm="yes").status_code == 303


def no_good(house: House) -> str:
    """48: expired, revoked, used and guessed look alike; guessing slows down."""
    used, late = letter(house), letter(house, "OP-02", ON_SCREEN)
    phone = house.guest()
    assert pair(phone, used, name="Ria", confirm="yes").status_code == 303
    with house.store.write("test", house.clock()) as write:
        phones.revoke(write, 1)
    assert phone.get("/records").status_code == 401
    house.clock.forward(minutes=11)
    seen, tries = set(), (WRONG, used, late, "", "A", "7K3F", "x" * 5_000)
    for token in tries:
        for more in ({}, {"name": "Bo", "confirm": "yes"}):
            house.clock.forward(hours=1)
            answer = pair(house.guest(), token, **more)
            shown = [words(e) for e in parse(answer.text).all("p", "h1", "label")]
            seen.add((answer.status_code, tuple(sorted(answer.headers.keys())), *shown))
    assert len(seen) == 1
    house.clock.forward(hours=2)
    guesses = judged = 0
    for _ in range(60):  # a guess each ten seconds, as long as one may
        guesses += 1
        answer = pair(house.guest("10.0.0.9"), WRONG)
        judged += answer.status_code == 422
        house.clock.forward(seconds=10)
    assert judged <= 12
    elsewhere = pair(house.guest("10.0.0.10"), letter(house), name="Bo", confirm="yes")
    assert elsewhere.status_code == 303
    return f"{guesses} guesses in 10 minutes, {judged} judged"


def six(house: House) -> None:
    """48: who has a whole network of IPv6 has no more tries than who has one address."""
    answers = [pair(house.guest(f"2001:db8:1:2::{each:x}"), WRONG) for each in range(1, 9)]
    assert [answer.status_code for answer in answers].count(422) == FREE_TRIES
    assert pair(house.guest("2001:db8:1:3::1"), WRONG).status_code == 422


def guessed(house: House) -> str:
    """48, all of it."""
    six(house)
    house.clock.forward(hours=2)
    return no_good(house)


def poster(house: House, place: str = "OP-01") -> str:
    """The code on the poster of the visitors of a place."""
    with house.store.write("test", house.clock()) as write:
        return phones.poster_code(write, place, "visitors")


def of_another(house: House) -> None:
    """49: under a poster of another place one's own place wins, and the page warns."""
    phone, code = house.pair_to("OP-02"), poster(house)
    shown = phone.get(phone.get(f"/Q/{code}").location)
    assert "Deze poster hoort bij een andere plek." in shown.text
    assert "Ontmoetingsplek 1" not in shown.text
    given = {"visitors": "3", "place": "OP-01"}
    assert phone.send(shown, given, "/form/visitors").status_code == 303
    forced = phone.send(shown, given | {"page.place": "OP-01"}, "/form/visitors")
    assert forced.status_code == 404
    assert [row["_place"] for row in house.kept("form_visitors")] == ["OP-02"]


def unpaired(house: House) -> None:
    """50: a poster gives who is not paired an explanation, and nothing else."""
    before, seen = house.changes(), set()
    for place in ("OP-01", "OP-02", "WB-01"):
        client, code = house.guest(), poster(house, place)
        before = house.changes()
        answer = client.get(f"/Q/{code}")
        assert answer.status_code == 200
        assert not parse(answer.text).is_form
        assert not client.get_cookie("__Host-phone")
        seen.add(tuple(words(e) for e in parse(answer.text).all("h1", "p")))
        assert house.changes() == before
        assert client.get("/form/visitors").status_code == 401
    assert len(seen) == 1  # nor of which place it hangs
    assert house.guest().get("/Q/ZZZZZZZZ").status_code == 404
