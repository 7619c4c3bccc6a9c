"""How workbooks look: colours, number formats and the styles of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

FAMILY = "Arial"  # on every system, or a font of the same widths
SYMBOLS = "Segoe UI Symbol"  # has bars of every height; where it is not, another font that does
GREEN, TEXT, GREY, LINE, WHITE = "238541", "2E2E2E", "4A4A4A", "D0D0D0", "FFFFFF"
PALE, PALER, EMPTY, LINK = "D5E7D5", "EDF4ED", "FFE3B3", "1260A1"
SERIES = (GREEN, "9AA5A0", "806400", "1260A1", "7A7A7A", "CF1B07")
"""Colours of a chart, in the order of its series; neighbours also differ in grey."""


@dataclass(frozen=True, slots=True)
class Format:
    """A named number format: what a column's cells hold and how they are written."""

    code: str
    holds: str  # "text", "number", "date", "time", "moment" or "row"
    family: str = FAMILY
    color: str = TEXT

    @property
    def align(self) -> str:
        """Numbers stand right, the rest left."""
        return "right" if self.holds in {"number", "row"} else "left"


ROW = "row"
"""Of a column whose cells have the format that their row names in `_format`."""

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "text": Format("@", "text"),
        "integer": Format("#,##0", "number"),
        "number": Format("General", "number"),
        "decimal": Format("#,##0.0", "number"),
        "difference": Format("+#,##0.0;-#,##0.0;0.0", "number"),
        "percent": Format("0%", "number"),
        "euro": Format("[$€-413] #,##0", "number"),
        "date": Format("[$-413]d mmm yyyy", "date"),
        "month": Format("[$-413]mmm yyyy", "date"),
        "yes_no": Format("0", "number"),
        "time": Format("hh:mm", "time"),
        "moment": Format("[$-413]d mmm yyyy hh:mm", "moment"),
        "bars": Format("@", "text", SYMBOLS, GREEN),
        ROW: Format("@", "row"),
    }
)
"""The formats that workbook.toml may name."""

LEVELS: Mapping[str, tuple[bool, str]] = MappingProxyType(
    {"place": (False, ""), "wijk": (True, PALER), "total": (True, PALE)}
)
"""Per `_level`: whether a row is bold, and its fill."""


def font(
    size: float = 10,
    color: str = TEXT,
    *,
    bold: bool = False,
    line: bool = False,
    family: str = FAMILY,
) -> Font:
    """A font of the house; `line` underlines it, for links."""
    return Font(family, size, bold=bold, color=color, underline="single" if line else None)


def fill(color: str) -> PatternFill:
    """A plain fill; no colour is no fill."""
    return PatternFill("solid", fgColor=color) if color else PatternFill()


def border(*, top: str = "", bottom: str = "") -> Border:
    """Thin lines above and below in the colours given."""
    above, below = (Side("thin", color=color) if color else Side() for color in (top, bottom))
    return Border(top=above, bottom=below)


def align(
    horizontal: str = "left",
    vertical: str = "center",
    *,
    wrap: bool = False,
    turn: int = 0,
    indent: int = 0,
    shrink: bool = False,
) -> Alignment:
    """An alignment; `turn` writes upwards at that angle, `indent` keeps neighbours apart.

    A text that has to `shrink` becomes as small as its cell asks.
    """
    return Alignment(
        horizontal=horizontal,
        vertical=vertical,
        wrap_text=wrap,
        text_rotation=turn,
        indent=indent,
        shrink_to_fit=shrink,
    )
