"""The month's workbook: results, months behind it, what was learned, and what is delivered."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.errors import FilesBroken
from fieldapp.report.functions import add_functions, said
from fieldapp.report.load import load_workbook
from tests.report.conftest import OCTOBER, rows, sheet_of
from tests.report.test_build import (
    ALL,
    BOUWLUST,
    EXACT,
    MOERWIJK,
    NA,
    OP1,
    OP2,
    WB1,
    made_of,
    monthly,
)

EMPTY = "00FFE3B3"
EXPORTS = Path(__file__).parents[2] / "exports"
_ = None

TOLD = """
INSERT INTO periods VALUES
  ('2026-09', 'month', '2026-09-01', '2026-09-30', 1, 'september 2026'),
  ('2026-10', 'month', '2026-10-01', '2026-10-31', 2, 'oktober 2026'),
  ('2026', 'year', '2026-01-01', '2026-10-31', 3, '2026 tot en met 31 oktober'),
  ('deal', 'deal', '2024-01-01', '2026-10-31', 4, 'de deal tot en met 31 oktober 2026');
INSERT INTO results VALUES
  ('4/1.1.1.a', 1, 'Open plekken', 'A', 'plekken', 'count', 'day', 'more', '', '', 'Open plekken',
   'exports/results/4-1.1.1.a.sql'),
  ('4/1.1.1.b', 2, 'Opgeleid', 'A', 'procent', 'share', 'day', 'more', '', '', 'Opgeleid',
   'exports/results/4-1.1.1.b.sql'),
  ('4/1.1.1.g', 3, 'Stap vooruit', 'A', 'personen', 'persons', 'year', 'more', '', '',
   'Stap vooruit', 'exports/results/4-1.1.1.g.sql'),
  ('4/1.1.1.g', 4, 'Stap vooruit', 'A', 'personen', 'persons', 'year', 'more', '', 'year',
   'Dit jaar', 'exports/results/4-1.1.1.g.sql'),
  ('4/1.1.2.a', 5, 'Wijkbedrijven', 'A', 'personen', 'persons', 'year', 'more', '', 'year',
   'Dit jaar', 'exports/results/4-1.1.2.a.sql'),
  ('4/1.1.3.a', 6, 'Agenda', 'A', 'datum', 'date', 'deal', 'fewer', '', '', 'Agenda',
   'exports/results/4-1.1.3.a.sql'),
  ('4/2.1.1.a', 7, 'Hub', 'B', 'status', 'status', 'day', 'none', '', '', 'Hub',
   'exports/results/4-2.1.1.a.sql'),
  ('4/2.5.3.a', 8, 'Subsidie', 'B', 'ja of nee', 'yes_no', 'day', 'more', '', '', 'Subsidie',
   'exports/results/4-2.5.3.a.sql');
INSERT INTO readings
  (result, measure, period, level, key, value, numerator, denominator, doubtful, status) VALUES
  ('4/1.1.1.a', '', '2026-09', 'total', '', 0, NULL, NULL, NULL, 'ok'),
  ('4/1.1.1.a', '', '2026-10', 'total', '', 1, NULL, NULL, NULL, 'ok'),
  ('4/1.1.1.a', '', '2026-10', 'place', 'OP-01', 1, NULL, NULL, NULL, 'ok'),
  ('4/1.1.1.a', '', '2026', 'total', '', NULL, NULL, NULL, NULL, 'no_baseline'),
  ('4/1.1.1.a', '', 'deal', 'total', '', NULL, NULL, NULL, NULL, 'not_answered'),
  ('4/1.1.1.b', '', '2026-10', 'total', '', 0.25, 1, 4, NULL, 'ok'),
  ('4/1.1.1.b', '', '2026-10', 'wijk', 'bouwlust', 0.5, 1, 2, NULL, 'ok'),
  ('4/1.1.1.g', '', '2026-09', 'total', '', NULL, NULL, NULL, NULL, 'small'),
  ('4/1.1.1.g', '', '2026-10', 'total', '', 7, NULL, NULL, 1, 'ok'),
  ('4/1.1.1.g', 'year', '2026-09', 'total', '', NULL, NULL, NULL, NULL, 'small'),
  ('4/1.1.1.g', 'year', '2026-10', 'total', '', 9, NULL, NULL, 2, 'ok'),
  ('4/1.1.2.a', 'year', '2026-10', 'place', 'WB-01', 88, NULL, NULL, 3, 'ok'),
  ('4/1.1.2.a', 'year', '2026-10', 'wijk', 'moerwijk', 88, NULL, NULL, 3, 'ok'),
  ('4/1.1.2.a', 'year', '2026-10', 'total', '', 88, NULL, NULL, 3, 'ok'),
  ('4/1.1.3.a', '', '2026-10', 'total', '', '2024-03-28', NULL, NULL, NULL, 'ok'),
  ('4/2.1.1.a', '', '2026-10', 'total', '', 'busy', NULL, NULL, NULL, 'ok'),
  ('4/2.1.1.a', '', '2026', 'total', '', NULL, NULL, NULL, NULL, 'confidential'),
  ('4/2.5.3.a', '', '2026-10', 'total', '', 0, NULL, NULL, NULL, 'ok');
