"""How the example gets in: through the same checks and the same write door as a phone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from random import Random
from zoneinfo import ZoneInfo

from fieldapp.ask.answer import Raw, check
from fieldapp.ask.kinds import kind_of
from fieldapp.keep import passed
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin, Receipt, Row
from fieldapp.keep.store import Store, Write, table_of
from fieldapp.report import completeness
from fieldapp.web.surroundings import Surroundings


class Door:
    """Sends answers on the evening of a day of the example."""

    def __init__(self, store: Store, zone: str, chance: Random) -> None:
        self.store, self.chance = store, chance
        self._zone = ZoneInfo(zone)
        self._around: dict[str, Surroundings] = {}

    def writing(self, day: dt.date) -> AbstractContextManager[Write]:
        return self.store.write("example", dt.datetime.combine(day, dt.time(20, 15), self._zone))

    def send(self, write: Write, place: str | None, form_id: str, raw: Raw) -> Receipt:
        """One answer through check and door, as a page would send it."""
        form = self.store.forms[form_id]
        here = self._around.get(place or "")
        if here is None:
            known = (
                next(iter(completeness.places(write.connection, place)), None) if place else None
            )
            here = Surroundings(self.store, write.connection, known, write.now)
            if known or not place:
                self._around[place or ""] = here
        here.move(write.now)
        answer = check(form, raw, here.context(form))
        receipt = rows.add(self.store, write, form, answer, self._identity(), Origin(place))
        if form.entity is not None:
            here.forget(form.entity.list_name)
        return receipt

    def read(self, write: Write, row: Row) -> None:
        """The office reads a record and passes it."""
        form, here = self.store.forms[passed.FORM], self._around[""]
        here.move(write.now)
        raw = {"row": [row.id], "edits_read": [str(row.edits)], "passed": ["OK"]}
        answer = check(form, raw, here.context(form))
        passed.let(self.store, write, row, row.edits, answer, self._identity(), Origin(None))

    def _identity(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def latest(self, write: Write, place: str, form_id: str) -> Row:
        """The latest record of a place: to look at or to change."""
        form = self.store.forms[form_id]
        found = write.connection.execute(
            f"SELECT * FROM [{table_of(form_id)}] "  # noqa: S608  (a form's own table)
            "WHERE _place = ? AND _state = 'current' ORDER BY date DESC, _id LIMIT 1",
            (place,),
        ).fetchone()
        return rows.find(self.store, write.connection, form, found["_id"], place)

    def correct(self, write: Write, row: Row, changes: Raw) -> None:
        """Changes some answers of a record."""
        here = self._around[row.place or ""]
        here.move(write.now)
        answer = check(row.form, {**as_sent(row), **changes}, here.context(row.form, row.values))
        rows.change(self.store, write, row.form, answer, row.id, row.edits, Origin(row.place))


def as_sent(row: Row) -> dict[str, Sequence[str]]:
    """The answers of a record as a phone would send them."""
    sent: dict[str, Sequence[str]] = {}
    for name, question in row.form.columns.items():
        kind, value = kind_of(question), row.values.get(name)
        if kind.filled_by == "person" and value is not None:
            sent[name] = value if isinstance(value, list) else [kind.text(value)]
    return sent
