"""What a question type is: how it is asked, read, kept, shown, and what two answers come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.ask.evaluate import to_text
from fieldapp.ask.question import Question
from fieldapp.ask.reading import Stored, read_acknowledge

Cell = str | int | float | dt.date | dt.datetime | dt.time | None
"""What a workbook cell holds."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One XLSForm question type."""

    name: str
    doc: str
    read: Callable[[Sequence[str], Question], Stored]
    column: str = "TEXT"  # SQLite type; "" keeps nothing
    widgets: Mapping[str, str] = field(default_factory=lambda: {"": "text"})
    """Macro that asks it, per appearance; "" is the plain one."""
    flags: frozenset[str] = frozenset()
    """Appearances that change details of a widget, not which one."""
    text: Callable[[Stored], str] = lambda value: "" if value is None else str(value)
    """The string that expressions see (XPath's string value)."""
    cell: Callable[[Stored], Cell] = lambda value: value if not isinstance(value, list) else None
    number_format: str = "@"
    picks: str = ""  # "one" or "several" when the answer is picked from choices
    parts: tuple[str, ...] = ()
    """Further fields of the page that carry the answer: `date.other` for part `other`."""
    filled_by: str = "person"  # or "server": never taken from what a phone sends
    at: Callable[[dt.datetime], str] | None = None
    """What the server fills in at a moment, for types that are about the moment itself."""
    join: Callable[[Stored, Stored], Stored] = lambda one, two: two if one is None else one
    """What two answers come to when two records become one; plain: the first that is answered."""

    @property
    def appearances(self) -> frozenset[str]:
        """Every appearance this type may have."""
        return frozenset(self.widgets) - {""} | self.flags

    @property
    def shown_as(self) -> str:
        """How a column of a workbook shows it: integer, decimal, date, time, moment or text."""
        plain = _SHOWN.get(self.cell, "text")
        return {"INTEGER": "integer", "REAL": "decimal"}.get(self.column, plain)

    @property
    def ticked(self) -> str:
        """What a tick is kept as; empty for types that are none."""
        return "OK" if self.read is read_acknowledge else ""

    @property
    def adds(self) -> bool:
        """Whether two answers are added up when two records become one."""
        return self.join is added

    def widget(self, question: Question) -> str:
        """The name of the macro that asks this question."""
        return next(
            (self.widgets[a] for a in question.appearance if a in self.widgets), self.widgets[""]
        )


def number_text(value: Stored) -> str:
    """A number as expressions see it."""
    return to_text(float(value)) if isinstance(value, int | float) else ""


def several_text(value: Stored) -> str:
    """Several choices as expressions see them."""
    return " ".join(value) if isinstance(value, list) else ""


def date_cell(value: Stored) -> Cell:
    """A day as a cell of a workbook."""
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def time_cell(value: Stored) -> Cell:
    """A time of day as a cell of a workbook."""
    return dt.time.fromisoformat(value) if isinstance(value, str) and value else None


def moment_cell(value: Stored) -> Cell:
    """A moment as a cell of a workbook."""
    return dt.datetime.fromisoformat(value) if isinstance(value, str) and value else None


_SHOWN: Mapping[Callable[[Stored], Cell], str] = {
    date_cell: "date",
    time_cell: "time",
    moment_cell: "moment",
}


def added(one: Stored, two: Stored) -> Stored:
    """Both numbers together; the one that there is; None when there is none."""
    found = [value for value in (one, two) if isinstance(value, int)]
    return sum(found) if found else None


def united(one: Stored, two: Stored) -> Stored:
    """What either picked, in order."""
    picked = [value for listed in (one, two) if isinstance(listed, list) for value in listed]
    return list(dict.fromkeys(picked)) or None


def both(one: Stored, two: Stored) -> Stored:
    """What both say."""
    return one if one == two else None  # "not counted" no longer holds when the other counted


def moment(now: dt.datetime) -> str:
    """A moment as it is kept, to the second."""
    return now.isoformat(timespec="seconds")
