"""In the office: one record with all that happened to it; withdrawn and put back with a reason."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.ask.reading import holdable
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep import correction, past, register
from fieldapp.keep import row as rows
from fieldapp.keep.correction import REASON
from fieldapp.keep.past import Line
from fieldapp.keep.row import Origin, Receipt, Row
from fieldapp.web import language, unnamed
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.surroundings import Surroundings

blueprint = Blueprint("record", __name__, url_prefix="/office/records")

WHY = "page.reason"
"""The field in which the office says why."""

OVERTAKEN = Message(
    "Iemand anders heeft dit intussen veranderd. Hieronder staat wat er nu is. Kijk het na."
)
_KEPT = {
    correction.CHANGE: Message("Verbeterd en bewaard."),
    correction.WITHDRAW: Message("Ingetrokken. Het telt niet meer mee."),
    correction.RESTORE: Message("Teruggezet. Het telt weer mee."),
}
_DOUBLE = Message("Teruggezet. Het telt nog niet mee: er is al iets anders voor dit moment.")
_PRIVATE = Message(
    "Dit past niet meer bij de namen op de lijst van de plek. Vraag de plek om het te veranderen."
)
_ACTIONS: Mapping[str, Message] = {
    "add": Message("Ingevuld"),
    correction.CHANGE: Message("Veranderd"),
    correction.WITHDRAW: Message("Ingetrokken"),
    correction.RESTORE: Message("Teruggezet"),
    "conflict": Message("Nog een keer verstuurd, met andere antwoorden"),
    "decide": Message("Gekozen wat goed is"),
    "undo": Message("Ongedaan gemaakt"),
    "tick": Message("Opvallend, nagekeken"),
    "untick": Message("Opvallend, toch niet nagekeken"),
}
_TELLS = {"add", correction.CHANGE, "decide", "undo"}
"""What changes answers, so that the page says which."""

View = dict[str, Any]


@blueprint.get("/<form_id>/<uuid:row>")
@signed_in("office")
def shown(form_id: str, row: uuid.UUID) -> Response:
    """A record with its history."""
    return page(form_of(form_id), str(row))


@blueprint.post("/<form_id>/<uuid:row>/withdraw")
@signed_in("office")
def withdraw(form_id: str, row: uuid.UUID) -> Response:
    """Withdraws a record of any place."""
    return _do(form_of(form_id), str(row), correction.WITHDRAW, correction.withdraw)


@blueprint.post("/<form_id>/<uuid:row>/restore")
@signed_in("office")
def restore(form_id: str, row: uuid.UUID) -> Response:
    """Puts a withdrawn record back."""
    return _do(form_of(form_id), str(row), correction.RESTORE, correction.restore)


def form_of(form_id: str) -> Form:
    """The form with this id; otherwise there is no such page."""
    return instance().forms.get(form_id) or abort(404)


def address(form_id: str, row: str) -> str:
    """Where the office sees a record."""
    return f"/office/records/{form_id}/{row}"


def origin_of(row: Row) -> Origin:
    """The office at the place of a record; of the office's own forms no place."""
    office = "office" in row.form.places
    return Origin(None if office else row.place, account=the_account().id)


def actor() -> str:
    """Who is signed in, as the journal names them."""
    return f"account:{the_account().id}"


def typed_reason() -> str:
    """What was filled in as the reason."""
    return holdable(request.form.get(WHY, ""))


def told(refused: Refused, form: Form) -> Mapping[str, Message]:
    """What is not right, by question, without what only the place may know."""
    return {
        name: _PRIVATE if name in form.columns and form.columns[name].private else message
        for name, message in refused.messages.items()
    }


