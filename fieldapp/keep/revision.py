"""What changed in a month after it was closed, read from the journal: late, changed, withdrawn."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.ask.day import day_of, month_of
from fieldapp.ask.question import Form
from fieldapp.keep.closing import MONTH, Closing
from fieldapp.keep.store import table_of

LATE, CHANGED, WITHDRAWN = "late", "changed", "withdrawn"
_COUNTS = "current"


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of what counts in a month that was closed."""

    at: str
    actor: str
    kind: str
    """Late, changed or withdrawn."""
    form: Form
    row: str
    place: str
    day: str
    """The day that the record is about now."""

    @property
    def by_office(self) -> bool:
        """Whether the office did it, or took over what a place asked."""
        return self.actor.startswith("account:")


def revisions(
    connection: sqlite3.Connection, forms: Mapping[str, Form], closing: Closing
) -> Sequence[Revision]:
    """Every change of what counts in the month of a closing since it was closed, oldest first."""
    dated = {form_id: form for form_id, form in forms.items() if day_of(form)}
    longer = [form.form_id for form in dated.values() if form.expected in ("quarter", "year")]
    found = connection.execute(
        "SELECT at, actor, action, object, row, before, after FROM journal "
        "WHERE id > (SELECT max(id) FROM journal WHERE (object, row, action) = (?1, ?2, 'close')) "
        "AND object IN (SELECT value FROM json_each(?3)) AND action <> 'conflict' "
        # What names another month only is left where it is: reading it all would take long.
        "AND (instr(coalesce(before, '') || coalesce(after, ''), '\"' || ?2 || '-') "
        "OR before IS NULL AND action <> 'add' OR after IS NULL "
        "OR object IN (SELECT value FROM json_each(?4))) ORDER BY id",
        (MONTH, closing.month, json.dumps(list(dated)), json.dumps(longer)),
    )
    told = []
    for line in found.fetchall():
        form = dated[line["object"]]
        before, after = _read(line["before"]), _read(line["after"])
        kind = _kind(line["action"], before, after)
        if not kind:
            continue
        kept = _kept(connection, form, line["row"])
        abouts = {month_of(form, values) for values in (before, after) if values} - {""}
        if closing.month in (abouts or {month_of(form, kept)}):
            place = str(kept.get("_place") or "")
            day = str(kept.get(day_of(form)) or "")
            told.append(Revision(line["at"], line["actor"], kind, form, line["row"], place, day))
    return told


def _kind(
    action: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> str | None:
    """What became of what counts; None when nothing did: a double counts for nothing."""
    counted, counts = (
        values is not None and values.get("_state", _COUNTS) == _COUNTS
        for values in (before, after)
    )
    if before == after or not (counted or counts):
        return None
    if not counts:
        return WITHDRAWN
    return LATE if action == "add" else CHANGED


def _read(text: str | None) -> Mapping[str, Any] | None:
    if text is None:
        return None
    values: Mapping[str, Any] = json.loads(text)
    return values


def _kept(connection: sqlite3.Connection, form: Form, row: str) -> Mapping[str, Any]:
    """The place and the day of a record as they stand now."""
    found = connection.execute(
        f"SELECT _place, [{day_of(form)}] FROM [{table_of(form.form_id)}] WHERE _id = ?", (row,)
    ).fetchone()
    return dict(found) if found else {}
