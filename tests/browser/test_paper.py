"""The door poster and the tally sheet as paper: one A4 each, with a code that leads on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import IN_THE_DARK, look
from tests.browser.taps import go
from tests.browser.test_poster import desk, printed
from tests.conftest import MOMENT, Send

__all__ = ["desk"]  # the office, signed in

A4 = (210, 297)
WEEK = "2026-W48"


@pytest.fixture
def phone(site: Site, handset: Callable[..., Page]) -> Page:
    """The phone of OP-01."""
    page = handset()
    page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
    page.locator("#name").fill("Ria")
    go(page.locator("[name=confirm]"))
    return page


def whole(page: Page) -> list[str]:
    """What is cut off on the sheets of a page."""
    return page.evaluate(
        "[...document.querySelectorAll('.sheet')].filter(sheet =>"
        " [...sheet.querySelectorAll('*')].some(e =>"
        " e.getBoundingClientRect().bottom > sheet.getBoundingClientRect().bottom + 1"
        " || e.getBoundingClientRect().right > sheet.getBoundingClientRect().right + 1))"
        ".map(sheet => sheet.innerText)"
    )


def busy(send: Send, place: str) -> None:
    """As much on paper as there can be: two blocks a day, four closures, other hours to come."""
    blocks = {"from": "09:00", "until": "12:30", "from_2": "19:00", "until_2": "21:30"}
    every = {f"{day}_{end}": at for day in ("mo", "tu", "we", "th", "fr", "sa", "su")
             for end, at in blocks.items()}  # fmt: skip
    send(place, "schedule", {"valid_from": "2026-11-01"} | every)
    send(place, "schedule", {"valid_from": "2027-09-29", "mo_from": "09:00", "mo_until": "17:00"})
    for since, until in (
        ("2026-12-21", "2027-01-03"), ("2027-02-22", "2027-02-28"),
        ("2027-07-19", "2027-08-29"), ("2027-09-01", "2027-09-01"),
    ):  # fmt: skip
        reason = {"closed_reason": "vacation"}
        send(place, "closure", {"from": since, "until": until} | reason)


def test_a_door_poster_is_one_a4_and_decodes(
    site: Site, phone: Page, send: Send, tmp_path: Path
) -> None:
    address = f"{site.url}/H/OP-01".upper()
    phone.goto(f"{site.url}/hours")
    go(phone.get_by_role("link", name="Poster voor de deur"))
    assert printed(phone, tmp_path / "door.pdf") == [(A4, [address])]
    answer = phone.request.get(address)
    assert answer.text().startswith("BEGIN:VCALENDAR\r\n")
    busy(send, "OP-01")
    phone.reload()
    assert whole(phone) == []
    assert printed(phone, tmp_path / "busy.pdf") == [(A4, [address])]


def test_a_tally_sheet_is_one_a4_and_decodes_to_its_week(
    site: Site, phone: Page, send: Send, tmp_path: Path
) -> None:
    address = f"{site.poster('OP-01', 'week', MOMENT)}/{WEEK}".upper()
    phone.goto(f"{site.url}/tally?week={WEEK}")
    assert printed(phone, tmp_path / "tally.pdf") == [(A4, [address])]
    busy(send, "OP-01")
    phone.reload()
    assert whole(phone) == []
    assert printed(phone, tmp_path / "busy.pdf") == [(A4, [address])]
    boxes = phone.locator("tbody td:has(small)")
    assert boxes.count() == 21
    for box in boxes.all():
        size = box.bounding_box()
        assert size and min(size["width"], size["height"]) > 25 / 25.4 * 96  # 25 mm


def test_the_code_on_a_sheet_opens_its_week(site: Site, phone: Page) -> None:
    phone.goto(f"{site.poster('OP-01', 'week', MOMENT)}/2026-W47")
    expect(phone.locator("h1")).to_have_text("Mijn week")
    assert phone.url.endswith("/week?week=2026-W47")


def test_the_office_prints_all_places_each_on_its_own_a4(
    site: Site, desk: Page, tmp_path: Path
) -> None:
    codes = ("IE-01", "OP-01", "OP-02", "WB-01")
    desk.goto(f"{site.url}/office/door-posters")
    assert printed(desk, tmp_path / "doors.pdf") == [
        (A4, [f"{site.url}/H/{code}".upper()]) for code in codes
    ]
    desk.goto(f"{site.url}/office/tallies?week={WEEK}")
    assert whole(desk) == []
    assert printed(desk, tmp_path / "tallies.pdf") == [
        (A4, [f"{site.poster(code, 'week', MOMENT)}/{WEEK}".upper()]) for code in codes
    ]


def test_what_is_cut_off_is_seen(site: Site, phone: Page) -> None:
    phone.goto(f"{site.url}/tally?week={WEEK}")
    phone.evaluate("document.querySelector('.tally h2').textContent = 'lang '.repeat(400)")
    assert len(whole(phone)) == 1


@pytest.mark.parametrize(("language", "scheme"), [("nl-NL", "light"), IN_THE_DARK])
def test_the_page_that_shares_the_hours(
    site: Site, handset: Callable[..., Page], send: Send, language: str, scheme: str
) -> None:
    busy(send, "OP-01")
    narrow = {"width": 320, "height": 640}
    page = handset(viewport=narrow, locale=language, color_scheme=scheme)
    page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
    page.locator("#name").fill("Ria")
    go(page.locator("[name=confirm]"))
    found = look(page, f"{site.url}/hours/poster") + look(page, f"{site.url}/tally")
    assert found + look(page, f"{site.url}/hours") == []
    # Chromium lets a page write to the clipboard where it is asked to.
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for name in ("feed", "osm"):
        field = page.locator(f"#{name}")
        page.locator(f"[data-copy={name}]").click()
        said = page.locator(f"p:has([data-copy={name}]) [role=status]")
        expect(said).to_have_text("Gekopieerd." if language == "nl-NL" else "Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == field.input_value()


def test_without_a_clipboard_the_text_is_copied_all_the_same(site: Site, phone: Page) -> None:
    phone.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        "document.execCommand = (what) => { window.asked = what + ' ' +"
        " document.activeElement.id + ' ' + getSelection(); }"
    )
    phone.goto(f"{site.url}/hours")
    phone.get_by_role("button", name="Kopieer Adres van de agenda").click()
    expect(phone.locator("p:has([data-copy=feed]) [role=status]")).to_have_text("Gekopieerd.")
    assert phone.evaluate("window.asked") == f"copy feed {site.url}/hours/OP-01.ics"


def test_without_scripts_the_text_stands_there_to_copy(
    site: Site, handset: Callable[..., Page]
) -> None:
    page = handset(java_script_enabled=False)
    page.goto(f"{site.url}/pair")
    page.locator("#token").fill(site.letter("OP-01", MOMENT))
    page.locator("main form button").click()
    page.locator("#name").fill("Ria")
    go(page.locator("[name=confirm]"))
    page.goto(f"{site.url}/hours")
    expect(page.locator("#feed")).to_have_value(f"{site.url}/hours/OP-01.ics")
    expect(page.locator("[data-copy=feed]")).to_be_hidden()
