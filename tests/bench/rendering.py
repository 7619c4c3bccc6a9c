"""The phone's pages, against a bare Flask hello that is asked in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from flask import Flask
from flask.testing import FlaskClient

from fieldapp.demo.life import NAMES
from fieldapp.keep import people, phone
from fieldapp.keep.store import Store
from fieldapp.web.access import PHONE_COOKIE
from fieldapp.web.app import create_app
from tests.bench.figure import ROUNDS, Figure, timed
from tests.bench.home import NOW, Home
from tests.world import send_to

PLACE, LIST, MANY = "WB-01", "/form/attendance", 100
AIMS = {"/form/visitors": 6, "/": 8, LIST: 12}

_TIMES = 50
_ANEW = 40  # about what it costs: it only has turns of both last as long


def figures(home: Home) -> Iterator[Figure]:
    """What a page costs when nothing changed since it was last drawn, and when something did."""
    _enlist(home.store)
    client, cookie = _phone(home)
    hello = Flask("hello")
    hello.add_url_rule("/", view_func=lambda: "hello")
    bare = hello.test_client()
    bare.set_cookie(PHONE_COOKIE, cookie, secure=True)
    for path, aim in AIMS.items():
        yield _against(_told(path), _got(client, path), bare, aim, at_most=aim)
    for path in AIMS:
        yield _against(f"{_told(path)}, drawn anew", _got(client, path, anew=True), bare, _ANEW)
    yield _against(_told("/week"), _got(client, "/week"), bare, _ANEW)


def _against(
    what: str, page: Callable[[], None], bare: FlaskClient, often: int, at_most: float | None = None
) -> Figure:
    """How many times a hello `page` costs; hello is asked so `often` as that both take as long.

    On a busy machine the longer turn would be interrupted more.
    """
    hello = _got(bare, "/", _TIMES * often)
    page()
    hello()
    ratios = [often * timed(page) / timed(hello) for _ in range(ROUNDS)]
    return Figure(what, "a bare Flask hello", ratios, at_most)


def _told(path: str) -> str:
    return f"GET {path}{f', {MANY} people' if path == LIST else ''}"


def _got(
    client: FlaskClient, path: str, times: int = _TIMES, *, anew: bool = False
) -> Callable[[], None]:
    """Asks for a page many times; `anew` each time at an address at which nobody asked before."""
    fresh = count()

    def got() -> None:
        for _ in range(times):
            query = {"fresh": str(next(fresh))} if anew else {}
            answer = client.get(path, query_string=query, base_url="https://localhost")
            assert answer.status_code == 200

    return got


def _phone(home: Home) -> tuple[FlaskClient, str]:
    app = create_app(home.settings, home.store, home.workbooks, lambda: NOW)
    with home.store.write("bench", NOW) as write:
        token, _ = phone.make_pairing(write, PLACE, phone.ON_LETTER)
        cookie, _ = phone.pair(home.store, write, token, "Bench", None)
    client = app.test_client()
    client.set_cookie(PHONE_COOKIE, str(cookie), secure=True)
    return client, str(cookie)


def _enlist(store: Store) -> None:
    """Enters participants until the place has a hundred."""
    with store.read() as connection:
        there = people.members(connection, store.seal, PLACE, NOW.date().isoformat())
    taken = {member.name for member in there}
    free = (name for name in (*NAMES, *(f"{name} B" for name in NAMES)) if name not in taken)
    listed = [each for each in there if each.role == "participant" and not each.until]
    assert len(listed) <= MANY
    for _ in range(MANY - len(listed)):
        raw = {"role": "participant", "known_elsewhere": "no", "call_name": next(free)}
        raw |= {"started": "2026-01-05", "informed": "OK", "labour_distance": "yes"}
        send_to(store, NOW, PLACE, "person_new", raw)
