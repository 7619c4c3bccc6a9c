"""Writes that are committed together: each is kept or fails by itself, none is over too soon."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import pytest

from fieldapp.errors import Busy
from fieldapp.keep import together
from fieldapp.keep.database import Database

Work = Callable[[sqlite3.Connection], object]


def insert(number: int) -> Work:
    """A block that notes a number."""
    return lambda connection: connection.execute("INSERT INTO noted VALUES (?)", (number,))


def fail(connection: sqlite3.Connection) -> None:
    """A block that notes a number and then fails."""
    connection.execute("INSERT INTO noted VALUES (99)")
    raise ZeroDivisionError


def noted(base: Database) -> Sequence[int]:
    """What another process would read now."""
    with closing(sqlite3.connect(base.path)) as other:
        return [row[0] for row in other.execute("SELECT n FROM noted ORDER BY n")]


def soon(true: Callable[[], object]) -> None:
    """Waits until something is so."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.fixture
def said(base: Database) -> list[str]:
    """What the writing connection is told to do."""
    found: list[str] = []
    base._writer.set_trace_callback(found.append)
    return found


@pytest.fixture
def gather(base: Database) -> Iterator[Callable[..., list[Future[Sequence[int]]]]]:
    """Lets blocks write, each of which comes while the one before is still at it.

    Each gives what another process read when its write was over.
    """
    with ThreadPoolExecutor(8) as pool:

        def gathered(*blocks: Work) -> list[Future[Sequence[int]]]:
            inside, others = threading.Event(), threading.Event()

            def first(connection: sqlite3.Connection) -> None:
                inside.set()
                assert others.wait(10)
                blocks[0](connection)

            def run(block: Work) -> Sequence[int]:
                with base.together(10) as connection:
                    block(connection)
                return noted(base)

            begun = [pool.submit(run, first)]
            assert inside.wait(10)
            for number, block in enumerate(blocks[1:], 1):
                begun.append(pool.submit(run, block))
                soon(lambda number=number: len(base._together._waiting) == number)
            others.set()
            return begun

        yield gathered


def test_those_that_come_together_are_committed_once(base, gather, said):
    for done in gather(*(insert(n) for n in range(4))):
        assert done.result(10) == [0, 1, 2, 3], "over before the commit"
    assert (said.count("BEGIN IMMEDIATE"), said.count("COMMIT")) == (1, 1)


def test_who_comes_alone_does_not_wait_for_anybody(base, said):
    with base.together() as connection:
        insert(1)(connection)
    assert noted(base) == [1]
    assert said == ["BEGIN IMMEDIATE", "INSERT INTO noted VALUES (1)", "COMMIT"]


@pytest.mark.parametrize("place", range(4))
def test_who_fails_leaves_no_trace_and_the_others_stay(base, gather, said, place):
    blocks: list[Work] = [insert(n) for n in range(3)]
    blocks.insert(place, fail)
    begun = gather(*blocks)
    with pytest.raises(ZeroDivisionError):
        begun.pop(place).result(10)
    for done in begun:
        done.result(10)
    assert noted(base) == [0, 1, 2]
    assert said.count("COMMIT") in {1, 2}  # the first to come alone, when it fails, is by itself


def test_when_all_fail_nothing_stays_and_the_door_is_open(base, gather):
    for done in gather(fail, fail, fail):
        with pytest.raises(ZeroDivisionError):
            done.result(10)
    with base.write(0.1) as connection:
        insert(1)(connection)
    assert noted(base) == [1]


def test_when_the_commit_fails_all_fail(base, gather, monkeypatch):
    class Full(sqlite3.Connection):
        """One whose disk is full when it commits."""

        def execute(self, sql, *more):
            if sql == "COMMIT":
                sql = "INSERT INTO wide VALUES (zeroblob(100000))"
            return super().execute(sql, *more)

    with base.write() as connection:
        connection.execute("CREATE TABLE wide (text TEXT)")
    with closing(
        sqlite3.connect(base.path, isolation_level=None, factory=Full, check_same_thread=False)
    ) as full:
        pages = full.execute("PRAGMA page_count").fetchone()[0]
        full.execute(f"PRAGMA max_page_count={pages}")
        monkeypatch.setattr(base, "_writer", full)
        for done in gather(*(insert(n) for n in range(3))):
            with pytest.raises(Busy, match="full"):
                done.result(10)
    monkeypatch.undo()
    assert noted(base) == []
    with base.together(0.1) as connection:
        insert(7)(connection)
    assert noted(base) == [7]


