"""What holds after every fault: five invariants, looked at in whatever instance is left.

    1. acknowledged ⊆ stored        `Found.lost` is empty
    2. one row per id               `Found.double`
    3. no half transactions         `Found.half`: record, receipt, arrival and journal agree
    4. `fieldapp check` is green    `Found.wrong`
    5. no canary in logs            `Found.told`

`assert look(store, data, acknowledged, logs=[text], canaries=["Zeynep"]).nothing`, `look_in`
for a folder that nobody has open, and `green` for the command itself.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.ask.question import Form
from fieldapp.keep import secret, whole
from fieldapp.keep.store import Store, open_store, table_of

CANARY = "Kanariegeel"
"""A name that nobody has: what a test gives a person, and looks for where no name may be."""

_ROWLESS = ("asked", "conflict", "changed")
"""What an arrival may be without a record that was added under its own id."""


@dataclass(frozen=True)
class Found:
    """What is not as it should be; empty in a sound instance."""

    rows: int
    """How many records there are."""
    lost: Sequence[str] = ()
    """Ids that somebody was told are kept, and are not."""
    double: Sequence[str] = ()
    """Ids that are there more than once."""
    half: Sequence[str] = ()
    """Sentences about what was kept without what goes with it."""
    wrong: Sequence[str] = ()
    """What `fieldapp check` says of database and journal."""
    told: Sequence[str] = ()
    """Which canaries stand in a log."""
    states: Mapping[str, int] = field(default_factory=dict)

    @property
    def faults(self) -> Sequence[str]:
        """Everything, as sentences."""
        return [
            *(f"lost: {each}" for each in self.lost),
            *(f"double: {each}" for each in self.double),
            *self.half,
            *self.wrong,
            *(f"in a log: {each}" for each in self.told),
        ]

    @property
    def nothing(self) -> bool:
        """Whether nothing is wrong; says what is when a test asks in vain."""
        for each in self.faults[:20]:
            print(each)
        return not self.faults


def look_in(
    data: Path,
    forms: Mapping[str, Form],
    clock: Callable[[], dt.datetime],
    acknowledged: Iterable[str] = (),
    *,
    logs: Iterable[str] = (),
    canaries: Iterable[str] = (),
) -> Found:
    """What is wrong with the instance in a folder; opens and closes it."""
    with closing(open_store(data, forms, clock)) as store:
        return look(store, data, acknowledged, logs=logs, canaries=canaries)


def look(
    store: Store,
    data: Path,
    acknowledged: Iterable[str] = (),
    *,
    logs: Iterable[str] = (),
    canaries: Iterable[str] = (),
) -> Found:
    """What is wrong with an instance that is open."""
    with store.read() as connection:
        kept = _kept(connection, store.forms)
        half = _half(connection, kept)
        broken = store.journal.broken(connection)
    wrong = [broken] if broken else []
    wrong += whole.unlike(store, data)
    wrong += store.database.unsound()
    counted = Counter(row for row, _, _ in kept)
    return Found(
        len(kept),
        sorted(set(acknowledged) - counted.keys()),
        sorted(row for row, times in counted.items() if times > 1),
        half,
        wrong,
        _told(data, logs, canaries),
        Counter(state for _, _, state in kept),
    )


def _kept(connection: sqlite3.Connection, forms: Mapping[str, Form]) -> list[tuple[str, str, str]]:
    """Every record: its id, form and state."""
    return [
        (row["_id"], form, row["_state"])
        for form in forms
        for row in connection.execute(f"SELECT _id, _state FROM [{table_of(form)}]")
    ]


def _half(connection: sqlite3.Connection, kept: Sequence[tuple[str, str, str]]) -> list[str]:
    rows = {(row, form) for row, form, _ in kept}
    given = connection.execute("SELECT id, form FROM receipt")
    receipts = {(row["id"], row["form"]) for row in given}
    forms = {form for _, form in rows | receipts}
    added = connection.execute(
        "SELECT row, object FROM journal WHERE action = 'add' AND row IS NOT NULL"
    )
    lines = Counter((row["row"], row["object"]) for row in added if row["object"] in forms)
    said = [f"{row} of {form} has no receipt" for row, form in rows - receipts]
    said += [f"a receipt for {row} of {form}, which is not there" for row, form in receipts - rows]
    said += [f"{row} of {form} has no line in the journal" for row, form in rows - lines.keys()]
    said += [f"a line for {row} of {form}, which is not there" for row, form in lines.keys() - rows]
    said += [f"{row} of {form} was added {n} times" for (row, form), n in lines.items() if n > 1]
    came = connection.execute(
        "SELECT id, form, row, status FROM arrival WHERE row IS NOT NULL"
    ).fetchall()
    said += [
        f"{each['id']} of {each['form']} came in, and its record is not there"
        for each in came
        if (each["row"], each["form"]) not in rows
    ]
    said += [
        f"{each['id']} came in as {each['status']} under an id that is not its record's"
        for each in came
        if each["id"] != each["row"] and each["status"] not in _ROWLESS
    ]
    return said


def _told(data: Path, logs: Iterable[str], canaries: Iterable[str]) -> list[str]:
    keys = json.loads(secret.path_of(data).read_text())
    secrets = [each for each in _texts(keys) if len(each) >= 16]
    text = "\n".join(logs)
    found = [each for each in canaries if re.search(re.escape(each), text, re.I)]
    return found + ["one of the instance's own secrets" for each in secrets if each in text]


def _texts(thing: object) -> list[str]:
    if isinstance(thing, Mapping):
        return [text for each in thing.values() for text in _texts(each)]
    if isinstance(thing, list):
        return [text for each in thing for text in _texts(each)]
    return [thing] if isinstance(thing, str) else []


def green(data: Path) -> list[str]:
    """What the command `fieldapp check` itself says of an instance; empty when it is sound.

    That an instance was made without what was agreed is no fault of its data.
    """
    ran = subprocess.run(
        [sys.executable, "-m", "fieldapp", "check", "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = [
        line
        for line in ran.stderr.splitlines()
        if line and not line.startswith("Data: ") and ": not in this instance: " not in line
    ]
    if ran.returncode not in {0, 1}:
        said.append(f"fieldapp check ended with {ran.returncode}")
    return said
