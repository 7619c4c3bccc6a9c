"""What holds at a place from day to day: its regular hours, and when it is closed for longer."""

from __future__ import annotations

import bisect
import sqlite3

from fieldapp.keep.store import table_of


class Schedules:
    """The opening hours of one place through time."""

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        found = connection.execute(
            "SELECT valid_from, opening_hours FROM form_schedule "
            "WHERE _place = ? AND _state = 'current' ORDER BY valid_from",
            (place,),
        ).fetchall()
        self._from = [row["valid_from"] for row in found]
        self._specs = [row["opening_hours"] for row in found]

    def on(self, date: str) -> str | None:
        """The hours in force on `date`, in opening_hours notation; None before the first."""
        index = bisect.bisect_right(self._from, date)
        return self._specs[index - 1] if index else None


class Closures:
    """The days on which one place is closed for longer."""

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        self._found: list[tuple[str, str, str]] = []
        if _is_kept(connection, "closure"):
            found = connection.execute(
                "SELECT [from], until, coalesce(closed_reason, '') FROM form_closure "
                "WHERE _place = ? AND _state = 'current' ORDER BY _received_at DESC, rowid DESC",
                (place,),
            )
            self._found = [(row[0], row[1], row[2]) for row in found]

    def on(self, date: str) -> str | None:
        """The reason of the closure on `date`, None without one; of several the latest said."""
        return next((why for since, until, why in self._found if since <= date <= until), None)


def _is_kept(connection: sqlite3.Connection, form_id: str) -> bool:
    """Whether a form has a table: an instance may do without the form."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table_of(form_id),)
    )
    return found.fetchone() is not None
