"""Pages that stand ready are never stale, and keep nothing of anybody."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from fieldapp.keep.store import Store
from fieldapp.web import mould, ready, scanned
from fieldapp.web.mould import Drawn, Mould
from tests.page import Client

VISITORS, HOURS = "/form/visitors", "/form/volunteer_hours"
MADE = re.compile('name="instanceID" value="([^"]+)"')
TOKEN = re.compile('name="csrf_token" value="([^"]+)"')


def shown(answer: Any) -> str:
    """A page without what is of one time."""
    assert answer.status_code == 200
    return re.sub("&#34;now&#34;:&#34;[^&]+", "", TOKEN.sub("", MADE.sub("", answer.text)))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Sequence[tuple[Drawn, Mould]]:
    """Every page that was drawn while the test runs, and what was kept of it."""
    found: list[tuple[Drawn, Mould]] = []
    cut = mould.cut

    def noted(page: Drawn) -> Mould:
        found.append((page, cut(page)))
        return found[-1][1]

    monkeypatch.setattr(mould, "cut", noted)
    return found


def lacking(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps pages from now on under a key that lacks `field`."""
    whole = ready.key
    monkeypatch.setattr(ready, "key", lambda *given: replace(whole(*given), **{field: None}))


def moment(phone: Client, pair_to: Any, clock: Any) -> Any:
    """The same form in the evening."""
    before = phone.get(VISITORS)
    clock.forward(hours=8)
    return before, phone.get(VISITORS)


def kept(phone: Client, pair_to: Any, clock: Any) -> Any:
    """Home after something was filled in."""
    before = phone.get("/")
    assert phone.fill(VISITORS, {"daypart": "morning", "visitors": "24"}).status_code == 303
    return before, phone.get("/")


def day(phone: Client, pair_to: Any, clock: Any) -> Any:
    """Home on a Friday and on a Saturday."""
    before = phone.get("/")
    clock.forward(days=1)
    return before, phone.get("/")


def language(phone: Client, pair_to: Any, clock: Any) -> Any:
    """The same form in another language."""
    before = phone.get(VISITORS)
    phone.set_cookie("language", "en", secure=True)
    return before, phone.get(VISITORS)


def address(phone: Client, pair_to: Any, clock: Any) -> Any:
    """The same form of another day."""
    return phone.get(VISITORS), phone.get(f"{VISITORS}?date=2026-11-18")


def places(phone: Client, pair_to: Any, clock: Any) -> Any:
    """The same form on the phone of another place."""
    other = pair_to("OP-02", name="Bo")
    return phone.get(VISITORS), other.get(VISITORS)


