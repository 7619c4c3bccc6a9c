"""People by card code: who is known where, in which role, since when; names only at their place."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from fieldapp.ask.question import Choice, Form, Question
from fieldapp.ask.reading import Stored
from fieldapp.errors import Message, Refused
from fieldapp.keep.indexes import PERSONAL
from fieldapp.keep.secret import Seal
from fieldapp.keep.store import Store, Write, stamp

CODE_ALPHABET = "23456789CFGHJKMNPQRTVWX"
"""No vowels, so no words; no look-alikes."""

_SHORTEST = 4
_TRIES = 20

ROOT = "coalesce({0}.merged_into, {0}.id)"
"""The person a `people` row stands for after merging."""

MEMBERSHIPS = f"""
SELECT {ROOT.format("q")} AS person, q.code AS code, n._id AS row, n._place AS place,
       n.role AS role, n.started AS since,
       (SELECT min(s.date) FROM people sq CROSS JOIN form_step s ON s.person = sq.code
         WHERE {ROOT.format("sq")} = {ROOT.format("q")}
           AND s._state = 'current' AND s._place = n._place AND s.step = 'left'
           AND (s.date > n.started
             OR (s.date = n.started AND s._received_at >= n._received_at))) AS until,
       n.known_elsewhere IN ('yes_no_card', 'unknown')
         AND q.id NOT IN (SELECT g.person FROM merge g WHERE g.outcome IS NOT NULL
                           UNION SELECT g.other FROM merge g WHERE g.outcome IS NOT NULL)
         OR {ROOT.format("q")} IN (
              SELECT max({ROOT.format("a")}, {ROOT.format("b")})
                FROM merge g CROSS JOIN people a ON a.id = g.person
                     CROSS JOIN people b ON b.id = g.other
               WHERE g.outcome IS NULL AND {ROOT.format("a")} <> {ROOT.format("b")}
            ) AS possibly_double,
       n.labour_distance AS labour_distance, q.id AS card
  FROM form_person_new n JOIN people q ON q.code = n.person
 WHERE n._state = 'current'
"""
"""One row: one person in one role at one place, worked out from what was entered and left.

Possibly double is who may be known elsewhere until the office answered about them, and the younger
of two persons about whom it has yet to answer.
"""

SEEN_LATELY = "seen"
"""The column of the register that holds the day on which a person was last seen, if lately."""

CALLED_IN = "_row"
"""The column of the register that holds the record with the call name; no form can read it."""

_LEFT_LATELY = 62  # days a person who left stays on the lists, for days that are filled in late


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one role at one place, under the name and code of their oldest card there."""

    code: str
    name: str
    role: str
    since: str
    until: str
    row: str
    person: int
    """The person after merging: an internal number, the same for every code of one person."""
    others: tuple[str, ...] = ()
    """Further codes that this person was entered with here: good still in what was kept so."""

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
        "WHERE m.place = :place AND (m.until IS NULL OR m.until >= date(:today, :back)) "
        "ORDER BY m.since",
        {"place": place, "today": today, "back": f"-{_LEFT_LATELY} days"},
    ).fetchall()
    oldest: dict[int, sqlite3.Row] = {}
    stays: dict[tuple[int, str], list[sqlite3.Row]] = {}
    for row in rows:
        stays.setdefault((row["person"], row["role"]), []).append(row)
        before = oldest.get(row["person"])
        if before is None or row["card"] <= before["card"]:
            oldest[row["person"]] = row  # of one card the latest: it has the name of now
    names = {
        person: seal.open(row["sealed"], "form_person_new", row["row"], "call_name")
        if row["sealed"]
        else ""
        for person, row in oldest.items()
    }
    found = [
        _member(oldest[person], names[person], stay)
        for (person, _), those in stays.items()
        for stay in _together(those)
    ]
    return sorted(found, key=lambda member: (member.name.casefold(), member.code, member.role))


def _together(stays: Sequence[sqlite3.Row]) -> list[list[sqlite3.Row]]:
    """The stays of one person in one role, oldest first; those that overlap are one."""
    found: list[list[sqlite3.Row]] = []
    for stay in stays:
        if found and any(not one["until"] or one["until"] >= stay["since"] for one in found[-1]):
            found[-1].append(stay)
        else:
            found.append([stay])
    return found


