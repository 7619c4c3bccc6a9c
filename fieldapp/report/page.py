"""One data sheet: title, native table, totals below it, notes, charts and how it prints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report import chart, styles
from fieldapp.report.cells import write
from fieldapp.report.sheet import COVER, Column, Sheet
from fieldapp.report.styles import FORMATS, GREEN, GREY, LEVELS, LINE, TEXT, WHITE
from fieldapp.report.table import HIDDEN, NO_BASELINE, NOT_EXPECTED, Row, Table, small

HEADING = 4  # the row of the column headings
_PAPER = (770.0, 487.0)  # points that A4 on its side leaves between the margins
_TALL = 0.36  # height of a chart for its width
_SQUEEZE = 1.3  # a table of hardly more than one page shrinks onto one
_SLACK = 4  # rows by which printers differ on where a page ends
_LINE = 12.75  # points of one line of text
_EMPTY_ROW = 15.0


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a workbook carries around its table."""

    title: str
    period: str
    this: str
    foot: str
    secret: bool
    threshold: int


def draw(page: Worksheet, table: Table, frame: Frame) -> None:
    """Fills an empty worksheet with one table."""
    sheet = table.sheet
    last = max(len(sheet.columns), 1)
    _top(page, sheet, frame, last)
    _headings(page, sheet)
    rows = table.rows or (_nothing(sheet, frame),)
    for number, row in enumerate(rows, HEADING + 1):
        _row(page, number, row, sheet.columns if table.rows else ())
    end = HEADING + len(rows)
    _native(page, sheet, table, end)
    end = after_notes = _notes(page, table, frame, end + 1, last)
    places = sum(row.level == "place" for row in table.rows)
    if places > 1:
        for each in sheet.charts:
            width = _width(sheet)
            start = _free_row(page, sheet, end, width * _TALL)
            box = chart.Box(start, width, width * _TALL, _scale(sheet))
            chart.draw(page, each, sheet.columns, (HEADING, HEADING + places), box)
            end = start + math.ceil(width * _TALL / _EMPTY_ROW)
    _print(page, sheet, frame, f"A1:{get_column_letter(last)}{end}")
    pages = _used(page, after_notes) / (_PAPER[1] / _scale(sheet))
    if 1 < pages <= _SQUEEZE and end == after_notes:
        page.page_setup.fitToHeight = 1
    elif pages > 1:
        page.print_title_rows = f"{HEADING}:{HEADING}"


def _top(page: Worksheet, sheet: Sheet, frame: Frame, last: int) -> None:
    write(page["A1"], f"{sheet.name}, {frame.period}")
    page["A1"].font = styles.font(15, bold=True)
    page["A1"].alignment = styles.align()
    page.row_dimensions[1].height = 26
    write(page["A2"], sheet.statement.about)
    page["A2"].font = styles.font(10, GREY)
    _wide(page, 2, last, sheet)
    write(page["A3"], f"‹ {COVER}")
    page["A3"].font = styles.font(9, styles.LINK, line=True)
    page["A3"].hyperlink = Hyperlink(ref="A3", location=f"'{COVER}'!A1", display=COVER)
    page["A3"].alignment = styles.align(vertical="top")
    page.row_dimensions[3].height = 22


def _headings(page: Worksheet, sheet: Sheet) -> None:
    height = _LINE
    for number, column in enumerate(sheet.columns, 1):
        cell: Any = page.cell(HEADING, number)
        write(cell, column.heading)
        turned = _turned(sheet, column)
        cell.font = styles.font(10, WHITE, bold=True)
        cell.fill = styles.fill(GREEN)
        cell.alignment = (
            styles.align("center", "bottom", wrap=True, turn=90)
            if turned
            else _aligned(column, "top", wrap=True)
        )
        page.column_dimensions[get_column_letter(number)].width = _wide_as(sheet, column)
        height = max(
            height, 118 if turned else _LINE * lines(column.heading, _wide_as(sheet, column) - 2)
        )
    page.row_dimensions[HEADING].height = height + 14  # room for Excel's filter buttons


def _nothing(sheet: Sheet, frame: Frame) -> Row:
    text = sheet.empty or f"Geen gegevens in {frame.this}."
    return Row("place", (text, *("" for _ in sheet.columns[1:])))


def _row(page: Worksheet, number: int, row: Row, columns: tuple[Column, ...]) -> None:
    """Writes one row; without `columns` its first cell is a sentence."""
    bold, color = LEVELS[row.level]
    tall = 1
    for at, value in enumerate(row.cells):
        column = columns[at] if columns else Column("", "")
        kind = FORMATS[column.format]
        cell: Any = page.cell(number, at + 1)
        write(cell, value)
        word = isinstance(value, str) and kind.holds != "text"
        cell.font = styles.font(color=GREY if word else TEXT, bold=bold and not word)
        cell.fill = styles.fill(styles.EMPTY if value is None else color)
        cell.border = styles.border(
            top=GREEN if row.level == "total" else "",
            bottom=GREEN if row.level == "total" else LINE,
        )
        cell.number_format = "@" if word else kind.code
        wraps = bool(columns) and kind.holds == "text"
        cell.alignment = styles.align("center") if word else _aligned(column, wrap=wraps)
        if wraps and isinstance(value, str):
            tall = max(tall, lines(value, column.width - 2))
    page.row_dimensions[number].height = 4.25 + _LINE * tall


