"""The headcounts of a month filled in by hand, measured and protected as for a real workbook."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from fieldapp.report import protect, span
from fieldapp.report.measure import READINGS, TABLES, measure
from fieldapp.report.period import Period
from fieldapp.report.shared import reading
from fieldapp.report.sheet import Workbook
from fieldapp.report.span import spans
from fieldapp.settings import Settings
from tests.report.conftest import TODAY, share


@contextmanager
def counting(
    connection: sqlite3.Connection, workbook: Workbook, over: Period, threshold: int
) -> Iterator[None]:
    """While it lasts the connection holds `headcounts`; none where periods were made by hand."""
    if not workbook.people or connection.execute("SELECT 1 FROM periods").fetchone():
        share(connection, workbook.shared, over.parameters())
        yield
        return
    told = spans(over, Settings())
    if threshold:
        told += span.before(told, Settings(), Settings().deal_from.isoformat())
    connection.executemany("INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?)", span.rows(told))
    after = reading(workbook.shared, TABLES)
    share(connection, [each for each in workbook.shared if each not in after], over.parameters())
    found = measure(connection, workbook.people, told, TODAY)
    if threshold:
        found = protect.public(connection, found, workbook.people, threshold, told)
    connection.executemany(
        f"INSERT INTO headcounts VALUES ({', '.join('?' * len(READINGS))})",
        [tuple(getattr(each, name) for name in READINGS) for each in found],
    )
    connection.execute("DELETE FROM periods WHERE kind = 'before'")
    share(connection, after, over.parameters())
    yield
    connection.executescript("DELETE FROM periods; DELETE FROM headcounts;")
