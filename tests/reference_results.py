"""Where every result of the covenant stands: its file, its questions, its cells in the workbooks.

The cells are found by looking. The small year of the tests is told with a number of its own in
place of every figure of a result; wherever that number comes out, that result is told.
"""

from __future__ import annotations

import io
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.ask.forms import load_forms
from fieldapp.keep import covenant
from fieldapp.keep.store import Store, open_store
from fieldapp.report.build import build
from fieldapp.report.cover import About
from fieldapp.report.deliver import reported, telling
from fieldapp.report.load import load_workbooks
from fieldapp.report.result import FOLDER, Result, load_results
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings, shipped
from tests.conftest import Clock
from tests.reference import table
from tests.report.conftest import MADE_AT
from tests.report.year import live

LOOKED_AT = (("monthly", "2025-10"), ("progress", "2026"))
LONG = ("Levering", "Versies")
"""Sheets that name a result in every row that is about it."""

FIRST = 7_000_000
"""Above any real figure; the results count on from here."""

_MARKED = re.compile(r"7000[0-9]{3}")
_WORDS = "('date', 'status', 'yes_no')"

Cells = Mapping[str, Mapping[str, Mapping[str, set[tuple[int, int]]]]]
"""By result, workbook and sheet: rows and columns."""


def results() -> str:
    """Every result with its file, the questions that it draws on and the cells that tell it."""
    found = cells()
    rows = []
    for each in load_results(shipped("exports")):
        link = f"[`{each.id}`](exports/{FOLDER}/{each.statement.name}.sql)"
        asked = ", ".join(f"`{question}`" for question in each.questions)
        told = [
            f"{book}: {', '.join(f'{sheet}!{area}' for sheet, area in _areas(sheets))}"
            for book, sheets in found[each.id].items()
        ]
        rows.append((link, each.title, asked, "; ".join(told)))
    return table(("result", "what is told", "made of", "cells"), rows)


def cells() -> Cells:
    """The cells of every result in the workbooks of the small year, the covenant entered."""
    found: Cells = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    with tempfile.TemporaryDirectory() as work:
        forms = load_forms(shipped("forms"), Path(work) / "cache")
        settings = Settings(data=Path(work) / "data")
        store = open_store(settings.data, forms, Clock(), make=True)
        live(store)
        with store.write("test", MADE_AT) as write:
            covenant.enter(store, write, covenant.read(settings.exports, forms, MADE_AT))
        books = load_workbooks(settings.exports)
        for name, text in LOOKED_AT:
            ids = [each.id for each in books[name].results]
            made = io.BytesIO(_marked(store, settings, books[name], text))
            for page in openpyxl.load_workbook(made).worksheets:
                if page.title not in LONG:
                    for result, at in _told(page, ids):
                        found[result][name][page.title].add(at)
        store.close()
    return found


def _marked(store: Store, settings: Settings, book: Workbook, text: str) -> bytes:
    """The workbook with the mark of its result in place of every figure that is a number."""
    today = MADE_AT.date()
    over = reported(book, text, settings, today)
    about = About(settings.organisation, settings.acknowledgement, "", small_cell=0)
    with telling(store, settings, over, today, book.shared, book.results) as connection:
        _mark(connection, book.results)
        return build(replace(book, headlines=()), connection, over, MADE_AT, about)


def _mark(connection: sqlite3.Connection, told: Iterable[Result]) -> None:
    connection.set_authorizer(None)
    connection.execute("PRAGMA query_only=OFF")
    connection.executemany(
        "UPDATE readings SET value = :mark, numerator = :mark, denominator = :mark, "
        "doubtful = :mark, status = 'ok' WHERE result = :result AND (result, measure) NOT IN "
        f"(SELECT result, measure FROM results WHERE kind IN {_WORDS})",
        [{"mark": FIRST + at, "result": each.id} for at, each in enumerate(told)],
    )
    connection.execute("PRAGMA query_only=ON")


def _told(page: Worksheet, ids: list[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each result with a cell: of the row that has its id in front, or where its mark is."""
    for number, row in enumerate(page.iter_rows(values_only=True), 1):
        for column, cell in enumerate(row, 1):
            if str(row[0]) in ids:
                yield str(row[0]), (number, column)
                continue
            for mark in _MARKED.findall(str(cell).replace(".", "")):
                yield ids[int(mark) - FIRST], (number, column)


def _areas(sheets: Mapping[str, set[tuple[int, int]]]) -> Iterator[tuple[str, str]]:
    """The cells of each sheet as areas: columns beside each other, rows in between left out."""
    for sheet, found in sheets.items():
        columns = defaultdict(set)
        for row, column in found:
            columns[column].add(row)
        first = previous = min(columns)
        for column in [*sorted(columns)[1:], 0]:
            if column != previous + 1 or columns[column] != columns[first]:
                yield sheet, _area(columns[first], first, previous)
                first = column
            previous = column


def _area(rows: set[int], first: int, last: int) -> str:
    start = f"{get_column_letter(first)}{min(rows)}"
    end = f"{get_column_letter(last)}{max(rows)}"
    return start if start == end else f"{start}:{end}"
