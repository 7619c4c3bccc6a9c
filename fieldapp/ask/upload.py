"""A workbook that somebody filled in: handed to the child that reads it, given back as cells."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.ask.spreadsheet import AGAIN
from fieldapp.errors import Message

LARGEST = 2_000_000
TIME_LIMIT = 30.0
_CHILD = "fieldapp.ask.spreadsheet"
_DOZEN = 12

TOO_LARGE = Message("Dit bestand is groter dan 2 MB. Maak er meer bestanden van.")

Held = str | int | float | bool | dt.datetime | dt.time
"""What a cell holds: text, a number, yes or no, a moment (a day has midnight), or a time."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake in a workbook: the address of its cell (empty: the whole file) and a sentence."""

    cell: str
    message: Message

    def __str__(self) -> str:
        return f"{self.cell}: {self.message}" if self.cell else str(self.message)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet that is not empty: its number, and what its cells hold by column."""

    number: int
    cells: Mapping[int, Held]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file came to: its rows, or what is wrong with it."""

    lines: Sequence[Line] = ()
    wrong: Sequence[Wrong] = ()


def gathered(wrong: Sequence[Wrong]) -> Sequence[tuple[Sequence[Wrong], int]]:
    """Mistakes of one sort together: the first dozen, and how many more there are."""
    sorts: dict[str, list[Wrong]] = {}
    for each in wrong:
        said = each.message.texts.get("nl") or each.message.source
        sorts.setdefault(said, []).append(each)
    return [(alike[:_DOZEN], max(0, len(alike) - _DOZEN)) for alike in sorts.values()]


def read_sheet(data: bytes) -> Sheet:
    """The rows of an .xlsx, the headings first; nothing of a file that has something wrong."""
    if len(data) > LARGEST:
        return _refused(TOO_LARGE)
    search = os.pathsep.join(
        dict.fromkeys([*filter(None, sys.path), str(Path(__file__).parents[2])])
    )
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-P", "-m", _CHILD],
            input=data,
            capture_output=True,
            timeout=TIME_LIMIT,
            env={"PYTHONPATH": search},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _refused(AGAIN)
    if done.returncode:
        return _refused(AGAIN)
    told = json.loads(done.stdout)
    wrong = [Wrong(cell, Message(source, values)) for cell, source, values in told["faults"]]
    if wrong:
        return Sheet(wrong=wrong)
    return Sheet(
        [
            Line(number, {column: _HELD[kind](value) for column, kind, value in cells})
            for number, cells in told["rows"]
        ]
    )


def _refused(message: Message) -> Sheet:
    return Sheet(wrong=[Wrong("", message)])


_HELD: Mapping[str, Callable[..., Held]] = {
    "text": str,
    "number": lambda value: value,
    "truth": bool,
    "moment": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
}
