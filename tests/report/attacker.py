"""An attacker who puts every number side by side: places, months, the years, the deal."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldapp.report.protect import protect_readings
from fieldapp.report.result import Measure, Reading, Result
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


MONTHS = (
    span("2025-11", "month", "2025-11-01", "2025-11-30"),
    span("2025-12", "month", "2025-12-01", "2025-12-31"),
    span("2026-01", "month", "2026-01-01", "2026-01-31"),
    span("2026-02", "month", "2026-02-01", "2026-02-28"),
    span("2026-03", "month", "2026-03-01", "2026-03-31"),
)
"""When somebody can be seen; at the end of each a workbook is told, and readers keep them all."""


def edition(last: Span) -> list[Span]:
    """What the workbook of one month tells, and the months that are told no more."""
    upto = [each for each in MONTHS if each.until <= last.until]
    found = [replace(each, kind="before") for each in upto[:-2]] + upto[-2:]
    for year in sorted({each.since.year for each in upto}):
        since, until = dt.date(year, 1, 1), min(dt.date(year, 12, 31), last.until)
        found.append(Span(str(year), "year", since, until, "", until.month == 12))
    return [*found, Span("deal", "deal", MONTHS[0].since, last.until, "", False)]


def name(each: Span) -> str:
    """What it is called among all workbooks."""
    return each.period if each.month else f"{each.period} to {each.until}"


SPANS = {name(each): each for last in MONTHS for each in edition(last)}
LONG = {at for at, each in SPANS.items() if not each.month}
PARTS = {"west": ("P1", "P2", "P3"), "east": ("P4",), "": ("west", "east")}


@dataclass(frozen=True)
class Known:
    """A whole and its parts, as the attacker knows them."""

    whole: Any
    parts: Sequence[Any]
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
            (at, row)
            for place, month in seen
            for at, each in SPANS.items()
            if each.since <= SPANS[month].since <= each.until
            for row in (place, WIJKEN[place], "")
        ]
        for cell in reached if kind == "steps" else set(reached):
            found[cell] += size
    return {(at, row): found[at, row] for at in SPANS for row in (*WIJKEN, *PARTS)}


def told(
    numbers: Mapping[Cell, int], threshold: int, kind: str = "persons"
) -> dict[Cell, int | None]:
    """What is shown of the numbers in the workbooks of all months; None is hidden."""
    found: dict[Cell, int | None] = {}
    for last in MONTHS:
        names = {each.period: name(each) for each in edition(last)}
        readings = [
            Reading("4/1", "", period, level(row), row, numbers[at, row], None, None, None, "ok")
            for period, at in names.items()
            for row in (*WIJKEN, *PARTS)
        ]
        shown = protect_readings(readings, [result(kind)], threshold, edition(last), WIJKEN)
        assert {each.status for each in shown if each.value is None} <= {"small"}
        for each in shown:
            at = names[each.period], each.key
            assert found.setdefault(at, each.value) == each.value, f"{at} hidden and shown"  # type: ignore[arg-type]
    return found


def level(row: str) -> str:
    return "place" if row in WIJKEN else "wijk" if row else "total"


def knowledge(numbers: Mapping[Cell, int], kind: str) -> list[Known]:
    """What the attacker knows of how the numbers hang together, at best."""
    found = []
    for period in SPANS:
        for whole, rows in PARTS.items():
            parts = [(period, row) for row in rows]
            found.append((numbers[period, whole], (period, whole), parts, True))
    for whole, periods in follow():
        for row in (*WIJKEN, *PARTS):
            parts = [(period, row) for period in periods]
            found.append((numbers[whole, row], (whole, row), parts, kind == "steps"))
    return [
        Known(at, parts, adds and value == sum(numbers[part] for part in parts))
        for value, at, parts, adds in found
    ]


@functools.cache
def follow() -> Sequence[tuple[str, tuple[str, str]]]:
    """Periods that are made up of two others: the year so far is that of a month before, and it."""
    began = min(each.since for each in SPANS.values())
    found = []
    for (whole, all_of), (one, first), (other, second) in itertools.product(
        SPANS.items(), repeat=3
    ):
        if (
            max(all_of.since, began) == max(first.since, began)
            and first.until + dt.timedelta(1) == second.since
            and second.until == all_of.until
        ):
            found.append((whole, (one, other)))
    return found


Bounds = dict[Any, tuple[int, int]]


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
        elif level(at[1]) != "place" or (kind == "steps" and at[0] in LONG):
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
    begun = start(numbers, shown, threshold, kind)
    known = knowledge(numbers, kind)
    for last in MONTHS:
        names = {name(each) for each in edition(last)}
        inside = [each for each in known if within(each, names)]
        one = {at: bound for at, bound in begun.items() if at[0] in names}
        narrowed(one, inside, numbers, threshold, kind, search=search and last == MONTHS[-1])
    if kind == "persons":  # all together are told on, whatever month is hidden
        begun |= {at: (0, MOST) for at in numbers if at[0] in LONG and not at[1]}
    narrowed(begun, known, numbers, threshold, kind)


def within(known: Known, names: Collection[str]) -> bool:
    return all(at[0] in names for at in (known.whole, *known.parts))


def narrowed(
    begun: Bounds,
    known: Sequence[Known],
    numbers: Mapping[Cell, int],
    threshold: int,
    kind: str,
    *,
    search: bool = False,
) -> None:
    """Fails when any small number that is there is narrowed by what is known."""
    drawn = tighten(begun, known)
    assert drawn is not None, "the attacker's knowledge is wrong"
    for at in small({at: value for at, value in numbers.items() if at in begun}, threshold):
        low, high = drawn[at]
        alone = kind == "persons" or at[0] not in LONG
        assert low == 1 or not alone, at
        assert high - low >= threshold - 2, at
        for value in range(1, threshold) if search and alone else ():
            assert possible({**drawn, at: (value, value)}, known), (at, value)
