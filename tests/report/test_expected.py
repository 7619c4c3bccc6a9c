"""What is expected: each rule by itself.

OP-01 has hours on weekdays, 9 to 5, and on Wednesday evening. 2 November 2026 is a Monday.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.report.completeness import Day
from fieldapp.report.history import Closures
from fieldapp.settings import Settings
from tests.conftest import MOMENT, WEEK
from tests.report.conftest import due_of

Send = Callable[..., Any]


def closing(first: str, last: str, why: str = "vacation") -> dict[str, str]:
    return {"from": first, "until": last, "closed_reason": why}


def days_of(store: Store, place: str, first: str, last: str) -> Sequence[Day]:
    with store.read() as connection:
        found = completeness.places(connection, place)
        return list(
            completeness.days(
                connection, found, dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            )
        )


def test_days_of_a_closure_expect_nothing_and_keep_their_hours(small: Store, send: Send) -> None:
    send("OP-01", "closure", closing("2026-11-03", "2026-11-04", "building"))
    send("OP-02", "closure", closing("2026-11-05", "2026-11-05"))
    due = due_of(small, "OP-01", "2026-11-02", "2026-11-05")
    assert {each.date for each in due} == {"2026-11-02", "2026-11-05"}
    shut = days_of(small, "OP-01", "2026-11-04", "2026-11-04")[0]
    assert shut.blocks == (("09:00", "17:00"), ("19:00", "21:30"))
    assert (shut.reason, shut.why, shut.is_open) == ("closure", "building", False)
    free = days_of(small, "OP-01", "2026-11-05", "2026-11-05")[0]
    assert (free.reason, free.why, free.is_open) == ("", None, True)


def test_of_two_closures_the_latest_said_gives_the_reason(small: Store, send: Send) -> None:
    early, late = MOMENT - dt.timedelta(days=2), MOMENT - dt.timedelta(days=1)
    send("OP-01", "closure", closing("2026-11-02", "2026-11-06", "building"), at=late)
    send("OP-01", "closure", closing("2026-11-04", "2026-11-10", "unsafe"), at=early)
    found = days_of(small, "OP-01", "2026-11-02", "2026-11-10")
    assert [day.why for day in found] == [*["building"] * 5, None, None, *["unsafe"] * 2]
    send("OP-01", "closure", closing("2026-11-03", "2026-11-03", "weather"), at=late)
    assert days_of(small, "OP-01", "2026-11-03", "2026-11-03")[0].why == "weather"


def test_a_closure_that_was_withdrawn_holds_no_more(
    small: Store, send: Send, withdraw: Callable[[str, str], None]
) -> None:
    sent = send("OP-01", "closure", closing("2026-11-02", "2026-11-06"))
    assert not due_of(small, "OP-01", "2026-11-02", "2026-11-06")
    withdraw("closure", sent.id)
    assert len({each.date for each in due_of(small, "OP-01", "2026-11-02", "2026-11-06")}) == 5


def test_the_first_reason_that_holds_is_told(small: Store, send: Send) -> None:
    send(None, "place", {
        "code": "OP-09", "name": "Negen", "kind": "meeting_place", "wijk": "moerwijk",
        "active_from": "2026-03-30",
    })  # fmt: skip
    send("OP-09", "schedule", WEEK | {"valid_from": "2026-04-01"})
    send("OP-09", "closure", closing("2026-03-01", "2026-04-06"))
    found = {day.date: day for day in days_of(small, "OP-09", "2026-03-29", "2026-04-27")}
    assert found["2026-03-29"].reason == "not_active"
    assert found["2026-03-31"].reason == "no_schedule"
    assert found["2026-04-01"].reason == "closure"
    assert found["2026-04-04"].reason == ""  # a Saturday has no hours: there is nothing to close
    assert found["2026-04-06"].reason == "closure"  # Easter Monday
    assert found["2026-04-27"].reason == "holiday"  # King's Day
    assert found["2026-04-27"].why is None


def test_a_day_that_was_logged_as_closed_expects_nothing_more(
    small: Store, send: Send, withdraw: Callable[[str, str], None]
) -> None:
    shut = {"date": "2026-11-03", "open": "no", "closed_reason": "weather"}
    sent = send("OP-01", "opening", shut)
    due = due_of(small, "OP-01", "2026-11-03", "2026-11-03")
    assert [(each.form_id, each.received) for each in due] == [("opening", True)]
    withdraw("opening", sent.id)
    due = due_of(small, "OP-01", "2026-11-03", "2026-11-03")
    assert {each.form_id for each in due} == {"opening", "visitors", "volunteer_hours"}
    assert not any(each.received for each in due)


def test_a_record_in_a_closure_counts_as_what_it_is(small: Store, send: Send) -> None:
    send("OP-01", "visitors", {"date": "2026-11-03", "daypart": "morning", "visitors": "4"})
    send("OP-01", "closure", closing("2026-11-03", "2026-11-03"))
    assert not due_of(small, "OP-01", "2026-11-03", "2026-11-03")
    with small.read() as connection:
        states = connection.execute("SELECT _state FROM form_visitors").fetchall()
    assert [state["_state"] for state in states] == ["current"]


def test_a_schedule_holds_from_its_day_in_the_middle_of_a_week(
    small: Store, send: Send, withdraw: Callable[[str, str], None]
) -> None:
    new = {"we_from": "13:00", "we_until": "17:00", "sa_from": "10:00", "sa_until": "12:00"}
    send("OP-01", "schedule", new | {"valid_from": "2026-11-04"})
    again = send("OP-01", "schedule", WEEK | {"valid_from": "2026-11-04"})
    gone = send("OP-01", "schedule", WEEK | {"valid_from": "2026-11-05"})
    withdraw("schedule", gone.id)
    parts = [
        (each.date, each.daypart)
        for each in due_of(small, "OP-01", "2026-11-02", "2026-11-08")
        if each.form_id == "visitors"
    ]
    assert again.state == "double"
    assert parts == [
        ("2026-11-02", "morning"), ("2026-11-02", "afternoon"),
        ("2026-11-03", "morning"), ("2026-11-03", "afternoon"),
        ("2026-11-04", "afternoon"), ("2026-11-07", "morning"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([("09:00", "17:00")], ["morning", "afternoon"]),
        ([("11:30", "13:30")], ["morning", "afternoon"]),
        ([("11:31", "13:29")], []),
        ([("17:00", "18:59")], ["afternoon"]),
        ([("09:00", "09:30"), ("10:00", "10:30"), ("19:00", "24:00")], ["morning", "evening"]),
        ([], []),
    ],
)
def test_a_daypart_needs_an_hour_of_opening(
    blocks: list[tuple[str, str]], expected: list[str]
) -> None:
    assert completeness.dayparts(blocks, Settings()) == expected


def months_of(store: Store, place: str, first: str, last: str) -> list[tuple[str, str]]:
    """The months, with the day on which they fall due, of which a report is expected."""
    forms = {"month_report": store.forms["month_report"]}
    return [(each.date, each.due) for each in due_of(store, place, first, last, forms)]


def test_a_month_falls_due_on_its_last_day(small: Store) -> None:
    assert months_of(small, "OP-01", "2026-01-15", "2026-03-30") == [
        ("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28")
    ]  # fmt: skip
    assert months_of(small, "OP-01", "2026-03-31", "2026-03-31") == [("2026-03-01", "2026-03-31")]
    assert months_of(small, "OP-01", "2026-03-01", "2026-03-30") == []


@pytest.mark.parametrize(
    ("active", "months"),
    [
        (("2026-08-17", ""), ["2026-08-01", "2026-09-01", "2026-10-01"]),
        (("2026-08-31", ""), ["2026-08-01", "2026-09-01", "2026-10-01"]),  # a Monday
        (("2026-10-31", ""), []),  # a Saturday: no day of October was open
        (("2025-01-01", "2026-09-16"), ["2026-08-01", "2026-09-01"]),
        (("2025-01-01", "2026-09-01"), ["2026-08-01", "2026-09-01"]),
        (("2025-01-01", "2026-08-02"), []),  # a Sunday, and Saturday 1 August
    ],
)
def test_a_place_that_starts_or_stops_reports_the_months_in_which_it_was_open(
    small: Store, send: Send, active: tuple[str, str], months: list[str]
) -> None:
    send(None, "place", {
        "code": "OP-09", "name": "Negen", "kind": "meeting_place", "wijk": "moerwijk",
        "active_from": active[0], "active_until": active[1],
    })  # fmt: skip
    send("OP-09", "schedule", WEEK | {"valid_from": "2025-01-01"})
    found = months_of(small, "OP-09", "2026-08-01", "2026-10-31")
    assert [month for month, _ in found] == months


def test_a_place_without_hours_has_no_month(small: Store, send: Send) -> None:
    send(None, "place", {
        "code": "OP-09", "name": "Negen", "kind": "meeting_place", "wijk": "moerwijk",
        "active_from": "2025-01-01",
    })  # fmt: skip
    assert months_of(small, "OP-09", "2026-08-01", "2026-10-31") == []


def test_a_month_wholly_in_a_closure_is_not_expected(small: Store, send: Send) -> None:
    send("OP-01", "closure", closing("2026-07-31", "2026-09-01"))  # a Friday, a Tuesday
    found = months_of(small, "OP-01", "2026-07-01", "2026-09-30")
    assert [month for month, _ in found] == ["2026-07-01", "2026-09-01"]


def test_quarters_and_their_borders(small: Store, send: Send) -> None:
    quarterly = {"month_report": replace(small.forms["month_report"], expected="quarter")}

    def quarters(first: str, last: str) -> list[tuple[str, str, bool]]:
        due = due_of(small, "OP-01", first, last, quarterly)
        return [(each.date, each.due, each.received) for each in due]

    send("OP-01", "month_report", {"month": "2026-07-01", "worked": "De taalles."})
    assert quarters("2026-01-01", "2026-09-29") == [
        ("2026-01-01", "2026-03-31", False), ("2026-04-01", "2026-06-30", False)
    ]  # fmt: skip
    # What came in is looked for from the first day of the quarter, not of the period.
    assert quarters("2026-09-30", "2026-12-31") == [
        ("2026-07-01", "2026-09-30", True), ("2026-10-01", "2026-12-31", False)
    ]  # fmt: skip


def test_a_year_that_came_in_counts_in_december(small: Store, send: Send) -> None:
    send("OP-01", "year_report", {"year": "2025-01-01", "outlook": "Meer taalles."})
    forms = {"year_report": small.forms["year_report"]}
    assert due_of(small, "OP-01", "2025-01-01", "2025-12-30", forms) == []
    (year,) = due_of(small, "OP-01", "2025-12-01", "2025-12-31", forms)
    assert (year.date, year.due, year.received) == ("2025-01-01", "2025-12-31", True)


def test_an_instance_may_do_without_closures() -> None:
    with sqlite3.connect(":memory:") as connection:
        assert Closures(connection, ["OP-01"]).on("OP-01", "2026-11-03") is None
    connection.close()
