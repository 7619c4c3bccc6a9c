"""What the rows of a survey sheet say: questions with their types, lists and registers."""

from __future__ import annotations

from fieldapp.ask.kind import Kind
from fieldapp.ask.kinds import KINDS
from fieldapp.ask.links import Want
from fieldapp.ask.sheets import Book, Row
from fieldapp.ask.vocabulary import picks_from_register, split_type


def questions(book: Book) -> dict[str, tuple[Row, Kind]]:
    """Every question with a name and a known type, by name."""
    found: dict[str, tuple[Row, Kind]] = {}
    for row in book.rows("survey"):
        kind = KINDS.get(split_type(row.get("type"))[0])
        if kind and row.get("name"):
            found.setdefault(row.get("name"), (row, kind))
    return found


def save_to_columns(book: Book) -> list[str]:
    """The columns of a register that the answers are saved to."""
    return list(
        dict.fromkeys(row.get("save_to") for row in book.rows("survey") if row.get("save_to"))
    )


def register_of(row: Row) -> str:
    """The register that a question picks from, or an empty text."""
    name, source = split_type(row.get("type"))
    kind = KINDS.get(name)
    return source.removesuffix(".csv") if kind and picks_from_register(kind) else ""


def list_of(row: Row) -> str:
    """The list that a question picks from, or an empty text."""
    name, source = split_type(row.get("type"))
    kind = KINDS.get(name)
    return source if kind and kind.picks and not picks_from_register(kind) else ""


def wanted_registers(book: Book) -> list[Want]:
    """The registers that the questions pick from."""
    return [
        Want(row.line, book.fault("survey", row.line, "type", "").column, register_of(row))
        for row in book.rows("survey")
        if register_of(row)
    ]


def parameters_of(row: Row) -> dict[str, str]:
    """The key=value pairs of a row; a word without = has an empty value."""
    pairs = (word.partition("=") for word in row.get("parameters").split())
    return {key: value for key, _, value in pairs}
