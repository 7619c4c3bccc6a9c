"""In the office: everything that a place hangs up or hands out, for many places in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from fieldapp.ask.reading import holdable
from fieldapp.errors import Message
from fieldapp.keep import people
from fieldapp.report import completeness
from fieldapp.report.completeness import Place
from fieldapp.web import hours, language, person_card, poster, tally
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.office_choice import by_kind
from fieldapp.web.week_sheet import Week, week

blueprint = Blueprint("printing", __name__, url_prefix="/office/print")

LETTER, DOOR, TALLY, CARDS = "letter", "door", "tally", "cards"
SMALL = "a6"
_ON_A_SHEET = 4  # small posters on an A4, to cut
_WEEKS = 6
_NO_PLACE = Message("Kies een plek of meer.")
_NOTHING = Message("Kies wat u wilt afdrukken.")

Sheets = list[dict[str, Any]]


@blueprint.route("", methods=["GET", "POST"])
@signed_in("office")
def choose() -> Response:
    """Which places and which sheets; or all of these, place by place, to print at once."""
    places = _places()
    if request.method == "GET":
        return _page(places)
    chosen = [place for place in places if place.code in request.form.getlist("place")]
    wanted = request.form.getlist("what")
    mistakes = {}
    if not chosen:
        mistakes["place"] = _NO_PLACE
    if not any(name in _offered(places) for name in wanted):
        mistakes["what"] = _NOTHING
    if not Confirm().validate():
        return _page(places, 422, {"place": EXPIRED})
    if mistakes:
        return _page(places, 422, mistakes)
    over = week(request.form.get("week") or week("", _today()).text, _today() + tally.AHEAD)
    shown = {
        "sheets": [sheet for place in chosen for sheet in _sheets(place, wanted, over)],
        "week": over,
        "letters": LETTER in wanted,
        "privacy": person_card.privacy_address(),
    }
    return make_response(render_template("print/all.html", page=shown, back="/office/print"))


def _sheets(place: Place, wanted: Sequence[str], over: Week) -> Sheets:
    """Every sheet of one place, in the order in which it is handed over."""
    app, found = instance(), Sheets()
    # A write of its own for every place: a phone that saves meanwhile waits for none but that.
    with app.store.write(f"account:{the_account().id}", app.now()) as write:
        if LETTER in wanted:
            found.append({"kind": LETTER, "made": poster.letter_of(write, place)})
        posters = poster.posters_of(write, place, wanted)
        if request.form.get("size") == SMALL:
            found += [
                {"kind": SMALL, "made": posters[nth : nth + _ON_A_SHEET]}
                for nth in range(0, len(posters), _ON_A_SHEET)
            ]
        else:
            found += [{"kind": "poster", "made": each} for each in posters]
        if TALLY in wanted:
            found.append({"kind": TALLY, "made": tally.sheet_of(write, place, over)})
    if DOOR in wanted:
        found.append({"kind": DOOR, "made": hours.door(hours.hours_on(place, _today()))})
    if CARDS in wanted and (codes := _codes(place)):
        found.append({"kind": CARDS, "made": person_card.cards_of(codes), "of": place.name})
    return found


def _codes(place: Place) -> Sequence[str]:
    """The card codes of everyone at a place."""
    app = instance()
    with app.store.read() as connection:
        here = people.members(connection, app.store.seal, place.code, _today().isoformat())
    return sorted({member.code for member in here})


def _places() -> Sequence[Place]:
    """The places that take part today."""
    today = _today().isoformat()
    with instance().store.read() as connection:
        found = completeness.places(connection)
    return sorted((place for place in found if place.active(today)), key=by_kind)


def _posters(places: Sequence[Place]) -> Mapping[str, str]:
    """What there are posters of at these places, with what it is called."""
    titles = {name: t for place in places for name, t in poster.poster_titles(place).items()}
    return {name: language.pick(title) for name, title in titles.items()}


def _offered(places: Sequence[Place]) -> set[str]:
    return {*_posters(places), LETTER, DOOR, TALLY, CARDS}


def _page(
    places: Sequence[Place], status: int = 200, mistakes: Mapping[str, Message] | None = None
) -> Response:
    asked = request.method == "POST"
    monday = week("", _today()).monday
    page = {
        "places": places,
        "posters": _posters(places),
        "weeks": [week("", monday + dt.timedelta(weeks=ahead)) for ahead in range(_WEEKS)],
        "chosen": request.form.getlist("place")
        if asked
        else request.args.getlist("place") or [place.code for place in places],
        "wanted": request.form.getlist("what"),
        "size": request.form.get("size", "a4"),
        "week": holdable(request.form.get("week", "")),
        "mistakes": {
            name: language.say(instance().catalogues, said)
            for name, said in (mistakes or {}).items()
        },
        "flash": "",
    }
    return make_response(render_template("office/print.html", page=page), status)


def _today() -> dt.date:
    return instance().now().date()
