"""Whether the instance is well: for a monitor at /healthz, and in words for the office."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal
from flask import Blueprint, Response, jsonify, make_response, render_template

from fieldapp.keep import anchor, backup, contact, whole
from fieldapp.keep.backup import Made
from fieldapp.keep.store import stamp
from fieldapp.web import language
from fieldapp.web.access import signed_in
from fieldapp.web.instance import instance

blueprint = Blueprint("care", __name__)

_ROOM = 500_000_000
"""Bytes that must be free: a copy and a month's workbooks find room then."""
_COPY = dt.timedelta(hours=36)
"""How old the last good copy may be: one night may be missed, not two."""
_UNSENT = dt.timedelta(days=3)
"""How long something may wait on a phone before somebody asks after it."""
_PATIENCE = 2.0  # seconds that a monitor waits for the lock


@dataclass(frozen=True, slots=True)
class Health:
    """How the instance is; `worries` names what somebody should look at."""

    writable: bool
    free: int
    """Bytes on the disk of the data folder."""
    copied: Made | None
    """The last good copy."""
    oldest: str
    """When the oldest record was made that still waits on a phone, as far as phones told."""
    worries: Sequence[str]


def health() -> Health:
    """How the instance is at this moment."""
    app = instance()
    writable = whole.writable(app.store, app.now(), _PATIENCE)
    free = shutil.disk_usage(app.settings.data).free
    with app.store.read() as connection:
        copied = backup.last(connection)
        oldest = contact.oldest(connection)
    worries: Mapping[str, bool] = {
        "database": not writable,
        "disk": free < _ROOM,
        "backup": copied is None or copied.at < stamp(app.now() - _COPY),
        "unsent": "" < oldest < stamp(app.now() - _UNSENT),
    }
    found = [name for name, so in worries.items() if so]
    return Health(writable, free, copied, oldest, found)


@blueprint.get("/healthz")
def told() -> Response:
    """200 when the database can be written, 503 when not; the rest is for whoever monitors it."""
    found = health()
    answer = jsonify(
        database="writable" if found.writable else "not writable",
        disk_free=found.free,
        last_backup=found.copied.at if found.copied else None,
        oldest_unsent=found.oldest or None,
        worries=found.worries,
    )
    return make_response(answer, 200 if found.writable else 503)


@blueprint.get("/office/care")
@signed_in("office", "reader")
def shown() -> str:
    """The last good copy, the room on the disk, what waits on phones, and the journal."""
    app = instance()
    with app.store.read() as connection:
        head = anchor.last_change(connection)
        copies = backup.recent(connection)
    return render_template("office/care.html", found=health(), head=head, copies=copies, of=_of)


def _of(size: int, unit: int) -> str:
    return str(format_decimal(round(size / unit, 1), locale=language.language()))
