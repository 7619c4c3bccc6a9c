"""A month of work in the office on a filled example, followed to the letter from `/uitleg`.

Each test reads its task there, presses what it names in the order in which it names it, and may
leave nothing out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.guide import NOW, Task, names
from tests.browser.taps import go

Begin = Callable[[str], Task]
Handset = Callable[..., Page]


def test_finding_the_gaps(task: Begin) -> None:
    doing = task("ontbreekt")
    page = doing.page
    doing.menu("Overzicht")
    doing.field("Maand").select_option(label="oktober 2026")
    doing.button("Toon")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overzicht van oktober 2026")
    page.wait_for_load_state()
    every = page.locator("tbody th[scope=row] a[href*='/office/at/']").count()
    doing.link("Mist iets")
    places = page.locator("tbody th[scope=row] a[href*='/office/at/']")
    expect(page).to_have_url(re.compile("show=missing"))
    expect(page.locator("dl.legend")).to_be_visible()
    assert 0 < places.count() < every
    places.first.click()
    expect(page.locator(".lack").first).to_contain_text("ontbreekt")
    doing.done()


def found_records(doing: Task) -> None:
    """Finds the visitors of one place in October, by the words of the guide."""
    page = doing.page
    page.get_by_label("Formulier").select_option(label="Bezoekers")
    page.get_by_label("Plek").select_option(label="Ontmoetingsplek 1")
    page.get_by_label("Vanaf").fill("2026-10-01")
    page.get_by_label("Tot en met").fill("2026-10-31")


def test_correcting_a_record(filled: Site, task: Begin) -> None:
    doing = task("verbeteren")
    page = doing.page
    doing.menu("Invoer")
    found_records(doing)
    doing.button("Toon")
    page.locator("table tbody th a").first.click()
    doing.link("Verbeter dit")
    page.get_by_label("Hoeveel mensen kwamen er?").fill("77")
    doing.field("Waarom?").fill("De plek belde: verkeerd getypt.")
    doing.button("Bewaar")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("main")).to_contain_text("werd 77")
    expect(page.locator("main")).to_contain_text("De plek belde: verkeerd getypt.")
    doing.done()
    with filled.store.read() as connection:
        kept = connection.execute("SELECT count(*) FROM form_visitors WHERE visitors = 77")
        assert kept.fetchone()[0] == 1


def test_withdrawing_a_record_and_putting_it_back(task: Begin) -> None:
    doing = task("intrekken")
    page = doing.page
    doing.menu("Invoer")
    found_records(doing)
    go(page.get_by_role("button", name="Toon"))
    page.locator("table tbody th a").first.click()
    for fold, button, after in (
        ("Intrekken", "Ja, trek dit in", "Dit is ingetrokken en telt niet mee."),
        ("Terugzetten", "Ja, zet dit terug", "Verbeter dit"),
    ):
        doing.fold(fold)
        if fold == "Intrekken":
            doing.field("Waarom?").fill("Er was niemand.")
        else:
            page.get_by_label("Waarom?").fill("Er was toch iemand.")
        doing.button(button)
        expect(page.locator("main")).to_contain_text(after)
    doing.done()


def test_deciding_a_double(filled: Site, task: Begin) -> None:
    doing = task("dubbel")
    page = doing.page
    doing.menu("Invoer", "Dubbel")
    page.get_by_role("link", name="Bezoekers,").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Twee keer ingevuld: Bezoekers")
    doing.button("Vervangen")
    doing.skips("Niet gebruiken", "Optellen")
    expect(page.locator("main")).to_contain_text("Dit telt nu mee")
    doing.button("Maak ongedaan")
    expect(page.locator("main")).to_contain_text("Niet gebruiken")
    expect(page.locator("main")).to_contain_text("Optellen")
    doing.done()


def close_october(doing: Task) -> None:
    """Closes October by the words of the guide."""
    page = doing.page
    doing.menu("Maanden")
    page.get_by_role("link", name="oktober 2026", exact=True).click()
    doing.sees("Is alles er?")
    doing.field("Ik weet dat dit nog ontbreekt, en sluit toch").check()
    doing.button("Sluit")
    expect(page.get_by_role("heading", name="Bewaarde bestanden")).to_be_visible(timeout=120_000)


def test_closing_a_month_accepting_a_late_change_and_downloading(
    filled: Site, task: Begin, handset: Handset
) -> None:
    doing = task("sluiten")
    page = doing.page
    close_october(doing)
    doing.fold("Maand weer openen")
    doing.done()

    with filled.store.read() as connection:
        row = connection.execute(
            "SELECT _id, visitors FROM form_visitors WHERE _place = 'OP-02' AND _state = 'current' "
            "AND date BETWEEN '2026-10-01' AND '2026-10-31' AND visitors > 0 ORDER BY _id LIMIT 1"
        ).fetchone()
    phone = handset()
    phone.goto(f"{filled.url}/pair#{filled.letter('OP-02', NOW)}")
    phone.locator("#name").fill("Ria")
    go(phone.locator("[name=confirm]"))
    phone.goto(f"{filled.url}/form/visitors/{row['_id']}")
    phone.locator("[name=visitors]").fill("88")
    phone.get_by_role("button", name="Vraag deze verandering aan").click()
    expect(phone.locator("main")).to_contain_text("U vroeg op")

    taking = Task(page, reread(doing, filled, "verzoek"))
    taking.menu("Invoer", "Verzoeken")
    expect(page.locator("main")).to_contain_text("88")
    taking.button("Neem over")
    taking.skips("Neem niet over")
    expect(page.locator("main")).to_contain_text("overgenomen")
    page.locator("nav.office").get_by_role("link", name="Maanden").click()
    page.get_by_role("link", name="oktober 2026", exact=True).click()
    taking.sees("Na het sluiten")
    expect(page.locator("main")).to_contain_text("Na het sluiten: 1")
    taking.done()
    with filled.store.read() as connection:
        now = connection.execute("SELECT visitors FROM form_visitors WHERE _id = ?", (row["_id"],))
        assert now.fetchone()[0] == 88

    loading = Task(page, reread(doing, filled, "downloaden"))
    loading.menu("Overzicht")
    page.get_by_label("Maand").select_option(label="oktober 2026")
    loading.button("Toon")
    loading.sees("Werkboeken")
    with page.expect_download(timeout=120_000) as fresh:
        page.get_by_role("link", name=re.compile("^Download .*maand", re.I)).first.click()
    assert fresh.value.suggested_filename == "monthly-2026-10.xlsx"
    loading.menu("Maanden")
    page.get_by_role("link", name="oktober 2026", exact=True).click()
    loading.sees("Bewaarde bestanden")
    with page.expect_download() as kept:
        page.get_by_role("link", name="monthly-2026-10.xlsx", exact=True).click()
    book = openpyxl.load_workbook(io.BytesIO(Path(kept.value.path()).read_bytes()))
    assert "Bezoeken" in book.sheetnames
    loading.menu("Resultaten", "Verslag per jaar")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Voortgangsrapportage")
    loading.skips("Niet delen")
    loading.done()


def reread(doing: Task, filled: Site, anchor: str) -> list[str]:
    """What the guide names for another task, read in the same browser."""
    found = names(doing.page, filled.url, anchor)
    doing.page.goto(f"{filled.url}/office/")
    return found
