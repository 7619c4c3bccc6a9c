"""A form before it is in the outbox: opened twice, half filled in, on a phone without a store."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.outbox import (
    count,
    drafted,
    reachable,
    rows,
    save,
    unreachable,
    wait_until,
)

LINE = ".waiting"


def test_a_form_opened_twice_makes_two_records(site: Site, handy: Page) -> None:
    other = handy.context.new_page()
    for tab in (handy, other):  # both are open before either has a draft
        tab.goto(f"{site.url}/form/visitors")
        tab.get_by_label("Ochtend").focus()
        tab.wait_for_load_state("networkidle")  # what a draft needs comes at the first touch
    for tab, daypart in ((handy, "Ochtend"), (other, "Middag")):
        tab.get_by_label(daypart).check()
        tab.get_by_label("Hoeveel mensen kwamen er?").fill("5")
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
    drafted(handy, visitors="24", daypart="afternoon", activities="meal")
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
    drafted(page, visitors="3")
    page.reload()
    page.get_by_role("button", name="Begin opnieuw").click()
    expect(page.get_by_text("Dit vulde u eerder in.")).to_have_count(0)
    expect(page.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("")


def test_what_is_typed_before_a_draft_is_back_stays(site: Site, handy: Page) -> None:
    count(handy, site, "24", "Middag")
    drafted(handy, visitors="24")
    held: list[Route] = []
    handy.route("**/draft.js*", lambda route: held.append(route))
    handy.goto(f"{site.url}/form/visitors", wait_until="commit")
    handy.get_by_label("Hoeveel mensen kwamen er?").fill("31")
    wait_until(handy, lambda: bool(held))
    for route in held:
        route.continue_()
    expect(handy.get_by_text("Dit vulde u eerder in.")).to_be_visible()
    expect(handy.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("31")
    expect(handy.get_by_label("Middag")).to_be_checked()


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
