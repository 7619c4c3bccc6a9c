"""How long a start takes, and what stays in memory, against Flask and waitress alone."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyotp

from fieldapp.keep import account
from fieldapp.report import sound
from fieldapp.web.access import OFFICE_COOKIE
from fieldapp.web.instance import real_clock
from tests.bench.figure import ROUNDS, Figure, against
from tests.bench.home import MONTH, Home
from tests.serving import free_port

READY = 1.0
"""Seconds."""
RESIDENT = 90
"""Megabytes."""

_HELLO = (
    "import sys, waitress\n"
    "from flask import Flask\n"
    "app = Flask('hello')\n"
    "app.add_url_rule('/healthz', view_func=lambda: 'hello')\n"
    "waitress.serve(app, host='127.0.0.1', port=int(sys.argv[1]))\n"
)
_EXPORT = ("-m", "fieldapp", "export", "none", MONTH)
"""A workbook that is not there: it ends where the first statement would begin."""
_PATIENCE = 120


@dataclass(frozen=True)
class Served:
    """A server that answered: after how long, and its process."""

    seconds: float
    port: int
    process: int

    def resident(self) -> float:
        """Megabytes that it holds in memory."""
        pages = Path(f"/proc/{self.process}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def get(self, path: str, cookie: str = "") -> int:
        """The status of a page, read whole."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        with contextlib.closing(line):
            line.request("GET", path, headers={"Host": "localhost", "Cookie": cookie})
            answer = line.getresponse()
            answer.read()
            return answer.status


def figures(home: Home) -> Iterator[Figure]:
    """What a start costs: until it answers, and in memory."""
    around = _around(home)
    own = ("-m", "fieldapp", "serve", "--port")
    kept = home.settings.data / "cache" / sound.KEPT

    def seconds(command: Sequence[str]) -> float:
        with serving(command, around) as served:
            return served.seconds

    def anew() -> float:
        kept.unlink(missing_ok=True)
        return seconds(own)

    anew()  # whose modules are compiled, and whose forms are read
    first = [anew() for _ in range(3)]
    turns = [(seconds(own), seconds(("-c", _HELLO))) for _ in range(ROUNDS)]
    until = "`serve` until it answers"
    yield Figure(until, "Flask and waitress alone", [one / bare for one, bare in turns])
    yield Figure(until, "1 s", [one / READY for one, _ in turns], at_most=1)
    yield Figure(f"{until}, after an upgrade (3 rounds)", "1 s", [each / READY for each in first])
    yield against(
        "`export` until its first statement",
        "Python that imports Flask and openpyxl",
        lambda: _run(_EXPORT, around, 1),
        lambda: _run(("-c", "import flask, openpyxl"), around),
    )
    if Path("/proc/self/statm").exists():
        yield from resident(home, own, around)


def resident(home: Home, own: Sequence[str], around: Mapping[str, str]) -> Iterator[Figure]:
    """What the server holds in memory once it answers, and once the office downloaded a month."""
    office, before, after = _office(home), [], []
    for _ in range(3):
        with serving(own, around) as served:
            before.append(served.resident() / RESIDENT)
            for _ in range(3):
                assert served.get(f"/office/export/monthly/{MONTH}.xlsx", office) == 200
            after.append(served.resident() / RESIDENT)
    at = f"{RESIDENT} MB"
    yield Figure("memory of `serve` once it answers (3 rounds)", at, before, at_most=1)
    yield Figure("and after three workbooks of a month", at, after, at_most=1)


@contextlib.contextmanager
def serving(command: Sequence[str], around: Mapping[str, str]) -> Iterator[Served]:
    """A server that answered /healthz, as long as the block runs."""
    port = free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command, str(port)],
        env=around,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    served = Served(0, port, process.pid)
    try:
        while True:
            with contextlib.suppress(ConnectionError):
                assert served.get("/healthz") == 200
                break
            assert process.poll() is None, "the server ended"
            assert time.perf_counter() < begun + _PATIENCE, "the server does not answer"
            time.sleep(0.005)
        yield Served(time.perf_counter() - begun, port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _run(command: Sequence[str], around: Mapping[str, str], ends: int = 0) -> None:
    done = subprocess.run([sys.executable, *command], env=around, capture_output=True, check=False)
    assert done.returncode == ends, done.stderr


def _around(home: Home) -> Mapping[str, str]:
    """The environment of a child: compiled modules are kept, as they are once installed."""
    left_out = {"PYTHONDONTWRITEBYTECODE"}
    return {
        **{name: value for name, value in os.environ.items() if name not in left_out},
        "PYTHONPYCACHEPREFIX": str(home.folder / "compiled"),
        "FIELDAPP_DATA": str(home.settings.data),
        "FIELDAPP_PUBLIC_URL": home.settings.public_url,
    }


def _office(home: Home) -> str:
    """The cookie of somebody of the office, signed in now."""
    with home.store.write("bench", real_clock()) as write:
        made = account.add(home.store, write, f"bench {time.time_ns()}", "three words make one")
        code = pyotp.TOTP(made.totp_secret).at(real_clock())
        token = account.sign_in(home.store, write, made.account.id, code)
    return f"{OFFICE_COOKIE}={token}"
