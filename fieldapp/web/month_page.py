"""Uw maand op één A4: what a place did in a month, in large figures, for on its wall."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.dates import get_day_names
from babel.numbers import format_decimal
from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup

from fieldapp.errors import BadRequest
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.report.month import Month, months
from fieldapp.report.period import Period, bounds, period, so_far
from fieldapp.report.svg import bars
from fieldapp.web import language
from fieldapp.web.access import paired, phone_desk, signed_in
from fieldapp.web.hours import own_place
from fieldapp.web.instance import instance

blueprint = Blueprint("month_page", __name__)

_FIGURES: Mapping[str, tuple[str, str]] = {
    "visits": ("bezoeken", "visits"),
    "hours_open": ("uren open", "hours open"),
    "volunteers": ("vrijwilligers", "volunteers"),
    "volunteer_hours": ("uren hulp van vrijwilligers", "hours of help by volunteers"),
    "participants": ("deelnemers", "people who took part"),
    "participant_hours": ("uren werk van deelnemers", "hours of work by participants"),
    "days_open": ("dagen open", "days open"),
}
"""How the sheet calls each figure; it is Dutch with English, whatever the screen is."""

_MOST = 6  # figures that one sheet has room for


@blueprint.get("/month")
@paired
def page() -> str:
    """The month of this place, to print."""
    desk = phone_desk()
    over = _asked()
    return _page([own_place()], over, lambda name: desk.stay(f"/month?month={name}"), desk.back)


@blueprint.get("/office/month-pages")
@signed_in("office", "reader")
def pages() -> str:
    """The month of one place, or of all that took part in it."""
    over, wanted = _asked(), request.args.get("place") or None
    with instance().store.read() as connection:
        places = [
            place
            for place in completeness.places(connection, wanted, over.end)
            if any(place.active(day.isoformat()) for day in (over.start, over.end))
        ]
    return _page(
        places,
        over,
        lambda name: url_for("month_page.pages", month=name, place=wanted),
        "/office/places",
    )


def _asked() -> Period:
    """The month that the address names, else the last one that is over."""
    today = instance().now().date()
    wanted = request.args.get("month") or f"{_before(today):%Y-%m}"
    with contextlib.suppress(BadRequest):
        over = period(wanted, today)
        if over.start.month == over.end.month:
            return over
    raise BadRequest("Kies een maand, bijvoorbeeld 2026-10.")


def _before(day: dt.date) -> dt.date:
    """The first day of the month before that of `day`."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def _page(places: Sequence[Place], over: Period, address: Callable[[str], str], back: str) -> str:
    app = instance()
    today = app.now().date()
    found = _told(over, today)
    named = so_far(over, today)
    after = bounds("month", over.end + dt.timedelta(days=1))[0]
    beside = [_before(over.start), *([after] if after <= today else [])]
    return render_template(
        "print/month.html",
        sheets=[_sheet(place, found.get(place.code, Month())) for place in places],
        month={"nl": named.title, "en": named.title_en},
        others=[(address(f"{day:%Y-%m}"), language.month_name(day)) for day in beside],
        back=back,
    )


def _told(over: Period, today: dt.date) -> Mapping[str, Month]:
    """What every place did in a month, measured again once anything was written."""
    app = instance()
    return app.walls.get(
        (app.stands(), over.start, over.end, today),
        lambda: months(app.store, app.settings, app.workbooks, over, today),
    )


def _sheet(place: Place, month: Month) -> Mapping[str, Any]:
    return {
        "place": place.name,
        "figures": [
            {
                "number": _number(month.figures[name]),
                "nl": dutch,
                "en": english,
            }
            for name, (dutch, english) in _FIGURES.items()
            if name in month.figures
        ][:_MOST],
        "charts": [chart for chart in (_days(place, month), _things(place, month)) if chart],
    }


def _days(place: Place, month: Month) -> Mapping[str, Any] | None:
    """The days of the week, with the visits, or else the hours that the place was open."""
    told = month.visits or month.hours
    name = (
        ("Bezoeken per dag", "Visits by day")
        if month.visits
        else ("Uren open per dag", "Hours open by day")
    )
    days = get_day_names("wide", locale="nl")
    pairs = [(days[day].capitalize(), told[day]) for day in range(7) if told.get(day)]
    return _chart(*name, place, pairs)


def _things(place: Place, month: Month) -> Mapping[str, Any] | None:
    """What people worked on, or else what there was to do."""
    if worked := month.lists.get("tasks"):
        return _chart("Uren werk", "Hours of work", place, worked)
    done = month.lists.get("activities", ())
    return _chart("Wat er te doen was (dagdelen)", "What was going on (dayparts)", place, done)


def _chart(
    title: str, english: str, place: Place, pairs: Sequence[tuple[str, float]]
) -> Mapping[str, Any] | None:
    if not pairs:
        return None
    drawn = bars(title, f"{place.name}.", pairs, _number)
    return {"nl": title, "en": english, "svg": Markup(drawn)}  # noqa: S704  (bars escapes)


def _number(value: float | None) -> str:
    return str(format_decimal(round(value or 0), locale="nl"))
