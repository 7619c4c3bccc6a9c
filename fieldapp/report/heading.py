"""Headings that name a month: `{month-12}` is the month twelve before the one reported on."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from babel.dates import format_date

from fieldapp.report.sheet import Sheet

_MONTH = re.compile(r"\{month-([0-9]{1,2})\}")


def dated(sheet: Sheet, until: str) -> Sheet:
    """`sheet` with the months of its headings in words, counted back from the day `until`."""
    last = dt.date.fromisoformat(until)

    def name(found: re.Match[str]) -> str:
        year, month = divmod(last.year * 12 + last.month - 1 - int(found[1]), 12)
        day = dt.date(year, month + 1, 1)
        return format_date(day, "MMM", locale="nl").rstrip(".") + f" {year % 100:02}"

    columns = (
        replace(column, heading=_MONTH.sub(name, column.heading)) for column in sheet.columns
    )
    return replace(sheet, columns=tuple(columns))
