"""Crews: who stood together in the records of a form, so that they can be ticked together again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.ask.kinds import from_column, kind_of
from fieldapp.ask.question import Form
from fieldapp.keep.store import table_of

_READ = 300  # records, the newest
_OF_EACH = 2  # so that a day before the newest record has one too
_MOST = 12


@dataclass(frozen=True, slots=True)
class Crew:
    """The people of one current record."""

    date: str
    others: tuple[str, ...]
    """What the record's key holds beside the day, such as daypart and task."""
    codes: tuple[str, ...]


def lists(form: Form) -> tuple[str, ...]:
    """The questions of a keyed form in which several people are ticked."""
    return tuple(
        name
        for name, question in form.columns.items()
        if form.key and question.register == "people" and kind_of(question).picks == "several"
    )


def rest_of_key(form: Form, day: str) -> tuple[str, ...]:
    """What the key of `form` holds beside the day and the place, such as daypart and task."""
    return tuple(name for name in form.key if name not in (day, "place"))


def crews(
    connection: sqlite3.Connection, form: Form, day: str, place: str, before: str
) -> Sequence[Crew]:
    """The latest crews of `place` from before a day, newest first; few of each daypart and task.

    `day` is the question that says which day a record is about.
    """
    others = rest_of_key(form, day)
    who = lists(form)
    columns = ", ".join(f"[{name}]" for name in (*others, *who))
    like = ", ".join(f"[{name}]" for name in others) or "_place"
    found = connection.execute(
        f"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY {like} ORDER BY day DESC) AS nth"
        f" FROM (SELECT [{day}] AS day, _place, _received_at, {columns}"
        f" FROM [{table_of(form.form_id)}]"
        f" WHERE _place = ? AND [{day}] < ? AND _state = 'current' ORDER BY [{day}] DESC LIMIT ?))"
        " WHERE nth <= ? ORDER BY day DESC, _received_at DESC",
        (place, before, _READ, _OF_EACH),
    )
    made = (
        Crew(row["day"], tuple(str(row[name] or "") for name in others), _codes(form, row, who))
        for row in found
    )
    return [crew for crew in made if crew.codes][:_MOST]


def last_time(found: Sequence[Crew], others: tuple[str, ...]) -> Crew | None:
    """Of `crews` the latest with the same daypart and task, else the latest."""
    same = (crew for crew in found if crew.others == others)
    return next(same, None) or next(iter(found), None)


def _codes(form: Form, row: sqlite3.Row, who: Sequence[str]) -> tuple[str, ...]:
    lists = [from_column(form.questions[name], row[name]) for name in who]
    return tuple(dict.fromkeys(code for each in lists if isinstance(each, list) for code in each))
