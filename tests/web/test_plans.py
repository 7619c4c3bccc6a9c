"""No page reads a whole table of records: SQLite finds what it needs by an index.

A small store is told that it holds what the country would in ten years; then every statement that
pages ask is explained, and without an index one of them would read a table to its end.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep.store import open_store
from fieldapp.settings import Settings
from tests.bench.growth import Country, entered
from tests.bench.home import MONTH, NOW
from tests.bench.national import national

PLACES, RECORDS = 1_000, 1_000_000

PAGES = (
    "/", "/week", "/week?week=2026-W45", "/form/visitors", "/form/attendance",
    "/form/volunteer_hours", "/form/step", "/form/month_report", "/people",
)  # fmt: skip
OFFICE = (f"/office/?month={MONTH}",)

FEW = {"form_place", "form_pilot", "form_place_change"}
"""What a page may read whole: as many records as there are places, or fewer."""

INDEXES = (
    "at_opening_date",
    "at_visitors_date_daypart",
    "at_volunteer_hours_date",
    "at_attendance_date_daypart_task",
    "at_month_report_month",
    "at_person_new",
    "at_schedule_valid_from",
    "at_closure",
    "of_step_person",
    "people_root",
    "waits_visitors",
    "waits_attendance",
)
"""Without any of these a page would read a whole table."""


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def asked(country: Country) -> Sequence[str]:
    """Every statement that the pages ask of the database, each once."""
    found: dict[str, None] = {}
    with country.store.read() as connection:  # a read inside a read is on the same connection
        connection.set_trace_callback(found.setdefault)
        for client, paths in ((country.phone, PAGES), (country.office, OFFICE)):
            for path in paths:
                assert client.get(path, base_url="https://localhost").status_code == 200, path
        connection.set_trace_callback(None)
    return [sql for sql in found if sql.lstrip().upper().startswith(("SELECT", "WITH"))]


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


def _tables(country: Country) -> Mapping[int, str]:
    """Which table, or index of all of it, begins at which page of the file."""
    with country.store.read() as connection:
        found = connection.execute(
            "SELECT rootpage, tbl_name FROM sqlite_master WHERE name NOT GLOB 'waits_*'"
        )
        return {row[0]: row[1] for row in found}


def read_whole(
    connection: sqlite3.Connection, tables: Mapping[int, str], sql: str, given: Any = ()
) -> set[str]:
    """The tables of records that a statement reads to the end, by what SQLite would run for it."""
    opened: dict[int, str] = {}
    begun, sought = set(), set()
    # A plan that was explained before is told again, also when an index is gone: asked anew.
    anew = f"EXPLAIN /* {uuid.uuid4()} */ {sql}"
    for _, code, first, second, third, *_ in connection.execute(anew, given):
        if code == "OpenRead" and third == 0 and second in tables:
            opened[first] = tables[second]
        elif code in {"Rewind", "Last"}:
            begun.add(first)
        elif code.startswith("Seek"):
            sought.add(first)  # who skips through an index begins where it begins as well
    found = {opened[cursor] for cursor in begun - sought if cursor in opened}
    return {table for table in found if table == "people" or table.startswith("form_")}


@contextlib.contextmanager
def without(country: Country, index: str) -> Iterator[None]:
    """The store while an index is not there."""
    with country.store.write("test", NOW) as write:
        made = write.connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,))
        sql = made.fetchone()[0]
        write.connection.execute(f"DROP INDEX [{index}]")
    try:
        yield
    finally:
        with country.store.write("test", NOW) as write:
            write.connection.execute(sql)


def whole_for_pages(country: Country, asked: Sequence[str]) -> Mapping[str, Set[str]]:
    """What pages read whole, by the statement that does."""
    tables = _tables(country)
    with country.store.read() as connection:
        found = {sql: read_whole(connection, tables, sql) - FEW for sql in asked}
    return {sql: whole for sql, whole in found.items() if whole}


def test_no_page_reads_a_table_of_records_whole(country, asked):
    assert whole_for_pages(country, asked) == {}


@pytest.mark.parametrize("index", INDEXES)
def test_without_an_index_a_page_would(country, asked, index):
    with without(country, index):
        assert whole_for_pages(country, asked), index
