"""The real server, `fieldapp serve`, with commands beside it and a kill -9 in the middle."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.keep import phone
from fieldapp.keep.store import open_store
from fieldapp.settings import shipped
from tests.fault.invariants import Found, green, look_in
from tests.fault.load.phones import Phone, Tally
from tests.serving import free_port
from tests.world import SINCE, send_to

PLACES = [f"OP-{number:02}" for number in range(1, 11)]
DAYPARTS = ("morning", "afternoon")
NAME = "Kanariegeel"
"""The name under which every phone is paired: no log may hold it."""


@dataclass
class Site:
    """An instance in a folder, its server, and what its phones saw."""

    work: Path
    port: int = field(default_factory=free_port)
    tally: Tally = field(default_factory=Tally)
    cookies: list[str] = field(default_factory=list)
    largest: int = 0
    """Most memory that the server had, in MiB."""
    _server: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The folder of the instance."""
        return self.work / "data"

    @property
    def log(self) -> Path:
        """All that the server said."""
        return self.work / "log"

    def make(self, phones: int, made: int) -> Sequence[Phone]:
        """A new instance with some paired phones, each with so many records to send."""
        self._run("init")
        now = dt.datetime.now(dt.UTC)
        with closing(open_store(self.data, self._forms(), lambda: now)) as store:
            for code in PLACES:
                place = {"code": code, "name": f"Plek {code}", "kind": "meeting_place"}
                send_to(
                    store, now, None, "place", place | {"wijk": "moerwijk", "active_from": SINCE}
                )
            with store.write("test", now) as write:
                for number in range(phones):
                    token, _ = phone.make_pairing(write, PLACES[number % 10], phone.ON_LETTER)
                    cookie, _ = phone.pair(store, write, token, NAME, None)
                    self.cookies.append(str(cookie))
        return [self._phone(number, made) for number in range(phones)]

    def _forms(self) -> Mapping[str, Form]:
        return load_forms(shipped("forms"), self.data / "cache")

    def _phone(self, number: int, made: int) -> Phone:
        """Of one place no two phones count the same part of the same day."""
        first, today = number // len(PLACES) * made, dt.datetime.now(dt.UTC).date()
        days = [
            (today - dt.timedelta(days=1 + nth // 2), DAYPARTS[nth % 2])
            for nth in range(first, first + made)
        ]
        place, chance = PLACES[number % len(PLACES)], Random(number)  # noqa: S311
        return Phone(self.port, self.cookies[number], place, days, self.tally, chance)

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "fieldapp", "serve", "--port", str(self.port)],
                env=self._environ,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """Kills the server in the middle of what it does."""
        assert self._server
        status = Path(f"/proc/{self._server.pid}/status")
        if status.exists():
            peak = next(line for line in status.read_text().splitlines() if "VmHWM" in line)
            self.largest = max(self.largest, int(peak.split()[1]) // 1024)
        self._server.send_signal(signal.SIGKILL)
        assert self._server.wait(20) == -signal.SIGKILL, "it had ended by itself"
        self._server = None

    async def up(self) -> None:
        """Returns when the server answers."""
        for _ in range(600):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
        raise AssertionError("the server does not start")

    async def trouble(self, records: int) -> None:
        """A backup, an export, and a kill with a new start, while records come in."""
        month = dt.datetime.now(dt.UTC).strftime("%Y-%m")
        await self._come(records * 0.1)
        copying = asyncio.create_task(self._command("backup", str(self.work / "copy.db")))
        await self._come(records * 0.25)
        book = str(self.work / "month.xlsx")
        telling = asyncio.create_task(self._command("export", "monthly", month, "--out", book))
        await self._come(records * 0.5)
        self.kill()
        self.start()
        await asyncio.gather(copying, telling)

    async def _come(self, records: float) -> None:
        while len(self.tally.acknowledged) < records:
            await asyncio.sleep(0.01)

    async def _command(self, *words: str) -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "fieldapp",
            *words,
            env=self._environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await child.communicate()
        assert child.returncode == 0, said.decode()

    def besiege(self, phones: Sequence[Phone], window: float) -> float:
        """All phones at work, spread over so many seconds, with trouble; how long it took."""
        records = sum(len(each.days) for each in phones)

        async def run() -> float:
            self.start()
            await self.up()
            began, chance = time.monotonic(), Random(len(phones))  # noqa: S311
            await asyncio.gather(
                self.trouble(records), *(each.live(chance.random() * window) for each in phones)
            )
            return time.monotonic() - began

        with ThreadPoolExecutor(1) as own:  # this thread may have a loop: a browser's
            took = own.submit(asyncio.run, run()).result()
        self.kill()
        return took

    def look(self) -> Found:
        """What is wrong with what is left."""
        now = dt.datetime.now(dt.UTC)
        return look_in(
            self.data,
            self._forms(),
            lambda: now,
            self.tally.acknowledged,
            logs=[self.log.read_text()],
            canaries=[NAME, *self.cookies[:200]],
        )

    def check(self) -> Sequence[str]:
        """What the command `fieldapp check` says."""
        return green(self.data)

    def end(self) -> None:
        """Ends the server when a test did not."""
        if self._server:
            self._server.kill()
            self._server.wait(20)

    def _run(self, *words: str) -> None:
        command = [sys.executable, "-m", "fieldapp", *words]
        subprocess.run(command, env=self._environ, check=True, capture_output=True)

    @property
    def _environ(self) -> Mapping[str, str]:
        own = {"FIELDAPP_DATA": str(self.data), "FIELDAPP_PUBLIC_URL": self.url}
        return {**os.environ, **own}

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"
