"""One data sheet: title, native table, totals below it, notes and charts."""

from __future__ import annotations

import math
from copy import copy
from typing import Any

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report import chart, paper, styles
from fieldapp.report.cells import write
from fieldapp.report.paper import Ends, Frame
from fieldapp.report.sheet import COVER, Column, Sheet
from fieldapp.report.styles import FORMATS, GREEN, GREY, LEVELS, LINE, TEXT, WHITE
from fieldapp.report.table import (
    CONFIDENTIAL,
    HIDDEN,
    NO_BASELINE,
    NOT_EXPECTED,
    Row,
    Table,
    small,
)

HEADING = 4  # the row of the column headings
_LINE = 12.75  # points of one line of text
_TALL, _TALL_HALF = 0.36, 0.5  # height of a chart for its width
_TALLEST = 409.0  # points that Excel gives one row


Looks = dict[tuple[object, ...], Any]
"""How cells of one sheet look, each worked out once: openpyxl compares styles at length."""


def draw(page: Worksheet, table: Table, frame: Frame) -> None:
    """Fills an empty worksheet with one table."""
    sheet = table.sheet
    last = max(len(paper.pages_across(sheet)[0]), 1)
    top(page, sheet, frame, last)
    _headings(page, sheet)
    rows = table.rows or (_nothing(sheet, frame),)
    looks: Looks = {}
    for number, row in enumerate(rows, HEADING + 1):
        _row(page, number, row, sheet.columns if table.rows else (), looks)
    end = HEADING + len(rows)
    _native(page, sheet, table, end)
    notes = _notes(page, table, frame, end + 1, last)
    end = _charts(page, table, notes)
    paper.set_up_table(page, sheet, frame, HEADING, Ends(max(len(sheet.columns), 1), notes, end))


def _charts(page: Worksheet, table: Table, end: int) -> int:
    """Draws the charts below row `end`, none for a single place; the row that they reach."""
    places = sum(row.level == "place" for row in table.rows)
    if places < 2:
        return end
    sheet, whole = table.sheet, paper.width(table.sheet)
    start, left = 0, whole
    for each in sheet.charts:
        width = whole / 2 if each.half else whole
        tall = width * (_TALL_HALF if each.half else _TALL)
        if left + width > whole:  # no room beside the one before
            start, left = paper.free_row(page, sheet, end, tall), 0.0
        box = chart.Box(start, paper.marker(sheet, left), width, tall, paper.scale(sheet))
        chart.draw(page, each, sheet.columns, (HEADING, HEADING + places), box)
        end, left = max(end, start + math.ceil(tall / paper.EMPTY_ROW)), left + width
    return end


def top(page: Worksheet, sheet: Sheet, frame: Frame, last: int) -> None:
    """Writes above a table what it is, of when, and the way back to the cover."""
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
        turned, wide = paper.turned(sheet, column), paper.wide_as(sheet, column)
        cell.font = styles.font(10, WHITE, bold=True)
        cell.fill = styles.fill(GREEN)
        cell.alignment = (
            styles.align("center", "bottom", wrap=True, turn=90)
            if turned
            else _aligned(column, "top", wrap=True)
        )
        page.column_dimensions[get_column_letter(number)].width = wide
        height = max(height, 118 if turned else _LINE * paper.lines(column.heading, wide - 2))
    page.row_dimensions[HEADING].height = height + 14  # room for Excel's filter buttons


def _nothing(sheet: Sheet, frame: Frame) -> Row:
    text = sheet.empty or f"Geen gegevens in {frame.this}."
    return Row("place", (text, *("" for _ in sheet.columns[1:])))


def _row(page: Worksheet, number: int, row: Row, columns: tuple[Column, ...], looks: Looks) -> None:
    """Writes one row; without `columns` its first cell is a sentence."""
    bold, color = LEVELS[row.level]
    tall = 1
    for at, value in enumerate(row.cells):
        column = columns[at] if columns else Column("", "")
        kind = row.shown_as(column)
        if column.mean_of and kind is FORMATS["integer"]:
            kind = FORMATS["decimal"]  # a mean of whole numbers is seldom one
        cell: Any = page.cell(number, at + 1)
        write(cell, value)
        word = isinstance(value, str) and kind.holds != "text"
        wraps = bool(columns) and kind.holds == "text"
        look = (row.level, word, kind, column.format, wraps, value is None, cell.quotePrefix)
        if look in looks:
            cell._style = copy(looks[look])
        else:
            cell.font = styles.font(color=GREY if word else TEXT, bold=bold and not word)
            cell.fill = styles.fill(styles.EMPTY if value is None else color)
            cell.border = styles.border(
                top=GREEN if row.level == "total" else "",
                bottom=GREEN if row.level == "total" else LINE,
            )
            cell.number_format = "@" if word else kind.code
            cell.alignment = (
                styles.align("center", wrap=True) if word else _aligned(column, wrap=wraps)
            )
            looks[look] = copy(cell._style)
        if (wraps or (word and columns)) and isinstance(value, str):
            tall = max(tall, paper.lines(value, column.width - (0 if word else 2)))
    page.row_dimensions[number].height = min(4.25 + _LINE * tall, _TALLEST)


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
        CONFIDENTIAL: f"{CONFIDENTIAL} = het bureau geeft dit niet vrij",
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
    width = paper.width(sheet) / 5.25
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
    page.cell(row, 1).alignment = styles.align(vertical="center", wrap=True)
    tall = paper.lines(str(page.cell(row, 1).value or ""), width)
    page.row_dimensions[row].height = 5 + _LINE * tall


def _aligned(column: Column, vertical: str = "center", *, wrap: bool) -> Alignment:
    """Numbers stand right; text stands left, a little away from the number before it."""
    side = FORMATS[column.format].align
    return styles.align(side, vertical, wrap=wrap, indent=int(side == "left"))
