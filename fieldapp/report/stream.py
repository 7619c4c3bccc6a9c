"""The rows of a sheet with very many records: never held, read each time they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from fieldapp.errors import BadRequest
from fieldapp.report import statement
from fieldapp.report.page import HEADING
from fieldapp.report.sheet import Sheet
from fieldapp.report.styles import FORMATS
from fieldapp.report.table import Row, Table, all_there, typed

HELD = 1_000
"""Rows that a sheet of records has at most when it is held: there is a sheet for every form."""

MOST = 1_048_576 - HEADING
"""Records that a sheet can hold: Excel has no more rows."""

_AS_IS: Mapping[str, type] = {"text": str, "number": int}
"""What needs no look to be a cell."""


class TooMany(BadRequest):
    """There are more records than a workbook can hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Stream(Collection[Row]):
    """The rows that a sheet selects on a connection, and what a listing must know beforehand."""

    sheet: Sheet
    connection: Connection
    parameters: Mapping[str, str | None]
    many: int
    longest: tuple[int, ...]
    """Per column how long its longest text is; 0 where it holds no texts."""

    def __len__(self) -> int:
        return self.many

    def __contains__(self, row: object) -> bool:
        return any(row == each for each in self)

    def __iter__(self) -> Iterator[Row]:
        sheet = self.sheet
        names, rows = statement.one_by_one(sheet.statement, self.connection, self.parameters)
        all_there(sheet, names)
        columns = [
            (column, names.index(column.name), _AS_IS.get(FORMATS[column.format].holds))
            for column in sheet.columns
        ]
        for row in rows:
            cells: list[Any] = [
                value
                if (value := row[at]) is None or type(value) is as_is
                else typed(sheet, column, value, "text")
                for column, at, as_is in columns
            ]
            yield Row("place", tuple(cells))


def stream(
    sheet: Sheet, connection: Connection, parameters: Mapping[str, str | None]
) -> Table | None:
    """The table of a sheet of records that are many; None of any other, which can be held.

    Raises FilesBroken like `fetch`.
    """
    if sheet.tally is None:
        return None
    _, tallied = statement.select(sheet.tally, connection, parameters)
    many, *longest = (int(value or 0) for value in tallied[0])
    if many <= HELD:
        return None
    return Table(sheet, Stream(sheet, connection, parameters, many, tuple(longest)))


def fitting(tables: Sequence[Table]) -> Sequence[Table]:
    """The same tables; raises TooMany when one has more rows than a sheet of a workbook."""
    for table in tables:
        if (many := len(table.rows)) > MOST:
            raise TooMany(
                f"{table.sheet.name} has {many:,} records in this period and a sheet holds "
                f"{MOST:,}: choose a shorter one"
            )
    return tables
