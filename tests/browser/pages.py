"""Every page of the app, from its own map of addresses, and what tests look at on each."""

from __future__ import annotations

import datetime as dt
import io
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from werkzeug.datastructures import FileStorage
from werkzeug.routing import Rule
from werkzeug.test import encode_multipart

from fieldapp.keep import people
from fieldapp.keep import phone as phones
from fieldapp.keep.phone import ON_LETTER, make_pairing, pair
from fieldapp.keep.store import Store
from fieldapp.web.access import PHONE_COOKIE
from fieldapp.web.crowd import Crowd, Line
from fieldapp.web.poster import WEEK
from tests.browser.conftest import Site
from tests.conftest import MOMENT, Send
from tests.page import LANGUAGES, Client
from tests.web.uploads import one_more
from tests.web.workbooks import DAYS, THREE, upload, workbook

NARROW = {"width": 320, "height": 640}
DARK = pytest.param("dark", marks=pytest.mark.long)
IN_THE_DARK = pytest.param("en-GB", "dark", marks=pytest.mark.long)
"""In `make fault`: the colours of every page in the dark are looked at in test_look."""
TODAY = MOMENT.date().isoformat()
NO_PAGE = {
    "static.file": "a file",
    "pages.dates": "a calendar",
    "care.told": "for a machine",
    "hours.calendar": "a calendar",
    "offline.script": "a script",
    "offline.manifest": "for the browser",
    "offline.listed": "for the script",
    "person_card.lower": "goes on to the address in capitals",
    "poster.lower": "goes on to the address in capitals",
    "progress.newest": "goes on to the newest year",
    "office.export": "a workbook",
    "office.export_csv": "a zip",
    "month_closing.kept": "a file as it was kept",
    "importing.empty": "a workbook",
    "form_admin.download": "a workbook",
    "api.export": "for a machine",
    "poster.letter": "goes on to the places: its button makes the letter",
    "people.access": "goes on to the lookup: its button makes the paper",
    "people.proof": "goes on to the lookup: its button makes the paper",
    "erasing.erase": "goes on to the lookup: its button shows what would go",
}
"""Addresses that are no page, and what they are."""

TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
RULES = {"runOnly": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_RUN = """async only => {
  const asked = {  // nothing is loaded beforehand: that is for sound and film, which no page has
    runOnly: only, resultTypes: ["violations"], performanceTimer: false, preload: false,
    rules: only.type == "tag" ? { "target-size": { enabled: true } } : {},
  };
  const first = await axe.run({ ...asked, selectors: false });
  const { violations } = first.violations.length ? await axe.run(asked) : first;
  const where = nodes => nodes.slice(0, 4).map(node => node.target.join(" "));
  return violations.map(({ id, nodes }) => `${id} at ${where(nodes)}`);
}"""
_AXE: str = Axe().axe_script


def axe(page: Page, only: Mapping[str, Any] = TAGS) -> list[str]:
    """What axe finds on the page as it stands."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN, only)
    return found


def look_here(page: Page) -> list[str]:
    """What is wrong with the page as it stands, once it is whole."""
    page.wait_for_load_state()
    return [f"{page.url}: {wrong}" for wrong in (*axe(page), *sideways(page))]


def look(page: Page, url: str) -> list[str]:
    """What is wrong with a page, as sentences."""
    page.goto(url)
    return look_here(page)


def sideways(page: Page) -> Iterator[str]:
    """How much wider than the screen the page is."""
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wider > 0:
        yield f"{wider} px wider than the screen"


_TARGETS = """least => [...document.querySelectorAll(
  "button, summary, select, textarea, a[href], label.choice, input:not([type=hidden])")]
  .filter(e => {
    const box = e.getBoundingClientRect(), look = getComputedStyle(e);
    return box.width > 1 && look.visibility == "visible" && !e.closest(".unseen")
      && !(e.tagName == "A" && look.display == "inline") && !e.closest("label.choice input")
      && !["radio", "checkbox"].includes(e.type) && (box.width < least || box.height < least);
  }).map(e => {
    const { width, height } = e.getBoundingClientRect();
    return `${e.outerHTML.slice(0, 60)} is ${width.toFixed()} × ${height.toFixed()} px`;
  })"""


def small(page: Page, least: float = 48) -> Iterator[str]:
    """What to tap that is less than so many pixels wide or high; a link in a sentence may be."""
    yield from page.evaluate(_TARGETS, least - 0.5)


def speaks(page: Page, language: str) -> Iterator[str]:
    """Whether the page says in which language it is, and from which side it is read."""
    told = page.evaluate(
        "[document.documentElement.lang, getComputedStyle(document.body).direction]"
    )
    if told != [language, LANGUAGES[language]]:
        yield f"it says that it is in {told}, not in {language}"


@dataclass(frozen=True)
class Known:
    """What the addresses of pages are filled in with: endpoint → a set of values per page."""

    values: Mapping[str, Sequence[Mapping[str, str]]]
    queries: Mapping[str, Sequence[str]]
    """Endpoint → what is asked for as well, where a page has more than one face."""
    card: str
    """The code of somebody's card."""


def of_the_office(rule: Rule) -> bool:
    """Whether only the office sees this page."""
    return rule.rule.startswith("/office")


def addresses(app: Flask, known: Known) -> Iterator[tuple[Rule, str]]:
    """Every page with its address; a rule with names in it needs values in `furnish`."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGE:
            continue
        named = rule.arguments - set(rule.defaults or ())
        values = known.values.get(rule.endpoint, ()) if named else [{}]
        fitting = [each for each in values if set(each) == named]
        assert fitting, f"{rule.rule}: what stands there? Say so in furnish(), or in NO_PAGE"
        for each in fitting:
            built = rule.build(each)
            assert built, rule.rule
            path = str(built[1])
            for query in known.queries.get(rule.endpoint, ("",)):
                yield rule, path + query


def furnish(store: Store, send: Send, office: Client) -> Known:
    """Gives OP-01 and WB-01 people and days, so that every page has something on it."""
    crowd = Crowd(str(uuid.uuid4()), [Line(number, "") for number in range(1, 6)], {})
    person = {"known_elsewhere": "no", "started": "2026-11-02", "informed": "OK"}
    for line, place, role, name in (
        (1, "OP-01", "volunteer", "Fatima"),
        (2, "OP-01", "participant", "Bo"),
        (3, "WB-01", "volunteer", "Ria"),
        (4, "WB-01", "participant", "Omar"),
        (5, "WB-01", "participant", "Zeynep"),
    ):
        raw = person | {"role": role, "call_name": name}
        raw |= {"labour_distance": "yes"} if role == "participant" else {}
        entered = send(place, "person_new", raw, crowd.row(crowd.lines[line - 1]))
    day = {"date": TODAY}
    morning = day | {"daypart": "morning"}
    send("WB-01", "visitors", morning | {"visitors": "24", "activities": ["meal", "drop_in"]})
    double = send("WB-01", "visitors", morning | {"visitors": "18", "ref_care": "2"})
    opened = send(
        "WB-01", "opening", day | {"open": "yes", "open_from": "09:00", "open_until": "17:00"}
    )
    send(None, "place_facts", {"place": "OP-01", "valid_from": TODAY, "coordinators": "2"})
    target = {
        "result_id": "4/1.3.1",
        "value": "4",
        "valid_from": "2025-01-01",
        "source": "artikel 4",
    }
    agreed = send(None, "target", target)
    with store.write("test", MOMENT) as write:
        poster, weekly = (phones.poster_code(write, "OP-01", f) for f in ("visitors", WEEK))
        members = people.members(write.connection, store.seal, "WB-01", TODAY)
    rows = [{"form_id": "visitors", "row": double.id}, {"form_id": "opening", "row": opened.id}]
    forms = store.forms
    here = [f for f in forms if "wijkbedrijf" in forms[f].places]
    bureau = [f for f in forms if "office" in forms[f].places]
    office_rows = [{"form_id": "target", "row": agreed.id}]
    imported = upload(office, "visitors", workbook(DAYS, *THREE)).rpartition("/")[2]
    handed_in = _hand_in(office, one_more(Path("forms/visitors.md").read_text()))
    named = ("initiatives", "milestones", "meetings", "targets", "paths", "baselines", "judgements")
    values: Mapping[str, Sequence[Mapping[str, str]]] = {
        "phone.form": [{"form_id": f} for f in here],
        "phone.record": rows,
        "phone.saved": rows,
        "adding.added": [{"row": crowd.id}],
        "doubles.shown": rows[:1],
        "doubles.office_shown": rows[:1],
        "person_card.scan": [{"code": "2222"}],
        "person_card.card": [{"row": entered.id}],
        "poster.scanned": [{"code": poster}, {"code": weekly, "week": "2026-W47"}],
        "progress.page": [{"year": "2026"}],
        "office.form": [{"form_id": f} for f in bureau],
        "office.record": office_rows,
        "office.saved": office_rows,
        "accounts.one": [{"number": "1"}],
        "at_place.shown": [{"place_code": "WB-01"}],
        "registers.listed": [{"name": each} for each in named],
        "record.shown": rows,
        "correcting.correct": rows,
        "month_closing.shown": [{"month": "2026-10"}],
        "result.page": [{"result": "4-1.3.1"}],
        "importing.choose": [{"form_id": "visitors"}],
        "importing.look": [{"form_id": "visitors", "upload": imported}],
        "form_admin.look": [{"upload": handed_in}],
        "form_admin.preview": [{"upload": handed_in}],
    }
    queries = {
        "poster.posters": ["?place=OP-01"],
        "week.show": ["", "?week=2026-W46"],
        "form_admin.preview": ["?language=en", "?language=ar"],
    }
    return Known(values, queries, members[0].code)


def _hand_in(office: Client, text: str) -> str:
    """Hands in a form of visitors with one question more; gives the number of the upload."""
    file = FileStorage(io.BytesIO(text.encode()), "visitors.md")
    token = office.token("/office/forms")
    fields = {"csrf_token": token, "form": "visitors", "file": file}
    boundary, body = encode_multipart(fields)
    kind = f'multipart/form-data; boundary="{boundary}"'
    answer = office.post("/office/forms", data=body, content_type=kind)
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("/")[2]


def cookie(page: Page, site: Site, name: str, value: str) -> None:
    """Gives the browser a cookie of ours."""
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.url.replace("http", "https"),
          "secure": True, "sameSite": "Lax", "expires": time.time() + 86_400}]
    )  # fmt: skip


def belongs(page: Page, site: Site, *places: str) -> Page:
    """The page of a phone of these places, the last one on top."""
    mine, held = None, ""
    for nth, place in enumerate(places):
        with site.store.write("test", MOMENT + dt.timedelta(milliseconds=nth)) as write:
            token, _ = make_pairing(write, place, ON_LETTER)
            given, _ = pair(site.store, write, token, "Ria", mine)
            held = given or held
            mine = phones.by_cookie(write.connection, held, MOMENT)
    cookie(page, site, PHONE_COOKIE, held)
    return page
