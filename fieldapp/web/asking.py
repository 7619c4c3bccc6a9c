"""Filling in a form, looking a record up again, changing and withdrawing it: phone and office."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, abort, make_response, redirect, render_template, request

from fieldapp.ask.answer import Answer
from fieldapp.ask.question import Form
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin, Receipt, Row
from fieldapp.report.completeness import Place
from fieldapp.web import language, wording
from fieldapp.web.drawing import Drawing, kept, start
from fieldapp.web.fields import AnswerForm, Confirm
from fieldapp.web.instance import Instance, instance
from fieldapp.web.page import Filled, FormPage, Record
from fieldapp.web.surroundings import Surroundings


@dataclass(frozen=True)
class Desk:
    """Where a form is filled in: on a place's phone, or in the office (no place)."""

    place: Place | None
    origin: Origin
    actor: str
    base: str
    """Address of a form without its id: "/form" or "/office/form"."""
    back: str

    def form(self, form_id: str) -> Form:
        """The form with this id, if it is asked here; otherwise there is no such page."""
        found = instance().forms.get(form_id)
        if found is None or (self.place.kind if self.place else "office") not in found.places:
            abort(404)
        return found

    def url(self, form: Form, row: str = "", page: str = "") -> str:
        """The address of a form, of one of its records, or of a page of that record."""
        return "/".join(part for part in (self.base, form.form_id, row, page) if part)

    def around(self, app: Instance, connection: sqlite3.Connection) -> Surroundings:
        """What a check takes from its surroundings here and now."""
        return Surroundings(app.store, connection, self.place, app.now())


@dataclass(frozen=True)
class Opened:
    """What a page of a form is about to show, besides the fields."""

    status: int = 200
    flash: Message | None = None
    row: Row | None = None
    instance_id: str = ""


_OTHER_POSTER = Message(
    "Deze poster hoort bij een andere plek. Wat u hier invult, telt voor uw eigen plek."
)


def ask(desk: Desk, form: Form) -> Response:
    """A new answer: the page (GET), or what became of it (POST)."""
    app = instance()
    if request.method == "GET":
        with app.store.read() as connection:
            here = desk.around(app, connection)
            opened = Opened(flash=_OTHER_POSTER if request.args.get("poster") else None)
            return _draw(desk, form, start(form, here, request.args), here, opened)
    page = app.classes[form.form_id]()
    answer = _checked(desk, form, page)
    receipt: Receipt | None = None
    if answer is not None:
        try:
            with app.store.write(desk.actor, app.now()) as write:
                receipt = rows.add(
                    app.store, write, form, answer, str(page.instanceID.data), desk.origin
                )
        except Refused as refused:
            page.refuse(refused)
    if receipt is None:
        return _refuse(desk, form, page, _complaint(page))
    if receipt.status == "conflict":
        again = Message(
            "Dit was al verstuurd met andere antwoorden. Kijk na wat er staat. "
            "Is dit een nieuw antwoord? Bewaar het dan nog een keer."
        )
        return _refuse(desk, form, page, again, status=409, instance_id=str(uuid.uuid4()))
    return _redirect(desk.url(form, receipt.id, "saved"))


def review(desk: Desk, form: Form, row: str) -> Response:
    """A kept record: to look at and to change (GET), or what became of the change (POST)."""
    app = instance()
    with app.store.read() as connection:
        found = rows.find(app.store, connection, form, row, desk.origin.place)
        if request.method == "GET":
            here = desk.around(app, connection)
            return _draw(desk, form, kept(form, found.values), here, Opened(row=found))
    page = app.classes[form.form_id]()
    page.instanceID.data = row
    answer = _checked(desk, form, page, found)
    if answer is None:
        return _refuse(desk, form, page, _complaint(page), row=found)
    try:
        with app.store.write(desk.actor, app.now()) as write:
            edits = int(page.edits.data or 0)
            rows.change(app.store, write, form, answer, row, edits, desk.origin)
    except Refused as refused:
        page.refuse(refused)
        return _refuse(desk, form, page, None, row=found)
    except Conflict:
        return _overtaken(desk, form, page, row)
    return _redirect(desk.url(form, row, "saved"))


def withdraw(desk: Desk, form: Form, row: str) -> Response:
    """Withdraws a record and shows it."""
    app = instance()
    if Confirm().validate():
        with app.store.write(desk.actor, app.now()) as write:
            found = rows.find(app.store, write.connection, form, row, desk.origin.place)
            rows.withdraw(app.store, write, form, row, found.edits, desk.origin)
    return _redirect(desk.url(form, row))


