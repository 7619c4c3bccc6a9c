"""With the keyboard alone: each form is walked through, filled in and saved; no page is a trap."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store
from fieldapp.settings import shipped
from tests.browser.conftest import Site
from tests.browser.keys import Keys
from tests.browser.pages import addresses, belongs, furnish, of_the_office
from tests.conftest import MOMENT, Send
from tests.page import Client


@pytest.fixture
def keys(site: Site, small: Store, send: Send, handset: Callable[..., Page]) -> Keys:
    """A phone of Wijkbedrijf 1 with a keyboard; people take part there."""
    person = {"known_elsewhere": "no", "started": "2026-11-02", "informed": "OK"}
    for role, name, more in (
        ("volunteer", "Ria", {}),
        ("volunteer", "Bo", {}),
        ("participant", "Rinske", {"labour_distance": "yes"}),
        ("participant", "Omar", {"labour_distance": "yes"}),
    ):
        send("WB-01", "person_new", person | {"role": role, "call_name": name} | more)
    page = handset(reduced_motion="reduce", service_workers="block")
    return Keys(belongs(page, site, "WB-01"))


def kept(store: Store, form: str) -> int:
    """How many records there are of a form."""
    with store.read() as connection:
        return int(connection.execute(f"SELECT count(*) FROM form_{form}").fetchone()[0])


def test_every_form_is_filled_in_and_saved(
    site: Site, keys: Keys, forms: Mapping[str, Form]
) -> None:
    asked = [form for form in forms.values() if "wijkbedrijf" in form.places]
    assert len(asked) > 8
    for form in asked:
        before, keys.about = kept(site.store, form.form_id), form.form_id
        keys.page.goto(f"{site.url}/form/{form.form_id}")
        keys.save()
        if keys.page.locator(".doubt").is_visible():  # it asks whether that is so
            keys.save()
        expect(keys.page, form.form_id).to_have_url(re.compile("/saved"))
        assert kept(site.store, form.form_id) == before + 1
    assert not keys.faults, "\n".join(keys.faults)


def test_a_week_is_filled_in_and_saved(site: Site, keys: Keys) -> None:
    keys.about = "week"
    keys.page.goto(f"{site.url}/week?week=2026-W46")
    keys.to("[name='visitors.2026-11-09.morning']")
    keys.page.keyboard.type("24")
    keys.save()
    expect(keys.page).to_have_url(re.compile("/week/saved"))
    assert kept(site.store, "visitors") == 1
    assert not keys.faults, "\n".join(keys.faults)


def test_visitors_are_counted_at_the_door_and_saved(site: Site, keys: Keys) -> None:
    page = keys.page
    page.clock.set_fixed_time(MOMENT)
    page.goto(f"{site.url}/count")
    expect(page.locator(".more")).to_be_visible()
    keys.to(".more")
    keys.press("Enter", "Space", "Enter")
    keys.to("[data-save]")
    keys.press("Enter")
    expect(page.locator("[name=visitors]")).to_have_value("3")
    keys.save()
    expect(page).to_have_url(re.compile("/saved"))
    assert kept(site.store, "visitors") == 1
    assert not keys.faults, "\n".join(keys.faults)


def test_a_list_of_people_is_added(site: Site, keys: Keys) -> None:
    keys.about = "add"
    before = kept(site.store, "person_new")
    keys.page.goto(f"{site.url}/people/add")
    keys.save()
    keys.save()
    expect(keys.page).to_have_url(re.compile("/people/added/"))
    assert kept(site.store, "person_new") == before + 1
    assert not keys.faults, "\n".join(keys.faults)


def test_a_phone_is_paired(site: Site, handset: Callable[..., Page]) -> None:
    keys = Keys(handset(reduced_motion="reduce"))
    keys.page.goto(f"{site.url}/pair")
    keys.to("[name=token]")
    keys.page.keyboard.type(site.letter("OP-01", MOMENT))
    keys.press("Enter")
    expect(keys.page.locator("#name")).to_be_visible()
    keys.page.wait_for_load_state()
    keys.to("#name")
    keys.page.keyboard.type("Ria")
    keys.to("[name=confirm]")
    keys.press("Enter")
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("Vandaag")
    assert not keys.faults, "\n".join(keys.faults)


def test_the_menu_is_skipped(site: Site, keys: Keys) -> None:
    keys.page.goto(f"{site.url}/records")
    keys.tab()
    keys.press("Enter")
    stop = keys.tab()
    assert stop and stop["main"]
    assert not keys.faults, "\n".join(keys.faults)


def test_no_page_is_a_trap(
    site: Site,
    app: Flask,
    small: Store,
    send: Send,
    office: Client,
    handset: Callable[..., Page],
) -> None:
    known = furnish(small, send, office)
    page = handset(reduced_motion="reduce", service_workers="block")
    keys = Keys(belongs(page, site, "OP-01", "WB-01"))
    for rule, address in addresses(app, known):
        if not of_the_office(rule):
            keys.page.goto(site.url + address)
            keys.walk(answer=False)
    assert not keys.faults, "\n".join(keys.faults)


@pytest.mark.parametrize(
    ("file", "rule", "address", "fault"),
    [
        ("fieldapp.css", ":focus-visible,", "/privacy", "no ring"),
        ("fieldapp.css", ".choice:focus-within {", "/form/visitors", "no ring"),
        ("week.css", ".week :is(input, select, a, summary) {", "/week", "under <"),
    ],
)
def test_a_rule_of_the_look_that_is_gone_is_missed(
    site: Site, keys: Keys, file: str, rule: str, address: str, fault: str
) -> None:
    text = (shipped("static") / file).read_text()
    assert text.count(rule) == 1
    without = text.replace(rule, ".nowhere {" if rule.endswith("{") else ".nowhere,")
    keys.page.route(
        f"**/{file}*", lambda route: route.fulfill(body=without, content_type="text/css")
    )
    keys.page.set_viewport_size({"width": 320, "height": 520})
    keys.page.goto(site.url + address)
    keys.walk(answer=False)
    assert any(fault in each for each in keys.faults)
