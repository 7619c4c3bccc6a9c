"""Names, and whatever else says who somebody is, taken out of what is kept; numbers stay."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.ask.kinds import from_column
from fieldapp.ask.question import Form
from fieldapp.keep.indexes import PERSONAL
from fieldapp.keep.journal import as_json
from fieldapp.keep.people import is_personal
from fieldapp.keep.person import ASIDE, about_one, naming
from fieldapp.keep.receipt import GONE
from fieldapp.keep.store import OWN_COLUMNS, Store, Write, table_of

NOBODY = "–"
"""What stands for somebody of whom only the count is kept."""

_SEALED = "[{0}] GLOB '1:*' AND length([{0}]) > 40"


@dataclass(frozen=True, slots=True)
class Named:
    """A record with private answers: whom it names, by card code, and since when it is here."""

    table: str
    row: str
    columns: tuple[str, ...]
    codes: frozenset[str]
    at: str


@dataclass(frozen=True, slots=True)
class Told:
    """Answers that were set aside: where, about which record, and as they are kept."""

    table: str
    row: str
    form: str
    at: str
    sealed: str


def named(store: Store, connection: sqlite3.Connection) -> Iterator[Named]:
    """Every record with a private answer, also of questions and forms that are asked no more."""
    forms = {table_of(form.form_id): form for form in store.forms.values()}
    for table in _form_tables(connection):
        form = forms.get(table)
        described = connection.execute(f"SELECT * FROM [{table}] LIMIT 0").description
        found = [column[0] for column in described]
        hidden = _hidden(found, form)
        asked = [q.name for q in naming(form)] if form else sorted(PERSONAL & set(found))
        if not hidden:
            continue
        for row in connection.execute(
            f"SELECT * FROM [{table}] WHERE {' OR '.join(hidden.values())} ORDER BY _received_at"
        ).fetchall():
            yield Named(
                table,
                row["_id"],
                tuple(hidden),
                frozenset(_codes(form, row, asked)),
                row["_received_at"],
            )


def wipe(write: Write, found: Iterable[Named]) -> int:
    """Empties the private answers of records, one edit further; how many records it were."""
    count = 0
    for each in found:
        emptied = ", ".join(f"[{column}] = NULL" for column in each.columns)
        write.connection.execute(
            f"UPDATE [{each.table}] SET {emptied}, _edits = _edits + 1 WHERE _id = ?",
            (each.row,),
        )
        write.connection.execute("UPDATE receipt SET sha256 = ? WHERE id = ?", (GONE, each.row))
        count += 1
    return count


def private_aside(store: Store, connection: sqlite3.Connection) -> Iterator[tuple[Told, Any]]:
    """Every answer that was set aside, asked for or decided about with something private in it."""
    for table, (key, column) in ASIDE.items():
        for row in connection.execute(
            f"SELECT DISTINCT [{key}] AS about, form, at, [{column}] AS sealed FROM [{table}]"
        ).fetchall():
            held = json.loads(store.seal.open(row["sealed"], table, row["about"], column))
            if _without(held, _private(store, row["form"])) != held:
                yield Told(table, row["about"], row["form"], row["at"], row["sealed"]), held


def wipe_aside(store: Store, write: Write, concerns: Callable[[Told, Any], bool]) -> int:
    """Takes what is private out of what was set aside and `concerns` us; how many it were."""
    count = 0
    for each, held in list(private_aside(store, write.connection)):
        if concerns(each, held):
            key, column = ASIDE[each.table]
            bare = as_json(_without(held, _private(store, each.form))) or ""
            write.connection.execute(
                f"UPDATE [{each.table}] SET [{column}] = ?1 WHERE [{key}] = ?2 AND [{column}] = ?3",
                (store.seal.close(bare, each.table, each.row, column), each.row, each.sealed),
            )
            count += 1
    return count


def everything(store: Store, write: Write) -> int:
    """Ends everything personal: whom records name, what is known of one person, and every card.

    Of a list of people its length stays; a record about one person keeps its place and when it
    came. How many records and cards it were.
    """
    run = write.connection.execute
    count = wipe(write, list(named(store, write.connection)))
    personal = [
        form for form in store.forms.values() if any(map(is_personal, form.columns.values()))
    ]
    for form in personal:
        count += _nobody(write, form)
        for table in ASIDE:
            run(f"DELETE FROM [{table}] WHERE form = ?", (form.form_id,))
        run("UPDATE receipt SET sha256 = ? WHERE form = ?", (GONE, form.form_id))
        run("UPDATE correction SET reason = ? WHERE form = ?", (NOBODY, form.form_id))
    run("DELETE FROM upload")
    run("DELETE FROM still_here")
    run("DELETE FROM merge")
    run("UPDATE people SET merged_into = NULL")
    return count + run("DELETE FROM people").rowcount


def _nobody(write: Write, form: Form) -> int:
    table = table_of(form.form_id)
    if about_one(form):
        answers = ", ".join(f"[{name}] = NULL" for name in form.columns)
        some = " OR ".join(f"[{name}] IS NOT NULL" for name in form.columns)
        return write.connection.execute(
            f"UPDATE [{table}] SET {answers}, _state = 'withdrawn', _edits = _edits + 1 "
            f"WHERE {some}"
        ).rowcount
    count = 0
    for question in naming(form):
        count += write.connection.execute(
            f"UPDATE [{table}] SET [{question.name}] = (SELECT json_group_array(?1) "
            f"FROM json_each([{question.name}])), _edits = _edits + 1 "
            f"WHERE [{question.name}] IS NOT NULL AND EXISTS (SELECT 1 "
            f"FROM json_each([{question.name}]) j WHERE j.value <> ?1)",
            (NOBODY,),
        ).rowcount
    return count


def _form_tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'form_*' ORDER BY name"
    )
    return [row[0] for row in found.fetchall()]


def _hidden(columns: Iterable[str], form: Form | None) -> Mapping[str, str]:
    """The private columns of a table, each with what holds where there is something in it."""
    found = {}
    for name in columns:
        question = form.columns.get(name) if form else None
        if question and question.private:
            found[name] = f"[{name}] IS NOT NULL"
        elif question is None and name not in OWN_COLUMNS:  # asked no more: maybe it was private
            found[name] = _SEALED.format(name)
    return found


def _private(store: Store, form_id: str) -> Collection[str]:
    form = store.forms.get(form_id)
    return {q.name for q in form.columns.values() if q.private} if form else ()


def _codes(form: Form | None, row: sqlite3.Row, asked: Iterable[str]) -> Iterator[str]:
    for name in asked:
        value = from_column(form.columns[name], row[name]) if form else row[name]
        yield from ([value] if isinstance(value, str) else value if isinstance(value, list) else [])


def _without(held: Any, private: Collection[str]) -> Any:
    if isinstance(held, dict):
        return {name: _without(each, private) for name, each in held.items() if name not in private}
    if isinstance(held, list):
        return [_without(each, private) for each in held]
    return held
