"""One workbook.toml: which keys it may have, and where in it a mistake stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fieldapp.errors import Fault, no_toml
from fieldapp.report.sheet import DESCRIPTION

_KEYS: Mapping[str, Mapping[str, type]] = {
    "workbook": {
        "title": str,
        "about": str,
        "file": str,
        "audience": str,
        "per": str,
        "period": str,
        "sheets": str,
        "units": dict,
        "signs": dict,
        "sheet": list,
        "headline": list,
    },
    "headline": {"sheet": str, "column": str, "label": str, "figure": str},
    "sheet": {
        "sql": str,
        "name": str,
        "columns": dict,
        "chart": list,
        "notes": list,
        "empty": str,
        "turned": bool,
        "freeze": int,
        "upright": bool,
        "next_page": str,
        "on_screen": bool,
        "csv": bool,
        "key": list,
        "refers": dict,
    },
    "column": {
        "heading": str,
        "format": str,
        "width": int,
        "protect": bool,
        "unit": str,
        "mean_of": str,
        "draws": list,
        "within": list,
    },
    "chart": {
        "kind": str,
        "title": str,
        "categories": str,
        "series": list,
        "lines": list,
        "half": bool,
    },
}
_REQUIRED = {
    "workbook": {"title", "about", "file", "audience", "sheet"},
    "headline": {"sheet", "column", "label"},
    "sheet": {"sql", "name", "columns"},
    "column": {"heading"},
    "chart": {"kind", "title", "categories", "series"},
}
_WORDS = {
    str: "text in quotes",
    int: "whole number",
    bool: "true or false",
    list: "list",
    dict: "table",
}


class Description:
    """The text of one workbook.toml, with what is wrong in it and in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = f"{folder.parent.name}/{folder.name}/{DESCRIPTION}"
        self.faults: list[Fault] = []
        path = folder / DESCRIPTION
        self.text = path.read_text("utf-8") if path.is_file() else ""

    def tables(self) -> dict[str, Any] | None:
        """What it says; None when it cannot be made sense of."""
        if not (self.folder / DESCRIPTION).is_file():
            sentence = f"there is no {DESCRIPTION} in this folder. Add one."
            self.faults.append(Fault(self.file, 0, sentence))
            return None
        try:
            given = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            self.faults.append(no_toml(self.file, self.text, error))
            return None
        return given if self.sound(given, "workbook") else None

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
