"""Cards of persons: printed with a code and its address as a QR; scanned they tick their person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template

from fieldapp.ask.question import Form
from fieldapp.ask.reading import holdable
from fieldapp.keep import attempt, people, presence
from fieldapp.keep import row as rows
from fieldapp.keep.people import Member
from fieldapp.web import language, scanned
from fieldapp.web.access import current_phone, current_place, paired, phone_desk
from fieldapp.web.desk import Desk
from fieldapp.web.instance import instance
from fieldapp.web.poster import drawn

blueprint = Blueprint("person_card", __name__)


def typed(code: str) -> str:
    """A card code as somebody typed it: any case, with spaces or dashes."""
    return re.sub(r"[\s\-.]", "", holdable(code)).upper()


@blueprint.get("/p/<code>")
def lower(code: str) -> Response:
    """A card's address typed in small letters."""
    return make_response(redirect(f"/P/{typed(code)}", 308))


@blueprint.get("/P/<code>")
def scan(code: str) -> Response:
    """A card's address: ticks its person on today's form; says to others what the card is for.

    To whom the phone's place does not know, and to no card at all, the answer is the same; after
    some of those a phone has to wait, also with a card that is good.
    """
    mine = current_phone()
    if mine is None or current_place() is None:
        return make_response(render_template("card_unpaired.html"))
    app, desk, scope = instance(), phone_desk(), f"card:{mine.id}"
    with app.store.read() as connection:
        here = desk.around(app, connection)
        wait = attempt.wait(connection, scope, app.now())
        person = people.person_of(connection, typed(code))
        known = people.members(connection, app.store.seal, desk.origin.place or "", _today())
    found = [each for each in known if each.person == person and _is_here(each)]
    if wait:
        response = make_response(_page("card_strange", desk, wait=wait), 429)
        response.headers["Retry-After"] = str(wait)
        return response
    if not found:
        scanned.strange(here, typed(code))
        with app.store.write(desk.actor, app.now()) as write:
            attempt.failed(write, scope)
        return make_response(_page("card_strange", desk, wait=0))
    asked = [(form, each) for each in found for form in _lists(desk, each.role)]
    if not asked:
        return make_response(_page("card_known", desk, label=found[0].label))
    # Somebody in two roles: the form that is being filled with cards goes first.
    form, member = max(asked, key=lambda pair: (scanned.waiting(here, pair[0]), pair[0].order))
    scanned.tick(here, form, member.code)
    return make_response(redirect(desk.url(form), 303))


def _page(name: str, desk: Desk, **shown: object) -> str:
    """A page about a card that ticks nobody."""
    links = {
        "back": desk.back,
        "add": desk.stay(f"/form/person_new?{scanned.ASKED}=1"),
        "people": desk.stay("/people"),
    }
    return render_template(f"{name}.html", links=links, **shown)


def _lists(desk: Desk, role: str) -> list[Form]:
    """The forms of this place that list who was there in a role."""
    kind = desk.place.kind if desk.place else ""
    named = [instance().forms.get(form_id) for form_id, of in presence.FORMS if of == role]
    return [form for form in named if form is not None and kind in form.places]


def _is_here(member: Member) -> bool:
    return member.since <= _today() and (not member.until or member.until >= _today())


def _today() -> str:
    return instance().now().date().isoformat()


@blueprint.get("/cards")
@paired
def cards() -> str:
    """The cards of everyone at this place: code and QR, no name."""
    app, desk = instance(), phone_desk()
    with app.store.read() as connection:
        found = people.members(connection, app.store.seal, str(desk.origin.place), _today())
    return _print(sorted({member.code for member in found}))


@blueprint.get("/cards/<uuid:row>")
@paired
def card(row: Any) -> str:
    """The card of one person of this place."""
    app, desk = instance(), phone_desk()
    with app.store.read() as connection:
        form = app.forms["person_new"]
        found = rows.find(app.store, connection, form, str(row), desk.origin.place)
    return _print([str(found.values["person"])])


def _print(codes: list[str]) -> str:
    return render_template(
        "print/cards.html",
        cards=cards_of(codes),
        privacy_address=privacy_address(),
        back="/people",
        lang=language.language(),
    )


def cards_of(codes: Iterable[str]) -> list[dict[str, Any]]:
    """What stands on the cards with `codes`."""
    public = instance().settings.public_url
    # Capitals only: a QR code of capitals is a third smaller.
    return [{"code": code, "qr": drawn(f"{public}/P/{code}".upper())} for code in codes]


def privacy_address() -> str:
    """Where a card says that one can read what is kept."""
    return f"{instance().settings.public_url.split('://', 1)[1]}/privacy"
