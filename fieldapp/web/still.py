"""The page that asks who of the people not seen for a while still takes part; one save for all."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.answer import Answer, check
from fieldapp.ask.question import Form
from fieldapp.errors import Message, Refused
from fieldapp.keep import people, still
from fieldapp.keep import row as rows
from fieldapp.keep.people import Member
from fieldapp.keep.store import Write
from fieldapp.web import language
from fieldapp.web.access import paired, phone_desk
from fieldapp.web.desk import Desk
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("still", __name__)

STAYS = "yes"
_FIELD = "still."


@dataclass
class Sent:
    """What was answered, by the record with which a person was entered here."""

    id: str
    answers: Mapping[str, str]
    messages: dict[str, Message] = field(default_factory=dict)
    flash: Message | None = None

    @property
    def given(self) -> Mapping[str, str]:
        """The answers that are not empty."""
        return {row: answer for row, answer in self.answers.items() if answer}

    def wrong(self) -> bool:
        """Whether the page has to come back."""
        return bool(self.messages or self.flash)


@blueprint.route("/people/still", methods=["GET", "POST"])
@paired
def ask() -> Response:
    """Who is asked about (GET), or what became of the answers (POST)."""
    app, desk = instance(), phone_desk()
    form = desk.form("step")
    if request.method == "GET":
        return _page(desk, form, Sent(str(uuid.uuid4()), {}))
    sent = _read()
    answers = _check(desk, form, sent)
    if not Confirm().validate():
        sent.flash = EXPIRED
    elif not sent.given:
        sent.flash = Message("Kies bij iemand een antwoord. Of kies: Alle anderen doen nog mee.")
    if sent.wrong():
        return _page(desk, form, sent)
    with app.store.write(desk.actor, app.now()) as write:
        stay, left = _keep(desk, write, form, sent, answers)
    return make_response(redirect(desk.stay(f"/people/still/done?stay={stay}&left={left}"), 303))


@blueprint.get("/people/still/done")
@paired
def done() -> str:
    """How many stay and how many left."""
    counts = {name: request.args.get(name, 0, int) for name in ("stay", "left")}
    return render_template("still_done.html", **counts, back=phone_desk().stay("/people"))


def _read() -> Sent:
    sent = request.form
    given = {
        name.removeprefix(_FIELD): value for name, value in sent.items() if name.startswith(_FIELD)
    }
    if sent.get("others"):  # whoever stood on the page, nobody who was added to it since
        given = {row: answer or STAYS for row, answer in given.items()}
    try:
        page = str(uuid.UUID(sent.get("instanceID", "")))
    except ValueError:
        page = str(uuid.uuid4())
    return Sent(page, given)


def _check(desk: Desk, form: Form, sent: Sent) -> Mapping[str, Answer]:
    """The checked steps of who left; messages at those that are not right."""
    app = instance()
    answers = {}
    with app.store.read() as connection:
        context = desk.around(app, connection).context(form)
        here = _by_row(_members(desk, connection))
        for row, answer in sent.given.items():
            member = here.get(row)
            if answer == STAYS or member is None or member.until:
                continue
            raw = {
                "person": [member.code],
                "date": [app.now().date().isoformat()],
                "step": ["left"],
                "left_reason": [answer],
            }
            try:
                answers[row] = check(form, raw, context)
            except Refused as refused:
                sent.messages[row] = next(iter(refused.messages.values()))
    return answers


def _keep(
    desk: Desk, write: Write, form: Form, sent: Sent, answers: Mapping[str, Answer]
) -> tuple[int, int]:
    """Keeps the answers about who is still to be asked about; how many stay, how many left.

    Who left or was confirmed meanwhile is counted as what they are; NotFound when somebody is
    not of this place.
    """
    app = instance()
    place = str(desk.origin.place)
    quiet = dict(still.quiet(write.connection, place, write.now.date()))
    here = _by_row(_members(desk, write.connection))
    stay, left, confirmed = 0, 0, []
    for row, answer in sent.given.items():
        member = here.get(row)
        if member is None:
            entered = app.forms["person_new"]
            rows.find(app.store, write.connection, entered, row, place)
        elif member.until:
            left += 1
        elif member.person not in quiet or answer == STAYS:
            stay += 1
            confirmed.append(member.person)
        elif row in answers:
            del quiet[member.person]  # who is in two rows leaves once
            own = str(uuid.uuid5(uuid.UUID(sent.id), row))
            rows.add(app.store, write, form, answers[row], own, desk.origin)
            left += 1
    still.confirm(write, place, [person for person in confirmed if person in quiet])
    return stay, left


def _members(desk: Desk, connection: sqlite3.Connection) -> Sequence[Member]:
    app = instance()
    day = app.now().date().isoformat()
    return people.members(connection, app.store.seal, str(desk.origin.place), day)


def _by_row(found: Sequence[Member]) -> Mapping[str, Member]:
    """Each person by the record that stands for them; who came back, as who is here now."""
    return {each.row: each for each in sorted(found, key=lambda each: not each.until)}


def _page(desk: Desk, form: Form, sent: Sent) -> Response:
    app = instance()
    with app.store.read() as connection:
        quiet = still.quiet(connection, str(desk.origin.place), app.now().date())
        here = [m for m in _members(desk, connection) if not m.until]
    entered = desk.form("person_new")
    roles = {c.name: language.pick(c.label) for c in entered.questions["role"].choices}
    asked = {}
    for member in here:
        if member.person in quiet and member.person not in asked:
            own = [roles.get(m.role, m.role) for m in here if m.person == member.person]
            asked[member.person] = _line(member, own, quiet[member.person], sent)
    page = {
        "id": sent.id,
        "people": list(asked.values()),
        "days": still.QUIET_DAYS,
        "reasons": [
            (choice.name, language.pick(choice.label))
            for choice in form.questions["left_reason"].choices
        ],
        "stays": STAYS,
        "wrong": [(line["id"], line["error"]) for line in asked.values() if line["error"]],
        "flash": language.say(app.catalogues, sent.flash) if sent.flash else "",
        "back": desk.stay("/people"),
    }
    return make_response(render_template("still.html", page=page), 422 if sent.wrong() else 200)


def _line(
    member: Member, roles: Sequence[str], quiet: still.Quiet, sent: Sent
) -> dict[str, object]:
    message = sent.messages.get(member.row)
    return {
        "field": f"{_FIELD}{member.row}",
        "id": f"still-{member.row}",
        "name": member.label,
        "role": language.listed(dict.fromkeys(roles)),
        "seen": quiet.seen,
        "since": quiet.since,
        "answer": sent.answers.get(member.row, ""),
        "error": language.say(instance().catalogues, message) if message else "",
    }
