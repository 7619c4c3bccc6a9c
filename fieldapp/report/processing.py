"""What the register of processing and the privacy officer are told: made of forms and counts."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question
from fieldapp.errors import Message
from fieldapp.keep import due, erasure, passed, person, phone, retention, wipe
from fieldapp.keep.people import is_personal
from fieldapp.keep.store import Store, stamp
from fieldapp.report.result import PROTECTED
from fieldapp.report.sheet import Workbook

GOALS: Sequence[Message] = (
    Message("Tellen hoeveel mensen meedoen, zonder iemand dubbel te tellen."),
    Message("Zien of plekken open zijn en wat mensen verder helpt, en daarover verantwoorden."),
    Message("Plekken laten zien wie er bij hen meedoet, zodat zij uren goed invullen."),
)
"""What it is all for."""

RECIPIENTS: Sequence[tuple[Message, Message]] = (
    (
        Message("De eigen plek, op gekoppelde telefoons"),
        Message("roepnamen, codes en wat er is ingevuld"),
    ),
    (
        Message("Het programmabureau"),
        Message("codes, aantallen en roepnamen bij telefoons; geen namen van deelnemers"),
    ),
    (
        Message("Wie alleen mag lezen, en programma's met een sleutel"),
        Message("aantallen, kleine aantallen afgeschermd"),
    ),
    (
        Message("Het Rijk, de gemeente en anderen die een werkboek krijgen"),
        Message("aantallen, kleine aantallen afgeschermd"),
    ),
    (
        Message("Wie de server beheert"),
        Message("kan bij de database en de sleutel, en heeft daar een afspraak over"),
    ),
)
"""Who gets to see what."""

MEASURES: Sequence[Message] = (
    Message("Roepnamen zijn versleuteld (AES-256-GCM). De sleutel staat niet in de database."),
    Message("Een vingerafdruk van een antwoord met een naam is gemaakt met een geheime sleutel."),
    Message("Een telefoon ziet alleen de eigen plek. Het bureau sluit een telefoon meteen af."),
    Message("Het bureau logt in met een wachtwoord en een code die één keer werkt."),
    Message("Verkeerde pogingen maken elke volgende poging langzamer."),
    Message("Elke wijziging staat in een journaal dat niemand ongemerkt kan veranderen."),
    Message("In het journaal, in logs en in werkboeken staan geen namen en geen codes."),
    Message(
        "Kleine aantallen personen zijn afgeschermd, ook als iemand tabellen naast elkaar legt."
    ),
    Message("Teksten van plekken worden pas openbaar als het bureau ze heeft nagelezen."),
    Message("Wissen is echt wissen: de plek in het bestand wordt overschreven."),
    Message("Elke nacht gaat een kopie naar een andere machine, versleuteld en nagekeken."),
)
"""How it is kept safe."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that asks something about persons, with those questions."""

    form: Form
    about_one: bool
    """Whether each record is about one person; else it says who was there."""
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Protected:
    """A workbook that anybody may read: how many sheets, and figures that count persons."""

    title: str
    sheets: int
    figures: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of everything personal there is."""

    persons: int
    cards: int
    names: int
    due: int
    erased: Sequence[str]
    """When somebody was erased, the last first."""
    told: int
    """How often somebody was given all that is kept about them."""
    last_run: str
    """When something was last let go of because it was kept long enough."""
    until: dt.date | None
    places: int
    phones: int
    accounts: Mapping[str, int]
    tokens: int
    unread: int
    """Records with words of a place that nobody has read yet."""
    protected: Sequence[Protected]


def asked(forms: Iterable[Form]) -> Sequence[Asked]:
    """Every form that asks something about persons; of one person all answers are about them."""
    found = []
    for form in forms:
        filled = [q for q in form.columns.values() if kind_of(q).filled_by == "person"]
        if any(is_personal(question) for question in form.columns.values()):
            found.append(Asked(form, person.about_one(form), filled))
    return found


def standing(
    store: Store,
    connection: sqlite3.Connection,
    workbooks: Iterable[Workbook],
    now: dt.datetime,
) -> Standing:
    """How it stands at this moment."""

    def count(statement: str, *given: str) -> int:
        return int(connection.execute(statement, given).fetchone()[0])

    seen = stamp(now - phone.SILENT)
    accounts = connection.execute(
        "SELECT role, count(*) FROM account WHERE closed_at IS NULL GROUP BY role ORDER BY role"
    )
    return Standing(
        count("SELECT count(*) FROM people WHERE merged_into IS NULL"),
        count("SELECT count(*) FROM people"),
        sum(1 for _ in wipe.named(store, connection)),
        len(due.named(store, connection, now)),
        [at for at, _ in erasure.done(connection)],
        count("SELECT count(*) FROM journal WHERE action = 'access given'"),
        retention.last_run(connection),
        due.until(connection),
        count("SELECT count(*) FROM list_places"),
        count("SELECT count(*) FROM phone WHERE revoked_at IS NULL AND seen_at > ?", seen),
        dict(accounts.fetchall()),
        count("SELECT count(*) FROM access_token WHERE revoked_at IS NULL"),
        passed.how_many(store, connection),
        [
            Protected(
                book.title,
                len(book.sheets),
                sum(column.protect for sheet in book.sheets for column in sheet.columns)
                + sum(each.kind in PROTECTED for each in book.measured),
            )
            for book in workbooks
            if book.public
        ],
    )
