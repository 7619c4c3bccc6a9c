"""Opening hours for others: what holds on a day, and the text that maps take over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report import completeness, opening
from fieldapp.report.hours import Hours, hours, notation
from tests.conftest import MOMENT, Send

TODAY = MOMENT.date()
WEEK = "Mo,Tu,Th,Fr 09:00-17:00; We 09:00-17:00,19:00-21:30; PH off"


def told(store: Store, place: str = "OP-01", day: dt.date = TODAY) -> Hours:
    with store.read() as connection:
        return hours(store, connection, completeness.places(connection, place)[0], day)


def closed(send: Send, since: str, until: str, place: str = "OP-01") -> str:
    raw = {"from": since, "until": until, "closed_reason": "vacation"}
    return send(place, "closure", raw).id


def test_the_hours_in_force_and_the_next(small: Store, send: Send) -> None:
    send("OP-01", "schedule", {"valid_from": "2027-01-04", "mo_from": "10:00", "mo_until": "16:00"})
    send("OP-01", "schedule", {"valid_from": "2027-02-01", "tu_from": "10:00", "tu_until": "16:00"})
    found = told(small)
    assert found.now and found.following
    assert found.now.valid_from == dt.date(2025, 1, 1)
    assert found.following.valid_from == dt.date(2027, 1, 4)
    assert found.following.week == ((("10:00", "16:00"),), (), (), (), (), (), ())
    there = told(small, day=dt.date(2027, 1, 4))
    assert there.now == found.following
    early = told(small, day=dt.date(2024, 12, 31))
    assert early.now is None
    assert early.shown == early.following == found.now


def test_closures_that_are_not_over_in_their_order(small: Store, send: Send) -> None:
    closed(send, "2026-11-01", "2026-11-19")  # over
    later = closed(send, "2027-07-19", "2027-07-30")
    busy = closed(send, "2026-11-01", "2026-11-20")  # until today
    closed(send, "2026-12-01", "2026-12-31", place="OP-02")
    gone = closed(send, "2027-05-03", "2027-05-03")
    form = small.forms["closure"]
    with small.write("test", MOMENT) as write:
        rows.withdraw(small, write, form, gone, 0, Origin("OP-01"))
    assert [each.row for each in told(small).closures] == [busy, later]
    assert told(small).closures[0].reason == "vacation"


def test_closures_that_touch_are_told_as_one(small: Store, send: Send) -> None:
    closed(send, "2026-12-21", "2026-12-31")
    closed(send, "2026-12-24", "2026-12-26")
    closed(send, "2027-01-01", "2027-01-03")
    closed(send, "2027-01-05", "2027-01-05")
    assert told(small).closed == [
        (dt.date(2026, 12, 21), dt.date(2027, 1, 3)),
        (dt.date(2027, 1, 5), dt.date(2027, 1, 5)),
    ]


def test_the_text_for_maps(small: Store, send: Send) -> None:
    assert notation(told(small)) == WEEK
    assert notation(told(small, "OP-02")) == "Mo-Fr 09:00-17:00; PH off"
    closed(send, "2026-11-24", "2026-11-24")
    closed(send, "2026-12-21", "2027-01-03")
    closed(send, "2027-07-19", "2027-08-01")
    assert notation(told(small)) == (
        f"{WEEK}; 2026 Nov 24 off; 2026 Dec 21-2027 Jan 03 off; 2027 Jul 19-Aug 01 off"
    )


def test_the_text_says_of_every_day_what_the_place_says(small: Store, send: Send) -> None:
    closed(send, "2026-12-21", "2027-01-03")
    closed(send, "2026-12-10", "2026-12-10")
    text = notation(told(small))
    assert opening.check(text)
    with small.read() as connection:
        places = completeness.places(connection, "OP-01")
        days = list(completeness.days(connection, places, TODAY, TODAY + dt.timedelta(days=200)))
    assert {day.reason for day in days} >= {"", "closure", "holiday"}
    for day in days:
        real = day.blocks if day.is_open else ()
        assert opening.day_blocks(text, dt.date.fromisoformat(day.date)) == real, day.date


def test_the_text_never_grows_longer_than_is_accepted(small: Store, send: Send) -> None:
    days = [TODAY + dt.timedelta(days=2 * nth) for nth in range(40)]
    for day in days:
        closed(send, day.isoformat(), day.isoformat())
    text = notation(told(small))
    assert 480 < len(text) <= opening.LONGEST
    assert opening.check(text)
    assert f"{opening.dated(days[0], days[0])}; {opening.dated(days[1], days[1])}" in text
    assert opening.dated(days[-1], days[-1]) not in text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "PH off"),
        ({"mo": "18:00-24:00"}, "Mo 18:00-24:00; PH off"),
        ({"sa": "10:00-12:00", "su": "10:00-12:00"}, "Sa,Su 10:00-12:00; PH off"),
        (
            {"mo": "09:00-12:00", "tu": "09:00-12:00", "we": "09:00-12:00", "fr": "09:00-12:00"},
            "Mo-We,Fr 09:00-12:00; PH off",
        ),
    ],
)
def test_each_week_in_as_few_rules_as_it_has_different_days(
    small: Store, send: Send, given: Mapping[str, str], text: str
) -> None:
    blocks = {day: block.split("-") for day, block in given.items()}
    raw = {f"{day}_{end}": time for day, (a, b) in blocks.items()
           for end, time in (("from", a), ("until", b))}  # fmt: skip
    spec = "; ".join(f"{day.title()} {block}" for day, block in given.items())
    found = told(small)
    assert found.now
    if "24:00" in spec:  # a phone's form has no 24:00; an import may
        found = replace(found, now=replace(found.now, spec=f"{spec}; PH off"))
    else:
        send("OP-01", "schedule", {"valid_from": "2026-11-20"} | raw)
        found = told(small)
    assert notation(found) == text
    assert opening.check(text)


def test_without_hours_there_is_no_text(small: Store) -> None:
    found = told(small)
    assert found.now
    assert notation(replace(found, now=None)) == ""
    assert notation(replace(found, now=replace(found.now, spec="always"))) == ""
    week: Sequence[object] = replace(found.now, spec="always").week
    assert list(week) == [()] * 7
