"""Somebody who has only a keyboard: goes from stop to stop, sees where that is, and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

MOST_STOPS = 300
_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e == document.body) return null;
  const all = (window.stops ??= []);
  if (!all.includes(e)) all.push(e);
  const shown = e.closest("label.choice") ?? e;
  const clear = /^(transparent|rgba\\(.*, 0\\))$/;
  const ring = [e, shown].map(part => getComputedStyle(part)).some(look =>
    look.outlineStyle != "none" && parseFloat(look.outlineWidth) >= 2
    && !clear.test(look.outlineColor));
  const box = shown.getClientRects()[0] ?? shown.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const faults = [];
  if (!ring) faults.push("no ring that can be seen");
  const middle = (box.top + box.bottom) / 2;  // of a large field that will do
  const [top, bottom] = e.localName == "textarea" ? [middle, middle] : [box.top, box.bottom];
  const outside =
    top < -1 || box.left < -1 || box.right > innerWidth + 1 || bottom > innerHeight + 1;
  const large = box.height > innerHeight;  // a sheet to scroll through
  if (!large && outside) faults.push("outside the screen");
  if (!large && !outside && !shown.contains(hit)) {
    faults.push(`under ${hit?.outerHTML.slice(0, 60)}`);
  }
  const same = e.type == "radio" || e.type == "checkbox"
    ? [...(e.form?.elements ?? [])].filter(each => each.name == e.name && each.type == e.type
        && each.checkVisibility()) : [];
  return {
    stop: all.indexOf(e), what: e.outerHTML.slice(0, 110), faults,
    kind: e.type || e.localName, name: e.name || "", value: e.value ?? "", mode: e.inputMode,
    values: same.map(each => each.value), given: same.filter(each => each.checked).length > 0,
    open: !!e.closest("details")?.open, main: !!e.closest("main"), finder: !!e.closest(".finder"),
    save: e.matches("main form.form button.button:not(.second, [type=button])"),
  };
}"""
_MISSED = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter(e => e.checkVisibility() && e.type != "hidden" && !e.disabled && e.tabIndex >= 0
    && !window.stops.includes(e)
    && !(e.type == "radio" && window.stops.some(each => each.name == e.name)))
  .map(e => e.outerHTML.slice(0, 110))"""

Stop = Mapping[str, Any]

SAY: Mapping[tuple[str, str], str] = {
    ("person_new", "known_elsewhere"): "no",
    ("add", "known_elsewhere"): "no",
    ("volunteer_hours", "nobody"): "",
    ("week", "text"): "",
    ("week", "checkbox"): "",
    ("week", "select-one"): "",
}
"""What is answered where the first choice will not do; "" leaves it as it is. By name or kind."""


@dataclass
class Keys:
    """Somebody with a keyboard: goes from stop to stop and sees where that is."""

    page: Page
    about: str = ""
    """What is filled in: the first name in `SAY`."""
    faults: list[str] = field(default_factory=list)
    stops: int = 0
    times: int = 0

    def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def tab(self, key: str = "Tab") -> Stop | None:
        """Goes to the next stop; None past the end of the page."""
        self.press(key)
        self.stops += 1
        assert self.stops < MOST_STOPS, f"{self.page.url}: no end to it"
        found: Stop | None = self.page.evaluate(_FOCUS)
        if found:
            self.faults += [f"{self.page.url}: {each}: {found['what']}" for each in found["faults"]]
        return found

    def walk(self, *, answer: bool) -> int:
        """From the top to the end of the page; how many stops back the button is that saves."""
        self.stops, since, before = 0, 0, None
        while stop := self.tab():
            if stop["stop"] == before:  # within a date, from the day to the month
                continue
            before, since = stop["stop"], since + 1
            if answer and stop["main"]:
                self.answer(stop)
            elif stop["kind"] == "summary" and not stop["open"]:
                self.press("Space")
            since = 0 if stop["save"] else since
        missed = self.page.evaluate(_MISSED)
        self.faults += [f"{self.page.url}: the keyboard does not come at {each}" for each in missed]
        return since

    def save(self) -> None:
        """Walks through the form and answers it, goes back to its button, and presses that."""
        self.times = 0
        self.walk(answer=True)
        for _ in range(MOST_STOPS):
            stop = self.tab("Shift+Tab")
            if stop and stop["save"]:
                with self.page.expect_navigation():
                    self.press("Enter")
                return
        raise AssertionError("there is no button to save with")

    def to(self, part: str) -> None:
        """Goes on until that part of the page has the focus."""
        for _ in range(MOST_STOPS):
            self.tab()
            if self.page.locator(part).first.evaluate("e => e == document.activeElement"):
                return
        raise AssertionError(f"the keyboard does not come at {part}")

    def answer(self, stop: Stop) -> None:
        """Answers what has the focus, when nothing stands there yet."""
        wanted = SAY.get((self.about, stop["name"]), SAY.get((self.about, stop["kind"])))
        if wanted == "" or stop["name"].endswith("_2"):  # a second block lies after the first
            return
        match stop["kind"]:
            case "radio":
                self._choose(stop, wanted or next(iter(self._chosen(stop)), stop["values"][0]))
            case "checkbox" if not stop["given"]:
                self.press("Space")
            case "summary" if not stop["open"]:
                self.press("Enter")
            case "select-one" if not stop["value"]:
                self.press("ArrowDown")
            case "date" | "time" if not stop["value"]:
                self._moment(stop["kind"])
            case "text" | "search" if stop["finder"]:
                self.page.keyboard.type("ri")
                expect(self.page.locator(".pick .choice:not(.away)")).to_have_count(1)
                self.press("Control+a", "Delete")
            case "text" | "textarea" if not stop["value"]:
                number = stop["mode"] in ("numeric", "decimal")
                self.page.keyboard.type(wanted or ("3" if number else "Noor"))

    def _chosen(self, stop: Stop) -> Sequence[str]:
        found: Sequence[str] = self.page.locator(f"[name='{stop['name']}']:checked").evaluate_all(
            "all => all.map(each => each.value)"
        )
        return found

    def _choose(self, stop: Stop, wanted: str) -> None:
        """Goes round the choices with the arrows until the one that is wanted."""
        for _ in stop["values"]:
            self.press("ArrowDown")
            if list(self._chosen(stop)) == [wanted]:
                return
        raise AssertionError(f"the arrows do not choose {wanted} at {stop['what']}")

    def _moment(self, kind: str) -> None:
        """Types a date, or a later time each time, the way this browser asks for it."""
        self.times += 1
        hour = 7 + self.times % 12
        ways = ("20112026", "11202026")
        if kind == "time":
            ways = (f"{hour:02}15", f"{(hour - 1) % 12 + 1:02}15{'AP'[hour > 11]}")
        for way in ways:
            self.page.keyboard.type(way)
            given = self.page.evaluate("document.activeElement.value")
            if given in (f"{hour:02}:15", "2026-11-20"):
                return
            self.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
        raise AssertionError("no date or time came of what was typed")
