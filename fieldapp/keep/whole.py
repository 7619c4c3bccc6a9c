"""Whether what is kept is whole: what SQLite finds, and what it takes for granted."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlite_utils.db import Database as Tables

from fieldapp.errors import Busy, Damaged
from fieldapp.keep import anchor
from fieldapp.keep.anchor import Anchor
from fieldapp.keep.database import APPLICATION_ID
from fieldapp.keep.journal import Journal
from fieldapp.keep.migrations_care import newer
from fieldapp.keep.store import Store

REMEDY = (
    "Look with `fieldapp check` and put back your last copy with `fieldapp restore`. If you know "
    "why this is so and want to go on with what is there, remove {data}/head and {data}/anchors."
)

_QUICK = 200_000_000
"""Bytes from which a start reads less: of the file nothing, of the journal what came since it was
last found whole. A copy and `fieldapp check` read all, however large it is."""


def faults(connection: sqlite3.Connection, journal: Journal) -> list[str]:
    """Everything wrong with a database that nobody writes to, as sentences; empty when whole."""
    try:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            return ["it is not a fieldapp database"]
        if steps := newer(Tables(connection)):
            return [f"a newer fieldapp made it ({', '.join(steps)}): install that one"]
        said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        loose = connection.execute("PRAGMA foreign_key_check").fetchall()
        said += [f"a row of {row[0]} points nowhere" for row in loose]
        broken = journal.broken(connection)
    except sqlite3.DatabaseError as problem:
        return [f"it is not a sound database ({problem})"]
    return [each for each in (*said, broken) if each and each != "ok"]


def writable(store: Store, now: dt.datetime, patience: float) -> bool:
    """Whether something can be kept now, found out by keeping it: what stood there already."""
    try:
        with store.write("system", now, patience) as write:
            # To begin alone asks nothing of the disk; this writes a page, and changes nothing.
            write.connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    except (Busy, Damaged):
        return False
    return True


def unlike(store: Store, data: Path, anchors: Sequence[Anchor] = ()) -> list[str]:
    """What the journal lost of what it held when it was told: in `data`, and by `anchors`."""
    with store.read() as connection:
        return anchor.missing(connection, [*anchor.kept(data), *anchors])


def at_start(store: Store, data: Path) -> list[str]:
    """What stands in the way of serving an instance, as sentences; empty when nothing does."""
    small = store.database.path.stat().st_size < _QUICK  # no more: to open it drops our locks
    said = store.database.unsound(quick=True) if small else []
    try:
        said += unlike(store, data)
        if not said:
            with store.read() as connection:
                after = 0 if small else anchor.checked(data)
                broken = store.journal.broken(connection, after)
            said += [broken] if broken else []
    except Damaged as damaged:
        said += [str(damaged)]
    return said


def measure(store: Store) -> None:
    """Has SQLite look how its tables are filled: who opens them next reads by the right index."""
    with contextlib.suppress(Busy), store.database.write(patience=1.0) as connection:
        connection.execute("PRAGMA analysis_limit=1000")
        connection.execute("ANALYZE")
