"""In the office: what is kept how long, the register of processing and the privacy report."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.errors import Message, Refused
from fieldapp.keep import due, retention
from fieldapp.report import processing
from fieldapp.web import language
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("processing", __name__, url_prefix="/office/processing")

_NO_DAY = Message("Vul een dag in, of maak het vak leeg.")


@blueprint.get("")
@signed_in("office")
def shown() -> Response:
    """What is kept how long and why, and the day on which everything personal goes."""
    return _page()


@blueprint.post("")
@signed_in("office")
def chosen() -> Response:
    """Sets that day, or says what is wrong with it; an empty one takes it back."""
    app, who = instance(), the_account()
    typed = request.form.get(due.SETTING, "").strip()[:40]
    if not Confirm().validate():
        return _page(typed, flash=EXPIRED)
    try:
        day = dt.date.fromisoformat(typed) if typed else None
    except ValueError:
        return _page(typed, _NO_DAY)
    try:
        with app.store.write(f"account:{who.id}", app.now()) as write:
            due.set_until(write, day, _earliest())
    except Refused as refused:
        return _page(typed, refused.messages[due.SETTING])
    return make_response(redirect("/office/processing", 303))


@blueprint.get("/register")
@signed_in("office")
def register() -> str:
    """The entry for the register of processing (AVG 30), to print and complete."""
    app = instance()
    form = app.forms.get("person_new")
    roles = form.questions["role"].choices if form and "role" in form.questions else ()
    page = {
        "goals": [_say(each) for each in processing.GOALS],
        "roles": [language.pick(choice.label) for choice in roles],
        "asked": [
            {
                "title": language.pick(each.form.title),
                "about_one": each.about_one,
                "questions": [
                    (language.pick(q.label) or q.name, q.private) for q in each.questions
                ],
            }
            for each in processing.asked(app.forms.values())
        ],
        "recipients": [(_say(who), _say(what)) for who, what in processing.RECIPIENTS],
        "rules": _rules(),
        "measures": [_say(each) for each in processing.MEASURES],
        "made_on": app.now().date().isoformat(),
    }
    return render_template("print/register.html", page=page, back="/office/processing")


@blueprint.get("/report")
@signed_in("office")
def report() -> str:
    """How it stands with everything personal, in counts, for the privacy officer."""
    app = instance()
    with app.store.read() as connection:
        found = processing.standing(app.store, connection, app.workbooks.values(), app.now())
    page = {
        "found": found,
        "small": app.settings.small_cell,
        "made_on": app.now().date().isoformat(),
    }
    return render_template("print/privacy_report.html", page=page, back="/office/processing")


def _earliest() -> dt.date:
    """The first day that can be chosen."""
    app = instance()
    return max(app.settings.deal_until, app.now().date()) + dt.timedelta(days=1)


def _page(
    typed: str = "", mistake: Message | None = None, flash: Message | None = None
) -> Response:
    app = instance()
    with app.store.read() as connection:
        day, last = due.until(connection), retention.last_run(connection)
    wrong = mistake or flash
    page: dict[str, Any] = {
        "rules": _rules(),
        "day": day.isoformat() if day else "",
        "typed": typed if wrong else (day.isoformat() if day else ""),
        "earliest": _earliest().isoformat(),
        "last": last,
        "mistake": _say(mistake) if mistake else "",
        "flash": _say(flash) if flash else "",
    }
    shown = render_template("office/processing.html", page=page)
    return make_response(shown, 422 if wrong else 200)


def _rules() -> list[tuple[str, str, str, str]]:
    return [
        (_say(rule.what), _say(rule.long), _say(rule.why), _say(rule.how))
        for rule in retention.RULES
    ]


def _say(message: Message) -> str:
    return language.say(instance().catalogues, message)
