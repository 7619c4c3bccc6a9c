"""What a form costs a phone: bytes, time on a slow line, and taps, in a real Chromium.

`python -m tests.bench.phone` measures, and keeps the figures for the README in figures.json.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from fieldapp.ask.forms import load_forms
from fieldapp.keep import phone
from fieldapp.keep.store import Store, open_store
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings
from fieldapp.web.access import PHONE_COOKIE
from fieldapp.web.app import create_app
from tests.browser.budget import DAILY, kept_ready, save, touch, visit
from tests.browser.crew import LISTS, enlist, gather
from tests.chromium import CHROMIUM
from tests.reference_phone import FIGURES, Cost, table
from tests.serving import QUIET, free_port, serving
from tests.world import MOMENT, found

ROUNDS = 3
MANY = (20, 50, 100)


def costs() -> Iterator[Cost]:
    """Measures each daily form on a small world of its own, with more and more people."""
    with tempfile.TemporaryDirectory() as work:
        port = free_port()
        own = Settings(data=Path(work) / "data", public_url=f"http://localhost:{port}")
        forms = load_forms(own.forms, Path(work) / "cache")
        store = open_store(own.data, forms, lambda: MOMENT, make=True)
        store = dataclasses.replace(store, chance=Random(7))  # noqa: S311
        found(store)
        app = create_app(own, store, load_workbooks(own.exports), lambda: MOMENT)
        with serving(app, port), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for form in DAILY:
                for many in MANY if form in LISTS else (0,):
                    if many:
                        enlist(store, *LISTS[form], many)
                    if form == "attendance" and many == MANY[0]:
                        gather(store, LISTS[form][0])
                    yield _cost(browser, store, own.public_url, form, many)
            browser.close()
        store.close()


def _cost(browser: Browser, store: Store, url: str, form: str, many: int) -> Cost:
    seconds = []
    for _ in range(ROUNDS):
        page = _phone(browser, store, url, form)
        seconds.append(visit(page, f"{url}/form/{form}", slow=True).seconds)
        page.context.close()
    page = _phone(browser, store, url, form)
    seen = visit(page, f"{url}/form/{form}")
    first, at_first = seen.bytes, len(seen.asked)
    touch(page)
    focus = seen.bytes
    taps = save(page, form)
    requests = (at_first, len(seen.asked))
    ready = kept_ready(page)
    page.context.close()
    return Cost(form, many, first, focus, seen.bytes, requests, ready, seconds, taps)


def _phone(browser: Browser, store: Store, url: str, form: str) -> Page:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="nl-NL",
        has_touch=True,
        service_workers="block",  # what the worker fetches is counted apart
    )
    with store.write("bench", MOMENT) as write:
        token, _ = phone.make_pairing(write, DAILY[form].place, phone.ON_LETTER)
        cookie, _ = phone.pair(store, write, token, "Bench", None)
    made: Any = {
        "name": PHONE_COOKIE, "value": str(cookie), "url": url.replace("http", "https"),
        "secure": True, "httpOnly": True, "sameSite": "Lax", "expires": time.time() + 86_400,
    }  # fmt: skip
    context.add_cookies([made])
    return context.new_page()


if __name__ == "__main__":
    measured = list(costs())
    FIGURES.write_text(json.dumps([dataclasses.asdict(it) for it in measured], indent=1) + "\n")
    print(table(measured))
