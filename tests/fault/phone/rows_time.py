"""Rows 21 to 28: what changed between the phone and the server since the form was opened."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fieldapp.keep import phone
from fieldapp.keep.phone import revoke
from fieldapp.web import asking, envelope
from fieldapp.web.instance import Instance, instance
from tests.browser.outbox import pair, rows, waiting
from tests.conftest import MOMENT
from tests.fault.phone.line import dead, whole
from tests.fault.phone.rows_line import at_door
from tests.fault.phone.stand import FIELD, TIME, Stand, press, soon, visit

UPDATE = """async () => {
  window.taken = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => (window.taken = true));
  const found = await navigator.serviceWorker.getRegistration();
  await found.update();
}"""
WAITS = "navigator.serviceWorker.getRegistration().then((it) => Boolean(it.waiting))"
VERSIONS = "caches.keys().then((all) => all.join())"
EPOCH = dt.datetime(1970, 1, 1, 0, 0, 3, tzinfo=dt.UTC)
LEAP = dt.datetime(2028, 2, 29, 10, 12, tzinfo=MOMENT.tzinfo)
NIGHT = dt.datetime(2027, 10, 31, 2, 30, tzinfo=MOMENT.tzinfo)


def hangs_on_secret(patch: pytest.MonkeyPatch) -> None:
    """A phone is known as long as the secret is the one that it was first seen with."""
    known: Callable[..., Any] = phone.by_cookie
    first: list[str] = []

    def by_cookie(*given: Any) -> Any:
        secret = instance().store.secrets.session
        first.append(secret)
        return known(*given) if secret == first[0] else None

    patch.setattr(phone, "by_cookie", by_cookie)


def short_lived(patch: pytest.MonkeyPatch) -> None:
    """A phone is forgotten after three weeks of silence."""
    patch.setattr("fieldapp.keep.phone.SILENT", dt.timedelta(days=21))


def other_ids(patch: pytest.MonkeyPatch) -> None:
    """A plain form's id is not looked at."""
    plain: Callable[..., Any] = asking._sent
    patch.setattr(
        asking, "_sent", lambda *given: replace(plain(*given), identity=str(uuid.uuid4()))
    )


def forgets_forms(patch: pytest.MonkeyPatch) -> None:
    """Every record is read as if it was made with the newest form."""
    patch.setattr(Instance, "page_of", lambda app, form_id, version: app.classes[form_id])


def no_old_clocks(patch: pytest.MonkeyPatch) -> None:
    """A moment of before there were phones is no moment."""
    patch.setattr(envelope, "_YEARS", range(1990, 2200))


def month_old(stand: Stand) -> None:
    """Row 21: a page that stood open for thirty days, with a script and without."""
    page, bare = stand.handset(), stand.handset(java_script_enabled=False)
    stand.fill(page, "211")
    stand.fill(bare, "212", 1)
    stand.clock.forward(days=30)
    stand.save(page, "211")
    stand.save(bare, "212")
    stand.arrived(page)


def rotated(stand: Stand) -> None:
    """Row 22: the office has other secrets; a plain form comes back as it was typed."""
    page, bare = stand.handset(), stand.handset(java_script_enabled=False)
    stand.fill(page, "221")
    stand.fill(bare, "222", 1)
    secrets = replace(stand.store.secrets, session="5" * 64)
    stand.start(store=replace(stand.store, secrets=secrets))
    stand.save(page, "221")
    press(bare)
    expect(bare.locator("body")).to_contain_text("Deze pagina stond te lang open.")
    expect(bare.get_by_label(FIELD)).to_have_value("222")
    stand.save(bare, "222")
    stand.arrived(page)


