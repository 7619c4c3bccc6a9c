"""Posters, letters and cards: a code on a wall gives no rights, and prints as a whole page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep import phone as phones
from fieldapp.keep.store import Store
from tests.page import Client, controls, parse, words


@pytest.fixture
def poster(small: Store, clock: Any) -> str:
    """The code of the visitors' poster of OP-01."""
    with small.write("test", clock()) as write:
        return phones.poster_code(write, "OP-01", "visitors")


def test_a_poster_opens_its_form(phone: Client, poster: str) -> None:
    answer = phone.get(f"/Q/{poster}")
    assert (answer.status_code, answer.location) == (303, "/form/visitors")


def test_small_letters_lead_to_capitals(phone: Client, client: Client, poster: str) -> None:
    for who in (phone, client):
        answer = who.get(f"/q/{poster.lower()}")
        assert (answer.status_code, answer.location) == (308, f"/Q/{poster}")


@pytest.mark.parametrize("typed", ["%0A", "%0D%0Aset-cookie:a", "w..", "2026-w47%20"])
def test_a_slip_behind_small_letters_leads_nowhere_else(
    phone: Client, poster: str, typed: str
) -> None:
    answer = phone.get(f"/q/{poster.lower()}/{typed}")
    assert answer.status_code == 308
    assert answer.location.startswith(f"/Q/{poster}/")
    assert phone.get(answer.location).status_code in {303, 404}


def test_a_poster_of_another_place_fills_in_for_one_s_own(
    pair_to: Callable[..., Client], poster: str, kept: Any
) -> None:
    phone = pair_to("OP-02")
    answer = phone.get(f"/Q/{poster}")
    assert (answer.status_code, answer.location) == (303, "/form/visitors?poster=other")
    shown = phone.get(answer.location)
    assert "Deze poster hoort bij een andere plek." in shown.text
    assert "Ontmoetingsplek 1" not in shown.text
    assert phone.send(shown, {"visitors": "3"}, "/form/visitors").status_code == 303
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-02"]


def test_a_poster_of_a_form_that_one_s_own_place_has_not(
    pair_to: Callable[..., Client], poster: str
) -> None:
    phone = pair_to("IE-01")
    assert phone.get(phone.get(f"/Q/{poster}").location).status_code == 404


def test_a_poster_of_the_phone_s_other_place_asks_which(
    pair_to: Callable[..., Client], poster: str, clock: Any, kept: Any
) -> None:
    phone = pair_to("OP-01", "OP-02")
    clock.forward(minutes=1)
    shown = phone.get(f"/Q/{poster}")
    assert words(next(parse(shown.text).all("h1"))) == "Deze poster is van Ontmoetingsplek 1"
    form = [f for f in parse(shown.text).all("form") if f.get("action") == "/switch"][-1]
    answer = phone.post("/switch", data=controls(form) | {"place": "OP-01"})
    assert answer.location == "/form/visitors"
    assert phone.get(f"/Q/{poster}").location == "/form/visitors"
    phone.fill("/form/visitors", {"visitors": "3"})
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-01"]


def test_who_is_not_paired_only_gets_an_explanation(
    client: Client, poster: str, changes: Callable[[], int]
) -> None:
    before = changes()
    known, unknown = client.get(f"/Q/{poster}"), client.get("/Q/ZZZZZZZZ")
    assert (known.status_code, unknown.status_code) == (200, 404)
    for answer in (known, unknown):
        assert "Deze poster is voor medewerkers van de plek" in answer.text
        assert "Ontmoetingsplek" not in answer.text
        assert not [f for f in parse(answer.text).all("form") if f.get("action") != "/language"]
    assert changes() == before


def test_a_code_that_is_no_poster_s_is_not_there(phone: Client) -> None:
    for code in ("ZZZZZZZZ", "x", "Ω", "'--", "A" * 500):
        assert phone.get(f"/Q/{code}").status_code == 404


def test_a_poster_made_twice_has_one_code(office: Client, kept: Any) -> None:
    for size in ("a4", "a6"):
        office.get(f"/office/posters?size={size}&place=OP-01")
    assert len(kept("poster")) == 4
    code = kept("poster", form="visitors")[0]["code"]
    assert f"localhost/Q/{code}" in office.get("/office/posters").text


def test_posters_of_every_place_that_takes_part(
    office: Client, forms: Mapping[str, Form], send: Any
) -> None:
    gone = {"code": "OP-03", "name": "Voorbij", "kind": "meeting_place", "wijk": "moerwijk",
            "active_from": "2024-01-01", "active_until": "2026-10-31"}  # fmt: skip
    send(None, "place", gone)
    shown = office.get("/office/posters")
    daily = {"meeting_place": 3, "wijkbedrijf": 4, "pilot": 3}
    kinds = ("meeting_place", "meeting_place", "wijkbedrijf", "pilot")
    for kind, many in daily.items():
        assert many == len(
            [f for f in forms.values() if f.expected.startswith("open_") and kind in f.places]
        )
    assert shown.text.count("<svg ") == sum(daily[kind] + 1 for kind in kinds)  # and the week
    assert shown.text.count("<h2>Mijn week") == len(kinds)
    assert "Voorbij" not in shown.text
    assert office.get("/office/posters?place=ZZ-99").status_code in {200, 404}


def test_a_letter_is_made_by_post_and_pairs_one_phone(
    office: Client, client: Client, kept: Any
) -> None:
    assert office.get("/office/letter").location == "/office/places"
    assert kept("pairing") == []
    shown = office.fill("/office/places", {"place": "OP-02"}, action="/office/letter")
    assert "Koppel uw telefoon aan Ontmoetingsplek 2" in shown.text
    assert "Geldig tot en met 4-12-2026" in shown.text
    code = next(words(e) for e in parse(shown.text).all("p") if e.get("class") == "token")
    assert code.replace(" ", "") not in str(kept("pairing"))
    asked = client.fill("/pair", {"token": code})
    assert "Hoort deze telefoon bij Ontmoetingsplek 2?" in asked.text
    answer = client.send(asked, {"name": "Ria", "confirm": "yes"}, "/pair")
    assert answer.status_code == 303
    bad = office.fill("/office/places", {"place": "ZZ-99"}, action="/office/letter")
    assert bad.status_code == 404


def test_cards_are_printed_without_names(phone: Client, enter: Callable[..., str]) -> None:
    codes = [enter("OP-01", f"Kanarie {letter}") for letter in "abcdefg"]
    shown = phone.get("/cards")
    printed = [words(e) for e in parse(shown.text).all("h2") if e.get("class") == "token"]
    assert sorted(printed) == sorted(codes)
    assert "Kanarie" not in shown.text
    assert "localhost/privacy" in shown.text
