"""The rows of one sheet: selected, checked for what a workbook cannot hold, small cells hidden."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import judgement, statement
from fieldapp.report.asked import with_questions
from fieldapp.report.bars import bars
from fieldapp.report.conceal import conceal
from fieldapp.report.heading import dated
from fieldapp.report.privacy import Mark
from fieldapp.report.sheet import Column, Sheet
from fieldapp.report.statement import Value
from fieldapp.report.styles import FORMATS, LEVELS, ROW, Format

Cell = str | int | float | dt.date | dt.time | None
"""What a cell shows; None is "not answered". A moment knows its zone."""

_FROM_TEXT: Mapping[str, Callable[[str], Cell]] = {
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "moment": dt.datetime.fromisoformat,
}

NOT_EXPECTED, NO_BASELINE, HIDDEN = "n.v.t.", "geen nulmeting", "afg."
CONFIDENTIAL = "vertrouwelijk"
NO_PATH = judgement.WORDS[judgement.NO_PATH]
WORDS = frozenset({NOT_EXPECTED, NO_BASELINE, HIDDEN, CONFIDENTIAL, NO_PATH, ""})
"""What may stand in place of a number or a date; nothing at all when there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the `level` it stands at (place, wijk or total), its cells, and its own format."""

    level: str
    cells: tuple[Cell, ...]
    format: str = "text"
    figure: str = ""
    """What the row tells, in a sheet that gives a row to each figure."""

    def shown_as(self, column: Column) -> Format:
        """How the cell in `column` is written."""
        return FORMATS[self.format if column.format == ROW else column.format]


@dataclass(frozen=True, slots=True)
class Table:
    """What one sheet shows."""

    sheet: Sheet
    rows: Collection[Row]

    def total(self, name: str) -> Cell:
        """The cell of column `name` in the row of level total; None when there is none."""
        return self._cell(name, lambda row: row.level == "total")

    def of(self, figure: str, name: str) -> Cell:
        """The cell of column `name` in the row of a figure; None when there is none."""
        return self._cell(name, lambda row: row.figure == figure)

    def _cell(self, name: str, wanted: Callable[[Row], bool]) -> Cell:
        at = [column.name for column in self.sheet.columns].index(name)
        return next((row.cells[at] for row in self.rows if wanted(row)), None)

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
    workbook of all is hidden in that of one as well; a mean is made of what is then still shown.
    Raises FilesBroken on what cannot be shown.
    """
    place = parameters["place"]
    hides = sheet.protects and threshold > 0
    of_all = hides or sheet.compares
    given = {**parameters, "place": None} if of_all else parameters
    names, rows = statement.select(sheet.statement, connection, given)
    all_there(sheet, names)
    sheet = dated(with_questions(sheet, names, connection), str(parameters["until"]))
    rank = {level: nth for nth, level in enumerate(LEVELS)}
    rows = sorted(rows, key=lambda row: rank[_level(sheet, names, row)])
    levels = [_level(sheet, names, row) for row in rows]
    formats = [_format(sheet, names, row) for row in rows]
    # What the engine fills is read from behind the row, where None stands.
    where = [len(names) if each.made else names.index(each.name) for each in sheet.columns]
    wanted = list(zip(sheet.columns, where, strict=True))
    cells = [
        [
            None if (value := row[nth]) is None else typed(sheet, column, value, own)
            for column, nth in wanted
        ]
        for row, own in zip(((*row, None) for row in rows), formats, strict=True)
    ]
    said = {name: _said(names, rows, name) for name in ("_figure", "_group", "_place", "_among")}
    persons = _said(names, rows, "_persons", 1)
    known = _said(names, rows, "_known")
    for figure in dict.fromkeys(said["_figure"]):
        of = [at for at, other in enumerate(said["_figure"]) if other == figure]
        if hides and any(persons[at] for at in of):
            groups = [said["_group"][at] for at in of]
            _hide(sheet, [cells[at] for at in of], [levels[at] for at in of], groups, threshold)
            if any(known[at] for at in of):
                _as_one(sheet, [cells[at] for at in of], [levels[at] for at in of])
        for nth, column in enumerate(sheet.columns):
            if column.mean_of:
                source = [other.name for other in sheet.columns].index(column.mean_of)
                mean = _mean([cells[at][source] for at in of if said["_among"][at]])
                for at in of:
                    cells[at][nth] = mean
    by_name = {column.name: nth for nth, column in enumerate(sheet.columns)}
    for nth, column in enumerate(sheet.columns):
        if column.draws:  # of what is shown, so that no bar tells what its cell hides
            for row in cells:
                row[nth] = bars([row[by_name[name]] for name in column.draws])
    shown = [
        Row(levels[at], tuple(cells[at]), formats[at], str(said["_figure"][at] or ""))
        for at in range(len(rows))
        if not of_all or place is None or (levels[at], said["_place"][at]) == ("place", place)
    ]
    return Table(sheet, tuple(shown))


