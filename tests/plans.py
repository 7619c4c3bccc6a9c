"""What SQLite would do for a statement: which tables of records it reads to the end, or too far.

A small store is told that it holds what the country would in ten years; a statement is explained
there, and without an index it would read a table whole.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep.store import open_store
from fieldapp.settings import Settings
from tests.bench.growth import Country, entered
from tests.bench.home import NOW
from tests.bench.national import national

PLACES, RECORDS = 1_000, 1_000_000

FEW = {"form_place", "form_pilot", "form_place_change"}
"""What may always be read whole: as many records as there are places, or fewer."""

DAYS = {
    "form_opening": "date",
    "form_visitors": "date",
    "form_volunteer_hours": "date",
    "form_attendance": "date",
    "form_month_report": "month",
    "form_volunteer_month": "month",
}
"""What grows with every day or month, and the column that says of which."""

AT_DAY = (
    "at_opening_date",
    "at_visitors_date_daypart",
    "at_volunteer_hours_date",
    "at_attendance_date_daypart_task",
    "at_month_report_month",
)
"""The indexes by which both pages and exports find the days that they tell of."""


@pytest.fixture(scope="session")
def country(
    tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]
) -> Iterator[Country]:
    """Eleven places with some months of records, and statistics as if they were a thousand."""
    settings = Settings(data=tmp_path_factory.mktemp("country") / "data")
    store = national(settings.data, forms, NOW, 11, NOW.date().replace(month=8, day=1))
    with store.write("test", NOW) as write:
        _pretend(write.connection)
    store.close()
    store = open_store(settings.data, forms, lambda: NOW)  # only now it knows the statistics
    yield entered(settings, store, 11)
    store.close()


def _pretend(connection: sqlite3.Connection) -> None:
    """Statistics of a thousand places over ten years, for every table of records."""
    connection.execute("DELETE FROM sqlite_stat1")
    indexes = connection.execute(
        "SELECT m.tbl_name, m.name, (SELECT count(*) FROM pragma_index_info(m.name)) "
        "FROM sqlite_master m WHERE m.type = 'index' AND m.name NOT GLOB 'waits_*' "
        "AND (m.tbl_name GLOB 'form_*' OR m.tbl_name = 'people')"
    )
    for table, index, columns in indexes.fetchall():
        each = [RECORDS // PLACES, *(2 for _ in range(columns - 1))] if columns > 1 else [2]
        told = " ".join(map(str, [RECORDS, *each]))
        connection.execute("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, told))


def tables(country: Country) -> Mapping[int, str]:
    """Which table, or index of all of it, begins at which page of the file."""
    with country.store.read() as connection:
        found = connection.execute(
            "SELECT rootpage, tbl_name FROM sqlite_master WHERE name NOT GLOB 'waits_*'"
        )
        return {row[0]: row[1] for row in found}


def read_whole(connection: sqlite3.Connection, tables: Mapping[int, str], sql: str) -> set[str]:
    """The tables of records that a statement reads to the end, by what SQLite would run for it."""
    opened: dict[int, str] = {}
    begun, sought = set(), set()
    for _, code, first, second, third, *_ in _explained(connection, "EXPLAIN", sql):
        if code == "OpenRead" and third == 0 and second in tables:
            opened[first] = tables[second]
        elif code in {"Rewind", "Last"}:
            begun.add(first)
        elif code.startswith("Seek"):
            sought.add(first)  # who skips through an index begins where it begins as well
    found = {opened[cursor] for cursor in begun - sought if cursor in opened}
    return {table for table in found if table == "people" or table.startswith("form_")}


_SEARCH = re.compile(r"SEARCH \w+ USING (?:COVERING )?INDEX (at_\w+) \((.*)\)")


def read_too_far(connection: sqlite3.Connection, indexes: Mapping[str, str], sql: str) -> set[str]:
    """The tables of DAYS of which a statement reads every day of a place, by their `at_` index."""
    found = set()
    for each in plan(connection, sql):
        sought = _SEARCH.fullmatch(each)
        table = indexes.get(sought[1], "") if sought else ""
        if sought and table in DAYS and not re.search(rf"\b{DAYS[table]}[<>=]", sought[2]):
            found.add(table)
    return found


def indexes(country: Country) -> Mapping[str, str]:
    """The table of every index."""
    with country.store.read() as connection:
        found = connection.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'")
        return {row[0]: row[1] for row in found}


def plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    """The plan of a statement, line by line."""
    return [row[3] for row in _explained(connection, "EXPLAIN QUERY PLAN", sql)]


def _explained(connection: sqlite3.Connection, how: str, sql: str) -> list[Any]:
    """What SQLite tells of a statement as things are now.

    Whether an index is gone it finds out by running something, and what it explained before it
    tells again: so a table is read first, and each is asked anew.
    """
    connection.execute("SELECT count(*) FROM main.sqlite_master").fetchall()
    return connection.execute(f"{how} /* {uuid.uuid4()} */ {sql}").fetchall()


@contextlib.contextmanager
def without(country: Country, index: str) -> Iterator[None]:
    """The store while an index is not there; what was told of it is known again after."""
    with country.store.write("test", NOW) as write:
        made = write.connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,))
        sql = made.fetchone()[0]
        told = write.connection.execute("SELECT * FROM sqlite_stat1 WHERE idx = ?", (index,))
        known = [tuple(row) for row in told]
        write.connection.execute(f"DROP INDEX [{index}]")  # SQLite forgets it, with its statistics
    try:
        yield
    finally:
        with country.store.write("test", NOW) as write:
            write.connection.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", known)
            write.connection.execute(sql)
