"""What was agreed, from `exports/results/covenant.toml`, as first answers to the office's forms."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from fieldapp.ask.answer import Answer, Context, check
from fieldapp.ask.kinds import kind_of, to_column
from fieldapp.ask.question import Form
from fieldapp.errors import Fault, FilesBroken, Refused, no_toml
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store, Write, table_of

FILE = Path("results", "covenant.toml")
EACH = "each"

_SPACE = uuid.UUID("6b8f4d2c-6c1e-4f0a-9d0e-2a7c5b9e1f34")
"""From which the id of a record is made, so that it is entered once."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One table of the file: a checked answer, and the id under which it is kept."""

    row: str
    answer: Answer
    name: str
    """Its key in words."""
    file: str
    line: int


def read(exports: Path, forms: Mapping[str, Form], now: dt.datetime) -> Sequence[Agreed]:
    """What was agreed, none without a file; raises FilesBroken with every fault."""
    text = _Text(exports, forms)
    agreed = text.agreed(Context(now))
    if text.faults:
        raise FilesBroken(text.faults)
    return agreed


def faults(exports: Path, forms: Mapping[str, Form], now: dt.datetime) -> Sequence[Fault]:
    """Everything that is wrong in the file."""
    text = _Text(exports, forms)
    text.agreed(Context(now))
    return sorted(text.faults)


def missing(store: Store, connection: Connection, agreed: Sequence[Agreed]) -> Sequence[Agreed]:
    """What the office has nothing of: not changed, not withdrawn, and not entered by itself."""
    return [one for one in agreed if not _known(store, connection, one)]


def enter(store: Store, write: Write, agreed: Sequence[Agreed]) -> int:
    """Enters what is missing and gives how much that was; the rest stays as the office has it."""
    new = missing(store, write.connection, agreed)
    for one in new:
        form = store.forms[one.answer.form_id]
        rows.add(store, write, form, one.answer, one.row, Origin(None))
    return len(new)


def not_entered(
    store: Store, connection: Connection, agreed: Sequence[Agreed], data: Path
) -> Sequence[Fault]:
    """What is missing, in a sentence per form with the remedy, at the line of the first."""
    found: dict[str, list[Agreed]] = {}
    for one in missing(store, connection, agreed):
        found.setdefault(one.answer.form_id, []).append(one)
    remedy = f"Run `fieldapp init --data {data}`: it adds only what is missing."
    return [
        Fault(
            some[0].file,
            some[0].line,
            f"not in this instance: [[{form_id}]] {', '.join(one.name for one in some)}. {remedy}",
        )
        for form_id, some in found.items()
    ]


def _known(store: Store, connection: Connection, one: Agreed) -> bool:
    """Whether a record has this id or this key, be it withdrawn."""
    form = store.forms[one.answer.form_id]
    same = " AND ".join(f"[{name}] IS ?" for name in form.key) or "0"
    found = connection.execute(
        f"SELECT 1 FROM [{table_of(form.form_id)}] WHERE _id = ? OR ({same}) LIMIT 1",
        (one.row, *(to_column(one.answer.values.get(name)) for name in form.key)),
    ).fetchone()
    return found is not None


class _Text:
    """The text of the file, with what is wrong in it."""

    def __init__(self, exports: Path, forms: Mapping[str, Form]) -> None:
        self.file = f"{exports.name}/{FILE.as_posix()}"
        self.forms = {name: form for name, form in forms.items() if "office" in form.places}
        self.faults: list[Fault] = []
        path = exports / FILE
        self.text = path.read_text("utf-8") if path.is_file() else ""

    def agreed(self, context: Context) -> Sequence[Agreed]:
        """Every table as a checked answer; what cannot be read is among the faults."""
        found: dict[str, Agreed] = {}
        for form_id, place, raw in self._tables():
            form = self.forms[form_id]
            try:
                answer = check(form, raw, context)
            except Refused as refused:
                for name, message in refused.messages.items():
                    self._blame(f"{name}: {message}", form_id, place, name)
                continue
            keyed = json.dumps([form_id, *(answer.values[name] for name in form.key)])
            row = str(uuid.uuid5(_SPACE, keyed))
            if row in found:
                same = " and ".join(form.key)
                self._blame(f"another above has this {same}. Keep one.", form_id, place)
            name = " ".join(str(answer.values[key] or "") for key in form.key).strip()
            found[row] = Agreed(row, answer, name, self.file, self._line(form_id, place, ""))
        return list(found.values())

    def _tables(self) -> list[tuple[str, int, dict[str, list[str]]]]:
        """Every table as a page would send it: its form, its number among those, and its values."""
        try:
            given = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            self.faults.append(no_toml(self.file, self.text, error))
            return []
        each = given.pop(EACH, {})
        if not isinstance(each, dict):
            self._blame("'each' is no table. Write [each.target] above what holds for all.", EACH)
            return []
        shared = {
            name: self._values(f"{EACH}.{name}", name, 0, table)
            for name, table in each.items()
            if self._is_form(name, [table], f"{EACH}.{name}")
        }
        return [
            (name, place, {**shared.get(name, {}), **self._values(name, name, place, table)})
            for name, tables in given.items()
            if self._is_form(name, tables, name)
            for place, table in enumerate(tables)
        ]

    def _is_form(self, name: str, tables: Any, head: str) -> bool:
        if name not in self.forms:
            known = ", ".join(sorted(self.forms))
            self._blame(f"the office has no form '{name}'. It has: {known}.", head)
        elif not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self._blame(f"'{name}' is no list of tables. Write [[{name}]] above each.", head)
        else:
            return True
        return False

    def _values(
        self, head: str, form_id: str, place: int, table: Mapping[str, Any]
    ) -> dict[str, list[str]]:
        questions = self.forms[form_id].columns.items()
        asked = [name for name, q in questions if kind_of(q).filled_by == "person"]
        values = {}
        for key, value in table.items():
            sent = _sent(value)
            if key not in asked:
                sentence = f"'{form_id}' asks no '{key}'. It asks: {', '.join(asked)}."
                self._blame(sentence, head, place, key)
            elif sent is None:
                sentence = f"'{key}' is no text, number or day. Write text in quotes."
                self._blame(sentence, head, place, key)
            else:
                values[key] = sent
        return values

    def _blame(self, sentence: str, head: str, place: int = 0, key: str = "") -> None:
        """Adds a fault at a key of a table, or where that table begins."""
        self.faults.append(Fault(self.file, self._line(head, place, key), sentence))

    def _line(self, head: str, place: int, key: str) -> int:
        begins = rf"^\s*(?:\[+\s*{re.escape(head)}\s*\]+|{re.escape(head)}\s*=)"
        heads = [*re.finditer(begins, self.text, re.MULTILINE)]
        if not heads:
            return 0
        head_ends = heads[min(place, len(heads) - 1)].end()
        until = re.compile(r"^\s*\[", re.MULTILINE).search(self.text, head_ends)
        inside = self.text[head_ends : until.start() if until else None]
        found = re.search(rf"^\s*{re.escape(key)}\s*=", inside, re.MULTILINE) if key else None
        return self.text.count("\n", 0, head_ends + (found.end() if found else 0)) + 1


def _sent(value: object) -> list[str] | None:
    """A value as a page would send it; None for what no page can send."""
    if isinstance(value, list):
        return [str(one) for one in value] if all(isinstance(one, str) for one in value) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float | dt.date):
        return None
    return [value.isoformat() if isinstance(value, dt.date) else str(value)]
