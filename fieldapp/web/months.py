"""The forms of a month, a quarter or a year on home: cards, what is missing, and one tap."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldapp.ask.question import Form
from fieldapp.report import completeness
from fieldapp.report.completeness import Expected, Place
from fieldapp.report.period import LENGTHS, bounds
from fieldapp.web import language
from fieldapp.web.card import Card, Missing, OneTap, Say, address
from fieldapp.web.instance import Instance
from fieldapp.web.surroundings import Surroundings

_AHEAD = {"month": 7, "quarter": 7, "year": 31}
"""On how many last days of its period a form stands among those of today."""

_BEHIND = 31
"""On how many days after its end a year is asked for; a month is as long as it can change."""


@dataclass(frozen=True)
class Months:
    """What home shows of longer periods."""

    today: list[Card] = field(default_factory=list)
    other: list[Card] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    one_tap: OneTap | None = None


def months(
    app: Instance,
    connection: sqlite3.Connection,
    place: Place,
    here: Surroundings,
    can_change: dt.date,
    say: Say,
) -> Months:
    """The forms of periods that are nearly over, the quiet ones, and those that are missing.

    `can_change` is the first day of the month that can still be changed.
    """
    forms = {
        form.form_id: form
        for form in app.forms.values()
        if form.expected in LENGTHS and place.kind in form.places
    }
    if not forms:
        return Months()
    day = here.now.date()
    last = max(bounds(form.expected, day)[1] for form in forms.values())
    since = day - dt.timedelta(days=_BEHIND)
    due = list(completeness.expected(connection, forms, app.settings, [place], since, last))
    now = {e.form_id: e for e in due if e.date <= day.isoformat() <= e.due}
    late = [
        each
        for each in due
        if each.due < day.isoformat()
        and not each.received
        and (each.due >= can_change.isoformat() or forms[each.form_id].expected == "year")
    ]
    near = {id for id, each in now.items() if day >= _opens(forms[id], each)}
    cards = [
        (form.form_id, _card(form, now.get(form.form_id), near, say)) for form in forms.values()
    ]
    open_now = [*late, *(now[id] for id in sorted(near) if not now[id].received)]
    return Months(
        [card for id, card in cards if id in near],
        [card for id, card in cards if id not in near],
        [_missing(forms[each.form_id], each, say) for each in late],
        _one_tap(forms, open_now, here, say),
    )


def _opens(form: Form, each: Expected) -> dt.date:
    """The first of the days on which a form stands among those of today."""
    return dt.date.fromisoformat(each.due) - dt.timedelta(days=_AHEAD[form.expected] - 1)


def _card(form: Form, now: Expected | None, near: set[str], say: Say) -> Card:
    state, note = "optional", ""
    if now is None:
        note = say("Nu niet nodig")
    elif now.received:
        state, note = "done", say("Ingevuld voor {period}", period=_name(form, now, say))
    elif form.form_id in near:
        state, note = "todo", say("Nog invullen voor {period}", period=_name(form, now, say))
    else:
        note = say("Vanaf {day}", day=language.day(_opens(form, now)))
    return Card(form.form_id, language.pick(form.title), form.icon, address(form, now), state, note)


def _missing(form: Form, each: Expected, say: Say) -> Missing:
    name = _name(form, each, say)
    return address(form, each), name[:1].upper() + name[1:], language.pick(form.title)


def _name(form: Form, each: Expected, say: Say) -> str:
    """What people call the period: "november", "2026"."""
    first = dt.date.fromisoformat(each.date)
    if form.expected == "year":
        return str(first.year)
    if form.expected == "quarter":
        number = str(first.month // 3 + 1)
        return say("kwartaal {number} van {year}", number=number, year=str(first.year))
    return language.month_alone(first)


def _one_tap(
    forms: dict[str, Form], wanted: Sequence[Expected], here: Surroundings, say: Say
) -> OneTap | None:
    """The allowances of the month before once more, without those who left."""
    form = forms.get("volunteer_month")
    month = next((each.date for each in wanted if each.form_id == "volunteer_month"), None)
    if form is None or month is None:
        return None
    codes = here.prefill(form, form.columns["allowance"], {"month": month}).split()
    if not codes:
        return None
    first = dt.date.fromisoformat(month)
    name = language.month_alone(first)
    before = language.month_alone(first - dt.timedelta(days=1))
    hidden = [("instanceID", str(uuid.uuid4())), ("version", form.version), ("month", month)]
    return OneTap(
        say("Kreeg dezelfde persoon ook in {month} een vergoeding?", month=name)
        if len(codes) == 1
        else say(
            "Kregen dezelfde {count} mensen ook in {month} een vergoeding?",
            count=str(len(codes)),
            month=name,
        ),
        address(form),
        [*hidden, *(("allowance", code) for code in codes)],
        say("Ja, dat klopt"),
        f"{address(form)}?month={month}",
        say("Het gaat om de mensen van {month}. Wie gestopt is, telt niet mee.", month=before),
    )
