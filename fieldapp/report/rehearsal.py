"""Forms that are not in force, tried on an empty instance of their own: what would break."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from fieldapp.ask.question import Form
from fieldapp.errors import Fault
from fieldapp.keep import covenant
from fieldapp.keep.store import Store, open_store
from fieldapp.report import deliver
from fieldapp.report.people import load_people
from fieldapp.report.result import load_results, unknown_questions
from fieldapp.settings import Settings


@contextlib.contextmanager
def rehearsing(forms: Mapping[str, Form], now: dt.datetime) -> Iterator[Store]:
    """An empty instance that asks `forms`; it is gone when the block ends."""
    with tempfile.TemporaryDirectory() as scratch:
        store = open_store(Path(scratch) / "data", forms, lambda: now, make=True)
        try:
            yield store
        finally:
            store.close()


def broken(
    form: Form, forms: Mapping[str, Form], settings: Settings, now: dt.datetime
) -> list[Fault]:
    """Every fault that workbooks, results and what was agreed have when `forms` are asked.

    Also a Fault when the database cannot hold `form`, the one among them that is new.
    """
    results = load_results(settings.exports)
    faults = {
        *unknown_questions(results, forms),
        *unknown_questions(load_people(settings.exports, results), forms),
        *covenant.faults(settings.exports, forms, now),
    }
    try:
        with rehearsing(forms, now) as store:
            faults |= {*deliver.check(store, settings, now.date())}
    except sqlite3.OperationalError as problem:
        sentence = f"the database cannot hold this form ({problem}). Give other names."
        faults.add(Fault(form.file, 0, sentence))
    return sorted(faults)
