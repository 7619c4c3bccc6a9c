"""The workbook of the progress report, opened again and compared whole on a small year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.errors import BadRequest
from fieldapp.keep.store import Store
from fieldapp.report.deliver import deliver
from fieldapp.report.progress import latest
from fieldapp.report.result import load_results
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import MOMENT
from tests.report.conftest import opened, rows
from tests.report.year import live

MARCH, APRIL, FEBRUARY = (
    dt.datetime.fromisoformat(day) for day in ("2025-03-01", "2025-04-30", "2024-02-01")
)
_ = None
NO = "geen nulmeting"
A, B, D = "4/1.1.1.a", "4/1.1.2.a", "4/1.1.1.d"
HOURS = "Ontmoetingsplekken die meer uren open zijn"
STEP = "Vrijwilligers met een opstap"
WORK = "Mensen die via een wijkbedrijf werken voor de buurt"
NETWORK = "Netwerk van coördinatoren"
SECRET = "Aanpak van woonfraude werkt en kan naar andere wijken"
HIDDEN = "vertrouwelijk"
NO_PATH = "Er is geen pad afgesproken voor deze dag."
GOAL = "A1 Buren ontmoeten elkaar"

EXPECTED: Mapping[str, list[list[Any]]] = {
    "Voortgang per initiatief": [
        ["3/1.1.1", "Ontmoetingsplekken langer open", GOAL, "Bezig",
         "De eerste plek is langer open.", MARCH, "4/1.1.1.a 4/1.1.1.g",
         "Gemeente"],
        ["3/1.2.2", "Participatiewerkplaats", GOAL, "Nog niet begonnen", _,
         FEBRUARY, _, "Gemeente"],
    ],
    "Vooruitblik": [
        [D, NETWORK, "Gehaald", NO, "Vaker bij elkaar komen.", APRIL],
        ["3/1.1.1", "Ontmoetingsplekken langer open", "Bezig", "n.v.t.", "Nog twee plekken.",
         MARCH],
    ],
    "Openingstijden": [
        ["OP-01", "Plek OP-01", "Bouwlust", 24, 24, 0, 16],
        ["OP-02", "Plek OP-02", "Moerwijk", 16, NO, NO, _],
    ],
    "Wijkbedrijven": [
        ["WB-01", "Plek WB-01", "Moerwijk", 1, _, 4],
        ["WB-02", "Plek WB-02", "Vrederust", "n.v.t.", "n.v.t.", 4],
    ],
    "Stap vooruit": [["2024", 1, 0, 100], ["2025 tot en met 30 april", 2, 0, 100]],
    "Waarom gestopt": [
        ["2024", "Betaald werk", 0], ["2024", "Betaald werk met begeleiding", 0],
        ["2024", "Opleiding of leerwerkplek", 0], ["2024", "Vrijwilligerswerk ergens anders", 0],
        ["2024", "Traject is klaar", 1], ["2024", "Verhuisd", 0],
        ["2024", "Persoonlijke reden", 0], ["2024", "Weet ik niet", 0],
        ["2024", "Alle redenen samen", 1],
    ],
}  # fmt: skip

RESULTS = [  # from 0 on 1 January 2024 to 2 on 31 December 2025 is 1.33 on 30 April 2025
    [A, HOURS, "24 uur per week", "0 plekken", "0 plekken", "3 plekken", "1,3 plekken",
     "2024: 0 → 2025: 0", "vraagt aandacht",
     "Op 30 april 2025: 0 plekken. Het pad vraagt 1,3 plekken, dus 1,3 minder dan gevraagd.",
     "Op pad", "De rest volgt."],
    [D, NETWORK, NO, "nee", "ja", "geen getal", "geen pad", "2024: nee → 2025: ja",
     "geen pad afgesproken", f"Op 30 april 2025: ja. {NO_PATH}", "geen oordeel", _],
    ["4/1.1.1.g", STEP, NO, "1 persoon", "2 personen", "100 personen", "geen pad",
     "2024: 1 → 2025: 2", "geen pad afgesproken",
     f"In 2024: 1 persoon. {NO_PATH} Het doel is 100 personen.", "geen oordeel", _],
    [B, WORK, NO, "1 persoon", _, "4 personen per wijkbedrijf", "1 persoon",
     "2024: 1 → 2025: niet ingevuld", "op pad",
     "In 2024, gemiddeld per wijkbedrijf: 1 persoon. Het pad vraagt 1 persoon, precies gehaald.",
     "geen oordeel", _],
    ["4/1.3.2", SECRET, HIDDEN, HIDDEN, HIDDEN, "geen getal", "geen pad",
     f"2024: {HIDDEN} → 2025: {HIDDEN}", "geen pad afgesproken",
     f"Op 30 april 2025: {HIDDEN}. {NO_PATH}", HIDDEN, _],
]  # fmt: skip

WORDS = [
    [A, HOURS, _, f"{HOURS}: 0 plekken van de 2 op 30 april 2025."],
    [A, HOURS, "OP-01", "OP-01 was 24 uur per week open, evenveel als bij de nulmeting."],
    [A, HOURS, "OP-02", "OP-02 was 16 uur per week open; er is geen nulmeting."],
    [D, NETWORK, _, f"{NETWORK}: ja, op 30 april 2025."],
    ["4/1.1.1.g", STEP, _, f"{STEP}: 1 persoon in 2024."],
    ["4/1.1.1.g", STEP, "OP-01", "OP-01 hielp 1 persoon een stap vooruit in 2024."],
    ["4/1.1.1.g", STEP, "OP-02", "OP-02: dit is niet ingevuld."],
    [B, WORK, _, f"{WORK}: 1 persoon in 2024."],
    [B, WORK, "WB-01", "WB-01 zag 1 persoon werken voor de buurt in 2024."],
    ["4/1.3.2", SECRET, _,
     f"{SECRET}: dit cijfer staat hier niet, omdat het vertrouwelijk is."],
]  # fmt: skip


def test_the_report_of_a_small_year(
    store: Store, settings: Settings, workbooks: Mapping[str, Workbook], send: Any
) -> None:
    live(store)
    tell(send)
    exact = replace(settings, small_cell=0)
    made = deliver(store, exact, workbooks, "progress", "2025", MOMENT)
    assert made.file_name == "progress-2025.xlsx"
    book = opened(made.content)
    shown = {page.title: rows(page) for page in book.worksheets[1:]}
    for name, wanted in EXPECTED.items():
        assert shown[name] == wanted, name
    told = [row[0] for row in RESULTS]
    assert [row for row in shown["Resultaten"] if row[0] in told] == RESULTS
    assert [row for row in shown["In woorden"] if row[0] in told] == WORDS
    promised = [each.id for each in load_results(settings.exports) if each.id.startswith("4/")]
    assert [row[0] for row in shown["Resultaten"]] == promised
    assert {row[0] for row in shown["In woorden"]} == set(promised)
    assert not any("Geheim" in str(cell) for page in shown.values() for row in page for cell in row)
    cover = {row[1].value: row[2].value for row in book["Voorblad"].iter_rows() if row[2].value}
    assert cover["Periode"] == "1 mei 2024 tot en met 30 april 2025"
    assert cover["Naar de minister"] == "vóór 15 juli 2025"
    charts = {page.title: len(page._charts) for page in book.worksheets if page._charts}
    assert charts == {"Openingstijden": 1, "Wijkbedrijven": 1, "Stap vooruit": 1}


@pytest.mark.parametrize("year", ["2023", "2025-05", "2028", "next"])
def test_a_year_without_a_report_is_refused(
    store: Store, settings: Settings, workbooks: Mapping[str, Workbook], year: str
) -> None:
    with pytest.raises(BadRequest, match="for example 2026"):
        deliver(store, settings, workbooks, "progress", year, MOMENT)


@pytest.mark.parametrize(
    ("today", "year"),
    [("2024-03-01", 2024), ("2025-04-30", 2024), ("2025-05-01", 2025), ("2026-12-31", 2026)],
)
def test_the_last_report_is_that_whose_cut_off_has_passed(
    settings: Settings, today: str, year: int
) -> None:
    assert latest(settings, dt.date.fromisoformat(today)) == year


def tell(send: Any) -> None:
    """What the office wrote: two initiatives, a milestone, a target with its path, a judgement."""
    for code, title, results in (
        ("3/1.1.1", "Ontmoetingsplekken langer open", "4/1.1.1.a 4/1.1.1.g"),
        ("3/1.2.2", "Participatiewerkplaats", ""),
    ):
        given = {
            "code": code,
            "title": title,
            "goal": "a1",
            "results": results,
            "owner": "Gemeente",
        }
        send(None, "initiative", given)
    for code, as_of, status, text, next_ in (
        ("3/1.1.1", "2025-03-01", "busy", "De eerste plek is langer open.", "Nog twee plekken."),
        ("3/1.1.1", "2025-05-01", "reached", "Na de peildatum.", "Klaar."),
        ("3/1.2.2", "2024-02-01", "not_started", "Van vóór dit verslagjaar.", ""),
        ("4/1.1.1.d", "2025-04-30", "reached", "Het netwerk is er.", "Vaker bij elkaar komen."),
    ):
        given = {"result_id": code, "as_of": as_of, "status": status, "explanation": text}
        send(None, "milestone", given | {"outlook": next_})
    source = {"source": "convenant"}
    for code, value in (("4/1.1.1.a", "3"), ("4/1.1.1.g", "10"), ("4/1.1.2.a", "4")):
        target = {"result_id": code, "value": value, "valid_from": "2024-01-01"}
        send(None, "target", target | source)
    for code, date, value in (
        ("4/1.1.1.a", "2024-01-01", "0"),
        ("4/1.1.1.a", "2025-12-31", "2"),
        ("4/1.1.2.a", "2024-12-31", "1"),
    ):
        send(None, "path", {"result_id": code, "date": date, "value": value} | source)
    for code, as_of, given in (
        ("4/1.1.1.a", "2025-05-20", {"judgement": "on_track", "words": "De rest volgt."}),
        ("4/1.1.1.g", "2025-07-15", {"judgement": "ahead", "words": "Na het verslag."}),
        (
            "4/1.3.2",
            "2025-04-01",
            {
                "words": "Geheim.",
                "confidential": "OK",
                "confidential_reason": "Een partij vroeg erom.",
            },
        ),
    ):
        send(None, "judgement", {"result_id": code, "as_of": as_of} | given)
