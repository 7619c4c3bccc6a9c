"""At a place: saying that two cards may be of one person. The office looks into it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.question import Choice
from fieldapp.ask.reading import holdable
from fieldapp.errors import Message, Refused
from fieldapp.keep import attempt, merge, people
from fieldapp.keep.merge import MERGED, REFUSED, Proposal
from fieldapp.web import language, person_card
from fieldapp.web.access import paired, phone_desk
from fieldapp.web.desk import Desk
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance

blueprint = Blueprint("same", __name__)

_CODE = re.compile(rf"[{people.CODE_ALPHABET}]{{4,6}}")
_MOST_SHOWN = 20

_SAID: Mapping[str, Message] = {
    "": Message("Het programmabureau kijkt dit na."),
    MERGED: Message("Dit is één persoon."),
    REFUSED: Message("Dit zijn twee mensen."),
}


@dataclass(frozen=True)
class Typed:
    """What stands in the fields, and what is wrong with it."""

    person: str = ""
    other: str = ""
    card: str = ""
    mistakes: Mapping[str, Message] = field(default_factory=dict)
    flash: Message | None = None


@blueprint.route("/people/same", methods=["GET", "POST"])
@paired
def same() -> Response:
    """The page on which two are chosen, or what became of it."""
    desk = phone_desk()
    if request.method == "GET":
        return _page(desk, Typed())
    typed = Typed(_sent("person"), _sent("other"), _sent("card_code"))
    if not Confirm().validate():
        expired = Message(
            "Deze pagina stond te lang open. Kijk alles na en druk nog een keer op Geef door."
        )
        return _page(desk, replace(typed, flash=expired), 422)
    app, scope = instance(), f"card:{desk.origin.phone}"
    with app.store.read() as connection:
        wait = attempt.wait(connection, scope, app.now())
    if wait and typed.card:
        return _slow(desk, typed, wait)
    mistakes = _mistakes(typed, {choice.name for choice in _listed(desk)})
    if not mistakes:
        try:
            with app.store.write(desk.actor, app.now()) as write:
                second = person_card.typed(typed.card) or typed.other
                merge.propose(write, typed.person, second, desk.origin.place)
        except Refused as refused:
            mistakes = {"card_code" if typed.card else "other": refused.messages["other"]}
            if typed.card:  # whatever is wrong with it: nobody learns by trying codes
                with app.store.write(desk.actor, app.now()) as write:
                    attempt.failed(write, scope)
    if mistakes:
        return _page(desk, replace(typed, mistakes=mistakes), 422)
    return make_response(redirect(desk.stay("/people/same/sent"), 303))


@blueprint.get("/people/same/sent")
@paired
def sent() -> Response:
    """What the place told, and what the office made of it."""
    return _page(phone_desk(), Typed(), told=True)


def _sent(name: str) -> str:
    return holdable(request.form.get(name, "")).strip()[:40]


def _mistakes(typed: Typed, here: Collection[str]) -> dict[str, Message]:
    strange = Message("Dit antwoord kan hier niet. Kies een antwoord uit de lijst.")
    if not typed.person:
        return {"person": Message("Kies eerst een persoon.")}
    if typed.person not in here:
        return {"person": strange}
    if typed.other and typed.other not in here:
        return {"other": strange}
    if typed.other and typed.card:
        return {"card_code": Message("Kies iemand uit uw lijst, of typ een code. Niet allebei.")}
    if not typed.other and not typed.card:
        return {"other": Message("Kies nog iemand uit uw lijst, of typ de code van een kaart.")}
    if typed.card and not _CODE.fullmatch(person_card.typed(typed.card)):
        return {"card_code": Message("De code heeft 4 letters en cijfers. Bijvoorbeeld 7K3F.")}
    return {}


def _listed(desk: Desk) -> Sequence[Choice]:
    """Who is on the list of this place, under every card."""
    app = instance()
    day = app.now().date().isoformat()
    with app.store.read() as connection:
        here = people.members(connection, app.store.seal, str(desk.origin.place), day)
    return people.choices(here, {})


def _page(desk: Desk, typed: Typed, status: int = 200, *, told: bool = False) -> Response:
    app = instance()
    say = app.catalogues
    listed = _listed(desk)
    names = {choice.name: language.pick(choice.label) for choice in listed}
    with app.store.read() as connection:
        before = merge.proposals(connection, str(desk.origin.place))[:_MOST_SHOWN]
    page = {
        "people": {c.name: names[c.name] for c in listed if not c.instead},
        "typed": typed,
        "mistakes": {name: language.say(say, text) for name, text in typed.mistakes.items()},
        "flash": language.say(say, typed.flash) if typed.flash else "",
        "before": _before(before, names),
        "list": desk.stay("/people"),
        "again": desk.stay("/people/same"),
    }
    shown = "people_same_sent.html" if told else "people_same.html"
    return make_response(render_template(shown, page=page), status)


def _before(proposals: Sequence[Proposal], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What this place told: both cards as it knows them, and how it stands."""
    say = instance().catalogues
    return [
        {
            "who": [names.get(code, code) for code in each.codes],
            "said": language.say(say, _SAID[each.outcome or ("" if each.open else MERGED)]),
        }
        for each in proposals
    ]


def _slow(desk: Desk, typed: Typed, wait: int) -> Response:
    often = Message(
        "U probeerde het te vaak. Wacht {seconds} seconden en probeer het dan opnieuw.",
        {"seconds": str(wait)},
    )
    response = _page(desk, replace(typed, flash=often), 429)
    response.headers["Retry-After"] = str(wait)
    return response
