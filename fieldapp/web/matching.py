"""Each row of a filled-in workbook beside what is kept: what it is about, and what it would do."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.answer import Answer, check
from fieldapp.ask.day import day_of
from fieldapp.ask.filled import PLACE, Headed, answers, keyed, named
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Question
from fieldapp.ask.reading import Stored, Unreadable
from fieldapp.ask.upload import Line, Wrong
from fieldapp.errors import Message, Refused
from fieldapp.keep import correction, receipt
from fieldapp.keep import row as rows
from fieldapp.keep.row import Row
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.web.surroundings import Surroundings

ADD, CHANGE, STAY, GONE = "added", "changed", "same", "withdrawn"
"""What a row does: nothing in the last two, of which the last was entered before and taken out."""

_SPACE = uuid.UUID("6f2d0c5e-9f0c-5c51-8f1e-2b7c7a4f9d10")

Raw = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Coming:
    """One row that is right: what it does, and to which record."""

    line: int
    action: str
    row: str
    place: str | None
    answer: Answer
    found: Row | None = None
    """The record that it is about already."""


def options(
    store: Store, connection: sqlite3.Connection, form: Form, now: dt.datetime
) -> Mapping[str, Sequence[Choice]]:
    """What may be picked in each column that has a list."""
    here = Surroundings(store, connection, None, now)
    asked_at = [place for place in completeness.places(connection) if place.kind in form.places]
    found = {
        name: here.register(question.register) if question.register else question.choices
        for name, question in form.columns.items()
        if kind_of(question).picks
    }
    return found if "office" in form.places else found | {PLACE: _choices(asked_at)}


class Looking:
    """Goes through the rows of one file, with what they need looked up once."""

    def __init__(
        self,
        store: Store,
        connection: sqlite3.Connection,
        form: Form,
        columns: Headed,
        now: dt.datetime,
    ) -> None:
        self.store, self.connection, self.form, self.columns = store, connection, form, columns
        self.now = now
        self.wrong: list[Wrong] = []
        self.places = {place.code: place for place in completeness.places(connection)}
        self.here: dict[str | None, Surroundings] = {}
        offered = dict(options(store, connection, form, now))
        if "office" not in form.places:  # of a place of another kind something else is said
            offered[PLACE] = _choices(self.places.values())
        self.named = {name: named(choices) for name, choices in offered.items()}
        self.there: Mapping[str, Row] = {}
        self.came: dict[str, int] = {}

    def through(self, lines: Sequence[Line]) -> Iterator[Coming]:
        """Each row that is right; the others end up in `wrong`."""
        read = [(line, *answers(self.columns, line, self.named)) for line in lines]
        self.there = self._there([raw for _, raw, _ in read])
        for line, raw, wrong in read:
            self.wrong += wrong
            place = None if wrong else self._place(line, raw)
            if not wrong and (place or "office" in self.form.places):
                yield from self._one(line, raw, place)

    def _place(self, line: Line, raw: Raw) -> Place | None:
        """The place that a row is about, when it is one that fills in this form."""
        if "office" in self.form.places:
            return None
        code = (raw[PLACE] or [""])[0]
        place, cell = self.places.get(code), self.columns.cell(PLACE, line)
        if place is None:
            self.wrong.append(Wrong(cell, Message("Vul in welke plek het is.")))
        elif place.kind not in self.form.places:
            shown = {"place": code}
            self.wrong.append(Wrong(cell, Message("{place} vult dit formulier niet in.", shown)))
            return None
        return place

    def _one(self, line: Line, raw: Raw, place: Place | None) -> Iterator[Coming]:
        code = place.code if place else None
        key = self._key(code, raw)
        found = self.there.get(key) if key else None
        if found:  # a column that the file does not have stays as it is
            absent = [q.name for q in _filled_in(self.form) if q.name not in self.columns.names]
            raw = {**raw, **{name: _again(found.values.get(name)) for name in absent}}
        if code not in self.here:
            self.here[code] = Surroundings(self.store, self.connection, place, self.now)
        context = self.here[code].context(self.form, found.values if found else None)
        try:
            answer = check(self.form, raw, context)
        except Refused as refused:
            self.wrong += [self._at(line, name, say) for name, say in refused.messages.items()]
            return
        key = key or self._whole(code, answer.values)
        if key in self.came:
            self._twice(line, key)
            return
        self.came[key] = line.number
        yield self._decided(line.number, key, code, answer, self.there.get(key))

    def _twice(self, line: Line, key: str) -> None:
        about = keyed(self.form) or [question.name for question in _filled_in(self.form)]
        cell, other = self.columns.cell(about[0], line), str(self.came[key])
        says = Message("Dit gaat over hetzelfde als regel {line}. Houd er één.", {"line": other})
        self.wrong.append(Wrong(cell, says))

    def _decided(
        self, line: int, key: str, place: str | None, answer: Answer, found: Row | None
    ) -> Coming:
        """What a row does: the id follows from what it is about, so that it comes in once."""
        if found:
            action = STAY if correction.same(self.form, found, answer) else CHANGE
            return Coming(line, action, found.id, place, answer, found)
        asked_of = answer.values.get(PLACE) if place is None else place
        about = str(asked_of) if asked_of else None
        fingerprint = receipt.digest(self.store, self.form, about, answer)
        nth = 0
        while True:
            row = str(uuid.uuid5(_SPACE, f"{key}{nth or ''}"))
            before = receipt.known(self.connection, self.form, row, fingerprint)
            if before is not False:
                return Coming(line, GONE if before else ADD, row, place, answer)
            nth += 1

    def _at(self, line: Line, name: str, says: Message) -> Wrong:
        if name in self.columns.names:
            return Wrong(self.columns.cell(name, line), says)
        label = self.form.columns[name].label.get("nl", name)
        return Wrong(
            self.columns.cell(name, line),
            Message("Hier is ook de kolom {heading} nodig.", {"heading": label}),
        )

    # --- what is kept already ---

    def _there(self, all_raw: Sequence[Raw]) -> Mapping[str, Row]:
        """The records that count, by what they are about, as far as the rows reach."""
        day = day_of(self.form)
        column = day if day in self.form.key or not self.form.key else self.form.key[0]
        told = sorted(filter(None, (self._read(column, raw) for raw in all_raw)))
        if not told:
            return {}
        found = rows.listing(
            self.store, self.connection, self.form, None, column, told[0], told[-1]
        )
        return {
            self._about(row.place, row.values): row for row in found if row.state == rows.CURRENT
        }

    def _key(self, place: str | None, raw: Raw) -> str:
        """What a row is about; empty when its form has no key, or a part of it does not read."""
        values = {name: self._read(name, raw) for name in self.form.key}
        if not self.form.key or not all(values.values()):
            return ""
        return self._about(place or values.get(PLACE), values)

    def _about(self, place: str | None, values: Mapping[str, Stored]) -> str:
        if not self.form.key:
            return self._whole(place, values)
        told = [str(values.get(name)) for name in self.form.key if name != PLACE]
        own = PLACE in self.form.key or "office" not in self.form.places
        return json.dumps([self.form.form_id, place if own else None, *told])

    def _whole(self, place: str | None, values: Mapping[str, Stored]) -> str:
        told = [values.get(question.name) for question in _filled_in(self.form)]
        return json.dumps([self.form.form_id, place, *told])

    def _read(self, name: str, raw: Raw) -> str:
        question = self.form.columns[name]
        try:
            return str(kind_of(question).read(raw.get(name, []), question) or "")
        except Unreadable:
            return ""


def _filled_in(form: Form) -> Sequence[Question]:
    return [q for q in form.columns.values() if kind_of(q).filled_by == "person"]


def _again(value: Stored) -> list[str]:
    """A kept answer as a page would send it again."""
    if isinstance(value, list):
        return value
    return [] if value is None else [str(value)]


def _choices(places: Iterable[Place]) -> Sequence[Choice]:
    return [Choice(place.code, {"nl": place.name, "en": place.name}) for place in places]
