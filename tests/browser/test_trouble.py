"""What goes wrong in a page's script is told to the office: where, never what was typed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.outbox import count, pair, save, unreachable, wait_until
from tests.conftest import MOMENT, Clerk

BREAKS = "setTimeout(() => { throw new TypeError('Fatima is er niet'); })"
REJECTS = "Promise.reject(new RangeError('Fatima')); 0"
FAILS = (
    "IDBObjectStore.prototype.put = () => { throw new DOMException('vol', 'QuotaExceededError') }"
)
KNOWN = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("fieldapp");
    asked.onsuccess = () => done(asked.result);
  });
  const asked = base.transaction("facts").objectStore("facts").get("trouble");
  const found = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  base.close();
  return (found || []).length;
}"""


@pytest.fixture
def handy(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone paired to OP-01, with its pages ready."""
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    pair(page, site)
    wait_until(page, lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))
    yield page
    context.close()


def told(site: Site) -> list[tuple[str, str]]:
    with site.store.read() as connection:
        found = connection.execute("SELECT kind, name FROM trouble ORDER BY kind, name")
        return [tuple(row) for row in found]


@pytest.mark.parametrize("offline", [False, True])
def test_a_script_that_stops_is_told_once_there_is_a_connection(
    site: Site, handy: Page, offline: bool, sign_in_office: Callable[[], Page]
) -> None:
    bodies: list[str] = []

    def noted(many: int) -> bool:
        return len(told(site)) == many or (offline and handy.evaluate(KNOWN) == many)

    handy.on("request", lambda it: bodies.append(it.post_data or "") if "/api/" in it.url else None)
    handy.goto(f"{site.url}/form/visitors")
    handy.wait_for_load_state("networkidle")
    handy.context.set_offline(offline)
    handy.evaluate(BREAKS)
    wait_until(handy, lambda: noted(1))
    handy.evaluate(REJECTS)
    wait_until(handy, lambda: noted(2))
    if offline:
        assert told(site) == []
        handy.context.set_offline(False)
        handy.goto(site.url)
    wait_until(handy, lambda: len(told(site)) == 2)
    assert told(site) == [("script", "RangeError"), ("script", "TypeError")]
    wait_until(handy, lambda: handy.evaluate(KNOWN) == 0)
    assert "Fatima" not in json.dumps(bodies)
    office = sign_in_office()
    office.goto(f"{site.url}/office/trouble")
    expect(office.locator("tbody")).to_contain_text("TypeError")
    expect(office.locator("tbody")).to_contain_text("Een script stopte")
    assert "Fatima" not in office.content()


def test_a_save_that_failed_is_told(site: Site, handy: Page, sign_in_office: Any) -> None:
    handy.add_init_script(FAILS)
    unreachable(handy)
    count(handy, site, "24")
    save(handy)
    expect(handy.get_by_role("alert")).to_contain_text("Niet bewaard.")
    wait_until(handy, lambda: "save" in dict(told(site)))
    office = sign_in_office()
    office.goto(f"{site.url}/office/trouble")
    expect(office.locator("tbody")).to_contain_text("Bewaren op de telefoon lukte niet")


@pytest.fixture
def sign_in_office(site: Site, clerk: Clerk, handset: Callable[..., Page]) -> Callable[[], Page]:
    """Somebody of the office, at a desk."""

    def signed_in() -> Page:
        page = handset(viewport={"width": 1280, "height": 800})
        page.goto(f"{site.url}/office/signin")
        page.get_by_label("Naam").fill(clerk.name)
        page.get_by_label("Wachtwoord").fill(clerk.password)
        page.get_by_label("Code uit uw app").fill(clerk.code(MOMENT))
        page.get_by_role("button", name="Inloggen", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Overzicht")
        return page

    return signed_in
