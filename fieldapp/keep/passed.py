"""What places wrote in their own words: told only once the office has read it, as it stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.answer import Answer
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question
from fieldapp.errors import Conflict
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin, Row
from fieldapp.keep.store import Store, Write, table_of

FORM = "reading"
"""The form in which the office says that it has read a record."""


@dataclass(frozen=True, slots=True)
class Read:
    """A record that the office has passed: the record itself and what says so."""

    row: Row
    reading: Row


def words(form: Form) -> Mapping[str, Question]:
    """The questions of a place's form that are answered in somebody's own words."""
    return {
        name: question
        for name, question in form.columns.items()
        if "office" not in form.places
        and not question.private
        and kind_of(question).widget(question) == "multiline"
    }


def written(forms: Iterable[Form]) -> list[Form]:
    """The forms in which places write in their own words."""
    return [form for form in forms if words(form)]


def definition(forms: Mapping[str, Form]) -> str:
    """The SELECT that gives the ids of the records that were read and not changed since."""
    return " UNION ALL ".join(
        "SELECT r.row AS row FROM form_reading r WHERE r._state = 'current' AND r.passed = 'OK' "
        f"AND EXISTS (SELECT 1 FROM {_table(form)} t WHERE t._id = r.row "
        "AND t._edits = r.edits_read AND t._state = 'current')"
        for form in written(forms.values())
    )


def waiting(store: Store, connection: sqlite3.Connection, most: int) -> Sequence[Row]:
    """At most `most` records with words that nobody has read as they stand, oldest first."""
    found = [
        (row["at"], form, row["_id"])
        for form in written(store.forms.values())
        for row in connection.execute(
            f"SELECT t._id, t._received_at AS at {_unread(form)} ORDER BY at, t._id LIMIT ?",
            (most,),
        )
    ]
    return [
        rows.find(store, connection, form, row, None)
        for _, form, row in sorted(found, key=lambda each: (each[0], each[2]))[:most]
    ]


def how_many(store: Store, connection: sqlite3.Connection) -> int:
    """How many records have words that nobody has read as they stand."""
    return sum(
        int(connection.execute(f"SELECT count(*) {_unread(form)}").fetchone()[0])
        for form in written(store.forms.values())
    )


def latest(store: Store, connection: sqlite3.Connection, most: int) -> Sequence[Read]:
    """At most `most` records that were passed, the latest first."""
    found = [
        (row["at"], form, row["_id"], row["reading"])
        for form in written(store.forms.values())
        for row in connection.execute(
            f"SELECT t._id, r._id AS reading, r._received_at AS at FROM {_table(form)} t "
            "JOIN form_reading r ON r.row = t._id AND r.edits_read = t._edits "
            "WHERE r._state = 'current' AND r.passed = 'OK' AND t._state = 'current' "
            "ORDER BY at DESC, t._id LIMIT ?",
            (most,),
        )
    ]
    newest = sorted(found, key=lambda each: (each[0], each[2]), reverse=True)[:most]
    reading = store.forms[FORM]
    return [
        Read(
            rows.find(store, connection, form, row, None),
            rows.find(store, connection, reading, said, None),
        )
        for _, form, row, said in newest
    ]


def let(
    store: Store, write: Write, row: Row, edits: int, answer: Answer, new: str, origin: Origin
) -> None:
    """Passes a record as it stood after `edits` changes; what was passed already stays as it is.

    Conflict when it was changed or withdrawn since. `answer` is the checked form, `new` the id
    under which it is kept when nothing was said of this record before.
    """
    now = rows.find(store, write.connection, row.form, row.id, None)
    if now.edits != edits or now.state != rows.CURRENT:
        raise Conflict("De plek heeft dit intussen veranderd. Lees het nog een keer.")
    reading = store.forms[FORM]
    found = write.connection.execute(
        "SELECT _id, _edits, edits_read, passed FROM form_reading "
        "WHERE _place IS NULL AND row = ? AND _state = 'current'",
        (row.id,),
    ).fetchone()
    if not found:
        rows.add(store, write, reading, answer, new, origin)
    elif (found["edits_read"], found["passed"]) != (edits, "OK"):
        rows.change(store, write, reading, answer, found["_id"], found["_edits"], origin)


def _table(form: Form) -> str:
    return f"[{table_of(form.form_id)}]"


def _unread(form: Form) -> str:
    some = " OR ".join(f"t.[{name}] IS NOT NULL" for name in words(form))
    return (
        f"FROM {_table(form)} t WHERE t._state = 'current' AND ({some}) AND NOT EXISTS ("
        "SELECT 1 FROM form_reading r WHERE r._place IS NULL AND r.row = t._id "
        "AND r.edits_read = t._edits AND r._state = 'current' AND r.passed = 'OK')"
    )
