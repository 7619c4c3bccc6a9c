"""What becomes of an answer that was sent: checked, asked back, kept or asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.ask.answer import Answer, Raw, check
from fieldapp.ask.question import Form
from fieldapp.errors import Message, Refused
from fieldapp.keep import request as requests
from fieldapp.keep import row as rows
from fieldapp.keep.row import Receipt
from fieldapp.keep.store import Store, Write
from fieldapp.web.desk import Desk
from fieldapp.web.doubt import Asked, Doubt, doubts
from fieldapp.web.instance import instance

Done = Callable[[Write, Receipt], None]
"""What is to be kept together with an answer."""


@dataclass(frozen=True)
class Changes:
    """Which record is changed, and how often it was changed before by what its page had seen."""

    row: str
    edits: int


@dataclass(frozen=True)
class Sent:
    """An answer as it came, from a page or out of an outbox."""

    form: Form
    """In the version that was filled in."""
    raw: Raw
    identity: str
    """The id made when the page was opened; for a change that of the change itself."""
    sure: Sequence[str] = ()
    """The doubts that were taken away."""
    changes: Changes | None = None
    submitted_at: dt.datetime | None = None


@dataclass(frozen=True)
class Taken:
    """What became of it; without a receipt nothing was kept."""

    receipt: Receipt | None = None
    refused: Mapping[str, Message] = field(default_factory=dict)
    """Per question why it cannot be kept."""
    doubts: Sequence[Doubt] = ()


@dataclass(frozen=True)
class Looked:
    """What a look at an answer gave; where nothing is amiss there is an answer to keep."""

    answer: Answer | None = None
    taken: Taken = field(default_factory=Taken)
    """What became of it, when it is not to be kept."""


def take(desk: Desk, sent: Sent, done: Done = lambda write, receipt: None) -> Taken:
    """Keeps what was sent when it is right and nothing about it is doubtful.

    Conflict when the record was changed meanwhile, NotFound when it is not of this place.
    """
    looked = look(desk, sent)
    return keep(desk, sent, looked.answer, done) if looked.answer else looked.taken


def look(desk: Desk, sent: Sent) -> Looked:
    """Checks what was sent, and whether anything about it is doubtful; NotFound as for `take`."""
    app, form, found = instance(), sent.form, None
    with app.store.read() as connection:  # both see what is kept at one moment
        if sent.changes:
            found = rows.find(app.store, connection, form, sent.changes.row, desk.origin.place)
        here = desk.around(app, connection)
        try:
            answer = check(form, sent.raw, here.context(form, found.values if found else None))
        except Refused as refused:
            return Looked(taken=Taken(refused=refused.messages))
        asked = Asked(app, connection, here, desk.url, answer.values)
        doubtful = doubts(form, asked, sent.sure)
    return Looked(taken=Taken(doubts=doubtful)) if doubtful else Looked(answer)


def keep(desk: Desk, sent: Sent, answer: Answer, done: Done = lambda write, receipt: None) -> Taken:
    """Keeps an answer in which a look found nothing amiss; raises as `take` does."""
    app = instance()
    try:
        with app.store.write(desk.actor, app.now(), together=True) as write:
            receipt = _keep(app.store, desk, sent, answer, write)
            done(write, receipt)
    except Refused as refused:
        return Taken(refused=refused.messages)
    return Taken(receipt)


def _keep(store: Store, desk: Desk, sent: Sent, answer: Answer, write: Write) -> Receipt:
    origin, changes = desk.origin, sent.changes
    if changes:
        return requests.change(store, write, sent.form, answer, changes.row, changes.edits, origin)
    return rows.add(store, write, sent.form, answer, sent.identity, origin, sent.submitted_at)
