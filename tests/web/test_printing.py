"""Everything for chosen places on one page: posters, letters, cards, tally sheets, door posters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.page import Client, parse, words

PAGE = "/office/print"
ALL = ["opening", "week", "door", "tally", "cards", "letter"]


def sheets(answer: Any) -> list[str]:
    """The words of every sheet, in order."""
    found = parse(answer.text).all("article", "div")
    return [words(e) for e in found if "sheet" in e.get("class", "").split()]


def test_every_place_gets_every_sheet_in_one_page(office: Client, enter: Any, kept: Any) -> None:
    code = enter("OP-01", "Samira")
    answer = office.fill(PAGE, {"place": ["OP-01", "WB-01"], "what": ALL, "week": "2026-W48"})
    assert answer.status_code == 200
    made = sheets(answer)
    first = [text for text in made if "Ontmoetingsplek 1" in text]
    assert len(first) == 6 and len(made) == 6 + 5  # nobody takes part at WB-01: no cards
    for part in ("Koppel uw telefoon", "Openingstijden", "Mijn week", "Week 48", code):
        assert any(part in text for text in first), part
    assert "Samira" not in answer.text
    assert {row["place"] for row in kept("pairing")} == {"OP-01", "WB-01"}


def test_all_places_are_chosen_to_begin_with(office: Client) -> None:
    answer = office.fill(PAGE, {"what": ["door"]})
    assert len(sheets(answer)) == 4
    one = office.fill(f"{PAGE}?place=OP-02", {"what": ["door"]}, PAGE)
    assert [text for text in sheets(one) if "Ontmoetingsplek 2" in text] == sheets(one)


def test_small_posters_go_four_on_a_sheet(office: Client) -> None:
    answer = office.fill(PAGE, {"what": ["opening", "visitors", "week"], "size": "a6"})
    fours = [e for e in parse(answer.text).all("div") if "four" in e.get("class", "").split()]
    assert [sum("a6" in e.get("class", "").split() for e in four) for four in fours] == [3, 3, 3, 2]


def test_a_place_that_stopped_is_not_offered(office: Client, send: Any, kept: Any) -> None:
    send(None, "place", {"code": "OP-08", "name": "Weg", "kind": "meeting_place",
                         "wijk": "moerwijk", "active_from": "2025-01-01",
                         "active_until": "2026-10-31"})  # fmt: skip
    assert "OP-08" not in office.get(PAGE).text
    answer = office.fill(PAGE, {"place": ["OP-08"], "what": ["door"]})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"place": None, "what": ["door"]}, "Kies een plek of meer."),
        ({"place": ["ZZ-99"], "what": ["door"]}, "Kies een plek of meer."),
        ({}, "Kies wat u wilt afdrukken."),
        ({"what": ["journal"]}, "Kies wat u wilt afdrukken."),
    ],
)
def test_nothing_chosen_is_said(office: Client, changes: Any, given: Any, said: str) -> None:
    shown = office.get(PAGE)
    before = changes()
    answer = office.send(shown, given)
    assert answer.status_code == 422 and said in answer.text
    assert changes() == before


def test_a_week_that_is_none(office: Client) -> None:
    assert office.fill(PAGE, {"what": ["tally"], "week": "x"}).status_code == 400


def test_without_a_token_no_letter_is_made(office: Client, kept: Any) -> None:
    data = {"place": "OP-01", "what": "letter"}
    assert office.post(PAGE, data=data).status_code == 422
    assert not kept("pairing")


def test_only_the_office_prints(page: Any, hire: Any, sign_in: Any) -> None:
    reader = sign_in(hire("lezer", "reader"))
    assert reader.get(PAGE).status_code == 403
    assert page().post(PAGE).status_code == 401
