"""A sheet of records as they are kept: a row each, made one by one while the file is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook as Book
from openpyxl.cell import Cell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from fieldapp.report import page, paper, styles
from fieldapp.report.archive import LARGEST
from fieldapp.report.cells import write
from fieldapp.report.grid import Grid, written
from fieldapp.report.markup import Look, markup
from fieldapp.report.page import HEADING
from fieldapp.report.paper import Frame
from fieldapp.report.sheet import Column
from fieldapp.report.stream import Stream, TooMany
from fieldapp.report.styles import FORMATS, GREEN, WHITE
from fieldapp.report.table import Table

_FROZEN = 2  # the columns that stay in sight: when it came in, and the place
_LETTER, _ROOM = 5.6, 18.0  # points of a letter that is turned, and of the filter's button
_CHARACTER, _SMALLEST = 5.6, 0.6  # points that one is wide, and how far print may shrink
_WIDEST = 40  # characters of a column of texts
_PAGES = 3  # that a table may take on paper
_NARROW = 5
"""Characters of a column of ones and zeros, whose heading is turned."""


class Listing(Worksheet):
    """A worksheet of which only the headings are cells; its records become cells when written."""

    table: Table
    looks: Sequence[tuple[Any, Any]]

    def records(self) -> Iterator[tuple[int, list[Cell]]]:
        """The number and the cells of every row; an empty cell is none."""
        for number, row in enumerate(self.table.rows, HEADING + 1):
            cells = []
            for at, value in enumerate(row.cells):
                if value is not None and value != "":
                    cell: Any = Cell(self, row=number, column=at + 1)
                    write(cell, value)
                    cell._style = self.looks[at][cell.quotePrefix]
                    cells.append(cell)
            yield number, cells

    def calculate_dimension(self) -> str:
        """The range that is written."""
        last = HEADING + max(len(self.table.rows), 1)
        return f"A1:{get_column_letter(len(self.table.sheet.columns))}{last}"


class Writer(ExcelWriter):
    """Writes workbooks; what listings and grids hold is never a cell.

    Of a listing whose rows are a Stream only what stands around them; `part` adds them. Of a grid
    only its name: `part` tells the whole.
    """

    def __init__(self, book: Book, archive: ZipFile) -> None:
        super().__init__(book, archive)
        self._streams: dict[str, tuple[Stream, Sequence[Look]]] = {}
        self._grids: dict[str, Iterable[bytes]] = {}

    def part(self, name: str, written: bytes) -> bytes | Iterable[bytes]:
        """What stands in the file under a name, in pieces where it is long."""
        if name in self._grids:
            return self._grids.pop(name)
        if name not in self._streams:
            return written
        rows, looks = self._streams[name]
        return _filled(written, markup(rows, looks, HEADING + 1), rows.sheet.name)

    def write_worksheet(self, ws: Any) -> None:
        """Adds one sheet to the file."""
        if isinstance(ws, Grid):
            kept: Any = ws
            self._grids[kept.path[1:]] = written(ws)
            vars(self)["_archive"].writestr(kept.path[1:], b"")
            self.manifest.append(kept)
            return
        if not isinstance(ws, Listing):
            super().write_worksheet(ws)
            return
        sheet: Any = ws
        sheet._drawing = SpreadsheetDrawing()
        writer: Any = _RowByRow(ws)
        writer.write()
        sheet._rels = writer._rels
        archive: Any = vars(self)["_archive"]
        archive.write(writer.out, sheet.path[1:])
        self.manifest.append(sheet)
        writer.cleanup()
        if isinstance(ws.table.rows, Stream):
            number = sheet.parent._cell_styles.add
            looks = [(number(plain), number(marked)) for plain, marked in ws.looks]
            self._streams[sheet.path[1:]] = ws.table.rows, looks


class _RowByRow(WorksheetWriter):
    ws: Any

    def rows(self) -> Any:
        yield from super().rows()
        if not isinstance(self.ws.table.rows, Stream):
            yield from self.ws.records()


def _filled(around: bytes, rows: Iterable[bytes], name: str) -> Iterator[bytes]:
    """A sheet with rows after those that it has."""
    before, end, after = around.partition(b"</sheetData>")
    size = len(around)
    yield before
    for piece in rows:
        size += len(piece)
        if size > LARGEST:
            raise TooMany(f"{name} has more than a sheet holds: choose a shorter period")
        yield piece
    yield end + after


def draw(book: Book, table: Table, frame: Frame) -> None:
    """Adds a worksheet with the records of one table."""
    sheet = table.sheet
    listing = Listing(book, sheet.name)
    book._add_sheet(listing)  # type: ignore[attr-defined]  # the only door for a sheet of our own
    listing.table = table
    listing.looks = [_looks(listing, column) for column in sheet.columns]
    _headings(listing, table)
    if not table.rows:
        write(listing.cell(HEADING + 1, 1), f"Geen gegevens in {frame.this}.")
    native: Any = NativeTable(
        displayName=f"t_{sheet.sql}",
        name=f"t_{sheet.sql}",
        ref=listing.calculate_dimension().replace("A1", f"A{HEADING}"),
    )
    native._initialise_columns()
    for column, named in zip(sheet.columns, native.tableColumns, strict=True):
        named.name = column.heading
    listing.add_table(native)
    listing.freeze_panes = f"{get_column_letter(_FROZEN + 1)}{HEADING + 1}"
    listing.page_setup.orientation = "landscape"
    paper.set_up(listing, frame, sheet.name)
    listing.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    _on_paper(listing, frame)


def _on_paper(listing: Listing, frame: Frame) -> None:
    """A short table prints whole, a long one only its head: nobody reads that on paper."""
    widths = [dimension.width * _CHARACTER for dimension in listing.column_dimensions.values()]
    fitting = max(sum(wide <= paper.ROOM[0] for wide in accumulate(widths)), 1)
    rows, sheet = len(listing.table.rows), listing.table.sheet
    across = math.ceil(sum(widths) * _SMALLEST / paper.ROOM[0])
    scale = min(1.0, paper.ROOM[0] * across / sum(widths))
    down = math.ceil((rows + HEADING) * paper.EMPTY_ROW * scale / paper.ROOM[1])
    said = paper.only_on_screen(rows) if across * down > _PAGES else ""
    page.top(listing, sheet, frame, fitting, sum(widths[:fitting]), said)
    if said or not rows:
        last = HEADING - 1 if said else HEADING + 1
        listing.print_area = f"A1:{get_column_letter(fitting)}{last}"
        return
    listing.page_setup.fitToWidth = across
    listing.print_title_rows = f"{HEADING}:{HEADING}"
    listing.print_title_cols = f"A:{get_column_letter(_FROZEN)}"


def _headings(listing: Listing, table: Table) -> None:
    tall = 0.0
    for number, column in enumerate(table.sheet.columns, 1):
        cell: Any = listing.cell(HEADING, number)
        write(cell, column.heading)
        turned = column.format == "yes_no"
        cell.font = styles.font(10, WHITE, bold=True)
        cell.fill = styles.fill(GREEN)
        cell.alignment = (
            styles.align("center", "top", turn=90)
            if turned
            else styles.align(side := FORMATS[column.format].align, "bottom", indent=side == "left")
        )
        letter, length = get_column_letter(number), len(column.heading)
        listing.column_dimensions[letter].width = (
            _NARROW if turned else max(column.width, length + 4, _longest(table, number - 1))
        )
        tall = max(tall, length * _LETTER * turned)
    listing.row_dimensions[HEADING].height = tall + _ROOM


def _longest(table: Table, at: int) -> int:
    """How many characters the longest text of a column has, as far as a column goes."""
    if isinstance(table.rows, Stream):
        longest = table.rows.longest[at]
    else:
        texts = (row.cells[at] for row in table.rows)
        longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
    return min(longest + 3, _WIDEST)


def _looks(listing: Listing, column: Column) -> tuple[Any, Any]:
    """The styles of a column's cells, shared by all of them: plain, and marked as text."""
    kind = FORMATS[column.format]
    made = []
    for quoted in (False, True):
        cell: Any = Cell(listing, row=1, column=1)
        cell.font = styles.font()
        cell.number_format = kind.code
        cell.alignment = styles.align(kind.align, indent=int(kind.align == "left"))
        cell.quotePrefix = quoted
        made.append(cell._style)
    return made[0], made[1]
