"""In the office: what is hard to believe of a month, looked at and ticked off."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, Response, abort, make_response, redirect, render_template, request

from fieldapp.errors import BadRequest, Message
from fieldapp.keep import register, tick
from fieldapp.keep import row as rows
from fieldapp.keep.store import Write
from fieldapp.keep.tick import Mark
from fieldapp.report import completeness
from fieldapp.report import flags as standing_out
from fieldapp.report.completeness import Place
from fieldapp.report.flags import BURST, FUTURE, HOURS, TENFOLD, Flag
from fieldapp.report.period import Period, period
from fieldapp.web import language, record_page, unnamed
from fieldapp.web.access import signed_in
from fieldapp.web.fields import EXPIRED, Confirm
from fieldapp.web.instance import instance
from fieldapp.web.surroundings import Surroundings

blueprint = Blueprint("flags", __name__, url_prefix="/office")

_MONTHS = 24
_MOST_FLAGS = 100
_MOST_LINKS = 12
_KINDS = {
    BURST: Message("Veel bezoekers in één minuut"),
    TENFOLD: Message("Veel meer bezoekers dan anders"),
    FUTURE: Message("Een dag die nog moest komen"),
    HOURS: Message("Meer uren dan open"),
}
_OVERTAKEN = Message("Dit is intussen veranderd. Hieronder staat wat er nu opvalt. Kijk het na.")
_NOTHING = Message("Vink aan wat u heeft nagekeken.")
_DONE = Message("Bewaard. Dit is nagekeken.")
_NO_MONTH = "Kies een maand, bijvoorbeeld 2026-10."


@dataclass(frozen=True)
class Sorted:
    """What stands out: what still waits for somebody to look, and what was ticked off."""

    waiting: Sequence[Flag]
    seen: Sequence[Flag]


def sorted_out(
    connection: sqlite3.Connection, places: Sequence[Place], first: dt.date, last: dt.date
) -> Sorted:
    """What stands out from `first` to `last`; ticked off is what did not change since."""
    app = instance()
    found = standing_out.flags(connection, app.forms, app.settings, places, first, last)
    done = tick.ticked(connection)
    return Sorted(
        [flag for flag in found if not done.issuperset(flag.marks)],
        [flag for flag in found if done.issuperset(flag.marks)],
    )


@blueprint.get("/flags")
@signed_in("office")
def shown() -> Response:
    """What stands out in a month."""
    return _page(_month(request.args.get("month", "")))


@blueprint.post("/flags/tick")
@signed_in("office")
def look() -> Response:
    """Ticks off what somebody looked at."""
    return _mark(tick.tick, done=1)


@blueprint.post("/flags/untick")
@signed_in("office")
def look_again() -> Response:
    """Takes back that it was ticked off."""
    return _mark(tick.untick, done=0)


def _mark(what: Callable[[Write, Iterable[Mark]], None], done: int) -> Response:
    over, ticked = _month(request.form.get("month", "")), request.form.getlist("flag")
    if not Confirm().validate():
        return _page(over, EXPIRED, 422)
    if not ticked:
        return _page(over, _NOTHING, 422)
    app, wanted = instance(), [_marks(value) for value in ticked]
    with app.store.read() as connection:  # looking takes long; what changes meanwhile comes back
        found = sorted_out(connection, _places(connection), over.start, over.end)
    known = {flag.marks for flag in [*found.waiting, *found.seen]}
    if not known.issuperset(wanted):
        return _page(over, _OVERTAKEN, 409)
    with app.store.write(record_page.actor(), app.now()) as write:
        what(write, (mark for marks in wanted for mark in marks))
    return make_response(redirect(f"/office/flags?month={over.text}&done={done}", 303))


def _places(connection: sqlite3.Connection) -> Sequence[Place]:
    return completeness.places(connection)


def _value(flag: Flag) -> str:
    """A flag as the page sends it back: each record as it stood."""
    return " ".join(f"{m.kind}:{m.form}:{m.row}:{m.edits}" for m in flag.marks)


def _marks(value: str) -> tuple[Mark, ...]:
    """The records of a flag that was ticked."""
    found = []
    for part in value.split(" "):
        told = re.fullmatch(r"([a-z]+):([a-z_0-9]+):([0-9a-f-]{36}):([0-9]{1,9})", part, re.ASCII)
        if not told:
            abort(400)
        found.append(Mark(told[1], told[2], told[3], int(told[4])))
    return tuple(found)


def _month(text: str) -> Period:
    """The month that `text` names, without text this one; BadRequest in the words of the screen."""
    today = instance().now().date()
    try:
        over = period(text or f"{today:%Y-%m}", today)
    except BadRequest:
        raise BadRequest(_NO_MONTH) from None
    if (over.start.year, over.start.month) != (over.end.year, over.end.month):
        raise BadRequest(_NO_MONTH)
    return over


def _page(over: Period, flash: Message | None = None, status: int = 200) -> Response:
    app = instance()
    with app.store.read() as connection:
        found = sorted_out(connection, _places(connection), over.start, over.end)
        here = Surroundings(app.store, connection, None, app.now())
        names = {each["name"]: each["label"] for each in register.rows(connection, "places")}
        waiting, seen = (
            [
                _view(connection, flag, names.get(flag.place or "", ""), here)
                for flag in flags[:_MOST_FLAGS]
            ]
            for flags in (found.waiting, found.seen)
        )
    done = _DONE if request.args.get("done") == "1" and request.method == "GET" else None
    page = {
        "month": over.text,
        "title": language.month_name(over.start),
        "months": _months(),
        "waiting": waiting,
        "total": len(found.waiting),
        "seen": seen,
        "ticked": request.form.getlist("flag"),
        "flash": language.say(app.catalogues, flash) if flash else "",
        "done": language.say(app.catalogues, done) if done else "",
    }
    return make_response(render_template("office/flags.html", page=page), status)


def _view(
    connection: sqlite3.Connection, flag: Flag, place: str, here: Surroundings
) -> dict[str, Any]:
    app = instance()
    links = []
    for mark in flag.marks[:_MOST_LINKS]:
        row = rows.find(app.store, connection, app.forms[mark.form], mark.row, None)
        title = language.pick(row.form.title)
        links.append((record_page.address(mark.form, mark.row), title, unnamed.summary(row, here)))
    return {
        "kind": language.say(app.catalogues, _KINDS[flag.kind]),
        "place": place or instance().settings.organisation,
        "date": flag.date,
        "sentence": language.say(app.catalogues, _sentence(flag)),
        "links": links,
        "more": len(flag.marks) - len(links),
        "value": _value(flag),
    }


def _sentence(flag: Flag) -> Message:
    values = {
        "number": _number(flag.number),
        "usual": _number(flag.usual),
        "times": str(len(flag.marks)),
        "part": _part(flag),
    }
    if flag.kind == BURST:
        if len(flag.marks) == 1:
            return Message("In één keer zijn er {number} bezoekers ingevuld.", values)
        return Message(
            "Kort na elkaar zijn er {number} bezoekers ingevuld, in {times} keer.", values
        )
    if flag.kind == TENFOLD:
        return Message(
            "{number} bezoekers. Gewoonlijk zijn het er hier {usual} in de {part}.", values
        )
    if flag.kind == FUTURE:
        return Message("Deze dag was er nog niet toen dit werd ingevuld.")
    if flag.daypart:
        return Message("Iemand heeft {number} uur. De {part} heeft er {usual}.", values)
    return Message("Iemand heeft {number} uur. De plek was die dag {usual} uur open.", values)


def _part(flag: Flag) -> str:
    question = instance().forms[flag.marks[0].form].questions.get("daypart")
    labels = {choice.name: choice.label for choice in question.choices} if question else {}
    return language.pick(labels.get(flag.daypart, {})).lower()


def _number(value: float) -> str:
    return str(format_decimal(round(value, 2), locale=language.language()))


def _months() -> list[tuple[str, str]]:
    found, day = [], instance().now().date().replace(day=1)
    for _ in range(_MONTHS):
        found.append((f"{day:%Y-%m}", language.month_name(day)))
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return found
