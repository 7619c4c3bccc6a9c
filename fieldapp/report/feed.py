"""The calendar (RFC 5545) of a place's opening hours, for any agenda that subscribes to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from fieldapp.report.completeness import Day, Place
from fieldapp.report.opening import Block
from fieldapp.settings import Settings

WEEKS = 26
"""How far ahead the calendar goes."""

_WIDTH = 75  # octets of a line, its end not counted
_ESCAPED = dict.fromkeys([*range(32), 127]) | str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
)
# A calendar must hold something, also of a place that is closed all the time.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def calendar(place: Place, days: Iterable[Day], settings: Settings, made_at: dt.datetime) -> bytes:
    """Every block of `days` on which the place is to be open as an event, as the file is sent."""
    events = [
        line
        for day in days
        if day.is_open
        for nth, block in enumerate(day.blocks, 1)
        for line in _event(place, day, nth, block, settings, made_at)
    ]
    name = _text(f"Openingstijden {place.name}")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//fieldapp//opening hours//NL",
        "CALSCALE:GREGORIAN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        f"DESCRIPTION:{_text(settings.acknowledgement)}",
        f"X-WR-CALDESC:{_text(settings.acknowledgement)}",
        f"X-WR-TIMEZONE:{settings.timezone}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        *(events or _NOTHING),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(
    place: Place, day: Day, nth: int, block: Block, settings: Settings, made_at: dt.datetime
) -> Iterator[str]:
    zone = ZoneInfo(settings.timezone)
    start, until = (_moment(day.date, clock, zone) for clock in block)
    if start >= until:
        return  # an hour that the clock skips that night
    yield "BEGIN:VEVENT"
    yield f"UID:{place.code}-{day.date}-{nth}@{settings.host}"
    yield f"DTSTAMP:{_utc(made_at)}"
    yield f"DTSTART:{_utc(start)}"
    yield f"DTEND:{_utc(until)}"
    yield f"SUMMARY:{_text(f'Open: {place.name}')}"
    yield "TRANSP:TRANSPARENT"  # who subscribes is not busy then
    yield "END:VEVENT"


def _moment(date: str, clock: str, zone: ZoneInfo) -> dt.datetime:
    """The moment of `clock` (to 24:00) on a day, in UTC so that a changed clock cannot matter."""
    day = dt.date.fromisoformat(date) + dt.timedelta(days=clock == "24:00")
    time = dt.time(int(clock[:2]) % 24, int(clock[3:]))
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    return value.translate(_ESCAPED)


def _folded(line: str) -> str:
    """`line` in pieces of 75 octets, no character cut in two; each but the first after a space."""
    pieces, size = [""], 0
    for char in line:
        width = len(char.encode())
        if size + width > _WIDTH:
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += width
    return "\r\n".join(pieces)
