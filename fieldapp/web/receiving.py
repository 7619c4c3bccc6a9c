"""What becomes of a record out of an outbox: the same as of a page, told in few words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from fieldapp.ask.answer import Answer
from fieldapp.ask.question import Form
from fieldapp.errors import BadRequest, Conflict, Message, NotFound
from fieldapp.keep import arrival
from fieldapp.keep import row as rows
from fieldapp.keep.arrival import Arrival
from fieldapp.keep.people import is_personal
from fieldapp.keep.row import Receipt, Row
from fieldapp.keep.store import Write
from fieldapp.web import language, week_change, week_sheet, wording
from fieldapp.web.desk import Desk
from fieldapp.web.doubt import Doubt
from fieldapp.web.envelope import Envelope
from fieldapp.web.instance import instance
from fieldapp.web.standing import is_late
from fieldapp.web.taking import Sent, Taken, keep, look

WEEK = "week"
"""What the sheet of a whole week is called where a record has its form."""

_NO_QUESTION = Message("Deze vraag staat niet in dit formulier.")
_MEND = Message("Er is iets niet goed ingevuld. Kijk het na.")
_SURE = Message("Klopt dit? Kijk het na.")
_OTHER = Message("Dit was al verstuurd met andere antwoorden. Kijk na wat er staat.")
_OVERTAKEN = Message("Iemand anders heeft dit intussen veranderd. Kijk na wat er staat.")
_CELL = re.compile(
    r"week|page\.last_week|(seen\.|was\.)?(opening|visitors|not_counted)\.[0-9-]{10}(\.[a-z_]+)?"
)
"""What the fields of that sheet are called."""


@dataclass(frozen=True)
class Reply:
    """What the sender is told: the answer's number, and under each name what there is to say."""

    status: int
    told: Mapping[str, object] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    """The questions whose message may name somebody."""


def receive(
    desk: Desk,
    envelope: Envelope,
    phone: int | None,
    along: Callable[[Write], None] = lambda write: None,
) -> Reply:
    """Keeps a record, or says why not; the same once more keeps nothing and says `known`.

    What is to go `along` with a record is kept with it; when none is kept, neither is that.
    """
    return _Parcel(desk, envelope, phone, along).receive()


