"""The sheets of a form that is an Excel workbook."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from types import MappingProxyType
from typing import Any

from openpyxl import load_workbook

from fieldapp.ask.sheets import CONTROL, Book, Builder, Sheet
from fieldapp.ask.zipped import trouble
from fieldapp.errors import Fault

MOST_ROWS = 5_000
MOST_COLUMNS = 200
STAND_IN = "0"  # for a cell that holds no text, so that it does not count as empty as well

_UNREADABLE = (  # what openpyxl raises on a damaged workbook
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    SyntaxError,  # of which the XML parser's ParseError is one
    NotImplementedError,
    RuntimeError,
)


def read_workbook(data: bytes, file: str) -> tuple[Book, list[Fault]]:
    """The sheets of an .xlsx XLSForm."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            found = trouble(archive)
        if found:
            return Book(file), [Fault(file, 0, f"is {found.value}. Save it as a plain .xlsx.")]
        workbook = load_workbook(BytesIO(data))
    except _UNREADABLE as error:
        sentence = (
            f"cannot be read as an Excel workbook ({type(error).__name__}). Save it as .xlsx again."
        )
        return Book(file), [Fault(file, 0, sentence)]
    builder = Builder(file)
    for worksheet in workbook.worksheets:
        name = worksheet.title
        if worksheet.max_row > MOST_ROWS or worksheet.max_column > MOST_COLUMNS:
            builder.fault(
                0,
                f"the sheet '{name}' reaches to row {worksheet.max_row} and column "
                f"{worksheet.max_column}. Delete the rows and columns after the form.",
            )
            continue
        for merged in worksheet.merged_cells.ranges:
            builder.fault(
                merged.min_row,
                "the cells are merged, so all but the first count as empty. Unmerge them.",
                f"{name}!{merged.coord}",
            )
        builder.begin(name, 1)
        for number, cells in enumerate(worksheet.iter_rows(), start=1):
            texts = [_cell_text(builder, name, cell) for cell in cells]
            if any(texts):
                if number > 1 and not builder.sheets[name].headers:
                    builder.fault(1, "row 1 is empty. Put the headers there.", f"{name}!1:1")
                builder.add(number, texts)
    builder.finish()
    sheets = dict(_versions_checked(builder, workbook))
    return Book(file, MappingProxyType(sheets)), builder.faults


def _cell_text(builder: Builder, sheet: str, cell: Any) -> str:
    """The text of a cell; what is not plain text or a plain number is a fault."""
    value, place = cell.value, f"{sheet}!{cell.coordinate}"
    if value is None:
        return ""
    if cell.data_type == "f":
        builder.fault(cell.row, "holds a formula. Paste its value as text in its place.", place)
        return STAND_IN
    if cell.data_type == "e":
        builder.fault(cell.row, f"shows the error {value}. Type the text itself.", place)
        return STAND_IN
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        builder.fault(
            cell.row,
            "is a date or time of Excel. Make the cell text (Format cells, Text) and type it "
            "again.",
            place,
        )
        return str(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).replace("\u00a0", " ").strip()
    if CONTROL.search(text):
        builder.fault(cell.row, "holds an invisible control character. Type it again.", place)
    return text


def _versions_checked(builder: Builder, workbook: Any) -> Iterator[tuple[str, Sheet]]:
    """The sheets, with a fault for a version that Excel keeps as a number."""
    for name, sheet in builder.sheets.items():
        yield name, sheet
        if name != "settings" or "version" not in sheet.headers:
            continue
        for row in sheet.rows:
            cell = workbook[name].cell(row.line, sheet.headers.index("version") + 1)
            if cell.data_type == "n" and not cell.is_date and cell.value is not None:
                builder.fault(
                    row.line,
                    "the version is a number, so Excel may shorten it. Make the cell text "
                    "(Format cells, Text) and type it again.",
                    f"{name}!{cell.coordinate}",
                )
