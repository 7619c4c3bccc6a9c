"""The day that a record is about: which question says it, and in which month that lies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form

_DUE: Mapping[str, int] = MappingProxyType({"quarter": 2, "year": 11})
"""How many months after the one it names a record of a longer period falls due."""


def day_of(form: Form) -> str:
    """The question that says which day a record is about; empty when there is none."""
    dated = [name for name, question in form.columns.items() if kind_of(question).parts]
    keyed = [name for name in form.key if name in dated]
    return (keyed or dated or [""])[0]


def month_of(form: Form, values: Mapping[str, Any]) -> str:
    """The month that a record is about, as 2026-10; empty when its form asks for no day.

    What is told of a quarter or a year belongs to the last month of that.
    """
    named = str(values.get(day_of(form)) or "")[:7]
    later = _DUE.get(form.expected, 0)
    return f"{named[:5]}{min(12, int(named[5:]) + later):02}" if named and later else named
