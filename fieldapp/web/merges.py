"""In the office: whether two cards are of one person, by card code and without names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from fieldapp.ask.reading import holdable
from fieldapp.errors import Conflict, Message, Refused
from fieldapp.keep import merge, register
from fieldapp.keep.merge import OUTCOMES, Proposal, Stay
from fieldapp.web import language, person_card
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance
from fieldapp.web.phone import say

blueprint = Blueprint("merges", __name__, url_prefix="/office/merges")

_UNDO = "undo"
_MOST_DECIDED = 50


@blueprint.route("", methods=["GET", "POST"])
@signed_in("office")
def overview() -> Response:
    """What waits for an answer and what was answered; or what became of the office's proposal."""
    if request.method == "GET":
        return _page()
    codes = {name: holdable(request.form.get(name, "")).strip()[:40] for name in ("code", "other")}
    if not Confirm().validate():
        return _expired(codes)
    mistakes = {
        name: Message("Typ de code van een kaart. Bijvoorbeeld 7K3F.")
        for name, code in codes.items()
        if not code
    }
    if not mistakes:
        app, who = instance(), the_account()
        try:
            with app.store.write(f"account:{who.id}", app.now()) as write:
                merge.propose(
                    write, person_card.typed(codes["code"]), person_card.typed(codes["other"]), None
                )
        except Refused as refused:
            mistakes = refused.messages
    if mistakes:
        said = {name: language.say(instance().catalogues, text) for name, text in mistakes.items()}
        return _page(422, codes=codes, mistakes=said)
    return make_response(redirect("/office/merges", 303))


@blueprint.post("/<int:number>")
@signed_in("office")
def answer(number: int) -> Response:
    """Answers a proposal, or takes the answer back."""
    app, who = instance(), the_account()
    outcome, was = request.form.get("outcome", ""), request.form.get("was", "")
    if not Confirm().validate():
        return _expired()
    if outcome not in OUTCOMES and (outcome != _UNDO or was not in OUTCOMES):
        abort(400)
    try:
        with app.store.write(f"account:{who.id}", app.now()) as write:
            if outcome == _UNDO:
                merge.undo(write, number, was)
            else:
                merge.decide(write, number, outcome)
    except Conflict as conflict:
        return _page(409, flash=say(str(conflict)))
    return make_response(redirect("/office/merges", 303))


def _expired(codes: Mapping[str, str] | None = None) -> Response:
    again = say("Deze pagina stond te lang open. Doe het opnieuw.")
    return _page(422, codes=codes, flash=again)


def _page(
    status: int = 200,
    *,
    codes: Mapping[str, str] | None = None,
    mistakes: Mapping[str, str] | None = None,
    flash: str = "",
) -> Response:
    app = instance()
    with app.store.read() as connection:
        found = merge.proposals(connection)
        waiting = [each for each in found if each.open]
        stays = merge.stays(connection, waiting)
        places = {row["name"]: row["label"] for row in register.rows(connection, "places")}
    page = {
        "waiting": [{"proposal": each, "sides": _sides(each, stays)} for each in waiting],
        "decided": [each for each in found if each.outcome][:_MOST_DECIDED],
        "codes": codes or {"code": "", "other": ""},
        "mistakes": mistakes or {},
        "flash": flash,
        "roles": _labels("role"),
        "known": _labels("known_elsewhere"),
    }
    shown = render_template("office/merges.html", page=page, places=places)
    return make_response(shown, status)


def _sides(proposal: Proposal, stays: Sequence[Stay]) -> list[dict[str, Any]]:
    """Both persons: the card that was named, and where they were entered, with whatever card."""
    return [
        {"code": code, "stays": [stay for stay in stays if stay.person == person]}
        for code, person in zip(proposal.codes, proposal.persons, strict=True)
    ]


def _labels(question: str) -> Mapping[str, str]:
    asked = instance().forms["person_new"].questions[question]
    return {choice.name: language.pick(choice.label) for choice in asked.choices}
