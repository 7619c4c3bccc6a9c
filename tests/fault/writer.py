"""A process that keeps records until it is killed, and says each id once it is kept.

Run as `python writer.py DATA CACHE MODE IDS…`; it sends the ids it is given first (again, as an
outbox does), then new ones. MODE is one of

    plain   says an id after its transaction was committed
    early   the mutation: says an id before, and then is slow to commit
    full    may let files grow by little, says `busy` when they cannot, and goes on when they can
    normal, off   the mutation: SQLite waits less, or not at all, for the disk
    closing closes the instance now and then, and opens it again

With RECORDS in its environment it ends after so many, at once and without closing anything.

Run as `python writer.py --nest CACHE` it reads lines `PIPE DATA MODE IDS…` and for each becomes a
writer in a process of its own that says its number and its ids into that pipe: that starts quickly.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import resource
import signal
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from fieldapp.ask.answer import Answer
from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.errors import Busy
from fieldapp.keep import database
from fieldapp.keep import row as rows
from fieldapp.keep.store import Store, open_store
from fieldapp.settings import shipped

NOW = dt.datetime(2026, 11, 20, 9, 12, tzinfo=dt.UTC)
ANSWER = Answer("visitors", "1", {"date": "2026-11-19", "daypart": "morning", "visitors": 3})


_SYNCHRONOUS = {"normal": 1, "off": 0}
_OFTEN = 40  # records between one closing and the next


def main(data: str, cache: str, mode: str, again: Sequence[str]) -> None:
    """Writes until the end."""
    write(load_forms(shipped("forms"), Path(cache)), data, mode, again)


def write(forms: Mapping[str, Form], data: str, mode: str, again: Sequence[str]) -> None:
    """Writes until the end."""
    if mode in _SYNCHRONOUS:
        database.PRAGMAS["synchronous"] = _SYNCHRONOUS[mode]
    store = open_store(Path(data), forms, lambda: NOW)
    if mode == "full":
        limit(Path(data), 64_000)
    ids = itertools.chain(again, (str(uuid.uuid4()) for _ in itertools.count()))
    most = os.environ.get("RECORDS")
    for number, row in enumerate(itertools.islice(ids, int(most) if most else None), 1):
        if mode == "full":
            patiently(store, row)
        else:
            keep(store, row, early=mode == "early")
        if mode == "closing" and number % _OFTEN == 0:
            store.close()
            store = open_store(Path(data), forms, lambda: NOW)
    os._exit(0)


def nest(cache: str) -> None:
    """Becomes a writer for each line it reads; nothing of SQLite is open when it does."""
    forms = load_forms(shipped("forms"), Path(cache))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pipe, data, mode, *again = line.split()
        if os.fork() == 0:
            os.dup2(os.open(pipe, os.O_WRONLY), 1)
            print(os.getpid(), flush=True)
            write(forms, data, mode, again)


def keep(store: Store, row: str, *, early: bool = False) -> None:
    """One record, and its id said."""
    with store.write("writer", NOW) as write:
        rows.add(store, write, store.forms["visitors"], ANSWER, row, rows.Origin("OP-01"))
        if early:
            print(row, flush=True)
            time.sleep(60)
    print(row, flush=True)


def patiently(store: Store, row: str) -> None:
    """One record; when there is no room, waits until there is."""
    try:
        keep(store, row)
    except Busy:
        print("busy", flush=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        keep(store, row)


def limit(data: Path, more: int) -> None:
    """Lets no file grow to more than `more` bytes beyond the largest there is now."""
    largest = max(path.stat().st_size for path in data.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + more, resource.RLIM_INFINITY))


if __name__ == "__main__":
    if sys.argv[1] == "--nest":
        nest(sys.argv[2])
    else:
        main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
