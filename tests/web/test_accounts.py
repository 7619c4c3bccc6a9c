"""Accounts of the office: added, renewed, given a role and closed, each with one's own password."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest

from fieldapp.keep import staff
from fieldapp.keep.attempt import FREE_TRIES
from tests.page import Client, parse, words

WORDS = "drie losse woorden"
NEW = {"name": "Jasmijn", "password": WORDS, "role": "reader"}


@pytest.fixture
def mine(clerk: Any) -> dict[str, str]:
    """The own password of who is signed in."""
    return {"own": clerk.password}


def enter(client: Client, name: str, password: str, code: str) -> int:
    """What becomes of signing in."""
    given = {"name": name, "password": password, "code": code}
    return client.fill("/office/signin", given).status_code


def secret_of(text: str) -> str:
    """The one-time secret on a page that shows it."""
    found = re.search(r'<p class="token">(.*?)</p>', text, re.DOTALL)
    assert found
    return re.sub(r"<[^>]*>|\s", "", found[1])


def codes_of(text: str) -> list[str]:
    """The recovery codes on a page that shows them."""
    return re.findall(r'<li class="token">([^<]*)</li>', text)


def test_an_account_is_added_and_can_sign_in(
    office: Client, page: Any, clock: Any, mine: Any, kept: Any
) -> None:
    answer = office.fill("/office/accounts", NEW | mine)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "Codes voor Jasmijn" in answer.text and "<svg" in answer.text
    secret, codes = secret_of(answer.text), codes_of(answer.text)
    assert len(codes) == 10
    assert secret not in office.get("/office/accounts").text
    assert secret not in str(kept("account")) + str(kept("journal"))
    reader = page()
    assert enter(reader, "Jasmijn", WORDS, pyotp.TOTP(secret).at(clock())) == 303
    assert reader.get("/office/places").status_code == 200
    assert reader.get("/office/accounts").status_code == 403
    assert enter(page(), "Jasmijn", WORDS, codes[0]) == 303
    told = words(next(parse(office.get("/office/accounts").text).all("table")))
    assert "Jasmijn" in told and "kijken en downloaden" in told and "9" in told


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "J"}, "Geef een naam"),
        ({"name": "kantoor"}, "Er is al een account met deze naam"),
        ({"password": "kort"}, "te kort"),
        ({"password": "Jasmijn Jasmijn"}, "te makkelijk"),
        ({"role": "baas"}, "Kies wat dit account mag"),
        ({"own": "verkeerd"}, "niet uw eigen wachtwoord"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    office: Client, clerk: Any, mine: Any, kept: Any, given: Any, said: str
) -> None:
    name = clerk.name if given.get("name") == "kantoor" else given.get("name", NEW["name"])
    answer = office.fill("/office/accounts", NEW | mine | given | {"name": name})
    assert answer.status_code == 422 and said in answer.text
    assert WORDS not in answer.text and clerk.password not in answer.text
    assert len(kept("account")) == 1


def test_the_same_post_twice_makes_one_account(office: Client, mine: Any, kept: Any) -> None:
    shown = office.get("/office/accounts")
    assert office.send(shown, NEW | mine).status_code == 200
    assert office.send(shown, NEW | mine).status_code == 422
    assert len(kept("account")) == 2


def test_wrong_own_passwords_slow_down(office: Client, mine: Any, clock: Any, kept: Any) -> None:
    for _ in range(FREE_TRIES):
        office.fill("/office/accounts", NEW | {"own": "gokje"})
    answer = office.fill("/office/accounts", NEW | mine)
    assert answer.status_code == 422 and "te vaak" in answer.text and len(kept("account")) == 1
    clock.forward(seconds=301)
    assert office.fill("/office/accounts", NEW | mine).status_code == 200


@pytest.fixture
def reader(office: Client, page: Any, clock: Any, mine: Any) -> Client:
    """Jasmijn, signed in to look."""
    answer = office.fill("/office/accounts", NEW | mine)
    made = page()
    assert enter(made, "Jasmijn", WORDS, codes_of(answer.text)[0]) == 303
    return made


@pytest.fixture
def number(reader: Client, kept: Any) -> int:
    """Jasmijn's account."""
    return int(kept("account", name="Jasmijn")[0]["id"])


def do(office: Client, number: int, what: str, given: Any) -> Any:
    """Sends one of the forms on the page of an account."""
    at = f"/office/accounts/{number}"
    return office.fill(at, given, f"{at}/{what}")


