"""An attacker who puts every number side by side: places, months, the year, the deal, columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report import conceal, headcount, privacy, reader
from fieldapp.report.protect import protect_readings
from fieldapp.report.result import Measure, Reading, Result
from fieldapp.report.sheet import Column
from fieldapp.report.span import Span
from fieldapp.report.statement import Statement

MOST = 400  # no number here is larger
WIJKEN = {"P1": "west", "P2": "west", "P3": "west", "P4": "east"}
Cell = tuple[str, str]
"""A period and a row: a place, a wijk, or nothing for all of them."""
Group = tuple[int, Collection[tuple[str, str]]]
"""So many persons, who were all seen at these places in these months."""


def span(period: str, kind: str, since: str, until: str) -> Span:
    first, last = dt.date.fromisoformat(since), dt.date.fromisoformat(until)
    return Span(period, kind, first, last, period, True)


SPANS = (
    span("2026-01", "month", "2026-01-01", "2026-01-31"),
    span("2026-02", "month", "2026-02-01", "2026-02-28"),
    span("2026-03", "month", "2026-03-01", "2026-03-31"),
    span("2025", "year", "2025-01-01", "2025-12-31"),
    span("2026", "year", "2026-01-01", "2026-03-31"),
    span("deal", "deal", "2025-01-01", "2026-03-31"),
)
MONTHS = ("2026-01", "2026-02", "2026-03", "2025")
"""When somebody can be seen; of 2025 only the year is told."""
INSIDE = {"2026": MONTHS[:3], "deal": ("2025", "2026")}
"""By period those of which it is made up."""
PARTS = {"west": ("P1", "P2", "P3"), "east": ("P4",), "": ("west", "east")}


@dataclass(frozen=True)
class Known:
    """A whole and its parts, as the attacker knows them."""

    whole: object
    parts: Sequence[object]
    added: bool


def result(kind: str) -> Result:
    headline = Measure("", "Mensen", "personen", kind)
    select = Statement("x.sql", "SELECT 1", "Mensen")
    return Result(
        "4/1", "x.sql", "Mensen", "A", "personen", kind, "year", "more", (), (headline,), select
    )


def counted(groups: Sequence[Group], kind: str = "persons") -> dict[Cell, int]:
    """Every number: each person once per period and row, or each time when steps are counted."""
    found: dict[Cell, int] = defaultdict(int)
    for size, seen in groups:
        reached = [
            (period, row)
            for place, month in seen
            for period in (month, *(whole for whole in ("2026",) if month in INSIDE[whole]), "deal")
            for row in (place, WIJKEN[place], "")
        ]
        for cell in reached if kind == "steps" else set(reached):
            found[cell] += size
    return {
        (each.period, row): found[each.period, row] for each in SPANS for row in (*WIJKEN, *PARTS)
    }


def told(
    numbers: Mapping[Cell, int], threshold: int, kind: str = "persons"
) -> dict[Cell, int | None]:
    """What is shown of the numbers; None is hidden."""
    readings = [
        Reading("4/1", "", period, level(row), row, value, None, None, None, "ok")
        for (period, row), value in numbers.items()
    ]
    shown = protect_readings(readings, [result(kind)], threshold, SPANS, WIJKEN)
    assert {each.status for each in shown if each.value is None} <= {"small"}
    return {(each.period, each.key): each.value for each in shown}  # type: ignore[misc]


def level(row: str) -> str:
    return "place" if row in WIJKEN else "wijk" if row else "total"


def knowledge(numbers: Mapping[Cell, int], kind: str) -> list[Known]:
    """What the attacker knows of how the numbers hang together, at best."""
    found = []
    for period in (each.period for each in SPANS):
        for whole, rows in PARTS.items():
            parts = [(period, row) for row in rows]
            found.append((numbers[period, whole], (period, whole), parts, True))
    for whole, periods in INSIDE.items():
        for row in (*WIJKEN, *PARTS):
            parts = [(period, row) for period in periods]
            found.append((numbers[whole, row], (whole, row), parts, kind == "steps"))
    return [
        Known(at, parts, adds and value == sum(numbers[part] for part in parts))
        for value, at, parts, adds in found
    ]


Bounds = dict[object, tuple[int, int]]


def tighten(bounds: Bounds, known: Sequence[Known]) -> Bounds | None:
    """The bounds drawn together until nothing moves; None when they contradict each other."""
    bounds, moved = dict(bounds), True
    while moved:
        moved = False
        for each in known:
            lows = [bounds[part][0] for part in each.parts]
            highs = [bounds[part][1] for part in each.parts]
            low, high = bounds[each.whole]
            least = sum(lows) if each.added else max(lows)
            new: Bounds = {each.whole: (max(low, least), min(high, sum(highs)))}
            for part, lowest, highest in zip(each.parts, lows, highs, strict=True):
                most = high - (sum(lows) - lowest) if each.added else high
                need = low - (sum(highs) - highest)
                new[part] = max(lowest, need), min(highest, most)
            for at, bound in new.items():
                if bound[0] > bound[1]:
                    return None
                moved |= bound != bounds[at]
                bounds[at] = bound
    return bounds


def possible(bounds: Bounds, known: Sequence[Known]) -> bool:
    """Whether any numbers at all fit, by trying them."""
    drawn = tighten(bounds, known)
    if drawn is None:
        return False
    open_ = [at for at, (low, high) in drawn.items() if low < high]
    if not open_:
        return True
    at = min(open_, key=lambda each: drawn[each][1] - drawn[each][0])
    return any(
        possible({**drawn, at: (value, value)}, known)
        for value in range(drawn[at][0], drawn[at][1] + 1)
    )


def start(
    numbers: Mapping[Cell, int], shown: Mapping[Cell, int | None], threshold: int, kind: str
) -> Bounds:
    """What each cell says by itself; the attacker even knows which hidden ones are small."""
    found: Bounds = {}
    for at, value in numbers.items():
        if shown[at] is not None:
            found[at] = value, value
        elif level(at[1]) != "place" or (kind == "steps" and at[0] in INSIDE):
            found[at] = 1, MOST
        else:
            found[at] = (1, threshold - 1) if value < threshold else (threshold, MOST)
    return found


def small(numbers: Mapping[Cell, int], threshold: int) -> Iterator[Cell]:
    """The numbers that must stay hidden, place by place."""
    for at, value in numbers.items():
        if 0 < value < threshold and level(at[1]) == "place":
            yield at


def attack(groups: Sequence[Group], threshold: int, kind: str, *, search: bool = False) -> None:
    """Fails when any small number is narrowed."""
    numbers = counted(groups, kind)
    shown = told(numbers, threshold, kind)
    for at, value in numbers.items():
        assert shown[at] == value or (shown[at] is None and value > 0)
        assert shown[at] is None or value == 0 or value >= threshold
    known = knowledge(numbers, kind)
    begun = start(numbers, shown, threshold, kind)
    drawn = tighten(begun, known)
    assert drawn is not None, "the attacker's knowledge is wrong"
    for at in small(numbers, threshold):
        low, high = drawn[at]
        alone = kind == "persons" or at[0] not in INSIDE
        assert low == 1 or not alone, at
        assert high - low >= threshold - 2, at
        for value in range(1, threshold) if search and alone else ():
            assert possible({**drawn, at: (value, value)}, known), (at, value)


cells = st.tuples(st.sampled_from(sorted(WIJKEN)), st.sampled_from(MONTHS))
worlds = st.lists(
    st.tuples(st.integers(1, 6), st.sets(cells, min_size=1, max_size=4)), min_size=1, max_size=7
)
kinds = st.sampled_from(["persons", "steps"])


@settings(max_examples=150, deadline=None, derandomize=True)
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


@pytest.mark.parametrize(
    ("without", "groups"),
    [("_in_time", FEW_IN_A_MONTH), ("_in_time", FEW_BEHIND_ANOTHER)],
)
def test_without_time_the_attack_succeeds(without: str, groups: Sequence[Group]) -> None:
    with mock.patch.object(headcount, without, lambda *_: iter(())), pytest.raises(AssertionError):
        attack(groups, 5, "persons")


def test_without_places_the_attack_succeeds() -> None:
    with (
        mock.patch.object(headcount, "_in_places", lambda *_: iter(())),
        mock.patch.object(privacy._Trees, "narrowed", lambda *_: False),
        pytest.raises(AssertionError),
    ):
        attack(FEW_AT_A_PLACE, 5, "persons")


@pytest.mark.parametrize("groups", FEW)
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
