"""Every form on every kind of place: the page, and the row that an answer becomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store
from tests.conftest import MOMENT
from tests.page import Client, parse, words

TODAY = MOMENT.date().isoformat()
KINDS = {"OP-01": "meeting_place", "WB-01": "wijkbedrijf", "IE-01": "pilot"}
ASKED = {
    place: {
        "opening", "volunteer_hours", "person_new", "step", "schedule", "closure",
        "volunteer_month", "month_report", "year_report", *more,
    }
    for place, more in (
        ("OP-01", ["visitors"]), ("WB-01", ["visitors", "attendance"]), ("IE-01", ["attendance"])
    )
}  # fmt: skip

# What is filled in, and what must then stand in the row; "{who}" is the card code of a person.
ANSWERS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "opening": (
        {"date": TODAY, "open": "yes", "open_from": "9.00", "open_until": "16:30",
         "closed_reason": "weather"},
        {"date": TODAY, "open": "yes", "open_from": "09:00", "open_until": "16:30",
         "open_from_2": None, "regular_from": "09:00", "regular_until": "17:00",
         "regular_from_2": None, "closed_reason": "weather"},
    ),
    "visitors": (
        {"date": "other", "date.other": "2026-11-18", "daypart": "morning", "visitors": "٢٤",
         "activities": ["drop_in", "meal"], "new_visitors": "", "ref_police": "2"},
        {"date": "2026-11-18", "daypart": "morning", "visitors": 24, "not_counted": None,
         "activities": '["drop_in", "meal"]', "new_visitors": None, "ref_police": 2,
         "ref_other": None},
    ),
    "volunteer_hours": (
        {"date": TODAY, "who": ["{who}"], "hours": "2,5"},
        {"date": TODAY, "nobody": None, "who": '["{who}"]', "hours": 2.5, "hours_2": None},
    ),
    "attendance": (
        {"date": TODAY, "daypart": "afternoon", "task": "green", "who": ["{whom}"], "hours": "3"},
        {"date": TODAY, "daypart": "afternoon", "task": "green", "who": '["{whom}"]',
         "hours": 3.0, "who_2": None},
    ),
    "person_new": (
        {"role": "volunteer", "known_elsewhere": "unknown", "call_name": "Zeynep",
         "started": TODAY, "informed": "OK", "labour_distance": "yes", "card_code": "7K3F"},
        {"role": "volunteer", "known_elsewhere": "unknown", "card_code": None,
         "started": TODAY, "informed": "OK", "labour_distance": None, "pilot": None},
    ),
    "step": (
        {"person": "{who}", "date": TODAY, "step": "left", "left_reason": "moved"},
        {"person": "{who}", "date": TODAY, "step": "left", "left_reason": "moved", "pilot": None},
    ),
    "schedule": (
        {"valid_from": TODAY, "mo_from": "10:00", "tu_from": "", "tu_until": ""},
        {"valid_from": TODAY, "mo_from": "10:00", "mo_until": "17:00", "tu_from": None},
    ),
    "closure": (
        {"from": "2026-12-21", "until": "2027-01-03", "closed_reason": "vacation"},
        {"from": "2026-12-21", "until": "2027-01-03", "closed_reason": "vacation"},
    ),
    "volunteer_month": (
        {"month": "2026-11", "allowance": ["{who}"]},
        {"month": "2026-11-01", "nobody": None, "allowance": '["{who}"]'},
    ),
    "month_report": (
        {"month": "2026-10", "worked": "De taalles zat vol.", "lesson_about": ["programme"],
         "support_received": ["none"], "partners_present": ["police", "care"],
         "programme_checked": "2026-10-14"},
        {"month": "2026-10-01", "worked": "De taalles zat vol.", "not_worked": None,
         "lesson_about": '["programme"]', "support_received": '["none"]',
         "partners_present": '["police", "care"]', "programme_checked": "2026-10-14"},
    ),
    "year_report": (
        {"year": "2026", "outlook": "Meer taalles.", "own_income_eur": "",
         "self_supporting_plan": ""},
        {"year": "2026-01-01", "outlook": "Meer taalles.", "own_income_eur": None},
    ),
    "place": (
        {"code": "OP-09", "name": "Nieuw", "kind": "meeting_place", "wijk": "moerwijk",
         "cohort_14": "OK", "active_from": "1-12-2026"},
        {"code": "OP-09", "name": "Nieuw", "kind": "meeting_place", "wijk": "moerwijk",
         "cohort_14": "OK", "active_from": "2026-12-01", "active_until": None},
    ),
    "place_facts": (
        {"place": "OP-02", "valid_from": TODAY, "baseline_hours": "Mo 09:00-12:00",
         "coordinators": "2", "coordinators_trained": "1"},
        {"place": "OP-02", "_place": "OP-02", "baseline_hours": "Mo 09:00-12:00",
         "coordinators": 2, "coordinators_trained": 1, "coordinators_paid": None},
    ),
    "place_change": (
        {"place": "OP-02", "valid_from": TODAY, "name": "De Haven", "wijk": "vrederust"},
        {"place": "OP-02", "_place": "OP-02", "name": "De Haven", "wijk": "vrederust",
         "buurt_code": None, "address": None},
    ),
    "pilot": (
        {"code": "PI-09", "name": "Fietsen", "wijk": "moerwijk", "run_by": "WB-01",
         "active_from": TODAY},
        {"code": "PI-09", "name": "Fietsen", "wijk": "moerwijk", "run_by": "WB-01"},
    ),
    "initiative": (
        {"code": "3/1.1.1", "title": "Langer open", "goal": "a1",
         "results": "4/1.1.1.a 4/1.1.1.b", "owner": ""},
        {"code": "3/1.1.1", "title": "Langer open", "goal": "a1",
         "results": "4/1.1.1.a 4/1.1.1.b", "owner": None},
    ),
    "milestone": (
        {"result_id": "4/2.1.3.d", "as_of": TODAY, "status": "busy", "value": "2",
         "explanation": "Twee bijeenkomsten.", "outlook": ""},
        {"result_id": "4/2.1.3.d", "as_of": TODAY, "status": "busy", "value": 2.0,
         "explanation": "Twee bijeenkomsten.", "outlook": None, "source": None},
    ),
    "network_meeting": (
        {"date": TODAY, "places": ["OP-01", "OP-02"], "about": "Vrijwilligers vinden."},
        {"date": TODAY, "places": '["OP-01", "OP-02"]', "about": "Vrijwilligers vinden."},
    ),
    "target": (
        {"result_id": "4/2.5.b", "value": "200", "value_most": "300",
         "valid_from": "2024-01-01", "source": "convenant, artikel 4"},
        {"result_id": "4/2.5.b", "value": 200.0, "value_most": 300.0,
         "valid_from": "2024-01-01", "valid_until": None, "source": "convenant, artikel 4"},
    ),
    "path": (
        {"result_id": "4/1.1.1.g", "date": "2027-01-01", "value": "60", "source": "overleg"},
        {"result_id": "4/1.1.1.g", "date": "2027-01-01", "value": 60.0, "source": "overleg"},
    ),
    "baseline": (
        {"result_id": "4/1.3.3", "place_code": "OP-01", "value": "0", "as_of": "2024-04-01",
         "source": "nulmeting 2024"},
        {"result_id": "4/1.3.3", "place_code": "OP-01", "value": 0.0, "_place": None},
    ),
    "judgement": (
        {"result_id": "2", "as_of": TODAY, "judgement": "", "words": "", "confidential": "OK",
         "confidential_reason": "Een partij vroeg erom."},
        {"result_id": "2", "as_of": TODAY, "judgement": None, "confidential": "OK",
         "confidential_reason": "Een partij vroeg erom."},
    ),
    "reading": (
        {"row": "0d6b2a0e-93a5-4c0e-8f9a-1b5f3c2d4e6f", "edits_read": "0", "passed": "OK"},
        {"row": "0d6b2a0e-93a5-4c0e-8f9a-1b5f3c2d4e6f", "edits_read": 0, "passed": "OK"},
    ),
}  # fmt: skip

OFFICE_FORMS = sorted(ANSWERS.keys() - {form for forms in ASKED.values() for form in forms})
PHONE_FORMS = [(place, form) for place, forms in ASKED.items() for form in sorted(forms)]


def filled_in(values: Mapping[str, Any], **codes: str) -> dict[str, Any]:
    """`values` with the card codes of this test's people."""
    text = json.dumps(values)
    for name, code in codes.items():
        text = text.replace(f"{{{name}}}", code)
    return dict(json.loads(text))


