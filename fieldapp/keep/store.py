"""An opened instance: its database with the tables of its forms, its journal and its seal."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random, SystemRandom

from sqlite_utils.db import Database as Tables

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form
from fieldapp.errors import Damaged
from fieldapp.keep import indexes, secret
from fieldapp.keep.anchor import Anchor, Head, kept
from fieldapp.keep.database import DATABASE, Database
from fieldapp.keep.journal import Journal, Values, as_json
from fieldapp.keep.migrations_care import newer
from fieldapp.keep.migrations_size import migrations
from fieldapp.keep.serving import alone

OWN_COLUMNS = {
    "_id": str,
    "_place": str,
    "_phone": int,
    "_account": int,
    "_version": str,
    "_submitted_at": str,
    "_received_at": str,
    "_edits": int,
    "_state": str,
}
"""What every form's table keeps beside its answers."""

_PYTHON = {"TEXT": str, "INTEGER": int, "REAL": float}


@dataclass
class Write:
    """One open transaction: who writes, when, and the journal it writes to."""

    connection: sqlite3.Connection
    actor: str
    now: dt.datetime
    _journal: Journal
    _last: tuple[int, str] | None = None
    opened: dict[str, str] = field(default_factory=dict)
    """Names opened in this transaction, by what they are sealed in."""

    @cached_property
    def at(self) -> str:
        """When, as the database keeps it."""
        return stamp(self.now)

    def note(
        self,
        action: str,
        thing: str,
        row: str | None,
        before: Values | None = None,
        after: Values | None = None,
    ) -> None:
        """Adds a journal line to this transaction; `before` and `after` hold nothing private."""
        _, seal = self._last or self._journal.head(self.connection)
        line = (self.at, self.actor, action, thing, row, as_json(before), as_json(after))
        self._last = self._journal.add(self.connection, seal, line)

    def keyed(self, text: str) -> str:
        """A fingerprint of `text` under our key."""
        return self._journal.keyed(text)

    @property
    def came_to(self) -> Anchor | None:
        """The last line that this transaction adds to the journal; None when it adds none."""
        return Anchor.of(*self._last) if self._last else None


