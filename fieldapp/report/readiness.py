"""What is not in order yet in a month that is to be closed: counted, and told per place."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.ask.day import month_of
from fieldapp.keep import double, passed, tick
from fieldapp.keep import request as requests
from fieldapp.keep.store import Store
from fieldapp.report import completeness, flags
from fieldapp.report.completeness import Place
from fieldapp.report.period import Period
from fieldapp.settings import Settings

_MOST_UNREAD = 1_000


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a month is from being closed with everything in order."""

    expected: int
    received: int
    places: Sequence[tuple[Place, int]]
    """Places that miss something, with how many records; most first."""
    doubles: int
    unread: int
    """Records with words that nobody has read as they stand."""
    flags: int
    """What stands out and was not ticked off."""
    requests: int

    @property
    def missing(self) -> int:
        """How many records are still to come in."""
        return self.expected - self.received

    @property
    def in_order(self) -> bool:
        """Whether nothing is missing and nothing waits."""
        return not any(self.open)

    @property
    def open(self) -> tuple[int, ...]:
        """Everything that is not in order, counted."""
        return self.missing, self.doubles, self.unread, self.flags, self.requests

    @property
    def seen(self) -> str:
        """What a page that shows this has seen: "12.1.0.0.2"."""
        return ".".join(map(str, self.open))


def readiness(
    store: Store, connection: sqlite3.Connection, settings: Settings, over: Period, today: dt.date
) -> Readiness:
    """What is missing of a month up to and including yesterday, and what waits for somebody."""
    forms, month = store.forms, f"{over.start:%Y-%m}"
    until = min(over.end, today - dt.timedelta(days=1))
    wanted = [
        place
        for place in completeness.places(connection)
        if place.active(over.start.isoformat()) or place.active(over.end.isoformat())
    ]
    due = list(completeness.expected(connection, forms, settings, wanted, over.start, until))
    lacks = Counter(each.place for each in due if not each.received)
    by_code = {place.code: place for place in wanted}
    waits = double.undecided(store, connection, [f for f in forms.values() if f.key], None)
    unread = passed.waiting(store, connection, _MOST_UNREAD)
    found = flags.flags(connection, forms, settings, wanted, over.start, over.end)
    ticked = tick.ticked(connection)
    return Readiness(
        len(due),
        sum(each.received for each in due),
        [(by_code[code], number) for code, number in lacks.most_common()],
        sum(month_of(each.other.form, each.other.values) == month for each in waits),
        sum(month_of(row.form, row.values) == month for row in unread),
        sum(not ticked.issuperset(flag.marks) for flag in found),
        sum(each.about == month for each in requests.pending(store, connection)),
    )
