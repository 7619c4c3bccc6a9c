"""What the tests of the outbox share: a phone with a store of its own, and looks into it."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from fieldapp.keep.phone import ON_LETTER, make_pairing
from fieldapp.keep.phone import pair as paired
from fieldapp.web.access import PHONE_COOKIE
from tests.chromium import CHROMIUM
from tests.conftest import MOMENT
from tests.serving import QUIET

if TYPE_CHECKING:
    from tests.browser.conftest import Site

KEPT = "Bewaard op deze telefoon"
STORED = """async (name) => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("fieldapp");
    asked.onsuccess = () => done(asked.result);
  });
  const all = base.transaction(name).objectStore(name).getAll();
  const found = await new Promise((done) => (all.onsuccess = () => done(all.result)));
  base.close();
  return found;
}"""


@contextmanager
def phone(browser: Browser, profile: Path, **options: Any) -> Iterator[BrowserContext]:
    """A browser with a profile that outlives it."""
    asked = {"viewport": {"width": 390, "height": 844}, "locale": "nl-NL"} | options
    context = browser.browser_type.launch_persistent_context(
        str(profile), executable_path=CHROMIUM, args=QUIET, **asked
    )
    try:
        yield context
    finally:
        with suppress(Error):  # it was killed
            context.close()


def kill(profile: Path) -> None:
    """Ends the browser of a profile as an empty battery does."""
    mark = f"--user-data-dir={profile}"
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if mark in words and "--type=" not in " ".join(words):
            os.kill(int(folder.name), signal.SIGKILL)


def pair(page: Page, site: Site, place: str = "OP-01", at: dt.datetime = MOMENT) -> None:
    """Pairs the phone to a place, and to no other."""
    with site.store.write("test", at) as write:
        token, _ = make_pairing(write, place, ON_LETTER)
        cookie, _ = paired(site.store, write, token, "Ria", None)
    page.context.add_cookies(
        [{"name": PHONE_COOKIE, "value": str(cookie), "url": site.url.replace("http", "https"),
          "secure": True, "httpOnly": True, "sameSite": "Lax", "expires": time.time() + 86_400}]
    )  # fmt: skip
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vandaag")


def count(page: Page, site: Site, number: str, daypart: str = "Ochtend") -> None:
    """Opens the form of visitors and fills it in."""
    page.goto(f"{site.url}/form/visitors")
    page.get_by_label(daypart).check()
    page.get_by_label("Hoeveel mensen kwamen er?").fill(number)


def save(page: Page) -> None:
    """Presses the button."""
    page.get_by_role("button", name="Bewaar", exact=True).click()


def kept_here(page: Page) -> None:
    """The page says that it is kept on the phone."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(KEPT)


def waiting(page: Page) -> list[dict[str, Any]]:
    """Every record in the phone's store."""
    found: list[dict[str, Any]] = page.evaluate(STORED, "records")
    return found


def drafted(page: Page, **fields: str) -> None:
    """Waits until the phone's store has a draft that says this."""

    def kept() -> bool:
        drafts = page.evaluate(STORED, "drafts")
        return any(
            all(text in one.get(name, ()) for name, text in fields.items()) for one in drafts
        )

    wait_until(page, kept)


def wait_until(page: Page, fits: Callable[[], bool]) -> None:
    """Waits at most half a minute."""
    for _ in range(300):
        if fits():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come so far")


def rows(site: Site, form: str, *columns: str) -> Sequence[tuple[Any, ...]]:
    """What the server keeps of a form."""
    with site.store.read() as connection:
        found = connection.execute(f"SELECT * FROM form_{form} ORDER BY _received_at")
        return [tuple(row[name] for name in columns) for row in found]


def answering(page: Page, status: int, body: str = "", **headers: str) -> None:
    """Has the door of the outbox answer this, whoever knocks."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    page.context.unroute("**/api/submissions")
    page.context.route(
        "**/api/submissions",
        lambda route: route.fulfill(status=status, body=body, headers=named),
    )


def unreachable(page: Page) -> None:
    """Has nobody answer at the door of the outbox."""
    page.context.unroute("**/api/submissions")
    page.context.route("**/api/submissions", lambda route: route.abort())


def reachable(page: Page) -> None:
    """Has the server answer again."""
    page.context.unroute("**/api/submissions")
