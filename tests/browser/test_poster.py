"""A printed poster's QR, read by an independent reader, leads to the right address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page

from tests.browser.conftest import Site, signed_in
from tests.browser.taps import go
from tests.conftest import MOMENT, Clerk

DOTS = (200 / 72, 300 / 72)  # a camera looks more than once, and sees more


@pytest.fixture
def desk(site: Site, clerk: Clerk, handset: Callable[..., Page]) -> Page:
    """A browser of the office, signed in."""
    page = handset(viewport={"width": 1280, "height": 900})
    return signed_in(site, page, clerk)


def printed(page: Page, path: Path) -> list[tuple[tuple[float, float], list[str]]]:
    """Prints a page; per sheet its size in millimetres and the codes read from its picture."""
    page.wait_for_load_state()  # a click is over as soon as the next page begins to come in
    page.emulate_media(media="print")
    page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
    sheets = []
    with pypdfium2.PdfDocument(path) as document:
        for sheet in document:
            size = tuple(round(points / 72 * 25.4) for points in sheet.get_size())
            pictures = (sheet.render(scale=scale).to_pil() for scale in DOTS)
            looks = ([code.text for code in zxingcpp.read_barcodes(each)] for each in pictures)
            sheets.append(((size[0], size[1]), next(filter(None, looks), [])))
    return sheets


@pytest.mark.parametrize(("size", "millimetres"), [("a4", (210, 297)), ("a6", (105, 148))])
def test_each_poster_decodes_to_its_form(
    site: Site, desk: Page, tmp_path: Path, size: str, millimetres: tuple[int, int]
) -> None:
    desk.goto(f"{site.url}/office/posters?place=OP-01&size={size}")
    expected = {
        form: site.poster("OP-01", form, MOMENT)
        for form in ("opening", "visitors", "volunteer_hours", "week")
    }
    sheets = printed(desk, tmp_path / "posters.pdf")
    assert [found for found, _ in sheets] == [millimetres] * len(expected)
    assert [codes for _, codes in sheets] == [[url.upper()] for url in expected.values()]


def test_a_letter_and_a_card_decode(
    site: Site, desk: Page, handset: Callable[..., Page], tmp_path: Path, enter_here: str
) -> None:
    desk.goto(f"{site.url}/office/places")
    go(desk.get_by_role("button", name="Brief voor een telefoon Ontmoetingsplek 1"))
    sheets = printed(desk, tmp_path / "letter.pdf")
    assert len(sheets) == 1
    address = sheets[0][1][0]
    assert address.startswith(f"{site.url}/pair#")
    token = address.partition("#")[2]
    typed = desk.locator(".token").inner_text().replace(" ", "").replace("\n", "")
    assert typed == token and len(token) == 24

    page = handset()
    page.goto(address)
    page.get_by_label("Wat is uw roepnaam?").fill("Ria")
    go(page.get_by_role("button", name="Ja, koppel deze telefoon"))
    page.goto(f"{site.url}/cards")
    cards = printed(page, tmp_path / "cards.pdf")
    assert [codes for _, codes in cards] == [[f"{site.url}/P/{enter_here}".upper()]]
    assert page.get_by_role("heading", name=enter_here, exact=True).is_visible()
    assert "Wilma" not in page.content()


@pytest.fixture
def enter_here(site: Site, send: Callable[..., object]) -> str:
    """Somebody at OP-01 whose card can be printed; gives the card code."""
    raw = {
        "role": "volunteer",
        "known_elsewhere": "no",
        "call_name": "Wilma",
        "started": "2026-11-02",
        "informed": "OK",
    }
    send("OP-01", "person_new", raw)
    with site.store.read() as connection:
        return str(connection.execute("SELECT code FROM people").fetchone()[0])