def _member(shown: sqlite3.Row, name: str, stay: Sequence[sqlite3.Row]) -> Member:
    ends = [one["until"] or "" for one in stay]
    return Member(
        shown["code"],
        name,
        stay[0]["role"],
        stay[0]["since"],
        max(ends) if all(ends) else "",
        shown["row"],
        shown["person"],
        tuple(sorted({one["code"] for one in stay} - {shown["code"]})),
    )


def choices(people: Sequence[Member], lately: Mapping[tuple[int, str], str]) -> list[Choice]:
    """`people` as the rows of the register that forms pick from: who was seen last comes first.

    `lately` says of each person and role on which day that was.
    """

    def seen(member: Member) -> str:
        return lately.get((member.person, member.role), "")

    return [
        Choice(
            code,
            dict.fromkeys(("nl", "en"), replace(member, code=code).label),
            {
                "role": member.role,
                "since": member.since,
                "until": member.until,
                SEEN_LATELY: seen(member),
                CALLED_IN: member.row,
            },
            member.code if code != member.code else "",
        )
        for member in sorted(people, key=seen, reverse=True)
        for code in (member.code, *member.others)
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


def person_of(connection: sqlite3.Connection, code: str) -> int | None:
    """The person with this card, the same number for every code of one person; None for nobody."""
    found = connection.execute(
        f"SELECT {ROOT.format('q')} FROM people q WHERE q.code = ?", (code,)
    ).fetchone()
    return int(found[0]) if found else None


def _known(connection: sqlite3.Connection, code: str) -> str:
    """The code as it stands on the card: whose it is, is worked out at every reading.

    So it stays with the right person when two who were merged are two again.
    """
    if person_of(connection, code) is None:
        raise Refused(
            {
                "card_code": Message(
                    "Wij kennen deze kaart niet. Kijk de code na. "
                    "Of kies: ja, maar heeft geen kaart."
                )
            }
        )
    return code


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


_HERE = f"""
SELECT n._id AS row, n.role AS role, n.call_name AS sealed,
       {ROOT.format("q")} = (SELECT {ROOT.format("g")} FROM people g WHERE g.code = :code) AS same,
       n.role = :role AND NOT EXISTS (SELECT 1 FROM form_person_new k
                                       WHERE k._id = :row AND k.role = :role) AS again
  FROM form_person_new n JOIN people q ON q.code = n.person
 WHERE n._place IS :place AND n._state = 'current' AND n._id <> :row
"""
"""Who was ever entered at a place, beside this record; `same` is the very person.

`again` is who is entered in a role anew; a record that stood so already may be changed, for of two
who were merged each has one.
"""


def _look_for_doubles(
    store: Store, write: Write, row: str, place: str | None, values: dict[str, Stored]
) -> None:
    name = str(values.get("call_name") or "").casefold()
    given = {"place": place, "row": row, "code": values["person"], "role": values.get("role")}
    for other in write.connection.execute(_HERE, given).fetchall():
        called = _opened(store, write, other)
        # Whether somebody left is a costly question: only of those it matters for.
        if other["same"]:
            if other["again"] and _stays(write.connection, other["row"]):
                raise Refused(
                    {"card_code": Message("Deze persoon staat al op de lijst van uw plek.")}
                )
        elif called.casefold() == name and _stays(write.connection, other["row"]):
            raise Refused(
                {
                    "call_name": Message(
                        "Er is al een {name}. Zet er een letter bij.", {"name": called}
                    )
                }
            )


def _opened(store: Store, write: Write, found: sqlite3.Row) -> str:
    """A call name; each is opened once in a transaction, however many people it adds."""
    sealed = found["sealed"]
    if sealed and sealed not in write.opened:
        write.opened[sealed] = store.seal.open(sealed, "form_person_new", found["row"], "call_name")
    return write.opened.get(sealed, "")


def _stays(connection: sqlite3.Connection, row: str) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM ({MEMBERSHIPS}) m WHERE m.row = ? AND m.until IS NULL", (row,)
    )
    return found.fetchone() is not None
