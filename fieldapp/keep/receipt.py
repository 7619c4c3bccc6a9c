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
from fieldapp.keep.store import Store, Write, stamp


def digest(form: Form, place: str | None, answer: Answer) -> str:
    """A fingerprint of what a person answered; the server's own part does not change it."""
    given = {
        name: answer.values.get(name)
        for name, question in form.columns.items()
        if kind_of(question).filled_by == "person"
    }
    text = as_json({"form": form.form_id, "place": place, "answers": given}) or ""
    return hashlib.sha256(text.encode()).hexdigest()


def sent_before(write: Write, form: Form, row: str, fingerprint: str) -> bool | None:
    """Whether this very answer came under this id before; None when nothing did."""
    return known(write.connection, form, row, fingerprint)


def known(connection: sqlite3.Connection, form: Form, row: str, fingerprint: str) -> bool | None:
    """The same, asked of any connection."""
    found = connection.execute("SELECT * FROM receipt WHERE id = ?", (row,)).fetchone()
    return (found["form"], found["sha256"]) == (form.form_id, fingerprint) if found else None


def give(write: Write, form: Form, row: str, place: str | None, fingerprint: str) -> None:
    """Notes that an answer was kept under this id."""
    write.connection.execute(
        "INSERT INTO receipt (id, form, place, sha256, at) VALUES (?, ?, ?, ?, ?)",
        (row, form.form_id, place, fingerprint, stamp(write.now)),
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
            stamp(write.now),
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
