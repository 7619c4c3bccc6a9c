"""Small cells, attacked by a reader who adds up everything that is shown."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report import privacy
from fieldapp.report.privacy import Mark, protect

SHOWN, SMALL, WITHHELD = Mark.SHOWN, Mark.SMALL, Mark.WITHHELD
LARGEST = 9

Groups = Sequence[Sequence[int]]


def tree(groups: Groups) -> tuple[list[int], list[int | None]]:
    """Values and parents of places in wijken, then the wijken, then the total."""
    leaves = [value for group in groups for value in group]
    wijken = range(len(leaves), len(leaves) + len(groups))
    above = [wijk for wijk, group in zip(wijken, groups, strict=True) for _ in group]
    total = len(leaves) + len(groups)
    values = [*leaves, *map(sum, groups), sum(leaves)]
    return values, [*above, *(total for _ in groups), None]


def table(groups: Groups, threshold: int = 5) -> list[str]:
    values, parents = tree(groups)
    words = {SMALL: "small", WITHHELD: "-"}
    marks = protect(values, parents, threshold)
    return [words.get(mark, str(value)) for value, mark in zip(values, marks, strict=True)]


@pytest.mark.parametrize(
    ("groups", "shown"),
    [
        ([[10, 20], [30]], "10 20 30 30 30 60"),
        ([[0, 20], [30]], "0 20 30 20 30 50"),
        # one small cell takes a neighbour that is large enough along
        ([[1, 5, 9], [20, 30]], "small 5 - 20 30 15 50 65"),
        ([[4, 30, 31], [20, 30]], "small - 31 20 30 65 50 115"),
        # two small cells hide each other, unless their sum tells too much
        ([[2, 3, 20], [30]], "small small 20 30 25 30 55"),
        ([[1, 1, 30], [30]], "small small - 30 32 30 62"),
        # a wijk of one small place is small as well, so another wijk goes along
        ([[3], [9, 12], [40]], "small - 12 40 small - 40 64"),
        # a small total tells how small its parts are, so it is withheld
        ([[1, 2], [27]], "small small - - - 30"),
        ([[1, 0], [0, 0]], "small 0 0 0 small 0 small"),
    ],
)
def test_tables(groups: Groups, shown: str) -> None:
    assert table(groups) == shown.split()


def test_threshold_zero_shows_all() -> None:
    assert table([[1, 2], [3, 4]], threshold=0) == ["1", "2", "3", "4", "3", "7", "10"]


def test_cells_without_a_total_are_only_hidden_themselves() -> None:
    assert protect([3, 9, 0], [None, None, None], 5) == (SMALL, SHOWN, SHOWN)


def possible(groups: Groups, marks: Sequence[Mark], threshold: int) -> list[set[int]]:
    """Every value that a reader must think possible, per place, by trying them all."""
    values, _ = tree(groups)
    options = {
        SMALL: range(1, threshold),
        WITHHELD: range(threshold, 2 * LARGEST),
    }
    size = sum(map(len, groups))
    tried = [
        options.get(mark, [value]) for value, mark in zip(values[:size], marks[:size], strict=True)
    ]
    found: list[set[int]] = [set() for _ in range(size)]
    for leaves in itertools.product(*tried):
        rest = iter(leaves)
        sums = [sum(next(rest) for _ in group) for group in groups]
        told = zip([*sums, sum(leaves)], values[size:], marks[size:], strict=True)
        if all(
            {SHOWN: count == value, SMALL: 0 < count < threshold, WITHHELD: count > 0}[mark]
            for count, value, mark in told
        ):
            for at, value in enumerate(leaves):
                found[at].add(value)
    return found


tables = st.lists(st.lists(st.integers(0, LARGEST), min_size=1, max_size=3), min_size=1, max_size=2)


def attack(groups: Groups, threshold: int) -> None:
    values, parents = tree(groups)
    marks = protect(values, parents, threshold)
    for value, mark in zip(values, marks, strict=True):
        assert mark is not SHOWN or value == 0 or value >= threshold
        assert value or mark is SHOWN
    for mark, found in zip(marks, possible(groups, marks, threshold), strict=False):
        if mark is SMALL:
            assert found >= set(range(1, threshold))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tables, st.sampled_from([3, 4]))
def test_no_sum_narrows_a_small_cell(groups: Groups, threshold: int) -> None:
    attack(groups, threshold)


def test_without_complementary_suppression_the_attack_succeeds() -> None:
    with (
        mock.patch.object(privacy._Trees, "narrowed", lambda *_: False),
        pytest.raises(AssertionError),
    ):
        attack([[1, 9], [8, 7]], 4)


def test_a_thousand_places_are_quick() -> None:
    values, parents = tree(
        [[(7 * place + 3 * wijk) % 23 for place in range(250)] for wijk in range(4)]
    )
    marks = protect(values, parents, 5)
    assert marks[-1] is SHOWN
