"""Tally sheets: a week of a place on paper, in the order of its page, to take over by phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from flask import Blueprint, render_template, request, url_for

from fieldapp.keep import phone
from fieldapp.keep.store import Write
from fieldapp.report import completeness
from fieldapp.report.completeness import Day, Place
from fieldapp.web.access import paired, phone_desk, signed_in, the_account
from fieldapp.web.hours import active_places, own_place, spans
from fieldapp.web.instance import instance
from fieldapp.web.poster import WEEK, drawn
from fieldapp.web.week_sheet import Week, week

blueprint = Blueprint("tally", __name__)

AHEAD = dt.timedelta(days=366)
"""How far ahead of its week a sheet can be printed."""

_REASONS: Mapping[str, str] = {
    "closure": "langer dicht",
    "holiday": "feestdag",
    "no_schedule": "geen rooster",
    "not_active": "doet niet mee",
}


@dataclass(frozen=True)
class Row:
    """One day on the sheet."""

    name: str
    date: str
    hours: Sequence[str]
    """A line per block, or why the place is not open by its schedule."""
    is_open: bool


@blueprint.get("/tally")
@paired
def sheet() -> str:
    """The sheet of this place for one week, to print."""
    app, desk = instance(), phone_desk()
    over = _week()
    with app.store.write(desk.actor, app.now()) as write:
        made = sheet_of(write, own_place(), over)
    return _page([made], over, lambda name: desk.stay(f"/tally?week={name}"), desk.back)


@blueprint.get("/office/tallies")
@signed_in("office")
def sheets() -> str:
    """The sheets of one place, or of all that take part, for one week."""
    app, who = instance(), the_account()
    over = _week()
    places = active_places()
    with app.store.write(f"account:{who.id}", app.now()) as write:
        made = [sheet_of(write, place, over) for place in places]
    wanted = request.args.get("place")
    return _page(
        made,
        over,
        lambda name: url_for("tally.sheets", week=name, place=wanted),
        "/office/places",
    )


def _week() -> Week:
    today = instance().now().date()
    return week(request.args.get("week") or week("", today).text, today + AHEAD)


def _page(
    sheets: Sequence[Mapping[str, Any]], over: Week, address: Callable[[str], str], back: str
) -> str:
    beside = over.before, over.after(instance().now().date() + AHEAD)
    others = [(address(each.text), each) for each in beside if each]
    return render_template("print/tally.html", sheets=sheets, week=over, others=others, back=back)


def sheet_of(write: Write, place: Place, over: Week) -> Mapping[str, Any]:
    """What stands on the tally sheet of a place for one week."""
    code = phone.poster_code(write, place.code, WEEK)
    address = f"{instance().settings.public_url}/Q/{code}/{over.text}"
    found = completeness.days(write.connection, [place], over.monday, over.sunday)
    month = "d" if over.monday.month == over.sunday.month else "d MMMM"
    return {
        "place": place.name,
        "dates": f"{_date(over.monday, month)} tot en met {_date(over.sunday, 'd MMMM y')}",
        "dayparts": _dayparts(place),
        "days": [_row(day) for day in found],
        "qr": drawn(address.upper()),
        "address": address.split("://", 1)[1],
    }


def _row(day: Day) -> Row:
    date = dt.date.fromisoformat(day.date)
    closed = _REASONS.get(day.reason) or spans((), "nl")
    hours = [spans([block], "nl") for block in day.blocks] if day.is_open else [closed]
    return Row(_date(date, "EEEE").capitalize(), _date(date, "d MMMM"), hours, day.is_open)


def _dayparts(place: Place) -> Sequence[str]:
    """What the columns are called, in the order of the form; none where no visitors are counted."""
    form = instance().forms.get("visitors")
    if form is None or place.kind not in form.places:
        return []
    return [choice.label["nl"] for choice in form.questions["daypart"].choices]


def _date(day: dt.date, pattern: str) -> str:
    """The sheet is Dutch, whatever the screen is."""
    return format_date(day, pattern, locale="nl")
