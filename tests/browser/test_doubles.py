"""Two records side by side in a real browser: at every width, for everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import IN_THE_DARK, look, look_here
from tests.browser.taps import go
from tests.conftest import MOMENT, Send

MORNING = {"date": MOMENT.date().isoformat(), "daypart": "morning"}


@pytest.fixture
def twice(send: Send) -> str:
    """The address of a morning that was logged twice."""
    send("OP-01", "visitors", MORNING | {"visitors": "24", "activities": ["meal", "drop_in"]})
    other = send("OP-01", "visitors", MORNING | {"visitors": "18", "ref_care": "2"})
    return f"doubles/visitors/{other.id}"


def paired(site: Site, page: Page) -> Page:
    """The page of a phone that belongs to OP-01."""
    page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
    page.locator("#name").fill("Ria")
    go(page.locator("[name=confirm]"))
    return page


@pytest.mark.parametrize(("language", "scheme"), [("nl-NL", "light"), IN_THE_DARK])
def test_everybody_can_choose(
    site: Site, handset: Callable[..., Page], twice: str, language: str, scheme: str
) -> None:
    narrow = {"width": 320, "height": 640}
    page = paired(site, handset(viewport=narrow, locale=language, color_scheme=scheme))
    found = look(page, f"{site.url}/doubles")
    found += look(page, f"{site.url}/{twice}")
    add = page.locator("button[value=add]")
    add.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    undo = page.locator("form[action$='/undo'] button")
    expect(undo).to_be_visible()
    found += look_here(page)
    assert found == []
    undo.click()
    expect(add).to_be_visible()


def test_two_columns_where_there_is_room(
    site: Site, handset: Callable[..., Page], twice: str
) -> None:
    page = paired(site, handset())
    for width, side_by_side in {320: False, 390: True, 1280: True}.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{site.url}/{twice}")
        first, second = (page.locator(".pair dd").nth(nth).bounding_box() for nth in (0, 1))
        assert first and second
        assert (first["y"] == second["y"]) is side_by_side
        assert (first["x"] < second["x"]) is side_by_side
        for button in page.locator(".ways button").all():
            box = button.bounding_box()
            assert box and box["height"] >= 48
