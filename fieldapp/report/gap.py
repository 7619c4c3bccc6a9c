"""What is still to go: places that do not count towards a result yet, milestones that are late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fieldapp.report.outcome import Milestone, Outcomes
from fieldapp.report.period import long_date
from fieldapp.report.result import HEADLINE, Reading, Result, due
from fieldapp.report.sentence import lacking
from fieldapp.settings import Settings

REACHED = ("reached", "secured", "stopped")
"""How a milestone stands of which nothing more is asked."""
_ATTENTION = "attention"
_STATES = {
    "not_answered": "is hierover nog niets ingevuld",
    "no_baseline": "is nog geen nulmeting",
}
"""How a sentence goes on about places without a figure, by the status of their reading."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Places, or wijken, that lack the same; with the sentence that says what."""

    sentence: str
    level: str
    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class Late:
    """A milestone that asks for attention, with the sentence that says why."""

    result: Result
    sentence: str
    state: Milestone | None


def gaps(told: Outcomes, result: Result) -> list[Gap]:
    """Who is to be called about `result`: of each of its sentences the places that it is about."""
    period = _period(told, result)
    found = []
    for measure, phrase in result.missing.items():
        level = told.parts(result.id, measure, period)
        readings = _here(told, told.of(result.id, measure, period, level))
        floor = _floor(told, result, period) if measure == HEADLINE else 0.0
        keys = [each.key for each in readings if _falls_short(each, floor)]
        found += [Gap(lacking(len(keys), level, phrase), level, keys)] if keys else []
        for status, words in _STATES.items() if measure == HEADLINE else ():
            keys = [each.key for each in readings if each.status == status]
            found += [Gap(lacking(len(keys), level, words), level, keys)] if keys else []
    return found


def late(told: Outcomes, settings: Settings) -> Iterator[Late]:
    """The milestones of which the day has passed, that ask for attention, or say nothing yet."""
    for result in told.results.values():
        if "milestone.status" not in result.questions:
            continue
        state = told.milestones.get(result.id)
        if state is None:
            yield Late(result, "Hierover is nog niets opgeschreven.", None)
            continue
        if state.status is None or state.status in REACHED:  # without a status it is confidential
            continue
        by = due(result, settings.deal_until, settings.funding_until)
        if by < told.over.end:
            yield Late(result, f"Dit moest klaar zijn op {long_date(by)}.", state)
        elif state.status == _ATTENTION:
            yield Late(result, "Dit vraagt aandacht.", state)


def _period(told: Outcomes, result: Result) -> str:
    """The stretch that can still change, or the last month that is over."""
    if result.over == "year":
        return str(told.over.end.year)
    if result.over == "month":
        whole = [span.period for span in told.spans if span.kind == "month" and span.whole]
        return whole[-1] if whole else told.over.text
    return told.standing[result.id].period


def _here(told: Outcomes, readings: Sequence[Reading]) -> list[Reading]:
    """The readings of wijken, and of the places that still take part."""
    return [
        each
        for each in readings
        if each.level != "place" or (each.key in told.places and told.places[each.key].here)
    ]


def _floor(told: Outcomes, result: Result, period: str) -> float:
    """What each place is to reach: of a share, or where each has its own target, that target."""
    own = result.kind == "share" or told.standing[result.id].companies
    target, _ = told.aims.get((result.id, period), (None, None))
    return target or 0.0 if own else 0.0


def _falls_short(reading: Reading, floor: float) -> bool:
    if not isinstance(reading.value, int | float):
        return False
    return reading.value < floor or reading.value == 0
