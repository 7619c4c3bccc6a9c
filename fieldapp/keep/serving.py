"""Who has an instance to itself: the one process that serves or migrates it."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from fieldapp.errors import Busy

LOCK = "serving.lock"
"""In the data folder: held by the one process that serves the instance."""


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody else serves this instance or puts a copy back meanwhile; Busy when one does.

    To be asked before anything is written: beneath a server of an older version no table changes.
    """
    with locked(data / LOCK, f"a server is running on {data}: end that one first"):
        yield


@contextlib.contextmanager
def locked(path: Path, said: str) -> Iterator[None]:
    """Holds the lock that a file stands for; Busy with what is `said` when another does."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise Busy(f"{path} cannot be written now ({problem})") from problem
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(said) from None
        yield
    finally:
        os.close(handle)