def test_a_role_holds_at_once(office: Client, reader: Client, number: int, mine: Any) -> None:
    assert do(office, number, "role", {"role": "office", "own": "x"}).status_code == 422
    assert reader.get("/office/accounts").status_code == 403
    assert do(office, number, "role", mine | {"role": "office"}).status_code == 303
    assert reader.get("/office/accounts").status_code == 200


def test_a_closed_account_is_out_at_once(
    office: Client, reader: Client, number: int, mine: Any, page: Any
) -> None:
    assert do(office, number, "close", {"own": "x"}).status_code == 422
    assert reader.get("/office/places").status_code == 200
    assert do(office, number, "close", mine).status_code == 303
    assert reader.get("/office/places").status_code == 303
    assert "gesloten op" in office.get("/office/accounts").text
    shown = office.get(f"/office/accounts/{number}")
    assert not [f for f in parse(shown.text).all("form") if "/accounts/" in f.get("action", "")]


def test_new_keys_take_the_place_of_the_old(
    office: Client, reader: Client, number: int, mine: Any, page: Any, clock: Any, kept: Any
) -> None:
    before = kept("recovery", account=number)
    answer = do(office, number, "keys", mine | {"password": "nog drie woorden"})
    assert reader.get("/office/places").status_code == 303
    after = kept("recovery", account=number)
    assert len(after) == 10 and not {r["code"] for r in before} & {r["code"] for r in after}
    code = pyotp.TOTP(secret_of(answer.text)).at(clock())
    assert enter(page(), "Jasmijn", WORDS, code) == 422
    assert enter(page(), "Jasmijn", "nog drie woorden", code) == 303


def test_without_a_new_password_the_old_one_stays(
    office: Client, number: int, mine: Any, page: Any
) -> None:
    answer = do(office, number, "keys", mine)
    assert enter(page(), "Jasmijn", WORDS, codes_of(answer.text)[3]) == 303
    easy = do(office, number, "keys", mine | {"password": "kort"})
    assert easy.status_code == 422 and "te kort" in easy.text


def test_somebody_of_the_office_stays(
    office: Client, clerk: Any, number: int, mine: Any, kept: Any
) -> None:
    own = clerk.account.id
    for what, given in (("close", mine), ("role", mine | {"role": "reader"})):
        answer = do(office, own, what, given)
        assert answer.status_code == 409 and "laatste account" in answer.text
    assert do(office, number, "role", mine | {"role": "office"}).status_code == 303
    assert do(office, own, "close", mine).status_code == 303
    assert office.get("/office/").status_code == 303
    assert kept("account", id=own)[0]["closed_at"]


def test_mutation_without_the_rule_nobody_is_left(
    office: Client, clerk: Any, mine: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(staff, "_insist_on_others", lambda connection, leaving: None)
    assert do(office, clerk.account.id, "close", mine).status_code == 303


def test_ones_own_password(office: Client, reader: Client, page: Any, kept: Any) -> None:
    path, better = "/office/password", "vier andere losse woorden"
    twice = {"password": better, "again": better}
    assert "niet uw eigen" in reader.fill(path, twice | {"own": "x"}).text
    assert "niet twee keer" in reader.fill(path, twice | {"own": WORDS, "again": "x"}).text
    easy = {"own": WORDS, "password": "kort", "again": "kort"}
    assert reader.fill(path, easy).status_code == 422
    assert reader.fill(path, twice | {"own": WORDS}).location == f"{path}?done=password"
    assert "Uw wachtwoord is veranderd" in reader.get(f"{path}?done=password").text
    assert reader.get("/office/places").status_code == 200
    assert kept("journal")[-1]["action"] == "password changed"


def test_an_account_that_is_not_there(office: Client, mine: Any) -> None:
    assert office.get("/office/accounts/99").status_code == 404
    token = office.token("/office/accounts")
    for what in ("close", "role", "keys"):
        data = mine | {"csrf_token": token, "role": "reader"}
        assert office.post(f"/office/accounts/99/{what}", data=data).status_code == 404


def test_without_a_token_nothing_is_done(office: Client, number: int, mine: Any, kept: Any) -> None:
    before = kept("account")
    for what in ("", "/close", "/role", "/keys"):
        at = f"/office/accounts/{number}{what}" if what else "/office/accounts"
        assert office.post(at, data=NEW | mine | {"name": "Bo"}).status_code in (400, 422)
    assert kept("account") == before
