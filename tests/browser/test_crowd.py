"""A manager adds a hundred people and says of ten who still takes part, in few steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import DARK, RULES
from tests.browser.taps import go
from tests.conftest import MOMENT, Send

MOST_STEPS = 40
STARTS = ("Am", "Bo", "Cas", "Da", "El", "Fa", "Gu", "Ha", "Il", "Jo")
ENDS = ("na", "ris", "mir", "li", "wen", "tou", "dek", "sha", "pim", "rou")
HUNDRED = [start + end for start in STARTS for end in ENDS]


@dataclass
class Hand:
    """A person at the phone: every tap, tick and choice is a step."""

    page: Page
    scripted: bool
    steps: int = 0

    def tap(self, what: Locator) -> None:
        """Taps a button, a link or a box."""
        what.click()
        self.steps += 1

    def pick(self, what: Locator, label: str) -> None:
        """Picks from a list: opens it, and taps the choice."""
        what.select_option(label=label)
        self.steps += 2

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, exact=True)


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def hand(request: pytest.FixtureRequest, site: Site, handset: Callable[..., Page]) -> Hand:
    """A manager's phone, with a script and without."""
    page = handset(java_script_enabled=request.param)
    pair(page, site)
    return Hand(page, request.param)


def pair(page: Page, site: Site) -> None:
    """Pairs a phone to the wijkbedrijf by its letter."""
    token = site.letter("WB-01", MOMENT)
    page.goto(f"{site.url}/pair")
    page.get_by_label("Typ de code van de brief").fill(token)
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("Wat is uw roepnaam?").fill("Bo")
    page.get_by_role("button", name="Ja, koppel deze telefoon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vandaag")


def kept(site: Site, sql: str) -> list[tuple[Any, ...]]:
    """What stands in the database."""
    with site.store.read() as connection:
        return [tuple(row) for row in connection.execute(sql)]


