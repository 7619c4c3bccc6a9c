"""What a place is told of hours that are hard to believe: at the record, and in its list."""

from __future__ import annotations

import datetime as dt
import sqlite3

from babel.numbers import format_decimal

from fieldapp.ask.question import Form
from fieldapp.errors import Message
from fieldapp.keep.presence import FORMS
from fieldapp.keep.row import Row
from fieldapp.report import plausible
from fieldapp.report.completeness import Place
from fieldapp.report.plausible import Surplus
from fieldapp.web import language
from fieldapp.web.instance import Instance

_READ = {"opening", *(form for form, _ in FORMS)}


def caution(
    app: Instance, connection: sqlite3.Connection, place: Place | None, form: Form, row: Row
) -> Message | None:
    """What is hard to believe in a record of this place, without a name; None for nothing."""
    if place is None or form.form_id not in _READ or not _READ.issubset(app.forms):
        return None
    day = dt.date.fromisoformat(str(row.values["date"]))
    found = plausible.surpluses(connection, app.settings, [place], day, day)
    surplus = plausible.worst(found, row.id)
    return _sentence(form, surplus) if surplus else None


def flagged(
    app: Instance, connection: sqlite3.Connection, place: Place, first: dt.date, last: dt.date
) -> frozenset[str]:
    """The records of `place` with hours that are hard to believe."""
    if not _READ.issubset(app.forms):
        return frozenset()
    found = plausible.surpluses(connection, app.settings, [place], first, last)
    return frozenset(row for surplus in found for row in surplus.rows)


def _sentence(form: Form, surplus: Surplus) -> Message:
    values = {"hours": _number(surplus.hours), "room": _number(surplus.room)}
    if surplus.daypart is None:
        return Message(
            "Let op: {hours} uur is meer dan de plek die dag open was ({room} uur). "
            "Klopt dat niet?",
            values,
        )
    labels = {choice.name: choice.label for choice in form.questions["daypart"].choices}
    values["part"] = language.pick(labels[surplus.daypart]).lower()
    if len(surplus.rows) > 1:
        return Message(
            "Let op: met een andere groep erbij komt iemand op {hours} uur. Dat is meer dan de "
            "{part} heeft ({room} uur). Klopt dat niet?",
            values,
        )
    return Message(
        "Let op: {hours} uur is meer dan de {part} heeft ({room} uur). Klopt dat niet?", values
    )


def _number(hours: float) -> str:
    return str(format_decimal(round(hours, 2), locale=language.language()))
