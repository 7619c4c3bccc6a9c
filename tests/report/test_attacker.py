"""What an attacker learns who puts every number side by side: nothing about few people."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report import conceal, headcount, privacy, reader
from fieldapp.report.sheet import Column
from tests.report.attacker import (
    MONTHS,
    WIJKEN,
    Bounds,
    Group,
    Known,
    attack,
    counted,
    knowledge,
    small,
    start,
    tighten,
    told,
)

cells = st.tuples(
    st.sampled_from(sorted(WIJKEN)), st.sampled_from([each.period for each in MONTHS])
)
worlds = st.lists(
    st.tuples(st.integers(1, 6), st.sets(cells, min_size=1, max_size=4)), min_size=1, max_size=7
)
kinds = st.sampled_from(["persons", "steps"])


@settings(max_examples=120, deadline=None, derandomize=True)
@given(worlds, st.sampled_from([3, 5]), kinds)
def test_nobody_is_found_by_putting_numbers_side_by_side(
    groups: Sequence[Group], threshold: int, kind: str
) -> None:
    attack(groups, threshold, kind)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(worlds, kinds)
def test_nobody_is_found_by_trying_everything(groups: Sequence[Group], kind: str) -> None:
    attack(groups, 3, kind, search=True)


# One place has a few in January and five others in February; the year would tell how few.
FEW_IN_A_MONTH = [(3, {("P1", "2026-01")}), (9, {("P1", "2026-02")}), (8, {("P2", "2026-02")})]
# One place has few and the others many; the wijk would tell how few.
FEW_AT_A_PLACE = [(3, {("P1", "2026-01")}), (9, {("P2", "2026-01")}), (8, {("P3", "2026-01")})]
# The number that is withheld for the sake of a small one would follow from its own year.
FEW_BEHIND_ANOTHER = [
    (3, {("P1", "2026-01"), ("P1", "2026-02")}),
    (9, {("P2", "2026-01")}),
    (20, {("P3", "2026-01")}),
    (30, {("P1", "2026-02")}),
]
FEW = [FEW_IN_A_MONTH, FEW_AT_A_PLACE, FEW_BEHIND_ANOTHER]


@pytest.mark.parametrize("groups", FEW)
@pytest.mark.parametrize("kind", ["persons", "steps"])
def test_few_stay_hidden(groups: Sequence[Group], kind: str) -> None:
    attack(groups, 5, kind, search=True)


# A place has few each month; what the year grew by since the month before would tell how few.
FEW_EACH_MONTH = [(3, {("P1", "2026-01")}), (2, {("P1", "2026-02")}), (1, {("P1", "2026-03")})]


@pytest.mark.parametrize("groups", [FEW_IN_A_MONTH, FEW_EACH_MONTH])
@pytest.mark.parametrize("kind", ["persons", "steps"])
def test_workbooks_of_months_side_by_side_tell_nothing(groups: Sequence[Group], kind: str) -> None:
    attack(groups, 5, kind)


def test_without_months_before_the_attack_succeeds() -> None:
    attack(FEW_EACH_MONTH, 5, "steps")
    with (
        mock.patch.object(headcount, "_tells", lambda *_, **__: False),
        pytest.raises(AssertionError),
    ):
        attack(FEW_EACH_MONTH, 5, "steps")


def test_without_places_the_attack_succeeds() -> None:
    with (
        mock.patch.object(headcount, "in_places", lambda *_: iter(())),
        mock.patch.object(privacy._Trees, "narrowed", lambda *_: False),
        pytest.raises(AssertionError),
    ):
        attack(FEW_AT_A_PLACE, 5, "persons")


@pytest.mark.parametrize("groups", FEW[1:])
def test_without_complementary_suppression_the_attack_succeeds(groups: Sequence[Group]) -> None:
    with (
        mock.patch.object(reader._Reader, "narrowed", lambda *_: False),
        mock.patch.object(privacy._Trees, "narrowed", lambda *_: False),
        pytest.raises(AssertionError),
    ):
        attack(groups, 5, "persons")


def test_columns_beside_each_other_tell_nothing_either() -> None:
    columns = [
        Column("period", "Nu", "integer", protect=True, within=("year",)),
        Column("year", "Dit jaar", "integer", protect=True),
    ]
    rows = [[3, 20], [6, 6], [20, 30], [29, 56]]  # of the second place the year tells the month
    levels, groups = ["place", "place", "place", "total"], ["", "", "", ""]

    def marks() -> list[str]:
        found = conceal.conceal(columns, rows, levels, groups, 5)
        return [f"{row}{column}{mark.value}" for (row, column), mark in sorted(found.items())]

    assert marks() == ["00small", "10withheld", "20withheld"]
    with mock.patch.object(conceal, "_beside", lambda *_: iter(())):
        assert marks() == ["00small", "10withheld"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(worlds, cells)
def test_a_late_record_takes_one_possibility_away_at_most(
    groups: Sequence[Group], late: tuple[str, str]
) -> None:
    """As long as the same numbers stay hidden; who goes over the threshold was just below it."""
    threshold = 5
    before, after = counted(groups), counted([*groups, (1, {late})])
    first, second = told(before, threshold), told(after, threshold)
    if {at for at in first if first[at] is None} != {at for at in second if second[at] is None}:
        return
    known = [
        Known((edition, each.whole), [(edition, part) for part in each.parts], each.added)
        for edition, numbers in enumerate((before, after))
        for each in knowledge(numbers, "persons")
    ]
    bounds: Bounds = {
        (edition, at): bound
        for edition, (numbers, shown) in enumerate(((before, first), (after, second)))
        for at, bound in start(numbers, shown, threshold, "persons").items()
    }
    moved = True
    while moved:
        drawn = tighten(bounds, known)
        assert drawn is not None
        for at in before:
            old, new = drawn[0, at], drawn[1, at]
            drawn[0, at] = max(old[0], new[0] - 1), min(old[1], new[1])
            drawn[1, at] = max(new[0], old[0]), min(new[1], old[1] + 1)
        moved, bounds = drawn != bounds, drawn
    for at in small(before, threshold):
        if after[at] < threshold:
            assert bounds[0, at][1] - bounds[0, at][0] >= threshold - 3
