"""The power goes at any moment: what was acknowledged is there, once, and all is whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.errors import Damaged
from fieldapp.keep.store import open_store
from fieldapp.settings import shipped
from tests.fault.invariants import look_in
from tests.fault.power.disk import Disk, Step, steps
from tests.fault.table import Record, Trial, figures, told

WHAT = "power cut (simulated): what was not synced is lost, torn or out of order"
OFF = ("synchronous=FULL (NORMAL instead)", "any waiting for the disk (OFF instead)")
LIMIT = "the disk is a simulated one, of sectors of 512 bytes; a disk that lies about fsync is not"
SOURCE = Path(__file__).with_name("cut.c")
WRITER = Path(__file__).parents[1] / "writer.py"


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is preloaded into a writer so that we know all it writes, and in which order."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("a power cut is played with a library built from C, and there is no compiler")
    made = tmp_path_factory.mktemp("cut") / "cut.so"
    flags = ["-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, "-o", made, SOURCE, "-ldl", "-pthread"], check=True)
    return made


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the real forms in it, so that writers start quickly."""
    folder = tmp_path_factory.mktemp("cache")
    load_forms(shipped("forms"), folder)
    return folder


@dataclass
class Outage:
    """An instance whose power goes again and again; each time it goes on from what is left."""

    work: Path
    library: Path
    cache: Path
    forms: Mapping[str, Form]
    clock: Callable[[], object]
    data: Path = field(init=False)
    heard: list[str] = field(default_factory=list)
    """What was acknowledged up to the cut from which the instance goes on."""
    cuts: int = 0
    acknowledged: set[str] = field(default_factory=set)
    lost: int = 0
    double: int = 0
    wrong: list[str] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self.data = self.work / "data"
        open_store(self.data, self.forms, self.clock, make=True).close()

    def run(self, mode: str, records: int, again: Sequence[str] = ()) -> tuple[Disk, list[Step]]:
        """Has a writer keep some records: the disk from before, and all that was done to it."""
        self.runs += 1
        trace, disk = self.work / f"trace{self.runs}", Disk(self.data)
        subprocess.run(
            [sys.executable, WRITER, self.data, self.cache, mode, *again],
            env=os.environ
            | {"LD_PRELOAD": str(self.library), "CUT_FOLDER": str(self.data)}
            | {"CUT_TRACE": str(trace), "RECORDS": str(records)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return disk, steps(trace)

    def cut(self, mode: str, records: int, cuts: int, chance: Random) -> None:
        """Cuts the power at some moments of one run, and looks at what each leaves."""
        again = [*self.heard[-3:], str(uuid.UUID(int=chance.getrandbits(128), version=4))]
        disk, done = self.run(mode, records, again)
        first = next(at for at, step in enumerate(done) if step.kind == "A")
        moments = sorted(chance.sample(range(first + 1, len(done) + 1), cuts))
        before, at = list(self.heard), 0
        for moment in moments:
            for step in done[at:moment]:
                disk.do(step)
            at = moment
            self.heard = [*before, *disk.heard]
            self.data = self.work / f"data{self.runs}-{moment}"
            disk.cut(self.data, chance)
            self._look()

    def _look(self) -> None:
        self.cuts += 1
        self.acknowledged |= set(self.heard)
        try:
            found = look_in(self.data, self.forms, self.clock, self.heard)
        except Damaged as damaged:
            self.wrong.append(str(damaged))
            return
        self.lost += len(found.lost)
        self.double += len(found.double)
        self.wrong += [*found.half, *found.wrong]

    def sound(self) -> None:
        """Nothing that was acknowledged is lost, nothing is there twice, and all is whole."""
        assert (self.lost, self.double, self.wrong) == (0, 0, []), str(self)

    def __str__(self) -> str:
        return (
            f"{self.cuts} cuts, {len(self.acknowledged):,} acknowledged: "
            f"lost {self.lost}, double {self.double}"
        )


@pytest.fixture
def outage(
    tmp_path: Path,
    library: Path,
    cache: Path,
    forms: Mapping[str, Form],
    clock: Callable[[], object],
) -> Outage:
    """A new instance without a spare battery."""
    return Outage(tmp_path, library, cache, forms, clock)


def test_what_the_library_tells_is_all_that_is_written(outage: Outage) -> None:
    """Done over on a copy it gives the very same files, through checkpoints and closings."""
    disk, done = outage.run("closing", 70)
    for step in done:
        disk.do(step)
    data = outage.data
    assert {each.kind for each in done} >= set("WSUA")
    assert len(disk.heard) == 70
    kept = {"fieldapp.db", "fieldapp.db-wal", "head"}
    found = {name: content for name, content in disk.whole().items() if name in kept}
    assert found == {name: (data / name).read_bytes() for name in kept}


def test_nothing_acknowledged_is_lost_in_a_power_cut(
    outage: Outage, record_property: Record
) -> None:
    told(record_property, Trial("30", WHAT, of=len(OFF), limit=LIMIT))
    outage.cut("plain", 40, 6, Random(30))  # noqa: S311
    outage.cut("closing", 60, 6, Random(31))  # noqa: S311
    outage.sound()


@pytest.mark.long
def test_nothing_acknowledged_is_lost_in_a_hundred_power_cuts(
    outage: Outage, record_property: Record
) -> None:
    chance = Random(100)  # noqa: S311
    for number in range(10):
        outage.cut("closing" if number % 2 else "plain", 250, 10, chance)
    figures(record_property, "30", str(outage))
    assert outage.cuts == 100
    outage.sound()


@pytest.mark.parametrize(("mode", "off"), [("normal", OFF[0]), ("off", OFF[1])])
def test_mutation_who_does_not_wait_for_the_disk_loses(
    outage: Outage, record_property: Record, mode: str, off: str
) -> None:
    told(record_property, Trial("30", WHAT, off, len(OFF), LIMIT))
    outage.cut(mode, 40, 10, Random(30))  # noqa: S311
    assert outage.lost
    with pytest.raises(AssertionError):
        outage.sound()
