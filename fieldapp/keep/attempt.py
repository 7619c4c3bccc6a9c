"""Wrong tries, counted in the database: they slow down the next try and never lock anybody out."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable

from fieldapp.keep.store import Write, stamp

FREE_TRIES = 4
LONGEST_WAIT = 300
FORGOTTEN_AFTER = dt.timedelta(hours=1)


def wait(connection: sqlite3.Connection, scope: str, now: dt.datetime) -> int:
    """Seconds until the next try in `scope` counts; 0 when one may try now."""
    found = connection.execute("SELECT * FROM attempt WHERE scope = ?", (scope,)).fetchone()
    if not found or found["failures"] < FREE_TRIES:
        return 0
    last = dt.datetime.fromisoformat(found["at"])
    if now - last > FORGOTTEN_AFTER:
        return 0
    delay: int = min(2 ** (int(found["failures"]) - FREE_TRIES + 1), LONGEST_WAIT)
    return max(0, delay - int((now - last).total_seconds()))


def begun(write: Write, scopes: Iterable[str]) -> int:
    """Counts a try as wrong before it is judged: of many at once no more count than one by one.

    Gives the seconds to wait when it may not be made; it is then not counted either.
    """
    each = list(scopes)
    seconds = max(wait(write.connection, scope, write.now) for scope in each)
    if not seconds:
        for scope in each:
            failed(write, scope)
    return seconds


def failed(write: Write, scope: str) -> None:
    """Counts one more wrong try in `scope`; what is an hour old is forgotten, in every scope."""
    forgotten = stamp(write.now - FORGOTTEN_AFTER)
    write.connection.execute("DELETE FROM attempt WHERE at < ?", (forgotten,))
    write.connection.execute(
        "INSERT INTO attempt (scope, failures, at) VALUES (?1, 1, ?2) ON CONFLICT(scope) DO UPDATE "
        "SET failures = failures + 1, at = ?2",
        (scope, stamp(write.now)),
    )


def passed(write: Write, scope: str) -> None:
    """Forgets the wrong tries in `scope`."""
    write.connection.execute("DELETE FROM attempt WHERE scope = ?", (scope,))
