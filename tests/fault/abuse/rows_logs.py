"""Rows 67 to 69: too many visits at once, pages that stay behind, and words put into the log."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MethodType, SimpleNamespace
from typing import Any

from flask import Flask, Response, request

from fieldapp.ask.answer import check
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.report import completeness
from fieldapp.web import log
from fieldapp.web.surroundings import Surroundings
from tests.fault.access.house import House, Off, Row, switched
from tests.fault.invariants import CANARY, look
from tests.page import parse, words
from tests.web.outboxes import SUBMISSIONS, identity, record
from tests.web.outboxes import knock as knock_at

# --- 67 -----------------------------------------------------------------------------------------


def flagged(house: House) -> str:
    """67: 520 visits within a minute, and a day to come: kept, and flagged for the office."""
    parts = ("morning", "afternoon", "evening")
    kept = []
    for number in range(26):
        day = (house.clock().date() - dt.timedelta(days=number // 3 + 1)).isoformat()
        answers = {"date": day, "daypart": parts[number % 3], "visitors": "20"}
        sent = record(answers=answers, instanceID=identity(number + 1))
        answer = knock_at(house.phone, sent, SUBMISSIONS)
        assert answer.status_code == 201
        kept.append(sent["instanceID"])
        house.clock.forward(seconds=2)
    kept.append(_ahead(house))
    stored = {row["_id"] for row in house.kept("form_visitors", _state="current")}
    assert stored >= set(kept)
    said = words(next(parse(house.office.get("/office/flags?month=2026-11").text).all("main")))
    assert "Veel bezoekers in één minuut" in said
    assert "Deze dag was er nog niet toen dit werd ingevuld." in said
    assert look(house.store, house.settings.data, kept).nothing
    return f"{len(kept)} records, {len(stored)} kept, 2 flags"


def _ahead(house: House) -> str:
    """A record of tomorrow, as by a phone whose clock is ahead; gives its id."""
    now, row = house.clock(), str(uuid.uuid4())
    day = (now.date() + dt.timedelta(days=1)).isoformat()
    form, raw = house.forms["visitors"], {"date": [day], "daypart": ["morning"], "visitors": ["3"]}
    with house.store.write("test", now) as write:
        (place,) = completeness.places(write.connection, "OP-01")
        here = Surroundings(house.store, write.connection, place, now + dt.timedelta(days=2))
        answer = check(form, raw, here.context(form))
        rows.add(house.store, write, form, answer, row, Origin("OP-01"))
    return row


# --- 68 -----------------------------------------------------------------------------------------

KEPT = {"static.file", "offline.script", "offline.manifest", "hours.calendar", "pages.dates"}
"""What holds nothing of anybody, and may be kept by whoever got it."""


def not_kept(house: House) -> str:
    """68: no answer may be kept by a browser; after signing out none comes again."""
    asked, shown = 0, []
    for client in (house.guest(), house.phone, house.office):
        for rule in house.rules("GET"):
            address = house.nearest(rule)
            answer = client.get(address)
            asked += 1
            if rule.endpoint in KEPT:
                continue
            assert answer.headers["Cache-Control"] == "no-store", address
            assert not {"ETag", "Last-Modified", "Expires"} & {*answer.headers.keys()}, address
            if client is house.office and answer.status_code == 200:
                shown.append(address)
    cookies = house.office.get_cookie("__Host-office")
    assert cookies
    assert house.office.fill("/office/", action="/office/signout").status_code == 303
    house.office.set_cookie("__Host-office", cookies.value, secure=True)
    inside = [address for address in shown if address.startswith("/office/")]
    for address in inside:
        if address != "/office/signin":
            answer = house.office.get(address, headers={"If-None-Match": "*"})
            assert answer.status_code in {303, 401}, address
            asked += 1
    assert len(inside) > 20
    return f"{asked} answers"


def _kept_for_a_while(house: House) -> None:
    def keep(response: Response) -> Response:
        response.headers["Cache-Control"] = "private, max-age=600"
        return response

    house.app.after_request(keep)


# --- 69 -----------------------------------------------------------------------------------------

LINE = {"at", "actor", "action", "object", "method", "origin", "status", "ms"}
FAILED = {"at", "actor", "action", "object", "error", "where"}
OTHERS = {"at", "actor", "action", "level", "where"}
FORGED = json.dumps({"at": "2026-01-01T00:00:00Z", "actor": "account:1", "action": CANARY})
INJECTED = (
    f"x\r\n{FORGED}",
    f"x\n{FORGED}\n",
    f'", "actor": "account:1", "{CANARY}": "',
    f"\x1b[2J\x1b[31m{CANARY}",
    f"\u2028{CANARY}\u0085\x0b\x0c",
    f"{CANARY}%0d%0a{CANARY}",
    "\x00\x08\x7f\ufeff\u202e",
)


def one_line_each(house: House) -> str:
    """69: each request is one line of JSON, whatever was in it, and tells none of it."""
    house.app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(text: str) -> str:
        raise ValueError(f"{CANARY}\n{text}")

    house.app.add_url_rule("/fail/<text>", view_func=fail, endpoint="fail")
    code = house.enter("OP-01", CANARY)
    phone, token = house.phone, house.phone.token("/")
    cookie = phone.get_cookie("__Host-phone")
    assert cookie
    with _lines() as written:
        asked = failed = 0
        for text in INJECTED:
            headers = {"User-Agent": text, "Referer": text, "X-Forwarded-For": text, "Accept": text}
            headers |= {"X-Request-Id": text, "Accept-Language": text}
            sent = {name: value.replace("\r", "").replace("\n", "") for name, value in
                    headers.items()}  # fmt: skip
            for address in ("/form/visitors", "/none/x", f"/P/{code}", "/fail/x", "/q/x"):
                path = f"{address}{text}" if address[-1] == "x" else address
                got = phone.get(path, query_string={"q": text}, environ_overrides=_raw(headers))
                failed += got.status_code >= 500
                phone.post(path, data={"csrf_token": token, "worked": text}, headers=sent)
                asked += 2
        logging.getLogger("waitress").warning(f"Client disconnected while serving /P/{code}")
    lines = written.getvalue().removesuffix("\n").split("\n")
    assert len(lines) == asked + failed + 1
    for line in lines:
        assert line.isascii() and line.isprintable(), line
        assert line.startswith("{") and line.endswith("}"), line
        told = json.loads(line)
        assert {*told} in (LINE, FAILED, OTHERS), line
        assert told["actor"] in {"phone:1", "nobody", "system"}, line
    secrets = (CANARY, code, token, cookie.value, "2026-01-01", "account:1")
    assert look(house.store, house.settings.data, logs=lines, canaries=secrets).nothing
    return f"{asked} requests, {len(lines)} lines"


def _raw(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers as no server would let them through."""
    return {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}


