"""One person erased (AVG 17): the name goes from everywhere, the numbers stay without it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldapp.ask.question import Form
from fieldapp.errors import Message
from fieldapp.keep import passed, person, wipe
from fieldapp.keep.person import Person
from fieldapp.keep.store import Store, Write, stamp, table_of

ACTION = "erase"
"""What the journal calls it."""
FILE = "erased"
"""In the data folder: whose name was erased, by the ids of records, for when a copy is put back."""

GOES: Sequence[Message] = (
    Message("De roepnaam, op elke plek en bij elke kaart van deze persoon."),
    Message("Elk ander antwoord dat alleen de plek mag zien."),
    Message("Hetzelfde in wat opzij is gelegd, gevraagd of over dubbele invoer is gekozen."),
    Message("Wat het bureau schreef bij een verbetering van gegevens over deze persoon alleen."),
    Message("Excel-bestanden die iemand van het bureau nog niet heeft ingevoerd, allemaal."),
)
STAYS: Sequence[tuple[Message, Message]] = (
    (
        Message("De code van de kaart, als nummer zonder naam."),
        Message("Zo telt iemand één keer, en kan hij of zij blijven meedoen."),
    ),
    (
        Message("Plek, rol, dagen, uren, stappen en wat er verder bij die code is ingevuld."),
        Message(
            "Daaruit komen de aantallen. Zonder naam en zonder kaart zegt het niet wie het is."
        ),
    ),
    (
        Message("Werkboeken van gesloten maanden."),
        Message("Daarin staan alleen aantallen, nooit namen of codes."),
    ),
    (
        Message("Het journaal."),
        Message("Daarin staat wat er gebeurde, nooit een naam of code. Het kan niet veranderen."),
    ),
    (
        Message("Kopieën van vóór vandaag, hoogstens 13 maanden."),
        Message("Namen staan er versleuteld in. Wordt er een teruggezet, dan wissen wij opnieuw."),
    ),
)
"""What an erasure takes, and what it leaves with the reason."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What there is to erase of one person."""

    names: int
    """Records with a private answer."""
    aside: int
    uploads: int
    texts: Sequence[tuple[str, str]]
    """Records, by form and id, in whose own words the name stands: somebody has to read them."""

    @property
    def nothing(self) -> bool:
        """Whether the name is gone already."""
        return not self.names and not self.aside


def extent(store: Store, connection: sqlite3.Connection, who: Person) -> Extent:
    """What there is to erase of a person; nothing is changed."""
    found = list(_of(store, connection, who.codes))
    aside = sum(
        person.mentions(held, who.codes) or each.row in {one.row for one in found}
        for each, held in wipe.private_aside(store, connection)
    )
    uploads = connection.execute("SELECT count(*) FROM upload WHERE content <> x''").fetchone()[0]
    texts = _texts(store, connection, _names(store, connection, found), _places(who))
    return Extent(len(found), aside, uploads, texts)


def erase(store: Store, write: Write, who: Person) -> Sequence[str]:
    """Takes the name of a person from everywhere; the ids of the records that entered them.

    The log of the database still has it until `Database.truncate`.
    """
    found = list(_of(store, write.connection, who.codes))
    rows = {each.row for each in found}
    aside = wipe.wipe_aside(
        store, write, lambda each, held: each.row in rows or person.mentions(held, who.codes)
    )
    names = wipe.wipe(write, found)
    alone = [row for row in who.records if person.about_one(row.form)]
    for row in alone:
        write.connection.execute(
            "UPDATE correction SET reason = ? WHERE form = ? AND row = ?",
            (wipe.NOBODY, row.form.form_id, row.id),
        )
    write.connection.execute("DELETE FROM upload")
    write.note(ACTION, "people", str(who.number), None, {"names": names, "aside": aside})
    return [row.id for row in who.records if _enters(row.form)]


def erase_for_good(store: Store, actor: str, now: dt.datetime, data: Path, who: Person) -> bool:
    """Erases a person, remembers it for when a copy is put back, and empties the database's log.

    False when somebody was reading, so that the log is emptied later only.
    """
    with store.write(actor, now) as write:
        rows = erase(store, write, who)
    _remember(data, stamp(now), rows)
    return store.database.truncate()


def again(store: Store, now: dt.datetime, data: Path) -> int:
    """Erases anew whom `data` remembers, after a copy was put back; how many had a name again."""
    remembered = set(_remembered(data))
    count = 0
    with store.write("command", now) as write:
        for form in [each for each in store.forms.values() if _enters(each)]:
            for row in write.connection.execute(
                f"SELECT _id, person FROM [{table_of(form.form_id)}] WHERE person IS NOT NULL"
            ).fetchall():
                who = None
                if row["_id"] in remembered:
                    who = person.about(store, write.connection, row["person"])
                if who and not extent(store, write.connection, who).nothing:
                    erase(store, write, who)
                    count += 1
    if count:
        store.database.truncate()
    return count


def done(connection: sqlite3.Connection) -> Sequence[tuple[str, str]]:
    """When somebody was erased and by whom, the last first; not who."""
    found = connection.execute(
        "SELECT at, actor FROM journal WHERE action = ? AND object = 'people' ORDER BY id DESC",
        (ACTION,),
    )
    return [(row["at"], row["actor"]) for row in found]


def _of(
    store: Store, connection: sqlite3.Connection, codes: Collection[str]
) -> Iterator[wipe.Named]:
    return (each for each in wipe.named(store, connection) if each.codes & set(codes))


def _enters(form: Form) -> bool:
    return (
        form.entity is not None and form.entity.list_name == "people" and "person" in form.columns
    )


def _names(
    store: Store, connection: sqlite3.Connection, found: Sequence[wipe.Named]
) -> Collection[str]:
    """The names that stand in records."""
    told = set()
    for each in found:
        for column in each.columns:
            sealed = connection.execute(
                f"SELECT [{column}] FROM [{each.table}] WHERE _id = ?", (each.row,)
            ).fetchone()[0]
            told |= {store.seal.open(sealed, each.table, each.row, column)} if sealed else set()
    return told


def _places(who: Person) -> Collection[str]:
    rows = [*who.records, *(each.row for each in who.seen)]
    return {row.place for row in rows if row.place}


def _texts(
    store: Store, connection: sqlite3.Connection, names: Collection[str], places: Collection[str]
) -> Sequence[tuple[str, str]]:
    """The records of places in whose own words one of `names` stands, as a word."""
    if not names:
        return []
    sought = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
    found = []
    for form in passed.written(store.forms.values()):
        words = ", ".join(f"[{name}]" for name in passed.words(form))
        for row in connection.execute(
            f"SELECT _id, _place, {words} FROM [{table_of(form.form_id)}]"
        ):
            told = " ".join(str(each) for each in tuple(row)[2:] if each)
            if row["_place"] in places and sought.search(told):
                found.append((form.form_id, row["_id"]))
    return found


def _remembered(data: Path) -> Iterator[str]:
    with contextlib.suppress(FileNotFoundError):
        for line in (data / FILE).read_text("ascii", "replace").splitlines():
            yield line.split(" ")[-1]


def _remember(data: Path, at: str, rows: Collection[str]) -> None:
    handle = os.open(data / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a") as file:
        file.writelines(f"{at} {row}\n" for row in rows)
        file.flush()
        os.fsync(file.fileno())
