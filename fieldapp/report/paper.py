"""How sheets print: how wide and tall they come out, where charts fit, header and footer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report import styles
from fieldapp.report.sheet import COVER, Column, Sheet
from fieldapp.report.styles import FORMATS, GREY

ROOM = (770.0, 487.0)  # points that A4 on its side leaves between the margins
UPRIGHT = (523.0, 734.0)  # and A4 that stands
EMPTY_ROW = 15.0
_SQUEEZE = 1.3  # a table of hardly more than one page shrinks onto one
_SLACK = 4  # rows by which printers differ on where a page ends


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a workbook carries around its table."""

    title: str
    period: str
    this: str
    foot: str
    secret: bool
    threshold: int


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a sheet ends: its last column, the row after its notes, and after its charts."""

    column: int
    notes: int
    row: int


def turned(sheet: Sheet, column: Column) -> bool:
    """Whether the heading of a column is written upwards."""
    return sheet.turned and FORMATS[column.format].holds == "number"


def wide_as(sheet: Sheet, column: Column) -> int:
    """How many characters a column is wide: as described, and no narrower than a word above it."""
    word = 0 if turned(sheet, column) else max(map(len, column.heading.split()))
    return max(column.width, word + 3)


def pages_across(sheet: Sheet) -> tuple[tuple[Column, ...], ...]:
    """The columns on each page beside the other; the second repeats those that stay in sight."""
    names = [column.name for column in sheet.columns]
    if sheet.next_page not in names:
        return (sheet.columns,)
    at = names.index(sheet.next_page)
    return sheet.columns[:at], sheet.columns[: sheet.freeze] + sheet.columns[at:]


def width(sheet: Sheet) -> float:
    """How many points the table is wide, so far as its first page goes."""
    return _width(sheet, pages_across(sheet)[0])


def _width(sheet: Sheet, columns: Sequence[Column]) -> float:
    return sum(_points(sheet, column) for column in columns)


def _points(sheet: Sheet, column: Column) -> float:
    """How many points a column is wide: seven pixels a character and five around it."""
    return (wide_as(sheet, column) * 7 + 5) * 0.75


def marker(sheet: Sheet, left: float) -> tuple[int, float]:
    """The column, counted from 0, in which the point `left` lies, and how far into it."""
    for number, column in enumerate(sheet.columns):
        if left < (wide := _points(sheet, column)):
            return number, left
        left -= wide
    return len(sheet.columns), left


def room(sheet: Sheet) -> tuple[float, float]:
    """How many points wide and tall a page of the sheet is between its margins."""
    return UPRIGHT if sheet.upright else ROOM


def scale(sheet: Sheet) -> float:
    """By how much the table shrinks to print one page wide, or as many as it has."""
    widest = max(_width(sheet, columns) for columns in pages_across(sheet))
    return min(1.0, room(sheet)[0] / widest)


def used(page: Worksheet, row: int) -> float:
    """How many points the rows up to `row` take."""
    return sum(page.row_dimensions[number].height or EMPTY_ROW for number in range(1, row + 1))


def free_row(page: Worksheet, sheet: Sheet, row: int, tall: float) -> int:
    """The first row from `row` at which a chart is not cut by the end of a printed page."""
    tallest = room(sheet)[1] / scale(sheet)
    taken = used(page, row - 1) % tallest
    if taken + tall + EMPTY_ROW <= tallest:
        return row + 1
    return row + math.ceil((tallest - taken) / EMPTY_ROW) + _SLACK


def set_up_table(page: Worksheet, sheet: Sheet, frame: Frame, heading: int, ends: Ends) -> None:
    """A4, on its side or standing; a long table repeats the row of its headings on every page."""
    page.sheet_view.showGridLines = False
    page.print_area = f"A1:{get_column_letter(ends.column)}{ends.row}"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation = "portrait" if sheet.upright else "landscape"
    set_up(page, frame, sheet.name)
    pages = used(page, ends.notes) / (room(sheet)[1] / scale(sheet))
    if 1 < pages <= _SQUEEZE and ends.row == ends.notes:
        page.page_setup.fitToHeight = 1
    elif pages > 1:
        page.print_title_rows = f"{heading}:{heading}"
    first, *more = pages_across(sheet)
    if more:
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
        page.page_setup.scale = math.floor(100 * scale(sheet))
        page.page_setup.pageOrder = "overThenDown"
        page.col_breaks.append(Break(id=len(first)))
        page.print_title_cols = f"A:{get_column_letter(sheet.freeze)}"


def set_up(page: Worksheet, frame: Frame, name: str) -> None:
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
