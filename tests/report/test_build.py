"""Workbooks: opened again and compared whole."""

from __future__ import annotations

import datetime as dt
import io
import re
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.report.build import build
from fieldapp.report.cover import About
from fieldapp.report.load import load_workbook
from fieldapp.report.period import Period
from fieldapp.report.sheet import Workbook
from tests.report.conftest import ABOUT, MADE_AT, OCTOBER, opened, rows, sheet_of
from tests.report.people import counting

MONTHLY = load_workbook(Path(__file__).parents[2] / "exports" / "monthly")
EXACT = replace(ABOUT, small_cell=0)
GREEN, EMPTY = "00238541", "00FFE3B3"


def monthly(connection: sqlite3.Connection, about: About = EXACT, **given: Any) -> bytes:
    return made_of(MONTHLY, connection, given.pop("period", OCTOBER), about, **given)


def made_of(
    workbook: Workbook, connection: sqlite3.Connection, over: Period, about: About, **given: Any
) -> bytes:
    with counting(connection, workbook, over, about.small_cell * workbook.public):
        return build(workbook, connection, over, given.pop("made_at", MADE_AT), about, **given)


OP1 = ["OP-01", "Ontmoetingsplek 1", "Ontmoetingsplek", "Bouwlust"]
OP2 = ["OP-02", "Ontmoetingsplek 2", "Ontmoetingsplek", "Bouwlust"]
WB1 = ["WB-01", "Wijkbedrijf 1", "Wijkbedrijf", "Moerwijk"]
BOUWLUST = [None, "Bouwlust totaal", None, "Bouwlust"]
MOERWIJK = [None, "Moerwijk totaal", None, "Moerwijk"]
ALL = [None, "Zuidwest totaal", None, None]
NA, NO, AFG = "n.v.t.", "geen nulmeting", "afg."
_ = None

