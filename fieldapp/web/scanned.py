"""Cards scanned at a place today: kept in the browser's session until their form is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import session

from fieldapp.ask.day import day_of
from fieldapp.ask.question import Form
from fieldapp.errors import Message
from fieldapp.keep import crew
from fieldapp.web.surroundings import Surroundings

ASKED = "card"
"""The query with which a form opens with the card that was scanned last filled in."""

_KEY = "cards"


@dataclass(frozen=True)
class Scanned:
    """What a form starts with because of cards that were scanned, and what to say of it."""

    given: Mapping[str, Sequence[str]] = field(default_factory=dict)
    message: Message | None = None


def tick(here: Surroundings, form: Form, code: str) -> None:
    """Notes that the person with `code` is to be ticked on today's `form`."""
    kept = _of_today(here)
    before = [each for each in _ticked(kept, form) if each != code]
    session[_KEY] = kept | {"ticked": kept["ticked"] | {form.form_id: [*before, code]}}


def strange(here: Surroundings, code: str) -> None:
    """Notes a card that is not on the place's list, for the form that adds a person."""
    session[_KEY] = _of_today(here) | {"strange": code}


def waiting(here: Surroundings, form: Form) -> bool:
    """Whether somebody is to be ticked on `form` already."""
    return bool(_ticked(_of_today(here), form))


def start_of(here: Surroundings, form: Form, presets: Mapping[str, str]) -> Scanned:
    """What `form` starts with: who was scanned today, or the card of a person who is added."""
    kept = _of_today(here)
    if _adds_people(form):
        card = kept["strange"] if presets.get(ASKED) else ""
        return Scanned({"known_elsewhere": ["yes_card"], "card_code": [card]} if card else {})
    codes = _ticked(kept, form)
    if not codes or presets.get(day_of(form)) not in (None, here.now.date().isoformat()):
        return Scanned()
    labels = {choice.name: choice.label["nl"] for choice in here.register("people")}
    last = labels.get(codes[-1])
    message = Message(
        "{who} staat aangevinkt. Scan de volgende kaart, of bewaar.", {"who": last or ""}
    )
    return Scanned({crew.lists(form)[0]: codes}, message if last else None)


def anything() -> bool:
    """Whether cards were scanned with this browser, today or before."""
    return _KEY in session


def forget(form: Form) -> None:
    """Forgets what was scanned for `form`: it was saved."""
    kept = session.get(_KEY)
    if kept and _adds_people(form):
        session[_KEY] = kept | {"strange": ""}
    elif kept:
        others = {name: codes for name, codes in kept["ticked"].items() if name != form.form_id}
        session[_KEY] = kept | {"ticked": others}


def _adds_people(form: Form) -> bool:
    entity = form.entity
    return entity is not None and entity.list_name == "people" and entity.entity_id is None


def _ticked(kept: Mapping[str, Any], form: Form) -> list[str]:
    codes: list[str] = kept["ticked"].get(form.form_id, [])
    return codes


def _of_today(here: Surroundings) -> dict[str, Any]:
    """What was scanned; of another day or another place nothing."""
    now = {"day": here.now.date().isoformat(), "place": here.place.code if here.place else ""}
    kept = session.get(_KEY, {})
    return dict(kept) if now.items() <= kept.items() else now | {"ticked": {}, "strange": ""}
