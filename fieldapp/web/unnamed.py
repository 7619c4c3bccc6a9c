"""A record of a place as the office may see and mend it: card codes, and nothing private."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fieldapp.ask.day import day_of
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Group, Question
from fieldapp.ask.reading import MOST_PICKED, Stored
from fieldapp.keep import register
from fieldapp.keep.people import SEEN_LATELY, is_personal
from fieldapp.keep.row import Row
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.web import language, wording
from fieldapp.web.instance import Instance
from fieldapp.web.phone import say
from fieldapp.web.surroundings import Surroundings

Words = Sequence[tuple[str, str]]


class Unnamed(Surroundings):
    """The surroundings of one record at its own place; of people it lists the cards."""

    def __init__(
        self, store: Store, connection: sqlite3.Connection, row: Row, now: dt.datetime
    ) -> None:
        office = "office" in row.form.places or row.place is None
        known = [] if office else completeness.places(connection, row.place)
        super().__init__(store, connection, next(iter(known), None), now)
        day = str(row.values.get(day_of(row.form)) or "")
        self._then = min(now, now.replace(*_ymd(day))) if day else now

    def register(self, name: str) -> Sequence[Choice]:
        """The rows of a register; people who left long after the record's day are listed too."""
        if name == "people" and name not in self._registers:
            code = self.place.code if self.place else None
            listed = register.choices(self._store, self._connection, name, code, self._then)
            self._registers[name] = sorted(
                (replace(each, label={"nl": each.name, "en": each.name}) for each in listed),
                key=lambda each: (not each.extra.get(SEEN_LATELY), each.name),
            )
        return super().register(name)


def _ymd(date: str) -> tuple[int, int, int]:
    day = dt.date.fromisoformat(date)
    return day.year, day.month, day.day


def around(app: Instance, connection: sqlite3.Connection, row: Row) -> Unnamed:
    """What a check of `row` takes from its surroundings, for the office."""
    return Unnamed(app.store, connection, row, app.now())


def without_private(form: Form) -> Form:
    """The form without the questions whose answers only the place may see."""
    return replace(
        form,
        items=_open(form.items),
        steps=tuple(name for name in form.steps if not form.questions[name].private),
    )


def _open(items: tuple[Question | Group, ...]) -> tuple[Question | Group, ...]:
    return tuple(
        replace(item, items=_open(item.items)) if isinstance(item, Group) else item
        for item in items
        if isinstance(item, Group) or not item.private
    )


def answers(form: Form, values: Mapping[str, Stored], here: Surroundings) -> Words:
    """Every answer that the office may see, with its label; people by their cards."""
    found = [
        (language.pick(question.label), wording.shown(question, values[name], here, MOST_PICKED))
        for name, question in form.columns.items()
        if values.get(name) is not None
        and kind_of(question).filled_by == "person"
        and not question.private
    ]
    made = form.entity and form.entity.list_name == "people" and form.entity.entity_id is None
    if made and values.get("person"):
        found.insert(0, (say("Kaart"), str(values["person"])))
    return found


def noted(form: Form, name: str, value: Any, here: Surroundings) -> tuple[str, str]:
    """An answer as the journal has it, with its label: of a list of people how many."""
    question = form.columns.get(name)
    if question is None:
        return name, "" if value is None else str(value)
    label = language.pick(question.label)
    if is_personal(question) and isinstance(value, int):
        return label, say("1 persoon") if value == 1 else say("{count} mensen", count=value)
    return label, wording.shown(question, value, here, MOST_PICKED)


def summary(row: Row, here: Surroundings) -> str:
    """A record in one line, without what only the place may see."""
    told = {name: row.values.get(name) for name in without_private(row.form).columns}
    return wording.summary(row.form, told, here)


def who(names: Mapping[str, str], actor: str) -> str:
    """Who did something: an account by its name, a phone by its number."""
    kind, _, number = actor.partition(":")
    if kind == "phone":
        return say("telefoon {number}", number=number)
    return names.get(actor) or say("het systeem")


def sender(names: Mapping[str, str], row: Row) -> str:
    """By which phone or account a record came; empty when that is not known."""
    if row.phone is not None:
        return who(names, f"phone:{row.phone}")
    return who(names, f"account:{row.account}") if row.account is not None else ""
