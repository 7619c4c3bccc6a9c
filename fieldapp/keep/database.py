"""The one door for writes, and the read-only doors for pages and exports."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from fieldapp.errors import Busy, Damaged
from fieldapp.keep.lock import Lock
from fieldapp.keep.together import Together

DATABASE = "fieldapp.db"
"""The name of the file in the data folder."""

APPLICATION_ID = 0x66617070  # "fapp"

PRAGMAS: dict[str, int | str] = {
    "journal_mode": "wal",
    "synchronous": 2,  # full: an acknowledged row survives a power cut
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "recursive_triggers": 1,  # so that INSERT OR REPLACE meets the journal's triggers
    "trusted_schema": 0,
    "secure_delete": 1,
}

_UNSOUND = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PATIENCE = 10.0


class Database:
    """One SQLite file: a single writing connection and one reading connection per thread."""

    def __init__(self, path: Path, clock: Callable[[], dt.datetime] = dt.datetime.now) -> None:
        self.path = path
        self._clock = clock
        self._threads = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._closed = False
        self._lock = Lock(path)
        self._together = Together(self._lock, lambda: self._writer)
        try:
            with self._held(_PATIENCE):
                self._writer = _connect(path)
        except BaseException:
            self._lock.close()
            raise
        self._tell_day(self._writer)

    @contextlib.contextmanager
    def write(self, patience: float = _PATIENCE) -> Iterator[sqlite3.Connection]:
        """A transaction that begins immediate and commits when the block ends, or leaves no trace.

        Busy when the lock, the disk or the file does not let us write within `patience` seconds.
        """
        with self._held(patience), _told(self.path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    @contextlib.contextmanager
    def together(self, patience: float = _PATIENCE) -> Iterator[sqlite3.Connection]:
        """As `write`, but it may be committed in one go with what other threads write meanwhile.

        For short writes: those that come in together wait for each other.
        """
        with _told(self.path), self._together.write(patience) as connection:
            yield connection

    def turn(self) -> contextlib.AbstractContextManager[None]:
        """One thread at a time that is to write `together` with others: see there."""
        return self._together.turn()

    @contextlib.contextmanager
    def _held(self, patience: float) -> Iterator[None]:
        with self._lock.turn(patience):
            self._together.finish()
            self._lock.take(patience)
            try:
                yield
            finally:
                self._lock.free()

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A read-only connection on one consistent snapshot."""
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._open_reader()
            connection.execute("PRAGMA query_only=ON")
            connection.set_authorizer(reading_only)
            self._readers.append(connection)
            self._threads.connection = connection
        if connection.in_transaction:  # a reader inside a reader sees the same snapshot
            yield connection
            return
        with _sound(self.path):
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def export(
        self,
        prepare: Callable[[sqlite3.Connection], None],
        authorizer: Callable[..., int],
    ) -> Iterator[sqlite3.Connection]:
        """A read-only connection of its own on which `prepare` made temporary views first."""
        connection = self._open_reader()
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM journal, json_each('[1]')").fetchone()
            prepare(connection)
            connection.execute("PRAGMA query_only=ON")
            connection.set_authorizer(authorizer)
            yield connection
        finally:
            connection.set_authorizer(None)
            connection.close()

    def copy_into(self, target: sqlite3.Connection) -> None:
        """Copies all that is committed, in one step, while writers go on."""
        connection = self._open_reader()
        try:
            connection.backup(target)
        finally:
            connection.close()

    def _open_reader(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("SELECT 1 FROM json_each('[1]')").fetchone()
        self._tell_day(connection)
        return connection

    def _tell_day(self, connection: sqlite3.Connection) -> None:
        """Gives SQL a function `today()`: by our clock, which is not SQLite's."""
        connection.create_function("today", 0, lambda: self._clock().date().isoformat())

    def truncate(self) -> bool:
        """Writes the log back and empties it, so that nothing erased stands in it; whether it did.

        Not as long as somebody reads what stood there before.
        """
        with self._held(_PATIENCE), _told(self.path):
            busy, _, _ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def unsound(self, *, quick: bool = False) -> list[str]:
        """What SQLite itself finds wrong with the file; empty when nothing is.

        When `quick` it does not compare indexes with their tables.
        """
        try:
            # By a reader: on a large file it takes long, and others go on writing.
            with _told(self.path), contextlib.closing(self._open_reader()) as connection:
                look = "quick_check" if quick else "integrity_check"
                connection.execute("BEGIN")
                found = connection.execute(f"PRAGMA {look}").fetchall()
                loose = connection.execute("PRAGMA foreign_key_check").fetchall()
        except Damaged as damaged:
            return [str(damaged)]
        said = [f"database: {row[0]}" for row in found if row[0] != "ok"]
        return said + [f"database: a row of {row[0]} points nowhere" for row in loose]

    def close(self) -> None:
        """Closes every connection, once; the last one writes the log back into the file."""
        if self._closed:
            return
        self._closed = True
        with self._held(_PATIENCE):
            for connection in [*self._readers, self._writer]:
                connection.close()
        self._lock.close()


_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_INTERRUPT,
}
"""What may be over in a while: locks, a full disk, a folder that cannot be written."""

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


def reading_only(
    action: int, first: str | None, second: str | None, database: str | None, via: str | None
) -> int:
    """SQLite authorizer that lets a statement read and nothing else.

    `mode=ro` alone does not hold: ATTACH and VACUUM INTO write through it. Only the begin and
    end of a snapshot pass as well.
    """
    if action in _ALLOWED or (
        action == sqlite3.SQLITE_TRANSACTION and first in {"BEGIN", "ROLLBACK"}
    ):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _connect(path: Path) -> sqlite3.Connection:
    with _told(path):
        with contextlib.suppress(FileExistsError):  # SQLite itself would let others read it
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            _recognise(connection, path)  # first: the PRAGMAs would change somebody else's file
            _insist(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tells what SQLite cannot do now as Busy, and that the file is not sound as Damaged."""
    try:
        with _sound(path):
            yield
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode & 0xFF not in _PASSING:
            raise  # a mistake in SQL is ours, and waiting does not mend it
        raise Busy(f"{path} cannot be written now ({problem})") from problem


@contextlib.contextmanager
def _sound(path: Path) -> Iterator[None]:
    """Tells that the file is not sound as Damaged."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        # The extended code holds the plain one in its last byte.
        if getattr(problem, "sqlite_errorcode", 0) & 0xFF not in _UNSOUND:
            raise
        raise Damaged(
            f"{path} is not a sound database ({problem}): put back your last copy with "
            "`fieldapp restore`"
        ) from problem


def _recognise(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if found != APPLICATION_ID and not (found == 0 and empty):
        raise Damaged(
            f"{path} is not a fieldapp database: choose another folder with --data, or put back "
            "your last copy with `fieldapp restore`"
        )
    if found != APPLICATION_ID:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def _insist(connection: sqlite3.Connection, path: Path) -> None:
    for name, wanted in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={wanted}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != wanted:
            raise Damaged(
                f"{path}: SQLite answers {name}={found} where {wanted} is needed; "
                "put the data folder on a local disk"
            )
