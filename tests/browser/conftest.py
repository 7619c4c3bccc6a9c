"""A real Chromium for the tests of what runs in the page."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from fieldapp.keep.phone import ON_LETTER, make_pairing, poster_code
from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from fieldapp.web.app import create_app
from tests.serving import QUIET, free_port, serving

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; each test opens its own context."""
    if not CHROMIUM:
        pytest.fail("There is no browser to test with: install chromium or google-chrome.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


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
