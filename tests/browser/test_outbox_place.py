"""The outbox and the pairing: revoked, paired again, paired to another place; lists that go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from fieldapp.keep.phone import revoke
from tests.browser.conftest import Site
from tests.browser.outbox import (
    count,
    drafted,
    kept_here,
    pair,
    reachable,
    rows,
    save,
    unreachable,
    wait_until,
    waiting,
)
from tests.conftest import MOMENT

CACHED = "caches.open('x').then((it) => it.keys()).then((all) => all.length)"


@pytest.fixture
def held(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone that was revoked while a record of OP-01 waits on it, with lists in its cache."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="nl-NL", service_workers="block"
    )
    page = context.new_page()
    pair(page, site)
    count(page, site, "24")
    unreachable(page)
    save(page)
    kept_here(page)
    page.evaluate("caches.open('x').then((it) => it.put('/people', new Response('Fatima')))")
    with site.store.write("test", MOMENT) as write:
        for (phone,) in write.connection.execute("SELECT id FROM phone").fetchall():
            revoke(write, phone)
    reachable(page)
    yield page
    context.close()


def test_a_revoked_phone_keeps_what_waits_and_loses_its_lists(site: Site, held: Page) -> None:
    assert held.evaluate(CACHED) == 1
    held.evaluate("dispatchEvent(new Event('online'))")  # the very first contact
    wait_until(held, lambda: held.evaluate(CACHED) == 0)
    assert len(waiting(held)) == 1
    held.goto(site.url)
    expect(held.get_by_role("heading", level=1)).to_have_text("Welkom")
    held.get_by_role("link", name="1 nog niet verzonden").click()
    expect(held.get_by_text("Deze telefoon hoort nu bij geen plek.")).to_be_visible()
    expect(held.locator(".unsent > li")).to_contain_text("Bezoekers")
    pair(held, site)
    wait_until(held, lambda: not waiting(held))
    assert rows(site, "visitors", "_place", "visitors") == [("OP-01", 24)]


def test_at_another_place_it_asks(site: Site, held: Page) -> None:
    pair(held, site, "OP-02")
    held.goto(f"{site.url}/unsent")
    item = held.locator(".unsent > li")
    expect(item).to_contain_text("Dit is van Ontmoetingsplek 1.")
    expect(item.get_by_role("link", name="Verander")).to_be_hidden()
    assert rows(site, "visitors") == []
    item.get_by_role("button", name="Dit hoort bij Ontmoetingsplek 2").click()
    expect(held.get_by_text("Alles is verzonden.").first).to_be_visible()
    assert rows(site, "visitors", "_place", "visitors") == [("OP-02", 24)]


def test_after_unpairing_nothing_is_left(site: Site, held: Page) -> None:
    """Once everything is sent, the store itself goes with the pairing."""
    pair(held, site)
    wait_until(held, lambda: not waiting(held))
    held.goto(f"{site.url}/form/person_new")
    held.get_by_label("Roepnaam").fill("Fatima")
    drafted(held, call_name="Fatima")
    with site.store.write("test", MOMENT) as write:
        for (phone,) in write.connection.execute(
            "SELECT id FROM phone WHERE revoked_at IS NULL"
        ).fetchall():
            revoke(write, phone)
    held.goto(site.url)
    wait_until(held, lambda: held.evaluate("indexedDB.databases().then((all) => all.length)") == 0)


def test_without_a_signal_a_form_opens_is_kept_and_comes_in_later(
    site: Site, browser: Browser
) -> None:
    """Airplane mode before the form is opened; its page was kept on another day."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="nl-NL", timezone_id="Europe/Amsterdam"
    )
    page = context.new_page()
    pair(page, site)
    wait_until(page, lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))
    context.set_offline(True)
    page.clock.set_fixed_time(MOMENT + dt.timedelta(days=1))
    page.goto(f"{site.url}/form/visitors?date=2026-11-18&daypart=evening")
    expect(page.get_by_label("Welke andere dag?")).to_have_value("2026-11-18")
    expect(page.get_by_label("Avond")).to_be_checked()
    page.get_by_label("Vandaag").check()
    page.get_by_label("Hoeveel mensen kwamen er?").fill("24")
    save(page)
    kept_here(page)
    page.get_by_role("link", name="Niet verzonden", exact=True).click()
    item = page.locator(".unsent > li")
    expect(item).to_contain_text("Vandaag, Avond · Ontmoetingsplek 1")
    item.get_by_role("link", name="Verander").click()
    expect(page.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("24")
    page.get_by_label("Gisteren").check()
    save(page)
    kept_here(page)
    assert [record["answers"]["date"] for record in waiting(page)] == ["2026-11-20"]
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("avond, 24 bezoekers")
    assert rows(site, "visitors", "date", "visitors") == [("2026-11-20", 24)]
    context.close()
