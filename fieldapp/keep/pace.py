"""How fast a phone may knock: a full outbox at once, then once a second; nobody is shut out."""

from __future__ import annotations

import datetime as dt
import math

from fieldapp.keep.store import Write

AT_ONCE = 240
"""An outbox of a bad week, with what goes around it."""

PER_MINUTE = 60


def step(write: Write, phone: int) -> int:
    """Counts one knock and gives 0, or the seconds until the next one counts."""
    found = write.connection.execute(
        "SELECT left, at FROM pace WHERE phone = ?", (phone,)
    ).fetchone()
    left = float(AT_ONCE)
    if found:
        rested = (write.now - dt.datetime.fromisoformat(found["at"])).total_seconds()
        left = min(AT_ONCE, found["left"] + max(0.0, rested) * PER_MINUTE / 60)
    if left < 1:
        return max(1, math.ceil((1 - left) * 60 / PER_MINUTE))
    write.connection.execute(
        "INSERT INTO pace (phone, left, at) VALUES (?1, ?2, ?3) "
        "ON CONFLICT(phone) DO UPDATE SET left = ?2, at = ?3",
        (phone, left - 1, write.now.isoformat()),
    )
    return 0