EXPECTED = {
    "Openingstijden": [
        [*OP1, 42.5, 24, 18.5, 5, 2.5, 0, 14, 2, 1, "1 × Vakantie", 0],
        [*OP2, _, NO, NO, _, _, _, NA, NA, NA, _, NA],
        [*WB1, 42, NA, NA, 6, 0, 2, _, _, 3, "2 × Vakantie, 1 × Feestdag", 1],
        [*BOUWLUST, 42.5, 24, 18.5, NA, 2.5, 0, 14, 2, 1, "1 × Vakantie", 0],
        [*MOERWIJK, 42, NA, NA, NA, 0, 2, _, _, 3, "2 × Vakantie, 1 × Feestdag", 1],
        [*ALL, 84.5, 24, 18.5, NA, 2.5, 2, 14, 2, 4, "3 × Vakantie, 1 × Feestdag", 1],
    ],
    "Bezoeken": [
        [*OP1, 12, 0, _, 12, 1, 6, 1, 1, 0, 2, 4],
        [*OP2, _, NA, NA, _, _, _, _, _, _, _, 1],
        [*WB1, 30, NA, NA, 30, 4, 30, 1, 0, 0, 1, 1],
        [*BOUWLUST, 12, 0, _, 12, 1, 6, 1, 1, 0, 2, 5],
        [*MOERWIJK, 30, NA, NA, 30, 4, 30, 1, 0, 0, 1, 1],
        [*ALL, 42, 0, _, 42, 5, 14, 2, 1, 0, 3, 6],
    ],
    "Activiteiten": [
        [*OP1, 2, 0, 2, 0, 0, 1, *[0] * 11, 1],
        [*OP2, *[_] * 18],
        [*WB1, *[_] * 18],
        [*BOUWLUST, 2, 0, 2, 0, 0, 1, *[0] * 11, 1],
        [*MOERWIJK, *[_] * 18],
        [*ALL, 2, 0, 2, 0, 0, 1, *[0] * 11, 1],
    ],
    # person 1 is at both places and counts once in the total; nobody is 0, not answered is empty
    "Vrijwilligers": [
        [*OP1, 2, 1, 2, 1, 2, 1, 1, 1, 6.5, 2, 1, 2, 1],
        [*OP2, NA, NA, NA, NA, NA, NA, 0, 0, NA, _, _, _, _],
        [*WB1, 1, 0, 2, 0, 2, 0, 1, 0, 3, 0, 0, 1, 0],
        [*BOUWLUST, 2, 1, 2, 1, 2, 1, 1, 1, 6.5, 2, 1, 2, 1],
        [*MOERWIJK, 1, 0, 2, 0, 2, 0, 1, 0, 3, 0, 0, 1, 0],
        [*ALL, 2, 1, 3, 1, 3, 1, 1, 1, 9.5, 2, 1, 3, 1],
    ],
    # person 6 was at a place that has stopped: only in the totals of ever
    "Deelnemers": [
        [*OP1, *[NA] * 11],
        [*OP2, *[NA] * 11],
        [*WB1, 1, 0, 2, 1, 2, 1, 1, 1, 2, 5, 3],
        [*BOUWLUST, *[NA] * 11],
        [*MOERWIJK, 1, 0, 2, 1, 3, 1, 1, 1, 2, 5, 3],
        [*ALL, 1, 0, 2, 1, 3, 1, 1, 1, 2, 5, 3],
    ],
    "Uren per taak": [
        [*OP1, *[NA] * 16],
        [*OP2, *[NA] * 16],
        [*WB1, 3, *[0] * 11, 2, 0, 0, 5],
        [*BOUWLUST, *[NA] * 16],
        [*MOERWIJK, 3, *[0] * 11, 2, 0, 0, 5],
        [*ALL, 3, *[0] * 11, 2, 0, 0, 5],
    ],
    "Stappen": [
        [*OP1, 1, 0, 0, 0, 0, 0, 0, 1, 1],
        [*OP2, *[0] * 9],
        [*WB1, *[0] * 9],
        [*BOUWLUST, 1, 0, 0, 0, 0, 0, 0, 1, 1],
        [*MOERWIJK, *[0] * 9],
        [*ALL, 1, 0, 0, 0, 0, 0, 0, 1, 1],
    ],
    "Pilots": [
        ["p1", "Fietsenmaker", "Moerwijk", "Wijkbedrijf 1", 1, 0, 2, 1, 1, 0, 3, 1],
        [_, "Moerwijk totaal", "Moerwijk", _, 1, 0, 2, 1, 1, 0, 3, 1],
        [_, "Zuidwest totaal", _, _, 1, 0, 2, 1, 1, 0, 3, 1],
    ],
    "Doorverwezen": [[*ALL, 2, *[_] * 7, 1, 3]],
    "Volledigheid": [
        [*OP1, 9, 8, 8 / 9, 1, 0.75, 1, NA, 1, NA, NA],
        [*OP2, 2, 0, 0, NA, 0, NA, NA, 0, NA, NA],
        [*WB1, 7, 4, 4 / 7, 0, 1, 1, 0.5, 1, 0, NA],
        [*BOUWLUST, 11, 8, 8 / 11, 1, 0.6, 1, NA, 0.5, NA, NA],
        [*MOERWIJK, 7, 4, 4 / 7, 0, 1, 1, 0.5, 1, 0, NA],
        [*ALL, 18, 12, 12 / 18, 0.75, 4 / 6, 1, 0.5, 2 / 3, 0, NA],
    ],
    "Per formulier": [
        ["OP-01", "Ontmoetingsplek 1", "Bezoekers", 4, 3, 0.75, 1],
        ["OP-02", "Ontmoetingsplek 2", "Bezoekers", 1, 0, 0, 1],
        ["WB-01", "Wijkbedrijf 1", "Bezoekers", 1, 1, 1, 0],
        ["WB-01", "Wijkbedrijf 1", "Wie deed mee", 2, 1, 0.5, 1],
        [_, "Zuidwest totaal", "Bezoekers", 6, 4, 4 / 6, 2],
        [_, "Zuidwest totaal", "Wie deed mee", 2, 1, 0.5, 1],
    ],
    "Codeboek": [
        ["Bezoekers", "visitors", "Hoeveel mensen kwamen er?", "integer", _, "4/1.1.3.b", _],
        [
            "Wie deed mee",
            "task",
            "Wat deed deze groep?",
            "select_one",
            "green = Groen en tuin; learning = Cursus of taalles",
            "4/1.1.2.a 4/2.5.c",
            _,
        ],
        [
            "Wie deed mee",
            "who",
            "Wie deden mee?",
            "select_multiple_from_file",
            "register people",
            _,
            "ja, nooit in een overzicht",
        ],
    ],
}

