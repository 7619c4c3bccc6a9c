"""What the office keeps of the covenant: one page per register, and the page that leads to them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.errors import Message
from fieldapp.keep import passed, public, register
from fieldapp.keep import row as rows
from fieldapp.keep.row import Row
from fieldapp.report.sentence import figure
from fieldapp.web import language, wording
from fieldapp.web.access import office_desk, signed_in
from fieldapp.web.instance import instance
from fieldapp.web.office_choice import may_change
from fieldapp.web.surroundings import Surroundings

blueprint = Blueprint("registers", __name__, url_prefix="/office")


@dataclass(frozen=True, slots=True)
class Register:
    """One page: whose records it lists, what it says about them, and which answers it shows."""

    form: str
    title: Message
    about: Message
    add: Message
    columns: Sequence[str]
    newest: bool = False
    """Whether only the newest of a result stands in full, with the earlier ones folded away."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a result or an initiative: its title, and the kind and unit of its value."""

    title: str = ""
    kind: str = ""
    unit: str = ""


REGISTERS: Mapping[str, Register] = {
    "initiatives": Register(
        "initiative",
        Message("Initiatieven"),
        Message("Wat de partijen doen (artikel 3), voor welk doel en voor welke resultaten."),
        Message("Initiatief toevoegen"),
        ("goal", "results", "owner"),
    ),
    "milestones": Register(
        "milestone",
        Message("Stand van resultaten"),
        Message(
            "Wat geen plek telt: hoe het ervoor staat, wat er is gedaan en wat er gaat gebeuren. "
            "Ook in woorden over een initiatief van artikel 3."
        ),
        Message("Stand toevoegen"),
        ("as_of", "status", "value", "explanation", "outlook"),
        newest=True,
    ),
    "meetings": Register(
        "network_meeting",
        Message("Bijeenkomsten van coördinatoren"),
        Message("Wanneer het netwerk bij elkaar kwam, en welke plekken er waren."),
        Message("Bijeenkomst toevoegen"),
        ("places", "about"),
    ),
    "targets": Register(
        "target",
        Message("Streefcijfers"),
        Message(
            "Wat is afgesproken, vanaf wanneer en waar dat staat. Verandert een getal door een "
            "addendum? Sluit het oude af en voeg het nieuwe toe: oude verslagen blijven dan "
            "kloppen."
        ),
        Message("Streefcijfer toevoegen"),
        ("value", "value_most", "valid_from", "valid_until", "source"),
    ),
    "paths": Register(
        "path",
        Message("Pad naar het streefcijfer"),
        Message(
            "Welk getal op welke dag bereikt moet zijn. Zonder pad zegt het verslag: "
            "geen pad afgesproken."
        ),
        Message("Punt toevoegen"),
        ("date", "value", "source"),
    ),
    "baselines": Register(
        "baseline",
        Message("Nulmetingen"),
        Message(
            "Het getal bij het begin. Zonder nulmeting zegt het verslag: geen nulmeting. "
            "De openingstijden bij het begin staan bij de feiten per plek."
        ),
        Message("Nulmeting toevoegen"),
        ("place_code", "value", "as_of", "source"),
    ),
    "judgements": Register(
        "judgement",
        Message("Oordelen van het bureau"),
        Message(
            "Wat het bureau er zelf van vindt, naast de cijfers. Hier maakt u een resultaat ook "
            "vertrouwelijk."
        ),
        Message("Oordeel toevoegen"),
        ("as_of", "judgement", "words", "confidential_reason"),
        newest=True,
    ),
}
"""Every register by the last part of its address."""

PAGES: Mapping[str, str] = {
    **{each.form: f"/office/{name}" for name, each in REGISTERS.items()},
    passed.FORM: "/office/reading",
}
"""The page on which a form's records stand, by form."""

_FEW = 3  # answers that tell an earlier record
_NO_NUMBER = frozenset({"", "status", "date", "yes_no"})
"""Kinds of results whose values have no unit of their own."""

Id = tuple[tuple[int, int, str], ...]


@blueprint.get("/covenant")
@signed_in("office", "reader")
def covenant() -> str:
    """Every register with what it is for and how much is in it."""
    app = instance()
    with app.store.read() as connection:
        counts = {name: len(_current(connection, app.forms[each.form])) for name, each in _asked()}
        unread = passed.how_many(app.store, connection)
    cards = [
        {
            "address": f"/office/{name}",
            "title": language.say(app.catalogues, each.title),
            "about": language.say(app.catalogues, each.about),
            "count": counts[name],
        }
        for name, each in _asked()
    ]
    return render_template(
        "office/covenant.html", cards=cards, unread=unread, may_change=may_change()
    )


