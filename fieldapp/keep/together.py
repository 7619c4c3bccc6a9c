"""Writes of several threads in one commit: the disk is waited for once, and by all of them."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator

from fieldapp.errors import Busy
from fieldapp.keep.lock import Lock

_MOST = 16
_LOOK = 0.05
"""Seconds after which who waits looks whether the one that was to commit gave up."""

_POLITE = 1.0
"""Seconds that who comes to write waits for others to be through."""


class _Commit:
    """One commit, and what became of it."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.size = 0
        self.kept = False
        self.problem: BaseException | None = None


class Together:
    """Lets writes in one by one and commits them together when nobody waits to come in.

    Each block sees what those before it wrote. Who fails leaves no trace and fails alone; when
    the commit fails, all fail. No block's write is over before the commit is.
    """

    def __init__(self, lock: Lock, writer: Callable[[], sqlite3.Connection]) -> None:
        self._lock, self._writer = lock, writer
        self._open: _Commit | None = None
        self._waiting: list[None] = []
        self._gate = threading.Lock()
        self._inside: int | None = None
        """The thread that came through the gate."""

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Lets who comes to write through one by one, each until what it wrote awaits the commit.

        Several at once would only take Python's one lock from each other at every statement.
        Nothing hangs on it: who waits too long goes on beside the one before.
        """
        self._waiting.append(None)
        try:
            if self._gate.acquire(timeout=_POLITE):
                self._inside = threading.get_ident()
        finally:
            self._waiting.pop()
        try:
            yield
        finally:
            if self._leave() and self._open and not self._waiting:  # and wrote nothing itself
                with contextlib.suppress(Busy), self._lock.turn(_LOOK):
                    self.finish()

    def _leave(self) -> bool:
        """Lets the next one through; False for who had not come through the gate, or left."""
        if self._inside != threading.get_ident():
            return False
        self._inside = None
        self._gate.release()
        return True

    @contextlib.contextmanager
    def write(self, patience: float) -> Iterator[sqlite3.Connection]:
        """The connection that writes, in a transaction that may be others' too."""
        with self._turn(patience):
            commit = self._open or self._begin(patience)
            try:
                with _apart(self._writer(), commit):
                    yield self._writer()
                commit.size += 1
            finally:
                # Whoever waits comes in next, and commits what stands here.
                alone = not self._waiting or commit.size == 0
                if alone or commit.size >= _MOST or not self._writer().in_transaction:
                    self.finish()
        self._leave()
        while not commit.over.wait(_LOOK):
            with contextlib.suppress(Busy), self._lock.turn(_LOOK):
                if self._open is commit:
                    self.finish()
        if isinstance(commit.problem, sqlite3.Error):
            raise commit.problem
        if not commit.kept:
            raise Busy("what was written together was not kept") from commit.problem

    def finish(self) -> None:
        """Commits what waits for it and tells how that went; for who has the lock's turn."""
        commit, self._open = self._open, None
        if commit is None:
            return
        writer = self._writer()
        try:
            if commit.size and not commit.problem:
                writer.execute("COMMIT")
                commit.kept = True
        except sqlite3.Error as problem:
            commit.problem = problem
        finally:
            try:
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
            finally:
                self._lock.free()
                commit.over.set()

    @contextlib.contextmanager
    def _turn(self, patience: float) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            self._waiting.append(None)
            try:
                stack.enter_context(self._lock.turn(patience))
            finally:
                self._waiting.pop()
            yield

    def _begin(self, patience: float) -> _Commit:
        self._lock.take(patience)
        try:
            self._writer().execute("BEGIN IMMEDIATE")
        except BaseException:
            self._lock.free()
            raise
        self._open = _Commit()
        return self._open


@contextlib.contextmanager
def _apart(writer: sqlite3.Connection, commit: _Commit) -> Iterator[None]:
    """What is written in the block is undone when it fails, and nothing else."""
    if commit.size == 0:  # whoever fails alone is rolled back whole
        yield
        return
    writer.execute("SAVEPOINT one")
    try:
        yield
        writer.execute("RELEASE one")
    except BaseException as problem:
        if writer.in_transaction:
            writer.execute("ROLLBACK TO one")
            writer.execute("RELEASE one")
        else:  # SQLite gave up the whole of it: the disk is full, or worse
            commit.problem = problem
        raise
