"""No room, no right to write, no lock: 503 with Retry-After, nothing acknowledged, well again."""

from __future__ import annotations

import contextlib
import fcntl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fieldapp.ask.answer import Answer
from fieldapp.ask.question import Form
from fieldapp.cli import main
from fieldapp.errors import Busy
from fieldapp.keep import database
from fieldapp.keep import row as rows
from fieldapp.keep.database import Database
from fieldapp.keep.store import Store, open_store
from fieldapp.web import access
from tests.conftest import Clock
from tests.fault.invariants import look
from tests.fault.power.conftest import (
    Counter,
    Harm,
    as_nobody,
    no_growth,
    no_lock,
    no_pages,
    no_room,
    no_writing,
)
from tests.fault.table import Record, Trial, figures, told
from tests.page import Client

TOLD = "what may be over in a while is told as 503"
WHAT: Mapping[str, tuple[str, Harm]] = {
    "31": ("disk full (max_page_count)", no_pages),
    "32": ("disk full (a disk of 4 MB)", no_room),
    "33": ("files may not grow (RLIMIT_FSIZE)", no_growth),
    "34": ("read-only files and folder", no_writing),
}
LIMIT = {
    "34": "a disk that turns read-only as a whole, SQLite's shared memory with it, ends the server "
    "by a signal instead: what was acknowledged is kept, and systemd starts it again"
}
LOCK = "lock held for 15 s by another process"
RACE = "read-then-write race between two processes"
FULL = ["31", "32", "33", "34"]


def survive(counter: Counter, harm: Harm) -> str:
    """Both doors refuse, keep nothing and lie to nobody; afterwards the same comes in."""
    assert counter.out_of_outbox(counter.new()) == 201
    assert counter.by_page(counter.new()) == 303
    with harm(counter.store, counter.data):
        first = counter.until_refused(counter.out_of_outbox, 201)
        second = counter.until_refused(counter.by_page, 303)
        assert first not in counter.told
        assert second not in counter.told
        assert counter.phone.get("/form/visitors").status_code == 200, "pages are still there"
        during = len(counter.told)
    assert counter.out_of_outbox(first) == 201, "it was not there yet"
    assert counter.by_page(second) == 303
    assert counter.out_of_outbox(counter.new()) == 201
    assert counter.look().nothing
    return f"{during} kept before it was full, 2 refused and sent again: lost 0, double 0"


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the instance stands: for one of the rows a small disk of its own."""
    small: Path = request.getfixturevalue("small_disk") if of(request) == "32" else tmp_path
    return small


def of(request: pytest.FixtureRequest) -> str:
    """The row that a test is of."""
    params = getattr(request.node, "callspec", None)
    return str(params.params.get("number", "")) if params else ""


@pytest.mark.parametrize("number", FULL)
def test_a_phone_is_told_to_come_back_and_nothing_is_lost(
    counter: Counter, record_property: Record, number: str
) -> None:
    what, harm = WHAT[number]
    told(record_property, Trial(number, what, of=1, limit=LIMIT.get(number, "")))
    figures(record_property, number, survive(counter, harm))


@pytest.mark.parametrize("number", FULL)
def test_mutation_what_passes_is_told_as_our_mistake(
    counter: Counter,
    record_property: Record,
    number: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    what, harm = WHAT[number]
    told(record_property, Trial(number, what, TOLD, 1, LIMIT.get(number, "")))
    monkeypatch.setattr(database, "_PASSING", frozenset())
    with pytest.raises(AssertionError):
        survive(counter, harm)


def read_on(counter: Counter, office: Client, clock: Clock) -> None:
    """Who was away for a while reads on while nothing can be written."""
    clock.forward(minutes=5)
    with no_lock(counter.store, counter.data):
        assert office.get("/office/").status_code == 200
    clock.forward(hours=2)
    with no_lock(counter.store, counter.data):
        assert counter.phone.get("/form/visitors").status_code == 200
    assert counter.out_of_outbox(counter.new()) == 201
    assert counter.look().nothing


def test_pages_can_be_read_while_nothing_can_be_written(
    counter: Counter, office: Client, hasty: None, clock: Clock
) -> None:
    read_on(counter, office, clock)


def test_mutation_a_page_that_must_write_is_not_there(
    counter: Counter, office: Client, hasty: None, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "suppress", lambda *_: contextlib.nullcontext())
    with pytest.raises(AssertionError):
        read_on(counter, office, clock)


@pytest.mark.parametrize("harmed", ["folder", "file"])
def test_who_may_not_write_in_the_folder_is_told_so_in_a_sentence(
    founded: Mapping[str, Path], harmed: str
) -> None:
    """Every command ends with a sentence; afterwards the instance opens as if nothing was."""
    with tempfile.TemporaryDirectory() as work:
        Path(work).chmod(0o755)
        data = Path(work) / "data"
        CliRunner().invoke(main, ["init", "--data", str(data)], catch_exceptions=False)
        hurt = [data] if harmed == "folder" else [p for p in data.iterdir() if p.is_file()]
        modes = {path: path.stat().st_mode for path in hurt}
        for path in hurt:
            path.chmod(0o500 if path.is_dir() else 0o400)
        commands = (["serve"], ["check"], ["pair", "OP-01"], ["backup", work], ["init"])
        with as_nobody(Path(work)):
            said = [CliRunner().invoke(main, [*each, "--data", str(data)]) for each in commands]
        for path, mode in modes.items():
            path.chmod(mode)
        for each in said:
            assert each.exit_code == 1
            assert isinstance(each.exception, SystemExit), each.exception
            assert "cannot be written" in each.output
        found = CliRunner().invoke(main, ["check", "--data", str(data)])
        assert found.exit_code == 0, found.output


# --- locks --------------------------------------------------------------------------------------


def hold_out(counter: Counter, seconds: float) -> None:
    """The lock is held for some time; whoever writes meanwhile is told to come back."""
    row, page = counter.new(), counter.new()
    began = time.monotonic()
    with no_lock(counter.store, counter.data):
        assert counter.out_of_outbox(row) == 503
        assert counter.by_page(page) == 503
        assert not counter.told
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    assert counter.out_of_outbox(row) == 201
    assert counter.by_page(page) == 303
    assert counter.look().nothing


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits longer than a moment for the lock."""
    wait: Callable[..., Any] = Database._held
    monkeypatch.setattr(Database, "_held", lambda self, patience: wait(self, min(patience, 0.3)))


