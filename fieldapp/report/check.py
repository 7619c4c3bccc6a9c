"""Checks `exports/` on an instance: faults that show once SQLite prepares the statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from fieldapp.ask.question import Form
from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import statement
from fieldapp.report.asked import with_questions
from fieldapp.report.description import Description
from fieldapp.report.load import load_workbooks
from fieldapp.report.people import load_people
from fieldapp.report.records import sheets_of
from fieldapp.report.result import Result, load_results, unknown_questions
from fieldapp.report.shared import load_shared
from fieldapp.report.sheet import Sheet, Workbook
from fieldapp.report.statement import Statement

Telling = Callable[
    [tuple[Statement, ...], tuple[Result, ...]], AbstractContextManager[sqlite3.Connection]
]
"""Opens a connection for exports on which shared statements and results are there as tables."""

PARAMETERS: Mapping[str, str | None] = {
    "from": "2026-01-01",
    "until": "2026-01-31",
    "year_from": "2026-01-01",
    "place": None,
}


def check_exports(
    folder: Path, telling: Telling, forms: Mapping[str, Form] | None = None
) -> list[Fault]:
    """All faults in the workbooks, results and shared rows below `folder`.

    Which questions a result draws on is checked when there are `forms` to ask.
    """
    try:
        workbooks = load_workbooks(folder)
        results = load_results(folder)
        results += load_people(folder, results)
        unknown = [] if forms is None else unknown_questions(results, forms)
        with telling(load_shared(folder), results) as connection:
            return unknown + [
                fault
                for workbook in workbooks.values()
                for fault in check_workbook(folder / workbook.name, workbook, connection)
            ]
    except FilesBroken as broken:
        return list(broken.faults)


def check_workbook(folder: Path, workbook: Workbook, connection: sqlite3.Connection) -> list[Fault]:
    """Faults in one workbook: names that are not there, and columns left undescribed."""
    description = Description(folder)
    faults = [
        fault
        for place, sheet in enumerate(workbook.sheets)
        for fault in _check_sheet(description, place, sheet, connection)
    ]
    for sheet in sheets_of(workbook, connection):
        for each in (sheet.statement, sheet.tally) if sheet.as_kept else ():
            if each:
                statement.select(each, connection, PARAMETERS)
    return faults


def _check_sheet(
    description: Description, place: int, sheet: Sheet, connection: sqlite3.Connection
) -> list[Fault]:
    faults: list[Fault] = []
    try:
        names, _ = statement.select(sheet.statement, connection, PARAMETERS)
    except FilesBroken as broken:
        return list(broken.faults)
    try:
        with_questions(sheet, names, connection)
    except FilesBroken as broken:
        faults.extend(broken.faults)
    for name in sorted({c.name for c in sheet.columns if not c.made} - set(names)):
        sentence = f"{sheet.sql}.sql gives no column '{name}'. Take it out or SELECT it."
        faults.append(description.fault(sentence, "[[sheet]]", place, name))
    needed = {"_level", "_group", "_place"} if sheet.protects else set()
    if sheet.compares:
        for name in sorted({"_figure", "_place", "_among"} - set(names)):
            sentence = (
                f"it sets a mean beside one place, so every row must tell its {name}. Add {name} "
                "to the SELECT: _figure is what the row tells, _place the code of the place, "
                "_among whether it counts in the mean."
            )
            faults.append(Fault(sheet.statement.file, 0, sentence))
    for name in sorted(needed - set(names)):
        sentence = (
            f"it counts persons, so every row must tell its {name}. Add {name} to the SELECT: "
            "_level is place, wijk or total, _group the wijk, _place the code of the place."
        )
        faults.append(Fault(sheet.statement.file, 0, sentence))
    return faults
