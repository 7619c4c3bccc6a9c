"""The one door for writes holds: together or not at all, one at a time, or Busy."""

from __future__ import annotations

import fcntl
import functools
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from fieldapp.errors import Busy, Damaged
from fieldapp.keep.database import APPLICATION_ID, PRAGMAS, Database

OTHER = {
    "journal_mode": "delete",
    "synchronous": 1,
    "foreign_keys": 0,
    "busy_timeout": 1,
    "recursive_triggers": 0,
    "trusted_schema": 1,
    "secure_delete": 0,
}
"""What each PRAGMA is when SQLite does not do as it is told."""

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def noted(base):
    with base.read() as connection:
        return [row[0] for row in connection.execute("SELECT n FROM noted ORDER BY n")]


def note(base, *numbers, patience=10.0):
    with base.write(patience) as connection:
        connection.executemany("INSERT INTO noted VALUES (?)", [(n,) for n in numbers])


# --- opening ----------------------------------------------------------------------------------


def test_every_pragma_is_as_it_should_be(base):
    with base.write() as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert found == PRAGMAS
    assert PRAGMAS.keys() == OTHER.keys()


@pytest.mark.parametrize("name", PRAGMAS)
def test_a_pragma_that_does_not_hold_is_refused(tmp_path, monkeypatch, name):
    class Stubborn(sqlite3.Connection):
        def execute(self, sql, *more):
            if sql.startswith(f"PRAGMA {name}="):
                sql = f"PRAGMA {name}={OTHER[name]}"
            return super().execute(sql, *more)

    monkeypatch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, factory=Stubborn))
    with pytest.raises(Damaged, match=f"{name}={OTHER[name]} where {PRAGMAS[name]} is needed"):
        Database(tmp_path / "fieldapp.db")


def test_the_database_of_another_program_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "fieldapp.db"
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE theirs (a)")
        foreign.execute("PRAGMA application_id=7")
        foreign.commit()
    before = path.read_bytes()
    with pytest.raises(Damaged, match="is not a fieldapp database"):
        Database(path)
    assert path.read_bytes() == before, "not even its journal mode may change"


def test_a_database_without_a_mark_is_refused_when_it_holds_something(tmp_path):
    path = tmp_path / "fieldapp.db"
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE theirs (a)")
    with pytest.raises(Damaged, match="choose another folder"):
        Database(path)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "fieldapp.db"
    path.write_text("Dit is geen database, maar een brief. " * 200)
    with pytest.raises(Damaged, match=r"not a sound database .* put back your last copy"):
        Database(path)


def test_a_folder_that_cannot_be_written_is_busy(tmp_path):
    with pytest.raises(Busy, match="cannot be written now"):
        Database(tmp_path / "nowhere" / "fieldapp.db")
    (tmp_path / "fieldapp.db").mkdir()
    with pytest.raises(Busy, match="cannot be written now"):
        Database(tmp_path / "fieldapp.db")


# --- writing ----------------------------------------------------------------------------------


def test_what_is_written_is_there_together(base):
    note(base, 1, 2)
    assert noted(base) == [1, 2]


def test_a_block_that_fails_leaves_no_trace(base):
    with pytest.raises(ZeroDivisionError), base.write() as connection:
        connection.execute("INSERT INTO noted VALUES (1)")
        connection.execute("CREATE TABLE also (a)")
        raise ZeroDivisionError
    assert noted(base) == []
    with base.read() as connection:
        found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'also'").fetchall()
    assert not found
    note(base, 3)
    assert noted(base) == [3]


def test_mutation_without_a_transaction_half_a_block_stays(base, monkeypatch):
    class Loose(sqlite3.Connection):
        def execute(self, sql, *more):
            plain = sql not in {"BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"}
            return super().execute(sql if plain else "SELECT 1", *more)

    with closing(sqlite3.connect(base.path, isolation_level=None, factory=Loose)) as loose:
        monkeypatch.setattr(base, "_writer", loose)
        with pytest.raises(ZeroDivisionError), base.write() as connection:
            connection.execute("INSERT INTO noted VALUES (1)")
            raise ZeroDivisionError
    monkeypatch.undo()
    assert noted(base) == [1]


