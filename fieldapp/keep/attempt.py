"""Wrong tries, counted in the database: they slow down the next try and never lock anybody out."""

from __future__ import annotations

import datetime as dt
import sqlite3

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


def failed(write: Write, scope: str) -> None:
    """Counts one more wrong try in `scope`; the count starts anew after an hour of rest."""
    forgotten = stamp(write.now - FORGOTTEN_AFTER)
    write.connection.execute(
        "INSERT INTO attempt (scope, failures, at) VALUES (?1, 1, ?2) ON CONFLICT(scope) DO UPDATE "
        "SET failures = CASE WHEN at < ?3 THEN 1 ELSE failures + 1 END, at = ?2",
        (scope, stamp(write.now), forgotten),
    )


def passed(write: Write, scope: str) -> None:
    """Forgets the wrong tries in `scope`."""
    write.connection.execute("DELETE FROM attempt WHERE scope = ?", (scope,))
