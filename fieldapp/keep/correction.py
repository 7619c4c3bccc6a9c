"""Corrections of the office: a change with its reason, kept together or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldapp.ask.answer import Answer
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question
from fieldapp.ask.reading import Unreadable
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep import register
from fieldapp.keep import row as rows
from fieldapp.keep.row import CURRENT, DOUBLE, WITHDRAWN, Origin, Receipt, Row
from fieldapp.keep.store import Store, Write, stamp

CHANGE, WITHDRAW, RESTORE = "change", "withdraw", "restore"
REASON = "reason"
"""The name of what the office fills in beside a correction."""

_TEXT = Question(REASON, "text", 0)
_REQUIRED = Message("Schrijf op waarom. Bijvoorbeeld: de plek belde, het waren er 18.")


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody of the office did to a record, and why."""

    action: str
    at: str
    account: int
    reason: str


def correct(
    store: Store,
    write: Write,
    form: Form,
    answer: Answer,
    row: str,
    edits: int,
    origin: Origin,
    reason: str,
) -> Receipt:
    """Replaces the answers of a record and keeps why; the same once more is `known`.

    Refused, Conflict and NotFound as for `row.change`; Refused without a reason that can be kept.
    """
    why = told(reason)
    before = rows.find(store, write.connection, form, row, origin.place)
    if _is_again(write, before, CHANGE, edits, origin, why) and same(form, before, answer):
        return Receipt(row, "known", before.state)
    receipt = rows.change(store, write, form, answer, row, edits, origin)
    _keep(write, form, row, CHANGE, origin, why)
    return receipt


def withdraw(
    store: Store, write: Write, form: Form, row: str, edits: int, origin: Origin, reason: str
) -> Receipt:
    """Takes a record out of every count and keeps why; the same once more is `known`."""
    why = told(reason)
    before = rows.find(store, write.connection, form, row, origin.place)
    if before.state == WITHDRAWN and _is_again(write, before, WITHDRAW, edits, origin, why):
        return Receipt(row, "known", before.state)
    receipt = rows.withdraw(store, write, form, row, edits, origin)
    _keep(write, form, row, WITHDRAW, origin, why)
    return receipt


def restore(
    store: Store, write: Write, form: Form, row: str, edits: int, origin: Origin, reason: str
) -> Receipt:
    """Puts a withdrawn record back, as double when another counts under its key; keeps why.

    Conflict when somebody did something to it meanwhile, Refused when a register no longer
    allows it; the same once more is `known`.
    """
    why = told(reason)
    before = rows.find(store, write.connection, form, row, origin.place)
    if before.state != WITHDRAWN and _is_again(write, before, RESTORE, edits, origin, why):
        return Receipt(row, "known", before.state)
    if before.edits != edits or before.state != WITHDRAWN:
        raise Conflict("Iemand anders heeft dit intussen veranderd.")
    values = dict(before.values)
    state = DOUBLE if rows.beside(store, write.connection, before) else CURRENT
    if state == CURRENT:
        register.enter(store, write, form, row, before.place, values)
    rows.put(store, write, before, values, state)
    write.note(RESTORE, form.form_id, row, None, {"_place": before.place, "_state": state})
    _keep(write, form, row, RESTORE, origin, why)
    return Receipt(row, "changed", state)


def corrections(connection: sqlite3.Connection, form: Form, row: str) -> Sequence[Correction]:
    """What the office did to one record, the first first."""
    found = connection.execute(
        "SELECT action, at, account, reason FROM correction WHERE form = ? AND row = ? ORDER BY id",
        (form.form_id, row),
    )
    return [Correction(*each) for each in found]


def corrected(connection: sqlite3.Connection, rows: Iterable[str]) -> frozenset[str]:
    """Which of some records the office did something to."""
    found = connection.execute(
        "SELECT DISTINCT row FROM correction WHERE row IN (SELECT value FROM json_each(?))",
        (json.dumps(list(rows)),),
    )
    return frozenset(row["row"] for row in found)


def told(reason: str) -> str:
    """A reason as it is kept, checked like every text; Refused when there is none."""
    try:
        read = kind_of(_TEXT).read([reason], _TEXT)
    except Unreadable as unreadable:
        raise Refused({REASON: unreadable.message}) from None
    if not read:
        raise Refused({REASON: _REQUIRED})
    return str(read)


def same(form: Form, row: Row, answer: Answer) -> bool:
    """Whether `answer` says of every question that a person fills in what the record says."""
    return all(
        answer.values.get(name) == row.values.get(name)
        for name, question in form.columns.items()
        if kind_of(question).filled_by == "person"
    )


def _is_again(
    write: Write, before: Row, action: str, edits: int, origin: Origin, reason: str
) -> bool:
    """Whether the last thing that happened to a record is this very correction."""
    if before.edits != edits + 1:
        return False
    last = corrections(write.connection, before.form, before.id)[-1:]
    return [(each.action, each.account, each.reason) for each in last] == [
        (action, origin.account, reason)
    ]


def _keep(write: Write, form: Form, row: str, action: str, origin: Origin, reason: str) -> None:
    """Keeps why: not in the journal, for that can never be mended."""
    write.connection.execute(
        "INSERT INTO correction (form, row, action, at, account, reason) VALUES (?, ?, ?, ?, ?, ?)",
        (form.form_id, row, action, stamp(write.now), origin.account, reason),
    )
