"""One .sql file: its header sentence, whether it is a single SELECT, and where an error stands."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from fieldapp.errors import Fault, FilesBroken

_WORD = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[A-Za-z_]\w*|\S", re.DOTALL
)
_WRITES = re.compile(
    "ALTER|ANALYZE|ATTACH|BEGIN|COMMIT|CREATE|DELETE|DETACH|DROP|INSERT|INTO|PRAGMA|REINDEX"
    "|ROLLBACK|SAVEPOINT|UPDATE|VACUUM"
)
_NAMED = re.compile(
    r"(?:no such (?:column|table|function)|ambiguous column name|wrong number of arguments to "
    r"function|access to|not authorized to use function):? (?P<name>[\w.]+)"
)


Value = str | int | float | bytes | None
"""What SQLite gives for one cell."""

Rows = tuple[tuple[str, ...], list[tuple[Value, ...]]]
"""The names of the columns, and the rows."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A SELECT of an export; `about` is the sentence of its first line, what one row means."""

    file: str
    text: str
    about: str

    @property
    def name(self) -> str:
        """What the file is called, without folder and ending."""
        return PurePosixPath(self.file).stem


def read(file: str, text: str) -> tuple[Statement, list[Fault]]:
    """The statement in `text` with its mistakes, so far as they show without a database."""
    faults = []
    first = text.partition("\n")[0]
    about = first.removeprefix("--").strip() if first.startswith("--") else ""
    if not about:
        sentence = (
            "the first line does not say what one row means. Begin with a comment, "
            "for example: -- Eén rij per plek: hoe vaak er iemand kwam."
        )
        faults.append(Fault(file, 1, sentence))
    if wrong := _not_one_select(text):
        faults.append(Fault(file, *wrong))
    return Statement(file, text, about), faults


def select(
    statement: Statement, connection: sqlite3.Connection, parameters: Mapping[str, str | None]
) -> Rows:
    """The names of the columns and the rows; raises FilesBroken on what SQLite refuses."""
    names, cursor = _begun(statement, connection, parameters)
    with _told(statement, connection, parameters):
        return names, cursor.fetchall()


def one_by_one(
    statement: Statement, connection: sqlite3.Connection, parameters: Mapping[str, str | None]
) -> tuple[tuple[str, ...], Iterator[tuple[Value, ...]]]:
    """The same, each row when it is asked for: none is held, and each can still raise."""
    names, cursor = _begun(statement, connection, parameters)

    def rows() -> Iterator[tuple[Value, ...]]:
        with _told(statement, connection, parameters):
            for row in cursor:  # noqa: UP028  ("from" would close a cursor after its database)
                yield row

    return names, rows()


def _begun(
    statement: Statement, connection: sqlite3.Connection, parameters: Mapping[str, str | None]
) -> tuple[tuple[str, ...], sqlite3.Cursor]:
    """The names of the columns, and what gives the rows as plain tuples."""
    with _told(statement, connection, parameters):
        cursor = connection.execute(statement.text, parameters)
    cursor.row_factory = None  # a Row that is made a tuple costs more than its values
    names = tuple(column[0] for column in cursor.description)
    if twice := [name for name in names if names.count(name) > 1]:
        line = line_of(statement.text, twice[0])
        sentence = f"column '{twice[0]}' is there twice. Rename one with AS."
        raise FilesBroken([Fault(statement.file, line, sentence)])
    return names, cursor


@contextmanager
def _told(
    statement: Statement, connection: sqlite3.Connection, parameters: Mapping[str, str | None]
) -> Iterator[None]:
    """Tells what SQLite refuses as FilesBroken."""
    try:
        yield
    except sqlite3.Error as error:
        raise FilesBroken([_fault(statement, connection, parameters, str(error))]) from error


def line_of(text: str, name: str) -> int:
    """The line of the last place in SQL outside comments where `name` stands; 0 when nowhere."""
    places = [at for at, word in _words(text) if word.strip('"') == name]
    return text.count("\n", 0, places[-1]) + 1 if places else 0


def names_in(text: str) -> frozenset[str]:
    """Every word of SQL outside comments, in small letters: what it reads is among them."""
    return frozenset(word.strip('"').lower() for _, word in _words(text))


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Words, quoted texts and signs of `text` with where they begin; comments left out."""
    for found in _WORD.finditer(text):
        if not found[0].startswith(("--", "/*")):
            yield found.start(), found[0]


def _not_one_select(text: str) -> tuple[int, str] | None:
    """Line and sentence when `text` is anything but one SELECT."""
    remedy = "An export is one SELECT (it may begin with WITH)."
    words = list(_words(text))
    if not words:
        return 1, f"there is no statement. {remedy}"
    depth = 0
    for place, (at, word) in enumerate(words):
        line = text.count("\n", 0, at) + 1
        depth += {"(": 1, ")": -1}.get(word, 0)
        if place == 0 and word.upper() not in {"SELECT", "WITH"}:
            return line, f"the statement begins with {word}. {remedy}"
        if depth == 0 and _WRITES.fullmatch(word.upper()):
            return line, f"{word.upper()} changes data. {remedy}"
        if word == ";" and place + 1 < len(words):
            return line, f"something follows the first ';'. {remedy}"
    return None


def _fault(
    statement: Statement,
    connection: sqlite3.Connection,
    parameters: Mapping[str, str | None],
    message: str,
) -> Fault:
    """SQLite's `message` as a fault, on the line that it is about where that can be told."""
    text, line = statement.text, 0
    if found := _NAMED.search(message):
        line = _first_line(text, found["name"])
        remedy = "Look up the names in the README under what exports may read."
    elif found := re.search(r'near "(.+)": syntax error', message, re.DOTALL):
        line = _syntax_line(text, connection, found[1])
        remedy = "Check the SQL on this line and the one before it."
    elif found := re.search(r"binding (?:parameter|value for) :?(\w+)", message):
        line = _first_line(text, found[1])
        names = " ".join(f":{name}" for name in parameters)
        remedy = f"It may use {names}." if names else "It takes none: join periods instead."
    else:
        remedy = "Correct the statement; it may only read."
    return Fault(statement.file, line, f"SQLite says: {message.rstrip('.')}. {remedy}")


def _first_line(text: str, name: str) -> int:
    """The first line on which the last part of a dotted `name` stands."""
    wanted = name.rpartition(".")[2]
    places = (at for at, word in _words(text) if word.strip('"') == wanted)
    at = next(places, None)
    return 0 if at is None else text.count("\n", 0, at) + 1


def _syntax_line(text: str, connection: sqlite3.Connection, near: str) -> int:
    """The line where SQLite stumbles over `near`: the shortest beginning that does not read."""
    for at, word in _words(text):
        if word != near:
            continue
        try:
            connection.execute(f"EXPLAIN {text[: at + len(word)]}")
        except sqlite3.Error as error:
            if str(error) == f'near "{near}": syntax error':
                return text.count("\n", 0, at) + 1
    return 0
