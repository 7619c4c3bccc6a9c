"""Filling in a form, looking a record up again, changing and withdrawing it: phone and office."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request

from fieldapp.ask.answer import Answer
from fieldapp.ask.question import Form
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep import row as rows
from fieldapp.keep.row import Receipt, Row
from fieldapp.web import language, scanned, wording
from fieldapp.web.caution import caution
from fieldapp.web.desk import Desk
from fieldapp.web.doubt import SURE, Asked, Doubt, doubts
from fieldapp.web.drawing import Drawing, kept, start
from fieldapp.web.fields import EXPIRED, AnswerForm, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.page import Filled, FormPage, Record
from fieldapp.web.surroundings import Surroundings


@dataclass(frozen=True)
class Opened:
    """What a page of a form is about to show, besides the fields."""

    status: int = 200
    flash: Message | None = None
    row: Row | None = None
    instance_id: str = ""
    doubts: Sequence[Doubt] = ()
    caution: Message | None = None


OTHER_POSTER = Message(
    "Deze poster hoort bij een andere plek. Wat u hier invult, telt voor uw eigen plek."
)


def ask(desk: Desk, form: Form) -> Response:
    """A new answer: the page (GET), or what became of it (POST)."""
    app = instance()
    if request.method == "GET":
        with app.store.read() as connection:
            here = desk.around(app, connection)
            cards = scanned.start_of(here, form, request.args)
            other = OTHER_POSTER if request.args.get("poster") else None
            filled = start(form, here, request.args, cards.given)
            return _draw(desk, form, filled, here, Opened(flash=cards.message or other))
    page = app.classes[form.form_id]()
    answer = _checked(desk, form, page)
    receipt: Receipt | None = None
    doubtful = _doubtful(desk, form, answer)
    if answer is not None and not doubtful:
        try:
            with app.store.write(desk.actor, app.now()) as write:
                receipt = rows.add(
                    app.store, write, form, answer, str(page.instanceID.data), desk.origin
                )
        except Refused as refused:
            page.refuse(refused)
    if receipt is None:
        return _refuse(desk, form, page, complaint(page), doubtful=doubtful)
    if receipt.status == "conflict":
        again = Message(
            "Dit was al verstuurd met andere antwoorden. Kijk na wat er staat. "
            "Is dit een nieuw antwoord? Bewaar het dan nog een keer."
        )
        return _refuse(desk, form, page, again, status=409, instance_id=str(uuid.uuid4()))
    scanned.forget(form)
    return _redirect(desk.url(form, receipt.id, "saved"))


def review(desk: Desk, form: Form, row: str) -> Response:
    """A kept record: to look at and to change (GET), or what became of the change (POST)."""
    app = instance()
    with app.store.read() as connection:
        found = rows.find(app.store, connection, form, row, desk.origin.place)
        if request.method == "GET":
            here = desk.around(app, connection)
            opened = Opened(row=found, caution=caution(app, connection, desk.place, form, found))
            return _draw(desk, form, kept(form, found.values), here, opened)
    page = app.classes[form.form_id]()
    page.instanceID.data = row
    answer = _checked(desk, form, page, found)
    if answer is None:
        return _refuse(desk, form, page, complaint(page), row=found)
    if doubtful := _doubtful(desk, form, answer):
        return _refuse(desk, form, page, None, row=found, doubtful=doubtful)
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
        careful = caution(app, connection, desk.place, form, found)
        page = {
            "sentence": f"{sentence}.",
            "caution": language.say(app.catalogues, careful) if careful else "",
            "rows": wording.rows(form, found.values, here),
            "next": following,
            "edit": desk.url(form, row),
            "home": desk.back,
            "double": desk.double(form, row) if found.state == rows.DOUBLE else "",
            "card": desk.stay(f"/cards/{row}") if _made_person(form, found) else "",
            "code": found.values.get("person"),
            "hours": desk.stay("/hours") if form.form_id in ("schedule", "closure") else "",
            "month": desk.stay(f"/month?month={str(found.values['month'])[:7]}")
            if desk.place and form.form_id == "month_report"
            else "",
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


def _doubtful(desk: Desk, form: Form, answer: Answer | None) -> list[Doubt]:
    """What is to be asked back before `answer` is kept."""
    app = instance()
    if answer is None:
        return []
    with app.store.read() as connection:
        here = desk.around(app, connection)
        asked = Asked(app, connection, here, desk.url, answer.values)
        return doubts(form, asked, request.form.getlist(SURE))


def complaint(page: AnswerForm) -> Message | None:
    """What is said above a page whose own hidden fields do not hold."""
    if page.expired:
        return EXPIRED
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
    doubtful: Sequence[Doubt] = (),
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
    opened = Opened(status, flash, row, instance_id, doubtful)
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
        action=desk.path(form, row.id if row else ""),
        instance_id=row.id if row else opened.instance_id or str(uuid.uuid4()),
        version=form.version,
        edits=row.edits if row else None,
        items=drawing.items,
        errors=drawing.errors,
        definition=drawing.definition(),
        back=desk.back,
        submit=say.get("Bewaar", "Bewaar"),
        flash=language.say(app.catalogues, opened.flash) if opened.flash else "",
        record=Record(row.received_at, row.state, desk.double(form, row.id)) if row else None,
        withdraw=desk.path(form, open_row.id, "withdraw") if open_row else "",
        doubts=opened.doubts,
        caution=language.say(app.catalogues, opened.caution) if opened.caution else "",
    )
    return make_response(render_template("form.html", page=page), opened.status)


def _redirect(target: str) -> Response:
    return make_response(redirect(target, 303))
