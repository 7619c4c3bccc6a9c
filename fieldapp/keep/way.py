"""The ways to decide about two records under one key: which apply, and what each comes to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.ask.answer import Context, check
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.ask.reading import Stored
from fieldapp.errors import Message, Refused
from fieldapp.keep.crew import lists
from fieldapp.keep.people import ROOT
from fieldapp.keep.presence import LISTS
from fieldapp.keep.row import Row

REPLACE, ADD, MERGE, IGNORE = "replace", "add", "merge", "ignore"
JOINS = (ADD, MERGE)
"""The ways that make one record of the two."""

Values = Mapping[str, Stored]
Around = Callable[[Form, Values], Context]
"""What a check of a record with these answers needs to know of its surroundings."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to decide: what counts after it, or why it cannot be gone."""

    how: str
    values: Values
    """The answers that count then; empty when none do."""
    refused: Mapping[str, Message] = field(default_factory=dict)


def ways(
    connection: sqlite3.Connection, other: Row, kept: Row | None, around: Around
) -> Sequence[Way]:
    """The ways for `other`, that waits, beside `kept`, that counts (None: there is none)."""
    found = [Way(REPLACE, other.values)]
    if kept:
        how = MERGE if lists(kept.form) else ADD if counts(kept.form) else ""
        found += [_joined(connection, how, kept, other, around)] if how else []
    return [*found, Way(IGNORE, kept.values if kept else {})]


def counts(form: Form) -> Sequence[str]:
    """The questions outside the key whose answers add up."""
    return [
        n for n, question in form.columns.items() if n not in form.key and kind_of(question).adds
    ]


def people_in(form: Form, values: Values) -> Sequence[str]:
    """The card codes in every list of people of a record, each once."""
    return list(dict.fromkeys(c for name in lists(form) for c in _codes(values, name)))


def hours_in(form: Form, values: Values) -> float:
    """The hours of everybody in a record together."""
    pairs = [(who, hours) for who, hours in LISTS if {who, hours} <= form.columns.keys()]
    given = [(len(_codes(values, who)), values.get(hours)) for who, hours in pairs]
    return sum(count * each for count, each in given if isinstance(each, int | float))


def _joined(connection: sqlite3.Connection, how: str, kept: Row, other: Row, around: Around) -> Way:
    """One record of the two, passed through the check of its form."""
    form = kept.form
    values = {
        name: kept.values.get(name)
        if name in form.key
        else kind_of(question).join(kept.values.get(name), other.values.get(name))
        for name, question in form.columns.items()
    }
    try:
        values |= _people(_persons(connection, kept, other), kept, other)
        raw = {
            name: value if isinstance(value, list) else [kind_of(form.columns[name]).text(value)]
            for name, value in values.items()
        }
        return Way(how, check(form, raw, around(form, kept.values)).values)
    except Refused as refused:
        return Way(how, kept.values, refused.messages)


def _persons(connection: sqlite3.Connection, *records: Row) -> Callable[[str], object]:
    """Who is meant by a card code: two cards may be of one person."""
    codes = [code for row in records for code in people_in(row.form, row.values)]
    found = connection.execute(
        f"SELECT q.code, {ROOT.format('q')} AS person FROM people q "
        "WHERE q.code IN (SELECT value FROM json_each(?))",
        (json.dumps(codes),),
    )
    known = {row["code"]: row["person"] for row in found}
    return lambda code: known.get(code, code)


def _people(person: Callable[[str], object], kept: Row, other: Row) -> dict[str, Stored]:
    """The lists of people of the two as one; who is in both stands there once, as in `kept`.

    Refused when there are more different hours than lists to keep them with.
    """
    form = kept.form
    pairs = [(who, hours) for who, hours in LISTS if {who, hours} <= form.columns.keys()]
    timed = {who: [*_codes(kept.values, who)] for who, _ in pairs}
    times = {who: kept.values.get(hours) for who, hours in pairs}
    here = {person(code) for codes in timed.values() for code in codes}
    for who, hours in pairs:
        new = [code for code in _codes(other.values, who) if person(code) not in here]
        given = other.values.get(hours)
        room = [each for each in timed if timed[each] and times[each] == given]
        room += [each for each in timed if not timed[each]]
        if new and not room:
            raise Refused({hours: _TOO_MANY_HOURS})
        if new:
            timed[room[0]] += new
            times[room[0]] = given
            here |= {person(code) for code in new}
    joined: dict[str, Stored] = {who: codes or None for who, codes in timed.items()}
    joined |= {hours: times[who] for who, hours in pairs}
    for name in lists(form):
        if name not in joined:
            first = [*_codes(kept.values, name)]
            known = {person(code) for code in first}
            new = [code for code in _codes(other.values, name) if person(code) not in known]
            joined[name] = first + new or None
    return joined


_TOO_MANY_HOURS = Message(
    "Er zijn te veel verschillende uren om er één lijst van te maken. "
    "Maak eerst bij één van de twee de uren gelijk."
)


def _codes(values: Values, name: str) -> Sequence[str]:
    listed = values.get(name)
    return listed if isinstance(listed, list) else ()
