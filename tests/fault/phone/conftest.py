"""What the faults of phones start from, and the table of what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import Clock
from tests.fault.phone.rows import ROWS, Row
from tests.fault.phone.stand import Off, Stand


@pytest.fixture
def stand(
    browser: Browser,
    tmp_path: Path,
    settings: Settings,
    small: Store,
    workbooks: Mapping[str, Workbook],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Off | None], Stand]:
    """Makes where a row is tried, with a protection off or with all of them."""
    return lambda off: Stand(browser, tmp_path, settings, small, workbooks, clock, monkeypatch, off)


@pytest.fixture(scope="session")
def table(request: pytest.FixtureRequest) -> Iterator[list[tuple[Row, Off | None]]]:
    """Collects which rows were green, and red when they had to be; says so in the end."""
    done: list[tuple[Row, Off | None]] = []
    yield done
    if "long" not in str(request.config.option.markexpr).replace("not long", "", 1):
        return
    print("\n\n  #  what                                             green  mutation red")
    for row in ROWS:
        red = sum(one is row and off is not None for one, off in done)
        green = "yes" if (row, None) in done else "NO"
        print(f" {row.number:>2}  {row.what:<48} {green:<6} {red} of {len(row.off)}")
    for row in ROWS:
        if row.limit:
            print(f" {row.number:>2}: {row.limit}")
