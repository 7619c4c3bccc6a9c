"""A person of whom a name stands wherever one can stand, and looks for it in every file."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from fieldapp.ask.answer import check
from fieldapp.errors import Damaged
from fieldapp.keep import closing, erasure, merge, person, uploaded
from fieldapp.keep import request as requests
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings
from fieldapp.web.surroundings import Surroundings
from tests.conftest import MOMENT, Clock, Send

NAME = "Kanariegeel"
MONTH = "2026-10"
_PIECE = 12  # letters: no other text has as many of them alike
_SCAN = """
import json, pathlib, sys
sought = [each.encode() for each in json.load(sys.stdin)]
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.is_file() and any(each in path.read_bytes() for each in sought):
        print(path.relative_to(sys.argv[1]))
"""


@dataclass
class World:
    """An instance in which somebody is known by name, twice, and much was said of them."""

    store: Store
    settings: Settings
    send: Send
    clock: Clock
    codes: list[str] = field(default_factory=list)
    entered: list[tuple[str, str]] = field(default_factory=list)
    """The records that entered them: place and id."""

    @property
    def data(self) -> Path:
        """The folder of the instance."""
        return self.settings.data

    def person(self, place: str, name: str, **more: str) -> str:
        """Enters somebody; gives the card code."""
        receipt = self.send(place, "person_new", self.raw(name) | more)
        with self.store.read() as connection:
            form = self.store.forms["person_new"]
            found = rows.find(self.store, connection, form, receipt.id, None)
        if name == NAME:
            self.entered.append((place, receipt.id))
        return str(found.values["person"])

    @staticmethod
    def raw(name: str) -> dict[str, str]:
        """What a place fills in about somebody new."""
        about = {"role": "participant", "known_elsewhere": "no", "labour_distance": "yes"}
        return about | {"call_name": name, "started": "2026-10-05", "informed": "OK"}

    def fill(self) -> None:
        """Has the name stand in records of two cards, aside, in a request and in a file."""
        self.codes = [self.person("WB-01", NAME), self.person("IE-01", NAME, pilot="PI-01",
                                                              pilot_from="2026-10-05")]  # fmt: skip
        other = self.person("WB-01", "Kees")
        for day in ("06", "13"):
            seen = {"date": f"2026-10-{day}", "daypart": "morning", "task": "green", "hours": "2"}
            self.send("WB-01", "attendance", seen | {"who": [self.codes[0], other]})
        self.send("IE-01", "step", {"person": self.codes[1], "date": "2026-10-20",
                                    "step": "coaching_started"})  # fmt: skip
        place, row = self.entered[0]
        again = self.raw(f"{NAME} b")
        assert self.send(place, "person_new", again, row).status == "conflict"
        with self.store.write("account:1", self.clock()) as write:
            number = merge.propose(write, *self.codes, None)
            merge.decide(write, number, merge.MERGED)
            uploaded.keep(write, "1", 1, "visitors", "lijst.xlsx", NAME.encode() * 2_000)
        self.close()
        self.ask()

    def close(self) -> None:
        """Closes October with its real workbook."""
        books = load_workbooks(self.settings.exports)
        with self.store.read() as connection:
            head = self.store.journal.head(connection)
        made = deliver(self.store, self.settings, books, "monthly", MONTH, self.clock())
        files = {made.file_name: made.content}
        with self.store.write("account:1", self.clock()) as write:
            closing.close(self.store, write, MONTH, head, files)

    def ask(self) -> None:
        """Has the place ask to change what it said of this person in the closed month."""
        place, row = self.entered[0]
        form = self.store.forms["person_new"]
        with self.store.write("phone:1", self.clock()) as write:
            known = completeness.places(write.connection, place)[0]
            here = Surroundings(self.store, write.connection, known, self.clock())
            before = rows.find(self.store, write.connection, form, row, place)
            lists = {name: [text] for name, text in self.raw(f"{NAME} c").items()}
            lists["labour_distance"] = ["no"]
            from_page = check(form, lists, here.context(form, before.values))
            asked = requests.change(
                self.store, write, form, from_page, row, before.edits, Origin(place, phone=1)
            )
        assert asked.status == "asked"

    def erase(self) -> None:
        """Erases them as the office's page does."""
        with self.store.read() as connection:
            found = person.about(self.store, connection, self.codes[0])
        assert found
        erasure.erase_for_good(self.store, "account:1", self.clock(), self.data, found)

    def sealed(self) -> list[str]:
        """Pieces of every text in any table that opens to the name, as it is kept.

        Of a place in a file that was used again a part may be left.
        """
        found = [text for text, plain in opened(self.store) if NAME in plain]
        return [
            text[at : at + _PIECE]
            for text in found
            for at in range(2, len(text), _PIECE // 2)
            if len(text) - at >= _PIECE
        ]

    def holding(self, folder: Path, sought: Collection[str]) -> list[str]:
        """The files that hold the name or one of these; read by another process.

        Whoever opens a database that is in use drops SQLite's locks on it.
        """
        ran = subprocess.run(
            [sys.executable, "-c", _SCAN, str(folder)],
            input=json.dumps([NAME, NAME.upper(), NAME.lower(), *sought]),
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.split()

    def counts(self) -> Mapping[str, Any]:
        """Every cell of the month's workbook but for its cover, which tells of the journal."""
        books = load_workbooks(self.settings.exports)
        made = deliver(self.store, self.settings, books, "monthly", MONTH, MOMENT)
        book = openpyxl.load_workbook(io.BytesIO(made.content), read_only=True)
        return {name: [*book[name].values] for name in book.sheetnames[1:]}


def opened(store: Store) -> Iterator[tuple[str, str]]:
    """Every sealed text in any table, as it is kept and as it reads."""
    with store.read() as connection:
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            for row in connection.execute(f"SELECT * FROM [{table}]").fetchall():
                told = dict(zip(row.keys(), tuple(row), strict=True))
                for column, value in told.items():
                    if isinstance(value, str) and value.startswith("1:") and len(value) > 40:
                        yield value, plain(store, table, column, value, told)


def plain(store: Store, table: str, column: str, value: str, row: Mapping[str, Any]) -> str:
    """A sealed text, opened: it is bound to one of the other columns of its row."""
    for key in {str(each) for each in row.values() if each is not None}:
        try:
            return store.seal.open(value, table, key, column)
        except Damaged:
            continue
    raise AssertionError(f"{table}.{column} is sealed, and bound to no column of its row")
