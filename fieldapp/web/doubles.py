"""The pages on which two records under one key are set side by side and decided."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from fieldapp.errors import Closed, Conflict, Message, Refused
from fieldapp.keep import closing, decision, double
from fieldapp.keep.double import Seen
from fieldapp.keep.row import DOUBLE
from fieldapp.web import language
from fieldapp.web.access import office_desk, paired, phone_desk, signed_in
from fieldapp.web.board import Board, View
from fieldapp.web.desk import Desk
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("doubles", __name__)

_OVERTAKEN = Message(
    "Iemand anders heeft dit intussen veranderd. Hieronder staat wat er nu is. Kies nog een keer."
)
_TOO_LATE = Message(
    "Dit kan niet meer ongedaan worden gemaakt: er is daarna iets veranderd. "
    "Kijk wat er nu staat, en verander dat."
)
_CLOSED = Message(
    "Deze maand is gesloten. Het programmabureau kiest wat goed is. U hoeft niets te doen."
)
_NOT_SO = Message("Zo kan het niet. Lees hieronder waarom, en kies iets anders.")
_EXPIRED = Message("Deze pagina stond te lang open. Kies nog een keer.")


@blueprint.get("/doubles")
@paired
def listed() -> Response:
    """What waits at this place, and what was chosen lately."""
    return _list(phone_desk())


@blueprint.get("/office/doubles")
@signed_in("office")
def office_listed() -> Response:
    """What waits at every place, and what was chosen lately."""
    return _list(office_desk())


@blueprint.get("/doubles/<form_id>/<uuid:row>")
@paired
def shown(form_id: str, row: Any) -> Response:
    """A double beside what counts, or what was chosen for it."""
    return _page(phone_desk(), form_id, str(row))


@blueprint.get("/office/doubles/<form_id>/<uuid:row>")
@signed_in("office")
def office_shown(form_id: str, row: Any) -> Response:
    """A double beside what counts, or what was chosen for it."""
    return _page(office_desk(), form_id, str(row))


@blueprint.post("/doubles/<form_id>/<uuid:row>")
@paired
def decide(form_id: str, row: Any) -> Response:
    """Goes one way with a double of this place."""
    return _decide(phone_desk(), form_id, str(row))


@blueprint.post("/office/doubles/<form_id>/<uuid:row>")
@signed_in("office")
def office_decide(form_id: str, row: Any) -> Response:
    """Goes one way with a double of any place."""
    return _decide(office_desk(), form_id, str(row))


@blueprint.post("/doubles/<form_id>/<uuid:row>/undo")
@paired
def undo(form_id: str, row: Any) -> Response:
    """Takes back what was chosen at this place."""
    return _undo(phone_desk(), form_id, str(row))


@blueprint.post("/office/doubles/<form_id>/<uuid:row>/undo")
@signed_in("office")
def office_undo(form_id: str, row: Any) -> Response:
    """Takes back what was chosen at any place."""
    return _undo(office_desk(), form_id, str(row))


def _list(desk: Desk, flash: Message | None = None, status: int = 200) -> Response:
    app, place = instance(), desk.origin.place
    with app.store.read() as connection:
        board = Board(desk, connection)
        waits: dict[str, list[View]] = {}
        for each in double.undecided(app.store, connection, board.forms.values(), place):
            waits.setdefault(each.other.place or "", []).append(board.entry(each))
        made = decision.decided(app.store, connection, place)
        page = {
            "back": desk.back,
            "flash": _told(flash),
            "waits": [(code, board.name(code), found) for code, found in sorted(waits.items())],
            "made": [board.decision(each) for each in made if each.form.form_id in board.forms],
        }
    return make_response(render_template("doubles.html", page=page), status)


def _page(
    desk: Desk, form_id: str, row: str, flash: Message | None = None, status: int = 200
) -> Response:
    app, place = instance(), desk.origin.place
    with app.store.read() as connection:
        board = Board(desk, connection)
        found = double.double(app.store, connection, board.form(form_id), row, place)
        made = decision.decision_on(app.store, connection, found.other)
        if found.other.state == DOUBLE:
            template, page = "double.html", board.choice(found)
        elif made:
            template, page = "decided.html", board.decision(made)
            page["undo"] = decision.can_undo(app.store, connection, made)
        else:  # it was withdrawn, or it counts by itself
            return _list(desk, flash, status)
        waits = double.waiting(connection, board.forms.values(), place)
        closed = not desk.origin.of_office and closing.is_closed(
            connection, found.other.form, found.other.values
        )
    page |= {
        "flash": _told(flash or (_CLOSED if closed else None)),
        "waits": sum(waits.values()),
        "list": desk.doubles,
        "home": desk.back,
        "may_choose": not closed,
    }
    return make_response(render_template(template, page=page), status)


def _decide(desk: Desk, form_id: str, row: str) -> Response:
    app, place = instance(), desk.origin.place
    with app.store.read() as connection:
        board = Board(desk, connection)
        form = board.form(form_id)
        about = double.double(app.store, connection, form, row, place).other.place
    if not Confirm().validate():
        return _page(desk, form_id, row, _EXPIRED, 422)
    how, seen = request.form.get("how", ""), _seen()
    try:
        with app.store.write(desk.actor, app.now()) as write:
            around = board.around(about, write.connection).context
            decision.decide(app.store, write, form, row, how, seen, desk.origin, around)
    except Closed:
        return _page(desk, form_id, row, _CLOSED, 409)
    except Conflict:
        return _page(desk, form_id, row, _OVERTAKEN, 409)
    except Refused:
        return _page(desk, form_id, row, _NOT_SO, 422)
    return make_response(redirect(desk.double(form, row), 303))


def _undo(desk: Desk, form_id: str, row: str) -> Response:
    app = instance()
    with app.store.read() as connection:
        form = Board(desk, connection).form(form_id)
        double.double(app.store, connection, form, row, desk.origin.place)
    if not Confirm().validate():
        return _page(desk, form_id, row, _EXPIRED, 422)
    try:
        with app.store.write(desk.actor, app.now()) as write:
            decision.undo(app.store, write, _number("decision"), desk.origin)
    except Closed:
        return _page(desk, form_id, row, _CLOSED, 409)
    except Conflict:
        return _page(desk, form_id, row, _TOO_LATE, 409)
    return make_response(redirect(desk.double(form, row), 303))


def _seen() -> Seen:
    """What the page showed, from its hidden fields."""
    return Seen(_number("edits"), request.form.get("kept", ""), _number("kept_edits"))


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not re.fullmatch("[0-9]{1,15}", text):
        abort(400)
    return int(text)


def _told(flash: Message | None) -> str:
    return language.say(instance().catalogues, flash) if flash else ""
