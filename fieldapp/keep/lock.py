"""The lock of the one door for writes: between the threads of a process, and between processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from fieldapp.errors import Busy

_POLL = 0.005


class Lock:
    """Lets one thread of one process write at a time; Busy for who waits too long."""

    def __init__(self, path: Path) -> None:
        self._thread = threading.Lock()
        try:
            # A file of its own, never the database: closing any descriptor of a database file
            # drops SQLite's own locks on it.
            self._file = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise Busy(f"{path} cannot be written now ({problem})") from problem

    @contextlib.contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """No other thread of this process writes meanwhile."""
        if not self._thread.acquire(timeout=patience):
            raise Busy("another write takes too long")
        try:
            yield
        finally:
            self._thread.release()

    def take(self, patience: float) -> None:
        """Keeps other processes from writing until it is `free`; for who has its turn."""
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy("another command is writing") from None
                time.sleep(_POLL)
            else:
                return

    def free(self) -> None:
        """Lets other processes write again."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Closes the file."""
        os.close(self._file)
