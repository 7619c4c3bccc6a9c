"""What the faults of phones start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import Clock
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
