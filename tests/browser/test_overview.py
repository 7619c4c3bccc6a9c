"""Places and the days of a month in a real browser: readable narrow, by keyboard, in two clicks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site, signed_in
from tests.browser.pages import look
from tests.conftest import Clerk, Send

DAY = {"date": "2026-11-02"}  # a Monday


@pytest.fixture
def filled(send: Send) -> str:
    """A day at OP-01 with a double; the id of the morning that counts."""
    send("OP-01", "opening", DAY | {"open": "yes", "open_from": "09:00", "open_until": "17:00"})
    row = send("OP-01", "visitors", DAY | {"daypart": "morning", "visitors": "9"})
    send("OP-01", "visitors", DAY | {"daypart": "morning", "visitors": "8"})
    shut = {"from": "2026-11-09", "until": "2026-11-10", "closed_reason": "vacation"}
    send("OP-01", "closure", shut)
    return row.id


def test_everybody_can_read_how_it_stands(site: Site, filled: str, narrow_office: Page) -> None:
    page = narrow_office
    found = []
    for path in (
        "?month=2026-11", "?month=2026-10&kind=meeting_place&show=missing", "?show=double",
        "at/OP-01?month=2026-11", "at/IE-01?month=2026-10",
    ):  # fmt: skip
        found += look(page, f"{site.url}/office/{path}")
    page.set_viewport_size({"width": 1280, "height": 900})
    found += look(page, f"{site.url}/office/?month=2026-11")
    assert found == []


def test_two_clicks_to_a_record_by_keyboard(
    site: Site, handset: Callable[..., Page], filled: str, clerk: Clerk
) -> None:
    page = signed_in(site, handset(viewport={"width": 1280, "height": 900}), clerk)
    page.locator("a[href='/office/at/OP-01?month=2026-11']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/at/OP-01?month=2026-11")
    page.locator(f"a[href$='{filled}']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/office/records/visitors/{filled}")


def test_the_grid_scrolls_and_keeps_its_places_in_sight(
    site: Site, handset: Callable[..., Page], filled: str, clerk: Clerk
) -> None:
    page = signed_in(site, handset(viewport={"width": 390, "height": 800}), clerk)
    grid, place = page.locator(".month-grid"), page.locator(".month-grid tbody th").first
    box = place.bounding_box()
    assert box
    grid.focus()
    grid.evaluate("grid => grid.scrollBy(600, 0)")
    assert grid.evaluate("grid => grid.scrollLeft") > 500
    moved = place.bounding_box()
    assert moved
    assert moved["x"] == pytest.approx(box["x"], abs=2)
    assert page.locator(".month-grid thead th").nth(25).is_visible()
