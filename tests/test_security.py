"""SECURITY.md names a test for each promise, and each test that it names is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
PROMISES = TEXT.partition("## Promises")[2].partition("## On a phone")[0]
NAMED = re.compile(r"(tests/[\w/]+\.py)?(?:::(\w+))?(?:\[([\w…]+)\])?")


def rows() -> list[list[str]]:
    """The cells of every promise."""
    lines = [line for line in PROMISES.splitlines() if line.startswith("| ")]
    found = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [cells for cells in found if cells[0] not in {"promised", "---"}]


def named(text: str) -> Iterator[tuple[str, str, str]]:
    """File, function and row of each test that a text names; what it leaves out is as before."""
    file = function = ""
    for found in NAMED.finditer(text.replace("`", "")):
        if not found[0]:
            continue
        if found[1]:
            file, function = found[1], ""
        function = found[2] or function
        yield file, function, found[3] or ""


@pytest.mark.parametrize("cells", rows(), ids=lambda cells: cells[0][:60])
def test_a_promise_names_tests_that_are_there(cells: list[str]) -> None:
    assert len(cells) == 4, "promised, kept by, proved by, not stopped"
    tests = list(named(cells[2]))
    assert tests, "no test proves it"
    for file, function, row in tests:
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        there = {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
        assert not function or function in there, f"{file} has no {function}"
        if row.isdigit():
            rows_of = "".join(each.read_text("utf-8") for each in (ROOT / file).parent.glob("*.py"))
            assert re.search(rf"\b{row}\b", rows_of), f"{file} has no row {row}"


def test_what_keeps_a_promise_is_there() -> None:
    for cells in rows():
        for name in re.findall(
            r"`((?:ask|keep|report|web)/\w+\.py|static/\w+\.js|ops/[\w.-]+)", cells[1]
        ):
            under = ROOT if name.startswith(("static", "ops")) else ROOT / "fieldapp"
            assert (under / name).exists(), name


def test_mutation_a_test_that_is_not_there_is_missed() -> None:
    cells = ["A promise", "`keep/row.py`", "`tests/test_security.py::test_that_is_nowhere`", ""]
    with pytest.raises(AssertionError, match="has no test_that_is_nowhere"):
        test_a_promise_names_tests_that_are_there(cells)
