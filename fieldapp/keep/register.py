"""Registers (ODK entity lists): the latest state of places, pilots and people, to pick from."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence

from fieldapp.ask.evaluate import Scope, evaluate, to_boolean, to_text
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Question
from fieldapp.ask.reading import Stored
from fieldapp.keep import people, presence
from fieldapp.keep import place as places
from fieldapp.keep.store import Store, Write, register_table, stamp

OF_PLACE = {"places": "name", "pilots": "run_by"}
"""The column of a register that must hold the phone's own place."""

_LATELY = 28  # days in which somebody was seen who comes first in a list


def enter(
    store: Store, write: Write, form: Form, row: str, place: str | None, values: dict[str, Stored]
) -> None:
    """Creates or updates the register row that an answer speaks of; may fill hidden answers."""
    if form.entity is None:
        return
    if form.entity.list_name == "people":
        people.enter(store, write, form, row, place, values)
        return
    scope = Scope(_texts(form, values), write.now)
    tree = form.entity.entity_id
    name = to_text(evaluate(tree, scope)) if tree else row
    exists = _exists(write.connection, form.entity.list_name, name)
    condition = form.entity.update_if if exists else form.entity.create_if
    if condition is not None and not to_boolean(evaluate(condition, scope)):
        return
    saved = {q.save_to: _texts(form, values)[q.name] or None for q in _saving(form)}
    saved["_at"] = stamp(write.now)
    if not exists:
        saved["_row"] = row  # who made it; a record that only updates does not own it
    if label := to_text(evaluate(form.entity.label, scope)):
        saved["label"] = label  # a form that only updates may leave the label as it was
    # A record that got another code takes its register row along.
    write.connection.execute(
        f"DELETE FROM [{register_table(form.entity.list_name)}] WHERE _row = ? AND name <> ?",
        (row, name),
    )
    _save(write.connection, form.entity.list_name, name, saved)


def leave(write: Write, form: Form, row: str) -> None:
    """Takes out the register row that a withdrawn record made."""
    if form.entity is not None and form.entity.list_name != "people":
        write.connection.execute(
            f"DELETE FROM [{register_table(form.entity.list_name)}] WHERE _row = ?",
            (row,),
        )


def rows(connection: sqlite3.Connection, list_name: str) -> Sequence[sqlite3.Row]:
    """Every row of a register, by name; places as they are today."""
    table = register_table(list_name)
    select = places.on(connection) if table == places.TABLE else f"SELECT * FROM [{table}]"
    return connection.execute(f"{select} ORDER BY name").fetchall()


def choices(
    store: Store,
    connection: sqlite3.Connection,
    list_name: str,
    place: str | None,
    now: dt.datetime,
) -> Sequence[Choice]:
    """The rows of a register that `place` may pick from; for the office (None) every row."""
    if list_name == "people":
        if place is None:
            return []
        here = people.members(connection, store.seal, place, now.date().isoformat())
        since = (now.date() - dt.timedelta(days=_LATELY)).isoformat()
        counted = all(form in store.forms for form, _ in presence.FORMS)
        lately = presence.last_seen(connection, place, since) if here and counted else {}
        return people.choices(here, lately)
    owner = OF_PLACE.get(list_name)
    return [
        Choice(
            row["name"],
            {"nl": row["label"], "en": row["label"]},
            {key: str(row[key] or "") for key in row.keys() if not key.startswith("_")},  # noqa: SIM118
        )
        for row in rows(connection, list_name)
        if place is None or owner is None or row[owner] == place
    ]


def _saving(form: Form) -> list[Question]:
    return [question for question in form.columns.values() if question.save_to]


def _texts(form: Form, values: Mapping[str, Stored]) -> dict[str, str]:
    return {
        name: kind_of(question).text(values.get(name)) for name, question in form.columns.items()
    }


def _exists(connection: sqlite3.Connection, list_name: str, name: str) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM [{register_table(list_name)}] WHERE name = ?",
        (name,),
    )
    return found.fetchone() is not None


def _save(
    connection: sqlite3.Connection, list_name: str, name: str, saved: Mapping[str, str | None]
) -> None:
    columns = ["name", *saved]
    connection.execute(
        f"INSERT INTO [{register_table(list_name)}] "
        f"({', '.join(f'[{c}]' for c in columns)}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT(name) DO UPDATE SET {', '.join(f'[{c}] = excluded.[{c}]' for c in saved)}",
        (name, *saved.values()),
    )
