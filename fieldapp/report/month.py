"""What places did in one month, for on the wall: nothing that the public month does not tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection

from fieldapp.keep.store import Store
from fieldapp.report.deliver import telling
from fieldapp.report.period import Period
from fieldapp.report.protect import together_told
from fieldapp.report.result import Result
from fieldapp.report.shared import needed
from fieldapp.report.sheet import Sheet, Workbook
from fieldapp.report.span import spans
from fieldapp.report.table import Cell, Table, fetch
from fieldapp.settings import Settings

WORKBOOK = "monthly"

FIGURES: Mapping[str, tuple[str, str]] = {
    "visits": ("visitors", "visits"),
    "hours_open": ("opening", "hours_open"),
    "volunteers": ("volunteers", "period"),
    "volunteer_hours": ("volunteers", "hours"),
    "participants": ("participants", "period"),
    "participant_hours": ("participants", "hours"),
    "days_open": ("opening", "days_open"),
}
"""What is told large, the first first: the sheet and the column of the public month."""

LISTS: Mapping[str, frozenset[str]] = {
    "activities": frozenset({"dayparts", "other", "unlisted"}),
    "tasks": frozenset({"total", "other", "unlisted"}),
}
"""Sheets with a column per thing to do, and the columns that are none."""

_MOST = 6  # bars in a chart

_VISITS = """
SELECT place, CAST(strftime('%w', date) AS INTEGER) AS day, sum(visitors) AS told
  FROM visitors
 WHERE date BETWEEN :from AND :until AND visitors > 0
 GROUP BY place, day"""

_HOURS = """
SELECT place, CAST(strftime('%w', date) AS INTEGER) AS day, sum(hours) AS told
  FROM open_hours
 WHERE date BETWEEN :from AND :until AND open
 GROUP BY place, day"""


@dataclass(frozen=True, slots=True)
class Month:
    """One place in one month; without anything when nothing is known of it."""

    figures: Mapping[str, float] = field(default_factory=dict)
    """By the name of FIGURES."""
    lists: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)
    """By the name of LISTS: what was done most, with how often or how many hours."""
    visits: Mapping[int, float] = field(default_factory=dict)
    """Day of the week (0 is Monday) → visits."""
    hours: Mapping[int, float] = field(default_factory=dict)
    """Day of the week → hours open."""


def months(
    store: Store,
    settings: Settings,
    workbooks: Mapping[str, Workbook],
    over: Period,
    today: dt.date,
) -> Mapping[str, Month]:
    """What each place did in a month, by its code; what is empty or protected is left out."""
    book = workbooks[WORKBOOK]
    wanted = {sheet for sheet, _ in FIGURES.values()} | LISTS.keys()
    sheets = [sheet for sheet in book.sheets if sheet.sql in wanted]
    parameters = over.parameters()
    measured = _measured(sheets, book)
    selected = [*(each.statement for each in sheets), *(each.statement for each in measured)]
    shared = needed(book.shared, [*(each.text for each in selected), _HOURS])
    told = [each for each in spans(over, settings) if each.month and each.until == over.end]
    with telling(
        store, settings, over, today, shared, measured, public=True, told=told
    ) as connection:
        tables = {
            sheet.sql: fetch(sheet, connection, parameters, settings.small_cell) for sheet in sheets
        }
        visits, hours = (_by_day(connection, sql, over) for sql in (_VISITS, _HOURS))
    rows = {sql: _by_place(table) for sql, table in tables.items()}
    return {
        code: Month(
            _figures({sql: each.get(code, {}) for sql, each in rows.items()}),
            {
                sql: _most(tables[sql], rows[sql].get(code, {}), without)
                for sql, without in LISTS.items()
                if sql in tables
            },
            visits.get(code, {}),
            hours.get(code, {}),
        )
        for code in {*visits, *hours}.union(*rows.values())
    }


def _figures(rows: Mapping[str, Mapping[str, Cell]]) -> dict[str, float]:
    """The large numbers of one place; what is 0, unknown or withheld is not among them."""
    cells = {name: rows.get(sql, {}).get(column) for name, (sql, column) in FIGURES.items()}
    return {
        name: float(cell)
        for name, cell in cells.items()
        if isinstance(cell, int | float) and cell > 0
    }


def _measured(sheets: Sequence[Sheet], book: Workbook) -> list[Result]:
    """What these sheets tell of people, and all that is protected together with it."""
    text = " ".join(sheet.statement.text for sheet in sheets)
    groups = together_told(book.measured)
    return [each for group in groups if any(of.id in text for of in group) for each in group]


def _by_place(table: Table) -> dict[str, dict[str, Cell]]:
    """The rows of level place: code → name of the column → cell."""
    names = [column.name for column in table.sheet.columns]
    rows = (dict(zip(names, row.cells, strict=True)) for row in table.rows if row.level == "place")
    return {str(row["code"]): row for row in rows}


def _by_day(connection: Connection, sql: str, over: Period) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    given = {"from": over.start.isoformat(), "until": over.end.isoformat()}
    for place, day, told in connection.execute(sql, given):
        found.setdefault(place, {})[(day - 1) % 7] = told  # SQLite begins on Sunday
    return found


def _most(
    table: Table, row: Mapping[str, Cell], without: frozenset[str]
) -> list[tuple[str, float]]:
    """The largest numbers of a row with the headings above them."""
    pairs = [
        (column.heading, float(cell))
        for column in table.sheet.columns
        if column.name not in without
        and isinstance(cell := row.get(column.name), int | float)
        and cell > 0
    ]
    return sorted(pairs, key=lambda pair: -pair[1])[:_MOST]
