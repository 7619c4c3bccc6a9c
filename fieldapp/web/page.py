"""What the template of a form's page is given: groups, fields, options, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_SHORT = 8  # choices that are looked through without headings


@dataclass(frozen=True)
class Option:
    """A choice on the page."""

    value: str
    label: str
    checked: bool
    hidden: bool
    extra: str
    """As JSON: the columns that the question's filter reads."""
    lately: bool = False
    """Whether this is a person who was here lately."""


@dataclass(frozen=True)
class Again:
    """What a list needs to tick the same people as last time."""

    crews: str
    """As JSON: the questions of the key, and per crew its day, the rest of its key, and codes."""
    query: Mapping[str, str]
    """With what the form opens with them ticked; empty when something was typed already."""


@dataclass(frozen=True)
class FieldView:
    """A question on the page."""

    name: str
    id: str
    widget: str
    label: str
    hint: str
    optional: bool
    error: str
    value: str
    values: frozenset[str]
    choices: Sequence[Option]
    flags: frozenset[str]
    parameters: Mapping[str, str]
    relevant: bool
    days: Sequence[tuple[str, str]]
    other: str
    inputmode: str = ""
    again: Again | None = None
    is_group: bool = False

    @property
    def lately(self) -> int:
        """How many choices stand first as people who were here lately; 0: no headings needed."""
        first = sum(choice.lately for choice in self.choices)
        return first if len(self.choices) > _SHORT and first < len(self.choices) else 0


@dataclass(frozen=True)
class GroupView:
    """Questions that stand together on the page."""

    name: str
    label: str
    hint: str
    folded: bool
    open: bool
    relevant: bool
    items: Sequence[FieldView | GroupView]
    is_group: bool = True


@dataclass(frozen=True)
class Record:
    """What a page says of a record that is kept already."""

    submitted: str
    state: str
    double: str = ""
    """Where a double is decided."""


@dataclass(frozen=True)
class FormPage:
    """Everything the form's template needs."""

    form_id: str
    title: str
    action: str
    instance_id: str
    version: str
    edits: int | None
    items: Sequence[Any]
    errors: Sequence[tuple[str, str]]
    definition: str
    back: str
    submit: str
    hint: str = ""
    flash: str = ""
    record: Record | None = None
    withdraw: str = ""
    doubts: Sequence[Any] = ()
    """What is asked back (`doubt.py`)."""
    caution: str = ""
    """What is hard to believe of the record."""
    fresh: bool = False
    """Whether it was just opened, so that nobody's slips stand in it."""
    standing: Any = None
    """Whether its month is closed, and what was asked for (`standing.py`)."""

    @property
    def picks(self) -> bool:
        """Whether people are picked on it, which takes a script more."""
        return any(_picks(item) for item in self.items)


def _picks(item: FieldView | GroupView) -> bool:
    if isinstance(item, GroupView):
        return any(_picks(each) for each in item.items)
    return item.widget.startswith("pick_") and bool(item.choices)


@dataclass(frozen=True)
class Filled:
    """What stands in the fields: as typed, as kept, or as it starts."""

    raw: Mapping[str, Sequence[str]]
    messages: Mapping[str, str] = field(default_factory=dict)
    new: bool = False
    """Whether nobody typed anything yet."""
