"""Columns that workbook.toml leaves out because a form describes them: questions by their name."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from sqlite3 import Connection

from fieldapp.ask.kinds import KINDS
from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import statement
from fieldapp.report.sheet import DESCRIPTION, Column, Sheet

_LONGEST = 60  # characters of a label that still make a heading
_WIDTHS = {"text": 24}
_WIDTH = 12


def with_questions(sheet: Sheet, names: Sequence[str], connection: Connection) -> Sheet:
    """`sheet` with a column at its end for each of `names` that is not described but is a question.

    The heading is the question's label, the format that of its type. Raises FilesBroken on names
    that are no question, or one that is never shown; what begins with _ is for the engine.
    """
    columns = list(sheet.columns)
    faults: list[Fault] = []
    for name in names:
        if name.startswith("_") or name in {column.name for column in columns}:
            continue
        try:
            label, kind = _question(sheet, name, connection)
        except LookupError as problem:
            sentence = (
                f"column '{name}' is not described in {DESCRIPTION}, and {problem}. "
                f"Add it under [sheet.columns] of '{sheet.name}', or call it _{name}."
            )
            line = statement.line_of(sheet.statement.text, name)
            faults.append(Fault(sheet.statement.file, line, sentence))
            continue
        format_ = KINDS[kind].shown_as
        heading = _heading(label or name, name, columns)
        columns.append(Column(name, heading, format_, _WIDTHS.get(format_, _WIDTH)))
    if faults:
        raise FilesBroken(faults)
    return replace(sheet, columns=tuple(columns))


def _question(sheet: Sheet, name: str, connection: Connection) -> tuple[str, str]:
    """Label and type of the one question that `name` can be; LookupError says why there is none."""
    found = [
        tuple(row)
        for row in connection.execute(
            "SELECT form_id, label, type FROM questions WHERE name = ? AND NOT private ORDER BY 1",
            (name,),
        )
    ]
    read = statement.names_in(sheet.statement.text)
    found = [row for row in found if row[0] in read] or found
    if not found:
        raise LookupError("no form has a public question of that name")
    if len(found) > 1:
        forms = ", ".join(row[0] for row in found)
        raise LookupError(f"several forms have a question of that name ({forms})")
    return found[0][1], found[0][2]


def _heading(label: str, name: str, before: Sequence[Column]) -> str:
    heading = textwrap.shorten(label, _LONGEST, placeholder="…")
    taken = {column.heading.casefold() for column in before}
    return f"{heading} ({name})" if heading.casefold() in taken else heading
