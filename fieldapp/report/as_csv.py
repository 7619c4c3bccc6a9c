"""A table as a CSV file, made in pieces, and what its description must know of it afterwards."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from fieldapp.report.archive import LARGEST
from fieldapp.report.sheet import Column
from fieldapp.report.stream import TooMany
from fieldapp.report.styles import FORMATS
from fieldapp.report.table import Cell, Table

END = "\r\n"

_RISK = re.compile("(?:^|(?<=[;\t\r\n]))(?=[=+\\-@＝＋－＠'\t\r\n])")
_TYPES = {"text": "string", "date": "date", "time": "time", "moment": "datetime"}
_BY_FORMAT = {"integer": "integer", "yes_no": "boolean"}
_PIECE = 2**16  # characters


@dataclass
class Lines:
    """The CSV file of a table; `size`, `digest` and `values` are known once it is written."""

    table: Table
    listed: Collection[str]
    """The columns of which it must be known what they hold."""
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    values: dict[str, set[Cell]] = field(default_factory=dict)
    """Of each listed column what it holds, without what is empty."""

    def pieces(self) -> Iterator[bytes]:
        """The headings of the columns, then the rows: never held whole; TooMany may end it."""
        for piece in self._texts():
            content = piece.encode()
            self.size += len(content)
            if self.size > LARGEST:
                name = self.table.sheet.name
                raise TooMany(f"{name} has more than a file holds: choose a shorter period")
            self.digest.update(content)
            yield content

    def _texts(self) -> Iterator[str]:
        columns = self.table.sheet.columns
        types = [data_type(column) for column in columns]
        looked = [
            (at, self.values.setdefault(column.name, set()))
            for at, column in enumerate(columns)
            if column.name in self.listed
        ]
        held = io.StringIO(newline="")
        writer = csv.writer(held, lineterminator=END)
        writer.writerow([column.heading for column in columns])
        for row in self.table.rows:
            cells = zip(row.cells, types, strict=True)
            writer.writerow([_text(cell, kind) for cell, kind in cells])
            for at, values in looked:
                if (cell := row.cells[at]) not in (None, ""):
                    values.add(cell)
            if held.tell() >= _PIECE:
                yield held.getvalue()
                held.seek(0)
                held.truncate()
        yield held.getvalue()


def guarded(text: str) -> str:
    """`text` as a spreadsheet reads it for text: an apostrophe before what may be a formula."""
    return _RISK.sub("'", text)


def utc(moment: dt.datetime) -> str:
    """A moment as programs read it."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def data_type(column: Column) -> str:
    """What kind of value a column holds, in the words of the description."""
    return _BY_FORMAT.get(column.format) or _TYPES.get(FORMATS[column.format].holds, "number")


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
