"""The results in a real browser: looked at on a narrow screen, and followed to their records."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from fieldapp.keep.store import Store
from tests.browser.conftest import Site, signed_in
from tests.browser.pages import look, look_here
from tests.browser.taps import go
from tests.conftest import SINCE, WEEK, Clerk, Send


@pytest.fixture
def fourteenth(send: Send, store: Store) -> None:
    """One of the 14, open no longer than before, that helped one person."""
    place = {"code": "OP-14", "name": "Plek veertien", "kind": "meeting_place", "wijk": "moerwijk"}
    send(None, "place", place | {"active_from": SINCE, "cohort_14": "OK"})
    send("OP-14", "schedule", {"valid_from": SINCE} | WEEK)
    baseline = {"place": "OP-14", "valid_from": SINCE, "baseline_hours": "Mo-Fr 09:00-17:00"}
    send(None, "place_facts", baseline | {"coordinators": "2", "coordinators_trained": "1"})
    raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": "Fatima", "informed": "OK"}
    send("OP-14", "person_new", raw | {"started": "2026-10-01"})
    with store.read() as connection:
        code = connection.execute("SELECT code FROM people").fetchone()[0]
    send("OP-14", "step", {"person": code, "step": "coaching_offered", "date": "2026-10-05"})
    send("OP-14", "volunteer_month", {"month": "2026-10-01", "allowance": [code]})
    agreed = {"result_id": "4/1.1.1.b", "value": "1", "source": "convenant"}
    send(None, "target", agreed | {"valid_from": "2024-01-01"})
    send(None, "path", agreed | {"date": "2026-01-01", "value": "0.9"})


def test_everybody_can_see_how_far_we_are(
    site: Site, fourteenth: None, narrow_office: Page
) -> None:
    page = narrow_office
    found = look(page, f"{site.url}/office/results")
    page.locator("section[aria-labelledby=to-go] summary").first.click()
    found += look_here(page)
    for result in ("4-1.1.1.g", "4-1.1.1.b", "4-1.1.3.b", "4-2.5.a", "3-1.1.1"):
        found += look(page, f"{site.url}/office/results/{result}")
    assert found == []


def test_a_gap_leads_to_the_place_and_a_figure_to_its_records(
    site: Site, handset: Callable[..., Page], fourteenth: None, clerk: Clerk
) -> None:
    page = handset()
    signed_in(site, page, clerk)
    page.goto(f"{site.url}/office/results?month=2026-10")
    go(page.get_by_role("link", name="Coördinatoren die zijn opgeleid").first)
    fold = page.get_by_text("Bij 1 plek zijn nog niet alle coördinatoren opgeleid.")
    assert fold.is_visible()
    assert page.get_by_text("Vraagt aandacht").first.is_visible()
    page.locator("details.fold a").click()
    page.wait_for_url(f"{site.url}/office/at/OP-14?month=2026-10")
    page.go_back()
    page.locator("a[href*='form=place_facts&place=OP-14']").click()
    page.wait_for_url(f"{site.url}/office/records?form=place_facts&place=OP-14*")
    assert page.locator("tbody tr").count() == 1
