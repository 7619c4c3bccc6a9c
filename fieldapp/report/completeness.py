"""What was to come in and what did: days, dayparts and months on which a form is expected."""

from __future__ import annotations

import bisect
import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.question import Form
from fieldapp.keep.store import table_of
from fieldapp.report import opening
from fieldapp.settings import Settings

DAYPARTS = ("morning", "afternoon", "evening")
_LEAST = 60  # minutes of opening within a daypart that make it expected


@dataclass(frozen=True, slots=True)
class Place:
    """A place as expectations see it."""

    code: str
    name: str
    kind: str
    wijk: str
    active_from: str
    active_until: str

    def active(self, day: str) -> bool:
        """Whether the place takes part on `day`."""
        return self.active_from <= day and (not self.active_until or day <= self.active_until)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a place: its hours by the schedule, and why it is not open."""

    place: str
    date: str
    spec: str | None
    blocks: tuple[opening.Block, ...]
    reason: str
    """Empty, or not_active, no_schedule, holiday."""

    @property
    def is_open(self) -> bool:
        """Whether the schedule has the place open."""
        return bool(self.blocks)


@dataclass(frozen=True, slots=True)
class Expected:
    """One record that is to come in, and whether it did."""

    form_id: str
    place: str
    date: str
    daypart: str | None
    received: bool


def places(connection: sqlite3.Connection, code: str | None = None) -> Sequence[Place]:
    """Every place of the register, or the one with `code`."""
    found = connection.execute(
        "SELECT name, label, kind, wijk, active_from, active_until FROM list_places "
        "WHERE ?1 IS NULL OR name = ?1 ORDER BY name",
        (code,),
    )
    return [Place(*(value or "" for value in row)) for row in found]


def schedule_on(connection: sqlite3.Connection, place: str, day: dt.date) -> str | None:
    """The regular hours of a place in force on `day`, in opening_hours notation."""
    return _Schedules(connection, place).on(day.isoformat())


def days(
    connection: sqlite3.Connection, wanted: Sequence[Place], first: dt.date, last: dt.date
) -> Iterator[Day]:
    """Each day of each place from `first` to `last`."""
    for place in wanted:
        schedules = _Schedules(connection, place.code)
        for day in _days(first, last):
            date = day.isoformat()
            spec = schedules.on(date)
            blocks: tuple[opening.Block, ...] = ()
            if not place.active(date):
                reason = "not_active"
            elif spec is None:
                reason = "no_schedule"
            else:
                blocks = opening.day_blocks(spec, day)
                usual = blocks or opening.day_blocks(_without_holidays(spec), day)
                reason = "holiday" if usual and not blocks else ""
            yield Day(place.code, date, spec, blocks, reason)


def dayparts(blocks: Sequence[opening.Block], settings: Settings) -> list[str]:
    """The dayparts that opening hours overlap by an hour or more."""
    borders = ["00:00", settings.afternoon_from, settings.evening_from, "24:00"]
    found = []
    for name, start, end in zip(DAYPARTS, borders, borders[1:], strict=False):
        overlap = sum(
            max(0, min(_minutes(until), _minutes(end)) - max(_minutes(since), _minutes(start)))
            for since, until in blocks
        )
        if overlap >= _LEAST:
            found.append(name)
    return found


def expected(
    connection: sqlite3.Connection,
    forms: Mapping[str, Form],
    settings: Settings,
    wanted: Sequence[Place],
    first: dt.date,
    last: dt.date,
) -> Iterator[Expected]:
    """Every record expected of `wanted` from `first` to `last`, in the order of the days.

    A day that the place logged as closed expects its opening record and nothing else.
    """
    kinds = {place.code: place.kind for place in wanted}
    kept = _Kept(connection, forms, first, last)
    for day in days(connection, wanted, first, last):
        if not day.is_open:
            continue
        for form in forms.values():
            if kinds[day.place] not in form.places:
                continue
            for daypart in _parts(form, day, settings):
                closed = (day.place, day.date) in kept.closed
                if closed and form.form_id != "opening":
                    continue
                received = (form.form_id, day.place, day.date, daypart) in kept.records
                yield Expected(form.form_id, day.place, day.date, daypart, received)


def fill(
    connection: sqlite3.Connection,
    forms: Mapping[str, Form],
    settings: Settings,
    first: dt.date,
    last: dt.date,
) -> None:
    """Makes the temporary tables `days` and `expected` that exports read."""
    wanted = places(connection)
    connection.execute(
        "CREATE TEMP TABLE days (place TEXT, date TEXT, spec TEXT, is_open INTEGER, reason TEXT)"
    )
    connection.executemany(
        "INSERT INTO days VALUES (?, ?, ?, ?, ?)",
        (
            (day.place, day.date, day.spec, int(day.is_open), day.reason)
            for day in days(connection, wanted, first, last)
        ),
    )
    connection.execute(
        "CREATE TEMP TABLE expected "
        "(form_id TEXT, place TEXT, date TEXT, daypart TEXT, received INTEGER)"
    )
    connection.executemany(
        "INSERT INTO expected VALUES (?, ?, ?, ?, ?)",
        [
            (each.form_id, each.place, each.date, each.daypart, int(each.received))
            for each in expected(connection, forms, settings, wanted, first, last)
        ],
    )


def _parts(form: Form, day: Day, settings: Settings) -> Sequence[str | None]:
    if form.expected == "open_day":
        return [None]
    if form.expected == "open_daypart":
        return dayparts(day.blocks, settings)
    return []


class _Schedules:
    """The opening hours of one place through time."""

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        found = connection.execute(
            "SELECT valid_from, opening_hours FROM form_schedule "
            "WHERE _place = ? AND _state = 'current' ORDER BY valid_from",
            (place,),
        ).fetchall()
        self._from = [row["valid_from"] for row in found]
        self._specs = [row["opening_hours"] for row in found]

    def on(self, date: str) -> str | None:
        index = bisect.bisect_right(self._from, date)
        return self._specs[index - 1] if index else None


class _Kept:
    """What came in between two days: keys of current records, and the days logged as closed."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        forms: Mapping[str, Form],
        first: dt.date,
        last: dt.date,
    ) -> None:
        self.records: set[tuple[str, str, str, str | None]] = set()
        between = (first.isoformat(), last.isoformat())
        for form in forms.values():
            if not form.expected:
                continue
            day = form.key[0]
            part = "daypart" if form.expected == "open_daypart" else "NULL"
            rows = connection.execute(
                f"SELECT DISTINCT _place, [{day}], {part} FROM [{table_of(form.form_id)}] "  # noqa: S608
                f"WHERE _state = 'current' AND [{day}] BETWEEN ? AND ?",
                between,
            )
            self.records |= {(form.form_id, *row) for row in rows}
        self.closed: set[tuple[str, str]] = set()
        if "opening" in forms:
            rows = connection.execute(
                "SELECT _place, date FROM form_opening WHERE _state = 'current' AND open = 'no' "
                "AND date BETWEEN ? AND ?",
                between,
            )
            self.closed = {(row[0], row[1]) for row in rows}


def _without_holidays(spec: str) -> str:
    return "; ".join(rule for rule in spec.split("; ") if rule != "PH off")


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += dt.timedelta(days=1)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