def test_eight_threads_write_without_a_word(base):
    problems = []

    def run(first):
        try:
            for n in range(first, first + 50):
                note(base, n)
        except Busy as busy:
            problems.append(busy)

    threads = [threading.Thread(target=run, args=(50 * i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert noted(base) == list(range(400))


def test_a_thread_waits_for_another_and_then_gives_up(base):
    inside, done = threading.Event(), threading.Event()

    def hold():
        with base.write():
            inside.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)
    try:
        with pytest.raises(Busy, match="another write takes too long"):
            note(base, 1, patience=0.1)
    finally:
        done.set()
        thread.join()
    note(base, 2)
    assert noted(base) == [2]


@pytest.fixture
def held(base):
    """Another process that holds the file lock until it is told to let go."""
    lock = str(base.path.with_suffix(".lock"))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, lock],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout.readline() == "held\n"
        yield child
        child.stdin.close()


def test_busy_while_another_process_holds_the_lock(base, held):
    with pytest.raises(Busy, match="another command is writing"):
        note(base, 1, patience=0.2)
    assert noted(base) == [], "reading goes on"
    held.stdin.close()
    held.wait(10)
    note(base, 2)
    assert noted(base) == [2]


def test_a_write_goes_on_as_soon_as_the_other_process_lets_go(base, held):
    timer = threading.Timer(0.3, held.stdin.close)
    timer.start()
    note(base, 1, patience=5)
    timer.join()
    assert noted(base) == [1]


def test_mutation_without_the_file_lock_two_processes_write(base, held, monkeypatch):
    monkeypatch.setattr(fcntl, "flock", lambda file, how: None)
    note(base, 1, patience=0.2)
    assert noted(base) == [1]


def test_busy_when_another_program_holds_sqlites_own_lock(base):
    base._writer.execute("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(base.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="database is locked"):
            note(base, 1)
        other.execute("ROLLBACK")
    note(base, 2)
    assert noted(base) == [2]


def test_reading_and_then_writing_is_never_overtaken(base):
    """Begin immediate: nobody comes between the read and the write. Deferred it would fail."""
    note(base, 1)
    with base.write() as connection:
        most = connection.execute("SELECT max(n) FROM noted").fetchone()[0]
        with (
            closing(sqlite3.connect(base.path, timeout=0.05, isolation_level=None)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("INSERT INTO noted VALUES (9)")
        connection.execute("INSERT INTO noted VALUES (?)", (most + 1,))
    assert noted(base) == [1, 2]


def test_mutation_a_deferred_transaction_is_overtaken(base):
    note(base, 1)
    with closing(sqlite3.connect(base.path, timeout=0.05, isolation_level=None)) as deferred:
        deferred.execute("BEGIN")
        deferred.execute("SELECT max(n) FROM noted").fetchone()
        note(base, 9)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            deferred.execute("INSERT INTO noted VALUES (2)")


def test_busy_on_a_full_disk_and_well_again_after(base):
    with base.write() as connection:
        connection.execute("CREATE TABLE wide (text TEXT)")
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        before = connection.execute(f"PRAGMA max_page_count={pages + 3}").fetchone()[0]
    assert before == pages + 3
    with pytest.raises(Busy, match="full"), base.write() as connection:
        connection.execute("INSERT INTO noted VALUES (1)")
        connection.executemany("INSERT INTO wide VALUES (?)", [("x" * 4000,)] * 20)
    assert noted(base) == []
    base._writer.execute("PRAGMA max_page_count=1000000")
    note(base, 2)
    assert noted(base) == [2]
    assert base.unsound() == []


def test_busy_when_the_file_may_only_be_read(base):
    base._writer.execute("PRAGMA query_only=ON")
    with pytest.raises(Busy, match="readonly"):
        note(base, 1)
    base._writer.execute("PRAGMA query_only=OFF")
    note(base, 2)
    assert noted(base) == [2]


# --- soundness --------------------------------------------------------------------------------


def test_a_sound_database_says_nothing_and_a_loose_row_is_named(base):
    with base.write() as connection:
        connection.execute("CREATE TABLE owner (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE thing (owner INTEGER REFERENCES owner(id))")
    assert base.unsound() == []
    with pytest.raises(sqlite3.IntegrityError), base.write() as connection:
        connection.execute("INSERT INTO thing VALUES (5)")
    base._writer.execute("PRAGMA foreign_keys=OFF")
    with base.write() as connection:
        connection.execute("INSERT INTO thing VALUES (5)")
    assert base.unsound() == ["database: a row of thing points nowhere"]


def test_closing_writes_the_log_back_into_the_file(tmp_path):
    opened = Database(tmp_path / "fieldapp.db")
    with opened.write() as connection:
        connection.execute("CREATE TABLE noted (n)")
    with opened.read() as connection:
        connection.execute("SELECT * FROM noted").fetchall()
    opened.close()
    assert sorted(path.name for path in Path(tmp_path).iterdir()) == [
        "fieldapp.db",
        "fieldapp.lock",
    ]