@blueprint.get(f"/<any({', '.join(REGISTERS)}):name>")
@signed_in("office", "reader")
def listed(name: str) -> str:
    """The records of one register."""
    app, desk, here_is = instance(), office_desk(), REGISTERS[name]
    form = desk.form(here_is.form)
    with app.store.read() as connection:
        found = _current(connection, form)
        if not may_change():
            found = public.without(connection, found)
        about = _about(connection)
        here = desk.around(app, connection)
        lines = [_line(form, here_is, group, about, here) for group in _groups(here_is, found)]
    return render_template(
        "office/register.html",
        title=language.say(app.catalogues, here_is.title),
        about=language.say(app.catalogues, here_is.about),
        add=language.say(app.catalogues, here_is.add),
        new=desk.url(form),
        first=language.pick(form.questions[form.key[0]].label),
        headings=[language.pick(form.questions[column].label) for column in here_is.columns],
        styles=[_style(form, column) for column in here_is.columns],
        newest=here_is.newest,
        lines=lines,
        may_change=may_change(),
    )


def by_id(text: str) -> Id:
    """Sorts ids of results as people count: 4/1.1.2 before 4/1.1.10, letters last."""
    parts = re.split(r"[/.]", text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def _asked() -> list[tuple[str, Register]]:
    forms = instance().forms
    return [(name, each) for name, each in REGISTERS.items() if each.form in forms]


def _current(connection: sqlite3.Connection, form: Form) -> Sequence[Row]:
    store = instance().store
    found = rows.listing(store, connection, form, None, form.key[0], "", "\uffff")
    return [row for row in found if row.state == rows.CURRENT]


def _about(connection: sqlite3.Connection) -> Mapping[str, About]:
    """What results and initiatives are, by id; of an initiative the name the office gave it."""
    results = {
        each.id: About(each.title, each.kind, each.unit)
        for book in instance().workbooks.values()
        for each in book.results
    }
    initiatives = register.rows(connection, "initiatives")
    return results | {row["name"]: About(row["label"]) for row in initiatives}


def _groups(here_is: Register, found: Sequence[Row]) -> list[list[Row]]:
    """The records that stand on one line: all of a result, newest first, or each by itself."""
    key = instance().forms[here_is.form].key

    def order(row: Row) -> tuple[Id, str]:
        return by_id(str(row.values[key[0]])), str(row.values[key[-1]] or "")

    ordered = sorted(found, key=order)
    if key == ("date",):
        return [[row] for row in reversed(ordered)]
    if not here_is.newest:
        return [[row] for row in ordered]
    groups: dict[str, list[Row]] = {}
    for row in reversed(ordered):
        groups.setdefault(str(row.values[key[0]]), []).append(row)
    return [groups[name] for name in sorted(groups, key=by_id)]


def _line(
    form: Form,
    here_is: Register,
    group: Sequence[Row],
    about: Mapping[str, About],
    here: Surroundings,
) -> dict[str, object]:
    row, *earlier = group
    name = str(row.values[form.key[0]])
    what = about.get(name, About())
    dated = form.key == ("date",)
    return {
        "id": row.id,
        "edit": f"/office/form/{form.form_id}/{row.id}",
        "name": language.short_day(name) if dated else name,
        "title": str(row.values.get("title") or what.title),
        "cells": [_cell(form, row, column, here, what) for column in here_is.columns],
        "new": f"/office/form/{form.form_id}?{form.key[0]}={name}" if here_is.newest else "",
        "earlier": [
            (
                f"/office/form/{form.form_id}/{each.id}",
                " · ".join(
                    text
                    for column in here_is.columns[:_FEW]
                    if (text := _cell(form, each, column, here, what))
                ),
            )
            for each in earlier
        ],
    }


def _cell(form: Form, row: Row, column: str, here: Surroundings, what: About) -> str:
    question, value = form.questions[column], row.values.get(column)
    if isinstance(value, float) and what.kind not in _NO_NUMBER:
        return figure(value, what.kind, what.unit, None) or ""
    if value is not None and kind_of(question).parts:
        return language.short_day(str(value))
    return wording.shown(question, value, here, most=99)


def _style(form: Form, column: str) -> str:
    """The class of a column's cells: numbers stand at the end, days on one line."""
    kind = kind_of(form.questions[column])
    return "count" if kind.column in {"INTEGER", "REAL"} else "once" if kind.parts else ""
