"""The progress report of article 8 as a page of the office, to read and to paste into Word."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from markupsafe import Markup

from fieldapp.errors import BadRequest
from fieldapp.report import progress, svg
from fieldapp.report.deliver import reported
from fieldapp.report.period import long_date
from fieldapp.report.progress import Report, report
from fieldapp.report.sentence import number
from fieldapp.report.table import Cell
from fieldapp.web.access import signed_in
from fieldapp.web.instance import instance
from fieldapp.web.office_registers import REGISTERS

blueprint = Blueprint("progress", __name__, url_prefix="/office/progress")

_SHOWN: Mapping[str, Sequence[str]] = {
    "initiatives": ("code", "title", "goal", "status", "progress", "as_of"),
    "results": ("code", "title", "baseline", "last_year", "this_year", "target", "path", "judged"),
    "outlook": ("code", "about", "status", "baseline", "outlook"),
    "opening": ("code", "label", "hours", "baseline", "more", "open"),
    "companies": ("code", "label", "last_year", "this_year", "target"),
    "volunteers": ("year", "persons", "doubtful", "target"),
}
"""What a table of the page shows of its sheet: what is too wide for a page stands in words."""

_CHARTS: Mapping[str, tuple[str, str]] = {
    "opening": ("code", "hours"),
    "companies": ("code", "last_year"),
    "volunteers": ("year", "persons"),
}
"""What is drawn below a table: the column of the labels and that of the numbers."""


@blueprint.get("/")
@signed_in("office", "reader")
def newest() -> Response:
    """Leads to the last report whose cut-off has passed."""
    app = instance()
    year = progress.latest(app.settings, app.now().date())
    return make_response(redirect(url_for("progress.page", year=str(year)), 303))


@blueprint.get("/<year>")
@signed_in("office", "reader")
def page(year: str) -> str:
    """The report of one year, the same for everybody."""
    app = instance()
    today = app.now().date()
    made = None
    with contextlib.suppress(BadRequest):
        book = app.workbooks[progress.WORKBOOK]
        over = reported(book, year, app.settings, today)
        made = app.reports.get(
            (app.stands(), over.start, over.end, today),
            lambda: report(app.store, app.settings, book, year, today),
        )
    if made is None:
        raise BadRequest("Kies het jaar van een verslag, bijvoorbeeld 2026.")
    until = made.over.end
    return render_template(
        "office/progress.html",
        year=year,
        years=_years(today),
        over=made.over,
        start=long_date(made.over.start),
        end=long_date(until),
        unfinished=today <= until,
        tables={name: _table(made, name, columns) for name, columns in _SHOWN.items()},
        charts={name: _chart(made, name) for name in _CHARTS},
        results=_results(made, f"{min(until, today):%Y-%m}"),
        notes={name: table.sheet.notes for name, table in made.tables.items()},
        threshold=app.settings.small_cell,
    )


def _years(today: dt.date) -> list[str]:
    """The reports that have begun, the newest first."""
    app = instance()
    last = progress.latest(app.settings, today)
    return [str(year) for year in range(last + 1, app.settings.deal_from.year - 1, -1)]


def _table(made: Report, name: str, columns: Sequence[str]) -> dict[str, object]:
    """A sheet as a table of the page: headings, and rows of words with what they are."""
    sheet = made.tables[name].sheet
    headings = {column.name: column.heading for column in sheet.columns}
    return {
        "title": sheet.name,
        "headings": [headings[column] for column in columns],
        "rows": [[_words(row[column]) for column in columns] for row in made.records(name)],
        "empty": sheet.empty,
    }


def _words(cell: Cell) -> str:
    """A cell as the page shows it."""
    if cell is None:
        return "niet ingevuld"
    if isinstance(cell, dt.date):
        return long_date(cell)
    return cell if isinstance(cell, str) else number(float(str(cell)))


def _chart(made: Report, name: str) -> Markup:
    """The bars of a table; what is not told has none."""
    labels, numbers = _CHARTS[name]
    chart = made.tables[name].sheet.charts[0]
    pairs = [
        (str(row[labels]), float(told))
        for row in made.records(name)
        if isinstance(told := row[numbers], int | float)
    ]
    if not pairs:
        return Markup()
    drawn = Markup(svg.bars(chart.title, made.over.title, pairs, number))  # noqa: S704  (escaped)
    heading = next(
        column.heading for column in made.tables[name].sheet.columns if column.name == numbers
    )
    return Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(heading, drawn)


def _results(made: Report, month: str) -> list[dict[str, object]]:
    """Every result in words: its sentences with their answers, why it is judged so, by whom."""
    answers = _answers(month)
    sentences = made.records("words")
    return [
        row
        | {
            "id": str(row["code"]).replace("/", "-"),
            "sentences": [each["sentence"] for each in sentences if each["code"] == row["code"]],
            "answers": answers(str(row["code"])),
        }
        for row in made.records("results")
    ]


def _answers(month: str) -> Callable[[str], str]:
    """Where the answers behind a result stand: the office's own list, or what the places sent."""
    own = {each.form: name for name, each in REGISTERS.items()}
    asked = {
        each.id: [named.partition(".")[0] for named in each.questions]
        for each in instance().workbooks[progress.WORKBOOK].results
    }

    def address(result: str) -> str:
        lists = [own[form] for form in asked.get(result, ()) if form in own]
        if lists:
            return url_for("registers.listed", name=lists[0])
        return url_for("overview.shown", month=month)

    return address
