"""What came out of outboxes: the same thing sent again, as often as need be, is one arrival."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.keep import contact
from fieldapp.keep.journal import as_json
from fieldapp.keep.store import Store, Write


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came under one id: what was in it, and what became of which record."""

    id: str
    fingerprint: str
    form: str
    row: str | None
    """None when it was about no single record."""
    place: str | None
    status: str


def fingerprint(store: Store, told: Mapping[str, object]) -> str:
    """Tells one content from another, and nothing of it to who does not hold our keys."""
    key, text = store.secrets.journal.encode(), as_json(told) or ""
    return hmac.new(key, text.encode("utf-8", "backslashreplace"), hashlib.sha256).hexdigest()


def known(connection: sqlite3.Connection, identity: str) -> Arrival | None:
    """What came under this id before."""
    found = connection.execute(
        "SELECT id, sha256, form, row, place, status FROM arrival WHERE id = ?", (identity,)
    ).fetchone()
    return Arrival(*found) if found else None


def note(write: Write, came: Arrival, phone: int | None, outbox: str, number: int | None) -> None:
    """Notes that this came, under which number of which outbox; once."""
    done = write.connection.execute(
        "INSERT OR IGNORE INTO arrival "
        "(id, sha256, form, row, place, phone, status, at, outbox, number) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            came.id,
            came.fingerprint,
            came.form,
            came.row,
            came.place,
            phone,
            came.status,
            write.at,
            outbox or None,
            number,
        ),
    )
    if done.rowcount and outbox and number:
        contact.arrived(write, outbox, number)
