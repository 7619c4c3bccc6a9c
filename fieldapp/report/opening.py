"""Opening hours in the OpenStreetMap notation: what is accepted, and what it adds up to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from opening_hours import OpeningHours

from fieldapp.errors import BadRequest

EXAMPLE = "Mo,Tu,Th,Fr 09:00-17:00; We 09:00-17:00,19:00-21:30; PH off"
LONGEST = 500
MONDAY = dt.date(2001, 6, 4)  # the reference week: a Monday, no holiday in the week
EVENING = dt.time(18)
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COUNTRY = "NL"

Block = tuple[str, str]
"""From and until as HH:MM; until may be 24:00."""

_DAY = f"(?:{'|'.join(DAYS)})"
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_RULE = re.compile(
    rf"(?P<days>{_DAY}(?:-{_DAY})?(?: ?, ?{_DAY}(?:-{_DAY})?)*) "
    r"(?P<blocks>[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}(?: ?, ?[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2})*)"
)
_DATED = re.compile(
    rf"(?:(?P<year>20[0-9]{{2}}) )?(?P<month>{_MONTH}) (?P<day>[0-9]{{2}})"
    rf"(?:-(?:(?:(?P<year2>20[0-9]{{2}}) )?(?P<month2>{_MONTH}) )?(?P<day2>[0-9]{{2}}))? off"
)


def check(spec: str) -> str:
    """`spec` in one spelling, exceptions last so that they win over the weekdays.

    Raises BadRequest with the reason and an example when it is not in the accepted notation.
    """
    weekdays, exceptions = _parse(spec)
    return "; ".join((*weekdays, *exceptions))


def weekly_hours(spec: str | None) -> float | None:
    """Hours per week of the regular hours, holidays and dated exceptions left out."""
    week = _week(spec)
    return None if week is None else _hours(week)


def open_days(spec: str | None) -> int | None:
    """Days of the week with regular hours."""
    week = _week(spec)
    return None if week is None else len({start.date() for start, _ in week})


def evening_hours(spec: str | None) -> float | None:
    """Regular hours per week from 18:00."""
    week = _week(spec)
    if week is None:
        return None
    evenings = ((max(a, dt.datetime.combine(a.date(), EVENING)), b) for a, b in week)
    return _hours((a, b) for a, b in evenings if a < b)


def weekend_hours(spec: str | None) -> float | None:
    """Regular hours per week on Saturday and Sunday."""
    week = _week(spec)
    return None if week is None else _hours((a, b) for a, b in week if a.weekday() >= 5)


def block_hours(start: str | None, until: str | None) -> float | None:
    """Hours from `start` to `until` (HH:MM); None when one is missing or they are swapped."""
    minutes = [_minutes(clock) for clock in (start, until)]
    if minutes[0] is None or minutes[1] is None or minutes[1] < minutes[0]:
        return None
    return (minutes[1] - minutes[0]) / 60


@lru_cache(maxsize=200_000)
def day_blocks(spec: str | None, day: dt.date) -> tuple[Block, ...]:
    """When a place with these hours is open on a real day, Dutch holidays counted.

    Nothing when closed and when `spec` is empty or not in the accepted notation.
    """
    calendar = _calendar(spec)
    if calendar is None:
        return ()
    return tuple(_block(start, until) for start, until in _open(calendar, day))


def week_blocks(spec: str | None) -> tuple[tuple[Block, ...], ...] | None:
    """The regular blocks of each weekday, Monday first; None on a bad spec."""
    week = _week(spec)
    if week is None:
        return None
    return tuple(
        tuple(_block(start, until) for start, until in week if start.weekday() == weekday)
        for weekday in range(len(DAYS))
    )


def exceptions(spec: str) -> tuple[str, ...]:
    """The rules of `spec` for holidays and dates; BadRequest when it is not as accepted."""
    return _parse(spec)[1]


def dated(since: dt.date, until: dt.date) -> str:
    """The rule that closes the days from `since` to `until`."""
    first, last = (f"{day.year} {_MONTHS[day.month - 1]} {day:%d}" for day in (since, until))
    if since == until:
        return f"{first} off"
    same = 5 if since.year == until.year else 0  # the year need not be said twice
    return f"{first}-{last[same:]} off"


@lru_cache(maxsize=20_000)
def is_holiday(day: dt.date) -> bool:
    """Whether `day` is a public holiday in the Netherlands."""
    return not day_blocks(f"{DAYS[day.weekday()]} 00:00-24:00; PH off", day)


@lru_cache(maxsize=5_000)
def _week(spec: str | None) -> tuple[tuple[dt.datetime, dt.datetime], ...] | None:
    """The open stretches of the reference week, cut at midnight; None on a bad spec."""
    try:
        weekdays, _ = _parse(spec)
    except BadRequest:
        return None
    if not weekdays:
        return ()
    hours = OpeningHours("; ".join(weekdays))
    days = (MONDAY + dt.timedelta(days) for days in range(7))
    return tuple(stretch for day in days for stretch in _open(hours, day))


@lru_cache(maxsize=5_000)
def _calendar(spec: str | None) -> OpeningHours | None:
    try:
        return OpeningHours(check(spec or ""), country=_COUNTRY)
    except BadRequest:
        return None


def _open(hours: OpeningHours, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    midnight = dt.datetime.combine(day, dt.time())
    for start, until, state, _ in hours.intervals(midnight, midnight + dt.timedelta(days=1)):
        if str(state) == "open":
            yield start, until


def _block(start: dt.datetime, until: dt.datetime) -> Block:
    return f"{start:%H:%M}", f"{until:%H:%M}" if until.date() == start.date() else "24:00"


def _hours(stretches: Iterable[tuple[dt.datetime, dt.datetime]]) -> float:
    return sum(((until - start).total_seconds() for start, until in stretches), 0.0) / 3600


@lru_cache(maxsize=5_000)
def _parse(spec: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules for weekdays and the exceptions of `spec`, each in one spelling."""
    if not isinstance(spec, str) or not spec.strip():
        raise _refusal("Opening hours are missing.")
    if len(spec) > LONGEST:
        raise _refusal(f"Opening hours are longer than {LONGEST} characters.")
    weekdays: list[str] = []
    exceptions: list[str] = []
    taken: set[str] = set()
    for rule in (re.sub(r" +", " ", part.strip(" ")) for part in spec.split(";")):
        if found := _RULE.fullmatch(rule):
            days = _days(found["days"])
            if twice := [day for day in days if days.count(day) > 1 or day in taken]:
                raise _refusal(f"{twice[0]} has two rules: the later would replace the earlier.")
            taken.update(days)
            weekdays.append(f"{','.join(days)} {','.join(_blocks(found['blocks']))}")
        elif rule == "PH off" or ((dated := _DATED.fullmatch(rule)) and _exists(dated)):
            exceptions.append(rule)
        else:
            raise _refusal(f"'{rule}' is not a rule for weekdays with times.")
    return tuple(weekdays), tuple(exceptions)


