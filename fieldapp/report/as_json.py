"""The sheets of a workbook as JSON, for programs: what is protected is null, with its status."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from sqlite3 import Connection
from typing import Any

from fieldapp.report.as_csv import data_type, utc
from fieldapp.report.cover import About
from fieldapp.report.gather import gather
from fieldapp.report.package import offered
from fieldapp.report.period import Period
from fieldapp.report.sheet import Column, Workbook
from fieldapp.report.styles import ROW
from fieldapp.report.table import (
    CONFIDENTIAL,
    HIDDEN,
    NO_BASELINE,
    NO_PATH,
    NOT_EXPECTED,
    Cell,
    Row,
    Table,
)

_STATUSES: Mapping[str, str] = {
    HIDDEN: "small",
    CONFIDENTIAL: "confidential",
    NOT_EXPECTED: "not_expected",
    NO_BASELINE: "no_baseline",
    NO_PATH: "no_path",
}
"""What a word in place of a number means, as in the sheet of deliveries; any other is "<5"."""

_ANY = "any"  # a column whose rows each hold a type of their own


def tell(
    workbook: Workbook,
    connection: Connection,
    period: Period,
    made_at: dt.datetime,
    about: About,
    place: str | None = None,
) -> bytes:
    """`workbook` over `period` as one JSON object.

    It has the sheets that are told as CSV, or all when none is. What a public workbook protects is
    null, and `statuses` says of which cell and why. Raises FilesBroken like `build`.
    """
    tables = gather(
        workbook, connection, period, about, place, lambda each: _told(workbook, each.csv)
    )
    told = {
        "workbook": workbook.name,
        "title": f"{workbook.title}, {period.title}",
        "period": period.text,
        "since": period.start.isoformat(),
        "until": period.end.isoformat(),
        "place": place,
        "made_at": utc(made_at),
        "state": about.state,
        "publisher": about.organisation,
        "acknowledgement": about.acknowledgement,
        "sheets": [_sheet(table) for table in tables],
    }
    return (json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _told(workbook: Workbook, csv: bool) -> bool:
    return csv or not offered(workbook)


def _sheet(table: Table) -> Mapping[str, Any]:
    sheet = table.sheet
    columns = {at: column for at, column in enumerate(sheet.columns) if not column.draws}
    rows = [
        {column.heading: _value(row, column, row.cells[at]) for at, column in columns.items()}
        for row in table.rows
    ]
    statuses = [
        {"row": nth, "field": column.heading, "status": status}
        for nth, row in enumerate(table.rows)
        for column, status in _statuses(row, columns)
    ]
    return {
        "name": sheet.name,
        "about": " ".join((sheet.statement.about, *sheet.notes)),
        "fields": [_field(column) for column in columns.values()],
        "rows": rows,
        "statuses": statuses,
    }


def _field(column: Column) -> Mapping[str, str]:
    return {
        "name": column.heading,
        "title": column.title or column.heading,
        "type": _ANY if column.format == ROW else data_type(column),
        "unit": column.unit,
    }


def _value(row: Row, column: Column, cell: Cell) -> Any:
    if isinstance(cell, str):
        return cell if row.shown_as(column).holds == "text" else None
    if isinstance(cell, dt.datetime):
        return utc(cell)
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return bool(cell) if cell is not None and data_type(column) == "boolean" else cell


def _statuses(row: Row, columns: Mapping[int, Column]) -> Iterator[tuple[Column, str]]:
    """The columns in which a word stands in place of a value, with what that means."""
    for at, column in columns.items():
        cell = row.cells[at]
        if isinstance(cell, str) and cell and row.shown_as(column).holds != "text":
            yield column, _STATUSES.get(cell, "small")
