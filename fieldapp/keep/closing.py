"""Months that are closed, with the files that were made of them: a place changes nothing there."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.day import month_of
from fieldapp.ask.question import Form
from fieldapp.ask.reading import Stored
from fieldapp.errors import Closed, Conflict, Damaged, NotFound
from fieldapp.keep.store import Store, Write, stamp

MONTH = "month"
"""What the journal calls a month."""

Values = Mapping[str, Stored]

VIEW = """
    SELECT month, row_number() OVER (PARTITION BY month ORDER BY id) AS number, at, reopened_at
      FROM closing"""
"""One row: one time that a month was closed."""


@dataclass(frozen=True, slots=True)
class Closing:
    """One time that a month was closed."""

    id: int
    month: str
    number: int
    """How often the month was closed by then."""
    at: str
    actor: str
    reopened_at: str
    reopened_by: str
    reason: str
    """Why it was opened again."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was made when a month was closed."""

    name: str
    sha256: str
    size: int


def closings(connection: sqlite3.Connection, month: str | None = None) -> Sequence[Closing]:
    """Every time that a month (None: any) was closed, the last one first."""
    found = connection.execute(
        "SELECT id, month, row_number() OVER (PARTITION BY month ORDER BY id) AS number, at, "
        "actor, coalesce(reopened_at, '') AS reopened_at, coalesce(reopened_by, '') AS "
        "reopened_by, coalesce(reason, '') AS reason FROM closing "
        "WHERE ?1 IS NULL OR month = ?1 ORDER BY id DESC",
        (month,),
    )
    return [Closing(*row) for row in found]


def closed(connection: sqlite3.Connection, month: str | None = None) -> Mapping[str, Closing]:
    """The months that are closed now (of a month: that one), each with the closing that holds."""
    return {each.month: each for each in closings(connection, month) if not each.reopened_at}


def is_closed(connection: sqlite3.Connection, form: Form, *answers: Values) -> bool:
    """Whether any of the `answers` to a form is about a month that is closed."""
    months = {month for values in answers if (month := month_of(form, values))}
    return any(
        connection.execute(
            "SELECT 1 FROM closing WHERE month = ? AND reopened_at IS NULL", (month,)
        ).fetchone()
        for month in months
    )


def closed_at(connection: sqlite3.Connection, form: Form, answers: Values) -> str:
    """When the month that `answers` are about was closed; empty when it is open."""
    found = connection.execute(
        "SELECT at FROM closing WHERE month = ? AND reopened_at IS NULL", (month_of(form, answers),)
    ).fetchone()
    return str(found["at"]) if found else ""


def guard(connection: sqlite3.Connection, form: Form, *answers: Values) -> None:
    """Raises Closed when any of the `answers` to a form is about a month that is closed."""
    if is_closed(connection, form, *answers):
        raise Closed("Deze maand is gesloten. Vraag het programmabureau om dit te veranderen.")


def close(
    store: Store, write: Write, month: str, head: tuple[int, str], files: Mapping[str, bytes]
) -> Closing:
    """Closes a month and keeps the `files` that were made of what stood at `head` of the journal.

    Conflict when anything was written since, or when the month is closed already.
    """
    if store.journal.head(write.connection) != head:
        raise Conflict("Er is intussen iets ingevuld. Probeer het nog een keer.")
    if month in closed(write.connection):
        raise Conflict("Deze maand is al gesloten.")
    made = write.connection.execute(
        "INSERT INTO closing (month, at, actor) VALUES (?, ?, ?) RETURNING id",
        (month, stamp(write.now), write.actor),
    ).fetchone()
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    write.connection.executemany(
        "INSERT INTO closing_file (closing, name, sha256, content) VALUES (?, ?, ?, ?)",
        [(made["id"], name, sums[name], content) for name, content in files.items()],
    )
    write.note("close", MONTH, month, None, sums)
    return closings(write.connection, month)[0]


def reopen(write: Write, month: str, number: int, reason: str) -> None:
    """Opens a month again that was closed for the `number`th time; its files stay.

    Conflict when that closing does not hold any more.
    """
    now = closed(write.connection).get(month)
    if now is None or now.number != number:
        raise Conflict("Deze maand is niet meer gesloten.")
    write.connection.execute(
        "UPDATE closing SET reopened_at = ?, reopened_by = ?, reason = ? WHERE id = ?",
        (stamp(write.now), write.actor, reason, now.id),
    )
    write.note("reopen", MONTH, month, {"number": number}, None)


def files(connection: sqlite3.Connection, closing: int) -> Sequence[KeptFile]:
    """The files that were kept with a closing."""
    found = connection.execute(
        "SELECT name, sha256, length(content) AS size FROM closing_file WHERE closing = ? "
        "ORDER BY name DESC",  # the workbook before its package
        (closing,),
    )
    return [KeptFile(*row) for row in found]


def content(connection: sqlite3.Connection, month: str, closing: int, name: str) -> bytes:
    """A kept file, byte for byte; Damaged when it was changed since, NotFound when it never was."""
    found = connection.execute(
        "SELECT f.sha256, f.content FROM closing_file f JOIN closing c ON c.id = f.closing "
        "WHERE (c.month, c.id, f.name) = (?, ?, ?)",
        (month, closing, name),
    ).fetchone()
    if not found:
        raise NotFound("Dit bestand is er niet.")
    kept = bytes(found["content"])
    if hashlib.sha256(kept).hexdigest() != found["sha256"]:
        raise Damaged(f"{name} of {month} was changed outside fieldapp: put back your last copy")
    return kept


def last_package(connection: sqlite3.Connection, month: str) -> bytes | None:
    """The package of CSV files that was kept when a month was last closed; None when never."""
    found = connection.execute(
        "SELECT f.content FROM closing_file f JOIN closing c ON c.id = f.closing "
        "WHERE c.month = ? AND f.name LIKE '%.csv.zip' ORDER BY c.id DESC LIMIT 1",
        (month,),
    ).fetchone()
    return bytes(found["content"]) if found else None
