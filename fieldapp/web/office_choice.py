"""What a page of the office is about: which month, which places, and who may change something."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence

from flask import abort, request

from fieldapp.errors import BadRequest
from fieldapp.report.completeness import Place
from fieldapp.report.period import Period, period
from fieldapp.web import language
from fieldapp.web.access import current_account
from fieldapp.web.instance import instance

_MONTHS = 24
_SETTLED = 5
"""Until this day of a month people ask about the month before."""

KINDS = ("meeting_place", "wijkbedrijf", "pilot")
"""The order in which the office thinks of places."""


def by_kind(place: Place) -> tuple[int, str]:
    """Where a place stands in a list."""
    return KINDS.index(place.kind), place.code


def month() -> Period:
    """The month of the address, else the one that people ask about now.

    BadRequest in the words of the screen when it is none.
    """
    today = instance().now().date()
    before = today.replace(day=1) - dt.timedelta(days=1)
    text = request.args.get("month") or f"{today if today.day > _SETTLED else before:%Y-%m}"
    with contextlib.suppress(BadRequest):
        over = period(text, today)
        if over.start.month == over.end.month:
            return over
    raise BadRequest("Kies een maand, bijvoorbeeld 2026-10.")


def months() -> Sequence[tuple[str, str]]:
    """The last months with their names, the newest first."""
    found, day = [], instance().now().date().replace(day=1)
    for _ in range(_MONTHS):
        found.append((f"{day:%Y-%m}", language.month_name(day)))
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return found


def choice_names(question: str) -> Mapping[str, str]:
    """The choices of a question about places, in words: the kinds, the wijken."""
    form = instance().forms.get("place")
    if form is None or question not in form.questions:
        return {}
    return {c.name: language.pick(c.label) for c in form.questions[question].choices}


def may_change() -> bool:
    """Whether who looks may change something; a reader only looks."""
    who = current_account()
    if who is None:
        abort(401)
    return who.role == "office"
