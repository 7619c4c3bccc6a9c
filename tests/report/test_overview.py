"""The overview: how each day of a place stands, and who has been silent.

The places of the small world have hours on weekdays, 9 to 5, OP-01 on Wednesday evening too; it is
Friday 20 November 2026. Of a weekday an opening time and two visitor counts are looked at here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.keep import phone as phones
from fieldapp.keep.store import Store
from fieldapp.report import completeness, overview
from fieldapp.report.overview import Line, Square
from fieldapp.report.period import period
from fieldapp.settings import Settings
from tests.conftest import MOMENT, SINCE

Send = Callable[..., Any]

FORMS = ("opening", "visitors", "month_report", "year_report")
OPEN = {"open": "yes", "open_from": "09:00", "open_until": "17:00"}


def lines_of(
    store: Store, month: str = "2026-11", now: dt.datetime = MOMENT, **forms: Any
) -> Mapping[str, Line]:
    asked = forms or {name: store.forms[name] for name in FORMS}
    with store.read() as connection:
        places = completeness.places(connection)
        over = period(month, now.date())
        found = overview.overview(connection, asked, Settings(), places, over, now)
    return {line.place.code: line for line in found}


def days_of(store: Store, place: str = "OP-01", **how: Any) -> Mapping[int, Square]:
    return {int(each.date[8:]): each for each in lines_of(store, **how)[place].squares}


@pytest.fixture
def day(send: Send) -> Callable[..., list[str]]:
    """Logs an opening time and the visitors of some dayparts; gives the ids."""

    def logged(date: str, *parts: str, place: str = "OP-01", opened: bool = True) -> list[str]:
        made = [send(place, "opening", {"date": date} | OPEN)] if opened else []
        for part in parts:
            visit = {"date": date, "daypart": part, "visitors": "3"}
            made.append(send(place, "visitors", visit))
        return [receipt.id for receipt in made]

    return logged


def correct(store: Store, form: str, row: str) -> None:
    with store.write("test", MOMENT) as write:
        write.connection.execute(
            "INSERT INTO correction (form, row, action, at, account, reason) "
            "VALUES (?, ?, 'change', '2026-11-20T09:00:00Z', 1, 'De plek belde.')",
            (form, row),
        )


def test_how_each_day_stands(small: Store, send: Send, day: Callable[..., Any]) -> None:
    day("2026-11-02", "morning", "afternoon")
    day("2026-11-03", "morning")
    shut = {"from": "2026-11-05", "until": "2026-11-06", "closed_reason": "vacation"}
    send("OP-01", "closure", shut)
    send("OP-01", "opening", {"date": "2026-11-09", "open": "no", "closed_reason": "vacation"})
    day("2026-11-07", opened=True)  # a Saturday
    day("2026-11-10", "morning", "afternoon", place="OP-02")
    found = days_of(small)
    assert {number: square.state for number, square in found.items()} == {
        1: "free", 2: "received", 3: "partly", 4: "missing", 5: "closed", 6: "closed", 7: "extra",
        8: "free", 9: "closed", 10: "missing", 11: "missing", 12: "missing", 13: "missing",
        14: "free", 15: "free", 16: "missing", 17: "missing", 18: "missing", 19: "missing",
        20: "later", 21: "free", 22: "free", 23: "later", 24: "later", 25: "later", 26: "later",
        27: "later", 28: "free", 29: "free", 30: "later",
    }  # fmt: skip
    assert (found[3].received, found[3].wanted) == (2, 3)
    assert (found[4].received, found[4].wanted) == (0, 4)  # with the evening
    assert (found[7].received, found[7].wanted) == (0, 0)


def test_today_is_not_missing_and_can_be_in(small: Store, day: Callable[..., Any]) -> None:
    day("2026-11-20", "morning")
    line = lines_of(small)["OP-01"]
    assert line.squares[19].state == "later"
    assert (line.squares[19].received, line.squares[19].wanted) == (2, 3)
    assert sum(line.received.values()) == 0  # what is not over is not counted
    day("2026-11-20", "afternoon", opened=False)
    assert days_of(small)[20].state == "received"
    tomorrow = MOMENT + dt.timedelta(days=1)
    line = lines_of(small, now=tomorrow)["OP-01"]
    assert sum(line.received.values()) == 3
    before = lines_of(small, now=tomorrow)["OP-02"]
    assert before.squares[19].state == "missing"


def test_a_holiday_and_a_closure_ahead_are_closed(small: Store, send: Send) -> None:
    assert days_of(small, month="2026-04")[27].state == "closed"  # a Monday
    assert days_of(small, month="2026-04")[28].state == "missing"
    shut = {"from": "2026-11-24", "until": "2026-11-29", "closed_reason": "vacation"}
    send("OP-01", "closure", shut)
    found = days_of(small)
    assert [found[number].state for number in (23, 24, 27, 28, 30)] == [
        "later", "closed", "closed", "free", "later"
    ]  # fmt: skip


def test_nothing_is_asked_before_a_place_begins_or_without_hours(small: Store, send: Send) -> None:
    for code, since in (("OP-08", "2026-11-10"), ("OP-09", "2025-01-01")):
        send(None, "place", {
            "code": code, "name": code, "kind": "meeting_place", "wijk": "moerwijk",
            "active_from": since,
        })  # fmt: skip
    week = {"valid_from": SINCE, "mo_from": "09:00", "mo_until": "12:00"}
    send("OP-08", "schedule", week)
    found = days_of(small, "OP-08")
    assert [found[number].state for number in (2, 9, 16, 23)] == [
        "free",
        "free",
        "missing",
        "later",
    ]
    assert {each.state for each in days_of(small, "OP-09").values()} == {"free"}


def test_doubles_and_corrections_are_counted_on_their_day(
    small: Store, send: Send, day: Callable[..., Any], withdraw: Callable[..., None]
) -> None:
    opening, morning = day("2026-11-02", "morning")
    day("2026-11-02", "morning", "morning", opened=False)
    (_, gone) = day("2026-11-03", "morning")
    correct(small, "visitors", morning)
    correct(small, "visitors", morning)
    correct(small, "opening", opening)
    correct(small, "visitors", gone)
    withdraw("visitors", gone)
    (before,) = day("2026-10-30", "morning", opened=False)
    correct(small, "visitors", before)
    day("2026-10-30", "morning", opened=False)
    found = days_of(small)
    marks = {n: (s.doubles, s.corrected) for n, s in found.items() if s.doubles or s.corrected}
    assert marks == {2: (2, 2)}
    assert found[2].state == "partly"  # two of three in: what is marked still says how it stands
    line = lines_of(small)["OP-01"]
    assert (line.doubles, line.month.doubles) == (2, 0)
    assert lines_of(small)["OP-02"].doubles == 0
    assert lines_of(small, month="2026-10")["OP-01"].doubles == 1


def test_a_month_has_a_square_of_its_own(small: Store, send: Send) -> None:
    told = {"month": "2026-10-01", "worked": "De taalles."}
    first = send("OP-01", "month_report", told)
    send("OP-01", "month_report", told | {"worked": "De tuin."})
    correct(small, "month_report", first.id)
    october = lines_of(small, month="2026-10")
    assert october["OP-01"].month == Square("2026-10-01", "received", 1, 1, 1, 1)
    assert october["OP-02"].month == Square("2026-10-01", "missing", 0, 1)
    assert lines_of(small)["OP-01"].month.state == "later"
    assert lines_of(small, month="2026-09")["OP-01"].month == Square("2026-09-01", "missing", 0, 1)
    last = dt.datetime(2026, 10, 31, 12, 0, tzinfo=MOMENT.tzinfo)
    assert lines_of(small, month="2026-10", now=last)["OP-02"].month.state == "later"
    assert october["OP-01"].squares[0].doubles == 0  # not the first of October
    assert october["OP-01"].squares[0].state == "missing"


def test_a_year_is_asked_in_december(small: Store, send: Send) -> None:
    send("OP-01", "year_report", {"year": "2025-01-01", "outlook": "Meer taalles."})
    send("OP-01", "year_report", {"year": "2025-01-01", "outlook": "Minder."})
    found = lines_of(small, month="2025-12")
    assert found["OP-01"].month == Square("2025-12-01", "partly", 1, 2, 1)
    assert found["OP-02"].month == Square("2025-12-01", "missing", 0, 2)
    assert lines_of(small, month="2025-01")["OP-01"].month.doubles == 0
    without = {"opening": small.forms["opening"]}
    assert lines_of(small, month="2025-12", **without)["OP-01"].month.state == "free"


def test_it_counts_what_completeness_expects(small: Store, day: Callable[..., Any]) -> None:
    day("2026-11-02", "morning", "afternoon")
    day("2026-11-18", "evening", opened=False)
    found = lines_of(small)
    with small.read() as connection:
        places = completeness.places(connection)
        asked = {name: small.forms[name] for name in FORMS}
        until = MOMENT.date() - dt.timedelta(days=1)
        due = list(
            completeness.expected(
                connection, asked, Settings(), places, until.replace(day=1), until
            )
        )
    assert sum(sum(line.wanted.values()) for line in found.values()) == len(due)
    assert found["OP-01"].received == {"opening": 1, "visitors": 3}
    assert found["OP-01"].missing == sum(e.place == "OP-01" and not e.received for e in due)
    assert found["IE-01"].wanted.get("visitors", 0) == 0  # pilots do not count visitors


@pytest.mark.parametrize(
    ("told", "silent"), [("2026-11-14", 0), ("2026-11-13", 7), ("2026-11-09", 11)]
)
def test_a_place_is_silent_after_a_week(
    small: Store, day: Callable[..., Any], told: str, silent: int
) -> None:
    day(told)
    line = lines_of(small)["OP-01"]
    assert (line.told, line.silent) == (told, silent)
    assert lines_of(small, month="2026-10")["OP-01"].silent == silent  # of now, not of the month


def test_a_place_that_was_not_to_be_open_is_not_silent(
    small: Store, send: Send, day: Callable[..., Any], withdraw: Callable[..., None]
) -> None:
    day("2026-11-06")
    shut = {"from": "2026-11-09", "until": "2026-11-30", "closed_reason": "vacation"}
    send("OP-01", "closure", shut)
    assert lines_of(small)["OP-01"].silent == 0
    never = lines_of(small)["OP-02"]
    since = (MOMENT.date() - dt.date.fromisoformat(SINCE)).days
    assert (never.told, never.silent) == ("", since)
    (row,) = day("2026-11-19", place="OP-02")
    assert lines_of(small)["OP-02"].silent == 0
    withdraw("opening", row)
    assert lines_of(small)["OP-02"].silent == since
    send(None, "place", {
        "code": "OP-09", "name": "Negen", "kind": "meeting_place", "wijk": "moerwijk",
        "active_from": SINCE, "active_until": "2026-11-12",
    })  # fmt: skip
    send("OP-09", "schedule", {"valid_from": SINCE, "mo_from": "09:00", "mo_until": "12:00"})
    gone = lines_of(small)["OP-09"]
    assert (gone.silent, gone.out_of_reach) == (0, False)


def test_a_phone_is_out_of_reach_after_a_week(small: Store) -> None:
    def pair(place: str, days: int) -> int:
        at = MOMENT - dt.timedelta(days=days)
        with small.write("test", at) as write:
            token, _ = phones.make_pairing(write, place, phones.ON_LETTER)
            phones.pair(small, write, token, "Ria", None)
            return int(write.connection.execute("SELECT max(id) FROM phone").fetchone()[0])

    old = pair("OP-01", 8)
    pair("OP-02", 7)
    found = lines_of(small)
    assert {code: line.out_of_reach for code, line in found.items()} == {
        "OP-01": True, "OP-02": False, "WB-01": False, "IE-01": False
    }  # fmt: skip
    assert (found["OP-01"].contact[:10], found["WB-01"].contact) == ("2026-11-12", "")
    new = pair("OP-01", 1)
    assert not lines_of(small)["OP-01"].out_of_reach
    with small.read() as connection:
        at = [number for number, _ in overview.phones(connection, "OP-01")]
    assert at == [new, old]
    with small.write("test", MOMENT) as write:
        phones.revoke(write, new)
    assert lines_of(small)["OP-01"].out_of_reach
    with small.read() as connection:
        assert [number for number, _ in overview.phones(connection, "OP-01")] == [old]


def test_a_thousand_places_ask_no_more_than_one(small: Store) -> None:
    asked: list[str] = []
    with small.read() as connection:
        places = completeness.places(connection)
        assert len(places) > 1
        counts = []
        connection.set_trace_callback(asked.append)
        for many in ([], places[:1], places, [replace(places[0], code=f"X{n}") for n in range(99)]):
            asked.clear()
            over = period("2026-11", MOMENT.date())
            overview.overview(connection, small.forms, Settings(), many, over, MOMENT)
            counts.append(len(asked))
        connection.set_trace_callback(None)
    assert len(set(counts)) == 1, counts
    assert counts[0] < 40
