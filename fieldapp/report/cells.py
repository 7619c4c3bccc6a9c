"""Writes values into cells so that a workbook holds exactly them: typed, and never a formula."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from openpyxl.cell import Cell

from fieldapp.report.table import Cell as Value

LONGEST = 32_767  # what Excel keeps of one text
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(cell: Any, value: Value) -> None:
    """Puts `value` into an openpyxl cell; raises ValueError on a number that is not finite.

    An empty text leaves the cell empty, so that it counts as such.
    """
    assert isinstance(cell, Cell)  # noqa: S101  (openpyxl's types also allow merged cells)
    if value == "":
        return
    if isinstance(value, str):
        cell.value = plain(value)
        cell.data_type = "s"
        cell.quotePrefix = quoted(value)
        return
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{cell.coordinate}: {value} is no number that a workbook can hold")
    # A workbook knows no zones: a moment is told as the clock at the places shows it.
    cell.value = value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def quoted(text: str) -> bool:
    """Whether a cell marks `text` as one, because it begins as a formula does."""
    return text.startswith(_FORMULA)


def plain(text: str) -> str:
    """`text` as a workbook can hold it: control characters replaced, no longer than Excel keeps."""
    clean = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n"))
    clean = _ESCAPE.sub("_x005F_", clean)  # else a reader turns _x0041_ into A
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"
