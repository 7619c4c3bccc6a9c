"""The counter at the door: a page on which a phone keeps a tally of visitors all day."""

from __future__ import annotations

import json

from flask import Blueprint, render_template

from fieldapp.web import language
from fieldapp.web.access import paired, phone_desk

blueprint = Blueprint("counter", __name__)

FORM, DAYPART = "visitors", "daypart"


@blueprint.get("/count")
@paired
def counter() -> str:
    """The page without a number: its script has that from the phone's own store."""
    desk = phone_desk()
    form = desk.form(FORM)
    asked = form.questions[DAYPART]
    return render_template(
        "counter.html",
        path=desk.path(form),
        back=desk.url(form),
        parts=json.dumps({c.name: language.pick(c.label) for c in asked.choices}),
        daypart=json.dumps(asked.default),
    )
