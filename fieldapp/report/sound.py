"""Whether the exports are sound on an instance: looked at again when anything but its rows changed.

To run every statement of the exports takes seconds, and grows with what is kept. What that comes to
depends on the files, the forms, the tables, the settings and the code; a start that finds all of
those as they were need not do it again. `fieldapp check` always does.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import platform
import sqlite3
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from fieldapp import __version__
from fieldapp.ask.forms import form_files
from fieldapp.errors import Fault
from fieldapp.keep.store import Store
from fieldapp.report import deliver
from fieldapp.settings import PACKAGE, Settings

KEPT = "sound"
"""In the cache of the data folder: the fingerprint of what was found sound last."""

_ROOMS = ("ask", "keep", "report")
_TABLES = "SELECT sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*' ORDER BY type, name"


def faults(store: Store, settings: Settings, today: dt.date) -> list[Fault]:
    """Every fault in the exports; none when they were sound with all that they depend on."""
    kept, now = settings.data / "cache" / KEPT, _fingerprint(store, settings)
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if kept.read_text("ascii") == now:
            return []
    found = deliver.check(store, settings, today)
    if not found:
        with contextlib.suppress(OSError):  # to remember nothing only costs time
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(now, "ascii")
    return found


def _fingerprint(store: Store, settings: Settings) -> str:
    """Everything but rows and the day that decides what the exports come to."""
    told = hashlib.sha256()
    for each in (
        __version__,
        platform.python_version(),
        sqlite3.sqlite_version,
        metadata.version("opening-hours-py"),
        repr(settings),
    ):
        told.update(f"{each}\n".encode())
    for path in _files(settings):
        told.update(f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    with store.read() as connection:
        for (sql,) in connection.execute(_TABLES):
            told.update(f"{sql}\n".encode())
    return told.hexdigest()


def _files(settings: Settings) -> Iterator[Path]:
    for room in _ROOMS:
        yield from sorted((PACKAGE / room).glob("*.py"))
    yield from sorted(path for path in settings.exports.rglob("*") if path.is_file())
    for folder in (settings.forms, settings.published):
        yield from form_files(folder)
