"""Who gets in and who does not: each abuse, and each with a protection off."""

from __future__ import annotations

import pytest

from tests.fault.access.house import House, Off, Row
from tests.fault.access.rowed import attempt, each
from tests.fault.access.rows import ROWS
from tests.fault.table import Record


@pytest.mark.parametrize(("row", "off"), [*each(ROWS)])
def test_row(row: Row, off: Off | None, house: House, record_property: Record) -> None:
    """The row is green; with a protection off it is red."""
    attempt(ROWS, row, off, house, record_property)
