"""Where a form is filled in: on a place's phone, or in the office."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from flask import abort

from fieldapp.ask.question import Form
from fieldapp.keep.row import Origin
from fieldapp.report.completeness import Place
from fieldapp.web.instance import Instance, instance
from fieldapp.web.surroundings import Surroundings


@dataclass(frozen=True)
class Desk:
    """Where a form is filled in: on a place's phone, or in the office (no place)."""

    place: Place | None
    origin: Origin
    actor: str
    base: str
    """Address of a form without its id: "/form" or "/office/form"."""
    back: str
    kept_to: str = ""
    """Query with which an address keeps to this place; empty when the phone has no other."""

    def form(self, form_id: str) -> Form:
        """The form with this id, if it is asked here; otherwise there is no such page."""
        found = instance().forms.get(form_id)
        if found is None or (self.place.kind if self.place else "office") not in found.places:
            abort(404)
        return found

    def path(self, form: Form, row: str = "", page: str = "") -> str:
        """The bare address of a form, of one of its records, or of a page of that record."""
        return "/".join(part for part in (self.base, form.form_id, row, page) if part)

    def url(self, form: Form, row: str = "", page: str = "") -> str:
        """The same address for a link, which keeps to this place."""
        return self.stay(self.path(form, row, page))

    @property
    def doubles(self) -> str:
        """The address of the list of doubles."""
        return self.stay(self.base.removesuffix("/form") + "/doubles")

    def double(self, form: Form, row: str, page: str = "") -> str:
        """The address of the page on which a double is decided, or of a page of that."""
        base = self.base.removesuffix("/form") + "/doubles"
        return self.stay("/".join(part for part in (base, form.form_id, row, page) if part))

    def stay(self, address: str) -> str:
        """`address` so that the page behind it is this place's, also after a switch."""
        return address + (self.kept_to.replace("?", "&") if "?" in address else self.kept_to)

    def around(self, app: Instance, connection: sqlite3.Connection) -> Surroundings:
        """What a check takes from its surroundings here and now."""
        return Surroundings(app.store, connection, self.place, app.now())
