"""A column with the name of a question is described by the form; `told` says what a cell shows."""

from __future__ import annotations

import sqlite3

import pytest

from fieldapp.errors import FilesBroken
from fieldapp.report.asked import with_questions
from fieldapp.report.functions import SQL_FUNCTIONS
from fieldapp.report.sheet import Column, Sheet
from fieldapp.report.statement import Statement
from fieldapp.report.table import fetch

LONG = "Hoeveel kopjes koffie, thee en water schonk u vandaag aan iedereen die binnenkwam?"
QUESTIONS = [
    ("visitors", "coffee", "Hoeveel koffie?", "integer", 0),
    ("visitors", "liters", "Hoeveel liter?", "decimal", 0),
    ("visitors", "grade", "Hoe ging het?", "range", 0),
    ("visitors", "next", "Wanneer weer?", "date", 0),
    ("visitors", "at", "Hoe laat?", "time", 0),
    ("visitors", "why", "Waarom?", "text", 0),
    ("visitors", "cups", LONG, "integer", 0),
    ("visitors", "again", "plek", "integer", 0),
    ("visitors", "worked_out", None, "calculate", 0),
    ("visitors", "remark", "Opmerking bij bezoek", "text", 0),
    ("opening", "remark", "Opmerking bij de dag", "text", 0),
    ("attendance", "whom", "Wie deden mee?", "select_multiple_from_file", 1),
]


@pytest.fixture
def asking(empty: sqlite3.Connection) -> sqlite3.Connection:
    """An export connection whose forms ask all kinds of things."""
    empty.executemany(
        "INSERT INTO questions (form_id, name, label, type, private) VALUES (?, ?, ?, ?, ?)",
        QUESTIONS,
    )
    return empty


def sheet(sql: str) -> Sheet:
    told = Statement("exports/x/sample.sql", f"-- Eén rij.\n{sql}", "Eén rij.")
    return Sheet("sample", "Proef", told, (Column("label", "Plek"),))


def added(connection: sqlite3.Connection, name: str, view: str = "visitors") -> Column:
    described = sheet(f"SELECT label,\n {name} FROM {view}")
    *_, last = with_questions(described, ("_level", "label", name), connection).columns
    return last


@pytest.mark.parametrize(
    ("name", "heading", "shown_as"),
    [
        ("coffee", "Hoeveel koffie?", "integer"),
        ("liters", "Hoeveel liter?", "decimal"),
        ("grade", "Hoe ging het?", "decimal"),
        ("next", "Wanneer weer?", "date"),
        ("at", "Hoe laat?", "time"),
        ("why", "Waarom?", "text"),
        ("cups", "Hoeveel kopjes koffie, thee en water schonk u vandaag aan…", "integer"),
        ("again", "plek (again)", "integer"),
        ("worked_out", "worked_out", "text"),
    ],
)
def test_a_question_describes_its_column(
    asking: sqlite3.Connection, name: str, heading: str, shown_as: str
) -> None:
    column = added(asking, name)
    assert (column.name, column.heading, column.format) == (name, heading, shown_as)
    assert not column.protect


def test_the_form_that_the_sheet_reads_goes_first(asking: sqlite3.Connection) -> None:
    assert added(asking, "remark").heading == "Opmerking bij bezoek"
    assert added(asking, "remark", "Opening").heading == "Opmerking bij de dag"
    assert added(asking, "coffee", "places").heading == "Hoeveel koffie?"  # there is only one


@pytest.mark.parametrize(
    ("name", "view", "sentence"),
    [
        ("nowhere", "visitors", "no form has a public question of that name"),
        ("whom", "attendance", "no form has a public question of that name"),
        ("remark", "places", r"several forms have a question of that name \(opening, visitors\)"),
    ],
)
def test_a_column_that_nothing_describes_is_a_fault(
    asking: sqlite3.Connection, name: str, view: str, sentence: str
) -> None:
    with pytest.raises(FilesBroken, match=sentence) as broken:
        added(asking, name, view)
    (fault,) = broken.value.faults
    assert (fault.file, fault.line) == ("exports/x/sample.sql", 3)
    assert "Add it under [sheet.columns] of 'Proef', or call it" in fault.sentence


def test_new_columns_stand_at_the_end(asking: sqlite3.Connection) -> None:
    sql = "SELECT 3 AS coffee, 'OP-01' AS label, NULL AS cups, 'n.v.t.' AS liters"
    table = fetch(sheet(sql), asking, {"place": None, "until": "2026-10-31"}, 0)
    assert [column.name for column in table.sheet.columns] == ["label", "coffee", "cups", "liters"]
    assert table.rows[0].cells == ("OP-01", 3, None, "n.v.t.")


@pytest.mark.parametrize(
    ("arguments", "cell"),
    [
        ("5, 1, 3", 5),
        ("0, 1, 3", 0),
        ("NULL, 1, 3", None),
        ("5, 0, 3", None),
        ("5, NULL, 3", None),
        ("5, 0, 0", "n.v.t."),
        ("5, NULL, NULL", "n.v.t."),
        ("2.5, 0.5, NULL", 2.5),
        ("'ja', 1, NULL", "ja"),
    ],
)
def test_told(empty: sqlite3.Connection, arguments: str, cell: object) -> None:
    assert empty.execute(f"SELECT told({arguments})").fetchone() == (cell,)


def test_every_function_is_deterministic(empty: sqlite3.Connection) -> None:
    for name, (arguments, _) in SQL_FUNCTIONS.items():
        given = ", ".join("a" * arguments)
        empty.execute("CREATE TABLE IF NOT EXISTS t (a)")
        empty.execute(f"CREATE INDEX by_{name} ON t ({name}({given}))")  # takes no other kind
