"""The reader who puts numbers side by side forgets, of what was told, all that no longer holds."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report import reader
from fieldapp.report.beside import Counts, Spot, in_more
from fieldapp.report.privacy import Mark
from fieldapp.report.reader import Number, Whole, joined, settle

THRESHOLD = 5


def made(seed: int) -> tuple[list[Number], list[Whole]]:
    """A table of places by months with its sums, some of which are persons and add up to less."""
    chance = Random(seed)  # noqa: S311
    rows, columns = chance.randint(2, 6), chance.randint(2, 6)
    values = [[chance.choice((0, 1, 2, 3, 6, 9, 14)) for _ in range(columns)] for _ in range(rows)]
    flat = [each for row in values for each in row]
    lines = [[row * columns + column for column in range(columns)] for row in range(rows)]
    lines += [[row * columns + column for row in range(rows)] for column in range(columns)]
    wholes = []
    for parts in lines:
        inside = [flat[part] for part in parts]
        flat.append(max(max(inside), sum(inside) - chance.choice((0, 0, 0, 2))))
        wholes.append(joined(len(flat) - 1, parts, flat, covered=chance.random() < 0.9))
    flat.append(sum(flat[whole.at] for whole in wholes[:rows]))
    wholes.append(joined(len(flat) - 1, [each.at for each in wholes[:rows]], flat, covered=True))
    return [
        Number(each, Mark.SMALL if 0 < each < THRESHOLD else Mark.SHOWN, (nth,), mixed=nth % 3 == 0)
        for nth, each in enumerate(flat)
    ], wholes


def anew(numbers: Sequence[Number], wholes: Sequence[Whole], marks: Sequence[Mark]) -> list[object]:
    """What somebody knows who reads these marks for the first time."""
    return list(reader._Reader(numbers, wholes, THRESHOLD, list(marks)).known)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_what_is_known_after_hiding_one_more_is_what_a_new_reader_knows(seed: int) -> None:
    numbers, wholes = made(seed)
    asked = reader._Reader(numbers, wholes, THRESHOLD, [each.mark for each in numbers])
    shown = [at for at, mark in enumerate(asked.marks) if mark is Mark.SHOWN and asked.free(at)]
    for at in Random(seed).sample(shown, len(shown)):  # noqa: S311
        asked.withhold(at)
        assert asked.known == anew(numbers, wholes, asked.marks)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_no_small_number_is_narrowed_that_something_could_still_be_hidden_for(seed: int) -> None:
    numbers, wholes = made(seed)
    after = reader._Reader(numbers, wholes, THRESHOLD, settle(numbers, wholes, THRESHOLD))
    small = [at for at, each in enumerate(numbers) if each.mark is Mark.SMALL]
    assert [at for at in small if after.narrowed(at) and after.candidates(at)] == []


def test_mutation_who_forgets_nothing_knows_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader._Reader, "followed", lambda self, place, at, side: [])
    with pytest.raises(AssertionError):
        test_what_is_known_after_hiding_one_more_is_what_a_new_reader_knows()


def test_what_holds_more_comes_in_the_order_of_the_rows_and_never_of_a_set() -> None:
    wijken = [f"wijk-{nth}" for nth in range(12)]
    rows = [Spot(what, "", "value", "2026-10", "wijk", each) for what in "ab" for each in wijken]
    counts = Counts(rows, [2.0] * len(rows), {})
    more = {("a", ""): [("b", "")]}
    assert [whole.at for whole in in_more(counts, more)] == list(range(12))
