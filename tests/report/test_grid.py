"""A table that is written without cells stands in the file as openpyxl writes its cells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook as Book
from openpyxl.worksheet._writer import WorksheetWriter

from fieldapp.report import styles
from fieldapp.report.cells import write
from fieldapp.report.grid import Laid, added, written
from fieldapp.report.table import Cell

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ROWS: list[tuple[Cell, ...]] = [
    ("Bouwlust", 12, 0.1 + 0.2, None, "", dt.date(2026, 10, 1)),
    ("=1+1", -3, 1e21, "@x", "-", dt.time(9, 5)),
    (
        " spaced ",
        0,
        2.0,
        "a\nb\r\nc",
        "\x07 <&> \"'",
        dt.datetime(2026, 3, 29, 3, tzinfo=AMSTERDAM),
    ),
    ("_x0041_", 10**17, 1 / 3, "   ", "é 😀 \ud800", "#N/A"),
    ('</sheetData><row r="9">', 1, 1, "x" * 40_000, "TRUE", "2026-10-01"),
]


def _both() -> tuple[bytes, bytes]:
    """A sheet by openpyxl, and the same as a grid: a row above, the table, a row below."""
    book = Book()
    cells: Any = book.create_sheet("cells")
    grid = added(book, "grid")
    for sheet in (cells, grid):
        for number in (1, 9):
            sheet.cell(number, 1, f"row {number}").style = "Title"
    laid = grid.laid = Laid(4)
    for number, row in enumerate(ROWS, laid.first):
        looks = []
        for at, value in enumerate(row, 1):
            cell = cells.cell(number, at)
            write(cell, value)
            cell.font = styles.font(bold=bool(at % 2))
            looks.append(len(laid.looks))
            laid.looks.append(cell._style)
        for sheet in (cells, grid):
            sheet.row_dimensions[number].height = 10 + number / 4
        laid.lines.append((row, looks))
    writer: Any = WorksheetWriter(cells)  # type: ignore[no-untyped-call]
    writer.write()
    plain = Path(writer.out).read_bytes()
    writer.cleanup()
    return plain, b"".join(written(grid))


def test_a_grid_is_written_byte_for_byte_as_openpyxl_writes_its_cells() -> None:
    plain, grid = _both()
    assert plain.count(b"<c ") == len(ROWS) * len(ROWS[0]) + 2
    assert grid == plain


def test_a_grid_without_a_row_below_ends_with_its_table() -> None:
    grid = added(Book(), "grid")
    grid.cell(1, 1, "above")
    grid.laid = Laid(3, [(("one", 2), (0, 0))], [None])
    grid.laid.looks[0] = grid.cell(1, 1)._style  # type: ignore[attr-defined]
    text = b"".join(written(grid))
    assert text.index(b"above") < text.index(b"one") < text.index(b"</sheetData>")
    assert b'<dimension ref="A1:B3" />' in text


def test_a_long_table_is_never_held_as_text() -> None:
    grid = added(Book(), "grid")
    look = grid.cell(1, 1)._style  # type: ignore[attr-defined]
    grid.laid = Laid(3, [((nth,), (0,)) for nth in range(1_200)], [look])
    pieces = list(written(grid))
    assert [piece.count(b"<row ") for piece in pieces] == [1, 500, 500, 200, 0]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    grid = added(Book(), "grid")
    grid.laid = Laid(1, [((value,), (0,))], [grid.cell(5, 1)._style])  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match=r"A1: .*is no number"):
        b"".join(written(grid))
