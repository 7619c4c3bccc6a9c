"""The rows of a table as they look: how each cell is written, and how tall its row is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from openpyxl.cell import Cell as NativeCell
from openpyxl.styles import Alignment

from fieldapp.report import letters, paper, styles
from fieldapp.report.cells import quoted, write
from fieldapp.report.grid import Grid, Laid
from fieldapp.report.sheet import Column, Sheet
from fieldapp.report.styles import FORMATS, GREEN, GREY, LEVELS, LINE
from fieldapp.report.table import Cell, Row

TALL = 12.75  # points of one line of text
_TALLEST = 409.0  # points that Excel gives one row


def lay(page: Grid, sheet: Sheet, rows: Collection[Row], first: int, *, filled: bool) -> None:
    """Lays rows from row `first` on; the only one of a table that is not `filled` is a sentence."""
    _Rows(page, sheet, first, filled).lay(rows)


def aligned(column: Column, vertical: str = "center", *, wrap: bool) -> Alignment:
    """Numbers and words in their place stand right; text stands left, a little away from them."""
    side = FORMATS[column.format].align
    return styles.align(side, vertical, wrap=wrap, indent=int(side == "left"))


class _Rows:
    """Lays the rows of one table; what makes cells look alike is worked out once."""

    def __init__(self, page: Grid, sheet: Sheet, first: int, filled: bool) -> None:
        self.page, self.sheet, self.filled = page, sheet, filled
        self.widths = [paper.wide_as(sheet, column) for column in sheet.columns]
        self.laid = page.laid = Laid(first)
        self.looks: dict[tuple[object, ...], int] = {}

    def lay(self, rows: Collection[Row]) -> None:
        """Lays the rows."""
        known: dict[tuple[str, str], list[_Spot]] = {}
        for number, row in enumerate(rows, self.laid.first):
            shown = row.level, row.format
            if shown not in known:
                known[shown] = [self._spot(row, at) for at in range(len(row.cells))]
            looks, tall = [], 1
            for value, spot in zip(row.cells, known[shown], strict=True):
                if isinstance(value, str):
                    if value not in spot.texts:
                        spot.texts[value] = self._text(value, spot)
                    look, lines = spot.texts[value]
                    tall = max(tall, lines)
                else:
                    kept = spot.empty if value is None else spot.number
                    look = self._look(value, spot) if kept is None else kept
                looks.append(look)
            self.laid.lines.append((row.cells, looks))
            self.page.row_dimensions[number].height = min(4.25 + TALL * tall, _TALLEST)

    def _spot(self, row: Row, at: int) -> _Spot:
        column = self.sheet.columns[at] if self.filled else Column("", "")
        kind = row.shown_as(column)
        if column.mean_of and kind is FORMATS["integer"]:
            kind = FORMATS["decimal"]  # a mean of whole numbers is seldom one
        return _Spot(row.level, column, kind, self.widths[at])

    def _text(self, text: str, spot: _Spot) -> tuple[int, int]:
        """How a text looks, and over how many lines it runs."""
        wide = spot.wide - (0 if spot.words else 2)
        alone = spot.words and self.filled and " " not in text
        long = alone and letters.wide(text) > wide - 1
        look = self._look(text, spot, long=long)
        if long or not self.filled:
            return look, 1
        return look, letters.lines(text, wide, bold=LEVELS[spot.level][0] and not spot.words)

    def _look(self, value: Cell, spot: _Spot, *, long: bool = False) -> int:
        """The number of how a cell with this value looks."""
        word = isinstance(value, str) and spot.words
        marked = isinstance(value, str) and quoted(value)
        key = (spot.level, word, spot.kind, spot.column.format, value is None, marked, long)
        if key not in self.looks:
            self.looks[key] = len(self.laid.looks)
            self.laid.looks.append(self._style(value, spot, word=word, long=long))
        look = self.looks[key]
        if value is None:
            spot.empty = look
        elif not isinstance(value, str):
            spot.number = look
        return look

    def _style(self, value: Cell, spot: _Spot, *, word: bool, long: bool) -> Any:
        """How openpyxl keeps the looks of a cell: a look is made on a cell that nobody sees."""
        bold, color = LEVELS[spot.level]
        cell: Any = NativeCell(self.page, row=1, column=1)
        write(cell, value)
        color_of = GREY if word else spot.kind.color
        cell.font = styles.font(color=color_of, bold=bold and not word, family=spot.kind.family)
        cell.fill = styles.fill(styles.EMPTY if value is None else color)
        cell.border = styles.border(
            top=GREEN if spot.level == "total" else "",
            bottom=GREEN if spot.level == "total" else LINE,
        )
        cell.number_format = "@" if word else spot.kind.code
        wraps = word or (self.filled and spot.kind.holds == "text")
        cell.alignment = (
            styles.align("right", shrink=True) if long else aligned(spot.column, wrap=wraps)
        )
        return cell._style


@dataclass(slots=True)
class _Spot:
    """A column in the rows of one level and format; and how its cells look, as far as seen."""

    level: str
    column: Column
    kind: styles.Format
    wide: float
    texts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """How each text looks, and over how many lines it runs."""
    number: int | None = None
    empty: int | None = None

    @property
    def words(self) -> bool:
        """Whether a text in it stands in place of a number or a date."""
        return self.kind.holds != "text"
