"""In the office: what places wrote, read before anybody else sees it, and passed in one save."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.answer import check
from fieldapp.errors import BadRequest, Conflict, Message
from fieldapp.keep import passed, register
from fieldapp.keep import row as rows
from fieldapp.keep.row import Row
from fieldapp.keep.store import Write
from fieldapp.web import language, wording
from fieldapp.web.access import office_desk, signed_in
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.surroundings import Surroundings

blueprint = Blueprint("reading", __name__, url_prefix="/office")

_AT_ONCE = 20
_LATEST = 20
_FIELD = "passed"


@dataclass
class Ticked:
    """What was ticked, as the page sent it, and what is said about it."""

    values: frozenset[str] = frozenset()
    messages: dict[str, Message] = field(default_factory=dict)
    flash: Message | None = None
    status: int = 200


@blueprint.route("/reading", methods=["GET", "POST"])
@signed_in("office")
def ask() -> Response:
    """What is still to be read (GET), or what became of what was ticked (POST)."""
    if request.method == "GET":
        return _page(Ticked())
    app, desk = instance(), office_desk()
    ticked = Ticked(frozenset(request.form.getlist(_FIELD)))
    read = {value: _parts(value) for value in sorted(ticked.values)}
    if not Confirm().validate():
        ticked.flash, ticked.status = EXPIRED, 422
    elif not read:
        ticked.flash, ticked.status = Message("Vink aan wat u heeft nagelezen."), 422
    if ticked.flash:
        return _page(ticked)
    try:
        with app.store.write(desk.actor, app.now()) as write:
            for value, (form_id, row, edits) in read.items():
                try:
                    _let(write, form_id, row, edits)
                except Conflict as overtaken:
                    ticked.messages[value] = Message(str(overtaken))
            if ticked.messages:
                raise Conflict("De plek heeft dit intussen veranderd. Lees het nog een keer.")
    except Conflict as overtaken:
        ticked.flash, ticked.status = Message(str(overtaken)), 409
        return _page(ticked)
    return make_response(redirect(f"/office/reading?done={len(read)}", 303))


@blueprint.post("/reading/<uuid:row>/undo")
@signed_in("office")
def undo(row: uuid.UUID) -> Response:
    """Takes back that something was passed; it is to be read again."""
    app, desk = instance(), office_desk()
    if Confirm().validate():
        form = app.forms[passed.FORM]
        with app.store.write(desk.actor, app.now()) as write:
            found = rows.find(app.store, write.connection, form, str(row), None)
            if found.state == rows.CURRENT:
                rows.withdraw(app.store, write, form, found.id, found.edits, desk.origin)
    return make_response(redirect("/office/reading", 303))


def _parts(value: str) -> tuple[str, str, int]:
    """Form, id and number of changes of what was ticked; BadRequest when the page is not whole."""
    form_id, _, rest = value.partition(":")
    row, _, edits = rest.partition(":")
    known = {form.form_id for form in passed.written(instance().forms.values())}
    if form_id in known and edits.isascii() and edits.isdigit() and len(edits) < 9:
        return form_id, row, int(edits)
    raise BadRequest("Deze pagina was niet heel. Ga terug en probeer het nog een keer.")


def _let(write: Write, form_id: str, row: str, edits: int) -> None:
    app, desk = instance(), office_desk()
    found = rows.find(app.store, write.connection, app.forms[form_id], row, None)
    form = app.forms[passed.FORM]
    raw = {"row": [found.id], "edits_read": [str(edits)], "passed": ["OK"]}
    answer = check(form, raw, desk.around(app, write.connection).context(form))
    passed.let(app.store, write, found, edits, answer, str(uuid.uuid4()), desk.origin)


def _page(ticked: Ticked) -> Response:
    app, desk = instance(), office_desk()
    with app.store.read() as connection:
        here = desk.around(app, connection)
        names = {row["name"]: row["label"] for row in register.rows(connection, "places")}
        waiting = passed.waiting(app.store, connection, _AT_ONCE)
        total = passed.how_many(app.store, connection)
        latest = passed.latest(app.store, connection, _LATEST)
        reports = [_report(row, names, here, ticked) for row in waiting]
        done = [
            {**_report(each.row, names, here, ticked), "undo": each.reading.id} for each in latest
        ]
    changed = {value.rpartition(":")[0] for value in ticked.messages}
    page = {
        "reports": reports,
        "total": total,
        "latest": done,
        "done": request.args.get("done", 0, int),
        "flash": language.say(app.catalogues, ticked.flash) if ticked.flash else "",
        "wrong": [each for each in reports if str(each["value"]).rpartition(":")[0] in changed],
        "field": _FIELD,
    }
    return make_response(render_template("office/reading.html", page=page), ticked.status)


def _report(
    row: Row, names: Mapping[str, str], here: Surroundings, ticked: Ticked
) -> dict[str, object]:
    value = f"{row.form.form_id}:{row.id}:{row.edits}"
    told = passed.words(row.form)
    return {
        "value": value,
        "id": f"read-{row.id}",
        "place": names.get(str(row.place), str(row.place)),
        "about": ", ".join(
            [
                language.pick(row.form.title),
                *(wording.keyed(row.form, name, row.values, here) for name in row.form.key),
            ]
        ),
        "words": [
            (language.pick(question.label), str(row.values[name]))
            for name, question in told.items()
            if row.values.get(name)
        ],
        "ticked": value in ticked.values,
        "changed": row.edits > 0,
    }
