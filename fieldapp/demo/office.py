"""What the example's office keeps: milestones, meetings, targets, a path, judgements, reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from random import Random

from fieldapp.ask.answer import Raw
from fieldapp.demo.door import Door
from fieldapp.demo.efforts import INITIATIVES, OWNERS
from fieldapp.demo.stories import RESULTS, Story
from fieldapp.keep import covenant, passed
from fieldapp.keep import row as rows
from fieldapp.keep.store import Store, Write
from fieldapp.settings import Settings

_READS_ON = 8
"""The day of the month on which the office reads what places wrote."""

_SKIPPED = 0.15  # share of what it leaves for later
_NAMED = 8
"""Of 256 records the number in which the office sees a person, which it never passes."""

_AGREED = "overleg van gemeente en Rijk, 12 december 2024"
_ADDENDUM = "addendum 1, artikel 12"
_CHANGED = ("4/2.3.3.a", "120", dt.date(2026, 1, 1))
"""The target that an addendum changes: its result, the number it gets, and from when."""

_PATHS: Mapping[str, Mapping[str, str]] = {
    "4/1.1.1.a": {"2024-12-31": "1", "2025-12-31": "5", "2026-12-31": "9", "2027-12-31": "14"},
    "4/1.1.1.b": {"2024-12-31": "0,2", "2025-12-31": "0,5", "2026-12-31": "0,8", "2027-12-31": "1"},
    "4/1.1.1.f": {"2024-12-31": "4", "2025-12-31": "10", "2026-12-31": "14"},
    "4/1.1.1.g": {"2024-12-31": "20", "2025-12-31": "60", "2026-12-31": "85", "2027-12-31": "100"},
    "4/1.1.2.a": {"2024-12-31": "40", "2025-12-31": "70", "2026-12-31": "90", "2027-12-31": "100"},
    "4/1.3.1": {"2024-12-31": "0", "2025-12-31": "1", "2027-12-31": "3"},
    "4/2.1.2.a": {"2024-12-31": "0", "2025-12-31": "2", "2027-12-31": "4"},
    "4/2.2.1.b": {"2024-12-31": "1", "2025-12-31": "4", "2026-12-31": "8", "2027-12-31": "11"},
    "4/2.3.3.a": {"2024-12-31": "60", "2025-12-31": "100", "2026-12-31": "120"},
    "4/2.5.b": {"2024-12-31": "60", "2025-12-31": "150", "2026-12-31": "220", "2027-12-31": "260"},
}
_BASELINES = {
    "4/1.1.1.g": "6", "4/2.5.b": "45", "4/1.1.2.a": "60", "4/2.2.1.b": "0", "4/2.3.3.a": "35",
}  # fmt: skip

_ADOPTED = {("4/1.1.3.a", 1): "2024-03-28"}
"""What was reached before the example begins, and on which day."""

_SOURCES = ("gesprek met de projectleider", "verslag van het overleg", "brief aan de raad")

_STORIES: Mapping[str, Story] = {**RESULTS, **INITIATIVES}

# Months since the first day, result, judgement and why.
_JUDGEMENTS = (
    (5, "4/1.1.1.g", "attention", "De vergoeding is er, het aanbod van coaching komt langzaam."),
    (5, "4/1.1.1.a", "on_track", "De plekken die het makkelijkst konden, zijn begonnen."),
    (17, "4/1.1.1.a", "on_track", "Zes plekken zijn langer open, drie volgen in de zomer."),
    (17, "4/1.1.1.b", "attention", "Zonder vervanging lukt de opleiding niet overal."),
    (17, "4/1.1.1.f", "on_track", "De plekken praten uit zichzelf met bewoners."),
    (17, "4/1.1.1.g", "on_track", "Coaching hoort nu bij het eerste gesprek."),
    (17, "4/1.1.2.a", "on_track", "De wijkbedrijven groeien elke maand."),
    (17, "4/1.1.2.b", "attention", "Een besluit in het najaar is laat voor wie plannen maakt."),
    (17, "4/2.1.1.c", "attention", "Het netwerk leunt nog op één medewerker."),
    (17, "4/2.2.1.b", "attention", "Een opleiding beginnen kost meer tijd dan gedacht."),
    (17, "4/2.3.3.a", "ahead", "Het loket bereikt meer jongeren dan was afgesproken."),
    (17, "4/2.5.b", "on_track", "De pilots vullen elkaar aan."),
    (17, "2", "ahead", "Bijna elke plek schrijft op wat werkt en wat niet."),
    (22, "4/1.1.1.g", "ahead", "Meer vrijwilligers begonnen met coaching dan verwacht."),
    (22, "4/2.2.1.b", "on_track", "Na de zomer kwamen er twee opleidingen bij."),
)
_SECRET = (16, "4/2.1.2.b", "Een verhuurder vroeg om geheimhouding tot alles getekend is.")
_ABOUT = (
    "Vrijwilligers vinden en houden.", "Samen langer open in de zomer.",
    "Een spreekuur met de corporatie.", "Coaching aanbieden, hoe doet u dat?",
    "Elkaar vervangen bij ziekte.", "Wat bewoners willen in de avond.",
)  # fmt: skip


def found(store: Store, settings: Settings, door: Door, write: Write) -> None:
    """On the first day: what was agreed, the paths to it, and where it began."""
    covenant.enter(store, write, covenant.read(settings.exports, store.forms, write.now))
    for result, points in _PATHS.items():
        for date, value in points.items():
            raw = {"result_id": [result], "date": [date], "value": [value], "source": [_AGREED]}
            door.send(write, None, "path", raw)
    for result, value in _BASELINES.items():
        raw = {"result_id": [result], "value": [value], "as_of": ["2024-04-15"]}
        door.send(write, None, "baseline", {**raw, "source": ["nulmeting, voorjaar 2024"]})


def work(store: Store, door: Door, write: Write, first: dt.date, day: dt.date) -> None:
    """What the office does on a day."""
    for form_id, raw in _told_on(first, day):
        door.send(write, None, form_id, raw)
    if day == max(first, _CHANGED[2]):
        _change(store, door, write)
    if day.month % 3 == 1 and day == _second_thursday(day):
        door.send(write, None, "network_meeting", _meeting(day))
    if day.day == _READS_ON:
        for row in passed.waiting(store, write.connection, 500):
            if door.chance.random() >= _SKIPPED and int(row.id[:2], 16) >= _NAMED:
                door.read(write, row)


def _told_on(first: dt.date, day: dt.date) -> Iterator[tuple[str, Raw]]:
    """The milestones and judgements of a day."""
    for result, story in _STORIES.items():
        for months, status, value, explanation, outlook in story:
            if later(first, months) == day:
                told = {
                    "result_id": result, "as_of": _ADOPTED.get((result, months), day.isoformat()),
                    "status": status, "value": value, "explanation": explanation,
                    "outlook": outlook, "source": _SOURCES[months % len(_SOURCES)],
                    "owner": OWNERS.get(result, ""),
                }  # fmt: skip
                yield "milestone", {name: [text] for name, text in told.items() if text}
    for months, result, judgement, words in _JUDGEMENTS:
        if later(first, months) == day:
            raw = {"result_id": [result], "as_of": [day.isoformat()]}
            yield "judgement", {**raw, "judgement": [judgement], "words": [words]}
    months, result, reason = _SECRET
    if later(first, months) == day:
        raw = {"result_id": [result], "as_of": [day.isoformat()], "confidential": ["OK"]}
        yield "judgement", {**raw, "confidential_reason": [reason]}


def _change(store: Store, door: Door, write: Write) -> None:
    """The addendum: the old number holds until the day before, the new one from then on."""
    result, after, since = _CHANGED
    last = (since - dt.timedelta(days=1)).isoformat()
    form = store.forms["target"]
    before = rows.listing(store, write.connection, form, None, "result_id", result, result)
    for row in before:
        door.correct(write, row, {"valid_until": [last]})
    raw = {"result_id": [result], "value": [after], "valid_from": [since.isoformat()]}
    door.send(write, None, "target", {**raw, "source": [_ADDENDUM]})


def _meeting(day: dt.date) -> Raw:
    """A meeting of coordinators: most meeting places are there."""
    chance = Random(day.toordinal())
    there = [f"OP-{number:02}" for number in range(1, 15) if chance.random() < 0.75]
    return {"date": [day.isoformat()], "places": there, "about": [chance.choice(_ABOUT)]}


def _second_thursday(day: dt.date) -> dt.date:
    first = day.replace(day=1)
    return first + dt.timedelta(days=(3 - first.weekday()) % 7 + 7)


def later(first: dt.date, months: int) -> dt.date:
    """The 20th of the month that lies `months` after the first."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return dt.date(year, month + 1, 20)
