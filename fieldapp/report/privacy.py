"""Small cells: which counts of persons are not shown, and what else must go so that no sum tells.

Rows form trees: a place counts towards its wijk, a wijk towards the total. A reader knows what is
shown, that rows add up, that a small cell lies between 1 and the threshold, and that a withheld
cell is no zero. No small cell may be narrowed by that knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain, islice
from math import inf

Bounds = tuple[float, float]

TRIED = 12  # how many cells are tried for one that settles it alone, before taking the smallest


class Mark(Enum):
    """How a cell is shown."""

    SHOWN = "shown"
    SMALL = "small"
    """Between 1 and the threshold, and said to be so: "<5"."""
    WITHHELD = "withheld"
    """Hidden because it would give a small cell away; may be any number but zero."""


@dataclass
class _Trees:
    """The cells of one column as trees of sums; a total counts as what its parts add up to.

    What the parts of a cell tell of it stands ready, and follows when a mark changes: so hiding a
    cell costs what lies above it, and not what lies beside it.
    """

    parents: Sequence[int | None]
    values: list[float]
    threshold: float
    marks: list[Mark]
    children: list[list[int]] = field(init=False)
    depth_first: list[int] = field(init=False)
    """Every row after the row it counts towards."""
    known: list[Bounds] = field(init=False)
    """The bounds of each cell by its mark and its parts."""
    lows: list[float] = field(init=False)
    """What the parts of each cell are at least, together."""
    highs: list[float] = field(init=False)
    """What those parts are at most of which that is known, together."""
    endless: list[int] = field(init=False)
    """How many parts may be any number."""
    ranked: dict[tuple[int, bool], list[int]] = field(default_factory=dict)
    """By their size the parts of a cell, or all that is in its tree."""

    def __post_init__(self) -> None:
        self.children = [[] for _ in self.parents]
        for row, parent in enumerate(self.parents):
            if parent is not None:
                self.children[parent].append(row)
        self.depth_first = [row for row, parent in enumerate(self.parents) if parent is None]
        for row in self.depth_first:
            self.depth_first.extend(self.children[row])
        for row in reversed(self.depth_first):
            if self.children[row]:
                self.values[row] = sum(self.values[child] for child in self.children[row])

    def begin(self) -> None:
        """Works out what is known of every cell, by the marks that stand now."""
        self.known = [(0, 0)] * len(self.parents)
        self.lows, self.highs = [0] * len(self.parents), [0] * len(self.parents)
        self.endless = [0] * len(self.parents)
        for row in reversed(self.depth_first):
            self.known[row] = self.from_parts(row)
            self.add(row, 1)

    def leaves(self, row: int) -> int:
        """How many parts that are no zero count towards `row`."""
        if not self.children[row]:
            return int(self.values[row] > 0)
        return sum(self.leaves(child) for child in self.children[row])

    def prior(self, row: int) -> Bounds:
        """What the mark alone tells about a cell."""
        if self.marks[row] is Mark.SHOWN:
            return self.values[row], self.values[row]
        if self.marks[row] is Mark.SMALL:
            return (1, self.threshold - 1) if self.values[row] else (0, inf)
        return (0 if self.children[row] else self.threshold), inf

    def from_parts(self, row: int) -> Bounds:
        """What the mark of a cell and its parts tell about it."""
        low, high = self.prior(row)
        if not self.children[row]:
            return low, high
        return max(low, self.lows[row]), min(high, inf if self.endless[row] else self.highs[row])

    def add(self, row: int, times: int) -> None:
        """Counts what is known of a cell towards what it is part of; or no more, -1 times."""
        parent = self.parents[row]
        if parent is not None:
            low, high = self.known[row]
            self.lows[parent] += times * low
            if high == inf:
                self.endless[parent] += times
            else:
                self.highs[parent] += times * high

    def bounds(self, row: int) -> Bounds:
        """The narrowest bounds that a reader can work out for a cell."""
        parent, (low, high) = self.parents[row], self.known[row]
        if parent is None:
            return low, high
        least, most = self.bounds(parent)
        others = inf
        if self.endless[parent] == (high == inf):
            others = self.highs[parent] - (0 if high == inf else high)
        return max(low, least - others), min(high, most - (self.lows[parent] - low))

    def narrowed(self, row: int) -> bool:
        """Whether a reader knows more about a small cell than that it is small."""
        low, high = self.bounds(row)
        if self.marks[row] is Mark.SMALL and self.values[row]:
            return low > 1 or high < self.threshold - 1
        if self.marks[row] is Mark.WITHHELD and 0 < self.values[row] < self.threshold:
            return high - low < self.threshold - 1
        return False

    def by_size(self, row: int, *, whole: bool = False) -> list[int]:
        """The parts of a cell, small ones first; or its whole tree, itself last."""
        if (row, whole) not in self.ranked:
            found = list(self.children[row])
            if whole:
                for cell in found:
                    found.extend(self.children[cell])
            self.ranked[row, whole] = sorted(found, key=self.values.__getitem__)
            self.ranked[row, whole] += [row] * whole
        return self.ranked[row, whole]

    def candidates(self, row: int) -> Iterator[int]:
        """Shown cells that may protect `row` when hidden: near and small first, the total last."""
        met, at, parent = set[int](), row, self.parents[row]
        near: list[list[int]] = []
        while parent is not None:
            near += [self.by_size(parent), [parent]]
            at, parent = parent, self.parents[parent]
        for cell in chain.from_iterable(near):
            if cell != at and cell not in met and self.free(cell):
                met.add(cell)
                yield cell
        yield from (c for c in self.by_size(at, whole=True) if c not in met and self.free(c))

    def free(self, row: int) -> bool:
        """Whether `row` may still be hidden: it is shown, and no zero."""
        return self.marks[row] is Mark.SHOWN and self.values[row] > 0

    def withheld(self, row: int) -> list[int]:
        """The cells to hide together: `row`, and a part of it when its parts are all shown."""
        parts = self.children[row]
        if not parts or any(self.marks[part] is not Mark.SHOWN for part in parts):
            return [row]
        smallest = next(part for part in self.by_size(row) if self.free(part))
        return [row, *self.withheld(smallest)]

    def hide_one_for(self, row: int) -> bool:
        """Withhold more for the sake of `row`; False when nothing is left to hide."""
        candidates = list(islice(self.candidates(row), TRIED))
        for together in self.ways(row, candidates):
            hidden = []
            for cell in together:
                hidden += [(each, self.marks[each]) for each in self.withheld(cell)]
                self.mark(self.withheld(cell))
            if not self.narrowed(row):
                return True
            for cell, before in reversed(hidden):
                self.set(cell, before)
        self.mark(self.withheld(candidates[0]) if candidates else [])
        return bool(candidates)

    def ways(self, row: int, tried: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """What to try for `row`: a cell, or what it counts towards with another; the total last."""
        last = [cell for cell in tried if self.parents[cell] is None]
        yield from ((cell,) for cell in tried if cell not in last)
        above = self.parents[row]
        if above is not None and self.free(above) and (parent := self.parents[above]) is not None:
            others = [each for each in self.by_size(parent) if each != above and self.free(each)]
            for other in others:
                yield above, other
        yield from ((cell,) for cell in last)

    def mark(self, rows: Sequence[int]) -> None:
        """Withhold `rows`."""
        for row in rows:
            self.set(row, Mark.WITHHELD)

    def set(self, row: int, mark: Mark) -> None:
        """Gives a cell its mark; what is known of it and above it follows."""
        self.marks[row] = mark
        at: int | None = row
        while at is not None:
            told = self.from_parts(at)
            if told == self.known[at]:
                return
            self.add(at, -1)
            self.known[at] = told
            self.add(at, 1)
            at = self.parents[at]


def protect(
    values: Sequence[float], parents: Sequence[int | None], threshold: int
) -> tuple[Mark, ...]:
    """How each cell of one column may be shown; `threshold` 0 shows all.

    `parents` holds for each row the index of the row that it counts towards. Zero is always shown.
    """
    trees = _Trees(parents, list(values), threshold, [Mark.SHOWN] * len(values))
    for row, value in enumerate(values):
        if 0 < value < threshold:
            alone = not trees.children[row] or trees.leaves(row) <= 1
            trees.marks[row] = Mark.SMALL if alone else Mark.WITHHELD
    pending = [row for row, mark in enumerate(trees.marks) if mark is not Mark.SHOWN]
    if pending:
        trees.begin()
    for row in pending:  # what is hidden later only widens: who is not narrowed never will be
        while trees.narrowed(row) and trees.hide_one_for(row):
            pass
    return tuple(trees.marks)
