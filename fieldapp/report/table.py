"""The rows of one sheet: selected, checked for what a workbook cannot hold, small cells hidden."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import statement
from fieldapp.report.asked import with_questions
from fieldapp.report.privacy import Mark, protect
from fieldapp.report.sheet import Column, Sheet
from fieldapp.report.statement import Value
from fieldapp.report.styles import FORMATS, LEVELS

Cell = str | int | float | dt.date | None
"""What a cell shows; None is "not answered"."""

NOT_EXPECTED, NO_BASELINE, HIDDEN = "n.v.t.", "geen nulmeting", "afg."


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the `level` it stands at (place, wijk or total) and its cells."""

    level: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What one sheet shows."""

    sheet: Sheet
    rows: tuple[Row, ...]

    def total(self, name: str) -> Cell:
        """The cell of column `name` in the row of level total; None when there is none."""
        at = [column.name for column in self.sheet.columns].index(name)
        return next((row.cells[at] for row in self.rows if row.level == "total"), None)

    def holds(self, cell: Cell) -> bool:
        """Whether any cell of a number column is `cell`; None asks for "not answered"."""
        return any(cell in row.cells for row in self.rows)


def small(threshold: int) -> str:
    """How a count below the threshold is shown."""
    return f"<{threshold}"


def fetch(
    sheet: Sheet, connection: Connection, parameters: Mapping[str, str | None], threshold: int
) -> Table:
    """The table of `sheet`; counts of persons below `threshold` are protected (0 protects none).

    For one place the rows of all places are protected first, so that what is hidden in the
    workbook of all is hidden in that of one as well. Raises FilesBroken on what cannot be shown.
    """
    place = parameters["place"]
    hides = sheet.protects and threshold > 0
    given = {**parameters, "place": None} if hides else parameters
    names, rows = statement.select(sheet.statement, connection, given)
    _all_there(sheet, names)
    sheet = with_questions(sheet, names, connection)
    rows = sorted(rows, key=lambda row: list(LEVELS).index(_level(sheet, names, row)))
    levels = [_level(sheet, names, row) for row in rows]
    cells = [
        [_typed(sheet, column, row[names.index(column.name)]) for column in sheet.columns]
        for row in rows
    ]
    if hides:
        parents = _parents(levels, [row[names.index("_group")] for row in rows])
        for at, column in enumerate(sheet.columns):
            if column.protect:
                _hide(cells, at, parents, threshold)
    shown = [
        Row(level, tuple(row))
        for level, row, raw in zip(levels, cells, rows, strict=True)
        if not hides or place is None or (level, raw[names.index("_place")]) == ("place", place)
    ]
    return Table(sheet, tuple(shown))


def _all_there(sheet: Sheet, names: Sequence[str]) -> None:
    """Refuses what openpyxl saves in silence and Excel then calls damaged."""
    headings = [column.heading for column in sheet.columns]
    for heading in headings:
        if not isinstance(heading, str) or not heading.strip() or headings.count(heading) > 1:
            sentence = f"{heading!r} is no heading of its own: empty, no text, or there twice."
            raise FilesBroken([Fault(sheet.statement.file, 0, sentence)])
    needed = {column.name for column in sheet.columns}
    if sheet.protects:
        needed |= {"_level", "_group", "_place"}
    if missing := sorted(needed - set(names)):
        sentence = f"the SELECT gives no column {', '.join(missing)}. Add it."
        raise FilesBroken([Fault(sheet.statement.file, 0, sentence)])


def _level(sheet: Sheet, names: Sequence[str], row: Sequence[Value]) -> str:
    level = row[names.index("_level")] if "_level" in names else "place"
    if level not in LEVELS:
        sentence = f"_level is {level!r}. Use one of: {', '.join(LEVELS)}."
        line = statement.line_of(sheet.statement.text, "_level")
        raise FilesBroken([Fault(sheet.statement.file, line, sentence)])
    return str(level)


def _typed(sheet: Sheet, column: Column, value: Value) -> Cell:
    """`value` as its column holds it; a number column may hold three words as well."""
    holds = FORMATS[column.format].holds
    if value is None:
        return None
    if isinstance(value, str):
        if holds == "text" or value in {NOT_EXPECTED, NO_BASELINE}:
            return value
        try:
            if holds == "date":
                return dt.date.fromisoformat(value)
        except ValueError:
            pass
    elif isinstance(value, int | float) and math.isfinite(value):
        if holds == "text":
            return str(value)
        if holds == "number":
            return value
    sentence = (
        f"column '{column.name}' gives {str(value)[:40]!r}, which is no {holds}. "
        f"Use a {holds}, NULL, '{NOT_EXPECTED}' or '{NO_BASELINE}', or change its format."
    )
    line = statement.line_of(sheet.statement.text, column.name)
    raise FilesBroken([Fault(sheet.statement.file, line, sentence)])


def _parents(levels: Sequence[str], groups: Sequence[Value]) -> list[int | None]:
    """For each row the index of the row that it counts towards."""
    total = levels.index("total") if "total" in levels else None
    wijken = {groups[at]: at for at, level in enumerate(levels) if level == "wijk"}
    places = (wijken.get(group, total) for group in groups)
    above = {"wijk": total, "total": None}
    return [above.get(level, place) for level, place in zip(levels, places, strict=True)]


def _hide(
    rows: Sequence[list[Cell]], at: int, parents: Sequence[int | None], threshold: int
) -> None:
    """Replaces the cells of one column that may not be shown."""
    counts = [row[at] for row in rows]
    numbers = [count if isinstance(count, int | float) else 0 for count in counts]
    words = {Mark.SMALL: small(threshold), Mark.WITHHELD: HIDDEN}
    for row, mark in zip(rows, protect(numbers, parents, threshold), strict=True):
        row[at] = words.get(mark, row[at])
