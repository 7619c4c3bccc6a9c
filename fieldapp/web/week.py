"""Mijn week: a whole week of opening times and visitors on one page, with one save."""

from __future__ import annotations

import sqlite3
import uuid
from typing import ClassVar

from flask import Blueprint, Response, make_response, redirect, render_template, request
from wtforms import Field

from fieldapp.errors import Message
from fieldapp.keep import closing
from fieldapp.keep import request as requests
from fieldapp.report import completeness
from fieldapp.report.completeness import Expected
from fieldapp.web import language, week_change, week_sheet
from fieldapp.web.access import paired, phone_desk
from fieldapp.web.asking import OTHER_POSTER, complaint
from fieldapp.web.card import address
from fieldapp.web.desk import Desk
from fieldapp.web.fields import AnswerForm
from fieldapp.web.instance import Instance, instance
from fieldapp.web.phone import say
from fieldapp.web.week_change import LAST_WEEK, Outcome, Sent
from fieldapp.web.week_page import WeekPage, Words, errors, total
from fieldapp.web.week_sheet import Sheet, Week

blueprint = Blueprint("week", __name__)

_DAILY = ("open_day", "open_daypart")
"""What forms are expected of that can be missing in a week."""

_OVERTAKEN = Message(
    "Iemand anders heeft intussen ook iets ingevuld. Kijk na wat er nu staat. "
    "Klopt wat u invulde beter? Bewaar het dan nog een keer."
)


class WeekForm(AnswerForm):
    """The page's own fields; the cells are read by name."""

    questions: ClassVar[tuple[str, ...]] = ()

    def validate_version(self, field: Field) -> None:
        """Asks of no version: a week asks several forms, each as it is in force."""


@blueprint.get("/week")
@paired
def show() -> Response:
    """The sheet of a week: what is kept stands in it."""
    desk, over = _asked()
    app = instance()
    with app.store.read() as connection:
        sheet = _sheet(app, connection, desk, over)
    return _draw(desk, sheet, flash=OTHER_POSTER if request.args.get("poster") else None)


@blueprint.post("/week")
@paired
def save() -> Response:
    """Keeps what was changed in a week, all of it or nothing."""
    desk, over = _asked()
    page = WeekForm()
    sound = page.validate()
    identity = str(uuid.uuid4() if page.tampered else page.instanceID.data)
    sent = Sent(identity, request.form.to_dict())
    outcome = week_change.save(instance(), desk, over, sent, keep=sound)
    if sound and not outcome.mistakes and not outcome.overtaken:
        return make_response(redirect(_url(desk, over, "/week/saved"), 303))
    return _draw(desk, outcome.sheet, outcome, sent, complaint(page))


@blueprint.get("/week/saved")
@paired
def saved() -> str:
    """What is kept of a week, and what is still missing."""
    desk, over = _asked()
    app = instance()
    with app.store.read() as connection:
        sheet = _sheet(app, connection, desk, over)
        words = Words(sheet, app.settings, say)
        missing = _missing(app, connection, sheet, words)
        closed, asked = _standing(connection, sheet)
    return render_template(
        "week_saved.html",
        sentence=_sentence(sheet),
        closed=closed,
        asked=len(asked),
        missing=[(desk.stay(url), date, title) for url, date, title in missing],
        kept=[(day.date, told) for day in sheet.days if (told := words.day(day))],
        edit=_url(desk, over),
        before=_url(desk, over.before),
    )


def _asked() -> tuple[Desk, Week]:
    """Who asks for which week; at a place that tells no opening times there is no such page."""
    desk = phone_desk()
    desk.form("opening")
    return desk, week_sheet.week(request.args.get("week", ""), instance().now().date())


def _standing(connection: sqlite3.Connection, sheet: Sheet) -> tuple[bool, frozenset[str]]:
    """Whether a day of the week lies in a closed month, and the records asked to be changed."""
    closed = closing.closed(connection)
    shown = {cell.row.id for day in sheet.days for cell in day.cells if cell.row}
    asked = requests.waiting_at(connection, sheet.place.code) & shown
    return any(day.date[:7] in closed for day in sheet.days), asked


def _url(desk: Desk, over: Week | None, path: str = "/week") -> str:
    return desk.stay(f"{path}?week={over.text}") if over else ""


def _sheet(app: Instance, connection: sqlite3.Connection, desk: Desk, over: Week) -> Sheet:
    assert desk.place is not None  # noqa: S101  (a phone's desk has one)
    here = desk.around(app, connection)
    return week_sheet.read(app.store, connection, here, desk.place, over)


def _draw(
    desk: Desk,
    sheet: Sheet,
    back: Outcome | None = None,
    sent: Sent | None = None,
    flash: Message | None = None,
) -> Response:
    """The page of a week: as it is kept, or as it was typed with what is to be mended."""
    app, over = instance(), sheet.week
    words = Words(sheet, app.settings, say)
    days = words.days(back)
    overtaken = bool(back and back.overtaken)
    flash = _OVERTAKEN if overtaken else flash
    page = WeekPage(
        number=over.number,
        first=language.day_of_month(over.monday),
        last=language.full_date(over.sunday),
        action=_url(desk, over),
        before=_url(desk, over.before),
        after=_url(desk, over.after(app.now().date())),
        # What was added by a page that was overtaken may be gone: it starts anew.
        instance_id=sent.identity if sent and not overtaken else str(uuid.uuid4()),
        days=days,
        dayparts=list(words.dayparts.values()),
        last_week=words.last_week(),
        as_last_week=LAST_WEEK in sent.fields if sent else True,
        fresh=sent is None,
        flash=language.say(app.catalogues, flash) if flash else "",
        errors=errors(days),
    )
    with app.store.read() as connection:
        closed, asked = _standing(connection, sheet)
    status = 409 if overtaken else 422 if back else 200
    return make_response(
        render_template(
            "week.html",
            page=page,
            doubles=desk.doubles,
            stay=desk.stay,
            closed=closed,
            asked=asked,
        ),
        status,
    )


def _sentence(sheet: Sheet) -> str:
    """ "Ontmoetingsplek 1, week 47, 123 bezoekers"."""
    parts = [sheet.place.name, say("week {number}", number=sheet.week.number)]
    if sheet.visitors:
        parts.append(f"{total(sheet)} {language.pick(sheet.visitors.title).lower()}")
    return language.listed(parts) + "."


def _missing(
    app: Instance, connection: sqlite3.Connection, sheet: Sheet, words: Words
) -> list[tuple[str, str, str]]:
    """What is still to come in: the address of its form, the day, and what it is called."""
    place, first = sheet.place, sheet.week.monday
    forms = {id: form for id, form in app.forms.items() if form.expected in _DAILY}
    last = min(sheet.week.sunday, app.now().date())
    due = completeness.expected(connection, forms, app.settings, [place], first, last)
    found = [each for each in due if not each.received]
    found += [  # people came, so it was open: from when until when, the schedule does not know
        Expected("opening", place.code, day.date, None, False, day.date)
        for day in sheet.days
        if not day.day.is_open and not day.opening.row and any(cell.row for cell in day.counts)
    ]
    return [
        (address(forms[each.form_id], each), each.date, words.title(forms[each.form_id], each))
        for each in sorted(found, key=lambda each: each.date)
    ]
