"""The month on the wall as paper: exactly one A4 for a place, however much it did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.pages import IN_THE_DARK, look
from tests.browser.taps import go
from tests.browser.test_paper import A4, phone, whole
from tests.browser.test_poster import desk, printed
from tests.conftest import MOMENT, Send

__all__ = ["desk", "phone"]  # the office, signed in, and the phone of OP-01

LONG = "Wijkbedrijf De Sterren aan het einde van de Melis Stokelaan"
TASKS = ("green", "litter", "bulky_waste", "repairs", "painting", "squares", "neighbour_help")


@pytest.fixture
def busy(site: Site, send: Send) -> str:
    """A place with all figures, and as many bars as there can be; its code."""
    place = {"code": "WB-07", "name": LONG, "kind": "wijkbedrijf", "wijk": "moerwijk"}
    send(None, "place", place | {"active_from": "2025-01-01"})
    volunteers, participants = (_people(site, send, role) for role in ("volunteer", "participant"))
    for nth, task in enumerate(TASKS):
        date = f"2026-10-{5 + nth:02}"  # Monday to Sunday
        whole_day = {"open": "yes", "open_from": "09:00", "open_until": "17:00"}
        send("WB-07", "opening", {"date": date} | whole_day)
        visits = {"date": date, "daypart": "morning", "visitors": "1800", "activities": ["meal"]}
        send("WB-07", "visitors", visits)
        send("WB-07", "volunteer_hours", {"date": date, "who": volunteers, "hours": "7"})
        done = {"date": date, "daypart": "morning", "task": task, "hours": "8"}
        send("WB-07", "attendance", done | {"who": participants})
    return "WB-07"


def _people(site: Site, send: Send, role: str) -> Sequence[str]:
    codes = []
    for name in ("Amina", "Bo", "Chris", "Dewi", "Emre", "Fatima"):
        raw = {"role": role, "known_elsewhere": "no", "call_name": f"{name} {role[0]}"}
        raw |= {"labour_distance": "yes"} if role == "participant" else {}
        row = send("WB-07", "person_new", raw | {"informed": "OK", "started": "2026-10-01"}).id
        with site.store.read() as connection:
            sql = "SELECT person FROM form_person_new WHERE _id = ?"
            codes.append(str(connection.execute(sql, (row,)).fetchone()[0]))
    return codes


def test_a_month_is_one_a4(
    site: Site, handset: Callable[..., Page], busy: str, tmp_path: Path
) -> None:
    page = handset()
    page.goto(f"{site.url}/pair#{site.letter(busy, MOMENT)}")
    page.locator("#name").fill("Ria")
    go(page.locator("[name=confirm]"))
    go(page.get_by_role("link", name="Uw maand op één A4"))
    assert page.locator(".figures li").count() == 6
    assert page.locator("svg.bars").count() == 2
    assert page.locator("svg.bars").first.locator("rect").count() == 7
    assert printed(page, tmp_path / "month.pdf") == [(A4, [])]
    page.set_viewport_size({"width": 794, "height": 1123})
    assert whole(page) == []


def test_an_empty_month_is_one_a4_too(site: Site, phone: Page, tmp_path: Path) -> None:
    phone.goto(f"{site.url}/month")
    assert printed(phone, tmp_path / "month.pdf") == [(A4, [])]


def test_the_office_prints_every_month_on_its_own_a4(
    site: Site, desk: Page, busy: str, tmp_path: Path
) -> None:
    desk.goto(f"{site.url}/office/month-pages?month=2026-10")
    assert LONG in desk.locator(".sheet").last.inner_text()
    assert whole(desk) == []
    assert printed(desk, tmp_path / "months.pdf") == [(A4, [])] * 5


@pytest.mark.parametrize(("language", "scheme"), [("nl-NL", "light"), IN_THE_DARK])
def test_everybody_can_read_it_on_a_phone(
    site: Site, handset: Callable[..., Page], busy: str, language: str, scheme: str
) -> None:
    narrow = {"width": 320, "height": 640}
    page = handset(viewport=narrow, locale=language, color_scheme=scheme)
    page.goto(f"{site.url}/pair#{site.letter(busy, MOMENT)}")
    page.locator("#name").fill("Ria")
    go(page.locator("[name=confirm]"))
    assert look(page, f"{site.url}/month") == []
    wider = page.evaluate(
        "[...document.querySelectorAll('.sheet *')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML)"
    )
    assert wider == []
