"""The outbox: kept on the phone first, sent second, forgotten only on the server's receipt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

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

LINE = ".waiting"


@pytest.fixture
def handy(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone paired to OP-01, without a worker: its pages come from the server."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="nl-NL", service_workers="block"
    )
    page = context.new_page()
    pair(page, site)
    yield page
    context.close()


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
    assert len(rows(site, "visitors")) == 1
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


def test_one_bad_record_does_not_block_the_others(site: Site, handy: Page) -> None:
    unreachable(handy)
    count(handy, site, "veel")
    save(handy)
    kept_here(handy)
    count(handy, site, "8", "Middag")
    save(handy)
    kept_here(handy)
    reachable(handy)
    handy.goto(f"{site.url}/unsent")
    expect(handy.locator(".unsent > li")).to_have_count(1)
    assert rows(site, "visitors", "visitors") == [(8,)]
    item = handy.locator(".unsent > li")
    expect(item).to_contain_text("Bezoekers")
    expect(item).to_contain_text("Vul een heel getal in")
    expect(handy.locator("[data-sent]")).to_contain_text("Middag")
    item.get_by_role("link", name="Verander").click()
    field = handy.get_by_label("Hoeveel mensen kwamen er?")
    expect(field).to_have_value("veel")
    expect(handy.get_by_text("Dit staat alleen nog op deze telefoon.")).to_be_visible()
    field.fill("12")
    save(handy)
    expect(handy.get_by_role("heading", level=1)).to_contain_text("ochtend, 12 bezoekers")
    handy.get_by_role("link", name="Klaar").click()
    expect(handy.locator(LINE)).to_be_hidden()
    assert waiting(handy) == []
    assert sorted(rows(site, "visitors", "visitors")) == [(8,), (12,)]


def test_a_record_can_be_thrown_away_and_the_office_knows(site: Site, handy: Page) -> None:
    count(handy, site, "veel")
    unreachable(handy)
    save(handy)
    kept_here(handy)
    reachable(handy)
    handy.goto(f"{site.url}/unsent")
    item = handy.locator(".unsent > li")
    expect(item).to_contain_text("Let op")
    item.get_by_text("Weggooien").click()
    item.get_by_role("button", name="Ja, gooi dit weg").click()
    expect(handy.get_by_text("Alles is verzonden.").first).to_be_visible()
    assert waiting(handy) == []

    def told() -> bool:
        with site.store.read() as connection:
            found = connection.execute("SELECT given, unsent FROM outbox").fetchone()
        return found is not None and tuple(found) == (1, 0)

    wait_until(handy, told)


def test_what_waits_can_be_shared_as_a_file(site: Site, handy: Page) -> None:
    count(handy, site, "24")
    unreachable(handy)
    save(handy)
    kept_here(handy)
    handy.get_by_role("link", name="Niet verzonden", exact=True).click()
    expect(handy.locator(".unsent > li")).to_contain_text("Wacht op internet.")
    with handy.expect_download() as download:
        handy.get_by_role("button", name="Deel niet-verzonden gegevens").click()
    told = json.loads(Path(download.value.path()).read_text())
    (record,) = told["records"]
    assert told["fieldapp"] == 1
    assert (record["form"], record["place"], record["number"]) == ("visitors", "OP-01", 1)
    assert (record["answers"]["visitors"], record["answers"]["daypart"]) == ("24", "morning")
    assert "fields" not in record and "csrf_token" not in json.dumps(told)


def test_a_form_opened_twice_makes_two_records(site: Site, handy: Page) -> None:
    other = handy.context.new_page()
    for tab, daypart in ((handy, "Ochtend"), (other, "Middag")):
        count(tab, site, "5", daypart)
    ids = {tab.locator("[name=instanceID]").first.input_value() for tab in (handy, other)}
    assert len(ids) == 2
    for tab in (handy, other):
        save(tab)
        expect(tab.get_by_role("heading", level=1)).to_contain_text("5 bezoekers")
    assert len(rows(site, "visitors")) == 2


def test_a_draft_survives_a_closed_tab(site: Site, handy: Page) -> None:
    count(handy, site, "24", "Middag")
    handy.get_by_label("Samen eten").check()
    identity = handy.locator("[name=instanceID]").first.input_value()
    page = handy.context.new_page()
    handy.wait_for_timeout(600)
    handy.close()
    page.goto(f"{site.url}/form/visitors")
    expect(page.get_by_text("Dit vulde u eerder in.")).to_be_visible()
    expect(page.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("24")
    expect(page.get_by_label("Middag")).to_be_checked()
    expect(page.get_by_label("Samen eten")).to_be_checked()
    assert page.locator("[name=instanceID]").first.input_value() == identity
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("middag, 24 bezoekers")
    page.goto(f"{site.url}/form/visitors")
    expect(page.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("")
    page.get_by_label("Hoeveel mensen kwamen er?").fill("3")
    page.wait_for_timeout(600)
    page.reload()
    page.get_by_role("button", name="Begin opnieuw").click()
    expect(page.get_by_text("Dit vulde u eerder in.")).to_have_count(0)
    expect(page.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("")


def test_what_is_typed_before_a_draft_is_back_stays(site: Site, handy: Page) -> None:
    count(handy, site, "24", "Middag")
    handy.wait_for_timeout(600)
    held: list[Route] = []
    handy.route("**/draft.js*", lambda route: held.append(route))
    handy.goto(f"{site.url}/form/visitors", wait_until="commit")
    handy.get_by_label("Hoeveel mensen kwamen er?").fill("31")
    handy.wait_for_timeout(300)
    for route in held:
        route.continue_()
    expect(handy.get_by_text("Dit vulde u eerder in.")).to_be_visible()
    expect(handy.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("31")
    expect(handy.get_by_label("Middag")).to_be_checked()
    assert held


def test_a_phone_that_keeps_nothing_sends_at_once_or_says_so(
    site: Site, browser: Browser, handy: Page
) -> None:
    handy.context.add_init_script("IDBFactory.prototype.open = () => { throw Error('no'); }")
    count(handy, site, "24")
    unreachable(handy)
    save(handy)
    expect(handy.get_by_role("alert")).to_contain_text("Niet bewaard.")
    expect(handy.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("24")
    reachable(handy)
    handy.wait_for_timeout(3000)  # a second tap at once is the same tap
    save(handy)
    expect(handy.get_by_role("heading", level=1)).to_contain_text("24 bezoekers")
    assert len(rows(site, "visitors")) == 1


def test_a_correction_and_a_week_go_the_same_way(site: Site, handy: Page) -> None:
    count(handy, site, "24")
    save(handy)
    expect(handy.get_by_role("heading", level=1)).to_contain_text("24 bezoekers")
    handy.get_by_role("link", name="Klopt er iets niet?").click()
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


def test_what_waits_long_is_said_to_be_in_danger(site: Site, browser: Browser, handy: Page) -> None:
    count(handy, site, "24")
    unreachable(handy)
    save(handy)
    kept_here(handy)
    old = """async (days) => {
      const url = document.querySelector('[src*=waiting]').src.replace(/waiting.*/, 'store.js');
      const { alter, waiting } = await import(url);
      const [record] = await waiting();
      const made_at = new Date(Date.now() - days * 86400000).toISOString();
      await alter(record, (now) => ({ ...now, made_at }));
    }"""
    handy.evaluate(old, 2)
    handy.goto(site.url)
    expect(handy.locator(LINE)).to_be_visible()
    expect(handy.locator(LINE)).not_to_contain_text("Zoek vandaag een plek")
    handy.evaluate(old, 4)
    handy.reload()
    expect(handy.locator(LINE)).to_contain_text("Zoek vandaag een plek met internet")
