"""Pairing a phone: by letter, scanned or typed, or from a phone that is paired already."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.reading import holdable
from fieldapp.errors import NotFound
from fieldapp.keep import attempt, phone
from fieldapp.report import completeness
from fieldapp.web.access import (
    PHONE_COOKIE,
    current_phone,
    current_place,
    network,
    paired,
    set_cookie,
)
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance
from fieldapp.web.phone import say
from fieldapp.web.poster import drawn

blueprint = Blueprint("pairing", __name__)

_LONGEST_NAME = 30


def _page(status: int = 200, **page: object) -> Response:
    shown: dict[str, object] = {"step": "type", "token": "", "place": "", "name": ""}
    shown |= {"name_error": "", "refused": False, "wait": 0}
    return make_response(render_template("pair.html", page=shown | page), status)


@blueprint.get("/pair")
def start() -> Response:
    """Where a letter's code is typed; a script fills it in from the address's fragment."""
    return _page()


@blueprint.post("/pair")
def pair() -> Response:
    """With a token alone names its place; with name and `confirm=yes` it pairs this phone."""
    app = instance()
    token = phone.typed(holdable(request.form.get("token", "")))
    scope = f"pair:{network()}"
    if not Confirm().validate():
        return _page(422, token=token)
    with app.store.read() as connection:
        wait = attempt.wait(connection, scope, app.now())
        place = phone.place_of_pairing(connection, token, app.now())
        known = next(iter(completeness.places(connection, place)), None) if place else None
    if wait:
        return _slow(wait, token)
    if known is None:
        with app.store.write("phone", app.now()) as write:
            attempt.failed(write, scope)
        return _page(422, token=token, refused=True)
    asked = {"step": "confirm", "token": token, "place": known.name}
    if request.form.get("confirm") != "yes":
        return _page(200, **asked)
    name = " ".join(holdable(request.form.get("name", "")).split())
    if not 1 <= len(name) <= _LONGEST_NAME:
        mistake = say("Vul uw roepnaam in, met hoogstens 30 letters.")
        return _page(422, **asked | {"name": name, "name_error": mistake})
    return _pair(token, name, scope)


def _pair(token: str, name: str, scope: str) -> Response:
    app = instance()
    mine = current_phone()
    try:
        with app.store.write(f"phone:{mine.id}" if mine else "phone", app.now()) as write:
            cookie, _ = phone.pair(app.store, write, token, name, mine)
            attempt.passed(write, scope)
    except NotFound:
        return _page(422, token=token, refused=True)
    response = make_response(redirect("/", 303))
    if cookie:
        set_cookie(response, PHONE_COOKIE, cookie, 365)
    return response


def _slow(wait: int, token: str) -> Response:
    response = _page(429, token=token, wait=wait)
    response.headers["Retry-After"] = str(wait)
    return response


@blueprint.route("/colleague", methods=["GET", "POST"])
@paired
def colleague() -> Response:
    """A code of ten minutes with which a colleague's phone joins the same place."""
    app = instance()
    place, mine = current_place(), current_phone()
    assert place is not None and mine is not None  # noqa: S101  (paired looked)
    if request.method == "GET" or not Confirm().validate():
        return make_response(render_template("colleague.html", code="", qr="", address=""))
    with app.store.write(f"phone:{mine.id}", app.now()) as write:
        token, _ = phone.make_pairing(write, place.code, phone.ON_SCREEN)
    address = f"{app.settings.public_url}/pair"
    page = render_template(
        "colleague.html", code=token, qr=drawn(f"{address}#{token}"), address=address
    )
    return make_response(page)
