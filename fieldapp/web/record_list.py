"""In the office: everything that came in, looked through by place, form, period and state."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question
from fieldapp.ask.reading import Unreadable
from fieldapp.errors import Message
from fieldapp.keep import found, past, register
from fieldapp.keep import row as rows
from fieldapp.keep.found import Found, Sought
from fieldapp.keep.row import Row
from fieldapp.report import completeness
from fieldapp.web import flags, language, record_page, unnamed
from fieldapp.web.access import signed_in
from fieldapp.web.instance import instance
from fieldapp.web.surroundings import Surroundings

blueprint = Blueprint("records", __name__, url_prefix="/office")

_AT_ONCE = 50
_LAST_PAGE = 10_000_000  # further than there are records, and a number one can reckon with
_LONGEST = 100  # days of which one can ask what stands out
_DAY = Question("day", "date", 0)
_STATES: Mapping[str, Message] = {
    rows.CURRENT: Message("Telt mee"),
    rows.DOUBLE: Message("Dubbel"),
    rows.WITHDRAWN: Message("Ingetrokken"),
}
_NOT_HERE = Message("Kies een antwoord uit de lijst.")
_ORDER = Message("Kies een dag die niet voor de eerste dag ligt.")
_TOO_LONG = Message("Kies hoogstens drie maanden als u alleen wilt zien wat opvalt.")


@dataclass
class Filter:
    """What was asked for, as it was typed, and what is not right about it."""

    typed: Mapping[str, str]
    days: dict[str, str] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")


@blueprint.get("/records")
@signed_in("office")
def listed() -> Response:
    """The records that were asked for, the last that came in first."""
    app = instance()
    asked = _asked()
    skip = (min(max(request.args.get("page", 1, int), 1), _LAST_PAGE) - 1) * _AT_ONCE
    with app.store.read() as connection:
        places = {each["name"]: each["label"] for each in register.rows(connection, "places")}
        phones = _phones(connection)
        _judge(asked, app.forms, places, phones)
        page = Found(0, [])
        if not asked.messages:
            page = found.find(app.store, connection, _sought(asked, connection), skip, _AT_ONCE)
        here = Surroundings(app.store, connection, None, app.now())
        names = past.names(connection)
        lines = [_line(row, places, names, here) for row in page.rows]
    said = {name: language.say(app.catalogues, message) for name, message in asked.messages.items()}
    view = {
        "asked": asked,
        "days": asked.days,
        "mistakes": said,
        "forms": _titles(app.forms.values()),
        "places": places,
        "phones": phones,
        "states": {name: language.say(app.catalogues, text) for name, text in _STATES.items()},
        "lines": lines,
        "total": page.total,
        "first": skip + 1,
        "before": _link(asked, skip // _AT_ONCE) if skip else "",
        "after": _link(asked, skip // _AT_ONCE + 2) if skip + _AT_ONCE < page.total else "",
    }
    shown = render_template("office/records.html", page=view)
    return make_response(shown, 422 if asked.messages else 200)


def _asked() -> Filter:
    names = ("form", "place", "from", "until", "phone", "state", "flagged", "corrected")
    asked = Filter({name: request.args.get(name, "").strip()[:40] for name in names})
    for name in ("from", "until"):
        try:
            asked.days[name] = str(kind_of(_DAY).read([asked[name]], _DAY) or "")
        except Unreadable as unreadable:
            asked.messages[name] = unreadable.message
    if asked["flagged"] and not asked.messages:
        today = instance().now().date()
        before = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
        asked.days = {
            "from": asked.days["from"] or before.isoformat(),
            "until": asked.days["until"] or today.isoformat(),
        }
    return asked


def _judge(
    asked: Filter,
    forms: Mapping[str, Form],
    places: Mapping[str, str],
    phones: Mapping[str, str],
) -> None:
    known: Mapping[str, Iterable[str]] = {
        "form": forms, "place": places, "phone": phones, "state": _STATES
    }  # fmt: skip
    for name, listing in known.items():
        if asked[name] and asked[name] not in listing:
            asked.messages[name] = _NOT_HERE
    if asked.messages:
        return
    first, last = asked.days["from"], asked.days["until"]
    if first and last and last < first:
        asked.messages["until"] = _ORDER
    elif asked["flagged"]:
        span = dt.date.fromisoformat(last) - dt.date.fromisoformat(first)
        if span.days > _LONGEST:
            asked.messages["until"] = _TOO_LONG


def _sought(asked: Filter, connection: sqlite3.Connection) -> Sought:
    app = instance()
    among: frozenset[str] | None = None
    if asked["flagged"]:
        first, last = (dt.date.fromisoformat(asked.days[name]) for name in ("from", "until"))
        places = completeness.places(connection, asked["place"] or None)
        waiting = flags.sorted_out(connection, places, first, last).waiting
        among = frozenset(row for flag in waiting for row in flag.rows)
    forms = [app.forms[asked["form"]]] if asked["form"] else list(app.forms.values())
    return Sought(
        forms=forms,
        place=asked["place"] or None,
        first=asked.days["from"],
        last=asked.days["until"],
        phone=int(asked["phone"]) if asked["phone"] else None,
        state=asked["state"],
        corrected=bool(asked["corrected"]),
        among=among,
    )


def _phones(connection: sqlite3.Connection) -> Mapping[str, str]:
    """Every phone by its number, with the places that it has; not who holds it."""
    return {str(number): ", ".join(places) for number, places in found.phones(connection).items()}


def _titles(forms: Iterable[Form]) -> Sequence[tuple[str, str]]:
    ordered = sorted(forms, key=lambda form: form.order)
    return [(form.form_id, language.pick(form.title)) for form in ordered]


def _line(
    row: Row, places: Mapping[str, str], names: Mapping[str, str], here: Surroundings
) -> dict[str, Any]:
    return {
        "url": record_page.address(row.form.form_id, row.id),
        "title": language.pick(row.form.title),
        "summary": unnamed.summary(row, here),
        "place": places.get(row.place or "", row.place or ""),
        "code": row.place or "",
        "at": row.received_at,
        "sender": unnamed.sender(names, row),
        "state": row.state,
        "changed": row.edits > 0,
    }


def _link(asked: Filter, page: int) -> str:
    given = {name: value for name, value in asked.typed.items() if value}
    return "/office/records?" + urlencode(given | {"page": str(page)})
