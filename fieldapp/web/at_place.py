"""The office's page of one place: each day of a month with what was logged and what is missing."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, render_template

from fieldapp.ask.day import day_of
from fieldapp.ask.question import Form
from fieldapp.keep import correction, found
from fieldapp.keep import row as rows
from fieldapp.keep.found import Sought
from fieldapp.keep.row import Row
from fieldapp.report import completeness, hours, overview
from fieldapp.report.completeness import Expected, Place
from fieldapp.report.period import LENGTHS, Period, stretches
from fieldapp.web import language, office_choice, record_page, unnamed, wording
from fieldapp.web.access import signed_in
from fieldapp.web.beside import Beside
from fieldapp.web.hours import week
from fieldapp.web.instance import instance
from fieldapp.web.office_choice import may_change
from fieldapp.web.overview import signs
from fieldapp.web.surroundings import Surroundings

blueprint = Blueprint("at_place", __name__, url_prefix="/office/at")

_MOST = 2_000
"""Records of one place and month that are shown; more is no place's own work."""

View = dict[str, Any]


@dataclass
class Cell:
    """What there is of one form on one day, or of one period."""

    told: list[View] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What did not come in, by its daypart; empty for the day as a whole."""
    later: list[str] = field(default_factory=list)
    """What may still come in today."""
    received: int = 0

    @property
    def wanted(self) -> int:
        """How many records were to come in."""
        return self.received + len(self.missing) + len(self.later)


@blueprint.get("/<place_code>")
@signed_in("office", "reader")
def shown(place_code: str) -> str:
    """One place in a month, with its hours, its closures and its phones."""
    app, over, office = instance(), office_choice.month(), may_change()
    today = app.now().date()
    with app.store.read() as connection:
        place = next(iter(completeness.places(connection, place_code)), None) or abort(404)
        (line,) = overview.overview(connection, app.forms, app.settings, [place], over, app.now())
        due = completeness.expected(
            connection, app.forms, app.settings, [place], over.start, min(over.end, today)
        )
        days = list(completeness.days(connection, [place], over.start, over.end))
        month = _Month(connection, place, over, office)
        cells = month.cells(due)
        told = hours.hours(app.store, connection, place, over.start)
        now = hours.hours(app.store, connection, place, min(over.end, today)).now
        phones = overview.phones(connection, place.code)
    reasons = _reasons()
    page = {
        "place": place,
        "month": over.text,
        "title": language.month_name(over.start),
        "months": office_choice.months(),
        "kind": office_choice.choice_names("kind").get(place.kind, place.kind),
        "wijk": office_choice.choice_names("wijk").get(place.wijk, place.wijk),
        "line": line,
        "signs": signs(),
        "titles": [language.pick(form.title) for form in month.daily],
        "days": [
            {
                "square": square,
                "nothing": square.state == overview.FREE
                and not any(cells[form.form_id, day.date].told for form in month.daily),
                "why": reasons.get(day.why or "", ""),
                "holiday": day.reason == "holiday",
                "active": day.reason != "not_active",
                "cells": [cells[form.form_id, day.date] for form in month.daily],
            }
            for day, square in zip(days, line.squares, strict=True)
        ],
        "whole": [
            (language.pick(form.title), end >= today.isoformat(), cells[form.form_id, start])
            for form, start, end in month.whole
        ],
        "more": month.more,
        "hours": week(now, language.language()),
        "closures": [
            (each, reasons.get(each.reason, "")) for each in told.closures if each.since <= over.end
        ],
        "phones": phones,
        "office": office,
        "first": over.start.isoformat(),
        "last": over.end.isoformat(),
        "year": over.start.year,
    }
    return render_template("office/at.html", page=page)


class _Month:
    """The records of one place in a month, by form and day."""

    def __init__(
        self, connection: sqlite3.Connection, place: Place, over: Period, office: bool
    ) -> None:
        app = instance()
        self._connection, self._place, self._over = connection, place, over
        self._here = Surroundings(app.store, connection, None, app.now())
        self._words = Beside(connection, self._here, named=False)
        self._today = app.now().date().isoformat()
        forms = sorted(app.forms.values(), key=lambda form: form.order)
        self._forms = [form for form in forms if place.kind in form.places]
        self.daily = [f for f in self._forms if f.expected and f.expected not in LENGTHS]
        self.whole: Sequence[tuple[Form, str, str]] = [
            (form, start.isoformat(), end.isoformat())
            for form in self._forms
            for start, end in stretches(form.expected, over.start, over.end)
        ]
        self._rows = self._found() if office else []
        ids = [row.id for row in self._rows]
        self._corrected = correction.corrected(connection, ids) if office else frozenset()
        expected = {form.form_id for form in self._forms if form.expected}
        self.more = [
            self._told(row, language.pick(row.form.title), unnamed.summary(row, self._here))
            for row in self._rows
            if row.form.form_id not in expected
        ]
        """What was logged that nobody waited for."""

    def cells(self, due: Iterable[Expected]) -> Mapping[tuple[str, str], Cell]:
        """What there is of each form and day, and of what was `due` what is not."""
        made: dict[tuple[str, str], Cell] = defaultdict(Cell)
        for row in self._rows:
            made[row.form.form_id, _day(row)].told.append(self._told(row, "", self._brief(row)))
        for each in due:
            cell = made[each.form_id, each.date]
            if each.received:
                cell.received += 1
                continue
            part = self._part(instance().forms[each.form_id], each.daypart)
            (cell.missing if each.due < self._today else cell.later).append(part)
        return made

    def _found(self) -> Sequence[Row]:
        over = self._over
        days = [f for f in self._forms if f.expected not in LENGTHS]
        listed = list(self._sought(days, over.start.isoformat(), over.end.isoformat()))
        for form, start, _ in self.whole:
            listed += self._sought([form], start, start)
        return listed

    def _sought(self, forms: Sequence[Form], first: str, last: str) -> Sequence[Row]:
        sought = Sought(forms, place=self._place.code, first=first, last=last)
        page = found.find(instance().store, self._connection, sought, 0, _MOST)
        return sorted(page.rows, key=_order)

    def _told(self, row: Row, title: str, text: str) -> View:
        return {
            "url": record_page.address(row.form.form_id, row.id),
            "title": title,
            "text": text,
            "state": row.state,
            "corrected": row.id in self._corrected,
            "counts": row.state == rows.CURRENT,
        }

    def _brief(self, row: Row) -> str:
        """A record without its day: its daypart, and the number that counts."""
        form = row.form
        keys = [name for name in form.key if name != day_of(form)]
        parts = [wording.keyed(form, name, row.values, self._here) for name in keys]
        figure = self._words.figure(form, row.values)
        if not parts and not figure:
            told = {name: row.values.get(name) for name in unnamed.without_private(form).columns}
            return wording.summary(form, told, self._here, day=False)
        return ", ".join(part for part in (*parts, figure) if part)

    def _part(self, form: Form, daypart: str | None) -> str:
        question = form.questions.get("daypart")
        labels = {c.name: language.pick(c.label) for c in question.choices} if question else {}
        return labels.get(daypart or "", "").lower()


def _day(row: Row) -> str:
    return str(row.values.get(day_of(row.form)) or row.received_at)[:10]


def _order(row: Row) -> tuple[str, int, bool, str]:
    """Records in the order of the day, by daypart as far as asked; what counts first."""
    question = row.form.questions.get("daypart")
    parts = [choice.name for choice in question.choices] if question else []
    part = row.values.get("daypart")
    nth = parts.index(part) if part in parts else 0
    return _day(row), nth, row.state != rows.CURRENT, row.received_at


def _reasons() -> Mapping[str, str]:
    """Why a place closes for longer, in words."""
    form = instance().forms.get("closure")
    question = form.questions.get("closed_reason") if form else None
    return {c.name: language.pick(c.label) for c in question.choices} if question else {}
