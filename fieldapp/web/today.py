"""What a place still has to do: today's forms, what is missing, until when a month can change."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldapp.ask.question import Form
from fieldapp.errors import Message
from fieldapp.keep import closing
from fieldapp.report import completeness, duties
from fieldapp.report.completeness import Expected, Place
from fieldapp.web import language, wording
from fieldapp.web.card import Card, Missing, OneTap, Say, address
from fieldapp.web.instance import Instance
from fieldapp.web.months import months
from fieldapp.web.surroundings import Surroundings

_LOOK_BACK = 7  # days
_MOST_MISSING = 12


@dataclass(frozen=True)
class Today:
    """What home shows."""

    today: list[Card] = field(default_factory=list)
    other: list[Card] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    taps: list[OneTap] = field(default_factory=list)


def today(
    app: Instance, connection: sqlite3.Connection, place: Place, here: Surroundings, say: Say
) -> Today:
    """The forms of today, what takes one tap, and what is missing of week, month and year."""
    day = here.now.date()
    longer = months(app, connection, place, here, last_day_of_change(app, day)[0], say)
    forms = {id: form for id, form in app.forms.items() if place.kind in form.places}
    daily = {id: form for id, form in forms.items() if form.expected.startswith("open_")}
    due = list(
        completeness.expected(
            connection,
            daily,
            app.settings,
            [place],
            day - dt.timedelta(days=_LOOK_BACK),
            day,
        )
    )
    now = [each for each in due if each.date == day.isoformat()]
    cards = [
        _card(form, [e for e in now if e.form_id == form.form_id], say) for form in daily.values()
    ]
    other = [
        Card(form.form_id, language.pick(form.title), form.icon, address(form), "optional")
        for form in forms.values()
        if not form.expected
    ]
    taps = [_one_tap(forms, now, here, say), longer.one_tap]
    return Today(
        [*cards, *longer.today],
        [*other, *longer.other],
        [*longer.missing, *_missing(forms, due, here)],
        [tap for tap in taps if tap],
    )


def next_forms(
    app: Instance, connection: sqlite3.Connection, place: Place, here: Surroundings, say: Say
) -> list[tuple[str, str]]:
    """Today's forms that are still to be filled in."""
    found = today(app, connection, place, here, say)
    following = []
    for card in found.today:
        if card.state != "todo":
            continue
        parts = [
            (url, f"{card.title}: {label.lower()}")
            for label, url, done, _ in card.parts
            if not done
        ]
        following += parts or [(card.url, card.title)]
    return following


def last_day_of_change(app: Instance, day: dt.date) -> tuple[dt.date, dt.date]:
    """The month that can still change, and the last day on which it can.

    In the first days of a month that is the month before, unless it is closed already.
    """
    first = day.replace(day=1)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    due = due_day(app, before)
    if day <= due:
        with app.store.read() as connection:
            closed = closing.closed(connection)
        if f"{before:%Y-%m}" not in closed:
            return before, due
    return first, due_day(app, first)


def due_day(app: Instance, first: dt.date) -> dt.date:
    """Until when a month can change: so many working days into the next one."""
    return duties.due_day(first, app.settings)


def due(app: Instance) -> Message:
    """Until when which month can change, as every page says that shows records of a place."""
    month, last = last_day_of_change(app, app.now().date())
    return Message(
        "U kunt {month} nog veranderen tot en met {day}.",
        {"month": language.month_name(month), "day": language.day(last)},
    )


def _card(form: Form, due: Sequence[Expected], say: Say) -> Card:
    parts: list[tuple[str, str, bool, str]] = []
    if form.expected == "open_daypart":
        labels = {c.name: language.pick(c.label) for c in form.questions["daypart"].choices}
        parts = [
            (labels[e.daypart], address(form, e), e.received, "")
            for e in due
            if e.daypart is not None
        ]
    done = bool(due) and all(e.received for e in due)
    state = "done" if done else "todo" if due else "optional"
    note = "" if due else say("Vandaag niet nodig")
    title = language.pick(form.title)
    return Card(form.form_id, title, form.icon, address(form), state, note, parts)


def _missing(forms: dict[str, Form], due: Sequence[Expected], here: Surroundings) -> list[Missing]:
    today_ = here.now.date().isoformat()
    found = []
    for each in sorted(due, key=lambda e: e.date, reverse=True):
        if each.received or each.date == today_:
            continue
        form = forms[each.form_id]
        title = language.pick(form.title)
        if each.daypart:
            labels = {c.name: language.pick(c.label) for c in form.questions["daypart"].choices}
            title += f", {labels[each.daypart].lower()}"
        day = wording.near_day(each.date, here)
        found.append((address(form, each), day[:1].upper() + day[1:], title))
    return found[:_MOST_MISSING]


def _one_tap(
    forms: dict[str, Form], now: Sequence[Expected], here: Surroundings, say: Say
) -> OneTap | None:
    form = forms.get("opening")
    if form is None or not any(e.form_id == "opening" and not e.received for e in now):
        return None
    date = here.now.date().isoformat()
    texts = {"date": date}
    times = {
        name: here.prefill(form, question, texts)
        for name, question in form.columns.items()
        if question.prefill and name.startswith("open_")
    }
    blocks = [(times["open_from"], times["open_until"])]
    if times.get("open_from_2"):
        blocks.append((times["open_from_2"], times["open_until_2"]))
    if not all(blocks[0]):
        return None
    spans = say(" en ").join(
        say("van {start} tot {end}", start=_clock(a), end=_clock(b)) for a, b in blocks
    )
    hidden = [("instanceID", str(uuid.uuid4())), ("version", form.version), ("date", date)]
    hidden += [("open", "yes"), *[(name, text) for name, text in times.items() if text]]
    return OneTap(
        say("Was u vandaag open {spans}?", spans=spans),
        address(form),
        hidden,
        say("Ja, dat klopt"),
        address(form),
    )


def _clock(text: str) -> str:
    return text.removeprefix("0")