def _said(
    names: Sequence[str], rows: Sequence[Sequence[Value]], name: str, default: Value = None
) -> list[Value]:
    """What a column for the engine says of each row; `default` where there is none."""
    at = names.index(name) if name in names else None
    return [default if at is None else row[at] for row in rows]


def _mean(cells: Sequence[Cell]) -> Cell:
    """The mean of what is shown; withheld when one of them is, or it would give that one away."""
    if any(isinstance(cell, str) and cell not in {NOT_EXPECTED, NO_BASELINE} for cell in cells):
        return HIDDEN
    numbers = [cell for cell in cells if isinstance(cell, int | float)]
    return sum(numbers) / len(numbers) if len(numbers) > 1 else NOT_EXPECTED


def all_there(sheet: Sheet, names: Sequence[str]) -> None:
    """Refuses what openpyxl saves in silence and Excel then calls damaged."""
    headings = [column.heading for column in sheet.columns]
    for heading in headings:
        if not isinstance(heading, str) or not heading.strip() or headings.count(heading) > 1:
            sentence = f"{heading!r} is no heading of its own: empty, no text, or there twice."
            raise FilesBroken([Fault(sheet.statement.file, 0, sentence)])
    needed = {column.name for column in sheet.columns if not column.made}
    if sheet.protects:
        needed |= {"_level", "_group", "_place"}
    if sheet.compares:
        needed |= {"_figure", "_place", "_among"}
    if any(column.format == ROW for column in sheet.columns):
        needed.add("_format")
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


def _format(sheet: Sheet, names: Sequence[str], row: Sequence[Value]) -> str:
    own = row[names.index("_format")] if "_format" in names else "text"
    if own not in FORMATS or own == ROW:
        known = ", ".join(name for name in FORMATS if name != ROW)
        sentence = f"_format is {own!r}. Use one of: {known}."
        line = statement.line_of(sheet.statement.text, "_format")
        raise FilesBroken([Fault(sheet.statement.file, line, sentence)])
    return str(own)


def typed(sheet: Sheet, column: Column, value: Value, own: str) -> Cell:
    """`value` as its column (or its row's `own` format) holds it, or a word in place of that."""
    holds = FORMATS[own if column.format == ROW else column.format].holds
    if value is None:
        return None
    if isinstance(value, str):
        if holds == "text" or value in WORDS:
            return value
        try:
            if holds in _FROM_TEXT:
                return _FROM_TEXT[holds](value)
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


def _hide(
    sheet: Sheet,
    rows: Sequence[list[Cell]],
    levels: Sequence[str],
    groups: Sequence[Value],
    threshold: int,
) -> None:
    """Replaces the cells that may not be shown."""
    words = {Mark.SMALL: small(threshold), Mark.WITHHELD: HIDDEN}
    for (row, nth), mark in conceal(sheet.columns, rows, levels, groups, threshold).items():
        rows[row][nth] = words[mark]


def _as_one(sheet: Sheet, rows: Sequence[list[Cell]], levels: Sequence[str]) -> None:
    """Hides all that counts where the total had to go: another sheet may tell it (`_known`)."""
    for nth in (nth for nth, column in enumerate(sheet.columns) if column.protect):
        if any(row[nth] == HIDDEN for row, at in zip(rows, levels, strict=True) if at == "total"):
            for row in rows:
                row[nth] = HIDDEN if row[nth] != 0 else 0
