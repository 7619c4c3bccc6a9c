"""A reader who puts numbers side by side: what sums and parts tell of a hidden one, and the remedy.

Persons of a part are among those of the whole, so no part is larger than the whole; where parts
cover the whole, it is no larger than their sum; where nobody can be in two parts, it is that sum.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from fieldapp.report.privacy import Bounds, Mark

_LOW, _HIGH = 0, 1
_NOBODY = -1


class Number(NamedTuple):
    """A count of persons; `cost` says how much is missed when it is hidden, least first."""

    value: float
    mark: Mark
    cost: tuple[float, ...] = ()
    mixed: bool = False
    """Withheld it may be small as well: a total that would tell how small its parts are."""
    fixed: bool = False
    """It was told before, or hidden: nothing can be withheld any more."""
    last: bool = False
    """It is withheld only when nothing else helps: what all the counting is for."""


class Whole(NamedTuple):
    """A number and those that count parts of it, by their places in a list of numbers."""

    at: int
    parts: tuple[int, ...]
    covered: bool = False
    """Nobody in it is outside the parts."""
    added: bool = False
    """Nobody is in two parts either, so that it is their sum."""


def joined(at: int, parts: Sequence[int], values: Sequence[float], *, covered: bool) -> Whole:
    """The `Whole` that holds for these values: a reader may know that nobody is in two parts.

    What is larger than the whole is no part of it, but told of another moment.
    """
    value, total = values[at], sum([values[part] for part in parts])
    inside = tuple([part for part in parts if values[part] <= value])
    covered = covered and value <= total and len(inside) == len(parts)
    return Whole(at, inside, covered, covered and value == total)


def settle(numbers: Sequence[Number], wholes: Sequence[Whole], threshold: int) -> list[Mark]:
    """The marks with which no small number can be narrowed: as given, and more withheld."""
    reader = _Reader(numbers, wholes, threshold, [number.mark for number in numbers])
    for at in [at for at, mark in enumerate(reader.marks) if mark is not Mark.SHOWN]:
        while reader.narrowed(at) and reader.hide_one_for(at):
            pass  # what is hidden later only widens: who is not narrowed never will be
    return reader.marks


@dataclass
class _Reader:
    numbers: Sequence[Number]
    wholes: Sequence[Whole]
    threshold: int
    marks: list[Mark]
    priors: list[Bounds] = field(init=False)
    """What the mark of every number alone tells."""
    known: list[Bounds] = field(init=False)
    """The narrowest bounds that a reader can work out for every number."""
    told_by: list[tuple[int, int]] = field(init=False)
    """Which whole told each of those bounds last."""
    beside: list[list[int]] = field(init=False)
    """The wholes that a number is in, as the whole or as a part."""

    def __post_init__(self) -> None:
        self.beside = [[] for _ in self.numbers]
        for place, (at, parts, _, _) in enumerate(self.wholes):
            self.beside[at].append(place)
            for part in parts:
                self.beside[part].append(place)
        self.priors = [
            (number.value, number.value) if mark is Mark.SHOWN else self.prior(at)
            for at, (number, mark) in enumerate(zip(self.numbers, self.marks, strict=True))
        ]
        self.known = list(self.priors)
        self.told_by = [(_NOBODY, _NOBODY)] * len(self.numbers)
        self.draw([at for at, mark in enumerate(self.marks) if mark is not Mark.SHOWN])

    def prior(self, at: int) -> Bounds:
        """What the mark alone tells."""
        number = self.numbers[at]
        if self.marks[at] is Mark.SHOWN:
            return number.value, number.value
        if self.marks[at] is Mark.SMALL:
            return 1, self.threshold - 1
        return (1 if number.mixed else self.threshold), inf

    def draw(self, numbers: Iterable[int]) -> None:
        """Draws the bounds of these numbers, and all that follows, together."""
        waiting = deque(dict.fromkeys(place for at in numbers for place in self.beside[at]))
        queued = set(waiting)
        while waiting:
            place = waiting.popleft()
            queued.discard(place)
            for at, low, high in _told(self.wholes[place], self.known):
                value = self.numbers[at].value  # what is true is never ruled out, so this ends
                bound = min(low, value), max(high, value)
                if bound != self.known[at]:
                    (low_by, high_by), known = self.told_by[at], self.known[at]
                    low_by = place if bound[_LOW] > known[_LOW] else low_by
                    self.told_by[at] = low_by, place if bound[_HIGH] < known[_HIGH] else high_by
                    self.known[at] = bound
                    for other in self.beside[at]:
                        if other not in queued:
                            queued.add(other)
                            waiting.append(other)

    def withhold(self, at: int) -> None:
        """Withholds one number, and forgets what followed from it."""
        self.marks[at] = Mark.WITHHELD
        self.priors[at] = self.prior(at)
        forgotten = [(at, _LOW), (at, _HIGH)]
        met = set(forgotten)
        for old, side in forgotten:  # it grows under way
            for place in self.beside[old]:
                for each in self.followed(place, old, side):
                    if each not in met:
                        met.add(each)
                        forgotten.append(each)
        for number, side in forgotten:
            (low, high), (low_by, high_by) = self.known[number], self.told_by[number]
            if side == _LOW:
                low, low_by = self.priors[number][_LOW], _NOBODY
            else:
                high, high_by = self.priors[number][_HIGH], _NOBODY
            self.known[number], self.told_by[number] = (low, high), (low_by, high_by)
        self.draw(sorted({number for number, _ in forgotten}))

    def followed(self, place: int, at: int, side: int) -> list[tuple[int, int]]:
        """Which bounds this whole told last, by one of the bounds of `at`."""
        whole = self.wholes[place]
        other = _HIGH if side == _LOW else _LOW
        told: list[tuple[int, int]] = []
        if at == whole.at:
            narrower = side if side == _HIGH or whole.covered else None
        else:
            if side == _LOW or whole.covered:
                told.append((whole.at, side))
            narrower = other if (whole.added if side == _LOW else whole.covered) else None
        if narrower is not None:
            told += [(part, narrower) for part in whole.parts]
        return [(each, side) for each, side in told if self.told_by[each][side] == place]

    def narrowed(self, at: int) -> bool:
        """Whether a reader knows more about a small number than that it is small."""
        low, high = self.known[at]
        if self.marks[at] is Mark.SMALL:
            return low > 1 or high < self.threshold - 1
        small = 0 < self.numbers[at].value < self.threshold
        return self.marks[at] is Mark.WITHHELD and small and high - low < self.threshold - 2

    def candidates(self, at: int) -> list[int]:
        """Shown numbers that narrow `at`, the nearest only, by cost; `last` ones by themselves."""
        met, ring, found, spared = {at}, [at], dict[int, None](), dict[int, None]()
        asked = set[int]()
        while ring and not found:
            reached = dict[int, None]()
            for old in ring:
                for place in self.beside[old]:
                    if place not in asked and self.tells(whole := self.wholes[place], old):
                        asked.add(place)
                        members = (whole.at, *whole.parts)
                        reached |= dict.fromkeys(each for each in members if each not in met)
            met.update(reached)
            near = sorted(reached, key=lambda each: self.numbers[each].cost)
            shown = [each for each in near if self.marks[each] is Mark.SHOWN and self.free(each)]
            found |= dict.fromkeys(each for each in shown if not self.numbers[each].last)
            spared |= dict.fromkeys(each for each in shown if self.numbers[each].last)
            ring = [each for each in near if self.marks[each] is not Mark.SHOWN]
        return list(found or spared)

    def free(self, at: int) -> bool:
        """Whether a shown number may still be withheld."""
        return self.numbers[at].value > 0 and not self.numbers[at].fixed

    def tells(self, whole: Whole, at: int) -> bool:
        """Whether `whole` says more about `at` than its mark does."""
        known, self.known[at] = self.known[at], self.priors[at]
        told = any(each == at for each, _, _ in _told(whole, self.known))
        self.known[at] = known
        return told

    def hide_one_for(self, at: int) -> bool:
        """Withholds one more for the sake of `at`; False when nothing is left to hide."""
        for each in self.candidates(at)[:1]:
            self.withhold(each)
            return True
        return False


def _told(whole: Whole, known: Sequence[Bounds]) -> list[tuple[int, float, float]]:
    """What a whole and its parts, drawn together once, tell anew: of which number which bounds."""
    before = low, high = known[whole.at]
    total, least, finite, endless = 0.0, 0.0, 0.0, 0
    for part in whole.parts:
        smallest, largest = known[part]
        total += smallest
        if smallest > least:
            least = smallest
        if largest == inf:
            endless += 1
        else:
            finite += largest
    low = max(low, total if whole.added else least)
    if whole.covered and not endless:
        high = min(high, finite)
    told = [(whole.at, low, high)] if (low, high) != before else []
    for part in whole.parts:
        smallest, largest = known[part]
        if smallest == largest:
            continue  # nothing can be told of what is known
        fewest, greatest = smallest, high
        if whole.covered and endless == (largest == inf):
            fewest = low - (finite if largest == inf else finite - largest)
        if whole.added:
            greatest = high - (total - smallest)
        if fewest > smallest or greatest < largest:
            told.append((part, max(smallest, fewest), min(largest, greatest)))
    return told
