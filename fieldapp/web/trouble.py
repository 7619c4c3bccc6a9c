"""What went wrong in the pages of phones: told by the page itself, read by the office."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from fieldapp.errors import Message, Refused
from fieldapp.keep import trouble
from fieldapp.keep.trouble import Trouble
from fieldapp.web import door, language
from fieldapp.web.access import signed_in
from fieldapp.web.envelope import fields, listed, number
from fieldapp.web.instance import instance
from fieldapp.web.submissions import unreadable

blueprint = Blueprint("trouble", __name__)

_MOST = 50
_TIMES = 1_000

_KINDS: Mapping[str, Message] = {
    "script": Message("Een script stopte"),
    "save": Message("Bewaren op de telefoon lukte niet"),
    "send": Message("Versturen lukte niet"),
    "worker": Message("De pagina's lagen niet klaar"),
}


@blueprint.post("/api/trouble")
def tell() -> Response:
    """Notes what a page had trouble with: which line of which file, never what was filled in."""
    app, mine = instance(), door.knock()
    told = door.body()
    try:
        found = fields(told, {"trouble": lambda value: listed(value, _one, _MOST)}, _NEEDED)
    except Refused as refused:
        return unreadable(refused)
    with app.store.write(f"phone:{mine.id}", app.now()) as write:
        door.step(write, mine)
        trouble.note(write, mine.id, found["trouble"])
    return door.answer(200, noted=len(found["trouble"]))


@blueprint.get("/office/trouble")
@signed_in("office", "reader")
def shown() -> str:
    """Everything that went wrong in the last months, what was last first."""
    app = instance()
    with app.store.read() as connection:
        found = trouble.told(connection)
    kinds = {kind: language.say(app.catalogues, says) for kind, says in _KINDS.items()}
    return render_template("office/trouble.html", found=found, kinds=kinds)


def family() -> str:
    """Which browser asks, no finer than its family and system."""
    said = request.user_agent.string
    browser = next((name for mark, name in _BROWSERS if mark in said), "?")
    system = next((name for mark, name in _SYSTEMS if mark in said), "?")
    return f"{browser}, {system}"


_BROWSERS = (
    ("SamsungBrowser/", "Samsung"),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""What gives a browser and a system away; the first that is found."""


def _one(value: Any) -> Trouble:
    if not isinstance(value, dict):
        raise TypeError
    try:
        found = fields(value, _READERS, frozenset({"kind", "name", "spot"}))
    except Refused as refused:
        raise ValueError from refused
    times = min(found.get("times", 1), _TIMES)
    return Trouble(found["kind"], found["name"], found["spot"], family(), times)


def _matching(pattern: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError
        return value

    return read


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "kind": _matching("|".join(trouble.KINDS)),
    # A name of the browser's own, such as QuotaExceededError: a sentence could hold an answer.
    "name": _matching("[A-Za-z][A-Za-z0-9_]{0,39}|http [0-9]{3}"),
    "spot": _matching(r"[A-Za-z0-9_.-]{1,60}\.js:[0-9]{1,6}|-"),
    "times": number,
}
_NEEDED = frozenset({"trouble"})
