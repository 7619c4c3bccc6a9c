"""The address that outboxes send to: one record at a time, a receipt for each."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from fieldapp.errors import Message, Refused
from fieldapp.keep import contact
from fieldapp.keep.store import Write
from fieldapp.report.completeness import Place
from fieldapp.web import door, envelope, language, scanned
from fieldapp.web.access import current_places, desk_of
from fieldapp.web.instance import instance
from fieldapp.web.receiving import receive

blueprint = Blueprint("submissions", __name__, url_prefix="/api")

_OTHER_PLACE = Message("Deze telefoon hoort niet bij die plek.")
_NOT_RIGHT = Message("Dit is niet goed geschreven. Werk de pagina bij.")


@blueprint.post("/submissions")
def submit() -> Response:
    """Keeps a record that a phone had ready, or a change; the answer is its receipt."""
    with instance().store.turn():
        return _submitted()


def _submitted() -> Response:
    app = instance()
    with app.store.read():  # who asks, from where and how fast: one look
        mine = door.knock()
        told = door.body()
        try:
            came = envelope.read(told)
        except Refused as refused:
            return unreadable(refused)
        place = _own(came.place)
        door.wait(mine)
    about = came.told(app.now())

    def note(write: Write) -> None:
        if about:
            contact.note(write, mine.id, about)

    # One write for all of it: each waits until the disk has it.
    with door.counted(mine, note) as count:
        reply = receive(desk_of(mine, place), came, mine.id, count)
    if reply.status == 201:
        scanned.forget(app.forms[came.form])
    sha256 = hashlib.sha256(request.get_data()).hexdigest()
    return door.answer(reply.status, **reply.told, sha256=sha256)


def unreadable(refused: Refused) -> Response:
    """What is said of a message that is not as we agreed; by name what is wrong with it."""
    say = instance().catalogues
    messages = {name: language.say(say, each) for name, each in refused.messages.items()}
    return door.answer(422, error=language.say(say, _NOT_RIGHT), messages=messages)


def _own(code: str) -> Place:
    """The place that a record was made for, when the phone is paired to it."""
    found = next((place for place in current_places() if place.code == code), None)
    if found is None:
        door.turn_away(403, _OTHER_PLACE)
    return found
