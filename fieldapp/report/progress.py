"""The progress report of article 8 as tables: what its workbook holds, for a page that shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.keep.store import Store
from fieldapp.report.deliver import reported, telling
from fieldapp.report.period import Period
from fieldapp.report.sheet import Workbook
from fieldapp.report.table import Cell, Table, fetch
from fieldapp.settings import Settings

WORKBOOK = "progress"


@dataclass(frozen=True, slots=True)
class Report:
    """One progress report: its days, and its tables by the name of their statement."""

    over: Period
    tables: Mapping[str, Table]

    def records(self, sql: str) -> list[dict[str, Cell]]:
        """The rows of one table, each by the names of its columns."""
        table = self.tables[sql]
        names = [column.name for column in table.sheet.columns]
        return [dict(zip(names, row.cells, strict=True)) for row in table.rows]


def report(
    store: Store, settings: Settings, workbook: Workbook, year: str, today: dt.date
) -> Report:
    """The report that is due in June of `year`, protected as its workbook is.

    Raises BadRequest when the year does not read, lies before the deal or has not begun.
    """
    over = reported(workbook, year, settings, today)
    with telling(
        store, settings, over, today, workbook.shared, workbook.measured, public=True
    ) as connection:
        given = over.parameters()
        return Report(
            over,
            {
                sheet.sql: fetch(sheet, connection, given, settings.small_cell)
                for sheet in workbook.sheets
            },
        )


def latest(settings: Settings, today: dt.date) -> int:
    """The year of the last report whose cut-off has passed; the first one while none has."""
    passed = f"{today:%m-%d}" > settings.cutoff
    return max(today.year if passed else today.year - 1, settings.deal_from.year)
