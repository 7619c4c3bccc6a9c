"""Somebody of the office brings a workbook: the mistakes, the outcome, and what then came in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, signed_in
from tests.browser.pages import DARK, look, look_here
from tests.browser.taps import go
from tests.conftest import Clerk
from tests.web.workbooks import DAYS, workbook

DAY = dt.date(2024, 10, 1)


@pytest.mark.parametrize("scheme", ["light", DARK])
def test_an_old_year_is_entered_from_a_workbook(
    site: Site,
    handset: Callable[..., Page],
    clerk: Clerk,
    send: Any,
    tmp_path: Path,
    scheme: str,
) -> None:
    send("OP-01", "visitors", {"date": "2024-10-01", "daypart": "morning", "visitors": "20"})
    page = handset(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    signed_in(site, page, clerk)
    assert look(page, f"{site.url}/office/import") == []
    with page.expect_download() as template:
        page.get_by_role("link", name=re.compile("Download ?: Bezoekers")).click()
    assert template.value.suggested_filename == "visitors.xlsx"
    page.get_by_role("link", name="Bezoekers", exact=True).click()

    file = tmp_path / "bezoekers 2024.xlsx"
    rows: list[Any] = [("OP-01", DAY, "Ochtend", 24), ("OP-02", DAY, "nacht", "veel")]
    file.write_bytes(workbook(DAYS, *rows, *[(f"ZZ-{n}", DAY, "Avond", 1) for n in range(99)]))
    hand_in(page, file)
    expect(page.locator(".alert")).to_contain_text("Er is niets ingevoerd.")
    expect(page.locator("table.faults")).to_contain_text("En nog 88 keer zoiets.")
    assert wider(page) <= 0
    assert look_here(page) == []

    rows[1] = ("OP-02", DAY, "Avond", 7)
    file.write_bytes(workbook(DAYS, *rows))
    hand_in(page, file)
    expect(page.locator(".outcome")).to_contain_text("Erbij: 1")
    expect(page.locator("table", has_text="Wat er verandert")).to_contain_text("24")
    assert wider(page) <= 0
    assert look_here(page) == []
    go(page.get_by_role("button", name="Voer alles in"))
    expect(page.get_by_role("status")).to_have_text("bezoekers 2024.xlsx is ingevoerd.")
    assert wider(page) <= 0
    assert look_here(page) == []
    with site.store.read() as connection:
        kept = connection.execute("SELECT visitors FROM form_visitors ORDER BY 1").fetchall()
    assert [row[0] for row in kept] == [7, 24]


def hand_in(page: Page, file: Path) -> None:
    page.get_by_label("Ingevuld bestand").set_input_files(file)
    go(page.get_by_role("button", name="Kijk na"))


def wider(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
