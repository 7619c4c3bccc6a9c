"""The log: JSON, a line per request; never a token, a name, a body or a query string."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import time
import traceback
from pathlib import Path
from types import TracebackType

from flask import Flask, Response, g, request

from fieldapp.keep import anchor
from fieldapp.keep.anchor import Anchor
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

    def fail(exc_info: _Failure) -> None:
        about = {"actor": _actor(), "action": request.endpoint or "unknown", "object": _object()}
        line = {"at": stamp(instance().now()), **about, **_failed(exc_info)}
        _log.error(json.dumps(line))

    app.log_exception = fail  # type: ignore[method-assign]


class Lines(logging.Formatter):
    """What others log, as a line like ours: where, without words. The server's name addresses."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        if record.name == _log.name:
            return super().format(record)
        line = {
            "at": stamp(dt.datetime.fromtimestamp(record.created, dt.UTC)),
            "actor": "system",
            "action": record.name,
            "level": record.levelname,
            "where": [f"{record.module}.{record.funcName}:{record.lineno}"],
        }
        return json.dumps(line | (_failed(record.exc_info) if record.exc_info else {}))


_Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def _failed(exc_info: _Failure) -> dict[str, object]:
    """What went wrong and where, without its words: somebody may have typed those."""
    kind, _, steps = exc_info
    found = traceback.extract_tb(steps)
    where = [f"{Path(step.filename).stem}.{step.name}:{step.lineno}" for step in found]
    return {"error": kind.__name__ if kind else "unknown", "where": where}


def log_anchor(head: Anchor, why: str, now: dt.datetime) -> None:
    """Writes how far the journal has come: who keeps the log can prove later that it had."""
    line = {"at": stamp(now), "actor": "system", "action": why, "object": f"journal {head}"}
    _log.info(json.dumps(line))


def tell_anchor() -> None:
    """Tells how far the journal has come, in the log and beside the database."""
    app = instance()
    with app.store.read() as connection:
        head = Anchor.of(*app.store.journal.head(connection))
    log_anchor(head, anchor.TOLD, app.now())
    with contextlib.suppress(OSError):  # a full disk does not keep a workbook from who wants it
        anchor.keep(app.settings.data, head, anchor.TOLD, app.now())


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
