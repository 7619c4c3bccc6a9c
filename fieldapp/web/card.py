"""What the phone's home is made of: cards of forms, and questions that take one tap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fieldapp.ask.day import day_of
from fieldapp.ask.question import Form
from fieldapp.report.completeness import Expected

Say = Callable[..., str]


@dataclass(frozen=True)
class Card:
    """A form on the phone's home."""

    form_id: str
    title: str
    icon: str
    url: str
    state: str
    note: str = ""
    parts: Sequence[tuple[str, str, bool, str]] = ()


@dataclass(frozen=True)
class OneTap:
    """A record that is kept with one tap."""

    sentence: str
    action: str
    hidden: Sequence[tuple[str, str]]
    label: str
    change_url: str
    hint: str = ""


Missing = tuple[str, str, str]
"""A record that did not come in: address, day or month, and what to fill in."""


def address(form: Form, each: Expected | None = None) -> str:
    """Where a form opens; with `each` on its day and daypart."""
    if each is None:
        return f"/form/{form.form_id}"
    part = f"&daypart={each.daypart}" if each.daypart else ""
    return f"/form/{form.form_id}?{day_of(form)}={each.date}{part}"
