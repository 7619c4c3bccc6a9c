"""The table of faults tells what was red and what is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.fault.table import NAME, Trial, kept, markdown
from tests.fault.trials import trials


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


ROOT = Path(__file__).parents[2]
PART = "tests/fuzz/test_imports.py"


def test_only_a_run_of_every_trial_is_written_down(tmp_path: Path) -> None:
    path = tmp_path / "faults.md"
    path.write_text("all rows")
    assert kept(path, "some rows", ["one", "two", "three"], {"one", "four"}) == (
        f"{path} stays as it was, for this table has not every row: "
        "2 of 3 trials were not run, the first of them two."
    )
    assert path.read_text() == "all rows"
    assert "all 2 trials" in kept(path, "every row", ["one", "two"], {"two", "one", "four"})
    assert path.read_text() == "every row"


def test_a_run_of_a_part_leaves_the_table_as_it_is(tmp_path: Path) -> None:
    """As somebody runs it."""
    path = tmp_path / "faults.md"
    path.write_text("all rows")
    words = [sys.executable, "-m", "pytest", PART, "tests/fault/test_table.py", "-n", "0"]
    words += ["-m", "long or not long", "-k", "without_end", "--faults", path]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert "| fuzz 3 |" in told.stdout, told.stdout
    assert re.search(r"stays as it was, .*: \d+ of \d+ trials were not run", told.stdout)
    assert path.read_text() == "all rows"


def test_the_trials_are_those_of_the_table() -> None:
    """Each row of the one that is kept was tried once, and once without each of its protections."""
    found = trials(ROOT)
    assert len(found) == len(set(found))
    rows = re.findall(r"\| \d+ of (\d+) \|", (ROOT / "docs" / "faults.md").read_text("utf-8"))
    assert len(found) >= sum(1 + int(of) for of in rows) > 200
    for room in ("tests/fault/phone/", "tests/fault/access/", PART):
        assert any(name.startswith(room) for name in found), room
