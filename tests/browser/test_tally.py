"""The counter at the door: each tap is on the disk before it is shown, all day long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.browser.outbox import kept_here, kill, pair, phone, rows, save, unreachable, waiting
from tests.browser.pages import RULES
from tests.browser.taps import go
from tests.conftest import MOMENT, Send

HERE: dict[str, Any] = {"timezone_id": "Europe/Amsterdam", "service_workers": "block"}
AFTERNOON = MOMENT.replace(hour=14)
TOMORROW = MOMENT + dt.timedelta(days=1)
SHAKES = "navigator.vibrate = (long) => { window.shaken = (window.shaken || 0) + long; }"


def at(context: BrowserContext, moment: dt.datetime) -> None:
    """Sets the phone's clock."""
    context.clock.set_fixed_time(moment)


@pytest.fixture
def door(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone paired to OP-01 that counts at the door, on Friday morning."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="nl-NL", **HERE)
    at(context, MOMENT)
    context.add_init_script(SHAKES)
    page = context.new_page()
    pair(page, site)
    begin(page, site)
    yield page
    context.close()


def begin(page: Page, site: Site) -> None:
    """Comes to the counter by the form."""
    page.goto(f"{site.url}/form/visitors")
    page.get_by_role("link", name="Tel aan de deur").click()
    expect(page.get_by_role("button", name="Eén meer")).to_be_visible()


def tap(page: Page, times: int = 1) -> None:
    """Presses the large button."""
    for _ in range(times):
        page.get_by_role("button", name="Eén meer").click()


def counted(page: Page, number: int) -> None:
    """The page says this number."""
    expect(page.locator("output b")).to_have_text(str(number))


def hand_over(page: Page, number: int) -> None:
    """Takes the number to the form, and sees it there."""
    counted(page, number)
    page.get_by_role("button", name="Bewaar als bezoekers").first.click()
    expect(page.get_by_label("Hoeveel mensen kwamen er?")).to_have_value(str(number))


def tallies(page: Page) -> list[tuple[str, str, int]]:
    """Day, daypart and number of every tally in the phone's store."""
    found: list[dict[str, Any]] = page.evaluate("""async () => {
      const base = await new Promise((done) => {
        const asked = indexedDB.open("fieldapp");
        asked.onsuccess = () => done(asked.result);
      });
      const range = IDBKeyRange.bound("tally ", "tally!");
      const all = base.transaction("facts").objectStore("facts").getAll(range);
      const found = await new Promise((done) => (all.onsuccess = () => done(all.result)));
      base.close();
      return found;
    }""")
    return sorted((each["date"], each["daypart"], each["count"]) for each in found)


def test_a_dead_battery_between_two_taps_loses_none(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    with phone(browser, profile, **HERE) as context:
        at(context, MOMENT)
        pair(context.new_page(), site)
    for number in (1, 2, 3):
        with phone(browser, profile, **HERE) as context:
            at(context, MOMENT)
            page = context.new_page()
            page.goto(f"{site.url}/count")
            counted(page, number - 1)
            tap(page)
            counted(page, number)
            kill(profile)
    with phone(browser, profile, **HERE) as context:
        at(context, MOMENT)
        page = context.new_page()
        page.goto(f"{site.url}/count")
        counted(page, 3)


def test_no_number_is_shown_that_is_not_on_the_disk(site: Site, door: Page) -> None:
    tap(door)
    counted(door, 1)
    door.evaluate("""() => {
      IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
    }""")
    tap(door)
    expect(door.get_by_role("alert")).to_have_text("Deze tik is niet bewaard. Tik nog een keer.")
    counted(door, 1)
    door.reload()
    counted(door, 1)
    expect(door.get_by_role("alert")).to_have_count(0)


def test_it_survives_a_reload_and_a_closed_tab_and_is_saved_once(site: Site, door: Page) -> None:
    tap(door, 5)
    door.get_by_role("button", name="Eén minder").click()
    counted(door, 4)
    door.reload()
    counted(door, 4)
    tab = door.context.new_page()
    door.close()
    begin(tab, site)
    counted(tab, 4)
    tap(tab)
    hand_over(tab, 5)
    expect(tab.get_by_label("Ochtend")).to_be_checked()
    expect(tab.get_by_label("Vandaag")).to_be_checked()
    assert tallies(tab) == [("2026-11-20", "morning", 5)]  # until it is saved
    save(tab)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("vandaag, ochtend, 5 bezoekers")
    assert tallies(tab) == []
    begin(tab, site)
    counted(tab, 0)
    assert rows(site, "visitors", "date", "daypart", "visitors") == [("2026-11-20", "morning", 5)]


def test_what_was_going_on_stays_filled_in_beforehand(site: Site, door: Page, send: Send) -> None:
    before = {"date": "2026-11-13", "daypart": "morning", "visitors": "9", "activities": ["meal"]}
    send("OP-01", "visitors", before)
    tap(door)
    hand_over(door, 1)
    expect(door.get_by_label("Samen eten")).to_be_checked()


def test_without_a_connection_it_goes_through_the_outbox(site: Site, door: Page) -> None:
    tap(door, 2)
    hand_over(door, 2)
    unreachable(door)
    save(door)
    kept_here(door)
    (record,) = waiting(door)
    assert (record["answers"]["visitors"], record["answers"]["daypart"]) == ("2", "morning")
    assert tallies(door) == []


@pytest.mark.parametrize(
    ("later", "now"), [(AFTERNOON, "vandaag, middag"), (TOMORROW, "vandaag, ochtend")]
)
def test_another_daypart_or_day_asks_and_keeps_the_old_until_it_is_saved(
    site: Site, door: Page, later: dt.datetime, now: str
) -> None:
    tap(door, 3)
    counted(door, 3)
    question = door.get_by_text("Opnieuw beginnen?")
    expect(question).to_be_hidden()
    at(door.context, later)
    door.reload()
    expect(question).to_be_visible()
    counted(door, 3)
    door.get_by_role("button", name="Begin opnieuw").click()
    expect(question).to_be_hidden()
    expect(door.locator("[data-about]")).to_have_text(now)
    counted(door, 0)
    tap(door)
    counted(door, 1)
    door.reload()
    counted(door, 1)
    old = door.locator("[data-others] li")
    expect(old).to_contain_text("ochtend: 3")
    old.get_by_role("button").click()
    expect(door.get_by_label("Hoeveel mensen kwamen er?")).to_have_value("3")
    save(door)
    expect(door.get_by_role("heading", level=1)).to_contain_text("ochtend, 3 bezoekers")
    assert [number for _, _, number in tallies(door)] == [1]
    assert rows(site, "visitors", "date", "visitors") == [("2026-11-20", 3)]


def test_who_goes_on_is_not_asked_again(site: Site, door: Page) -> None:
    tap(door, 3)
    counted(door, 3)
    at(door.context, AFTERNOON)
    door.reload()
    door.get_by_role("button", name="Ga door met deze telling").click()
    expect(door.get_by_role("button", name="Eén meer")).to_be_focused()
    tap(door)
    counted(door, 4)
    door.reload()
    counted(door, 4)
    expect(door.get_by_text("Opnieuw beginnen?")).to_be_hidden()
    assert tallies(door) == [("2026-11-20", "morning", 4)]


def test_two_tabs_count_as_one(site: Site, door: Page) -> None:
    other = door.context.new_page()
    other.goto(f"{site.url}/count")
    for tab in (door, other, door, other):
        tab.bring_to_front()
        tap(tab)
    counted(other, 4)
    assert tallies(other) == [("2026-11-20", "morning", 4)]


def test_a_tab_left_open_does_not_bring_back_what_was_saved(site: Site, door: Page) -> None:
    tap(door, 2)
    counted(door, 2)
    other = door.context.new_page()
    other.goto(f"{site.url}/count")
    hand_over(other, 2)
    save(other)
    expect(other.get_by_role("heading", level=1)).to_contain_text("2 bezoekers")
    tap(door)
    counted(door, 1)
    assert tallies(door) == [("2026-11-20", "morning", 1)]


def test_two_doors_are_added_up(site: Site, door: Page, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="nl-NL", **HERE)
    at(context, MOMENT)
    second = context.new_page()
    pair(second, site)
    second.goto(f"{site.url}/count")
    for page, times in ((door, 4), (second, 3)):
        tap(page, times)
        hand_over(page, times)
        save(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Wij hebben dit bewaard")
    second.get_by_role("link", name="Kies wat goed is").click()
    second.locator("button[value=add]").click()
    second.wait_for_selector("form[action$='/undo']")
    assert ("current", 7) in rows(site, "visitors", "_state", "visitors")
    context.close()


def test_it_shakes_is_announced_and_works_by_keyboard(site: Site, door: Page) -> None:
    more = door.get_by_role("button", name="Eén meer")
    door.get_by_role("link", name="Terug").focus()
    door.keyboard.press("Tab")
    expect(more).to_be_focused()
    for nth, press in enumerate(("Enter", "Space"), 1):
        door.keyboard.press(press)
        counted(door, nth)
    expect(door.get_by_role("status").filter(has_text="Geteld")).to_have_text("Geteld 2")
    door.keyboard.press("Tab")
    door.keyboard.press("Enter")
    counted(door, 1)
    for _ in range(3):  # never below nobody
        door.keyboard.press("Enter")
    counted(door, 0)
    assert door.evaluate("window.shaken") > 0
    box = more.bounding_box()
    assert box is not None and box["height"] >= 144 and box["width"] >= 300


@pytest.mark.parametrize(("scheme", "language"), [("light", "nl-NL"), ("dark", "en-GB")])
def test_everybody_can_use_it(site: Site, browser: Browser, scheme: Any, language: str) -> None:
    narrow: Any = {"width": 320, "height": 640}
    context = browser.new_context(viewport=narrow, locale=language, color_scheme=scheme, **HERE)
    at(context, MOMENT)
    page = context.new_page()
    pair_quietly(page, site)
    for moment in (MOMENT, AFTERNOON, TOMORROW):
        at(context, moment)
        page.goto(f"{site.url}/count")
        page.locator("button.more").wait_for()
        if page.locator("[data-new]").is_visible():
            assert look(page) == []
            page.locator("[data-new]").click()
        page.locator("button.more").click()
        counted(page, 1)
        assert look(page) == []
    context.close()


def pair_quietly(page: Page, site: Site) -> None:
    """Pairs a phone of any language."""
    page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
    page.locator("#name").fill("Ria")
    go(page.locator("[name=confirm]"))


def look(page: Page) -> list[str]:
    """What axe finds, and whether the page is too wide."""
    found = Axe().run(page, options=RULES).response["violations"]
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [str(wrong["id"]) for wrong in found] + ["too wide"] * (wider > 0)


def test_without_a_script_the_form_is_as_it_is(site: Site, browser: Browser, door: Page) -> None:
    state = door.context.storage_state()
    context = browser.new_context(java_script_enabled=False, locale="nl-NL", storage_state=state)
    page = context.new_page()
    page.goto(f"{site.url}/form/visitors")
    expect(page.get_by_label("Hoeveel mensen kwamen er?")).to_be_visible()
    expect(page.get_by_role("link", name="Tel aan de deur")).to_be_hidden()
    page.goto(f"{site.url}/count")
    assert "kan alleen met JavaScript" in page.content()
    expect(page.get_by_role("button", name="Eén meer")).to_be_hidden()
    context.close()


def test_it_opens_without_a_connection(site: Site, browser: Browser) -> None:
    context = browser.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam")
    page = context.new_page()
    pair(page, site)
    page.evaluate("""async () => {
      await navigator.serviceWorker.register("/sw.js");
      const worker = (await navigator.serviceWorker.ready).active;
      const line = new MessageChannel();
      const told = new Promise((done) => (line.port1.onmessage = done));
      worker.postMessage("refresh", [line.port2]);
      await told;
    }""")
    page.wait_for_function("navigator.serviceWorker.controller")
    context.set_offline(True)
    page.goto(f"{site.url}/count")
    tap(page, 2)
    hand_over(page, 2)
    context.close()