def _do(form: Form, row: str, action: str, make: Callable[..., Receipt]) -> Response:
    app = instance()
    with app.store.read() as connection:
        found = rows.find(app.store, connection, form, row, None)
    if not Confirm().validate():
        return page(form, row, 422, EXPIRED, action)
    edits = request.form.get("edits", "")
    if not re.fullmatch("[0-9]{1,9}", edits):
        abort(400)
    try:
        with app.store.write(actor(), app.now()) as write:
            make(app.store, write, form, row, int(edits), origin_of(found), typed_reason())
    except Refused as refused:
        messages = dict(told(refused, form))
        reason = messages.pop(REASON, None)
        flash = next(iter(messages.values()), None)
        return page(form, row, 422, flash, action, reason)
    except Conflict:
        return page(form, row, 409, OVERTAKEN, action)
    return make_response(redirect(f"{address(form.form_id, row)}?done={action}", 303))


def page(
    form: Form,
    row: str,
    status: int = 200,
    flash: Message | None = None,
    action: str = "",
    mistake: Message | None = None,
) -> Response:
    """The page of a record; `action` is what somebody was about to do, with what was not right."""
    app = instance()
    with app.store.read() as connection:
        found = rows.find(app.store, connection, form, row, None)
        here = Surroundings(app.store, connection, None, app.now())
        names = past.names(connection)
        places = {each["name"]: each["label"] for each in register.rows(connection, "places")}
        view = {
            "title": language.pick(form.title),
            "place": places.get(found.place or "", found.place or ""),
            "code": found.place or "",
            "summary": unnamed.summary(found, here),
            "row": found,
            "form_id": form.form_id,
            "sender": unnamed.sender(names, found),
            "answers": unnamed.answers(form, found.values, here),
            "history": _history(connection, found, names, here),
            "aside": [
                {
                    "at": each.at,
                    "who": unnamed.who(names, each.actor),
                    "answers": unnamed.answers(form, each.values, here),
                }
                for each in past.aside(app.store, connection, found)
            ],
            "asked": past.asked(connection, found),
            "withheld": any(
                question.private and found.values.get(name) is not None
                for name, question in form.columns.items()
            ),
        }
    say_ = app.catalogues
    view |= {
        "address": address(form.form_id, row),
        "double": f"/office/doubles/{form.form_id}/{row}",
        "flash": language.say(say_, flash) if flash else "",
        "done": language.say(say_, done) if (done := _done(found)) and not flash else "",
        "action": action,
        "reason": typed_reason() if action else "",
        "mistake": language.say(say_, mistake) if mistake else "",
    }
    return make_response(render_template("office/record.html", page=view), status)


def _done(row: Row) -> Message | None:
    done = request.args.get("done", "")
    if done == correction.RESTORE and row.state == rows.DOUBLE:
        return _DOUBLE
    return _KEPT.get(done)


def _history(
    connection: sqlite3.Connection, row: Row, names: Mapping[str, str], here: Surroundings
) -> list[View]:
    """What happened, the last first."""
    found = []
    for line in reversed(past.lines(connection, row)):
        action = line.action.split()[0]
        said = _ACTIONS.get(action)
        changes = _changes(row.form, line, here) if action in _TELLS else []
        found.append(
            {
                "at": line.at,
                "who": unnamed.who(names, line.actor),
                "what": language.say(instance().catalogues, said) if said else line.action,
                "changes": changes if line.before else [],
                "hidden": action == correction.CHANGE and not changes,
                "double": line.after.get("_state") == rows.DOUBLE,
                "reason": line.reason,
            }
        )
    return found


def _changes(form: Form, line: Line, here: Surroundings) -> list[tuple[str, str, str]]:
    """Each answer that became another: its label, what stood there and what came."""
    found = []
    for name in dict.fromkeys([*form.columns, *line.before, *line.after]):
        before, after = line.before.get(name), line.after.get(name)
        question = form.columns.get(name)
        theirs = question is None or kind_of(question).filled_by == "person"
        if before != after and theirs and not name.startswith("_"):
            label, came = unnamed.noted(form, name, after, here)
            found.append((label, unnamed.noted(form, name, before, here)[1], came))
    return found
