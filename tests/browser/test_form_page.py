"""What a form's script does: show and hide, fill in beforehand, and find people."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.conftest import MOMENT, Send


@pytest.fixture
def paired(site: Site, handset: Callable[..., Page]) -> Page:
    """A phone paired to OP-01."""
    page = handset()
    page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
    page.get_by_label("Wat is uw roepnaam?").fill("Ria")
    page.get_by_role("button", name="Ja, koppel deze telefoon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vandaag")
    return page


def test_a_closed_day_asks_for_the_reason_and_not_for_times(site: Site, paired: Page) -> None:
    paired.goto(f"{site.url}/form/opening")
    expect(paired.get_by_label("Open vanaf", exact=True)).to_have_value("09:00")
    expect(paired.get_by_text("Waarom was u dicht")).to_be_hidden()
    paired.get_by_label("Nee", exact=True).check()
    expect(paired.get_by_label("Open vanaf", exact=True)).to_be_hidden()
    paired.get_by_label("Vakantie").check()
    paired.get_by_role("button", name="Bewaar").click()
    expect(paired.get_by_role("heading", level=1)).to_contain_text("vandaag")
    with site.store.read() as connection:
        kept = connection.execute("SELECT * FROM form_opening").fetchone()
    assert (kept["open"], kept["open_from"], kept["closed_reason"]) == ("no", None, "vacation")
    assert kept["hours_open"] == "0"


def test_another_day_brings_its_own_times(site: Site, paired: Page) -> None:
    """Wednesday has an evening; what the coordinator typed is never overwritten."""
    paired.goto(f"{site.url}/form/opening")
    paired.get_by_label("Andere dag", exact=True).check()
    paired.get_by_label("Welke andere dag?").fill("2026-11-18")
    paired.get_by_text("Ging u later nog een keer open?").click()
    expect(paired.get_by_label("Daarna open vanaf")).to_have_value("19:00")
    paired.get_by_label("Daarna open tot").fill("20:00")
    expect(paired.get_by_text("Waarom was u dicht")).to_be_visible()  # shorter than usual
    paired.get_by_label("Gisteren").check()
    expect(paired.get_by_label("Daarna open vanaf")).to_have_value("")
    expect(paired.get_by_label("Daarna open tot")).to_have_value("20:00")


def test_last_week_is_filled_in_beforehand(site: Site, paired: Page, send: Send) -> None:
    send(
        "OP-01",
        "visitors",
        {
            "date": "2026-11-12",
            "daypart": "morning",
            "visitors": "9",
            "activities": ["meal", "party"],
        },
    )
    paired.goto(f"{site.url}/form/visitors")
    expect(paired.get_by_label("Samen eten")).not_to_be_checked()
    paired.get_by_label("Gisteren").check()
    expect(paired.get_by_label("Samen eten")).to_be_checked()
    paired.get_by_label("Middag").check()
    expect(paired.get_by_label("Samen eten")).not_to_be_checked()
    paired.get_by_label("Jongeren").check()
    paired.get_by_label("Ochtend").check()
    expect(paired.get_by_label("Jongeren")).to_be_checked()
    expect(paired.get_by_label("Samen eten")).not_to_be_checked()


def test_people_are_found_counted_and_of_their_day(site: Site, paired: Page, send: Send) -> None:
    many = [(name, "2026-11-03") for name in ("Wil", "Ali", "Bea", "Cor", "Els", "Jan", "Nel")]
    for name, day in [("Fatima", "2026-11-02"), ("Mo", "2026-11-20"), *many]:
        raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": name}
        send("OP-01", "person_new", raw | {"started": day, "informed": "OK"})
    paired.goto(f"{site.url}/form/volunteer_hours")
    who = paired.get_by_role("group", name="Welke vrijwilligers waren er?")
    who.get_by_label("Fatima").check()
    expect(who.get_by_text("1 gekozen")).to_be_visible()
    who.get_by_role("searchbox").fill("wi")
    expect(who.get_by_label("Wil")).to_be_visible()
    expect(who.get_by_label("Mo ·")).to_be_hidden()
    expect(who.get_by_label("Fatima")).to_be_hidden()  # ticked ones are counted, not in the way
    expect(who.get_by_text("1 gekozen")).to_be_visible()
    who.get_by_role("searchbox").fill("")
    expect(who.get_by_label("Mo ·")).to_be_visible()
    paired.get_by_label("Gisteren").check()
    expect(who.get_by_label("Mo ·")).to_be_hidden()  # began today


def test_a_slip_is_explained_where_it_is_and_nothing_typed_is_lost(
    site: Site, paired: Page
) -> None:
    paired.goto(f"{site.url}/form/visitors")
    paired.get_by_label("Hoeveel mensen kwamen er?").fill("veel")
    paired.get_by_label("Samen eten").check()
    paired.get_by_role("button", name="Bewaar").click()
    expect(paired).to_have_title(re.compile("^Fout: Bezoekers"))
    summary = paired.get_by_role("alert")
    expect(summary).to_be_focused()
    paired.wait_for_load_state()  # the page has the focus there before its scripts are there
    sentence = "Vul een heel getal in, zonder punt of komma. Bijvoorbeeld 24."
    summary.get_by_role("link", name=sentence).click()
    field = paired.get_by_label("Hoeveel mensen kwamen er?")
    expect(field).to_be_focused()
    expect(field).to_have_value("veel")
    expect(paired.get_by_label("Samen eten")).to_be_checked()
    field.fill("٢٤")
    paired.get_by_role("button", name="Bewaar").click()
    expect(paired.get_by_role("heading", level=1)).to_contain_text("24 bezoekers")


def test_two_quick_taps_are_one_record(site: Site, paired: Page) -> None:
    paired.goto(f"{site.url}/form/visitors")
    paired.get_by_label("Hoeveel mensen kwamen er?").fill("7")
    paired.get_by_role("button", name="Bewaar").dblclick()
    expect(paired.get_by_role("heading", level=1)).to_contain_text("7 bezoekers")
    with site.store.read() as connection:
        assert connection.execute("SELECT count(*) FROM form_visitors").fetchone()[0] == 1
