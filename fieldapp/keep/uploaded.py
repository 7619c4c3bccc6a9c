"""Files of the office between looking and entering: kept for a day, by whoever brought them."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.errors import NotFound
from fieldapp.keep.store import Write, stamp

ACTION = "import"
"""What the journal calls the entering of a file."""

_KEPT = dt.timedelta(days=1)
_USED = b""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """One file: by what name it came, what is in it (nothing once it was used), and when."""

    token: str
    purpose: str
    name: str
    content: bytes
    at: str


def keep(write: Write, token: str, account: int, purpose: str, name: str, content: bytes) -> None:
    """Keeps a file for a day under its token; files of earlier days go."""
    write.connection.execute("DELETE FROM upload WHERE at < ?", (stamp(write.now - _KEPT),))
    write.connection.execute(
        "INSERT INTO upload (token, account, purpose, name, content, at) VALUES (?, ?, ?, ?, ?, ?)",
        (token, account, purpose, name, content, stamp(write.now)),
    )


def find(connection: sqlite3.Connection, token: str, account: int, purpose: str) -> Uploaded:
    """A file that this account brought; NotFound when it did not, or too long ago."""
    found = connection.execute(
        "SELECT token, purpose, name, content, at FROM upload "
        "WHERE token = ? AND account = ? AND purpose = ?",
        (token, account, purpose),
    ).fetchone()
    if not found:
        raise NotFound("Dit bestand is er niet meer. Kies het nog een keer.")
    return Uploaded(*found)


def waiting(connection: sqlite3.Connection, account: int) -> Sequence[Uploaded]:
    """The files that this account brought and has not entered, the newest first."""
    found = connection.execute(
        "SELECT token, purpose, name, x'', at FROM upload WHERE account = ? AND content <> ? "
        "ORDER BY at DESC",
        (account, _USED),
    )
    return [Uploaded(*row) for row in found]


def use(write: Write, token: str, form_id: str, counts: Mapping[str, int]) -> None:
    """Notes in the journal what became of a file, and lets go of what was in it."""
    write.connection.execute("UPDATE upload SET content = ? WHERE token = ?", (_USED, token))
    write.note(ACTION, form_id, token, None, counts)


def outcome(connection: sqlite3.Connection, token: str) -> Mapping[str, int] | None:
    """What became of a file that was entered; None of one that was not."""
    found = connection.execute(
        "SELECT after FROM journal WHERE action = ? AND row = ?", (ACTION, token)
    ).fetchone()
    counts: dict[str, int] | None = json.loads(found["after"]) if found else None
    return counts
