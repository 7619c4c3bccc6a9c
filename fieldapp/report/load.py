"""Reads `exports/`: every fault that shows without a database, with file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import result, shared, statement
from fieldapp.report.description import Description
from fieldapp.report.measure import TABLES
from fieldapp.report.people import load_people
from fieldapp.report.result import Result, load_results
from fieldapp.report.sheet import COVER, DESCRIPTION, FIT, Chart, Column, Headline, Sheet, Workbook
from fieldapp.report.statement import Statement
from fieldapp.report.styles import FORMATS

NO_WORKBOOKS = (result.FOLDER, result.PEOPLE, shared.FOLDER)
AUDIENCES = ("public", "office")
PER = ("", "place")
PERIODS = ("calendar", "report_year")
CHARTS = ("bar", "stacked", "line")

FROM = ("", "forms")
_AS_IT_STANDS = (
    "sql",
    "name",
    "empty",
    "turned",
    "freeze",
    "upright",
    "next_page",
    "on_screen",
    "csv",
    "refers",
)

At = tuple[str | int, ...]
"""Words of workbook.toml that lead to a place, one after the other; a number skips."""


def load_workbooks(folder: Path) -> dict[str, Workbook]:
    """Every workbook below `folder` by name; raises FilesBroken with all faults."""
    loaded: dict[str, Workbook] = {}
    faults: list[Fault] = []
    together: tuple[Statement, ...] = ()
    results: tuple[Result, ...] = ()
    people: tuple[Result, ...] = ()
    try:
        together = shared.load_shared(folder)
    except FilesBroken as broken:
        faults.extend(broken.faults)
    try:
        results = load_results(folder)
    except FilesBroken as broken:
        faults.extend(broken.faults)
    try:
        people = load_people(folder, results)
    except FilesBroken as broken:
        faults.extend(broken.faults)
    for inside in sorted(path for path in folder.iterdir() if path.is_dir()):
        if inside.name in NO_WORKBOOKS:
            continue
        try:
            loaded[inside.name] = _reading(_load(inside), together, results, people)
        except FilesBroken as broken:
            faults.extend(broken.faults)
    if faults:
        raise FilesBroken(faults)
    return loaded


def load_workbook(folder: Path) -> Workbook:
    """The workbook that `folder` describes; raises FilesBroken with all faults."""
    exports = folder.parent
    results = load_results(exports)
    people = load_people(exports, results)
    return _reading(_load(folder), shared.load_shared(exports), results, people)


def _reading(
    workbook: Workbook,
    together: tuple[Statement, ...],
    results: tuple[Result, ...],
    people: tuple[Result, ...],
) -> Workbook:
    """The workbook with what its sheets read of what is shared, and the results if they do."""
    texts = [sheet.statement.text for sheet in workbook.sheets]
    read = shared.needed(together, texts)
    asked = (statement.names_in(text) for text in (*texts, *(each.text for each in read)))
    if not any(names & set(TABLES) for names in asked):
        return replace(workbook, shared=read)
    texts += [each.statement.text for each in (*results, *people)]
    read = shared.needed(together, texts)
    return replace(workbook, shared=read, results=results, people=people)


def _load(folder: Path) -> Workbook:
    description = Description(folder)
    workbook = _workbook(description)
    if description.faults or workbook is None:
        raise FilesBroken(description.faults)
    return workbook


def _workbook(description: Description) -> Workbook | None:
    """The workbook; None when it cannot be made sense of."""
    given = description.tables()
    if given is None:
        return None
    if given["audience"] not in AUDIENCES:
        description.blame(
            f"audience '{given['audience']}' is neither {' nor '.join(AUDIENCES)}.", "audience"
        )
    if given.get("per", "") not in PER:
        description.blame(
            f"a workbook cannot be per '{given['per']}'. Say place, or nothing.", "per"
        )
    if given.get("period", PERIODS[0]) not in PERIODS:
        description.blame(
            f"period '{given['period']}' is neither {' nor '.join(PERIODS)}.", "period"
        )
    if given.get("sheets", "") not in FROM:
        description.blame(f"sheets cannot come from '{given['sheets']}'. Say forms.", "sheets")
    for table in ("units", "signs"):
        for name, value in given.get(table, {}).items():
            if not isinstance(value, str):
                description.blame(f"'{name}' must be a text in quotes.", f"[{table}]", name)
    sheets = [_sheet(description, sheet, place) for place, sheet in enumerate(given["sheet"])]
    headlines = [
        Headline(**headline)
        for place, headline in enumerate(given.get("headline", []))
        if description.sound(headline, "headline", "[[headline]]", place)
    ]
    read = [sheet for sheet in sheets if sheet]
    _check_together(description, read, headlines)
    named = {f"{sheet.sql}.sql" for sheet in read}
    for path in sorted(description.folder.glob("*.sql")):
        if path.name not in named and len(read) == len(sheets):
            sentence = f"no sheet in {DESCRIPTION} names this file. Add a [[sheet]] or remove it."
            description.faults.append(Fault(description.sql_file(path.stem), 0, sentence))
    told = ("file", "title", "about", "audience", "per", "period", "units", "signs")
    sheets_from = given.get("sheets", "")
    given = {key: given[key] for key in told if key in given} | {"sheets_from": sheets_from}
    name = description.folder.name
    return Workbook(name, **given, sheets=tuple(read), headlines=tuple(headlines))


def _sheet(description: Description, given: Any, place: int) -> Sheet | None:
    """The sheet at that place in the file; None when it cannot be made sense of."""
    at: At = ("[[sheet]]", place)
    if not description.sound(given, "sheet", *at):
        return None
    columns = [
        Column(name, **column | {key: tuple(column.get(key, ())) for key in ("draws", "within")})
        for name, column in given["columns"].items()
        if description.sound(column, "column", *at, name)
    ]
    charts = [
        Chart(**chart | {key: tuple(chart.get(key, ())) for key in ("series", "lines")})
        for chart in given.get("chart", [])
        if description.sound(chart, "chart", *at, "[[sheet.chart]]")
    ]
    _check_columns(description, columns, at)
    for chart in charts:
        _check_chart(description, chart, {column.name: column for column in columns}, at)
    path = description.folder / f"{given['sql']}.sql"
    if not path.is_file():
        description.blame(
            f"there is no file {path.name} in this folder. Add it or change sql.", *at, "sql"
        )
        return None
    read, faults = statement.read(description.sql_file(path.stem), path.read_text("utf-8"))
    description.faults += faults
    names = {column.name for column in columns}
    turns = [given["next_page"]] if "next_page" in given else []
    for name in (*given.get("key", []), *given.get("refers", {}), *turns):
        if name not in names:
            description.blame(f"'{name}' is no column of this sheet. Add it or take it out.", *at)
    rest = {key: given[key] for key in _AS_IT_STANDS if key in given}
    rest["key"] = tuple(given.get("key", []))
    notes = tuple(str(note) for note in given.get("notes", []))
    return Sheet(statement=read, columns=tuple(columns), charts=tuple(charts), notes=notes, **rest)


def _check_columns(description: Description, columns: Sequence[Column], at: At) -> None:
    """Blames columns that the engine could not write."""
    headings = [column.heading.casefold() for column in columns]
    for column in columns:
        name, here = column.name, (*at, column.name)
        if not column.heading.strip():
            description.blame(f"the heading of '{name}' is empty. Write one.", *here)
        if headings.count(column.heading.casefold()) > 1:
            description.blame(
                f"two columns have the heading '{column.heading}'. Change one.", *here
            )
        if column.format not in FORMATS:
            known = ", ".join(FORMATS)
            description.blame(f"there is no format '{column.format}'. Use one of: {known}.", *here)
        elif column.mean_of and column.mean_of not in {each.name for each in columns}:
            description.blame(
                f"'{name}' is the mean of '{column.mean_of}', which is no column here.", *here
            )
        elif missing := sorted(set(column.draws) - {each.name for each in columns}):
            description.blame(f"'{name}' draws '{missing[0]}', which is no column here.", *here)
        elif column.protect and FORMATS[column.format].holds not in {"number", "row"}:
            description.blame(
                f"'{name}' is protected but holds no number. Give it format integer.", *here
            )
        protected = {each.name for each in columns if each.protect} - {name}
        for whole in sorted(set(column.within) - (protected if column.protect else set())):
            sentence = f"'{name}' cannot be within '{whole}': both must be protected columns here."
            description.blame(sentence, *here)


def _check_chart(
    description: Description, chart: Chart, columns: Mapping[str, Column], at: At
) -> None:
    """Blames a chart that cannot be drawn, or that would draw protected cells as zero."""
    at = (*at, "[[sheet.chart]]")
    if chart.kind not in CHARTS:
        description.blame(
            f"there is no chart '{chart.kind}'. Use one of: {', '.join(CHARTS)}.", *at
        )
    for name in (chart.categories, *chart.series, *chart.lines):
        if name not in columns:
            description.blame(f"the chart names '{name}', which is no column here.", *at)
    for name in (*chart.series, *chart.lines):
        if name in columns and columns[name].protect:
            description.blame(
                f"'{name}' is protected, and a chart would draw '<5' as zero. Draw another column.",
                *at,
            )


def _check_together(
    description: Description, sheets: Sequence[Sheet], headlines: Sequence[Headline]
) -> None:
    """Blames what only shows over the sheets together."""
    taken = {COVER.casefold()}
    for place, sheet in enumerate(sheets):
        at: At = ("[[sheet]]", place, "name")
        if sheet.name.casefold() in taken:
            description.blame(f"two sheets are called '{sheet.name}'. Change one.", *at)
        if not re.fullmatch(FIT, sheet.name):
            description.blame(
                f"'{sheet.name[:40]}' is no name for a sheet. "
                "Use 1 to 31 characters without []:*?/\\'.",
                *at,
            )
        taken.add(sheet.name.casefold())
    shown = {(sheet.sql, column.name) for sheet in sheets for column in sheet.columns}
    for place, sheet in enumerate(sheets):
        for name, target in sheet.refers.items():
            other, _, column = str(target).partition(".")
            if (other, column) not in shown:
                description.blame(
                    f"'{name}' refers to '{target}', which is no column of a sheet here. "
                    "Write it as places.name.",
                    "[[sheet]]",
                    place,
                )
    for place, headline in enumerate(headlines):
        if (headline.sheet, headline.column) not in shown:
            description.blame(
                f"no sheet '{headline.sheet}' has a column '{headline.column}'.",
                "[[headline]]",
                place,
            )
