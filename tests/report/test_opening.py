"""Opening hours: the table of cases, real days with holidays, and what is refused."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time

import pytest

from fieldapp.errors import BadRequest
from fieldapp.report import opening

EXAMPLE = "Mo,Tu,Th,Fr 09:00-17:00; We 09:00-17:00,19:00-21:30; PH off"


@pytest.mark.parametrize(
    ("spec", "weekly", "days", "evening", "weekend"),
    [
        (EXAMPLE, 42.5, 5, 2.5, 0),
        ("Mo-Fr 09:00-17:00", 40, 5, 0, 0),
        ("Mo-We, Fr 09:00-12:00, 13:00-17:00", 28, 4, 0, 0),
        ("Sa 10:00-16:00; Su 12:00-20:00", 14, 2, 2, 14),
        ("Sa-Mo 10:00-12:00", 6, 3, 0, 4),
        ("Mo-Su 00:00-24:00", 168, 7, 42, 48),
        ("Fr 13:00-17:00,09:00-12:00", 7, 1, 0, 0),
        ("Tu 17:30-18:15", 0.75, 1, 0.25, 0),
        ("PH off", 0, 0, 0, 0),
        ("PH off; Mo 09:00-10:00", 1, 1, 0, 0),
        ("Mo 09:00-10:00; Dec 25 off", 1, 1, 0, 0),
        ("Mo 09:00-10:00; Jun 01-Jun 30 off", 1, 1, 0, 0),
        ("Mo 09:00-10:00; 2026 Dec 24-2027 Jan 02 off", 1, 1, 0, 0),
        ("Mo 09:00-10:00; Dec 24-26 off", 1, 1, 0, 0),
        ("Mo 09:00-10:00; Feb 29 off", 1, 1, 0, 0),
    ],
)
def test_adds_up(spec: str, weekly: float, days: int, evening: float, weekend: float) -> None:
    assert opening.weekly_hours(spec) == weekly
    assert opening.open_days(spec) == days
    assert opening.evening_hours(spec) == evening
    assert opening.weekend_hours(spec) == weekend


REFUSED = {
    "": "missing",
    "   ": "missing",
    "Mo": "not a rule",
    "24/7": "not a rule",
    "ma 09:00-17:00": "not a rule",
    "Mo 9:00-17:00": "not a rule",
    "Mo 09:00": "not a rule",
    "Mo 09:00+": "not a rule",
    "Mo off": "not a rule",
    "SH off": "not a rule",
    "week 1-10 Mo 09:00-17:00": "not a rule",
    "sunrise-sunset": "not a rule",
    "Mo 09:00-17:00;": "not a rule",
    'Mo 09:00-17:00 "op afspraak"': "not a rule",
    "Mo 09:00-17:00\nTu 09:00-17:00": "not a rule",
    "Mo 09:00-17:00; Feb 30 off": "not a rule",
    "Mo 09:00-17:00; Dec 26-24 off": "not a rule",
    "Mo 09:00-17:00; 2026 Dec 24-2025 Jan 02 off": "not a rule",
    "Mo 25:00-26:00": "does not exist",
    "Mo 09:60-10:00": "does not exist",
    "Mo 17:00-09:00": "later on the same day",
    "Mo 09:00-09:00": "later on the same day",
    "Mo 09:00-12:00,11:00-13:00": "overlaps",
    "Mo-Fr 09:00-17:00; We 09:00-12:00": "We has two rules",
    "Mo,Mo 09:00-17:00": "Mo has two rules",
    "Mo 09:00-10:00" + " " * 500: "longer than 500",
}


@pytest.mark.parametrize("spec", REFUSED)
def test_refuses_with_the_example_and_counts_nothing(spec: str) -> None:
    with pytest.raises(BadRequest, match=REFUSED[spec]) as refused:
        opening.check(spec)
    assert EXAMPLE in str(refused.value)
    assert opening.weekly_hours(spec) is None
    assert opening.open_days(spec) is None
    assert opening.evening_hours(spec) is None
    assert opening.weekend_hours(spec) is None
    assert opening.day_blocks(spec, dt.date(2026, 11, 23)) == ()


def test_no_hours_are_unknown_not_none() -> None:
    assert opening.weekly_hours(None) is None
    assert opening.day_blocks(None, dt.date(2026, 11, 23)) == ()


def test_exceptions_win_wherever_they_stand() -> None:
    assert opening.check("PH off; Mo-We 09:00-12:00") == "Mo,Tu,We 09:00-12:00; PH off"
    assert opening.day_blocks("PH off; Mo 09:00-12:00", dt.date(2026, 4, 6)) == ()


@pytest.mark.parametrize(
    ("day", "blocks"),
    [
        ("2026-11-25", (("09:00", "17:00"), ("19:00", "21:30"))),
        ("2026-11-28", ()),
        ("2026-04-27", ()),  # King's Day, a Monday
        ("2026-10-26", (("09:00", "17:00"),)),  # the Monday after the clocks change
    ],
)
def test_real_days_know_the_holidays(day: str, blocks: tuple[tuple[str, str], ...]) -> None:
    assert opening.day_blocks(EXAMPLE, dt.date.fromisoformat(day)) == blocks


def test_real_days_know_dated_exceptions_and_midnight() -> None:
    spec = "Mo-Su 00:00-24:00; Dec 24-Jan 02 off"
    assert opening.day_blocks(spec, dt.date(2026, 12, 23)) == (("00:00", "24:00"),)
    assert opening.day_blocks(spec, dt.date(2026, 12, 31)) == ()
    assert opening.day_blocks(spec, dt.date(2027, 1, 3)) == (("00:00", "24:00"),)


def test_holidays_of_the_netherlands() -> None:
    days = (dt.date(2026, 1, 1) + dt.timedelta(days) for days in range(365))
    assert [f"{day:%m-%d}" for day in days if opening.is_holiday(day)] == (
        ["01-01", "04-05", "04-06", "04-27", "05-14", "05-24", "05-25", "12-25", "12-26"]
    )


@pytest.mark.parametrize(
    ("start", "until", "hours"),
    [
        ("09:00", "12:30", 3.5),
        ("09:00", "24:00", 15),
        ("09:00", "09:00", 0),
        ("09:00", None, None),
        (None, "09:00", None),
        ("", "09:00", None),
        ("17:00", "09:00", None),
        ("nine", "09:00", None),
    ],
)
def test_block_hours(start: str | None, until: str | None, hours: float | None) -> None:
    assert opening.block_hours(start, until) == hours


def test_sql_sees_the_same(empty: sqlite3.Connection) -> None:
    row = empty.execute(
        "SELECT weekly_hours(?1), open_days(?1), evening_hours(?1), weekend_hours(?1), "
        "block_hours('09:00', '10:30'), weekly_hours('Mo'), weekly_hours(5), weekly_hours(NULL), "
        "block_hours(9, x'00')",
        (EXAMPLE,),
    ).fetchone()
    assert row == (42.5, 5, 2.5, 0.0, 1.5, None, None, None, None)


def test_thousands_of_days_are_quick() -> None:
    days = [dt.date(2020, 1, 1) + dt.timedelta(days) for days in range(5_000)]
    began = time.perf_counter()
    for day in days:
        opening.day_blocks("Mo-Fr 08:00-16:00; PH off", day)
    assert time.perf_counter() - began < 2
