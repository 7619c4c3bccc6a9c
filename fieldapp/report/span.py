"""The stretches of days that results are told over: months, a quarter, years, the deal so far."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from babel.dates import format_date

from fieldapp.report.period import LENGTHS, Period, bounds, long_date
from fieldapp.report.statement import Value
from fieldapp.settings import Settings

BEFORE = "before"
COLUMNS = ("period", "kind", "since", "until", "position", "label")
MONTHS_BEFORE = 12  # of a month: it and the twelve before it make a trend with its own season twice


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day (inclusive) of one stretch; `kind` says of which sort it is."""

    period: str
    """Its name in exports: 2026-10, 2026-Q3, 2026, cutoff or deal."""
    kind: str
    """Month, quarter, year, cutoff (a year of reporting), deal, or before: a month told earlier."""
    since: dt.date
    until: dt.date
    label_nl: str
    whole: bool
    """Whether it goes on to the end of the month, year or deal that it is named after."""

    @property
    def month(self) -> bool:
        """Whether it is a month, told now or before."""
        return self.kind in {"month", BEFORE}

    def over(self, today: dt.date) -> bool:
        """Whether nothing can be added to it any more."""
        return self.whole and self.until < today


def spans(over: Period, settings: Settings) -> tuple[Span, ...]:
    """What a report over `over` tells: its months and those before, its years, the deal so far.

    A stretch that lies before the deal is left out, unless the report itself lies there.
    """
    own = _kind(over)
    first = min(over.start, _months_back(over.end, MONTHS_BEFORE))
    if own in {"year", "cutoff"}:
        first = dt.date(over.end.year - 1, 1, 1)
    starts = min(settings.deal_from, bounds("month", over.start)[0])
    # The report of a year tells no months but the last: each would be measured and protected.
    shown = over.end if own == "cutoff" else first
    found = [
        *(span for span in _months(shown, over.end) if span.since >= starts),
        *([Span(_name(own, over), own, over.start, over.end, over.title, True)] * (own in _OWN)),
    ]
    for year in range(min(first, over.start).year, over.end.year + 1):
        if year >= starts.year:
            last = dt.date(year, 12, 31)
            until = min(last, over.end)
            label = str(year) if until == last else f"{year} tot en met {_day(until)}"
            found.append(Span(str(year), "year", dt.date(year, 1, 1), until, label, until == last))
    if over.end >= settings.deal_from:
        until = min(settings.deal_until, over.end)
        label = f"de deal tot en met {long_date(until)}"
        ended = until == settings.deal_until
        found.append(Span("deal", "deal", settings.deal_from, until, label, ended))
    return tuple(found)


def since_the_deal(over: Period, settings: Settings, today: dt.date) -> tuple[Span, ...]:
    """What `spans` tells, with every year of the deal before; nothing goes on after `today`."""
    told = spans(over, settings)
    first = min(span.since.year for span in told if span.kind == "year")
    years = [
        Span(str(year), "year", dt.date(year, 1, 1), dt.date(year, 12, 31), str(year), True)
        for year in range(settings.deal_from.year, first)
    ]
    at = next(nth for nth, span in enumerate(told) if span.kind == "year")
    return tuple(_up_to(span, today) for span in (*told[:at], *years, *told[at:]))


def before(told: Sequence[Span], settings: Settings, known: str) -> tuple[Span, ...]:
    """Every month of the deal that is not told any more, up to the last day that is.

    It was told in a workbook of its own, which a reader may put beside this one; not so the months
    before `known`, the first day that anything is known about.
    """
    now = {span.period for span in told}
    first = min(settings.deal_from, *(span.since for span in told))
    months = _months(first, max(span.until for span in told))
    earlier = [each for each in months if each.period not in now]
    return tuple(
        replace(each, kind=BEFORE) for each in earlier if known and known <= each.until.isoformat()
    )


def fill(connection: sqlite3.Connection, told: Sequence[Span], settings: Settings) -> None:
    """Makes the temporary tables `periods`, and `deal` with its days, that exports read."""
    connection.execute(
        "CREATE TEMP TABLE periods (period TEXT PRIMARY KEY, kind TEXT, since TEXT, until TEXT, "
        "position INTEGER, label TEXT)"
    )
    connection.executemany("INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?)", rows(told))
    connection.execute("CREATE TEMP TABLE deal (since TEXT, until TEXT, funding_until TEXT)")
    days = (settings.deal_from, settings.deal_until, settings.funding_until)
    connection.execute("INSERT INTO deal VALUES (?, ?, ?)", [day.isoformat() for day in days])


def rows(told: Sequence[Span]) -> list[tuple[Value, ...]]:
    """What `periods` holds of these stretches."""
    return [
        (
            span.period, span.kind, span.since.isoformat(), span.until.isoformat(), position,
            span.label_nl,
        )
        for position, span in enumerate(told, 1)
    ]  # fmt: skip


_OWN = ("quarter", "cutoff")
"""What is a stretch of its own beside months and years."""


def _up_to(span: Span, today: dt.date) -> Span:
    if span.until <= today:
        return span
    label = f"{span.label_nl.partition(' tot en met ')[0]} tot en met {_day(today)}"
    return replace(span, until=today, label_nl=label, whole=False)


def _kind(over: Period) -> str:
    for kind in LENGTHS:
        if bounds(kind, over.start) == (over.start, over.end):
            return kind
    return "cutoff"


def _name(kind: str, over: Period) -> str:
    return kind if kind == "cutoff" else over.text


def _months(first: dt.date, last: dt.date) -> Iterator[Span]:
    """Every month from that of `first` to that of `last`."""
    day = first.replace(day=1)
    while day <= last:
        start, end = bounds("month", day)
        label = format_date(start, "MMMM yyyy", locale="nl")
        yield Span(f"{start:%Y-%m}", "month", start, min(end, last), label, end <= last)
        day = end + dt.timedelta(days=1)


def _months_back(day: dt.date, months: int) -> dt.date:
    """The first day of the month that lies `months` before that of `day`."""
    count = day.year * 12 + day.month - 1 - months
    return dt.date(count // 12, count % 12 + 1, 1)


def _day(day: dt.date) -> str:
    return format_date(day, "d MMMM", locale="nl")
