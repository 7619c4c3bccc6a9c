"""One week of a place as a sheet: a cell per day and per daypart, with what is kept there."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fieldapp.ask.answer import Raw
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.errors import BadRequest
from fieldapp.keep import row as rows
from fieldapp.keep.row import Row
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.report.completeness import Day, Place
from fieldapp.report.period import FIRST_YEAR
from fieldapp.web import drawing
from fieldapp.web.surroundings import Surroundings

OPEN, CLOSED = "yes", "no"
_TICK = "OK"
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday, numbered as ISO 8601 does."""

    monday: dt.date

    @property
    def text(self) -> str:
        """ "2026-W47"."""
        return "{}-W{:02}".format(*self.monday.isocalendar())

    @property
    def number(self) -> int:
        """Its number in the year."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> dt.date:
        """Its last day."""
        return self.monday + dt.timedelta(days=6)

    @property
    def before(self) -> Week | None:
        """The week before; None when that lies before the years we know."""
        found = Week(self.monday - _WEEK)
        return found if found.monday.isocalendar().year >= FIRST_YEAR else None

    def after(self, today: dt.date) -> Week | None:
        """The week after; None when it has not begun on `today`."""
        found = Week(self.monday + _WEEK)
        return found if found.monday <= today else None


def week(text: str, today: dt.date) -> Week:
    """The week that `text` names ("2026-W47"), without text the week of `today`.

    BadRequest when it does not read, is older than we know or has not begun.
    """
    text = text or "{}-W{:02}".format(*today.isocalendar())
    found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text, re.ASCII)
    try:
        year, number = (int(part) for part in found.groups()) if found else (0, 0)
        made = Week(dt.date.fromisocalendar(year, number, 1))
    except ValueError:
        made = None
    if made is None or year < FIRST_YEAR or made.monday > today:
        raise BadRequest("Deze week is er niet. Kies een week van 2020 tot en met nu.")
    return made


class Entry(NamedTuple):
    """What stands in a cell: a number, "yes" (open) or why it was closed; or the tick."""

    text: str = ""
    tick: bool = False
    """Whether it says "not counted"; with a number beside it that is no answer."""

    @classmethod
    def read(cls, told: str) -> Entry:
        """The entry that `str` tells."""
        return cls("", True) if told == _TICK else cls(told)

    @property
    def filled(self) -> bool:
        """Whether anything stands there."""
        return self != Entry()

    def __str__(self) -> str:
        return _TICK if self.tick else self.text


@dataclass(frozen=True)
class Cell:
    """One thing that a day is asked: whether the place was open, or how many came in a daypart."""

    form: Form
    date: str
    daypart: str = ""
    row: Row | None = None
    """The record that counts here."""
    undecided: bool = False
    """Whether a double waits here until somebody chooses."""

    @property
    def name(self) -> str:
        """What its field is called on the page."""
        return ".".join(part for part in (self.form.form_id, self.date, self.daypart) if part)

    @property
    def tick(self) -> str:
        """What the tick beside a number is called on the page: "not counted"."""
        return f"not_counted.{self.date}.{self.daypart}"

    @property
    def lock(self) -> str:
        """Which record counts here, and how often it was changed; empty when there is none."""
        return f"{self.row.id}:{self.row.edits}" if self.row else ""

    @property
    def entry(self) -> Entry:
        """What is kept."""
        if self.row is None:
            return Entry()
        texts = {
            name: kind_of(question).text(self.row.values.get(name))
            for name, question in self.form.columns.items()
        }
        if self.daypart:
            return Entry.read(texts["not_counted"] or texts["visitors"])
        return Entry(OPEN if texts["open"] == OPEN else texts["closed_reason"] or CLOSED)


@dataclass(frozen=True)
class SheetDay:
    """One day of the sheet."""

    day: Day
    opening: Cell
    counts: Sequence[Cell]
    ordinary: Raw
    """What the form of opening times starts with on this day: the hours of the schedule."""
    ahead: bool
    """Whether the day has yet to come: nothing can be filled in then."""

    @property
    def date(self) -> str:
        return self.day.date

    @property
    def cells(self) -> Sequence[Cell]:
        """The day's own cell and those of its dayparts."""
        return (self.opening, *self.counts)

    @property
    def shut(self) -> str:
        """Why nothing is expected though the schedule has hours: a `closed_reason`, or nothing."""
        return {"closure": self.day.why or CLOSED, "holiday": "holiday"}.get(self.day.reason, "")


@dataclass(frozen=True)
class Sheet:
    """The days of a week."""

    week: Week
    place: Place
    opening: Form
    visitors: Form | None
    """None at a kind of place that counts no visitors."""
    days: Sequence[SheetDay]
    last_week: Mapping[str, Raw] = field(default_factory=dict)
    """Per empty cell what a new record takes over from last week."""


def read(
    store: Store, connection: sqlite3.Connection, here: Surroundings, place: Place, over: Week
) -> Sheet:
    """The sheet of a week as it is kept now."""
    opening, visitors = store.forms["opening"], store.forms.get("visitors")
    if visitors and place.kind not in visitors.places:
        visitors = None
    dayparts = [choice.name for choice in visitors.questions["daypart"].choices] if visitors else []
    kept = _Kept(store, connection, place, over)
    days = []
    for day in completeness.days(connection, [place], over.monday, over.sunday):
        counts = [kept.cell(visitors, day.date, name) for name in dayparts] if visitors else []
        ordinary = start(kept.cell(opening, day.date), here)
        ahead = day.date > here.now.date().isoformat()
        days.append(SheetDay(day, kept.cell(opening, day.date), counts, ordinary, ahead))
    empty = [c for day in days if not day.ahead for c in day.counts if c.row is None]
    last_week = {cell.name: raw for cell in empty if (raw := _from_last_week(cell, here))}
    return Sheet(over, place, opening, visitors, days, last_week)


def start(cell: Cell, here: Surroundings) -> Raw:
    """What a new record of a cell starts with, as on the page of its form."""
    return drawing.start(cell.form, here, {"date": cell.date, "daypart": cell.daypart}).raw


def _from_last_week(cell: Cell, here: Surroundings) -> Raw:
    raw = start(cell, here)
    return {name: raw[name] for name, q in cell.form.columns.items() if q.prefill and raw[name]}


class _Kept:
    """The records of a week by what they are about."""

    def __init__(
        self, store: Store, connection: sqlite3.Connection, place: Place, over: Week
    ) -> None:
        self._current: dict[tuple[str, str, str], Row] = {}
        self._double: set[tuple[str, str, str]] = set()
        first, last = over.monday.isoformat(), over.sunday.isoformat()
        for form_id in ("opening", "visitors"):
            form = store.forms.get(form_id)
            if form is None:
                continue
            for row in rows.listing(store, connection, form, place.code, "date", first, last):
                key = (form_id, str(row.values["date"]), str(row.values.get("daypart", "")))
                if row.state == rows.CURRENT:
                    self._current[key] = row
                elif row.state == rows.DOUBLE:
                    self._double.add(key)

    def cell(self, form: Form, date: str, daypart: str = "") -> Cell:
        """The cell of a day or a daypart."""
        key = (form.form_id, date, daypart)
        return Cell(form, date, daypart, self._current.get(key), key in self._double)
