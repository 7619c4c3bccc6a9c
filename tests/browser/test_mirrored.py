"""Pages from the right: what stands at the start in Dutch stands at the other side in Arabic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import Site
from tests.browser.taps import go

WIDTH = 390
LANGUAGES = ("nl", "ar")


@pytest.fixture
def phones(
    site: Site, handset: Callable[..., Page], clock: Callable[[], dt.datetime]
) -> dict[str, Page]:
    """The same place on two phones: one reads Dutch, one reads Arabic."""
    found = {}
    for code in LANGUAGES:
        page = handset(viewport={"width": WIDTH, "height": 844})
        page.goto(f"{site.url}/pair#{site.letter('OP-01', clock())}")
        page.get_by_label("Wat is uw roepnaam?").fill("Amina")
        go(page.get_by_role("button", name="Ja, koppel deze telefoon"))
        if code != "nl":
            page.locator(".tongue summary").click()
            go(page.get_by_role("button", name="العربية"))
        found[code] = page
    return found


def middle(part: Locator) -> float:
    """Where the middle of a part lies, from the left."""
    box = part.first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


MIRRORED = {
    "/": ("a.row .badge", "a.row .turn", ".top .name a", ".tongue summary", "h1"),
    "/form/visitors": (
        ".back .icon", ".counter button[value='-1']", ".counter button[value='5']",
        "[data-q=not_counted] input", "[data-q=visitors] label",
    ),
    "/week": (".back .icon", ".week thead th:first-child", ".week thead th:last-child", ".week b"),
    "/records": (".back .icon", "a.row .turn"),
}  # fmt: skip
"""Parts that stand at a side, by page."""


def side(page: Page, part: Locator) -> str:
    """The half of the page that the start of a part's words or its whole lies in."""
    if not part.first.text_content():
        return "right" if middle(part) > WIDTH / 2 else "left"
    start = part.first.evaluate("""e => {
      const words = document.createRange();
      words.selectNodeContents(e);
      const box = words.getBoundingClientRect();
      return (box.left + box.right) / 2;
    }""")
    return "right" if start > WIDTH / 2 else "left"


def test_pages_from_the_right_are_mirrored(
    site: Site, phones: dict[str, Page], enter_one: Callable[[Page], None]
) -> None:
    enter_one(phones["nl"])
    sides: dict[str, dict[tuple[str, str], str]] = {}
    for code, page in phones.items():
        sides[code] = {}
        for address, parts in MIRRORED.items():
            page.goto(site.url + address)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), code
            sides[code] |= {(address, part): side(page, page.locator(part)) for part in parts}
    other = {"left": "right", "right": "left"}
    assert {part: other[side] for part, side in sides["nl"].items()} == sides["ar"]


@pytest.fixture
def enter_one(site: Site) -> Callable[[Page], None]:
    """Keeps one record, so that every list has a row."""

    def enter(page: Page) -> None:
        page.goto(f"{site.url}/form/visitors")
        page.get_by_label("Hoeveel mensen kwamen er?").fill("24")
        page.get_by_role("button", name="Bewaar").click()
        page.get_by_role("link", name="Klaar").first.wait_for()

    return enter


def test_arrows_point_the_other_way(site: Site, phones: dict[str, Page]) -> None:
    for code, page in phones.items():
        page.goto(f"{site.url}/form/visitors")
        turned = page.locator(".back .icon").evaluate("e => getComputedStyle(e).transform")
        assert turned == ("matrix(-1, 0, 0, 1, 0, 0)" if code == "ar" else "none")


def test_a_code_and_a_sign_read_from_the_left(site: Site, phones: dict[str, Page]) -> None:
    page = phones["ar"]
    page.goto(f"{site.url}/form/visitors")
    plus = page.locator("[data-q=visitors] button[value='5']")
    assert plus.inner_text() == "+5"
    assert plus.evaluate("e => getComputedStyle(e).direction") == "ltr"
    page.get_by_label("كم شخصًا جاء؟").fill("٢٤")
    plus.click()
    assert page.get_by_label("كم شخصًا جاء؟").input_value() == "29"
