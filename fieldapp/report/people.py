"""Files of `exports/people`: headcounts that sheets tell beside the results, read like them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fieldapp.errors import Fault, FilesBroken
from fieldapp.report.result import PEOPLE, Result, line_of, load


def load_people(exports: Path, results: Sequence[Result]) -> tuple[Result, ...]:
    """The headcounts in the folder `people` of `exports`, beside `results`.

    FilesBroken with all faults.
    """
    found = tuple(load(exports, PEOPLE))
    known = {(result.id, each.name) for result in results for each in result.measures}
    faults = [
        Fault(each.file, line_of(each.statement.text, "same"), f"no result measures {'#'.join(to)}")
        for each in found
        for to in sorted(what for others in each.same.values() for what in others)
        if known and to not in known
    ]
    if faults:
        raise FilesBroken(faults)
    return found


def of_people(result: str) -> bool:
    """Whether it is a headcount beside the results, and none of the covenant."""
    return result.startswith(f"{PEOPLE}/")
