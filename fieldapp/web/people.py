"""In the office: what is kept about a card code, to read, to print, and as proof of taking part."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.reading import holdable
from fieldapp.errors import Message
from fieldapp.keep import attempt, person, register
from fieldapp.keep import row as rows
from fieldapp.keep.person import Person
from fieldapp.keep.row import Row
from fieldapp.report import service
from fieldapp.report.period import long_date
from fieldapp.web import language, unnamed
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.person_card import typed

blueprint = Blueprint("people", __name__, url_prefix="/office/people")

_LONGEST = 40
_OTHER = "other"  # a task that says nothing on a certificate
_NO_CODE = Message("Typ de code van een kaart. Bijvoorbeeld 7K3F.")
_UNKNOWN = Message("Wij kennen deze kaart niet. Kijk de code na: hij staat op het kaartje.")
_STATES = {
    rows.CURRENT: Message("telt mee"),
    rows.DOUBLE: Message("dubbel ingevuld, telt niet mee"),
    rows.WITHDRAWN: Message("ingetrokken, telt niet mee"),
}


@blueprint.route("", methods=["GET", "POST"])
@signed_in("office")
def lookup() -> Response:
    """Where a card code is typed; what is known of it, or why not."""
    if request.method == "GET":
        return _page()
    found = asked()
    if isinstance(found, Response):
        return found
    with instance().store.read() as connection:
        names = places(connection)
    page = {"person": found, "names": names, "roles": _labels("person_new", "role")}
    return make_response(render_template("office/person.html", page=page))


@blueprint.route("/access", methods=["GET", "POST"])
@signed_in("office")
def access() -> Response:
    """Everything that is kept about a card code, on paper (AVG 15); it is noted that it was given.

    Nobody else's card stands on it, and no call name: only the place can see that.
    """
    found = _given("access given")
    if isinstance(found, Response):
        return found
    app = instance()
    with app.store.read() as connection:
        page = {
            "person": found,
            "names": places(connection),
            "roles": _labels("person_new", "role"),
            "tasks": _labels("attendance", "task"),
            "dayparts": _labels("attendance", "daypart"),
            "titles": {form.form_id: language.pick(form.title) for form in app.forms.values()},
            "states": {state: language.say(app.catalogues, m) for state, m in _STATES.items()},
            "seen": [(each, _hours(each.hours)) for each in found.seen],
            "records": [(row, _answers(connection, row)) for row in found.records],
            "made_on": app.now().date().isoformat(),
        }
    shown = render_template("print/access.html", page=page, back="/office/people")
    return make_response(shown)


@blueprint.route("/proof", methods=["GET", "POST"])
@signed_in("office")
def proof() -> Response:
    """Proof of taking part: hours, tasks, period and places; the name is written by hand."""
    found = _given("proof given")
    if isinstance(found, Response):
        return found
    with instance().store.read() as connection:
        names = places(connection)
    task = {c.name: c.label["nl"] for c in _choices("attendance", "task")}
    page = {
        "parts": [
            {
                "place": names.get(each.place, each.place),
                "role": each.role,
                "tasks": [task.get(name, name) for name in each.tasks if name != _OTHER],
                "days": each.days,
                "hours": format_decimal(each.hours, locale="nl"),
                "since": _date(each.since),
                "until": _date(each.until),
            }
            for each in service.service(found)
        ],
        "made_on": _date(instance().now().date().isoformat()),
    }
    return make_response(render_template("print/proof.html", page=page, back="/office/people"))


def _given(action: str) -> Person | Response:
    """The person whose paper is asked for; that it was made is noted by an internal number."""
    if request.method == "GET":
        return make_response(redirect("/office/people", 303))
    found = asked()
    if isinstance(found, Person):
        app = instance()
        with app.store.write(f"account:{the_account().id}", app.now()) as write:
            write.note(action, "people", str(found.number))
    return found


def asked() -> Person | Response:
    """The person with the card code that was typed, or the page that says what is wrong.

    After some codes that nobody has one has to wait, also with a code that is good.
    """
    app, who = instance(), the_account()
    code = holdable(request.form.get("code", ""))[:_LONGEST]
    scope = f"card:account:{who.id}"
    if not Confirm().validate():
        return _page(422, code, EXPIRED)
    if not typed(code):
        return _page(422, code, _NO_CODE)
    with app.store.read() as connection:
        wait = attempt.wait(connection, scope, app.now())
        found = None if wait else person.about(app.store, connection, typed(code))
    if wait:
        again = "U probeerde het te vaak. Wacht {seconds} seconden en probeer het dan opnieuw."
        response = _page(429, code, Message(again, {"seconds": str(wait)}))
        response.headers["Retry-After"] = str(wait)
        return response
    if found is None:
        with app.store.write(f"account:{who.id}", app.now()) as write:
            attempt.failed(write, scope)
        return _page(422, code, _UNKNOWN)
    return found


def _page(status: int = 200, code: str = "", mistake: Message | None = None) -> Response:
    said = language.say(instance().catalogues, mistake) if mistake else ""
    page = {"code": code, "mistakes": {"code": said} if said else {}}
    return make_response(render_template("office/people.html", page=page), status)


def _answers(connection: sqlite3.Connection, row: Row) -> Sequence[tuple[str, str]]:
    """What was answered in a record, without whom it names: other people may be among them."""
    named = {question.name for question in person.naming(row.form)}
    told = {name: None if name in named else value for name, value in row.values.items()}
    return unnamed.answers(row.form, told, unnamed.around(instance(), connection, row))


def _hours(hours: float | None) -> str:
    return "" if hours is None else format_decimal(hours, locale=language.language())


def places(connection: sqlite3.Connection) -> Mapping[str, str]:
    """What each place is called."""
    return {row["name"]: row["label"] for row in register.rows(connection, "places")}


def _labels(form_id: str, question: str) -> Mapping[str, str]:
    return {choice.name: language.pick(choice.label) for choice in _choices(form_id, question)}


def _choices(form_id: str, question: str) -> Sequence[Any]:
    form = instance().forms.get(form_id)
    return form.questions[question].choices if form and question in form.questions else ()


def _date(day: str) -> str:
    """A day on a sheet, which is Dutch whatever the screen is."""
    return long_date(dt.date.fromisoformat(day))
