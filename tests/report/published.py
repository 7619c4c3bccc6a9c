"""Every number of people in the public workbooks of months and the dossiers, by what it counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from fieldapp.keep.store import Store
from fieldapp.report.deliver import reported, telling
from fieldapp.report.load import load_workbooks
from fieldapp.report.result import PROTECTED
from fieldapp.report.sheet import Sheet, Workbook
from fieldapp.report.table import fetch
from fieldapp.settings import Settings
from tests.report.conftest import MADE_AT

BOOKS = (
    ("monthly", "2025-09", ""), ("monthly", "2025-10", ""), ("monthly", "2025-11", ""),
    ("progress", "2026", ""),
    ("dossier", "2025", "OP-01"), ("dossier", "2025-11", "OP-02"),
)  # fmt: skip

TOLD = "people_told"  # what sheets read that tell headcounts
VOLUNTEERS, PARTICIPANTS, PILOTS = "people/volunteers", "people/participants", "people/pilots"
NOW, YEAR, DEAL = "now", "year", "deal"
COLUMNS: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "volunteers": {
        "period": (VOLUNTEERS, "", NOW), "year": (VOLUNTEERS, "", YEAR),
        "deal": (VOLUNTEERS, "", DEAL), "started": (VOLUNTEERS, "started", NOW),
        "stopped": (VOLUNTEERS, "stopped", NOW), "allowance": (VOLUNTEERS, "allowance", NOW),
        "allowance_year": (VOLUNTEERS, "allowance", YEAR),
    },
    "participants": {
        "period": (PARTICIPANTS, "", NOW), "year": (PARTICIPANTS, "", YEAR),
        "deal": (PARTICIPANTS, "", DEAL), "in_pilot": (PARTICIPANTS, "in_pilot", NOW),
        "distance": (PARTICIPANTS, "distance", NOW), "useful_year": (PARTICIPANTS, "useful", YEAR),
    },
    "steps": {
        name: ("people/steps", name, NOW)
        for name in (
            "coaching_offered", "coaching_declined", "coaching_started", "coaching_done",
            "course_started", "pilot", "paid_work_stays", "stopped", "doubtful",
        )
    },
    "pilots": {
        "period": (PILOTS, "", NOW), "year": (PILOTS, "", YEAR),
        "present": (PILOTS, "present", NOW), "ever": (PILOTS, "enrolled", NOW),
    },
}  # fmt: skip
"""Which headcount stands in a column, and over what."""
FIGURES = {
    "volunteers": (VOLUNTEERS, "", NOW), "allowance": (VOLUNTEERS, "allowance", NOW),
    "offered": (VOLUNTEERS, "offered", NOW), "step_up": (VOLUNTEERS, "step_up", YEAR),
}  # fmt: skip
"""Which stands in a row of a dossier."""


class Spot(NamedTuple):
    """What a number counts."""

    result: str
    measure: str
    since: str
    until: str
    level: str
    key: str


Numbers = dict[Spot, float | None]
"""None is hidden."""


def published(store: Store, settings: Settings) -> Numbers:
    """Every number that any of the workbooks tells; fails when one hides what another tells."""
    books, found = load_workbooks(settings.exports), Numbers()
    for name, text, place in BOOKS:
        book = books[name]
        today = MADE_AT.date()
        over = reported(book, text, settings, today)
        with telling(
            store, settings, over, today, book.shared, book.measured, public=True
        ) as connection:
            for at, value in (
                *_readings(connection, book),
                *_cells(connection, book, over.parameters(place or None), settings.small_cell),
            ):
                assert found.setdefault(at, value) == value, (name, text, at, value)
    return found


def _readings(
    connection: sqlite3.Connection, book: Workbook
) -> Iterator[tuple[Spot, float | None]]:
    """What the sheets of results read."""
    counts = [
        (result.id, each.name)
        for result in book.results
        for each in result.measures
        if each.kind in PROTECTED
    ]
    for row in connection.execute(
        "SELECT result, measure, since, until, level, key, value, status "
        "FROM readings JOIN periods USING (period)"
    ):
        *at, value, status = tuple(row)
        if (at[0], at[1]) in counts and (value is not None or status == "small"):
            yield Spot(*at), value


def _cells(
    connection: sqlite3.Connection,
    book: Workbook,
    parameters: Mapping[str, str | None],
    threshold: int,
) -> Iterator[tuple[Spot, float | None]]:
    """What stands in the sheets that tell headcounts by themselves."""
    until = str(parameters["until"])
    since = {
        NOW: str(parameters["from"]), YEAR: f"{until[:4]}-01-01", DEAL: "2024-01-01",
    }  # fmt: skip
    areas = {
        str(row[0]): str(row[1])
        for row in connection.execute(
            "SELECT label || ' totaal', name FROM choices "
            "WHERE form_id = 'place' AND list_name = 'wijk'"
        )
    }
    for sheet in book.sheets:
        if TOLD not in sheet.statement.text:
            continue
        names = [column.name for column in sheet.columns]
        for row in fetch(sheet, connection, parameters, threshold).rows:
            cells = dict(zip(names, row.cells, strict=True))
            code = cells.get("code") or areas.get(str(cells["label"]), "")
            told = (
                {row.figure: "value"} if book.per else {each: each for each in COLUMNS[sheet.sql]}
            )
            for name, column in told.items():
                what = (FIGURES if book.per else COLUMNS[sheet.sql]).get(name)
                value = cells[column]
                if what is None or value in (None, "n.v.t."):
                    continue
                assert isinstance(value, int | float) or value == "afg.", (sheet.sql, name, value)
                key = str(parameters["place"] if book.per else code)
                level = "place" if book.per else row.level
                at = Spot(what[0], what[1], since[what[2]], until, level, key)
                yield at, None if value == "afg." else value


def untold(book: Workbook) -> Sequence[str]:
    """Columns of the sheets that tell headcounts which are neither looked at nor anything else."""
    return [
        f"{sheet.sql}.{column.name}"
        for sheet in book.sheets
        if TOLD in sheet.statement.text and not book.per
        for column in sheet.columns
        if column.name not in COLUMNS[sheet.sql] and not _beside(sheet, column.name)
    ]


def _beside(sheet: Sheet, name: str) -> bool:
    return name.endswith("_double") or name in {
        "code", "label", "kind", "wijk", "run_by", "hours", "hours_useful",
    }  # fmt: skip
