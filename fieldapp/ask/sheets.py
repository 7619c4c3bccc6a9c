"""The sheets of a form file, read to the letter: rows that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from fieldapp.errors import Fault

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that nobody sees and that no form needs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the texts that are not empty, by header."""

    line: int
    cells: Mapping[str, str]

    def get(self, header: str) -> str:
        """The text under `header`, or an empty one."""
        return self.cells.get(header, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: where its name stands, where its headers stand (empty for a column without)."""

    name: str
    begins: int
    line: int
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of one file; `text` is Markdown that pyxform reads the same way, or empty."""

    file: str
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    text: str = ""

    def rows(self, sheet: str) -> tuple[Row, ...]:
        """The rows of a sheet; none when there is no such sheet."""
        return self.sheets[sheet].rows if sheet in self.sheets else ()

    def headers(self, sheet: str) -> tuple[str, ...]:
        """The headers of a sheet; none when there is no such sheet."""
        return self.sheets[sheet].headers if sheet in self.sheets else ()

    def fault(self, sheet: str, line: int, header: str, sentence: str) -> Fault:
        """A fault of this file; in a workbook its column names the sheet and the cell."""
        if self.text or sheet not in self.sheets:
            return Fault(self.file, line, sentence, header)
        if header not in self.headers(sheet):
            return Fault(self.file, line, sentence, f"{sheet}!{line}:{line}")
        cell = f"{column_letters(self.headers(sheet).index(header))}{line}"
        return Fault(self.file, line, sentence, f"{sheet}!{cell} ({header})")


def column_letters(position: int) -> str:
    """The letters of a column as spreadsheets write them; the first has position 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Builder:
    """Collects rows into sheets, and the faults on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.sheets: dict[str, Sheet] = {}
        self.name = ""
        self.rows: list[Row] = []

    def fault(self, line: int, sentence: str, column: str = "") -> None:
        """Note a fault."""
        self.faults.append(Fault(self.file, line, sentence, column))

    def begin(self, name: str, line: int) -> None:
        """Start a sheet at its name."""
        self.finish()
        if name in self.sheets:
            first = self.sheets[name].begins
            self.fault(
                line,
                f"the sheet '{name}' stands here a second time, so the one on line {first} "
                "would be lost. Put all its rows in one table.",
            )
        self.name, self.rows = name, []
        self.sheets[name] = Sheet(name, line, line, (), ())

    def add(self, line: int, texts: Sequence[str]) -> None:
        """Take a row: the first one of a sheet holds the headers."""
        if not self.name:
            self.fault(
                line,
                "this row stands before the name of a sheet. Begin with a line like | survey |.",
            )
            return
        headers = self.sheets[self.name].headers
        if not headers:
            last = max(i for i, text in enumerate(texts) if text)
            self.sheets[self.name] = replace(
                self.sheets[self.name], line=line, headers=tuple(texts[: last + 1])
            )
            return
        cells: dict[str, str] = {}
        for position, text in enumerate(texts):
            header = headers[position] if position < len(headers) else ""
            if text and not header:
                self.fault(
                    line,
                    f"'{text}' stands in column {position + 1} of '{self.name}', which has no "
                    "header. Remove it, or count the cells before it.",
                )
            elif text:
                cells.setdefault(header, text)
        self.rows.append(Row(line, MappingProxyType(cells)))

    def finish(self) -> None:
        """End the sheet that was begun."""
        if self.name:
            self.sheets[self.name] = replace(self.sheets[self.name], rows=tuple(self.rows))