def test_a_manager_adds_a_hundred_people(site: Site, hand: Hand) -> None:
    page = hand.page
    hand.tap(page.get_by_role("link", name="Mensen en kaartjes"))
    hand.tap(page.get_by_role("link", name="Meer mensen toevoegen"))
    pasted = "\n".join(f"{n}.\t{name}\t06-1234{n:04}" for n, name in enumerate(HUNDRED, 1))
    page.get_by_label("Eén naam per regel").fill(pasted)
    elsewhere = page.get_by_role("radiogroup", name="Doen deze mensen al mee")
    hand.tap(elsewhere.get_by_label("Nee", exact=True))
    hand.pick(page.get_by_label("Horen deze mensen bij een pilot?"), "Pilot 2")
    hand.tap(page.get_by_label("Ik heb iedereen verteld"))
    hand.tap(hand.button("Verder"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk de namen na")
    assert kept(site, "SELECT count(*) FROM form_person_new") == [(0,)]
    for name in HUNDRED[::5]:
        hand.tap(page.get_by_label(f"Ja: {name}", exact=True))
    rest = page.get_by_role("radiogroup", name="En wie geen vinkje heeft?")
    hand.tap(rest.get_by_label("Nee", exact=True))
    hand.tap(hand.button("Bewaar"))

    expect(page.get_by_role("heading", level=1)).to_contain_text("Wijkbedrijf 1: 100.")
    assert hand.steps <= MOST_STEPS
    assert kept(
        site,
        "SELECT labour_distance, started, pilot, count(*) FROM form_person_new "
        "WHERE _place = 'WB-01' GROUP BY 1, 2, 3",
    ) == [("no", "2026-11-20", "PI-02", 80), ("yes", "2026-11-20", "PI-02", 20)]
    hand.tap(page.get_by_role("link", name="Alle kaartjes afdrukken"))
    expect(page.locator("main svg")).to_have_count(100)


def test_a_manager_answers_about_ten_people(
    site: Site, hand: Hand, send: Send, clock: Callable[[], dt.datetime]
) -> None:
    for name in HUNDRED[:10]:
        raw = {"role": "participant", "known_elsewhere": "no", "call_name": name, "informed": "OK"}
        send("WB-01", "person_new", raw | {"started": "2026-03-02", "labour_distance": "no"})
    page = hand.page
    page.goto(site.url)
    hand.tap(page.get_by_role("link", name="Doen deze 10 mensen nog mee?"))
    for name, reason in zip(HUNDRED[:3], ("Betaald werk", "Verhuisd", "Verhuisd"), strict=True):
        hand.pick(page.get_by_label(name), f"Nee: {reason}")
    if hand.scripted:
        hand.tap(hand.button("Alle anderen doen nog mee"))
        expect(page.get_by_label(HUNDRED[9])).to_have_value("yes")
        expect(page.get_by_label(HUNDRED[0])).to_have_value("paid_work")
        expect(page.get_by_text("10 van de 10 beantwoord")).to_be_visible()
        expect(page.get_by_role("checkbox")).to_have_count(0)
    else:
        hand.tap(page.get_by_label("Alle anderen doen nog mee"))
    hand.tap(hand.button("Bewaar"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Doen nog mee: 7. Gestopt: 3.")
    assert hand.steps <= 10
    assert kept(site, "SELECT count(*) FROM still_here") == [(7,)]
    assert kept(site, "SELECT count(*) FROM form_step") == [(3,)]
    hand.tap(page.get_by_role("link", name="Klaar"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Mensen van Wijkbedrijf 1")


def test_ticks_are_counted_and_enter_saves(site: Site, handset: Callable[..., Page]) -> None:
    page = handset()
    pair(page, site)
    page.goto(f"{site.url}/people/add")
    page.get_by_label("Eén naam per regel").fill("Amina Prins\nBoris\nCas")
    page.get_by_label("Weet ik niet").check()
    page.get_by_label("Ik heb iedereen verteld").check()
    page.get_by_role("button", name="Verder").click()
    page.get_by_label("Ja: Boris").check()
    expect(page.get_by_text("1 met een vinkje")).to_be_visible()
    page.get_by_text("Dit geldt voor iedereen").click()
    page.get_by_label("Vrijwilliger").check()
    expect(page.get_by_label("Ja: Boris")).to_be_hidden()
    page.get_by_label("Deelnemer").check()
    expect(page.get_by_label("Ja: Boris")).to_be_checked()
    page.get_by_label("Naam 3").press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    page.wait_for_load_state()  # the page has the focus there before its scripts are there
    summary.get_by_role("link", name="Kies Nee of Weet ik niet.").click()
    expect(page.get_by_label("Nee", exact=True).last).to_be_focused()
    expect(page.get_by_label("Naam 1", exact=True)).to_have_value("Amina Prins")
    page.get_by_role("radiogroup", name="En wie geen").get_by_label("Weet ik niet").check()
    page.get_by_label("Naam 3").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wijkbedrijf 1: 3.")


@pytest.mark.parametrize("scheme", ["light", DARK])
def test_the_pages_are_for_everybody(
    site: Site, handset: Callable[..., Page], send: Send, scheme: str
) -> None:
    for name in ("Amina", "Boris"):
        raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": name, "informed": "OK"}
        send("WB-01", "person_new", raw | {"started": "2026-03-02"})
    page = handset(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    pair(page, site)
    found = []

    def look() -> None:
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong = Axe().run(page, options=RULES).response["violations"]
        found.extend((page.url, each["id"], each["nodes"][0]["target"]) for each in wrong)
        found.extend([(page.url, wider)] if wider > 0 else [])

    page.goto(f"{site.url}/people/still")
    look()
    go(page.get_by_role("button", name="Bewaar"))
    look()
    page.goto(f"{site.url}/people/still/done?stay=7&left=3")
    look()
    page.goto(f"{site.url}/people/add")
    page.get_by_label("Eén naam per regel").fill("Amina\nCas Prins\n0612345678\nDana\nDana, x")
    page.get_by_label("Weet ik niet").check()
    page.get_by_label("Ik heb iedereen verteld").check()
    go(page.get_by_role("button", name="Verder"))
    look()
    page.get_by_text("Dit geldt voor iedereen").click()
    go(page.get_by_role("button", name="Bewaar"))
    assert page.title().startswith("Fout: ")
    look()
    for number in (1, 3, 5):
        page.get_by_label(f"Naam {number}", exact=True).fill("")
    page.get_by_role("radiogroup", name="En wie geen").get_by_label("Weet ik niet").check()
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wijkbedrijf 1: 2.")
    look()
    assert found == []
