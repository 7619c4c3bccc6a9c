"""A machine as an administrator has it: its programs, the server behind them, and a visitor."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).parents[3]
OPS = ROOT / "ops"
NAME = "veld.example.nl"  # as in the examples
PLACE = "OP-91"


def program(name: str, package: str = "") -> str:
    """Where a program of the machine is; a test that needs it is skipped when it is nowhere."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{name} is not installed: on Debian run 'apt-get install {package or name}'")
    return found


def environment(data: Path, source: Path = ROOT, **settings: str) -> Mapping[str, str]:
    """What commands of this instance find around them; `source` is the version that runs."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("FIELDAPP", "RESTIC"))}
    return clean | {"PYTHONPATH": str(source), "FIELDAPP_DATA": str(data)} | settings


def fieldapp(around: Mapping[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    command = [sys.executable, "-m", "fieldapp", *(str(word) for word in words)]
    return subprocess.run(
        command, cwd=around["PYTHONPATH"], env=around, capture_output=True, text=True, timeout=120
    )


def done(around: Mapping[str, str], *words: object) -> str:
    """Runs a command that must succeed; what it said."""
    ended = fieldapp(around, *words)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def found_instance(around: Mapping[str, str], folder: Path, code: str = PLACE) -> None:
    """An instance with one place."""
    done(around, "init")
    enter(around, folder, code)


def enter(around: Mapping[str, str], folder: Path, code: str) -> None:
    """One place more."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["code", "name", "kind", "wijk", "active_from"])
    sheet.append([code, f"Plek {code}", "meeting_place", "moerwijk", "2025-01-01"])
    book.save(folder / "places.xlsx")
    done(around, "places", "import", folder / "places.xlsx")


@contextlib.contextmanager
def running(command: Sequence[object], port: int, log: Path, **more: object) -> Iterator[None]:
    """Runs a server while the block runs, from when it listens."""
    words = [str(word) for word in command]
    with log.open("a") as said:
        child = subprocess.Popen(words, stdout=said, stderr=said, **more)  # type: ignore[call-overload]
    try:
        for _ in range(300):
            assert child.poll() is None, log.read_text()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(20)


@contextlib.contextmanager
def served(around: Mapping[str, str], port: int, log: Path) -> Iterator[None]:
    """The real server, as the unit starts it."""
    command = [sys.executable, "-m", "fieldapp", "serve", "--host", "127.0.0.1", "--port", port]
    with running(command, port, log, env=around, cwd=around["PYTHONPATH"]):
        yield


@dataclass(frozen=True)
class Answer:
    """What came back."""

    http: str
    status: int
    headers: Sequence[tuple[str, str]]
    text: str

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for key, value in self.headers if key == name]


@dataclass(frozen=True)
class Visitor:
    """A browser of few words at the proxy: it keeps cookies, and comes from an address."""

    folder: Path
    certificate: Path
    secure: int
    plain: int
    origin: str = "127.0.0.9"

    def ask(self, path: str, *words: str, scheme: str = "https") -> Answer:
        """Asks for a page; `words` go to curl as they are."""
        body, heads = self.folder / "body", self.folder / "heads"
        body.unlink(missing_ok=True)
        jar = str(self.folder / "jar")
        command = [program("curl"), "--silent", "--http2", "--max-time", "30", "-b", jar, "-c", jar]
        command += ["--cacert", str(self.certificate), "--interface", self.origin]
        command += ["--connect-to", f"{NAME}:443:127.0.0.1:{self.secure}"]
        command += ["--connect-to", f"{NAME}:80:127.0.0.1:{self.plain}"]
        command += ["-o", str(body), "-D", str(heads), "-w", "%{http_version} %{http_code}"]
        address = f"{scheme}://{NAME}{path}"
        told = subprocess.run([*command, *words, address], capture_output=True, text=True)
        http, status = told.stdout.split()
        lines = [line.partition(": ") for line in heads.read_text("latin-1").splitlines()]
        headers = [(name.lower(), value) for name, colon, value in lines if colon]
        text = body.read_text("utf-8") if body.exists() else ""
        return Answer(http, int(status), headers, text)
