"""In the office: what places ask to change in closed months, taken over or refused."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from fieldapp.ask.day import day_of
from fieldapp.ask.question import Form
from fieldapp.errors import Conflict, Refused
from fieldapp.keep import reply
from fieldapp.keep import request as requests
from fieldapp.keep import row as rows
from fieldapp.keep.request import Request, Values
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.web import language
from fieldapp.web.access import office_desk, signed_in
from fieldapp.web.beside import Beside
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance
from fieldapp.web.phone import say
from fieldapp.web.surroundings import Surroundings

blueprint = Blueprint("requests", __name__, url_prefix="/office/requests")

_ACCEPT, _REFUSE, _UNDO = "accept", "refuse", "undo"


@blueprint.get("")
@signed_in("office")
def listed() -> Response:
    """What waits for an answer, and what was answered lately."""
    return _page()


@blueprint.post("/<int:number>")
@signed_in("office")
def answer(number: int) -> Response:
    """Takes a request over, refuses it, or takes the answer back."""
    app, desk = instance(), office_desk()
    do = request.form.get("do", "")
    if not Confirm().validate():
        return _page(say("Deze pagina stond te lang open. Doe het opnieuw."), 422)
    if do not in (_ACCEPT, _REFUSE, _UNDO):
        abort(400)
    try:
        with app.store.write(desk.actor, app.now()) as write:
            if do == _ACCEPT:
                reply.accept(app.store, write, number, desk.origin)
            elif do == _REFUSE:
                reply.refuse(app.store, write, number)
            else:
                reply.undo(app.store, write, number)
    except Conflict:
        return _page(
            say(
                "Dat kan niet meer: er is intussen iets veranderd. Hieronder staat wat er nu is. "
                "Klopt het verzoek niet meer? Kies dan Neem niet over."
            ),
            409,
        )
    except Refused as refused:
        why = " ".join(language.say(app.catalogues, each) for each in refused.messages.values())
        return _page(say("Zo kan het niet: {why}", why=why), 422)
    return make_response(redirect("/office/requests", 303))


def _page(flash: str = "", status: int = 200) -> Response:
    app = instance()
    with app.store.read() as connection:
        places = {place.code: place for place in completeness.places(connection)}
        answered = requests.answered(app.store, connection)
        page = {
            "flash": flash,
            "waiting": [
                _view(connection, each, places) for each in requests.pending(app.store, connection)
            ],
            "answered": [
                _view(connection, each, places)
                | {"undo": reply.can_undo(app.store, connection, each)}
                for each in answered
            ],
        }
    return make_response(render_template("office/requests.html", page=page), status)


def _view(
    connection: sqlite3.Connection, found: Request, places: dict[str, Place]
) -> dict[str, Any]:
    """A request in words; who somebody is stays at the place."""
    app = instance()
    place = places.get(found.place or "")
    now = rows.find(app.store, connection, found.form, found.row, None)
    words = Beside(connection, Surroundings(app.store, connection, place, app.now()), named=False)
    gone = found.action == requests.WITHDRAW
    moment, wanted = _moment(words, found.form, now.values), ""
    if not gone and (moved := _moment(words, found.form, found.values)) != moment:
        wanted = moved
    return {
        "number": found.id,
        "title": language.pick(found.form.title),
        "place": place.name if place else found.place,
        "moment": moment,
        "moved": wanted,
        "at": found.at,
        "gone": gone,
        "overtaken": not found.outcome and now.edits != found.edits,
        "outcome": found.outcome,
        "decided_at": found.decided_at,
        "lines": [
            line
            for line in words.lines(found.form, now.values, {} if gone else found.values)
            if gone or line.differs
        ],
        "record": f"/office/records/{found.form.form_id}/{found.row}",
    }


def _moment(words: Beside, form: Form, values: Values) -> str:
    """What a record is about: its key, or the day when it has none."""
    return words.moment(form, values) or language.day(str(values[day_of(form)]))
