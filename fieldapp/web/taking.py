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
from fieldapp.keep.store import Write
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


def take(desk: Desk, sent: Sent, done: Done = lambda write, receipt: None) -> Taken:
    """Keeps what was sent when it is right and nothing about it is doubtful.

    Conflict when the record was changed meanwhile, NotFound when it is not of this place.
    """
    app = instance()
    try:
        with app.store.read():  # both see what is kept at one moment
            answer = _checked(desk, sent)
            doubtful = _doubtful(desk, sent, answer)
        if doubtful:
            return Taken(doubts=doubtful)
        with app.store.write(desk.actor, app.now(), together=True) as write:
            receipt = _keep(desk, sent, answer, write)
            done(write, receipt)
    except Refused as refused:
        return Taken(refused=refused.messages)
    return Taken(receipt)


def _checked(desk: Desk, sent: Sent) -> Answer:
    app = instance()
    with app.store.read() as connection:
        found = None
        if sent.changes:
            row = sent.changes.row
            found = rows.find(app.store, connection, sent.form, row, desk.origin.place)
        here = desk.around(app, connection)
        return check(sent.form, sent.raw, here.context(sent.form, found.values if found else None))


def _doubtful(desk: Desk, sent: Sent, answer: Answer) -> list[Doubt]:
    """What is to be asked back before `answer` is kept."""
    app = instance()
    with app.store.read() as connection:
        here = desk.around(app, connection)
        return doubts(sent.form, Asked(app, connection, here, desk.url, answer.values), sent.sure)


def _keep(desk: Desk, sent: Sent, answer: Answer, write: Write) -> Receipt:
    store, origin, changes = instance().store, desk.origin, sent.changes
    if changes:
        return requests.change(store, write, sent.form, answer, changes.row, changes.edits, origin)
    return rows.add(store, write, sent.form, answer, sent.identity, origin, sent.submitted_at)
