"""The sheets of a workbook as CSV files, with a datapackage.json that says what is in them.

The files follow RFC 4180, the description Frictionless Data Package 1: programs read both.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from sqlite3 import Connection
from typing import Any

from fieldapp.report.archive import zipped
from fieldapp.report.cover import About
from fieldapp.report.gather import gather
from fieldapp.report.period import Period
from fieldapp.report.sheet import Column, Sheet, Workbook
from fieldapp.report.styles import FORMATS
from fieldapp.report.table import Cell, Table

DESCRIPTION = "datapackage.json"
GUARDED = (
    "Een tekst die een rekenblad als formule kan lezen, begint met een apostrof: dus waar aan het "
    "begin, na een puntkomma, een tab of een nieuwe regel = + - @ of een apostrof staat. "
    "Haal op die plaatsen één apostrof weg en de tekst is weer wat er werd ingevuld."
)
"""What the description says of texts, so that a program can undo it."""

_RISK = re.compile("(?:^|(?<=[;\t\r\n]))(?=[=+\\-@＝＋－＠'\t\r\n])")
_TYPES = {"text": "string", "date": "date", "time": "time", "moment": "datetime"}
_BY_FORMAT = {"integer": "integer", "yes_no": "boolean"}
_END = "\r\n"
_DIALECT = {
    "delimiter": ",",
    "lineTerminator": _END,
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
    found = gather(workbook, connection, period, about, place, lambda sheet: sheet.csv)
    tables = {table.sheet.sql: table for table in found}
    files = {f"{name}.csv": _lines(table) for name, table in tables.items()}
    resources = [
        _resource(name, table, tables, files[f"{name}.csv"]) for name, table in tables.items()
    ]
    share = "" if workbook.public else " Niet delen: alleen voor het programmabureau."
    described = {
        "profile": "tabular-data-package",
        "name": "-".join(filter(None, (workbook.name, period.text, place))).lower(),
        "title": f"{workbook.title}, {period.title}",
        "description": f"{workbook.about}{share} {GUARDED}",
        "created": utc(made_at),
        "contributors": [{"title": about.organisation, "role": "publisher"}],
        "resources": resources,
    }
    text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    return zipped([*sorted(files.items()), (DESCRIPTION, text.encode())], made_at)


def guarded(text: str) -> str:
    """`text` as a spreadsheet reads it for text: an apostrophe before what may be a formula."""
    return _RISK.sub("'", text)


def _lines(table: Table) -> bytes:
    """The CSV file of a table: the headings of its columns, then its rows."""
    columns = table.sheet.columns
    result = io.StringIO(newline="")
    writer = csv.writer(result, lineterminator=_END)
    writer.writerow([column.heading for column in columns])
    types = [data_type(column) for column in columns]
    for row in table.rows:
        writer.writerow([_text(cell, kind) for cell, kind in zip(row.cells, types, strict=True)])
    return result.getvalue().encode()


def _text(cell: Cell, kind: str) -> str:
    """A cell as a field of its type; a word in place of a number is no number, so nothing."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell) if kind == "string" else ""
    if isinstance(cell, dt.datetime):
        return utc(cell)
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return repr(cell)


def utc(moment: dt.datetime) -> str:
    """A moment as programs read it."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def data_type(column: Column) -> str:
    """What kind of value a column holds, in the words of the description."""
    return _BY_FORMAT.get(column.format) or _TYPES.get(FORMATS[column.format].holds, "number")


def _resource(
    name: str, table: Table, tables: Mapping[str, Table], content: bytes
) -> Mapping[str, Any]:
    sheet = table.sheet
    schema: dict[str, Any] = {
        "fields": [_field(table, at) for at in range(len(sheet.columns))],
        "missingValues": [""],
    }
    if sheet.key:
        schema["primaryKey"] = [_called(sheet, column) for column in sheet.key]
    if keys := _foreign_keys(table, tables):
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": sheet.name,
        "description": " ".join((sheet.statement.about, *sheet.notes)),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": _DIALECT,
        "schema": schema,
    }


def _field(table: Table, at: int) -> Mapping[str, Any]:
    column, sheet = table.sheet.columns[at], table.sheet
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
        found = sorted({str(cell) for cell in _cells(table, at)} - set(sheet.choices[column.name]))
        limits["enum"] = [guarded(name) for name in (*sheet.choices[column.name], *found)]
    return field | ({"constraints": limits} if limits else {})


def _cells(table: Table, at: int) -> Sequence[Cell]:
    """What the rows hold in one column, without what is empty."""
    return [row.cells[at] for row in table.rows if row.cells[at] not in (None, "")]


def _foreign_keys(table: Table, tables: Mapping[str, Table]) -> Sequence[Mapping[str, Any]]:
    """What refers to a row of another file, as long as every row is there."""
    keys = []
    for name, target in table.sheet.refers.items():
        resource, _, column = target.partition(".")
        if resource in tables and set(_cells(table, _at(table.sheet, name))) <= set(
            _cells(tables[resource], _at(tables[resource].sheet, column))
        ):
            there = _called(tables[resource].sheet, column)
            reference = {"resource": resource, "fields": there}
            keys.append({"fields": _called(table.sheet, name), "reference": reference})
    return keys


def _called(sheet: Sheet, name: str) -> str:
    """What a column is called in the file: as in the workbook."""
    return sheet.columns[_at(sheet, name)].heading


def _at(sheet: Sheet, name: str) -> int:
    return [column.name for column in sheet.columns].index(name)
