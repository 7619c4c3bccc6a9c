"""What stands in cells: texts, types and formats, and what the engine refuses to write."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.errors import FilesBroken
from fieldapp.report.build import build
from fieldapp.report.cells import write
from fieldapp.report.sheet import Chart, Column, Headline, Sheet, Workbook
from fieldapp.report.statement import Statement
from tests.report.conftest import ABOUT, MADE_AT, OCTOBER, rows, sheet_of


def sample(statement: str, *columns: Column, **given: Any) -> Workbook:
    sheet = Sheet("sample", "Proef", Statement("sample.sql", statement, "Proef."), columns, **given)
    return Workbook("sample", "x", "Proef", "Een proef.", "office", (sheet,))


def made(statement: str, *columns: Column) -> Worksheet:
    connection = sqlite3.connect(":memory:")
    data = build(sample(statement, *columns), connection, OCTOBER, MADE_AT, ABOUT)
    connection.close()
    return sheet_of(data, "Proef")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1+1",
        "=cmd|' /C calc'!A0",
        "#N/A",
        "#REF!",
        "1e5",
        "TRUE",
    ],
)
def test_texts_stay_texts(text: str) -> None:
    cell = made(f"SELECT '{text.replace(chr(39), chr(39) * 2)}' AS a", Column("a", "A"))["A5"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("'a' || char(0) || 'b' || char(7) || char(27)", "a\ufffdb\ufffd\ufffd"),
        ("'a' || char(13, 10) || 'b'", "a\nb"),
        ("char(65534) || char(65535)", "\ufffd\ufffd"),
        ("'_x0041_'", "_x0041_"),
        ("'<b>&amp;</b>'", "<b>&amp;</b>"),
        ("printf('%.40000c', 'x')", "x" * 32_766 + "…"),
    ],
)
def test_texts_that_a_workbook_cannot_hold_are_made_so(sql: str, value: str) -> None:
    read = made(f"SELECT {sql} AS a", Column("a", "A"))["A5"].value
    assert str(read).replace("_x005F_", "_") == value


def test_types_and_dutch_formats() -> None:
    statement = "SELECT '2026-10-01' AS m, '2026-10-31' AS d, 0.5 AS p, 12 AS t, -1.5 AS v"
    page = made(
        statement,
        Column("m", "Maand", "month"),
        Column("d", "Dag", "date"),
        Column("p", "Deel", "percent"),
        Column("t", "Tekst"),
        Column("v", "Verschil", "difference"),
    )
    cells = [page.cell(5, column) for column in range(1, 6)]
    assert [cell.value for cell in cells] == [
        dt.datetime(2026, 10, 1),  # noqa: DTZ001  (a workbook knows no zone)
        dt.datetime(2026, 10, 31),  # noqa: DTZ001
        0.5,
        "12",
        -1.5,
    ]
    assert [cell.number_format for cell in cells[:3]] == [
        "[$-413]mmm yyyy",
        "[$-413]d mmm yyyy",
        "0%",
    ]


@pytest.mark.parametrize(
    ("statement", "column", "sentence"),
    [
        ("SELECT 9e999 AS a", Column("a", "A", "integer"), "'a' gives 'inf', which is no number"),
        ("SELECT 'veel' AS a", Column("a", "A", "integer"), "'a' gives 'veel', which is no number"),
        ("SELECT '<5' AS a", Column("a", "A", "integer"), "which is no number"),
        ("SELECT '2026-02-30' AS a", Column("a", "A", "date"), "which is no date"),
        ("SELECT 5 AS a", Column("a", "A", "date"), "which is no date"),
        ("SELECT x'00' AS a", Column("a", "A"), "which is no text"),
        ("SELECT 1 AS b", Column("a", "A"), "gives no column a"),
        ("SELECT 'wijken' AS _level, 1 AS a", Column("a", "A", "integer"), "_level is 'wijken'"),
        ("SELECT nowhere AS a", Column("a", "A"), "no such column: nowhere"),
        ("SELECT 1 AS a", Column("a", " ", "integer"), "is no heading of its own"),
        ("SELECT 1 AS a", Column("a", 5, "integer"), "5 is no heading"),  # type: ignore[arg-type]
    ],
)
def test_refuses_what_a_workbook_cannot_show(statement: str, column: Column, sentence: str) -> None:
    with pytest.raises(FilesBroken, match=re.escape(sentence)) as broken:
        made(statement, column)
    assert broken.value.faults[0].file == "sample.sql"


def test_refuses_headings_that_are_there_twice() -> None:
    with pytest.raises(FilesBroken, match="there twice"):
        made("SELECT 1 AS a, 2 AS b", Column("a", "A", "integer"), Column("b", "A", "integer"))


def test_no_cell_ever_holds_a_number_that_is_not_finite() -> None:
    cell = openpyxl.Workbook().active["A1"]  # type: ignore[index]
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="A1"):
            write(cell, number)


def test_rows_come_as_places_then_wijken_then_the_total() -> None:
    page = made(
        "SELECT column1 AS _level, column2 AS a "
        "FROM (VALUES ('total', 't'), ('place', 'b'), ('wijk', 'w'), ('place', 'a'))",
        Column("a", "A"),
    )
    assert rows(page) == [["b"], ["a"], ["w"], ["t"]]


def test_a_chart_of_a_long_table_starts_on_a_new_page() -> None:
    statement = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
        "SELECT 'P' || i AS a, i AS b FROM n"
    )
    columns = (Column("a", "A", width=40), Column("b", "B", "integer", width=40))
    chart = Chart("line", "Verloop", "a", ("b",))
    workbook = sample(statement, *columns, charts=(chart,))
    headlines = (Headline("sample", "b", "zonder totaal"),)
    connection = sqlite3.connect(":memory:")
    data = build(replace(workbook, headlines=headlines), connection, OCTOBER, MADE_AT, ABOUT)
    connection.close()
    page = sheet_of(data, "Proef")
    assert page.print_title_rows == "$4:$4"
    assert page._charts[0].anchor._from.row > 204  # type: ignore[attr-defined]
