"""The pages of a paired phone: home, forms, own records, people, and the switch of place."""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import Any

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request
from flask_wtf.csrf import generate_csrf

from fieldapp.ask.day import day_of
from fieldapp.ask.question import Form
from fieldapp.keep import people, phone, still
from fieldapp.keep import request as requests
from fieldapp.keep import row as rows
from fieldapp.keep.double import waiting
from fieldapp.report.completeness import Place
from fieldapp.web import asking, language, ready, wording
from fieldapp.web.access import (
    current_phone,
    current_place,
    own_path,
    paired,
    phone_desk,
    set_cookie,
)
from fieldapp.web.caution import flagged
from fieldapp.web.desk import Desk
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import Instance, instance
from fieldapp.web.mould import Drawn
from fieldapp.web.surroundings import Surroundings
from fieldapp.web.today import due, last_day_of_change, next_forms, today

blueprint = Blueprint("phone", __name__)


def say(source: str, **values: Any) -> str:
    """A text of the screen as plain text."""
    text = instance().catalogues[language.language()].get(source, source)
    return language.isolating(text).format(**values) if values else text


def due_sentence() -> str:
    """Until when which month can change, in the words of the screen."""
    app = instance()
    return language.say(app.catalogues, due(app))


@blueprint.get("/")
def home() -> str:
    """The paired phone's home; unpaired: what this is and how to pair."""
    place = current_place()
    if place is None:
        return render_template("welcome.html")
    app = instance()
    with app.store.read() as connection:
        here = Surroundings(app.store, connection, place, app.now())
        return ready.page(connection, here.now, "home", lambda: _home(app, connection, place, here))


def _home(app: Instance, connection: sqlite3.Connection, place: Place, here: Surroundings) -> Drawn:
    desk = phone_desk()
    month, deadline = last_day_of_change(app, here.now.date())
    found = today(app, connection, place, here, say)
    asked = [form for form in app.forms.values() if place.kind in form.places]
    waits = waiting(connection, asked, place.code)
    quiet = still.quiet(connection, place.code, here.now.date())
    links = {"week": "/week", "records": "/records", "people": "/people", "colleague": "/colleague"}
    links |= {"tally": "/tally", "hours": "/hours", "month": "/month"}
    html = render_template(
        "home.html",
        stay=desk.stay,
        taps=found.taps,
        today=found.today,
        missing=found.missing,
        other=found.other,
        doubles=(sum(waits.values()), desk.doubles),
        quiet=len(quiet),
        deadline=deadline.isoformat(),
        due_month=language.month_name(month),
        links=links,
    )
    ids = [text for tap in found.taps for name, text in tap.hidden if name == "instanceID"]
    return Drawn(html, generate_csrf(), ids)


@blueprint.route("/form/<form_id>", methods=["GET", "POST"])
@paired
def form(form_id: str) -> Response:
    """A form: the page, or what became of a new answer."""
    desk = phone_desk()
    return asking.ask(desk, desk.form(form_id))


@blueprint.route("/form/<form_id>/<uuid:row>", methods=["GET", "POST"])
@paired
def record(form_id: str, row: Any) -> Response:
    """A record of this place: to see and to change."""
    desk = phone_desk()
    return asking.review(desk, desk.form(form_id), str(row))


@blueprint.get("/form/<form_id>/<uuid:row>/saved")
@paired
def saved(form_id: str, row: Any) -> Response:
    """What was kept, and what can be filled in next."""
    desk = phone_desk()
    assert desk.place is not None  # noqa: S101  (a phone's desk has one)
    app = instance()
    with app.store.read() as connection:
        here = desk.around(app, connection)
        following = next_forms(app, connection, desk.place, here, say)
    following = [(desk.stay(address), label) for address, label in following]
    return asking.saved(desk, desk.form(form_id), str(row), following)


@blueprint.post("/form/<form_id>/<uuid:row>/withdraw")
@paired
def withdraw(form_id: str, row: Any) -> Response:
    """Withdraws a record of this place."""
    desk = phone_desk()
    return asking.withdraw(desk, desk.form(form_id), str(row))


@blueprint.get("/records")
@paired
def records() -> str:
    """This place's own records of the month that can still change, newest day first."""
    app, desk = instance(), phone_desk()
    month, _ = last_day_of_change(app, app.now().date())
    last = app.now().date() + dt.timedelta(days=31)
    found: dict[str, list[dict[str, object]]] = {}
    with app.store.read() as connection:
        here = desk.around(app, connection)
        asked = requests.waiting_at(connection, desk.origin.place)
        unlikely = flagged(app, connection, desk.place, month, last) if desk.place else ()
        for each in _forms_of(desk):
            day = day_of(each)
            for row in rows.listing(
                app.store,
                connection,
                each,
                desk.origin.place,
                day,
                month.isoformat(),
                last.isoformat(),
            ):
                found.setdefault(str(row.values[day]), []).append(
                    {
                        "url": desk.double(each, row.id)
                        if row.state == rows.DOUBLE
                        else desk.url(each, row.id),
                        "title": language.pick(each.title),
                        "summary": wording.summary(each, row.values, here, day=False),
                        "state": row.state,
                        "flagged": row.id in unlikely,
                        "asked": row.id in asked,
                    }
                )
    return render_template("records.html", days=sorted(found.items(), reverse=True))


def _forms_of(desk: Desk) -> list[Form]:
    kind = desk.place.kind if desk.place else ""
    return [form for form in instance().forms.values() if kind in form.places and day_of(form)]


@blueprint.get("/people")
@paired
def people_here() -> str:
    """The people of this place, each with a card."""
    app, desk = instance(), phone_desk()
    names = _role_names(app.forms)
    day = app.now().date().isoformat()
    with app.store.read() as connection:
        found = people.members(connection, app.store.seal, str(desk.origin.place), day)
    listed = [
        {
            "name": member.name,
            "code": member.code,
            "role": names.get(member.role, member.role),
            "since": member.since,
            "url": f"/cards/{member.row}",
        }
        for member in found
        if not member.until or member.until >= day
    ]
    links = {
        "add": "/form/person_new",
        "many": "/people/add",
        "still": "/people/still",
        "cards": "/cards",
        "same": desk.stay("/people/same"),
    }
    return render_template("people.html", people=listed, links=links)


def _role_names(forms: Any) -> dict[str, str]:
    asked = forms.get("person_new")
    if asked is None or "role" not in asked.questions:
        return {}
    return {choice.name: language.pick(choice.label) for choice in asked.questions["role"].choices}


@blueprint.post("/switch")
@paired
def switch() -> Response:
    """Makes another of the phone's places the one it works for."""
    mine = current_phone()
    if mine is None or not Confirm().validate():
        abort(400)
    app = instance()
    with app.store.write(f"phone:{mine.id}", app.now()) as write:
        phone.choose(write, mine, request.form.get("place", ""))
    return make_response(redirect(own_path(request.form.get("next"), "/"), 303))


@blueprint.post("/language", endpoint="language")
def language_choice() -> Response:
    """Keeps the chosen language in a cookie and goes back to the page."""
    response = make_response(redirect(own_path(request.form.get("next"), "/"), 303))
    chosen = request.form.get("language", "")
    if chosen in language.NAMES and Confirm().validate():
        response.set_cookie(
            language.COOKIE, chosen, max_age=365 * 86_400, secure=True, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    return response


@blueprint.after_app_request
def renew(response: Response) -> Response:
    """Renews the phone's cookie when its contact was noted."""
    from_phone = g.pop("renew", None)
    if from_phone:
        set_cookie(response, "__Host-phone", from_phone, 365)
    return response
