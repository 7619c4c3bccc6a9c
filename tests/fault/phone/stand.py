"""A phone, a line that may fail, and the server: what the faults are tried on."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect

from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings, shipped
from fieldapp.web.app import create_app
from tests.browser.conftest import Site
from tests.browser.outbox import KEPT, pair, phone, waiting
from tests.conftest import Clock
from tests.fault.phone.line import Line
from tests.serving import free_port, serving

ROOT = Path(__file__).parents[3]
PARTS = ("Ochtend", "Middag", "Avond")
SAID = re.compile(f"{KEPT}|bezoekers")  # the heading of what was kept here, or there
FIELD = "Hoeveel mensen kwamen er?"
READY = """async () => {
  for (const name of await caches.keys()) {
    if (await (await caches.open(name)).match("/offline.json")) return true;
  }
  return false;
}"""
TIME = 15_000  # ms that a page may take
PATIENCE = 30  # seconds until all should have come in
LESS = 3  # times sooner is it given up where it is to go wrong


@dataclass(frozen=True)
class Off:
    """A protection that is switched off: what a file says instead, or what the server does."""

    what: str
    files: Sequence[tuple[str, str, str]] = ()
    """Of static/: the file, a text in it, and what stands there instead."""
    server: Callable[[pytest.MonkeyPatch], None] | None = None
    mode: str = "plain"
    """How the process of `server.py` is run."""


@dataclass
class Stand:
    """Where one row is tried, with a protection switched off or with all of them."""

    browser: Browser
    folder: Path
    settings: Settings
    store: Store
    workbooks: Mapping[str, Workbook]
    clock: Clock
    patch: pytest.MonkeyPatch
    off: Off | None
    stack: ExitStack = field(default_factory=ExitStack)
    promised: list[str] = field(default_factory=list)
    """The visitors of which the phone said that they are kept."""

    def __enter__(self) -> Stand:
        port = free_port()
        self.url = f"http://localhost:{port}"
        self.settings = replace(self.settings, public_url=self.url)
        self.line = self.stack.enter_context(Line(port))
        self._server = self.stack.enter_context(ExitStack())
        if self.off and self.off.server:
            self.off.server(self.patch)
        self.scripts()
        self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stack.close()

    @property
    def time(self) -> float:
        """How many milliseconds a page may take."""
        return TIME / LESS if self.off else TIME

    @property
    def site(self) -> Site:
        """What the helpers of other tests ask for."""
        return Site(self.url, self.settings, self.store)

    def scripts(self, *changes: tuple[str, str, str]) -> None:
        """Has the next server serve static/ with these changes."""
        changes += tuple(self.off.files) if self.off else ()
        folder = self.folder / f"static{len(list(self.folder.glob('static*')))}"
        shutil.copytree(shipped("static"), folder)
        for name, old, new in changes:
            text = (folder / name).read_text()
            assert text.count(old) == 1, f"{name} has changed: what is to be switched off?\n{old}"
            (folder / name).write_text(text.replace(old, new))
        self._static = folder
        self.patch.setattr(
            "fieldapp.web.app.shipped", lambda name: folder if name == "static" else shipped(name)
        )

    def start(self, **given: Any) -> Flask:
        """The server, or another one in its place."""
        self._server.close()
        port = free_port()
        store = given.pop("store", self.store)
        app = create_app(self.settings, store, self.workbooks, self.clock, **given)
        self._server.enter_context(serving(app, port))
        self.line.server = port
        return app

    def process(self) -> int:
        """The server as a process of its own, in the place of what served before; its id."""
        self._server.close()
        port = free_port()
        mode = self.off.mode if self.off else "plain"
        words = (self.settings.data, self._static, self.url, port, mode)
        module = [sys.executable, "-m", "tests.fault.phone.server", *map(str, words)]
        child = subprocess.Popen(module, cwd=ROOT, stdout=subprocess.DEVNULL)
        self._server.callback(child.wait)
        self._server.callback(child.kill)
        for _ in range(600):  # on a busy machine it takes its time
            assert child.poll() is None, "the server ended"
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                self.line.server = port
                return child.pid
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def handset(
        self, profile: str = "", *, worker: bool = False, paired: bool = True, **options: Any
    ) -> Page:
        """A page of a phone of OP-01; with a profile its store outlives a kill."""
        asked = {
            "viewport": {"width": 390, "height": 844},
            "locale": "nl-NL",
            "timezone_id": "Europe/Amsterdam",
            "service_workers": "allow" if worker else "block",
        } | options
        page = self._page(profile, asked)
        if paired:
            pair(page, self.site, at=self.clock.now)
        if paired and profile:
            page.context.close()  # else its cookie is on the disk after half a minute only
            page = self._page(profile, asked)
            page.goto(self.url)
        if worker and paired:
            soon(page, lambda: page.evaluate(READY), "the pages are kept ready")
        return page

    def _page(self, profile: str, asked: Mapping[str, Any]) -> Page:
        if profile:
            held = phone(self.browser, self.folder / profile, **asked)
            context = self.stack.enter_context(held)
        else:
            context = self.browser.new_context(**asked)
            self.stack.callback(context.close)
        context.set_default_timeout(TIME)
        return context.new_page()

    def numbers(self) -> list[str]:
        """The visitors that the server has, of every record."""
        with self.store.read() as connection:
            found = connection.execute("SELECT visitors FROM form_visitors")
            return [str(number) for (number,) in found]

    def fill(self, page: Page, number: str, nth: int = 0) -> None:
        """Opens the form of visitors for a moment of its own and fills it in."""
        day = self.clock.now.date() - dt.timedelta(days=nth // len(PARTS))
        visit(page, f"{self.url}/form/visitors?date={day}")
        expect(page.get_by_label(FIELD)).to_be_visible(timeout=self.time)
        page.get_by_label(PARTS[nth % len(PARTS)]).check()
        page.get_by_label(FIELD).fill(number)

    def save(self, page: Page, number: str) -> None:
        """Presses the button, and hears that it is kept."""
        press(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text(SAID, timeout=self.time)
        self.promised.append(number)

    def log(self, page: Page, number: str, nth: int = 0) -> None:
        """One record, from opening the form until it is kept."""
        self.fill(page, number, nth)
        self.save(page, number)

    def arrived(self, page: Page) -> None:
        """All that the phone promised comes in, once, whole, and the phone knows it."""
        visit(page, f"{self.url}/uitleg")
        seconds = PATIENCE / LESS if self.off else PATIENCE
        soon(page, lambda: not waiting(page), "nothing waits on the phone", seconds)
        self.whole()

    def whole(self) -> None:
        """What was promised is stored once each, nothing else is, and the instance is sound."""
        stored = sorted(self.numbers())
        assert stored == sorted(self.promised), (stored, self.promised)
        with self.store.read() as connection:
            ids = _ids(connection, "SELECT _id FROM form_visitors")
            noted = _ids(
                connection, "SELECT row FROM journal WHERE action='add' AND object='visitors'"
            )
            assert sorted(noted) == sorted(ids)
            assert self.store.journal.broken(connection) is None
        assert self.store.database.unsound() == []


def _ids(connection: sqlite3.Connection, sql: str) -> list[str]:
    return [row[0] for row in connection.execute(sql)]


def visit(page: Page, url: str) -> None:
    """Goes to a page, also when this one goes to what it just sent."""
    for _ in range(3):
        with suppress(Error):
            page.goto(url)
            return
        page.wait_for_timeout(500)
    page.goto(url)


def press(page: Page) -> None:
    """Presses the button of the form."""
    page.get_by_role("button", name="Bewaar", exact=True).click()


def soon(page: Page, fits: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Waits until something is so."""
    for _ in range(int(seconds * 5)):
        with suppress(Error):  # the page went on to another while it was asked
            if fits():
                return
        page.wait_for_timeout(200)
    raise AssertionError(f"not so: {what}")
