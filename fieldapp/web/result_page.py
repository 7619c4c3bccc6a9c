"""In the office: one result over time and place, whom to call, and the records behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, url_for
from markupsafe import Markup

from fieldapp.keep import row as rows
from fieldapp.keep.found import Sought, counts
from fieldapp.report import course, gap
from fieldapp.report.course import Course
from fieldapp.report.judgement import WORDS
from fieldapp.report.outcome import Outcomes
from fieldapp.report.period import long_date
from fieldapp.report.result import Result, due
from fieldapp.web import language
from fieldapp.web.access import signed_in
from fieldapp.web.instance import instance
from fieldapp.web.office_registers import PAGES
from fieldapp.web.results import LOOKS, chosen, contacts, made, may_look, months, slug

blueprint = Blueprint("result", __name__, url_prefix="/office/results")

View = dict[str, Any]


@blueprint.get("/<result>")
@signed_in("office", "reader")
def page(result: str) -> str:
    """One result of one month."""
    app = instance()
    told = made(chosen())
    found = next((each for each in told.results.values() if slug(each) == result), None)
    if found is None:
        abort(404)
    here = told.standing[found.id]
    in_parts = {level: _parts(told, found, level) for level in ("wijk", "place")}
    return render_template(
        "office/result.html",
        result=found,
        over=told.over,
        here=here,
        months=months(),
        figure=told.figure(found),
        so_far=told.so_far(found),
        judged=WORDS[here.judged],
        look=LOOKS.get(here.judged, ""),
        reason=told.reason(found),
        facts=_facts(told, found),
        counts=course.counts(found),
        per_month=_shown(course.months(told, found)),
        per_year=_shown(course.years(told, found)),
        parts=in_parts,
        beside=_shown(course.beside(told, found)),
        beside_parts=_shown(course.beside_parts(told, found)),
        opinion=told.opinions.get(found.id),
        milestone=told.milestones.get(found.id),
        gaps=gap.gaps(told, found),
        late=[each for each in gap.late(told, app.settings) if each.result.id == found.id],
        contacts=contacts(),
        places=told.places,
        wijken=told.wijken,
        records=_records(told, found) if may_look() else None,
        may_look=may_look(),
        threshold=app.settings.small_cell,
    )


def _facts(told: Outcomes, result: Result) -> list[tuple[str, str]]:
    """What was measured at the beginning and what was agreed, each with where that stands."""
    app, here = instance(), told.standing[result.id]
    counted = course.counts(result)
    found = [("Nulmeting", _with(told.baseline(result), *told.baseline_source(result)))]
    if counted or here.target is not None:
        found.append(("Doel", _with(told.target(result) or "geen getal", None, here.target_source)))
        path = told.path(result) or WORDS["no_path"]
        found.append(("Pad op deze dag", _with(path, None, here.path_source)))
    if "milestone.status" in result.questions:
        by = due(result, app.settings.deal_until, app.settings.funding_until)
        found.append(("Klaar op", long_date(by)))
    return found if counted else found[1:]


def _with(words: str, as_of: str | None, source: str | None) -> str:
    """Words with the day and the source behind them, as far as they are known."""
    more = [language.short_day(as_of)] if as_of else []
    more += [source] if source else []
    return f"{words} ({', '.join(more)})" if more else words


def _shown(found: Course) -> View:
    return {
        "headings": found.headings,
        "rows": found.rows,
        "caption": found.caption,
        "drawing": Markup(found.drawing),  # noqa: S704  (made by svg.py, which escapes)
    }


def _parts(told: Outcomes, result: Result, level: str) -> View:
    return _shown(course.parts(told, result, level))


def _records(told: Outcomes, result: Result) -> View | None:
    """How many records stand behind the result, by place and form, each with its list.

    Of a result of a year they are those of the year that is judged and of what came after.
    """
    app, here = instance(), told.standing[result.id]
    names = dict.fromkeys(named.partition(".")[0] for named in result.questions)
    forms = [app.forms[name] for name in names if name in app.forms]
    last = told.over.end.isoformat()
    first = {"year": f"{here.period}-01-01", "month": f"{told.over.start}"}.get(result.over, "")
    with app.store.read() as connection:
        sought = Sought(forms, first=first, last=last, state=rows.CURRENT)
        found = counts(connection, sought)

    def link(form: str, place: str) -> tuple[int, str]:
        number = found.get((form, place), 0)
        if form in PAGES and not place:
            return number, PAGES[form]
        given = {"form": form, "place": place, "from": first, "until": last, "state": rows.CURRENT}
        return number, f"{url_for('records.listed')}?{urlencode(_filled(given))}"

    places = [code for code in told.places if any((form, code) in found for form in names)]
    own = [form for form in forms if (form.form_id, "") in found]
    asked = [form for form in forms if form not in own]
    return {
        "forms": [language.pick(form.title) for form in asked],
        "rows": [(code, [link(form.form_id, code) for form in asked]) for code in places],
        "own": [(language.pick(form.title), *link(form.form_id, "")) for form in own],
        "all": [_total(found, form.form_id, places) for form in asked],
        "first": first,
        "last": last,
    }


def _total(found: Mapping[tuple[str, str], int], form: str, places: Sequence[str]) -> int:
    return sum(found.get((form, place), 0) for place in places)


def _filled(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}
