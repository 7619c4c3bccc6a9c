"""The tables of a workbook over a period, protected for whom they are meant."""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Connection

from fieldapp.report.cover import About
from fieldapp.report.period import Period
from fieldapp.report.records import sheets_of
from fieldapp.report.sheet import Sheet, Workbook
from fieldapp.report.stream import stream
from fieldapp.report.table import Table, fetch


def threshold(workbook: Workbook, about: About) -> int:
    """Below which count of persons a workbook says nothing; 0 when it may tell all."""
    return about.small_cell if workbook.public else 0


def gather(
    workbook: Workbook,
    connection: Connection,
    period: Period,
    about: About,
    place: str | None,
    wanted: Callable[[Sheet], bool] = lambda sheet: True,
    *,
    streaming: bool = False,
) -> list[Table]:
    """What the sheets of `workbook` that are `wanted` show, in order.

    When `streaming` the rows of a sheet with very many records are read each time they are asked
    for, and not held. Raises FilesBroken on what an export gives that a workbook cannot hold.
    """
    given = period.parameters(place)
    return [
        (streaming and stream(sheet, connection, given))
        or fetch(sheet, connection, given, threshold(workbook, about))
        for sheet in sheets_of(workbook, connection)
        if wanted(sheet)
    ]
