"""What a person did, added up: per place and role the hours, the days, the tasks and the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.keep.person import Person, Seen
from fieldapp.keep.row import CURRENT


@dataclass(frozen=True, slots=True)
class Service:
    """What a person did at one place in one role, as far as it counts."""

    place: str
    role: str
    hours: float
    days: int
    tasks: Sequence[str]
    """By hours, the most first."""
    since: str
    until: str


def service(person: Person) -> Sequence[Service]:
    """What a person did per place and role, by the first day."""
    together: dict[tuple[str, str], list[Seen]] = {}
    for each in person.seen:
        if each.row.state == CURRENT:
            together.setdefault((each.row.place or "", each.role), []).append(each)
    found = [_added(place, role, seen) for (place, role), seen in together.items()]
    return sorted(found, key=lambda each: (each.since, each.place, each.role))


def _added(place: str, role: str, seen: Sequence[Seen]) -> Service:
    days = sorted({each.date for each in seen})
    hours: dict[str, float] = {}
    for each in seen:
        hours[each.task] = hours.get(each.task, 0) + (each.hours or 0)
    tasks = sorted(filter(None, hours), key=lambda task: (-hours[task], task))
    return Service(place, role, sum(hours.values()), len(days), tasks, days[0], days[-1])