def cut_off(stand: Stand) -> Page:
    """A phone that was revoked while a record waits on it, and has been told so."""
    page = stand.handset()
    stand.line.fault = at_door(dead)
    stand.log(page, "23")
    with stand.store.write("test", stand.clock()) as write:
        for (number,) in write.connection.execute("SELECT id FROM phone").fetchall():
            revoke(write, number)
    stand.line.fault = whole
    visit(page, stand.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welkom")
    page.wait_for_timeout(700)
    return page


def revoked(stand: Stand) -> None:
    """Row 23: what waits stays, and flows when the phone is paired to its place again."""
    page = cut_off(stand)
    expect(page.locator(".waiting")).to_contain_text("1 nog niet verzonden")
    pair(page, stand.site)
    stand.arrived(page)


def elsewhere(stand: Stand) -> None:
    """Row 24: paired to another place, it asks first."""
    page = cut_off(stand)
    pair(page, stand.site, "OP-02")
    visit(page, f"{stand.url}/unsent")
    item = page.locator(".unsent > li")
    expect(item).to_contain_text("Dit is van Ontmoetingsplek 1.")
    page.wait_for_timeout(700)  # what does not ask is sent by now
    assert stand.numbers() == []
    mine = item.get_by_role("button", name="Dit hoort bij Ontmoetingsplek 2")
    expect(mine).to_be_visible()
    mine.click()
    soon(page, lambda: not waiting(page), "nothing waits")
    assert rows(stand.site, "visitors", "_place") == [("OP-02",)]
    stand.arrived(page)


def new_form(stand: Stand) -> None:
    """Row 25: the form lost a question after it was opened."""
    page = stand.handset()
    stand.fill(page, "25")
    before = stand.store.forms["visitors"]
    items = tuple(item for item in before.items if getattr(item, "name", "") != "activities")
    assert len(items) == len(before.items) - 1
    after = replace(before, version="another", items=items,
                    steps=tuple(name for name in before.steps if name != "activities"))  # fmt: skip
    store = replace(stand.store, forms={**stand.store.forms, "visitors": after})
    page.get_by_label("Samen eten").check()
    stand.start(store=store, older={("visitors", before.version): before})
    stand.save(page, "25")
    stand.arrived(page)
    assert rows(stand.site, "visitors", "_version") == [(before.version,)]


def new_worker(stand: Stand) -> None:
    """Row 26: another release and the old one again; a form that is half filled in stays."""
    page = stand.handset(worker=True)
    for nth, change in enumerate(([("days.js", "86_400_000", "86_400_001")], [])):
        before = page.evaluate(VERSIONS)
        number = str(260 + nth)
        stand.fill(page, number, nth)
        stand.scripts(*change)
        stand.start()
        page.evaluate(UPDATE)
        soon(page, lambda: page.evaluate(WAITS) or page.evaluate("taken"), "it is there")
        page.wait_for_timeout(500)
        assert not page.evaluate("window.taken"), "took over where a form is half filled in"
        expect(page.get_by_label(FIELD)).to_have_value(number)
        page.context.set_offline(True)
        stand.save(page, number)
        page.context.set_offline(False)
        visit(page, stand.url)
        soon(page, lambda: rested(page), "the one of before may end")
        soon(page, lambda: "," not in page.evaluate(VERSIONS), "what is old is gone")
        assert page.evaluate(VERSIONS) != before, "another took over"
    page.context.set_offline(True)
    stand.log(page, "262", 2)
    page.context.set_offline(False)
    stand.arrived(page)


def rested(page: Page) -> bool:
    """Ends an active worker that another waits for, and whether none waits any more.

    A browser ends a worker that has had nothing to do for half a minute; not one that a debugger,
    by which these tests look at a page, is attached to.
    """
    devtools = page.context.new_cdp_session(page)
    versions: dict[str, str] = {}
    devtools.on("ServiceWorker.workerVersionUpdated", lambda told: versions.update(
        (one["versionId"], one["status"]) for one in told["versions"]))  # fmt: skip
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    for version, status in versions.items():
        if status == "activated" and "installed" in versions.values():
            devtools.send("ServiceWorker.stopWorker", {"versionId": version})
    devtools.detach()
    return not page.evaluate(WAITS)


def poison(stand: Stand) -> None:
    """Row 27: a record that will never do keeps no other waiting, and can be mended."""
    page = stand.handset()
    stand.line.fault = at_door(dead)
    for nth, number in enumerate(("veel", "271", "272")):
        stand.log(page, number, nth)
    stand.promised.remove("veel")
    stand.line.fault = whole
    visit(page, f"{stand.url}/unsent")
    expect(page.locator(".unsent > li")).to_have_count(1, timeout=TIME)
    stand.whole()
    expect(page.locator(".unsent > li")).to_contain_text("Vul een heel getal in")
    page.get_by_role("link", name="Verander").click()
    expect(page.get_by_label(FIELD)).to_have_value("veel")
    page.get_by_label(FIELD).fill("270")
    stand.save(page, "270")
    stand.arrived(page)


def clocks(stand: Stand) -> None:
    """Row 28: a phone two days behind and ahead; a night with 2:30 twice; 29 February."""
    page = stand.handset()
    for nth, days in enumerate((-2, 2)):
        page.clock.set_fixed_time(MOMENT + dt.timedelta(days=days))
        stand.line.fault = at_door(lambda call: call.say(503, "{}", "application/json",
                                                         Retry_After="60"))  # fmt: skip
        stand.log(page, str(280 + nth), nth)
        page.clock.set_fixed_time(MOMENT + dt.timedelta(days=days - 2))
        stand.line.fault = whole
        stand.arrived(page)
    with stand.store.read() as connection:
        (skew,) = connection.execute("SELECT skew FROM outbox").fetchone()
        received = [at for (at,) in connection.execute("SELECT _received_at FROM form_visitors")]
    assert abs(skew) < 100
    assert all(at.startswith("2026-11-20T09:12") for at in received), received
    page = stand.handset()
    page.clock.set_fixed_time(EPOCH)  # the battery was empty
    stand.log(page, "285", 2)
    stand.arrived(page)
    for nth, now in enumerate((NIGHT, NIGHT.replace(fold=1), LEAP)):
        stand.clock.now = now
        page = stand.handset()
        page.clock.set_fixed_time(now)
        stand.log(page, str(282 + nth), nth % 2)
        stand.arrived(page)
    days = sorted(str(day) for (day,) in rows(stand.site, "visitors", "date"))
    assert days[-1] == "2028-02-29", days
