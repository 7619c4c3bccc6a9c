"""The question types: how each is asked, read, kept and shown. No other module knows types."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from fieldapp.ask.kind import (
    Cell,
    Kind,
    added,
    both,
    date_cell,
    moment,
    moment_cell,
    number_text,
    several_text,
    time_cell,
    united,
)
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

_UNSEEN = {"": "calculate"}
_ONE = {"": "radios", "minimal": "dropdown", "quick": "radios", "likert": "radios"}


def _noted(
    name: str,
    doc: str,
    at: Callable[[dt.datetime], str],
    cell: Callable[[Stored], Cell],
    number_format: str = "d-m-yyyy",
) -> Kind:
    """A type that the server fills in by itself, about the moment."""
    return Kind(
        name,
        doc,
        read_nothing,
        widgets=_UNSEEN,
        filled_by="server",
        at=at,
        cell=cell,
        number_format=number_format,
    )


_KINDS = (
    Kind(
        "integer",
        "whole number",
        read_integer,
        "INTEGER",
        {"": "number", "counter": "counter", "numbers": "number"},
        text=number_text,
        number_format="#,##0",
        join=added,
    ),
    Kind(
        "decimal",
        "number, comma or point",
        read_decimal,
        "REAL",
        {"": "number", "numbers": "number"},
        text=number_text,
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
        cell=date_cell,
        number_format="d-m-yyyy",
        flags=frozenset({"quick"}),
    ),
    Kind(
        "time",
        "time of day",
        read_time,
        widgets={"": "time"},
        cell=time_cell,
        number_format="hh:mm",
    ),
    Kind(
        "dateTime",
        "day and time",
        read_datetime,
        widgets={"": "datetime"},
        cell=moment_cell,
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
        text=several_text,
        join=united,
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
        text=several_text,
        join=united,
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
    Kind("acknowledge", "a tick", read_acknowledge, widgets={"": "acknowledge"}, join=both),
    Kind(
        "range",
        "number on a scale",
        read_range,
        "REAL",
        {"": "range"},
        text=number_text,
        number_format="#,##0.##",
    ),
    _noted("start", "when it was opened", moment, moment_cell, "d-m-yyyy hh:mm"),
    _noted("end", "when it was sent", moment, moment_cell, "d-m-yyyy hh:mm"),
    _noted("today", "the day of sending", lambda now: now.date().isoformat(), date_cell),
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
    return _array(value) if isinstance(value, list) else value


_array = json.JSONEncoder(ensure_ascii=False).encode


def from_column(question: Question, value: str | int | float | None) -> Stored:
    """What `to_column` kept, read back."""
    if value is not None and kind_of(question).picks == "several":
        picked: list[str] = json.loads(str(value))
        return picked
    return value
