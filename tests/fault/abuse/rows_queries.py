"""Row 62: SQL in every field, sort, filter and part of an address, on every route."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fieldapp.keep import staff
from fieldapp.report import completeness
from tests.fault.access.house import House, Off, Row, names, new_id
from tests.fault.invariants import look
from tests.web.test_scope import FILLERS, filled

QUERIES = (
    "' OR '1'='1",
    "OP-01' AND 1=randomblob(900000000) --",
    "'; DROP TABLE people; --",
    '" UNION SELECT secret FROM account --',
    "1); DELETE FROM journal; --",
    "] = 1; PRAGMA user_version=0; [",
    "name` DESC, (SELECT 1/0) `",
    "CASE WHEN 1=1 THEN '' ELSE \"x",
)
"""Each has a quote or a bracket too many: in a statement it cannot go unnoticed."""
OWN = {"signin.signout", "phone.language"}


def without_effect(house: House) -> str:
    """62: nothing that is asked so fails, tells more, or changes anything."""
    house.app.config["PROPAGATE_EXCEPTIONS"] = False  # a failure is an answer, to be seen
    asked, known = 0, names()
    assert house.other.code
    before = _stands(house)
    homes = ((house.phone, "/"), (house.office, "/office/"))
    for client, home in homes:
        token = client.token(home)
        for rule in sorted(house.app.url_map.iter_rules(), key=str):
            if rule.endpoint in OWN:
                continue
            for nth, sent in enumerate(QUERIES):
                address, given = _address(house, rule, sent), dict.fromkeys(known, sent)
                for method in sorted({"GET", "POST"} & (rule.methods or set())):
                    if nth > 2 and method == "GET" and not _varies(rule.rule):
                        continue
                    answer = _ask(client, method, address, given, token)
                    assert answer.status_code < 500, (method, rule.rule, sent)
                    asked += 1
    assert _stands(house) == before
    assert look(house.store, house.settings.data).nothing
    return f"{asked} requests, {len(known)} names each"


def _ask(client: Any, method: str, address: str, given: Mapping[str, str], token: str) -> Any:
    if method == "GET":
        return client.get(f"{address}?{urlencode(given)}")
    return client.post(address, data={**given, "csrf_token": token, "instanceID": new_id()})


def _address(house: House, rule: Any, sent: str) -> str:
    """An address with SQL in each part that takes any text."""
    texts = {
        name
        for name in rule.arguments
        if type(rule._converters[name]).__name__ in {"UnicodeConverter", "PathConverter"}
    }
    values = {name: FILLERS[name](house.other, house.forms)[0] for name in rule.arguments}
    return filled(rule.rule, values | dict.fromkeys(texts, quote(sent, safe="")))


def _varies(rule: str) -> bool:
    """Whether a page has filters: those are asked with everything."""
    return rule.startswith("/office") or rule in {"/month", "/tally", "/records", "/week"}


def _stands(house: House) -> Sequence[object]:
    """The tables, and how many rows each has, but for what counts tries and downloads."""
    with house.store.read() as connection:
        tables = [
            tuple(row)
            for row in connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name")
        ]
        counted = [
            (form, connection.execute(f"SELECT count(*) FROM [form_{form}]").fetchone()[0])
            for form in house.forms
        ]
        people = connection.execute("SELECT count(*) FROM people").fetchone()[0]
    return [tables, counted, people]


def _spliced(
    connection: sqlite3.Connection, code: str | None = None
) -> Sequence[completeness.Place]:
    """The places, looked up with a text that was typed in the statement."""
    if code:
        connection.execute(f"SELECT name FROM list_places WHERE name = '{code}'").fetchall()
    return _places(connection, code)


def _taken(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a name is taken, looked up in the same way."""
    return bool(connection.execute(f"SELECT 1 FROM account WHERE name = '{name}'").fetchone())


_places = completeness.places

ROWS = (
    Row(
        "62",
        "SQL in every field, sort, filter and part of an address of every route",
        without_effect,
        [
            Off("parameters in a filter", lambda house: house.patch.setattr(
                completeness, "places", _spliced)),
            Off("parameters in a field", lambda house: house.patch.setattr(
                staff, "is_taken", _taken)),
        ],
    ),
)  # fmt: skip
