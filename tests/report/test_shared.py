"""What sheets share: filled once, behind the same door, and every mistake told with its remedy."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from fieldapp.errors import FilesBroken
from fieldapp.keep import views
from fieldapp.keep.store import Store
from fieldapp.report import deliver
from fieldapp.report.check import check_exports
from fieldapp.report.load import load_workbooks
from fieldapp.report.period import period
from fieldapp.report.shared import load_shared
from fieldapp.report.statement import Statement
from fieldapp.settings import Settings
from tests.report.conftest import sharing

TODAY = dt.date(2026, 11, 20)
SHARED = "-- Eén rij per plek.\nSELECT name, label FROM places\n"


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder of exports with nothing in it but what is shared."""
    folder = tmp_path / "exports"
    (folder / "shared").mkdir(parents=True)
    return folder


def put(exports: Path, **files: str) -> None:
    for name, text in files.items():
        (exports / "shared" / f"{name}.sql").write_text(text, "utf-8")


def test_each_comes_after_those_it_reads(exports: Path) -> None:
    put(exports, a="-- A.\nSELECT * FROM b", b="-- B.\nSELECT 1 AS n FROM C", c="-- C.\nSELECT 2")
    assert [each.name for each in load_shared(exports)] == ["c", "b", "a"]


def test_there_may_be_none(tmp_path: Path) -> None:
    assert load_shared(tmp_path) == ()


WRONG = [
    ("doubled", SHARED.replace("-- Eén rij per plek.\n", ""), 1, "does not say what one row means"),
    ("doubled", SHARED.replace("SELECT", "DELETE"), 2, "the statement begins with DELETE"),
    ("doubled", SHARED.replace("label", "lable"), 2, "no such column: lable"),
    ("doubled", SHARED + "WHERE name = :place", 3, "It may use :from :until :year_from."),
    ("doubled", SHARED.replace("label", 'label AS "a b"'), 2, "'a b' cannot be the name of a col"),
    ("doubled", SHARED.replace("label", "upper(label)"), 0, "name it with AS. Use small letters"),
    ("Twice", SHARED, 0, "'Twice' cannot be the name of a table."),
    ("places", SHARED, 0, "exports can read a 'places' already. Give this file another name."),
]


@pytest.mark.parametrize(("name", "text", "line", "sentence"), WRONG)
def test_mistakes_are_told(
    exports: Path, empty: sqlite3.Connection, name: str, text: str, line: int, sentence: str
) -> None:
    put(exports, **{name: text})
    (told,) = check_exports(exports, partial(sharing, empty))
    place = f"exports/shared/{name}.sql" + (f", line {line}: " if line else ": ")
    assert str(told).startswith(place) and sentence in str(told), told


def test_a_round_is_told(exports: Path) -> None:
    put(exports, a="-- A.\nSELECT * FROM b", b="-- B.\nSELECT * FROM a")
    with pytest.raises(FilesBroken, match=r"shared/a\.sql: it and b read each other"):
        load_workbooks(exports)


def statement(name: str, select: str) -> Statement:
    return Statement(f"exports/shared/{name}.sql", f"-- Eén rij.\n{select}", "Eén rij.")


def told(store: Store, settings: Settings, shared: list[Statement], sql: str) -> list[object]:
    over = period("2026-11", TODAY)
    with deliver.telling(store, settings, over, TODAY, shared) as connection:
        return [tuple(row) for row in connection.execute(sql)]


def test_they_are_there_for_each_other_and_for_the_sheets(small: Store, settings: Settings) -> None:
    shared = [
        statement("first", "SELECT name, :from AS since FROM places WHERE kind = 'meeting_place'"),
        statement("second", "SELECT name || ' ' || since AS text FROM first"),
    ]
    found = told(small, settings, shared, "SELECT text FROM second ORDER BY 1")
    assert found == [("OP-01 2026-11-01",), ("OP-02 2026-11-01",)]


@pytest.mark.parametrize(
    "select",
    [
        "SELECT code FROM people",
        "SELECT count(*) AS n FROM people",
        "SELECT call_name FROM form_person_new",
        "SELECT name FROM account",
        "SELECT sql FROM sqlite_master",
    ],
)
def test_they_read_no_more_than_a_sheet_may(small: Store, settings: Settings, select: str) -> None:
    with pytest.raises(FilesBroken, match="SQLite says: "):
        told(small, settings, [statement("more", select)], "SELECT 1")


@pytest.mark.parametrize("name", ["people", "form_visitors", "visitors", "days", "json_each"])
def test_none_takes_the_name_of_something_else(small: Store, settings: Settings, name: str) -> None:
    with pytest.raises(FilesBroken, match=f"can read a '{name}' already"):
        told(small, settings, [statement(name, "SELECT 1 AS n")], "SELECT 1")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT code FROM people",
        "INSERT INTO one VALUES (2)",
        "DROP TABLE one",
        "CREATE TEMP TABLE two (n)",
        "PRAGMA query_only=OFF",
    ],
)
def test_the_door_is_closed_again_behind_them(small: Store, settings: Settings, sql: str) -> None:
    shared = [statement("one", "SELECT 1 AS n")]
    assert told(small, settings, shared, "SELECT n FROM one") == [(1,)]
    with pytest.raises(sqlite3.DatabaseError, match=r"prohibited|not authorized"):
        told(small, settings, shared, sql)


def test_names_of_columns_are_names_only(small: Store) -> None:
    nasty = ['a"); DROP TABLE t; --', "b]", "c'"]
    with views.exporting(small, tables={"t": lambda connection: (nasty, [(1, 2, 3)])}) as told:
        row = told.execute("SELECT * FROM t").fetchone()
    assert dict(row) == dict(zip(nasty, (1, 2, 3), strict=True))


def test_check_tells_what_is_wrong_in_shared_files_and_in_sheets(
    small: Store, settings: Settings, tmp_path: Path
) -> None:
    here = replace(settings, exports=Path(shutil.copytree(settings.exports, tmp_path / "told")))
    assert deliver.check(small, here, TODAY) == []
    sheet = here.exports / "monthly" / "steps.sql"
    sheet.write_text(sheet.read_text("utf-8").replace("max(f.shown)", "max(f.told)"), "utf-8")
    (fault,) = deliver.check(small, here, TODAY)
    assert str(fault).startswith("told/monthly/steps.sql, line 4: SQLite says: no such column")
    shown = here.exports / "shared" / "shown.sql"
    shown.write_text(shown.read_text("utf-8").replace("FROM places p", "FROM place_s p"), "utf-8")
    (fault,) = deliver.check(small, here, TODAY)
    assert str(fault).startswith("told/shared/shown.sql, line 6: SQLite says: no such table")
