"""A month looked through, a record mended and a flag ticked off, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, signed_in
from tests.browser.pages import look, look_here
from tests.browser.taps import go
from tests.conftest import MOMENT, Clerk, Send

DAY = {"date": MOMENT.date().isoformat()}
CANARY = "Kanariegeel"


@pytest.fixture
def crowd(send: Send) -> str:
    """A morning with 900 visitors, and a day of a volunteer; the id of the morning."""
    raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": CANARY, "informed": "OK"}
    send("OP-01", "person_new", raw | {"started": "2026-11-02"})
    row = send("OP-01", "visitors", DAY | {"daypart": "morning", "visitors": "900"})
    send("OP-01", "visitors", DAY | {"daypart": "morning", "visitors": "80"})
    return row.id


def test_everybody_can_mend_a_record(site: Site, crowd: str, narrow_office: Page) -> None:
    page = narrow_office
    found = look(page, f"{site.url}/office/records?form=visitors&from=x")
    found += look(page, f"{site.url}/office/flags")
    go(page.locator(f"a[href$='{crowd}']"))
    found += look_here(page)
    go(page.locator("a[href$='/correct']"))
    page.locator("#q-visitors").fill("90")
    go(page.locator("main form.form button.button:not([value])"))
    expect(page.locator(".alert.error.summary")).to_be_focused()
    page.locator("[href='#page-reason']").click()
    expect(page.locator("[name='page.reason']")).to_be_focused()
    found += look_here(page)
    page.keyboard.type("De plek belde.")
    page.wait_for_timeout(3100)  # before that a second tap is the same tap
    page.locator("main form.form button.button:not([value])").click()
    page.wait_for_url(f"{site.url}/office/records/visitors/{crowd}?done=change")
    expect(page.locator(".past li b")).to_contain_text("900")
    found += look_here(page)
    page.locator("details.fold summary").first.click()
    page.locator("#why-withdraw").fill("Dubbel.")
    page.locator("form[action$='/withdraw'] button").click()
    page.wait_for_url(f"{site.url}/office/records/visitors/{crowd}?done=withdraw")
    found += look_here(page)
    assert CANARY not in page.content()
    found += look(page, f"{site.url}/office/records?form=visitors")
    assert page.locator("tbody tr").count() == 2
    assert found == []


def test_a_flag_is_ticked_off_by_keyboard(
    site: Site, handset: Callable[..., Page], crowd: str, clerk: Clerk
) -> None:
    page = signed_in(site, handset(viewport={"width": 1280, "height": 800}), clerk)
    assert look(page, f"{site.url}/office/flags") == []
    page.locator("[name=flag]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/office/flags?month=2026-11&done=1")
    assert page.locator("form[action$='/tick']").count() == 0
    page.locator("details.fold summary").click()
    assert page.locator("form[action$='/untick']").is_visible()
    assert look_here(page) == []