def saved(desk: Desk, form: Form, row: str, following: list[tuple[str, str]]) -> Response:
    """The page that repeats what was kept and offers what comes next."""
    app = instance()
    with app.store.read() as connection:
        found = rows.find(app.store, connection, form, row, desk.origin.place)
        here = desk.around(app, connection)
        sentence = wording.summary(form, found.values, here)
        if desk.place:
            sentence = f"{desk.place.name}, {sentence}"
        page = {
            "sentence": f"{sentence}.",
            "rows": wording.rows(form, found.values, here),
            "next": following,
            "edit": desk.url(form, row),
            "home": desk.back,
            "double": found.state == rows.DOUBLE,
            "card": f"/cards/{row}" if _made_person(form, found) else "",
            "code": found.values.get("person"),
        }
        return make_response(render_template("confirm.html", page=page))


def _made_person(form: Form, row: Row) -> bool:
    entity = form.entity
    return bool(entity and entity.list_name == "people" and entity.entity_id is None) and bool(
        row.values.get("person")
    )


def _checked(desk: Desk, form: Form, page: AnswerForm, row: Row | None = None) -> Answer | None:
    app = instance()
    with app.store.read() as connection:
        here = desk.around(app, connection)
        return page.answer(here.context(form, row.values if row else None))


def _complaint(page: AnswerForm) -> Message | None:
    if page.expired:
        return Message(
            "Deze pagina stond te lang open. Kijk alles na en druk nog een keer op Bewaar."
        )
    if page.tampered:
        return Message("Deze pagina was niet heel. Kijk alles na en druk nog een keer op Bewaar.")
    return None


def _refuse(
    desk: Desk,
    form: Form,
    page: AnswerForm,
    flash: Message | None,
    *,
    status: int = 422,
    row: Row | None = None,
    instance_id: str = "",
) -> Response:
    """The page as it was typed, with a message at each field that is not right."""
    app = instance()
    messages = {
        name: language.say(app.catalogues, page[name].messages[0])
        for name in page.questions
        if page[name].messages
    }
    if not instance_id:
        instance_id = str(uuid.uuid4() if page.tampered else page.instanceID.data)
    opened = Opened(status, flash, row, instance_id)
    with app.store.read() as connection:
        here = desk.around(app, connection)
        return _draw(desk, form, Filled(page.typed, messages), here, opened)


def _overtaken(desk: Desk, form: Form, page: AnswerForm, row: str) -> Response:
    """What was typed, above it what somebody else made of the record meanwhile."""
    app = instance()
    with app.store.read() as connection:
        now = rows.find(app.store, connection, form, row, desk.origin.place)
        here = desk.around(app, connection)
        there = "; ".join(
            f"{label} {value}" for label, value in wording.rows(form, now.values, here)
        )
    flash = Message(
        "Iemand anders heeft dit intussen veranderd. Nu staat er: {there}. "
        "Hieronder staat wat u invulde. Klopt dat beter? Bewaar het dan nog een keer.",
        {"there": there},
    )
    return _refuse(desk, form, page, flash, status=409, row=now)


def _draw(
    desk: Desk,
    form: Form,
    filled: Filled,
    here: Surroundings,
    opened: Opened,
) -> Response:
    app = instance()
    say: Mapping[str, str] = app.catalogues[language.language()]
    drawing = Drawing(form, filled, here, lambda source: say.get(source, source))
    row = opened.row
    open_row = row if row and row.state != rows.WITHDRAWN else None
    page = FormPage(
        form_id=form.form_id,
        title=language.pick(form.title),
        action=desk.url(form, row.id if row else ""),
        instance_id=row.id if row else opened.instance_id or str(uuid.uuid4()),
        version=form.version,
        edits=row.edits if row else None,
        items=drawing.items,
        errors=drawing.errors,
        definition=drawing.definition(),
        back=desk.back,
        submit=say.get("Bewaar", "Bewaar"),
        flash=language.say(app.catalogues, opened.flash) if opened.flash else "",
        record=Record(row.received_at, row.state) if row else None,
        withdraw=desk.url(form, open_row.id, "withdraw") if open_row else "",
    )
    return make_response(render_template("form.html", page=page), opened.status)


def _redirect(target: str) -> Response:
    return make_response(redirect(target, 303))
