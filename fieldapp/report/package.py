"""The sheets of a workbook as CSV files, with a datapackage.json that says what is in them.

The files follow RFC 4180, the description Frictionless Data Package 1: programs read both.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import IO, Any

from fieldapp.report.archive import zip_into
from fieldapp.report.as_csv import END, Lines, data_type, guarded, utc
from fieldapp.report.cover import About
from fieldapp.report.gather import gather
from fieldapp.report.period import Period
from fieldapp.report.sheet import Column, Sheet, Workbook

DESCRIPTION = "datapackage.json"
GUARDED = (
    "Een tekst die een rekenblad als formule kan lezen, begint met een apostrof: dus waar aan het "
    "begin, na een puntkomma, een tab of een nieuwe regel = + - @ of een apostrof staat. "
    "Haal op die plaatsen één apostrof weg en de tekst is weer wat er werd ingevuld."
)
"""What the description says of texts, so that a program can undo it."""

_DIALECT = {
    "delimiter": ",",
    "lineTerminator": END,
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
}


def offered(workbook: Workbook) -> bool:
    """Whether `workbook` is there as CSV too."""
    return bool(workbook.sheets_from) or any(sheet.csv for sheet in workbook.sheets)


def pack(
    workbook: Workbook,
    connection: Connection,
    period: Period,
    made_at: dt.datetime,
    about: About,
    place: str | None = None,
) -> bytes:
    """The zip file of `workbook` over `period`: a CSV per sheet that is told as one.

    What a public workbook protects is empty here. Raises FilesBroken like `build`.
    """
    file = io.BytesIO()
    pack_into(file, workbook, connection, period, made_at, about, place)
    return file.getvalue()


def pack_into(
    file: IO[bytes],
    workbook: Workbook,
    connection: Connection,
    period: Period,
    made_at: dt.datetime,
    about: About,
    place: str | None = None,
) -> None:
    """Writes the same into a file: what is long is never held whole."""
    tables = gather(
        workbook, connection, period, about, place, lambda sheet: sheet.csv, streaming=True
    )
    listed = _listed(table.sheet for table in tables)
    lines = {table.sheet.sql: Lines(table, listed[table.sheet.sql]) for table in tables}
    share = "" if workbook.public else " Niet delen: alleen voor het programmabureau."
    described = {
        "profile": "tabular-data-package",
        "name": "-".join(filter(None, (workbook.name, period.text, place))).lower(),
        "title": f"{workbook.title}, {period.title}",
        "description": f"{workbook.about}{share} {GUARDED}",
        "created": utc(made_at),
        "contributors": [{"title": about.organisation, "role": "publisher"}],
    }

    def parts() -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
        for path, name in sorted((_path(name), name) for name in lines):
            yield path, lines[name].pieces()
        # All is written now, so that it is known what is in it.
        resources = [_resource(name, lines) for name in lines]
        text = json.dumps({**described, "resources": resources}, ensure_ascii=False, indent=2)
        yield DESCRIPTION, f"{text}\n".encode()

    zip_into(file, parts(), made_at)


def _path(name: str) -> str:
    return f"{name}.csv"


def _listed(sheets: Iterable[Sheet]) -> Mapping[str, set[str]]:
    """By sheet the columns of which it must be known what they hold."""
    listed: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets:
        listed[sheet.sql] |= {*sheet.choices, *sheet.refers}
        for target in sheet.refers.values():
            resource, _, column = target.partition(".")
            listed[resource].add(column)
    return listed


def _resource(name: str, lines: Mapping[str, Lines]) -> Mapping[str, Any]:
    written = lines[name]
    sheet = written.table.sheet
    schema: dict[str, Any] = {
        "fields": [_field(column, written) for column in sheet.columns],
        "missingValues": [""],
    }
    if sheet.key:
        schema["primaryKey"] = [_called(sheet, column) for column in sheet.key]
    if keys := _foreign_keys(written, lines):
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": _path(name),
        "title": sheet.name,
        "description": " ".join((sheet.statement.about, *sheet.notes)),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.digest.hexdigest()}",
        "dialect": _DIALECT,
        "schema": schema,
    }


def _field(column: Column, written: Lines) -> Mapping[str, Any]:
    sheet = written.table.sheet
    kind = data_type(column)
    field: dict[str, Any] = {
        "name": column.heading,
        "type": kind,
        "title": column.title or column.heading,
    }
    if column.means:
        field["description"] = column.means
    if kind == "boolean":
        field |= {"trueValues": ["1"], "falseValues": ["0"]}
    if column.unit:
        field["unit"] = column.unit
    limits: dict[str, Any] = {}
    if column.name in (*sheet.key, *sheet.always):
        limits["required"] = True
    if column.name in sheet.choices:  # a form that changed may have offered more before
        there = {str(cell) for cell in written.values[column.name]}
        found = sorted(there - set(sheet.choices[column.name]))
        limits["enum"] = [guarded(name) for name in (*sheet.choices[column.name], *found)]
    return field | ({"constraints": limits} if limits else {})


def _foreign_keys(written: Lines, lines: Mapping[str, Lines]) -> Sequence[Mapping[str, Any]]:
    """What refers to a row of another file, as long as every row is there."""
    keys = []
    for name, target in written.table.sheet.refers.items():
        resource, _, column = target.partition(".")
        if resource in lines and written.values[name] <= lines[resource].values[column]:
            there = _called(lines[resource].table.sheet, column)
            reference = {"resource": resource, "fields": there}
            keys.append({"fields": _called(written.table.sheet, name), "reference": reference})
    return keys


def _called(sheet: Sheet, name: str) -> str:
    """What a column is called in the file: as in the workbook."""
    return next(column.heading for column in sheet.columns if column.name == name)
