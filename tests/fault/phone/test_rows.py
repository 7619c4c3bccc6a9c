"""What phones survive, in a real Chromium: each fault, and each with its protection off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fault.phone.rows import ROWS, Row
from tests.fault.phone.stand import Off, Stand
from tests.fault.table import Record, Trial, told


def _each(quick: bool) -> Iterator[Any]:
    for row in ROWS:
        if row.quick is quick:
            marks = [] if quick else [pytest.mark.long]
            yield pytest.param(row, None, id=f"{row.number}", marks=marks)
            for off in row.off:
                name = f"{row.number} without: {off.what}"
                yield pytest.param(row, off, id=name, marks=[pytest.mark.long])


@pytest.mark.parametrize(("row", "off"), [*_each(True), *_each(False)])
def test_row(
    row: Row, off: Off | None, stand: Callable[[Off | None], Stand], record_property: Record
) -> None:
    """The row is green; with a protection off it is red."""
    without = off.what if off else ""
    told(record_property, Trial(str(row.number), row.what, without, len(row.off), row.limit))
    with stand(off) as tried:
        if off is None:
            row.trial(tried)
        else:
            with pytest.raises(AssertionError):
                row.trial(tried)
