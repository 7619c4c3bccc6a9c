"""In the office: a workbook to fill in, what a filled-in one would do, and then all or nothing."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.ask.reading import holdable
from fieldapp.ask.upload import LARGEST, TOO_LARGE, Wrong, gathered, read_sheet
from fieldapp.errors import Message
from fieldapp.keep import register, uploaded
from fieldapp.report.template import template
from fieldapp.web import incoming, language, matching, wording
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.incoming import Plan
from fieldapp.web.instance import instance
from fieldapp.web.matching import CHANGE, Coming
from fieldapp.web.surroundings import Surroundings

blueprint = Blueprint("importing", __name__, url_prefix="/office/import")

FILE = "file"
_BESIDE = 10_000  # bytes that a page sends beside its file
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_SHOWN = 50
_LONGEST_NAME = 80


@blueprint.get("")
@signed_in("office")
def listed() -> str:
    """Every form that a workbook can be filled in for, and the files that wait."""
    app, who = instance(), the_account()
    with app.store.read() as connection:
        waiting = uploaded.waiting(connection, who.id)
    forms = {f.form_id: language.pick(f.title) for f in app.forms.values() if _may_come(f)}
    return render_template(
        "office/import.html",
        forms=forms,
        waiting=[(each, forms[each.purpose]) for each in waiting if each.purpose in forms],
    )


@blueprint.get("/<form_id>/template.xlsx")
@signed_in("office")
def empty(form_id: str) -> Response:
    """The workbook to fill in."""
    app, form = instance(), _form(form_id)
    with app.store.read() as connection:
        options = matching.options(app.store, connection, form, app.now())
    made = template(form, options, language.pick, lambda said: language.say(app.catalogues, said))
    response = make_response(made)
    response.mimetype = _XLSX
    response.headers["Content-Disposition"] = f'attachment; filename="{form_id}.xlsx"'
    return response


@blueprint.route("/<form_id>", methods=["GET", "POST"])
@signed_in("office")
def choose(form_id: str) -> Response:
    """The page that takes a file (GET), or what became of it: refused whole, or looked at."""
    app, who, form = instance(), the_account(), _form(form_id)
    if request.method == "GET":
        return _asked(form)
    request.max_content_length = LARGEST + _BESIDE
    try:
        genuine, file = Confirm().validate(), request.files.get(FILE)
    except RequestEntityTooLarge:
        return _asked(form, [Wrong("", TOO_LARGE)])
    if not genuine:
        return _asked(form, [Wrong("", EXPIRED)])
    if file is None or not file.filename:
        return _asked(form, [Wrong("", Message("Kies eerst een bestand."))])
    content = file.read()
    token = str(uuid.uuid4())
    plan = _plan(form, token, content)
    if plan.wrong:
        return _asked(form, plan.wrong, _name(file.filename))
    with app.store.write(f"account:{who.id}", app.now()) as write:
        uploaded.keep(write, token, who.id, form_id, _name(file.filename), content)
    return make_response(redirect(f"/office/import/{form_id}/{token}", 303))


@blueprint.route("/<form_id>/<uuid:upload>", methods=["GET", "POST"])
@signed_in("office")
def look(form_id: str, upload: uuid.UUID) -> Response:
    """What a file would do (GET), or did; entering it (POST) does all of it or nothing."""
    app, who, form = instance(), the_account(), _form(form_id)
    with app.store.read() as connection:
        file = uploaded.find(connection, str(upload), who.id, form_id)
        done = uploaded.outcome(connection, file.token)
    if done is not None:
        return _done(form, file.name, done)
    plan = _plan(form, file.token, file.content)
    if request.method == "GET" or plan.wrong:
        return _shown(plan, file.name)
    if not Confirm().validate():
        return _shown(plan, file.name, EXPIRED, 422)
    reason = language.say(app.catalogues, Message("Ingevoerd uit {name}", {"name": file.name}))
    overtaken = False
    with app.store.write(f"account:{who.id}", app.now()) as write:
        if uploaded.outcome(write.connection, file.token) is None:  # else it was pressed twice
            plan = incoming.again(app.store, write, plan)
            overtaken = bool(plan.wrong) or plan.seal != request.form.get("seal")
            if not overtaken:
                counts = incoming.enter(app.store, write, plan, who.id, reason)
                uploaded.use(write, file.token, form_id, counts)
    if overtaken:
        return _shown(plan, file.name, _OVERTAKEN, 409)
    return make_response(redirect(f"/office/import/{form_id}/{upload}", 303))


_OVERTAKEN = Message(
    "Intussen is er iets veranderd. Kijk na wat er nu zou gebeuren en druk nog een keer."
)


def _may_come(form: Form) -> bool:
    return incoming.importable(form)


def _form(form_id: str) -> Form:
    """The form with this id, when a workbook can be filled in for it."""
    found = instance().forms.get(form_id)
    if found is None or not _may_come(found):
        abort(404)
    return found


def _plan(form: Form, token: str, content: bytes) -> Plan:
    """What a file would do as things stand; looked at once for all who ask."""
    app = instance()
    with app.store.read() as connection:
        head, _ = app.store.journal.head(connection)
        key = (token, form.version, head, app.now().date())
        return app.plans.get(
            key,
            lambda: incoming.look(app.store, connection, form, read_sheet(content), app.now()),
        )


def _name(given: str) -> str:
    """A file's name as it is told and kept: no folder, no long number in it."""
    name = holdable(PurePosixPath(given.replace("\\", "/")).name)
    return re.sub(r"\d{9,}", "…", name)[:_LONGEST_NAME]


