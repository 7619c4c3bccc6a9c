"""A month is closed in a real browser, a place asks for a change, and the office takes it over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, signed_in
from tests.browser.pages import IN_THE_DARK, look, look_here
from tests.browser.taps import go
from tests.conftest import MOMENT, Clerk, Send

DAY = {"date": "2026-10-15"}
MORNING = DAY | {"daypart": "morning"}
Handset = Callable[..., Page]


@pytest.fixture
def office(site: Site, handset: Handset, clerk: Clerk) -> Callable[..., Page]:
    """A page of the office, signed in."""

    def opened(**options: object) -> Page:
        return signed_in(site, handset(**options), clerk)

    return opened


def paired(site: Site, page: Page) -> Page:
    """The page of a phone that belongs to OP-01."""
    page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
    page.locator("#name").fill("Ria")
    go(page.locator("[name=confirm]"))
    return page


def close(page: Page, site: Site) -> None:
    """Closes October though something is missing."""
    page.goto(f"{site.url}/office/months/2026-10")
    page.locator("[name=sure]").check()
    page.locator("form[action$='/close'] button").click()
    expect(page.locator("#files")).to_be_visible(timeout=60_000)


def test_closing_a_month_and_accepting_a_late_change(
    site: Site, handset: Handset, office: Callable[..., Page], send: Send, tmp_path: Path
) -> None:
    row = send("OP-01", "visitors", MORNING | {"visitors": "24"}).id
    desk = office(viewport={"width": 1280, "height": 860})
    desk.goto(f"{site.url}/office/months")
    desk.get_by_role("link", name="oktober 2026").click()
    expect(desk.locator("main")).to_contain_text("Nog niet ingevuld")
    desk.get_by_role("button", name="Sluit oktober 2026").click()
    expect(desk.get_by_role("alert")).to_contain_text("Er ontbreekt nog iets")
    close(desk, site)
    link = desk.get_by_role("link", name="monthly-2026-10.xlsx", exact=True)
    with desk.expect_download() as first:
        link.click()
    first.value.save_as(tmp_path / "kept.xlsx")
    before = (tmp_path / "kept.xlsx").read_bytes()
    expect(desk.locator("main")).to_contain_text(hashlib.sha256(before).hexdigest())

    phone = paired(site, handset())
    phone.goto(f"{site.url}/form/visitors/{row}")
    expect(phone.locator("main")).to_contain_text("Deze maand is gesloten")
    phone.locator("[name=visitors]").fill("42")
    phone.get_by_role("button", name="Vraag deze verandering aan").click()
    expect(phone.locator("main")).to_contain_text("U vroeg op")

    desk.goto(f"{site.url}/office/months")
    desk.get_by_role("link", name="Verzoeken van plekken: 1").click()
    expect(desk.locator("main")).to_contain_text("42")
    desk.get_by_role("button", name="Neem over").click()
    expect(desk.locator("main")).to_contain_text("overgenomen")
    desk.goto(f"{site.url}/office/months/2026-10")
    expect(desk.locator("main")).to_contain_text("Na het sluiten: 1")
    with desk.expect_download() as again:
        desk.get_by_role("link", name="monthly-2026-10.xlsx", exact=True).click()
    again.value.save_as(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == before
    phone.reload()
    expect(phone.locator("[name=visitors]")).to_have_value("42")


@pytest.mark.parametrize(("language", "scheme"), [("nl-NL", "light"), IN_THE_DARK])
def test_everybody_can_do_it(
    site: Site,
    handset: Handset,
    office: Callable[..., Page],
    send: Send,
    language: str,
    scheme: str,
) -> None:
    narrow = {
        "viewport": {"width": 320, "height": 640}, "locale": language, "color_scheme": scheme,
    }  # fmt: skip
    given = MORNING | {"visitors": "24", "activities": ["meal", "drop_in"]}
    rows = [
        send("OP-01", "visitors", given).id,
        send("OP-01", "visitors", given | {"daypart": "afternoon"}).id,
    ]
    desk = office(**narrow)
    found = look(desk, f"{site.url}/office/months/2026-10")
    close(desk, site)
    found += look_here(desk)
    phone = paired(site, handset(**narrow))
    phone.goto(f"{site.url}/form/visitors/{rows[0]}")
    phone.locator("[name=visitors]").fill("42")
    phone.locator("main form.form button.button:not([value])").click()
    asked = {"nl-NL": "U vroeg op", "en-GB": "you asked"}[language]
    expect(phone.locator("main")).to_contain_text(asked)  # the page follows when it is sent
    found += look_here(phone)
    phone.goto(f"{site.url}/form/visitors/{rows[1]}")
    found += look_here(phone)
    phone.locator("main details.fold summary").last.click()
    go(phone.locator("form[action$='/withdraw'] button"))
    found += look(phone, f"{site.url}/week?week=2026-W42")
    found += look(phone, f"{site.url}/records")
    found += look(desk, f"{site.url}/office/requests")
    go(desk.locator("button[value=accept]").first)
    found += look_here(desk)
    found += look(desk, f"{site.url}/office/months/2026-10")
    desk.locator("main details.fold summary").last.click()
    go(desk.locator("form[action$='/reopen'] button"))
    found += look_here(desk)
    found += look(desk, f"{site.url}/office/months")
    assert found == []
