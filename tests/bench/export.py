"""Workbooks of home size, against openpyxl writing the same cells bare."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl

from fieldapp.report.deliver import deliver
from tests.bench.figure import Figure, against
from tests.bench.home import MONTH, NOW, Home

_YEAR, _PLACE = "2026", "OP-01"


def figures(home: Home) -> Iterator[Figure]:
    """What the month costs, a year's report and the file of one place."""
    yield _told(home, "the month as a workbook", "monthly", MONTH, at_most=1.3)
    yield _told(home, "the report of a year", "progress", _YEAR)
    yield _told(home, "the file of one place", "dossier", _YEAR, _PLACE)


def _told(
    home: Home,
    what: str,
    workbook: str,
    period: str,
    place: str | None = None,
    *,
    at_most: float | None = None,
) -> Figure:
    """A workbook, measured and protected and drawn, against openpyxl writing its cells bare."""

    def told() -> bytes:
        made = deliver(home.store, home.settings, home.workbooks, workbook, period, NOW, place)
        return made.content

    book = openpyxl.load_workbook(io.BytesIO(told()))
    cells = {sheet.title: [list(row) for row in sheet.values] for sheet in book}
    many = sum(cell is not None for lines in cells.values() for line in lines for cell in line)

    def written() -> None:
        plain = openpyxl.Workbook()
        for title, lines in cells.items():
            sheet = plain.create_sheet(title)
            for line in lines:
                sheet.append(line)
        plain.save(io.BytesIO())

    return against(what, f"openpyxl, the same {many:,} cells bare", told, written, at_most=at_most)
