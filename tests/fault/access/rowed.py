"""Tries a row of abuse: it is green, and red with each of its protections off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pytest

from tests.fault.access.house import House, Off, Row
from tests.fault.table import Record, Trial, figures, told


def each(rows: Sequence[Row], slow: Collection[str] = ()) -> Iterator[Any]:
    """Every row, and once more with each protection off; those of `slow` rows are long."""
    for row in rows:
        marks = [] if row.quick else [pytest.mark.long]
        yield pytest.param(row, None, id=row.number, marks=marks)
        if row.number in slow:
            marks = [pytest.mark.long]
        for off in row.off:
            yield pytest.param(row, off, id=f"{row.number} without: {off.what}", marks=marks)


def attempt(rows: Sequence[Row], row: Row, off: Off | None, house: House, record: Record) -> None:
    """The row is green, or red without the protection that is off."""
    without = off.what if off else ""
    of = sum(len(other.off) for other in rows if other.number == row.number)
    told(record, Trial(row.number, row.what, without, of, row.limit))
    if off is None:
        if counted := row.trial(house):
            figures(record, row.number, counted)
        return
    off.apply(house)
    with pytest.raises(AssertionError):
        row.trial(house)
