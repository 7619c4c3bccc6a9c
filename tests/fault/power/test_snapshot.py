"""Two exports while others write: each tells of one moment, the same on every sheet and cover."""

from __future__ import annotations

import dataclasses
import io
import threading
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from fieldapp.ask.answer import Answer
from fieldapp.keep import anchor
from fieldapp.keep import row as rows
from fieldapp.keep.anchor import found_in
from fieldapp.keep.database import Database
from fieldapp.keep.store import Store
from fieldapp.report import deliver, gather
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import Clock
from tests.fault.invariants import look
from tests.fault.table import Record, Trial, figures, told

WHAT = "two exports while others write"
OFF = ("one transaction for all sheets", "the journal's head out of that transaction")
PLACES = ("OP-01", "OP-02", "WB-01")
DAYS = range(1, 20)


class Writing:
    """Somebody who opens a place and counts its visitors, both or neither, at every chance."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._left = [(place, day) for place in PLACES for day in DAYS]
        self._lock = threading.Lock()
        self.ids: list[str] = []

    def once(self) -> None:
        """One pair, while there are days left."""
        with self._lock:
            if not self._left:
                return
            place, day = self._left.pop()
            number = len(self._left)
        date, store = f"2026-11-{day:02}", self._store
        pair = {
            "opening": {"date": date, "open": "no", "closed_reason": "weather"},
            "visitors": {"date": date, "daypart": "morning", "visitors": 7},
        }
        with store.write("test", self._clock()) as write:
            for nth, (name, values) in enumerate(pair.items()):
                row = str(UUID(int=2 * number + nth, version=4))
                answer = Answer(name, store.forms[name].version, values)
                rows.add(store, write, store.forms[name], answer, row, rows.Origin(place))
                self.ids.append(row)


@pytest.fixture
def writing(small: Store, clock: Clock) -> Writing:
    """Somebody who wrote already, and goes on."""
    made = Writing(small, clock)
    for _ in range(5):
        made.once()
    return made


@pytest.fixture
def export(
    small: Store,
    writing: Writing,
    settings: Settings,
    workbooks: Mapping[str, Workbook],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], str]:
    """Makes two workbooks at once, with writes between all sheets, and looks at both."""
    fetch = gather.fetch

    def interrupted(*given: Any) -> Any:
        writing.once()
        return fetch(*given)

    monkeypatch.setattr(gather, "fetch", interrupted)

    def exported() -> str:
        made: list[bytes] = []

        def run() -> None:
            book = deliver.deliver(small, settings, workbooks, "records", "2026-11", clock())
            made.append(book.content)

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 2
        counts = [consistent(small, content) for content in made]
        assert max(counts) < len(writing.ids), "nobody wrote meanwhile"
        assert look(small, settings.data, writing.ids).nothing
        return f"2 workbooks of {min(counts)} and {max(counts)} records, {len(writing.ids)} kept"

    return exported


def consistent(store: Store, content: bytes) -> int:
    """How many records a workbook tells of: all that its journal line knows of, and no other."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    cover = (cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row)
    (head,) = (each for cell in cover if isinstance(cell, str) for each in found_in(cell))
    counts = []
    for title, form in (("Openingstijd", "opening"), ("Bezoekers", "visitors")):
        with store.read() as connection:
            lines = connection.execute(
                "SELECT row FROM journal WHERE action = 'add' AND object = ? AND id <= ?",
                (form, head.line),
            )
            known = {str(UUID(line["row"])) for line in lines}
        cells = {c for row in book[title].iter_rows(values_only=True) for c in row}
        shown = {str(c).removeprefix("uuid:") for c in cells} & _ids(store, form)
        assert shown == known, f"{title}: {len(shown)} shown, {len(known)} known then"
        counts.append(len(shown))
    assert counts[0] == counts[1], "half of a pair"
    return sum(counts)


def _ids(store: Store, form: str) -> set[str]:
    with store.read() as connection:
        found = connection.execute(f"SELECT _id FROM form_{form}").fetchall()
    return {row[0] for row in found}


def test_each_export_tells_of_one_moment(
    export: Callable[[], str], record_property: Record
) -> None:
    told(record_property, Trial("70", WHAT, of=len(OFF)))
    figures(record_property, "70", export())


def test_mutation_without_a_transaction_sheets_differ(
    export: Callable[[], str], record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(record_property, Trial("70", WHAT, OFF[0], len(OFF)))
    whole: Any = Database.export

    class Loose:
        def __init__(self, connection: Any) -> None:
            self._connection = connection

        def execute(self, sql: str, *more: Any) -> Any:
            return self._connection.execute(sql if sql != "BEGIN" else "SELECT 1", *more)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._connection, name)

    def loosely(base: Any, *given: Any) -> Any:
        return whole(SimpleNamespace(_open_reader=lambda: Loose(base._open_reader())), *given)

    monkeypatch.setattr(Database, "export", loosely)
    with pytest.raises(AssertionError):
        export()


def test_mutation_a_head_of_another_moment_is_found(
    export: Callable[[], str],
    small: Store,
    writing: Writing,
    record_property: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(record_property, Trial("70", WHAT, OFF[1], len(OFF)))
    about: Any = deliver._itself

    def later(*given: Any) -> Any:
        told_before = about(*given)
        writing.once()
        with small.read() as connection:
            head = str(anchor.last_change(connection))
        return dataclasses.replace(told_before, journal=head)

    monkeypatch.setattr(deliver, "_itself", later)
    with pytest.raises(AssertionError):
        export()
