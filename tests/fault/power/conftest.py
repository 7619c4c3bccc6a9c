"""What can happen to the disk and the locks below a running instance, and what its phones get."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from fieldapp.keep.store import Store
from fieldapp.settings import Settings
from tests.conftest import MOMENT
from tests.fault.invariants import CANARY, Found, look
from tests.page import Client
from tests.web.outboxes import identity, send

Harm = Callable[[Store, Path], contextlib.AbstractContextManager[None]]
"""Makes writing impossible while the block runs."""

_MOST = 200  # writes; after as many no disk of ours has room left


@dataclass
class Counter:
    """Two doors through which a phone keeps things, and what it was told."""

    phone: Client
    store: Store
    data: Path
    log: pytest.LogCaptureFixture
    told: list[str] = field(default_factory=list)
    """Ids of which the phone heard that they are kept."""
    number: int = 0

    def out_of_outbox(self, row: str) -> int:
        """Sends a record like an outbox; the answer's number."""
        answer = send(self.phone, instanceID=row)
        if "receipt" in answer.json:
            self.told.append(answer.json["receipt"])
        self._heard(answer)
        return int(answer.status_code)

    def by_page(self, row: str) -> int:
        """Sends a record like a page without scripts; the answer's number."""
        self.phone.get("/form/closure")  # the page is there, whatever happens to the disk
        given = {"from": "2026-12-21", "until": "2027-01-03", "closed_reason": "vacation"}
        given |= {"csrf_token": self.token, "page.place": "OP-01", "instanceID": row}
        answer = self.phone.post("/form/closure", data=given | {"edits": ""})
        if answer.status_code == 303:
            self.told.append(row)
        self._heard(answer)
        return int(answer.status_code)

    def new(self) -> str:
        """An id that was not used before."""
        self.number += 1
        return identity(self.number)

    def until_refused(self, door: Callable[[str], int], good: int) -> str:
        """Sends new records until one is refused: its id."""
        for _ in range(_MOST):
            row = self.new()
            status = door(row)
            if status != good:
                assert status == 503, status
                return row
        raise AssertionError("there was room for all of it")

    def look(self) -> Found:
        """What is wrong with what is kept."""
        return look(
            self.store, self.data, self.told, logs=[self.log.text], canaries=[CANARY, "Ria"]
        )

    def _heard(self, answer: object) -> None:
        if answer.status_code == 503:  # type: ignore[attr-defined]
            assert int(answer.headers["Retry-After"]) > 0  # type: ignore[attr-defined]

    def __post_init__(self) -> None:
        self.token = self.phone.token("/form/closure")


@pytest.fixture
def settings(disk: Path) -> Settings:
    """Settings of an instance on a disk."""
    return Settings(data=disk / "data", public_url="http://localhost")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where the instance stands."""
    return tmp_path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("a small disk in memory needs the command `mount`, which is not there")
    if done.returncode:
        pytest.skip(f"a small disk in memory may only be made by root: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def counter(
    app: Flask,
    phone: Client,
    small: Store,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> Counter:
    """A phone at an instance in which what goes wrong becomes an answer, as when it serves."""
    caplog.set_level("INFO")
    made = Counter(phone, small, settings.data, caplog)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.extensions["fieldapp"].now() == MOMENT
    return made


# --- harm ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def no_pages(store: Store, data: Path) -> Iterator[None]:
    """SQLite may give the database no more pages."""
    writer = store.database._writer
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages}")
    try:
        yield
    finally:
        writer.execute("PRAGMA max_page_count=1073741823")


@contextlib.contextmanager
def no_room(store: Store, data: Path) -> Iterator[None]:
    """Something else fills the disk."""
    ballast = data.parent / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        for size in (65_536, 512):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    assert shutil.disk_usage(data).free < 4_096
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def no_growth(store: Store, data: Path) -> Iterator[None]:
    """No file may become larger than the largest there is now (RLIMIT_FSIZE)."""
    largest = max(path.stat().st_size for path in data.iterdir())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def no_writing(store: Store, data: Path) -> Iterator[None]:
    """Folder, database and log may only be read, also by who has them open, also by root."""
    files = [str(data), *(str(data / name) for name in ("fieldapp.db", "fieldapp.db-wal"))]
    try:
        done = subprocess.run(["chattr", "+i", *files], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("to make open files read-only needs the command `chattr`, which is not there")
    try:
        if done.returncode:
            pytest.skip(f"`chattr +i` needs root and a disk that knows it: {done.stderr.strip()}")
        yield
    finally:
        subprocess.run(["chattr", "-i", *files], capture_output=True, check=False)


_HOLD = """
import fcntl, sys
file = open(sys.argv[1], "r+")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def no_lock(store: Store, data: Path) -> Iterator[None]:
    """Another process holds the file lock."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, data / "fieldapp.lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin and child.stdout
        assert child.stdout.readline() == "held\n"
        try:
            yield
        finally:
            child.stdin.close()
            child.wait(10)


@contextlib.contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """The block runs as somebody for whom the modes of files count; root passes them over."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65_534, 65_534)
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)
