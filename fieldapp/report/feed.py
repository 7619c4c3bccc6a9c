"""The calendar (RFC 5545) of a place's opening hours, for any agenda that subscribes to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from fieldapp.report import ical
from fieldapp.report.completeness import Day, Place
from fieldapp.report.opening import Block
from fieldapp.settings import Settings

WEEKS = 26
"""How far ahead the calendar goes."""


def calendar(place: Place, days: Iterable[Day], settings: Settings, made_at: dt.datetime) -> bytes:
    """Every block of `days` on which the place is to be open as an event, as the file is sent."""
    events = [
        line
        for day in days
        if day.is_open
        for nth, block in enumerate(day.blocks, 1)
        for line in _event(place, day, nth, block, settings, made_at)
    ]
    return ical.calendar(f"Openingstijden {place.name}", "opening hours", events, settings)


def _event(
    place: Place, day: Day, nth: int, block: Block, settings: Settings, made_at: dt.datetime
) -> Iterator[str]:
    zone = ZoneInfo(settings.timezone)
    start, until = (_moment(day.date, clock, zone) for clock in block)
    if start >= until:
        return  # an hour that the clock skips that night
    yield "BEGIN:VEVENT"
    yield f"UID:{place.code}-{day.date}-{nth}@{settings.host}"
    yield f"DTSTAMP:{ical.utc(made_at)}"
    yield f"DTSTART:{ical.utc(start)}"
    yield f"DTEND:{ical.utc(until)}"
    yield f"SUMMARY:{ical.text(f'Open: {place.name}')}"
    yield "TRANSP:TRANSPARENT"  # who subscribes is not busy then
    yield "END:VEVENT"


def _moment(date: str, clock: str, zone: ZoneInfo) -> dt.datetime:
    """The moment of `clock` (to 24:00) on a day, in UTC so that a changed clock cannot matter."""
    day = dt.date.fromisoformat(date) + dt.timedelta(days=clock == "24:00")
    time = dt.time(int(clock[:2]) % 24, int(clock[3:]))
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)
