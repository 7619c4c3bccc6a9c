"""Reads and checks `exports/`: every fault with its file, its line and the remedy."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import statement
from fieldapp.report.sheet import COVER, Chart, Column, Headline, Sheet, Workbook
from fieldapp.report.styles import FORMATS

FILE = "workbook.toml"
RESULTS = "results"  # this folder holds results, no workbook
AUDIENCES = ("public", "office")
CHARTS = ("bar", "stacked", "line")
PARAMETERS: Mapping[str, str | None] = {
    "from": "2026-01-01",
    "until": "2026-01-31",
    "year_from": "2026-01-01",
    "place": None,
}

_KEYS: Mapping[str, Mapping[str, type]] = {
    "workbook": {
        "title": str,
        "about": str,
        "file": str,
        "audience": str,
        "sheet": list,
        "headline": list,
    },
    "headline": {"sheet": str, "column": str, "label": str},
    "sheet": {
        "sql": str,
        "name": str,
        "columns": dict,
        "chart": list,
        "notes": list,
        "empty": str,
        "turned": bool,
        "freeze": int,
    },
    "column": {"heading": str, "format": str, "width": int, "protect": bool},
    "chart": {"kind": str, "title": str, "categories": str, "series": list},
}
_REQUIRED = {
    "workbook": {"title", "about", "file", "audience", "sheet"},
    "headline": {"sheet", "column", "label"},
    "sheet": {"sql", "name", "columns"},
    "column": {"heading"},
    "chart": {"kind", "title", "categories", "series"},
}


def load_workbooks(folder: Path) -> dict[str, Workbook]:
    """Every workbook below `folder` by name; raises FilesBroken with all faults."""
    loaded: dict[str, Workbook] = {}
    faults: list[Fault] = []
    for inside in sorted(path for path in folder.iterdir() if path.is_dir()):
        if inside.name == RESULTS:
            continue
        try:
            loaded[inside.name] = load_workbook(inside)
        except FilesBroken as broken:
            faults.extend(broken.faults)
    if faults:
        raise FilesBroken(faults)
    return loaded


def load_workbook(folder: Path) -> Workbook:
    """The workbook that `folder` describes; raises FilesBroken with all faults."""
    reader = _Reader(folder)
    workbook = reader.workbook()
    if reader.faults or workbook is None:
        raise FilesBroken(reader.faults)
    return workbook


def check_exports(folder: Path, connection: sqlite3.Connection) -> list[Fault]:
    """All faults in the workbooks below `folder`; `connection` is an export of an empty store."""
    try:
        workbooks = load_workbooks(folder)
    except FilesBroken as broken:
        return list(broken.faults)
    return [
        fault
        for workbook in workbooks.values()
        for fault in check_workbook(folder / workbook.name, workbook, connection)
    ]


def check_workbook(folder: Path, workbook: Workbook, connection: sqlite3.Connection) -> list[Fault]:
    """Faults that show once SQLite prepares the statements: names, and columns left undescribed."""
    faults: list[Fault] = []
    reader = _Reader(folder)
    for place, sheet in enumerate(workbook.sheets):
        try:
            names, _ = statement.select(sheet.statement, connection, PARAMETERS)
        except FilesBroken as broken:
            faults.extend(broken.faults)
            continue
        described = {column.name for column in sheet.columns}
        for name in names:
            if not name.startswith("_") and name not in described:
                sentence = (
                    f"column '{name}' is not described in {FILE}. "
                    f"Add it under [sheet.columns] of '{sheet.name}', or call it _{name}."
                )
                line = statement.line_of(sheet.statement.text, name)
                faults.append(Fault(sheet.statement.file, line, sentence))
        for name in sorted(described - set(names)):
            sentence = f"{sheet.sql}.sql gives no column '{name}'. Take it out or SELECT it."
            faults.append(reader.fault(sentence, "[[sheet]]", place, name))
        needed = {"_level", "_group", "_place"} if sheet.protects else set()
        for name in sorted(needed - set(names)):
            sentence = (
                f"it counts persons, so every row must tell its {name}. Add {name} to the SELECT: "
                "_level is place, wijk or total, _group the wijk, _place the code of the place."
            )
            faults.append(Fault(sheet.statement.file, 0, sentence))
    return faults


class _Reader:
    """Reads one folder and collects what is wrong in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = f"{folder.parent.name}/{folder.name}/{FILE}"
        self.faults: list[Fault] = []
        path = folder / FILE
        self.text = path.read_text("utf-8") if path.is_file() else ""

    def workbook(self) -> Workbook | None:
        """The workbook; None when it cannot be made sense of."""
        if not (self.folder / FILE).is_file():
            self.faults.append(Fault(self.file, 0, f"there is no {FILE} in this folder. Add one."))
            return None
        try:
            given = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line ([0-9]+)", str(error))
            line = int(found[1]) if found else self.text.count("\n") + 1
            self.faults.append(Fault(self.file, line, f"this is not TOML: {error}."))
            return None
        if not self.sound(given, "workbook"):
            return None
        if given["audience"] not in AUDIENCES:
            self.blame(
                f"audience '{given['audience']}' is neither {' nor '.join(AUDIENCES)}.", "audience"
            )
        sheets = [self.sheet(sheet, place) for place, sheet in enumerate(given["sheet"])]
        headlines = [
            Headline(**headline)
            for place, headline in enumerate(given.get("headline", []))
            if self.sound(headline, "headline", "[[headline]]", place)
        ]
        read = [sheet for sheet in sheets if sheet]
        self.whole(read, headlines)
        named = {f"{sheet.sql}.sql" for sheet in read}
        for path in sorted(self.folder.glob("*.sql")):
            if path.name not in named and len(read) == len(sheets):
                sentence = f"no sheet in {FILE} names this file. Add a [[sheet]] or remove it."
                self.faults.append(Fault(self.sql_file(path.stem), 0, sentence))
        given = {key: given[key] for key in ("file", "title", "about", "audience")}
        return Workbook(self.folder.name, **given, sheets=tuple(read), headlines=tuple(headlines))

    def sheet(self, given: Any, place: int) -> Sheet | None:
        """The sheet at that place in the file; None when it cannot be made sense of."""
        at = ("[[sheet]]", place)
        if not self.sound(given, "sheet", *at):
            return None
        columns = [
            Column(name, **column)
            for name, column in given["columns"].items()
            if self.sound(column, "column", *at, name)
        ]
        charts = [
            Chart(**{**chart, "series": tuple(chart["series"])})
            for chart in given.get("chart", [])
            if self.sound(chart, "chart", *at, "[[sheet.chart]]")
        ]
        for column in columns:
            self.column(column, *at)
        headings = [column.heading.casefold() for column in columns]
        for column in columns:
            if headings.count(column.heading.casefold()) > 1:
                self.blame(
                    f"two columns have the heading '{column.heading}'. Change one.",
                    *at,
                    column.name,
                )
        for chart in charts:
            self.chart(chart, {column.name: column for column in columns}, *at)
        path = self.folder / f"{given['sql']}.sql"
        if not path.is_file():
            self.blame(
                f"there is no file {path.name} in this folder. Add it or change sql.", *at, "sql"
            )
            return None
        read, faults = statement.read(self.sql_file(path.stem), path.read_text("utf-8"))
        self.faults += faults
        rest = {
            key: given[key] for key in ("sql", "name", "empty", "turned", "freeze") if key in given
        }
        notes = tuple(str(note) for note in given.get("notes", []))
        return Sheet(
            statement=read, columns=tuple(columns), charts=tuple(charts), notes=notes, **rest
        )

    def column(self, column: Column, *at: str | int) -> None:
        """Blames a column that the engine could not write."""
        if not column.heading.strip():
            self.blame(f"the heading of '{column.name}' is empty. Write one.", *at, column.name)
        if column.format not in FORMATS:
            known = ", ".join(FORMATS)
            self.blame(
                f"there is no format '{column.format}'. Use one of: {known}.", *at, column.name
            )
        elif column.protect and FORMATS[column.format].holds != "number":
            self.blame(
                f"'{column.name}' is protected but holds no number. Give it format integer.",
                *at,
                column.name,
            )

    def chart(self, chart: Chart, columns: Mapping[str, Column], *at: str | int) -> None:
        """Blames a chart that cannot be drawn, or that would draw protected cells as zero."""
        at = (*at, "[[sheet.chart]]")
        if chart.kind not in CHARTS:
            self.blame(f"there is no chart '{chart.kind}'. Use one of: {', '.join(CHARTS)}.", *at)
        for name in (chart.categories, *chart.series):
            if name not in columns:
                self.blame(f"the chart names '{name}', which is no column here.", *at)
        for name in chart.series:
            if name in columns and columns[name].protect:
                self.blame(
                    f"'{name}' is protected, and a chart would draw '<5' as zero. "
                    "Draw another column.",
                    *at,
                )

    def whole(self, sheets: list[Sheet], headlines: list[Headline]) -> None:
        """Blames what only shows over the sheets together."""
        taken = {COVER.casefold()}
        for place, sheet in enumerate(sheets):
            if sheet.name.casefold() in taken:
                self.blame(
                    f"two sheets are called '{sheet.name}'. Change one.", "[[sheet]]", place, "name"
                )
            if not re.fullmatch(r"[^\[\]:*?/\\']{1,31}", sheet.name):
                self.blame(
                    f"'{sheet.name[:40]}' is no name for a sheet. "
                    "Use 1 to 31 characters without []:*?/\\'.",
                    "[[sheet]]",
                    place,
                    "name",
                )
            taken.add(sheet.name.casefold())
        shown = {(sheet.sql, column.name) for sheet in sheets for column in sheet.columns}
        for place, headline in enumerate(headlines):
            if (headline.sheet, headline.column) not in shown:
                self.blame(
                    f"no sheet '{headline.sheet}' has a column '{headline.column}'.",
                    "[[headline]]",
                    place,
                )

    def sound(self, given: Any, table: str, *at: str | int) -> bool:
        """Whether a table has all the keys it needs, no others, and values of the right type."""
        before = len(self.faults)
        keys = _KEYS[table]
        if not isinstance(given, dict):
            self.blame(f"this {table} is no table of keys and values.", *at)
            return False
        for key, value in given.items():
            if key not in keys:
                self.blame(f"unknown key '{key}'. A {table} may have: {', '.join(keys)}.", *at, key)
            elif not isinstance(value, keys[key]) or (keys[key] is int) > (type(value) is int):
                self.blame(f"'{key}' must be a {_WORDS[keys[key]]}.", *at, key)
        for key in sorted(_REQUIRED[table] - set(given)):
            self.blame(f"'{key}' is missing in this {table}. Add it.", *at)
        return len(self.faults) == before

    def blame(self, sentence: str, *at: str | int) -> None:
        """Adds a fault at the place that `at` leads to."""
        self.faults.append(self.fault(sentence, *at))

    def fault(self, sentence: str, *at: str | int) -> Fault:
        """A fault in workbook.toml: `at` are words to find one after the other, a number skips."""
        place = 0
        for step, word in enumerate(at):
            if isinstance(word, int):
                continue
            skip = at[step + 1] if step + 1 < len(at) else 0
            key = re.escape(word)
            table = rf"^\s*{key}" if word.startswith("[") else rf"(?:^|[{{,.])\s*{key}\s*[=\]]"
            pattern = re.compile(table, re.MULTILINE)
            for _ in range((skip if isinstance(skip, int) else 0) + 1):
                if found := pattern.search(self.text, place):
                    place = found.end()
        return Fault(self.file, self.text.count("\n", 0, place) + 1 if at else 0, sentence)

    def sql_file(self, stem: str) -> str:
        """How faults name the statement's file."""
        return f"{self.folder.parent.name}/{self.folder.name}/{stem}.sql"


_WORDS = {
    str: "text in quotes",
    int: "whole number",
    bool: "true or false",
    list: "list",
    dict: "table",
}
