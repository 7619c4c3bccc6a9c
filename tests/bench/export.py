"""The month as a workbook, against openpyxl writing the same cells bare."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl

from fieldapp.report.deliver import deliver
from tests.bench.figure import Figure, against
from tests.bench.home import MONTH, NOW, Home


def figures(home: Home) -> Iterator[Figure]:
    """What a month costs."""
    yield month(home)


def month(home: Home) -> Figure:
    """The month's workbook against openpyxl writing the same cells bare."""

    def told() -> bytes:
        return deliver(home.store, home.settings, home.workbooks, "monthly", MONTH, NOW).content

    book = openpyxl.load_workbook(io.BytesIO(told()))
    cells = {sheet.title: [list(row) for row in sheet.values] for sheet in book}

    def written() -> None:
        plain = openpyxl.Workbook()
        for title, lines in cells.items():
            sheet = plain.create_sheet(title)
            for line in lines:
                sheet.append(line)
        plain.save(io.BytesIO())

    return against(
        "the month as a workbook", "openpyxl, the same cells bare", told, written, at_most=1.3
    )
