"""What the pages of doubles show: the lists of a place or of all, one choice, one decision."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from flask import abort

from fieldapp.ask.question import Form
from fieldapp.keep import row as rows
from fieldapp.keep.decision import Decision
from fieldapp.keep.double import Double
from fieldapp.keep.way import ways
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.web import language
from fieldapp.web.beside import Beside
from fieldapp.web.desk import Desk
from fieldapp.web.instance import instance
from fieldapp.web.surroundings import Surroundings

View = dict[str, Any]


class Board:
    """The doubles that one desk may see: those of its place, or in the office all."""

    def __init__(self, desk: Desk, connection: sqlite3.Connection) -> None:
        self._desk, self._connection = desk, connection
        self._places = {place.code: place for place in completeness.places(connection)}
        kind = desk.place.kind if desk.place else ""
        self.forms: Mapping[str, Form] = {
            form_id: form
            for form_id, form in instance().forms.items()
            if form.key and (not kind or kind in form.places)
        }
        """The forms whose doubles are decided here."""

    def form(self, form_id: str) -> Form:
        """The form with this id, if its doubles are decided here; otherwise there is no page."""
        return self.forms.get(form_id) or abort(404)

    def around(self, place: str | None, connection: sqlite3.Connection) -> Surroundings:
        """What a check of a record of `place` takes from its surroundings."""
        app = instance()
        return Surroundings(app.store, connection, self._place(place), app.now())

    def name(self, place: str | None) -> str:
        """The name of a place; of what is of no place, the office's."""
        found = self._place(place)
        return found.name if found else instance().settings.organisation

    def entry(self, found: Double) -> View:
        """A double as one line of the list."""
        form, words = found.other.form, self._words(found.other.place)
        return {
            "url": self._desk.double(form, found.other.id),
            "title": language.pick(form.title),
            "moment": words.moment(form, found.other.values),
            "kept": words.figure(form, found.kept.values) if found.kept else "",
            "other": words.figure(form, found.other.values),
        }

    def choice(self, found: Double) -> View:
        """A double beside what counts, and the ways to decide."""
        form, other, kept = found.other.form, found.other, found.kept
        words = self._words(other.place)
        offered = ways(self._connection, other, kept, words.here.context)
        return {
            "title": language.pick(form.title),
            "place": self.name(other.place),
            "moment": words.moment(form, other.values),
            "kept": words.side(kept, self._record(form, kept.id)) if kept else None,
            "other": words.side(other, self._record(form, other.id)),
            "lines": words.lines(form, kept.values if kept else {}, other.values),
            "ways": [words.choice(form, way) for way in offered],
            "seen": found.seen,
            "action": self._desk.double(form, other.id),
        }

    def decision(self, made: Decision) -> View:
        """What was chosen, and what counts now."""
        app, form = instance(), made.form
        words = self._words(made.place)
        now = rows.find(app.store, self._connection, form, made.current or made.other, made.place)
        counts = now.state == rows.CURRENT
        return {
            "url": self._desk.double(form, made.other),
            "title": language.pick(form.title),
            "place": self.name(made.place),
            "moment": words.moment(form, now.values),
            "how": made.how,
            "alone": made.kept is None,
            "at": made.at,
            "number": made.id,
            "counts": counts,
            "figure": words.figure(form, now.values) if counts else "",
            "rows": words.rows(form, now.values) if counts else [],
            "record": self._record(form, now.id) if counts else "",
            "action": self._desk.double(form, made.other, "undo"),
        }

    def _words(self, place: str | None) -> Beside:
        here = self.around(place, self._connection)
        return Beside(self._connection, here, named=self._desk.place is not None)

    def _place(self, code: str | None) -> Place | None:
        return self._places.get(code or "")

    def _record(self, form: Form, row: str) -> str:
        """The address of a record, where it can be opened from here."""
        asked = (self._desk.place.kind if self._desk.place else "office") in form.places
        return self._desk.url(form, row) if asked else ""
