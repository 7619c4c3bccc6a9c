"""Doubles: records that wait beside another under their key until somebody chooses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.question import Form
from fieldapp.keep import row as rows
from fieldapp.keep.row import Row
from fieldapp.keep.store import Store, table_of


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed of two records: which one counts, and how often each was changed."""

    other: int
    kept: str = ""
    kept_edits: int = 0


@dataclass(frozen=True, slots=True)
class Double:
    """A record that waits, and the one that counts under its key; None when none does."""

    other: Row
    kept: Row | None

    @property
    def seen(self) -> Seen:
        """What a page that shows these two has seen."""
        if self.kept is None:
            return Seen(self.other.edits)
        return Seen(self.other.edits, self.kept.id, self.kept.edits)


def waiting(
    connection: sqlite3.Connection, forms: Iterable[Form], place: str | None
) -> Mapping[str | None, int]:
    """How many doubles wait, by place; of `place` only, or of all (None)."""
    found: dict[str | None, int] = {}
    here, given = _here(place)
    for form in forms:
        for row in connection.execute(
            f"SELECT _place, count(*) AS n FROM [{table_of(form.form_id)}] "
            f"WHERE _state = 'double'{here} GROUP BY _place",
            given,
        ):
            found[row["_place"]] = found.get(row["_place"], 0) + row["n"]
    return found


def undecided(
    store: Store, connection: sqlite3.Connection, forms: Iterable[Form], place: str | None
) -> Sequence[Double]:
    """Every double of `place` (None: of all), the one that waits longest first."""
    found = []
    here, given = _here(place)
    for form in forms:
        waits = connection.execute(
            f"SELECT _id FROM [{table_of(form.form_id)}] "
            f"WHERE _state = 'double'{here} ORDER BY rowid",
            given,
        ).fetchall()
        found += [double(store, connection, form, row["_id"], place) for row in waits]
    return sorted(found, key=lambda each: each.other.received_at)


def _here(place: str | None) -> tuple[str, tuple[str, ...]]:
    """What narrows a search to `place`, if any; by itself, or SQLite would read every record."""
    return ("", ()) if place is None else (" AND _place = ?", (place,))


def double(
    store: Store, connection: sqlite3.Connection, form: Form, row: str, place: str | None
) -> Double:
    """A record of `place` (None: of any) beside the one that counts under its key."""
    other = rows.find(store, connection, form, row, place)
    return Double(other, rows.beside(store, connection, other))
