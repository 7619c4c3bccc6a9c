"""What the template of a form's page is given: groups, fields, options, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Option:
    """A choice on the page."""

    value: str
    label: str
    checked: bool
    hidden: bool
    extra: Mapping[str, str]


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
    is_group: bool = False


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


@dataclass(frozen=True)
class Filled:
    """What stands in the fields: as typed, as kept, or as it starts."""

    raw: Mapping[str, Sequence[str]]
    messages: Mapping[str, str] = field(default_factory=dict)
