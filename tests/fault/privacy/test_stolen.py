"""Row 66: the profile of a stolen phone, after it was revoked and after two weeks of silence."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fieldapp.settings import shipped
from tests.browser import test_left as left
from tests.browser.conftest import Site
from tests.browser.outbox import phone, wait_until
from tests.conftest import Send
from tests.fault.table import Record, Trial, told

WHAT = "stolen phone's profile after revocation, or 14 days without contact"
OWN = r"""async () => {
  let found = 0;
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) {
      found += !/\/(static\/|offline)/.test(url);
    }
  }
  return found;
}"""
Try = Callable[[Site, Browser, Send, Path], None]


def silent(site: Site, browser: Browser, send: Send, folder: Path) -> None:
    """A phone that hears nothing of us for two weeks, and is then opened."""
    person = {"role": "volunteer", "known_elsewhere": "no", "started": "2026-11-02"}
    send("OP-01", "person_new", person | {"call_name": left.NAME, "informed": "OK"})
    profile = folder / "profile"
    with phone(browser, profile) as context:
        page = context.new_page()
        left.enter(page, site)
        context.set_offline(True)
        page.clock.set_fixed_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=13))
        page.goto(f"{site.url}/form/volunteer_hours")
        assert left.NAME in page.content()
        page.clock.set_fixed_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=15))
        page.goto(f"{site.url}/form/visitors")
        wait_until(page, lambda: page.evaluate(OWN) == 0)
        page.wait_for_timeout(500)
    assert left.holding(profile) == []


@dataclass(frozen=True)
class Off:
    """A protection: the script, what it says, and what it then says."""

    what: str
    file: str
    says: str
    instead: str
    trial: Try


REVOKED: Try = left.test_of_a_phone_that_was_cut_off_no_name_is_left
OFFS = [
    Off(
        "kept pages go one by one",
        "gone.js",
        "if (own) await cache.delete(url, { ignoreVary: true });",
        "if (own) continue;",
        REVOKED,
    ),
    Off("files are written anew", "gone.js", "await scrub(some);", "", REVOKED),
    Off("two weeks are counted", "waiting.js", "LONGEST = 14 * DAY", "LONGEST = 999 * DAY", silent),
]


@pytest.mark.long
@pytest.mark.parametrize("trial", [REVOKED, silent], ids=["revoked", "silent"])
def test_no_name_is_left(
    trial: Try, site: Site, browser: Browser, send: Send, tmp_path: Path, record_property: Record
) -> None:
    told(record_property, Trial("66", WHAT, of=len(OFFS)))
    trial(site, browser, send, tmp_path)


@pytest.fixture
def changed(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Off:
    """Has the site serve scripts of which one protects no more."""
    off: Off = request.param
    folder = tmp_path / "static"
    shutil.copytree(shipped("static"), folder)
    text = (folder / off.file).read_text()
    assert text.count(off.says) == 1, f"{off.file} has changed: what is to be switched off?"
    (folder / off.file).write_text(text.replace(off.says, off.instead))
    monkeypatch.setattr(
        "fieldapp.web.app.shipped", lambda name: folder if name == "static" else shipped(name)
    )
    return off


@pytest.mark.long
@pytest.mark.parametrize("changed", OFFS, ids=lambda off: off.what, indirect=True)
def test_without_a_protection_a_name_is_left(
    changed: Off,
    site: Site,
    browser: Browser,
    send: Send,
    tmp_path: Path,
    record_property: Record,
) -> None:
    told(record_property, Trial("66", WHAT, changed.what, len(OFFS)))
    with pytest.raises(AssertionError):
        changed.trial(site, browser, send, tmp_path)
