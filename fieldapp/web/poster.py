"""Posters and letters: pages to print, with QR codes drawn as inline SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Any

import qrcode
from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage

from fieldapp.keep import phone
from fieldapp.keep.phone import Poster
from fieldapp.keep.store import Write
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.web.access import (
    current_place,
    current_places,
    signed_in,
    the_account,
)
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("poster", __name__)

WEEK = "week"
"""What a poster is for that leads to the page of the whole week instead of to a form."""

_A_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}", re.ASCII)
_WEEK_TITLE = {"nl": "Mijn week", "en": "My week"}


@lru_cache(maxsize=2_000)
def drawn(address: str) -> Markup:
    """A QR code of `address` at level Q as inline SVG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=4)
    code.add_data(address)
    code.make(fit=True)
    file = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(file)
    svg = file.getvalue().decode().replace(' id="qr-path"', "")  # a page may hold many
    return Markup(svg[svg.index("<svg") :].replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704


@blueprint.get("/q/<code>")
@blueprint.get("/q/<code>/<week>")
def lower(code: str, week: str = "") -> Response:
    """A poster's address typed in small letters."""
    path = url_for(".scanned", code=phone.typed(code), week=week.upper() or None)
    return make_response(redirect(path, 308))


@blueprint.get("/Q/<code>")
@blueprint.get("/Q/<code>/<week>")
def scanned(code: str, week: str = "") -> Response:
    """A poster's address: leads a paired phone to its page, explains itself to any other."""
    with instance().store.read() as connection:
        found = phone.poster(connection, code)
    if current_place() is None:
        return make_response(render_template("poster_unpaired.html"), 200 if found else 404)
    target = _target(found, week) if found else ""
    if found is None or not target:
        abort(404)
    places = current_places()
    here = next((place for place in places if place.code == found.place), None)
    if here is None:
        # The phone logs for its own place; the page says that the poster is another's.
        other = "&poster=other" if "?" in target else "?poster=other"
        return make_response(redirect(target + other, 303))
    if here != places[0]:
        page = render_template("poster_switch.html", address_of=target, target=here)
        return make_response(page)
    return make_response(redirect(target, 303))


def _target(poster: Poster, week: str) -> str:
    """Where a poster leads to; empty when there is no such page."""
    if poster.form == WEEK:
        if not week:
            return "/week"
        return f"/week?week={week}" if _A_WEEK.fullmatch(week) else ""
    return f"/form/{poster.form}" if poster.form in instance().forms and not week else ""


@blueprint.get("/office/posters")
@signed_in("office")
def posters() -> str:
    """Posters of one place, or of all, in A4 or A6."""
    app = instance()
    wanted = request.args.get("place")
    with app.store.read() as connection:
        found = completeness.places(connection, wanted or None)
    day = app.now().date().isoformat()
    who = the_account()
    made = []
    with app.store.write(f"account:{who.id}", app.now()) as write:
        for place in found:
            if not place.active(day):
                continue
            made += posters_of(write, place, poster_titles(place))
    size = "a6" if request.args.get("size") == "a6" else "a4"
    back = "/office/places"
    return render_template("print/poster.html", posters=made, size=size, back=back)


def poster_titles(place: Place) -> Mapping[str, Mapping[str, str]]:
    """What hangs on the wall of a place, with its titles: the daily forms and the week."""
    daily = {
        form.form_id: form.title
        for form in instance().forms.values()
        if place.kind in form.places and form.expected.startswith("open_")
    }
    return {**daily, WEEK: _WEEK_TITLE}


def posters_of(write: Write, place: Place, wanted: Container[str]) -> list[dict[str, Any]]:
    """The posters of a place for those of `wanted` that hang on its wall."""
    return [
        _poster(place, title, phone.poster_code(write, place.code, name))
        for name, title in poster_titles(place).items()
        if name in wanted
    ]


def _poster(place: Place, title: Mapping[str, str], code: str) -> dict[str, Any]:
    address = f"{instance().settings.public_url}/Q/{code}"
    return {
        "place": place.name,
        "title": title["nl"],
        "title_en": title.get("en", ""),
        "qr": drawn(address.upper()),
        "address": address.split("://", 1)[1],
    }


@blueprint.route("/office/letter", methods=["GET", "POST"])
@signed_in("office")
def letter() -> Response:
    """A pairing letter for one phone; its code is shown this once."""
    app = instance()
    if request.method == "GET" or not Confirm().validate():
        return make_response(redirect("/office/places", 303))
    with app.store.read() as connection:
        found = completeness.places(connection, request.form.get("place", ""))
    if not found:
        abort(404)
    who = the_account()
    with app.store.write(f"account:{who.id}", app.now()) as write:
        made = letter_of(write, found[0])
    return make_response(render_template("print/letter.html", letter=made, back="/office/places"))


def letter_of(write: Write, place: Place) -> dict[str, Any]:
    """A letter that pairs one phone to a place, with a code that is told nowhere else."""
    app = instance()
    token, until = phone.make_pairing(write, place.code, phone.ON_LETTER)
    address = f"{app.settings.public_url}/pair"
    return {
        "place": place.name,
        "qr": drawn(f"{address}#{token}"),
        "token": token,
        "address": address.split("://", 1)[1],
        "valid_until": until.astimezone(app.now().tzinfo).date().isoformat(),
        "contact": app.settings.contact,  # the sheet is Dutch, whatever the screen is
    }
