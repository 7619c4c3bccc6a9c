"""Two cards of one person, by HTTP: told at a place, answered in the office, undone, counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import Clock
from tests.page import Client, controls, parse, words
from tests.told import sheets

PAGE, OFFICE = "/people/same", "/office/merges"
DAY = "2026-11-18"
WHO = {"role": "volunteer", "known_elsewhere": "unknown", "started": "2026-11-02", "informed": "OK"}

Counts = Callable[[], Mapping[str, tuple[Any, ...]]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that show every count: the world of these tests is small."""
    return replace(settings, small_cell=0)


@pytest.fixture
def counts(
    small: Store, settings: Settings, workbooks: Mapping[str, Workbook], clock: Clock
) -> Counts:
    """Seen this month, this year and ever, each with how many are possibly double, by row."""

    def counted() -> Mapping[str, tuple[Any, ...]]:
        told = sheets(small, settings, workbooks["monthly"], "2026-11", clock(), "Vrijwilligers")[
            "Vrijwilligers"
        ]
        first = [*told[0]].index("Gezien in deze periode")
        found = {}
        for row in told:
            cells = (*row.values(),)
            found[str(cells[0] or cells[1])] = cells[first : first + 6]
        return found

    return counted


def answer(office: Client, address: str, outcome: str, was: str = "") -> int:
    given = {"outcome": outcome} | ({"was": was} if was else {})
    return int(office.fill(OFFICE, given, address).status_code)


def complaints(shown: Any) -> list[str]:
    return [
        words(p).removeprefix("Fout: ")
        for p in parse(shown.text).all("p")
        if p.attrib.get("class") == "mistake"
    ]


# --- the whole line ---------------------------------------------------------------------------


def test_two_cards_become_one_person_and_two_again(
    phones: Sequence[Client], cards: Sequence[str], office: Client, counts: Counts
) -> None:
    total, wijk = "Zuidwest totaal", "Moerwijk totaal"
    apart = counts()
    assert apart[total] == (2, 2) * 3
    assert apart["OP-01"] == apart["OP-02"] == apart[wijk] == (1, 1) * 3

    told = phones[1].fill(PAGE, {"person": cards[1], "card_code": cards[0]})
    assert told.location == "/people/same/sent"
    assert "Wij hebben het doorgegeven." in phones[1].get(told.location).text
    assert counts()[total] == (2, 2) * 3
    assert "Wacht op u: 1" in office.get("/office/").text

    assert answer(office, f"{OFFICE}/1", "merged") == 303
    one = counts()
    assert one[total] == (1, 0) * 3
    assert one["OP-01"] == one["OP-02"] == one[wijk] == (1, 0) * 3
    assert "Dit is één persoon." in phones[1].get(PAGE).text
    assert "Wacht op u" not in office.get("/office/").text

    assert answer(office, f"{OFFICE}/1", "undo", "merged") == 303
    assert counts() == apart

    assert answer(office, f"{OFFICE}/1", "refused") == 303
    assert counts()[total] == (2, 0) * 3
    assert "Dit zijn twee mensen." in phones[1].get(PAGE).text


def test_while_it_is_open_the_younger_of_two_counts_as_possibly_double(
    phone: Client, enter: Callable[..., str], office: Client, counts: Counts, send: Any
) -> None:
    codes = [enter("OP-01", "Samira"), enter("OP-01", "Sam")]
    send("OP-01", "volunteer_hours", {"date": DAY, "who": codes, "hours": "3"})
    assert counts()["OP-01"] == (2, 0) * 3
    assert phone.fill(PAGE, {"person": codes[0], "other": codes[1]}).status_code == 303
    assert counts()["OP-01"] == (2, 1) * 3
    answer(office, f"{OFFICE}/1", "merged")
    assert counts()["OP-01"] == (1, 0) * 3


def test_an_old_record_with_the_other_card_can_be_shown_and_changed(
    phone: Client, enter: Callable[..., str], office: Client, kept: Any
) -> None:
    old, new = enter("OP-01", "Samira"), enter("OP-01", "Sam")
    there = phone.fill("/form/volunteer_hours", {"date": DAY, "who": [new], "hours": "3"}).location
    address = there.removesuffix("/saved")
    phone.fill(PAGE, {"person": old, "other": new})
    answer(office, f"{OFFICE}/1", "merged")

    fresh = phone.get("/form/volunteer_hours").text
    assert f'value="{old}"' in fresh
    assert f'value="{new}"' not in fresh
    shown = phone.get(address)
    assert f"Samira · {new}" in shown.text
    assert f'value="{old}"' not in shown.text, "one person is offered once"
    assert phone.send(shown, {"hours": "4"}).status_code == 303
    assert [(row["who"], row["hours"]) for row in kept("form_volunteer_hours")] == [
        (f'["{new}"]', 4.0)
    ]
    assert phone.get("/people").text.count("Vrijwilliger, sinds") == 1


