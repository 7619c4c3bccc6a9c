"""The main line, as people walk it: pair, scan, log a day, correct it, and read it in Excel."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from tests.browser.conftest import Site
from tests.conftest import MOMENT, Clock


def pair(page: Page, site: Site, place: str, *, scan: bool) -> None:
    """Pairs the phone by the letter of `place`: by its link, or by typing its code."""
    token = site.letter(place, MOMENT)
    if scan:
        page.goto(f"{site.url}/pair#{token}")
        expect(page.locator("#name")).to_be_visible()
    else:
        page.goto(site.url)
        link = page.get_by_role("link", name="Typ de code")
        if link.count():
            link.click()
        else:  # a phone that has a place already is paired to one more
            page.goto(f"{site.url}/pair")
        spaced = " ".join(token[at : at + 4] for at in range(0, len(token), 4)).lower()
        page.get_by_label("Typ de code van de brief").fill(spaced)
        page.get_by_role("button", name="Verder").click()
    page.get_by_label("Wat is uw roepnaam?").fill("Ria")
    page.get_by_role("button", name="Ja, koppel deze telefoon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vandaag")


def save(page: Page, kept: str) -> None:
    """Saves, and sees that the confirmation repeats what was kept."""
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wij hebben dit bewaard")
    expect(page.get_by_role("heading", level=1)).to_contain_text(kept)


def scan(page: Page, site: Site, place: str, form: str) -> None:
    """Opens the address of a poster, as a camera does."""
    page.goto(site.poster(place, form, MOMENT))
    expect(page).to_have_url(f"{site.url}/form/{form}")


def live_a_day(page: Page, site: Site, clock: Clock, scripted: bool) -> None:
    """Logs a Friday at OP-01 and at WB-01, with one slip that is corrected."""
    page.goto(site.url)
    page.get_by_role("button", name="Ja, dat klopt").click()  # an ordinary day is one tap
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ontmoetingsplek 1, vandaag")

    scan(page, site, "OP-01", "visitors")
    if scripted:
        for _ in range(4):
            page.get_by_role("button", name="Vijf meer").first.click()
        page.get_by_role("button", name="Eén meer").first.click()
        expect(page.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("21")
    else:
        page.get_by_label("Hoeveel mensen kwamen er?").fill("21")
    page.get_by_text("Meer vertellen").click()
    page.get_by_label("Hoeveel waren hier voor het eerst?").fill("3")
    page.get_by_label("Geld en schulden").fill("2")
    page.get_by_label("Samen eten").check()
    save(page, "ochtend, 21 bezoekers")

    page.get_by_role("link", name="Klopt er iets niet?").click()
    page.get_by_label("Hoeveel mensen kwamen er?").fill("24")
    save(page, "ochtend, 24 bezoekers")

    page.goto(f"{site.url}/form/person_new")
    page.get_by_label("Vrijwilliger", exact=True).check()
    page.get_by_label("Nee", exact=True).first.check()
    page.get_by_label("Roepnaam").fill("Fatima")
    page.get_by_label("Ik heb verteld").check()
    if not scripted:  # questions that do not matter stand on the page, and count for nothing
        page.get_by_label("Wat staat er op de kaart?").fill("ZZZZ")
    save(page, "Ontmoetingsplek 1")

    scan(page, site, "OP-01", "volunteer_hours")
    page.get_by_label("Fatima").first.check()
    page.get_by_label("Hoeveel uur deed ieder mee?").fill("3,5")
    save(page, "Ontmoetingsplek 1, vandaag")

    clock.forward(minutes=1)
    pair(page, site, "WB-01", scan=scripted)
    page.goto(f"{site.url}/form/person_new")
    page.get_by_label("Deelnemer", exact=True).check()
    page.get_by_label("Nee", exact=True).first.check()
    page.get_by_label("Roepnaam").fill("Murat")
    page.get_by_role("group", name="18 maanden").or_(
        page.get_by_role("radiogroup", name="18 maanden")
    ).get_by_label("Ja", exact=True).check()
    page.get_by_label("Hoort dit bij een pilot?").select_option("PI-02")
    page.get_by_label("Ik heb verteld").check()
    save(page, "Wijkbedrijf 1")

    scan(page, site, "WB-01", "attendance")
    page.get_by_label("Wat deed deze groep?").select_option("green")
    page.get_by_label("Murat").first.check()
    page.get_by_label("Hoeveel uur deed ieder mee?").fill("4")
    save(page, "groen en tuin")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "plain"])
def test_a_day_on_the_phone_is_in_the_workbook(
    site: Site, handset: Callable[..., Page], clock: Clock, scripted: bool
) -> None:
    page = handset(java_script_enabled=scripted)
    pair(page, site, "OP-01", scan=scripted)
    live_a_day(page, site, clock, scripted)

    book = month(site)
    hours = told(book["Openingstijden"])
    assert hours["OP-01"]["Uren echt open"] == 8
    assert hours["OP-01"]["Dagen open"] == 1
    assert hours["OP-01"]["Uren per week, rooster"] == 42.5
    assert hours["OP-01"]["Uren per week, nulmeting"] == "geen nulmeting"
    assert hours["OP-02"]["Uren echt open"] is None  # not answered is not zero

    visits = told(book["Bezoeken"])
    assert visits["OP-01"]["Bezoeken ochtend"] == 24  # as corrected
    assert visits["OP-01"]["Bezoeken middag"] is None
    assert visits["OP-01"]["Voor het eerst"] == 3
    assert visits["IE-01"]["Bezoeken totaal"] == "n.v.t."
    assert visits["Zuidwest totaal"]["Bezoeken totaal"] == 24
    assert told(book["Activiteiten"])["OP-01"]["Samen eten"] == 1
    assert told(book["Doorverwezen"])["Zuidwest totaal"]["Geld en schulden"] == 2

    volunteers = told(book["Vrijwilligers"])
    assert volunteers["OP-01"]["Gezien in deze periode"] == 1
    assert volunteers["OP-01"]["Nieuw in deze periode"] == 1
    assert volunteers["OP-01"]["Uren"] == 3.5

    participants = told(book["Deelnemers"])
    assert participants["WB-01"]["Gezien in deze periode"] == 1
    assert participants["WB-01"]["waarvan in een pilot"] == 1
    assert participants["WB-01"]["waarvan ver van werk"] == 1
    assert participants["WB-01"]["Uren"] == 4
    assert told(book["Uren per taak"])["WB-01"]["Groen en tuin"] == 4
    assert told(book["Pilots"])["PI-02"]["Doet nu mee"] == 1
    assert told(book["Volledigheid"])["OP-01"]["Ontvangen"] == 3

    whole = "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    assert "Fatima" not in whole and "Murat" not in whole


def month(site: Site) -> openpyxl.Workbook:
    """The month as it is told, without the protection of small counts."""
    shown = replace(site.settings, small_cell=0)
    books = load_workbooks(shown.exports)
    made = deliver(site.store, shown, books, "monthly", "2026-11", MOMENT + timedelta(days=1))
    return openpyxl.load_workbook(io.BytesIO(made.content))


def told(sheet: Worksheet) -> dict[str, dict[str, object]]:
    """The rows of a sheet by code (totals by label), each by heading."""
    rows = list(sheet.values)
    at = next(nth for nth, row in enumerate(rows) if row and row[0] == "Code")
    heads = [str(head).replace("\n", " ") for head in rows[at]]
    return {
        str(row[0] or row[1]): dict(zip(heads, row, strict=True))
        for row in rows[at + 1 :]
        if row[0] or (len(row) > 1 and row[1])
    }
