"""The headcounts of one result: which of them may not be shown, over places, months and years.

What can be promised: of the figures that are told together, no small one can be narrowed. After a
late record the same figures told again say of a small one that it grew by one at most, as long as
the same ones stay hidden; that it was the largest that is still small shows when it no longer is.
So tell a month when it is closed, and seldom anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from fieldapp.report import privacy
from fieldapp.report.privacy import Mark
from fieldapp.report.reader import Number, Whole, joined, settle
from fieldapp.report.result import HEADLINE, Reading
from fieldapp.report.span import Span
from fieldapp.report.styles import LEVELS

FIGURES = ("value", "numerator", "denominator")
_COUNTED = (*FIGURES, "doubtful")
_RANK = {level: rank for rank, level in enumerate(LEVELS)}


class Spot(NamedTuple):
    """Where one number of a result stands."""

    measure: str
    figure: str
    period: str
    level: str
    key: str


@dataclass(frozen=True, slots=True)
class _Counts:
    """The numbers of one result that count persons, in order."""

    at: Sequence[Spot]
    values: Sequence[float]
    kinds: Mapping[str, str]
    wijken: Mapping[str, str]
    told: Sequence[Span]

    def parents(self, over: Sequence[int]) -> list[int | None]:
        """For each of these numbers, of one figure and period, which of them it counts towards."""
        rows = {(self.at[each].level, self.at[each].key): nth for nth, each in enumerate(over)}
        total = rows.get(("total", ""))
        found = []
        for each in over:
            place = self.at[each]
            wijk = rows.get(("wijk", self.wijken.get(place.key, "")), total)
            found.append({"place": wijk, "wijk": total, "total": None}[place.level])
        return found


def hidden(
    readings: Sequence[Reading],
    kinds: Mapping[str, str],
    threshold: int,
    told: Sequence[Span],
    wijken: Mapping[str, str],
) -> Iterator[Spot]:
    """Which numbers of one result may not be shown."""
    found = dict(_numbers(readings, kinds))
    counts = _Counts(list(found), list(found.values()), kinds, wijken, told)
    marks = [Mark.SHOWN] * len(found)
    for over in _grouped(counts, "measure", "figure", "period"):
        values = [counts.values[each] for each in over]
        parents = counts.parents(over)
        for each, mark in zip(over, privacy.protect(values, parents, threshold), strict=True):
            marks[each] = mark
    if all(mark is Mark.SHOWN for mark in marks):
        return
    in_time = list(_in_time(counts))
    in_places = list(_in_places(counts))
    wholes = [*in_places, *in_time, *_in_each_other(counts)]
    days = {span.period: (span.until - span.since).days for span in told}
    # To know that a sum of months is small would be to know how small they are: it may be any.
    sums = {
        whole.at
        for whole in in_time
        if whole.added and sum(counts.values[part] > 0 for part in whole.parts) > 1
    }
    numbers = [
        Number(
            value,
            Mark.WITHHELD if mark is Mark.SMALL and nth in sums else mark,
            (_RANK[at.level], -days[at.period], value),
            nth in sums or at.level != "place",
        )
        for nth, (at, value, mark) in enumerate(zip(counts.at, counts.values, marks, strict=True))
    ]
    sum_of, more = _in_both(counts, in_places, in_time)
    numbers += [Number(value, Mark.WITHHELD, (), mixed=True) for value in sum_of]
    settled = settle(numbers, [*wholes, *more], threshold)
    for at, mark in zip(counts.at, settled[: len(found)], strict=True):
        if mark is not Mark.SHOWN:
            yield at


def _numbers(readings: Sequence[Reading], kinds: Mapping[str, str]) -> Iterator[tuple[Spot, float]]:
    """Every count of persons: the headcounts, and what a share beside them is made of."""
    for each in readings:
        for figure in _COUNTED:
            value = getattr(each, figure)
            counts = figure != "value" or each.measure in kinds
            if counts and isinstance(value, int | float):
                yield Spot(each.measure, figure, each.period, each.level, each.key), value


def _grouped(counts: _Counts, *names: str) -> list[list[int]]:
    """The numbers that are alike in `names`, together."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for nth, at in enumerate(counts.at):
        groups[tuple(getattr(at, name) for name in names)].append(nth)
    return list(groups.values())


