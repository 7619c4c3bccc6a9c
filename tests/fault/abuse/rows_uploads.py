"""Row 60: files that hurt whoever opens them, at each of the three doors for files."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from fieldapp.ask.forms import twin
from fieldapp.settings import shipped
from tests.fault.abuse.hostile import FORMS, GOOD, MARKDOWN, PHONE, SHEETS, Make, zipped
from tests.fault.access.house import House, Off, Row, switched
from tests.page import parse, words
from tests.web.uploads import one_more

SECONDS = 10
MEGABYTES = 300
OF_SERVER = 100  # what the server itself may take of those


@dataclass(frozen=True)
class Gate:
    """Where files are brought, and what is brought there to hurt."""

    address: str
    name: str
    files: Callable[[], Mapping[str, Make]]
    fields: Mapping[str, str] = field(default_factory=dict)


_VISITORS = (shipped("forms") / "visitors.md").read_text("utf-8")
BOOKS = Gate("/office/import/visitors", "f.xlsx", lambda: zipped(GOOD) | SHEETS)
FORM = Gate(
    "/office/forms", "f.xlsx", lambda: zipped(twin(one_more(_VISITORS))), {"form": "visitors"}
)
LARGE = Gate("/office/forms", "f.xlsx", lambda: FORMS, {"form": "visitors"})
WRITTEN = Gate("/office/forms", "f.md", lambda: MARKDOWN, {"form": "visitors"})
SHARED = Gate("/office/import/phone", "f.json", lambda: PHONE)


def refused_at(*gates: Gate) -> Callable[[House], str]:
    """60: every file that is brought there is refused."""
    return lambda house: refused(house, gates)


def refused(house: House, gates: Sequence[Gate]) -> str:
    """Every file is refused with a sentence, within its limits, and nothing of it is left."""
    assert house.office
    scratch = house.settings.data.parent / "scratch"
    scratch.mkdir()
    house.patch.setattr(tempfile, "tempdir", str(scratch))
    folder, count, slowest, largest = _files(house), 0, 0.0, 0
    for gate in gates:
        before = house.changes()
        for what, make in gate.files().items():
            content = make()
            with _measured(house, python=gate is SHARED or what in SHEETS) as used:
                answer = bring(house, gate, content)
            assert answer.status_code == 422, (gate.address, what)
            assert len(_sentence(answer.text)) > 20, (gate.address, what)
            assert used.seconds < SECONDS, (gate.address, what, used)
            assert used.megabytes < MEGABYTES, (gate.address, what, used)
            assert used.of_server < OF_SERVER, (gate.address, what, used)
            slowest, largest = max(slowest, used.seconds), max(largest, used.megabytes)
            count += 1
        assert house.changes() == before, gate.address
    assert (house.kept("upload"), [*scratch.rglob("*")], _files(house)) == ([], [], folder)
    if BOOKS in gates:
        assert bring(house, BOOKS, GOOD).status_code == 303
        assert bring(house, FORM, twin(one_more(_VISITORS))).status_code == 303
    return f"{count} files, at most {slowest:.1f} s and {largest} MB"


def bring(house: House, gate: Gate, content: bytes) -> Any:
    """Brings a file to one of the doors."""
    token = house.office.token(gate.address)
    # In memory: what the client spools to disk it leaves open.
    file = FileStorage(io.BytesIO(content), gate.name)
    boundary, body = encode_multipart({**gate.fields, "csrf_token": token, "file": file})
    kind = f'multipart/form-data; boundary="{boundary}"'
    return house.office.post(gate.address, data=body, content_type=kind)


def _sentence(page: str) -> str:
    main = next(iter(parse(page).all("main")))
    return " ".join(words(e) for e in main.iter("div") if e.get("role") == "alert")


def _files(house: House) -> Sequence[str]:
    names = (path.relative_to(house.settings.data) for path in house.settings.data.rglob("*"))
    # The forms of the house are kept as they were read, and no other.
    return sorted(
        str(name) for name in names if "-wal" not in name.name and "cache" not in str(name)
    )


@dataclass
class _Used:
    """What opening a file took: seconds of work, and memory at its most."""

    seconds: float = 0
    megabytes: int = 0
    of_server: int = 0


def _resident(process: int) -> int:
    """The megabytes that a process had at its most; what its parent has does not count."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) >> 10 if found else 0


@contextmanager
def _measured(house: House, *, python: bool) -> Iterator[_Used]:
    """Measures this process, in memory only what is Python's, and every child it waits for."""
    used = _Used()

    def run(command: Sequence[str], **given: Any) -> subprocess.CompletedProcess[bytes]:
        with tempfile.TemporaryFile() as sent, ThreadPoolExecutor(1) as reader:
            sent.write(given["input"])
            sent.seek(0)
            child = subprocess.Popen(
                command,
                stdin=sent,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=given["env"],
            )
            assert child.stdout
            told = reader.submit(child.stdout.read)  # to a file it could not write
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            while not ended:
                used.megabytes = max(used.megabytes, _resident(child.pid))
                time.sleep(0.01)
                ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            child.returncode = os.waitstatus_to_exitcode(status)
            used.seconds += usage.ru_utime + usage.ru_stime
            with child.stdout:
                return subprocess.CompletedProcess(command, child.returncode, told.result(), b"")

    with house.patch.context() as patch:
        patch.setattr(subprocess, "run", run)
        if python:
            tracemalloc.start()
        begun = time.process_time()
        try:
            yield used
        finally:
            used.seconds += time.process_time() - begun
            if python:
                used.of_server = tracemalloc.get_traced_memory()[1] >> 20
                tracemalloc.stop()


WHAT = "zip bomb, XXE, billion laughs, .xlsm, a million rows, path in zip, at every upload"
SHARED_TIME = "the seconds are of the processor, which the tests share with others"


def child(of: str, module: str) -> Callable[[House], None]:
    """Has another child open files."""
    return switched(f"fieldapp.ask.{of}._CHILD", f"tests.fault.abuse.{module}")


ROWS = (
    Row(
        "60",
        WHAT,
        refused_at(BOOKS, FORM, SHARED),
        [
            Off("a look at the zip of a workbook", child("upload", "unlooked_workbook")),
            Off("a look at the zip of a form", child("forms", "unlooked_form")),
            Off("a bound to all texts together", child("upload", "untold_workbook")),
            Off("a look at names that come twice", switched("fieldapp.web.door._once", dict)),
        ],
        limit=SHARED_TIME,
    ),
    Row(
        "60",
        WHAT,
        refused_at(LARGE, WRITTEN),
        [Off("the limits of the child", child("forms", "unlimited_form"))],
        quick=False,
        limit=SHARED_TIME,
    ),
)
