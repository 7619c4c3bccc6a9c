"""The programme office: what is in, places, pilots and phones, forms, and the workbook."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from fieldapp.ask.question import Form
from fieldapp.errors import BadRequest
from fieldapp.keep import merge, phone, register
from fieldapp.keep import row as rows
from fieldapp.keep.double import waiting
from fieldapp.report import completeness, package
from fieldapp.report.completeness import Place
from fieldapp.report.period import LENGTHS, Period, period, stretches
from fieldapp.web import asking, language, office_registers
from fieldapp.web.access import current_account, office_desk, signed_in, the_account
from fieldapp.web.download import download
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("office", __name__, url_prefix="/office")

_LISTED = {
    "place": "/office/places",
    "pilot": "/office/pilots",
    "place_facts": "/office/facts",
    **office_registers.PAGES,
}
"""The page on which a form's records stand."""

_MONTHS = 24

# The order in which the office thinks of them.
_KINDS = ("meeting_place", "wijkbedrijf", "pilot")


@blueprint.get("/")
@signed_in("office", "reader")
def overview() -> str:
    """Every place with what was expected and what came in, of one month."""
    app = instance()
    today = app.now().date()
    last_month = today.replace(day=1) - dt.timedelta(days=1)
    wanted = request.args.get("month") or f"{today if today.day > 5 else last_month:%Y-%m}"
    over = _month(wanted, today)
    until = min(over.end, today - dt.timedelta(days=1))
    with app.store.read() as connection:
        places = [
            place
            for place in sorted(completeness.places(connection), key=_by_kind)
            if place.active(over.start.isoformat()) or place.active(until.isoformat())
        ]
        due = list(
            completeness.expected(connection, app.forms, app.settings, places, over.start, until)
        )
        contact = _last_contacts(connection)
        doubles = waiting(connection, app.forms.values(), None)
        merges = merge.waiting(connection) if _may_change() else None
    asked = [form for form in app.forms.values() if _falls_due(form, over)]
    wanted_of = Counter((each.place, each.form_id) for each in due)
    received = Counter((each.place, each.form_id) for each in due if each.received)
    lines = [
        {
            "place": place,
            "cells": [
                _cell(received[place.code, f.form_id], wanted_of[place.code, f.form_id])
                for f in asked
            ],
            "contact": contact.get(place.code, ""),
            "doubles": doubles.get(place.code, 0),
        }
        for place in places
    ]
    return render_template(
        "office/overview.html",
        month=over,
        month_title=language.month_name(over.start),
        months=_months(today),
        lines=lines,
        titles=[language.pick(form.title) for form in asked],
        total=_cell(sum(received.values()), sum(wanted_of.values())),
        workbooks=[
            (name, book.title, package.offered(book))
            for name, book in app.workbooks.items()
            if book.monthly and (book.public or _may_change())
        ],
        kinds=_choice_names("kind"),
        wijken=_choice_names("wijk"),
        merges=merges,
        doubles=sum(doubles.values()),
    )


def _falls_due(form: Form, over: Period) -> bool:
    """Whether a form is asked in a month: the one of a year only in December."""
    if form.expected in LENGTHS:
        return any(stretches(form.expected, over.start, over.end))
    return bool(form.expected)


def _by_kind(place: Place) -> tuple[int, str]:
    return _KINDS.index(place.kind), place.code


def _month(text: str, today: dt.date) -> Period:
    """The month that `text` names; BadRequest in the words of the screen."""
    with contextlib.suppress(BadRequest):
        over = period(text, today)
        if over.start.month == over.end.month:
            return over
    raise BadRequest("Kies een maand, bijvoorbeeld 2026-10.")


def _cell(received: int, wanted: int) -> dict[str, Any]:
    share = received / wanted if wanted else None
    level = "" if share is None else "full" if share == 1 else "some" if share >= 0.8 else "none"
    return {"received": received, "wanted": wanted, "level": level, "share": share}


def _last_contacts(connection: Any) -> dict[str, str]:
    return {
        row["place"]: row["at"]
        for row in connection.execute(
            "SELECT pp.place, max(p.seen_at) AS at FROM phone p JOIN phone_place pp "
            "ON pp.phone = p.id WHERE p.revoked_at IS NULL AND pp.revoked_at IS NULL GROUP BY 1"
        )
    }


def _months(today: dt.date) -> list[tuple[str, str]]:
    found, day = [], today.replace(day=1)
    for _ in range(_MONTHS):
        found.append((f"{day:%Y-%m}", language.month_name(day)))
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return found