NAMES = [
    "Voorblad", "Resultaten", "Verloop", "Stap vooruit", "Wijkbedrijven", "Openingstijden",
    "Bezoeken", "Activiteiten", "Programma", "Aanwezig", "Vrijwilligers", "Deelnemers",
    "Uren per taak", "Stappen", "Pilots", "Doorverwezen", "Geleerd", "Volledigheid",
    "Per formulier", "Levering", "Swing", "Versies", "Codeboek",
]  # fmt: skip
"""Those that are not in EXPECTED are compared in test_monthly."""


def test_the_month_compared_whole(filled: sqlite3.Connection) -> None:
    book = opened(monthly(filled))
    assert book.sheetnames == NAMES
    for name, expected in EXPECTED.items():
        page = book[name]
        assert isinstance(page, Worksheet)
        assert rows(page) == [
            [pytest.approx(cell) if isinstance(cell, float) else cell for cell in row]
            for row in expected
        ], name


def test_public_shows_no_small_count_of_persons(filled: sqlite3.Connection) -> None:
    page = sheet_of(monthly(filled, ABOUT), "Vrijwilligers")
    assert [row[4:] for row in rows(page)] == [
        [AFG] * 8 + [6.5] + [AFG] * 4,
        [NA] * 6 + [0, 0, NA] + [_] * 4,
        [AFG] * 7 + [0, 3, 0, 0, AFG, AFG],
        [AFG] * 8 + [6.5] + [AFG] * 4,
        [AFG] * 7 + [0, 3, 0, 0, AFG, AFG],
        [AFG] * 8 + [9.5] + [AFG] * 4,
    ]
    steps = rows(sheet_of(monthly(filled, ABOUT), "Stappen"))
    assert {cell for row in steps for cell in row[4:]} == {0, AFG}


def test_the_office_sees_exact_counts(filled: sqlite3.Connection) -> None:
    office = replace(MONTHLY, audience="office")
    data = made_of(office, filled, OCTOBER, ABOUT)
    assert rows(sheet_of(data, "Vrijwilligers")) == EXPECTED["Vrijwilligers"]
    cover = opened(data)["Voorblad"]
    texts = [str(cell.value) for row in cover.iter_rows() for cell in row]
    assert any(text.startswith("Niet delen.") for text in texts)
    assert not any(text.startswith("Openbaar.") for text in texts)
    assert sheet_of(data, "Bezoeken").oddHeader.center.text == "NIET DELEN"  # type: ignore[union-attr]


def test_one_place_shows_nothing_that_the_whole_hides(filled: sqlite3.Connection) -> None:
    for person in range(10, 17):  # makes WB-01 large enough to show, were it alone
        filled.execute(
            "INSERT INTO seen VALUES (?, 'WB-01', '2026-10-06', NULL, 'volunteer', '', NULL, 1)",
            (person,),
        )
    filled.execute("UPDATE places SET wijk = 'bouwlust' WHERE name = 'WB-01'")
    whole = rows(sheet_of(monthly(filled, ABOUT), "Vrijwilligers"))
    alone = rows(sheet_of(monthly(filled, ABOUT, place="WB-01"), "Vrijwilligers"))
    assert alone == [row for row in whole if row[0] == "WB-01"]
    assert alone[0][4] == "afg."
    exact = rows(sheet_of(monthly(filled, place="WB-01"), "Vrijwilligers"))
    assert [row[4] for row in exact] == [8]


def test_referrals_by_place_only_over_a_quarter(filled: sqlite3.Connection) -> None:
    quarter = Period("x", dt.date(2026, 8, 1), dt.date(2026, 10, 31), "x", "x")
    month = rows(sheet_of(monthly(filled), "Doorverwezen"))
    assert [row[1] for row in month] == ["Zuidwest totaal"]
    by_place = rows(sheet_of(monthly(filled, period=quarter), "Doorverwezen"))
    assert [row[0] for row in by_place] == ["OP-01", "OP-02", "WB-01", "WB-02", _, _, _]
    alone = sheet_of(monthly(filled, place="OP-01"), "Doorverwezen")
    assert alone["A5"].value == "Per plek staat dit alleen in een kwartaal of een jaar."


