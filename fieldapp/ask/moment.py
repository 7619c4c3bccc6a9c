"""Dates and times as expressions see them: a day, the time of that day, and its offset from UTC."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass

DAY = 86_400_000  # milliseconds
_EPOCH = dt.date(1970, 1, 1).toordinal()
_FIRST, _LAST = dt.date.min.toordinal() - _EPOCH, dt.date.max.toordinal() - _EPOCH
_CLOCK = (
    r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]+))?)?"
    r"(?:Z|([+-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?)?"
)
_TIME = re.compile(_CLOCK)
_MOMENT = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:T({_CLOCK}))?")
_FORMAT = re.compile("%([YymnbdeHhMS3a%])")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as it was written: local day since 1970, local time, offset, in ms."""

    day: int
    clock: int = 0
    offset: int = 0

    @property
    def days(self) -> float:
        """Days since 1970 in UTC; whole for a date."""
        return (self.day * DAY + self.clock - self.offset) / DAY


def read_moment(text: str) -> Moment | None:
    """The date or dateTime that `text` is in ISO notation, if it is one."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    try:
        day = dt.date.fromisoformat(found[1]).toordinal() - _EPOCH
    except ValueError:
        return None
    clock, offset = _clock_and_offset(found[2] or "00:00")
    return Moment(day, clock, offset)


def moment_of(days: float) -> Moment | None:
    """The point in time `days` after 1970 began, to the millisecond, if a date can hold it."""
    if not _FIRST <= days < _LAST:
        return None
    return Moment(*divmod(math.floor(days * DAY + 0.5), DAY))


def read_clock(text: str) -> float:
    """The local time of a time or dateTime as a part of the day; NaN when there is none."""
    time = text[11:] if read_moment(text) else text
    return _clock_and_offset(time)[0] / DAY if _TIME.fullmatch(time) else math.nan


def _clock_and_offset(text: str) -> tuple[int, int]:
    found = _TIME.fullmatch(text)
    if not found:
        return 0, 0
    hours, minutes, seconds, fraction, sign, away_hours, away_minutes = found.groups()
    clock = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds or 0)) * 1000
    away = (int(away_hours or 0) * 60 + int(away_minutes or 0)) * 60_000
    return clock + int((fraction or "")[:3].ljust(3, "0")), -away if sign == "-" else away


def date_text(moment: Moment) -> str:
    """The local date as YYYY-MM-DD."""
    return dt.date.fromordinal(moment.day + _EPOCH).isoformat()


def format_moment(moment: Moment, form: str) -> str:
    """`moment` in the local time it was written in, laid out as ODK's format-date() does."""
    date = dt.date.fromordinal(moment.day + _EPOCH)
    seconds, milliseconds = divmod(moment.clock, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    parts = {
        "Y": f"{date.year:04}",
        "y": f"{date.year % 100:02}",
        "m": f"{date.month:02}",
        "n": f"{date.month}",
        "b": _MONTHS[date.month - 1],
        "d": f"{date.day:02}",
        "e": f"{date.day}",
        "H": f"{hour:02}",
        "h": f"{hour}",
        "M": f"{minute:02}",
        "S": f"{second:02}",
        "3": f"{milliseconds:03}",
        "a": _WEEKDAYS[date.weekday()],
        "%": "%",
    }
    return _FORMAT.sub(lambda found: parts[found[1]], form)
