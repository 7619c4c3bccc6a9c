"""Rows 12 to 20: two taps, two tabs, an empty battery, and a phone that keeps nothing."""

from __future__ import annotations

import time
from contextlib import suppress
from random import Random

from playwright.sync_api import Error, Page, expect

from fieldapp.keep import contact
from tests.browser.outbox import kill, pair, waiting
from tests.fault.phone.line import Call, dead, whole
from tests.fault.phone.rows_line import at_door
from tests.fault.phone.stand import FIELD, PARTS, Stand, press, soon, visit

LOOSE = """(() => {
  const plain = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    if (mode === "readwrite" && options?.durability !== "strict") window.loose = true;
    return plain.call(this, names, mode, options);
  };
})()"""
BASES = """(() => {
  const plain = IDBFactory.prototype.open;
  window.bases = [];
  IDBFactory.prototype.open = function (...given) {
    const asked = plain.apply(this, given);
    asked.addEventListener("success", () => window.bases.push(asked.result));
    return asked;
  };
})()"""
CLOSED = "IDBFactory.prototype.open = () => { throw new Error('no'); }"
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"
DRAFTING = """(() => {
  const plain = IDBObjectStore.prototype.delete;
  IDBObjectStore.prototype.delete = function (...given) {
    const asked = plain.apply(this, given);
    if (this.name === "drafts" && self.document) {
      const field = document.querySelector("form [name=visitors]");
      field?.dispatchEvent(new Event("input", { bubbles: true }));
      document.dispatchEvent(new Event("visibilitychange"));
    }
    return asked;
  };
})()"""
BEFORE = "Dit vulde u eerder in."
SAVED = "[data-said=saved], [data-panel]"


def double_tap(stand: Stand) -> None:
    """Row 12."""
    page = stand.handset()
    stand.fill(page, "12")
    page.get_by_role("button", name="Bewaar", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("bezoekers")
    stand.promised.append("12")
    stand.arrived(page)
    page.add_init_script(DRAFTING)
    stand.log(page, "121", 1)
    stand.fill(page, "122", 2)
    page.wait_for_timeout(500)
    assert page.get_by_text(BEFORE).count() == 0, "what was saved comes back as a draft"
    stand.save(page, "122")
    stand.arrived(page)


def two_tabs(stand: Stand) -> None:
    """Row 13: each record is brought once, whichever tab is first."""
    page = stand.handset()
    stand.line.fault = at_door(dead)
    for nth in range(5):
        stand.log(page, str(130 + nth), nth)
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        tab.goto(f"{stand.url}/uitleg")
        expect(tab.locator(".waiting")).to_contain_text("5 nog niet")
    page.wait_for_timeout(500)
    brought: list[bytes] = []

    def fault(call: Call) -> None:
        brought.append(call.body)
        time.sleep(0.3)
        call.pass_on()

    stand.line.fault = at_door(fault)
    for tab in tabs:
        tab.evaluate("dispatchEvent(new Event('online'))")
    for tab in tabs:
        soon(tab, lambda tab=tab: not waiting(tab), "nothing waits")  # type: ignore[misc]
    assert len(brought) == 5
    stand.arrived(page)
    one_draft(stand, *tabs)


def one_draft(stand: Stand, page: Page, other: Page) -> None:
    """Both tabs began with the same draft; what each says of it is kept."""
    stand.line.fault = at_door(whole)
    stand.fill(page, "135", 5)
    page.wait_for_timeout(600)
    other.goto(page.url)
    expect(other.get_by_text(BEFORE)).to_be_visible()
    stand.line.fault = at_door(dead)
    stand.save(page, "135")
    other.get_by_label(PARTS[1]).check()
    other.get_by_label(FIELD).fill("136")
    stand.save(other, "136")
    stand.line.fault = whole
    stand.arrived(page)


def dies(page: Page, stand: Stand, profile: str) -> None:
    """The battery is empty."""
    kill(stand.folder / profile)
    with suppress(Error):
        page.context.close()


def killed_after(stand: Stand) -> None:
    """Row 14: the browser is killed on the word "bewaard"."""
    page = stand.handset("phone")
    page.add_init_script(LOOSE)
    stand.fill(page, "14")
    stand.line.fault = at_door(dead)
    press(page)
    expect(page.locator(SAVED).first).to_be_visible()
    stand.promised.append("14")
    with suppress(Error):  # the page that said so may be on its way to another
        assert not page.evaluate("window.loose"), "kept without being on the disk"
    dies(page, stand, "phone")
    stand.line.fault = whole
    stand.arrived(stand.handset("phone", paired=False))


def killed_before(stand: Stand) -> None:
    """Row 15: the browser is killed before it says anything: the record is whole, or a draft."""
    chance = Random(15)  # noqa: S311
    page = stand.handset("phone")
    for nth in range(4):
        number = str(150 + nth)
        stand.line.fault = at_door(dead)
        stand.fill(page, number, nth)
        page.wait_for_timeout(700)
        if nth:
            page.evaluate("setTimeout(() => document.querySelector('.form').requestSubmit())")
            time.sleep(chance.random() / 15)
        dies(page, stand, "phone")
        page = stand.handset("phone", paired=False)
        visit(page, f"{stand.url}/uitleg")
        kept = [one["answers"]["visitors"] for one in waiting(page)]
        if number in kept:
            stand.promised.append(number)
            continue
        day = stand.clock.now.date()
        page.goto(f"{stand.url}/form/visitors?date={day if nth < 3 else day.replace(day=19)}")
        expect(page.get_by_label(FIELD)).to_have_value(number)
        expect(page.get_by_label(PARTS[nth % 3])).to_be_checked()
        stand.save(page, number)
    stand.line.fault = whole
    stand.arrived(page)


def base_closed(stand: Stand) -> None:
    """Row 16: the connection to the store died while the page slept."""
    page = stand.handset()
    page.add_init_script(BASES)
    stand.fill(page, "16")
    stand.line.fault = at_door(dead)
    page.evaluate("bases.forEach((base) => base.close())")
    stand.save(page, "16")
    stand.line.fault = whole
    stand.arrived(page)


def evicted(stand: Stand) -> None:
    """Row 17: the phone forgets what waits on it; the office sees that one never came."""
    page = stand.handset()
    stand.log(page, "171")
    stand.fill(page, "veel", 1)
    press(page)
    expect(page.locator(".summary")).to_be_visible()
    visit(page, f"{stand.url}/uitleg")
    soon(page, lambda: len(waiting(page)) == 1, "one waits")
    page.wait_for_timeout(500)
    page.goto("about:blank")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": stand.url, "storageTypes": "indexeddb"}
    )
    stand.log(page, "172", 2)
    stand.arrived(page)
    with stand.store.read() as connection:
        found = contact.standings(connection).values()
    assert [(one.missing, one.unsent) for one in found] == [(1, 0)]


