"""The office publishes a form with one more question; a phone is asked it without a restart."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.taps import go
from tests.conftest import Clerk
from tests.web.uploads import one_more


def test_one_more_question_from_file_to_phone(
    site: Site, handset: Callable[..., Page], clerk: Clerk, clock: Any, tmp_path: Path
) -> None:
    phone = handset()
    phone.goto(f"{site.url}/pair#{site.letter('OP-01', clock.now)}")
    phone.get_by_label("Wat is uw roepnaam?").fill("Ria")
    go(phone.get_by_role("button", name="Ja, koppel deze telefoon"))
    phone.goto(f"{site.url}/form/visitors")
    expect(phone.get_by_text("Hoe was de sfeer?")).to_have_count(0)

    file = tmp_path / "bezoekers.md"
    file.write_text(one_more((site.settings.forms / "visitors.md").read_text()))
    desk = handset(viewport={"width": 1280, "height": 860})
    desk.goto(f"{site.url}/office/forms")
    desk.locator("[name=name]").fill(clerk.name)
    desk.locator("[name=password]").fill(clerk.password)
    desk.locator("[name=code]").fill(clerk.code(clock.now))
    desk.get_by_role("button", name="Inloggen").click()
    desk.get_by_label("Welk formulier?").select_option("visitors")
    desk.get_by_label("Bestand").set_input_files(file)
    desk.get_by_role("button", name="Kijk wat er verandert").click()
    expect(desk.get_by_role("row", name="Hoe was de sfeer?")).to_contain_text("Nieuw")
    desk.get_by_role("link", name="English").click()
    expect(desk.get_by_label("How was the mood?")).to_be_visible()
    desk.get_by_role("link", name="Back").click()
    desk.get_by_role("button", name="Publiceer deze versie").click()
    expect(desk.get_by_role("row", name="Bezoekers")).to_contain_text("2026112399")

    phone.get_by_label("Hoeveel mensen kwamen er?").fill("12")  # the page of before still counts
    phone.locator("main form").first.get_by_text("Ochtend").click()
    phone.get_by_role("button", name="Bewaar", exact=True).click()
    expect(phone).to_have_url(re.compile("/saved"))
    phone.goto(f"{site.url}/form/visitors")
    phone.locator("main form").first.get_by_text("Middag").click()
    phone.get_by_label("Hoeveel mensen kwamen er?").fill("14")
    phone.get_by_label("Hoe was de sfeer?").fill("goed")
    phone.get_by_role("button", name="Bewaar", exact=True).click()
    expect(phone).to_have_url(re.compile("/saved"))
    expect(phone.get_by_text("Hoe was de sfeer?")).to_be_visible()
    with site.store.read() as connection:
        found = connection.execute(
            "SELECT visitors, mood FROM form_visitors ORDER BY visitors"
        ).fetchall()
    assert [tuple(row) for row in found] == [(12, None), (14, "goed")]
