"""Where a phone tells how its outbox stands: what waits in it, and what its clock says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response

from fieldapp.errors import Refused
from fieldapp.keep import contact
from fieldapp.keep.contact import Told
from fieldapp.keep.store import stamp
from fieldapp.web import door
from fieldapp.web.access import current_places
from fieldapp.web.envelope import fields, identity, listed, moment, number, skew
from fieldapp.web.instance import instance
from fieldapp.web.submissions import unreadable

blueprint = Blueprint("contact", __name__, url_prefix="/api")


@blueprint.post("/contact")
def tell() -> Response:
    """Notes how an outbox stands; answers our time and the places that the phone is paired to."""
    app, mine = instance(), door.knock()
    now = app.now()
    told = door.body()
    try:
        found = fields(told, _READERS, frozenset({"outbox", "sent_at", "given", "unsent"}))
    except Refused as refused:
        return unreadable(refused)
    unsent = found["unsent"]
    off = skew(found["sent_at"], now)
    oldest = now - (found["sent_at"] - unsent["oldest"]) if "oldest" in unsent else None
    with app.store.write(f"phone:{mine.id}", now) as write:
        door.step(write, mine)
        about = Told(
            found["outbox"],
            found["given"],
            unsent["count"],
            unsent.get("lowest", 0),
            unsent.get("highest", 0),
            oldest,
            off,
            found.get("thrown_away", ()),
        )
        contact.note(write, mine.id, about)
    return door.answer(
        200,
        at=stamp(now),
        skew=off,
        places=[{"code": place.code, "name": place.name} for place in current_places()],
    )


def _unsent(value: Any) -> dict[str, Any]:
    needed = frozenset({"count"})
    if not isinstance(value, dict):
        raise TypeError
    if value.get("count"):
        needed |= {"lowest", "highest", "oldest"}
    try:
        found = fields({k: v for k, v in value.items() if v is not None}, _OF_UNSENT, needed)
    except Refused as refused:
        raise ValueError from refused
    if found["count"] > found.get("highest", 0) - found.get("lowest", 0) + 1:
        raise ValueError("more than there are numbers for")
    return found


_OF_UNSENT: Mapping[str, Callable[[Any], Any]] = {
    "count": number,
    "lowest": number,
    "highest": number,
    "oldest": moment,
}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "outbox": identity,
    "sent_at": moment,
    "given": number,
    "unsent": _unsent,
    "thrown_away": lambda value: listed(value, number),
}
