"""A filled-in workbook is looked at first, and then comes in whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

from fieldapp.ask.question import Form
from fieldapp.keep import correction
from fieldapp.keep.store import Store
from fieldapp.web import incoming
from tests.page import Client, parse, words
from tests.web.workbooks import (
    DAY,
    DAYS,
    THREE,
    by_libreoffice,
    counts,
    filled,
    outcome,
    upload,
    workbook,
)

# --- which forms, and their templates -----------------------------------------------------------


def test_forms_about_places_come_in_and_those_about_people_never(
    office: Client, forms: Mapping[str, Form]
) -> None:
    some = {"opening", "visitors", "closure", "schedule", "month_report", "year_report"}
    asked = {form_id for form_id, form in forms.items() if incoming.importable(form)}
    assert some | {"place", "place_facts", "pilot"} <= asked
    people = {"volunteer_hours", "attendance", "person_new", "step", "volunteer_month"}
    assert not asked & (people | {"target", "milestone", "reading", "network_meeting"})
    shown = office.get("/office/import").text
    for form_id in forms:
        known = form_id in asked
        assert (f'href="/office/import/{form_id}"' in shown) == known
        assert office.get(f"/office/import/{form_id}").status_code == (200 if known else 404)
        template = office.get(f"/office/import/{form_id}/template.xlsx")
        assert template.status_code == (200 if known else 404)


def test_the_template_offers_what_can_be_picked(office: Client) -> None:
    data = office.get("/office/import/visitors/template.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Invoeren"]
    assert [cell.value for cell in sheet[1]][:4] == [
        "Plek", "Welke dag?", "Welk deel van de dag?", "Hoeveel mensen kwamen er?"
    ]  # fmt: skip
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["A2"].formula1 == "'Keuzes'!$A$2:$A$4"  # no place of a kind that is not asked
    assert rules["C2"].formula1 == "'Keuzes'!$C$2:$C$4"
    assert rules["D2"].type == "whole"
    assert rules["E2"].formula1 == '"ja"'
    assert [cell.value for cell in book["Keuzes"]["A"]][1:4] == [
        "OP-01 Ontmoetingsplek 1", "OP-02 Ontmoetingsplek 2", "WB-01 Wijkbedrijf 1"
    ]  # fmt: skip
    assert sheet.column_dimensions["B"].number_format == "d-m-yyyy"
    assert "Schrijf geen namen" in " ".join(str(c.value) for row in book["Uitleg"] for c in row)


def test_an_english_template_comes_in_as_well(office: Client, kept: Any, enter_all: Any) -> None:
    office.post("/language", data={"csrf_token": office.token(), "language": "en"})
    template = office.get("/office/import/visitors/template.xlsx").data
    enter_all("visitors", filled(template, ("WB-01 Wijkbedrijf 1", DAY, "Evening", 3)))
    assert counts(kept) == [("WB-01", "2024-10-01", "evening", 3)]


# --- looking and entering -----------------------------------------------------------------------


def test_a_file_is_looked_at_first_and_then_entered(
    office: Client, kept: Any, changes: Callable[[], int], clerk: Any
) -> None:
    before = changes()
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    shown = office.get(address)
    assert outcome(shown) == ["Erbij: 3", "Veranderd: 0", "Staat er al: 0"]
    assert "OP-01 Ontmoetingsplek 1" in shown.text
    assert (counts(kept), changes()) == ([], before)
    assert "oud jaar.xlsx" in office.get("/office/import").text
    assert office.fill(address).status_code == 303
    assert outcome(office.get(address)) == ["Erbij: 3", "Veranderd: 0", "Staat er al: 0"]
    assert counts(kept) == [(p, "2024-10-01", d, n) for p, d, n in
                            (("OP-01", "morning", 24), ("OP-01", "afternoon", 31),
                             ("OP-02", "morning", 7))]  # fmt: skip
    assert {row["_account"] for row in kept("form_visitors")} == {clerk.account.id}
    assert "oud jaar.xlsx" not in office.get("/office/import").text


def test_the_same_file_twice_adds_nothing(enter_all: Any, kept: Any, office: Client) -> None:
    data = workbook(DAYS, *THREE)
    enter_all("visitors", data)
    before = kept("form_visitors")
    shown = office.get(upload(office, "visitors", data))
    assert outcome(shown) == ["Erbij: 0", "Veranderd: 0", "Staat er al: 3"]
    assert "Voer alles in" not in shown.text
    assert kept("form_visitors") == before


def test_pressed_twice_it_is_entered_once(
    office: Client, kept: Any, changes: Callable[[], int]
) -> None:
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    shown = office.get(address)
    assert office.send(shown).status_code == 303
    once = changes(), kept("form_visitors")
    assert office.send(shown, action=address).status_code in {200, 303}
    assert (changes(), kept("form_visitors")) == once


def test_what_a_phone_logged_is_changed_with_a_reason(
    office: Client, send: Any, enter_all: Any, kept: Any, small: Store, forms: Mapping[str, Form]
) -> None:
    raw = {"date": "2024-10-01", "daypart": "morning", "visitors": "20", "activities": ["meal"]}
    row = send("OP-01", "visitors", raw).id
    address = upload(office, "visitors", workbook(DAYS, *THREE))
    shown = office.get(address)
    assert outcome(shown) == ["Erbij: 2", "Veranderd: 1", "Staat er al: 0"]
    changed = next(words(t) for t in parse(shown.text).all("table") if "Wordt" in words(t))
    assert "mensen kwamen er?: 20" in changed
    assert "mensen kwamen er?: 24" in changed
    office.fill(address)
    found = kept("form_visitors", _id=row)[0]
    assert (found["visitors"], found["_edits"], found["_place"]) == (24, 1, "OP-01")
    assert found["activities"] == '["meal"]'  # its column was not in the file
    with small.read() as connection:
        why = correction.corrections(connection, forms["visitors"], row)
    assert [each.reason for each in why] == ["Ingevoerd uit oud jaar.xlsx"]


def test_an_empty_cell_empties_and_an_absent_column_does_not(
    send: Any, enter_all: Any, kept: Any
) -> None:
    facts = {"place": "OP-01", "valid_from": "2024-01-01", "coordinators": "3"}
    send(None, "place_facts", facts | {"coordinators_paid": "1"})
    headings = ("place", "valid_from", "coordinators", "coordinators_paid")
    enter_all("place_facts", workbook(headings[:3], ("OP-01", dt.date(2024, 1, 1), 4)))
    found = kept("form_place_facts")[0]
    assert (found["coordinators"], found["coordinators_paid"]) == (4, 1)
    enter_all("place_facts", workbook(headings, ("OP-01", dt.date(2024, 1, 1), 4, None)))
    assert kept("form_place_facts")[0]["coordinators_paid"] is None
    assert len(kept("form_place_facts")) == 1


def test_what_was_withdrawn_stays_out(
    office: Client, enter_all: Any, kept: Any, send: Any, small: Store, clock: Any
) -> None:
    data = workbook(DAYS, THREE[0])
    enter_all("visitors", data)
    row = kept("form_visitors")[0]["_id"]
    with small.write("test", clock()) as write:
        incoming.rows.withdraw(small, write, small.forms["visitors"], row, 0, incoming.Origin(None))
    shown = office.get(upload(office, "visitors", data))
    assert outcome(shown)[0] == "Erbij: 0"
    assert "dat blijft zo: 1" in shown.text
    enter_all("visitors", workbook(DAYS, ("OP-01", DAY, "Ochtend", 25)))
    assert [(r["visitors"], r["_state"]) for r in kept("form_visitors")] == [
        (24, "withdrawn"), (25, "current")
    ]  # fmt: skip


def test_a_form_without_a_key_comes_in_once_too(
    office: Client, enter_all: Any, kept: Any, send: Any
) -> None:
    closed = {"from": "2024-07-01", "until": "2024-07-14", "closed_reason": "vacation"}
    send("OP-01", "closure", closed)
    headings = ("place", "from", "until", "closed_reason")
    both = workbook(
        headings,
        ("OP-01", "1-7-2024", "14-7-2024", "Vakantie"),
        ("OP-02", "1-7-2024", "2-7-2024", "Weer"),
    )
    assert outcome(enter_all("closure", both)) == ["Erbij: 1", "Veranderd: 0", "Staat er al: 1"]
    assert sorted(row["_place"] for row in kept("form_closure")) == ["OP-01", "OP-02"]
    again = office.get(upload(office, "closure", both))
    assert outcome(again) == ["Erbij: 0", "Veranderd: 0", "Staat er al: 2"]


def test_places_take_the_place_of_the_examples(office: Client, enter_all: Any, kept: Any) -> None:
    template = office.get("/office/import/place/template.xlsx").data
    kind, since = "Ontmoetingsplek", dt.date(2024, 1, 1)
    data = filled(
        template,
        ("OP-01", "Buurthuis De Brug", kind, "Bouwlust", None, "Brugstraat 1", "ja", None, since),
        ("OP-15", "Buurtkamer Oost", kind, "Moerwijk", None, None, None, None, since),
    )
    address = upload(office, "place", data)
    shown = office.get(address)
    assert outcome(shown) == ["Erbij: 1", "Veranderd: 1", "Staat er al: 0"]
    alone = shown.text.partition("Staat niet in het bestand")[2]
    assert all(code in alone for code in ("OP-02", "WB-01", "IE-01"))
    assert "OP-15" not in alone
    office.fill(address)
    labels = {row["name"]: row["label"] for row in kept("list_places")}
    assert labels["OP-01"] == "Buurthuis De Brug"
    assert labels["OP-15"] == "Buurtkamer Oost"
    assert labels["OP-02"] == "Ontmoetingsplek 2"
    assert len(kept("form_place")) == 5


# --- by LibreOffice -----------------------------------------------------------------------------


SAVED_COUNTS = [
    ("OP-01", "2024-10-01", "morning", 24),
    ("OP-01", "2024-10-01", "afternoon", 31),
    ("OP-01", "2024-10-02", "evening", None),
    ("OP-02", "2024-10-02", "afternoon", 0),
]


def test_a_template_that_was_filled_in_with_libreoffice_comes_in(enter_all: Any, kept: Any) -> None:
    folder = Path(__file__).parents[1] / "report" / "data"
    for form_id in ("visitors", "opening", "place"):
        enter_all(form_id, (folder / f"libreoffice-{form_id}.xlsx").read_bytes())
    assert counts(kept) == SAVED_COUNTS
    assert [row["activities"] for row in kept("form_visitors")] == [
        '["drop_in", "meal"]', '["language"]', None, '["meal"]'
    ]  # fmt: skip
    hours = [
        (r["open"], r["open_from"], r["open_until"], r["open_from_2"], r["open_until_2"])
        for r in kept("form_opening")
    ]
    assert hours == [
        ("yes", "09:00", "17:00", None, None),
        ("yes", "09:00", "12:30", "19:00", "21:30"),
        ("no", None, None, None, None),
    ]
    assert {"OP-01": "Buurthuis De Brug", "OP-15": "Buurtkamer Oost"}.items() <= {
        row["name"]: row["label"] for row in kept("list_places")
    }.items()


def test_a_template_that_libreoffice_saved_just_now_comes_in(
    office: Client, enter_all: Any, kept: Any, tmp_path: Path
) -> None:
    template = office.get("/office/import/visitors/template.xlsx").data
    data = filled(
        template,
        ("OP-01", dt.date(2024, 10, 1), "Ochtend", 24, None, "Inloop en koffie; Samen eten"),
        ("OP-01", "1-10-2024", "Middag", "31"),
        ("OP-01 Ontmoetingsplek 1", dt.datetime(2024, 10, 2), "avond", None, True),  # noqa: DTZ001
        ("OP-02", "2-10-2024", "afternoon", 0),
    )
    enter_all("visitors", by_libreoffice(data, "visitors", tmp_path))
    assert counts(kept) == SAVED_COUNTS
