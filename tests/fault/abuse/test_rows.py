"""What is brought, typed and asked to hurt: each abuse, and each with a protection off."""

from __future__ import annotations

import pytest

from tests.fault.abuse import rows_cells, rows_logs, rows_queries, rows_uploads
from tests.fault.access.house import House, Off, Row
from tests.fault.access.rowed import attempt, each
from tests.fault.table import Record

ROWS = (*rows_uploads.ROWS, *rows_cells.ROWS, *rows_queries.ROWS, *rows_logs.ROWS)
SLOW = {"60", "62", "68"}
"""Of these the suite has the row, and `make fault` what happens without its protections."""


@pytest.mark.parametrize(("row", "off"), [*each(ROWS, SLOW)])
def test_row(row: Row, off: Off | None, house: House, record_property: Record) -> None:
    """The row is green; with a protection off it is red."""
    attempt(ROWS, row, off, house, record_property)
