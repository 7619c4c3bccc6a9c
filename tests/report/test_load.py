"""Exports: every mistake is told with its file, its line and the remedy."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from fieldapp.errors import FilesBroken
from fieldapp.report.check import check_exports
from fieldapp.report.load import load_workbook, load_workbooks
from tests.report.conftest import sharing

ROOT = Path(__file__).parents[2]

TOML = """\
title = "Proef"
about = "Een proef."
file = "proef-{period}.xlsx"
audience = "public"

[[sheet]]
sql = "people"
name = "Mensen"

[sheet.columns]
label = { heading = "Plek", width = 20 }
persons = { heading = "Mensen", format = "integer", protect = true }
hours = { heading = "Uren", format = "decimal" }

[[sheet.chart]]
kind = "bar"
title = "Uren"
categories = "label"
series = ["hours"]
"""

SQL = """\
-- Eén rij per plek: wie er was.
SELECT 'place' AS _level, wijk AS _group, name AS _place,
       label,
       3 AS persons,
       2.5 AS hours
  FROM places
 WHERE :place IS NULL OR name = :place
"""


def faults(tmp_path: Path, connection: sqlite3.Connection, toml: str, sql: str | None) -> list[str]:
    folder = tmp_path / "exports" / "proef"
    folder.mkdir(parents=True)
    (folder / "workbook.toml").write_text(toml, "utf-8")
    if sql is not None:
        (folder / "people.sql").write_text(sql, "utf-8")
    return [
        str(fault) for fault in check_exports(tmp_path / "exports", partial(sharing, connection))
    ]


def test_the_shipped_exports_are_sound(empty: sqlite3.Connection) -> None:
    assert check_exports(ROOT / "exports", partial(sharing, empty)) == []


def test_a_sound_workbook_has_no_faults(tmp_path: Path, empty: sqlite3.Connection) -> None:
    assert faults(tmp_path, empty, TOML, SQL) == []
    workbook = load_workbook(tmp_path / "exports" / "proef")
    assert workbook.name == "proef"
    assert workbook.public
    assert workbook.file_name("2026-10") == "proef-2026-10.xlsx"
    assert workbook.sheets[0].statement.about == "Eén rij per plek: wie er was."


IN_TOML = [
    ("audience =", "audiense =", 4, "unknown key 'audiense'. A workbook may have: title"),
    ('audience = "public"', "", 0, "'audience' is missing in this workbook. Add it."),
    ('"public"', '"press"', 4, "audience 'press' is neither public nor office."),
    ("title =", "title", 1, "this is not TOML"),
    ('title = "Proef"', "title = 5", 1, "'title' must be a text in quotes."),
    ("name =", "naem =", 8, "unknown key 'naem'"),
    ('sql = "people"', 'sql = "poeple"', 7, "there is no file poeple.sql in this folder."),
    ("width =", "widht =", 11, "unknown key 'widht'. A column may have: heading"),
    ("width = 20", "width = true", 11, "'width' must be a whole number."),
    ('heading = "Plek", ', "", 11, "'heading' is missing in this column."),
    ('"Plek"', '" "', 11, "the heading of 'label' is empty."),
    ('"Plek"', '"uren"', 11, "two columns have the heading 'uren'."),
    ('"integer"', '"intger"', 12, "there is no format 'intger'. Use one of: text, integer"),
    ('format = "integer", ', "", 12, "'persons' is protected but holds no number."),
    ('name = "Mensen"', 'name = "voorblad"', 8, "two sheets are called 'voorblad'."),
    ('name = "Mensen"', 'name = "a/b"', 8, "'a/b' is no name for a sheet."),
    ('"bar"', '"pie"', 15, "there is no chart 'pie'. Use one of: bar, stacked, line."),
    ('["hours"]', '["hoers"]', 15, "the chart names 'hoers', which is no column here."),
    ('["hours"]', '["persons"]', 15, "a chart would draw '<5' as zero."),
    ("hours = {", "hoers = {", 13, "people.sql gives no column 'hoers'."),
]


@pytest.mark.parametrize(("before", "after", "line", "sentence"), IN_TOML)
def test_mistakes_in_the_description(
    tmp_path: Path,
    empty: sqlite3.Connection,
    before: str,
    after: str,
    line: int,
    sentence: str,
) -> None:
    if "hoers = {" in after:
        toml = TOML.replace(before, after).replace('["hours"]', '["hoers"]')
    else:
        toml = TOML.replace(before, after, 1)
    place = "exports/proef/workbook.toml" + (f", line {line}: " if line else ": ")
    told = faults(tmp_path, empty, toml, SQL)
    assert any(fault.startswith(place) and sentence in fault for fault in told), told


IN_SQL = [
    ("-- Eén rij per plek: wie er was.", "", 1, "does not say what one row means"),
    ("-- Eén", "# Eén", 1, "does not say what one row means"),
    ("SELECT 'place'", "INSERT INTO places SELECT 'place'", 2, "begins with INSERT"),
    ("SELECT 'place'", "WITH a AS (SELECT 1) DELETE FROM places; --", 2, "DELETE changes data"),
    (":place\n", ":place; DROP TABLE places\n", 7, "follows the first ';'"),
    ("label,", "lable,", 3, "no such column: lable"),
    ("FROM places", "FROM plaeces", 6, "no such table: plaeces"),
    ("FROM places", "FORM places", 6, 'near "FORM": syntax error'),
    ("2.5 AS", "weekly_huors(5) AS", 5, "no such function: weekly_huors"),
    ("name = :place", "name = :plaec", 7, "may use :from :until :year_from :place"),
    ("2.5 AS hours", "2.5 AS hours, 1 AS more", 5, "column 'more' is not described"),
    ("2.5 AS hours", "2.5 AS hours, 1 AS hours", 5, "column 'hours' is there twice."),
    ("wijk AS _group", "wijk AS _gruop", 0, "every row must tell its _group"),
]


@pytest.mark.parametrize(("before", "after", "line", "sentence"), IN_SQL)
def test_mistakes_in_a_statement(
    tmp_path: Path,
    empty: sqlite3.Connection,
    before: str,
    after: str,
    line: int,
    sentence: str,
) -> None:
    place = "exports/proef/people.sql" + (f", line {line}: " if line else ": ")
    told = faults(tmp_path, empty, TOML, SQL.replace(before, after, 1))
    assert any(fault.startswith(place) and sentence in fault for fault in told), told


def test_a_semicolon_or_a_write_in_a_text_is_no_fault(
    tmp_path: Path, empty: sqlite3.Connection
) -> None:
    sql = SQL.replace("label,", "'; DROP' || label AS label, -- ; DELETE\n").rstrip() + ";\n"
    assert faults(tmp_path, empty, TOML, sql) == []


def test_missing_file_and_file_that_no_sheet_names(
    tmp_path: Path, empty: sqlite3.Connection
) -> None:
    assert "there is no file people.sql" in faults(tmp_path, empty, TOML, None)[0]
    (tmp_path / "exports" / "proef" / "people.sql").write_text(SQL, "utf-8")
    (tmp_path / "exports" / "proef" / "older.sql").write_text(SQL, "utf-8")
    (tmp_path / "exports" / "results").mkdir()
    (tmp_path / "exports" / "bare").mkdir()
    told = [str(fault) for fault in check_exports(tmp_path / "exports", partial(sharing, empty))]
    assert told == [
        "exports/bare/workbook.toml: there is no workbook.toml in this folder. Add one.",
        "exports/proef/older.sql: no sheet in workbook.toml names this file. "
        "Add a [[sheet]] or remove it.",
    ]


def test_loading_tells_every_fault_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "proef"
    folder.mkdir()
    toml = TOML.replace("width =", "widht =").replace('"bar"', '"pie"')
    (folder / "workbook.toml").write_text(toml, "utf-8")
    (folder / "people.sql").write_text("SELECT 1", "utf-8")
    with pytest.raises(FilesBroken) as broken:
        load_workbooks(tmp_path)
    assert len(broken.value.faults) >= 3
