"""Anchors: how far the journal had come, told outside the database; it cannot go back unseen."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.errors import Busy

FILE = "anchors"
"""In the data folder: a line per anchor, with when and why."""
HEAD = "head"
"""In the data folder: the anchor of the last write, written over by each."""
RESTORED, SERVED, COPIED, CHECKED = "restored", "served", "copied", "checked"
TOLD = "told"
"""Why an anchor was made. Older ones say nothing after RESTORED: the journal went back to it; at
all but TOLD, when a workbook was made, the journal was found whole as far as the anchor goes."""

_LETTERS = 16
_WIDE = 40  # characters of HEAD: always as many, so that it is written over in one go
_FOUND = re.compile(rf"(?<![\w-])([0-9]{{1,15}})-([0-9a-f]{{{_LETTERS}}})(?![\w-])")


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """A line of the journal by its number and the beginning of its seal."""

    line: int
    seal: str

    @classmethod
    def of(cls, line: int, mac: str) -> Anchor:
        """The anchor of a line with this whole seal."""
        return cls(line, mac[:_LETTERS])

    def __str__(self) -> str:
        return f"{self.line}-{self.seal}"


def found_in(text: str) -> Sequence[Anchor]:
    """Every anchor that stands in a text: a log, the cover of a workbook."""
    return [Anchor(int(line), seal) for line, seal in _FOUND.findall(text)]


def keep(data: Path, anchor: Anchor, why: str, now: dt.datetime) -> None:
    """Adds an anchor to the file of anchors, on the disk before this returns."""
    line = f"{now.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ} {why} {anchor}\n"
    handle = os.open(data / FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as file:
        end = os.pread(handle, 1, max(0, os.fstat(handle).st_size - 1))
        if end not in {b"", b"\n"}:  # a line that was cut off stays by itself
            file.write(b"\n")
        file.write(line.encode())
        file.flush()
        os.fsync(handle)


def kept(data: Path) -> Sequence[Anchor]:
    """The anchors that `data` holds and the journal must still have, the oldest first."""
    found: list[Anchor] = []
    for line in _lines(data / FILE):
        if line.split(" ")[1:2] == [RESTORED]:
            found = []
        found += found_in(line)
    return [*found, *_told(data / HEAD)]


def checked(data: Path) -> int:
    """Up to which line the journal was found whole before; 0 when it never was."""
    found = [
        each.line
        for line in _lines(data / FILE)
        if line.split(" ")[1:2] in ([RESTORED], [SERVED], [COPIED], [CHECKED])
        for each in found_in(line)
    ]
    return found[-1] if found else 0


def _told(path: Path) -> Sequence[Anchor]:
    return found_in("\n".join(_lines(path)))


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except FileNotFoundError:
        return []


class Head:
    """The file that tells the last write: after a commit, before anybody hears of it.

    It is not flushed to the disk: after a power cut it may tell less than the database holds, and
    never more.
    """

    def __init__(self, data: Path) -> None:
        self._line = max((each.line for each in _told(data / HEAD)), default=0)
        try:
            self._file = os.open(data / HEAD, os.O_WRONLY | os.O_CREAT, 0o600)
        except OSError as problem:
            raise Busy(f"{data / HEAD} cannot be written now ({problem})") from problem

    def move(self, anchor: Anchor) -> None:
        """Tells that the journal has come this far; what is kept is kept, also where this fails.

        It goes forward only: a journal that was cut is found out.
        """
        if anchor.line <= self._line:
            return
        with contextlib.suppress(OSError):
            self._line = anchor.line
            os.pwrite(self._file, f"{anchor!s:<{_WIDE - 1}}\n".encode(), 0)

    def close(self) -> None:
        """Closes the file, once."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1


def last_change(connection: sqlite3.Connection) -> Anchor | None:
    """The anchor of the last line that tells of a change: to download or copy changes nothing."""
    row = connection.execute(
        "SELECT id, mac FROM journal WHERE action NOT IN ('export', 'backup') "
        "ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return Anchor.of(row["id"], row["mac"]) if row else None


def missing(connection: sqlite3.Connection, anchors: Iterable[Anchor]) -> list[str]:
    """What the journal lost of what it was told to hold, as sentences; empty when nothing."""
    last = connection.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]
    said = []
    for each in sorted(set(anchors)):
        found = connection.execute("SELECT mac FROM journal WHERE id = ?", (each.line,)).fetchone()
        if found is None:
            said.append(f"the journal had come to line {each.line} and ends at line {last}")
        elif Anchor.of(each.line, found[0]) != each:
            said.append(f"line {each.line} of the journal is another than it was")
    return said