@dataclass(frozen=True)
class Store:
    """Where answers are kept: forms, database, journal and seal of one instance."""

    forms: Mapping[str, Form]
    database: Database
    journal: Journal
    seal: secret.Seal
    secrets: secret.Secrets
    head: Head
    chance: Random = field(default_factory=SystemRandom)
    """Where card codes come from; the example has its own, so that it is the same each time."""

    @contextlib.contextmanager
    def write(
        self, actor: str, now: dt.datetime, patience: float = 10.0, *, together: bool = False
    ) -> Iterator[Write]:
        """The one door for writes: everything in the block is kept together, or nothing.

        Short ones may be committed `together`: it is on the disk when this ends all the same.
        """
        door = self.database.together if together else self.database.write
        with door(patience) as connection:
            write = Write(connection, actor, now, self.journal)
            yield write
        if write.came_to:
            self.head.move(write.came_to)

    def turn(self) -> contextlib.AbstractContextManager[None]:
        """For who looks and then writes `together`: one thread at a time until that."""
        return self.database.turn()

    def read(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        """A read-only connection for pages."""
        return self.database.read()

    def close(self) -> None:
        """Closes the database."""
        self.database.close()
        self.head.close()


def open_store(
    data: Path,
    forms: Mapping[str, Form],
    clock: Callable[[], dt.datetime],
    *,
    make: bool = False,
    held: bool = False,
) -> Store:
    """The instance in `data` with the tables that `forms` need; with `make` a new one if none.

    Damaged with the remedy when there is no instance, or when a question changed its type. Busy
    when it takes a migration and a server runs; `held` by who is `alone` with it already.
    """
    if make:
        _refuse_anew(data)
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        data.chmod(0o700)  # the forms' cache may have made it
        secret.make(data)
    else:
        insist(data)
    keys = secret.load(data)
    database = Database(data / DATABASE, clock)
    store = Store(forms, database, Journal(keys.journal), secret.Seal(keys.seal), keys, Head(data))
    try:
        # The lock is left after the commit: what is between the two nobody may serve.
        with contextlib.ExitStack() as lone, store.write("system", clock()) as write:
            tables = _known(write)
            if not held and migrations.pending(tables):
                lone.enter_context(alone(data))
            _prepare(write, tables, forms)
    except BaseException:
        store.close()
        raise
    return store


def insist(data: Path) -> None:
    """Raises Damaged with the remedy when `data` holds no instance."""
    path = data / DATABASE
    if not path.exists() or path.stat().st_size == 0:
        _refuse_anew(data)
        raise Damaged(f"{data} holds no fieldapp database: run `fieldapp init --data {data}`")


def _refuse_anew(data: Path) -> None:
    """Raises Damaged when `data` lost its database: it is not the moment to begin a new one."""
    if kept(data):
        raise Damaged(
            f"{data} holds no fieldapp database any more: put back your last copy with "
            "`fieldapp restore`. To begin anew, choose another folder with --data"
        )


def extend(write: Write, form: Form) -> None:
    """Gives one form the table and columns that it needs; Damaged as for `open_store`."""
    tables = Tables(write.connection)
    _prepare_form(write, tables, form)
    if form.entity and form.entity.list_name != "people":
        _prepare_register(write, tables, form)


def table_of(form_id: str) -> str:
    """The table that keeps a form's records."""
    return f"form_{form_id}"


def register_table(list_name: str) -> str:
    """The table that keeps a register."""
    return f"list_{list_name}"


def stamp(moment: dt.datetime) -> str:
    """A moment as the database keeps it: UTC, to the second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _known(write: Write) -> Tables:
    """The tables as they stand; Damaged when a newer version made them."""
    tables = Tables(write.connection)
    if steps := newer(tables):
        raise Damaged(
            f"a newer fieldapp has written here ({', '.join(steps)}): install that one, or put "
            "back a copy from before with `fieldapp restore`"
        )
    return tables


def _prepare(write: Write, tables: Tables, forms: Mapping[str, Form]) -> None:
    bare = "m008_retention" in {each.name for each in migrations.pending(tables)}
    migrations.apply(tables)
    if bare:
        _key_fingerprints(write, forms)
    for form in forms.values():
        _prepare_form(write, tables, form)
    for form in forms.values():
        if form.entity and form.entity.list_name != "people":
            _prepare_register(write, tables, form)


def _key_fingerprints(write: Write, forms: Mapping[str, Form]) -> None:
    """Keys what was kept before fingerprints of answers with a name had a key."""
    write.connection.create_function("keyed", 1, write.keyed)
    for form in forms.values():
        if any(question.private for question in form.columns.values()):
            for table in ("receipt", "conflict"):
                write.connection.execute(
                    f"UPDATE [{table}] SET sha256 = keyed(sha256) WHERE form = ?", (form.form_id,)
                )


def _prepare_form(write: Write, tables: Tables, form: Form) -> None:
    name = table_of(form.form_id)
    wanted = {question.name: kind_of(question).column for question in form.columns.values()}
    if not tables[name].exists():
        tables.table(name).create(
            OWN_COLUMNS | {column: _PYTHON[kind] for column, kind in wanted.items()},
            pk="_id",
            not_null=set(OWN_COLUMNS) - {"_place", "_phone", "_account"},
            strict=True,
        )
        write.note("create", name, None, None, wanted)
    found = {column.name: column.type for column in tables.table(name).columns}
    for column, kind in wanted.items():
        if column not in found:
            tables.table(name).add_column(column, _PYTHON[kind])
            write.note("add column", name, None, None, {column: kind})
        elif found[column] != kind:
            raise Damaged(
                f"{form.file}, line {form.columns[column].line}: '{column}' is kept as "
                f"{found[column]} and would become {kind}; give the question a new name"
            )
    for statement in indexes.statements(form, name):
        write.connection.execute(statement)


def _prepare_register(write: Write, tables: Tables, form: Form) -> None:
    assert form.entity is not None  # noqa: S101  (the caller looked)
    name = register_table(form.entity.list_name)
    columns = [q.save_to for q in form.questions.values() if q.save_to]
    if not tables[name].exists():
        tables.table(name).create(
            {"name": str, "label": str, "_row": str, "_at": str} | dict.fromkeys(columns, str),
            pk="name",
            strict=True,
        )
        write.note("create", name, None, None, dict.fromkeys(columns, "TEXT"))
    found = {column.name for column in tables.table(name).columns}
    for column in columns:
        if column not in found:
            tables.table(name).add_column(column, str)
            write.note("add column", name, None, None, {column: "TEXT"})
