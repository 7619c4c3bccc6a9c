"""Writers are killed at any moment: what was acknowledged is kept, once, and all is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from fieldapp.ask.forms import load_forms
from fieldapp.keep.store import open_store
from fieldapp.settings import shipped

WRITER = Path(__file__).with_name("writer.py")


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A cache with the real forms in it, so that writers start quickly."""
    folder = tmp_path_factory.mktemp("cache")
    load_forms(shipped("forms"), folder)
    return folder


@dataclass
class Siege:
    """An instance whose writers are killed again and again."""

    data: Path
    cache: Path
    forms: object
    clock: object
    said: list[str] = field(default_factory=list)
    kills: int = 0
    lost: int = 0
    double: int = 0
    wrong: list[str] = field(default_factory=list)

    def start(self, mode="plain", again=()):
        """A new writer, which first sends `again`."""
        return subprocess.Popen(
            [sys.executable, WRITER, self.data, self.cache, mode, *again],
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill(self, writer, records, delay):
        """Kills a writer some moments after it has kept some records."""
        for _ in range(records):
            line = writer.stdout.readline()
            assert line, "the writer ended by itself"
            self.said.append(line.strip())
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read()  # communicate() would begin in the middle of a line
        writer.stdout.close()
        assert writer.wait(20) == -signal.SIGKILL
        # A line without its end was cut off while it was said: nobody heard it.
        self.said += [line.strip() for line in rest.splitlines(keepends=True) if line[-1] == "\n"]
        self.kills += 1

    def look(self):
        """Opens what is left and counts what is wrong with it."""
        store = open_store(self.data, self.forms, self.clock)
        try:
            with store.read() as connection:

                def ids(sql):
                    return [row[0] for row in connection.execute(sql)]

                kept = ids("SELECT _id FROM form_visitors")
                receipts = ids("SELECT id FROM receipt")
                lines = ids("SELECT row FROM journal WHERE action = 'add'")
                broken = store.journal.broken(connection)
            self.lost = len(set(self.said) - set(kept))
            self.double = len(kept) - len(set(kept))
            self.wrong += [broken] if broken else []
            self.wrong += store.database.unsound()
            if not sorted(kept) == sorted(receipts) == sorted(lines):
                self.wrong.append("a row without its receipt or journal line, or the other way")
            current = "SELECT count(*) FROM form_visitors WHERE _state = 'current'"
            with store.read() as connection:
                if kept and connection.execute(current).fetchone()[0] != 1:
                    self.wrong.append("one key counts more or less than once")
        finally:
            store.close()
        return self

    def __str__(self):
        return (
            f"{self.kills} kills, {len(set(self.said))} acknowledged, "
            f"{self.lost} lost, {self.double} double"
        )


@pytest.fixture
def siege(tmp_path, cache, forms, clock):
    """A new instance to besiege."""
    open_store(tmp_path / "data", forms, clock, make=True).close()
    return Siege(tmp_path / "data", cache, forms, clock)


def besiege(siege, rounds):
    """Kills two writers at a time; the next ones send again what was not acknowledged."""
    chance = Random(rounds)  # noqa: S311
    for _ in range(rounds // 2):
        unheard = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(2)]
        # An outbox whose answer got lost sends again: what is known already, and what is not.
        again = [*siege.said[-3:], *unheard]
        writers = [siege.start(again=again), siege.start(again=again)]
        for writer in writers:
            siege.kill(writer, chance.randint(1, 30), chance.random() / 20)
        siege.look()
        assert (siege.lost, siege.double, siege.wrong) == (0, 0, []), str(siege)
    return siege


def test_nothing_acknowledged_is_lost_when_writers_are_killed(siege):
    print(besiege(siege, 10))
    assert siege.kills == 10
    assert len(siege.said) >= 10


@pytest.mark.long
def test_nothing_acknowledged_is_lost_when_writers_are_killed_many_times(siege):
    print(besiege(siege, 200))
    assert siege.kills == 200


def test_mutation_who_acknowledges_before_the_commit_loses(siege):
    siege.kill(siege.start("early"), 1, 0)
    assert siege.look().lost == 1
    assert siege.wrong == [], "and yet what is there is whole"


def test_mutation_a_row_that_goes_missing_is_counted(siege):
    siege.kill(siege.start(), 3, 0)
    store = open_store(siege.data, siege.forms, siege.clock)
    with store.database.write() as connection:
        connection.execute("DELETE FROM form_visitors WHERE _id = ?", (siege.said[0],))
    store.close()
    assert siege.look().lost == 1
    assert siege.wrong


def test_a_writer_that_finds_no_room_says_busy_and_goes_on_when_there_is(siege):
    """Files may not grow (RLIMIT_FSIZE), as on a full disk."""
    with siege.start("full") as writer:
        heard = []
        while "busy" not in heard or heard[-1] == "busy":
            line = writer.stdout.readline()
            assert line, "the writer ended by itself"
            heard.append(line.strip())
        siege.said += [one for one in heard if one != "busy"]
        siege.kill(writer, 1, 0)
    assert heard.count("busy") == 1
    assert len(siege.said) > 3
    siege.look()
    assert (siege.lost, siege.double, siege.wrong) == (0, 0, []), str(siege)
