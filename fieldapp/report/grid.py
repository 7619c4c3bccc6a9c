"""A worksheet whose table is written as text: what openpyxl writes of it, without its cells.

A cell of openpyxl's own costs more than all that is told in it. Here a table is its rows and the
numbers of the looks of their cells; what stands above and below it are cells like any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook as Book
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report import inline
from fieldapp.report.table import Cell as Value

_TOGETHER = 500  # rows that are handed over in one piece

Line = tuple[Sequence[Value], Sequence[int]]
"""The values of a row, and the number of the look of each."""


@dataclass
class Laid:
    """The rows of a table, one below the other, and how cells look."""

    first: int
    """The number of the row on which the table begins."""
    lines: list[Line] = field(default_factory=list)
    looks: list[Any] = field(default_factory=list)
    """The looks by their number, as openpyxl keeps them: a `_style` each."""

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.lines) - 1


class Grid(Worksheet):
    """A worksheet with a table in it that has no cells."""

    laid: Laid | None = None

    def calculate_dimension(self) -> str:
        """The range that is written."""
        lines = self.laid.lines if self.laid else []
        wide = max(self.max_column, *(len(values) for values, _ in lines), 0)
        last = max(self.max_row, self.laid.last if self.laid else 0)
        return f"A1:{get_column_letter(wide)}{last}"


def added(book: Book, name: str) -> Grid:
    """A new empty grid at the end of a book."""
    grid = Grid(book, name)
    book._add_sheet(grid)  # type: ignore[attr-defined]  # the only door for a sheet of our own
    return grid


def let_go(book: Book) -> None:
    """Empties the sheets of a book that is written.

    The parts of openpyxl's books hold each other: what is in them waits for the garbage collector.
    """
    for sheet in book.worksheets:
        cells: Any = sheet
        cells._cells.clear()
        if isinstance(sheet, Grid):
            sheet.laid = None


def written(grid: Grid) -> Iterable[bytes]:
    """The whole sheet as it stands in the file, its table in pieces that are made when asked for.

    Its relations and the numbers of its looks are ready for who keeps it.
    """
    sheet: Any = grid
    drawing: Any = SpreadsheetDrawing()
    drawing.charts, drawing.images = sheet._charts, sheet._images
    sheet._drawing = drawing
    writer: Any = _Around(grid)
    writer.write()
    sheet._rels = writer._rels
    around = Path(writer.out).read_bytes()
    writer.cleanup()
    if grid.laid is None:
        return (around,)
    # A sign that begins an element cannot stand in a text, so this is where the next row begins.
    after = around.find(b'<row r="%d"' % (grid.laid.last + 1))
    at = after if after >= 0 else around.index(b"</sheetData>")
    return chain((around[:at],), _pieces(_lines(grid, grid.laid, writer.styles)), (around[at:],))


class _Around(WorksheetWriter):
    """Writes the cells above and below the table, and numbers the looks of those in between."""

    ws: Any
    styles: Mapping[int, str]

    def rows(self) -> Any:
        """The rows that have cells; looks are numbered in the order in which they stand there."""
        laid: Laid | None = self.ws.laid
        found = super().rows()
        if laid is None:
            yield from found
            return
        yield from (each for each in found if each[0] < laid.first)
        number = self.ws.parent._cell_styles.add
        looks = dict.fromkeys(chain.from_iterable(line[1] for line in laid.lines))
        self.styles = {look: f'" s="{number(laid.looks[look])}" t="' for look in looks}
        yield from (each for each in found if each[0] > laid.last)


def _pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """Rows handed over some together, so that a long table is never held as text."""
    while piece := "".join(islice(lines, _TOGETHER)):
        yield piece.encode()


def _lines(grid: Any, laid: Laid, styles: Mapping[int, str]) -> Iterator[str]:
    told, moments = _Texts(), _Moments()
    heights: dict[float, str] = {}
    letters = [get_column_letter(at + 1) for at in range(max(len(line[0]) for line in laid.lines))]
    for nth, (values, looks) in enumerate(laid.lines, laid.first):
        tall = grid.row_dimensions[nth]
        if tall.ht not in heights:
            heights[tall.ht] = "".join(f' {key}="{value}"' for key, value in tall)
        row = [f'<row r="{nth}"{heights[tall.ht]}>']
        for letter, value, look in zip(letters, values, looks, strict=False):
            if value is None or value == "":
                end = inline.EMPTY
            elif isinstance(value, str):
                end = told[value]
            elif isinstance(value, int | float):
                end = inline.number(value, f"{letter}{nth}")
            else:
                end = moments[value]
            row.append(f'<c r="{letter}{nth}{styles[look]}{end}')
        row.append("</row>")
        yield "".join(row)


class _Texts(dict[str, str]):
    """How each text ends its cell: worked out once, for the same words stand in every row."""

    def __missing__(self, value: str) -> str:
        made = self[value] = inline.text(value)
        return made


class _Moments(dict[dt.date | dt.time, str]):
    """How each day or time ends its cell."""

    def __missing__(self, value: dt.date | dt.time) -> str:
        made = self[value] = inline.moment(value)
        return made
