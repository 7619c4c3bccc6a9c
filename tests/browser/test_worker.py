"""The worker in a real browser: pages without a server, and nothing left of a phone cut off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.outbox import wait_until

ORDER = """(order) => new Promise(async (done) => {
  const worker = (await navigator.serviceWorker.ready).active;
  const line = new MessageChannel();
  line.port1.onmessage = ({ data }) => done(data);
  worker.postMessage(order, [line.port2]);
})"""
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
  }
  return found.filter((path) => !path.startsWith("/static/")).sort();
}"""
REGISTER = """async () => {
  await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
}"""


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """One phone, which goes before the server does."""
    made = browser.new_context(viewport={"width": 390, "height": 844}, locale="nl-NL")
    yield made
    made.close()


@pytest.fixture
def phone(context: BrowserContext, site: Site, clock: Callable[[], dt.datetime]) -> Page:
    """A page of OP-01's phone, with its worker at work."""
    page = context.new_page()
    page.set_default_timeout(8_000)
    page.goto(f"{site.url}/pair#{site.letter('OP-01', clock())}")
    page.get_by_label("Wat is uw roepnaam?").fill("Ria")
    page.get_by_role("button", name="Ja, koppel deze telefoon").click()
    page.wait_for_url(lambda url: "/pair" not in url)
    page.evaluate(REGISTER)
    page.wait_for_function("navigator.serviceWorker.controller")
    return page


def test_forms_and_posters_open_without_a_connection(
    phone: Page, context: BrowserContext, site: Site, clock: Callable[[], dt.datetime]
) -> None:
    poster = site.poster("OP-01", "visitors", clock())
    assert phone.evaluate(ORDER, "refresh") == "done"
    context.set_offline(True)
    phone.goto(f"{site.url}/form/visitors?date=2026-11-19")
    assert phone.locator("h1:visible").inner_text() == "Bezoekers"
    assert phone.locator("html[data-cached]").count() == 1
    assert phone.evaluate("getComputedStyle(document.body).margin") == "0px"  # with its style
    phone.goto(poster)
    assert phone.url == f"{site.url}/form/visitors"
    phone.goto(f"{site.url}/records")
    assert phone.locator("h1:visible").inner_text() == "Geen verbinding"
    context.set_offline(False)
    phone.goto(f"{site.url}/form/visitors")
    assert phone.locator("html[data-cached]").count() == 0


def test_a_server_that_does_not_answer_keeps_nobody_waiting(phone: Page, site: Site) -> None:
    phone.context.route("**/form/visitors", lambda route: None)
    began = dt.datetime.now(dt.UTC)
    phone.goto(f"{site.url}/form/visitors")
    assert phone.locator("html[data-cached]").count() == 1
    assert 2 < (dt.datetime.now(dt.UTC) - began).total_seconds() < 15


def test_who_is_cut_off_keeps_no_pages(phone: Page, site: Site) -> None:
    assert "/form/visitors" in phone.evaluate(KEPT)
    phone.context.clear_cookies()
    phone.goto(f"{site.url}/form/visitors")
    phone.wait_for_function(f"async () => (await ({KEPT})()).length < 2")
    assert phone.evaluate(KEPT) in (["/offline"], [])


def test_after_two_weeks_without_contact_no_page_is_shown(
    phone: Page, context: BrowserContext, site: Site
) -> None:
    old = """async () => {
      const long = String(Date.now() - 15 * 86400000);
      for (const name of await caches.keys()) {
        await (await caches.open(name)).put("/seen", new Response(long));
      }
    }"""
    context.set_offline(True)
    phone.goto(f"{site.url}/form/visitors")
    assert phone.locator("h1:visible").inner_text() == "Bezoekers"
    phone.evaluate(old)
    phone.goto(f"{site.url}/form/visitors")
    assert phone.locator("h1:visible").inner_text() == "Geen verbinding"
    assert phone.evaluate(KEPT) in (["/offline"], [])


def test_another_worker_waits_until_a_page_says_so(phone: Page) -> None:
    phone.evaluate("""async () => {
      await caches.open("fieldapp-before");
      document.body.append(document.createElement("form"));
      document.body.lastChild.dataset.dirty = "";  // half filled in
      window.told = new Promise((done) =>
        navigator.serviceWorker.addEventListener("controllerchange", () => done("took over")));
      const { installing } = await navigator.serviceWorker.register("/sw.js?other");
      await new Promise((done) => installing.addEventListener("statechange", done));
    }""")
    state = "async () => (await navigator.serviceWorker.getRegistration()).waiting?.state"
    assert phone.evaluate(state) == "installed"
    assert "fieldapp-before" in phone.evaluate("() => caches.keys()")
    phone.evaluate("""async () => {
      (await navigator.serviceWorker.getRegistration()).waiting.postMessage("takeover");
    }""")
    assert phone.evaluate("() => window.told") == "took over"
    phone.evaluate("""async () => {
      const { active } = await navigator.serviceWorker.getRegistration();
      while (active.state !== "activated") await new Promise((go) => setTimeout(go, 50));
    }""")
    assert len(phone.evaluate("() => caches.keys()")) == 1
    assert "/form/visitors" in phone.evaluate(KEPT)


def test_a_language_chosen_on_a_form_is_that_of_the_kept_pages_too(
    phone: Page, context: BrowserContext, site: Site
) -> None:
    kept = """async () => {
      const [name] = await caches.keys();
      const page = await (await caches.open(name)).match("/form/opening", { ignoreVary: true });
      return /<html lang="(\\w+)"/.exec(await page.text())[1];
    }"""
    phone.reload()
    assert phone.evaluate(kept) == "nl"
    phone.goto(f"{site.url}/form/visitors")
    phone.locator("details.tongue summary").click()
    phone.get_by_role("button", name="English").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Visitors")
    wait_until(phone, lambda: bool(phone.evaluate(kept) == "en"))
    context.set_offline(True)
    phone.goto(f"{site.url}/form/opening")
    assert phone.locator("html[data-cached]").get_attribute("lang") == "en"
