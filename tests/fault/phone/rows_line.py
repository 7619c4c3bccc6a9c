"""Rows 1 to 11: no signal, no server, somebody else's answers, and none at all."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from collections.abc import Callable
from random import Random

from playwright.sync_api import Page, expect

from tests.browser.outbox import waiting
from tests.fault.phone.line import Call, dead, whole
from tests.fault.phone.stand import FIELD, Off, Stand, press, soon, visit

LINE = ".waiting"
CAME = """() => performance.getEntriesByType("resource").filter(({ name, responseEnd }) =>
  responseEnd && /\\/(save|send|draft|answers)\\.js/.test(name)).length > 3"""
SLOWEST = 120  # seconds
BELIEVES = Off(
    "any answer is a receipt",
    (
        ("send.js", "if (!told || status >= 500 || [408, 425, 429].includes(status)) return again;",
         'if (status) return { state: "sent", told: told || {} };\n  if (!told) return again;'),
    ),
)  # fmt: skip
OTHER_ID = Off(
    "a new id with each try",
    (("send.js", "place, instanceID, answers, changes, sure, made_at, ...about",
      "place, instanceID: identity(), answers, changes, sure, made_at, ...about"),),
)  # fmt: skip


def at_door(then: Callable[[Call], None]) -> Callable[[Call], None]:
    """What becomes of records; the rest of the site works."""
    return lambda call: then(call) if call.knocks else call.pass_on()


def before_opening(stand: Stand) -> None:
    """Row 1."""
    page = stand.handset(worker=True)
    page.context.set_offline(True)
    stand.log(page, "11")
    expect(page.locator(LINE)).to_contain_text("1 nog niet verzonden")
    page.context.set_offline(False)
    stand.arrived(page)


def before_sending(stand: Stand) -> None:
    """Row 2."""
    page = stand.handset()
    stand.fill(page, "12")
    page.wait_for_function(CAME)
    page.context.set_offline(True)
    stand.save(page, "12")
    expect(page.locator(LINE)).to_contain_text("1 nog niet verzonden")
    page.context.set_offline(False)
    stand.arrived(page)
    half_page(stand)


def without(*names: str) -> Callable[[Call], None]:
    """What becomes of these scripts: they do not come."""
    return lambda call: call.cut() if call.path.endswith(names) else call.pass_on()


def half_page(stand: Stand) -> None:
    """A first visit of which not every script came: nothing typed goes, and it can be sent."""
    page = stand.handset()
    half = without("answers.js", "draft.js", "send.js")
    stand.line.fault = half
    stand.fill(page, "122", 1)
    page.wait_for_timeout(300)
    stand.line.fault = dead
    press(page)
    expect(page.get_by_role("alert")).to_contain_text("Niet bewaard.", timeout=stand.time)
    expect(page.get_by_label(FIELD)).to_have_value("122")
    stand.line.fault = half
    page.wait_for_timeout(3_100)  # a second tap at once is the same tap
    stand.save(page, "122")
    stand.line.fault = whole
    stand.arrived(page)


def radio_up(stand: Stand) -> None:
    """Row 3: nothing tells the page that the server is back."""
    page = stand.handset()
    stand.fill(page, "13")
    page.wait_for_function(CAME)
    stand.line.fault = dead
    stand.save(page, "13")
    assert page.evaluate("navigator.onLine") is True
    expect(page.locator(LINE)).to_contain_text("1 nog niet verzonden")
    stand.line.fault = whole
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("13 bezoekers", timeout=20_000)
    stand.arrived(page)
    page = stand.handset()
    stand.line.fault = without("send.js")
    stand.log(page, "131", 1)
    asked, script = len(stand.line.heard), ("GET", "/static/send.js")
    soon(page, lambda: script in stand.line.heard[asked:], "it is asked for again")
    stand.line.fault = whole
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("131 bezoekers", timeout=20_000)
    stand.arrived(page)


def killed(stand: Stand) -> None:
    """Row 4: the server dies before, during and after it keeps a record."""
    page = stand.handset()
    chance = Random(4)  # noqa: S311
    for nth in range(6):
        server = stand.process()

        def fault(call: Call, nth: int = nth, server: int = server) -> None:
            if not call.knocks:
                return call.pass_on()
            if nth % 3 == 0:
                call.answer()
            elif nth % 3 == 1:
                call.begin()
                time.sleep(chance.random() / 20)
            os.kill(server, signal.SIGKILL)
            return call.cut()

        stand.line.fault = whole
        stand.fill(page, str(40 + nth), nth)
        stand.line.fault = fault
        stand.save(page, str(40 + nth))
    stand.line.fault = whole
    stand.process()
    stand.arrived(page)


def lost(stand: Stand) -> None:
    """Row 5: it was kept, and the phone did not hear so."""

    def fault(call: Call) -> None:
        call.answer()
        call.cut()

    page = stand.handset()
    stand.line.fault = at_door(fault)
    stand.log(page, "15")
    stand.line.fault = whole
    stand.arrived(page)


def stays(stand: Stand, page: Page, number: str, fault: Callable[[Call], None]) -> None:
    """However this is answered, the record stays on the phone as it was."""
    stand.line.fault = at_door(fault)
    before = stand.line.knocks
    visit(page, f"{stand.url}/uitleg")
    soon(page, lambda: stand.line.knocks > before, "it was tried")
    page.wait_for_timeout(400)
    left = [(one["answers"]["visitors"], one.get("state")) for one in waiting(page)]
    assert left == [(number, None)], left


def answered(number: str, *answers: Callable[[Call], None]) -> Callable[[Stand], None]:
    """A trial: these answers come in the place of the server's, one after another."""

    def trial(stand: Stand) -> None:
        page = stand.handset()
        stand.line.fault = at_door(answers[0])
        stand.log(page, number)
        for answer in answers:
            stays(stand, page, number, answer)
        stand.line.fault = whole
        stand.arrived(page)

    return trial