INSERT INTO choices (form_id, list_name, position, name, label) VALUES
  ('milestone', 'status', 2, 'busy', 'Bezig'),
  ('month_report', 'lesson_about', 1, 'reach', 'Nieuwe mensen bereiken'),
  ('month_report', 'lesson_about', 2, 'money', 'Geld');
INSERT INTO target (result_id, value, value_most, valid_from, valid_until, source) VALUES
  ('4/1.1.1.a', 12, NULL, '2024-01-01', '2025-12-31', 'convenant'),
  ('4/1.1.1.a', 14, NULL, '2026-01-01', NULL, 'addendum'),
  ('4/1.1.1.g', 100, NULL, '2024-01-01', NULL, 'convenant'),
  ('4/1.1.2.a', 90, 110, '2024-01-01', NULL, 'convenant');
INSERT INTO path (result_id, date, value, source) VALUES
  ('4/1.1.1.g', '2026-01-01', 0, 'bureau'), ('4/1.1.1.g', '2026-10-31', 60, 'bureau');
INSERT INTO baseline (result_id, place_code, value, as_of, source) VALUES
  ('4/1.1.1.g', NULL, 3, '2024-04-01', 'gemeente');
INSERT INTO month_report
  (_id, place, month, worked, not_worked, change, lesson_about, partners_present,
   programme_checked) VALUES
  ('r1', 'OP-01', '2026-10-01', 'Het eten.', NULL, 'Vaker samen.', '["reach", "money"]',
   '["police", "library"]', '2026-09-12'),
  ('r2', 'OP-02', '2026-10-01', 'Karin hielp.', NULL, NULL, NULL, '[]', NULL),
  ('r3', 'WB-01', '2026-09-01', 'Vorige maand.', NULL, NULL, NULL, '["police"]', NULL);
INSERT INTO volunteer_hours (_id, place, date) VALUES
  ('h1', 'OP-01', '2026-10-01'), ('h2', 'WB-01', '2026-10-06');
INSERT INTO attendance (_id, place, date) VALUES
  ('a1', 'WB-01', '2026-10-01'), ('a2', 'WB-01', '2026-09-02');
