"""The world of the benchmarks: what the deal in The Hague keeps after two years."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fieldapp.ask.forms import load_forms
from fieldapp.demo.fill import fill
from fieldapp.keep import whole
from fieldapp.keep.store import Store, open_store
from fieldapp.report.load import load_workbooks
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings

NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
MONTH = "2026-10"
"""The last whole month before NOW."""


@dataclass(frozen=True)
class Home:
    """An instance of home size, and a folder to work in."""

    folder: Path
    settings: Settings
    store: Store
    workbooks: Mapping[str, Workbook]


@contextmanager
def home(kept: Path | None = None) -> Iterator[Home]:
    """The filled example as of NOW: all places, two years of logs.

    With `kept` it is made there once and used again: for who measures one thing many times.
    """
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        settings = Settings(data=(kept or folder) / "data", public_url="http://localhost")
        forms = load_forms(settings.forms, folder / "cache")
        new = not settings.data.exists()
        store = open_store(settings.data, forms, lambda: NOW, make=new)
        if new:
            fill(store, settings, NOW.date())
        whole.measure(store)  # as every start of the server does
        try:
            yield Home(folder, settings, store, load_workbooks(settings.exports))
        finally:
            store.close()
