"""One data sheet: title, native table, totals below it, notes and charts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report import chart, letters, paper, styles
from fieldapp.report.cells import plain, write
from fieldapp.report.grid import Grid
from fieldapp.report.paper import Ends, Frame
from fieldapp.report.rows import TALL, aligned, lay
from fieldapp.report.sheet import COVER, Chart, Sheet
from fieldapp.report.styles import GREEN, GREY, WHITE
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
_TURNED = 124.0  # points of a heading that is written upwards
_TALL, _TALL_HALF = 0.36, 0.5  # height of a chart for its width


@dataclass(frozen=True, slots=True)
class _Strip:
    """Charts beside each other, and how tall they are with the empty row above them."""

    charts: tuple[Chart, ...]
    tall: float


def draw(page: Grid, table: Table, frame: Frame) -> None:
    """Fills an empty worksheet with one table."""
    sheet = table.sheet
    if sheet.on_screen and not table.rows:
        sheet = replace(sheet, on_screen=False)
    last = paper.head(sheet)
    said = paper.only_on_screen(len(table.rows)) if sheet.on_screen else ""
    top(page, sheet, frame, last, paper.width(sheet, last), said)
    _headings(page, sheet)
    rows = tuple(table.rows) or (_nothing(sheet, frame),)
    lay(page, sheet, rows, HEADING + 1, filled=bool(table.rows))
    end = HEADING + len(rows)
    _native(page, sheet, table, end)
    notes = _notes(page, table, frame, end + 1, last)
    paper.set_up_table(page, sheet, frame, HEADING, _charts(page, table, notes))


def _charts(page: Worksheet, table: Table, notes: int) -> Ends:
    """Draws the charts below the notes, none for a single place: on the same page if they fit."""
    sheet = replace(table.sheet, charts=tuple(c for c in table.sheet.charts if _draws(table, c)))
    places = sum(row.level == "place" for row in table.rows)
    if places < 2 or not sheet.charts:
        return Ends(notes, notes)
    whole = paper.width(sheet)
    strips = _strips(sheet, whole)
    scale = paper.fits(page, sheet, notes, sum(strip.tall for strip in strips))
    breaks: list[int] = []
    tallest = paper.room(sheet)[1] / paper.scale(sheet)
    row, taken = notes, 0.0 if scale else tallest
    for strip in strips:
        if not scale and taken + strip.tall > tallest:
            breaks.append(row - 1)
            taken = 0
        left = 0.0
        for each in strip.charts:
            wide = whole / len(strip.charts)
            size = (wide, strip.tall - paper.EMPTY_ROW, scale or paper.scale(sheet))
            box = chart.Box(row + 1, paper.marker(sheet, left), *size)
            chart.draw(page, each, sheet.columns, (HEADING, HEADING + places), box)
            left += wide
        row, taken = row + math.ceil(strip.tall / paper.EMPTY_ROW), taken + strip.tall
    return Ends(notes, row, tuple(breaks))


def _draws(table: Table, each: Chart) -> bool:
    """Whether a chart has anything to show."""
    names = [column.name for column in table.sheet.columns]
    at = [names.index(name) for name in each.series]
    return any(isinstance(row.cells[nth], int | float) for row in table.rows for nth in at)


def _strips(sheet: Sheet, whole: float) -> list[_Strip]:
    """The charts of a sheet from top to bottom, those of half the width two by two."""
    strips: list[_Strip] = []
    for each in sheet.charts:
        before = strips[-1].charts if strips else ()
        if each.half and len(before) == 1 and before[0].half:
            strips[-1] = replace(strips[-1], charts=(*before, each))
        else:
            tall = whole / 2 * _TALL_HALF if each.half else whole * _TALL
            strips.append(_Strip((each,), tall + paper.EMPTY_ROW))
    return strips


def top(
    page: Worksheet, sheet: Sheet, frame: Frame, last: int, width: float, said: str = ""
) -> None:
    """Writes above a table what it is, of when, and the way back to the cover.

    Its sentence, with what is `said` besides, runs over `last` columns of that `width` together.
    """
    write(page["A1"], f"{sheet.name}, {frame.period}")
    page["A1"].font = styles.font(15, bold=True)
    page["A1"].alignment = styles.align()
    page.row_dimensions[1].height = 26
    write(page["A2"], f"{sheet.statement.about}\n{said}".strip())
    page["A2"].font = styles.font(10, GREY)
    _wide(page, 2, last, width)
    write(page["A3"], f"‹ {COVER}")
    page["A3"].font = styles.font(9, styles.LINK, line=True)
    page["A3"].hyperlink = Hyperlink(ref="A3", location=f"'{COVER}'!A1", display=COVER)
    page["A3"].alignment = styles.align(vertical="top")
    page.row_dimensions[3].height = 22


def _headings(page: Worksheet, sheet: Sheet) -> None:
    height = TALL
    for number, column in enumerate(sheet.columns, 1):
        cell: Any = page.cell(HEADING, number)
        write(cell, column.heading)
        turned, wide = paper.turned(sheet, column), paper.wide_as(sheet, column)
        cell.font = styles.font(10, WHITE, bold=True)
        cell.fill = styles.fill(GREEN)
        cell.alignment = (
            styles.align("center", "bottom", wrap=True, turn=90)
            if turned
            else aligned(column, "top", wrap=True)
        )
        page.column_dimensions[get_column_letter(number)].width = wide
        height = max(
            height,
            _TURNED if turned else TALL * letters.lines(column.heading, wide - 2, bold=True),
        )
    page.row_dimensions[HEADING].height = height + 14  # room for Excel's filter buttons


def _nothing(sheet: Sheet, frame: Frame) -> Row:
    text = sheet.empty or f"Geen gegevens in {frame.this}."
    return Row("place", (text, *("" for _ in sheet.columns[1:])))


def _native(page: Worksheet, sheet: Sheet, table: Table, end: int) -> None:
    """Makes the rows of level place a native table, so that a filter never mixes in totals."""
    places = sum(row.level == "place" for row in table.rows)
    last = HEADING + places if places else end
    ref = f"A{HEADING}:{get_column_letter(len(sheet.columns))}{last}"
    native: Any = NativeTable(displayName=f"t_{sheet.sql}", name=f"t_{sheet.sql}", ref=ref)
    native._initialise_columns()  # else openpyxl makes a cell of everything in it
    for column, named in zip(sheet.columns, native.tableColumns, strict=True):
        named.name = plain(column.heading)
    page.add_table(native)
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
        _wide(page, row, last, paper.width(table.sheet, last))
        row += 1
    return row


def _wide(page: Worksheet, row: int, last: int, width: float) -> None:
    """Lets the first cell of a row run over `last` columns, over as many lines as it needs."""
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
    page.cell(row, 1).alignment = styles.align(vertical="center", wrap=True)
    tall = letters.lines(str(page.cell(row, 1).value or ""), width / 5.25)
    page.row_dimensions[row].height = 5 + TALL * tall