# --- pages --------------------------------------------------------------------------------------


def _asked(form: Form, wrong: Sequence[Wrong] = (), name: str = "") -> Response:
    """The page that takes a file, with everything that is wrong in the one that came."""
    page = render_template(
        "office/import_file.html",
        form_id=form.form_id,
        title=language.pick(form.title),
        name=name,
        count=len(wrong),
        faults=_faults(wrong),
        field=FILE,
    )
    return make_response(page, 422 if wrong else 200)


def _faults(wrong: Sequence[Wrong]) -> list[dict[str, object]]:
    """Mistakes as the page lists them; of each sort the first dozen."""
    say = instance().catalogues
    return [
        {
            "cells": [(each.cell, language.say(say, each.message)) for each in first],
            "more": more,
        }
        for first, more in gathered(wrong)
    ]


def _shown(plan: Plan, name: str, flash: Message | None = None, status: int = 200) -> Response:
    """What a file would do, to look at before it is entered."""
    app = instance()
    if plan.wrong:
        return _asked(plan.form, plan.wrong, name)
    with app.store.read() as connection:
        here = Surroundings(app.store, connection, None, app.now())
        names = {row["name"]: str(row["label"]) for row in register.rows(connection, "places")}
        changes = [_change(each, here, names) for each in plan.of(CHANGE)[:_MOST_SHOWN]]
    page = render_template(
        "office/import_look.html",
        form_id=plan.form.form_id,
        title=language.pick(plan.form.title),
        name=name,
        counts=plan.counts,
        places=_per_place(plan, names),
        changes=changes,
        more=plan.counts[CHANGE] - len(changes),
        left_alone=[(each.name, language.pick(each.label)) for each in plan.left_alone],
        seal=plan.seal,
        flash=language.say(app.catalogues, flash) if flash else "",
    )
    return make_response(page, status)


def _done(form: Form, name: str, counts: Mapping[str, int]) -> Response:
    page = render_template(
        "office/import_done.html",
        form_id=form.form_id,
        title=language.pick(form.title),
        name=name,
        counts=counts,
    )
    return make_response(page)


def _per_place(plan: Plan, names: Mapping[str, str]) -> list[tuple[str, list[int]]]:
    """How many rows of each place do what; empty for what is about no place."""
    found: dict[str, dict[str, int]] = {}
    for each in plan.coming:
        if each.place:
            counts = found.setdefault(each.place, dict.fromkeys(plan.counts, 0))
            counts[each.action] += 1
    return [
        (f"{code} {names.get(code, '')}", list(counts.values()))
        for code, counts in sorted(found.items())
    ]


def _change(each: Coming, here: Surroundings, names: Mapping[str, str]) -> dict[str, object]:
    """One change: which record, and per answer what it was and what it becomes."""
    assert each.found is not None  # noqa: S101  (a change is of something)
    form, before, after = each.found.form, each.found.values, each.answer.values
    about = [wording.keyed(form, name, before, here) for name in form.key]
    return {
        "line": each.line,
        "about": ", ".join(filter(None, [names.get(each.place or "", ""), *about])),
        "answers": [
            (
                language.pick(question.label),
                wording.shown(question, before.get(name), here, most=99),
                wording.shown(question, after.get(name), here, most=99),
            )
            for name, question in form.columns.items()
            if kind_of(question).filled_by == "person" and before.get(name) != after.get(name)
        ],
    }
