"""The question types: how each is asked, read, kept and shown. No other module knows types."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from fieldapp.ask.evaluate import to_text
from fieldapp.ask.question import Question
from fieldapp.ask.reading import (
    Stored,
    read_acknowledge,
    read_date,
    read_datetime,
    read_decimal,
    read_integer,
    read_nothing,
    read_one_choice,
    read_range,
    read_several,
    read_text,
    read_time,
)

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
        return self.join is _sum

    def widget(self, question: Question) -> str:
        """The name of the macro that asks this question."""
        return next(
            (self.widgets[a] for a in question.appearance if a in self.widgets), self.widgets[""]
        )


def _number_text(value: Stored) -> str:
    return to_text(float(value)) if isinstance(value, int | float) else ""


def _several_text(value: Stored) -> str:
    return " ".join(value) if isinstance(value, list) else ""


def _date_cell(value: Stored) -> Cell:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None


def _time_cell(value: Stored) -> Cell:
    return dt.time.fromisoformat(value) if isinstance(value, str) and value else None


def _moment_cell(value: Stored) -> Cell:
    return dt.datetime.fromisoformat(value) if isinstance(value, str) and value else None


_SHOWN: Mapping[Callable[[Stored], Cell], str] = {
    _date_cell: "date",
    _time_cell: "time",
    _moment_cell: "moment",
}


def _sum(one: Stored, two: Stored) -> Stored:
    found = [value for value in (one, two) if isinstance(value, int)]
    return sum(found) if found else None


def _united(one: Stored, two: Stored) -> Stored:
    picked = [value for listed in (one, two) if isinstance(listed, list) for value in listed]
    return list(dict.fromkeys(picked)) or None


def _both(one: Stored, two: Stored) -> Stored:
    return one if one == two else None  # "not counted" no longer holds when the other counted


def _moment(now: dt.datetime) -> str:
    return now.isoformat(timespec="seconds")


_UNSEEN = {"": "calculate"}
_ONE = {"": "radios", "minimal": "dropdown", "quick": "radios", "likert": "radios"}

_KINDS = (
    Kind(
        "integer",
        "whole number",
        read_integer,
        "INTEGER",
        {"": "number", "counter": "counter", "numbers": "number"},
        text=_number_text,
        number_format="#,##0",
        join=_sum,
    ),
    Kind(
        "decimal",
        "number, comma or point",
        read_decimal,
        "REAL",
        {"": "number", "numbers": "number"},
        text=_number_text,
        number_format="#,##0.##",
    ),
    Kind(
        "text",
        "words",
        read_text,
        widgets={"": "text", "multiline": "multiline", "numbers": "text"},
    ),
    Kind(
        "date",
        "day, month or year",
        read_date,
        "TEXT",
        {"": "date", "month-year": "month", "year": "year"},
        parts=("other",),
        cell=_date_cell,
        number_format="d-m-yyyy",
        flags=frozenset({"quick"}),
    ),
    Kind(
        "time",
        "time of day",
        read_time,
        widgets={"": "time"},
        cell=_time_cell,
        number_format="hh:mm",
    ),
    Kind(
        "dateTime",
        "day and time",
        read_datetime,
        widgets={"": "datetime"},
        cell=_moment_cell,
        number_format="d-m-yyyy hh:mm",
    ),
    Kind(
        "select_one",
        "one choice",
        read_one_choice,
        widgets=_ONE,
        flags=frozenset({"horizontal"}),
        picks="one",
    ),
    Kind(
        "select_multiple",
        "several choices",
        read_several,
        widgets={"": "checkboxes"},
        flags=frozenset({"horizontal"}),
        picks="several",
        text=_several_text,
        join=_united,
    ),
    Kind(
        "select_one_from_file",
        "one row of a register",
        read_one_choice,
        widgets={"": "pick_one", "minimal": "dropdown"},
        picks="one",
    ),
    Kind(
        "select_multiple_from_file",
        "several rows of a register",
        read_several,
        widgets={"": "pick_several"},
        picks="several",
        text=_several_text,
        join=_united,
    ),
    Kind("note", "text to read, nothing to answer", read_nothing, "", {"": "note"}),
    Kind(
        "calculate",
        "worked out from other answers",
        read_nothing,
        widgets=_UNSEEN,
        filled_by="calculation",
    ),
    Kind(
        "hidden",
        "filled in by the server",
        read_nothing,
        widgets=_UNSEEN,
        filled_by="server",
    ),
    Kind("acknowledge", "a tick", read_acknowledge, widgets={"": "acknowledge"}, join=_both),
    Kind(
        "range",
        "number on a scale",
        read_range,
        "REAL",
        {"": "range"},
        text=_number_text,
        number_format="#,##0.##",
    ),
    Kind(
        "start",
        "when it was opened",
        read_nothing,
        widgets=_UNSEEN,
        filled_by="server",
        at=_moment,
        cell=_moment_cell,
        number_format="d-m-yyyy hh:mm",
    ),
    Kind(
        "end",
        "when it was sent",
        read_nothing,
        widgets=_UNSEEN,
        filled_by="server",
        at=_moment,
        cell=_moment_cell,
        number_format="d-m-yyyy hh:mm",
    ),
    Kind(
        "today",
        "the day of sending",
        read_nothing,
        widgets=_UNSEEN,
        filled_by="server",
        at=lambda now: now.date().isoformat(),
        cell=_date_cell,
        number_format="d-m-yyyy",
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""Every supported question type by its XLSForm name."""

GROUP_APPEARANCES = frozenset({"compact", "field-list"})
"""`compact` folds a group away until it is tapped, as in Enketo."""


def kind_of(question: Question) -> Kind:
    """The type of `question`."""
    return KINDS[question.type]


def alike(one: Question, other: Question) -> bool:
    """Whether two questions are of one type."""
    return one.type == other.type


def to_column(value: Stored) -> str | int | float | None:
    """`value` as SQLite keeps it: several choices are a JSON array."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def from_column(question: Question, value: str | int | float | None) -> Stored:
    """What `to_column` kept, read back."""
    if value is not None and kind_of(question).picks == "several":
        picked: list[str] = json.loads(str(value))
        return picked
    return value
