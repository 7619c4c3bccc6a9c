"""Decisions about doubles: made, listed, and undone as long as nothing changed since."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fieldapp.ask.question import Form
from fieldapp.errors import BadRequest, Conflict, NotFound, Refused
from fieldapp.keep import closing, register
from fieldapp.keep import row as rows
from fieldapp.keep.double import Double, Seen, double
from fieldapp.keep.journal import as_json
from fieldapp.keep.receipt import public
from fieldapp.keep.row import CURRENT, DOUBLE, WITHDRAWN, Origin, Row
from fieldapp.keep.store import Store, Write, stamp
from fieldapp.keep.way import JOINS, REPLACE, Around, Values, Way, ways

_MOST = 50  # decisions looked at, of the last ones


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody chose for a double, with what stood there before and what it left."""

    id: int
    form: Form
    place: str | None
    kept: str | None
    other: str
    how: str
    at: str
    undone_at: str
    seen: Seen
    before: Mapping[str, tuple[str, Values]]
    left: Mapping[str, tuple[str, Values]]
    """State and answers of each record that was changed, by its id."""

    @property
    def current(self) -> str | None:
        """The record that counted after it."""
        return self.other if self.how == REPLACE else self.kept


@dataclass(frozen=True, slots=True)
class _Change:
    row: Row
    values: Values
    state: str


def decide(
    store: Store,
    write: Write,
    form: Form,
    row: str,
    how: str,
    seen: Seen,
    origin: Origin,
    around: Around,
) -> Decision:
    """Goes one way with a double; the same once more changes nothing.

    Conflict when either record is no longer as the page had `seen` it, Refused when the two
    cannot become one, NotFound when the double is not of this place, Closed when a place decides
    about a month that is closed.
    """
    found = double(store, write.connection, form, row, origin.place)
    if found.other.state != DOUBLE:
        earlier = decision_on(store, write.connection, found.other)
        if earlier and (earlier.how, earlier.seen) == (how, seen):
            return earlier
    if found.other.state != DOUBLE or found.seen != seen:
        raise Conflict("Iemand anders heeft dit intussen veranderd.")
    if not origin.of_office:
        closing.guard(write.connection, form, found.other.values)
    offered = ways(write.connection, found.other, found.kept, around)
    way = next((each for each in offered if each.how == how), None)
    if way is None:
        raise BadRequest("Zo kunt u hier niet kiezen.")
    if way.refused:
        raise Refused(way.refused)
    return _keep(store, write, found, way)


def undo(store: Store, write: Write, number: int, origin: Origin) -> Decision:
    """Puts back what stood before a decision, exactly; undone already, it changes nothing.

    Conflict when one of its records is no longer as the decision left it, NotFound and Closed as
    for `decide`.
    """
    found = write.connection.execute(
        "SELECT * FROM decision WHERE id = ?1 AND (?2 IS NULL OR place = ?2)",
        (number, origin.place),
    ).fetchone()
    if not found or found["form"] not in store.forms:
        raise NotFound("Dit is er niet, of het is van een andere plek.")
    decision = _decision(store, found)
    if decision.undone_at:
        return decision
    stand = _as_left(store, write.connection, decision)
    if stand is None:
        raise Conflict("Dit kan niet meer ongedaan worden gemaakt: er is daarna iets veranderd.")
    if not origin.of_office:
        closing.guard(write.connection, decision.form, *(row.values for row in stand))
    changes = []
    for row in stand:
        state, values = decision.before[row.id]
        changes.append(_Change(row, {**row.values, **values}, state))
    _settle(store, write, "undo", changes)
    write.connection.execute(
        "UPDATE decision SET undone_at = ? WHERE id = ?", (stamp(write.now), number)
    )
    return decision


