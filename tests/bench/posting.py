"""Lean clients that post over lines that stay open, in a process of their own.

`python -m tests.bench.posting PORT CLIENTS` posts each request that a line of its input holds, as
JSON, and prints the seconds that it took in all and those that each answer took.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_ENDS = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Request:
    """One POST: its address, what it says of itself, and its body."""

    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def content(self) -> bytes:
        """What goes over the line."""
        body = self.body.encode()
        about = {"Host": "localhost", "Content-Length": str(len(body))} | self.headers
        head = "".join(f"{name}: {value}\r\n" for name, value in about.items())
        return f"POST {self.path} HTTP/1.1\r\n{head}\r\n".encode() + body


@dataclass(frozen=True)
class Told:
    """How it went: all seconds, and those between each request and the end of its answer."""

    seconds: float
    each: Sequence[float]

    @property
    def per_second(self) -> float:
        """Answers in a second."""
        return len(self.each) / self.seconds

    def within(self, share: float) -> float:
        """The seconds within which this share of the answers came."""
        return sorted(self.each)[min(len(self.each) - 1, int(share * len(self.each)))]


def post(port: int, clients: int, requests: Iterable[Request], status: int) -> Told:
    """Posts them all, each client one after another; every answer must have this status."""
    waiting = iter([request.content for request in requests])
    choose, each = selectors.DefaultSelector(), list[float]()
    lines = [_Line(socket.create_connection(("127.0.0.1", port))) for _ in range(clients)]
    begun = time.perf_counter()
    for line in lines:
        if line.begin(waiting):
            choose.register(line.socket, selectors.EVENT_READ, line)
    while choose.get_map():
        for key, _ in choose.select(30):
            line = key.data
            if (answer := line.read()) is None:
                continue
            each.append(time.perf_counter() - line.begun)
            if answer != status:
                raise SystemExit(f"answered {answer}: {line.kept[:500]!r}")
            if not line.begin(waiting):
                choose.unregister(line.socket)
    took = time.perf_counter() - begun
    for line in lines:
        line.socket.close()
    return Told(took, each)


class _Line:
    """One client: a socket with at most one request under way."""

    def __init__(self, line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket, self.begun, self.kept = line, 0.0, b""

    def begin(self, waiting: Iterator[bytes]) -> bool:
        """Sends the next request; whether there was one."""
        content = next(waiting, None)
        if content is None:
            return False
        self.kept, self.begun = b"", time.perf_counter()
        self.socket.sendall(content)
        return True

    def read(self) -> int | None:
        """The status of the answer once it is whole."""
        came = self.socket.recv(65_536)
        if not came:
            raise SystemExit("the server ended the line")
        self.kept += came
        head, found, body = self.kept.partition(_ENDS)
        if not found:
            return None
        length = head[head.lower().index(_LENGTH) + len(_LENGTH) :].split(b"\r\n")[0]
        return int(self.kept[9:12]) if len(body) >= int(length) else None


def main() -> None:
    """Posts what the input holds."""
    port, clients, status = map(int, sys.argv[1:])
    requests = [Request(**json.loads(line)) for line in sys.stdin]
    told = post(port, clients, requests, status)
    print(json.dumps([told.seconds, told.each]))


if __name__ == "__main__":
    main()
