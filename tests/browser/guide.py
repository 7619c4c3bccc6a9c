"""The guide of the office as a test reads it: each task with what it names, in order."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

NOW = dt.datetime(2026, 11, 9, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
"""When the tasks are done: October can be closed."""

START = dt.date(2026, 9, 1)
PASSWORD = "appel-molen-regen"
DESK = {"width": 1280, "height": 900}

_NAMES = """anchor => {
  const names = []
  let part = document.getElementById(anchor)?.nextElementSibling
  for (; part && part.tagName != 'H3'; part = part.nextElementSibling)
    for (const [, name] of part.textContent.matchAll(/“([^”]+)”/g)) names.push(name)
  return names
}"""
"""What stands between quotes from the heading of a task to the next one."""


def names(page: Page, url: str, anchor: str) -> list[str]:
    """What the guide names in a task, in order."""
    page.goto(f"{url}/uitleg#kantoor")
    found: list[str] = page.evaluate(_NAMES, anchor)
    assert found, f"the guide has no task {anchor}"
    return found


@dataclass
class Task:
    """One task of the guide: what it names, and how far it was followed."""

    page: Page
    names: list[str]
    said: list[str] = field(default_factory=list)

    def follow(self, name: str) -> str:
        """The next thing that the guide names; it has to be this."""
        expected = self.names.pop(0) if self.names else "nothing more"
        assert name == expected, f"the guide says “{expected}” after {self.said}, not “{name}”"
        self.said.append(name)
        return name

    def link(self, name: str, within: Locator | Page | None = None) -> None:
        """Chooses a link that the guide names."""
        self._choose("link", name, within)

    def button(self, name: str, within: Locator | Page | None = None) -> None:
        """Chooses a button that the guide names."""
        self._choose("button", name, within)

    def menu(self, *names: str) -> None:
        """Chooses one link of the menu after the other."""
        for name in names:
            self.link(name, self.page.locator("nav.office"))

    def field(self, name: str, within: Locator | Page | None = None) -> Locator:
        """The field that the guide names."""
        return (within or self.page).get_by_label(self.follow(name), exact=True)

    def fold(self, name: str) -> None:
        """Opens what is folded under a name."""
        self.page.locator("summary", has_text=re.compile(f"^{self.follow(name)}$")).click()

    def sees(self, name: str) -> None:
        """Checks that a heading or a word on the page is what the guide says."""
        expect(self.page.locator("main")).to_contain_text(self.follow(name))

    def leaves(self, *names: str) -> None:
        """Goes by what the guide names for another case; it has to be on the page."""
        for name in names:
            expect(self.page.locator("main").get_by_text(self.follow(name)).first).to_be_attached()

    def skips(self, *names: str) -> None:
        """Goes by what the guide names for another moment."""
        for name in names:
            self.follow(name)

    def done(self) -> None:
        """Checks that nothing that the guide names was left out."""
        assert self.names == [], f"the guide also names {self.names}"

    def _choose(self, role: Any, name: str, within: Locator | Page | None) -> None:
        named = re.compile(f"^{re.escape(self.follow(name))}(?!\\w)")
        found = (within or self.page).get_by_role(role, name=named)
        found.first.click()
        self.page.wait_for_load_state()  # nothing is taken for there that is of the page before
