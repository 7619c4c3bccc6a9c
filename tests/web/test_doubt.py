"""A closure over days on which something was logged is asked back, and nothing is dropped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import MOMENT
from tests.page import Client, controls, parse, words

SURE = "page.sure"
CLOSED = {"from": "2026-11-02", "until": "2026-11-06", "closed_reason": "building"}
FORM = "/form/closure"


@pytest.fixture
def logged(send: Any) -> str:
    """A morning at OP-01 in the week that will be said to be closed; its id."""
    visit = {"date": "2026-11-03", "daypart": "morning", "visitors": "24"}
    return str(send("OP-01", "visitors", visit).id)


def asked(text: str) -> list[list[str]]:
    """What a page asks back: per day its name and what stands there."""
    return [
        [words(next(day.iter("b"))), *(words(link) for link in day.iter("a"))]
        for box in parse(text).all("section")
        if "doubt" in box.get("class", "")
        for day in box.findall("./ul/li")
    ]


def token(text: str) -> str:
    """The value of the tick, which nobody ticked yet."""
    (tick,) = (i for i in parse(text).all("input") if i.get("name") == SURE)
    assert "checked" not in tick.attrib
    return str(tick.get("value"))


def test_a_closure_over_logged_days_is_asked_back(
    phone: Client, logged: str, kept: Any, changes: Callable[[], int]
) -> None:
    before = changes()
    answer = phone.fill(FORM, CLOSED)
    assert (answer.status_code, kept("form_closure"), changes()) == (422, [], before)
    assert asked(answer.text) == [["dinsdag 3 november", "Bezoekers: ochtend, 24 bezoekers"]]
    assert "Ja, wij waren deze dagen toch (ook) dicht" in answer.text
    assert phone.get(f"/form/visitors/{logged}").status_code == 200
    assert f'href="/form/visitors/{logged}"' in answer.text
    typed = controls(next(f for f in parse(answer.text).all("form") if f.get("action") == FORM))
    assert {name: typed[name] for name in CLOSED} == {n: [v] for n, v in CLOSED.items()}
    without = phone.send(answer, action=FORM)
    assert (without.status_code, kept("form_closure")) == (422, [])


def test_with_the_tick_it_is_kept_and_so_is_what_was_there(
    phone: Client, logged: str, kept: Any
) -> None:
    answer = phone.fill(FORM, CLOSED)
    done = phone.send(answer, {SURE: token(answer.text)}, action=FORM)
    assert done.status_code == 303
    (row,) = kept("form_closure")
    assert {name: row[name] for name in CLOSED} == CLOSED
    assert [row["_state"] for row in kept("form_visitors", _id=logged)] == ["current"]


def test_every_record_of_a_day_is_shown_and_no_other(
    phone: Client, send: Any, logged: str, enter: Callable[..., str]
) -> None:
    person = enter("OP-01", "Ria", started="2026-11-01")
    opened = {"open": "yes", "open_from": "09:00", "open_until": "17:00"}
    send("OP-01", "opening", {"date": "2026-11-02"} | opened)
    send("OP-01", "volunteer_hours", {"date": "2026-11-03", "who": person, "hours": "2"})
    send("OP-01", "opening", {"date": "2026-11-09"} | opened)  # after the closure
    send("OP-02", "opening", {"date": "2026-11-04"} | opened)  # another place
    send("OP-01", "month_report", {"month": "2026-11-01", "worked": "De taalles."})
    send("OP-01", "schedule", {"valid_from": "2026-11-05", "mo_from": "9:00", "mo_until": "10:00"})
    gone = send("OP-01", "visitors", {"date": "2026-11-05", "daypart": "evening", "visitors": "1"})
    address = f"/form/visitors/{gone.id}"
    assert phone.fill(address, action=f"{address}/withdraw").status_code == 303
    found = asked(phone.fill(FORM, CLOSED).text)
    assert [day[0] for day in found] == ["maandag 2 november", "dinsdag 3 november"]
    assert [line.split(":")[0] for line in found[0][1:]] == ["Openingstijd"]
    assert [line.split(":")[0] for line in found[1][1:]] == ["Bezoekers", "Uren van vrijwilligers"]


def test_days_without_a_record_are_not_asked_about(phone: Client, logged: str, kept: Any) -> None:
    given = CLOSED | {"from": "2026-11-04", "until": "2026-11-30"}
    assert phone.fill(FORM, given).status_code == 303
    assert len(kept("form_closure")) == 1


def test_a_tick_holds_for_what_was_shown_only(
    phone: Client, logged: str, send: Any, kept: Any
) -> None:
    answer = phone.fill(FORM, CLOSED)
    sure = {SURE: token(answer.text)}
    send("OP-01", "visitors", {"date": "2026-11-04", "daypart": "morning", "visitors": "2"})
    again = phone.send(answer, sure, action=FORM)
    assert (again.status_code, kept("form_closure")) == (422, [])
    assert len(asked(again.text)) == 2
    assert phone.send(again, {SURE: "yes"}, action=FORM).status_code == 422
    assert phone.send(again, {SURE: token(again.text)}, action=FORM).status_code == 303


def test_a_closure_that_is_made_longer_is_asked_back_too(
    phone: Client, logged: str, kept: Any
) -> None:
    later = CLOSED | {"from": "2026-11-04"}
    address = phone.fill(FORM, later).location.removesuffix("/saved")
    answer = phone.fill(address, {"from": "2026-11-02"})
    assert (answer.status_code, kept("form_closure")[0]["from"]) == (422, "2026-11-04")
    done = phone.send(answer, {SURE: token(answer.text)}, action=address)
    assert (done.status_code, kept("form_closure")[0]["from"]) == (303, "2026-11-02")


@pytest.mark.parametrize(("days", "said"), [(7, ""), (8, "En nog 1 dag."), (9, "En nog 2 dagen.")])
def test_of_many_days_the_first_are_shown(phone: Client, send: Any, days: int, said: str) -> None:
    for back in range(days):
        day = (MOMENT.date() - dt.timedelta(days=back)).isoformat()
        send("OP-01", "visitors", {"date": day, "daypart": "morning", "visitors": "1"})
    given = CLOSED | {"from": "2026-10-01", "until": "2026-11-30"}
    answer = phone.fill(FORM, given)
    assert len(asked(answer.text)) == 7
    assert ("En nog" in answer.text) == bool(said) and said in answer.text


def test_a_mistake_is_mended_before_anything_is_doubted(phone: Client, logged: str) -> None:
    answer = phone.fill(FORM, CLOSED | {"closed_reason": None})
    assert answer.status_code == 422
    assert "Kies waarom u dicht bent." in answer.text
    assert asked(answer.text) == []
