"""Mijn week over HTTP: what it shows, what it keeps and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.conftest import MOMENT
from tests.page import Client
from tests.web.sheets import (
    COUNTED,
    MONDAY,
    MORNING,
    SATURDAY,
    TUESDAY,
    WEDNESDAY,
    fill,
    hours,
    mistake,
    post,
    stands,
)


@pytest.fixture
def monday(send: Callable[..., Any]) -> str:
    """The row of 24 visitors on Monday morning at OP-01."""
    return str(send("OP-01", "visitors", COUNTED).id)


def test_numbers_become_records_and_the_days_open_with_them(phone: Client, kept: Any) -> None:
    evening = f"visitors.{WEDNESDAY}.evening"
    answer = fill(phone, {MORNING: "12", f"visitors.{MONDAY}.afternoon": "0", evening: "7"})
    assert (answer.status_code, answer.location) == (303, "/week/saved?week=2026-W47")
    found = [(r["date"], r["daypart"], r["visitors"], r["_place"]) for r in kept("form_visitors")]
    assert found == [
        (MONDAY, "morning", 12, "OP-01"), (MONDAY, "afternoon", 0, "OP-01"),
        (WEDNESDAY, "evening", 7, "OP-01"),
    ]  # fmt: skip
    first, second = kept("form_opening")
    assert (first["date"], second["date"]) == (MONDAY, WEDNESDAY)
    assert hours(first) == ["yes", "09:00", "17:00", None, None, None]
    assert hours(second) == ["yes", "09:00", "17:00", "19:00", "21:30", None]
    assert first["hours_open"] == first["hours_regular"] == "8"
    assert {row["action"] for row in kept("journal")[-5:]} == {"add"}


def test_a_version_is_nothing_to_a_week(phone: Client, kept: Any) -> None:
    assert fill(phone, {MORNING: "12", "version": " 7"}).status_code == 303
    assert [row["visitors"] for row in kept("form_visitors")] == [12]


def test_a_day_is_closed_with_its_reason_and_a_daypart_not_counted(
    phone: Client, kept: Any
) -> None:
    fill(phone, {
        f"opening.{MONDAY}": "weather", f"opening.{TUESDAY}": "yes",
        f"not_counted.{WEDNESDAY}.morning": "OK",
    })  # fmt: skip
    rows = {row["date"]: hours(row) for row in kept("form_opening")}
    assert rows[MONDAY] == ["no", None, None, None, None, "weather"]
    assert rows[TUESDAY] == ["yes", "09:00", "17:00", None, None, None]
    assert rows[WEDNESDAY][0] == "yes"  # not counted, so open
    (row,) = kept("form_visitors")
    assert (row["date"], row["visitors"], row["not_counted"]) == (WEDNESDAY, None, "OK")


def test_what_is_kept_stands_in_the_sheet(phone: Client, monday: str, send: Any) -> None:
    send("OP-01", "opening", {"date": MONDAY, "open": "yes", "open_from": "10:00",
                              "open_until": "14:00", "closed_reason": "no_volunteers"})  # fmt: skip
    send("OP-01", "opening", {"date": TUESDAY, "open": "no", "closed_reason": "weather"})
    send("OP-01", "visitors", COUNTED | {"date": WEDNESDAY, "visitors": "", "not_counted": "OK"})
    send("OP-02", "visitors", COUNTED | {"daypart": "afternoon", "visitors": "77"})
    shown = phone.get("/week")
    assert stands(shown, MORNING) == "24"
    assert stands(shown, f"visitors.{MONDAY}.afternoon") == ""
    assert stands(shown, f"seen.{MORNING}") == f"{monday}:0"
    assert stands(shown, f"opening.{MONDAY}") == "yes"
    assert "Open, 10:00–14:00" in shown.text
    assert stands(shown, f"opening.{TUESDAY}") == "weather"
    assert stands(shown, f"not_counted.{WEDNESDAY}.morning") == "OK"
    assert 'value="77"' not in shown.text


def test_what_does_not_change_is_not_written(
    phone: Client, monday: str, kept: Any, changes: Callable[[], int]
) -> None:
    fill(phone, {f"opening.{MONDAY}": "yes"})
    before = changes()
    assert fill(phone, {}).status_code == 303
    assert fill(phone, {MORNING: " 024 "}).status_code == 303
    assert changes() == before
    assert kept("form_visitors")[0]["_edits"] == 0


def test_a_change_keeps_the_rest_of_the_record(phone: Client, send: Any, kept: Any) -> None:
    more = {"activities": ["meal"], "new_visitors": "3", "ref_money": "2"}
    send("OP-01", "visitors", COUNTED | more)
    assert fill(phone, {MORNING: "30"}).status_code == 303
    (row,) = kept("form_visitors")
    assert (row["visitors"], row["_edits"], row["activities"]) == (30, 1, '["meal"]')
    assert (row["new_visitors"], row["ref_money"]) == (3, 2)
    fill(phone, {MORNING: "", f"not_counted.{MONDAY}.morning": "OK"})
    (row,) = kept("form_visitors")
    assert (row["visitors"], row["not_counted"], row["_edits"]) == (None, "OK", 2)


def test_what_is_emptied_is_withdrawn_and_stays(phone: Client, monday: str, kept: Any) -> None:
    fill(phone, {f"opening.{MONDAY}": "yes"})
    fill(phone, {MORNING: "", f"opening.{MONDAY}": ""})
    assert [(r["_state"], r["visitors"]) for r in kept("form_visitors")] == [("withdrawn", 24)]
    assert [r["_state"] for r in kept("form_opening")] == ["withdrawn"]
    assert [r["action"] for r in kept("journal")[-2:]] == ["withdraw", "withdraw"]
    fill(phone, {MORNING: "5"})
    assert [r["_state"] for r in kept("form_visitors")] == ["withdrawn", "current"]


def test_a_closed_day_takes_its_numbers_along(phone: Client, monday: str, kept: Any) -> None:
    fill(phone, {f"opening.{MONDAY}": "yes"})
    refused = fill(phone, {f"opening.{MONDAY}": "weather"})
    assert refused.status_code == 422
    assert "Hier staat Dicht" in mistake(refused, f"opening.{MONDAY}")
    assert (stands(refused, MORNING), stands(refused, f"opening.{MONDAY}")) == ("24", "weather")
    assert kept("form_opening")[0]["open"] == "yes"
    assert post(phone, refused, {MORNING: ""}).status_code == 303
    assert kept("form_visitors")[0]["_state"] == "withdrawn"
    assert hours(kept("form_opening")[0]) == ["no", None, None, None, None, "weather"]


WRONG = [
    ({MORNING: "99999"}, MORNING, "Vul een getal in van 0 tot en met 9999."),
    ({MORNING: "veel"}, MORNING, "Vul een heel getal in, zonder punt of komma. Bijvoorbeeld 24."),
    ({MORNING: "-1"}, MORNING, "Vul een getal in van 0 tot en met 9999."),
    ({MORNING: "OK"}, MORNING, "Vul een heel getal in, zonder punt of komma. Bijvoorbeeld 24."),
    ({MORNING: "5\x00"}, MORNING, "Er staat een teken in dat wij niet kunnen bewaren."),
    ({MORNING: "5", f"not_counted.{MONDAY}.morning": "OK"}, MORNING, "Niet allebei."),
    ({MORNING: "5", f"opening.{MONDAY}": "weather"}, f"opening.{MONDAY}", "Hier staat Dicht"),
    ({f"not_counted.{MONDAY}.morning": "OK", f"opening.{MONDAY}": "other"}, f"opening.{MONDAY}",
     "Hier staat Dicht"),
    ({f"opening.{MONDAY}": "chess"}, f"opening.{MONDAY}",
     "Dit antwoord kan hier niet. Kies een antwoord uit de lijst."),
]  # fmt: skip


@pytest.mark.parametrize(("given", "at", "said"), WRONG)
def test_a_slip_comes_back_at_its_cell_and_nothing_is_kept(
    phone: Client,
    kept: Any,
    changes: Callable[[], int],
    given: Mapping[str, str],
    at: str,
    said: str,
) -> None:
    before = changes()
    answer = fill(phone, {**given, f"visitors.{TUESDAY}.morning": "8"})
    assert answer.status_code == 422
    assert said in mistake(answer, at)
    assert "<title>Fout: Mijn week" in answer.text
    assert f'<a href="#{at}">' in answer.text
    assert changes() == before
    assert stands(answer, f"visitors.{TUESDAY}.morning") == "8"
    for name, typed in given.items():
        if typed != "chess":
            assert stands(answer, name) == typed.replace("\x00", "")
    right = {**dict.fromkeys(given), MORNING: "5", f"opening.{MONDAY}": ""}
    mended = post(phone, answer, right)
    assert mended.status_code == 303
    assert sorted(row["visitors"] for row in kept("form_visitors")) == [5, 8]


def test_a_slip_in_what_the_sheet_does_not_show_leads_there(phone: Client, send: Any) -> None:
    receipt = send("OP-01", "visitors", COUNTED | {"new_visitors": "9"})
    answer = fill(phone, {MORNING: "4"})
    assert answer.status_code == 422
    assert "Hoeveel waren hier voor het eerst? Dit kan niet meer zijn" in mistake(answer, MORNING)
    assert f'href="/form/visitors/{receipt.id}"' in answer.text


def test_the_clock_is_asked_only_for_days_that_came(phone: Client, kept: Any, clock: Any) -> None:
    shown = phone.get("/week")
    assert f"visitors.{SATURDAY}.morning" not in shown.text
    assert "zaterdag" in shown.text
    fill(phone, {f"visitors.{SATURDAY}.morning": "5", f"opening.{SATURDAY}": "yes"})
    assert kept("form_visitors") == kept("form_opening") == []
    clock.now = dt.datetime(2026, 11, 21, 0, 1, tzinfo=MOMENT.tzinfo)
    assert fill(phone, {f"visitors.{SATURDAY}.morning": "5"}).status_code == 303
    assert [row["date"] for row in kept("form_visitors")] == [SATURDAY]
