"""What went wrong in the pages of phones: where and how often, never what was in them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.keep.store import Write

KINDS = ("script", "save", "send", "worker")
"""A script that stopped, an answer that the phone could not keep, one that it could not send."""

SORTS_A_DAY = 20
"""How many different things one phone may tell in a day; what comes more often is only counted."""

_KEPT = dt.timedelta(days=90)
_REST = "…"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong: of which kind, what the browser calls it, in which line."""

    kind: str
    name: str
    spot: str
    browser: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """The same thing over all days and phones."""

    kind: str
    name: str
    spot: str
    browser: str
    times: int
    phones: int
    first: str
    last: str


def note(write: Write, phone: int, found: Sequence[Trouble]) -> None:
    """Adds to what a phone had today; after some sorts the rest is one count. Old days go."""
    day = write.now.date()
    write.connection.execute("DELETE FROM trouble WHERE day < ?", ((day - _KEPT).isoformat(),))
    for each in found:
        sort = (each.kind, each.name, each.spot, each.browser)
        before = write.connection.execute(
            "SELECT count(*) AS sorts, "
            "coalesce(sum((kind, name, spot, browser) = (?, ?, ?, ?)), 0) AS same "
            "FROM trouble WHERE (day, phone) = (?, ?)",
            (*sort, day.isoformat(), phone),
        ).fetchone()
        if before["sorts"] >= SORTS_A_DAY and not before["same"]:
            sort = (each.kind, _REST, _REST, each.browser)
        write.connection.execute(
            "INSERT INTO trouble (day, phone, kind, name, spot, browser, times) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET times = min(times + excluded.times, 1000000)",
            (day.isoformat(), phone, *sort, each.times),
        )


def told(connection: sqlite3.Connection) -> Sequence[Told]:
    """Everything that went wrong in the days that are kept, what was last first."""
    found = connection.execute(
        "SELECT kind, name, spot, browser, sum(times), count(DISTINCT phone), min(day), max(day) "
        "FROM trouble GROUP BY kind, name, spot, browser "
        "ORDER BY max(day) DESC, sum(times) DESC, kind, name, spot, browser LIMIT 200"
    )
    return [Told(*row) for row in found]
