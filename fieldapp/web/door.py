"""The door of outboxes: who may knock, what is a whole body, and answers as JSON."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from flask import Response, abort, jsonify, request

from fieldapp.errors import Busy, Message
from fieldapp.keep import pace
from fieldapp.keep.phone import Phone
from fieldapp.keep.store import Write
from fieldapp.web import language
from fieldapp.web.access import current_phone
from fieldapp.web.instance import instance

HEADER = "X-Fieldapp"
"""No page of another site can send it, nor `Origin` as ours: together they stand for a token."""

_NOT_PAIRED = Message("Deze telefoon hoort nog bij geen plek. Koppel hem eerst.")
_NOT_OURS = Message("Dit kwam niet van onze eigen pagina. Ga naar het begin.")
_NO_JSON = Message("Dit kunnen wij niet lezen. Stuur het als JSON.")
_NOT_WHOLE = Message("Dit kwam niet heel aan. Stuur het nog een keer.")
_TOO_FAST = Message("Dit gaat te snel. Wij vragen het straks opnieuw.")


def knock() -> Phone:
    """The phone that asks from a page of ours; anybody else is turned away."""
    mine = current_phone()
    if mine is None:
        turn_away(401, _NOT_PAIRED)
    own = instance().settings.public_url
    if request.headers.get(HEADER) != "1" or request.headers.get("Origin") != own:
        turn_away(403, _NOT_OURS)
    if request.mimetype != "application/json":
        turn_away(415, _NO_JSON)
    return mine


def body() -> Mapping[str, Any]:
    """What was sent, as an object; what is no whole one is turned away."""
    try:
        found = read(request.get_data())
    except ValueError:
        turn_away(400, _NOT_WHOLE)
    return found


def read(content: bytes) -> dict[str, Any]:
    """The object that `content` is; ValueError when it is none, or says a thing twice."""
    try:
        found = json.loads(
            content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def step(write: Write, mine: Phone) -> None:
    """Counts a knock; who knocks too fast is told when to come back."""
    _slow_down(pace.step(write, mine.id))


def wait(mine: Phone) -> None:
    """Tells who knocks too fast when to come back, before anything is done; counts nothing."""
    app = instance()
    with app.store.read() as connection:
        _slow_down(pace.wait(connection, mine.id, app.now()))


@contextlib.contextmanager
def counted(
    mine: Phone, more: Callable[[Write], None] = lambda write: None
) -> Iterator[Callable[[Write], None]]:
    """Counts a knock once: in the write that is handed what this gives, else in one of its own.

    `more` is written with it. Who knocks too fast is told so where it is counted, too: several
    may knock at once.
    """
    app, done = instance(), False

    def count(write: Write) -> None:
        nonlocal done
        step(write, mine)
        more(write)
        done = True

    try:
        yield count
    except Busy:
        done = True  # nothing can be written now, so this neither
        raise
    finally:
        if not done:
            with app.store.write(f"phone:{mine.id}", app.now(), together=True) as write:
                count(write)


def _slow_down(seconds: int) -> None:
    if seconds:
        turn_away(429, _TOO_FAST, wait=seconds)


def turn_away(status: int, message: Message, *, wait: int = 0) -> NoReturn:
    """Ends the request with a sentence."""
    response = failed(status, language.say(instance().catalogues, message))
    if wait:
        response.headers["Retry-After"] = str(wait)
    abort(response)


def failed(status: int, sentence: str) -> Response:
    """An answer that says what is wrong."""
    return answer(status, error=sentence)


def answer(status: int, /, **told: object) -> Response:
    """An answer as JSON."""
    found = jsonify(told)
    found.status_code = status
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
