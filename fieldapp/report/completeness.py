"""What was to come in and what did: days, dayparts, months and years of which a form is expected.

A day expects something when the place takes part, has hours on it by the schedule then in force,
and said nothing of a closure. Of the reasons why not, the first that holds is told: not_active,
no_schedule, closure, holiday; the last two only of a day that would have had hours.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fieldapp.ask.question import Form
from fieldapp.keep.place import on as known_on
from fieldapp.report import opening
from fieldapp.report.history import Closures, Schedules
from fieldapp.report.period import LENGTHS, stretches
from fieldapp.report.received import Received
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
    """Its hours by the schedule, also when a closure keeps it shut."""
    reason: str
    """Empty, or not_active, no_schedule, closure, holiday."""
    why: str | None = None
    """With a closure: the reason that the place gave for it."""

    @property
    def is_open(self) -> bool:
        """Whether the place is to be open: it has hours, and nothing keeps it shut."""
        return bool(self.blocks) and not self.reason


@dataclass(frozen=True, slots=True)
class Expected:
    """One record that is to come in, and whether it did."""

    form_id: str
    place: str
    date: str
    """The day it is about; of a month, quarter or year the first."""
    daypart: str | None
    received: bool
    due: str
    """The day that makes it count: the day itself; of a month, quarter or year the last."""


def places(
    connection: sqlite3.Connection, code: str | None = None, day: dt.date | None = None
) -> Sequence[Place]:
    """Every place, or the one with `code`, with the name and wijk that it has on `day`: or today.

    A report gives its last day, so that it can be made again as it was.
    """
    which, given = ("", ()) if code is None else ("WHERE name = ?", (code,))
    found = connection.execute(
        "SELECT name, label, kind, wijk, active_from, active_until "  # noqa: S608
        f"FROM ({known_on(connection, day)}) {which} ORDER BY name",
        given,
    )
    return [Place(*(value or "" for value in row)) for row in found]


def schedule_on(connection: sqlite3.Connection, place: str, day: dt.date) -> str | None:
    """The regular hours of a place in force on `day`, in opening_hours notation."""
    return Schedules(connection, [place]).on(place, day.isoformat())


def days(
    connection: sqlite3.Connection, wanted: Sequence[Place], first: dt.date, last: dt.date
) -> Iterator[Day]:
    """Each day of each place from `first` to `last`."""
    calendar = Calendar(connection, wanted)
    for place in wanted:
        yield from calendar.days(place, first, last)


def dayparts(blocks: Sequence[opening.Block], settings: Settings) -> list[str]:
    """The dayparts that opening hours overlap by an hour or more."""
    return list(_dayparts(tuple(blocks), settings.afternoon_from, settings.evening_from))


@lru_cache(maxsize=5_000)
def _dayparts(blocks: tuple[opening.Block, ...], afternoon: str, evening: str) -> tuple[str, ...]:
    borders = ["00:00", afternoon, evening, "24:00"]
    found = []
    for name, start, end in zip(DAYPARTS, borders, borders[1:], strict=False):
        overlap = sum(
            max(0, min(_minutes(until), _minutes(end)) - max(_minutes(since), _minutes(start)))
            for since, until in blocks
        )
        if overlap >= _LEAST:
            found.append(name)
    return tuple(found)


def expected(
    connection: sqlite3.Connection,
    forms: Mapping[str, Form],
    settings: Settings,
    wanted: Sequence[Place],
    first: dt.date,
    last: dt.date,
) -> Iterator[Expected]:
    """Every record of `wanted` that falls due from `first` to `last`; days first, then periods.

    A day that the place logged as closed expects its opening record and nothing else. A month,
    quarter or year expects one record when the place was to be open on a day of it.
    """
    received = Received(connection, forms, [place.code for place in wanted], first, last)
    calendar = Calendar(connection, wanted)
    for place in wanted:
        yield from due(calendar, received, forms, settings, place, first, last)


def due(
    calendar: Calendar,
    received: Received,
    forms: Mapping[str, Form],
    settings: Settings,
    place: Place,
    first: dt.date,
    last: dt.date,
) -> Iterator[Expected]:
    """Every record of one place that falls due from `first` to `last`."""
    code = place.code
    asked = [form for form in forms.values() if form.expected and place.kind in form.places]
    daily = [form for form in asked if form.expected not in LENGTHS]
    for day in calendar.days(place, first, last) if daily else ():
        shut = received.closed(code, day.date)
        for form in daily:
            for part in _parts(form, day, settings, shut):
                there = received.has(form.form_id, code, day.date, part)
                yield Expected(form.form_id, code, day.date, part, there, day.date)
    for form in asked:
        for start, end in stretches(form.expected, first, last):
            if any(day.is_open for day in calendar.days(place, start, end)):
                date, until = start.isoformat(), end.isoformat()
                there = received.has(form.form_id, code, date, None)
                yield Expected(form.form_id, code, date, None, there, until)


TABLES = frozenset({"days", "expected"})
"""What `fill` makes."""


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
        "CREATE TEMP TABLE days "
        "(place TEXT, date TEXT, spec TEXT, is_open INTEGER, reason TEXT, why TEXT)"
    )
    connection.execute(
        "CREATE TEMP TABLE expected "
        "(form_id TEXT, place TEXT, date TEXT, daypart TEXT, received INTEGER, due TEXT)"
    )
    received = Received(connection, forms, [place.code for place in wanted], first, last)
    calendar = Calendar(connection, wanted)
    for place in wanted:  # one after the other: the days of one are made once for both
        connection.executemany(
            "INSERT INTO days VALUES (?, ?, ?, ?, ?, ?)",
            [
                (day.place, day.date, day.spec, day.is_open, day.reason, day.why)
                for day in calendar.days(place, first, last)
            ],
        )
        connection.executemany(
            "INSERT INTO expected VALUES (?, ?, ?, ?, ?, ?)",
            [
                (each.form_id, each.place, each.date, each.daypart, each.received, each.due)
                for each in due(calendar, received, forms, settings, place, first, last)
            ],
        )


class Calendar:
    """The days of some places: what their schedules and closures make of them."""

    def __init__(self, connection: sqlite3.Connection, wanted: Sequence[Place]) -> None:
        codes = [place.code for place in wanted]
        self._schedules = Schedules(connection, codes)
        self._closures = Closures(connection, codes)
        self._place = ""
        self._made: dict[dt.date, Day] = {}
        """The days of the place asked about last: a page asks for them more than once."""

    def days(self, place: Place, first: dt.date, last: dt.date) -> Iterator[Day]:
        """Each day of one of the places from `first` to `last`."""
        if place.code != self._place:
            self._place, self._made = place.code, {}
        made = self._made
        for ahead in range((last - first).days + 1):
            day = first + dt.timedelta(days=ahead)
            if day not in made:
                made[day] = self._day(place, day)
            yield made[day]

    def _day(self, place: Place, day: dt.date) -> Day:
        date, code = day.isoformat(), place.code
        spec = self._schedules.on(code, date)
        if not place.active(date):
            return Day(code, date, spec, (), "not_active")
        if spec is None:
            return Day(code, date, spec, (), "no_schedule")
        blocks = opening.day_blocks(spec, day)
        usual = blocks or opening.day_blocks(_without_holidays(spec), day)
        why = self._closures.on(code, date) if usual else None
        if why is not None:
            return Day(code, date, spec, blocks, "closure", why)
        return Day(code, date, spec, blocks, "holiday" if usual and not blocks else "")


def _parts(form: Form, day: Day, settings: Settings, shut: bool) -> Sequence[str | None]:
    """The dayparts of one day that a form is expected of; None for the day as a whole."""
    if not day.is_open or (shut and form.form_id != "opening"):
        return []
    if form.expected == "open_daypart":
        return dayparts(day.blocks, settings)
    return [None]


@lru_cache(maxsize=5_000)
def _without_holidays(spec: str) -> str:
    return "; ".join(rule for rule in spec.split("; ") if rule != "PH off")


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
