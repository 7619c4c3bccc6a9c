"""A place with many people, as lists of forms have them, and who was there lately."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random

from fieldapp.demo.life import NAMES
from fieldapp.keep import people
from fieldapp.keep.store import Store
from tests.world import MOMENT, send_to

LISTS = {"volunteer_hours": ("OP-01", "volunteer"), "attendance": ("WB-01", "participant")}
"""Of each form with people on it: a place that is asked it, and whom it lists."""

_CREW = 10
_TASKS = ("green", "food")


def enlist(store: Store, place: str, role: str, many: int) -> None:
    """Adds people until `place` has so many, with ordinary names and days of their own."""
    with store.read() as connection:
        today = MOMENT.date().isoformat()
        there = people.members(connection, store.seal, place, today)
    chance = Random(len(there))  # noqa: S311
    taken = {member.name for member in there}
    while len(taken) < many:
        name = chance.choice(NAMES)
        name = next(n for n in (name, *(f"{name} {c}" for c in "BCDEFGH")) if n not in taken)
        taken.add(name)
        since = MOMENT.date() - dt.timedelta(days=chance.randrange(30, 400))
        raw = {"role": role, "known_elsewhere": "no", "call_name": name, "informed": "OK"}
        raw |= {"started": since.isoformat(), "labour_distance": "yes"}
        send_to(store, MOMENT, place, "person_new", raw)


def gather(store: Store, place: str) -> None:
    """Has some participants of `place` take part in two tasks, on each of ten days."""
    with store.read() as connection:
        found = people.members(connection, store.seal, place, MOMENT.date().isoformat())
    codes = [member.code for member in found]
    chance = Random(len(codes))  # noqa: S311
    for back in range(1, 11):
        day = (MOMENT.date() - dt.timedelta(days=back)).isoformat()
        for task in _TASKS:
            who = chance.sample(codes, min(_CREW, len(codes)))
            raw = {"date": day, "daypart": "morning", "task": task, "hours": "3", "who": who}
            send_to(store, MOMENT, place, "attendance", raw, str(uuid.uuid4()))
