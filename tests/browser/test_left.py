"""What a phone that was cut off still holds: every file of the browser is searched for a name."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from fieldapp.keep.phone import revoke
from tests.browser.conftest import Site
from tests.browser.outbox import (
    drafted,
    kept_here,
    phone,
    reachable,
    save,
    unreachable,
    wait_until,
    waiting,
)
from tests.conftest import MOMENT, Send

# Of letters that follow each other nowhere: where a file is pressed together they still stand so.
NAME = "Qzjxwvkq"
MARKS = tuple(NAME.encode(coding) for coding in ("utf-8", "utf-16-le"))
GZIP = re.compile(rb"\x1f\x8b\x08")
BASES = "indexedDB.databases().then((all) => all.length)"
NAMED = """async () => {
  let found = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      found += (await (await cache.match(url)).text()).includes("NAME");
    }
  }
  return found;
}""".replace("NAME", NAME)


def holding(profile: Path) -> list[str]:
    """The files of a browser that hold the name, as it is or pressed together."""
    files = sorted(it for it in profile.rglob("*") if it.is_file() and not it.is_symlink())
    return [
        file.relative_to(profile).as_posix()
        for file in files
        if any(mark in text for text in texts(file.read_bytes()) for mark in MARKS)
    ]


def texts(content: bytes) -> Iterator[bytes]:
    """A file's bytes, and those of all that was pressed together in it."""
    yield content
    for found in GZIP.finditer(content):
        try:
            yield zlib.decompressobj(31).decompress(content[found.start() :])
        except zlib.error:
            continue  # three bytes that happen to look like it


def enter(page: Page, site: Site) -> None:
    """Pairs the phone as its owner does; the worker then has every page with a name ready."""
    page.goto(f"{site.url}/pair#{site.letter('OP-01', MOMENT)}")
    page.get_by_label("Wat is uw roepnaam?").fill("Ria")
    page.get_by_role("button", name="Ja, koppel deze telefoon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vandaag")
    wait_until(page, lambda: page.evaluate(NAMED) > 2)


def look_around(page: Page, site: Site, code: str) -> None:
    """Opens all that tells of people, and fills in what may hold a name."""
    for path in ("/people", "/people/same", "/records", "/form/volunteer_hours"):
        page.goto(f"{site.url}{path}")
        assert NAME in page.content(), path
        assert NAME not in page.title(), path  # a browser keeps titles, of us or not
    page.goto(f"{site.url}/P/{code}")
    assert NAME in page.content()
    assert NAME not in page.title()
    page.goto(f"{site.url}/people/add")
    page.get_by_role("textbox").fill(f"{NAME} drie")
    page.goto(f"{site.url}/uitleg")  # the field stands in the history of the tab, as it was
    page.goto(f"{site.url}/people/add")
    page.get_by_role("textbox").fill(f"{NAME} zes")
    page.get_by_role("button", name="Verder").click()
    expect(page.locator(".summary, .field-error, [role=alert]").first).to_be_visible()
    page.wait_for_load_state()  # its script has the browser forget what was sent
    page.goto(f"{site.url}/uitleg")  # and so does what was sent


def add(page: Page, site: Site, name: str) -> None:
    """Fills in somebody new, up to the button."""
    page.goto(f"{site.url}/form/person_new")
    page.get_by_label("Vrijwilliger").check()
    page.get_by_label("Nee", exact=True).first.check()
    page.get_by_label("Roepnaam").fill(name)
    page.get_by_label("Ik heb verteld").check()


def cut_off(site: Site) -> None:
    with site.store.write("test", MOMENT) as write:
        for (number,) in write.connection.execute("SELECT id FROM phone").fetchall():
            revoke(write, number)


def test_of_a_phone_that_was_cut_off_no_name_is_left(
    site: Site, browser: Browser, send: Send, tmp_path: Path
) -> None:
    person = {"role": "volunteer", "known_elsewhere": "no", "started": "2026-11-02"}
    send("OP-01", "person_new", person | {"call_name": NAME, "informed": "OK"})
    guest = person | {"role": "participant", "labour_distance": "yes", "call_name": f"{NAME} b"}
    row = send("OP-01", "person_new", guest | {"informed": "OK"}).id
    with site.store.read() as connection:
        asked = connection.execute("SELECT person FROM form_person_new WHERE _id = ?", (row,))
        (code,) = asked.fetchone()
    profile = tmp_path / "profile"
    with phone(browser, profile) as context:
        page = context.new_page()
        enter(page, site)
        look_around(page, site, code)
        unreachable(page)
        add(page, site, f"{NAME} vier")
        save(page)
        kept_here(page)
        reachable(page)
        page.goto(f"{site.url}/unsent")
        wait_until(page, lambda: not waiting(page))
        add(page, site, f"{NAME} vijf")
        save(page)
        page.wait_for_url("**/saved")
        assert NAME not in page.title()
        add(page, site, f"{NAME} twee")
        drafted(page, call_name=f"{NAME} twee")
    before = " ".join(holding(profile))
    assert "IndexedDB" in before and "CacheStorage" in before
    with phone(browser, profile) as context:
        page = context.new_page()
        page.goto(f"{site.url}/form/person_new")
        expect(page.get_by_label("Roepnaam")).to_have_value(f"{NAME} twee")
        cut_off(site)
        page.goto(site.url)
        wait_until(page, lambda: page.evaluate(BASES) == 0)
        page.wait_for_timeout(500)
    assert holding(profile) == []
