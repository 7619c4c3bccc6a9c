"""Which headcounts of one result tell of each other: places, two periods, a part of a part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from fieldapp.report.reader import Whole, joined
from fieldapp.report.result import HEADLINE

_LEVEL = 4  # where the level and the key of a spot begin

What = tuple[str, str]
"""A result and one of its measures."""


class Spot(NamedTuple):
    """Where one number of a result stands."""

    result: str
    measure: str
    figure: str
    period: str
    level: str
    key: str

    @property
    def what(self) -> What:
        """What is counted."""
        return self.result, self.measure


@dataclass(frozen=True, slots=True)
class Counts:
    """Some numbers that count persons, in order."""

    at: Sequence[Spot]
    values: Sequence[float]
    wijken: Mapping[str, str]

    def parents(self, over: Sequence[int]) -> list[int | None]:
        """For each of these numbers, of one figure and period, which of them it counts towards."""
        places = [self.at[each][_LEVEL:] for each in over]
        rows = {place: nth for nth, place in enumerate(places)}
        total = rows.get(("total", ""))
        found: list[int | None] = []
        for level, key in places:
            if level == "place":
                found.append(rows.get(("wijk", self.wijken.get(key, "")), total))
            else:
                found.append(total if level == "wijk" else None)
        return found


def grouped(counts: Counts, *names: str) -> list[list[int]]:
    """The numbers that are alike in `names`, together."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    told = attrgetter(*names)
    for nth, at in enumerate(counts.at):
        groups[told(at)].append(nth)
    return list(groups.values())


def in_places(counts: Counts) -> Iterator[Whole]:
    """What places tell of their wijk, and wijken of all together, in each period."""
    for over in grouped(counts, "result", "measure", "figure", "period"):
        parts: list[list[int]] = [[] for _ in over]
        for each, parent in zip(over, counts.parents(over), strict=True):
            if parent is not None:
                parts[parent].append(each)
        for each, inside in zip(over, parts, strict=True):
            if inside:
                yield joined(each, inside, counts.values, covered=True)


def in_both(
    counts: Counts, own: int, over_places: Sequence[Whole], in_time: Sequence[Whole]
) -> tuple[list[float], list[Whole]]:
    """What several places come to together in two periods, when none was seen outside the first.

    Their sum follows from either period, and so tells of the others in both; it stands nowhere, so
    it is a number of its own behind those that are there.
    """
    first = {at: at for at in range(len(counts.at))}
    for whole in sorted(in_time, key=lambda whole: len(whole.parts)):
        seen = [part for part in whole.parts if counts.values[part]]
        if whole.covered and len(seen) == 1:
            first[whole.at] = seen[0]

    def root(at: int) -> int:
        while first[at] != at:
            at = first[at]
        return at

    rows: dict[tuple[str, ...], list[tuple[int, dict[int, int]]]] = defaultdict(list)
    for whole in over_places:
        if whole.added:
            at = counts.at[whole.at]
            parts = {root(part): part for part in whole.parts if counts.values[part]}
            rows[at.result, at.measure, at.figure, at.level, at.key].append((whole.at, parts))
    sums: list[float] = []
    wholes: list[Whole] = []
    for row in rows.values():
        for nth, (one, parts) in enumerate(row):
            for other, others in row[nth + 1 :] if one < own else ():
                common = parts.keys() & others.keys()
                if len(common) < 2 or parts.keys() == others.keys():
                    continue
                total = len(counts.at) + len(sums)
                sums.append(sum(counts.values[parts[each]] for each in common))
                for whole_at, among in ((one, parts), (other, others)):
                    rest = [among[each] for each in sorted(among.keys() - common)]
                    wholes.append(Whole(whole_at, (total, *rest), covered=True, added=True))
                wholes.append(
                    Whole(total, tuple(parts[each] for each in sorted(common)), True, True)
                )
    return sums, wholes


def in_each_other(counts: Counts) -> Iterator[Whole]:
    """Figures of which the one counts part of the other, as far as the numbers themselves say so.

    A reader knows from its title that whoever had both had each.
    """
    rows: dict[tuple[str, str, str], dict[tuple[str, str, str], int]] = defaultdict(dict)
    for nth, at in enumerate(counts.at):
        rows[at.result, at.measure, at.figure][at.period, at.level, at.key] = nth
    for part, whole in sorted((a, b) for a in rows for b in rows if a != b and a[0] == b[0]):
        if part[1:] != (HEADLINE, "value") and part[1] != whole[1]:
            continue
        pairs = [(rows[whole][at], each) for at, each in rows[part].items() if at in rows[whole]]
        if pairs and all(counts.values[at] >= counts.values[each] for at, each in pairs):
            yield from (Whole(at, (each,)) for at, each in pairs)


def in_more(counts: Counts, of: Mapping[What, Collection[What]]) -> Iterator[Whole]:
    """Figures that hold another of fewer places, and the places that are only in the first."""
    rows: dict[tuple[What, str, str], dict[tuple[str, str], int]] = defaultdict(dict)
    for nth, at in enumerate(counts.at):
        rows[at.what, at.figure, at.period][at.level, at.key] = nth
    for (what, figure, period), more in rows.items():
        for fewer in (rows.get((each, figure, period), {}) for each in of.get(what, ())):
            alone = [
                (counts.wijken.get(key, ""), nth)
                for (level, key), nth in more.items()
                if level == "place" and (level, key) not in fewer
            ]
            for level, key in (at for at in more if at in fewer and at[0] != "place"):
                rest = [nth for wijk, nth in alone if level == "total" or wijk == key]
                parts = [fewer[level, key], *rest]
                yield joined(more[level, key], parts, counts.values, covered=True)


def told_twice(
    found: Mapping[Spot, float], same: Mapping[What, Collection[What]]
) -> Iterator[tuple[Spot, Spot]]:
    """Numbers that stand in two results, and under which of both names they are settled."""
    for at, value in found.items():
        result, measure, *where = at
        for each in same.get((result, measure), ()):
            other = Spot(*each, *where)
            if found.get(other) == value:
                yield other, at
                yield at, at


def as_one(wholes: Iterable[Whole], one: Sequence[int]) -> Iterator[Whole]:
    """The wholes with each number by the place where it is settled."""
    if all(nth == at for nth, at in enumerate(one)):
        yield from (whole for whole in wholes if whole.at not in whole.parts)
        return
    for whole in wholes:
        at, parts = one[whole.at], tuple(dict.fromkeys([one[part] for part in whole.parts]))
        if at not in parts:
            yield Whole(at, parts, whole.covered, whole.added)
