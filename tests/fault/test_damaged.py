"""A database that was deleted, emptied, cut or written over is refused or reported, never used."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from fieldapp.ask.answer import Answer
from fieldapp.errors import Busy, Damaged
from fieldapp.keep import row as rows
from fieldapp.keep.store import open_store
from tests.fault.copy.left import HARMED, SECOND, tried

PAGE = 4096
RECORDS = 300


def keep(store, clock, number):
    form = store.forms["visitors"]
    values = {"date": f"day {number:06}", "daypart": "morning", "visitors": number}
    with store.write("test", clock()) as write:
        answer = Answer("visitors", "1", values)
        return rows.add(store, write, form, answer, f"row {number}", rows.Origin("OP-01"))


@pytest.fixture
def folder(tmp_path, forms, clock):
    """A closed instance with some hundred records."""
    store = open_store(tmp_path / "data", forms, clock, make=True)
    for number in range(RECORDS):
        keep(store, clock, number)
    store.close()
    return tmp_path / "data"


@pytest.fixture
def verdict(folder, forms, clock):
    """What opening and checking say about the folder: a refusal, or a list of sentences."""

    def said():
        try:
            store = open_store(folder, forms, clock)
        except Damaged as damaged:
            return [str(damaged)]
        try:
            with store.read() as connection:
                broken = store.journal.broken(connection)
            return ([broken] if broken else []) + store.database.unsound()
        except Damaged as damaged:
            return [str(damaged)]
        finally:
            store.close()

    return said


def deleted(path):
    path.unlink()


def emptied(path):
    path.write_bytes(b"")


def zeroed_whole(path):
    path.write_bytes(bytes(path.stat().st_size))


def cut_in_half(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // PAGE * PAGE)


def cut_within_a_page(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - PAGE - 100)


def head_written_over(path):
    with path.open("r+b") as file:
        file.write(b"x" * 200)


def replaced_by_another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (a)")


@pytest.mark.parametrize(
    "harm",
    [
        deleted,
        emptied,
        zeroed_whole,
        cut_in_half,
        cut_within_a_page,
        head_written_over,
        replaced_by_another_program,
    ],
    ids=lambda harm: harm.__name__,
)
def test_a_harmed_database_is_refused_or_reported(folder, verdict, harm, record_property):
    tried(record_property, "37", HARMED)
    assert verdict() == []
    harm(folder / "fieldapp.db")
    assert verdict()


def test_every_page_that_is_lost_is_refused_or_reported(folder, verdict, tmp_path, record_property):
    """Pages of tables and indexes alike; an unused page would hold nothing."""
    tried(record_property, "37", HARMED)
    path, copy = folder / "fieldapp.db", tmp_path / "copy.db"
    shutil.copy(path, copy)
    pages = path.stat().st_size // PAGE
    silent = []
    for page in range(0, pages, max(1, pages // 40)):
        shutil.copy(copy, path)
        with path.open("r+b") as file:
            file.seek(page * PAGE)
            file.write(b"\x5a" * PAGE)
        if not verdict():
            silent.append(page)
    assert silent == []


def test_a_byte_that_flips_in_the_journal_is_reported(folder, verdict, record_property):
    """SQLite itself takes any text for sound; the chain does not."""
    tried(record_property, "37", HARMED)
    path = folder / "fieldapp.db"
    content = path.read_bytes()
    at = content.index(b'"date":"day 000123"')
    with path.open("r+b") as file:
        file.seek(at + 12)
        file.write(b"9")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (said,) = verdict()
    assert said.startswith("journal line ")
    assert said.endswith(" was changed")


def test_a_harmed_database_is_left_as_it_is(folder, forms, clock):
    """Whoever repairs it, or looks for what happened, finds what there was."""
    path = folder / "fieldapp.db"
    head_written_over(path)
    before = path.read_bytes()
    with pytest.raises(Damaged):
        open_store(folder, forms, clock)
    assert path.read_bytes() == before


# --- two processes ----------------------------------------------------------------------------

HOLD = """
import fcntl, sys, time
file = open(sys.argv[1], "r+")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def hold(folder, seconds):
    """Another process that holds the lock for some time."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder / "fieldapp.lock"), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "held\n"
    return child


def test_a_lock_that_is_held_for_a_while_is_waited_for(folder, forms, clock, record_property):
    tried(record_property, "40", SECOND)
    store = open_store(folder, forms, clock)
    with hold(folder, 0.5):
        began = time.monotonic()
        assert keep(store, clock, RECORDS).status == "stored"
        assert time.monotonic() - began > 0.2
    store.close()


@pytest.mark.long
def test_a_lock_that_is_held_for_fifteen_seconds_is_busy_and_nothing_is_kept(folder, forms, clock):
    store = open_store(folder, forms, clock)
    with hold(folder, 15):
        with pytest.raises(Busy, match="another command is writing"):
            keep(store, clock, RECORDS)
        with store.read() as connection:
            count = connection.execute("SELECT count(*) FROM form_visitors").fetchone()[0]
    assert count == RECORDS
    assert keep(store, clock, RECORDS).status == "stored"
    store.close()


def test_two_instances_on_one_folder_take_turns(folder, forms, clock, record_property):
    """The server and a command: each with its own connections, the journal stays one chain."""
    tried(record_property, "40", SECOND)
    stores = [open_store(folder, forms, clock) for _ in range(2)]

    def run(store, first):
        for number in range(first, first + 50):
            keep(store, clock, number)

    threads = [
        threading.Thread(target=run, args=(store, 1000 * (at + 1)))
        for at, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].read() as connection:
        assert stores[0].journal.broken(connection) is None
        count = connection.execute("SELECT count(*) FROM form_visitors").fetchone()[0]
    assert count == RECORDS + 100
    for store in stores:
        store.close()


def test_mutation_without_the_lock_and_the_transaction_the_chain_breaks(
    folder, forms, clock, monkeypatch, record_property
):
    """Two writers that read the last line at the same time both write after it."""
    tried(record_property, "40", SECOND, "the lock and the transaction")
    monkeypatch.setattr(fcntl, "flock", lambda file, how: None)
    stores = [open_store(folder, forms, clock) for _ in range(2)]
    with stores[0].read() as connection:
        number, seal = stores[0].journal.head(connection)
    for store in stores:
        connection = store.database._writer
        line = ("2026-11-20T09:12:00Z", "x", "add", "visitors", "row", None, None)
        store.journal.add(connection, seal, line)
    with stores[0].read() as connection:
        said = stores[0].journal.broken(connection)
    assert said == f"journal line {number + 2} was changed"
    for store in stores:
        store.close()
