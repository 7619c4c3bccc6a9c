"""In the office: one person erased (AVG 17), after saying what goes, what stays and why."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.errors import Message
from fieldapp.keep import erasure
from fieldapp.keep.erasure import Extent
from fieldapp.keep.person import Person
from fieldapp.web import language, people
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.instance import instance

blueprint = Blueprint("erasing", __name__, url_prefix="/office/people/erase")

DO = "do"
"""What the button sends that really erases; without it the page only tells."""
_SURE = Message("Zet eerst het vinkje. Een naam die weg is, komt niet terug.")


@blueprint.route("", methods=["GET", "POST"])
@signed_in("office")
def erase() -> Response:
    """What goes and what stays of a card's person; then, once somebody is sure, it goes."""
    if request.method == "GET":
        return make_response(redirect("/office/people", 303))
    found = people.asked()
    if isinstance(found, Response):
        return found
    app, who = instance(), the_account()
    with app.store.read() as connection:
        there = erasure.extent(app.store, connection, found)
    if DO not in request.form or there.nothing:
        return _page(found, there)
    if request.form.get("sure") != "yes":
        return _page(found, there, _SURE)
    emptied = erasure.erase_for_good(
        app.store, f"account:{who.id}", app.now(), app.settings.data, found
    )
    page = {"codes": list(found.codes), "there": there, "emptied": emptied}
    return make_response(render_template("office/erased.html", page=page))


def _page(found: Person, there: Extent, mistake: Message | None = None) -> Response:
    app = instance()

    def say(message: Message) -> str:
        return language.say(app.catalogues, message)

    page = {
        "codes": list(found.codes),
        "there": there,
        "goes": [say(each) for each in erasure.GOES],
        "stays": [(say(what), say(why)) for what, why in erasure.STAYS],
        "titles": {form.form_id: language.pick(form.title) for form in app.forms.values()},
        "mistake": say(mistake) if mistake else "",
    }
    shown = render_template("office/erase.html", page=page)
    return make_response(shown, 422 if mistake else 200)
