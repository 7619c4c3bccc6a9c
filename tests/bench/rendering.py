"""The phone's pages, against a bare Flask hello."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Flask

from fieldapp.keep import phone
from fieldapp.web.access import PHONE_COOKIE
from fieldapp.web.app import create_app
from tests.bench.figure import Figure, against
from tests.bench.home import NOW, Home


def figures(home: Home) -> Iterator[Figure]:
    """What a page costs."""
    yield from pages(home)


def pages(home: Home, many: int = 30) -> list[Figure]:
    """The phone's pages against a bare Flask hello."""
    store = home.store
    app = create_app(home.settings, store, home.workbooks, lambda: NOW)
    client = app.test_client()
    with store.write("bench", NOW) as write:
        token, _ = phone.make_pairing(write, "WB-01", phone.ON_LETTER)
        cookie, _ = phone.pair(store, write, token, "Bench", None)
    client.set_cookie(PHONE_COOKIE, str(cookie), secure=True)
    hello = Flask("hello")
    hello.add_url_rule("/", view_func=lambda: "hello")
    bare = hello.test_client()

    def get(path: str) -> Callable[[], None]:
        def got() -> None:
            for _ in range(many):
                assert client.get(path, base_url="https://localhost").status_code == 200

        return got

    def greet() -> None:
        for _ in range(many):
            bare.get("/")

    return [
        against(f"GET {path}", "a bare Flask hello", get(path), greet)
        for path in ("/form/visitors", "/", "/form/attendance")
    ]
