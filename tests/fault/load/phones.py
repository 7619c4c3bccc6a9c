"""Many phones at once, light enough for the machine that serves them: raw HTTP over loopback."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

PATIENCE = 30.0
"""Seconds after which a phone gives up on an answer, and asks again."""
_FORM = "/form/visitors"
_DOOR = "/api/submissions"
_FIELD = re.compile(r'name="(csrf_token|instanceID|version|page\.place)" value="([^"]*)"')

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Tally:
    """What all phones saw together."""

    took: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of every answer that did its work, by what was asked."""
    again: Counter[str] = field(default_factory=Counter)
    """Why something was sent again."""
    waited: list[float] = field(default_factory=list)
    """Seconds from saving to the receipt, however often it was sent."""
    acknowledged: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Answers that no phone expects."""

    @property
    def requests(self) -> int:
        """How many answers did their work."""
        return sum(map(len, self.took.values()))

    def of_all(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        return quantile([took for each in self.took.values() for took in each], share)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values is not above."""
    found = sorted(values)
    return found[min(len(found) - 1, int(share * len(found)))] if found else 0.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass
class Phone:
    """One phone: what it is known by, and what its place counted on which days."""

    port: int
    cookie: str
    place: str
    days: Sequence[tuple[dt.date, str]]
    """Day and daypart of each record; every other one goes by the page, without scripts."""
    tally: Tally
    chance: Random
    stubborn: bool = True
    """Whether it sends again what was not acknowledged."""
    _line: Line | None = None

    async def live(self, begin: float) -> None:
        """Opens its forms and sends what it counted, from `begin` seconds on."""
        await asyncio.sleep(begin)
        for nth, (day, daypart) in enumerate(self.days):
            answers = {"date": day.isoformat(), "daypart": daypart, "visitors": "7"}
            page = await self._until("page", "GET", _FORM, {}, b"", (200,))
            if page is None:
                continue
            began = time.monotonic()
            kept = await (self._by_page(page, answers) if nth % 2 else self._by_outbox(answers))
            if kept:
                self.tally.waited.append(time.monotonic() - began)
                self.tally.acknowledged.append(kept)
        self._hang_up()

    async def _by_outbox(self, answers: Mapping[str, str]) -> str:
        row = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        told = {"form": "visitors", "version": "", "place": self.place}
        told |= {"instanceID": row, "answers": answers}  # type: ignore[dict-item]
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"Content-Type": "application/json", "X-Fieldapp": "1", "Origin": origin}
        body = json.dumps(told).encode()
        came = await self._until("outbox", "POST", _DOOR, headers, body, (200, 201))
        return row if came and json.loads(came.body)["receipt"] == row else ""

    async def _by_page(self, page: Answer, answers: Mapping[str, str]) -> str:
        fields = dict(_FIELD.findall(page.body.decode()))
        row: str = fields["instanceID"]
        session = page.header("set-cookie").partition(";")[0]
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": session}
        body = urlencode(fields | {"date.other": ""} | answers).encode()
        came = await self._until("form", "POST", _FORM, headers, body, (303,))
        return row if came and row in came.header("location") else ""

    async def _until(
        self,
        kind: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        good: Sequence[int],
    ) -> Answer | None:
        """The answer, asked for again as long as the server is away or busy."""
        while True:
            began = time.monotonic()
            wait = 0.3 + self.chance.random()
            try:
                came = await asyncio.wait_for(self._ask(method, path, headers, body), PATIENCE)
            except TimeoutError:
                self.tally.again["no answer"] += 1
            except (OSError, EOFError):
                self.tally.again["connection"] += 1
            else:
                if came.status in good:
                    took = self.tally.took.setdefault(kind, [])
                    took.append(time.monotonic() - began)
                    return came
                if came.status not in (429, 503):
                    self.tally.wrong.append(f"{kind}: {came.status}")
                    return None
                self.tally.again[str(came.status)] += 1
                wait += float(came.header("retry-after") or 1)
            self._hang_up()
            if not self.stubborn:
                return None
            await asyncio.sleep(wait)

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._line
        cookies = "; ".join(filter(None, (f"__Host-phone={self.cookie}", headers.get("Cookie"))))
        lines = {"Host": f"127.0.0.1:{self.port}", "Accept-Encoding": "identity"}
        lines |= {**headers, "Cookie": cookies, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        await writer.drain()
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        found = [
            (name.lower(), value.strip())
            for name, _, value in (line.partition(":") for line in rest if line)
        ]
        answer = Answer(int(first.split()[1]), found, b"")
        content = await reader.readexactly(int(answer.header("content-length") or 0))
        return Answer(answer.status, found, content)

    def _hang_up(self) -> None:
        if self._line:
            self._line[1].transport.abort()
        self._line = None
