"""What a place is told of a record in a closed month: that it is, and what it asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.ask.reading import Stored
from fieldapp.keep import closing
from fieldapp.keep import request as requests
from fieldapp.keep.request import Request
from fieldapp.keep.row import Row
from fieldapp.web import language, wording
from fieldapp.web.desk import Desk
from fieldapp.web.instance import instance
from fieldapp.web.surroundings import Surroundings


@dataclass(frozen=True)
class Standing:
    """What a place can do with one of its records."""

    closed: bool = False
    """Whether a change is only asked for."""
    asked_at: str = ""
    """When something was asked that still waits; empty when nothing was."""
    gone: bool = False
    """Whether it was asked to withdraw it."""
    asked: Sequence[tuple[str, str]] = ()
    """The answers that are to change, as they are to be."""
    refused_at: str = ""
    """When the office did not take over what was asked; empty when it changed since."""


def standing(desk: Desk, form: Form, row: Row | None, here: Surroundings) -> Standing:
    """What a place can do with a record; in the office, and of a new one, nothing is said."""
    app = instance()
    if row is None or desk.origin.of_office:
        return Standing()
    with app.store.read() as connection:
        closed = closing.is_closed(connection, form, row.values)
        found = requests.waiting_for(app.store, connection, form, row.id)
        refused = requests.refused(connection, form, row.id, row.edits)
    if found is None:
        return Standing(closed, refused_at=refused)
    return Standing(
        closed, found.at, found.action == requests.WITHDRAW, differing(found, row, here)
    )


def differing(found: Request, row: Row, here: Surroundings) -> list[tuple[str, str]]:
    """The answers that a request changes, with their labels; what goes is shown as nothing."""
    if found.action == requests.WITHDRAW:
        return []
    return [
        (language.pick(question.label), wording.shown(question, found.values.get(name), here))
        for name, question in row.form.columns.items()
        if kind_of(question).filled_by == "person"
        and found.values.get(name) != row.values.get(name)
    ]


def is_late(
    connection: sqlite3.Connection,
    desk: Desk,
    form: Form,
    values: Mapping[str, Stored],
    received_at: str,
) -> bool:
    """Whether a record came in when its month was closed already."""
    if desk.origin.of_office:
        return False
    closed_at = closing.closed_at(connection, form, values)
    return bool(closed_at) and received_at >= closed_at
