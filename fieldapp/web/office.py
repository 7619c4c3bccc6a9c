"""The programme office: places, pilots and phones, its forms, and the workbook."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template

from fieldapp.errors import Message
from fieldapp.keep import contact, phone, register
from fieldapp.keep import row as rows
from fieldapp.keep.place import FORM as PLACE_CHANGE
from fieldapp.web import asking, language, office_registers
from fieldapp.web.access import office_desk, signed_in, the_account
from fieldapp.web.download import download
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance
from fieldapp.web.office_choice import KINDS, choice_names, may_change

blueprint = Blueprint("office", __name__, url_prefix="/office")

LISTED = {
    "place": "/office/places",
    "pilot": "/office/pilots",
    "place_facts": "/office/facts",
    PLACE_CHANGE: "/office/places",
    **office_registers.PAGES,
}
"""The page on which a form's records stand."""

_HOURS_FROM = 120  # minutes that are told as such


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
    app = instance()
    with app.store.read() as connection:
        listed = register.rows(connection, "places")
        form = app.forms.get(PLACE_CHANGE)
        found = (
            rows.listing(app.store, connection, form, None, "valid_from", "0000", "9999")
            if form
            else []
        )
    return render_template(
        "office/places.html",
        changes=[row for row in reversed(found) if row.state != rows.WITHDRAWN],
        names={row["name"]: row["label"] for row in listed},
        places=sorted(listed, key=lambda row: (KINDS.index(row["kind"]), row["name"])),
        kinds=choice_names("kind"),
        wijken=choice_names("wijk"),
        year=instance().now().year,
        may_change=may_change(),
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
        wijken=choice_names("wijk"),
        may_change=may_change(),
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
        may_change=may_change(),
    )


@blueprint.get("/phones")
@signed_in("office", "reader")
def phones() -> str:
    """Every phone with its places and last contact."""
    app = instance()
    with app.store.read() as connection:
        found = phone.phones(app.store, connection)
        names = {row["name"]: row["label"] for row in register.rows(connection, "places")}
        standings = contact.standings(connection)
    return render_template(
        "office/phones.html",
        phones=found,
        names=names,
        standings=standings,
        clock=_clock,
        may_change=may_change(),
    )


def _clock(skew: int) -> str:
    """How far off a phone's clock is, in words."""
    minutes = abs(skew) // 60
    if minutes < _HOURS_FROM:
        told = {"n": str(minutes)}
        ahead = Message("klok {n} minuten voor", told)
        behind = Message("klok {n} minuten achter", told)
    else:
        told = {"n": str(minutes // 60)}
        ahead = Message("klok {n} uur voor", told)
        behind = Message("klok {n} uur achter", told)
    return language.say(instance().catalogues, ahead if skew > 0 else behind)


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
    desk = office_desk(LISTED.get(form_id, "/office/"))
    return asking.ask(desk, desk.form(form_id))


@blueprint.route("/form/<form_id>/<uuid:row>", methods=["GET", "POST"])
@signed_in("office")
def record(form_id: str, row: Any) -> Response:
    """A record of the office: to see and to change."""
    desk = office_desk(LISTED.get(form_id, "/office/"))
    return asking.review(desk, desk.form(form_id), str(row))


@blueprint.get("/form/<form_id>/<uuid:row>/saved")
@signed_in("office")
def saved(form_id: str, row: Any) -> Response:
    """What was kept."""
    desk = office_desk(LISTED.get(form_id, "/office/"))
    return asking.saved(desk, desk.form(form_id), str(row), [])


@blueprint.post("/form/<form_id>/<uuid:row>/withdraw")
@signed_in("office")
def withdraw(form_id: str, row: Any) -> Response:
    """Withdraws a record of the office."""
    desk = office_desk(LISTED.get(form_id, "/office/"))
    return asking.withdraw(desk, desk.form(form_id), str(row))
