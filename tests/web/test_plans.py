"""No page reads a whole table of records: SQLite finds what it needs by an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import pytest

from tests.bench.growth import Country
from tests.bench.home import MONTH
from tests.plans import AT_DAY, FEW, plan, read_whole, tables, without

PAGES = (
    "/", "/week", "/week?week=2026-W45", "/form/visitors", "/form/attendance",
    "/form/volunteer_hours", "/form/step", "/form/month_report", "/people",
)  # fmt: skip
OFFICE = (f"/office/?month={MONTH}",)

INDEXES = (
    *AT_DAY,
    "at_person_new",
    "at_schedule_valid_from",
    "at_closure",
    "people_root",
    "waits_visitors",
    "waits_attendance",
)
"""Without any of these a page would read a whole table."""


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


def whole_for_pages(country: Country, asked: Sequence[str]) -> Mapping[str, Set[str]]:
    """What pages read whole, by the statement that does."""
    kept = tables(country)
    with country.store.read() as connection:
        found = {sql: read_whole(connection, kept, sql) - FEW for sql in asked}
    return {sql: whole for sql, whole in found.items() if whole}


def test_no_page_reads_a_table_of_records_whole(country, asked):
    assert whole_for_pages(country, asked) == {}


@pytest.mark.parametrize("index", INDEXES)
def test_without_an_index_a_page_would(country, asked, index):
    with without(country, index):
        assert whole_for_pages(country, asked), index


def test_steps_are_found_by_person_and_else_all_of_a_place_are_read(country, asked):
    def seeking(what: str) -> list[str]:
        with country.store.read() as connection:
            return [sql for sql in asked if any(what in line for line in plan(connection, sql))]

    by_person = seeking("INDEX of_step_person (person=?)")
    assert by_person
    with without(country, "of_step_person"):
        assert set(by_person) <= set(seeking("INDEX at_step (_place=?"))
