"""Copies: one file that holds all of an instance but its secrets, found whole before it counts."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fieldapp.errors import Busy, Damaged
from fieldapp.keep import anchor, whole
from fieldapp.keep.anchor import Anchor
from fieldapp.keep.journal import Journal
from fieldapp.keep.store import Store, stamp

FORMS = "forms"
"""The folder of the instance that is copied along: forms that the office published."""
_ABANDONED = dt.timedelta(days=1)
_TABLES = """
CREATE TABLE copied (made_at TEXT, line INTEGER, seal TEXT) STRICT;
CREATE TABLE copied_file (path TEXT PRIMARY KEY, content BLOB) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was found whole."""

    path: Path
    made_at: str
    anchor: Anchor
    size: int
    sha256: str
    files: Mapping[str, bytes]
    """Of the published forms: path below their folder → content."""


@dataclass(frozen=True, slots=True)
class Made:
    """A good copy as the instance remembers it."""

    at: str
    file: str
    size: int


def copy(store: Store, data: Path, destination: Path, now: dt.datetime) -> Copy:
    """A copy of the instance in `data`: in the folder `destination`, or a file of that name.

    It stands under its name only once it was found whole, and is remembered then. Damaged when
    the instance itself is not; Busy when there is no room. A file that is no copy stays.
    """
    path = _named(destination, now)
    draft = path.with_name(f".{path.name}.new")
    try:
        with _room(path, data):
            _spare(path, store.database.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            _sweep(path.parent, now)
            discard(draft)
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            _fill(draft, store, data, now)
            found, said = _looked_through(draft, store.journal)
            if said:
                raise Damaged(_not_whole("; ".join(said), data))
            settle(draft)
            draft.replace(path)
            settle(path.parent)
    finally:
        discard(draft)
    with store.write("command", now) as write:
        made = (stamp(now), path.name, found.size, found.sha256, found.anchor.line)
        write.connection.execute(
            "INSERT INTO backup (at, file, bytes, sha256, line, seal) VALUES (?, ?, ?, ?, ?, ?)",
            (*made, found.anchor.seal),
        )
        write.note("backup", "database", None, None, {"sha256": found.sha256})
    anchor.keep(data, found.anchor, anchor.COPIED, now)
    return Copy(path, found.made_at, found.anchor, found.size, found.sha256, found.files)


def read(path: Path, journal: Journal) -> Copy:
    """The copy that stands in a file; Damaged with all that is wrong when it is not whole."""
    found, said = _looked_through(path, journal)
    if said:
        raise Damaged(f"{path} cannot be used as a copy: {'; '.join(said)}")
    return found


def _looked_through(path: Path, journal: Journal) -> tuple[Copy, list[str]]:
    """What stands in a file, and all that is wrong with it."""
    with closing(_opened(path)) as connection:
        said = whole.faults(connection, journal)
        try:
            made_at, line, seal = connection.execute("SELECT * FROM copied").fetchone()
            files = dict(connection.execute("SELECT path, content FROM copied_file").fetchall())
        except (sqlite3.DatabaseError, TypeError):
            made_at, line, seal, files = "", 0, "", {}
            said = said or ["`fieldapp backup` did not make it"]
        if not said:
            said += anchor.missing(connection, [Anchor(line, seal)])
    size = path.stat().st_size
    return Copy(path, made_at, Anchor(line, seal), size, digest(path), files), said


def last(connection: sqlite3.Connection) -> Made | None:
    """The last good copy that was made; None when there never was one."""
    return next(iter(recent(connection, 1)), None)


def recent(connection: sqlite3.Connection, most: int = 20) -> list[Made]:
    """The last good copies, the newest first."""
    found = connection.execute(
        "SELECT at, file, bytes FROM backup ORDER BY id DESC LIMIT ?", (most,)
    )
    return [Made(*row) for row in found]


def is_copy(path: Path) -> bool:
    """Whether a file is a copy, whole or not."""
    try:
        with closing(_opened(path)) as connection:
            return bool(connection.execute("SELECT count(*) FROM copied").fetchone()[0])
    except (sqlite3.DatabaseError, Damaged):
        return False


def _opened(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise Damaged(f"{path} is no file: name the copy that is to be put back")
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
    except sqlite3.OperationalError as problem:
        raise Damaged(f"{path} cannot be read ({problem}): who may read it?") from problem
    connection.row_factory = sqlite3.Row
    return connection


def _named(destination: Path, now: dt.datetime) -> Path:
    if destination.is_dir() or not destination.suffix:
        return destination / f"fieldapp-{now:%Y%m%d-%H%M%S}.db"
    return destination


def _spare(path: Path, database: Path) -> None:
    """Raises Damaged rather than write over anything but a copy."""
    if path.exists() and path.samefile(database):  # by whatever name: to open it drops our locks
        raise Damaged(f"{path} is the database itself: name another folder or file")
    if path.exists() and not is_copy(path):
        raise Damaged(f"{path} is there and is no copy: name another folder or file")


def _fill(path: Path, store: Store, data: Path, now: dt.datetime) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        store.database.copy_into(target)
        target.row_factory = sqlite3.Row
        target.execute("PRAGMA journal_mode=DELETE")  # one file, also while it is read
        head = Anchor.of(*store.journal.head(target))
        target.executescript(_TABLES)
        target.execute("INSERT INTO copied VALUES (?, ?, ?)", (stamp(now), head.line, head.seal))
        target.executemany("INSERT INTO copied_file VALUES (?, ?)", _files(data / FORMS))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def discard(draft: Path) -> None:
    """Removes a database that is no more than a draft, with the files that SQLite kept beside it.

    One that was cut off leaves a journal, which SQLite would play into the next of that name.
    """
    for end in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            Path(f"{draft}{end}").unlink()


def _sweep(folder: Path, now: dt.datetime) -> None:
    """Removes what copies that were cut off left behind: all that is in them, for nobody."""
    for draft in folder.glob(".fieldapp-*.db.new*"):
        if draft.stat().st_mtime < (now - _ABANDONED).timestamp():
            draft.unlink()


def settle(path: Path) -> None:
    """Has the disk hold what a file or folder says."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _room(path: Path, data: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError) as problem:
        raise Busy(
            f"no copy was made in {path.parent} ({problem}): make room there, or name a folder "
            "that can be written"
        ) from problem
    except sqlite3.DatabaseError as problem:
        raise Damaged(_not_whole(str(problem), data)) from problem


def _not_whole(said: str, data: Path) -> str:
    remedy = whole.REMEDY.format(data=data)
    return f"no copy was made, for what is in {data} is not whole: {said}. {remedy}"
