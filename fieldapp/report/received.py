"""What came in of what was expected: keys of current records, and the days logged as closed."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence

from fieldapp.ask.question import Form
from fieldapp.keep.store import table_of
from fieldapp.report.period import LENGTHS, bounds


class Received:
    """What came in of some places between two days."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        forms: Mapping[str, Form],
        places: Sequence[str],
        first: dt.date,
        last: dt.date,
    ) -> None:
        self._records: set[tuple[str, str, str, str | None]] = set()
        self._days: set[tuple[str, str]] = set()
        self._closed: set[tuple[str, str]] = set()
        here = ", ".join("?" * len(places))
        for form in forms.values():
            if not form.expected:
                continue
            day = form.key[0]
            part = "daypart" if form.expected == "open_daypart" else "NULL"
            # A period that ends between the two days may have begun before them.
            since = bounds(form.expected, first)[0] if form.expected in LENGTHS else first
            rows = connection.execute(
                f"SELECT DISTINCT _place, [{day}], {part} FROM [{table_of(form.form_id)}] "  # noqa: S608
                f"WHERE _place IN ({here}) AND [{day}] BETWEEN ? AND ? AND _state = 'current'",
                (*places, since.isoformat(), last.isoformat()),
            )
            found = {(form.form_id, *row) for row in rows}
            self._records |= found
            if form.expected not in LENGTHS:
                self._days |= {(place, date) for _, place, date, _ in found}
        if "opening" in forms:
            rows = connection.execute(
                f"SELECT _place, date FROM form_opening WHERE _place IN ({here}) "  # noqa: S608
                "AND date BETWEEN ? AND ? AND _state = 'current' AND open = 'no'",
                (*places, first.isoformat(), last.isoformat()),
            )
            self._closed = {(row[0], row[1]) for row in rows}

    def has(self, form_id: str, place: str, date: str, daypart: str | None) -> bool:
        """Whether a record under this key counts."""
        return (form_id, place, date, daypart) in self._records

    def anything(self, place: str, date: str) -> bool:
        """Whether a record that counts came in about `date` as a day."""
        return (place, date) in self._days

    def closed(self, place: str, date: str) -> bool:
        """Whether the place said on its opening record of `date` that it was closed."""
        return (place, date) in self._closed
