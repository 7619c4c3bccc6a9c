"""Filling in a form, looking a record up again, changing and withdrawing it: phone and office."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request
from flask_wtf.csrf import generate_csrf

from fieldapp.ask.question import Form
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep import called
from fieldapp.keep import request as requests
from fieldapp.keep import row as rows
from fieldapp.keep.people import is_personal
from fieldapp.keep.row import Row
from fieldapp.web import language, ready, scanned, wording
from fieldapp.web.caution import caution
from fieldapp.web.desk import Desk
from fieldapp.web.doubt import SURE, Doubt
from fieldapp.web.drawing import Drawing, kept, start
from fieldapp.web.fields import EXPIRED, AnswerForm, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.mould import Drawn
from fieldapp.web.page import Filled, FormPage, Record
from fieldapp.web.standing import is_late, standing
from fieldapp.web.surroundings import Surroundings
from fieldapp.web.taking import Changes, Sent, Taken, take


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
            about = ready.of_form(form, here.now) if desk.place else None
            if about is None:
                return make_response(_fresh(desk, form, here).html)
            return make_response(
                ready.page(connection, here.now, about, lambda: _fresh(desk, form, here))
            )
    page = _opened(form)
    form = page.asked
    taken = take(desk, _sent(page)) if page.validate() else Taken()
    page.refuse(Refused(taken.refused))
    receipt = taken.receipt
    if receipt is None:
        return _refuse(desk, form, page, complaint(page), doubtful=taken.doubts)
    if receipt.status == "conflict":
        again = Message(
            "Dit was al verstuurd met andere antwoorden. Kijk na wat er staat. "
            "Is dit een nieuw antwoord? Bewaar het dan nog een keer."
        )
        return _refuse(desk, form, page, again, status=409, instance_id=str(uuid.uuid4()))
    scanned.forget(form)
    return _redirect(desk.url(form, receipt.id, "saved"))


def _fresh(desk: Desk, form: Form, here: Surroundings) -> Drawn:
    """The page of a new answer."""
    cards = scanned.start_of(here, form, request.args)
    other = OTHER_POSTER if request.args.get("poster") else None
    filled = start(form, here, request.args, cards.given)
    made = str(uuid.uuid4())
    opened = Opened(flash=cards.message or other, instance_id=made)
    html = _drawn(desk, form, filled, here, opened)
    return Drawn(html, generate_csrf(), [made], here.now, called.labels(here.people))


def review(desk: Desk, form: Form, row: str) -> Response:
    """A kept record: to look at and to change (GET), or what became of the change (POST)."""
    app = instance()
    with app.store.read() as connection:
        found = rows.find(app.store, connection, form, row, desk.origin.place)
        if request.method == "GET":
            here = desk.around(app, connection)
            opened = Opened(row=found, caution=caution(app, connection, desk.place, form, found))
            return _draw(desk, form, kept(form, found.values), here, opened)
    page = _opened(form)
    form = page.asked
    page.instanceID.data = row
    if not page.validate():
        return _refuse(desk, form, page, complaint(page), row=found)
    changes = Changes(row, int(page.edits.data or 0))
    try:
        taken = take(desk, _sent(page, changes))
    except Conflict:
        return _overtaken(desk, form, page, row)
    page.refuse(Refused(taken.refused))
    if taken.receipt is None:
        return _refuse(desk, form, page, None, row=found, doubtful=taken.doubts)
    asked = taken.receipt.status == "asked"
    return _redirect(desk.url(form, row, "" if asked else "saved"))


def withdraw(desk: Desk, form: Form, row: str) -> Response:
    """Withdraws a record, or asks for it in a closed month, and shows it."""
    app = instance()
    if Confirm().validate():
        with app.store.write(desk.actor, app.now()) as write:
            found = rows.find(app.store, write.connection, form, row, desk.origin.place)
            requests.withdraw(app.store, write, form, row, found.edits, desk.origin)
    return _redirect(desk.url(form, row))


def saved(desk: Desk, form: Form, row: str, following: list[tuple[str, str]]) -> Response:
    """The page that repeats what was kept and offers what comes next."""
    app = instance()
    with app.store.read() as connection:
        found = rows.find(app.store, connection, form, row, desk.origin.place)
        here = desk.around(app, connection)
        sentence = wording.summary(form, found.values, here)
        if desk.place:
            sentence = language.listed([language.apart(desk.place.name), sentence])
        careful = caution(app, connection, desk.place, form, found)
        page = {
            "sentence": f"{sentence}.",
            "private": any(is_personal(question) for question in form.columns.values()),
            "caution": language.say(app.catalogues, careful) if careful else "",
            "late": is_late(connection, desk, form, found.values, found.received_at),
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


def _opened(form: Form) -> AnswerForm:
    """The page as it was opened: of the version that was in force then."""
    return instance().page_of(form.form_id, request.form.get("version", ""))()


def _sent(page: AnswerForm, changes: Changes | None = None) -> Sent:
    """What a page sent whose own hidden fields hold."""
    sure = request.form.getlist(SURE)
    return Sent(page.asked, page.raw, str(page.instanceID.data), sure, changes)


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
    messages = language.say_each(app.catalogues, page.complaints)
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
    return make_response(_drawn(desk, form, filled, here, opened), opened.status)


def _drawn(desk: Desk, form: Form, filled: Filled, here: Surroundings, opened: Opened) -> str:
    app = instance()
    say: Mapping[str, str] = app.catalogues[language.language()]
    drawing = Drawing(form, filled, here, lambda source: say.get(source, source))
    row = opened.row
    open_row = row if row and row.state != rows.WITHDRAWN else None
    stands = standing(desk, form, open_row, here)
    submit = Message("Vraag deze verandering aan" if stands.closed else "Bewaar")
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
        submit=language.say(app.catalogues, submit),
        flash=language.say(app.catalogues, opened.flash) if opened.flash else "",
        record=Record(row.received_at, row.state, desk.double(form, row.id)) if row else None,
        withdraw=desk.path(form, open_row.id, "withdraw") if open_row else "",
        doubts=opened.doubts,
        caution=language.say(app.catalogues, opened.caution) if opened.caution else "",
        standing=stands,
        fresh=request.method == "GET",
    )
    return render_template("form.html", page=page)


def _redirect(target: str) -> Response:
    return make_response(redirect(target, 303))
