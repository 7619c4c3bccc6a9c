"""In the office: every result of the covenant beside what was agreed, and what is still to go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for

from fieldapp.errors import BadRequest
from fieldapp.report import course, gap
from fieldapp.report.judgement import AHEAD, ATTENTION, ON_TRACK, WORDS
from fieldapp.report.outcome import Outcomes, outcomes
from fieldapp.report.overview import last_contacts
from fieldapp.report.period import Period, period
from fieldapp.report.progress import WORKBOOK
from fieldapp.report.result import Result, due
from fieldapp.web import language
from fieldapp.web.access import signed_in, the_account
from fieldapp.web.instance import instance

blueprint = Blueprint("results", __name__, url_prefix="/office/results")

_SETTLED = 5  # days after which a month has figures of its own to look at

LOOKS: Mapping[str, str] = {AHEAD: "full", ON_TRACK: "full", ATTENTION: "some"}
"""The class of a judgement's cell; its words say the same."""

View = dict[str, Any]


@blueprint.get("")
@signed_in("office", "reader")
def listed() -> str:
    """Every result with its figure, target, path and judgement, and whom to call about which."""
    app = instance()
    told = made(chosen())
    lines = [_line(told, result) for result in told.results.values()]
    return render_template(
        "office/results.html",
        over=told.over,
        label=_label(told),
        months=months(),
        groups=_groups(lines),
        gaps=[line for line in lines if line["gaps"]],
        late=[
            (each, url_for("result.page", result=slug(each.result), month=told.over.text))
            for each in gap.late(told, app.settings)
        ],
        contacts=contacts(),
        places=told.places,
        wijken=told.wijken,
        may_look=may_look(),
        threshold=app.settings.small_cell,
    )


def chosen() -> Period:
    """The month that was asked for, or the last one that says something.

    Who is not of the office sees whole months only: of one under way each day would tell of itself.
    """
    today = instance().now().date()
    offered = [name for name, _ in months()]
    settled = f"{today if today.day > _SETTLED else _before(today):%Y-%m}"
    text = request.args.get("month") or (settled if settled in offered else offered[0])
    if text not in offered:
        raise BadRequest("Kies een maand uit de lijst.")
    return period(text, today)


def months() -> list[tuple[str, str]]:
    """The months of the deal that can be asked for, the newest first."""
    app = instance()
    today = app.now().date()
    first = app.settings.deal_from
    day = today.replace(day=1) if may_look() else _before(today)
    found = []
    while day >= first.replace(day=1):
        found.append((f"{day:%Y-%m}", language.month_name(day)))
        day = _before(day)
    return found or [(f"{first:%Y-%m}", language.month_name(first))]


def made(over: Period) -> Outcomes:
    """How the results stand in a month; measured once as long as nothing is kept or changed."""
    app, public = instance(), not may_look()
    today = app.now().date()
    book = app.workbooks[WORKBOOK]
    return app.outcomes.get(
        (app.stands(), over.text, today, public),
        lambda: outcomes(app.store, app.settings, book, over, today, public=public),
    )


def may_look() -> bool:
    """Whether who asks may see exact figures and the records behind them."""
    return the_account().role == "office"


def contacts() -> Mapping[str, str]:
    """When a phone of each place was last here."""
    with instance().store.read() as connection:
        return last_contacts(connection)


def slug(result: Result) -> str:
    """A result in an address: the name of its file."""
    return result.id.replace("/", "-")


def _before(day: dt.date) -> dt.date:
    """The first day of the month before."""
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def _label(told: Outcomes) -> str:
    return next(span.label_nl for span in told.spans if span.period == told.over.text)


def _line(told: Outcomes, result: Result) -> View:
    app, here = instance(), told.standing[result.id]
    drawing, words = course.spark(told, result)
    milestone = told.milestones.get(result.id)
    return {
        "result": result,
        "url": url_for("result.page", result=slug(result), month=told.over.text),
        "figure": told.figure(result),
        "when": here.told_when,
        "so_far": told.so_far(result),
        "counts": course.counts(result),
        "status": milestone.label if milestone and result.kind != "status" else "",
        "as_of": milestone.as_of if milestone else "",
        "by": due(result, app.settings.deal_until, app.settings.funding_until),
        "baseline": told.baseline(result),
        "target": told.target(result),
        "path": told.path(result),
        "judged": WORDS[here.judged],
        "look": LOOKS.get(here.judged, ""),
        "spark": drawing,
        "course": words,
        "gaps": gap.gaps(told, result),
    }


def _groups(lines: Sequence[View]) -> list[tuple[str, str, list[View]]]:
    """What counts under the headings of the covenant, then what is reached or not."""
    names = {
        "A": "A. Sociaal weefsel",
        "B": "B. Perspectief op werk",
        "4": "Mijlpalen (artikel 4)",
        "3": "Initiatieven (artikel 3)",
    }
    found: dict[str, list[View]] = {name: [] for name in names}
    for line in lines:
        result: Result = line["result"]
        found[result.pillar if line["counts"] else result.id[0]].append(line)
    return [(key, names[key], listed) for key, listed in found.items() if listed]
