"""A real Chromium for the tests of what runs in the page."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
)

from fieldapp.ask.question import Form
from fieldapp.demo.fill import SEED, fill
from fieldapp.keep import account
from fieldapp.keep.phone import ON_LETTER, make_pairing, poster_code
from fieldapp.keep.store import Store, open_store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from fieldapp.web.app import create_app
from tests.browser.guide import DESK, NOW, PASSWORD, START, Task, names
from tests.browser.outbox import pair
from tests.conftest import MOMENT, Clerk
from tests.serving import free_port, serving


@dataclass(frozen=True)
class Site:
    """The application of the small world, served on loopback."""

    url: str
    settings: Settings
    store: Store

    def letter(self, place: str, at: dt.datetime) -> str:
        """A pairing token for a place, as a letter has it."""
        with self.store.write("test", at) as write:
            return make_pairing(write, place, ON_LETTER)[0]

    def poster(self, place: str, form: str, at: dt.datetime) -> str:
        """The address on a poster."""
        with self.store.write("test", at) as write:
            return f"{self.url}/Q/{poster_code(write, place, form)}"


@pytest.fixture
def site(
    settings: Settings,
    small: Store,
    workbooks: Mapping[str, Workbook],
    clock: Callable[[], dt.datetime],
) -> Iterator[Site]:
    """The real server in a thread, with the clock of the test."""
    port = free_port()
    own = replace(settings, public_url=f"http://localhost:{port}")
    with serving(create_app(own, small, workbooks, clock), port):
        yield Site(own.public_url, own, small)


@pytest.fixture
def handset(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages at phone width; what goes wrong in a page's script fails the test."""
    contexts: list[BrowserContext] = []
    mistakes: list[str] = []

    def opened(**options: Any) -> Page:
        asked = {"viewport": {"width": 390, "height": 844}, "locale": "nl-NL"} | options
        context = browser.new_context(**asked)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda said: _note(said, mistakes))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert mistakes == []


def _note(said: ConsoleMessage, mistakes: list[str]) -> None:
    """Keeps what the console complains of; an answer of 422 is not the page's mistake."""
    if said.type == "error" and "422" not in said.text:
        mistakes.append(said.text)


def signed_in(site: Site, page: Page, clerk: Clerk) -> Page:
    """The page of somebody of the office."""
    page.goto(f"{site.url}/office/signin")
    page.locator("[name=name]").fill(clerk.name)
    page.locator("[name=password]").fill(clerk.password)
    page.locator("[name=code]").fill(clerk.code(MOMENT))
    page.locator("main form button").first.click()
    page.wait_for_url(f"{site.url}/office/")
    return page


@pytest.fixture(
    params=[
        pytest.param(("nl-NL", "light"), id="nl-NL-light"),
        pytest.param(("en-GB", "dark"), id="en-GB-dark", marks=pytest.mark.long),
    ]
)
def narrow_office(
    request: pytest.FixtureRequest, site: Site, handset: Callable[..., Page], clerk: Clerk
) -> Page:
    """The office on the narrowest screen: in Dutch by day, in English by night."""
    language, scheme = request.param
    page = handset(viewport={"width": 320, "height": 640}, locale=language, color_scheme=scheme)
    return signed_in(site, page, clerk)


@pytest.fixture
def handy(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone paired to OP-01, without a worker: its pages come from the server."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="nl-NL", service_workers="block"
    )
    page = context.new_page()
    pair(page, site)
    yield page
    context.close()


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]) -> Path:
    """An example of ten weeks, with somebody of the office."""
    folder = tmp_path_factory.mktemp("lived") / "data"
    store = open_store(folder, forms, lambda: NOW, make=True)
    seeded = replace(store, chance=Random(SEED))  # noqa: S311
    fill(seeded, Settings(data=folder), NOW.date(), START)
    with store.write("test", NOW) as write:
        made = account.add(store, write, "Noor", PASSWORD)
    (folder.parent / "secret").write_text(made.totp_secret)
    store.close()
    return folder


@pytest.fixture
def filled(
    lived: Path, tmp_path: Path, forms: Mapping[str, Form], workbooks: Mapping[str, Workbook]
) -> Iterator[Site]:
    """The example, served; what a test does to it stays its own."""
    port = free_port()
    settings = Settings(data=tmp_path / "data", public_url=f"http://localhost:{port}")
    shutil.copytree(lived, settings.data)
    store = open_store(settings.data, forms, lambda: NOW)
    with serving(create_app(settings, store, workbooks, lambda: NOW), port):
        yield Site(settings.public_url, settings, store)
    store.close()


@pytest.fixture
def task(filled: Site, lived: Path, handset: Callable[..., Page]) -> Callable[[str], Task]:
    """Reads a task in the guide and begins at the first page of the office, signed in."""
    clerk = Clerk(
        account.Account(1, "Noor", "office"), PASSWORD, (lived.parent / "secret").read_text()
    )

    def begun(anchor: str) -> Task:
        page = handset(viewport=DESK)
        page.set_default_timeout(120_000)  # closing a month makes its workbook
        named = names(page, filled.url, anchor)
        page.goto(f"{filled.url}/office/")
        page.get_by_label("Naam").fill(clerk.name)
        page.get_by_label("Wachtwoord").fill(clerk.password)
        page.get_by_label("Code uit uw app").fill(clerk.code(NOW))
        page.get_by_role("button", name="Inloggen", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Overzicht")
        return Task(page, named)

    return begun
