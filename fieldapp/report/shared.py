"""Rows that several sheets share: one SELECT per file of `exports/shared`, run once per export."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import statement
from fieldapp.report.statement import Rows, Statement, Value

FOLDER = "shared"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LETTERS = "Use small letters, digits and _, and begin with a letter."


def load_shared(exports: Path) -> tuple[Statement, ...]:
    """The statements in the folder `shared` of `exports`, each after those that it reads.

    Raises FilesBroken with all faults.
    """
    found: dict[str, Statement] = {}
    faults: list[Fault] = []
    for path in sorted((exports / FOLDER).glob("*.sql")):
        file = f"{exports.name}/{FOLDER}/{path.name}"
        if not _NAME.fullmatch(path.stem):
            faults.append(
                Fault(file, 0, f"'{path.stem}' cannot be the name of a table. {_LETTERS}")
            )
        found[path.stem], wrong = statement.read(file, path.read_text("utf-8"))
        faults += wrong
    needs = {
        name: sorted(found.keys() & statement.names_in(each.text) - {name})
        for name, each in found.items()
    }
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as problem:
        first, *others = sorted(set(problem.args[1]))
        sentence = f"it and {', '.join(others)} read each other. Let one do without the others."
        raise FilesBroken([*faults, Fault(found[first].file, 0, sentence)]) from problem
    if faults:
        raise FilesBroken(faults)
    return tuple(found[name] for name in order)


def needed(shared: Sequence[Statement], texts: Iterable[str]) -> tuple[Statement, ...]:
    """Those of `shared` that the SQL in `texts` reads, or that one of them reads."""
    names = set[str]().union(*map(statement.names_in, texts))
    found = []
    for each in reversed(shared):
        if each.name in names:
            found.append(each)
            names |= statement.names_in(each.text)
    return tuple(reversed(found))


def reading(shared: Sequence[Statement], tables: Iterable[str]) -> tuple[Statement, ...]:
    """Those of `shared` that read one of `tables`, by themselves or through another."""
    names, found = set(tables), []
    for each in shared:
        if names & statement.names_in(each.text):
            found.append(each)
            names.add(each.name)
    return tuple(found)


def selections(
    shared: Sequence[Statement], parameters: Mapping[str, str | None]
) -> dict[str, Callable[[sqlite3.Connection], Rows]]:
    """What fills each shared table, by its name and in order; all hold every place."""
    given = {name: value for name, value in parameters.items() if name != "place"}
    return {each.name: partial(_select, each, given) for each in shared}


def _select(
    wanted: Statement, given: Mapping[str, str | None], connection: sqlite3.Connection
) -> Rows:
    if _taken(connection, wanted.name):
        sentence = f"exports can read a '{wanted.name}' already. Give this file another name."
        raise FilesBroken([Fault(wanted.file, 0, sentence)])
    names, rows = statement.one_by_one(wanted, connection, given)
    for name in names:
        if not _NAME.fullmatch(name):
            line = statement.line_of(wanted.text, name)
            sentence = f"'{name[:40]}' cannot be the name of a column: name it with AS. {_LETTERS}"
            raise FilesBroken([Fault(wanted.file, line, sentence)])
    texts: dict[Value, Value] = {}  # SQLite makes the same text anew for every row
    return names, [
        tuple([texts.setdefault(each, each) if type(each) is str else each for each in row])
        for row in rows
    ]


def _taken(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a statement could mean something else by `name`, be it refused or not."""
    try:
        connection.execute(f"SELECT 1 FROM [{name}] LIMIT 0")  # noqa: S608  (checked when loaded)
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True
    return True
