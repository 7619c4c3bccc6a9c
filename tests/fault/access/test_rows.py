"""Who gets in and who does not: each abuse, and each with a protection off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fault.access.house import House, Off, Row
from tests.fault.access.rows import ROWS
from tests.fault.table import Record, Trial, figures, told


def _each() -> Iterator[Any]:
    for row in ROWS:
        marks = [] if row.quick else [pytest.mark.long]
        yield pytest.param(row, None, id=row.number, marks=marks)
        for off in row.off:
            yield pytest.param(row, off, id=f"{row.number} without: {off.what}", marks=marks)


@pytest.mark.parametrize(("row", "off"), [*_each()])
def test_row(row: Row, off: Off | None, house: House, record_property: Record) -> None:
    """The row is green; with a protection off it is red."""
    without = off.what if off else ""
    told(record_property, Trial(row.number, row.what, without, len(row.off), row.limit))
    if off is None:
        if counted := row.trial(house):
            figures(record_property, row.number, counted)
        return
    off.apply(house)
    with pytest.raises(AssertionError):
        row.trial(house)
