"""The line between a phone and the server: whole, cut, slow, or somebody else's."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

DOOR = "/api/submissions"
_RESET = struct.pack("ii", 1, 0)
_IDLE = 100  # seconds; longer than any fault holds a call


@dataclass
class Call:
    """One request that a phone makes."""

    method: str
    path: str
    body: bytes
    whole: bytes
    to: socket.socket
    server: int

    @property
    def knocks(self) -> bool:
        """Whether it brings a record."""
        return (self.method, self.path) == ("POST", DOOR)

    def answer(self) -> bytes:
        """What the server answers, to its last byte."""
        found = b""
        with socket.create_connection(("127.0.0.1", self.server), _IDLE) as server:
            server.sendall(self.whole)
            while part := server.recv(65_536):
                found += part
        return found

    def begin(self) -> None:
        """Brings the request, and hears no answer."""
        with socket.create_connection(("127.0.0.1", self.server), _IDLE) as server:
            server.sendall(self.whole)

    def pass_on(self) -> None:
        """Brings the answer of the server."""
        self.to.sendall(self.answer())

    def say(self, status: int, body: str = "", kind: str = "text/html", **more: str) -> None:
        """Answers in the place of the server."""
        content = body.encode()
        headers = {"Content-Type": kind, "Content-Length": str(len(content)), "Connection": "close"}
        headers |= {name.replace("_", "-"): text for name, text in more.items()}
        head = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
        self.to.sendall(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content)

    def cut(self) -> None:
        """Ends the connection in the middle of what it was about."""
        self.to.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.to.close()


def whole(call: Call) -> None:
    """Brings every call to the server."""
    call.pass_on()


def dead(call: Call) -> None:
    """Nobody answers, though there is a signal."""
    call.cut()


@dataclass
class Line:
    """Listens in the place of the server; `fault` decides what becomes of a call."""

    port: int
    server: int = 0
    fault: Callable[[Call], None] = whole
    heard: list[tuple[str, str]] = field(default_factory=list)
    _open: set[socket.socket] = field(default_factory=set)
    _listener: socket.socket = field(default_factory=socket.socket)

    def __enter__(self) -> Line:
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(64)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    @property
    def knocks(self) -> int:
        """How often a record was brought."""
        return self.heard.count(("POST", DOOR))

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(caller)
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with caller, suppress(OSError):
            caller.settimeout(_IDLE)
            call = self._read(caller)
            if call:
                self.heard.append((call.method, call.path))
                self.fault(call)
        self._open.discard(caller)

    def _read(self, caller: socket.socket) -> Call | None:
        """One request, that asks the server to close when it has answered."""
        found = b""
        while b"\r\n\r\n" not in found:
            part = caller.recv(65_536)
            if not part:
                return None
            found += part
        head, _, body = found.partition(b"\r\n\r\n")
        length = int(_header(head).get("content-length", "0"))
        while len(body) < length:
            body += caller.recv(65_536)
        method, path, _ = head.decode("latin-1").split(" ", 2)
        head = re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head) + b"\r\nConnection: close"
        content = head + b"\r\n\r\n" + body
        return Call(method, path.partition("?")[0], body, content, caller, self.server)


def _header(head: bytes) -> Mapping[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): text.strip() for name, _, text in (one.partition(":") for one in lines)}
