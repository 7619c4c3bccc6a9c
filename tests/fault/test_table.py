"""The table of faults tells what was red and what is missing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tests.fault.table import NAME, Trial, markdown


def _tried(number: str, off: str = "", *, of: int = 1, passed: bool = True, limit: str = "") -> Any:
    return [(NAME, asdict(Trial(number, f"fault {number}", off, of, limit)))], passed


def test_each_fault_has_its_row_in_the_order_of_their_numbers() -> None:
    counted = [(NAME, {"number": "29", "figures": "1,000 kills, lost 0"})], True
    table = markdown([_tried("29"), counted, _tried("29", "no lock"), _tried("W"), _tried("3")])
    assert table.splitlines()[2:] == [
        "| 3 | fault 3 | yes | **0** of 1 |  |",
        "| 29 | fault 29 | yes | 1 of 1 | 1,000 kills, lost 0 |",
        "| W | fault W | yes | **0** of 1 |  |",
    ]


def test_what_failed_is_said() -> None:
    failed = [_tried("3", passed=False), _tried("3", "no lock", passed=False)]
    assert "| 3 | fault 3 | **NO** | **0** of 1 |  |" in markdown(failed)


def test_a_row_that_was_not_tried_whole_is_no_green_row() -> None:
    assert "**NO**" in markdown([_tried("3", "no lock")])


def test_limits_are_told_below_and_without_faults_there_is_no_table() -> None:
    assert markdown([_tried("3", limit="no iPhone")]).endswith("- 3: no iPhone.\n")
    assert markdown([([], True)]) == ""
