"""Persons that may be one: proposed on their card codes, decided by the office, and undone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.errors import Conflict, Message, NotFound, Refused
from fieldapp.keep.people import MEMBERSHIPS, ROOT, person_of
from fieldapp.keep.presence import last_seen
from fieldapp.keep.store import Write, stamp

MERGED, REFUSED = "merged", "refused"
OUTCOMES = {MERGED: "merged", REFUSED: "merge refused"}
"""What the office can answer, and how the journal calls it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two card codes that may be of one person."""

    number: int
    codes: tuple[str, str]
    persons: tuple[int, int]
    """Whose they are now: the same number twice when they are one person, by whatever way."""
    place: str
    """Where it was thought of; empty for the office."""
    at: str
    outcome: str
    """Empty until the office has answered."""
    decided_at: str

    @property
    def open(self) -> bool:
        """Whether the office is still to answer."""
        return not self.outcome and self.persons[0] != self.persons[1]


@dataclass(frozen=True, slots=True)
class Stay:
    """What the office sees of a person in one role at one place: never a name."""

    code: str
    person: int
    place: str
    role: str
    since: str
    until: str
    known_elsewhere: str
    last_seen: str


_PROPOSALS = f"""
SELECT g.*, a.code AS code, b.code AS other_code,
       {ROOT.format("a")} AS one, {ROOT.format("b")} AS two
  FROM merge g JOIN people a ON a.id = g.person JOIN people b ON b.id = g.other
"""

_SETTLE = """
WITH RECURSIVE same (id) AS (
  VALUES (:person)
   UNION
  SELECT CASE g.person WHEN s.id THEN g.other ELSE g.person END
    FROM same s JOIN merge g ON s.id IN (g.person, g.other)
   WHERE g.outcome = 'merged'
)
UPDATE people SET merged_into = nullif((SELECT min(id) FROM same), id)
 WHERE id IN (SELECT id FROM same)
