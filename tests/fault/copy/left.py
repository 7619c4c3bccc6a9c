"""An instance that nobody has open, what the commands say of it, and what can be done to it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from fieldapp.ask.question import Form
from fieldapp.cli import main
from fieldapp.keep.database import DATABASE
from fieldapp.keep.store import Store, open_store
from tests.conftest import Clock
from tests.fault import writer
from tests.fault.table import Record, Trial, told
from tests.world import send_to

HARMED = "the database is deleted, emptied, cut, or a page or byte of it flips"
LOST = "the WAL is lost, or the end of it"
COPIED = "a copy is made while others write, and put back"
SECOND = "a second process on one folder, serving or writing"
PROTECTED = {HARMED: 3, LOST: 1, COPIED: 2, SECOND: 3}
"""Each row of copies, and how many protections it has to switch off."""

SERVED = "served"
"""What is said in the place of serving."""
WRITER = Path(writer.__file__)
VISIT = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}
REMEDY = "fieldapp restore"


@dataclass(frozen=True)
class Left:
    """A data folder that is left to itself."""

    data: Path
    forms: Mapping[str, Form]
    clock: Clock

    @property
    def database(self) -> Path:
        return self.data / DATABASE

    def open(self) -> Store:
        return open_store(self.data, self.forms, self.clock)

    def add(self, *days: str) -> list[str]:
        """Keeps a record of visitors on each of these days."""
        with closing(self.open()) as store:
            return [
                send_to(store, self.clock(), "OP-01", "visitors", VISIT | {"date": day}).id
                for day in days
            ]

    def said(self, *words: str) -> Result:
        """What a command says, in this process."""
        return CliRunner().invoke(main, [*words, "--data", str(self.data)], catch_exceptions=False)

    def written(self, records: int) -> list[str]:
        """Ids that another process was told are kept before it was killed: they are in the WAL."""
        with self.writer() as child:
            assert child.stdout
            ids = [child.stdout.readline().strip() for _ in range(records)]
            child.send_signal(signal.SIGKILL)
            ids += [line.strip() for line in child.stdout if line.endswith("\n")]
        return ids

    @contextmanager
    def writer(self) -> Iterator[subprocess.Popen[str]]:
        """Another process that keeps records, and says each id once it is kept."""
        words = [sys.executable, WRITER, self.data, self.data / "cache", "plain"]
        child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=clean())
        try:
            yield child
        finally:
            child.kill()
            child.communicate(timeout=20)

    def outside(self, *statements: str) -> None:
        """What somebody does who opens the file with another program."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)


def stands(left: Left) -> None:
    """The commands find nothing wrong: the harm that follows is what they find."""
    assert left.said("check").exit_code == 0
    assert SERVED in left.said("serve").stdout


def found_out(left: Left) -> str:
    """What is said where it is found out; AssertionError where one of the commands goes on."""
    looked, served = left.said("check"), left.said("serve")
    assert served.exit_code == 1, "it is served"
    assert SERVED not in served.stdout
    assert REMEDY in served.stderr, f"no remedy: {served.stderr}"
    assert looked.exit_code == 1, "check finds nothing"
    return looked.stderr + served.stderr


def tried(record: Record, number: str, what: str, off: str = "") -> None:
    """Has the table of faults know of a row of copies."""
    told(record, Trial(number, what, off, PROTECTED[what]))


def clean(**more: str) -> dict[str, str]:
    """The environment without settings of an instance."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("FIELDAPP_")}
    return kept | more


Harm = Callable[[Left], None]
