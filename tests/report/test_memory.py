"""What a workbook took is not kept: else a server holds it once for every thread that made one."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from unittest import mock

import openpyxl
import pytest

from fieldapp.keep.store import Store
from fieldapp.report import deliver as making
from fieldapp.report import grid, memory
from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.report.measure import READINGS, measure, selections
from fieldapp.report.period import period
from fieldapp.report.result import Reading, Result, read
from fieldapp.report.shared import selections as shared_by_all
from fieldapp.report.span import fill, spans
from fieldapp.report.statement import Statement
from fieldapp.settings import Settings

HEADCOUNT = """\
-- Mensen
-- result: people/visitors
-- pillar: B
-- unit: personen
-- kind: persons
-- over: month
-- good: none
-- questions: visitors.visitors
SELECT period, 'total' AS level, '' AS key, '' AS measure, 30 AS value FROM periods
 UNION ALL
SELECT period, 'place', 'OP-' || '01', '', 20 FROM periods
"""
TODAY = dt.date(2026, 11, 20)
SPANS = spans(period("2026-11", TODAY), Settings())
MANY, LARGE = 20_000, 2_000
MADE_AT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def timed() -> Iterator[sqlite3.Connection]:
    """A connection that knows the periods of November 2026 and nothing else."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        fill(connection, SPANS, Settings())
        yield connection


@pytest.fixture
def visitors() -> Result:
    found, _ = read("exports/people/visitors.sql", HEADCOUNT)
    assert found is not None
    return found


def test_a_text_of_readings_is_held_once(timed: sqlite3.Connection, visitors: Result) -> None:
    other = replace(visitors, id="people/others")
    found = measure(timed, [visitors, other], SPANS, TODAY)
    assert len(found) == 4 * len(SPANS)
    for name in ("period", "level", "key", "status"):
        texts = [getattr(each, name) for each in found]
        assert len({id(text) for text in texts}) == len(set(texts)), name


def test_a_text_of_shared_rows_is_held_once(timed: sqlite3.Connection) -> None:
    text = "SELECT 'OP-' || '01' AS place, position FROM periods"
    shared = Statement("exports/shared/sample.sql", text, "sample")
    _, rows = shared_by_all([shared], {})["sample"](timed)
    assert {place for place, _ in rows} == {"OP-01"}
    assert len({id(place) for place, _ in rows}) == 1 < len(rows)


def test_readings_are_held_until_they_are_told(timed: sqlite3.Connection, visitors: Result) -> None:
    held: list[list[Reading]] = []

    def protect(connection: sqlite3.Connection, readings: list[Reading]) -> list[Reading]:
        held.append(readings)
        return readings

    tables = selections([visitors], SPANS, TODAY, protect)
    told = {name: select(timed) for name, select in tables.items()}
    names, rows = told["headcounts"]
    assert (names, len(rows), told["readings"][1]) == (READINGS, 2 * len(SPANS), [])
    assert held == [[]]


def test_what_a_thread_freed_goes_back() -> None:
    with ThreadPoolExecutor(1) as one:
        taken = one.submit(lambda: [bytearray(LARGE) for _ in range(MANY)]).result()
        last = one.submit(lambda: bytearray(LARGE)).result()  # what is above it stays as it is
        taken.clear()
        before = _resident()
        memory.give_back()
        assert before - _resident() > MANY * LARGE / 2
        assert len(last) == LARGE


def test_every_workbook_gives_back_what_it_took(small: Store, settings: Settings) -> None:
    books = load_workbooks(settings.exports)
    with mock.patch.object(making, "give_back") as given:
        deliver(small, settings, books, "monthly", "2026-10", MADE_AT)
    given.assert_called_once_with()


def test_a_book_that_is_written_holds_no_rows() -> None:
    book = openpyxl.Workbook()
    page = grid.added(book, "grid")
    page.cell(1, 1, "above")
    page.laid = grid.Laid(2, [(("one",), (0,))], [None])
    grid.let_go(book)
    assert page.laid is None
    assert [cell for row in page.values for cell in row] == [None]
    book.save(io.BytesIO())
