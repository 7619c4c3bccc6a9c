"""What somebody does on a page before its scripts are there counts as what is done after."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.outbox import count, drafted
from tests.browser.test_crowd import HUNDRED, kept, pair
from tests.conftest import Send


def early(page: Page, url: str) -> Callable[[], None]:
    """Opens a page of which no script comes until what this gives is called."""
    held: list[Route] = []
    page.route("**/static/*.js*", lambda route: held.append(route))
    page.goto(url, wait_until="commit")

    def come() -> None:
        while held:
            held.pop().continue_()
        page.unroute("**/static/*.js*")
        page.wait_for_load_state()

    return come


def test_a_day_that_was_chosen_early_brings_what_belongs_to_it(site: Site, handy: Page) -> None:
    """Wednesday has an evening; what was typed early too is not overwritten."""
    come = early(handy, f"{site.url}/form/opening")
    handy.get_by_label("Andere dag", exact=True).check()
    handy.get_by_label("Welke andere dag?").fill("2026-11-18")
    handy.get_by_label("Open vanaf", exact=True).fill("08:00")
    come()
    handy.get_by_text("Ging u later nog een keer open?").click()
    expect(handy.get_by_label("Daarna open vanaf")).to_have_value("19:00")
    expect(handy.get_by_label("Open vanaf", exact=True)).to_have_value("08:00")


def test_what_was_typed_early_is_kept_as_a_draft(site: Site, handy: Page) -> None:
    come = early(handy, f"{site.url}/form/visitors")
    handy.get_by_label("Hoeveel mensen kwamen er?").fill("31")
    come()
    drafted(handy, visitors="31")


def test_a_draft_does_not_go_over_what_was_typed_early(site: Site, handy: Page) -> None:
    count(handy, site, "24", "Middag")
    drafted(handy, visitors="24")
    come = early(handy, f"{site.url}/form/visitors")
    handy.get_by_label("Hoeveel mensen kwamen er?").fill("31")
    come()
    expect(handy.get_by_text("Dit vulde u eerder in.")).to_be_visible()
    expect(handy.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("31")
    expect(handy.get_by_label("Middag")).to_be_checked()


def test_all_others_may_be_ticked_early(
    site: Site, handset: Callable[..., Page], send: Send
) -> None:
    person = {"role": "participant", "known_elsewhere": "no", "informed": "OK"}
    for name in HUNDRED[:3]:
        raw = person | {"call_name": name, "started": "2026-03-02", "labour_distance": "no"}
        send("WB-01", "person_new", raw)
    page = handset(service_workers="block")
    pair(page, site)
    come = early(page, f"{site.url}/people/still")
    page.get_by_label(HUNDRED[0]).select_option(label="Nee: Verhuisd")
    page.get_by_role("checkbox", name="Alle anderen doen nog mee").check()
    come()
    expect(page.get_by_text("3 van de 3 beantwoord")).to_be_visible()
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Doen nog mee: 2. Gestopt: 1.")
    assert kept(site, "SELECT count(*) FROM still_here") == [(2,)]
