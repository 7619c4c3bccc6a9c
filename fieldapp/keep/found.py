"""Records that the office looks for: over all forms, by what it knows of them, page by page."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.day import day_of
from fieldapp.ask.question import Form
from fieldapp.keep import row as rows
from fieldapp.keep.row import Row
from fieldapp.keep.store import Store, table_of


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; None and empty is all."""

    forms: Sequence[Form]
    place: str | None = None
    first: str = ""
    last: str = ""
    phone: int | None = None
    state: str = ""
    corrected: bool = False
    among: Iterable[str] | None = None
    """The ids of which alone one may be found; None for any."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, the last that came in first, and how many there are in all."""

    total: int
    rows: Sequence[Row]


def find(
    store: Store, connection: sqlite3.Connection, sought: Sought, skip: int, most: int
) -> Found:
    """At most `most` records after the first `skip`."""
    given = _given(sought)
    each_form = "\nUNION ALL\n".join(_of(form) for form in sought.forms)
    if not each_form:
        return Found(0, [])
    total = connection.execute(
        f"SELECT count(*) FROM ({each_form})",
        given,
    ).fetchone()[0]
    page = connection.execute(
        f"SELECT form, _id FROM ({each_form}) "
        "ORDER BY at DESC, day DESC, _id LIMIT :most OFFSET :skip",
        given | {"most": most, "skip": skip},
    ).fetchall()
    return Found(
        int(total),
        [rows.find(store, connection, store.forms[form], row, None) for form, row in page],
    )


def counts(connection: sqlite3.Connection, sought: Sought) -> Mapping[tuple[str, str], int]:
    """How many records there are by form and place; the office's own are of no place, "".

    They are those that `find` finds, form by form and place by place.
    """
    each_form = "\nUNION ALL\n".join(_of(form) for form in sought.forms)
    if not each_form:
        return {}
    found = connection.execute(
        f"SELECT form, coalesce(place, ''), count(*) FROM ({each_form}) GROUP BY 1, 2",
        _given(sought),
    )
    return {(row[0], row[1]): row[2] for row in found}


def _given(sought: Sought) -> dict[str, object]:
    return {
        "place": sought.place,
        "first": sought.first or "0000",
        "last": sought.last or "9999",
        "phone": sought.phone,
        "state": sought.state or None,
        "corrected": sought.corrected,
        "among": None if sought.among is None else json.dumps(list(sought.among)),
    }


def _of(form: Form) -> str:
    asked = day_of(form)
    day = f"coalesce([{asked}], substr(_received_at, 1, 10))" if asked else "_received_at"
    return (
        f"SELECT '{form.form_id}' AS form, _id, _place AS place, substr({day}, 1, 10) AS day, "
        "_received_at AS at "
        f"FROM [{table_of(form.form_id)}] t "
        "WHERE (:place IS NULL OR _place = :place) "
        f"AND substr({day}, 1, 10) BETWEEN :first AND :last "
        "AND (:phone IS NULL OR _phone = :phone) "
        "AND (:state IS NULL OR _state = :state) "
        "AND (NOT :corrected OR EXISTS (SELECT 1 FROM correction c "
        f"WHERE c.form = '{form.form_id}' AND c.row = t._id)) "
        "AND (:among IS NULL OR _id IN (SELECT value FROM json_each(:among)))"
    )


def phones(connection: sqlite3.Connection) -> Mapping[int, Sequence[str]]:
    """The number of every phone ever paired, with the places that it had; not its name."""
    found: dict[int, list[str]] = {}
    for row in connection.execute(
        "SELECT p.id, pp.place FROM phone p LEFT JOIN phone_place pp ON pp.phone = p.id "
        "ORDER BY p.id, pp.place"
    ):
        found.setdefault(row["id"], []).extend([row["place"]] if row["place"] else [])
    return found
