"""Several places on one phone: a page keeps to the place it was opened for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import fieldapp.web
from fieldapp.keep import phone as phones
from fieldapp.keep.store import Store
from fieldapp.web import access
from tests.page import Client, controls, parse, words

GOOD = {"daypart": "morning", "visitors": "24"}
TEMPLATES = Path(fieldapp.web.__file__).parent / "templates"

ELSEWHERE = {"/language", "/switch", "/pair"}
"""Where a page sends what is no place's: the switch names its place itself."""

Switch = Callable[[Client, str], None]


@pytest.fixture
def both(pair_to: Callable[..., Client], clock: Any) -> Client:
    """A phone of OP-01 and OP-02 that works for OP-01 now."""
    phone = pair_to("OP-02", "OP-01")
    clock.forward(minutes=1)
    return phone


@pytest.fixture
def switch(clock: Any) -> Switch:
    """Makes a phone work for another of its places, as another tab does."""

    def switched(phone: Client, place: str) -> None:
        clock.forward(seconds=1)
        answer = phone.post("/switch", data={"csrf_token": phone.token(), "place": place})
        assert (answer.status_code, on_top(phone.get("/"))) == (303, NAMES[place])

    return switched


NAMES = {"OP-01": "Ontmoetingsplek 1", "OP-02": "Ontmoetingsplek 2"}


def on_top(shown: Any) -> str:
    """The name at the top of a page."""
    return next(words(p) for p in parse(shown.text).all("p") if p.get("class") == "name")


def opened_for(shown: Any, action: str) -> Sequence[str]:
    """What the form to an address says it was opened for."""
    form = next(f for f in parse(shown.text).all("form") if f.get("action") == action)
    found: Sequence[str] = controls(form)[access.OPENED_FOR]
    return found


def own_links(shown: Any) -> Iterator[str]:
    """Every link in the main part of a page."""
    main = next(parse(shown.text).all("main"))
    return (a.attrib["href"] for a in main.iter("a") if a.attrib["href"].startswith("/"))


# --- a page keeps to its place ------------------------------------------------------------------


def test_what_was_opened_for_one_place_is_kept_there_after_a_switch(
    both: Client, switch: Switch, kept: Any
) -> None:
    shown = both.get("/form/visitors")
    assert opened_for(shown, "/form/visitors") == ["OP-01"]
    switch(both, "OP-02")
    answer = both.send(shown, GOOD)
    assert answer.status_code == 303
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-01"]
    saved = both.get(answer.location)
    assert on_top(saved) == "Ontmoetingsplek 1"
    assert "Ontmoetingsplek 1, vandaag, ochtend, 24 bezoekers." in saved.text
    assert on_top(both.get("/form/visitors")) == "Ontmoetingsplek 2"


def test_a_poster_scanned_in_another_tab_changes_nothing_in_the_first(
    both: Client, small: Store, clock: Any, kept: Any
) -> None:
    with small.write("test", clock()) as write:
        code = phones.poster_code(write, "OP-02", "visitors")
    shown = both.get("/form/visitors")
    asked = both.get(f"/Q/{code}")
    form = [f for f in parse(asked.text).all("form") if f.get("action") == "/switch"][-1]
    there = both.post("/switch", data=controls(form) | {"place": "OP-02"}).location
    assert on_top(both.get(there)) == "Ontmoetingsplek 2"
    both.send(shown, GOOD)
    both.fill(there, GOOD | {"visitors": "3"})
    assert [(row["_place"], row["visitors"]) for row in kept("form_visitors")] == [
        ("OP-01", 24), ("OP-02", 3),
    ]  # fmt: skip


def test_every_link_of_the_confirmation_stays_with_the_place(both: Client, switch: Switch) -> None:
    shown = both.get("/form/visitors")
    switch(both, "OP-02")
    saved = both.get(both.send(shown, GOOD).location)
    links = [*own_links(saved)]
    assert len(links) >= 3  # change it, the next forms of today, done
    for link in links:
        assert on_top(both.get(link)) == "Ontmoetingsplek 1", link


def test_a_card_of_a_new_person_can_be_shown_after_a_switch(both: Client, switch: Switch) -> None:
    given = {"role": "volunteer", "known_elsewhere": "no", "call_name": "Bo", "informed": "OK"}
    shown = both.get("/form/person_new")
    switch(both, "OP-02")
    saved = both.get(both.send(shown, given).location)
    card = next(link for link in own_links(saved) if link.startswith("/cards/"))
    assert both.get(card).status_code == 200


