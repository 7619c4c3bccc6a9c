"""Putting a copy back: into an empty folder, or in the place of an instance that is set aside."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fieldapp.errors import Busy, Damaged
from fieldapp.keep import anchor, backup, secret
from fieldapp.keep.backup import FORMS, Copy
from fieldapp.keep.database import DATABASE
from fieldapp.keep.journal import Journal
from fieldapp.keep.serving import alone, locked

_SIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Plan:
    """What putting a copy back comes to."""

    copy: Copy
    replaces: bool
    """Whether there is an instance already, which is set aside."""
    later: int | None
    """How many changes that instance knows and the copy does not; None when it does not read."""


def plan(source: Path, data: Path, keys: Path | None = None) -> Plan:
    """What `restore` would do; Damaged with the remedy when it would refuse.

    `keys` is the file with the secrets of the copy when `data` does not hold them.
    """
    file = keys or secret.path_of(data)
    if not file.exists():
        raise Damaged(
            f"{file} is missing: a copy holds no secrets. Put back the secrets.json that belongs "
            "to it, or name it with --keys"
        )
    copy = backup.read(source, Journal(secret.read(file).journal))
    there = data / DATABASE
    return Plan(copy, there.exists(), _later(there, copy) if there.exists() else None)


@contextmanager
def restored(
    planned: Plan, data: Path, keys: Path | None, now: dt.datetime
) -> Iterator[Path | None]:
    """Does what was planned, and nobody else serves until the block ends.

    Gives the folder in which what was there before stands, None when nothing. Nothing is deleted.
    A crash in between leaves no database under its name, never a half one: the same command then
    goes on. Busy when somebody serves or writes, or when there is no room.
    """
    writing = f"a command is writing in {data}: try again when it has ended"
    with _room(data):
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(data):
        with _room(data), locked((data / DATABASE).with_suffix(".lock"), writing):
            aside = _put_back(planned.copy, data, keys, now)
        yield aside


def restore(planned: Plan, data: Path, keys: Path | None, now: dt.datetime) -> Path | None:
    """Does what was planned, and no more than that; see `restored`."""
    with restored(planned, data, keys, now) as aside:
        return aside


def _put_back(copy: Copy, data: Path, keys: Path | None, now: dt.datetime) -> Path | None:
    new, forms = data / f"{DATABASE}.new", data / f"{FORMS}.new"
    try:
        _unpack(copy, new, forms)
        aside = _aside(data, now)
        own = secret.path_of(data)
        other = keys if keys and keys.resolve() != own.resolve() else None
        moved = _set_aside(data, aside, secrets=other is not None)
        if other:
            _take_over(other, own)
        anchor.keep(data, copy.anchor, anchor.RESTORED, now)
        if forms.exists():
            forms.replace(data / FORMS)
        new.replace(data / DATABASE)  # the last step: from here on it is an instance
        backup.settle(data)
    finally:
        backup.discard(new)
        shutil.rmtree(forms, ignore_errors=True)
    return aside if moved else None


def _later(database: Path, copy: Copy) -> int | None:
    address = f"{database.resolve().as_uri()}?mode=ro"
    if not database.with_name(f"{DATABASE}-wal").exists():
        address += "&immutable=1"  # else SQLite makes files beside it, and leaves them there
    try:
        with closing(sqlite3.connect(address, uri=True)) as there:
            line = there.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]
            return max(0, int(line) - copy.anchor.line)
    except sqlite3.DatabaseError:
        return None


def _unpack(copy: Copy, new: Path, forms: Path) -> None:
    backup.discard(new)
    shutil.rmtree(forms, ignore_errors=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    shutil.copyfile(copy.path, new)
    if backup.digest(new) != copy.sha256:
        raise Damaged(f"{copy.path} does not read twice the same: use another disk, or copy")
    with closing(sqlite3.connect(new, isolation_level=None)) as made:
        made.execute("DROP TABLE copied")
        made.execute("DROP TABLE copied_file")
    backup.settle(new)
    for path, content in copy.files.items():
        file = forms / path
        if forms.resolve() not in file.resolve().parents:
            raise Damaged(f"{copy.path} holds a file '{path[:60]}' that leads elsewhere")
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_bytes(content)
        backup.settle(file)
        backup.settle(file.parent)


def _aside(data: Path, now: dt.datetime) -> Path:
    """A folder that is not there yet: what was set aside before stays as it is."""
    name = f"before-{now:%Y%m%d-%H%M%S}"
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(data / each for each in names if not (data / each).exists())


def _set_aside(data: Path, aside: Path, *, secrets: bool) -> bool:
    """Moves what is there out of the way, its database first; whether there was anything."""
    if (data / DATABASE).exists():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(data / DATABASE)) as there:
            there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    names = [DATABASE, *(DATABASE + end for end in _SIDE), FORMS, anchor.HEAD]
    names += [secret.path_of(data).name] if secrets else []
    found = [data / name for name in names if (data / name).exists()]
    for path in found:
        aside.mkdir(mode=0o700, exist_ok=True)
        path.replace(aside / path.name)
    return bool(found)


def _take_over(keys: Path, path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(keys.read_bytes())
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _room(data: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError) as problem:
        raise Busy(
            f"no copy was put back in {data} ({problem}): make room there, and do it again"
        ) from problem
