"""The real server in a thread, on loopback, for tests and pictures."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from flask import Flask
from waitress.server import create_server

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""How Chromium is started: nothing but the page, and no calls home."""


def free_port() -> int:
    """A port on loopback that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    """Serves `app` on loopback while the block runs."""
    server = create_server(app, host="127.0.0.1", port=port, threads=4, ident=None)

    def run() -> None:
        with contextlib.suppress(OSError):  # closed while it waited for somebody
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(5)
        for channel in list(server.active_channels.values()):  # a browser keeps its lines open
            channel.handle_close()
        if server.socket:  # the thread was in the way of closing it
            server.socket.close()
