"""The connection of exports: it sees views of what they may read, and nothing else."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fieldapp.ask.question import Form
from fieldapp.keep import public
from fieldapp.keep.database import reading_only
from fieldapp.keep.people import is_personal
from fieldapp.keep.selects import definitions, private
from fieldapp.keep.store import Store, register_table

_TABLE_FUNCTIONS = {"json_each", "json_tree"}

_SOUGHT = ("period", "place")
"""What a kept table that has both gets an index on: SQLite may else compare all with all."""

_SMALL = 5_000
"""Rows up to which SQLite is told how many a kept table has: else it presumes a million."""

Selection = Callable[[sqlite3.Connection], tuple[Sequence[str], Sequence[Sequence[Any]]]]
"""Selects names of columns and rows from a connection."""


@contextlib.contextmanager
def exporting(
    store: Store,
    fill: Callable[[sqlite3.Connection], None] = lambda connection: None,
    tables: Mapping[str, Selection] = MappingProxyType({}),
    *,
    to_public: bool = False,
    day: dt.date | None = None,
) -> Iterator[sqlite3.Connection]:
    """A read-only connection that sees the views of `selects` and what is added to them.

    Places have the name and lie in the wijk of `day`, the last that is told; None is today.
    `fill` may make temporary tables and functions before the door closes behind it. What each of
    `tables` selects behind that door is kept as a temporary table, for the next and for the caller.
    `to_public` the caller then reads views that hold only what anybody may read.
    """
    # Base tables open only to views whose names nobody can write down beforehand: SQLite tells
    # the authorizer the name of a WITH clause just as it tells a view's.
    door = secrets.token_hex(8)
    views = definitions(store.forms, day)

    def prepare(connection: sqlite3.Connection) -> None:
        for name, select in views.items():
            connection.execute(f"CREATE TEMP VIEW [{door}_{name}] AS {select}")
            connection.execute(f"CREATE TEMP VIEW [{name}] AS SELECT * FROM [{door}_{name}]")
        fill_questions(connection, store.forms)
        fill(connection)

    doors = frozenset(f"{door}_{name}" for name in views)
    with store.read() as connection:
        # Of a register an export may know how many rows it has: it sees them all.
        found = connection.execute(
            "SELECT lower(name) FROM sqlite_master WHERE name NOT GLOB ?", (register_table("*"),)
        )
        kept = frozenset(row[0] for row in found)
    decide = _authorizer(doors, private(store.forms), kept)
    with store.database.export(prepare, decide) as connection:
        for name, select in tables.items():
            selected = select(connection)
            connection.set_authorizer(None)
            _keep(connection, name, *selected)
            connection.set_authorizer(decide)
            del selected  # so that it is not held as long as the caller reads
        if to_public:
            connection.set_authorizer(None)
            _open_to_public(connection, store.forms, door)
            connection.set_authorizer(decide)
        yield connection


def fill_questions(connection: sqlite3.Connection, forms: Mapping[str, Form]) -> None:
    """Makes the temporary tables `questions` and `choices` that tell what the forms ask."""
    connection.execute(
        "CREATE TEMP TABLE questions (form_id TEXT, form TEXT, form_order INTEGER, "
        "version TEXT, position INTEGER, name TEXT, label TEXT, type TEXT, list_name TEXT, "
        "result TEXT, private INTEGER)"
    )
    connection.execute(
        "CREATE TEMP TABLE choices (form_id TEXT, list_name TEXT, position INTEGER, name TEXT, "
        "label TEXT, liveability TEXT)"
    )
    for form in forms.values():
        connection.executemany(
            "INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    form.form_id, form.title["nl"], form.order, form.version, position,
                    question.name, question.label.get("nl"), question.type,
                    question.list_name or question.register or None,
                    " ".join(question.result) or None, int(is_personal(question)),
                )
                for position, question in enumerate(form.columns.values(), 1)
            ],
        )  # fmt: skip
        connection.executemany(
            "INSERT INTO choices VALUES (?, ?, ?, ?, ?, ?)", list(_choices(form))
        )


def _keep(
    connection: sqlite3.Connection, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Makes a temporary table of `rows`, in place of one that is there already.

    The names are quoted, so that they are names only.
    """
    table, index, *listed = (
        '"' + each.replace('"', '""') + '"' for each in (name, f"{name} sought", *columns)
    )
    connection.execute("PRAGMA query_only=OFF")
    connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
    connection.execute(f"CREATE TEMP TABLE {table} ({', '.join(listed)})")
    values = ", ".join("?" * len(listed))
    connection.executemany(f"INSERT INTO temp.{table} VALUES ({values})", rows)
    if set(_SOUGHT) <= set(columns):
        connection.execute(f"CREATE INDEX temp.{index} ON {table} ({', '.join(_SOUGHT)})")
    if len(rows) <= _SMALL:
        connection.execute(f"ANALYZE temp.{table}")
    connection.execute("PRAGMA query_only=ON")


def _open_to_public(connection: sqlite3.Connection, forms: Mapping[str, Form], door: str) -> None:
    """Leaves the views as anybody may read them; those for the office go."""
    connection.execute("PRAGMA query_only=OFF")
    for name in forms:
        connection.execute(f"DROP VIEW temp.[_{name}]")
    for name, select in public.definitions(forms).items():
        connection.execute(f"DROP VIEW temp.[{name}]")
        connection.execute(f"CREATE TEMP VIEW [{name}] AS {select.format(f'[{door}_{name}]')}")
    connection.execute("PRAGMA query_only=ON")


def _choices(form: Form) -> Sequence[tuple[str, str, int, str, str, str | None]]:
    lists = {q.list_name: q.choices for q in form.columns.values() if q.list_name}
    return [
        (
            form.form_id, name, position, choice.name, choice.label["nl"],
            choice.extra.get("liveability"),
        )
        for name, choices in lists.items()
        for position, choice in enumerate(choices, 1)
    ]  # fmt: skip


def _authorizer(
    doors: frozenset[str], hidden: frozenset[tuple[str, str]], kept: frozenset[str]
) -> Callable[..., int]:
    def decide(
        action: int, first: str | None, second: str | None, database: str | None, via: str | None
    ) -> int:
        if action == sqlite3.SQLITE_READ:
            if (first, second) in hidden:
                return sqlite3.SQLITE_DENY
            # To count rows is to read no column: then SQLite names no database either.
            own = database == "main" or (not second and (first or "").lower() in kept)
            if own and via not in doors and first not in _TABLE_FUNCTIONS:
                return sqlite3.SQLITE_DENY
        return reading_only(action, first, second, database, via)

    return decide
