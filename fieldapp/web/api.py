"""The door for other programs: public workbooks, with a token that the office gave them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, g, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from fieldapp.errors import Busy, FieldappError, Message
from fieldapp.keep import access_token, attempt
from fieldapp.keep.access_token import AccessToken
from fieldapp.report.deliver import deliver
from fieldapp.web import language
from fieldapp.web.access import network
from fieldapp.web.download import send
from fieldapp.web.instance import Instance, instance

blueprint = Blueprint("api", __name__, url_prefix="/api/export")

ENDINGS: Mapping[str, Mapping[str, bool]] = {
    "xlsx": {},
    "csv.zip": {"csv": True},
    "json": {"json": True},
}
"""How the address ends, and what is then made."""

_SENTENCES: Mapping[int, Message] = {
    400: Message(
        "Kijk de periode na, bijvoorbeeld 2026-10, 2026-Q3 of 2026. "
        "Bij een dossier hoort ook een ontmoetingsplek: ?place=OP-03."
    ),
    401: Message("Stuur een sleutel mee die nu geldt: Authorization: Bearer <sleutel>."),
    403: Message("Deze sleutel geldt niet voor dit werkboek."),
    404: Message("Dit is er niet. Kijk de naam van het werkboek na, en .xlsx, .csv.zip of .json."),
    429: Message("Er kwamen te veel verkeerde sleutels. Wacht even en probeer het dan opnieuw."),
    503: Message("Dit lukt nu even niet. Probeer het straks opnieuw."),
}
_BROKEN = Message("Er ging iets mis bij ons. Probeer het straks opnieuw.")


@blueprint.get("/<workbook>/<over>")
def export(workbook: str, over: str) -> Response:
    """A public workbook over a period, as the address ends: .xlsx, .csv.zip or .json."""
    app = instance()
    mine = _token(app)
    text, _, ending = over.partition(".")
    found = app.workbooks.get(workbook)
    if found is None or ending not in ENDINGS:
        abort(404)
    if not found.public or workbook not in mine.workbooks:
        abort(403)
    place = request.args.get("place") or None
    made = deliver(
        app.store,
        app.settings,
        app.workbooks,
        workbook,
        text,
        app.now(),
        place,
        **ENDINGS[ending],
    )
    with app.store.write(f"token:{mine.id}", app.now()) as write:
        access_token.note_use(write, mine.id)
        write.note("export", workbook, f"{text}.{ending}")
    return send(made.content, made.file_name)


def _token(app: Instance) -> AccessToken:
    """The token that came with the request; wrong ones slow down the network they come from."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not sent.strip():
        abort(401)
    scope = f"token:{network()}"
    with app.store.read() as connection:
        wait = attempt.wait(connection, scope, app.now())
        found = access_token.by_token(connection, sent.strip()) if not wait else None
    if wait:
        abort(_refusal(429, {"Retry-After": str(wait)}))
    if found is None:
        with app.store.write("nobody", app.now()) as write:
            attempt.failed(write, scope)
        abort(401)
    g.token = found
    return found


@blueprint.errorhandler(HTTPException)
def _refused(problem: HTTPException) -> Response:
    return _refusal(problem.code or 500)


@blueprint.errorhandler(FieldappError)
def _not_made(problem: FieldappError) -> Response:
    return _refusal(problem.status, {"Retry-After": "5"} if isinstance(problem, Busy) else {})


def _refusal(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Why there is no file, as an object with one sentence."""
    sentence = language.say(instance().catalogues, _SENTENCES.get(status, _BROKEN))
    response = make_response(jsonify(status=status, error=sentence), status)
    response.headers.update(headers or {})
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
