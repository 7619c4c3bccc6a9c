"""What happened to one record: its lines in the journal, what was set aside, what was asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.ask.reading import Stored
from fieldapp.keep.correction import corrections
from fieldapp.keep.row import Row
from fieldapp.keep.store import Store


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a record: of lists of people it knows how long they were."""

    at: str
    actor: str
    action: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """Another answer that came under the record's id: kept, and counted for nothing."""

    at: str
    actor: str
    values: Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class Asked:
    """A change or withdrawal that a place asked for; `outcome` is empty while it waits."""

    at: str
    action: str
    outcome: str


def lines(connection: sqlite3.Connection, row: Row) -> Sequence[Line]:
    """Everything that happened to a record, the first first, with the office's reasons."""
    reasons = {
        (each.at, each.action, f"account:{each.account}"): each.reason
        for each in corrections(connection, row.form, row.id)
    }
    found = connection.execute(
        "SELECT at, actor, action, before, after FROM journal WHERE object = ? AND row = ? "
        "ORDER BY id",
        (row.form.form_id, row.id),
    ).fetchall()
    return [
        Line(
            each["at"],
            each["actor"],
            each["action"],
            json.loads(each["before"] or "{}"),
            json.loads(each["after"] or "{}"),
            reasons.get((each["at"], each["action"], each["actor"]), ""),
        )
        for each in found
    ]


def aside(store: Store, connection: sqlite3.Connection, row: Row) -> Sequence[Aside]:
    """The other answers that came under the id of a record, without what is private."""
    found = connection.execute(
        "SELECT at, actor, answers FROM conflict WHERE form = ? AND row = ? ORDER BY at",
        (row.form.form_id, row.id),
    ).fetchall()
    return [
        Aside(
            each["at"],
            each["actor"],
            {
                name: value
                for name, value in json.loads(
                    store.seal.open(each["answers"], "conflict", row.id, "answers")
                ).items()
                if name in row.form.columns and not row.form.columns[name].private
            },
        )
        for each in found
    ]


def asked(connection: sqlite3.Connection, row: Row) -> Sequence[Asked]:
    """What a place asked to do with a record of a closed month, the first first."""
    found = connection.execute(
        "SELECT at, action, coalesce(outcome, '') FROM request WHERE form = ? AND row = ? "
        "ORDER BY id",
        (row.form.form_id, row.id),
    )
    return [Asked(*each) for each in found]


def names(connection: sqlite3.Connection) -> Mapping[str, str]:
    """Who writes in the journal, as far as the office has given them a name: its accounts."""
    return {
        f"account:{each['id']}": each["name"]
        for each in connection.execute("SELECT id, name FROM account")
    }
