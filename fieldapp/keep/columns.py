"""A record as its table holds it: its columns, its key, and the other that counts under that."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from fieldapp.ask.kinds import from_column, to_column
from fieldapp.ask.question import Form
from fieldapp.ask.reading import Stored
from fieldapp.keep.store import Store, table_of

Kept = dict[str, str | int | float | None]
"""What stands in columns, by their name."""


def values(store: Store, form: Form, found: sqlite3.Row) -> dict[str, Stored]:
    """What was answered, as it was; what is private is opened."""
    answers: dict[str, Stored] = {}
    for name, question in form.columns.items():
        value = from_column(question, found[name])
        if question.private and isinstance(value, str):
            value = store.seal.open(value, table_of(form.form_id), found["_id"], name)
        answers[name] = value
    return answers


def of_answers(store: Store, form: Form, row: str, answers: Mapping[str, Stored]) -> Kept:
    """What is kept of answers, in the columns of their questions; what is private is closed."""
    kept = {name: to_column(answers.get(name)) for name in form.columns}
    for name, question in form.columns.items():
        if question.private and kept[name] is not None:
            kept[name] = store.seal.close(str(kept[name]), table_of(form.form_id), row, name)
    return kept


def key(form: Form, place: str | None, answers: Mapping[str, Stored]) -> Kept:
    """The columns that no two records that count have alike; without a key there are none."""
    keyed: Kept = {name: to_column(answers.get(name)) for name in form.key if name != "place"}
    return {"_place": place, **keyed} if form.key else {}


def taken(
    connection: sqlite3.Connection,
    form: Form,
    place: str | None,
    answers: Mapping[str, Stored],
    row: str,
) -> str | None:
    """The other record that counts under this key."""
    unique = key(form, place, answers)
    if not unique:
        return None
    same = " AND ".join(f"[{name}] IS ?" for name in unique)
    found = connection.execute(
        f"SELECT _id FROM [{table_of(form.form_id)}] "
        f"WHERE {same} AND _state = 'current' AND _id <> ? LIMIT 1",
        (*unique.values(), row),
    ).fetchone()
    return str(found["_id"]) if found else None


def state_of(connection: sqlite3.Connection, form: Form, row: str) -> str:
    """Whether a record counts, waits as double or was withdrawn."""
    found = connection.execute(
        f"SELECT _state FROM [{table_of(form.form_id)}] WHERE _id = ?",
        (row,),
    ).fetchone()
    return str(found["_state"])


def update(connection: sqlite3.Connection, form: Form, row: str, kept: Kept) -> None:
    """Puts other values in some columns of a record."""
    connection.execute(
        f"UPDATE [{table_of(form.form_id)}] "
        f"SET {', '.join(f'[{c}] = ?' for c in kept)} WHERE _id = ?",
        (*kept.values(), row),
    )
