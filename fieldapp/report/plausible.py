"""Hours that are hard to believe: more of one person than the place was open. Told, never refused.

Hours of attendance are held against the daypart, over all its crews; those of volunteers against
the day. The day's opening record says how long that was, else the schedule; of what was not open
at all it is the whole daypart, from six in the morning.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fieldapp.keep.people import ROOT
from fieldapp.keep.presence import FORMS, LISTS
from fieldapp.report import completeness, opening
from fieldapp.report.completeness import DAYPARTS, Place
from fieldapp.report.opening import Block
from fieldapp.settings import Settings

_EARLIEST = "06:00"
_ROUNDING = 0.001

_HOURS = "\n UNION ALL ".join(
    f"""
    SELECT '{form}' AS form_id, r._id AS row, r._place AS place, r.date AS date,
           {"r.daypart" if form == "attendance" else "NULL"} AS daypart,
           {ROOT.format("q")} AS person, r.{hours} AS hours
      FROM form_{form} r, json_each(r.{who}) j CROSS JOIN people q ON q.code = j.value
     WHERE r._state = 'current' AND r.date BETWEEN :first AND :last
       AND r._place IN (SELECT value FROM json_each(:places))"""  # noqa: S608
    for form, _ in FORMS
    for who, hours in LISTS
)

_SUMS = f"""
SELECT form_id, place, date, daypart, person, sum(hours) AS hours,
       json_group_array(DISTINCT row) AS made_of
  FROM ({_HOURS})
 GROUP BY form_id, place, date, daypart, person
 ORDER BY date, place, form_id, person
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Surplus:
    """One person's hours in one daypart, or as a volunteer on one day: more than there were."""

    form_id: str
    place: str
    date: str
    daypart: str | None
    person: int
    hours: float
    room: float
    """How many hours there were."""
    rows: tuple[str, ...]
    """The records that the hours come from."""


def surpluses(
    connection: sqlite3.Connection,
    settings: Settings,
    wanted: Sequence[Place],
    first: dt.date,
    last: dt.date,
) -> Sequence[Surplus]:
    """Everybody with more hours than `wanted` were open, from `first` to `last`, by day."""
    found = connection.execute(
        _SUMS,
        {
            "places": json.dumps([place.code for place in wanted]),
            "first": first.isoformat(),
            "last": last.isoformat(),
        },
    ).fetchall()
    rooms = _Rooms(connection, settings, wanted)
    made = (
        Surplus(
            row["form_id"],
            row["place"],
            row["date"],
            row["daypart"],
            row["person"],
            row["hours"],
            rooms.of(row["place"], row["date"], row["daypart"]),
            tuple(json.loads(row["made_of"])),
        )
        for row in found
    )
    return [each for each in made if each.hours > each.room + _ROUNDING]


def worst(found: Iterable[Surplus], row: str) -> Surplus | None:
    """The most hours of one person that the record `row` has a part in."""
    return max((each for each in found if row in each.rows), key=_excess, default=None)


def _excess(surplus: Surplus) -> float:
    return surplus.hours - surplus.room


class _Rooms:
    """How many hours there were, looked up once per place and day."""

    def __init__(
        self, connection: sqlite3.Connection, settings: Settings, wanted: Sequence[Place]
    ) -> None:
        self._connection, self._places = connection, {place.code: place for place in wanted}
        self._blocks: dict[tuple[str, str], Sequence[Block]] = {}
        borders = ("00:00", settings.afternoon_from, settings.evening_from, "24:00")
        self._parts: Mapping[str | None, Block] = {
            **dict(zip(DAYPARTS, pairwise(borders), strict=True)),
            None: (borders[0], borders[-1]),
        }

    def of(self, place: str, date: str, daypart: str | None) -> float:
        if (place, date) not in self._blocks:
            self._blocks[place, date] = self._open(place, date)
        part = self._parts[daypart]
        clipped = sum(_overlap(block, part) for block in self._blocks[place, date])
        return clipped or _overlap((_EARLIEST, "24:00"), part)

    def _open(self, place: str, date: str) -> Sequence[Block]:
        said = self._connection.execute(
            "SELECT open, open_from, open_until, open_from_2, open_until_2 FROM form_opening "
            "WHERE _place = ? AND date = ? AND _state = 'current'",
            (place, date),
        ).fetchone()
        if said is not None:
            blocks = [(said["open_from"], said["open_until"])]
            blocks += [(said["open_from_2"], said["open_until_2"])]
            return [(start, until) for start, until in blocks if start and until]
        day = dt.date.fromisoformat(date)
        (planned,) = completeness.days(self._connection, [self._places[place]], day, day)
        return planned.blocks if planned.is_open else ()


def _overlap(block: Block, part: Block) -> float:
    """The hours of `block` that lie in `part`."""
    return opening.block_hours(max(block[0], part[0]), min(block[1], part[1])) or 0.0
