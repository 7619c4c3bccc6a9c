"""Records: an answer becomes a row and a journal line, is changed, or withdrawn; never twice."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.answer import Answer
from fieldapp.ask.question import Form
from fieldapp.ask.reading import Stored
from fieldapp.errors import Conflict, Message, NotFound, Refused
from fieldapp.keep import closing, columns, receipt, register
from fieldapp.keep.receipt import public
from fieldapp.keep.store import Store, Write, stamp, table_of

CURRENT, DOUBLE, WITHDRAWN = "current", "double", "withdrawn"


@dataclass(frozen=True, slots=True)
class Origin:
    """From where a record comes: the place it is about and the phone or account it came by."""

    place: str | None
    phone: int | None = None
    account: int | None = None

    @property
    def of_office(self) -> bool:
        """Whether it comes from the office, for which no month is closed."""
        return self.place is None or self.account is not None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an answer: `stored`, `known`, `changed`, `conflict`, or `asked` (a change)."""

    id: str
    status: str
    state: str = CURRENT


@dataclass(frozen=True, slots=True)
class Row:
    """One kept record."""

    id: str
    form: Form
    place: str | None
    version: str
    submitted_at: str
    received_at: str
    edits: int
    state: str
    values: Mapping[str, Stored]
    phone: int | None = None
    account: int | None = None


def add(
    store: Store,
    write: Write,
    form: Form,
    answer: Answer,
    row: str,
    origin: Origin,
    submitted_at: dt.datetime | None = None,
) -> Receipt:
    """Keeps a new answer under the id made when its form was opened.

    The same id with the same answer again gives `known` and stores nothing. With another answer
    it gives `conflict`: the newcomer is set aside. A second record under the form's key is kept
    as double. Refused when a register does not allow the answer.
    """
    place = _place(form, answer.values, origin)
    fingerprint = receipt.digest(store, form, place, answer)
    before = receipt.sent_before(write, form, row, fingerprint)
    if before:
        return Receipt(row, "known", columns.state_of(write.connection, form, row))
    if before is False:
        receipt.set_aside(store, write, form, row, place, answer, fingerprint)
        return Receipt(row, "conflict")
    values = dict(answer.values)
    state = DOUBLE if columns.taken(write.connection, form, place, values, row) else CURRENT
    if state == CURRENT:  # a double counts for nothing, in registers neither
        register.enter(store, write, form, row, place, values)
    own = {
        "_id": row,
        "_place": place,
        "_phone": origin.phone,
        "_account": origin.account,
        "_version": answer.version,
        "_submitted_at": stamp(submitted_at) if submitted_at else write.at,
        "_received_at": write.at,
        "_edits": 0,
        "_state": state,
    }
    kept = own | columns.of_answers(store, form, row, values)
    write.connection.execute(
        f"INSERT INTO [{table_of(form.form_id)}] "
        f"({', '.join(f'[{c}]' for c in kept)}) VALUES ({', '.join('?' * len(kept))})",
        tuple(kept.values()),
    )
    receipt.give(write, form, row, place, fingerprint)
    write.note("add", form.form_id, row, None, public(form, values) | _about(place, state))
    return Receipt(row, "stored", state)


def change(
    store: Store, write: Write, form: Form, answer: Answer, row: str, edits: int, origin: Origin
) -> Receipt:
    """Replaces the answers of a record; `edits` is the number of changes its page had seen.

    A double that gets a key which is free counts from then on. Conflict when somebody changed or
    withdrew it meanwhile, Refused when another record has the new key, NotFound when the record
    is not of this place, Closed when a place changes what is told of a month that is closed.
    """
    before = find(store, write.connection, form, row, origin.place)
    if before.edits != edits:
        raise Conflict("Iemand anders heeft dit intussen veranderd.")
    if before.state == WITHDRAWN:
        raise Conflict("Dit is intussen weggehaald.")
    values = dict(answer.values)
    if not origin.of_office and told(form, before.values) != told(form, values):
        closing.guard(write.connection, form, before.values, values)
    place = _place(form, values, origin) or before.place
    state, taken = before.state, columns.taken(write.connection, form, place, values, row)
    if state == CURRENT and taken:
        raise Refused({form.key[0]: Message("Hierover is al iets ingevuld. Verander dat.")})
    if not taken and columns.key(form, place, values) != columns.key(
        form, before.place, before.values
    ):
        state = CURRENT
    if state == CURRENT:
        register.enter(store, write, form, row, place, values)
    kept = columns.of_answers(store, form, row, values) | {"_place": place}
    columns.update(write.connection, form, row, kept | {"_edits": edits + 1, "_state": state})
    counts = {} if state == before.state else _about(place, state)
    after = public(form, values) | counts
    write.note("change", form.form_id, row, public(form, before.values), after)
    return Receipt(row, "changed", state)