def test_every_form_has_an_answer_here(forms: Mapping[str, Form]) -> None:
    assert set(ANSWERS) == set(forms)
    for place, kind in KINDS.items():
        assert ASKED[place] == {form.form_id for form in forms.values() if kind in form.places}


@pytest.mark.parametrize(("place", "form_id"), PHONE_FORMS)
def test_an_answer_of_a_phone_is_kept(
    place: str,
    form_id: str,
    pair_to: Callable[..., Client],
    enter: Callable[..., str],
    kept: Any,
    forms: Mapping[str, Form],
) -> None:
    codes = {"who": enter(place, "Ria"), "whom": ""}
    if place != "OP-01":
        more = {"pilot": "PI-01", "pilot_from": TODAY} if place == "IE-01" else {}
        codes["whom"] = enter(place, "Bo", "participant", **more)
    given, wanted = (filled_in(values, **codes) for values in ANSWERS[form_id])
    phone = pair_to(place)
    shown = phone.get(f"/form/{form_id}")
    assert words(next(parse(shown.text).all("h1"))) == forms[form_id].title["nl"]
    before = len(kept(f"form_{form_id}"))
    answer = phone.send(shown, given)
    assert answer.status_code == 303, answer.text
    *_, row = kept(f"form_{form_id}")
    assert len(kept(f"form_{form_id}")) == before + 1
    assert {name: row[name] for name in wanted} == wanted
    assert (row["_place"], row["_state"], row["_edits"]) == (place, "current", 0)
    assert row["_received_at"] == "2026-11-20T09:12:00Z"
    assert row["_phone"] and not row["_account"]
    assert answer.location == f"/form/{form_id}/{row['_id']}/saved"
    saved = phone.get(answer.location)
    assert "Wij hebben dit bewaard: " in saved.text
    again = phone.get(f"/form/{form_id}/{row['_id']}")
    assert phone.send(again).status_code == 303  # a record that is looked at can be kept as it is
    assert {n: kept(f"form_{form_id}")[-1][n] for n in wanted} == wanted


