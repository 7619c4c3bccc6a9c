"""Rows 1 to 28 of the faults to survive: what is tried, and which protections it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.fault.phone import rows_line as line
from tests.fault.phone import rows_phone as phone
from tests.fault.phone import rows_time as later
from tests.fault.phone.stand import Off, Stand


@dataclass(frozen=True)
class Row:
    """One fault, and the protections that it turns red without."""

    number: int
    what: str
    trial: Callable[[Stand], None]
    off: Sequence[Off]
    quick: bool = False
    limit: str = ""
    """What of it cannot be made on this machine."""


def _off(what: str, *files: tuple[str, str, str]) -> Off:
    return Off(what, files)


ROWS = (
    Row(
        1,
        "airplane mode before opening",
        line.before_opening,
        [_off("no page is kept ready",
              ("worker.js", "return kept || first || network", "return first || network"))],
    ),
    Row(
        2,
        "airplane mode before sending",
        line.before_sending,
        [_off("no answer counts as sent",
              ("send.js", "const again = { state: \"again\", status, later };",
               "const again = { state: \"sent\", told: {} };")),
         _off("half a page is posted, come what may",
              ("outbox.js", "() => bare(form));", "() => submit(form));"))],
    ),
    Row(
        3,
        "server dead with the radio up",
        line.radio_up,
        [_off("no timer", ("waiting.js", "function later() {", "function later() {\n  return;")),
         _off("a script that did not come is not asked for again",
              ("waiting.js", "if (places) later();", ""))],
    ),
    Row(
        4,
        "server killed in mid-request, in a loop",
        line.killed,
        [line.OTHER_ID, Off("the receipt goes before the commit", mode="early")],
    ),
    Row(5, "answer lost after the commit", line.lost, [line.OTHER_ID], quick=True),
    Row(
        6,
        "redirect to a login page",
        line.trials[6],
        [_off("redirects are followed",
              ("send.js", 'redirect: "error", cache', 'redirect: "follow", cache'))],
    ),
    Row(7, "captive portal: 200 with HTML", line.trials[7], [line.BELIEVES]),
    Row(8, "500, 502, 204, cut JSON", line.trials[8], [line.BELIEVES]),
    Row(
        9,
        "receipt of another record, or of other content",
        line.trials[9],
        [
            _off("the id is not compared",
                 ("send.js", "told.receipt === record.instanceID && ", "")),
            _off("the hash is not compared",
                 ("send.js", " && told.sha256 === await hash(text)", "")),
        ],
    ),
    Row(
        10,
        "a server that hangs for 60 s",
        line.hang,
        [_off("no time limit", ("send.js", "stop.abort(), seconds * 1000)",
                                "stop.abort(), seconds * 1_000_000)"))],
    ),
    Row(
        11,
        "2 kB/s, 2 s latency, 5 % resets",
        line.slow,
        [_off("time limits too short", ("send.js", "[10, 30, 90]", "[1, 1, 1]"))],
    ),
    Row(
        12,
        "double tap; a draft that is written while its form is saved",
        phone.double_tap,
        [_off("each tap is a record",
              ("form.js", "if (event.timeStamp - sent < 3000) {", "if (false) {"),
              ("save.js", "const key = form.dataset.key || value(\"instanceID\");",
               "const key = identity();")),
         _off("a draft of what is saved comes back",
              ("draft.js", 'if (!("saved" in form.dataset)) sketch', "sketch"))],
    ),
    Row(
        13,
        "two tabs, also with one draft",
        phone.two_tabs,
        [_off("no lock", ("send.js", "navigator.locks ?", "false ?")),
         _off("one goes over the other",
              ("store.js", "if (before && apart(before)) before = null;", ""))],
    ),
    Row(
        14,
        "browser killed after the word bewaard",
        phone.killed_after,
        [
            _off("says so first", ("save.js", "await keep(record, draftOf(form), apart);",
                                   "setTimeout(() => keep(record, draftOf(form), apart), 2000);")),
            _off("not strict", ("store.js", '{ durability: "strict" }', "{}")),
        ],
        limit="a kill, no power cut: of that only that the write asks for `strict`",
    ),
    Row(
        15,
        "browser killed before the word bewaard",
        phone.killed_before,
        [_off("no drafts", ("draft.js", "timer ||= setTimeout(put, PAUSE);", ""))],
    ),
    Row(
        16,
        "IndexedDB force-closed",
        phone.base_closed,
        [_off("not opened once more",
              ("store.js", "  } catch {\n    opened = null;\n    return once(mode, work);",
               "  } catch (dead) {\n    throw dead;"))],
        quick=True,
        limit="closed by the page itself; iOS, that does so in the background, is not here",
    ),
    Row(
        17,
        "storage evicted: the office sees a gap",
        phone.evicted,
        [_off("no numbers are told",
              ("send.js", "const about = number ? { outbox: await outbox(), number } : {};",
               "const about = {};"),
              ("send.js", "if (!failed) await report();", ""))],
    ),
    Row(
        18,
        "quota full",
        phone.full,
        [_off("what fails is not looked at",
              ("save.js", "await keep(record, draftOf(form), apart);",
               "await keep(record, draftOf(form), apart).catch(() => {});"))],
    ),
    Row(
        19,
        "a browser that keeps nothing (private window)",
        phone.private,
        [_off("says that it is kept",
              ("save.js", 'say(form, "lost");', 'say(form, "saved");'))],
        limit="IndexedDB made to refuse; Safari and Firefox are not here",
    ),
    Row(
        20,
        "no JavaScript, no service worker, no locks",
        phone.plain,
        [
            Off("the id of a plain form is not looked at", server=later.other_ids),
            _off("needs locks", ("send.js", "navigator.locks ?", "true ?")),
        ],
    ),
    Row(
        21,
        "a page of 30 days old",
        later.month_old,
        [Off("a phone is forgotten in 21 days", server=later.short_lived)],
    ),
    Row(
        22,
        "the server's secret rotated",
        later.rotated,
        [Off("a phone's cookie hangs on the secret", server=later.hangs_on_secret)],
    ),
    Row(
        23,
        "pairing revoked, paired again",
        later.revoked,
        [_off("what waits is wiped too", ("gone.js", "if (left || !all) return;", ""))],
    ),
    Row(
        24,
        "paired to another place: it asks",
        later.elsewhere,
        [_off("goes to whatever place there is",
              ("send.js", "return { form, version, place, instanceID",
               "place = document.querySelector('.waiting').dataset.places;\n"
               "  return { form, version, place, instanceID"),
              ("send.js", "const { form, version, place,", "let { form, version, place,"))],
    ),
    Row(
        25,
        "a new version of the form",
        later.new_form,
        [Off("older forms are forgotten", server=later.forgets_forms)],
    ),
    Row(
        26,
        "a new service worker, and back",
        later.new_worker,
        [_off("takes over at once",
              ("worker.js", 'event.waitUntil(refresh()))',
               'event.waitUntil(refresh().then(() => skipWaiting())))'))],
    ),
    Row(
        27,
        "poison record",
        later.poison,
        [_off("stops at the first",
              ("send.js", 'failed = state === "again" ? failed + 1 : 0;',
               'failed = state === "sent" ? 0 : FAILURES;'),
              ("send.js", 'state !== "attention" || key === first', "true"),
              ("send.js", "(a.attempts || 0) - (b.attempts || 0)", "a.number - b.number"))],
    ),
    Row(
        28,
        "clock 2 days off, at 1970, DST night, 29 February",
        later.clocks,
        [Off("a clock at 1970 is refused", server=later.no_old_clocks),
         _off("waits for a clock that was put back",
              ("send.js", "wait > Date.now() && wait < Date.now() + HOUR", "wait > Date.now()"))],
    ),
)  # fmt: skip
