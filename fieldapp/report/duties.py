"""The dates that the programme office must not miss, and the calendar (RFC 5545) of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel.dates import format_date

from fieldapp.report import ical, opening
from fieldapp.report.period import months_before
from fieldapp.settings import Settings

_HALF_A_YEAR = 6  # months between the proposal for structural funding and the end of the funding


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done or known on a day, or from a day to another."""

    key: str
    since: dt.date
    until: dt.date
    title: str
    about: str


def due_day(month: dt.date, settings: Settings) -> dt.date:
    """Until when the month that begins on `month` can change: so many working days after it."""
    day, found = _next(month), 0
    while True:
        if day.weekday() < 5 and not opening.is_holiday(day):
            found += 1
            if found == settings.month_due:
                return day
        day += dt.timedelta(days=1)


def duties(settings: Settings, today: dt.date) -> Sequence[Duty]:
    """Every date from the month before `today` until the deal is over and told of, in order."""
    since = months_before(today, 1).replace(day=1)
    found = [*_months(settings, since), *_reports(settings, today.year), *_ends(settings)]
    return sorted(
        (each for each in found if each.until >= since), key=lambda each: (each.since, each.key)
    )


def calendar(settings: Settings, made_at: dt.datetime) -> bytes:
    """The calendar of `duties`, as the file is sent."""
    events = [
        line
        for duty in duties(settings, made_at.date())
        for line in (
            "BEGIN:VEVENT",
            f"UID:{duty.key}@{settings.host}",
            f"DTSTAMP:{ical.utc(made_at)}",
            f"DTSTART;VALUE=DATE:{duty.since:%Y%m%d}",
            f"DTEND;VALUE=DATE:{duty.until + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{ical.text(duty.title)}",
            *([f"DESCRIPTION:{ical.text(duty.about)}"] if duty.about else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        )
    ]
    return ical.calendar("Regio Deal: data", "duties", events, settings)


def _months(settings: Settings, since: dt.date) -> Iterator[Duty]:
    """The end of each month of the deal, and the day until when it can change."""
    month = since
    while month <= settings.deal_until:
        name = format_date(month, "MMMM y", locale="nl")
        yield _on(
            f"month-{month:%Y-%m}",
            _next(month) - dt.timedelta(days=1),
            f"Einde van {name}",
            "Vanaf morgen kan deze maand worden gesloten.",
        )
        yield _on(
            f"due-{month:%Y-%m}",
            due_day(month, settings),
            f"{name[:1].upper()}{name[1:]}: laatste dag om in te vullen",
            "Plekken kunnen deze maand tot en met vandaag veranderen. "
            "Kijk daarna wat er ontbreekt en sluit de maand.",
        )
        month = _next(month)


def _reports(settings: Settings, since: int) -> Iterator[Duty]:
    """What article 8 asks each year; the last report is about the last year of the deal."""
    for year in range(max(since, settings.deal_from.year), settings.deal_until.year + 2):
        yield _on(
            f"concept-{year}",
            dt.date(year, 6, 15),
            f"Vóór vandaag klaar: concept van het verslag van {year}",
            "Artikel 8: het concept van het voortgangsverslag is klaar vóór 15 juni.",
        )
        yield _on(
            f"minister-{year}",
            dt.date(year, 7, 15),
            f"Vóór vandaag naar de minister: verslag van {year}",
            "Artikel 8: het verslag gaat vóór 15 juli naar de minister, "
            "bij de rapportage over het NPLV.",
        )
        yield Duty(
            f"meeting-{year}",
            dt.date(year, 9, 1),
            dt.date(year, 9, 30),
            f"In september: het verslag van {year} bespreken",
            "Artikel 8: het verslag wordt in september besproken. Prik een dag.",
        )


def _ends(settings: Settings) -> Iterator[Duty]:
    """Where the money and the deal end, and what is to be there before."""
    yield _on(
        "proposal",
        months_before(settings.funding_until, _HALF_A_YEAR),
        "Laatste dag: voorstel voor structurele financiering",
        "Artikel 4, 1.1.3: uiterlijk een half jaar voor het einde van de financiering.",
    )
    yield _on("funding", settings.funding_until, "Laatste dag van de financiering", "")
    yield _on("deal", settings.deal_until, "Laatste dag van de Regio Deal", "")


def _on(key: str, day: dt.date, title: str, about: str) -> Duty:
    return Duty(key, day, day, title, about)


def _next(month: dt.date) -> dt.date:
    """The first day of the month after the one that `month` lies in."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
