"""The outbox: kept on the phone first, sent second, forgotten only on the server's receipt."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import Site
from tests.browser.outbox import (
    answering,
    count,
    kept_here,
    kill,
    pair,
    phone,
    reachable,
    rows,
    save,
    unreachable,
    wait_until,
    waiting,
)
from tests.browser.taps import go

LINE = ".waiting"


def test_a_record_is_on_the_phone_before_it_says_so(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    """The battery dies at the very moment that it says "bewaard"."""
    profile = tmp_path / "profile"
    with phone(browser, profile, service_workers="block") as context:
        pair(context.new_page(), site)
    with phone(browser, profile, service_workers="block") as context:
        page = context.new_page()
        count(page, site, "24")
        unreachable(page)
        save(page)
        expect(page.locator("[data-said=saved], [data-panel]").first).to_be_visible()
        kill(profile)
    with phone(browser, profile, service_workers="block") as context:
        page = context.new_page()
        unreachable(page)
        page.goto(site.url)
        expect(page.locator(LINE)).to_have_text("1 nog niet verzonden, van vandaag")
        assert [record["answers"]["visitors"] for record in waiting(page)] == ["24"]
        reachable(page)
        page.reload()
        wait_until(page, lambda: waiting(page) == [])
        expect(page.locator(LINE)).to_be_hidden()
    assert rows(site, "visitors", "visitors", "_state") == [(24, "current")]


def test_only_the_right_receipt_lets_a_record_go(site: Site, handy: Page) -> None:
    count(handy, site, "24")
    unreachable(handy)
    save(handy)
    kept_here(handy)
    (record,) = waiting(handy)
    js, html = "application/json", "text/html"
    right = {"receipt": record["instanceID"], "status": "stored"}
    wrong: list[tuple[int, str, str]] = [
        (302, "", html),
        (200, "<title>WiFi</title>", html),
        (200, json.dumps(right | {"sha256": "0" * 64}), html),
        (204, "", js),
        (500, "{}", js),
        (201, json.dumps(right | {"sha256": "0" * 64}), js),
        (201, json.dumps({"receipt": "another"}), js),
        (201, '{"receipt": "', js),
        (401, "<h1>Sign in</h1>", html),
    ]
    for status, body, kind in wrong:
        answering(handy, status, body, Content_Type=kind, Location=f"{site.url}/uitleg")
        with handy.expect_request("**/api/submissions"):
            handy.goto(f"{site.url}/uitleg")
        handy.wait_for_timeout(150)
        (left,) = waiting(handy)
        assert (left["made"], left.get("state")) == (record["made"], None), (status, body)
    reachable(handy)
    handy.goto(f"{site.url}/uitleg")
    wait_until(handy, lambda: not waiting(handy))
    assert rows(site, "visitors", "_id", "visitors") == [(record["instanceID"], 24)]


def test_an_answer_that_got_lost_is_asked_for_again(site: Site, handy: Page) -> None:
    count(handy, site, "24")
    handy.context.route("**/api/submissions", lambda route: (route.fetch(), route.abort()))
    save(handy)
    kept_here(handy)
    wait_until(handy, lambda: len(rows(site, "visitors")) == 1)
    reachable(handy)
    handy.goto(site.url)
    wait_until(handy, lambda: not waiting(handy))
    assert len(rows(site, "visitors")) == 1


def test_who_is_told_to_come_back_later_does(site: Site, handy: Page) -> None:
    count(handy, site, "24")
    answering(handy, 503, "{}", Content_Type="application/json", Retry_After="60")
    save(handy)
    kept_here(handy)
    reachable(handy)
    knocks: list[Request] = []
    handy.on("request", lambda it: knocks.append(it) if "submissions" in it.url else None)
    handy.goto(site.url)
    handy.wait_for_timeout(1500)  # a sender would knock at once
    assert knocks == []
    handy.evaluate("""async () => {
      const { note } = await import(document.querySelector('[src*=waiting]').src.replace(
        /waiting.*/, 'store.js'));
      await note("wait", 0);
    }""")
    handy.reload()
    wait_until(handy, lambda: not waiting(handy))
    assert len(rows(site, "visitors")) == 1


def test_it_is_sent_by_itself_on_the_page_that_kept_it(site: Site, handy: Page) -> None:
    count(handy, site, "24")
    unreachable(handy)
    save(handy)
    kept_here(handy)
    expect(handy.locator(LINE)).to_have_text("1 nog niet verzonden, van vandaag")
    reachable(handy)  # nothing tells the page so: it tries again within ten seconds
    expect(handy.get_by_role("heading", level=1)).to_contain_text("24 bezoekers", timeout=12_000)
    expect(handy).to_have_url(re.compile("/form/visitors/.*/saved$"))
    assert waiting(handy) == []


def test_two_tabs_send_each_record_once(site: Site, handy: Page) -> None:
    unreachable(handy)
    dayparts = ("Ochtend", "Middag", "Avond")
    for daypart in dayparts:
        count(handy, site, "7", daypart)
        save(handy)
        kept_here(handy)
    tabs = [handy, handy.context.new_page()]
    knocks: list[str] = []
    handy.context.on(
        "request", lambda it: knocks.append(it.url) if "submissions" in it.url else None
    )
    for tab in tabs:
        tab.goto(f"{site.url}/uitleg")
        wait_until(tab, lambda tab=tab: "3 nog" in tab.locator(LINE).inner_text())  # type: ignore[misc]
    handy.wait_for_timeout(500)
    knocks.clear()
    reachable(handy)
    for tab in tabs:
        tab.evaluate("dispatchEvent(new Event('online'))")
    for tab in tabs:
        wait_until(tab, lambda tab=tab: not waiting(tab))  # type: ignore[misc]
    assert len(knocks) == len(dayparts)
    assert len(rows(site, "visitors")) == len(dayparts)


def test_a_correction_and_a_week_go_the_same_way(site: Site, handy: Page) -> None:
    count(handy, site, "24")
    save(handy)
    expect(handy.get_by_role("heading", level=1)).to_contain_text("24 bezoekers")
    go(handy.get_by_role("link", name="Klopt er iets niet?"))
    handy.get_by_label("Hoeveel mensen kwamen er?").fill("25")
    unreachable(handy)
    save(handy)
    kept_here(handy)
    handy.goto(f"{site.url}/week")
    handy.locator("[name='visitors.2026-11-16.morning']").fill("12")
    save(handy)
    kept_here(handy)
    assert rows(site, "visitors", "visitors") == [(24,)]
    reachable(handy)
    handy.goto(site.url)
    wait_until(handy, lambda: not waiting(handy))
    assert sorted(rows(site, "visitors", "visitors")) == [(12,), (25,)]