def redirected(stand: Stand) -> None:
    """Row 6: nobody follows to where a login page sends one."""
    answered("16", lambda call: call.say(302, Location=f"{stand.url}/elsewhere"))(stand)
    assert ("GET", "/elsewhere") not in stand.line.heard


def receipt(of: str = "", sha256: str = "") -> Callable[[Call], None]:
    """An answer as the server's, that is of another record, or of other content."""

    def fault(call: Call) -> None:
        right = json.loads(call.body)["instanceID"]
        told = {"receipt": of or right, "status": "stored",
                "sha256": sha256 or hashlib.sha256(call.body).hexdigest()}  # fmt: skip
        call.say(201, json.dumps(told), "application/json")

    return fault


def hang(stand: Stand) -> None:
    """Row 10: somebody takes the record, and says nothing for a minute."""
    page = stand.handset()
    stand.fill(page, "20")

    def fault(call: Call) -> None:
        stand.line.fault = whole
        time.sleep(60)

    stand.line.fault = at_door(fault)
    stand.save(page, "20")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("20 bezoekers", timeout=40_000)
    stand.arrived(page)


def slow(stand: Stand) -> None:
    """Row 11: 2 kB a second, 2 s before anything comes, and 5 % of the calls cut."""
    page = stand.handset(worker=True)
    page.context.set_default_timeout(60_000)
    chance = Random(11)  # noqa: S311

    def fault(call: Call) -> None:
        time.sleep(2)
        if chance.random() < 0.05:
            return call.cut()
        answer = call.answer()
        for start in range(0, len(answer), 500):
            call.to.sendall(answer[start : start + 500])
            time.sleep(0.25)
        return None

    stand.line.fault = fault
    for nth in range(3):
        stand.log(page, str(110 + nth), nth)
    visit(page, f"{stand.url}/unsent")
    seconds = 30 if stand.off else SLOWEST
    soon(page, lambda: not waiting(page), "all came, and the phone heard so", seconds)
    stand.line.fault = whole
    stand.arrived(page)


CUT = '{"receipt": "'
JSON = "application/json"
PORTAL = "<title>WiFi</title><h1>Welkom</h1>"
trials = {
    6: redirected,
    7: answered("17", lambda call: call.say(200, PORTAL)),
    8: answered(
        "18",
        lambda call: call.say(500, "{}", JSON),
        lambda call: call.say(502, PORTAL),
        lambda call: call.say(204),
        lambda call: call.say(201, CUT, JSON),
    ),
    9: answered("19", receipt(of="another"), receipt(sha256="0" * 64)),
}