class _Parcel:
    """One record on its way in."""

    def __init__(
        self, desk: Desk, envelope: Envelope, phone: int | None, along: Callable[[Write], None]
    ) -> None:
        self._app = instance()
        self._desk, self._envelope, self._phone, self._along = desk, envelope, phone, along
        self._fingerprint = arrival.fingerprint(self._app.store, envelope.content)

    def receive(self) -> Reply:
        """What became of it."""
        with self._app.store.read():  # one look, that is over before anything is written
            reply = self._look()
        if not isinstance(reply, Reply):
            reply = reply()
        if reply.status >= 400:  # or else its twin was faster
            before = self._before()
            if before and before.fingerprint == self._fingerprint:
                return self._kept(before, "known")
        return reply

    def _look(self) -> Reply | Callable[[], Reply]:
        """What there is to say, or what is to be done next."""
        before = self._before()
        if before and before.fingerprint == self._fingerprint:
            return self._kept(before, "known")
        if before and not (before.row == before.id and self._row == before.id):
            return self._other()
        return self._week if self._envelope.form == WEEK else self._record()

    def _before(self) -> Arrival | None:
        with self._app.store.read() as connection:
            return arrival.known(connection, self._envelope.identity)

    @property
    def _row(self) -> str | None:
        """The record that this is about; a week is about many."""
        envelope = self._envelope
        if envelope.form == WEEK:
            return None
        return envelope.changes.row if envelope.changes else envelope.identity

    def _came(self, status: str) -> Arrival:
        envelope, place = self._envelope, self._desk.origin.place
        return Arrival(
            envelope.identity, self._fingerprint, envelope.form, self._row, place, status
        )

    def _note(self, write: Write, status: str) -> None:
        envelope = self._envelope
        came, number = self._came(status), envelope.number or None
        self._along(write)  # first what its outbox tells: then this one is taken off that
        arrival.note(write, came, self._phone, envelope.outbox, number)

    def _record(self) -> Reply | Callable[[], Reply]:
        app, envelope, desk = self._app, self._envelope, self._desk
        page = app.page_of(desk.form(envelope.form).form_id, envelope.version)
        form, strange = page.asked, envelope.answers.keys() - page.fieldNames
        if strange:
            return _refused(dict.fromkeys(sorted(strange), _NO_QUESTION), _private(form))
        sent = Sent(
            form,
            envelope.answers,
            envelope.identity,
            envelope.sure,
            envelope.changes,
            envelope.submitted_at(app.now()),
        )
        looked = look(desk, sent)
        if looked.answer is None:
            return self._not_taken(form, looked.taken)
        return partial(self._keep, sent, looked.answer)

    def _keep(self, sent: Sent, answer: Answer) -> Reply:
        envelope, desk, late = self._envelope, self._desk, False

        def done(write: Write, receipt: Receipt) -> None:
            nonlocal late
            if receipt.status != "conflict":
                self._note(write, receipt.status)
            if receipt.status == "stored":
                form = self._app.forms[envelope.form]
                late = is_late(write.connection, desk, form, answer.values, write.at)

        try:
            taken = keep(desk, sent, answer, done)
        except Conflict:
            return self._stands(_OVERTAKEN)
        receipt = taken.receipt
        if receipt is None:
            return self._not_taken(sent.form, taken)
        if receipt.status == "conflict":
            return self._other()
        if receipt.status == "stored":  # nobody needs to look what stands there
            told = {"receipt": receipt.id, "status": "stored"}
            return Reply(201, told | self._where(sent.form, receipt.id, receipt.state, late))
        return self._kept(self._came(receipt.status), receipt.status)

    def _not_taken(self, form: Form, taken: Taken) -> Reply:
        if taken.doubts:
            return Reply(422, {"error": _say(_SURE), "doubts": _doubtful(taken.doubts)})
        return _refused(taken.refused, _private(form))

    def _week(self) -> Reply:
        app, envelope, desk = self._app, self._envelope, self._desk
        desk.form("opening")
        if envelope.changes:
            return _refused({"changes": _NO_QUESTION})
        fields = {name: values[-1] for name, values in envelope.answers.items() if values}
        strange = [name for name in envelope.answers if not _CELL.fullmatch(name)]
        if strange:
            return _refused(dict.fromkeys(sorted(strange), _NO_QUESTION))
        try:
            over = week_sheet.week(fields.get(WEEK, ""), app.now().date())
        except BadRequest as problem:
            return _refused({WEEK: Message(str(problem))})
        sent = week_change.Sent(envelope.identity, fields)
        outcome = week_change.save(
            app, desk, over, sent, done=lambda write: self._note(write, "changed")
        )
        if outcome.overtaken:
            cells = sorted(outcome.overtaken)
            return Reply(409, {"error": _say(_OVERTAKEN), "cells": cells})
        if outcome.mistakes:
            return Reply(422, {"error": _say(_MEND), "messages": dict(outcome.mistakes)})
        return self._kept(self._came("changed"), "changed")

    def _kept(self, came: Arrival, status: str) -> Reply:
        """The receipt, with what the phone may want to say of it."""
        told: dict[str, object] = {"receipt": came.id, "status": status}
        if came.status == "asked":
            told |= {"status": "changed" if status == "asked" else status, "asked": True}
        if found := self._find():
            form, desk = found.form, self._desk
            with self._app.store.read() as connection:
                late = is_late(connection, desk, form, found.values, found.received_at)
            told |= self._where(form, found.id, found.state, late)
        return Reply(200, told)

    def _where(self, form: Form, row: str, state: str, late: bool) -> dict[str, object]:
        """How a record stands, and where it can be seen."""
        found = {"state": state, "url": self._desk.url(form, row, "saved")}
        return found | ({"late": True} if late else {})

    def _other(self) -> Reply:
        return self._stands(_OTHER)

    def _stands(self, message: Message) -> Reply:
        """Why this one came too late, with what stands there now."""
        told: dict[str, object] = {"error": _say(message)}
        if found := self._find():
            with self._app.store.read() as connection:
                here = self._desk.around(self._app, connection)
                columns = found.form.columns
                # A phone keeps this with its record, and names are not kept on phones.
                open_values = {
                    name: value
                    for name, value in found.values.items()
                    if name in columns and not is_personal(columns[name])
                }
                now = wording.rows(found.form, open_values, here)
            told |= {"now": now, "edits": found.edits, "state": found.state}
            told["url"] = self._desk.url(found.form, found.id)
        return Reply(409, told)

    def _find(self) -> Row | None:
        """The record as it is kept, when it is of this place."""
        store, form = self._app.store, self._app.forms.get(self._envelope.form)
        if self._row is None or form is None:
            return None
        try:
            with store.read() as connection:
                return rows.find(store, connection, form, self._row, self._desk.origin.place)
        except NotFound:
            return None


def _private(form: Form) -> frozenset[str]:
    return frozenset(name for name, question in form.columns.items() if is_personal(question))


def _refused(messages: Mapping[str, Message], private: frozenset[str] = frozenset()) -> Reply:
    told = {name: _say(message) for name, message in messages.items()}
    return Reply(422, {"error": _say(_MEND), "messages": told}, private)


def _doubtful(found: Sequence[Doubt]) -> list[dict[str, str]]:
    """What is asked back: its sentence, and the tick that goes along with it next time."""
    return [
        {"title": each.title, "sentence": each.sentence, "tick": each.tick, "sure": each.token}
        for each in found
    ]


def _say(message: Message) -> str:
    return language.say(instance().catalogues, message)
