"""Everything that is kept about one person, found by card code: never the call name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question
from fieldapp.keep import merge, presence
from fieldapp.keep import row as rows
from fieldapp.keep.correction import corrections
from fieldapp.keep.indexes import PERSONAL
from fieldapp.keep.merge import Proposal
from fieldapp.keep.people import MEMBERSHIPS, ROOT, person_of
from fieldapp.keep.row import Row
from fieldapp.keep.store import Store, table_of


@dataclass(frozen=True, slots=True)
class Membership:
    """One role at one place; `until` is empty while it goes on."""

    place: str
    role: str
    since: str
    until: str
    possibly_double: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One time that the person was there, by one record."""

    row: Row
    role: str
    date: str
    daypart: str
    task: str
    hours: float | None


@dataclass(frozen=True, slots=True)
class Beside:
    """An answer that names the person and counts for nothing: set aside, or asked for."""

    form_id: str
    place: str
    at: str
    kind: str
    """`conflict` (it came under the id of another), `request` (a place asked for it as a change)
    or `decision` (what stood there before somebody chose between doubles)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that is kept about one person."""

    number: int
    codes: Mapping[str, str]
    """Each card code, the oldest first, with the moment at which it was given out."""
    memberships: Sequence[Membership]
    seen: Sequence[Seen]
    """The oldest first; also by records that were withdrawn or that are doubles."""
    records: Sequence[Row]
    """Every other record that names the person, the oldest first."""
    merges: Sequence[Proposal]
    beside: Sequence[Beside]
    confirmed: Sequence[tuple[str, str]] = ()
    """Where it was said that they still come, and when."""
    reasons: Sequence[tuple[Row, str, str]] = ()
    """Records about them alone that the office mended, when, and why in its own words."""


ASIDE = {
    "conflict": ("row", "answers"),
    "request": ("row", "answers"),
    "decision": ("other", "before"),
}
"""The tables that hold answers sealed whole: the column of the record, and the one of answers."""

_IS = "[{0}] IN (SELECT code FROM c)"
_AMONG = "EXISTS (SELECT 1 FROM json_each([{0}]) j WHERE j.value IN (SELECT code FROM c))"


def about(store: Store, connection: sqlite3.Connection, code: str) -> Person | None:
    """Everything kept about the person with this card, under all their cards; None for nobody."""
    number = person_of(connection, code)
    if number is None:
        return None
    found = connection.execute(
        f"SELECT q.code, q.at FROM people q WHERE {ROOT.format('q')} = ? ORDER BY q.id", (number,)
    )
    codes = {row["code"]: row["at"] for row in found}
    named = [
        row for form in store.forms.values() for row in _records(store, connection, form, codes)
    ]
    seen = [each for row in named for each in _seen(row, codes)]
    listing = dict(presence.FORMS)
    alone = [row for row in named if about_one(row.form)]
    return Person(
        number,
        codes,
        _memberships(connection, number),
        sorted(seen, key=lambda each: (each.date, each.row.received_at)),
        sorted(
            (row for row in named if row.form.form_id not in listing),
            key=lambda row: (row.form.order, row.received_at),
        ),
        [each for each in merge.proposals(connection) if not codes.keys().isdisjoint(each.codes)],
        _beside(store, connection, codes),
        _confirmed(connection, number),
        [
            (row, each.at, each.reason)
            for row in alone
            for each in corrections(connection, row.form, row.id)
        ],
    )


def about_one(form: Form) -> bool:
    """Whether each record of a form is about one person."""
    enters = form.entity is not None and form.entity.list_name == "people"
    return enters or any(kind_of(q).picks != "several" for q in naming(form))


def naming(form: Form) -> Sequence[Question]:
    """The questions of a form whose answers are card codes."""
    return [
        question
        for name, question in form.columns.items()
        if (question.register == "people" or name in PERSONAL) and not question.private
    ]


def _records(
    store: Store, connection: sqlite3.Connection, form: Form, codes: Mapping[str, str]
) -> Sequence[Row]:
    asked = naming(form)
    if not asked:
        return []
    holds = " OR ".join(
        (_AMONG if kind_of(question).picks == "several" else _IS).format(question.name)
        for question in asked
    )
    found = connection.execute(
        "WITH c (code) AS (SELECT value FROM json_each(?)) "
        f"SELECT _id FROM [{table_of(form.form_id)}] WHERE {holds} ORDER BY _received_at",
        (json.dumps([*codes]),),
    ).fetchall()
    return [rows.find(store, connection, form, each["_id"], None) for each in found]


def _seen(row: Row, codes: Mapping[str, str]) -> Sequence[Seen]:
    role = dict(presence.FORMS).get(row.form.form_id)
    if role is None:
        return []
    told: Mapping[str, Any] = row.values
    return [
        Seen(
            row,
            role,
            str(told.get("date") or ""),
            str(told.get("daypart") or ""),
            str(told.get("task") or ""),
            told.get(hours),
        )
        for who, hours in presence.LISTS
        if not codes.keys().isdisjoint(told.get(who) or [])
    ]


def _memberships(connection: sqlite3.Connection, number: int) -> Sequence[Membership]:
    found = connection.execute(
        "SELECT place, role, since, coalesce(until, ''), possibly_double "
        f"FROM ({MEMBERSHIPS}) WHERE person = ? ORDER BY since, place",
        (number,),
    )
    return [
        Membership(place, role, since, until, bool(double))
        for place, role, since, until, double in found
    ]


def _beside(
    store: Store, connection: sqlite3.Connection, codes: Mapping[str, str]
) -> Sequence[Beside]:
    found = []
    for table, (key, column) in ASIDE.items():
        for each in connection.execute(f"SELECT * FROM [{table}] ORDER BY at").fetchall():
            told = json.loads(store.seal.open(each[column], table, each[key], column))
            if each["form"] in store.forms and mentions(told, codes):
                found.append(Beside(each["form"], each["place"] or "", each["at"], table))
    return found


def mentions(told: Any, codes: Collection[str]) -> bool:
    """Whether one of `codes` stands anywhere in answers as they were set aside."""
    if isinstance(told, dict):
        return any(mentions(each, codes) for each in told.values())
    if isinstance(told, list):
        return any(mentions(each, codes) for each in told)
    return told in codes


def _confirmed(connection: sqlite3.Connection, number: int) -> Sequence[tuple[str, str]]:
    found = connection.execute(
        f"SELECT h.place, h.at FROM still_here h JOIN people q ON q.id = h.person "
        f"WHERE {ROOT.format('q')} = ? ORDER BY h.at",
        (number,),
    )
    return [(place, at) for place, at in found]
