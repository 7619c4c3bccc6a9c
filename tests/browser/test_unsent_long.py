"""What waits long: the last safe day on an iPhone, and lists that go after two weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.outbox import (
    count,
    kept_here,
    pair,
    reachable,
    rows,
    save,
    unreachable,
    wait_until,
    waiting,
)
from tests.conftest import MOMENT, Clock

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari"
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A145R) AppleWebKit/537.36 Chrome/130.0 Mobile Safari"
FINGERS = "Object.defineProperty(Navigator.prototype, 'maxTouchPoints', { get: () => 5 })"
STANDALONE = "navigator.standalone = true"
SAFE = "Open deze pagina uiterlijk"
SEEK = "Zoek vandaag een plek met internet"
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  }
  return found.filter((path) => !/^\\/(static\\/|offline$)/.test(path)).sort();
}"""
STORED = """async (name) => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("fieldapp");
    asked.onsuccess = () => done(asked.result);
  });
  if (!base.objectStoreNames.length) return 0;
  const all = base.transaction(name).objectStore(name).count();
  const found = await new Promise((done) => (all.onsuccess = () => done(all.result)));
  base.close();
  return found;
}"""
CONTACT = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("fieldapp");
    asked.onsuccess = () => done(asked.result);
  });
  const asked = base.transaction("facts").objectStore("facts").get("contact");
  const found = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  base.close();
  return found;
}"""


@pytest.mark.parametrize(
    ("agent", "script", "days"),
    [
        (IPHONE, "", {0.5: "", 2: f"{SAFE} zaterdag met internet."}),
        (IPAD, FINGERS, {2: f"{SAFE} zaterdag met internet."}),
        (IPHONE, STANDALONE, {2: "", 4: SEEK}),
        (ANDROID, "", {2: "", 4: SEEK}),
    ],
)
def test_what_waits_long_is_said_to_be_in_danger(
    site: Site, browser: Browser, agent: str, script: str, days: Mapping[float, str]
) -> None:
    options: dict[str, Any] = {"locale": "nl-NL", "service_workers": "block"}
    context = browser.new_context(user_agent=agent, timezone_id="Europe/Amsterdam", **options)
    context.add_init_script(script)
    page = context.new_page()
    page.clock.set_fixed_time(MOMENT)  # a Friday
    pair(page, site)
    unreachable(page)
    count(page, site, "24")
    save(page)
    kept_here(page)
    for later, said in days.items():
        page.clock.set_fixed_time(MOMENT + dt.timedelta(days=later))
        page.goto(f"{site.url}/uitleg")
        line = page.locator(".waiting")
        expect(line).to_contain_text("1 nog niet verzonden")
        if said == SEEK or not said:
            expect(line).not_to_contain_text(SAFE)
        if said:
            expect(line).to_contain_text(said)
        else:
            expect(line).not_to_contain_text(SEEK)
    context.close()


@pytest.fixture
def away(site: Site, browser: Browser, clock: Clock) -> Iterator[Page]:
    """A phone with its pages ready, a record that waits and a name half filled in; no signal."""
    context = browser.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam")
    page = context.new_page()
    clock.now = dt.datetime.now(MOMENT.tzinfo)  # a worker's own clock cannot be set
    page.clock.set_fixed_time(clock.now)
    pair(page, site, at=clock.now)
    wait_until(page, lambda: "/form/visitors" in page.evaluate(CACHED))
    page.reload()
    context.set_offline(True)
    unreachable(page)
    count(page, site, "24")
    save(page)
    kept_here(page)
    page.goto(f"{site.url}/form/person_new")
    page.get_by_label("Roepnaam").fill("Fatima")
    wait_until(page, lambda: page.evaluate(STORED, "drafts") == 1)
    yield page
    context.close()


def test_after_two_weeks_without_contact_the_lists_go_and_what_waits_stays(
    site: Site, away: Page
) -> None:
    now = dt.datetime.now(dt.UTC)
    away.clock.set_fixed_time(now + dt.timedelta(days=13))
    away.goto(f"{site.url}/form/visitors")
    away.wait_for_timeout(500)
    assert "/form/visitors" in away.evaluate(CACHED)
    assert away.evaluate(STORED, "drafts") == 1
    away.clock.set_fixed_time(now + dt.timedelta(days=15))
    away.goto(f"{site.url}/form/visitors")
    wait_until(away, lambda: away.evaluate(CACHED) == [])
    wait_until(away, lambda: away.evaluate(STORED, "drafts") == 0)
    assert [one["answers"]["visitors"] for one in waiting(away)] == ["24"]
    away.goto(f"{site.url}/form/visitors")
    expect(away.get_by_role("heading", level=1)).to_have_text("Geen verbinding")
    expect(away.locator(".waiting")).to_contain_text("1 nog niet verzonden")
    away.context.set_offline(False)
    reachable(away)
    away.goto(site.url)
    wait_until(away, lambda: not waiting(away))
    assert rows(site, "visitors", "visitors") == [(24,)]
    wait_until(away, lambda: "/form/visitors" in away.evaluate(CACHED))  # ready again, the same day


def test_a_page_that_says_that_there_is_no_connection_is_no_contact(site: Site, away: Page) -> None:
    before = away.evaluate(CONTACT)
    away.clock.set_fixed_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=5))
    away.goto(f"{site.url}/records")
    expect(away.get_by_role("heading", level=1)).to_have_text("Geen verbinding")
    away.wait_for_timeout(500)
    assert away.evaluate(CONTACT) == before
