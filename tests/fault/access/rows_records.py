"""Rows 41 to 45: what no record may be, and whose it may not be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from tests.fault.access.house import House, names, new_id
from tests.fault.invariants import look
from tests.web import test_scope as scope
from tests.web.outboxes import MORNING, OURS, TODAY, identity
from tests.web.outboxes import send as send_outbox

REFUSED = {400, 401, 403, 404, 409, 413, 415, 422, 429}
FORM = "application/x-www-form-urlencoded"
NASTY: Mapping[str, str] = {  # as it goes over the line
    "of nobody": "7c1d3f0e-0000-4000-8000-00000000dead",
    "of another type": "geen-getal-%7B%7D",
    "2^63": str(2**63),
    "far more": "9" * 400,
    "negative": "-1",
    "NUL": "a%00b",
    "half a surrogate": "a%ED%A0%80b",
    "no UTF-8": "%FF%FE",
    "empty": "",
}
OWN = {"pairing.colleague", "signin.signout", "phone.language"}
"""What takes no answer that could be wrong: it does what it does."""
ACTS = ("/withdraw", "/revoke", "/undo", "/restore", "/reopen")
"""How the addresses end that say all by themselves: the rest of what is sent does not count."""


def nothing_strange(house: House) -> str:
    """41: nothing strange in any field, query or path of any route; no row, and no failure."""
    house.app.config["PROPAGATE_EXCEPTIONS"] = False  # a failure is an answer, to be seen
    house.begin()
    asked = _forms(house) + _posts(house) + _addresses(house) + _outbox(house)
    found = look(house.store, house.settings.data)
    assert found.nothing
    return f"{asked} requests"


def _forms(house: House) -> int:
    """Every form with the same nonsense in all its fields."""
    before, asked = house.changes(), 0
    for client, door in ((house.phone, "/form"), (house.office, "/office/form")):
        token = client.token("/" if client is house.phone else "/office/")
        for form in house.forms.values():
            for what, sent in NASTY.items():
                fields = "&".join(f"{name}={sent}" for name in form.questions)
                own = urlencode({"csrf_token": token, "instanceID": new_id()})
                answer = client.post(
                    f"{door}/{form.form_id}", data=f"{own}&{fields}", content_type=FORM
                )
                assert answer.status_code in {404, 422}, (door, form.form_id, what)
                asked += 1
        big = client.post(f"{door}/visitors", data={"visitors": "x" * 1_000_000})
        assert big.status_code == (413 if client is house.phone else 404), door
    assert house.changes() == before
    return asked


def _posts(house: House) -> int:
    """Every POST with the same nonsense under every name that any page uses."""
    known, asked = names(), 0
    for client, home in ((house.phone, "/"), (house.office, "/office/")):
        token = client.token(home)
        for rule in house.rules("POST"):
            if rule.endpoint in OWN:
                continue
            before = house.changes()
            for what, sent in NASTY.items():
                fields = "&".join(f"{name}={sent}" for name in known)
                answer = client.post(
                    house.nearest(rule), data=f"csrf_token={token}&{fields}", content_type=FORM
                )
                assert answer.status_code < 500, (rule.rule, what)
                asked += 1
            if "number" in rule.arguments:  # more than the database can hold
                values = {each: _first(house, each) for each in rule.arguments}
                address = scope.filled(rule.rule, values | {"number": str(2**63)})
                answer = client.post(address, data={"csrf_token": token, "outcome": "same"})
                assert answer.status_code < 500, address
            large = client.post(house.nearest(rule), data=b"x" * 3_000_000, content_type=FORM)
            assert large.status_code in REFUSED, (rule.rule, large.status_code)
            assert rule.rule.endswith(ACTS) or house.changes() == before, rule.rule
    return asked


def _addresses(house: House) -> int:
    """Every GET with the same nonsense in its query, and in each part of its path."""
    known, asked = names(), 0
    for client in (house.phone, house.office):
        for rule in house.rules("GET"):
            whole = house.nearest(rule)
            for what, sent in NASTY.items():
                query = "&".join(f"{name}={sent}" for name in known)
                answer = client.get(whole, query_string=query)
                assert answer.status_code < 500, (rule.rule, what)
                asked += 1
                for name in rule.arguments if sent else ():
                    values = {each: _first(house, each) for each in rule.arguments} | {name: sent}
                    answer = client.get(scope.filled(rule.rule, values))
                    assert answer.status_code < 500, (rule.rule, name, what)
                    asked += 1
    return asked


def _first(house: House, name: str) -> str:
    return scope.FILLERS[name](house.other, house.forms)[0]


def _outbox(house: House) -> int:
    """What a page cannot send, an outbox could."""
    before, asked = house.changes(), 0
    for value in _values():
        for wrong in (
            {"answers": MORNING | {"visitors": value}},
            {"answers": value}, {"form": value}, {"version": value}, {"place": value},
            {"instanceID": value}, {"changes": value}, {"changes": {"id": value, "edits": value}},
            {"sure": value}, {"number": value}, {"outbox": value}, {"made_at": value},
        ):  # fmt: skip
            if wrong in ({"version": ""}, {"sure": []}):  # these are right
                continue
            answer = send_outbox(house.phone, **wrong)
            assert answer.status_code in REFUSED, (answer.status_code, list(wrong))
            if answer.status_code == 429:
                house.clock.forward(minutes=10)
            asked += 1
        for path in ("/api/contact", "/api/trouble"):
            body = json.dumps({"outbox": value, "what": value, "waiting": value})
            answer = house.phone.post(
                path, data=body, headers=OURS, content_type="application/json"
            )
            assert answer.status_code in REFUSED, (path, answer.status_code)
            asked += 1
    assert house.changes() == before
    return asked


def _values() -> Iterator[Any]:
    yield from ("x\x00", "\ud800", "9" * 30, "x" * 20_000, "")
    yield from (2**63, -(2**63), 10**400, 0.5, True, [], {}, [[]], {"a": {}})


def other_payload(house: House) -> None:
    """42: other answers under a known id are refused and set aside; what stands, stands."""
    shown = house.phone.get("/form/visitors")
    first = house.phone.send(shown, {"daypart": "morning", "visitors": "24"})
    second = house.phone.send(shown, {"daypart": "morning", "visitors": "42"})
    assert (first.status_code, second.status_code) == (303, 409)
    assert send_outbox(house.phone).status_code == 201
    other = send_outbox(house.phone, answers=MORNING | {"visitors": "42"})
    assert other.status_code == 409
    assert {row["visitors"] for row in house.kept("form_visitors")} == {24}
    assert len(house.kept("conflict")) == 2
    assert look(house.store, house.settings.data).nothing


def other_place(house: House) -> None:
    """43: another place gets no record, and learns nothing, with the id of one of ours."""
    assert send_outbox(house.phone).status_code == 201
    theirs = house.pair_to("OP-02", name="Bo")
    before = house.kept("form_visitors")
    for answers in (MORNING, MORNING | {"visitors": "99"}):
        outbox = send_outbox(theirs, place="OP-02", answers=answers)
        page = theirs.fill("/form/visitors", {**answers, "instanceID": identity()})
        for answer in (outbox, page):
            assert answer.status_code in {404, 409, 422}
            assert identity() not in answer.text.replace(f'value="{identity()}"', "")
            assert not {"now", "edits", "url"} & set(answer.json or {})
    changes = {"id": identity(), "edits": 0}
    changed = send_outbox(theirs, place="OP-02", instanceID=identity(2), changes=changes)
    assert changed.status_code == 404
    assert theirs.get(f"/form/visitors/{identity()}").status_code == 404
    assert house.kept("form_visitors") == before
    assert look(house.store, house.settings.data).nothing


def every_route(house: House) -> str:
    """44: no route gives or changes what is of another place, whatever its ids."""
    phone, asked = house.pair_to("OP-02", name="Bo"), 0
    other, token = house.other, phone.token()
    tables = [f"form_{form}" for form in house.forms]
    before = {table: house.kept(table, _place="OP-01") for table in tables}
    for rule, method, address in scope.tried(house.app, other, house.forms):
        answer = scope.ask(phone, method, address, token, other)
        assert answer.status_code < 500, address
        assert scope.private(answer, other) == [], f"{method} {address}"
        if {"row", "number"} & rule.arguments:
            assert answer.status_code in {303, 401, 403, 404}, f"{method} {address}"
        asked += 1
    assert {table: house.kept(table, _place="OP-01") for table in tables} == before
    return f"{asked} requests"


SMUGGLED = {
    "place": "OP-02", "_place": "OP-02", "role": "office", "status": "current", "_id": "x",
    "_state": "current", "_phone": "99", "_account": "1", "_edits": "7", "_version": "x",
    "_received_at": "2020-01-01", "account": "1", "totp": "x", "revoked_at": "", "passed": "OK",
}  # fmt: skip


def smuggled(house: House) -> None:
    """45: what the server says of a record, a phone or an account, nobody can send along."""
    given = {"date": TODAY, "daypart": "morning", "visitors": "24"}
    assert house.phone.fill("/form/visitors", given | SMUGGLED).status_code == 303
    row = house.kept("form_visitors")[-1]
    assert (row["_place"], row["_state"], row["_edits"]) == ("OP-01", "current", 0)
    assert (row["_phone"], row["_account"], row["_received_at"][:4]) == (1, None, "2026")
    for name in SMUGGLED.keys() - {"place"}:
        assert send_outbox(house.phone, **{name: SMUGGLED[name]}).status_code == 422, name
        inside = send_outbox(house.phone, answers=MORNING | {name: SMUGGLED[name]})
        assert inside.status_code == 422, name
        house.clock.forward(seconds=30)
    assert send_outbox(house.phone, place="OP-02").status_code == 403
    reader = house.sign_in(house.hire("lezer", "reader"))
    new = "kersen-fiets-wolk"
    own = {"own": "appel-molen-5-regen", "password": new, "again": new}
    assert reader.fill("/office/password", own | SMUGGLED).status_code == 303
    assert [each["role"] for each in house.kept("account")] == ["reader"]
    assert len(house.kept("form_visitors")) == 1
