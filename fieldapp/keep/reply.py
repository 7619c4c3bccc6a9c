"""What the office makes of a request: taken over, refused, and back as long as nothing changed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from fieldapp.ask.answer import Answer
from fieldapp.errors import Conflict
from fieldapp.keep import register
from fieldapp.keep import row as rows
from fieldapp.keep.receipt import public
from fieldapp.keep.request import (
    ACCEPTED,
    REFUSED,
    WITHDRAW,
    Request,
    Values,
    decide,
    find,
    sealed,
    waiting_for,
)
from fieldapp.keep.row import CURRENT, Origin, Row
from fieldapp.keep.store import Store, Write


def accept(store: Store, write: Write, number: int, origin: Origin) -> Request:
    """Does what was asked; done already, it changes nothing.

    Conflict when the record changed since it was asked, Refused when it cannot be so any more.
    """
    found = find(store, write.connection, number)
    if found.outcome == ACCEPTED:
        return found
    _waits(found)
    before = rows.find(store, write.connection, found.form, found.row, None)
    if found.action == WITHDRAW:
        rows.withdraw(store, write, found.form, found.row, found.edits, origin)
    else:
        answer = Answer(found.form.form_id, found.version, found.values)
        rows.change(store, write, found.form, answer, found.row, found.edits, origin)
    left = rows.find(store, write.connection, found.form, found.row, None)
    done = replace(found, before=(before.state, before.values), left=(left.state, left.values))
    write.connection.execute(
        "UPDATE request SET answers = ? WHERE id = ?", (sealed(store, done), number)
    )
    return decide(store, write, number, ACCEPTED)


def refuse(store: Store, write: Write, number: int) -> Request:
    """Leaves the record as it is; said already, it changes nothing."""
    found = find(store, write.connection, number)
    if found.outcome == REFUSED:
        return found
    _waits(found)
    return decide(store, write, number, REFUSED)


def undo(store: Store, write: Write, number: int) -> Request:
    """Lets a request wait again, and puts back what stood before it was taken over.

    Conflict when the record is no longer as it was left, or something else was asked since.
    """
    found = find(store, write.connection, number)
    if not found.outcome:
        return found
    if not can_undo(store, write.connection, found):
        raise Conflict("Dit kan niet meer ongedaan worden gemaakt: er is daarna iets veranderd.")
    now = rows.find(store, write.connection, found.form, found.row, None)
    edits = now.edits
    if found.before is not None and found.outcome == ACCEPTED:
        _put_back(store, write, now, *found.before)
        edits += 1
    write.connection.execute("UPDATE request SET edits = ? WHERE id = ?", (edits, number))
    return decide(store, write, number, None)


def can_undo(store: Store, connection: sqlite3.Connection, found: Request) -> bool:
    """Whether the record is still as the answer left it, and nothing was asked of it since."""
    if found.outcome not in (ACCEPTED, REFUSED):
        return False
    if waiting_for(store, connection, found.form, found.row):
        return False
    if found.outcome == REFUSED or found.left is None or found.before is None:
        return True
    now = rows.find(store, connection, found.form, found.row, None)
    state, values = found.left
    if now.state != state or any(now.values.get(n) != value for n, value in values.items()):
        return False
    state, values = found.before
    returned = replace(now, values={**now.values, **values})
    return state != CURRENT or rows.beside(store, connection, returned) is None


def _waits(found: Request) -> None:
    if found.outcome:
        raise Conflict("Dit is intussen veranderd. Kijk wat er nu staat.")


def _put_back(store: Store, write: Write, now: Row, state: str, values: Values) -> None:
    back = {**now.values, **values}
    if state == CURRENT:
        register.enter(store, write, now.form, now.id, now.place, back)
    elif now.state == CURRENT:
        register.leave(write, now.form, now.id)
    rows.put(store, write, now, back, state)
    before = public(now.form, now.values) | {"_state": now.state}
    write.note("undo", now.form.form_id, now.id, before, public(now.form, back) | {"_state": state})
