"""How fast a phone may knock: a full outbox at once, then once a second; nobody is shut out."""

from __future__ import annotations

import datetime as dt
import math
import sqlite3

from fieldapp.keep.store import Write

AT_ONCE = 240
"""An outbox of a bad week, with what goes around it."""

PER_MINUTE = 60


def step(write: Write, phone: int) -> int:
    """Counts one knock and gives 0, or the seconds until the next one counts."""
    now = left(write.connection, phone, write.now)
    if now < 1:
        return _until_one(now)
    write.connection.execute(
        "INSERT INTO pace (phone, left, at) VALUES (?1, ?2, ?3) "
        "ON CONFLICT(phone) DO UPDATE SET left = ?2, at = ?3",
        (phone, now - 1, write.now.isoformat()),
    )
    return 0


def wait(connection: sqlite3.Connection, phone: int, now: dt.datetime) -> int:
    """The seconds until a knock would count; 0 when it would now. It counts none."""
    return _until_one(left(connection, phone, now))


def left(connection: sqlite3.Connection, phone: int, now: dt.datetime) -> float:
    """How many knocks of a phone would count if they came at once now."""
    found = connection.execute("SELECT left, at FROM pace WHERE phone = ?", (phone,)).fetchone()
    if not found:
        return float(AT_ONCE)
    rested = (now - dt.datetime.fromisoformat(found["at"])).total_seconds()
    return float(min(AT_ONCE, found["left"] + max(0.0, rested) * PER_MINUTE / 60))


def _until_one(now: float) -> int:
    return 0 if now >= 1 else max(1, math.ceil((1 - now) * 60 / PER_MINUTE))
