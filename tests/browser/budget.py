"""A first visit to a form, as a phone with nothing in store makes it: what it fetches and needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
  "link[rel=stylesheet], link[rel=modulepreload], script[src]")].map((it) => it.href || it.src)"""


@dataclass(frozen=True)
class Visit:
    """What a first visit fetched, and when the form could be used: by its script and the outbox."""

    sizes: dict[str, int]
    seconds: float

    @property
    def bytes(self) -> int:
        """Everything over the line, compressed."""
        return sum(self.sizes.values())


def visit(page: Page, url: str, *, slow: bool = False) -> Visit:
    """Opens `url` in a page that has nothing in store yet."""
    sizes: dict[str, int] = {}
    page.on("response", lambda it: sizes.update({it.url: int(it.headers["content-length"])}))
    if slow:
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
    page.goto(url, wait_until="networkidle")
    works: float = page.evaluate(WORKS)
    return Visit(sizes, works / 1000)


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


COUNT = """addEventListener("pointerdown", () =>
  (sessionStorage.taps = Number(sessionStorage.taps || 0) + 1), true)"""


def taps(page: Page, poster: str) -> int:
    """What it takes to save visitors: the scan, each tap, and typing the number as one."""
    page.add_init_script(COUNT)
    page.goto(poster)
    page.locator("#q-visitors").tap()
    page.keyboard.type("24")
    page.locator("form[data-outbox] .actions .button").tap()
    page.wait_for_url("**/saved**")
    scan = typing = 1
    return scan + typing + int(page.evaluate("sessionStorage.taps"))
