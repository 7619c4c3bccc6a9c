"""Pages as everybody must be able to use them: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.conftest import MOMENT, Clerk, Send

PHONE = (
    "", "form/opening", "form/visitors", "form/volunteer_hours", "form/person_new", "form/step",
    "form/schedule", "records", "doubles", "people", "people/add", "people/still", "colleague",
    "people/same", "people/same/sent", "uitleg", "privacy", "toegankelijkheid", "nothing-here",
    "P/2222", "unsent",
)  # fmt: skip
OFFICE = (
    "", "places", "pilots", "facts", "phones", "form/place", "form/place_facts", "form/pilot",
    "doubles", "merges", "posters?place=OP-01", "covenant", "milestones", "targets", "reading",
    "form/milestone", "form/judgement", "form/place_change", "people", "accounts", "accounts/1",
    "password", "print", "tokens",
)  # fmt: skip
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


def look(page: Page, url: str) -> list[str]:
    """What is wrong with a page, as sentences."""
    page.goto(url)
    page.wait_for_load_state("networkidle")
    found = [
        f"{url}: {wrong['id']} at {wrong['nodes'][0]['target']}"
        for wrong in Axe().run(page, options=RULES).response["violations"]
    ]
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        found.append(f"{url}: {wider} px wider than the screen")
    return found


@pytest.mark.parametrize(("language", "scheme"), [("nl-NL", "light"), ("en-GB", "dark")])
def test_phone_pages(
    site: Site, handset: Callable[..., Page], send: Send, language: str, scheme: str
) -> None:
    raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": "Fatima", "informed": "OK"}
    send("OP-01", "person_new", raw | {"started": "2026-11-02"})
    send("OP-01", "visitors", {"date": "2026-11-20", "daypart": "morning", "visitors": "24"})
    narrow = {"width": 320, "height": 640}
    page = handset(viewport=narrow, locale=language, color_scheme=scheme)
    found = look(page, site.url) + look(page, f"{site.url}/P/2222")
    page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
    found += look_here(page)
    page.locator("#name").fill("Ria")
    page.locator("[name=confirm]").click()
    for path in PHONE:
        if path != "nothing-here":
            found += look(page, f"{site.url}/{path}")
    page.goto(f"{site.url}/form/visitors")
    page.locator("main form.form button.button:not([value])").click()
    expect(page).to_have_title(re.compile("^(Fout|Error)"))
    found += look_here(page)
    assert found == []


def look_here(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    return [
        f"{page.url}: {wrong['id']} at {wrong['nodes'][0]['target']}"
        for wrong in Axe().run(page, options=RULES).response["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_office_pages(site: Site, handset: Callable[..., Page], clerk: Clerk, scheme: str) -> None:
    page = handset(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    found = look(page, f"{site.url}/office/signin")
    page.get_by_label("Naam").fill(clerk.name)
    page.get_by_label("Wachtwoord").fill(clerk.password)
    page.get_by_label("Code uit uw app").fill(clerk.code(MOMENT))
    page.get_by_role("button", name="Inloggen", exact=True).click()
    for path in OFFICE:
        found += look(page, f"{site.url}/office/{path}") if "posters" not in path else []
    assert found == []
