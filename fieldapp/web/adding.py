"""The pages on which many people are added: paste a list, look it over, save it in one go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.names import MOST_NAMES, read_names
from fieldapp.ask.question import Form
from fieldapp.ask.reading import holdable
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep.people import Member
from fieldapp.web import crowd as crowds
from fieldapp.web.access import paired, phone_desk
from fieldapp.web.crowd import Crowd, Line
from fieldapp.web.crowd_page import listed, members_of, paste, texts
from fieldapp.web.desk import Desk
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("adding", __name__)

_AGAIN = Message(
    "Deze lijst was al bewaard, met andere namen. Kijk hieronder wie er al is. "
    "Bewaar daarna wat overblijft."
)
_CUT = Message(
    "Achter sommige namen stond nog iets: na een komma, of een nummer. Dat lieten wij weg."
)


@blueprint.route("/people/add", methods=["GET", "POST"])
@paired
def add() -> Response:
    """Where a list is pasted, then looked over, then kept."""
    desk = phone_desk()
    form = desk.form("person_new")
    if request.method == "GET":
        return paste(desk, form)
    crowd = _crowd(form)
    if "page.list" not in request.form:
        return _read(desk, form, crowd)
    if not Confirm().validate():
        return listed(desk, form, crowd, status=422, flash=EXPIRED)
    do = request.form.get("page.do")
    if do == "back":
        return paste(desk, form, crowd, "\n".join(line.name for line in crowd.lines))
    if do == "known":
        return listed(desk, form, crowds.without_known(crowd, _here(desk)))
    if do == "short":
        return listed(desk, form, crowds.with_short_names(crowd, _here(desk)))
    return _save(desk, form, crowd)


@blueprint.get("/people/added/<uuid:row>")
@paired
def added(row: Any) -> str:
    """Who was added with one list."""
    desk = phone_desk()
    whole = Crowd(str(row), [Line(number, "") for number in range(1, MOST_NAMES + 1)], {})
    ids = {whole.row(line) for line in whole.lines}
    found = [member for member in _here(desk) if member.row in ids]
    if not found:
        abort(404)
    return render_template("people_added.html", people=found, stay=desk.stay)


def _here(desk: Desk) -> Sequence[Member]:
    app = instance()
    with app.store.read() as connection:
        return members_of(desk, connection)


def _crowd(form: Form) -> Crowd:
    """What was sent: names by their number, and the answers for all."""
    sent = request.form
    raw = {}
    for name, question in form.columns.items():
        fields = [name, *(f"{name}.{part}" for part in kind_of(question).parts)]
        # What was hidden was not sent, and starts anew when it shows.
        if name in sent and kind_of(question).filled_by == "person":
            raw[name] = [holdable(value) for each in fields for value in sent.getlist(each)]
    lines = [
        Line(number, name, f"ticked.{number}" in sent)
        for number in range(1, MOST_NAMES + 1)
        if (name := " ".join(holdable(sent.get(f"name.{number}", "")).split()))
    ]
    return Crowd(_known_id(sent.get("instanceID", "")), lines, raw)


def _known_id(sent: str) -> str:
    try:
        return str(uuid.UUID(sent))
    except ValueError:
        return str(uuid.uuid4())


def _read(desk: Desk, form: Form, crowd: Crowd) -> Response:
    """The list as it was read; the page again when something is missing."""
    app = instance()
    text = holdable(request.form.get("names", ""))
    listing = read_names(text)
    flash = None if Confirm().validate() else EXPIRED
    asked = crowds.once(form, texts, ticks=False)
    with app.store.read() as connection:
        context = desk.around(app, connection).context(asked)
        found = crowds.look(form, asked, replace(crowd, lines=[]), [], context)
    if not listing.names:
        found.questions["names"] = Message("Vul de namen in. Zet op elke regel één naam.")
    elif len(listing.names) > MOST_NAMES:
        found.questions["names"] = Message(
            "U kunt {most} namen in één keer toevoegen. Dit zijn er {n}. "
            "Haal de laatste {over} weg en voeg die daarna toe.",
            {
                "most": str(MOST_NAMES),
                "n": str(len(listing.names)),
                "over": str(len(listing.names) - MOST_NAMES),
            },
        )
    if flash or found.questions:
        return paste(desk, form, crowd, text, found, flash)
    lines = [Line(number, name) for number, name in enumerate(listing.names, 1)]
    fresh = replace(crowd, id=str(uuid.uuid4()), lines=lines)
    return listed(desk, form, fresh, flash=_CUT if listing.cut else None)


def _save(desk: Desk, form: Form, crowd: Crowd) -> Response:
    """Keeps all of the list, or shows it again with everything that is to be mended."""
    app = instance()
    asked = crowds.once(form, texts, ticks=True)
    with app.store.read() as connection:
        context = desk.around(app, connection).context(form)
        found = crowds.look(form, asked, crowd, members_of(desk, connection), context)
    if not crowd.lines or found.questions or found.lines:
        return listed(desk, form, crowd, status=422, found=found)
    try:
        with app.store.write(desk.actor, app.now()) as write:
            crowds.keep(app.store, write, form, crowd, found.answers, desk.origin)
    except Refused as refused:
        found.lines = {int(number): text for number, text in refused.messages.items()}
        return listed(desk, form, crowd, status=422, found=found)
    except Conflict:
        return listed(desk, form, replace(crowd, id=str(uuid.uuid4())), status=409, flash=_AGAIN)
    return make_response(redirect(desk.stay(f"/people/added/{crowd.id}"), 303))