def _choice_names(question: str) -> dict[str, str]:
    form = instance().forms.get("place")
    if form is None or question not in form.questions:
        return {}
    return {c.name: language.pick(c.label) for c in form.questions[question].choices}


@blueprint.get("/export/<workbook>/<over>.xlsx")
@signed_in("office", "reader")
def export(workbook: str, over: str) -> Response:
    """A workbook to download."""
    return download(workbook, over)


@blueprint.get("/export/<workbook>/<over>.csv.zip")
@signed_in("office", "reader")
def export_csv(workbook: str, over: str) -> Response:
    """The same as CSV files, with a description that programs read."""
    return download(workbook, over, csv=True)


@blueprint.get("/places")
@signed_in("office", "reader")
def places() -> str:
    """Every place, with its posters, letters and facts."""
    with instance().store.read() as connection:
        listed = register.rows(connection, "places")
    return render_template(
        "office/places.html",
        places=sorted(listed, key=lambda row: (_KINDS.index(row["kind"]), row["name"])),
        kinds=_choice_names("kind"),
        wijken=_choice_names("wijk"),
        year=instance().now().year,
        may_change=_may_change(),
    )


@blueprint.get("/pilots")
@signed_in("office", "reader")
def pilots() -> str:
    """Every pilot."""
    with instance().store.read() as connection:
        listed = register.rows(connection, "pilots")
        names = {row["name"]: row["label"] for row in register.rows(connection, "places")}
    return render_template(
        "office/pilots.html",
        pilots=listed,
        places=names,
        wijken=_choice_names("wijk"),
        may_change=_may_change(),
    )


@blueprint.get("/facts")
@signed_in("office", "reader")
def facts() -> str:
    """What is recorded about places through time: baseline and coordinators."""
    app, desk = instance(), office_desk()
    form = desk.form("place_facts")
    with app.store.read() as connection:
        found = rows.listing(app.store, connection, form, None, "valid_from", "0000", "9999")
        names = {row["name"]: row["label"] for row in register.rows(connection, "places")}
    current = [row for row in found if row.state == rows.CURRENT]
    return render_template(
        "office/facts.html",
        facts=sorted(current, key=lambda row: (str(row.place), str(row.values["valid_from"]))),
        names=names,
        may_change=_may_change(),
    )


@blueprint.get("/phones")
@signed_in("office", "reader")
def phones() -> str:
    """Every phone with its places and last contact."""
    app = instance()
    with app.store.read() as connection:
        found = phone.phones(app.store, connection)
        names = {row["name"]: row["label"] for row in register.rows(connection, "places")}
    return render_template(
        "office/phones.html", phones=found, names=names, may_change=_may_change()
    )


@blueprint.post("/phones/<int:number>/revoke")
@signed_in("office")
def revoke(number: int) -> Response:
    """Ends a phone's access at once."""
    app, who = instance(), the_account()
    if Confirm().validate():
        with app.store.write(f"account:{who.id}", app.now()) as write:
            phone.revoke(write, number)
    return make_response(redirect("/office/phones", 303))


@blueprint.route("/form/<form_id>", methods=["GET", "POST"])
@signed_in("office")
def form(form_id: str) -> Response:
    """A form of the office: the page, or what became of a new answer."""
    desk = office_desk(_LISTED.get(form_id, "/office/"))
    return asking.ask(desk, desk.form(form_id))


@blueprint.route("/form/<form_id>/<uuid:row>", methods=["GET", "POST"])
@signed_in("office")
def record(form_id: str, row: Any) -> Response:
    """A record of the office: to see and to change."""
    desk = office_desk(_LISTED.get(form_id, "/office/"))
    return asking.review(desk, desk.form(form_id), str(row))


@blueprint.get("/form/<form_id>/<uuid:row>/saved")
@signed_in("office")
def saved(form_id: str, row: Any) -> Response:
    """What was kept."""
    desk = office_desk(_LISTED.get(form_id, "/office/"))
    return asking.saved(desk, desk.form(form_id), str(row), [])


@blueprint.post("/form/<form_id>/<uuid:row>/withdraw")
@signed_in("office")
def withdraw(form_id: str, row: Any) -> Response:
    """Withdraws a record of the office."""
    desk = office_desk(_LISTED.get(form_id, "/office/"))
    return asking.withdraw(desk, desk.form(form_id), str(row))


def _may_change() -> bool:
    who = current_account()
    if who is None:
        abort(401)
    return who.role == "office"
