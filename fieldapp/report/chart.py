"""Native charts: the rows of level place of one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report.sheet import Chart, Column
from fieldapp.report.styles import FAMILY, FORMATS, GREY, LINE, SERIES, TEXT

_EMU = 12_700  # in a point


@dataclass(frozen=True, slots=True)
class Box:
    """Where a chart stands, in points, and by how much the page shrinks when it prints.

    `column` is the one in which it begins, counted from 0, and how far into it.
    """

    row: int
    column: tuple[int, float]
    width: float
    height: float
    scale: float


def draw(
    page: Worksheet,
    chart: Chart,
    columns: tuple[Column, ...],
    rows: tuple[int, int],
    box: Box,
) -> None:
    """Places a chart of `rows` (heading row, last row) in a box of the page."""
    names = [column.name for column in columns]
    heading, last = rows
    drawn: Any = LineChart() if chart.kind == "line" else BarChart()
    if isinstance(drawn, BarChart):
        drawn.gapWidth, drawn.overlap = 60, 100 if chart.kind == "stacked" else 0
        drawn.grouping = "stacked" if chart.kind == "stacked" else "clustered"
    over = LineChart() if chart.lines else None
    labels = names.index(chart.categories) + 1
    for place, name in enumerate((*chart.series, *chart.lines)):
        column = names.index(name) + 1
        values = Reference(page, min_col=column, min_row=heading, max_row=last)
        part = over if over and name in chart.lines else drawn
        color = TEXT if part is over else SERIES[place % len(SERIES)]
        part.series.append(_series(values, color, thick=part is over))
        part.set_categories(Reference(page, min_col=labels, min_row=heading + 1, max_row=last))
    _dress(drawn, chart, FORMATS[columns[names.index(chart.series[0])].format].code, box.scale)
    if over:
        drawn += over
    drawn.display_blanks = "gap"
    drawn.anchor = _anchor(box)
    page.add_chart(drawn)


def _series(values: Reference, color: str, *, thick: bool) -> Any:
    series: Any = Series(values, title_from_data=True)
    series.graphicalProperties = GraphicalProperties(solidFill=color)
    series.graphicalProperties.line = LineProperties(solidFill=color)
    if thick:
        series.graphicalProperties.line.width = 2 * _EMU
        series.marker = Marker("none")
        series.smooth = False  # a curve would show months that were not
    return series


def _anchor(box: Box) -> OneCellAnchor:
    column, into = box.column
    width, height = (round(points * _EMU) for points in (box.width, box.height))
    start = AnchorMarker(column, round(into * _EMU), box.row - 1, 0)
    return OneCellAnchor(_from=start, ext=XDRPositiveSize2D(width, height))


def _dress(drawn: Any, chart: Chart, number_format: str, scale: float) -> None:
    """Axes that show, quiet lines, the house's letters."""
    title = Paragraph(
        pPr=ParagraphProperties(defRPr=_letters(11 / scale, TEXT, bold=True)),
        r=[RegularTextRun(rPr=_letters(11 / scale, TEXT, bold=True), t=chart.title)],
    )
    drawn.title = chart.title
    drawn.title.tx.rich.p = [title]
    drawn.title.overlay = False
    small = _letters(8 / scale, GREY)
    letters = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=small), endParaRPr=small)])
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.delete = False
        axis.title = None
        axis.txPr = letters
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    drawn.y_axis.number_format = number_format.partition(";")[0]
    drawn.y_axis.scaling.min = 0
    if number_format == FORMATS["percent"].code:
        drawn.y_axis.scaling.max = 1
    if len(chart.series) + len(chart.lines) > 1:
        drawn.legend.position = "b"
        drawn.legend.txPr = letters
    else:
        drawn.legend = None


def _letters(size: float, color: str, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(
        latin=Font(typeface=FAMILY), sz=round(size) * 100, b=bold, solidFill=color
    )
