"""A workbook as a file to download: who may have it, and what it can be about."""

from __future__ import annotations

import os
from contextlib import ExitStack

from flask import Response, abort, make_response, request
from werkzeug.wsgi import wrap_file

from fieldapp.errors import BadRequest
from fieldapp.report import completeness
from fieldapp.report.deliver import deliver_open
from fieldapp.report.stream import TooMany
from fieldapp.web.access import the_account
from fieldapp.web.instance import instance
from fieldapp.web.log import tell_anchor

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "json": "application/json",
}


def download(workbook: str, over: str, *, csv: bool = False) -> Response:
    """The file that `workbook` makes over a period, as far as the account may have it."""
    app, who = instance(), the_account()
    place = request.args.get("place") or None
    found = app.workbooks.get(workbook)
    if found and not found.public and who.role != "office":
        abort(403)
    if found and found.per:
        _meeting_place(place or "")
    try:
        made = deliver_open(
            app.store, app.settings, app.workbooks, workbook, over, app.now(), place, csv=csv
        )
    except TooMany:
        raise BadRequest(
            "Dit zijn meer records dan in een werkboek passen. Kies een kortere periode."
        ) from None
    with ExitStack() as failed:
        failed.enter_context(made.file)
        with app.store.write(f"account:{who.id}", app.now()) as write:
            write.note("export", workbook, f"{over}.csv" if csv else over)
        tell_anchor()
        failed.pop_all()  # who sends it closes it
    size = made.file.seek(0, os.SEEK_END)
    made.file.seek(0)
    response = _named(Response(wrap_file(request.environ, made.file)), made.file_name)
    response.direct_passthrough = True  # read while it is sent, never whole
    response.content_length = size
    return response


def send(content: bytes, name: str) -> Response:
    """A file to keep under its own name."""
    return _named(make_response(content), name)


def _named(response: Response, name: str) -> Response:
    response.mimetype = _TYPES[name.rpartition(".")[2]]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _meeting_place(code: str) -> None:
    """Refuses, in the words of the screen, what is no meeting place."""
    with instance().store.read() as connection:
        found = completeness.places(connection, code)
    if not found or found[0].kind != "meeting_place":
        raise BadRequest("Kies een ontmoetingsplek: een dossier gaat over één ontmoetingsplek.")
