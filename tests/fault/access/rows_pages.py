"""Rows 55 to 59: what another site, another host or another's words can do with our pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from flask import request
from flask_wtf import csrf
from werkzeug.routing import Rule

from fieldapp.web.access import current_phone
from fieldapp.web.app import create_app
from tests.fault.access.house import House, names
from tests.page import HEADERS, Client, parse
from tests.web.test_scope import FILLERS, filled

EVIL = "evil.example"
WAYS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
UPLOADED = {"form_admin.put_in_force", "importing.look"}
"""What is about a file that was brought: tests/web has one, and tries it without a token."""
KEPT = {"static.file", "offline.script", "offline.manifest", "pages.dates", "hours.calendar"}
"""What a browser may keep: the same for everybody, and of nobody."""


def _everybody(house: House) -> Iterator[tuple[str, Client, str]]:
    for who, client, home in (
        ("guest", house.guest(), "/pair"),
        ("phone", house.phone, "/"),
        ("office", house.office, "/office/"),
    ):
        yield who, client, client.token(home)


def across(house: House) -> str:
    """55: no other site makes a browser of ours do anything, by form, by fetch or as text."""
    asked, real = set(), csrf.validate_csrf

    def looked(*given: Any, **more: Any) -> None:
        asked.add(request.endpoint)
        real(*given, **more)

    house.patch.setattr(csrf, "validate_csrf", looked)
    theirs = house.pair_to("OP-02", name="Bo").token()  # a token, but of another browser
    house.begin()
    before = house.changes(), house.kept("session"), house.kept("phone"), house.kept("pairing")
    away = {
        "Origin": f"https://{EVIL}",
        "Referer": f"https://{EVIL}/",
        "Sec-Fetch-Site": "cross-site",
    }
    sent, turned = 0, set()
    for _, client, _ in _everybody(house):
        for rule in house.rules("POST"):
            address = house.nearest(rule)
            for token in ("", theirs):
                given = dict.fromkeys(names(), "x") | {"place": "OP-01", "confirm": "yes"}
                given["language"] = "en"
                answer = client.post(address, data=given | {"csrf_token": token}, headers=away)
                _refused(answer, address)
            for kind in ("text/plain", "application/json"):
                body = json.dumps({"form": "visitors", "csrf_token": ""})
                answer = client.post(address, data=body, content_type=kind, headers=away)
                _refused(answer, address)
                if answer.status_code == 403:
                    turned.add(rule.endpoint)
            sent += 4
    after = house.changes(), house.kept("session"), house.kept("phone"), house.kept("pairing")
    assert after == before
    silent = {rule.endpoint for rule in house.rules("POST")} - asked - turned - UPLOADED
    assert not silent, f"these asked for no token: {sorted(silent)}"
    return f"{sent} requests"


def _refused(answer: Any, address: str) -> None:
    assert answer.status_code < 500, address
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith("__Host-session="), address
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), address


def framed(house: House) -> str:
    """56: every answer forbids framing and strange scripts; none but files may be kept.

    The client looks for scripts, styles and handlers in each page that it gets.
    """
    asked = 0
    for _, client, token in _everybody(house):
        for rule in house.app.url_map.iter_rules():
            for method in WAYS:
                address = house.nearest(rule)
                data = {"csrf_token": token} if method == "POST" else None
                if rule.endpoint == "signin.signout":
                    data = None
                answer = client.open(address, method=method, data=data)
                assert answer.status_code < 500, (method, address)
                _carries(answer, rule.endpoint, (method, address))
                asked += 1
        for address in ("/none", "/static/none.js", "/%00", "/office/none", "/api/none", "/" * 9):
            _carries(client.get(address), "", address)
        _carries(client.get("/", headers={"Host": EVIL}), "", "another host")
    return f"{asked} requests"


def _carries(answer: Any, endpoint: str, asked: Any) -> None:
    found = {name: answer.headers.get(name) for name in HEADERS}
    assert found == HEADERS, asked
    if endpoint not in KEPT or answer.status_code >= 400:
        assert answer.headers["Cache-Control"] == "no-store", asked


SCRIPT = "</script><script>alert(1)</script>"
BACKWARDS = "\u202emoc.live\u202c"
NAMES = (f"{SCRIPT}", f'"><img src=x onerror=alert(1)>{BACKWARDS}', "{{7*7}}${7*7}'`")
RAW = ("<script>alert", "<img src=x", "</script><script>alert(1)")


def shown_as_text(house: House) -> str:
    """57: what somebody wrote is shown as text on every page, and changes no QR code."""
    codes = _codes(house)
    row = next(r["_id"] for r in house.kept("form_place") if r["code"] == "OP-01")
    renamed = house.office.fill(f"/office/form/place/{row}", {"name": NAMES[1]})
    assert renamed.status_code == 303
    for name in NAMES:
        given = {"role": "volunteer", "known_elsewhere": "no", "started": "2026-11-02"}
        more = {"call_name": name[:30], "informed": "OK"}
        assert house.phone.fill("/form/person_new", given | more).status_code == 303
    assert house.phone.fill("/form/month_report", _words(house)).status_code in {303, 422}
    pages = shown = 0
    for client in (house.phone, house.office, house.guest()):
        for rule in house.rules("GET"):
            answer = client.get(house.nearest(rule))
            if answer.mimetype not in {"text/html", "application/json", "text/calendar"}:
                continue
            pages += 1
            if answer.mimetype == "text/html":
                for raw in RAW:
                    assert raw not in answer.text, (rule.rule, raw)
                text = "".join(parse(answer.text).root.itertext())
                shown += any(each[:20] in text for each in NAMES)
    assert shown > 10
    assert _codes(house) == codes
    return f"{pages} pages, {shown} of them showed it"


def _words(house: House) -> dict[str, str]:
    form = house.forms["month_report"]
    return {name: SCRIPT for name in form.questions if "month" not in name}


def _codes(house: House) -> list[str]:
    posters = house.office.get("/office/posters?place=OP-01").text
    found = re.findall(r'<svg aria-hidden="true".*?</svg>', posters, re.S)
    assert found
    return found


def spoofed(house: House) -> str:
    """58: neither Host nor X-Forwarded-* leads anywhere else, or hides who asks."""
    asked = 0
    forwarded = {f"X-Forwarded-{name}": EVIL for name in ("Host", "Server", "Prefix", "Port")}
    forwarded |= {"Forwarded": f"host={EVIL}", "X-Original-URL": "/office/", "X-Host": EVIL}
    for _, client, token in _everybody(house):
        for rule in house.app.url_map.iter_rules():
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            if rule.endpoint == "signin.signout":
                continue
            address, data = house.nearest(rule), {"csrf_token": token, "place": "OP-01"}
            data = data if method == "POST" else {}
            for host in (EVIL, f"localhost.{EVIL}", f"localhost@{EVIL}"):
                answer = client.open(address, method=method, data=data, headers={"Host": host})
                assert answer.status_code == 400, (address, host)
                assert EVIL.encode() not in answer.data + str(answer.headers).encode(), address
            answer = client.open(address, method=method, data=data, headers=forwarded)
            assert EVIL.encode() not in answer.data + str(answer.headers).encode(), address
            asked += 4
    for proxies, status in ((0, 200), (1, 400), (2, 400)):
        settings = replace(house.settings, proxies=proxies)
        app = create_app(settings, house.store, house.workbooks, house.clock)
        origin: list[str | None] = []
        app.before_request(lambda origin=origin: origin.append(request.remote_addr))
        app.test_client_class = Client
        client = app.test_client()
        host = {"X-Forwarded-Host": ", ".join([EVIL] * max(proxies, 1))}
        assert client.get("/", headers=host).status_code == status
        origin.clear()
        for spoof in ("6.6.6.6", "7.7.7.7, 6.6.6.6"):
            via = ", ".join([spoof, *["192.0.2.1", "10.0.0.1"][:proxies]])
            client.get("/pair", headers={"X-Forwarded-For": via})
        assert origin == [["127.0.0.1"], ["192.0.2.1"], ["192.0.2.1"]][proxies] * 2
    return f"{asked} requests"


TARGETS = (
    f"//{EVIL}", f"https://{EVIL}", f"/\\{EVIL}", f"\\\\{EVIL}", f"/\t/{EVIL}", f"///{EVIL}",
    f"http:{EVIL}", "javascript:alert(1)", f"/\r\nLocation: //{EVIL}", f"/%5c{EVIL}", f" //{EVIL}",
)  # fmt: skip


def led_away(house: House) -> str:
    """59: no route leads off this site, whatever it is told or wherever one comes from."""
    sent, known = 0, names()
    for _, client, token in _everybody(house):
        for rule in house.app.url_map.iter_rules():
            if rule.endpoint == "signin.signout":
                continue
            for target in TARGETS if rule.endpoint in _LEADING else TARGETS[:1]:
                for method in sorted({"GET", "POST"} & (rule.methods or set())):
                    asked = dict.fromkeys(known, TARGETS[0]) | {"next": target, "language": "en"}
                    for query in (asked, {}):
                        answer = client.open(
                            house.nearest(rule), method=method, query_string=query,
                            data={"csrf_token": token, "place": "OP-01", **asked}
                            if method == "POST" else None,
                            headers={"Referer": f"https://{EVIL}/"},
                        )  # fmt: skip
                        _stays(answer, target)
                        sent += 1
            for start in (f"//{EVIL}", f"/\\{EVIL}", f"/%2f{EVIL}", f"//{EVIL}/%2e%2e"):
                _stays(client.get(start + house.nearest(rule)), start)
            _stays(client.get(_hostile(rule)), "path")
            sent += 5
    return f"{sent} requests"


_LEADING = {"signin.signin", "phone.switch", "phone.language", "poster.lower", "person_card.lower"}


def _hostile(rule: Rule) -> str:
    values = {name: quote(f"\\{EVIL}", safe="") for name in rule.arguments}
    assert values.keys() <= FILLERS.keys()
    return filled(rule.rule, values)


def _stays(answer: Any, asked: object) -> None:
    if answer.location is None:
        return
    found = urlsplit(answer.location)
    assert found.scheme in {"", "http"}, asked
    assert found.netloc in {"", "localhost"}, (asked, answer.location)
    assert not re.match(r"[\\/]{2}|\s", answer.location), (asked, answer.location)
    assert found.netloc or answer.location.startswith("/"), (asked, answer.location)


def let_in() -> Any:
    """A door that only asks which phone it is."""
    return current_phone()
