"""A diary: answers kept on the evening of their day, through the check and door of a phone."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from fieldapp.ask.answer import check
from fieldapp.demo.door import as_sent
from fieldapp.keep import decision, merge
from fieldapp.keep import row as rows
from fieldapp.keep.double import double
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.web.surroundings import Surroundings

ZONE = ZoneInfo("Europe/Amsterdam")


class Diary:
    """Keeps what happened, day by day."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sent = 0

    def send(self, day: str, place: str | None, form_id: str, /, **raw: str | Sequence[str]) -> str:
        """One answer; gives its id."""
        form = self.store.forms[form_id]
        lists = {name: [given] if isinstance(given, str) else given for name, given in raw.items()}
        with self.store.write("test", _evening(day)) as write:
            here = self._around(write.connection, place, day)
            answer = check(form, lists, here.context(form))
            self.sent += 1
            row = str(uuid.UUID(int=self.sent, version=4))
            return rows.add(self.store, write, form, answer, row, Origin(place)).id

    def change(self, day: str, place: str, form_id: str, row: str, **raw: Sequence[str]) -> None:
        """Corrects some answers of a record."""
        form = self.store.forms[form_id]
        with self.store.write("test", _evening(day)) as write:
            kept = rows.find(self.store, write.connection, form, row, place)
            context = self._around(write.connection, place, day).context(form, kept.values)
            answer = check(form, {**as_sent(kept), **raw}, context)
            rows.change(self.store, write, form, answer, row, kept.edits, Origin(place))

    def withdraw(self, day: str, form_id: str, row: str) -> None:
        """Takes a record back."""
        form = self.store.forms[form_id]
        with self.store.write("test", _evening(day)) as write:
            kept = rows.find(self.store, write.connection, form, row, None)
            rows.withdraw(self.store, write, form, row, kept.edits, Origin(kept.place))

    def decide(self, day: str, place: str, form_id: str, row: str, how: str) -> None:
        """Decides about a double."""
        form = self.store.forms[form_id]
        with self.store.write("test", _evening(day)) as write:
            seen = double(self.store, write.connection, form, row, place).seen
            here = self._around(write.connection, place, day)
            decision.decide(
                self.store, write, form, row, how, seen, Origin(place),
                lambda form, values: here.context(form, values),
            )  # fmt: skip

    def welcome(self, day: str, place: str, role: str, name: str, **raw: str) -> str:
        """A new person at a place, known nowhere else unless `raw` says so; gives the card code."""
        known = "yes_card" if "card_code" in raw else "no"
        given = {"role": role, "call_name": name, "started": day, "informed": "OK"}
        row = self.send(day, place, "person_new", **given | {"known_elsewhere": known} | raw)
        with self.store.read() as connection:
            form = self.store.forms["person_new"]
            return str(rows.find(self.store, connection, form, row, place).values["person"])

    def step(self, day: str, place: str, person: str, step: str, **raw: str) -> str:
        """A step that somebody takes."""
        return self.send(day, place, "step", person=person, date=day, step=step, **raw)

    def merge(self, day: str, one: str, other: str) -> None:
        """The office says that two cards are of one person."""
        with self.store.write("test", _evening(day)) as write:
            number = merge.propose(write, one, other, None)
            merge.decide(write, number, merge.MERGED)

    def _around(self, connection: sqlite3.Connection, place: str | None, day: str) -> Surroundings:
        known = completeness.places(connection, place) if place else []
        assert bool(known) == bool(place), f"there is no place {place}"
        return Surroundings(self.store, connection, next(iter(known), None), _evening(day))


def _evening(day: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(20, 15), ZONE)
