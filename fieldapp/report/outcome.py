"""How every result stands at the end of a month: figures over time, what was agreed and said."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldapp.keep.store import Store
from fieldapp.report.deliver import telling
from fieldapp.report.period import Period
from fieldapp.report.result import HEADLINE, Reading, Result
from fieldapp.report.sentence import because, figure
from fieldapp.report.sheet import Workbook
from fieldapp.report.span import Span, since_the_deal
from fieldapp.report.table import NO_BASELINE, NOT_EXPECTED
from fieldapp.settings import Settings

NO_NUMBER = frozenset({"status", "date", "yes_no"})
"""Kinds of results that count nothing."""
UNANSWERED = "niet ingevuld"
_LEVELS = ("place", "wijk")
_HIDDEN = frozenset({"small", "confidential"})
"""Statuses of a figure that is not told: beside its baseline it could be guessed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The figure by which a result is judged, beside what was agreed; as `stood.sql` gives it."""

    period: str
    value: float | str | None
    status: str
    companies: int | None
    """Over how many places `value` is the mean; None when it is of all together."""
    told_when: str
    target: float | None
    target_most: float | None
    target_source: str | None
    path: float | None
    path_source: str | None
    baseline: float | None
    baseline_as_of: str | None
    baseline_source: str | None
    judged: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the office itself last said of a result."""

    label: str | None
    words: str | None
    as_of: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """What was last written of a result that no place counts."""

    status: str | None
    label: str | None
    as_of: str
    outlook: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it was on the last day."""

    code: str
    name: str
    wijk: str
    here: bool
    """Whether it took part on that day."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Every result with its figures, its aims and what was said of it."""

    over: Period
    spans: Sequence[Span]
    results: Mapping[str, Result]
    readings: Mapping[tuple[str, str, str], Sequence[Reading]]
    """By result, measure and period."""
    standing: Mapping[str, Standing]
    aims: Mapping[tuple[str, str], tuple[float | None, float | None]]
    """Target and path by result and period."""
    opinions: Mapping[str, Opinion]
    milestones: Mapping[str, Milestone]
    places: Mapping[str, Place]
    wijken: Mapping[str, str]
    statuses: Mapping[str, str]

    def of(self, result: str, measure: str, period: str, level: str) -> Sequence[Reading]:
        """The readings of a measure over a period at one level."""
        found = self.readings.get((result, measure, period), ())
        return [each for each in found if each.level == level]

    def total(self, result: str, measure: str, period: str) -> Reading | None:
        """The reading of all places together."""
        return next(iter(self.of(result, measure, period, "total")), None)

    def parts(self, result: str, measure: str, period: str) -> str:
        """The lowest level of which a measure is told: place, wijk, or nothing."""
        return next((each for each in _LEVELS if self.of(result, measure, period, each)), "")

    def told(self, reading: Reading | None, *, unit: bool = True) -> str:
        """A reading in words, with how many of it may be counted twice."""
        if reading is None:
            return NOT_EXPECTED
        found = next(m for m in self.results[reading.result].measures if m.name == reading.measure)
        value = reading.value
        if found.kind == "status":
            value = self.statuses.get(str(value), value)
        words = figure(value, found.kind, found.unit if unit else "", reading.status)
        words = words or UNANSWERED
        if isinstance(reading.doubtful, int | float) and reading.doubtful > 0:
            words += f" ({reading.doubtful:g} mogelijk dubbel)"
        return words

    def baseline(self, result: Result) -> str:
        """The baseline in words."""
        here = self.standing[result.id]
        if hidden := self._hidden(result):
            return figure(None, result.kind, result.unit, hidden) or NO_BASELINE
        if here.baseline is not None:
            return figure(here.baseline, result.kind, result.unit, None) or NO_BASELINE
        own = self.total(result.id, "baseline", here.period)
        if own is not None:
            return f"{self.told(own)} per week" if own.value is not None else self.told(own)
        return NOT_EXPECTED if result.kind in NO_NUMBER else NO_BASELINE

    def baseline_source(self, result: Result) -> tuple[str | None, str | None]:
        """The day and the source of the baseline, where it is told."""
        here = self.standing[result.id]
        return (None, None) if self._hidden(result) else (here.baseline_as_of, here.baseline_source)

    def _hidden(self, result: Result) -> str:
        """The status that keeps the figures of all together from being told; empty when none."""
        deal = self.total(result.id, HEADLINE, "deal")
        found = (self.standing[result.id].status, deal.status if deal else "")
        return next((status for status in found if status in _HIDDEN), "")

    def target(self, result: Result) -> str:
        """The target in words; empty when there is none."""
        here = self.standing[result.id]
        if here.target is None:
            return ""
        last = here.target if here.target_most is None else here.target_most
        words = figure(last, result.kind, result.unit, None) or ""
        if here.target_most is not None:
            words = f"{figure(here.target, result.kind, '', None)} tot {words}"
        return f"{words} per wijkbedrijf" if here.companies else words

    def path(self, result: Result) -> str:
        """What the path asks, in words; empty when it asks nothing."""
        return figure(self.standing[result.id].path, result.kind, result.unit, None) or ""

    def figure(self, result: Result) -> str:
        """The figure that is judged, in words."""
        here = self.standing[result.id]
        return figure(here.value, result.kind, result.unit, here.status) or UNANSWERED

    def so_far(self, result: Result) -> str:
        """The figure of the year under way, in words, where an earlier year is judged."""
        year = str(self.over.end.year)
        if result.over != "year" or self.standing[result.id].period == year:
            return ""
        return self.told(self.total(result.id, HEADLINE, year))

    def reason(self, result: Result) -> str:
        """Why the result is judged as it is, as one or more sentences."""
        here = self.standing[result.id]
        return because(
            here.judged, here.value, here.path, result.kind, result.unit, here.status,
            here.told_when, here.target,
        )  # fmt: skip