def decided(store: Store, connection: sqlite3.Connection, place: str | None) -> Sequence[Decision]:
    """The decisions of `place` (None: of all) that can still be undone, the last one first."""
    found = connection.execute(
        "SELECT * FROM decision WHERE undone_at IS NULL AND (?1 IS NULL OR place = ?1) "
        "ORDER BY id DESC LIMIT ?2",
        (place, _MOST),
    ).fetchall()
    known = [_decision(store, row) for row in found if row["form"] in store.forms]
    return [each for each in known if can_undo(store, connection, each)]


def decision_on(store: Store, connection: sqlite3.Connection, row: Row) -> Decision | None:
    """What was chosen for a record that waited; None when nothing was, or it was undone."""
    found = connection.execute(
        "SELECT * FROM decision WHERE form = ? AND other = ? AND undone_at IS NULL "
        "ORDER BY id DESC LIMIT 1",
        (row.form.form_id, row.id),
    ).fetchone()
    return _decision(store, found) if found else None


def can_undo(store: Store, connection: sqlite3.Connection, decision: Decision) -> bool:
    """Whether every record of the decision is still as it was left."""
    return _as_left(store, connection, decision) is not None


def _keep(store: Store, write: Write, found: Double, way: Way) -> Decision:
    other, kept = found.other, found.kept
    if way.how == REPLACE:
        changes = [_Change(kept, kept.values, WITHDRAWN)] if kept else []
        changes.append(_Change(other, other.values, CURRENT))
    else:
        changes = [_Change(kept, way.values, CURRENT)] if kept and way.how in JOINS else []
        changes.append(_Change(other, other.values, WITHDRAWN))
    told = {
        "seen": asdict(found.seen),
        "before": {each.row.id: (each.row.state, each.row.values) for each in changes},
        "left": _settle(store, write, f"decide {way.how}", changes),
    }
    kept_as = store.seal.close(as_json(told) or "", "decision", other.id, "before")
    made = write.connection.execute(
        "INSERT INTO decision (form, place, kept, other, how, at, actor, before) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (
            other.form.form_id,
            other.place,
            kept.id if kept else None,
            other.id,
            way.how,
            stamp(write.now),
            write.actor,
            kept_as,
        ),
    ).fetchone()
    return _decision(store, made)


def _settle(
    store: Store, write: Write, action: str, changes: Sequence[_Change]
) -> Mapping[str, tuple[str, Values]]:
    """Makes the changes, registers and journal with them; gives what stands then."""
    for each in changes:
        if each.row.state == CURRENT and each.state != CURRENT:
            register.leave(write, each.row.form, each.row.id)
    left: dict[str, tuple[str, Values]] = {}
    for each in changes:
        row, values = each.row, dict(each.values)
        if each.state == CURRENT:
            register.enter(store, write, row.form, row.id, row.place, values)
        rows.put(store, write, row, values, each.state)
        before = public(row.form, row.values) | {"_state": row.state}
        after = public(row.form, values) | {"_state": each.state}
        write.note(action, row.form.form_id, row.id, before, after)
        left[row.id] = (each.state, values)
    return left


def _as_left(
    store: Store, connection: sqlite3.Connection, decision: Decision
) -> Sequence[Row] | None:
    """The records of a decision when each is still as it was left; otherwise None."""
    found = []
    for row in (decision.kept, decision.other):
        if row is None or row not in decision.left:
            continue
        state, values = decision.left[row]
        try:
            now = rows.find(store, connection, decision.form, row, decision.place)
        except NotFound:
            return None
        same = (now.values[name] == values[name] for name in values if name in now.values)
        if now.state != state or not all(same):
            return None
        found.append(now)
    return found


def _decision(store: Store, found: sqlite3.Row) -> Decision:
    told: dict[str, Any] = json.loads(
        store.seal.open(found["before"], "decision", found["other"], "before")
    )
    return Decision(
        found["id"],
        store.forms[found["form"]],
        found["place"],
        found["kept"],
        found["other"],
        found["how"],
        found["at"],
        found["undone_at"] or "",
        Seen(**told["seen"]),
        told["before"],
        told["left"],
    )
