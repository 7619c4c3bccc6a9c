"""How the pages look on which many people are added: the box for a list, and the list as read."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping, Sequence

from flask import Response, make_response, render_template

from fieldapp.ask.names import looks_like_more
from fieldapp.ask.question import Form
from fieldapp.errors import Message
from fieldapp.keep import people
from fieldapp.keep.people import Member
from fieldapp.web import crowd as crowds
from fieldapp.web import language
from fieldapp.web.crowd import TICKED, Crowd, Found
from fieldapp.web.desk import Desk
from fieldapp.web.drawing import Drawing, start
from fieldapp.web.instance import instance
from fieldapp.web.page import FieldView, Filled, FormPage, GroupView

_MOST_NAMED = 8  # mistakes in the summary; the others are marked in the list


def members_of(desk: Desk, connection: sqlite3.Connection) -> Sequence[Member]:
    """Who is at the place of this desk, or left it lately."""
    app = instance()
    day = app.now().date().isoformat()
    return people.members(connection, app.store.seal, str(desk.origin.place), day)


def texts(message: Message) -> Mapping[str, str]:
    """A message as the texts of a form."""
    return {
        code: catalogue.get(message.source, message.source)
        for code, catalogue in instance().catalogues.items()
    }


def _say(message: Message) -> str:
    return language.say(instance().catalogues, message)


def paste(
    desk: Desk,
    form: Form,
    crowd: Crowd | None = None,
    text: str = "",
    found: Found | None = None,
    flash: Message | None = None,
) -> Response:
    """The first page: a box for the names, and what is asked once."""
    app = instance()
    asked = crowds.once(form, texts, ticks=False)
    messages = {name: _say(text) for name, text in found.questions.items()} if found else {}
    with app.store.read() as connection:
        here = desk.around(app, connection)
        sent = crowd.raw if crowd else {}
        filled = Filled({**start(asked, here, {}).raw, **sent}, messages)
        drawing = Drawing(asked, filled, here, lambda source: _say(Message(source)))
    names = _box(text, messages.get("names", ""))
    page = FormPage(
        form_id=form.form_id,
        title=_say(Message("Meer mensen toevoegen")),
        action="/people/add",
        instance_id=str(uuid.uuid4()),
        version=form.version,
        edits=None,
        items=[names, *(item for item in drawing.items if _can_be_answered(item))],
        errors=[(names.id, names.error)] * bool(names.error) + drawing.errors,
        definition=drawing.definition(),
        back=desk.stay("/people"),
        submit=_say(Message("Verder")),
        flash=_say(flash) if flash else "",
    )
    return make_response(render_template("form.html", page=page), 422 if found else 200)


def _box(text: str, error: str) -> FieldView:
    return FieldView(
        name="names",
        id="q-names",
        widget="multiline",
        label=_say(Message("Eén naam per regel")),
        hint=_say(
            Message(
                "Alleen roepnamen, geen achternamen. U kunt hier een lijst plakken, ook uit Excel."
            )
        ),
        optional=False,
        error=error,
        value=text,
        values=frozenset(),
        choices=(),
        flags=frozenset(),
        parameters={},
        relevant=True,
        days=(),
        other="",
    )


def _can_be_answered(item: FieldView | GroupView) -> bool:
    """Whether there is anything to pick: a place without pilots is not asked which."""
    if isinstance(item, GroupView):
        return True
    return bool(item.choices) or item.widget != "dropdown" or not item.optional


def listed(
    desk: Desk,
    form: Form,
    crowd: Crowd,
    *,
    status: int = 200,
    found: Found | None = None,
    flash: Message | None = None,
) -> Response:
    """The list as it stands; without `found` nothing was asked of it yet but its names."""
    app = instance()
    asked = crowds.once(form, texts, ticks=True)
    with app.store.read() as connection:
        here = desk.around(app, connection)
        if found is None:
            members = members_of(desk, connection)
            found = crowds.look(form, asked, crowd, members, here.context(form))
            found.questions = {}
        messages = {name: _say(text) for name, text in found.questions.items()}
        filled = Filled({**start(asked, here, {}).raw, **crowd.raw}, messages)
        drawing = Drawing(asked, filled, here, lambda source: _say(Message(source)))
    rest = next((i for i in drawing.items if i.name == TICKED and i.relevant), None)
    others = [i for i in drawing.items if i.name != TICKED and _can_be_answered(i)]
    errors = [(f"name-{n}", f"{n}: {_say(text)}") for n, text in found.lines.items()]
    page = {
        "status": status,
        "flash": _say(flash) if flash else "",
        "id": crowd.id,
        "version": form.version,
        "definition": drawing.definition(),
        "for_all": others,
        "open": any(name != TICKED for name in found.questions),
        "question": language.pick(form.questions[TICKED].label) if rest else "",
        "yes": _yes(form) if rest else "",
        "rest": rest,
        "lines": [
            {
                "number": line.number,
                "name": line.name,
                "ticked": line.ticked,
                "error": _say(found.lines[line.number]) if line.number in found.lines else "",
                "long": looks_like_more(line.name),
            }
            for line in crowd.lines
        ],
        "errors": [*drawing.errors, *errors[:_MOST_NAMED]],
        "more": max(0, len(errors) - _MOST_NAMED),
        "known": len(found.known),
        "long": sum(looks_like_more(line.name) for line in crowd.lines),
    }
    return make_response(render_template("people_list.html", page=page), status)


def _yes(form: Form) -> str:
    return next(language.pick(c.label) for c in form.questions[TICKED].choices if c.name == "yes")
