"""Places and the days of a month: what came in of what was expected, and who has been silent."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.ask.question import Form
from fieldapp.keep.store import table_of
from fieldapp.report.completeness import Calendar, Day, Expected, Place, due
from fieldapp.report.period import LENGTHS, Period, bounds, stretches
from fieldapp.report.received import Received
from fieldapp.settings import Settings

RECEIVED, PARTLY, MISSING = "received", "partly", "missing"
CLOSED, FREE, LATER, EXTRA = "closed", "free", "later", "extra"
STATES = (RECEIVED, PARTLY, MISSING, CLOSED, FREE, EXTRA, LATER)
"""How a day can stand; extra is logged though nothing was expected, later is not over yet."""

QUIET = 7
"""Days without a word after which a place, or a phone, is called silent."""

_SHUT = {"closure", "holiday"}
_BACK = 60  # days looked back at for one on which a silent place was open


@dataclass(frozen=True, slots=True)
class Square:
    """How one day of a place stands, or what is asked of its month as a whole."""

    date: str
    state: str
    received: int = 0
    wanted: int = 0
    doubles: int = 0
    """Records that wait until somebody chooses."""
    corrected: int = 0
    """Records that count and that the office changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One place: its days, its month as a whole, and when it was last heard of."""

    place: Place
    squares: Sequence[Square]
    month: Square
    received: Mapping[str, int]
    wanted: Mapping[str, int]
    """What came in and what was to, by form, up to and including yesterday."""
    told: str
    """The last day of which it logged something; empty when there is none."""
    silent: int
    """For how many days it logged nothing though it was open; 0 when it is not silent."""
    contact: str
    """When one of its phones was last here; empty without a phone."""
    out_of_reach: bool
    """Whether it has phones, and none was here in the last days."""

    @property
    def missing(self) -> int:
        """How many records are still to come in."""
        return sum(self.wanted.values()) - sum(self.received.values())

    @property
    def doubles(self) -> int:
        """How many records of this month wait until somebody chooses."""
        return self.month.doubles + sum(square.doubles for square in self.squares)


@dataclass(frozen=True, slots=True)
class _Marks:
    """How many records there are by place and day, and by place of the month as a whole."""

    days: Counter[tuple[str, str]] = field(default_factory=Counter)
    month: Counter[str] = field(default_factory=Counter)


def overview(
    connection: sqlite3.Connection,
    forms: Mapping[str, Form],
    settings: Settings,
    wanted: Sequence[Place],
    over: Period,
    now: dt.datetime,
) -> Sequence[Line]:
    """A line for each of the places; as many queries for a thousand of them as for one."""
    today = now.date()
    asked = {form_id: form for form_id, form in forms.items() if form.expected}
    received = Received(connection, asked, [place.code for place in wanted], over.start, over.end)
    calendar = Calendar(connection, wanted)
    doubles, corrected = _doubles(connection, asked, over), _corrected(connection, asked, over)
    told, contacts = _told(connection, asked, today), last_contacts(connection)
    recently = (now.astimezone(dt.UTC) - dt.timedelta(days=QUIET)).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = []
    for place in wanted:
        code = place.code
        until = min(over.end, today)
        listed = list(due(calendar, received, asked, settings, place, over.start, until))
        by_day: dict[str, list[Expected]] = {}
        whole = []
        for each in listed:
            if asked[each.form_id].expected in LENGTHS:
                whole.append(each)
            else:
                by_day.setdefault(each.date, []).append(each)
        squares = [
            _square(day, by_day.get(day.date, ()), received, today.isoformat(), doubles, corrected)
            for day in calendar.days(place, over.start, over.end)
        ]
        counted = [each for each in listed if each.due < today.isoformat()]
        last, contact = told.get(code, ""), contacts.get(code, "")
        here = place.active(today.isoformat())
        lines.append(
            Line(
                place,
                squares,
                _month(whole, over, today, doubles.month[code], corrected.month[code]),
                Counter(each.form_id for each in counted if each.received),
                Counter(each.form_id for each in counted),
                last,
                _silent(calendar, place, last, today) if here else 0,
                contact,
                here and bool(contact) and contact < recently,
            )
        )
    return lines


def last_contacts(connection: sqlite3.Connection) -> Mapping[str, str]:
    """When a phone of each place was last here."""
    found = connection.execute(
        "SELECT pp.place, max(p.seen_at) FROM phone p JOIN phone_place pp ON pp.phone = p.id "
        "WHERE p.revoked_at IS NULL AND pp.revoked_at IS NULL GROUP BY pp.place"
    )
    return {row[0]: row[1] for row in found}


def phones(connection: sqlite3.Connection, place: str) -> Sequence[tuple[int, str]]:
    """The phones of a place by their numbers, with when each was last here; not who holds them."""
    found = connection.execute(
        "SELECT p.id, p.seen_at FROM phone p JOIN phone_place pp ON pp.phone = p.id "
        "WHERE pp.place = ? AND p.revoked_at IS NULL AND pp.revoked_at IS NULL "
        "ORDER BY p.seen_at DESC, p.id",
        (place,),
    )
    return [(row[0], row[1]) for row in found]


def _square(
    day: Day,
    expected: Sequence[Expected],
    received: Received,
    today: str,
    doubles: _Marks,
    corrected: _Marks,
) -> Square:
    key = (day.place, day.date)
    there = sum(each.received for each in expected)
    return Square(
        day.date,
        _state(day, there, len(expected), received, today),
        there,
        len(expected),
        doubles.days.get(key, 0),
        corrected.days.get(key, 0),
    )


def _state(day: Day, there: int, wanted: int, received: Received, today: str) -> str:
    if not wanted and day.date <= today and received.anything(day.place, day.date):
        return EXTRA
    if day.reason in _SHUT or received.closed(day.place, day.date):
        return CLOSED
    if day.date > today:
        return LATER if day.is_open else FREE
    if not wanted:
        return FREE
    if there == wanted:
        return RECEIVED
    if day.date == today:
        return LATER
    return PARTLY if there else MISSING


def _month(
    expected: Sequence[Expected], over: Period, today: dt.date, doubles: int, corrected: int
) -> Square:
    """How what is asked of the month, quarter or year stands; nothing counts before its end."""
    there, wanted = sum(each.received for each in expected), len(expected)
    if over.end >= today:
        state = LATER
    elif not wanted:
        state = FREE
    else:
        state = RECEIVED if there == wanted else PARTLY if there else MISSING
    return Square(over.start.isoformat(), state, there, wanted, doubles, corrected)


def _silent(calendar: Calendar, place: Place, told: str, today: dt.date) -> int:
    """Days since `told`, when that is long ago and the place was to be open since."""
    last = dt.date.fromisoformat(told or place.active_from)
    away = (today - last).days
    if away < QUIET:
        return 0
    since = max(last + dt.timedelta(days=1), today - dt.timedelta(days=_BACK))
    yesterday = today - dt.timedelta(days=1)
    return away if any(day.is_open for day in calendar.days(place, since, yesterday)) else 0


def _told(
    connection: sqlite3.Connection, forms: Mapping[str, Form], today: dt.date
) -> Mapping[str, str]:
    """The last day of which each place logged something that counts."""
    found: dict[str, str] = {}
    for form in forms.values():
        if form.expected in LENGTHS:
            continue
        day = form.key[0]
        rows = connection.execute(
            f"SELECT p.name, (SELECT t.[{day}] FROM [{table_of(form.form_id)}] t "  # noqa: S608
            f"WHERE t._place = p.name AND t.[{day}] <= ? AND t._state = 'current' "
            f"ORDER BY t.[{day}] DESC LIMIT 1) FROM list_places p",
            (today.isoformat(),),
        )
        for place, date in rows:
            found[place] = max(found.get(place, ""), date or "")
    return found


def _doubles(connection: sqlite3.Connection, forms: Mapping[str, Form], over: Period) -> _Marks:
    marks = _Marks()
    for form in forms.values():
        day, (since, until) = form.key[0], _range(form, over)
        rows = connection.execute(
            f"SELECT _place, [{day}], count(*) FROM [{table_of(form.form_id)}] "  # noqa: S608
            f"WHERE _state = 'double' AND [{day}] BETWEEN ? AND ? GROUP BY 1, 2",
            (since, until),
        )
        _mark(marks, form, over, rows)
    return marks


def _corrected(connection: sqlite3.Connection, forms: Mapping[str, Form], over: Period) -> _Marks:
    marks = _Marks()
    for form in forms.values():
        day, (since, until) = form.key[0], _range(form, over)
        rows = connection.execute(
            f"SELECT t._place, t.[{day}], count(DISTINCT t._id) FROM correction c "  # noqa: S608
            f"JOIN [{table_of(form.form_id)}] t ON t._id = c.row "
            f"WHERE c.form = ? AND t._state = 'current' AND t.[{day}] BETWEEN ? AND ? "
            "GROUP BY 1, 2",
            (form.form_id, since, until),
        )
        _mark(marks, form, over, rows)
    return marks


def _range(form: Form, over: Period) -> tuple[str, str]:
    """The days that records of a form can carry when they belong to the month."""
    first = bounds(form.expected, over.start)[0] if form.expected in LENGTHS else over.start
    return first.isoformat(), over.end.isoformat()


def _mark(marks: _Marks, form: Form, over: Period, rows: Iterable[tuple[str, str, int]]) -> None:
    if form.expected not in LENGTHS:
        marks.days.update({(place, date): number for place, date, number in rows})
        return
    starts = {start.isoformat() for start, _ in stretches(form.expected, over.start, over.end)}
    for place, date, number in rows:
        if date in starts:
            marks.month[place] += number
