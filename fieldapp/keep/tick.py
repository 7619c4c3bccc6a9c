"""What the office looked at and ticked off: it stays so until the record changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.keep.store import Write, stamp


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A record as it stood after a number of changes, and the kind of flag on it."""

    kind: str
    form: str
    row: str
    edits: int


def tick(write: Write, marks: Iterable[Mark]) -> None:
    """Ticks off; what was ticked off already stays as it is."""
    for mark in marks:
        done = write.connection.execute(
            "INSERT OR IGNORE INTO ticked (kind, form, row, edits, at, actor) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (mark.kind, mark.form, mark.row, mark.edits, stamp(write.now), write.actor),
        )
        if done.rowcount:
            write.note("tick", mark.form, mark.row, None, {"_flag": mark.kind})


def untick(write: Write, marks: Iterable[Mark]) -> None:
    """Takes back that something was ticked off."""
    for mark in marks:
        done = write.connection.execute(
            "DELETE FROM ticked WHERE kind = ? AND form = ? AND row = ? AND edits = ?",
            (mark.kind, mark.form, mark.row, mark.edits),
        )
        if done.rowcount:
            write.note("untick", mark.form, mark.row, {"_flag": mark.kind}, None)


def ticked(connection: sqlite3.Connection) -> frozenset[Mark]:
    """Everything that was ticked off."""
    found = connection.execute("SELECT kind, form, row, edits FROM ticked")
    return frozenset(Mark(*each) for each in found)
