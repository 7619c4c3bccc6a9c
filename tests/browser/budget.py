"""What a form costs a phone with nothing in store: what it fetches, how long, and how many taps."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Page

BYTES = 20_000
"""What a first visit may weigh: page, style, scripts, icons, and the outbox; headers apart."""
AT_ONCE = 6
"""How many files a browser fetches at a time: what a form needs to work fits in one go."""
SECONDS = 1.5
"""Until a form can be used, on a slow line."""
TAPS = 4
"""From the scan to the saved visitors; typing the number is one."""

SLOW = {
    "offline": False,
    "latency": 400,  # ms, a round trip
    "downloadThroughput": 400_000 / 8,  # bytes a second
    "uploadThroughput": 400_000 / 8,
}

# Scripts of a page ran before the first of these two; what the form's own asks for is the other.
WORKS = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const rules = performance.getEntriesByType("resource")
    .find(({ name }) => name.includes("/expression.js"));
  return Math.max(page.domContentLoadedEventEnd, rules.responseEnd);
}"""
NAMED = """() => [...document.querySelectorAll(
  "link[rel=stylesheet], link[rel=modulepreload], script[src]:not([async])")]
  .map((it) => it.href || it.src)"""
COUNT = """addEventListener("pointerdown", () =>
  (sessionStorage.taps = Number(sessionStorage.taps || 0) + 1), true)"""


@dataclass(frozen=True)
class Daily:
    """A form of every day: where it is asked, and the least that is filled in, in order."""

    place: str
    fills: Sequence[tuple[str, str]]
    """What is tapped, and what is typed there or picked from a list; nothing for a tap alone."""


_WHO = (".pick .choice", "")
_HOURS = ("#q-hours", "3")
DAILY: Mapping[str, Daily] = {
    "opening": Daily("OP-01", [("[name=open][value=yes]", "")]),
    "visitors": Daily("OP-01", [("#q-visitors", "24")]),
    "volunteer_hours": Daily("OP-01", [_WHO, _HOURS]),
    "attendance": Daily("WB-01", [("select#q-task", "green"), _WHO, _HOURS]),
    "person_new": Daily(
        "OP-01",
        [("[name=known_elsewhere][value=no]", ""), ("#q-call_name", "Zus"), ("#q-informed", "")],
    ),
}


@dataclass(frozen=True)
class Visit:
    """A first visit until it is quiet, and when the form could be used: its scripts had run."""

    sizes: dict[str, int]
    seconds: float
    asked: list[str] = field(default_factory=list)
    """The address of every request that was answered up to now."""

    @property
    def bytes(self) -> int:
        """Everything over the line up to now, compressed."""
        return sum(self.sizes.values())


def visit(page: Page, url: str, *, slow: bool = False) -> Visit:
    """Opens `url` in a page that has nothing in store yet; goes on counting what comes later."""
    sizes: dict[str, int] = {}
    asked: list[str] = []
    page.on(
        "response",
        lambda it: sizes.update({it.url: int(it.headers.get("content-length", "0"))}),
    )
    page.on("response", lambda it: asked.append(it.url))
    if slow:
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
    page.goto(url, wait_until="networkidle")
    works: float = page.evaluate(WORKS)
    return Visit(sizes, works / 1000, asked)


def needed(page: Page) -> tuple[set[str], set[str]]:
    """The files that the open page names, and those that its scripts cannot do without."""
    named: set[str] = set(page.evaluate(NAMED))
    scripts = {url: page.request.get(url).text() for url in named if ".js?" in url}
    imported = {
        f"{url.rpartition('/')[0]}/{name}"
        for url, text in scripts.items()
        for name in re.findall(r'from ?"\./([^"]+)"', text)
    }
    return named, imported


def touch(page: Page) -> None:
    """Goes to the first field of the form, and waits until what that needs has come."""
    page.locator("form[data-outbox] input:not([type=hidden])").first.focus()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)


def save(page: Page, form: str) -> int:
    """Fills in the open form and saves it: how many taps that took, with the scan before it.

    Typing something is one tap, and so is what is picked from a list that opened.
    """
    page.evaluate(COUNT)
    taps = 1
    for where, what in DAILY[form].fills:
        field = page.locator(where).first
        if where.startswith("select"):
            field.select_option(what)
            taps += 2
            continue
        field.tap()
        if what:
            page.keyboard.type(what)
            taps += 1
    page.locator("form[data-outbox] .actions .button").tap()
    page.wait_for_url("**/saved**")
    page.wait_for_load_state("networkidle")
    return taps + int(page.evaluate("sessionStorage.taps"))


def kept_ready(page: Page) -> int:
    """Bytes of everything that a phone keeps for when there is no signal, fetched once."""
    base = re.sub(r"(//[^/]+).*", r"\1", page.url)
    worker = page.request.get(f"{base}/sw.js")
    told = json.loads(worker.text().partition("const ready = ")[2].partition(";\n")[0])
    pages = page.request.get(f"{base}/offline.json").json()["pages"]
    found = [page.request.get(base + path) for path in (*told["assets"], *told["always"], *pages)]
    return sum(int(it.headers["content-length"]) for it in (worker, *found))