def test_a_home_left_open_leads_to_the_forms_of_its_own_place(both: Client, switch: Switch) -> None:
    shown = both.get("/")
    switch(both, "OP-02")
    links = [link for link in own_links(shown) if "/form/" in link]
    assert len(links) > 5
    for link in links:
        assert on_top(both.get(link)) == "Ontmoetingsplek 1", link


def test_a_refused_page_keeps_its_place(both: Client, switch: Switch, kept: Any) -> None:
    shown = both.get("/form/visitors")
    switch(both, "OP-02")
    refused = both.send(shown, GOOD | {"visitors": "x"})
    assert (refused.status_code, on_top(refused)) == (422, "Ontmoetingsplek 1")
    assert opened_for(refused, "/form/visitors") == ["OP-01"]
    late = both.send(refused, GOOD | {"csrf_token": "x"})
    assert (late.status_code, opened_for(late, "/form/visitors")) == (422, ["OP-01"])
    assert kept("form_visitors") == []
    assert both.send(late, GOOD).status_code == 303
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-01"]


def test_a_correction_and_a_withdrawal_keep_their_place(
    both: Client, switch: Switch, kept: Any
) -> None:
    saved = both.fill("/form/visitors", GOOD).location
    address = saved.partition("/saved")[0]
    shown = both.get(address)
    switch(both, "OP-02")
    changed = both.send(shown, {"visitors": "30"}, address)
    assert changed.status_code == 303
    assert on_top(both.get(changed.location)) == "Ontmoetingsplek 1"
    overtaken = both.send(shown, {"visitors": "40"}, address)
    assert (overtaken.status_code, on_top(overtaken)) == (409, "Ontmoetingsplek 1")
    assert kept("form_visitors")[0]["visitors"] == 30
    gone = both.send(overtaken, action=f"{address}/withdraw")
    assert gone.status_code == 303
    assert on_top(both.get(gone.location)) == "Ontmoetingsplek 1"
    assert [(r["_place"], r["_state"]) for r in kept("form_visitors")] == [("OP-01", "withdrawn")]


def test_one_tap_keeps_its_place(both: Client, switch: Switch, kept: Any) -> None:
    shown = both.get("/")
    switch(both, "OP-02")
    assert both.send(shown, action="/form/opening").status_code == 303
    assert [row["_place"] for row in kept("form_opening")] == ["OP-01"]


def test_a_colleague_joins_the_place_of_the_page(both: Client, switch: Switch, kept: Any) -> None:
    shown = both.get("/colleague")
    switch(both, "OP-02")
    made = both.send(shown)
    assert (made.status_code, on_top(made)) == (200, "Ontmoetingsplek 1")
    assert kept("pairing")[-1]["place"] == "OP-01"


def test_the_week_keeps_its_place(both: Client, switch: Switch, kept: Any) -> None:
    shown = both.get("/week?week=2026-W47")
    action = next(f for f in parse(shown.text).all("form") if "data-week" in f.attrib)
    switch(both, "OP-02")
    given = {"visitors.2026-11-19.morning": "7"}
    assert both.send(shown, given, action.attrib["action"]).status_code == 303
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-01"]


def test_the_paper_is_that_of_the_page(both: Client, switch: Switch) -> None:
    shown = both.get("/hours")
    switch(both, "OP-02")
    poster = next(link for link in own_links(shown) if link.startswith("/hours/poster"))
    assert "localhost/H/OP-01" in both.get(poster).text
    sheet = next(link for link in own_links(both.get("/")) if link.startswith("/tally"))
    assert "<h2>Ontmoetingsplek 2</h2>" in both.get(sheet).text


# --- whose place it is not ----------------------------------------------------------------------


@pytest.mark.parametrize("place", ["WB-01", "ZZ-99", "OP-01'", "op-01", "Ω", "OP-01 "])
def test_a_place_that_the_phone_does_not_have(
    both: Client, kept: Any, changes: Callable[[], int], place: str
) -> None:
    shown, before = both.get("/form/visitors"), changes()
    answer = both.send(shown, GOOD | {access.OPENED_FOR: place})
    assert answer.status_code == 404
    assert both.get("/form/visitors", query_string={access.OPENED_FOR: place}).status_code == 404
    assert (kept("form_visitors"), changes()) == ([], before)


