"""More to start from in the tests of what is kept: what fails, and what looks behind the doors."""

from __future__ import annotations

import dataclasses
import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fieldapp.ask.answer import check
from fieldapp.keep import decision, double, merge
from fieldapp.keep import row as rows
from fieldapp.keep.backup import Copy, copy
from fieldapp.keep.database import Database
from fieldapp.keep.decision import Decision
from fieldapp.keep.double import Double, Seen
from fieldapp.keep.row import Origin, Receipt, Row
from fieldapp.keep.store import Store
from fieldapp.keep.views import exporting
from fieldapp.keep.way import Way, ways
from fieldapp.report import completeness
from fieldapp.settings import Settings
from fieldapp.web.surroundings import Surroundings
from tests.conftest import Clock, Send

Ask = Callable[..., Sequence[tuple[Any, ...]]]


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Database]:
    """A database with one table `noted`, and the empty journal that exports begin with."""
    opened = Database(tmp_path / "fieldapp.db")
    with opened.write() as connection:
        connection.execute("CREATE TABLE noted (n INTEGER) STRICT")
        connection.execute("CREATE INDEX in_order ON noted (n)")
        connection.execute("CREATE TABLE journal (id INTEGER) STRICT")
    yield opened
    opened.close()


@pytest.fixture
def ask(store: Store) -> Ask:
    """Answers a SELECT as tuples, by the door for pages."""

    def asked(sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        with store.read() as connection:
            return [tuple(row) for row in connection.execute(sql, values)]

    return asked


@pytest.fixture
def told(store: Store) -> Ask:
    """Answers a SELECT as tuples, by the door for exports."""

    def asked(sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        with exporting(store) as connection:
            return [tuple(row) for row in connection.execute(sql, values)]

    return asked


@pytest.fixture
def outside(store: Store, settings: Settings) -> Iterator[sqlite3.Connection]:
    """Somebody with a database tool of his own on the file, beside every protection."""
    with closing(sqlite3.connect(settings.database, isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def find(store: Store) -> Callable[..., Row]:
    """Finds one record as a place sees it (None: the office)."""

    def found(place: str | None, form_id: str, row: str) -> Row:
        with store.read() as connection:
            return rows.find(store, connection, store.forms[form_id], row, place)

    return found


@pytest.fixture
def change(store: Store, clock: Any, find: Callable[..., Row]) -> Callable[..., Receipt]:
    """Changes one record like a phone of `place` that had seen `edits` changes of it."""

    def changed(
        place: str, form_id: str, row: str, raw: Mapping[str, Any], edits: int = 0
    ) -> Receipt:
        form = store.forms[form_id]
        lists = {n: [given] if isinstance(given, str) else given for n, given in raw.items()}
        with store.write("test", clock()) as write:
            known = completeness.places(write.connection, place)
            here = Surroundings(store, write.connection, next(iter(known), None), clock())
            before = rows.find(store, write.connection, form, row, None)
            answer = check(form, lists, here.context(form, before.values))
            return rows.change(store, write, form, answer, row, edits, Origin(place))

    return changed


@pytest.fixture
def withdraw(store: Store, clock: Any) -> Callable[..., Receipt]:
    """Withdraws one record like a phone of `place`."""

    def withdrawn(place: str | None, form_id: str, row: str, edits: int = 0) -> Receipt:
        with store.write("test", clock()) as write:
            form = store.forms[form_id]
            return rows.withdraw(store, write, form, row, edits, Origin(place))

    return withdrawn


@dataclasses.dataclass(frozen=True)
class Known:
    """Somebody who was registered: the record and the card code."""

    row: str
    code: str


@pytest.fixture
def welcome(
    small: Store, send: Callable[..., Receipt], find: Callable[..., Row]
) -> Callable[..., Known]:
    """Registers somebody at a place; `card` is the code of a card that is shown."""
    names = (f"Naam {number}" for number in itertools.count(1))

    def welcomed(
        place: str, name: str = "", role: str = "volunteer", card: str = "", **more: str
    ) -> Known:
        raw = {
            "role": role,
            "known_elsewhere": "yes_card" if card else "no",
            "call_name": name or next(names),
            "started": "2026-01-05",
            "informed": "OK",
        }
        raw |= {"card_code": card} if card else {}
        raw |= {"labour_distance": "no"} if role == "participant" else {}
        receipt = send(place, "person_new", raw | more)
        return Known(receipt.id, str(find(place, "person_new", receipt.id).values["person"]))

    return welcomed


@pytest.fixture
def propose(small: Store, clock: Any) -> Callable[..., int]:
    """Proposes that two are one, like a phone of `place` (None: like the office)."""

    def proposed(one: Known, two: Known, place: str | None = None) -> int:
        with small.write("test", clock()) as write:
            return merge.propose(write, one.code, two.code, place)

    return proposed


@pytest.fixture
def answer(small: Store, clock: Any) -> Callable[..., int]:
    """Gives the office's answer."""

    def answered(number: int, outcome: str = merge.MERGED) -> int:
        with small.write("account:1", clock()) as write:
            merge.decide(write, number, outcome)
        return number

    return answered


@pytest.fixture
def undo(small: Store, clock: Any) -> Callable[..., None]:
    """Takes the office's answer back."""

    def undone(number: int, outcome: str = merge.MERGED) -> None:
        with small.write("account:1", clock()) as write:
            merge.undo(write, number, outcome)

    return undone


@pytest.fixture
def around(store: Store, clock: Any) -> Callable[..., Any]:
    """What a check takes from its surroundings at the place of a record."""

    def made(connection: sqlite3.Connection, place: str | None) -> Any:
        known = completeness.places(connection, place) if place else []
        return Surroundings(store, connection, next(iter(known), None), clock()).context

    return made


@pytest.fixture
def seen(store: Store) -> Callable[..., Double]:
    """A double as a page of `place` shows it."""

    def found(place: str | None, form_id: str, row: str) -> Double:
        with store.read() as connection:
            return double.double(store, connection, store.forms[form_id], row, place)

    return found


@pytest.fixture
def offered(store: Store, seen: Any, around: Any) -> Callable[..., Mapping[str, Way]]:
    """The ways that a page offers, by name."""

    def found(place: str | None, form_id: str, row: str) -> Mapping[str, Way]:
        here = seen(place, form_id, row)
        with store.read() as connection:
            listed = ways(connection, here.other, here.kept, around(connection, here.other.place))
        return {way.how: way for way in listed}

    return found


@pytest.fixture
def decide(store: Store, clock: Any, seen: Any, around: Any) -> Callable[..., Decision]:
    """Decides like a phone of `place` (None: the office) that saw the two as they stand."""

    def decided(
        place: str | None, form_id: str, row: str, how: str, shown: Seen | None = None
    ) -> Decision:
        here = seen(None, form_id, row)
        with store.write("phone:1", clock()) as write:
            return decision.decide(
                store, write, store.forms[form_id], row, how, shown or here.seen, Origin(place),
                around(write.connection, here.other.place),
            )  # fmt: skip

    return decided


@pytest.fixture
def take_back(store: Store, clock: Any) -> Callable[..., Decision]:
    """Takes a decision back like a phone of `place`."""

    def undone(place: str | None, made: Decision) -> Decision:
        with store.write("phone:1", clock()) as write:
            return decision.undo(store, write, made.id, Origin(place))

    return undone


@pytest.fixture
def counted(told: Ask) -> Callable[[], Sequence[int]]:
    """The counts of visitors that exports see."""

    def found() -> Sequence[int]:
        return sorted(row[0] for row in told("SELECT visitors FROM visitors") if row[0] is not None)

    return found


@pytest.fixture
def hours(told: Ask) -> Callable[[], Mapping[int, float]]:
    """The hours that exports see, by person."""

    def found() -> Mapping[int, float]:
        return dict(told("SELECT person, sum(hours) FROM seen GROUP BY person"))

    return found


@pytest.fixture
def two(send: Callable[..., Receipt]) -> Callable[..., tuple[str, str]]:
    """A morning that was logged twice: 24, and 18 that waits; the ids of both."""

    def sent(
        one: Any = None,
        other: Any = None,
        form_id: str = "visitors",
        place: str | None = "OP-01",
        key: Any = None,
    ) -> tuple[str, str]:
        key = key or {"date": "2026-11-19", "daypart": "morning"}
        first = send(place, form_id, key | (one or {"visitors": "24"}))
        second = send(place, form_id, key | (other or {"visitors": "18"}))
        assert (first.state, second.state) == ("current", "double")
        return first.id, second.id

    return sent


@pytest.fixture
def crew(welcome: Callable[..., Known]) -> Sequence[str]:
    """Six volunteers of OP-01, by their card codes."""
    return [welcome("OP-01").code for _ in range(6)]


@pytest.fixture
def copied(small: Store, settings: Settings, clock: Clock, tmp_path: Path, send: Send) -> Copy:
    """A copy of the small world with a record and a published form."""
    visit = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}
    send("OP-01", "visitors", visit)
    (settings.published / "old").mkdir(parents=True)
    shutil.copy(settings.forms / "closure.md", settings.published / "closure.md")
    (settings.published / "old" / "closure-1.md").write_text("before")
    (settings.published / ".closure.md.new").write_text("half")
    return copy(small, settings.data, tmp_path / "copies", clock())
