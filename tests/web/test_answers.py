"""What every answer carries, whatever went wrong: headers, a page that helps, a silent log."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from fieldapp.errors import Busy, Damaged
from fieldapp.keep.database import Database
from fieldapp.keep.store import Store
from fieldapp.settings import Settings
from fieldapp.web.app import create_app
from tests.conftest import MOMENT
from tests.page import HEADERS, Client, parse, words

GOOD = {"date": MOMENT.date().isoformat(), "daypart": "morning", "visitors": "24"}
SECRET = "a name, the way a fault might say it"


def heading(answer: Any) -> str:
    return words(next(parse(answer.text).all("h1")))


def test_every_answer_has_the_headers(phone: Client, app: Flask) -> None:
    """The client looks at them on every answer; here the ones that are no page."""
    for method, address, status in (
        ("GET", "/healthz", 200),
        ("GET", "/static/form.js", 200),
        ("GET", "/static/none.js", 404),
        ("GET", "/none", 404),
        ("DELETE", "/", 405),
        ("HEAD", "/", 200),
        ("OPTIONS", "/", 200),
        ("GET", "/q/abc", 308),
        ("POST", "/switch", 400),
    ):
        answer = phone.open(address, method=method)
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("problem", [ValueError(SECRET), Damaged(SECRET), KeyError(SECRET)])
def test_when_we_fail_the_page_says_so_and_no_more(
    problem: Exception, app: Flask, page: Callable[[], Client], caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail() -> str:
        raise problem

    app.add_url_rule("/fail", view_func=fail)
    answer = page().get("/fail")
    assert answer.status_code == 500
    assert heading(answer) == "Er ging iets mis bij ons"
    assert SECRET not in answer.text


def test_when_the_database_cannot_be_read_there_is_still_a_page(
    phone: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @contextmanager
    def broken(self: Database) -> Iterator[sqlite3.Connection]:
        raise sqlite3.OperationalError(SECRET)
        yield

    monkeypatch.setattr(Database, "read", broken)
    for address in ("/", "/form/visitors", "/office/"):
        answer = phone.get(address)
        assert answer.status_code in {500, 303}
        assert SECRET not in answer.text


def test_pages_say_what_to_do(phone: Client, client: Client) -> None:
    for answer, title in (
        (phone.get("/none"), "Deze pagina is er niet"),
        (phone.get("/form/attendance"), "Deze pagina is er niet"),
        (phone.put("/"), "Dit ging niet goed"),
        (client.get("/people"), "Deze telefoon hoort nog bij geen plek"),
        (client.get("/form/visitors"), "Deze telefoon hoort nog bij geen plek"),
        (phone.post("/switch"), "Dit ging niet goed"),
    ):
        assert heading(answer) == title
        assert 'href="/"' in answer.text


def test_while_somebody_else_writes_the_answer_is_to_wait(
    phone: Client, small: Store, monkeypatch: pytest.MonkeyPatch, kept: Any
) -> None:
    shown = phone.get("/form/visitors")

    @contextmanager
    def busy(self: Database, patience: float = 0) -> Iterator[sqlite3.Connection]:
        raise Busy("another command is writing")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", busy)
        patch.setattr(Database, "together", busy)
        answer = phone.send(shown, GOOD)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert heading(answer) == "Wij kunnen nu even niets bewaren"
        assert "another command" not in answer.text
        assert phone.get("/healthz").status_code == 503
        assert phone.get("/").status_code == 200  # reading goes on
    assert kept("form_visitors") == []
    assert phone.send(shown, GOOD).status_code == 303


def test_a_lock_that_is_held_does_not_hold_up_reading(phone: Client, small: Store) -> None:
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with small.database.write():
            holding.set()
            done.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(5)
        assert phone.get("/records").status_code == 200
    finally:
        done.set()
        thread.join()


def test_health_says_whether_we_can_write(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (200, "writable")
    assert answer.mimetype == "application/json"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "x:80", "", "a b"])
def test_another_host_is_refused(host: str, phone: Client) -> None:
    for address in ("/", "/none", "/static/form.js", "/office/", "/colleague"):
        answer = phone.get(address, headers={"Host": host})
        assert answer.status_code == 400, address
        assert "evil" not in answer.text + str(answer.headers)


def test_addresses_come_from_the_settings_alone(
    settings: Settings, small: Store, workbooks: Any, clock: Any, pair_to: Callable[..., Client]
) -> None:
    where = replace(settings, public_url="https://veld.example.nl")
    app = create_app(where, small, workbooks, clock)
    app.test_client_class = Client
    client = app.test_client()
    cookie = pair_to("OP-01").get_cookie("__Host-phone")
    assert cookie is not None
    client.set_cookie("__Host-phone", cookie.value, domain="veld.example.nl")
    base = "https://veld.example.nl"
    token = next(
        e.get("value")
        for e in parse(client.get("/colleague", base_url=base).text).all("input")
        if e.get("name") == "csrf_token"
    )
    spoofed = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp", "Referer": base}
    answer = client.post("/colleague", base_url=base, data={"csrf_token": token}, headers=spoofed)
    assert answer.status_code == 200
    assert "https://veld.example.nl/pair" in answer.text
    assert "evil" not in answer.text
    assert client.get("/", base_url="http://localhost").status_code == 400


def test_a_header_of_a_proxy_counts_only_when_there_is_one(
    settings: Settings, small: Store, workbooks: Any, clock: Any
) -> None:
    for proxies, status in ((0, 200), (1, 400)):
        app = create_app(replace(settings, proxies=proxies), small, workbooks, clock)
        app.test_client_class = Client
        answer = app.test_client().get("/", headers={"X-Forwarded-Host": "evil.example"})
        assert answer.status_code == status


def test_pages_are_compressed_for_who_can_read_that(phone: Client) -> None:
    plain = phone.get("/")
    assert "Content-Encoding" not in plain.headers
    sent = super(Client, phone).open("/", headers={"Accept-Encoding": "gzip"})
    assert sent.headers["Content-Encoding"] == "gzip"
    assert len(sent.data) < len(plain.data) / 2
    assert "Accept-Encoding" in sent.headers["Vary"]


def test_a_static_file_is_kept_for_ever_under_its_version(client: Client) -> None:
    link = next(
        e.get("href", "")
        for e in parse(client.get("/").text).all("link")
        if "css" in e.get("href", "")
    )
    answer = client.get(link)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/fieldapp.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/fieldapp.css?v=0").headers["Cache-Control"] == "no-cache"
    again = client.get(link, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_no_way_out_of_static(client: Client) -> None:
    for name in (
        "../pyproject.toml",
        "%2e%2e/pyproject.toml",
        "..%2fpyproject.toml",
        "/etc/passwd",
    ):
        assert client.get(f"/static/{name}").status_code in {404, 308}


LOGGED = {"at", "actor", "action", "object", "method", "origin", "status", "ms"}


def test_logs_hold_no_name_token_body_or_query(
    phone: Client, client: Client, enter: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    code = enter("OP-01", "Kanarie")
    caplog.set_level(logging.DEBUG)
    cookie = phone.get_cookie("__Host-phone")
    assert cookie is not None
    phone.fill("/form/visitors?date=2026-11-19&daypart=morning&secret=Kanarie", None,
               action="/form/visitors")  # fmt: skip
    phone.get("/people")
    phone.fill("/form/person_new", {"call_name": "Kanarie-twee"})
    phone.get("/form/Kanarie")
    phone.get('/none/Kanarie\n{"action": "forged"}')
    client.fill("/pair", {"token": "KANARIE0KANARIE0KANARIE0"})
    client.fill("/office/signin", {"name": "Kanarie", "password": "Kanarie", "code": "123456"})
    lines = [record for record in caplog.records if record.name == "fieldapp"]
    assert len(lines) >= 9
    for record in lines:
        line = json.loads(record.getMessage())
        assert set(line) == LOGGED
        assert line["actor"] in {"nobody", "phone:1"}
    said = caplog.text.upper()
    for secret in ("kanarie", code, cookie.value, "secret", "2026-11-19", "123456", "forged"):
        assert secret.upper() not in said, secret


def test_a_script_asks_for_others_under_their_version(client: Client) -> None:
    """So that each module has one address, which may be kept for ever."""
    script = client.get("/static/outbox.js").text
    imported = re.findall(r'(?:from|import\() ?"\./([^"]+)"', script)
    assert {name.partition("?")[0] for name in imported} >= {"store.js", "send.js", "draft.js"}
    for name in imported:
        answer = client.get(f"/static/{name}")
        assert answer.headers["Cache-Control"].endswith("immutable"), name


def test_what_was_not_sent_can_be_seen_without_a_place(client: Client, phone: Client) -> None:
    for each in (client, phone):
        shown = each.get("/unsent")
        assert shown.status_code == 200
        assert "Deel niet-verzonden gegevens" in shown.text
        assert "unsent.js" in shown.text
