"""The opening hours of one place as others may use them: now, what is to begin, what is closed."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from fieldapp.keep import row as rows
from fieldapp.keep.row import Row
from fieldapp.keep.store import Store
from fieldapp.report import opening
from fieldapp.report.completeness import Place

_LAST = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Regular hours, from which day they hold, and the record that says so."""

    row: str
    valid_from: dt.date
    spec: str

    @property
    def week(self) -> Sequence[Sequence[opening.Block]]:
        """The blocks of each weekday, Monday first."""
        return opening.week_blocks(self.spec) or ((),) * len(opening.DAYS)

    @property
    def exceptions(self) -> Sequence[str]:
        """The rules for holidays and dates."""
        return () if opening.week_blocks(self.spec) is None else opening.exceptions(self.spec)


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch of days on which the place is closed, the record that says so, and why."""

    row: str
    since: dt.date
    until: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class Hours:
    """What holds at a place on a day and after it."""

    place: Place
    now: Schedule | None
    following: Schedule | None
    closures: Sequence[Closure]

    @property
    def shown(self) -> Schedule | None:
        """The hours to show: those in force, else the first to begin."""
        return self.now or self.following

    @property
    def closed(self) -> Sequence[tuple[dt.date, dt.date]]:
        """The closures in order, those that touch taken together."""
        found: list[tuple[dt.date, dt.date]] = []
        for each in self.closures:
            if found and each.since <= found[-1][1] + dt.timedelta(days=1):
                found[-1] = found[-1][0], max(found[-1][1], each.until)
            else:
                found.append((each.since, each.until))
        return found


def hours(store: Store, connection: sqlite3.Connection, place: Place, day: dt.date) -> Hours:
    """The schedule in force on `day`, the next one, and the closures that are not over."""
    date = day.isoformat()
    schedules = [
        Schedule(row.id, _date(row, "valid_from"), str(row.values["opening_hours"] or ""))
        for row in _current(store, connection, place, "schedule", "valid_from", "")
    ]
    begun = [each for each in schedules if each.valid_from <= day]
    closures = [
        Closure(row.id, _date(row, "from"), _date(row, "until"), str(row.values["closed_reason"]))
        for row in _current(store, connection, place, "closure", "until", date)
    ]
    return Hours(
        place,
        begun[-1] if begun else None,
        next(iter(schedules[len(begun) :]), None),
        sorted(closures, key=lambda each: (each.since, each.until)),
    )


def notation(told: Hours) -> str:
    """The hours as OpenStreetMap writes them, closures included; empty when there are none.

    Of more closures than fit in the 500 characters that are accepted, the first are told.
    """
    if told.shown is None:
        return ""
    rules = [*_weekdays(told.shown), *told.shown.exceptions]
    for since, until in told.closed:
        more = [*rules, opening.dated(since, until)]
        if len("; ".join(more)) > opening.LONGEST:
            break
        rules = more
    return "; ".join(rules)


def _weekdays(schedule: Schedule) -> list[str]:
    """One rule for each different day, days that follow each other as a range."""
    days: dict[str, list[int]] = {}
    for nth, blocks in enumerate(schedule.week):
        if blocks:
            days.setdefault(",".join("-".join(block) for block in blocks), []).append(nth)
    return [f"{_ranges(same)} {blocks}" for blocks, same in days.items()]


def _ranges(days: Sequence[int]) -> str:
    runs = []
    for _, grouped in groupby(enumerate(days), lambda each: each[1] - each[0]):
        run = [opening.DAYS[day] for _, day in grouped]
        runs.append(f"{run[0]}-{run[-1]}" if len(run) > 2 else ",".join(run))
    return ",".join(runs)


def _current(
    store: Store,
    connection: sqlite3.Connection,
    place: Place,
    form_id: str,
    column: str,
    first: str,
) -> Sequence[Row]:
    """The current records of a form from `first` on; none when the instance has no such form."""
    form = store.forms.get(form_id)
    if form is None:
        return []
    found = rows.listing(store, connection, form, place.code, column, first, _LAST)
    return [row for row in found if row.state == rows.CURRENT]


def _date(row: Row, name: str) -> dt.date:
    return dt.date.fromisoformat(str(row.values[name]))
