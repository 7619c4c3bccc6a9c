"""A workbook as a file to download: who may have it, and what it can be about."""

from __future__ import annotations

from flask import Response, abort, make_response, request

from fieldapp.errors import BadRequest
from fieldapp.report import completeness
from fieldapp.report.deliver import deliver
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
    made = deliver(
        app.store, app.settings, app.workbooks, workbook, over, app.now(), place, csv=csv
    )
    with app.store.write(f"account:{who.id}", app.now()) as write:
        write.note("export", workbook, f"{over}.csv" if csv else over)
    tell_anchor()
    return send(made.content, made.file_name)


def send(content: bytes, name: str) -> Response:
    """A file to keep under its own name."""
    response = make_response(content)
    response.mimetype = _TYPES[name.rpartition(".")[2]]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _meeting_place(code: str) -> None:
    """Refuses, in the words of the screen, what is no meeting place."""
    with instance().store.read() as connection:
        found = completeness.places(connection, code)
    if not found or found[0].kind != "meeting_place":
        raise BadRequest("Kies een ontmoetingsplek: een dossier gaat over één ontmoetingsplek.")
