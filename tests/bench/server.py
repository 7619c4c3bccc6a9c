"""The real server in a process of its own, as it is and with one thing less.

`python -m tests.bench.server whole serve …` is `fieldapp serve …`. With `unstored` everything is
checked and nothing is stored: every statement that reads is done, also within a write, and none
that changes something. With `empty` it is a Flask application that does nothing at all.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import waitress
from flask import Flask

from fieldapp.cli import main
from fieldapp.keep.store import Store, Write
from tests.serving import free_port

_PATIENCE = 60


@contextlib.contextmanager
def server(mode: str, data: Path, log: Path) -> Iterator[int]:
    """The port of a server on `data` while the block runs."""
    port = free_port()
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.server", mode, "serve", "--port", str(port)],
            env=os.environ | {"FIELDAPP_DATA": str(data), "FIELDAPP_PUBLIC_URL": PUBLIC_URL},
            stdout=lines,
            stderr=lines,
        )
        try:
            _wait(process, port, log)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE)


PUBLIC_URL = "http://localhost"


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"the server did not start:\n{log.read_text('utf-8')}")


class _Reading:
    """A connection that does what reads and leaves the rest."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Any = ()) -> Any:
        """What was found, or as if one row was changed."""
        if statement.lstrip().startswith("SELECT"):
            return self._connection.execute(statement, values)
        return _Done

    def executemany(self, statement: str, values: Any) -> Any:
        """As if one row was changed."""
        return _Done


class _Done:
    rowcount, lastrowid = 1, 1


class _Unkept(Write):
    """A transaction that notes nothing."""

    def note(self, *said: object, **more: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def _checked(
    store: Store, actor: str, now: Any, patience: float = 10.0, *, together: bool = False
) -> Iterator[Write]:
    with store.database.write(patience) as connection:
        reading: Any = _Reading(connection)
        yield _Unkept(reading, actor, now, store.journal)


def _whole(app: Flask) -> Flask:
    return app


def _unstored(app: Flask) -> Flask:
    setattr(Store, "write", _checked)  # noqa: B010  (a method of a frozen class)
    return app


def _empty(app: Flask) -> Flask:
    nothing = Flask("nothing")
    nothing.add_url_rule("/", view_func=lambda: ("", 201), methods=["POST"])
    return nothing


_MODES: Mapping[str, Callable[[Flask], Flask]] = {
    "whole": _whole,
    "unstored": _unstored,
    "empty": _empty,
}

if __name__ == "__main__":
    change, serve = _MODES[sys.argv.pop(1)], waitress.serve
    waitress.serve = lambda app, **options: serve(change(app), **options)
    signal.signal(signal.SIGTERM, lambda *about: sys.exit())
    main()
