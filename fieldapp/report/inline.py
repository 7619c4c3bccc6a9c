"""How one value stands in the file of a sheet: the end of its cell, from its type on."""

from __future__ import annotations

import datetime as dt
import math
from xml.sax.saxutils import escape

from openpyxl.utils.datetime import to_excel

from fieldapp.report.cells import plain

EMPTY = 'n" />'
"""Of a cell with a look and nothing in it."""


def text(value: str) -> str:
    """A text that stands in its own cell; its spaces stay."""
    kept = escape(plain(value))
    bare = kept.strip()
    spaces = ' xml:space="preserve"' if bare and bare != kept else ""
    return f'inlineStr"><is><t{spaces}>{kept}</t></is></c>'


def number(value: float, where: str) -> str:
    """A number as openpyxl writes it; ValueError, that says `where`, for what is none."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{where}: {value} is no number that a workbook can hold")
    return f'n"><v>{value:.16g}</v></c>'


def moment(value: dt.date | dt.time) -> str:
    """A day or a time: a workbook knows no zones, and counts in days."""
    bare = value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value
    days: float = to_excel(bare)  # type: ignore[no-untyped-call]
    return f'n"><v>{days:.16g}</v></c>'