def test_a_month_starts_with_the_card_of_now(
    phone: Client, enter: Callable[..., str], office: Client, send: Any
) -> None:
    since = {"started": "2026-10-05"}
    old, new = enter("OP-01", "Samira", **since), enter("OP-01", "Sam", **since)
    send("OP-01", "volunteer_month", {"month": "2026-10-01", "allowance": [old, new]})
    phone.fill(PAGE, {"person": old, "other": new})
    answer(office, f"{OFFICE}/1", "merged")
    page = parse(phone.get("/form/volunteer_month").text)
    (asked,) = [f for f in page.all("form") if f.attrib.get("action") == "/form/volunteer_month"]
    assert controls(asked)["allowance"] == [old]


# --- in the office ----------------------------------------------------------------------------


def test_the_office_sees_codes_and_places_but_no_names(
    office: Client, cards: Sequence[str], proposed: str
) -> None:
    shown = office.get(OFFICE).text
    assert all(code in shown for code in cards)
    for told in ("Ontmoetingsplek 1", "Ontmoetingsplek 2", "2-11-2026", "18-11-2026"):
        assert told in shown
    assert "Weet ik niet" in shown
    assert "Sam" not in shown
    assert office.get("/office/").text.count("Eén persoon of twee?") == 1


def test_a_reader_sees_no_codes(
    hire: Callable[..., Any],
    sign_in: Callable[[Any], Client],
    office: Client,
    cards: Sequence[str],
    proposed: str,
    kept: Any,
) -> None:
    reader = sign_in(hire("lezer", "reader"))
    assert reader.get(OFFICE).status_code == 403
    assert OFFICE not in reader.get("/office/").text
    given = {"csrf_token": reader.token("/office/"), "outcome": "merged"}
    assert reader.post(proposed, data=given).status_code == 403
    own = {"csrf_token": given["csrf_token"], "code": cards[0], "other": cards[1]}
    assert reader.post(OFFICE, data=own).status_code == 403
    assert [row["outcome"] for row in kept("merge")] == [None]


def test_the_office_may_propose_itself(office: Client, cards: Sequence[str], kept: Any) -> None:
    given = {"code": cards[0].lower(), "other": f" {cards[1]} "}
    assert office.fill(OFFICE, given).status_code == 303
    assert office.fill(OFFICE, given).status_code == 303
    (row,) = kept("merge")
    assert (row["place"], row["actor"][:8]) == (None, "account:")
    assert "Doorgegeven door het programmabureau" in office.get(OFFICE).text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("", ""), ["Typ de code van een kaart. Bijvoorbeeld 7K3F."] * 2),
        (("own", "2222"), ["Wij kennen deze kaart niet. Kijk de code na."]),
        (("2222", "own"), ["Wij kennen deze kaart niet. Kijk de code na."]),
        (("own", "own"), ["Dit is twee keer dezelfde kaart."]),
    ],
)
def test_what_the_office_typed_wrong_is_told(
    office: Client, cards: Sequence[str], kept: Any, given: Sequence[str], said: list[str]
) -> None:
    codes = [cards[0] if code == "own" else code for code in given]
    shown = office.fill(OFFICE, dict(zip(("code", "other"), codes, strict=True)))
    assert (shown.status_code, complaints(shown)) == (422, said)
    assert kept("merge") == []
    assert all(f'value="{code}"' in shown.text for code in codes)


def test_two_of_the_office_at_once_see_what_stands(
    office: Client, cards: Sequence[str], proposed: str, kept: Any
) -> None:
    shown = office.get(OFFICE)
    assert office.send(shown, {"outcome": "merged"}, proposed).status_code == 303
    assert office.send(shown, {"outcome": "merged"}, proposed).status_code == 303, "a double tap"
    late = office.send(shown, {"outcome": "refused"}, proposed)
    assert late.status_code == 409
    assert "Iemand anders heeft dit intussen beslist." in late.text
    assert "één persoon</td>" in late.text
    assert [row["outcome"] for row in kept("merge")] == ["merged"]


@pytest.mark.parametrize(
    "given", [{}, {"outcome": "x"}, {"outcome": "undo"}, {"outcome": "undo", "was": "x"}]
)
def test_an_answer_that_does_not_exist_changes_nothing(
    office: Client, proposed: str, kept: Any, given: Mapping[str, str]
) -> None:
    before = kept("merge")
    assert office.fill(OFFICE, given, proposed).status_code == 400
    assert office.post(f"{OFFICE}/99", data={"csrf_token": "x"}).status_code == 422
    assert kept("merge") == before


def test_a_proposal_that_is_not_there_is_not_found(office: Client, proposed: str) -> None:
    given = {"csrf_token": office.token(OFFICE), "outcome": "merged"}
    assert office.post(f"{OFFICE}/99", data=given).status_code == 404


def test_the_journal_has_every_step_and_no_codes(
    office: Client, cards: Sequence[str], proposed: str, small: Store
) -> None:
    answer(office, proposed, "merged")
    answer(office, proposed, "undo", "merged")
    answer(office, proposed, "refused")
    with small.read() as connection:
        lines = connection.execute("SELECT * FROM journal WHERE object = 'merge'").fetchall()
        assert small.journal.broken(connection) is None
    assert [line["action"] for line in lines] == [
        "merge proposed", "merged", "merge undone", "merge refused",
    ]  # fmt: skip
    told = str([tuple(line) for line in lines])
    assert not [code for code in cards if code in told]