def test_same_bytes_twice_and_dated_by_made_at(filled: sqlite3.Connection) -> None:
    data = monthly(filled)
    assert data == monthly(filled)
    later = monthly(filled, made_at=MADE_AT + dt.timedelta(days=1))
    assert data != later
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {part.date_time for part in archive.infolist()} == {(2026, 11, 23, 9, 30, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"20\d\d-[\dT:-]+Z", core)) == {"2026-11-23T08:30:00Z"}


def test_an_empty_month_is_a_full_workbook(empty: sqlite3.Connection) -> None:
    book = opened(monthly(empty))
    assert book.sheetnames == NAMES
    for name in EXPECTED:
        page = book[name]
        assert isinstance(page, Worksheet)
        sentences = {
            "Doorverwezen": "Per plek staat dit alleen in een kwartaal of een jaar.",
            "Per formulier": "Er werd in deze periode niets verwacht.",
        }
        assert page["A5"].value == sentences.get(name, "Geen gegevens in deze maand.")
        assert len(page.tables) == 1
        assert not page._charts  # type: ignore[attr-defined]


def test_not_answered_zero_and_not_expected_look_different(filled: sqlite3.Connection) -> None:
    page = sheet_of(monthly(filled), "Bezoeken")
    zero, unanswered, unexpected = page["F5"], page["G5"], page["G7"]
    assert (zero.value, unanswered.value, unexpected.value) == (0, None, "n.v.t.")
    assert unanswered.fill.fgColor.rgb == EMPTY
    assert zero.fill.fill_type is None
    assert zero.number_format == "#,##0"
    assert unexpected.alignment.horizontal == "right"
    nothing_to_say = sheet_of(monthly(filled), "Codeboek")["E5"]
    assert nothing_to_say.value is None
    assert nothing_to_say.fill.fill_type is None


def test_pages_print_and_read_as_tables(filled: sqlite3.Connection) -> None:
    page = sheet_of(monthly(filled), "Bezoeken")
    assert page.tables["t_visitors"].ref == "A4:O7"  # the places, not the totals below them
    assert page["A4"].value == "Code"
    assert page["A4"].fill.fgColor.rgb == GREEN
    assert page.freeze_panes == "C5"
    assert page.page_setup.orientation == "landscape"
    assert (page.page_setup.paperSize, page.page_setup.fitToWidth) == (9, 1)
    assert page.sheet_properties.pageSetUpPr.fitToPage  # type: ignore[union-attr]
    assert page.oddFooter.left.text == "Mede mogelijk gemaakt."  # type: ignore[union-attr]
    assert page["B8"].value == "Bouwlust totaal"
    assert page["B8"].font.bold
    assert page["A3"].hyperlink.location == "'Voorblad'!A1"  # type: ignore[union-attr]
    last = int(re.findall(r"\d+", str(page.print_area))[-1])
    (chart,) = page._charts  # type: ignore[attr-defined]
    assert 11 < chart.anchor._from.row < last
    assert chart.x_axis.delete is False
    assert chart.y_axis.delete is False
    assert chart.ser[0].val.numRef.f == "'Bezoeken'!$E$5:$E$7"


def test_the_cover_says_what_it_is(filled: sqlite3.Connection) -> None:
    cover = sheet_of(monthly(filled, ABOUT), "Voorblad")
    texts = [cell.value for row in cover.iter_rows() for cell in row if cell.value is not None]
    for text in (
        "Maandoverzicht",
        "Oktober 2026",
        "1 oktober 2026 tot en met 31 oktober 2026",
        "23 november 2026 om 9:30 uur",
        "Gesloten.",
        "Openbaar. U mag dit overzicht delen.",
        "Bezoekers (3)",
        "De bezoeken per dagdeel. Wie twee keer komt, is twee bezoeken.",
        "Afgeschermd: 1 tot en met 4 personen.",
        "Mogelijk dubbel",
        "Mede mogelijk gemaakt.",
        42,
    ):
        assert text in texts
    links = {cell.value: cell.hyperlink for row in cover.iter_rows() for cell in row}
    for name in EXPECTED:
        assert links[name].location == f"'{name}'!A1"  # type: ignore[union-attr]
