"""Pairing a phone: the page says which place, asks to confirm, and works once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.keep.attempt import FREE_TRIES
from fieldapp.keep.phone import ON_LETTER, ON_SCREEN, make_pairing, typed
from fieldapp.keep.store import Store
from tests.page import Client, words
from tests.page import parse as parsed

WRONG = "0" * 24


@pytest.fixture
def token(small: Store, clock: Any) -> str:
    """A letter for OP-01."""
    with small.write("test", clock()) as write:
        return make_pairing(write, "OP-01", ON_LETTER)[0]


def post(client: Client, **given: str) -> Any:
    return client.post("/pair", data={"csrf_token": client.token("/pair")} | given)


def heading(answer: Any) -> str:
    return words(next(parsed(answer.text).all("h1")))


def test_who_is_not_paired_reads_how_to_pair(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Zo koppelt u deze telefoon" in answer.text
    assert 'href="/pair"' in answer.text


def test_looking_uses_nothing_up(client: Client, token: str, kept: Any) -> None:
    for address in ("/pair", f"/pair?token={token}", f"/pair?token={token}&confirm=yes&name=Ria"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Ontmoetingsplek" not in answer.text
        client.head(address)
    assert kept("pairing")[0]["used_at"] is None
    assert kept("phone") == []


def test_a_token_alone_names_the_place_and_uses_nothing_up(
    client: Client, token: str, kept: Any, changes: Callable[[], int]
) -> None:
    before = changes()
    for _ in range(3):
        answer = post(client, token=token)
        assert answer.status_code == 200
        assert heading(answer) == "Hoort deze telefoon bij Ontmoetingsplek 1?"
        assert "Set-Cookie" not in answer.headers or "__Host-phone" not in str(answer.headers)
    assert (kept("pairing")[0]["used_at"], kept("phone"), changes()) == (None, [], before)


def test_a_token_typed_by_hand_is_read_kindly(client: Client, token: str) -> None:
    spaced = " ".join(token[i : i + 4] for i in range(0, 24, 4)).lower()
    looks_alike = spaced.replace("0", "o").replace("1", "l")
    assert typed(looks_alike) == token
    assert heading(post(client, token=looks_alike)).startswith("Hoort deze telefoon bij")


def test_with_a_name_and_yes_the_phone_is_paired(client: Client, token: str, kept: Any) -> None:
    asked = client.fill("/pair", {"token": token})
    answer = client.send(asked, {"name": "Ria", "confirm": "yes"}, "/pair")
    assert (answer.status_code, answer.location) == (303, "/")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-phone="))
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=31536000"} <= flags
    assert not any(flag.startswith("Domain") for flag in flags)
    home = client.get("/")
    assert heading(home) == "Vandaag"
    assert "Ontmoetingsplek 1" in home.text
    (phone,) = kept("phone")
    assert "Ria" not in str(phone)
    assert cookie.split("=", 1)[1].split(";")[0] not in str(phone)
    assert token not in str(kept("pairing"))


def test_a_token_works_once(page: Callable[[], Client], token: str, kept: Any) -> None:
    first, second = page(), page()
    assert post(first, token=token, name="Ria", confirm="yes").status_code == 303
    refused = post(second, token=token, name="Bo", confirm="yes")
    assert refused.status_code == 422
    assert len(kept("phone")) == 1
    assert second.get_cookie("__Host-phone") is None


def test_every_code_that_does_not_work_gets_the_same_page(
    page: Callable[[], Client], small: Store, clock: Any, token: str
) -> None:
    with small.write("test", clock()) as write:
        late = make_pairing(write, "OP-02", ON_SCREEN)[0]
    assert post(page(), token=token, name="Ria", confirm="yes").status_code == 303
    clock.forward(minutes=11)
    pages = set()
    for code in (WRONG, token, late, "A", "", "ééé", "x" * 5_000):
        for more in ({}, {"name": "Bo", "confirm": "yes"}):
            clock.forward(hours=1)  # so that no try has to wait
            answer = post(page(), token=code, **more)
            assert answer.status_code == 422
            form = parsed(answer.text)
            shown = [words(e) for e in form.all("p", "h1") if "ontleend" not in words(e)]
            pages.add("\n".join(shown))
    assert len(pages) == 1
    assert "kunnen wij niet koppelen" in pages.pop()


def test_a_name_is_asked_for(client: Client, token: str, kept: Any) -> None:
    for name in ("", "   ", "n" * 31, "\x00\x1f"):
        answer = post(client, token=token, name=name, confirm="yes")
        assert answer.status_code == 422
        assert "Vul uw roepnaam in, met hoogstens 30 letters." in answer.text
    assert kept("phone") == []
    assert post(client, token=token, name="\x00Zoë-İrem ‎", confirm="yes").status_code == 303


def test_wrong_tries_slow_down(client: Client, token: str, clock: Any, kept: Any) -> None:
    for _ in range(FREE_TRIES):
        assert post(client, token=WRONG).status_code == 422
    waits = []
    for _ in range(6):
        answer = post(client, token=token, name="Ria", confirm="yes")
        assert answer.status_code == 429
        waits.append(int(answer.headers["Retry-After"]))
        assert f"Wacht {waits[-1]} seconden" in answer.text
        clock.forward(seconds=waits[-1])
        assert post(client, token=WRONG).status_code == 422
    assert waits == sorted(set(waits))
    assert waits[-1] > 10 * waits[0]
    assert kept("phone") == []
    clock.forward(minutes=10)
    assert post(client, token=token, name="Ria", confirm="yes").status_code == 303


def test_without_the_page_s_own_token_nothing_is_paired(
    client: Client, token: str, kept: Any
) -> None:
    answer = client.post("/pair", data={"token": token, "name": "Ria", "confirm": "yes"})
    assert answer.status_code == 422
    assert kept("phone") == []
    assert kept("attempt") == []


def test_a_phone_pairs_a_colleague_s(phone: Client, client: Client, clock: Any, kept: Any) -> None:
    assert "token" not in phone.get("/colleague").text.replace("csrf_token", "")
    shown = phone.fill("/colleague")
    assert shown.status_code == 200
    assert "<svg" in shown.text
    code = next(words(e) for e in parsed(shown.text).all("p") if e.get("class") == "token lead")
    assert heading(post(client, token=code)).endswith("Ontmoetingsplek 1?")
    clock.forward(minutes=9)
    assert post(client, token=code, name="Bo", confirm="yes").status_code == 303
    assert [row["place"] for row in kept("phone_place")] == ["OP-01", "OP-01"]
    assert code.replace(" ", "") not in str(kept("pairing"))


def test_a_colleague_s_code_lasts_ten_minutes(phone: Client, client: Client, clock: Any) -> None:
    shown = phone.fill("/colleague")
    code = next(words(e) for e in parsed(shown.text).all("p") if e.get("class") == "token lead")
    clock.forward(minutes=10, seconds=1)
    assert post(client, token=code).status_code == 422


def test_a_second_place_joins_the_same_phone(
    phone: Client, small: Store, clock: Any, kept: Any
) -> None:
    clock.forward(minutes=1)
    with small.write("test", clock()) as write:
        second = make_pairing(write, "WB-01", ON_LETTER)[0]
    assert post(phone, token=second, name="Ria", confirm="yes").status_code == 303
    assert len(kept("phone")) == 1
    assert "<title>Vandaag – Wijkbedrijf 1</title>" in phone.get("/").text
    clock.forward(minutes=1)
    answer = phone.post("/switch", data={"csrf_token": phone.token(), "place": "OP-01"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "<title>Vandaag – Ontmoetingsplek 1</title>" in phone.get("/").text
    assert phone.get("/form/attendance").status_code == 404  # OP-01 has no such form
    clock.forward(seconds=0.001)
    phone.post("/switch", data={"csrf_token": phone.token(), "place": "WB-01"})
    assert phone.get("/form/attendance").status_code == 200


def test_no_switch_to_a_place_of_others(phone: Client) -> None:
    for place in ("OP-02", "", "OP-01'"):
        token = phone.token()
        assert phone.post("/switch", data={"csrf_token": token, "place": place}).status_code == 404
    assert phone.post("/switch", data={"place": "OP-01"}).status_code == 400
    assert "Ontmoetingsplek 1" in phone.get("/").text


def test_a_phone_that_is_silent_for_a_year_is_out(phone: Client, clock: Any) -> None:
    clock.forward(days=364)
    assert phone.get("/records").status_code == 200  # and this was a contact
    clock.forward(days=364)
    assert phone.get("/records").status_code == 200
    clock.forward(days=366)
    assert phone.get("/records").status_code == 401
    assert "Zo koppelt u deze telefoon" in phone.get("/").text


def test_a_cookie_is_renewed_by_use(phone: Client, clock: Any) -> None:
    assert "Set-Cookie" not in str(phone.get("/static/form.js").headers)
    clock.forward(hours=2)
    renewed = str(phone.get("/").headers)
    assert "__Host-phone=" in renewed
    assert "Max-Age=31536000" in renewed
    assert "__Host-phone=" not in str(phone.get("/").headers)