@pytest.mark.parametrize("form_id", OFFICE_FORMS)
def test_an_answer_of_the_office_is_kept(form_id: str, office: Client, kept: Any) -> None:
    given, wanted = ANSWERS[form_id]
    answer = office.fill(f"/office/form/{form_id}", given)
    assert answer.status_code == 303, answer.text
    *_, row = kept(f"form_{form_id}")
    assert {name: row[name] for name in wanted} == wanted
    assert row["_account"] and not row["_phone"]
    assert "Wij hebben dit bewaard: " in office.get(answer.location).text
    office.get(f"/office/form/{form_id}/{row['_id']}")


def test_the_schedule_becomes_one_string(phone: Client, kept: Any) -> None:
    given, _ = ANSWERS["schedule"]
    assert phone.fill("/form/schedule", given).status_code == 303
    spec = kept("form_schedule")[-1]["opening_hours"]
    assert "Mo 10:00-17:00" in spec
    assert "Tu" not in spec
    assert "We 09:00-17:00,19:00-21:30" in spec


def test_a_name_and_its_card_are_kept_apart(phone: Client, kept: Any, small: Store) -> None:
    given, _ = ANSWERS["person_new"]
    answer = phone.fill("/form/person_new", given)
    row = kept("form_person_new")[-1]
    assert "Zeynep" not in str(row)
    assert "Zeynep" not in str(kept("journal"))
    opened = small.seal.open(row["call_name"], "form_person_new", row["_id"], "call_name")
    assert opened == "Zeynep"
    saved = phone.get(answer.location)
    assert row["person"] in saved.text
    assert f"/cards/{row['_id']}" in saved.text
    assert "Zeynep" not in phone.get(f"/cards/{row['_id']}").text


NASTY = [
    "", "other", "garbage", "2026-02-30", "9" * 400, "-1", "NaN", "٣", "\x00", "\ufffe",
    "\"'><b>", "é" * 300,
]  # fmt: skip
NASTIER = [
    "0000-00-00", "1e5", "24:00", "a\x01b", "<script>alert(1)</script>", "=1+1", "%ED%A0%80",
    "{0.__class__}", "\u202eom", "111222333",
]  # fmt: skip
"""Tried in `make fault`: each is much like one of NASTY."""


@pytest.mark.parametrize(
    "value", [*NASTY, *(pytest.param(each, marks=pytest.mark.long) for each in NASTIER)]
)
def test_whatever_is_typed_gets_a_page(
    value: str, pair_to: Callable[..., Client], office: Client, forms: Mapping[str, Form]
) -> None:
    for form in forms.values():
        client, base = office, "/office"
        if "office" not in form.places:
            place = "WB-01" if "wijkbedrijf" in form.places else "OP-01"
            client, base = pair_to(place), ""
        path = f"{base}/form/{form.form_id}"
        data = dict.fromkeys(form.columns, value)
        shown = client.get(path, query_string=data)
        assert shown.status_code == 200
        answer = client.send(shown, data)
        assert answer.status_code in {303, 422}
        if answer.status_code == 303:
            assert client.get(answer.location).status_code == 200
