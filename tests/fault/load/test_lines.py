"""Whoever holds lines open and says nothing does not make the server deaf."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest
from waitress.server import create_server

from fieldapp.cli import LINES
from tests.fault.table import Record, Trial, told
from tests.serving import free_port

WHAT = "300 lines that are held open and say nothing"
MANY = 300
PATIENCE = 3.0


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Says something."""
    start("200 OK", [("Content-Length", "2")])
    return [b"ja"]


@contextlib.contextmanager
def served(lines: Mapping[str, Any]) -> Iterator[int]:
    """A server with these lines; its port."""
    port = free_port()
    server = create_server(app, host="127.0.0.1", port=port, threads=1, ident=None, **lines)

    def run() -> None:
        with contextlib.suppress(OSError):  # closed while it waited for somebody
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(5)
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        if server.socket:
            server.socket.close()


def heard(lines: Mapping[str, Any]) -> bool:
    """Whether somebody still gets an answer while others hold lines open."""
    with contextlib.ExitStack() as held, served(lines) as port:
        for _ in range(MANY):
            held.enter_context(socket.create_connection(("127.0.0.1", port), 5))
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as mine:
            mine.settimeout(PATIENCE)
            mine.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            with contextlib.suppress(TimeoutError):
                return b"200 OK" in mine.recv(100)
    return False


def test_silent_lines_do_not_make_it_deaf(record_property: Record) -> None:
    told(record_property, Trial("S", WHAT, of=1))
    assert heard(LINES)
    assert LINES["connection_limit"] < 1_024, "the files that a service may have open"


def test_mutation_with_the_lines_of_waitress_it_is_deaf(record_property: Record) -> None:
    told(record_property, Trial("S", WHAT, "more lines than waitress has by itself", 1))
    with pytest.raises(AssertionError):
        assert heard({})
