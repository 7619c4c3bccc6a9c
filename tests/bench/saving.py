"""Saving an answer, against bare durable inserts."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

from fieldapp.ask.answer import check
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.web.surroundings import Surroundings
from tests.bench.figure import Figure, against
from tests.bench.home import NOW, Home


def figures(home: Home) -> Iterator[Figure]:
    """What saving costs."""
    yield saving(home.store, home.folder)


def saving(store: Store, folder: Path, many: int = 200) -> Figure:
    """Answers checked, journalled and committed one by one, against bare durable inserts."""
    form = store.forms["visitors"]
    plain = sqlite3.connect(folder / "bare.db", isolation_level=None)
    plain.execute("PRAGMA journal_mode=wal")
    plain.execute("PRAGMA synchronous=full")
    plain.execute("CREATE TABLE visits (id TEXT PRIMARY KEY, date TEXT, part TEXT, n INTEGER)")
    raw = {"date": ["2026-11-19"], "daypart": ["evening"], "visitors": ["24"]}

    def save() -> None:
        for _ in range(many):
            with store.read() as connection:
                place = completeness.places(connection, "OP-01")[0]
                here = Surroundings(store, connection, place, NOW)
                answer = check(form, raw, here.context(form))
            with store.write("bench", NOW) as write:
                rows.add(store, write, form, answer, str(uuid.uuid4()), Origin("OP-01"))

    def insert() -> None:
        for _ in range(many):
            plain.execute("BEGIN IMMEDIATE")
            values = (str(uuid.uuid4()), "2026-11-19", "evening", 24)
            plain.execute("INSERT INTO visits VALUES (?, ?, ?, ?)", values)
            plain.execute("COMMIT")

    figure = against("saving an answer", "a bare durable insert", save, insert)
    plain.close()
    return figure
