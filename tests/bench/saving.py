"""Saving an answer on the real server, against bare durable inserts and against checking alone."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from fieldapp.ask.forms import load_forms
from fieldapp.keep import phone
from fieldapp.keep.pace import AT_ONCE
from fieldapp.keep.store import open_store
from fieldapp.settings import Settings
from fieldapp.web.access import PHONE_COOKIE
from fieldapp.web.instance import real_clock
from tests.bench.figure import Figure
from tests.bench.home import Home
from tests.bench.posting import Request, Told
from tests.bench.server import PUBLIC_URL, server

CLIENTS = (1, 4, 16)
ROUNDS = 5
MANY = 240
_PLACE = "OP-01"
_PHONES = 2 + (len(CLIENTS) * ROUNDS + 1) * MANY // AT_ONCE
_FIRST = dt.date(2001, 1, 1)
"""From here on: days of which the example keeps nothing, so that no record is a double."""
_JSON = "application/json"
_DAYPARTS = ("morning", "afternoon", "evening")


def figures(home: Home) -> Iterator[Figure]:
    """What saving costs, with few and with many at once."""
    with contextlib.ExitStack() as stack:
        ports: dict[str, int] = {}
        requests: dict[str, Iterator[Request]] = {}
        for mode in ("whole", "unstored", "empty"):
            data, log = home.folder / mode, home.folder / f"{mode}.log"
            requests[mode] = _records(_instance(home, data))
            ports[mode] = stack.enter_context(server(mode, data, log))
        requests["empty"] = itertools.repeat(Request("/", {"Content-Type": _JSON}, "{}"))
        bare = stack.enter_context(_bare(home.folder / "bare.db"))

        def turn(clients: int) -> Round:
            told = (_post(ports[mode], clients, requests[mode]) for mode in requests)
            return Round(_insert(bare), *told)

        turn(max(CLIENTS))  # does not count
        for clients in CLIENTS:
            yield from _told(clients, [turn(clients) for _ in range(ROUNDS)])


@dataclass(frozen=True)
class Round:
    """One turn of each."""

    inserts: float
    """Bare durable inserts in a second."""
    whole: Told
    unstored: Told
    empty: Told


def _told(clients: int, found: list[Round]) -> Iterator[Figure]:
    many = "1 client" if clients == 1 else f"{clients} clients"
    middle = statistics.median
    p50 = middle(each.whole.within(0.5) for each in found) * 1000
    p99 = middle(each.whole.within(0.99) for each in found) * 1000
    rate = middle(each.whole.per_second for each in found)
    yield Figure(
        f"saving an answer, {many}: {rate:,.0f} a second, p50 {p50:.1f} ms, p99 {p99:.1f} ms",
        "bare durable inserts",
        [each.whole.per_second / each.inserts for each in found],
        at_least=0.25,
    )
    yield Figure(
        f"saving an answer, {many}",
        "the same checked, not stored",
        [each.whole.per_second / each.unstored.per_second for each in found],
        at_least=0.75 if clients > 1 else None,  # one alone waits for the disk each time
    )
    yield Figure(
        f"an empty Flask POST on the same server, {many}",
        "bare durable inserts",
        [each.empty.per_second / each.inserts for each in found],
    )
    yield Figure(
        f"saving an answer, {many}: p99",
        "its p50",
        [each.whole.within(0.99) / each.whole.within(0.5) for each in found],
        at_most=4 if clients == CLIENTS[-1] else None,
    )


def _instance(home: Home, data: Path) -> list[str]:
    """A copy of the example in `data`, and the cookies of phones that are paired there."""
    data.mkdir()
    with contextlib.closing(sqlite3.connect(data / "fieldapp.db")) as copy:
        home.store.database.copy_into(copy)
    for name in ("secrets.json", "head"):
        shutil.copy(home.settings.data / name, data / name)
    settings = Settings(data=data, public_url=PUBLIC_URL)
    store = open_store(data, load_forms(settings.forms, data / "cache"), real_clock)
    cookies = []
    with store.write("bench", real_clock()) as write:
        for _ in range(_PHONES):
            token, _ = phone.make_pairing(write, _PLACE, phone.ON_LETTER)
            cookie, _ = phone.pair(store, write, token, "Bench", None)
            cookies.append(str(cookie))
    store.close()
    return cookies


def _records(cookies: list[str]) -> Iterator[Request]:
    """Records as an outbox sends them: each of another daypart, by one phone after another."""
    outboxes = {cookie: str(uuid.uuid4()) for cookie in cookies}
    for number, cookie in enumerate(itertools.cycle(cookies)):
        day, part = divmod(number, len(_DAYPARTS))
        now = real_clock().isoformat()
        answers = {
            "date": (_FIRST + dt.timedelta(days=day)).isoformat(),
            "daypart": _DAYPARTS[part],
            "visitors": "24",
            "activities": ["drop_in", "meal"],
            "new_visitors": "2",
        }
        record: Mapping[str, object] = {
            "form": "visitors",
            "version": "",
            "place": _PLACE,
            "instanceID": str(uuid.uuid4()),
            "answers": answers,
            "sure": [],
            "made_at": now,
            "outbox": outboxes[cookie],
            "number": number // len(cookies) + 1,
            "sent_at": now,
        }
        headers = {
            "Content-Type": _JSON,
            "X-Fieldapp": "1",
            "Origin": PUBLIC_URL,
            "Cookie": f"{PHONE_COOKIE}={cookie}",
            "Accept-Encoding": "gzip, deflate, br",
            "Accept-Language": "nl-NL,nl;q=0.9",
        }
        yield Request("/api/submissions", headers, json.dumps(record))


def _post(port: int, clients: int, requests: Iterator[Request]) -> Told:
    lines = [json.dumps(asdict(each)) for each in itertools.islice(requests, MANY)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.posting", str(port), str(clients), "201"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return Told(*json.loads(done.stdout))


@contextlib.contextmanager
def _bare(path: Path) -> Iterator[sqlite3.Connection]:
    """A table as plain as can be, on a connection that is as durable as ours."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode=wal")
        plain.execute("PRAGMA synchronous=full")
        plain.execute("CREATE TABLE visits (id TEXT PRIMARY KEY, date TEXT, part TEXT, n INTEGER)")
        yield plain


def _insert(plain: sqlite3.Connection) -> float:
    """Inserts in a second, each on the disk before the next."""
    begun = time.perf_counter()
    for _ in range(MANY):
        plain.execute("BEGIN IMMEDIATE")
        values = (str(uuid.uuid4()), "2026-11-19", "evening", 24)
        plain.execute("INSERT INTO visits VALUES (?, ?, ?, ?)", values)
        plain.execute("COMMIT")
    return MANY / (time.perf_counter() - begun)