"""
"""Everyone who is one with a person by what was answered, together: the oldest card survives."""


def resolve(connection: sqlite3.Connection, code: str) -> str | None:
    """The code of the person that the card with `code` belongs to after merging."""
    found = connection.execute(
        f"SELECT s.code FROM people q JOIN people s ON s.id = {ROOT.format('q')} WHERE q.code = ?",
        (code,),
    ).fetchone()
    return str(found["code"]) if found else None


def propose(write: Write, code: str, other_code: str, place: str | None) -> int:
    """The number of the proposal that two cards are of one person; the same one while it is open.

    Refused when a card is not known, when they are one person already, and when the office has
    said that they are not; NotFound when neither of them is of `place` (None: the office).
    """
    one, two = (person_of(write.connection, each) for each in (code, other_code))
    if place is not None and not _is_here(write.connection, place, one, two):
        raise NotFound("Dit is er niet, of het is van een andere plek.")
    if one is None or two is None:
        name = "code" if one is None else "other"
        raise Refused({name: Message("Wij kennen deze kaart niet. Kijk de code na.")})
    if code == other_code:
        raise Refused({"other": Message("Dit is twee keer dezelfde kaart.")})
    if one == two:
        raise Refused({"other": Message("Deze twee kaarten horen al bij één persoon.")})
    for before in _between(write.connection, one, two):
        if before.open:
            return before.number
        raise Refused(
            {
                "other": Message(
                    "Het programmabureau heeft dit al nagekeken: dit zijn twee mensen. "
                    "Klopt dat niet? Bel het programmabureau."
                )
            }
        )
    made = write.connection.execute(
        "INSERT INTO merge (person, other, place, at, actor) "
        "SELECT a.id, b.id, ?, ?, ? FROM people a, people b WHERE a.code = ? AND b.code = ? "
        "RETURNING id",
        (place, stamp(write.now), write.actor, code, other_code),
    ).fetchone()
    number = int(made["id"])
    write.note("merge proposed", "merge", str(number), None, _about(place or ""))
    return number


def proposals(connection: sqlite3.Connection, place: str | None = None) -> Sequence[Proposal]:
    """The proposals of `place`, or all of them, newest first."""
    found = connection.execute(
        f"{_PROPOSALS} WHERE ?1 IS NULL OR g.place = ?1 ORDER BY g.id DESC", (place,)
    )
    return [_proposal(row) for row in found]


def waiting(connection: sqlite3.Connection) -> int:
    """How many proposals the office is still to answer."""
    found = connection.execute(
        f"SELECT count(*) FROM ({_PROPOSALS}) WHERE outcome IS NULL AND one <> two"
    )
    return int(found.fetchone()[0])


def decide(write: Write, number: int, outcome: str) -> None:
    """Answers a proposal with `merged` or `refused`; what was answered so already stays.

    Conflict when it was answered otherwise meanwhile, or when the office said of these two persons
    before that they are not one.
    """
    found = _find(write.connection, number)
    if found.outcome == outcome:
        return
    if not found.open:
        raise Conflict("Iemand anders heeft dit intussen beslist. Kijk wat er nu staat.")
    if outcome == MERGED and any(
        before.outcome == REFUSED for before in _between(write.connection, *found.persons)
    ):
        raise Conflict("Over deze mensen is gezegd: dit zijn er twee. Maak dat eerst ongedaan.")
    _answer(write, number, outcome, stamp(write.now), write.actor)
    write.note(OUTCOMES[outcome], "merge", str(number), None, _about(found.place))


def undo(write: Write, number: int, outcome: str) -> None:
    """Takes an answer back, so that the proposal is open again; who was merged since stays so.

    Conflict when by now the answer is another than `outcome`.
    """
    found = _find(write.connection, number)
    if not found.outcome:
        return
    if found.outcome != outcome:
        raise Conflict("Iemand anders heeft dit intussen beslist. Kijk wat er nu staat.")
    _answer(write, number, None, None, None)
    write.note(
        "merge undone", "merge", str(number), _about(found.place) | {"outcome": outcome}, None
    )


def stays(connection: sqlite3.Connection, shown: Sequence[Proposal]) -> Sequence[Stay]:
    """Every stay of the persons in `shown`, oldest card first; for the office."""
    wanted = sorted({person for proposal in shown for person in proposal.persons})
    rows = connection.execute(
        f"SELECT m.*, n.known_elsewhere FROM ({MEMBERSHIPS}) m "
        "JOIN form_person_new n ON n._id = m.row "
        "WHERE m.person IN (SELECT value FROM json_each(?)) ORDER BY m.card, m.since",
        (json.dumps(wanted),),
    ).fetchall()
    seen = {place: last_seen(connection, place) for place in {row["place"] for row in rows}}
    return [
        Stay(
            row["code"],
            row["person"],
            row["place"],
            row["role"],
            row["since"],
            row["until"] or "",
            row["known_elsewhere"],
            seen[row["place"]].get((row["person"], row["role"]), ""),
        )
        for row in rows
    ]


def _find(connection: sqlite3.Connection, number: int) -> Proposal:
    found = connection.execute(f"{_PROPOSALS} WHERE g.id = ?", (number,)).fetchone()
    if not found:
        raise NotFound("Dit voorstel is er niet.")
    return _proposal(found)


def _between(connection: sqlite3.Connection, one: int, two: int) -> Sequence[Proposal]:
    """What was proposed about two persons who are not one, under any of their codes; open first."""
    found = connection.execute(
        f"SELECT * FROM ({_PROPOSALS}) WHERE (one, two) IN (VALUES (?1, ?2), (?2, ?1)) "
        "ORDER BY outcome IS NOT NULL",
        (one, two),
    )
    return [_proposal(row) for row in found]


def _proposal(row: sqlite3.Row) -> Proposal:
    return Proposal(
        row["id"],
        (row["code"], row["other_code"]),
        (row["one"], row["two"]),
        row["place"] or "",
        row["at"],
        row["outcome"] or "",
        row["decided_at"] or "",
    )


def _is_here(connection: sqlite3.Connection, place: str, one: int | None, two: int | None) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM form_person_new n JOIN people q ON q.code = n.person "
        f"WHERE n._state = 'current' AND n._place = ? AND {ROOT.format('q')} IN (?, ?)",
        (place, one, two),
    )
    return found.fetchone() is not None


def _answer(
    write: Write, number: int, outcome: str | None, at: str | None, actor: str | None
) -> None:
    """Keeps an answer and works out anew who is one with whom."""
    row = write.connection.execute(
        "UPDATE merge SET outcome = ?, decided_at = ?, decided_by = ? WHERE id = ? "
        "RETURNING person, other",
        (outcome, at, actor, number),
    ).fetchone()
    for person in row:
        write.connection.execute(_SETTLE, {"person": person})


def _about(place: str) -> dict[str, str]:
    return {"place": place}