def full(stand: Stand) -> None:
    """Row 18: there is no room on the phone."""
    page = stand.handset(paired=False)
    page.context.new_cdp_session(page).send(
        "Storage.overrideQuotaForOrigin", {"origin": stand.url, "quotaSize": 1}
    )
    pair(page, stand.site)
    stand.fill(page, "18")
    not_kept(stand, page, "18")


def private(stand: Stand) -> None:
    """Row 19: the browser lets a page keep nothing."""
    page = stand.handset()
    page.add_init_script(CLOSED)
    stand.fill(page, "19")
    not_kept(stand, page, "19")


def not_kept(stand: Stand, page: Page, number: str) -> None:
    """It is said that nothing is kept, the form stays, and with a connection it is sent."""
    stand.line.fault = at_door(dead)
    press(page)
    expect(page.get_by_role("alert")).to_contain_text("Niet bewaard.", timeout=20_000)
    expect(page.get_by_label(FIELD)).to_have_value(number)
    stand.line.fault = whole
    page.wait_for_timeout(3_100)  # a second tap at once is the same tap
    stand.save(page, number)
    stand.whole()


def plain(stand: Stand) -> None:
    """Row 20: no script; the browser itself sends again what was cut; no worker and no locks."""
    page = stand.handset(java_script_enabled=False)
    stand.fill(page, "201")
    cut: list[bytes] = []

    def fault(call: Call) -> None:
        if call.method == "POST" and not cut:
            cut.append(call.answer())
            return call.cut()
        return call.pass_on()

    stand.line.fault = fault
    with suppress(Error):
        page.get_by_role("button", name="Bewaar", exact=True).click()
    page.wait_for_timeout(500)
    assert cut, "it was sent"
    if "/saved" not in page.url:
        page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("201 bezoekers")
    stand.promised.append("201")
    page = stand.handset()
    page.add_init_script(NO_LOCKS)
    stand.log(page, "202", 1)
    stand.arrived(page)
