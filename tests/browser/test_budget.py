"""What a form may cost a phone: bytes and files of a first visit, and taps of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from fieldapp.ask.question import Form
from tests.browser.budget import AT_ONCE, BYTES, TAPS, needed, taps, visit
from tests.browser.conftest import Site
from tests.browser.outbox import pair
from tests.conftest import MOMENT

DAILY: Mapping[str, str] = {
    "opening": "OP-01",
    "visitors": "OP-01",
    "volunteer_hours": "OP-01",
    "attendance": "WB-01",
    "person_new": "OP-01",
}
"""The forms of every day, each with a place that is asked it."""


def test_every_daily_form_is_weighed(forms: Mapping[str, Form]) -> None:
    asked = {form.form_id for form in forms.values() if form.expected.startswith("open_")}
    assert asked <= set(DAILY)


@pytest.mark.parametrize("form", DAILY)
def test_a_first_visit_is_light(site: Site, handset: Callable[..., Page], form: str) -> None:
    """Everything, headers apart, with nobody to pick yet; what makes it work comes in one go."""
    before = handset(service_workers="block")
    pair(before, site, DAILY[form])
    fresh = handset(storage_state=before.context.storage_state())
    with fresh.expect_response("**/draft.js*"):
        seen = visit(fresh, f"{site.url}/form/{form}")
    expect(fresh.get_by_role("button", name="Bewaar")).to_be_visible()
    assert 5_000 < seen.bytes <= BYTES, seen.sizes
    named, imported = needed(fresh)
    assert imported <= named  # nothing waits for another file to be read first
    assert 4 < len(named) <= AT_ONCE, named
    with fresh.expect_response("**/send.js*"):  # later: as soon as somebody fills something in
        fresh.locator("form[data-outbox] input:not([type=hidden])").first.focus()


def test_from_scan_to_saved_visitors(site: Site, handset: Callable[..., Page]) -> None:
    page = handset(has_touch=True)
    pair(page, site)
    assert 2 < taps(page, site.poster("OP-01", "visitors", MOMENT)) <= TAPS
    expect(page.get_by_role("heading", level=1)).to_contain_text("24 bezoekers")
