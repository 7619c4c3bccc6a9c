"""A filled-in workbook on its way in: what all of it would do, and then all of it or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.ask.filled import PLACE, headed
from fieldapp.ask.question import Choice, Form
from fieldapp.ask.upload import Sheet, Wrong
from fieldapp.errors import Message
from fieldapp.keep import correction, register
from fieldapp.keep import row as rows
from fieldapp.keep.people import is_personal
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store, Write
from fieldapp.web.matching import ADD, CHANGE, GONE, STAY, Coming, Looking


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do; with anything wrong in it, nothing."""

    form: Form
    coming: Sequence[Coming] = ()
    wrong: Sequence[Wrong] = ()
    left_alone: Sequence[Choice] = ()
    """The rows of the form's own register that the file does not name: they stay as they are."""
    sheet: Sheet = field(default_factory=Sheet)
    head: int = 0
    """The last line of the journal when this was looked at."""

    def of(self, action: str) -> Sequence[Coming]:
        """The rows that do this."""
        return [each for each in self.coming if each.action == action]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows do what."""
        return {action: len(self.of(action)) for action in (ADD, CHANGE, STAY, GONE)}

    @property
    def seal(self) -> str:
        """A fingerprint of what would happen: another when somebody changed something meanwhile."""
        told = [(each.action, each.row, each.found and each.found.edits) for each in self.coming]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def importable(form: Form) -> bool:
    """Whether records come in as a workbook: about places, and never about people."""
    if any(is_personal(question) for question in form.columns.values()):
        return False
    listed = form.entity.list_name if form.entity else ""
    return "office" not in form.places or listed in register.OF_PLACE or PLACE in form.key


def look(
    store: Store, connection: sqlite3.Connection, form: Form, sheet: Sheet, now: dt.datetime
) -> Plan:
    """What the rows of `sheet` would do now, or everything that is wrong with them."""
    if sheet.wrong:
        return Plan(form, wrong=sheet.wrong)
    if not sheet.lines:
        return Plan(form, wrong=[Wrong("", Message("Er staat niets op dit blad."))])
    first, *lines = sheet.lines
    columns = headed(form, first)
    if columns.wrong:
        return Plan(form, wrong=columns.wrong)
    if not lines:
        return Plan(form, wrong=[Wrong("", Message("Onder de koppen staat nog niets."))])
    looking = Looking(store, connection, form, columns, now)
    coming = list(looking.through(lines))
    if looking.wrong:
        return Plan(form, wrong=looking.wrong)
    head, _ = store.journal.head(connection)
    return Plan(form, coming, [], _left_alone(connection, form, coming), sheet, head)


def again(store: Store, write: Write, plan: Plan) -> Plan:
    """What the same file would do in the transaction of `write`, after what came meanwhile."""
    if plan.wrong or store.journal.head(write.connection)[0] == plan.head:
        return plan
    return look(store, write.connection, plan.form, plan.sheet, write.now)


def enter(
    store: Store, write: Write, plan: Plan, account: int | None, reason: str
) -> Mapping[str, int]:
    """Keeps everything that `plan` says, in the transaction of `write`; gives the counts.

    A change is a correction with `reason`; without an account the journal alone says of it.
    """
    for each in plan.coming:
        if each.action == ADD:
            origin = Origin(each.place, account=account)
            rows.add(store, write, plan.form, each.answer, each.row, origin)
        elif each.action == CHANGE and each.found:
            edits, origin = each.found.edits, Origin(None, account=account)
            if account is None:
                rows.change(store, write, plan.form, each.answer, each.row, edits, origin)
            else:
                correction.correct(
                    store, write, plan.form, each.answer, each.row, edits, origin, reason
                )
    return plan.counts


def _left_alone(
    connection: sqlite3.Connection, form: Form, coming: Sequence[Coming]
) -> Sequence[Choice]:
    listed = form.entity.list_name if form.entity else ""
    if listed not in register.OF_PLACE or len(form.key) != 1:
        return []
    named = {each.answer.values.get(form.key[0]) for each in coming}
    return [
        Choice(row["name"], {"nl": row["label"], "en": row["label"]})
        for row in register.rows(connection, listed)
        if row["name"] not in named
    ]