def _native(page: Worksheet, sheet: Sheet, table: Table, end: int) -> None:
    """Makes the rows of level place a native table, so that a filter never mixes in totals."""
    places = sum(row.level == "place" for row in table.rows)
    last = HEADING + places if places else end
    ref = f"A{HEADING}:{get_column_letter(len(sheet.columns))}{last}"
    page.add_table(NativeTable(displayName=f"t_{sheet.sql}", name=f"t_{sheet.sql}", ref=ref))
    page.freeze_panes = f"{get_column_letter(sheet.freeze + 1)}{HEADING + 1}"


def _notes(page: Worksheet, table: Table, frame: Frame, row: int, last: int) -> int:
    """Writes below the table what its signs mean and what its makers noted; the next free row."""
    signs = {
        None: "Gekleurd en leeg = niet ingevuld",
        NOT_EXPECTED: f"{NOT_EXPECTED} = niet verwacht",
        NO_BASELINE: f"{NO_BASELINE} = geen beginstand bekend",
        small(frame.threshold): f"{small(frame.threshold)} = 1 tot en met {frame.threshold - 1}",
        HIDDEN: f"{HIDDEN} = afgeschermd",
    }
    used = [text for sign, text in signs.items() if table.holds(sign)]
    sentences = ["; ".join(used) + "."] if used else []
    for sentence in (*table.sheet.notes, *sentences):
        write(page.cell(row, 1), sentence)
        page.cell(row, 1).font = styles.font(9, GREY)
        _wide(page, row, last, table.sheet)
        row += 1
    return row


def _wide(page: Worksheet, row: int, last: int, sheet: Sheet) -> None:
    """Lets the first cell of a row run over the whole width, over as many lines as it needs."""
    width = _width(sheet) / 5.25
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
    page.cell(row, 1).alignment = styles.align(vertical="center", wrap=True)
    tall = lines(str(page.cell(row, 1).value or ""), width)
    page.row_dimensions[row].height = 5 + _LINE * tall


def _free_row(page: Worksheet, sheet: Sheet, row: int, tall: float) -> int:
    """The first row from `row` at which a chart is not cut by the end of a printed page."""
    room = _PAPER[1] / _scale(sheet)
    used = _used(page, row - 1) % room
    if used + tall + _EMPTY_ROW <= room:
        return row + 1
    return row + math.ceil((room - used) / _EMPTY_ROW) + _SLACK


def _used(page: Worksheet, row: int) -> float:
    """How many points the rows up to `row` take."""
    return sum(page.row_dimensions[number].height or _EMPTY_ROW for number in range(1, row + 1))


def _width(sheet: Sheet) -> float:
    """How many points the table is wide: seven pixels a character and five around a column."""
    return sum((_wide_as(sheet, column) * 7 + 5) * 0.75 for column in sheet.columns)


def _wide_as(sheet: Sheet, column: Column) -> int:
    """How many characters a column is wide: as described, and no narrower than a word above it."""
    word = 0 if _turned(sheet, column) else max(map(len, column.heading.split()))
    return max(column.width, word + 3)


def _aligned(column: Column, vertical: str = "center", *, wrap: bool) -> Alignment:
    """Numbers stand right; text stands left, a little away from the number before it."""
    side = FORMATS[column.format].align
    return styles.align(side, vertical, wrap=wrap, indent=int(side == "left"))


def _turned(sheet: Sheet, column: Column) -> bool:
    return sheet.turned and FORMATS[column.format].holds == "number"


def _scale(sheet: Sheet) -> float:
    """By how much the table shrinks to print one page wide."""
    return min(1.0, _PAPER[0] / _width(sheet))


def _print(page: Worksheet, sheet: Sheet, frame: Frame, area: str) -> None:
    page.sheet_view.showGridLines = False
    page.print_area = area
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation = "landscape"
    paper(page, frame, sheet.name)


def paper(page: Worksheet, frame: Frame, name: str) -> None:
    """A4, one page wide, with a header and footer."""
    page.page_setup.paperSize = "9"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    margins = page.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.75
    margins.header = margins.footer = 0.35
    header: Any = page.oddHeader
    footer: Any = page.oddFooter
    texts = (
        (header.left, "" if name == COVER else f"{frame.title}, {frame.period}"),
        (header.center, "NIET DELEN" if frame.secret else ""),
        (header.right, "" if name == COVER else name),
        (footer.left, "" if name == COVER else frame.foot),
        (footer.right, "Pagina &P van &N"),
    )
    for part, text in texts:
        if text:
            part.text = text if "&P" in text else text.replace("&", "&&")
            part.font, part.size, part.color = f"{styles.FAMILY},Regular", 8, GREY


def lines(text: str, width: float) -> int:
    """How many lines `text` needs in a column of that many digits: letters are narrower."""
    width = max(width * 1.15, 1)
    count = 0
    for paragraph in text.split("\n"):
        count, left = count + 1, width
        for word in paragraph.split(" "):
            if len(word) > left and left < width:
                count, left = count + 1, width
            count += max(0, math.ceil(len(word) / width) - 1)
            left -= len(word) + 1
    return count
