"""The headcounts of results: which of them may not be shown, over places, months and years.

Every month's workbook is put beside those before it. So a month is decided by itself, and what
grows from month to month (a year or the deal so far, or a quarter) by all its months: then each
workbook hides the same numbers. Steps, and persons of a place or wijk, are not told over days of
which a month is hidden; steps again once their year is over, if they tell nothing then.

What can be promised: of the figures that are told together, no small one can be narrowed; nor by
workbooks of other months, but for persons of all places together: what they grew by is told
unless it shows by itself how few a month had. Not promised: what a late record changes. The same
figures told again say of a small one that it grew by one at most, as long as the same ones stay
hidden; so tell a month when it is closed, and seldom anew. Nor the unfinished month told twice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from fieldapp.report import privacy
from fieldapp.report.beside import (
    Counts,
    Spot,
    What,
    as_one,
    grouped,
    in_both,
    in_each_other,
    in_more,
    in_places,
    told_twice,
)
from fieldapp.report.privacy import Mark
from fieldapp.report.reader import Number, joined, settle
from fieldapp.report.result import HEADLINE, Reading
from fieldapp.report.span import Span
from fieldapp.report.styles import LEVELS

YEAR = "year"
GROWING = {YEAR: HEADLINE, "ever": HEADLINE, "ever_in_pilot": "in_pilot"}
"""Measures told of a month that hold a whole year so far, or all time, and of what each does."""
_LAST = (HEADLINE, YEAR)
"""Of all places together the results themselves are told as long as anything else can give way."""
FIGURES = ("value", "numerator", "denominator")
_COUNTED = (*FIGURES, "doubtful")
_RANK = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Figures:
    """What results count of people that must be seen together."""

    kinds: Mapping[What, str]
    same: Mapping[What, Collection[What]]
    """Of a measure those that count the same of fewer places: where they are equal they are one."""


def hidden(
    readings: Sequence[Reading],
    figures: Figures,
    threshold: int,
    told: Sequence[Span],
    wijken: Mapping[str, str],
) -> Iterator[Spot]:
    """Which numbers of these results may not be shown.

    Months are decided each by itself, then what grows from month to month, given its months: so
    every workbook that tells a number hides it, or none does.
    """
    kinds = figures.kinds
    given = dict(_numbers(readings, kinds))
    found = {at: given[at] for at in sorted(given)}  # not in the order that SQLite found them
    del given
    twins = dict(told_twice(found, figures.same))
    marks: dict[Spot, Mark] = {}
    months = sorted((span for span in told if span.month), key=lambda span: span.since)
    first = min(span.since for span in told)
    begun = {what: _begun(what, kinds) for what in kinds}
    by_period: dict[str, dict[Spot, float]] = defaultdict(dict)
    there: dict[tuple[str, ...], dict[str, Spot]] = defaultdict(dict)
    for at, value in found.items():
        by_period[at.period][at] = value
        there[at.result, at.measure, at.figure, at.level, at.key][at.period] = at
    settled = partial(_settled, figures=figures, twins=twins, threshold=threshold, wijken=wijken)
    for span in months:
        own = {
            at: each for at, each in by_period[span.period].items() if begun.get(at.what) is None
        }
        marks |= settled(own, {}, marks, {})
    years = [span for span in told if span.kind == "year"]
    for span in dict.fromkeys((*months, *years, *told)):
        own = {at: each for at, each in by_period[span.period].items() if at not in marks}
        last = next((each for each in months if each.until == span.until), span)
        alike = _alike(own, span, last, found, marks)
        marks |= alike
        decided = {twin: mark for at, mark in alike.items() for twin in [twins.get(at)] if twin}
        again = {at: decided[twins[at]] for at in own if twins.get(at) in decided}
        marks |= again
        own = {at: each for at, each in own.items() if at not in marks}
        ways: dict[tuple[dt.date, bool], list[list[str]]] = {}
        parts: dict[Spot, list[list[Spot]]] = {}
        for at in own:
            of = begun.get(at.what)
            since = span.since if of is None else first
            if at.measure == YEAR and of is not None:
                since = span.until.replace(month=1, day=1)
            grows = of is not None
            if (since, grows) not in ways:
                tiled = _ways(since, span.until, months, () if grows else years)
                ways[since, grows] = [[each.period for each in tiles] for tiles in tiled]
            told_in = there.get((*(of or at.what), at.figure, at.level, at.key), {})
            parts[at] = [
                [told_in[period] for period in way if period in told_in and told_in[period] != at]
                for way in ways[since, grows]
            ]
        beneath = {each: found[each] for ways in parts.values() for way in ways for each in way}
        beneath |= {at: found[at] for at in again}
        whole = span.whole and span.kind == "year"
        marks |= settled(own, beneath, marks, parts, closed=whole)
    for at, mark in marks.items():
        if mark is not Mark.SHOWN:
            yield at


def _settled(
    own: Mapping[Spot, float],
    beneath: Mapping[Spot, float],
    marks: Mapping[Spot, Mark],
    parts: Mapping[Spot, Sequence[Sequence[Spot]]],
    *,
    figures: Figures,
    twins: Mapping[Spot, Spot],
    threshold: int,
    wijken: Mapping[str, str],
    closed: bool = False,
) -> dict[Spot, Mark]:
    """The marks of the numbers `own`, beside those of months `beneath` that stand already."""
    small = [0 < value < threshold for value in own.values()]
    if not any(small) and all(marks[each] is Mark.SHOWN for each in beneath):
        return dict.fromkeys(own, Mark.SHOWN)
    counts = Counts([*own, *beneath], [*own.values(), *beneath.values()], wijken)
    place = {at: nth for nth, at in enumerate(counts.at)}
    of_own = Counts(counts.at[: len(own)], counts.values[: len(own)], wijken)
    begun = [Mark.SHOWN] * len(own)
    for over in grouped(of_own, "result", "measure", "figure", "period"):
        if not any(small[each] for each in over):
            continue
        values = [counts.values[each] for each in over]
        alone = privacy.protect(values, counts.parents(over), threshold)
        for each, mark in zip(over, alone, strict=True):
            begun[each] = mark
    in_time = []
    sums = set()
    for at, into in ((at, way) for at, ways in parts.items() for way in ways if way):
        nth, steps = place[at], figures.kinds.get(at.what) == "steps"
        inside = [place[each] for each in into]
        whole = joined(nth, inside, counts.values, covered=True)
        in_time.append(whole if steps else whole._replace(added=False))
        if steps and whole.added and sum(counts.values[each] > 0 for each in inside) > 1:
            sums.add(nth)
            if begun[nth] is Mark.SMALL:
                begun[nth] = Mark.WITHHELD
        past = [(found, marks[each]) for each in into if (found := beneath[each])]
        if own[at] and begun[nth] is Mark.SHOWN and not (steps and closed):
            told = _tells(own[at], past, all_told=steps or at.level != "total")
            begun[nth] = Mark.WITHHELD if told else Mark.SHOWN
    first: dict[Spot, int] = {}
    one = [first.setdefault(twins.get(at, at), nth) for nth, at in enumerate(counts.at)]
    for nth, settled_at in enumerate(one[: len(own)]):
        if begun[nth] is Mark.WITHHELD or begun[settled_at] is Mark.SHOWN:
            begun[settled_at] = begun[nth]
        sums |= {settled_at} if nth in sums else set()
    over_places = list(as_one([*in_places(counts), *in_more(of_own, figures.same)], one))
    in_time = list(as_one(in_time, one))
    numbers = [
        Number(
            value,
            marks[at] if nth >= len(own) else begun[nth],
            (_RANK[at.level], value),
            nth in sums or at.level != "place" or 0 < value < threshold,
            nth >= len(own),
            at.level == "total" and at.figure == "value" and at.measure in _LAST,
        )
        for nth, (at, value) in enumerate(zip(counts.at, counts.values, strict=True))
    ]
    sum_of, more = in_both(counts, len(own), over_places, in_time)
    numbers += [Number(value, Mark.WITHHELD, (), mixed=True) for value in sum_of]
    wholes = [*over_places, *in_time, *as_one(in_each_other(of_own), one), *more]
    settled = settle(numbers, wholes, threshold)
    return {at: settled[nth] for at, nth in zip(own, one, strict=False)}


def _begun(what: What, kinds: Mapping[What, str]) -> What | None:
    """What a measure grows by; None for one that tells of its own period."""
    result, measure = what
    of = (result, GROWING.get(measure, measure))
    return of if of != what and of in kinds else None


def _ways(
    since: dt.date, until: dt.date, months: Sequence[Span], years: Sequence[Span]
) -> Iterator[list[Span]]:
    """How these days are made up of months; and of the months of each year, and then of years."""
    inside = [each for each in months if since <= each.since and each.until <= until]
    yield inside
    for year in [each for each in years if since <= each.until < until]:
        later = [each for each in years if year.until < each.since and each.until <= until]
        if later and later[-1].until == until:
            yield [*(each for each in inside if each.until <= year.until), *later]


def _tells(value: float, months: Sequence[tuple[float, Mark]], *, all_told: bool) -> bool:
    """Whether what has grown to `value` tells of a hidden month, beside what it was before.

    Told at every month's end, steps tell each month, and places tell it of each other. Of all
    together persons tell only how many came anew: before the hidden month they were at least as
    many as in the largest month.
    """
    for nth, (_, mark) in enumerate(months):
        if mark is not Mark.SHOWN:
            before = max((each for each, _ in months[:nth]), default=0)
            after = sum(each for each, mark in months[nth + 1 :] if mark is Mark.SHOWN)
            if all_told or value - before - after > 1:
                return True
    return False


def _alike(
    own: Mapping[Spot, float],
    span: Span,
    last: Span,
    found: Mapping[Spot, float],
    marks: Mapping[Spot, Mark],
) -> dict[Spot, Mark]:
    """The marks of figures that are the same in every row for `span` and for its last month."""
    groups: dict[tuple[str, ...], list[Spot]] = defaultdict(list)
    for at in own:
        groups[at.result, at.measure, at.figure].append(at)
    alike: dict[Spot, Mark] = {}
    for group in groups.values():
        so_far = [YEAR] if span.kind == "year" and group[0].measure == HEADLINE else []
        for name in (group[0].measure, *so_far):  # a year so far stands beside its month as well
            month: dict[Spot, Spot] = {}
            for at in group:
                each = Spot(at.result, name, at.figure, last.period, at.level, at.key)
                if found.get(each) != own[at] or each not in marks:
                    break
                month[at] = each
            else:
                alike |= {at: marks[each] for at, each in month.items()}
    return alike


def _numbers(
    readings: Sequence[Reading], kinds: Mapping[What, str]
) -> Iterator[tuple[Spot, float]]:
    """Every count of persons: the headcounts, and what a share beside them is made of."""
    for result, measure, period, level, key, value, top, below, doubtful, _ in readings:
        counts = value if (result, measure) in kinds else None
        for figure, count in zip(_COUNTED, (counts, top, below, doubtful), strict=True):
            if isinstance(count, int | float):
                yield Spot(result, measure, figure, period, level, key), count
