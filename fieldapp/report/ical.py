"""The text of a calendar file (RFC 5545): its head, its lines folded, its texts escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fieldapp.settings import Settings

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


def calendar(name: str, product: str, events: Sequence[str], settings: Settings) -> bytes:
    """A calendar of that name with the lines of its events, as the file is sent."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//fieldapp//{product}//NL",
        "CALSCALE:GREGORIAN",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        f"DESCRIPTION:{text(settings.acknowledgement)}",
        f"X-WR-CALDESC:{text(settings.acknowledgement)}",
        f"X-WR-TIMEZONE:{settings.timezone}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        *(events or _NOTHING),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def utc(moment: dt.datetime) -> str:
    """A moment as calendars write it."""
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def text(value: str) -> str:
    """A text as a calendar can hold it: escaped, without what cannot stand there."""
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
