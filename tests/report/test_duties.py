"""The dates of the deal: month ends and due days, article 8, the ends; read by another parser."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from icalendar import Calendar

from fieldapp.report import duties
from fieldapp.settings import Settings
from tests.conftest import MOMENT

SETTINGS = Settings(public_url="https://veld.example.nl")
TODAY = dt.date(2026, 11, 20)


def days(settings: Settings = SETTINGS, today: dt.date = TODAY) -> dict[str, dt.date]:
    """The first day of each date by its key."""
    return {each.key: each.since for each in duties.duties(settings, today)}


def test_every_duty_is_on_its_day() -> None:
    found = days()
    assert found["month-2026-10"] == dt.date(2026, 10, 31)
    assert found["due-2026-10"] == dt.date(2026, 11, 6)
    assert found["month-2027-12"] == dt.date(2027, 12, 31)
    assert found["due-2027-12"] == dt.date(2028, 1, 7)
    assert found["concept-2027"] == dt.date(2027, 6, 15)
    assert found["minister-2027"] == dt.date(2027, 7, 15)
    assert found["meeting-2027"] == dt.date(2027, 9, 1)
    assert found["proposal"] == dt.date(2027, 6, 30)
    assert found["funding"] == found["deal"] == dt.date(2027, 12, 31)
    assert {"concept-2028", "minister-2028", "meeting-2028"} <= set(found)  # of the last year
    assert not {"month-2026-09", "month-2028-01", "concept-2026", "concept-2029"} & set(found)
    assert list(found.values()) == sorted(found.values())


def test_settings_move_the_dates() -> None:
    later = replace(
        SETTINGS,
        deal_until=dt.date(2029, 3, 31),
        funding_until=dt.date(2028, 8, 31),
        month_due=1,
    )
    found = days(later)
    assert found["deal"] == dt.date(2029, 3, 31)
    assert found["proposal"] == dt.date(2028, 2, 29)
    assert found["due-2026-11"] == dt.date(2026, 12, 1)
    assert "month-2029-03" in found and "month-2029-04" not in found
    assert "concept-2030" in found and "concept-2031" not in found


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2026-12-01", "2027-01-08"),  # New Year's Day is no working day
        ("2026-03-01", "2026-04-08"),  # nor is Easter Monday
        ("2026-10-01", "2026-11-06"),
        ("2026-10-31", "2026-11-06"),
    ],
)
def test_the_due_day_is_the_fifth_working_day(month: str, last: str) -> None:
    found = duties.due_day(dt.date.fromisoformat(month), SETTINGS)
    assert found.isoformat() == last


def test_long_after_the_deal_nothing_is_left() -> None:
    assert days(today=dt.date(2031, 1, 1)) == {}
    text = duties.calendar(SETTINGS, dt.datetime(2031, 1, 1, tzinfo=dt.UTC))
    assert list(Calendar.from_ical(text).walk("VEVENT")) == []


def test_another_program_reads_the_calendar() -> None:
    text = duties.calendar(SETTINGS, MOMENT)
    read = Calendar.from_ical(text)
    assert (read["VERSION"], read["X-WR-CALNAME"]) == ("2.0", "Regio Deal: data")
    assert read["X-WR-CALDESC"] == SETTINGS.acknowledgement
    events = {str(event["UID"]): event for event in read.walk("VEVENT")}
    assert len(events) == len(days())
    concept = events["concept-2027@veld.example.nl"]
    assert concept["DTSTART"].dt == dt.date(2027, 6, 15)
    assert concept["DTEND"].dt == dt.date(2027, 6, 16)
    assert concept["DTSTAMP"].dt == MOMENT
    assert concept["SUMMARY"] == "Vóór vandaag klaar: concept van het verslag van 2027"
    assert "15 juni" in concept["DESCRIPTION"]
    september = events["meeting-2027@veld.example.nl"]
    assert (september["DTSTART"].dt, september["DTEND"].dt) == (
        dt.date(2027, 9, 1),
        dt.date(2027, 10, 1),
    )
    assert {str(event["TRANSP"]) for event in events.values()} == {"TRANSPARENT"}
    lines = text.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert duties.calendar(SETTINGS, MOMENT) == text
