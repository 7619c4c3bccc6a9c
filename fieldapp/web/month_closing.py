"""The months in the office: what is missing, closed with a workbook that stays, opened again."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from fieldapp.ask.reading import holdable
from fieldapp.errors import BadRequest, Conflict, Message, Refused
from fieldapp.keep import closing, correction, register
from fieldapp.keep import request as requests
from fieldapp.keep.closing import Closing
from fieldapp.keep.correction import REASON
from fieldapp.keep.revision import CHANGED, LATE, WITHDRAWN, revisions
from fieldapp.report.deliver import deliver_to_close
from fieldapp.report.period import Period, period
from fieldapp.report.readiness import Readiness, readiness
from fieldapp.web import language
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.download import send
from fieldapp.web.fields import Confirm
from fieldapp.web.instance import instance
from fieldapp.web.log import tell_anchor
from fieldapp.web.today import due_day

blueprint = Blueprint("month_closing", __name__, url_prefix="/office/months")

BOOK = "monthly"
"""The workbook that is made and kept when a month is closed."""

_MONTHS = 24
_TRIES = 3
_KINDS: Mapping[str, Message] = {
    LATE: Message("Nagekomen"),
    CHANGED: Message("Veranderd"),
    WITHDRAWN: Message("Ingetrokken"),
}
_NOT_OVER = Message("Deze maand is nog niet voorbij. Sluiten kan vanaf {day}.")
_ALREADY = Message("Deze maand is al gesloten. U hoeft niets te doen.")
_OPEN = Message("Deze maand is niet meer gesloten. Kijk wat er nu staat.")
_TICK = Message("Er ontbreekt nog iets. Vink aan dat u dat weet, of vul het eerst aan.")
_SINCE = Message("Er is intussen iets veranderd. Hieronder staat wat er nu is. Sluit nog een keer.")
_BUSY = Message(
    "Er wordt op dit moment veel ingevuld. De maand is niet gesloten. Probeer het straks opnieuw."
)
_EXPIRED = Message("Deze pagina stond te lang open. Doe het opnieuw.")


@blueprint.get("")
@signed_in("office", "reader")
def months() -> str:
    """The last months with how each stands, the newest first."""
    app = instance()
    today = app.now().date()
    listed: list[Mapping[str, Any]] = []
    day = today.replace(day=1)
    with app.store.read() as connection:
        by_month: dict[str, list[Closing]] = {}
        for each in closing.closings(connection):
            by_month.setdefault(each.month, []).append(each)
        office = the_account().role == "office"
        asked = len(requests.pending(app.store, connection)) if office else None
    while len(listed) < _MONTHS and day >= app.settings.deal_from:
        text = f"{day:%Y-%m}"
        known = by_month.get(text, [])
        listed.append(
            {
                "month": text,
                "name": language.month_name(day),
                "due": due_day(app, day),
                "over": day < today.replace(day=1),
                "last": known[0] if known else None,
                "times": len(known),
            }
        )
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return render_template("office/months.html", months=listed, asked=asked)


@blueprint.get("/<month>")
@signed_in("office", "reader")
def shown(month: str) -> Response:
    """One month: how it stands, what is missing, its kept files, and what came after."""
    return _page(_asked(month))


@blueprint.post("/<month>/close")
@signed_in("office")
def close(month: str) -> Response:
    """Closes a month: its workbook and its package are made and kept with it."""
    app, over = instance(), _asked(month)
    if not Confirm().validate():
        return _page(over, _EXPIRED, 422)
    if over.end >= app.now().date():
        day = language.day(over.end + dt.timedelta(days=1))
        return _page(over, Message(_NOT_OVER.source, {"day": day}), 422)
    with app.store.read() as connection:
        held = over.text in closing.closed(connection)
        ready = _ready(connection, over)
    if held:
        return _page(over, _ALREADY, 409)
    if request.form.get("seen") != ready.seen:
        return _page(over, _SINCE, 409)
    if not ready.in_order and "sure" not in request.form:
        return _page(over, _TICK, 422)
    if not _close(over):
        return _page(over, _BUSY, 409)
    tell_anchor()
    return make_response(redirect(f"/office/months/{over.text}", 303))


@blueprint.post("/<month>/reopen")
@signed_in("office")
def reopen(month: str) -> Response:
    """Opens a closed month again, with the reason why; its files stay."""
    app, who, over = instance(), the_account(), _asked(month)
    reason = holdable(request.form.get("page.reason", ""))
    number = request.form.get("number", 0, int)
    if not Confirm().validate():
        return _page(over, _EXPIRED, 422, reason)
    try:
        why = correction.told(reason)
        with app.store.write(f"account:{who.id}", app.now()) as write:
            closing.reopen(write, over.text, number, why)
    except Refused as refused:
        mistake = language.say(app.catalogues, refused.messages[REASON])
        return _page(over, None, 422, reason, mistake)
    except Conflict:
        return _page(over, _OPEN, 409, reason)
    return make_response(redirect(f"/office/months/{over.text}", 303))


@blueprint.get("/<month>/<int:number>/<name>")
@signed_in("office", "reader")
def kept(month: str, number: int, name: str) -> Response:
    """A file as it was made when the month was closed, byte for byte."""
    app, who = instance(), the_account()
    with app.store.read() as connection:
        content = closing.content(connection, month, number, name)
    with app.store.write(f"account:{who.id}", app.now()) as write:
        write.note("export", closing.MONTH, month, None, {"closing": number, "file": name})
    return send(content, name)


def _asked(text: str) -> Period:
    """The month that the address names."""
    today = instance().now().date()
    with contextlib.suppress(BadRequest):
        over = period(text, today)
        if over.text == f"{over.start:%Y-%m}":
            return over
    raise BadRequest("Kies een maand, bijvoorbeeld 2026-10.")


def _close(over: Period) -> bool:
    """Makes the files and closes the month; whether nothing was written in between."""
    app, who = instance(), the_account()
    for _ in range(_TRIES):
        # Making them takes seconds, and nobody can write while a transaction is open: so they are
        # made before it, and count only when the journal did not grow meanwhile.
        with app.store.read() as connection:
            head = app.store.journal.head(connection)
        book = app.workbooks[BOOK]
        made = deliver_to_close(app.store, app.settings, book, over.text, app.now())
        files = {each.file_name: each.content for each in made}
        with (
            contextlib.suppress(Conflict),
            app.store.write(f"account:{who.id}", app.now()) as write,
        ):
            closing.close(app.store, write, over.text, head, files)
            return True
    return False


def _ready(connection: sqlite3.Connection, over: Period) -> Readiness:
    app = instance()
    return readiness(app.store, connection, app.settings, over, app.now().date())


def _page(
    over: Period,
    flash: Message | None = None,
    status: int = 200,
    reason: str = "",
    mistake: str = "",
) -> Response:
    app, who = instance(), the_account()
    office = who.role == "office"
    with app.store.read() as connection:
        history = closing.closings(connection, over.text)
        now = history[0] if history and not history[0].reopened_at else None
        page = {
            "month": over.text,
            "title": language.month_name(over.start),
            "due": due_day(app, over.start),
            "over": over.end < app.now().date(),
            "from": over.end + dt.timedelta(days=1),
            "flash": language.say(app.catalogues, flash) if flash else "",
            "now": now,
            "times": [
                {"closing": each, "files": closing.files(connection, each.id)} for each in history
            ],
            "ready": _ready(connection, over) if office and not now else None,
            "since": _since(connection, now) if now else [],
            "may_change": office,
            "reason": reason,
            "mistake": mistake,
        }
    return make_response(render_template("office/month.html", page=page), status)


def _since(connection: sqlite3.Connection, now: Closing) -> Sequence[Mapping[str, Any]]:
    """What changed since a month was closed, in words."""
    app = instance()
    places = {row["name"]: row["label"] for row in register.rows(connection, "places")}
    return [
        {
            "kind": language.say(app.catalogues, _KINDS[each.kind]),
            "place": places.get(each.place, each.place),
            "title": language.pick(each.form.title),
            "day": each.day,
            "at": each.at,
            "by_office": each.by_office,
            "record": f"/office/records/{each.form.form_id}/{each.row}",
        }
        for each in revisions(connection, app.forms, now)
    ]