def test_a_place_that_the_phone_no_longer_has(
    both: Client, small: Store, clock: Any, kept: Any
) -> None:
    shown = both.get("/form/visitors")
    with small.write("test", clock()) as write:
        write.connection.execute(
            "UPDATE phone_place SET revoked_at = '2026-11-20T09:12:30Z' WHERE place = 'OP-01'"
        )
    assert both.send(shown, GOOD).status_code == 404
    assert kept("form_visitors") == []
    assert on_top(both.get("/")) == "Ontmoetingsplek 2"


def test_a_phone_that_was_shut_out(both: Client, small: Store, clock: Any, kept: Any) -> None:
    shown = both.get("/form/visitors")
    with small.write("test", clock()) as write:
        phones.revoke(write, kept("phone")[0]["id"])
    answer = both.send(shown, GOOD)
    assert answer.status_code == 401
    assert "Deze telefoon hoort nog bij geen plek" in answer.text
    assert kept("form_visitors") == []


# --- without it ---------------------------------------------------------------------------------


def test_without_the_field_it_would_go_to_the_other_place(
    both: Client, switch: Switch, kept: Any
) -> None:
    shown = both.get("/form/visitors")
    switch(both, "OP-02")
    assert both.send(shown, GOOD | {access.OPENED_FOR: None}).status_code == 303
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-02"]


def test_without_looking_at_the_field_it_would_too(
    both: Client, switch: Switch, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = both.get("/form/visitors")
    switch(both, "OP-02")
    monkeypatch.setattr(access, "_keep_to", lambda code: None)
    assert both.send(shown, GOOD).status_code == 303
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-02"]


# --- every page ---------------------------------------------------------------------------------


def forgetful(template: str) -> list[str]:
    """The forms in a template that do not say for which place the page was opened."""
    forms = re.findall(r'<form\b[^>]*method="post"[^>]*>.*?</form>', template, re.DOTALL)
    return [
        form
        for form in forms
        if f'name="{access.OPENED_FOR}"' not in form
        and not any(f'action="{address}"' in form for address in ELSEWHERE)
        and "url_for('phone.switch')" not in form
    ]


def test_every_form_of_the_phone_says_for_which_place_it_was_opened() -> None:
    """Templates of the office have no place; what phone and office share has both."""
    found = {
        path.name: forgetful(path.read_text("utf-8"))
        for path in sorted(TEMPLATES.glob("*.html"))
        if path.name != "office_base.html"
    }
    assert {name: forms for name, forms in found.items() if forms} == {}


def test_a_form_that_forgets_its_place_is_seen() -> None:
    form = '<form class="x" method="post" action="{{ page.action }}">\n<input name="a">\n</form>'
    assert forgetful(f"<p>{form}</p>") == [form]
    assert forgetful(form.replace("{{ page.action }}", "/language")) == []
    assert forgetful(form.replace('name="a"', 'name="page.place"')) == []
    assert len(forgetful((TEMPLATES / "form.html").read_text().replace("page.place", "x"))) == 2


def pages(app: Flask, phone: Client) -> Iterator[tuple[str, Any]]:
    """Every page of the phone that has an address of its own, and every form of the place."""
    addresses = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set())
        and not rule.arguments
        and not rule.rule.startswith("/office")
    }
    addresses |= {f"/form/{form}" for form in app.extensions["fieldapp"].forms}
    for address in sorted(addresses):
        shown = phone.get(address)
        if shown.mimetype == "text/html" and shown.status_code == 200:
            yield address, shown


def test_the_name_stands_on_top_of_every_page_and_the_switch_is_there(
    app: Flask, pair_to: Callable[..., Client]
) -> None:
    phone = pair_to("WB-01", "OP-02", "OP-01")
    seen = set()
    for address, shown in pages(app, phone):
        if 'class="bar"' in shown.text:
            continue  # a sheet to print, one tap from the page it belongs to
        if address == "/offline":
            continue  # kept by the phone for any place, for when there is no page
        seen.add(address)
        assert on_top(shown) == "Ontmoetingsplek 1", address
        offered = [
            button.get("value")
            for form in parse(shown.text).all("form")
            if form.get("action") == "/switch"
            for button in form.iter("button")
        ]
        assert offered == ["OP-02", "WB-01"], address
    assert {"/", "/records", "/people", "/week", "/hours", "/form/visitors", "/privacy"} <= seen


def test_with_one_place_there_is_nothing_to_switch(app: Flask, phone: Client) -> None:
    for address, shown in pages(app, phone):
        assert 'action="/switch"' not in shown.text, address
        assert "?page.place" not in shown.text, address
