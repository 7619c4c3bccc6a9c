"""In the office: a place's record mended with a reason, on the same page as the phone's form."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from fieldapp.ask.answer import Answer
from fieldapp.ask.question import Form
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep import correction, register
from fieldapp.keep import row as rows
from fieldapp.keep.correction import REASON
from fieldapp.keep.row import Row
from fieldapp.web import asking, language, record_page, unnamed
from fieldapp.web.access import signed_in
from fieldapp.web.drawing import Drawing, kept
from fieldapp.web.fields import AnswerForm
from fieldapp.web.instance import instance
from fieldapp.web.page import Filled, FormPage, Record
from fieldapp.web.phone import say
from fieldapp.web.record_page import WHY

blueprint = Blueprint("correcting", __name__, url_prefix="/office/records")

_SAME = Message("U heeft niets veranderd. Verander eerst wat niet klopt.")
_WHY_ID = "page-reason"


@dataclass(frozen=True)
class Sent:
    """What came back of the page: what stood in its fields, and what is said about it."""

    filled: Filled
    status: int = 200
    flash: Message | None = None
    reason: str = ""
    mistake: Message | None = None


@blueprint.route("/<form_id>/<uuid:row>/correct", methods=["GET", "POST"])
@signed_in("office")
def correct(form_id: str, row: uuid.UUID) -> Response:
    """A record to mend (GET), or what became of that (POST)."""
    app, form = instance(), record_page.form_of(form_id)
    with app.store.read() as connection:
        found = rows.find(app.store, connection, form, str(row), None)
    if found.state == rows.WITHDRAWN:
        return _gone(found)
    if request.method == "GET":
        return _draw(found, Sent(kept(form, found.values)))
    page = _read(form, found)
    edits = page.edits.data or ""
    if not edits:
        abort(400)
    answer = _checked(page, found)
    reason, mistake = record_page.typed_reason(), None
    try:
        correction.told(reason)
    except Refused as refused:
        mistake = refused.messages[REASON]
    if answer is None or mistake:
        return _refuse(page, found, asking.complaint(page) or _withheld(page, form), mistake)
    if int(edits) == found.edits and correction.same(form, found, answer):
        return _refuse(page, found, _SAME)
    origin = record_page.origin_of(found)
    try:
        with app.store.write(record_page.actor(), app.now()) as write:
            correction.correct(app.store, write, form, answer, found.id, int(edits), origin, reason)
    except Refused as refused:
        page.refuse(Refused({n: m for n, m in refused.messages.items() if n in page.questions}))
        rest = [m for n, m in refused.messages.items() if n not in page.questions]
        return _refuse(page, found, next(iter(rest), None) or _withheld(page, form))
    except Conflict:
        return _overtaken(page, found)
    done = f"{record_page.address(form_id, found.id)}?done={correction.CHANGE}"
    return make_response(redirect(done, 303))


def _read(form: Form, row: Row) -> AnswerForm:
    """The page as it was sent; what only the place may see stays as it is."""
    page = instance().classes[form.form_id]()
    page.instanceID.data = row.id
    stands = kept(form, row.values).raw
    for name in page.questions:
        if form.columns[name].private:
            page[name].raw = list(stands[name])
    return page


def _checked(page: AnswerForm, row: Row) -> Answer | None:
    app = instance()
    with app.store.read() as connection:
        here = unnamed.around(app, connection, row)
        return page.answer(here.context(row.form, row.values))


def _withheld(page: AnswerForm, form: Form) -> Message | None:
    """What is wrong with an answer that the office does not see."""
    complaints = page.complaints.items()
    found = {name: message for name, message in complaints if form.columns[name].private}
    return next(iter(record_page.told(Refused(found), form).values()), None)


def _refuse(
    page: AnswerForm,
    row: Row,
    flash: Message | None,
    mistake: Message | None = None,
    status: int = 422,
) -> Response:
    app = instance()
    messages = language.say_each(app.catalogues, page.complaints)
    typed = Filled(page.typed, messages)
    return _draw(row, Sent(typed, status, flash, record_page.typed_reason(), mistake))


def _overtaken(page: AnswerForm, row: Row) -> Response:
    """What was typed, above it what somebody else made of the record meanwhile."""
    app = instance()
    with app.store.read() as connection:
        now = rows.find(app.store, connection, row.form, row.id, None)
        here = unnamed.around(app, connection, now)
        there = "; ".join(
            f"{label} {value}" for label, value in unnamed.answers(now.form, now.values, here)
        )
    if now.state == rows.WITHDRAWN:
        return _gone(now)
    flash = Message(
        "Iemand anders heeft dit intussen veranderd. Nu staat er: {there}. "
        "Hieronder staat wat u invulde. Klopt dat beter? Bewaar het dan nog een keer.",
        {"there": there},
    )
    return _refuse(page, now, flash, status=409)


def _gone(row: Row) -> Response:
    """The page of a record that was withdrawn: it is put back before it is mended."""
    gone = Message("Dit is ingetrokken. Zet het eerst terug. Daarna kunt u het verbeteren.")
    return record_page.page(row.form, row.id, 409, gone)


def _draw(row: Row, sent: Sent) -> Response:
    app = instance()
    words: Mapping[str, str] = app.catalogues[language.language()]
    seen = unnamed.without_private(row.form)
    filled = Filled(
        {name: raw for name, raw in sent.filled.raw.items() if name in seen.columns},
        {name: text for name, text in sent.filled.messages.items() if name in seen.columns},
    )
    with app.store.read() as connection:
        here = unnamed.around(app, connection, row)
        drawing = Drawing(seen, filled, here, lambda source: words.get(source, source))
        places = {each["name"]: each["label"] for each in register.rows(connection, "places")}
        about = unnamed.summary(row, here)
    mistake = language.say(app.catalogues, sent.mistake) if sent.mistake else ""
    back = record_page.address(row.form.form_id, row.id)
    page = FormPage(
        form_id=row.form.form_id,
        title=say("{form} verbeteren", form=language.pick(row.form.title)),
        action=f"{back}/correct",
        instance_id=row.id,
        version=row.form.version,
        edits=row.edits,
        items=drawing.items,
        errors=[*drawing.errors, *([(_WHY_ID, mistake)] if mistake else [])],
        definition=drawing.definition(),
        back=back,
        submit=say("Bewaar"),
        hint=", ".join(part for part in (places.get(row.place or "", ""), about) if part),
        flash=language.say(app.catalogues, sent.flash) if sent.flash else "",
        record=Record(row.received_at, row.state, f"/office/doubles/{row.form.form_id}/{row.id}"),
    )
    why = {"id": _WHY_ID, "name": WHY, "value": sent.reason, "mistake": mistake}
    return make_response(render_template("office/correct.html", page=page, why=why), sent.status)
