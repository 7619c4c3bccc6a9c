"""The office's first page: places and the days of a month, and who has been silent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from fieldapp.errors import BadRequest, Message
from fieldapp.keep import contact, merge
from fieldapp.keep import request as requests
from fieldapp.keep.double import waiting
from fieldapp.report import completeness, overview, package
from fieldapp.report.overview import Line
from fieldapp.report.period import Period
from fieldapp.web import language, office_choice
from fieldapp.web.access import signed_in
from fieldapp.web.instance import instance
from fieldapp.web.office_choice import by_kind, may_change

blueprint = Blueprint("overview", __name__, url_prefix="/office")

_AT_ONCE = 100
_LAST_PAGE = 10_000_000  # further than there are records, and a number one can reckon with

_SIGNS: Mapping[str, tuple[str, Message]] = {
    overview.RECEIVED: ("✓", Message("alles is ingevuld")),
    overview.PARTLY: ("½", Message("een deel is ingevuld")),
    overview.MISSING: ("✗", Message("niets is ingevuld")),
    overview.CLOSED: ("–", Message("dicht")),
    overview.FREE: ("", Message("niet verwacht")),
    overview.EXTRA: ("+", Message("niet verwacht, wel ingevuld")),
    overview.LATER: ("…", Message("nog niet voorbij")),
}

_NARROW: Mapping[str, tuple[Message, Callable[[Line], int]]] = {
    "missing": (Message("Mist iets"), lambda line: line.missing),
    "double": (Message("Dubbel ingevuld"), lambda line: line.doubles),
    "silent": (Message("Een week niets ingevuld"), lambda line: line.silent),
    "reach": (Message("Een week geen contact"), lambda line: int(line.out_of_reach)),
}
"""Which places one can look at alone, and what puts the worst first."""


@blueprint.get("/")
@signed_in("office", "reader")
def shown() -> str:
    """Every place with each day of a month, or those that were asked for."""
    app, over, office = instance(), office_choice.month(), may_change()
    asked = {name: request.args.get(name, "") for name in ("kind", "wijk", "show")}
    kinds, wijken = office_choice.choice_names("kind"), office_choice.choice_names("wijk")
    for name, known in (("kind", kinds), ("wijk", wijken), ("show", _NARROW)):
        if asked[name] and asked[name] not in known:
            raise BadRequest("Kies een antwoord uit de lijst.")
    with app.store.read() as connection:
        wanted = [
            place
            for place in sorted(completeness.places(connection), key=by_kind)
            if place.active(over.start.isoformat()) or place.active(over.end.isoformat())
            if asked["kind"] in ("", place.kind) and asked["wijk"] in ("", place.wijk)
        ]
        lines = overview.overview(connection, app.forms, app.settings, wanted, over, app.now())
        doubles = waiting(connection, app.forms.values(), None)
        merges = merge.waiting(connection) if office else None
        changes = len(requests.pending(app.store, connection)) if office else None
        waits = sum(each.waits for each in contact.standings(connection).values())
    say = app.catalogues
    narrow = _narrowed(lines, asked["show"])
    skip = (min(max(request.args.get("page", 1, int), 1), _LAST_PAGE) - 1) * _AT_ONCE
    page = {
        "month": over.text,
        "title": language.month_name(over.start),
        "months": office_choice.months(),
        "asked": asked,
        "kinds": kinds,
        "wijken": wijken,
        "signs": signs(),
        "legend": [name for name in overview.STATES if name != overview.FREE],
        "days": _days(over),
        "lines": narrow[skip : skip + _AT_ONCE],
        "first": skip + 1,
        "total": len(narrow),
        "before": _link(over, asked, skip // _AT_ONCE) if skip else "",
        "after": _link(over, asked, skip // _AT_ONCE + 2) if skip + _AT_ONCE < len(narrow) else "",
        "narrow": [
            {
                "name": name,
                "label": language.say(say, label),
                "count": sum(measure(line) > 0 for line in lines),
                "url": _link(over, asked | {"show": name}),
            }
            for name, (label, measure) in _NARROW.items()
        ],
        "all": _link(over, asked | {"show": ""}),
        "forms": _by_form(lines),
        "received": sum(sum(line.received.values()) for line in lines),
        "wanted": sum(sum(line.wanted.values()) for line in lines),
        "waiting": {code: doubles[code] for code in doubles if code},
        "doubles": sum(doubles.values()),
        "merges": merges,
        "changes": changes,
        "unsent": waits,
        "year": over.start.year,
        "workbooks": [
            (name, book.title, package.offered(book))
            for name, book in app.workbooks.items()
            if book.monthly and (book.public or office)
        ],
    }
    return render_template("office/overview.html", page=page)


def signs() -> Mapping[str, tuple[str, str]]:
    """How a day can stand: its sign, and in words what that means."""
    say = instance().catalogues
    return {name: (sign, language.say(say, text)) for name, (sign, text) in _SIGNS.items()}


def _narrowed(lines: Sequence[Line], show: str) -> Sequence[Line]:
    """All lines, or those that something is the matter with, the worst first."""
    if not show:
        return lines
    measure = _NARROW[show][1]
    return sorted((line for line in lines if measure(line)), key=measure, reverse=True)


def _days(over: Period) -> Sequence[tuple[str, str, int]]:
    """Each day of the month: its weekday, that in short, and its number."""
    found = []
    for ahead in range((over.end - over.start).days + 1):
        day = over.start + dt.timedelta(days=ahead)
        found.append((language.weekday(day.isoformat()), language.weekday_short(day), day.day))
    return found


def _by_form(lines: Sequence[Line]) -> Sequence[Mapping[str, Any]]:
    """What came in of what was to, of each form that was due."""
    received, wanted = Counter[str](), Counter[str]()
    for line in lines:
        received.update(line.received)
        wanted.update(line.wanted)
    return [
        {"title": language.pick(form.title), "received": received[id], "wanted": wanted[id]}
        for id, form in instance().forms.items()
        if wanted[id]
    ]


def _link(over: Period, asked: Mapping[str, str], page: int = 1) -> str:
    given = {"month": over.text} | {name: value for name, value in asked.items() if value}
    return "/office/?" + urlencode(given | ({"page": str(page)} if page > 1 else {}))
