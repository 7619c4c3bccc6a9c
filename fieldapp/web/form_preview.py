"""A form that is not in force yet, drawn as a phone would show it, with nobody's answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from flask import g

from fieldapp.ask.question import Choice, Form
from fieldapp.keep import register
from fieldapp.keep.store import Store
from fieldapp.report.completeness import Place
from fieldapp.web import language
from fieldapp.web.drawing import Drawing, start
from fieldapp.web.instance import Instance
from fieldapp.web.page import FormPage
from fieldapp.web.surroundings import Surroundings


class Example(Surroundings):
    """A place that is not there, on an empty instance; its lists are the office's, without people.

    Without a `kind` the form is drawn as the office fills it in.
    """

    def __init__(
        self, app: Instance, store: Store, connection: sqlite3.Connection, kind: str
    ) -> None:
        place = Place("", "", kind, "", app.now().date().isoformat(), "") if kind else None
        super().__init__(store, connection, place, app.now())
        self._app = app

    def register(self, name: str) -> Sequence[Choice]:
        """The rows of a register as the office sees them; of one that is not there yet none."""
        app = self._app
        lists = {form.entity.list_name for form in app.forms.values() if form.entity}
        if name not in lists:
            return []
        with app.store.read() as connection:
            return register.choices(app.store, connection, name, None, app.now())

    def page(self, form: Form, code: str) -> FormPage:
        """The form's page in one language; from here on the request speaks it."""
        g.language = code
        say = self._app.catalogues[code]
        filled = start(form, self, {})
        drawing = Drawing(form, filled, self, lambda source: say.get(source, source))
        return FormPage(
            form_id=form.form_id,
            title=language.pick(form.title),
            action="",
            instance_id="",
            version=form.version,
            edits=None,
            items=drawing.items,
            errors=(),
            definition=drawing.definition(),
            back="",
            submit="",
        )