INSERT INTO passed (row) VALUES ('r1'), ('r3');
INSERT INTO expected VALUES ('month_report', 'OP-01', '2026-10-01', NULL, 1, '2026-10-31');
"""


@pytest.fixture
def told(filled: sqlite3.Connection) -> sqlite3.Connection:
    """October with what was measured, agreed and learned."""
    filled.executescript(TOLD)
    return filled


def sheet(connection: sqlite3.Connection, name: str, **given: Any) -> list[list[Any]]:
    return rows(sheet_of(monthly(connection, **given), name))


def day(text: str) -> dt.datetime:
    """A day as openpyxl reads it back."""
    return dt.datetime.fromisoformat(text)


def headings(page: Worksheet) -> list[Any]:
    return [cell.value for cell in page[4]]


def test_results_beside_what_was_agreed(told: sqlite3.Connection) -> None:
    page = sheet_of(monthly(told), "Resultaten")
    assert headings(page)[14:17] == ["Verloop", "okt 25", "nov 25"]
    assert headings(page)[-2:] == ["sep 26", "okt 26"]
    before, path, none = [_] * 11, "geen pad afgesproken", [_] * 13
    adopted = day("2024-03-28")
    assert rows(page) == [
        ["4/1.1.1.a", "Open plekken", "A", "plekken", 1, _, "geen nulmeting", _, _, _,
         "geen nulmeting", 14, _, path, "░" * 11 + "▁█", *before, 0, 1],
        ["4/1.1.1.b", "Opgeleid", "A", "procent", 0.25, _, _, _, _, _,
         "geen nulmeting", _, _, path, "░" * 12 + "█", *before, _, 0.25],
        ["4/1.1.1.g", "Stap vooruit", "A", "personen", 7, 1, _, _, _, _, 3, 100, _, 60,
         "░" * 12 + "█", *before, "afg.", 7],
        ["4/1.1.3.a", "Agenda", "A", "datum", adopted, _, _, _, _, _, NA, _, _, NA, _, *none],
        ["4/2.1.1.a", "Hub", "B", "status", "Bezig", _, "vertrouwelijk", _, _, _, NA, _, _, NA,
         _, *none],
        ["4/2.5.3.a", "Subsidie", "B", "ja of nee", "nee", _, _, _, _, _, NA, _, _, NA, _, *none],
    ]  # fmt: skip
    assert page["E6"].number_format == "0%"
    assert page["I5"].fill.fgColor.rgb == EMPTY  # expected and not answered
    assert page["F5"].fill.fill_type is None  # nothing to say
    assert (page.print_title_cols, page.col_breaks.brk[0].id) == ("$A:$B", 14)
    assert not page.sheet_properties.pageSetUpPr.fitToPage  # type: ignore[union-attr]


def test_results_of_one_place_are_its_own(told: sqlite3.Connection) -> None:
    (row,) = sheet(told, "Resultaten", place="OP-01")
    assert row[:5] == ["4/1.1.1.a", "Open plekken", "A", "plekken", 1]


def test_a_target_is_that_of_the_day(told: sqlite3.Connection) -> None:
    told.execute("UPDATE target SET valid_until = '2026-11-30' WHERE value = 12")
    told.execute("UPDATE target SET valid_from = '2026-12-01' WHERE value = 14")
    assert sheet(told, "Resultaten")[0][11] == 12
    assert ["Streefcijfer", "4/1.1.1.a", "Open plekken", "1", 12] in [
        row[:5] for row in sheet(told, "Versies")
    ]


def test_months_behind_it(told: sqlite3.Connection) -> None:
    assert sheet(told, "Verloop") == [
        ["sep 26", NA, NA, NA, NA, NA, 2, 2],
        ["okt 26", 42, 3, 14, 14, 9.5, 5, 3],
    ]
    assert sheet(told, "Verloop", place="WB-01")[1] == ["okt 26", 30, 1, 30, _, 3, 5, 3]
    page = sheet_of(monthly(told), "Verloop")
    titles = [chart.title.tx.rich.p[0].r[0].t for chart in page._charts]  # type: ignore[attr-defined]
    assert titles[0] == "Bezoeken per maand"
    left, right, *_more = (chart.anchor._from for chart in page._charts)  # type: ignore[attr-defined]
    assert (left.row, left.col) == (right.row, 0)
    assert right.col > 2


def test_people_against_the_target(told: sqlite3.Connection) -> None:
    page = sheet_of(monthly(told), "Stap vooruit")
    assert rows(page) == [
        ["sep 26", "afg.", "afg.", 100, *[_] * 5],
        ["okt 26", 9, 2, 100, *[_] * 5],
    ]
    chart = page._charts[0]  # type: ignore[attr-defined]
    assert [each.val.numRef.f for each in chart.ser] == ["'Stap vooruit'!$B$5:$B$6"]
    (line,) = (part for part in chart._charts if part is not chart)
    assert [each.val.numRef.f for each in line.ser] == ["'Stap vooruit'!$D$5:$D$6"]
    assert sheet(told, "Wijkbedrijven") == [
        ["WB-01", "Wijkbedrijf 1", "Moerwijk", 88, 3, 90, *[_] * 6],
        [_, "Moerwijk totaal", "Moerwijk", 88, 3, _, *[_] * 6],
        [_, "Zuidwest totaal", _, 88, 3, _, *[_] * 6],
    ]


def test_programme_and_who_was_there(told: sqlite3.Connection) -> None:
    checked = day("2026-09-12")
    none, some = [0] * 19, [2, 3, 0, 2, 0, 0, 1, *[0] * 11, 1]
    assert sheet(told, "Programma") == [
        [*OP1, checked, 1, 1, *some],
        [*OP2, _, 0, 1, *none],
        [*WB1, NA, NA, 0, *none],
        [*BOUWLUST, NA, 1, 2, *some],
        [*MOERWIJK, NA, NA, 0, *none],
        [*ALL, NA, 1, 2, *some],
    ]
    police = [2, 1, *[0] * 8, 1, 1]
    assert sheet(told, "Aanwezig") == [
        [*OP1, *police],
        [*OP2, *[0] * 11, 1],
        [*WB1, *[_] * 12],
        [*BOUWLUST, *police[:-1], 2],
        [*MOERWIJK, *[_] * 12],
        [*ALL, *police[:-1], 2],
    ]


def test_only_what_was_read_is_told(told: sqlite3.Connection) -> None:
    october = day("2026-10-01")
    assert sheet(told, "Geleerd") == [
        [october, *OP1, "Nieuwe mensen bereiken, Geld", "Het eten.", _, "Vaker samen."]
    ]
    told.execute("DELETE FROM passed WHERE row = 'r1'")
    data = monthly(told)
    page = sheet_of(data, "Geleerd")
    assert page["A5"].value.startswith("Er is van deze periode nog geen")
    assert "Ontmoetingsplek 2" not in {cell.value for row in page.iter_rows() for cell in row}


def test_delivery_has_a_row_per_figure(told: sqlite3.Connection) -> None:
    page = sheet_of(monthly(told), "Levering")
    found = {row[0]: row[1:] for row in rows(page)}
    assert len(found) == len(rows(page)) == 15  # September is no part of it
    first, last, year = day("2026-10-01"), day("2026-10-31"), day("2026-01-01")
    zuidwest = ["zuidwest", "zuidwest", "Zuidwest", "WK051833 WK051834 WK051836"]
    assert found["2026-10|OP-01|4/1.1.1.a|2026-01-01"] == [
        0, "2026-10", first, last, "plek", "OP-01", "Ontmoetingsplek 1", _, "4/1.1.1.a", _,
        "Open plekken", 1, _, "plekken", _, _, _, "ja", "ok",
    ]  # fmt: skip
    assert found["2026-10|bouwlust|4/1.1.1.b|"] == [
        0, "2026-10", first, last, "wijk", "bouwlust", "Bouwlust", "BU05183387 BU05183396",
        "4/1.1.1.b", _, "Opgeleid", 0.5, _, "procent", 1, 2, _, "nee", "ok",
    ]  # fmt: skip
    assert found["2026-10|zuidwest|4/1.1.1.g#year|2024-01-01"] == [
        0, "2026-10", first, last, *zuidwest, "4/1.1.1.g", "year", "Dit jaar", 9, _, "personen",
        _, _, 2, "nee", "ok",
    ]  # fmt: skip
    assert found["2026|zuidwest|4/2.1.1.a|"] == [
        0, "2026", year, last, *zuidwest, "4/2.1.1.a", _, "Hub", _, _, "status", _, _, _, "nee",
        "confidential",
    ]  # fmt: skip
    assert found["2026-10|zuidwest|4/2.1.1.a|"][11:13] == [_, "busy"]
    assert found["2026-10|zuidwest|4/1.1.3.a|"][11:13] == [_, "2024-03-28"]


def test_swing_reads_periods_areas_and_codes(told: sqlite3.Connection) -> None:
    page = sheet_of(monthly(told), "Swing")
    names = headings(page)
    assert names[:5] == ["PERIOD", "GEOLEVEL", "GEOITEM", "rdzw_111a", "rdzw_111a_uren"]
    assert len(names) == len(set(names))
    found = {tuple(row[:3]): dict(zip(names, row, strict=True)) for row in rows(page)}
    assert len(found) == len(rows(page)) == 3 * 5  # two months and a year, four wijken and all
    october = found["2026m10", "rdzw_gebied", "zuidwest"]
    assert (october["rdzw_111a"], october["rdzw_111b_t"], october["rdzw_111b_n"]) == (1, 1, 4)
    assert found["2026m10", "rdzw_wijk", "bouwlust"]["rdzw_111b_p"] == 0.5
    assert found["2026m09", "rdzw_gebied", "zuidwest"]["rdzw_111g"] is None
    assert ("2026", "rdzw_gebied", "zuidwest") in found


def test_versions_in_force(told: sqlite3.Connection) -> None:
    found = sheet(told, "Versies")
    assert [row[:2] for row in found[:2]] == [
        ["Resultaat", "4/1.1.1.a"], ["Resultaat", "4/1.1.1.b"],
    ]  # fmt: skip
    of_2024, of_2026 = day("2024-01-01"), day("2026-01-01")
    assert [row for row in found if row[0] not in {"Resultaat", "Formulier"}] == [
        ["Streefcijfer", "4/1.1.1.a", "Open plekken", "2", 14, _, of_2026, _, "addendum"],
        ["Streefcijfer", "4/1.1.1.g", "Stap vooruit", "1", 100, _, of_2024, _, "convenant"],
        ["Streefcijfer", "4/1.1.2.a", _, "1", 90, 110, of_2024, _, "convenant"],
        ["Punt op het pad", "4/1.1.1.g", "Stap vooruit", "1", 0, _, of_2026, _, "bureau"],
        ["Punt op het pad", "4/1.1.1.g", "Stap vooruit", "2", 60, _, day("2026-10-31"), _,
         "bureau"],
        ["Nulmeting", "4/1.1.1.g", "Stap vooruit", _, 3, _, day("2024-04-01"), _,
         "gemeente"],
    ]  # fmt: skip
    assert ["Formulier", "visitors", "Bezoekers", "1"] in [row[:4] for row in found]


def test_a_column_of_rows_with_their_own_format(told: sqlite3.Connection, tmp_path: Path) -> None:
    exports = Path(shutil.copytree(EXPORTS, tmp_path / "exports"))
    sql = exports / "monthly" / "results.sql"
    text = sql.read_text("utf-8")
    sql.write_text(text.replace("'percent'", "'per cent'"), "utf-8")
    with pytest.raises(FilesBroken, match=r"_format is .per cent"):
        made_of(load_workbook(sql.parent), told, OCTOBER, EXACT)
    sql.write_text(text.replace("AS _format", "AS _shape"), "utf-8")
    with pytest.raises(FilesBroken, match="the SELECT gives no column _format"):
        made_of(load_workbook(sql.parent), told, OCTOBER, EXACT)
    toml = sql.with_name("workbook.toml")
    toml.write_text(toml.read_text("utf-8").replace('page = "course"', 'page = "m99"'), "utf-8")
    with pytest.raises(FilesBroken, match="'m99' is no column of this sheet"):
        load_workbook(sql.parent)


def test_a_column_draws_columns_of_its_sheet(tmp_path: Path) -> None:
    exports = Path(shutil.copytree(EXPORTS, tmp_path / "exports"))
    toml = exports / "monthly" / "workbook.toml"
    text = toml.read_text("utf-8").replace('["m12", "m11"', '["m12", "m99"')
    toml.write_text(text, "utf-8")
    with pytest.raises(FilesBroken, match="'course' draws 'm99', which is no column here"):
        load_workbook(toml.parent)


def test_empty_sheets_say_why(empty: sqlite3.Connection) -> None:
    data = monthly(empty)
    sentences = {
        "Resultaten": "Er zijn nog geen resultaten beschreven.",
        "Wijkbedrijven": "Er was in deze periode geen wijkbedrijf.",
        "Programma": "Geen gegevens in deze maand.",
        "Levering": "Er zijn nog geen resultaten beschreven.",
        "Versies": "Er is niets waarvan versies bestaan.",
    }
    assert {name: sheet_of(data, name)["A5"].value for name in sentences} == sentences


@pytest.mark.parametrize(
    ("value", "status", "shown"),
    [
        (3, "ok", 3),
        (3, "provisional", 3),
        (None, "small", "afg."),
        (None, "confidential", "vertrouwelijk"),
        (None, "not_expected", "n.v.t."),
        (None, "no_baseline", "geen nulmeting"),
        (None, "not_answered", None),
    ],
)
def test_a_reading_says_why_it_is_not_told(value: int | None, status: str, shown: Any) -> None:
    assert said(value, status) == shown


@pytest.mark.parametrize(
    ("doubtful", "value", "status", "word"),
    [(7, 46, "ok", 7), (0, 46, "ok", 0), (None, 46, "ok", "afg."), (None, None, "small", "afg."),
     (None, None, "not_answered", None)],
)  # fmt: skip
def test_a_part_that_is_hidden_does_not_look_unanswered(
    doubtful: object, value: object, status: str, word: object
) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        add_functions(connection)
        told = connection.execute("SELECT doubted(?, ?, ?)", (doubtful, value, status)).fetchone()
    assert told == (word,)
