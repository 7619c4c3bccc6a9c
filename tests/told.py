"""What sheets of a workbook would tell now, read before they are written into a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from fieldapp.keep.store import Store
from fieldapp.report.cover import About
from fieldapp.report.deliver import reported, telling
from fieldapp.report.gather import gather
from fieldapp.report.measure import TABLES
from fieldapp.report.shared import needed
from fieldapp.report.sheet import Workbook
from fieldapp.report.statement import names_in
from fieldapp.report.table import Cell
from fieldapp.settings import Settings

Rows = Sequence[Mapping[str, Cell]]
"""The rows of a sheet, each cell by its heading."""


def sheets(
    store: Store, settings: Settings, book: Workbook, text: str, at: dt.datetime, *names: str
) -> Mapping[str, Rows]:
    """The sheets with these names of a workbook over the period that `text` names.

    What only its other sheets read is not worked out.
    """
    today = at.astimezone(ZoneInfo(settings.timezone)).date()
    over = reported(book, text, settings, today)
    about = About("", "", small_cell=settings.small_cell)
    texts = [sheet.statement.text for sheet in book.sheets if sheet.name in names]
    shared = needed(book.shared, texts)
    asked = set[str]().union(*map(names_in, (*texts, *(each.text for each in shared))))
    measured = book.measured if asked & {*TABLES} else ()
    if measured:
        shared = book.shared
    with telling(store, settings, over, today, shared, measured, public=book.public) as connection:
        tables = gather(book, connection, over, about, None, lambda sheet: sheet.name in names)
    found = {table.sheet.name: table for table in tables}
    assert found.keys() == {*names}, f"{book.name} has no sheets {names}"
    return {
        name: [
            dict(zip((column.heading for column in table.sheet.columns), row.cells, strict=True))
            for row in table.rows
        ]
        for name, table in found.items()
    }
