"""What is hard to believe of a month: what is flagged, what is not, and what it is held against."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from fieldapp.ask.answer import check
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report import completeness, flags
from fieldapp.report.flags import BURST, FUTURE, HOURS, TENFOLD, Flag
from fieldapp.settings import Settings
from fieldapp.web.surroundings import Surroundings
from tests.conftest import MOMENT

Find = Callable[..., Sequence[Flag]]
FIRST, LAST = dt.date(2026, 11, 1), dt.date(2026, 11, 30)


@pytest.fixture
def found(small: Store, settings: Settings) -> Find:
    """What is flagged of November, of one kind."""

    def flagged(kind: str, first: dt.date = FIRST, last: dt.date = LAST) -> Sequence[Flag]:
        with small.read() as connection:
            places = completeness.places(connection)
            listed = flags.flags(connection, small.forms, settings, places, first, last)
        return [flag for flag in listed if flag.kind == kind]

    return flagged


@pytest.fixture
def log(small: Store) -> Callable[..., str]:
    """Logs visitors like a phone, some seconds after MOMENT; gives the id."""

    def logged(
        visitors: int, after: float = 0, place: str = "OP-01", phone: int | None = 1,
        day: str = "2026-11-18", daypart: str = "morning",
    ) -> str:  # fmt: skip
        now, form = MOMENT + dt.timedelta(seconds=after), small.forms["visitors"]
        raw = {"date": [day], "daypart": [daypart], "visitors": [str(visitors)]}
        row = str(uuid.uuid4())
        with small.write("test", now) as write:
            (known,) = completeness.places(write.connection, place)
            here = Surroundings(small, write.connection, known, now)
            answer = check(form, raw, here.context(form))
            rows.add(small, write, form, answer, row, Origin(place, phone=phone))
        return row

    return logged


DAYS = [f"2026-11-{day:02}" for day in range(2, 19)]


# --- many in a minute -------------------------------------------------------------------------


def test_500_in_a_minute_is_believed_and_one_more_is_not(log: Any, found: Find) -> None:
    first, second = log(250, 0, day=DAYS[0]), log(250, 59, day=DAYS[1])
    assert found(BURST) == []
    third = log(1, 59, day=DAYS[2])
    (flag,) = found(BURST)
    assert flag.rows == {first, second, third}
    assert (flag.number, flag.place) == (501, "OP-01")
    assert {(mark.kind, mark.form, mark.edits) for mark in flag.marks} == {(BURST, "visitors", 0)}


def test_over_more_than_a_minute_it_is_no_burst(log: Any, found: Find) -> None:
    log(250, 0, day=DAYS[0])
    log(251, 60, day=DAYS[1])
    assert found(BURST) == []


def test_one_record_alone_can_be_too_many(log: Any, found: Find) -> None:
    log(500)
    row = log(501, 3600, daypart="evening")
    assert [flag.rows for flag in found(BURST)] == [{row}]


def test_a_burst_is_of_one_phone_or_of_one_place(log: Any, found: Find) -> None:
    log(300, 0, "OP-01", 1)
    log(300, 0, "OP-02", 2)
    assert found(BURST) == []
    by_phone = {
        log(100, 7200, place, 3, DAYS[0], part)
        for place in ("OP-01", "OP-02")
        for part in ("morning", "afternoon", "evening")
    }
    assert [flag.rows for flag in found(BURST)] == [by_phone]


def test_of_a_place_the_phones_are_added_up(log: Any, found: Find) -> None:
    both = {log(300, 0, phone=1), log(300, 5, phone=2, daypart="evening")}
    assert [flag.rows for flag in found(BURST)] == [both]


def test_two_bursts_of_a_day_are_two(log: Any, found: Find) -> None:
    one = {log(300, after, day=DAYS[after]) for after in (0, 1)}
    log(20, 400, day=DAYS[5])
    two = {log(300, 900 + after, day=DAYS[7 + after]) for after in (0, 1)}
    assert {flag.rows for flag in found(BURST)} == {frozenset(one), frozenset(two)}


# --- ten times the usual ----------------------------------------------------------------------


@pytest.fixture
def usual(log: Any) -> Iterator[None]:
    """Four mornings with about 20 visitors."""
    for nth, visitors in enumerate((18, 20, 20, 60)):
        log(visitors, nth * 3600, day=DAYS[nth])
    yield


@pytest.mark.usefixtures("usual")
@pytest.mark.parametrize(("visitors", "flagged"), [(199, False), (200, True)])
def test_ten_times_the_usual_is_flagged(
    visitors: int, flagged: bool, log: Any, found: Find
) -> None:
    row = log(visitors, 20_000)
    assert [flag.rows for flag in found(TENFOLD)] == ([{row}] if flagged else [])
    if flagged:
        (flag,) = found(TENFOLD)
        assert (flag.number, flag.usual, flag.daypart) == (200, 20, "morning")


@pytest.mark.usefixtures("usual")
@pytest.mark.parametrize("other", [{"place": "OP-02"}, {"daypart": "evening"}])
def test_what_is_usual_is_of_the_place_and_the_daypart(
    other: Mapping[str, str], log: Any, found: Find
) -> None:
    log(400, 20_000, **other)
    assert found(TENFOLD) == []


def test_of_three_days_nothing_is_usual_yet(log: Any, found: Find) -> None:
    for nth in range(3):
        log(2, nth * 3600, day=DAYS[nth])
    log(400, 20_000)
    assert found(TENFOLD) == []


def test_where_nobody_comes_ten_is_much(log: Any, found: Find) -> None:
    for nth in range(4):
        log(0, nth * 3600, day=DAYS[nth])
    log(9, 20_000, day=DAYS[5])
    row = log(10, 30_000, day=DAYS[6])
    assert [flag.rows for flag in found(TENFOLD)] == [{row}]


@pytest.mark.usefixtures("usual")
def test_a_month_is_held_against_the_months_before(log: Any, found: Find) -> None:
    row = log(300, 20_000)
    assert [f.rows for f in found(TENFOLD, dt.date(2026, 11, 18), LAST)] == [{row}]
    assert found(TENFOLD, dt.date(2026, 12, 1), dt.date(2026, 12, 31)) == []


# --- days to come -----------------------------------------------------------------------------


@pytest.fixture
def ahead(small: Store) -> Callable[..., str]:
    """Logs an answer of a day to come, as by a phone whose clock was wrong; gives the id."""

    def logged(form_id: str, raw: Mapping[str, str], received: dt.datetime) -> str:
        form, row = small.forms[form_id], str(uuid.uuid4())
        with small.write("test", received) as write:
            (known,) = completeness.places(write.connection, "OP-01")
            later = received + dt.timedelta(days=400)
            here = Surroundings(small, write.connection, known, later)
            answer = check(form, {n: [text] for n, text in raw.items()}, here.context(form))
            rows.add(small, write, form, answer, row, Origin("OP-01"))
        return row

    return logged


def test_a_day_that_had_not_come_is_flagged(ahead: Any, log: Any, found: Find) -> None:
    log(12, day="2026-11-20")
    raw = {"daypart": "morning", "visitors": "12"}
    row = ahead("visitors", raw | {"date": "2026-11-21"}, MOMENT)
    far = ahead("visitors", raw | {"date": "2027-08-01"}, MOMENT)
    assert {flag.rows for flag in found(FUTURE)} == {frozenset({row}), frozenset({far})}
    assert found(FUTURE, dt.date(2026, 10, 1), dt.date(2026, 10, 31)) == []
    august = found(FUTURE, dt.date(2027, 8, 1), dt.date(2027, 8, 31))
    assert [(flag.rows, flag.date) for flag in august] == [({far}, "2027-08-01")]


def test_what_may_lie_ahead_is_not_flagged(send: Any, found: Find) -> None:
    hours = {"mo_from": "09:00", "mo_until": "12:00"}
    send("OP-01", "schedule", {"valid_from": "2026-11-30"} | hours)
    raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": "Ria", "informed": "OK"}
    send("OP-01", "person_new", raw | {"started": "2026-11-28"})
    assert found(FUTURE) == []


def test_just_after_midnight_it_is_today(ahead: Any, found: Find) -> None:
    late = MOMENT.replace(hour=0, minute=30)  # in UTC the day before
    ahead("visitors", {"date": "2026-11-20", "daypart": "morning", "visitors": "1"}, late)
    assert found(FUTURE) == []


# --- hours, and what no longer counts ---------------------------------------------------------


def test_more_hours_than_open_are_one_flag_per_record(send: Any, small: Store, found: Find) -> None:
    codes = []
    for name in ("Ria", "Bo"):
        raw = {"role": "participant", "known_elsewhere": "no", "call_name": name}
        raw |= {"informed": "OK", "started": "2026-11-02", "labour_distance": "yes"}
        send("WB-01", "person_new", raw)
    with small.read() as connection:
        codes = [row[0] for row in connection.execute("SELECT code FROM people")]
    raw = {"date": "2026-11-18", "daypart": "morning", "task": "green", "hours": "6"}
    row = send("WB-01", "attendance", raw | {"who": codes}).id
    (flag,) = found(HOURS)
    assert (flag.rows, flag.number, flag.usual, flag.daypart) == ({row}, 6, 3.5, "morning")
    assert [(mark.form, mark.edits) for mark in flag.marks] == [("attendance", 0)]


def test_what_was_withdrawn_or_waits_as_double_is_not_flagged(
    log: Any, small: Store, clock: Any, found: Find
) -> None:
    row = log(600)
    log(700, 3600)  # a double of the same morning
    assert [flag.rows for flag in found(BURST)] == [{row}]
    with small.write("test", clock()) as write:
        rows.withdraw(small, write, small.forms["visitors"], row, 0, Origin("OP-01"))
    assert found(BURST) == []


def test_without_their_forms_nothing_is_flagged(small: Store, settings: Settings) -> None:
    with small.read() as connection:
        places = completeness.places(connection)
        assert flags.flags(connection, {}, settings, places, FIRST, LAST) == []
