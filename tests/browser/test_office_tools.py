"""What the office does beside the months, followed to the letter from `/uitleg`."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.guide import DESK, NOW, Task
from tests.browser.taps import go

Begin = Callable[[str], Task]
Handset = Callable[..., Page]


def test_entering_an_old_year_from_excel(filled: Site, task: Begin, tmp_path: Path) -> None:
    doing = task("invoeren")
    page = doing.page
    doing.menu("Invoer", "Invoeren uit Excel")
    with page.expect_download() as got:
        doing.link("Download", page.get_by_role("row", name=re.compile("^Bezoekers")))
    template = tmp_path / "bezoekers 2025.xlsx"
    got.value.save_as(template)
    rows = [(dt.date(2025, 3, day), part) for day in range(1, 29) for part in ("Ochtend", "Middag")]
    for wrong in (True, False):
        book = openpyxl.load_workbook(io.BytesIO(Path(got.value.path()).read_bytes()))
        sheet = book.worksheets[0]
        for number, (day, part) in enumerate(rows, 2):
            values = ("OP-01", day, part, "veel" if wrong and number == 9 else number)
            for column, value in enumerate(values, 1):
                sheet.cell(number, column).value = value
        book.save(template)
        if wrong:
            page.get_by_role("link", name="Bezoekers", exact=True).click()
            doing.field("Ingevuld bestand (.xlsx)").set_input_files(template)
            doing.button("Kijk na")
            expect(page.locator("table.faults tbody tr")).to_have_count(1)
            expect(page.locator("table.faults")).to_contain_text("D9")
        else:
            page.get_by_label("Ingevuld bestand (.xlsx)").set_input_files(template)
            page.get_by_role("button", name="Kijk na").click()
    expect(page.locator("ul.outcome")).to_contain_text("Erbij: 56")
    doing.button("Voer alles in")
    expect(page.get_by_role("status")).to_contain_text("bezoekers 2025.xlsx is ingevoerd.")
    doing.done()
    with filled.store.read() as connection:
        kept = connection.execute("SELECT count(*) FROM form_visitors WHERE date < '2026-01-01'")
        assert kept.fetchone()[0] == 56


def test_publishing_a_form_with_one_more_question(
    filled: Site, task: Begin, handset: Handset, tmp_path: Path
) -> None:
    doing = task("formulier")
    page = doing.page
    doing.menu("Beheer", "Formulieren")
    with page.expect_download() as got:
        doing.link("Excel", page.get_by_role("row", name=re.compile("^Bezoekers")))
    file = tmp_path / "visitors.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(Path(got.value.path()).read_bytes()))
    survey = book[doing.follow("survey")]
    number = survey.max_row + 1
    added = {
        "type": doing.follow("text"),
        "name": "mood",
        "label::Nederlands (nl)": "Hoe was de sfeer?",
        "label::English (en)": "How was the mood?",
    }
    doing.skips("integer")
    for cell in survey[1]:
        if cell.value in added:
            survey.cell(number, cell.column).value = added[str(cell.value)]
    sheet = book[doing.follow("settings")]
    heads = [cell.value for cell in sheet[1]]
    higher = int(filled.store.forms["visitors"].version) + 1
    sheet.cell(2, heads.index("version") + 1).value = str(higher)
    book.save(file)
    doing.field("Welk formulier?").select_option("visitors")
    doing.field("Bestand (.xlsx of .md)").set_input_files(file)
    doing.button("Kijk wat er verandert")
    expect(page.get_by_role("row", name="Hoe was de sfeer?")).to_contain_text("Nieuw")
    page.get_by_role("link", name=re.compile("Voorbeeld:\\s+Nederlands")).click()
    doing.follow("Voorbeeld: Nederlands")
    expect(page.get_by_label("Hoe was de sfeer?")).to_be_visible()
    page.go_back()
    doing.button("Publiceer deze versie")
    expect(page.get_by_role("row", name=re.compile("^Bezoekers"))).to_contain_text("eigen versie")
    doing.done()

    phone = handset()
    phone.goto(f"{filled.url}/pair#{filled.letter('OP-02', NOW)}")
    phone.locator("#name").fill("Ria")
    go(phone.locator("[name=confirm]"))
    phone.goto(f"{filled.url}/form/visitors")
    expect(phone.get_by_text("Hoe was de sfeer?")).to_be_attached()


def test_shutting_out_a_phone(filled: Site, task: Begin, handset: Handset) -> None:
    phone = handset()
    phone.goto(f"{filled.url}/pair#{filled.letter('OP-02', NOW)}")
    phone.locator("#name").fill("Joris")
    go(phone.locator("[name=confirm]"))
    expect(phone.get_by_role("heading", level=1)).to_be_visible()

    doing = task("telefoon")
    page = doing.page
    doing.menu("Plekken", "Telefoons")
    row = page.get_by_role("row", name=re.compile("^Joris"))
    doing.button("Sluit af", row)
    expect(row).to_contain_text("afgesloten op")
    again = phone.context.new_page()  # where an answer of 401 is no mistake
    again.goto(f"{filled.url}/people")
    expect(again.get_by_role("heading", level=1)).to_contain_text("hoort nog bij geen plek")
    doing.menu("Afdrukken")
    doing.leaves("Brief voor één telefoon")
    doing.done()


def test_printing_posters_for_all_places(filled: Site, task: Begin) -> None:
    doing = task("afdrukken")
    page = doing.page
    doing.menu("Plekken", "Afdrukken")
    boxes = page.locator("input[name=place]")
    codes = [str(box.get_attribute("value")) for box in boxes.all()]
    wanted = [code for code in codes if not code.startswith("IE")]  # pilots count no visitors
    assert len(codes) > len(wanted) > 10
    expect(page.locator("input[name=place]:checked")).to_have_count(len(codes))
    doing.sees("Wat drukt u af?")
    doing.field("Poster: Bezoekers").check()
    doing.button("Maak de pagina")
    expect(page.locator(".poster")).to_have_count(len(wanted))
    with filled.store.read() as connection:
        made = connection.execute("SELECT place FROM poster WHERE form = 'visitors' ORDER BY place")
        assert [row["place"] for row in made] == sorted(wanted)
    assert len(page.pdf()) > 20_000
    doing.done()


def test_letting_others_in(filled: Site, task: Begin) -> None:
    doing = task("anderen")
    page = doing.page
    doing.menu("Beheer", "Accounts")
    doing.menu("Beheer", "Toegang voor programma's")
    page.get_by_label("Welk programma gebruikt de sleutel?").fill("Monitor van de stad")
    page.locator("input[value=monthly]").check()
    doing.button("Maak de sleutel")
    token = page.locator(".secret").first.inner_text().strip()
    address = f"{filled.url}/api/export/monthly/2026-10.csv.zip"
    answer = page.request.get(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body())) as archive:
        assert "delivery.csv" in archive.namelist()
    page.get_by_role("link", name="Klaar").click()
    doing.button("Trek in")
    expect(page.locator("main")).to_contain_text("ingetrokken op")
    assert page.request.get(address, headers={"Authorization": f"Bearer {token}"}).status == 401
    doing.done()


def test_signing_in(task: Begin, filled: Site, lived: Path, handset: Handset) -> None:
    doing = task("inloggen")
    page = handset(viewport=DESK)
    page.goto(f"{filled.url}/office/")
    expect(page.get_by_role("button", name=doing.follow("Inloggen"), exact=True)).to_be_visible()
    doing.page.set_viewport_size({"width": 390, "height": 844})
    menu = doing.page.locator("nav.office summary", has_text=doing.follow("Menu"))
    menu.click()
    expect(doing.page.locator("nav.office").get_by_role("link", name="Maanden")).to_be_visible()
    doing.done()
