"""People by card code: who is known where, in which role, since when; names only at their place."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from fieldapp.ask.question import Choice, Form, Question
from fieldapp.ask.reading import Stored
from fieldapp.errors import Message, Refused
from fieldapp.keep.secret import Seal
from fieldapp.keep.store import Store, Write, stamp

CODE_ALPHABET = "23456789CFGHJKMNPQRTVWX"
"""No vowels, so no words; no look-alikes."""

PERSONAL = {"person", "card_code"}
"""Answers that hold a card code though their question picks from no register."""

_SHORTEST = 4
_TRIES = 20

ROOT = "coalesce({0}.merged_into, {0}.id)"
"""The person a `people` row stands for after merging."""

MEMBERSHIPS = f"""
SELECT {ROOT.format("q")} AS person, q.code AS code, n._id AS row, n._place AS place,
       n.role AS role, n.started AS since,
       (SELECT min(s.date) FROM form_step s JOIN people sq ON sq.code = s.person
         WHERE s._state = 'current' AND s._place = n._place AND s.step = 'left'
           AND (s.date > n.started
             OR (s.date = n.started AND s._received_at >= n._received_at))
           AND {ROOT.format("sq")} = {ROOT.format("q")}) AS until,
       n.known_elsewhere IN ('yes_no_card', 'unknown') AS possibly_double,
       n.labour_distance AS labour_distance
  FROM form_person_new n JOIN people q ON q.code = n.person
 WHERE n._state = 'current'
"""
"""One row: one person in one role at one place, worked out from what was entered and left."""

_LEFT_LATELY = 62  # days a person who left stays on the lists, for days that are filled in late


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one role at one place."""

    code: str
    name: str
    role: str
    since: str
    until: str
    row: str

    @property
    def label(self) -> str:
        """How lists show this person: "Fatima · 7K3F"."""
        return f"{self.name} · {self.code}" if self.name else self.code


def is_personal(question: Question) -> bool:
    """Whether the answer says who somebody is: a private text or a card code."""
    return question.private or question.register == "people" or question.name in PERSONAL


def members(connection: sqlite3.Connection, seal: Seal, place: str, today: str) -> Sequence[Member]:
    """Everyone who belongs to `place` or left it lately, by name; one per role."""
    rows = connection.execute(
        f"SELECT m.*, n.call_name AS sealed FROM ({MEMBERSHIPS}) m "
        "JOIN form_person_new n ON n._id = m.row "
        "WHERE m.place = :place AND (m.until IS NULL OR m.until >= date(:today, :back))",
        {"place": place, "today": today, "back": f"-{_LEFT_LATELY} days"},
    ).fetchall()
    found = [
        Member(
            row["code"],
            seal.open(row["sealed"], "form_person_new", row["row"], "call_name")
            if row["sealed"]
            else "",
            row["role"],
            row["since"],
            row["until"] or "",
            row["row"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda member: (member.name.casefold(), member.code, member.role))


def choices(people: Sequence[Member]) -> list[Choice]:
    """`people` as the rows of the register that forms pick from."""
    return [
        Choice(
            member.code,
            {"nl": member.label, "en": member.label},
            {"role": member.role, "since": member.since, "until": member.until},
        )
        for member in people
    ]


def enter(
    store: Store, write: Write, form: Form, row: str, place: str | None, values: dict[str, Stored]
) -> None:
    """Gives a new record its person: the one of the card, or a new one with a new card code.

    Refused when the card is not known, the person is here already in this role, or the call name
    is taken at this place.
    """
    if form.entity is None or form.entity.entity_id is not None:
        return  # a step names its person itself
    if not values.get("person"):
        given = str(values.get("card_code") or "").upper()
        values["person"] = _known(write.connection, given) if given else _new(store, write)
    if values.get("card_code"):
        values["card_code"] = str(values["card_code"]).upper()
    _look_for_doubles(store, write, row, place, values)


def _known(connection: sqlite3.Connection, code: str) -> str:
    found = connection.execute("SELECT code FROM people WHERE code = ?", (code,)).fetchone()
    if not found:
        raise Refused(
            {
                "card_code": Message(
                    "Wij kennen deze kaart niet. Kijk de code na. "
                    "Of kies: ja, maar heeft geen kaart."
                )
            }
        )
    return str(found["code"])


def _new(store: Store, write: Write) -> str:
    code = free_code(write.connection, store.chance)
    write.connection.execute(
        "INSERT INTO people (code, at) VALUES (?, ?)", (code, stamp(write.now))
    )
    return code


def free_code(connection: sqlite3.Connection, chance: Random) -> str:
    """A card code that nobody has; one character longer when the short ones run out."""
    length = _SHORTEST
    while True:
        for _ in range(_TRIES):
            code = "".join(chance.choice(CODE_ALPHABET) for _ in range(length))
            if not connection.execute("SELECT 1 FROM people WHERE code = ?", (code,)).fetchone():
                return code
        length += 1


def _look_for_doubles(
    store: Store, write: Write, row: str, place: str | None, values: dict[str, Stored]
) -> None:
    name = str(values.get("call_name") or "").casefold()
    here = members(write.connection, store.seal, place or "", write.now.date().isoformat())
    for member in here:
        if member.row == row or member.until:
            continue
        if member.code == values["person"]:
            if member.role == values.get("role"):
                raise Refused(
                    {"card_code": Message("Deze persoon staat al op de lijst van uw plek.")}
                )
        elif member.name.casefold() == name:
            raise Refused(
                {
                    "call_name": Message(
                        "Er is al een {name}. Zet er een letter bij.", {"name": member.name}
                    )
                }
            )
