"""The table of faults: which were survived, and which go red without their protection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NAME = "fault"
"""Under which a test records what it tried, so that it comes along from every process."""

Record = Callable[[str, object], None]


@dataclass(frozen=True)
class Trial:
    """One fault that was tried: with every protection, or without one of them."""

    number: str
    """Its row in the list of faults; what is no row of it has a letter."""
    what: str
    off: str = ""
    """The protection that was switched off."""
    of: int = 0
    """How many there are to switch off."""
    limit: str = ""
    """What of it cannot be made on this machine."""


def told(record: Record, trial: Trial) -> None:
    """Has the table know of a trial, however it ends."""
    record(NAME, asdict(trial))


def figures(record: Record, number: str, text: str) -> None:
    """Has the table know what was counted."""
    record(NAME, {"number": number, "figures": text})


@dataclass
class _Line:
    what: str = ""
    of: int = 0
    limit: str = ""
    green: bool = False
    red: int = 0
    figures: str = ""


def _order(number: str) -> tuple[bool, int, str]:
    return (not number.isdigit(), int(number) if number.isdigit() else 0, number)


def markdown(reports: Iterable[tuple[Sequence[tuple[str, Any]], bool]]) -> str:
    """The table, of what each test recorded and whether it passed."""
    lines: dict[str, _Line] = {}
    for recorded, passed in reports:
        for given in (value for name, value in recorded if name == NAME):
            line = lines.setdefault(given["number"], _Line())
            if "figures" in given:
                line.figures = given["figures"]
                continue
            line.what, line.of, line.limit = given["what"], given["of"], given["limit"]
            line.red += passed and bool(given["off"])
            line.green |= passed and not given["off"]
    if not lines:
        return ""
    rows = [
        "| # | fault | survived | red without its protection | counted |",
        "|---|---|---|---|---|",
    ]
    notes = []
    for number in sorted(lines, key=_order):
        line = lines[number]
        green = "yes" if line.green else "**NO**"
        red = f"{line.red} of {line.of}" if line.red == line.of else f"**{line.red}** of {line.of}"
        rows.append(f"| {number} | {line.what} | {green} | {red} | {line.figures} |")
        if line.limit:
            notes.append(f"- {number}: {line.limit}.")
    if notes:
        rows += ["", "What cannot be made on this machine:", "", *notes]
    return "\n".join(rows) + "\n"


def kept(path: Path, table: str, trials: Collection[str], ran: Collection[str]) -> str:
    """Writes the table of a run of all `trials` to a file, and says what became of the file.

    One of some of them would lose the rows of the others: the file stays as it was.
    """
    missed = [name for name in trials if name not in ran]
    if missed:
        first = f"{len(missed)} of {len(trials)} trials were not run, the first of them {missed[0]}"
        return f"{path} stays as it was, for this table has not every row: {first}."
    path.write_text(table, encoding="utf-8")
    return f"{path} holds this table: all {len(trials)} trials were run."
