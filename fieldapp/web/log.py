"""The log: one JSON line per request; never a token, a name, a body or a query string."""

from __future__ import annotations

import json
import logging
import time

from flask import Flask, Response, g, request

from fieldapp.keep.store import stamp
from fieldapp.web.instance import instance

_log = logging.getLogger("fieldapp")


def log_requests(app: Flask) -> None:
    """Writes a line for every answer: when, who, what, on what, from where, with what result."""

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        took = time.perf_counter() - g.pop("begun", time.perf_counter())
        line = {
            "at": stamp(instance().now()),
            "actor": _actor(),
            "action": request.endpoint or "unknown",
            "object": _object(),
            "method": request.method,
            "origin": request.remote_addr,
            "status": response.status_code,
            "ms": round(took * 1000),
        }
        _log.info(json.dumps(line))
        return response


def _object() -> str:
    """What the address names: a form, a record, a phone; nothing that somebody typed himself."""
    named = {**(request.view_args or {})}
    found = [str(named[part]) for part in ("form_id", "row", "number") if part in named]
    return "/".join(found) if named.get("form_id", "") in {"", *instance().forms} else ""


def _actor() -> str:
    """The phone, account or token that asked, by number; nobody when it was none of them."""
    for kind in ("account", "phone", "token"):
        found = g.get(kind)
        if found is not None:
            return f"{kind}:{found.id}"
    return "nobody"
