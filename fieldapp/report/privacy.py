"""Small cells: which counts of persons are not shown, and what else must go so that no sum tells.

Rows form trees: a place counts towards its wijk, a wijk towards the total. A reader knows what is
shown, that rows add up, that a small cell lies between 1 and the threshold, and that a withheld
cell is no zero. No small cell may be narrowed by that knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
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
    """The cells of one column as trees of sums; a total counts as what its parts add up to."""

    parents: Sequence[int | None]
    values: list[float]
    threshold: float
    marks: list[Mark]
    children: list[list[int]] = field(init=False)
    depth_first: list[int] = field(init=False)
    """Every row after the row it counts towards."""

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

    def bounds(self) -> list[Bounds]:
        """The narrowest bounds that a reader can work out for every cell."""
        known = [self.prior(row) for row in range(len(self.parents))]
        for row in reversed(self.depth_first):
            if parts := [known[child] for child in self.children[row]]:
                low, high = sum(a for a, _ in parts), sum(b for _, b in parts)
                known[row] = max(known[row][0], low), min(known[row][1], high)
        for row in self.depth_first:
            parts = [known[child] for child in self.children[row]]
            for place, child in enumerate(self.children[row]):
                others = parts[:place] + parts[place + 1 :]
                low = known[row][0] - sum(high for _, high in others)
                high = known[row][1] - sum(low for low, _ in others)
                known[child] = max(parts[place][0], low), min(parts[place][1], high)
        return known

    def narrowed(self, row: int, known: Sequence[Bounds]) -> bool:
        """Whether a reader knows more about a small cell than that it is small."""
        low, high = known[row]
        if self.marks[row] is Mark.SMALL and self.values[row]:
            return low > 1 or high < self.threshold - 1
        if self.marks[row] is Mark.WITHHELD and 0 < self.values[row] < self.threshold:
            return high - low < self.threshold - 1
        return False

    def candidates(self, row: int) -> list[int]:
        """Shown cells that may protect `row` when hidden: near and small first, the total last."""
        found: list[int] = []
        at, parent = row, self.parents[row]
        while parent is not None:
            found += sorted(self.children[parent], key=lambda sibling: self.values[sibling])
            found.append(parent)
            at, parent = parent, self.parents[parent]
        below = [at]
        for cell in below:
            below.extend(self.children[cell])
        found = [cell for cell in found if cell != at]
        found += sorted(below, key=lambda cell: (cell == at, self.values[cell]))
        return [cell for cell in dict.fromkeys(found) if self.free(cell)]

    def free(self, row: int) -> bool:
        """Whether `row` may still be hidden: it is shown, and no zero."""
        return self.marks[row] is Mark.SHOWN and self.values[row] > 0

    def withheld(self, row: int) -> list[int]:
        """The cells to hide together: `row`, and a part of it when its parts are all shown."""
        parts = self.children[row]
        if not parts or any(self.marks[part] is not Mark.SHOWN for part in parts):
            return [row]
        smallest = min(filter(self.free, parts), key=lambda part: self.values[part])
        return [row, *self.withheld(smallest)]

    def hide_one_for(self, row: int) -> bool:
        """Withhold more for the sake of `row`; False when nothing is left to hide."""
        candidates = self.candidates(row)
        for together in self.ways(row, candidates):
            before = list(self.marks)
            for cell in together:
                self.mark(self.withheld(cell))
            if not self.narrowed(row, self.bounds()):
                return True
            self.marks = before
        self.mark(self.withheld(candidates[0]) if candidates else [])
        return bool(candidates)

    def ways(self, row: int, candidates: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """What to try for `row`: a cell, or what it counts towards with another; the total last."""
        tried = candidates[:TRIED]
        last = [cell for cell in tried if self.parents[cell] is None]
        yield from ((cell,) for cell in tried if cell not in last)
        above = self.parents[row]
        if above is not None and self.free(above) and (parent := self.parents[above]) is not None:
            others = [each for each in self.children[parent] if each != above and self.free(each)]
            for other in sorted(others, key=lambda each: self.values[each]):
                yield above, other
        yield from ((cell,) for cell in last)

    def mark(self, rows: Sequence[int]) -> None:
        """Withhold `rows`."""
        for row in rows:
            self.marks[row] = Mark.WITHHELD


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
    while pending:
        known = trees.bounds()
        pending = [row for row in pending if trees.narrowed(row, known)]
        if pending and not trees.hide_one_for(pending[0]):
            pending = pending[1:]
    return tuple(trees.marks)
