"""A form of a month: another month brings its own people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.taps import go
from tests.conftest import MOMENT, Send


def test_another_month_brings_the_list_of_the_month_before_it(
    site: Site, handset: Callable[..., Page], send: Send, clock: Any
) -> None:
    codes = {}
    for name, started in (("Ria", "2026-09-01"), ("Bo", "2026-09-01"), ("Wil", "2026-11-02")):
        raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": name}
        sent = send("OP-01", "person_new", raw | {"started": started, "informed": "OK"})
        with site.store.read() as connection:
            (codes[name],) = connection.execute(
                "SELECT person FROM form_person_new WHERE _id = ?", (sent.id,)
            ).fetchone()
    send("OP-01", "volunteer_month", {"month": "2026-09-01", "allowance": [codes["Ria"]]})
    send("OP-01", "volunteer_month", {"month": "2026-10-01", "allowance": [codes["Bo"]]})
    clock.now = MOMENT + dt.timedelta(days=5)
    page = handset()
    page.goto(f"{site.url}/pair#{site.letter('OP-01', clock.now)}")
    page.get_by_label("Wat is uw roepnaam?").fill("Ria")
    go(page.get_by_role("button", name="Ja, koppel deze telefoon"))
    page.goto(f"{site.url}/form/volunteer_month")
    who = page.get_by_role("group", name="Wie kregen deze maand")
    expect(who.get_by_label("Bo ·")).to_be_checked()
    expect(who.get_by_label("Ria ·")).not_to_be_checked()
    expect(who.get_by_label("Wil ·")).to_be_visible()
    page.get_by_label("Welke maand?").fill("2026-10")
    expect(who.get_by_label("Ria ·")).to_be_checked()
    expect(who.get_by_label("Bo ·")).not_to_be_checked()
    expect(who.get_by_label("Wil ·")).to_be_hidden()  # began in November
