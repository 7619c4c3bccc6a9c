"""Every address takes whatever is sent: no 500, nothing of our insides, nothing kept by half."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store
from tests.conftest import MOMENT, Clerk, Clock
from tests.fault.invariants import look
from tests.fault.table import Record, Trial, told
from tests.fuzz.doors import Door, asked_names, doors, filled, nobody, parts
from tests.fuzz.how import SMALL, TEXTS, many, tries
from tests.page import Client
from tests.web.outboxes import OURS

TODAY = MOMENT.date().isoformat()
OPEN = {"date": TODAY, "open": "yes", "open_from": "09:00", "open_until": "17:00"}
ROW = "fuzz A"
WHAT = "random fields, types, bodies, queries and parts of addresses on every route"
_INSIDES = ("Traceback", "sqlite3", "werkzeug", "jinja2", "SELECT ", "fieldapp/")
_ENDS = {"signin.signout", "office.revoke", "accounts.role", "accounts.close", "accounts.password"}
"""After these who asked may no longer be signed in or paired."""


@dataclass
class Site:
    """The small world with something in it, and those who come to its doors."""

    app: Flask
    store: Store
    known: Mapping[str, Sequence[str]]
    makers: Mapping[str, Callable[[], Client]]
    doors: Sequence[Door] = ()
    clients: dict[str, tuple[Client, str]] = field(default_factory=dict)

    def client(self, who: str) -> tuple[Client, str]:
        """Somebody, with a token that lets him post."""
        if who not in self.clients:
            made = self.makers[who]()
            page = {"phone": "/", "office": "/office/", "reader": "/office/"}.get(who, "/pair")
            self.clients[who] = made, made.token(page)
        return self.clients[who]

    def counted(self) -> tuple[int, int]:
        """How many rows answers have, and how many lines the journal."""
        tables = [f"SELECT count(*) AS n FROM [form_{name}]" for name in self.store.forms]
        with self.store.read() as connection:
            rows = connection.execute(f"SELECT sum(n) FROM ({' UNION ALL '.join(tables)})")
            lines = connection.execute("SELECT count(*) FROM journal")
            return int(rows.fetchone()[0]), int(lines.fetchone()[0])


@pytest.fixture
def site(
    app: Flask,
    small: Store,
    clock: Clock,
    send: Any,
    enter: Callable[..., str],
    kept: Any,
    page: Callable[[], Client],
    pair_to: Callable[..., Client],
    hire: Callable[..., Clerk],
    sign_in: Callable[[Clerk], Client],
    forms: Mapping[str, Form],
) -> Site:
    """The site with records of a place, a person, phones and accounts."""
    code = enter("OP-01", "Samira")
    send("OP-01", "opening", OPEN)
    send("OP-01", "visitors", {"date": TODAY, "daypart": "morning", "visitors": "24"})
    send("OP-01", "visitors", {"date": TODAY, "daypart": "morning", "visitors": "25"})
    send("OP-01", "volunteer_hours", {"date": TODAY, "who": code, "hours": "3"})

    def signed(role: str) -> Callable[[], Client]:
        def made() -> Client:
            clock.forward(seconds=31)  # a one-time code is good once
            return sign_in(hire(f"{role}-{uuid.uuid4().hex[:6]}", role))

        return made

    rows = [found[-1]["_id"] for form in forms if (found := kept(f"form_{form}"))]
    known = {
        "form_id": ["visitors", "person_new", "opening", "volunteer_hours", "place", "schedule"],
        "row": [*rows, nobody()],
        "upload": [nobody()],
        "code": [code, "ZZZZZZZZ"],
        "place_code": ["OP-01"],
        "week": ["2026-W47"],
        "year": ["2026"],
        "month": ["2026-10"],
        "over": ["2026-10", "2026"],
        "number": ["1"],
        "workbook": ["monthly", "records"],
        "name": ["initiatives", "form.js"],
        "result": ["4-1.1.1.g"],
    }
    makers = {
        "nobody": page,
        "phone": lambda: pair_to("OP-01", "OP-02"),
        "office": signed("office"),
        "reader": signed("reader"),
    }
    made = Site(app, small, known, makers)
    visited = [made.client("phone")[0], made.client("office")[0]]
    made.doors = doors(app, visited, known)
    return made


# --- what is sent -------------------------------------------------------------------------------

SINGLE = st.one_of(TEXTS, st.binary(max_size=8).map(lambda data: data.decode("utf-8", "replace")))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SMALL, inner, max_size=3),
    max_leaves=8,
)
KINDS = ("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x",
         "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7",
         "", "x")  # fmt: skip


@st.composite
def requests(draw: st.DrawFn, site: Site, method: str, names: Sequence[str]) -> dict[str, Any]:
    """One request to one of the doors: mostly as its page would send it, and something not."""
    door = draw(st.sampled_from([each for each in site.doors if each.method == method]))
    values = {
        name: draw(st.one_of(st.sampled_from(site.known[name]), _part(converter)))
        for converter, _, name in parts(door.rule)
    }
    for _, among, name in parts(door.rule):
        if among:
            values[name] = draw(st.sampled_from(among.split(", ")))
    asked: dict[str, Any] = {
        "door": door,
        "who": draw(st.sampled_from(["phone", "office", "office", "phone", "reader", "nobody"])),
        "path": filled(door.rule, values),
        "query_string": draw(st.dictionaries(st.sampled_from(names), SINGLE, max_size=3)),
    }
    form = site.store.forms.get(values.get("form_id", ""))
    own = [*door.fields, *(form.columns if form else ())]
    if method == "GET":
        asked["query_string"] |= draw(_some(own, SINGLE))
        return asked
    if door.rule.rule.startswith("/api/"):
        body = (envelopes(site.store) | JSON).map(_json) | st.binary(max_size=40)
        kind = st.sampled_from(["application/json"] * 9 + list(KINDS))
        return asked | {"data": draw(body), "content_type": draw(kind), "headers": OURS}
    if draw(st.integers(0, 9)) == 0:
        data = draw(st.one_of(st.binary(max_size=60), JSON.map(_json)))
        return asked | {"data": data, "content_type": draw(st.sampled_from(KINDS))}
    given = {name: value for name, value in door.fields.items() if name != "file"}
    given |= draw(_some([*own, *names], st.one_of(SINGLE, st.lists(SINGLE, max_size=3))))
    given["csrf_token"] = draw(st.sampled_from([True, True, True, True, True, True, "", "x"]))
    if "file" in door.fields:
        name = draw(st.sampled_from(["f.xlsx", "f.md", "f.json", "../f.xlsx", ""]) | SMALL)
        given["file"] = (draw(st.binary(max_size=60) | JSON.map(_json)), name)
    return asked | {"data": given}


def _part(converter: str) -> st.SearchStrategy[str]:
    if converter == "int":
        return st.sampled_from(["0", "1", "99", str(2**63), "9" * 30, "9" * 4_301])
    if converter == "uuid":
        return st.uuids().map(str)
    return TEXTS.filter(lambda text: text not in ("", ".", ".."))


def _some(names: Sequence[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    if not names:
        return st.just({})
    return st.dictionaries(st.sampled_from(sorted(set(names))), values, max_size=4)


def envelopes(store: Store) -> st.SearchStrategy[dict[str, Any]]:
    """Records as an outbox sends them, each part of them right or anything."""
    right = _record_sent()
    names = sorted({name for form in store.forms.values() for name in form.columns})
    answers = st.dictionaries(st.sampled_from(names) | SMALL, JSON, max_size=4)
    parts = {name: st.just(value) for name, value in right.items()}
    parts |= {"form": st.sampled_from([*store.forms, "week"]), "answers": answers}
    parts |= {
        "instanceID": st.uuids(version=4).map(str),
        "place": st.sampled_from(["OP-01", "IE-01"]),
    }
    odd = dict.fromkeys((*parts, "changes", "sure", "number", "made_at", "unsent"), JSON)
    more = {"outbox": st.uuids().map(str), "made_at": TEXTS, "sent_at": TEXTS}
    whole = st.fixed_dictionaries(parts, optional=more)
    return st.one_of(
        st.just(right),
        whole,
        st.tuples(whole, st.fixed_dictionaries({}, optional=odd)).map(lambda two: two[0] | two[1]),
    )


def _record_sent() -> dict[str, Any]:
    return {"form": "visitors", "version": "", "place": "OP-01", "instanceID": str(uuid.uuid4()),
            "answers": {"date": TODAY, "daypart": "morning", "visitors": "24"}}  # fmt: skip


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


# --- what becomes of it -------------------------------------------------------------------------


def asked(site: Site, case: Mapping[str, Any]) -> TestResponse:
    """The answer to a request; the client looks at its page and headers."""
    given = dict(case)
    door, who = given.pop("door"), given.pop("who")
    client, token = site.client(who)
    data = given.get("data")
    if isinstance(data, dict):
        if data["csrf_token"] is True:
            data = data | {"csrf_token": token}
        if "file" in data:
            content, name = data["file"]
            data = data | {"file": (io.BytesIO(content), name)}
        given["data"] = data
    answer = client.open(given.pop("path"), method=door.method, **given)
    if door.rule.endpoint in _ENDS:
        site.clients.pop(who)
    return answer


def looked_at(site: Site, case: Mapping[str, Any]) -> None:
    """Asks, and holds what comes of it against what must hold always."""
    rows, lines = site.counted()
    answer = asked(site, case)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        shown = answer.text
        assert [each for each in _INSIDES if each in shown] == []
    more_rows, more_lines = site.counted()
    assert more_lines >= lines
    assert more_lines > lines or more_rows == rows
    if answer.status_code >= 400 or case["door"].method == "GET":
        assert more_rows == rows


@many(50, 6_000)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_request_breaks_anything(
    method: str, cases: int, site: Site, record_property: Record
) -> None:
    told(record_property, Trial(ROW, WHAT, of=len(OFF)))
    tries(cases, requests(site, method, asked_names()), lambda case: looked_at(site, case))
    assert look(site.store, site.store.database.path.parent).nothing
    assert site.client("phone")[0].get("/records").status_code == 200
    assert site.client("office")[0].get("/office/records").status_code == 200


OFF: Mapping[str, tuple[str, object]] = {
    "a line in the journal for each row": ("fieldapp.keep.store.Write.note", lambda *_: None),
    "pages read no JSON": (
        "fieldapp.web.fields._Sent.Meta.wrap_formdata",
        FlaskForm.Meta.wrap_formdata,
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("off", OFF)
def test_without_a_protection_it_turns_red(
    off: str, site: Site, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(record_property, Trial(ROW, WHAT, off, len(OFF)))
    posts = {door.rule.rule: door for door in site.doors if door.method == "POST"}
    door, proof = posts["/form/<form_id>"], posts["/office/people/proof"]
    given = {"date": TODAY, "daypart": "evening", "visitors": "3"}
    given |= {"instanceID": nobody(), "csrf_token": True}
    cases = (
        {"door": door, "who": "phone", "path": "/form/visitors", "data": given},
        {"door": proof, "who": "office", "path": "/office/people/proof", "data": b"0.0"}
        | {"content_type": "application/json"},
    )
    for case in cases:
        site.client(str(case["who"]))
    name, other = OFF[off]
    monkeypatch.setattr(name, other)
    with pytest.raises((AssertionError, TypeError)):
        for case in cases:
            looked_at(site, case)
