"""The calendar of opening hours, read back by a parser that is not ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from fieldapp.report.completeness import Day, Place
from fieldapp.report.feed import calendar
from fieldapp.settings import Settings

HERE = Place("OP-01", "Ontmoetingsplek 1", "meeting_place", "bouwlust", "2025-01-01", "")
ZONE = ZoneInfo("Europe/Amsterdam")
MADE = dt.datetime(2026, 11, 20, 10, tzinfo=ZONE)
SETTINGS = Settings(public_url="https://veld.example.nl")

Blocks = Sequence[tuple[str, str]]


def day(date: str, *blocks: tuple[str, str], reason: str = "") -> Day:
    return Day("OP-01", date, "Mo-Su 09:00-17:00", tuple(blocks), reason)


def made(*days: Day, place: Place = HERE, settings: Settings = SETTINGS) -> str:
    return calendar(place, days, settings, MADE).decode()


def events(text: str) -> list[Event]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def spans(text: str) -> list[tuple[dt.datetime, dt.datetime]]:
    return [(event["DTSTART"].dt, event["DTEND"].dt) for event in events(text)]


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_day_with_two_blocks_is_two_events() -> None:
    text = made(day("2026-11-25", ("09:00", "17:00"), ("19:00", "21:30")))
    assert spans(text) == [
        (utc("2026-11-25T08:00"), utc("2026-11-25T16:00")),
        (utc("2026-11-25T18:00"), utc("2026-11-25T20:30")),
    ]
    for nth, event in enumerate(events(text), 1):
        assert event["SUMMARY"] == "Open: Ontmoetingsplek 1"
        assert event["UID"] == f"OP-01-2026-11-25-{nth}@veld.example.nl"
        assert event["DTSTAMP"].dt == MADE
        assert event["TRANSP"] == "TRANSPARENT"
    assert all(line.endswith("Z") for line in text.split("\r\n") if line.startswith("DT"))


def test_a_calendar_says_what_it_is_and_how_often_to_look() -> None:
    read = Calendar.from_ical(made(day("2026-11-25", ("09:00", "17:00"))))
    assert (read["VERSION"], read["CALSCALE"]) == ("2.0", "GREGORIAN")
    assert read["PRODID"]
    assert read["X-WR-CALNAME"] == "Openingstijden Ontmoetingsplek 1"
    assert read["REFRESH-INTERVAL"].dt == dt.timedelta(days=1)
    assert read["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert read["X-PUBLISHED-TTL"] == "P1D"
    assert read["X-WR-CALDESC"] == read["DESCRIPTION"] == SETTINGS.acknowledgement


def test_closed_days_are_left_out() -> None:
    shut = [
        day("2026-12-25", reason="holiday"),
        day("2026-12-28", ("09:00", "17:00"), reason="closure"),
        day("2026-12-27"),
    ]
    assert len(spans(made(*shut, day("2026-12-29", ("09:00", "17:00"))))) == 1


def test_a_calendar_without_events_is_still_one() -> None:
    read = Calendar.from_ical(made(day("2026-12-25", reason="holiday")))
    assert list(read.walk("VEVENT")) == []
    assert [part.name for part in read.subcomponents] == ["VTIMEZONE"]


@pytest.mark.parametrize(
    ("date", "block", "start", "until"),
    [
        # the last Sunday of March: 02:00 becomes 03:00
        ("2027-03-28", ("00:30", "01:30"), "2027-03-27T23:30", "2027-03-28T00:30"),
        ("2027-03-28", ("01:00", "04:00"), "2027-03-28T00:00", "2027-03-28T02:00"),
        ("2027-03-28", ("09:00", "17:00"), "2027-03-28T07:00", "2027-03-28T15:00"),
        ("2027-03-28", ("20:00", "24:00"), "2027-03-28T18:00", "2027-03-28T22:00"),
        ("2027-03-27", ("20:00", "24:00"), "2027-03-27T19:00", "2027-03-27T23:00"),
        # the last Sunday of October: 03:00 becomes 02:00
        ("2026-10-25", ("01:00", "04:00"), "2026-10-24T23:00", "2026-10-25T03:00"),
        ("2026-10-25", ("09:00", "17:00"), "2026-10-25T08:00", "2026-10-25T16:00"),
        ("2026-10-24", ("20:00", "24:00"), "2026-10-24T18:00", "2026-10-24T22:00"),
        ("2026-10-25", ("00:00", "24:00"), "2026-10-24T22:00", "2026-10-25T23:00"),
        # and midnight at the end of a year
        ("2026-12-31", ("20:00", "24:00"), "2026-12-31T19:00", "2026-12-31T23:00"),
    ],
)
def test_hours_are_right_on_the_nights_the_clock_changes(
    date: str, block: tuple[str, str], start: str, until: str
) -> None:
    assert spans(made(day(date, block))) == [(utc(start), utc(until))]


def test_an_hour_that_the_clock_skips_is_no_event() -> None:
    text = made(day("2027-03-28", ("02:30", "03:00"), ("09:00", "17:00")))
    assert spans(text) == [(utc("2027-03-28T07:00"), utc("2027-03-28T15:00"))]
    assert events(text)[0]["UID"].startswith("OP-01-2027-03-28-2@")


def test_another_time_zone_is_kept_to() -> None:
    there = replace(SETTINGS, timezone="America/New_York")
    (span,) = spans(made(day("2026-11-25", ("09:00", "17:00")), settings=there))
    assert span == (utc("2026-11-25T14:00"), utc("2026-11-25T22:00"))


@pytest.mark.parametrize(
    "name",
    [
        "Thuis; bij Zoë, Ömer & İrem \\ de buurt",
        "Regel\neen\nBEGIN:VEVENT",
        '\'t Hoekje "van" de straat: open',
        "ك" * 80,
        "🏠" * 40,
        "x" * 75,
    ],
)
def test_any_name_comes_back_whole_in_lines_of_75_octets(name: str) -> None:
    text = made(day("2026-11-25", ("09:00", "17:00")), place=replace(HERE, name=name))
    assert [event["SUMMARY"] for event in events(text)] == [f"Open: {name}"]
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        line.decode()  # no character is cut in two
    assert len([line for line in lines if line.startswith(b"BEGIN:VEVENT")]) == 1


def test_what_cannot_stand_in_a_calendar_falls_out() -> None:
    text = made(day("2026-11-25", ("09:00", "17:00")), place=replace(HERE, name="A\x00\x07\x7fB"))
    assert events(text)[0]["SUMMARY"] == "Open: AB"