def test_when_sqlite_gives_up_the_whole_of_it_all_fail(base, gather):
    def abandon(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT OR ROLLBACK INTO one VALUES (1)")

    with base.write() as connection:
        connection.execute("CREATE TABLE one (n INTEGER UNIQUE)")
        connection.execute("INSERT INTO one VALUES (1)")
    for done in gather(insert(1), abandon, insert(2))[:2]:
        with pytest.raises(sqlite3.IntegrityError):
            done.result(10)
    assert 1 not in noted(base)


def test_a_write_by_itself_commits_first_what_waits(base, gather, said):
    def alone(connection: sqlite3.Connection) -> None:
        thread.start()
        soon(lambda: thread.is_alive())

    def write() -> None:
        with base.write() as connection:
            insert(5)(connection)

    thread = threading.Thread(target=write)
    for done in gather(insert(1), alone, insert(2)):
        done.result(10)
    thread.join(10)
    assert noted(base) == [1, 2, 5]
    assert said.count("BEGIN IMMEDIATE") == said.count("COMMIT") >= 2


def test_who_gives_up_waiting_leaves_nobody_waiting(base):
    base._together._waiting.append(None)  # somebody waits, and will never come in
    with base.together() as connection:
        insert(1)(connection)
    base._together._waiting.pop()
    assert noted(base) == [1]


def test_mutation_who_does_not_wait_for_the_commit_says_too_much(base, monkeypatch):
    monkeypatch.setattr(threading.Event, "wait", lambda self, timeout=None: True)
    base._together._waiting.append(None)
    with pytest.raises(Busy, match="not kept"), base.together() as connection:
        insert(1)(connection)
    assert noted(base) == []


def test_mutation_without_a_savepoint_who_fails_leaves_a_trace(base, gather, monkeypatch):
    class Loose(sqlite3.Connection):
        def execute(self, sql, *more):
            return super().execute("SELECT 1" if "one" in sql else sql, *more)

    with closing(
        sqlite3.connect(base.path, isolation_level=None, factory=Loose, check_same_thread=False)
    ) as loose:
        monkeypatch.setattr(base, "_writer", loose)
        begun = gather(insert(1), fail, insert(2))
        with pytest.raises(ZeroDivisionError):
            begun.pop(1).result(10)
        for done in begun:
            done.result(10)
    monkeypatch.undo()
    assert noted(base) == [1, 2, 99]


def test_many_at_once_are_all_kept_in_fewer_commits(base, said):
    def run(first: int) -> None:
        for number in range(first, first + 50):
            with base.together() as connection:
                insert(number)(connection)
            with base.read() as reader:
                assert reader.execute("SELECT 1 FROM noted WHERE n = ?", (number,)).fetchone()

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(run, 50 * n) for n in range(8)]:
            done.result(30)
    assert noted(base) == list(range(400))
    assert said.count("COMMIT") < 400


# --- one by one ---------------------------------------------------------------------------------


@pytest.fixture
def queue(base: Database) -> Iterator[Callable[..., list[Future[float]]]]:
    """Lets each through whose turn it is, while the others wait; gives the seconds each took."""
    with ThreadPoolExecutor(8) as pool:

        def queued(*works: Callable[[], object]) -> list[Future[float]]:
            inside, others = threading.Event(), threading.Event()

            def run(work: Callable[[], object], first: bool) -> float:
                with base.turn():
                    if first:
                        inside.set()
                        assert others.wait(10)
                    begun = time.monotonic()
                    work()
                return time.monotonic() - begun

            begun = [pool.submit(run, works[0], True)]
            assert inside.wait(10)
            for number, work in enumerate(works[1:], 1):
                begun.append(pool.submit(run, work, False))
                soon(lambda number=number: len(base._together._waiting) == number)
            others.set()
            return begun

        yield queued


def test_each_comes_through_while_those_before_wait_for_the_commit(base, queue, said, monkeypatch):
    monkeypatch.setattr(together, "_LOOK", 5.0)
    there: list[int] = []

    def look_and_write() -> None:
        there.append(1)
        time.sleep(0.01)
        assert len(there) == 1, "somebody else came through"
        there.pop()
        with base.together() as connection:
            insert(1)(connection)
        assert noted(base) == [1] * 4, "over before the commit"

    for done in queue(*[look_and_write] * 4):
        done.result(10)
    assert (said.count("BEGIN IMMEDIATE"), said.count("COMMIT")) == (1, 1)


def test_who_writes_nothing_commits_what_waited_for_it(base, queue, monkeypatch):
    monkeypatch.setattr(together, "_LOOK", 5.0)

    def write() -> None:
        with base.together() as connection:
            insert(1)(connection)

    def fail_to_look() -> None:
        raise ZeroDivisionError

    wrote, looked, failed = queue(write, lambda: None, fail_to_look)
    assert wrote.result(10) < 4, "it waited until it looked itself"
    looked.result(10)
    with pytest.raises(ZeroDivisionError):
        failed.result(10)
    assert noted(base) == [1]


def test_who_fails_to_write_keeps_its_turn_until_it_ends(base):
    with base.turn():
        with pytest.raises(ZeroDivisionError), base.together() as connection:
            fail(connection)
        assert base._together._gate.locked()
        with base.together() as connection:
            insert(1)(connection)
        assert not base._together._gate.locked()
    assert noted(base) == [1]


def test_who_waits_too_long_goes_on_without_a_turn(base, monkeypatch):
    monkeypatch.setattr(together, "_POLITE", 0.01)
    with ThreadPoolExecutor(1) as pool, base.turn():

        def beside() -> None:
            with base.turn(), base.together() as connection:
                insert(1)(connection)

        pool.submit(beside).result(10)
        assert base._together._gate.locked(), "it ended somebody else's turn"
        assert noted(base) == [1]
    assert not base._together._gate.locked()


def test_a_write_by_itself_may_come_within_a_turn(base):
    with base.turn():
        with base.write() as connection:
            insert(1)(connection)
        with base.together() as connection:
            insert(2)(connection)
    assert noted(base) == [1, 2]
