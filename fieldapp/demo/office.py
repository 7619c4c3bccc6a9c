"""What the example's office keeps: milestones, meetings, targets, a path, judgements, reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from fieldapp.ask.answer import Raw
from fieldapp.demo.door import Door
from fieldapp.keep import covenant, passed
from fieldapp.keep import row as rows
from fieldapp.keep.store import Store, Write
from fieldapp.settings import Settings

_READS_ON = 8
"""The day of the month on which the office reads what places wrote."""

_SKIPPED = 0.15  # share of what it leaves for later

_AGREED = "overleg van gemeente en Rijk, 12 december 2024"
_ADDENDUM = "addendum 1, artikel 12"
_CHANGED = ("4/2.3.3.a", "120", dt.date(2026, 1, 1))
"""The target that an addendum changes: its result, the number it gets, and from when."""

_PATHS: Mapping[str, Mapping[str, str]] = {
    "4/1.1.1.g": {"2024-12-31": "20", "2025-12-31": "60", "2026-12-31": "85", "2027-12-31": "100"},
    "4/1.1.2.a": {"2024-12-31": "40", "2025-12-31": "70", "2026-12-31": "90", "2027-12-31": "100"},
}
_BASELINES = {"4/1.1.1.g": "6", "4/2.5.b": "45"}

# Months since the first day, status, number and what is told of it.
_STORIES: Mapping[str, Sequence[tuple[int, str, str, str, str]]] = {
    "4/1.1.1.d": (
        (2, "busy", "", "De coördinatoren kwamen twee keer bij elkaar.", "Elk kwartaal afspreken."),
        (
            14,
            "reached",
            "",
            "Het netwerk komt elk kwartaal bij elkaar.",
            "Ook na de deal doorgaan.",
        ),
    ),
    "4/1.1.2.b": (
        (6, "busy", "", "Er ligt een eerste opzet voor de regeling.", "Bespreken in de raad."),
        (19, "attention", "", "De raad wil eerst weten wat het kost.", "Een berekening in maart."),
    ),
    "4/1.1.3.a": (
        (1, "reached", "", "De agenda werd eind maart 2024 vastgesteld.", "Elk jaar bespreken."),
    ),
    "4/1.1.3.b": (
        (12, "busy", "", "Per ontmoetingsplek staat er een dossier.", "Voorstel in het voorjaar."),
    ),
    "4/1.2.1.a": (
        (3, "busy", "", "De Werkplaats is begonnen met tien bewoners.", "In elke wijk een groep."),
        (15, "reached", "", "De Werkplaats werkt in alle vier de wijken.", "Bewoners leiden zelf."),
    ),
    "4/1.3.1": (
        (5, "busy", "1", "Eén plint is opgeknapt.", "De tweede is begonnen."),
        (18, "reached", "2", "Twee plinten zijn opgeknapt.", "Een derde volgt in 2027."),
    ),
    "4/1.3.2": ((7, "busy", "", "Drie partijen controleren samen.", "De aanpak opschrijven."),),
    "4/2.1.1.a": ((4, "busy", "", "Het ambachtscentrum is open.", "De hub begint in het najaar."),),
    "4/2.1.1.c": ((13, "attention", "", "Weinig ondernemers komen terug.", "Eén vaste avond."),),
    "4/2.1.2.a": (
        (9, "busy", "1", "Het eerste bedrijf met personeel is er.", "Twee in gesprek."),
        (
            20,
            "busy",
            "3",
            "Er zijn drie bedrijven, in drie plinten.",
            "De vierde tekent in januari.",
        ),
    ),
    "4/2.1.2.b": ((10, "busy", "2", "Op twee plekken is ingroeihuur mogelijk.", "Nog twee."),),
    "4/2.1.2.d": (
        (16, "reached", "", "Het format is klaar en gedeeld.", "Gebruiken op plek drie."),
    ),
    "4/2.1.3.a": ((8, "reached", "", "De ondernemersschool had een klas.", "Elk jaar een klas."),),
    "4/2.1.3.d": (
        (13, "reached", "3", "Drie bijeenkomsten, 214 ondernemers bereikt.", "Weer drie."),
        (20, "busy", "2", "Twee bijeenkomsten, 158 ondernemers bereikt.", "De derde in december."),
    ),
    "4/2.2.1.a": ((6, "busy", "", "De campus heeft vijf vaste partners.", "Zorg erbij."),),
    "4/2.2.1.b": (
        (5, "busy", "1", "Schilderen is begonnen.", "Dagelijks onderhoud volgt."),
        (17, "busy", "3", "Drie loopbaanpaden lopen.", "Nog twee in 2027."),
    ),
    "4/2.3.1.a": (
        (11, "reached", "2", "Twee klassen in dit schooljaar.", "Weer twee."),
        (23, "busy", "1", "Eén klas is begonnen.", "De tweede begint in februari."),
    ),
    "4/2.3.1.b": ((12, "attention", "", "Het aantal daalt nog niet.", "Eerder bellen."),),
    "4/2.3.2.b": ((12, "reached", "2", "Twee open dagen in De Meppel.", "Weer twee."),),
    "4/2.3.3.a": (
        (13, "reached", "118", "118 jongeren in het eerste jaar.", "Ook op de mbo-scholen."),
        (21, "busy", "87", "87 jongeren dit jaar tot nu toe.", "Een actie voor de vakantie."),
    ),
    "4/2.4.1.a": ((9, "busy", "", "Corporaties melden achterstanden eerder.", "Ook energie."),),
    "4/2.4.1.c": ((14, "busy", "", "Vier stages door het opknappen van portieken.", "Nog zes."),),
    "4/2.5.3.a": ((19, "busy", "", "De regeling gaat samen met die van artikel 4, 1.1.2.", ""),),
    "3/1.1.1": ((11, "busy", "", "Zes plekken zijn langer open dan bij het begin.", "Nog vier."),),
    "3/1.1.2": ((11, "busy", "", "De vier wijkbedrijven werken samen aan opdrachten.", ""),),
    "3/2.5.1": ((11, "busy", "", "In elke wijk loopt een pilot.", "Meer deelnemers werven."),),
}
_ADOPTED = {"4/1.1.3.a": "2024-03-28"}
"""What was reached before the example begins, and on which day."""

_JUDGEMENTS = (
    (6, "4/1.1.1.g", "attention", "De vergoeding is er, het aanbod van coaching komt langzaam."),
    (18, "4/1.1.1.g", "on_track", "Coaching hoort nu bij het eerste gesprek."),
    (18, "4/1.1.1.a", "on_track", "De meeste plekken zijn langer open."),
    (18, "4/1.1.2.a", "on_track", "De wijkbedrijven groeien elke maand."),
    (18, "2", "ahead", "Bijna elke plek schrijft op wat werkt en wat niet."),
)
_SECRET = (18, "4/2.1.2.b", "Een verhuurder vroeg om geheimhouding tot alles getekend is.")
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
            if door.chance.random() >= _SKIPPED:
                door.read(write, row)


def _told_on(first: dt.date, day: dt.date) -> Iterator[tuple[str, Raw]]:
    """The milestones and judgements of a day."""
    for result, story in _STORIES.items():
        for months, status, value, explanation, outlook in story:
            if _later(first, months) == day:
                told = {
                    "result_id": result, "as_of": _ADOPTED.get(result, day.isoformat()),
                    "status": status, "value": value, "explanation": explanation,
                    "outlook": outlook, "source": "gesprek met de projectleider",
                }  # fmt: skip
                yield "milestone", {name: [text] for name, text in told.items() if text}
    for months, result, judgement, words in _JUDGEMENTS:
        if _later(first, months) == day:
            raw = {"result_id": [result], "as_of": [day.isoformat()]}
            yield "judgement", {**raw, "judgement": [judgement], "words": [words]}
    months, result, reason = _SECRET
    if _later(first, months) == day:
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


def _later(first: dt.date, months: int) -> dt.date:
    """The 20th of the month that lies `months` after the first."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return dt.date(year, month + 1, 20)