@contextmanager
def _lines() -> Iterator[io.StringIO]:
    """The log as `serve` writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(log.Lines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _plainly(line: Mapping[str, object]) -> str:
    return " ".join(f"{value}" for value in line.values())


def _whole_address() -> str:
    return request.full_path


def _as_flask_does(house: House) -> None:
    house.app.log_exception = MethodType(Flask.log_exception, house.app)  # type: ignore[method-assign]


def _anything(*given: Any) -> Any:
    return iter(())


ROWS = (
    Row(
        "67",
        "500 visits in a minute, and days to come",
        flagged,
        [
            Off("the flag for many at once", switched("fieldapp.report.flags.AT_ONCE", 10**9)),
            Off("the flag for days to come", switched("fieldapp.report.flags._futures", _anything)),
        ],
    ),
    Row(
        "68",
        "a cached page after signing out",
        not_kept,
        [
            Off("no-store on every answer", _kept_for_a_while),
            Off("the end of the session", switched(
                "fieldapp.keep.account.sign_out", lambda write, token: None)),
        ],
    ),
    Row(
        "69",
        "CR and LF, control characters and JSON in paths, headers and bodies of a log",
        one_line_each,
        [
            Off("lines are JSON", switched(
                "fieldapp.web.log.json", SimpleNamespace(dumps=_plainly))),
            Off("no address is told", switched("fieldapp.web.log._object", _whole_address)),
            Off("a failure is told without its words", _as_flask_does),
            Off("others tell only where", switched(
                "fieldapp.web.log.Lines.format", logging.Formatter.format)),
        ],
    ),
)  # fmt: skip
