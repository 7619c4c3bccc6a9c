"""Each protection of the pages switched off: what the other tests look at then goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from fieldapp.ask import reading
from fieldapp.keep import attempt
from fieldapp.keep.attempt import FREE_TRIES
from fieldapp.keep.phone import ON_LETTER, make_pairing
from fieldapp.keep.store import Store
from fieldapp.web import asking, phone, signin
from tests.page import Client

GOOD = {"daypart": "morning", "visitors": "24"}


def test_without_tokens_a_strange_page_could_post(app: Flask, phone: Client, kept: Any) -> None:
    shown = phone.get("/form/visitors")
    own = GOOD | {"csrf_token": "x"}
    assert phone.send(shown, own).status_code == 422
    assert kept("form_visitors") == []
    app.config["WTF_CSRF_ENABLED"] = False
    assert phone.send(shown, own).status_code == 303
    assert len(kept("form_visitors")) == 1


def test_without_trusted_hosts_any_name_would_do(app: Flask, client: Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    app.config["TRUSTED_HOSTS"] = None
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 200


def test_without_a_limit_a_million_bytes_would_be_read(app: Flask, phone: Client) -> None:
    assert phone.post("/form/visitors", data={"visitors": "x" * 1_000_000}).status_code == 413
    app.config.update(MAX_CONTENT_LENGTH=None, MAX_FORM_MEMORY_SIZE=None)
    assert phone.post("/form/visitors", data={"visitors": "x" * 1_000_000}).status_code == 422


@pytest.mark.parametrize(("module", "address"), [(signin, "/office/signin"), (phone, "/switch")])
def test_without_own_path_one_would_be_sent_away(
    module: Any, address: str, office: Client, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask() -> Any:
        if address == "/switch":
            given = {"csrf_token": phone.token(), "place": "OP-01", "next": "//evil.example"}
            return phone.post(address, data=given)
        return office.get(address, query_string={"next": "//evil.example"})

    assert "evil" not in ask().location
    monkeypatch.setattr(module, "own_path", lambda target, default: target)
    assert "evil" in ask().location


def test_without_waiting_one_could_guess_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"csrf_token": client.token("/pair"), "token": "0" * 24}
    seen = [client.post("/pair", data=given).status_code for _ in range(FREE_TRIES + 1)]
    assert seen[-1] == 429
    monkeypatch.setattr(attempt, "wait", lambda connection, scope, now: 0)
    assert client.post("/pair", data=given).status_code == 422


def test_with_an_id_of_its_own_a_double_tap_would_be_two(
    phone: Client, kept: Any, small: Store, clock: Any
) -> None:
    shown = phone.get("/form/visitors")
    assert phone.send(shown, GOOD).status_code == phone.send(shown, GOOD).status_code == 303
    assert len(kept("form_visitors")) == 1
    other = phone.send(shown, GOOD | {"instanceID": "6a3f6d0e-9b7e-4c55-8f2b-3d1c5b1a7e10"})
    assert other.status_code == 303
    assert len(kept("form_visitors")) == 2


def test_without_the_filter_on_what_is_read_a_nul_would_be_kept(
    phone: Client, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"role": "volunteer", "known_elsewhere": "no", "call_name": "Bo\x00", "informed": "OK"}
    assert phone.fill("/form/person_new", given).status_code == 422
    monkeypatch.setattr(reading, "_clean", lambda text: text)
    assert phone.fill("/form/person_new", given).status_code == 303


def test_without_the_edits_a_late_change_would_win(
    phone: Client, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = phone.fill("/form/visitors", GOOD).location.removesuffix("/saved")
    shown = phone.get(address)
    phone.fill(address, {"visitors": "30"})
    assert phone.send(shown, {"visitors": "26"}).status_code == 409
    assert kept("form_visitors")[0]["visitors"] == 30
    change = asking.rows.change

    def careless(store: Any, write: Any, form: Any, answer: Any, row: str, *rest: Any) -> Any:
        return change(store, write, form, answer, row, kept("form_visitors")[0]["_edits"], rest[1])

    monkeypatch.setattr(asking.rows, "change", careless)
    assert phone.send(shown, {"visitors": "26"}).status_code == 303


def test_of_twenty_pairings_at_once_one_succeeds(
    page: Callable[[], Client], small: Store, clock: Any, kept: Any
) -> None:
    with small.write("test", clock()) as write:
        token = make_pairing(write, "OP-01", ON_LETTER)[0]
    clients = [page() for _ in range(20)]
    tokens = [client.token("/pair") for client in clients]
    start = threading.Barrier(len(clients))
    answers: list[int] = []

    def pair(client: Client, csrf: str) -> None:
        start.wait(10)
        given = {"csrf_token": csrf, "token": token, "name": "Ria", "confirm": "yes"}
        answers.append(client.post("/pair", data=given).status_code)

    pairs = zip(clients, tokens, strict=True)
    threads = [threading.Thread(target=pair, args=each) for each in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 20
    assert answers.count(303) == 1
    assert len(kept("phone")) == 1
