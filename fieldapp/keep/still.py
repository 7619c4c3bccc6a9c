"""Who may have gone without a word: not seen for a while, and nobody said that they still come."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fieldapp.keep.people import MEMBERSHIPS, ROOT
from fieldapp.keep.presence import last_seen
from fieldapp.keep.store import Write, stamp

QUIET_DAYS = 60
"""Long enough to be away for a summer, short enough to remember why somebody stopped."""

_HERE = f"""
SELECT m.person AS person, max(m.since) AS since FROM ({MEMBERSHIPS}) m
 WHERE m.place = ? AND m.until IS NULL
 GROUP BY m.person
"""
_CONFIRMED = f"""
SELECT {ROOT.format("q")} AS person, max(h.at) AS at
  FROM still_here h CROSS JOIN people q ON q.id = h.person
 WHERE h.place = ? GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Quiet:
    """When somebody who is to be asked about came here first, and was seen last (if ever)."""

    since: str
    seen: str


def quiet(connection: sqlite3.Connection, place: str, today: dt.date) -> Mapping[int, Quiet]:
    """By person: whoever belongs to `place` and gave no sign of life for QUIET_DAYS.

    A sign is to be entered, to be seen in whatever role, or to be confirmed. Whoever leaves,
    leaves in every role, so it is the person that is asked about.
    """
    border = (today - dt.timedelta(days=QUIET_DAYS)).isoformat()
    confirmed: dict[int, str] = dict(connection.execute(_CONFIRMED, (place,)).fetchall())
    lately = _seen(connection, place, border)
    silent = {
        person: since
        for person, since in connection.execute(_HERE, (place,))
        if max(since, lately.get(person, ""), confirmed.get(person, "")[:10]) <= border
    }
    seen = _seen(connection, place) if silent else {}  # all of the past, so only when it is asked
    return {person: Quiet(since, seen.get(person, "")) for person, since in silent.items()}


def _seen(connection: sqlite3.Connection, place: str, since: str = "") -> Mapping[int, str]:
    """The last day from `since` on which each person was seen at `place`, in whatever role."""
    seen: dict[int, str] = {}
    for (person, _), day in last_seen(connection, place, since).items():
        seen[person] = max(day, seen.get(person, ""))
    return seen


def confirm(write: Write, place: str, persons: Collection[int]) -> None:
    """Notes that these persons still come to `place`; the journal tells only how many."""
    if not persons:
        return
    write.connection.executemany(
        "INSERT INTO still_here (person, place, at) VALUES (?, ?, ?) "
        "ON CONFLICT (person, place) DO UPDATE SET at = excluded.at",
        [(person, place, stamp(write.now)) for person in persons],
    )
    write.note("confirm", "still_here", None, None, {"_place": place, "people": len(persons)})
