"""What holds at places from day to day: regular hours, and when they are closed for longer."""

from __future__ import annotations

import bisect
import sqlite3
from collections.abc import Sequence

from fieldapp.keep.store import table_of


class Schedules:
    """The opening hours of some places through time."""

    def __init__(self, connection: sqlite3.Connection, places: Sequence[str]) -> None:
        self._known: dict[str, tuple[list[str], list[str]]] = {}
        found = connection.execute(
            "SELECT _place, valid_from, opening_hours FROM form_schedule "  # noqa: S608
            f"WHERE _place IN ({_marks(places)}) AND _state = 'current' ORDER BY valid_from",
            (*places,),
        )
        for place, valid_from, spec in found:
            since, specs = self._known.setdefault(place, ([], []))
            since.append(valid_from)
            specs.append(spec)

    def on(self, place: str, date: str) -> str | None:
        """The hours in force on `date`, in opening_hours notation; None before the first."""
        since, specs = self._known.get(place, ((), ()))
        index = bisect.bisect_right(since, date)
        return specs[index - 1] if index else None


class Closures:
    """The days on which some places are closed for longer."""

    def __init__(self, connection: sqlite3.Connection, places: Sequence[str]) -> None:
        self._known: dict[str, list[tuple[str, str, str]]] = {}
        if not _is_kept(connection, "closure"):
            return
        found = connection.execute(
            "SELECT _place, [from], until, coalesce(closed_reason, '') FROM form_closure "  # noqa: S608
            f"WHERE _place IN ({_marks(places)}) AND _state = 'current' "
            "ORDER BY _received_at DESC, rowid DESC",
            (*places,),
        )
        for place, *closure in found:
            self._known.setdefault(place, []).append((closure[0], closure[1], closure[2]))

    def on(self, place: str, date: str) -> str | None:
        """The reason of the closure on `date`, None without one; of several the latest said."""
        known = self._known.get(place, ())
        return next((why for since, until, why in known if since <= date <= until), None)


def _marks(places: Sequence[str]) -> str:
    return ", ".join("?" * len(places))


def _is_kept(connection: sqlite3.Connection, form_id: str) -> bool:
    """Whether a form has a table: an instance may do without the form."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table_of(form_id),)
    )
    return found.fetchone() is not None
