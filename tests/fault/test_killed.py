"""Writers are killed at any moment: what was acknowledged is kept, once, and all is whole."""

from __future__ import annotations

import os
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
from tests.fault.invariants import look_in
from tests.fault.table import Trial, figures, told

WHAT = "writers killed with kill -9"
WRITER = Path(__file__).with_name("writer.py")


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A cache with the real forms in it, so that writers start quickly."""
    folder = tmp_path_factory.mktemp("cache")
    load_forms(shipped("forms"), folder)
    return folder


@dataclass
class Own:
    """A writer that was started by itself."""

    process: subprocess.Popen

    @property
    def says(self):
        return self.process.stdout

    def kill(self):
        self.process.send_signal(signal.SIGKILL)

    def ended(self):
        assert self.process.wait(20) == -signal.SIGKILL


@dataclass
class Hatched:
    """A writer out of a nest, which sees to its end."""

    says: object
    number: int

    def kill(self):
        os.kill(self.number, signal.SIGKILL)  # nobody there: it ended by itself

    def ended(self):
        pass


@pytest.fixture
def nest(tmp_path, cache):
    """Starts writers quickly: a process that has read everything, and opened nothing."""
    with subprocess.Popen(
        [sys.executable, WRITER, "--nest", cache], stdin=subprocess.PIPE, text=True
    ) as process:

        def start(data, mode, again):
            pipe = tmp_path / str(uuid.uuid4())
            os.mkfifo(pipe)
            print(pipe, data, mode, *again, file=process.stdin, flush=True)
            says = pipe.open()
            pipe.unlink()
            return Hatched(says, int(says.readline()))

        yield start
        process.stdin.close()


@dataclass
class Siege:
    """An instance whose writers are killed again and again."""

    data: Path
    cache: Path
    forms: object
    clock: object
    nest: object = None
    said: list[str] = field(default_factory=list)
    kills: int = 0
    lost: int = 0
    double: int = 0
    wrong: list[str] = field(default_factory=list)

    def start(self, mode="plain", again=()):
        """A new writer, which first sends `again`."""
        if self.nest:
            return self.nest(self.data, mode, again)
        return Own(
            subprocess.Popen(
                [sys.executable, WRITER, self.data, self.cache, mode, *again],
                stdout=subprocess.PIPE,
                text=True,
            )
        )

    def kill(self, writer, records, delay):
        """Kills a writer some moments after it has kept some records."""
        for _ in range(records):
            line = writer.says.readline()
            assert line, "the writer ended by itself"
            self.said.append(line.strip())
        time.sleep(delay)
        writer.kill()
        rest = writer.says.read()  # communicate() would begin in the middle of a line
        writer.says.close()
        writer.ended()
        # A line without its end was cut off while it was said: nobody heard it.
        self.said += [line.strip() for line in rest.splitlines(keepends=True) if line[-1] == "\n"]
        self.kills += 1

    def look(self):
        """Opens what is left and counts what is wrong with it."""
        found = look_in(self.data, self.forms, self.clock, self.said)
        self.lost, self.double = len(found.lost), len(found.double)
        self.wrong += [*found.half, *found.wrong]
        if found.rows and found.states["current"] != 1:
            self.wrong.append("one key counts more or less than once")
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


def besiege(siege, rounds, looks=1, most=30):
    """Kills two writers at a time; the next ones send again what was not acknowledged.

    Looks after every so many pairs; a writer keeps `most` records and then some.
    """
    chance = Random(rounds)  # noqa: S311
    for pair in range(1, rounds // 2 + 1):
        unheard = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(2)]
        # An outbox whose answer got lost sends again: what is known already, and what is not.
        again = [*siege.said[-3:], *unheard]
        writers = [siege.start(again=again), siege.start(again=again)]
        for writer in writers:
            siege.kill(writer, chance.randint(1, most), chance.random() / 20)
        if pair % looks == 0 or pair == rounds // 2:
            siege.look()
            assert (siege.lost, siege.double, siege.wrong) == (0, 0, []), str(siege)
    return siege


def test_nothing_acknowledged_is_lost_when_writers_are_killed(siege, record_property):
    told(record_property, Trial("29", WHAT, of=2))
    print(besiege(siege, 10))
    assert siege.kills == 10
    assert len(siege.said) >= 10


@pytest.mark.long
def test_nothing_acknowledged_is_lost_when_writers_are_killed_a_thousand_times(
    tmp_path, cache, forms, clock, nest, record_property
):
    """On ten instances, so that what grows does not slow it down."""
    kills = kept = lost = double = 0
    for number in range(10):
        data = tmp_path / f"data{number}"
        open_store(data, forms, clock, make=True).close()
        siege = besiege(Siege(data, cache, forms, clock, nest), 100, looks=5, most=8)
        kills, kept = kills + siege.kills, kept + len(set(siege.said))
        lost, double = lost + siege.lost, double + siege.double
    text = f"{kills:,} kills, {kept:,} acknowledged: lost {lost}, double {double}"
    figures(record_property, "29", text)
    assert kills == 1_000
    assert (lost, double) == (0, 0)


def test_mutation_who_acknowledges_before_the_commit_loses(siege, record_property):
    told(record_property, Trial("29", WHAT, "receipt after the commit", of=2))
    siege.kill(siege.start("early"), 1, 0)
    assert siege.look().lost == 1
    assert siege.wrong == [], "and yet what is there is whole"


def test_mutation_a_row_that_goes_missing_is_counted(siege, record_property):
    told(record_property, Trial("29", WHAT, "the row itself", of=2))
    siege.kill(siege.start(), 3, 0)
    store = open_store(siege.data, siege.forms, siege.clock)
    with store.database.write() as connection:
        connection.execute("DELETE FROM form_visitors WHERE _id = ?", (siege.said[0],))
    store.close()
    assert siege.look().lost == 1
    assert siege.wrong


def test_a_writer_that_finds_no_room_says_busy_and_goes_on_when_there_is(siege):
    """Files may not grow (RLIMIT_FSIZE), as on a full disk."""
    writer = siege.start("full")
    heard = []
    while "busy" not in heard or heard[-1] == "busy":
        line = writer.says.readline()
        assert line, "the writer ended by itself"
        heard.append(line.strip())
    siege.said += [one for one in heard if one != "busy"]
    siege.kill(writer, 1, 0)
    assert heard.count("busy") == 1
    assert len(siege.said) > 3
    siege.look()
    assert (siege.lost, siege.double, siege.wrong) == (0, 0, []), str(siege)
