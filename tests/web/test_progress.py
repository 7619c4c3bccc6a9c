"""The progress report as a page: the public text, with real tables, sentences and their answers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.report.progress import Report, report
from fieldapp.web import progress_page
from tests.conftest import MOMENT, SINCE, WEEK
from tests.page import Client, parse, words

YEAR = "/office/progress/2026"
RESULT = "4/2.1.2.b"  # a number that the office keeps


@pytest.fixture
def told(send: Any, enter: Callable[..., str]) -> None:
    """What an office and a wijkbedrijf wrote up to the cut-off."""
    initiative = {"code": "3/2.1.2", "title": "Ruimte voor bedrijven", "results": RESULT}
    send(None, "initiative", initiative)
    for code, text in (("3/2.1.2", "Twee panden gehuurd."), (RESULT, "Eén plek verhuurd.")):
        stood = {"result_id": code, "as_of": "2026-04-01", "status": "busy", "value": "1"}
        send(None, "milestone", stood | {"explanation": text, "outlook": f"Daarna: {text}"})
    agreed = {"result_id": RESULT, "value": "4", "source": "convenant"}
    send(None, "target", agreed | {"valid_from": "2024-01-01"})
    for day, value in (("2025-01-01", "0"), ("2026-12-31", "4")):
        send(None, "path", agreed | {"date": day, "value": value})
    judged = {"result_id": RESULT, "as_of": "2026-05-20", "judgement": "on_track"}
    send(None, "judgement", judged | {"words": "Er komen er twee bij."})


def rows(text: str, caption: str) -> list[list[str]]:
    """The rows of the table with that caption, headings first."""
    for table in parse(text).all("table"):
        if any(words(each).startswith(caption) for each in table.iter("caption")):
            return [[words(cell) for cell in row] for row in table.iter("tr")]
    raise AssertionError(f"there is no table {caption}")


def test_the_report_has_the_three_parts_of_article_8(office: Client, told: None) -> None:
    text = office.get(YEAR).text
    facts = dict(rows(text, "Over dit verslag"))
    assert facts == {
        "Periode": "1 mei 2025 tot en met 30 april 2026",
        "Peildatum": "30 april 2026",
        "Concept klaar": "vóór 15 juni 2026",
        "Naar de minister": "vóór 15 juli 2026",
        "Besproken": "september 2026",
    }
    _, *initiatives = rows(text, "Voortgang per initiatief")
    assert initiatives[-1][:2] == ["3/2.1.2", "Ruimte voor bedrijven"]
    assert initiatives[-1][3:] == ["Bezig", "Twee panden gehuurd.", "1 april 2026"]
    results = {row[0]: row[1:] for row in rows(text, "Resultaten, verslagjaar 2026")}
    assert results[RESULT][1:] == [
        "geen nulmeting", "niet ingevuld", "1 plek", "4 plekken", "2,7 plekken", "vraagt aandacht",
    ]  # fmt: skip
    outlook = {row[0]: row[-1] for row in rows(text, "Vooruitblik")}
    assert outlook[RESULT] == "Daarna: Eén plek verhuurd."


def test_a_result_stands_in_words_with_its_reason_and_its_answers(
    office: Client, told: None
) -> None:
    page = parse(office.get(YEAR).text)
    section = next(
        each for each in page.all("section") if each.get("aria-labelledby") == "result-4-2.1.2.b"
    )
    said = words(section)
    assert "Vraagt aandacht. " in said
    assert "Het pad vraagt 2,7 plekken, dus 1,7 minder dan gevraagd." in said
    assert "Oordeel van het bureau: Op pad. Er komen er twee bij." in said
    links = {words(link): link.get("href") for link in section.iter("a")}
    (sentence,) = links
    assert sentence.endswith(": 1 plek tot en met 30 april 2026.")
    assert links[sentence] == "/office/milestones"
    assert office.get("/office/milestones").status_code == 200


def test_answers_of_places_stand_in_the_overview_of_the_cut_off(office: Client, send: Any) -> None:
    place = {"code": "OP-03", "name": "Ontmoetingsplek 3", "kind": "meeting_place"}
    send(None, "place", place | {"wijk": "moerwijk", "active_from": SINCE, "cohort_14": "OK"})
    send("OP-03", "schedule", {"valid_from": SINCE} | WEEK)
    baseline = {"place": "OP-03", "valid_from": SINCE, "baseline_hours": "Mo-Fr 09:00-16:00"}
    send(None, "place_facts", baseline)
    links = {words(a): a.get("href") for a in parse(office.get(YEAR).text).all("a")}
    sentence = "OP-03 was 40 uur per week open, 5 meer dan bij de nulmeting."
    assert links[sentence] == "/office/?month=2026-04"
    assert office.get(links[sentence]).status_code == 200


def test_tables_are_tables_and_nothing_else(office: Client, told: None) -> None:
    page = parse(office.get(YEAR).text)
    tables = list(page.all("table"))
    assert len(tables) == 7
    for table in tables:
        assert next(iter(table)).tag == "caption"
        assert all(row[0].get("scope") for row in table.iter("tr") if row[0].tag == "th")
    assert not [e for e in page.elements() if e.get("style")]


def test_a_reader_sees_the_same_page(
    hire: Callable[..., Any], sign_in: Callable[..., Client], office: Client, told: None
) -> None:
    reader = sign_in(hire("lezer", "reader"))

    def report(client: Client) -> str:
        page = parse(client.get(YEAR).text)
        return words(next(iter(page.all("article"))))

    assert report(reader) == report(office)


def test_nobody_else_sees_it(client: Client, phone: Client) -> None:
    for somebody in (client, phone):
        assert somebody.get(YEAR).status_code in {302, 303, 401}


def test_it_is_measured_once_until_something_is_kept(
    office: Client, told: None, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []

    def counting(*given: Any) -> Report:
        measured.append(given[3])
        return report(*given)

    monkeypatch.setattr(progress_page, "report", counting)
    assert "Twee panden gehuurd." in office.get(YEAR).text
    assert "Twee panden gehuurd." in office.get(YEAR).text
    assert measured == ["2026"]
    stood = {"result_id": "3/2.1.2", "as_of": "2026-04-02", "status": "busy"}
    send(None, "milestone", stood | {"explanation": "Drie panden gehuurd."})
    assert "Drie panden gehuurd." in office.get(YEAR).text
    assert measured == ["2026"] * 2


@pytest.mark.parametrize("year", ["2023", "2028", "x", "2026-05", "0001"])
def test_a_year_without_a_report_is_refused_with_an_example(office: Client, year: str) -> None:
    refused = office.get(f"/office/progress/{year}")
    assert refused.status_code == 400
    assert "Kies het jaar van een verslag, bijvoorbeeld 2026." in refused.text


@pytest.mark.parametrize(
    ("now", "year"), [("2026-04-30", "2025"), ("2026-05-01", "2026"), ("2026-11-20", "2026")]
)
def test_the_menu_leads_to_the_last_report_whose_cut_off_has_passed(
    hire: Callable[..., Any], sign_in: Callable[..., Client], clock: Any, now: str, year: str
) -> None:
    clock.now = dt.datetime.fromisoformat(f"{now}T10:00").replace(tzinfo=MOMENT.tzinfo)
    found = sign_in(hire()).get("/office/progress/")
    assert found.headers["Location"] == f"/office/progress/{year}"


def test_a_year_that_is_not_over_says_so(office: Client) -> None:
    assert "Voorlopig" in office.get("/office/progress/2027").text
    assert "Voorlopig" not in office.get(YEAR).text


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/office/", "Overzicht"), ("/office/facts", "Feiten"),
        ("/office/form/place", "Alle plekken"),
        ("/office/progress/2026", "Verslag per jaar"), ("/office/covenant", "Convenant"),
        ("/office/targets", "Convenant"), ("/office/reading", "Nalezen"),
        ("/office/form/target", "Convenant"),
    ],
)  # fmt: skip
def test_the_menu_marks_where_one_is(office: Client, path: str, label: str) -> None:
    nav = office.get(path).text.partition('<nav class="office"')[2].partition("</nav>")[0]
    assert re.findall('aria-current="page">([^<]*)<', nav) == [label]