CHANGES: dict[str, Callable[..., Any]] = {
    "about": moment,
    "journal": kept,
    "days": day,
    "language": language,
    "address": address,
    "places": places,
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_page_is_drawn_anew_when_what_it_depends_on_changes(
    field: str, phone: Client, pair_to: Any, clock: Any
) -> None:
    before, after = CHANGES[field](phone, pair_to, clock)
    assert shown(before) != shown(after)


@pytest.mark.parametrize("field", CHANGES)
def test_a_key_that_lacks_something_would_tell_the_past(
    field: str, phone: Client, pair_to: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking(field, monkeypatch)
    if field == "places":  # that another phone was paired stands in the journal
        pair_to("OP-02", name="Bo")
        other = pair_to("OP-02", name="Jo")
        before, after = phone.get(VISITORS), other.get(VISITORS)
    else:
        before, after = CHANGES[field](phone, pair_to, clock)
    assert shown(before) == shown(after)


def test_the_day_of_the_place_and_that_of_sql_both_count(
    phone: Client, clock: Any, drawn: Sequence[Any]
) -> None:
    clock.now = dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC)
    phone.get("/")
    phone.get("/")
    assert len(drawn) == 1
    clock.forward(minutes=40)  # the next day here, not yet in SQL
    phone.get("/")
    assert len(drawn) == 2
    clock.forward(minutes=60)
    phone.get("/")
    assert len(drawn) == 3


def test_a_phone_that_has_a_place_which_is_no_more_keeps_to_the_other(pair_to: Any) -> None:
    one, two = pair_to("OP-01"), pair_to("XX-99", "OP-01", name="Bo")
    assert 'href="/"' in one.get(VISITORS).text
    assert 'href="/?page.place=OP-01"' in two.get(VISITORS).text


def test_what_nobody_changed_is_drawn_once_for_all_phones_of_a_place(
    phone: Client, pair_to: Any, drawn: Sequence[Any]
) -> None:
    other = pair_to("OP-01", name="Bo")
    pages = [shown(each.get(path)) for each in (phone, other) for path in ("/", VISITORS)]
    assert pages[:2] == pages[2:]
    assert len(drawn) == 2


def test_every_page_has_its_own_token_and_makes_its_own_record(
    phone: Client, pair_to: Any, kept: Any
) -> None:
    other = pair_to("OP-01", name="Bo")
    pages = [phone.get(VISITORS), phone.get(VISITORS), other.get(VISITORS)]
    assert len({MADE.findall(page.text)[0] for page in pages}) == 3
    assert set(TOKEN.findall(pages[0].text)) != set(TOKEN.findall(pages[2].text))
    for page, part in zip(pages, ("morning", "afternoon", "evening"), strict=True):
        sender = other if page is pages[2] else phone
        assert sender.send(page, {"daypart": part, "visitors": "2"}).status_code == 303
    assert len(kept("form_visitors")) == 3


def test_what_takes_one_tap_makes_its_own_record_each_time(phone: Client, kept: Any) -> None:
    first, second = (MADE.findall(phone.get("/").text) for _ in range(2))
    assert len(first) == len(second) == 1
    assert first != second


def test_the_moment_on_a_page_is_that_of_the_request(phone: Client, clock: Any) -> None:
    phone.get(VISITORS)
    clock.forward(minutes=5)
    assert mould.moment(clock.now) in phone.get(VISITORS).text


def test_nothing_of_anybody_is_kept(
    phone: Client, enter: Callable[..., str], drawn: Sequence[tuple[Drawn, Mould]]
) -> None:
    names = ("Fatima", "Jan-Peter", "O'Neill")
    codes = [enter("OP-01", name) for name in names]
    pages = [phone.get(path) for path in (HOURS, HOURS, "/", VISITORS)]
    assert pages[0].text.count("Fatima") == pages[1].text.count("Fatima") > 0
    assert "O&#39;Neill · " in pages[1].text
    assert len(drawn) == 3
    for page, kept in drawn:
        text = "".join(kept.pieces)
        own = [page.token, *page.ids, *names, "O&#39;Neill"]
        assert not [each for each in own if each in text]
    assert all(code in "".join(drawn[0][1].pieces) for code in codes)


def test_a_name_is_opened_for_each_page(
    phone: Client, enter: Callable[..., str], small: Store, clock: Any
) -> None:
    enter("OP-01", "Fatima")
    assert "Fatima" in phone.get(HOURS).text
    with small.write("test", clock()) as write:
        write.connection.execute("UPDATE form_person_new SET call_name = NULL")
    assert "Fatima" not in phone.get(HOURS).text


def test_a_name_that_changes_is_shown_as_it_is_now(
    phone: Client, enter: Callable[..., str], kept: Any
) -> None:
    enter("OP-01", "Fatima")
    assert "Fatima" in phone.get(HOURS).text
    row = kept("form_person_new")[-1]["_id"]
    assert phone.fill(f"/form/person_new/{row}", {"call_name": "Fatma"}).status_code == 303
    assert "Fatma · " in phone.get(HOURS).text


def test_who_was_scanned_with_one_phone_is_not_ticked_on_another(
    phone: Client, pair_to: Any, enter: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = enter("OP-01", "Fatima")
    other = pair_to("OP-01", name="Bo")
    assert phone.get(f"/P/{code}").status_code == 303
    assert " checked" in ticks(phone.get(HOURS).text, code)
    assert " checked" not in ticks(other.get(HOURS).text, code)
    monkeypatch.setattr(scanned, "anything", lambda: False)
    enter("OP-01", "Bea")
    assert " checked" in ticks(phone.get(HOURS).text, code)
    assert " checked" in ticks(other.get(HOURS).text, code)


def ticks(text: str, code: str) -> str:
    """How a person stands in a list."""
    return re.findall(f'<input type="checkbox" name="who"[^>]* value="{code}">', text)[0]


def test_who_publishes_a_form_begins_anew(app: Flask) -> None:
    before = app.extensions["fieldapp"]
    assert replace(before).pages is not before.pages