def outcomes(
    store: Store,
    settings: Settings,
    workbook: Workbook,
    over: Period,
    today: dt.date,
    *,
    public: bool,
) -> Outcomes:
    """How the results of `workbook` stand at the end of a month, or today when that is earlier.

    When `public` only with what anybody may see.
    """
    told = since_the_deal(over, settings, today)
    until = min(over.end, today)
    over = replace(over, end=until)
    results = workbook.results
    with telling(
        store, settings, over, today, workbook.shared, workbook.measured, public=public, told=told
    ) as connection:
        readings: dict[tuple[str, str, str], list[Reading]] = defaultdict(list)
        for row in connection.execute("SELECT * FROM readings"):
            reading = Reading(*row)
            readings[reading.result, reading.measure, reading.period].append(reading)
        day = {"until": until.isoformat()}
        return Outcomes(
            over,
            told,
            {each.id: each for each in results},
            dict(readings),
            {row[0]: Standing(*row[1:]) for row in connection.execute(_STOOD)},
            {
                (row[0], row[1]): (row[2], row[3])
                for row in connection.execute("SELECT result, period, target, path FROM aims")
            },
            {row[0]: Opinion(*row[1:]) for row in connection.execute(_OPINIONS, day)},
            {row[0]: Milestone(*row[1:]) for row in connection.execute(_MILESTONES, day)},
            {
                row[0]: Place(row[0], row[1], row[2], bool(row[3]))
                for row in connection.execute(_PLACES, day)
            },
            _labels(connection, "place", "wijk"),
            _labels(connection, "milestone", "status"),
        )


_STOOD = """
    SELECT result, period, value, status, companies, told_when, target, target_most, target_source,
           path, path_source, baseline, baseline_as_of, baseline_source, judged
      FROM stood"""

_OPINIONS = """
    SELECT j.result_id, c.label, j.words, max(j.as_of)
      FROM judgement j
      LEFT JOIN choices c
        ON (c.form_id, c.list_name, c.name) = ('judgement', 'judgement', j.judgement)
     WHERE j.as_of <= :until
     GROUP BY j.result_id"""

_MILESTONES = """
    SELECT m.result_id, m.status, c.label, max(m.as_of), m.outlook, m.owner
      FROM milestone m
      LEFT JOIN choices c ON (c.form_id, c.list_name, c.name) = ('milestone', 'status', m.status)
     WHERE m.as_of <= :until
     GROUP BY m.result_id"""

_PLACES = """
    SELECT p.name, p.label, p.wijk,
           coalesce(p.active_from, '') <= :until
             AND coalesce(nullif(p.active_until, ''), '9999') >= :until
      FROM places p
      LEFT JOIN choices w ON (w.form_id, w.list_name, w.name) = ('place', 'wijk', p.wijk)
     ORDER BY w.position, p.name"""


def _labels(connection: sqlite3.Connection, form: str, listed: str) -> dict[str, str]:
    found: Sequence[Any] = connection.execute(
        "SELECT name, label FROM choices WHERE (form_id, list_name) = (?, ?) ORDER BY position",
        (form, listed),
    ).fetchall()
    return {row[0]: row[1] for row in found}
