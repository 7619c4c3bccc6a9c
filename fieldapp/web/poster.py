"""Posters, letters and cards: pages to print, with QR codes drawn as inline SVG."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import qrcode
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage

from fieldapp.ask.question import Form
from fieldapp.keep import people, phone
from fieldapp.keep import row as rows
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.web import language
from fieldapp.web.access import (
    current_place,
    current_places,
    paired,
    phone_desk,
    signed_in,
    the_account,
)
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("poster", __name__)


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
def lower(code: str) -> Response:
    """A poster's address typed in small letters."""
    return make_response(redirect(f"/Q/{phone.typed(code)}", 308))


@blueprint.get("/Q/<code>")
def scanned(code: str) -> Response:
    """A poster's address: leads a paired phone to the form, explains itself to any other."""
    app = instance()
    with app.store.read() as connection:
        found = phone.poster(connection, code)
    if current_place() is None:
        return make_response(render_template("poster_unpaired.html"), 200 if found else 404)
    if found is None or found.form not in app.forms:
        abort(404)
    places = current_places()
    here = next((place for place in places if place.code == found.place), None)
    if here is None:
        # The phone logs for its own place; the page says that the poster is another's.
        return make_response(redirect(f"/form/{found.form}?poster=other", 303))
    if here != places[0]:
        return make_response(render_template("poster_switch.html", poster=found, target=here))
    return make_response(redirect(f"/form/{found.form}", 303))


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
            for form in poster_forms(place):
                code = phone.poster_code(write, place.code, form.form_id)
                made.append(_poster(place, form, code))
    size = "a6" if request.args.get("size") == "a6" else "a4"
    back = "/office/places"
    return render_template("print/poster.html", posters=made, size=size, back=back)


def poster_forms(place: Place) -> list[Form]:
    """The forms that hang on the wall of a place: the daily ones."""
    return [f for f in instance().forms.values() if place.kind in f.places and f.expected]


def _poster(place: Place, form: Form, code: str) -> dict[str, Any]:
    address = f"{instance().settings.public_url}/Q/{code}"
    return {
        "place": place.name,
        "title": form.title["nl"],
        "title_en": form.title.get("en", ""),
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
        token, until = phone.make_pairing(write, found[0].code, phone.ON_LETTER)
    address = f"{app.settings.public_url}/pair"
    page = render_template(
        "print/letter.html",
        letter_place=found[0].name,
        qr=drawn(f"{address}#{token}"),
        token=token,
        address=address.split("://", 1)[1],
        valid_until=until.astimezone(app.now().tzinfo).date().isoformat(),
        organisation=app.settings.organisation,
        contact=app.settings.contact,  # the sheet is Dutch, whatever the screen is
        back="/office/places",
    )
    return make_response(page)


@blueprint.get("/cards")
@paired
def cards() -> str:
    """The cards of everyone at this place: code and QR, no name."""
    app, desk = instance(), phone_desk()
    day = app.now().date().isoformat()
    with app.store.read() as connection:
        found = people.members(connection, app.store.seal, str(desk.origin.place), day)
    return _cards(sorted({member.code for member in found}))


@blueprint.get("/cards/<uuid:row>")
@paired
def card(row: Any) -> str:
    """The card of one person of this place."""
    app, desk = instance(), phone_desk()
    with app.store.read() as connection:
        form = app.forms["person_new"]
        found = rows.find(app.store, connection, form, str(row), desk.origin.place)
    return _cards([str(found.values["person"])])


def _cards(codes: list[str]) -> str:
    public = instance().settings.public_url
    return render_template(
        "print/cards.html",
        # The code alone: a card that is found leads nowhere.
        cards=[{"code": code, "qr": drawn(code)} for code in codes],
        privacy_address=f"{public.split('://', 1)[1]}/privacy",
        back="/people",
        lang=language.language(),
    )
