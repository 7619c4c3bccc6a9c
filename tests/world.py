"""The small world: four places with schedules and two pilots, sent in like answers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from fieldapp.ask.answer import check
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin, Receipt
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.web.surroundings import Surroundings

MOMENT = dt.datetime(2026, 11, 20, 10, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))  # a Friday
SINCE = "2025-01-01"

Given = Mapping[str, str | Sequence[str]]

WORLD: Sequence[tuple[str, str, str, str]] = (
    ("OP-01", "Ontmoetingsplek 1", "meeting_place", "bouwlust"),
    ("OP-02", "Ontmoetingsplek 2", "meeting_place", "moerwijk"),
    ("WB-01", "Wijkbedrijf 1", "wijkbedrijf", "moerwijk"),
    ("IE-01", "Instapeconomie 1", "pilot", "vrederust"),
)
PILOTS: Sequence[tuple[str, str, str]] = (
    ("PI-01", "Pilot 1", "IE-01"),
    ("PI-02", "Pilot 2", "WB-01"),
)
WEEK = {
    f"{day}_{end}": time
    for day in ("mo", "tu", "we", "th", "fr")
    for end, time in (("from", "09:00"), ("until", "17:00"))
}
WEDNESDAY_EVENING = {"we_from_2": "19:00", "we_until_2": "21:30"}


def found(store: Store) -> None:
    """Fills an empty instance with the small world."""
    for code, name, kind, wijk in WORLD:
        place = {"code": code, "name": name, "kind": kind, "wijk": wijk, "active_from": SINCE}
        send_to(store, MOMENT, None, "place", place)
        evening = WEDNESDAY_EVENING if code == "OP-01" else {}
        send_to(store, MOMENT, code, "schedule", {"valid_from": SINCE} | WEEK | evening)
    for code, name, run_by in PILOTS:
        wijk = next(place[3] for place in WORLD if place[0] == run_by)
        pilot = {"code": code, "name": name, "wijk": wijk, "run_by": run_by, "active_from": SINCE}
        send_to(store, MOMENT, None, "pilot", pilot)


def send_to(
    store: Store,
    now: dt.datetime,
    place: str | None,
    form_id: str,
    raw: Given,
    instance_id: str | None = None,
) -> Receipt:
    """Sends one answer like a phone of `place` (None: like the office)."""
    form = store.forms[form_id]
    lists = {n: [given] if isinstance(given, str) else given for n, given in raw.items()}
    with store.write("test", now) as write:
        known = completeness.places(write.connection, place) if place else []
        assert bool(known) == bool(place), f"there is no place {place}: use the fixture small"
        here = Surroundings(store, write.connection, next(iter(known), None), now)
        answer = check(form, lists, here.context(form))
        return rows.add(store, write, form, answer, instance_id or str(uuid.uuid4()), Origin(place))
