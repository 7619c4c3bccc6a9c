"""How sheets come out on paper: widths of texts, small charts of text, and what does not print."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from openpyxl import Workbook as Book

from fieldapp.report import paper
from fieldapp.report.bars import bars
from fieldapp.report.grid import added
from fieldapp.report.letters import lines, wide
from fieldapp.report.page import draw
from fieldapp.report.paper import Frame
from fieldapp.report.table import Row, Table
from tests.report.conftest import OCTOBER, sheet_of
from tests.report.test_build import EXACT, MONTHLY, made_of, monthly


@pytest.mark.parametrize(
    ("cells", "drawn"),
    [
        ([1, 4, 7], "▂▅█"),
        ([0, None, "<5", 3.5], "▁░░█"),
        ([0, 0], "▁▁"),
        ([-2, 2], "▁█"),
        ([0.001, 1000], "▂█"),
        ([None, "n.v.t."], ""),
        ([], ""),
    ],
)
def test_a_row_of_numbers_is_drawn_beside_its_highest(cells: list[object], drawn: str) -> None:
    assert bars(cells) == drawn


def test_texts_are_as_wide_as_their_letters() -> None:
    assert wide("0123456789") == pytest.approx(10)
    assert wide("iii") < 2 < wide("WWW") < wide("WWW", bold=True)
    assert wide("coördinator") == wide("coordinator")


@pytest.mark.parametrize(
    ("text", "width", "count"),
    [
        ("Nieuwe mensen bereiken", 20, 2),  # as wide as 21 digits
        ("Nieuwe mensen bereiken", 24, 1),
        ("een\ntwee", 20, 2),
        ("bijeenkomsten", 5, 3),
        ("op bijeenkomsten", 13, 2),
        ("", 10, 1),
    ],
)
def test_a_text_runs_over_the_lines_it_needs(text: str, width: float, count: int) -> None:
    assert lines(text, width) == count


def test_a_sheet_for_the_screen_prints_only_its_head(filled: sqlite3.Connection) -> None:
    page = sheet_of(monthly(filled), "Codeboek")
    assert str(page.print_area).endswith("$3")
    assert f"alle {page.max_row - 4} rijen" in str(page["A2"].value)
    assert sheet_of(monthly(filled), "Levering").print_area.endswith("$9")  # empty: it says so


def test_charts_stand_on_the_page_of_their_table_or_begin_a_new_one(
    filled: sqlite3.Connection,
) -> None:
    page = sheet_of(monthly(filled), "Openingstijden")
    assert (page.page_setup.fitToHeight, page.row_breaks.brk) == (1, [])
    sheets = [
        replace(sheet, charts=sheet.charts * 4) if sheet.sql == "opening" else sheet
        for sheet in MONTHLY.sheets
    ]
    many = replace(MONTHLY, sheets=tuple(sheets))
    page = sheet_of(made_of(many, filled, OCTOBER, EXACT), "Openingstijden")
    charts = [chart.anchor._from.row for chart in page._charts]  # type: ignore[attr-defined]
    assert len(page.row_breaks.brk) > 1
    assert page.row_breaks.brk[0].id <= charts[0] < page.row_breaks.brk[1].id
    assert not page.sheet_properties.pageSetUpPr.fitToPage  # type: ignore[union-attr]


def test_a_table_is_shrunk_to_have_its_chart_beside_it_as_long_as_it_can_be_read() -> None:
    (sheet,) = (sheet for sheet in MONTHLY.sheets if sheet.sql == "trend")
    page = Book().active
    assert page is not None
    whole = paper.scale(sheet)
    assert paper.fits(page, sheet, 11, 100) == whole
    shrunk = paper.fits(page, sheet, 11, 1.2 * paper.room(sheet)[1] - 150)
    assert shrunk is not None
    assert shrunk < whole
    assert paper.fits(page, sheet, 11, 2 * paper.room(sheet)[1]) is None


@pytest.mark.parametrize(("cell", "charts"), [("n.v.t.", 0), (0, 4)])
def test_a_chart_of_nothing_is_not_drawn(cell: str | int, charts: int) -> None:
    (sheet,) = (sheet for sheet in MONTHLY.sheets if sheet.sql == "trend")
    row = Row("place", ("okt 26", *[cell] * (len(sheet.columns) - 1)))
    page = added(Book(), "Trend")
    frame = Frame("Maandoverzicht", "oktober 2026", "deze maand", "Mede mogelijk.", False, 0)
    draw(page, Table(sheet, (row, row)), frame)
    assert len(page._charts) == charts  # type: ignore[attr-defined]
