"""Changes that a place asks for in a closed month: asked once, and waiting for the office."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.ask.answer import Answer
from fieldapp.ask.day import month_of
from fieldapp.ask.question import Form
from fieldapp.ask.reading import Stored
from fieldapp.errors import Closed, NotFound
from fieldapp.keep import row as rows
from fieldapp.keep.journal import as_json
from fieldapp.keep.row import Origin, Receipt, Row
from fieldapp.keep.store import Store, Write, stamp

CHANGE, WITHDRAW = "change", "withdraw"
ACCEPTED, REFUSED, REPLACED = "accepted", "refused", "replaced"

_MOST = 50  # requests that were answered, of the last ones

Values = Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class Request:
    """What a place asked for: a change of a record, or that it goes."""

    id: int
    form: Form
    row: str
    place: str | None
    about: str
    """The month that the record was about when this was asked."""
    action: str
    edits: int
    """How often the record was changed when this was asked."""
    at: str
    actor: str
    outcome: str
    """Empty while it waits; accepted, refused, or replaced by a later one."""
    decided_at: str
    version: str
    values: Values
    """The answers as they are to be; empty when the record is to go."""
    before: tuple[str, Values] | None
    left: tuple[str, Values] | None
    """State and answers before it was taken over, and after."""


def change(
    store: Store, write: Write, form: Form, answer: Answer, row: str, edits: int, origin: Origin
) -> Receipt:
    """Changes a record as `row.change` does; in a closed month a place only asks for it.

    Then the receipt says `asked`.
    """
    try:
        return rows.change(store, write, form, answer, row, edits, origin)
    except Closed:
        before = rows.find(store, write.connection, form, row, origin.place)
        return _ask(store, write, before, CHANGE, answer)


def withdraw(
    store: Store, write: Write, form: Form, row: str, edits: int, origin: Origin
) -> Receipt:
    """Withdraws a record as `row.withdraw` does; in a closed month a place only asks for it."""
    try:
        return rows.withdraw(store, write, form, row, edits, origin)
    except Closed:
        before = rows.find(store, write.connection, form, row, origin.place)
        return _ask(store, write, before, WITHDRAW, Answer(form.form_id, before.version, {}))


def waiting_for(
    store: Store, connection: sqlite3.Connection, form: Form, row: str
) -> Request | None:
    """What was asked for a record and not answered yet."""
    found = connection.execute(
        "SELECT * FROM request WHERE form = ? AND row = ? AND outcome IS NULL",
        (form.form_id, row),
    ).fetchone()
    return _request(store, found) if found else None


def refused(connection: sqlite3.Connection, form: Form, row: str, edits: int) -> str:
    """When the last request for a record was refused; empty when not, or it changed since."""
    found = connection.execute(
        "SELECT outcome, decided_at, edits FROM request WHERE form = ? AND row = ? "
        "ORDER BY id DESC LIMIT 1",
        (form.form_id, row),
    ).fetchone()
    told = found and (found["outcome"], found["edits"]) == (REFUSED, edits)
    return str(found["decided_at"]) if told else ""


def waiting_at(connection: sqlite3.Connection, place: str | None) -> frozenset[str]:
    """The records of a place for which something was asked and not answered yet."""
    found = connection.execute(
        "SELECT row FROM request WHERE place = ? AND outcome IS NULL", (place,)
    )
    return frozenset(each["row"] for each in found)


def pending(store: Store, connection: sqlite3.Connection) -> Sequence[Request]:
    """Everything that was asked and not answered yet, oldest first."""
    found = connection.execute("SELECT * FROM request WHERE outcome IS NULL ORDER BY id")
    return [_request(store, each) for each in found.fetchall() if each["form"] in store.forms]


def answered(store: Store, connection: sqlite3.Connection) -> Sequence[Request]:
    """What was taken over or refused lately, the last answer first."""
    found = connection.execute(
        "SELECT * FROM request WHERE outcome IN (?, ?) ORDER BY decided_at DESC, id DESC LIMIT ?",
        (ACCEPTED, REFUSED, _MOST),
    )
    return [_request(store, each) for each in found.fetchall() if each["form"] in store.forms]


def find(store: Store, connection: sqlite3.Connection, number: int) -> Request:
    """One request; NotFound when there is none."""
    found = connection.execute("SELECT * FROM request WHERE id = ?", (number,)).fetchone()
    if not found or found["form"] not in store.forms:
        raise NotFound("Dit verzoek is er niet.")
    return _request(store, found)


def _ask(store: Store, write: Write, row: Row, action: str, answer: Answer) -> Receipt:
    """Keeps what a place asks for; the same once more is one, another takes its place."""
    before = waiting_for(store, write.connection, row.form, row.id)
    values = json.loads(as_json(answer.values) or "{}")
    asked = Receipt(row.id, "asked", row.state)
    if before and (before.action, before.edits, before.values) == (action, row.edits, values):
        return asked
    if before:
        decide(store, write, before.id, REPLACED)
    made = write.connection.execute(
        "INSERT INTO request (form, row, place, action, edits, answers, at, actor) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            row.form.form_id,
            row.id,
            row.place,
            action,
            row.edits,
            _seal(
                store,
                row.id,
                {
                    "about": month_of(row.form, row.values),
                    "version": answer.version,
                    "values": values,
                },
            ),
            stamp(write.now),
            write.actor,
        ),
    ).fetchone()
    told = {"form": row.form.form_id, "row": row.id, "_place": row.place}
    write.note(f"ask {action}", "request", str(made["id"]), None, told)
    return asked


def decide(store: Store, write: Write, number: int, outcome: str | None) -> Request:
    """Notes what became of a request; None lets it wait again."""
    write.connection.execute(
        "UPDATE request SET outcome = ?, decided_at = ?, decided_by = ? WHERE id = ?",
        (outcome, *((stamp(write.now), write.actor) if outcome else (None, None)), number),
    )
    write.note(outcome or "undo", "request", str(number))
    return find(store, write.connection, number)


def sealed(store: Store, found: Request) -> str:
    """What a request holds, as it is kept."""
    return _seal(
        store,
        found.row,
        {
            "about": found.about,
            "version": found.version,
            "values": found.values,
            "before": found.before,
            "left": found.left,
        },
    )


def _seal(store: Store, row: str, told: Mapping[str, Any]) -> str:
    return store.seal.close(as_json(told) or "", "request", row, "answers")


def _request(store: Store, found: sqlite3.Row) -> Request:
    told: dict[str, Any] = json.loads(
        store.seal.open(found["answers"], "request", found["row"], "answers")
    )
    return Request(
        found["id"],
        store.forms[found["form"]],
        found["row"],
        found["place"],
        told["about"],
        found["action"],
        found["edits"],
        found["at"],
        found["actor"],
        found["outcome"] or "",
        found["decided_at"] or "",
        told["version"],
        told["values"],
        tuple(told["before"]) if told.get("before") else None,
        tuple(told["left"]) if told.get("left") else None,
    )
