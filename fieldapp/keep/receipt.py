"""Receipts: what was sent under an id before, so that nothing is kept twice and nothing is lost."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping

from fieldapp.ask.answer import Answer
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.ask.reading import Stored
from fieldapp.keep.journal import as_json
from fieldapp.keep.people import is_personal
from fieldapp.keep.store import Store, Write

GONE = ""
"""The fingerprint of an answer of which something private was taken out."""


def digest(store: Store, form: Form, place: str | None, answer: Answer) -> str:
    """A fingerprint of what a person answered; the server's own part does not change it.

    Where a name is among it, only who holds our key could find out by trying which.
    """
    given = {
        name: answer.values.get(name)
        for name, question in form.columns.items()
        if kind_of(question).filled_by == "person"
    }
    text = as_json({"form": form.form_id, "place": place, "answers": given}) or ""
    found = hashlib.sha256(text.encode()).hexdigest()
    has_private = any(question.private for question in form.columns.values())
    return store.journal.keyed(found) if has_private else found


def sent_before(write: Write, form: Form, row: str, fingerprint: str) -> bool | None:
    """Whether this very answer came under this id before; None when nothing did."""
    return known(write.connection, form, row, fingerprint)


def known(connection: sqlite3.Connection, form: Form, row: str, fingerprint: str) -> bool | None:
    """The same, asked of any connection; an answer that was erased is not taken in again."""
    found = connection.execute("SELECT * FROM receipt WHERE id = ?", (row,)).fetchone()
    if not found:
        return None
    return found["form"] == form.form_id and found["sha256"] in (fingerprint, GONE)


def give(write: Write, form: Form, row: str, place: str | None, fingerprint: str) -> None:
    """Notes that an answer was kept under this id."""
    write.connection.execute(
        "INSERT INTO receipt (id, form, place, sha256, at) VALUES (?, ?, ?, ?, ?)",
        (row, form.form_id, place, fingerprint, write.at),
    )


def set_aside(
    store: Store,
    write: Write,
    form: Form,
    row: str,
    place: str | None,
    answer: Answer,
    fingerprint: str,
) -> None:
    """Keeps another answer that came under a taken id, sealed whole; the same one only once."""
    whole = as_json({name: value for name, value in answer.values.items() if value is not None})
    done = write.connection.execute(
        "INSERT OR IGNORE INTO conflict (row, sha256, form, place, actor, at, answers) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            row,
            fingerprint,
            form.form_id,
            place,
            write.actor,
            write.at,
            store.seal.close(whole or "", "conflict", row, "answers"),
        ),
    )
    if done.rowcount:
        write.note("conflict", form.form_id, row, None, public(form, answer.values))


def public(form: Form, values: Mapping[str, Stored]) -> dict[str, Stored]:
    """The answers that may stand in the journal: of persons no more than how many.

    The journal only grows, so what it held of a person could never be erased.
    """
    found: dict[str, Stored] = {}
    for name, question in form.columns.items():
        value = values.get(name)
        if not is_personal(question):
            found[name] = value
        elif isinstance(value, list):
            found[name] = len(value)
    return {name: value for name, value in found.items() if value is not None}
