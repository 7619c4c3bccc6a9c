"""Places through time: what each was called, and in which wijk it lay, on a given day."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence

from fieldapp.keep.store import register_table, table_of

FORM = "place_change"
"""The form that says from which day a place has another name, wijk or address."""

TABLE = register_table("places")

_CHANGED_BY = {"label": "name", "wijk": "wijk", "buurt_code": "buurt_code", "address": "address"}
"""Columns of the register that change in time, with the question that says so."""

_LATEST = (
    "coalesce((SELECT c.[{question}] FROM [{table}] c WHERE c._place = p.name "
    "AND c._state = 'current' AND c.valid_from <= {day} AND c.[{question}] IS NOT NULL "
    "ORDER BY c.valid_from DESC LIMIT 1), p.[{column}]) AS [{column}]"
)

_ALL = f"SELECT * FROM [{TABLE}] LIMIT 0"


def as_of(columns: Sequence[str], changing: bool, day: dt.date | None = None) -> str:
    """The SELECT of `columns` of every place as they were on `day`; None is today.

    Without `changing` there is no form that changes them, and they are as they were entered.
    """
    since = f"'{day.isoformat()}'" if day else "today()"
    listed = [
        _LATEST.format(question=_CHANGED_BY[name], table=table_of(FORM), day=since, column=name)
        if changing and name in _CHANGED_BY
        else f"p.[{name}]"
        for name in columns
    ]
    return f"SELECT {', '.join(listed)} FROM [{TABLE}] p"


def on(connection: sqlite3.Connection, day: dt.date | None = None) -> str:
    """The SELECT of every place with all that is kept of it, as it was on `day`; None is today."""
    columns = [each[0] for each in connection.execute(_ALL).description]
    return as_of(columns, _changing(connection), day)


def _changing(connection: sqlite3.Connection) -> bool:
    """Whether a form changes places, or ever did."""
    try:  # not by the list of all tables, which costs as much as all else about a place
        connection.execute(f"SELECT 1 FROM [{table_of(FORM)}] LIMIT 0")
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        return False
    return True


def entered(connection: sqlite3.Connection) -> Sequence[sqlite3.Row]:
    """Every place as it was entered at first, by name."""
    return connection.execute(f"SELECT * FROM [{TABLE}] ORDER BY name").fetchall()