def _in_places(counts: _Counts) -> Iterator[Whole]:
    """What places tell of their wijk, and wijken of all together, in each period."""
    for over in _grouped(counts, "measure", "figure", "period"):
        parents = counts.parents(over)
        for nth, each in enumerate(over):
            parts = [over[part] for part, parent in enumerate(parents) if parent == nth]
            if parts:
                yield joined(each, parts, counts.values, covered=True)


def _in_time(counts: _Counts) -> Iterator[Whole]:
    """What months tell of their year and years of the deal, in each row.

    Steps of two months may add up; a person of two months is one in their year. What is of the last
    day is the same number for the month and for the year.
    """
    spans = {span.period: span for span in counts.told}
    rows = _grouped(counts, "measure", "figure", "level", "key")
    same = _same(counts, rows)
    for over in rows:
        row = {counts.at[each].period: each for each in over}
        there = [spans[period] for period in row]
        measure, figure = counts.at[over[0]][:2]
        for whole in there:
            at = row[whole.period]
            inside = [each for each in there if each != whole and _lies_in(each, whole)]
            for each in inside:
                part = row[each.period]
                if counts.values[part] <= counts.values[at]:
                    equal = (measure, figure, whole.period, each.period) in same
                    yield Whole(at, (part,), equal, equal)
            for tiles in tilings(whole, inside):
                parts = [row[each.period] for each in tiles]
                added = joined(at, parts, counts.values, covered=True)
                steps = counts.kinds.get(measure) == "steps"
                yield added if steps else replace(added, added=False)


def _same(counts: _Counts, rows: Sequence[Sequence[int]]) -> set[tuple[str, str, str, str]]:
    """Figures that are alike for two periods in every row: measure, figure and the periods."""
    found: dict[tuple[str, str, str, str], bool] = {}
    for over in rows:
        for one in over:
            for other in over:
                at = counts.at[one]
                pair = (at.measure, at.figure, at.period, counts.at[other].period)
                equal = counts.values[one] == counts.values[other]
                found[pair] = found.get(pair, True) and equal
    return {pair for pair, equal in found.items() if equal}


def _in_both(
    counts: _Counts, in_places: Sequence[Whole], in_time: Sequence[Whole]
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
    for whole in in_places:
        if whole.added:
            at = counts.at[whole.at]
            parts = {root(part): part for part in whole.parts if counts.values[part]}
            rows[at.measure, at.figure, at.level, at.key].append((whole.at, parts))
    sums: list[float] = []
    wholes: list[Whole] = []
    for row in rows.values():
        for nth, (one, parts) in enumerate(row):
            for other, others in row[nth + 1 :]:
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


def _in_each_other(counts: _Counts) -> Iterator[Whole]:
    """Figures of which the one counts part of the other, as far as the numbers themselves say so.

    A reader knows from its title that whoever had both had each.
    """
    rows: dict[tuple[str, str], dict[tuple[str, str, str], int]] = defaultdict(dict)
    for nth, at in enumerate(counts.at):
        rows[at.measure, at.figure][at.period, at.level, at.key] = nth
    for part, whole in sorted((a, b) for a in rows for b in rows if a != b):
        if part != (HEADLINE, "value") and part[0] != whole[0]:
            continue
        pairs = [(rows[whole][at], each) for at, each in rows[part].items() if at in rows[whole]]
        if pairs and all(counts.values[at] >= counts.values[each] for at, each in pairs):
            yield from (Whole(at, (each,)) for at, each in pairs)


def tilings(whole: Span, inside: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """The ways in which some of `inside` follow one another and make up `whole`, coarsest only."""
    begun: dict[int, list[Span]] = defaultdict(list)
    for each in inside:
        begun[each.since.toordinal()].append(each)
    days = {(each.since, each.until) for each in inside}

    def onward(since: int, before: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
        if since == whole.until.toordinal() + 1:
            yield before
        for each in begun[since]:
            way = (*before, each)
            if not any((first.since, each.until) in days for first in before):
                yield from onward(each.until.toordinal() + 1, way)

    yield from onward(whole.since.toordinal(), ())


def _lies_in(part: Span, whole: Span) -> bool:
    return whole.since <= part.since and part.until <= whole.until
