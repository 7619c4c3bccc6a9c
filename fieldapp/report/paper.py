"""How sheets print: how wide and tall they come out, where charts fit, header and footer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report import letters, styles
from fieldapp.report.sheet import COVER, Column, Sheet
from fieldapp.report.styles import FORMATS, GREY

ROOM = (770.0, 487.0)  # points that A4 on its side leaves between the margins
UPRIGHT = (523.0, 734.0)  # and A4 that stands
EMPTY_ROW = 15.0
_SQUEEZE = 1.3  # a table of hardly more than one page shrinks onto one
_HARDLY = 1.15  # nor does one of a few pages keep a last one with hardly a row
_READABLE = 0.75  # a table shrinks no further to have its charts on the same page
_SAFE = 0.98  # printers differ a little on how wide a column comes out


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
    """Where a sheet ends: the row after its notes and after its charts.

    `breaks` are the rows after which a new page begins.
    """

    notes: int
    row: int
    breaks: tuple[int, ...] = ()


def turned(sheet: Sheet, column: Column) -> bool:
    """Whether the heading of a column is written upwards."""
    return sheet.turned and FORMATS[column.format].holds == "number"


def wide_as(sheet: Sheet, column: Column) -> int:
    """How many characters a column is wide: as described, and no narrower than a word above it."""
    words = [] if turned(sheet, column) else column.heading.split()
    word = max((letters.wide(each, bold=True) for each in words), default=0)
    return max(column.width, math.ceil(word) + 3)


def pages_across(sheet: Sheet) -> tuple[tuple[Column, ...], ...]:
    """The columns on each page beside the other; the second repeats those that stay in sight."""
    names = [column.name for column in sheet.columns]
    if sheet.next_page not in names:
        return (sheet.columns,)
    at = names.index(sheet.next_page)
    return sheet.columns[:at], sheet.columns[: sheet.freeze] + sheet.columns[at:]


def head(sheet: Sheet) -> int:
    """Over how many columns title and notes run: those that print whole wherever they print."""
    if sheet.on_screen:
        widths = accumulate(_points(sheet, column) for column in sheet.columns)
        return max(sum(wide <= room(sheet)[0] for wide in widths), 1)
    if len(pages_across(sheet)) > 1:
        return sheet.freeze
    return max(len(sheet.columns), 1)


def width(sheet: Sheet, columns: int | None = None) -> float:
    """How many points that many columns are wide, or the table as far as its first page goes."""
    return _width(sheet, pages_across(sheet)[0] if columns is None else sheet.columns[:columns])


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


def fits(page: Worksheet, sheet: Sheet, row: int, tall: float) -> float | None:
    """The scale at which the rows before `row` and charts that tall print on one page.

    None when nobody could read that.
    """
    whole = scale(sheet)
    needed = min(whole, room(sheet)[1] / (used(page, row - 1) + tall))
    return needed if needed >= min(_READABLE, whole) else None


def only_on_screen(rows: int) -> str:
    """What the head of a sheet says that prints no further."""
    return (
        "Dit blad is voor het scherm en voor computers. "
        f"Op papier staat alleen deze kop: alle {rows} rijen staan in het bestand."
    )


def set_up_table(page: Worksheet, sheet: Sheet, frame: Frame, heading: int, ends: Ends) -> None:
    """A4, on its side or standing; a long table repeats the row of its headings on every page."""
    page.sheet_view.showGridLines = False
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation = "portrait" if sheet.upright else "landscape"
    set_up(page, frame, sheet.name)
    if sheet.on_screen:
        page.print_area = f"A1:{get_column_letter(head(sheet))}{heading - 1}"
        return
    page.print_area = f"A1:{get_column_letter(max(len(sheet.columns), 1))}{ends.row}"
    pages = used(page, ends.notes) / (room(sheet)[1] / scale(sheet))
    if (1 < pages <= _SQUEEZE) if ends.row == ends.notes else not ends.breaks:
        page.page_setup.fitToHeight = 1
    elif pages > 1:
        page.print_title_rows = f"{heading}:{heading}"
    first, *more = pages_across(sheet)
    if more:
        page.page_setup.pageOrder = "overThenDown"
        page.col_breaks.append(Break(id=len(first)))
        page.print_title_cols = f"A:{get_column_letter(sheet.freeze)}"
    for row in ends.breaks:
        page.row_breaks.append(Break(id=row))
    if more or ends.breaks:  # Excel forgets breaks when it may choose the scale
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
        over = pages / max(math.floor(pages), 1)
        shrunk = scale(sheet) / over if 1 < over <= _HARDLY else scale(sheet)
        page.page_setup.scale = math.floor(100 * shrunk * _SAFE)


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
