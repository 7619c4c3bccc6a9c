"""What a form may cost a phone: bytes and files of a first visit, and taps of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from fieldapp.ask.question import Form
from tests.browser.budget import AT_ONCE, BYTES, DAILY, TAPS, needed, save, touch, visit
from tests.browser.conftest import Site
from tests.browser.crew import LISTS, enlist, gather
from tests.browser.outbox import pair
from tests.conftest import MOMENT
from tests.reference_phone import read

PEOPLE = 100
NEAR = 0.03  # of what the README says


def test_every_daily_form_is_weighed(forms: Mapping[str, Form]) -> None:
    asked = {form.form_id for form in forms.values() if form.expected.startswith("open_")}
    assert asked <= set(DAILY)


@pytest.mark.parametrize("form", DAILY)
def test_a_visit_is_light(site: Site, handset: Callable[..., Page], form: str) -> None:
    """Everything, headers apart, also with a hundred people; what makes it work comes in one go."""
    if form in LISTS:
        place, role = LISTS[form]
        enlist(site.store, place, role, PEOPLE)
        if form == "attendance":
            gather(site.store, place)
    before = handset(service_workers="block")
    pair(before, site, DAILY[form].place)
    fresh = handset(
        service_workers="block", has_touch=True, storage_state=before.context.storage_state()
    )
    seen = visit(fresh, f"{site.url}/form/{form}")
    expect(fresh.get_by_role("button", name="Bewaar")).to_be_visible()
    first, at_first = seen.bytes, len(seen.asked)
    assert 5_000 < first <= BYTES, seen.sizes
    named, imported = needed(fresh)
    assert imported <= named  # nothing waits for another file to be read first
    assert 4 < len(named) <= AT_ONCE, named
    with fresh.expect_response("**/save.js*"), fresh.expect_response("**/send.js*"):
        touch(fresh)  # later: as soon as somebody fills something in
    assert seen.bytes > first
    focused = seen.bytes
    taken = save(fresh, form)
    told = next(it for it in read() if it.form == form and it.people in (0, PEOPLE))
    assert (first, focused, seen.bytes) == pytest.approx((told.first, told.focus, told.saved), NEAR)
    assert taken == told.taps
    assert [at_first, len(seen.asked)] == told.requests
    assert all(url.startswith(site.url) for url in seen.asked)  # and nothing of anybody else


def test_from_scan_to_saved_visitors(site: Site, handset: Callable[..., Page]) -> None:
    page = handset(has_touch=True)
    pair(page, site)
    page.goto(site.poster("OP-01", "visitors", MOMENT))
    assert 2 < save(page, "visitors") <= TAPS
    expect(page.get_by_role("heading", level=1)).to_contain_text("24 bezoekers")
