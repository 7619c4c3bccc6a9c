"""A file that a phone shared because it could not send: the office takes in each record of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from fieldapp.ask.day import day_of
from fieldapp.errors import Message, Refused
from fieldapp.keep import contact
from fieldapp.keep.row import Origin
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.web import door, envelope, language
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.desk import Desk
from fieldapp.web.envelope import Envelope
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.receiving import WEEK, Reply, receive

blueprint = Blueprint("shared_file", __name__, url_prefix="/office/import/phone")

FILE = "file"
_LARGEST = 2_000_000
_BESIDE = 10_000  # bytes that a page sends beside its file
_MOST = 1_000

_NONE = Message("Kies eerst een bestand.")
_TOO_LARGE = Message("Dit bestand is te groot. Hoogstens 2 MB kan.")
_NO_OUTBOX = Message(
    "Dit is geen bestand van een telefoon. Kies het bestand dat de plek stuurde, zoals het is."
)
_UNREADABLE = Message("Niet te lezen. Bewaar het bestand en vraag de plek het na te kijken.")
_NO_PLACE = Message("Deze plek is er niet.")
_NO_FORM = Message("Dit formulier is er niet, of hoort niet bij deze plek.")
_LOOK = Message("Er klopt iets niet. Laat de plek het op de telefoon nakijken.")

_BECAME: Mapping[str, Message] = {
    "stored": Message("Bewaard"),
    "double": Message("Bewaard als dubbel"),
    "changed": Message("Veranderd"),
    "asked": Message("Als verzoek bewaard"),
    "known": Message("Was er al"),
}


@dataclass(frozen=True)
class Line:
    """What became of one record of the file."""

    form: str = ""
    place: str = ""
    day: str = ""
    became: str = ""
    """Empty when it was not kept."""
    why: Sequence[str] = ()


@blueprint.route("", methods=["GET", "POST"])
@signed_in("office")
def take() -> Response:
    """The page that takes the file (GET), or what became of each record; twice is as once."""
    if request.method == "GET":
        return _page()
    request.max_content_length = _LARGEST + _BESIDE
    try:
        genuine, file = Confirm().validate(), request.files.get(FILE)
    except RequestEntityTooLarge:
        return _page(_TOO_LARGE)
    if not genuine:
        return _page(EXPIRED)
    if file is None or not file.filename:
        return _page(_NONE)
    try:
        found = _records(file.read())
    except ValueError:
        return _page(_NO_OUTBOX)
    with instance().store.read() as connection:
        places = {place.code: place for place in completeness.places(connection)}
    return _page(lines=[_enter(each, places) for each in found])


def _records(content: bytes) -> Sequence[Any]:
    """What waited on the phone; ValueError when the file is of another kind."""
    told = door.read(content)
    found = told.get("records")
    if "fieldapp" not in told or not isinstance(found, list) or len(found) > _MOST:
        raise ValueError("no outbox")
    return found


def _enter(told: Any, places: Mapping[str, Place]) -> Line:
    try:
        came = envelope.read(told if isinstance(told, dict) else {})
        came = replace(came, sent_at=instance().now())  # a file may be days on its way
    except Refused:
        return Line(why=[_say(_UNREADABLE)])
    place = places.get(came.place)
    if place is None:
        return Line(why=[_say(_NO_PLACE)])
    with instance().store.read() as connection:
        phone = contact.phone_of(connection, came.outbox)
    # Not the office's own: what it would change in a closed month it asks for, as its place does.
    origin, actor = Origin(place.code, phone=phone), f"account:{the_account().id}"
    desk = Desk(place, origin, actor, "/office/form", "/office/import/phone")
    try:
        reply = receive(desk, came, phone)
    except HTTPException:
        return Line(place=place.name, why=[_say(_NO_FORM)])
    return _line(came, place, reply)


def _line(came: Envelope, place: Place, reply: Reply) -> Line:
    form = instance().forms.get(came.form)
    title = language.pick(form.title) if form else _say(Message("Mijn week"))
    day = "".join(came.answers.get(WEEK if form is None else day_of(form), [""])[:1])
    if reply.status < 400:
        told = reply.told
        state = "double" if told.get("state") == "double" else str(told["status"])
        became = "asked" if told.get("asked") else state
        return Line(title, place.name, day, _say(_BECAME[became]))
    return Line(title, place.name, day, why=_why(reply))


def _why(reply: Reply) -> Sequence[str]:
    """Why a record was not kept, in sentences that name nobody."""
    messages = reply.told.get("messages")
    if not isinstance(messages, dict):
        return [str(reply.told["error"])]
    told = [text for name, text in messages.items() if name not in reply.private]
    return [_say(_LOOK), *dict.fromkeys(told)]


def _page(mistake: Message | None = None, lines: Sequence[Line] = ()) -> Response:
    page = render_template(
        "office/import_phone.html",
        field=FILE,
        mistake=_say(mistake) if mistake else "",
        lines=lines,
        kept=sum(bool(line.became) for line in lines),
    )
    return make_response(page, 422 if mistake else 200)


def _say(message: Message) -> str:
    return language.say(instance().catalogues, message)