def withdraw(
    store: Store, write: Write, form: Form, row: str, edits: int, origin: Origin
) -> Receipt:
    """Takes a record out of every count; it stays, marked, and stands in the journal.

    Conflict, NotFound and Closed as for `change`.
    """
    before = find(store, write.connection, form, row, origin.place)
    if before.edits != edits or before.state == WITHDRAWN:
        raise Conflict("Iemand anders heeft dit intussen veranderd.")
    if not origin.of_office:
        closing.guard(write.connection, form, before.values)
    columns.update(write.connection, form, row, {"_edits": edits + 1, "_state": WITHDRAWN})
    register.leave(write, form, row)
    write.note("withdraw", form.form_id, row, _about(before.place, before.state), None)
    return Receipt(row, "changed", WITHDRAWN)


def told(form: Form, values: Mapping[str, Stored]) -> Mapping[str, Stored]:
    """The answers that can be told outside the place: all but the private ones."""
    return {name: values.get(name) for name, q in form.columns.items() if not q.private}


def put(store: Store, write: Write, row: Row, values: Mapping[str, Stored], state: str) -> None:
    """Gives a record other answers and another state, one edit further; notes nothing."""
    kept = columns.of_answers(store, row.form, row.id, values)
    columns.update(
        write.connection, row.form, row.id, kept | {"_edits": row.edits + 1, "_state": state}
    )


def find(
    store: Store, connection: sqlite3.Connection, form: Form, row: str, place: str | None
) -> Row:
    """One record of `place` (None: the office, any place); NotFound when there is none."""
    found = connection.execute(
        f"SELECT * FROM [{table_of(form.form_id)}] WHERE _id = ?1 AND (?2 IS NULL OR _place = ?2)",
        (row, place),
    ).fetchone()
    if not found:
        raise NotFound("Dit is er niet, of het is van een andere plek.")
    return _row(store, form, found)


def beside(store: Store, connection: sqlite3.Connection, row: Row) -> Row | None:
    """The record that counts under the key of `row`; None when there is none."""
    found = columns.taken(connection, row.form, row.place, row.values, row.id)
    return find(store, connection, row.form, found, None) if found else None


def listing(
    store: Store,
    connection: sqlite3.Connection,
    form: Form,
    place: str | None,
    column: str,
    first: str,
    last: str,
) -> Sequence[Row]:
    """The records of `place` (None: of all) whose `column` lies from `first` to `last`."""
    # A place by itself, or SQLite would read every record of the form.
    here, given = ("", ()) if place is None else ("_place = ? AND ", (place,))
    found = connection.execute(
        f"SELECT * FROM [{table_of(form.form_id)}] "
        f"WHERE {here}[{column}] BETWEEN ? AND ? ORDER BY [{column}], _received_at",
        (*given, first, last),
    ).fetchall()
    return [_row(store, form, row) for row in found]


def _row(store: Store, form: Form, found: sqlite3.Row) -> Row:
    return Row(
        found["_id"],
        form,
        found["_place"],
        found["_version"],
        found["_submitted_at"],
        found["_received_at"],
        found["_edits"],
        found["_state"],
        columns.values(store, form, found),
        found["_phone"],
        found["_account"],
    )


def _place(form: Form, values: Mapping[str, Stored], origin: Origin) -> str | None:
    """The place a record is about; an office form may ask for it."""
    asked = values.get("place") if origin.place is None else None
    return str(asked) if asked else origin.place


def _about(place: str | None, state: str) -> dict[str, Stored]:
    return {"_place": place, "_state": state}