def _days(text: str) -> list[str]:
    """Every weekday that `text` names, ranges written out; a range may pass the weekend."""
    days: list[str] = []
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        start = DAYS.index(first)
        length = (DAYS.index(last or first) - start) % 7 + 1
        days += [DAYS[(start + step) % 7] for step in range(length)]
    return days


def _blocks(text: str) -> list[str]:
    """The time blocks of one rule, in order; each ends later on the same day."""
    blocks = sorted(text.replace(" ", "").split(","))
    before = 0
    for block in blocks:
        start, until = (_minutes(clock) for clock in block.split("-"))
        if start is None or until is None:
            raise _refusal(f"'{block}' has a time that does not exist.")
        if until <= start:
            raise _refusal(f"'{block}' does not end later on the same day.")
        if start < before:
            raise _refusal(f"'{block}' overlaps the block before it.")
        before = until
    return blocks


def _minutes(clock: object) -> int | None:
    """Minutes since midnight of an HH:MM up to 24:00; None when it is no such time."""
    found = re.fullmatch(r"([0-9]{2}):([0-5][0-9])", clock) if isinstance(clock, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else None
    return minutes if minutes is not None and minutes <= 24 * 60 else None


def _exists(dated: re.Match[str]) -> bool:
    """Whether the days of a dated exception are in the calendar, the last not before the first."""
    year, month, day = int(dated["year"] or 2024), dated["month"], int(dated["day"])
    last = int(dated["year2"] or year), dated["month2"] or month, int(dated["day2"] or day)
    if dated["year2"] and not dated["year"]:
        return False
    try:
        start = dt.date(year, _MONTHS.index(month) + 1, day)
        until = dt.date(last[0], _MONTHS.index(last[1]) + 1, last[2])
    except ValueError:
        return False
    return start <= until or (not dated["year2"] and dated["month2"] is not None)


def _refusal(reason: str) -> BadRequest:
    return BadRequest(f"{reason} Write opening hours like: {EXAMPLE}")
