"""A stretch of days to report on: a month, a quarter, a year, or a year up to a cut-off."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from babel.dates import format_date

from fieldapp.errors import BadRequest

LENGTHS: Mapping[str, int] = MappingProxyType({"month": 1, "quarter": 3, "year": 12})
"""How many months a period of each kind has."""

FIRST_YEAR = 2020  # the deal and its predecessor began later: anything older is a slip


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day (inclusive) of what is reported, with what to call it."""

    text: str
    start: dt.date
    end: dt.date
    title: str
    title_en: str
    this: str = "deze periode"
    """How a Dutch sentence points at it: "deze maand", "dit kwartaal", "dit jaar"."""
    dates: tuple[tuple[str, str], ...] = ()
    """Days that go with it, for the cover: what happens, and when."""

    @property
    def year_from(self) -> dt.date:
        """1 January of the year in which the period ends."""
        return self.end.replace(month=1, day=1)

    def parameters(self, place: str | None = None) -> dict[str, str | None]:
        """The named parameters of every export: from, until, year_from and place."""
        return {
            "from": self.start.isoformat(),
            "until": self.end.isoformat(),
            "year_from": self.year_from.isoformat(),
            "place": place,
        }


def period(text: str, today: dt.date) -> Period:
    """The period that `text` names: "2026-10", "2026-Q3" or "2026".

    Raises BadRequest when it does not read, is older than 2020 or has not begun on `today`.
    """
    example = f"Give a month, a quarter or a year, for example {today:%Y-%m}, 2026-Q3 or 2026."
    found = re.fullmatch(r"([0-9]{4})(?:-(?:([0-9]{2})|Q([1-4])))?", text, re.ASCII)
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        raise BadRequest(f"'{text[:40]}' is not a period. {example}")
    year = int(found[1])
    if year < FIRST_YEAR:
        raise BadRequest(f"The period {text} lies before {FIRST_YEAR}. {example}")
    if found[2]:
        made = _month(text, year, int(found[2]))
    elif found[3]:
        made = _quarter(text, year, int(found[3]))
    else:
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        made = Period(text, first, last, text, text, "dit jaar")
    if made.start > today:
        raise BadRequest(f"The period {text} has not begun yet. {example}")
    return made


def report_year(text: str, today: dt.date, cutoff: str, since: dt.date) -> Period:
    """The year of the progress report that is due in June of the year `text`: "2026".

    It runs from the day after the previous `cutoff` ("04-30") to the cut-off, and begins no earlier
    than `since`. Raises BadRequest when it does not read, or lies before `since` or in the future.
    """
    example = f"Give the year in which the report is due, for example {today:%Y}."
    if not re.fullmatch(r"[0-9]{4}", text, re.ASCII) or int(text) < dt.MINYEAR + 1:
        raise BadRequest(f"'{text[:40]}' is not the year of a report. {example}")
    year = int(text)
    end, before = _cut(year, cutoff), _cut(year - 1, cutoff)
    if end < since:
        sentence = f"The report of {text} would lie before the deal, which began on {since}."
        raise BadRequest(f"{sentence} {example}")
    start = max(before + dt.timedelta(days=1), since)
    if start > today:
        raise BadRequest(f"The year of the report of {text} has not begun yet. {example}")
    dates = (
        ("Peildatum", long_date(end)),
        ("Concept klaar", f"vóór 15 juni {year}"),
        ("Naar de minister", f"vóór 15 juli {year}"),
        ("Besproken", f"september {year}"),
    )
    title, title_en = f"verslagjaar {year}", f"report year {year}"
    return Period(text, start, end, title, title_en, "dit verslagjaar", dates)


def so_far(over: Period, today: dt.date) -> Period:
    """`over` up to yesterday when it is not over yet: what it is about is known no further."""
    last = max(over.start, today - dt.timedelta(days=1))
    if last >= over.end:
        return over
    dutch, english = (format_date(last, "d MMMM", locale=code) for code in ("nl", "en"))
    title, title_en = f"{over.title} tot en met {dutch}", f"{over.title_en} up to {english}"
    return replace(over, end=last, title=title, title_en=title_en)


def bounds(kind: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the month, quarter or year that `day` lies in."""
    length = LENGTHS[kind]
    first = day.replace(month=(day.month - 1) // length * length + 1, day=1)
    return first, _last(first.year, first.month + length - 1)


def stretches(kind: str, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of each month, quarter or year that ends from `first` to `last`.

    Nothing for a `kind` that is none of these.
    """
    if kind not in LENGTHS:
        return
    start, end = bounds(kind, first)
    while end <= last:
        yield start, end
        start, end = bounds(kind, end + dt.timedelta(days=1))


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months before; the last of its month when there is no such day."""
    count = day.year * 12 + day.month - 1 - months
    last = _last(count // 12, count % 12 + 1)
    return last.replace(day=min(day.day, last.day))


def long_date(day: dt.date) -> str:
    """`day` as Dutch writes it: "1 oktober 2026"."""
    return format_date(day, "d MMMM yyyy", locale="nl")


def _month(text: str, year: int, month: int) -> Period:
    first, last = dt.date(year, month, 1), _last(year, month)
    dutch, english = (format_date(first, "MMMM yyyy", locale=code) for code in ("nl", "en"))
    return Period(text, first, last, dutch, english, "deze maand")


def _quarter(text: str, year: int, quarter: int) -> Period:
    first, last = dt.date(year, 3 * quarter - 2, 1), _last(year, 3 * quarter)
    dutch, english = f"{quarter}e kwartaal {year}", f"quarter {quarter} of {year}"
    return Period(text, first, last, dutch, english, "dit kwartaal")


def _cut(year: int, cutoff: str) -> dt.date:
    """The cut-off of a year; the 29th of February is the 28th where there is none."""
    month, day = (int(part) for part in cutoff.split("-"))
    return min(dt.date(year, month, 1) + dt.timedelta(days=day - 1), _last(year, month))


def _last(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
