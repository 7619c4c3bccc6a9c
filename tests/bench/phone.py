"""What a form costs a phone: bytes, time on a slow line, and taps, in a real Chromium."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from fieldapp.keep import phone
from fieldapp.keep.store import Store
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings
from fieldapp.web.access import PHONE_COOKIE
from fieldapp.web.app import create_app
from tests.browser.budget import BYTES, SECONDS, TAPS, taps, visit
from tests.chromium import CHROMIUM
from tests.serving import QUIET, free_port, serving

ROUNDS = 3
DAILY = {
    "opening": "OP-01",
    "visitors": "OP-01",
    "volunteer_hours": "OP-01",
    "attendance": "WB-01",
    "person_new": "OP-01",
}
OTHERS = (
    "| Enketo, JavaScript alone (measured before building) | 266.0 kB | | |",
    "| ODK Web Forms (measured before building) | 1250.0 kB | | |",
)


def costs(store: Store, settings: Settings, now: dt.datetime) -> Iterator[str]:
    """The lines of the table: each daily form, then what others weigh."""
    yield f"\nA first visit; the time on 400 kbit/s with 400 ms a round trip, {ROUNDS} rounds\n"
    yield "| form | over the line | seconds until it works | taps from scan to saved |"
    yield "| --- | --- | --- | --- |"
    port = free_port()
    own = replace(settings, public_url=f"http://localhost:{port}")
    app = create_app(own, store, load_workbooks(own.exports), lambda: now)
    with serving(app, port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for form, place in DAILY.items():
            cookie = _paired(store, own, place, now)
            yield _line(browser, own, form, cookie)
        with store.write("bench", now) as write:
            poster = phone.poster_code(write, "OP-01", "visitors")
        page = _phone(browser, _paired(store, own, "OP-01", now))
        counted = taps(page, f"{own.public_url}/Q/{poster}")
        yield f"| scan a poster, save the visitors | | | {counted} |"
        browser.close()
    yield f"| at most | {BYTES / 1000:.1f} kB | {SECONDS} | {TAPS} |"
    yield from OTHERS


def _line(browser: Browser, settings: Settings, form: str, cookie: Any) -> str:
    visits = []
    for _ in range(ROUNDS):
        page = _phone(browser, cookie)
        visits.append(visit(page, f"{settings.public_url}/form/{form}", slow=True))
        page.context.close()
    seconds = [each.seconds for each in visits]
    middle = f"{statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"
    return f"| {form} | {visits[-1].bytes / 1000:.1f} kB | {middle} | |"


def _phone(browser: Browser, cookie: Any) -> Page:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="nl-NL", has_touch=True
    )
    context.add_cookies([cookie])
    return context.new_page()


def _paired(store: Store, settings: Settings, place: str, now: dt.datetime) -> Any:
    with store.write("bench", now) as write:
        token, _ = phone.make_pairing(write, place, phone.ON_LETTER)
        cookie, _ = phone.pair(store, write, token, "Bench", None)
    address = settings.public_url.replace("http", "https")
    return {
        "name": PHONE_COOKIE, "value": str(cookie), "url": address, "secure": True,
        "httpOnly": True, "sameSite": "Lax", "expires": time.time() + 86_400,
    }  # fmt: skip
