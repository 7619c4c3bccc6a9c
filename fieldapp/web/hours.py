"""Opening hours, filled in once: a calendar to subscribe to, a text for maps, a door poster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import format_date, get_day_names
from flask import Blueprint, Response, abort, make_response, render_template, request

from fieldapp.report import completeness, feed, hours
from fieldapp.report.completeness import Place
from fieldapp.report.hours import Closure, Hours, Schedule
from fieldapp.report.opening import Block
from fieldapp.web import language
from fieldapp.web.access import paired, phone_desk, signed_in
from fieldapp.web.desk import Desk
from fieldapp.web.instance import instance
from fieldapp.web.poster import drawn

blueprint = Blueprint("hours", __name__)

_AN_HOUR = "public, max-age=3600"
_NEAR = 183  # days within which a date needs no year
_MOST_CLOSURES = 3  # what a poster has room for: the first to come
_WORDS = {
    "nl": ("dicht", " en ", "."),
    "en": ("closed", " and ", ":"),
    "tr": ("kapalı", " ve ", "."),
    "ar": ("مغلق", " و", ":"),
    "pl": ("zamknięte", " i ", ":"),
}
"""How a language says closed, joins two blocks, and writes a time."""


@blueprint.get("/hours")
@paired
def share() -> str:
    """The opening hours of this place, and what they can be used for."""
    app, desk, place = instance(), phone_desk(), own_place()
    found = hours_on(place, app.now().date())
    return render_template(
        "hours.html",
        now=week(found.now, language.language()),
        following=week(found.following, language.language()),
        following_from=found.following.valid_from if found.following else None,
        closures=[_closure(desk, each) for each in found.closures],
        feed=f"{app.settings.public_url}/hours/{place.code}.ics",
        notation=hours.notation(found),
        stay=desk.stay,
    )


@blueprint.get("/hours/<place_code>.ics")
@blueprint.get("/H/<place_code>")
@blueprint.get("/h/<place_code>")
def calendar(place_code: str) -> Response:
    """The calendar of a place, for everybody; the short address is the one in QR codes."""
    app = instance()
    now = app.now()
    with app.store.read() as connection:
        place = next(iter(completeness.places(connection, place_code.upper())), None)
        if place is None or not place.active(now.date().isoformat()):
            abort(404)
        last = now.date() + dt.timedelta(weeks=feed.WEEKS, days=-1)
        days = completeness.days(connection, [place], now.date(), last)
        # To the hour, as long as it may be kept: the same hours are then the same file.
        made_at = now.replace(minute=0, second=0)
        response = make_response(feed.calendar(place, days, app.settings, made_at))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = _AN_HOUR
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/hours/poster")
@paired
def poster() -> str:
    """The poster for the door of this place; with `next` the one of the hours to begin."""
    desk, place = phone_desk(), own_place()
    found = hours_on(place, instance().now().date())
    if "next" in request.args and found.following:
        found = hours_on(place, found.following.valid_from)
    return _posters([found], desk.stay("/hours"))


@blueprint.get("/office/door-posters")
@signed_in("office", "reader")
def posters() -> str:
    """Door posters of one place, or of all that take part."""
    today = instance().now().date()
    return _posters([hours_on(each, today) for each in active_places()], "/office/places")


def own_place() -> Place:
    """The place that a page behind `paired` is for."""
    place = phone_desk().place
    assert place is not None  # noqa: S101  (a phone's desk has one)
    return place


def active_places() -> Sequence[Place]:
    """The place that an office page was asked for, or all, as far as they take part today."""
    app = instance()
    today = app.now().date().isoformat()
    with app.store.read() as connection:
        found = completeness.places(connection, request.args.get("place") or None)
    return [place for place in found if place.active(today)]


def hours_on(place: Place, day: dt.date) -> Hours:
    """What holds at a place on a day and after it."""
    app = instance()
    with app.store.read() as connection:
        return hours.hours(app.store, connection, place, day)


def week(schedule: Schedule | None, code: str) -> Sequence[tuple[str, str]]:
    """Each weekday with its hours in a language; nothing without a schedule."""
    if schedule is None:
        return []
    names = get_day_names("wide", locale=code)
    days = enumerate(schedule.week)
    return [(names[nth].capitalize(), spans(blocks, code)) for nth, blocks in days]


def spans(blocks: Sequence[Block], code: str) -> str:
    """Hours as a door says them: "9.00–17.00 en 19.00–21.30", or that it is closed."""
    closed, joint, point = _WORDS[code]
    clocks = ["–".join(_clock(clock, point) for clock in block) for block in blocks]
    return joint.join(clocks) or closed


def _clock(text: str, point: str) -> str:
    return text.removeprefix("0").replace(":", point)


def _closure(desk: Desk, closure: Closure) -> tuple[str, Closure, str]:
    """Where a closure can be changed, when it is, and why."""
    form = instance().forms["closure"]
    labels = {c.name: language.pick(c.label) for c in form.questions["closed_reason"].choices}
    return desk.url(form, closure.row), closure, labels.get(closure.reason, "")


def _posters(found: Sequence[Hours], back: str) -> str:
    made = [door(each) for each in found]
    return render_template("print/door.html", posters=made, back=back)


def door(found: Hours) -> dict[str, Any]:
    """What stands on the poster for the door of a place."""
    address = f"{instance().settings.public_url}/H/{found.place.code}"
    shown, begun = found.shown, found.now is not None
    return {
        "place": found.place.name,
        "days": list(zip(week(shown, "nl"), week(shown, "en"), strict=True)),
        "since": _both(shown.valid_from) if shown and not begun else None,
        "changes": _both(found.following.valid_from) if found.following and begun else None,
        "holidays": shown is not None and "PH off" in shown.exceptions,
        "closed": [
            (_both(since), _both(until) if until > since else None)
            for since, until in found.closed[:_MOST_CLOSURES]
        ],
        "qr": drawn(address.upper()),
        "address": address.split("://", 1)[1],
    }


def _both(day: dt.date) -> Mapping[str, str]:
    """A day as a sheet in two languages writes it."""
    far = (day - instance().now().date()).days > _NEAR
    pattern = "EEEE d MMMM y" if far else "EEEE d MMMM"
    return {code: format_date(day, pattern, locale=code) for code in _WORDS}