def test_a_lock_that_is_held_is_waited_for_and_then_told(
    counter: Counter, hasty: None, record_property: Record
) -> None:
    told(record_property, Trial("35", LOCK, of=1))
    hold_out(counter, 0.7)


@pytest.mark.long
def test_a_lock_that_is_held_for_fifteen_seconds(counter: Counter, record_property: Record) -> None:
    told(record_property, Trial("35", LOCK, of=1))
    hold_out(counter, 15)
    figures(record_property, "35", "2 refused after 10 s and sent again: lost 0, double 0")


def test_mutation_without_the_file_lock_nobody_waits(
    counter: Counter, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(record_property, Trial("35", LOCK, "the file lock", 1))
    monkeypatch.setattr(fcntl, "flock", lambda file, how: None)
    with pytest.raises(AssertionError):
        hold_out(counter, 0)


def keep(store: Store, clock: Clock, number: int, between: Callable[[], None]) -> None:
    """Reads how many there are, lets others in, and keeps one that says how many it saw."""
    with store.write("test", clock()) as write:
        seen = write.connection.execute("SELECT count(*) FROM form_visitors").fetchone()[0]
        between()
        values = {"date": f"day {number:04}", "daypart": "morning", "visitors": seen}
        answer = Answer("visitors", "1", values)
        form, origin = store.forms["visitors"], rows.Origin("OP-01")
        rows.add(store, write, form, answer, f"row {number}", origin)


def race(store: Store, forms: Mapping[str, Form], clock: Clock, data: Path) -> int:
    """Another process writes between a read and a write: it waits, and nobody saw the same."""
    other, rounds = open_store(data, forms, clock), 6
    try:
        for number in range(rounds):
            rival = threading.Thread(target=_quietly, args=(other, clock, 2 * number + 1))

            def between(rival: threading.Thread = rival) -> None:
                rival.start()
                rival.join(0.15)

            try:
                keep(store, clock, 2 * number, between)
            except Busy as busy:
                raise AssertionError("who reads and then writes was overtaken") from busy
            finally:
                rival.join()
        with store.read() as connection:
            seen = connection.execute("SELECT visitors FROM form_visitors").fetchall()
        assert sorted(row[0] for row in seen) == list(range(2 * rounds))
        ids = [f"row {number}" for number in range(2 * rounds)]
        assert look(store, data, ids).nothing
    finally:
        other.close()
    return 2 * rounds


def _quietly(store: Store, clock: Clock, number: int) -> None:
    with contextlib.suppress(Busy):
        keep(store, clock, number, lambda: None)


def test_nobody_comes_between_a_read_and_its_write(
    store: Store,
    forms: Mapping[str, Form],
    clock: Clock,
    settings: Any,
    record_property: Record,
) -> None:
    told(record_property, Trial("36", RACE, of=1))
    count = race(store, forms, clock, settings.data)
    figures(record_property, "36", f"{count} writes, each saw all before it")


class _Deferred:
    """A connection whose transactions begin deferred."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, sql: str, *more: Any) -> Any:
        return self._connection.execute(sql.replace("BEGIN IMMEDIATE", "BEGIN"), *more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@contextlib.contextmanager
def _nothing_held(base: Database, patience: float) -> Iterator[None]:
    yield


def test_mutation_without_begin_immediate_and_the_lock_one_is_overtaken(
    store: Store,
    forms: Mapping[str, Form],
    clock: Clock,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Record,
) -> None:
    told(record_property, Trial("36", RACE, "begin immediate, under the file lock", 1))
    monkeypatch.setattr(Database, "_held", _nothing_held)
    monkeypatch.setattr(store.database, "_writer", _Deferred(store.database._writer))
    with pytest.raises(AssertionError):
        race(store, forms, clock, settings.data)
