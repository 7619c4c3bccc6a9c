"""Rows 39 and 40: a copy while others write, put back; and a second process on one folder."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import Damaged
from fieldapp.keep import backup, lock, restore, secret, serving, whole
from fieldapp.keep.backup import Copy
from fieldapp.keep.database import Database
from fieldapp.keep.serving import LOCK
from tests.fault.copy.left import COPIED, SECOND, SERVED, VISIT, Left, stands, tried
from tests.fault.invariants import look_in
from tests.fault.table import Record, figures
from tests.world import send_to

COPIES = 3


def everything(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that an instance has."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("copied", "sqlite_"))
        ]
        return {name: connection.execute(f"SELECT * FROM [{name}]").fetchall() for name in names}


def copied_while_written(left: Left) -> tuple[int, int]:
    """Copies an instance in which another process writes, and puts each copy back.

    How many records were acknowledged before, in the end, and are in the last copy.
    """
    heard: list[str] = []
    made: list[tuple[Copy, int]] = []
    with left.writer() as child, closing(left.open()) as store:
        assert child.stdout
        for number in range(COPIES):
            heard += [child.stdout.readline().strip() for _ in range(20)]
            path = left.data.with_name(f"{number}.db")
            made.append((backup.copy(store, left.data, path, left.clock()), len(heard)))
        child.kill()
        heard += [line.strip() for line in child.stdout if line.endswith("\n")]
    for copy, before in made:
        other = copy.path.with_suffix("")
        keys = secret.path_of(left.data)
        restore.restore(restore.plan(copy.path, other, keys), other, keys, left.clock())
        assert everything(other / "fieldapp.db") == everything(copy.path)
        shutil.copytree(left.data / "cache", other / "cache")
        found = look_in(other, left.forms, left.clock, heard[:before])
        assert found.nothing, found
    found = look_in(left.data, left.forms, left.clock, heard)
    assert found.nothing, found
    return made[-1][1], len(heard)


def test_a_copy_holds_what_was_acknowledged_and_no_half_of_anything(
    left: Left, record_property: Record
) -> None:
    tried(record_property, "39", COPIED)
    before, heard = copied_while_written(left)
    text = f"{COPIES} copies under a writer, {before} records acknowledged before the last, 0 lost"
    figures(record_property, "39", text)
    assert heard >= before == 20 * COPIES


def test_mutation_a_copy_of_the_file_alone_misses_what_was_acknowledged(
    left: Left, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `cp` makes it: without the WAL, and perhaps in the middle of a checkpoint."""
    tried(record_property, "39", COPIED, "the copy in one step by SQLite")

    def by_hand(self: Database, target: sqlite3.Connection) -> None:
        torn = self.path.with_suffix(".torn")
        subprocess.run(["cp", self.path, torn], check=True)  # another process: our locks stay
        with closing(sqlite3.connect(f"{torn.as_uri()}?immutable=1", uri=True)) as alone:
            alone.backup(target)

    monkeypatch.setattr(Database, "copy_into", by_hand)
    with pytest.raises((AssertionError, Damaged)):
        copied_while_written(left)


def put_back_harmed(left: Left) -> None:
    """A copy in which a byte flipped is refused, and what is there stays."""
    copy = left.data.with_name("copy.db")
    assert left.said("backup", str(copy)).exit_code == 0
    content = copy.read_bytes()
    copy.write_bytes(content.replace(b'"date":"2026-11-18"', b'"date":"2026-11-19"', 1))
    before = left.database.read_bytes()
    refused = left.said("restore", str(copy))
    assert refused.exit_code == 1, "it was put back"
    assert "cannot be used as a copy" in refused.stderr
    assert left.database.read_bytes() == before


def test_a_harmed_copy_is_not_put_back(left: Left, record_property: Record) -> None:
    tried(record_property, "39", COPIED)
    put_back_harmed(left)
    stands(left)


def test_mutation_a_copy_that_is_not_looked_through_is_put_back(
    left: Left, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried(record_property, "39", COPIED, "the look through a copy")
    monkeypatch.setattr(whole, "faults", lambda *given: [])
    with pytest.raises(AssertionError, match="it was put back"):
        put_back_harmed(left)


HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held(path: Path, seconds: float = 60) -> Iterator[None]:
    """Another process holds a lock, as long as this lasts and no longer than some seconds."""
    words = [sys.executable, "-c", HOLD, str(path), str(seconds)]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        yield
    finally:
        child.kill()
        child.communicate(timeout=20)


def second_server(left: Left) -> None:
    """It is refused, and so is a copy that would be put back under the first."""
    copy = left.data.with_name("copy.db")
    assert left.said("backup", str(copy)).exit_code == 0
    with held(left.data / LOCK):
        served = left.said("serve")
        assert SERVED not in served.stdout, "two serve"
        assert served.exit_code == 1
        assert f"a server is running on {left.data}: end that one first" in served.stderr
        assert left.said("restore", str(copy)).exit_code == 1
        assert left.said("check").exit_code == 0  # looking is no harm


def second_writer(left: Left) -> None:
    """It waits for the lock, and then keeps what it has."""
    with closing(left.open()) as store, held(left.database.with_suffix(".lock"), 0.6):
        began = time.monotonic()
        send_to(store, left.clock(), "OP-01", "visitors", VISIT | {"date": "2026-11-16"})
        assert time.monotonic() - began > 0.3, "it did not wait"


@pytest.mark.parametrize("second", [second_server, second_writer], ids=lambda one: one.__name__)
def test_a_second_process_waits_or_is_refused(
    left: Left, second: Any, record_property: Record
) -> None:
    tried(record_property, "40", SECOND)
    second(left)
    stands(left)


def test_nothing_is_put_back_under_a_command_that_writes(left: Left) -> None:
    copy = left.data.with_name("copy.db")
    assert left.said("backup", str(copy)).exit_code == 0
    planned = restore.plan(copy, left.data)
    with held(left.database.with_suffix(".lock")), pytest.raises(Exception, match="is writing"):
        restore.restore(planned, left.data, None, left.clock())
    stands(left)


@pytest.mark.parametrize(
    ("second", "where", "red"),
    [(second_server, serving, "two serve"), (second_writer, lock, "it did not wait")],
    ids=["serving.lock", "fieldapp.lock"],
)
def test_mutation_without_a_lock_a_second_process_goes_on(
    left: Left,
    second: Any,
    where: Any,
    red: str,
    record_property: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried(record_property, "40", SECOND, f"the lock in {where.__name__}")
    monkeypatch.setattr(where, "fcntl", _Unlocked)
    with pytest.raises(AssertionError, match=red):
        second(left)


class _Unlocked:
    """Locks that hold nobody."""

    LOCK_EX, LOCK_NB, LOCK_UN = fcntl.LOCK_EX, fcntl.LOCK_NB, fcntl.LOCK_UN

    @staticmethod
    def flock(file: int, how: int) -> None:
        """Nothing."""
