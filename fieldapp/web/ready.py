"""Pages that stand ready: drawn once for all who would see the same, until anything changes."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from flask import request
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from fieldapp.ask.evaluate import Scope, evaluate, to_text
from fieldapp.ask.question import Form
from fieldapp.keep import called
from fieldapp.report.completeness import Place
from fieldapp.web import language, mould, scanned
from fieldapp.web.access import current_phone, current_places
from fieldapp.web.instance import instance
from fieldapp.web.mould import Drawn


@dataclass(frozen=True, slots=True)
class Key:
    """All that a page of a phone depends on."""

    about: Hashable
    """Which page it is, and what of it the moment decides."""
    journal: Hashable
    """The last line: nothing that is shown changes without one."""
    days: tuple[dt.date, str]
    """Today at the place, and in SQL."""
    language: str
    address: str
    places: tuple[tuple[Place, ...], tuple[str, ...]]
    """The phone's places as they are now, and as it was paired to them."""


def page(
    connection: sqlite3.Connection, now: dt.datetime, about: Hashable, draw: Callable[[], Drawn]
) -> str:
    """The page of this phone that `draw` draws, or would draw, from this snapshot.

    What is of one time is cut out of what is kept, and so is every call name: those are opened
    anew for each page.
    """
    app = instance()
    kept = app.pages.get(key(connection, now, about), lambda: mould.cut(draw()))
    given = {mould.TOKEN: generate_csrf(), mould.MOMENT: mould.moment(now)}
    given |= {gap: str(uuid.uuid4()) for gap in kept.ids}
    if kept.named:
        names = called.names(connection, app.store.seal, current_places()[0].code, kept.named)
        if kept.named - names.keys():
            return draw().html  # a name went without the journal: what it was is not told
        for row, name in names.items():  # most need no escaping, which takes longer than looking
            given[mould.NAME + row] = name if name.isalnum() else str(escape(name))
    return kept.filled(given)


def key(connection: sqlite3.Connection, now: dt.datetime, about: Hashable) -> Key:
    """What a page about this depends on in this request."""
    mine = current_phone()
    return Key(
        about,
        instance().store.journal.head(connection),
        (now.date(), connection.execute("SELECT today()").fetchone()[0]),
        language.language(),
        request.full_path,
        (tuple(current_places()), mine.places if mine else ()),
    )


def of_form(form: Form, now: dt.datetime) -> Hashable | None:
    """What a fresh page of `form` depends on beside the day; None when that cannot be told.

    That is when the moment decides more than defaults, or a card was scanned for it.
    """
    moves = instance().moving[form.form_id]
    if moves is None or scanned.anything():
        return None
    starts = tuple(to_text(evaluate(tree, Scope({}, now))) for tree in moves)
    return (form.form_id, starts)
