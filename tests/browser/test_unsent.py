"""What was not sent yet: said on every page, mended, sent again, shared, thrown away."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

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
from tests.browser.taps import go
from tests.conftest import MOMENT, Clerk

LINE = ".waiting"


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
    go(handy.get_by_role("link", name="Klaar"))
    expect(handy.locator(LINE)).to_be_hidden()
    assert waiting(handy) == []
    assert sorted(rows(site, "visitors", "visitors")) == [(8,), (12,)]


DRAWN_ANEW = "document.dispatchEvent(new CustomEvent('offered', { detail: { outcome: {} } }))"


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
    handy.evaluate(DRAWN_ANEW)
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


def test_a_change_that_came_too_late_says_what_stands_and_can_be_sent_after_all(
    site: Site, handy: Page
) -> None:
    """A colleague was first; what was typed without a signal is not lost, nor put over theirs."""
    count(handy, site, "24")
    save(handy)
    go(handy.get_by_role("link", name="Klopt er iets niet?"))
    handy.get_by_label("Hoeveel mensen kwamen er?").fill("25")
    unreachable(handy)
    save(handy)
    kept_here(handy)
    other = colleague(handy, site)
    (record,) = waiting(handy)
    other.goto(f"{site.url}/form/visitors/{record['changes']['id']}")
    other.get_by_label("Hoeveel mensen kwamen er?").fill("30")
    save(other)
    expect(other.get_by_role("heading", level=1)).to_contain_text("30 bezoekers")
    other.context.close()
    reachable(handy)
    handy.goto(f"{site.url}/unsent")
    item = handy.locator(".unsent > li")
    expect(item).to_contain_text("Iemand anders heeft dit intussen veranderd.")
    expect(item.locator("[data-now] dd", has_text="30")).to_be_visible()
    assert rows(site, "visitors", "visitors") == [(30,)]
    item.get_by_role("link", name="Verander").click()
    field = handy.get_by_label("Hoeveel mensen kwamen er?")
    expect(field).to_have_value("25")
    field.fill("31")
    save(handy)
    expect(handy.get_by_role("heading", level=1)).to_contain_text("31 bezoekers")
    assert waiting(handy) == []
    assert rows(site, "visitors", "visitors") == [(31,)]


def colleague(page: Page, site: Site) -> Page:
    """A page of another phone of the place."""
    browser = page.context.browser
    assert browser
    other = browser.new_context(locale="nl-NL", service_workers="block").new_page()
    pair(other, site)
    return other


def test_a_shared_file_comes_in_at_the_office_and_the_phone_hears_so(
    site: Site, handy: Page, clerk: Clerk, tmp_path: Path
) -> None:
    count(handy, site, "24")
    unreachable(handy)
    save(handy)
    kept_here(handy)
    handy.goto(f"{site.url}/unsent")
    with handy.expect_download() as download:
        handy.get_by_role("button", name="Deel niet-verzonden gegevens").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    office = colleague(handy, site)
    office.goto(f"{site.url}/office/signin")
    office.get_by_label("Naam").fill(clerk.name)
    office.get_by_label("Wachtwoord").fill(clerk.password)
    office.get_by_label("Code uit uw app").fill(clerk.code(MOMENT))
    office.get_by_role("button", name="Inloggen", exact=True).click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("Overzicht")
    office.goto(f"{site.url}/office/import/phone")
    office.get_by_label("Bestand van de telefoon (.json)").set_input_files(file)
    office.get_by_role("button", name="Voer in").click()
    expect(office.locator("table.imports")).to_contain_text("Bewaard")
    office.context.close()
    assert rows(site, "visitors", "visitors") == [(24,)]
    assert len(waiting(handy)) == 1
    reachable(handy)
    handy.reload()
    expect(handy.get_by_text("Alles is verzonden.").first).to_be_visible()
    assert waiting(handy) == []
    assert rows(site, "visitors", "visitors") == [(24,)]


def test_arabic_has_its_own_comma(site: Site, handy: Page) -> None:
    handy.context.add_cookies([{"name": "language", "value": "ar", "url": site.url}])
    handy.goto(f"{site.url}/form/visitors")
    handy.locator("[name=daypart][value=morning]").check()
    handy.locator("#q-visitors").fill("24")
    unreachable(handy)
    handy.locator("form[data-outbox] .actions .button").click()
    expect(handy.locator("[data-panel]")).to_be_visible()
    handy.goto(f"{site.url}/unsent")
    about = handy.locator(".unsent [data-about]")
    expect(about).to_contain_text("، ")
    expect(about).not_to_contain_text(", ")
