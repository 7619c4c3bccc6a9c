"""`make profile`: where the time goes when an answer is saved, and when a month is exported.

Prints what took longest by itself, and with what it called; paths as they are in this folder.
"""

from __future__ import annotations

import argparse
import cProfile
import datetime as dt
import io
import itertools
import pstats
import re
import sysconfig
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from fieldapp.keep import columns, phone
from fieldapp.keep import row as rows
from fieldapp.report.deliver import deliver
from fieldapp.web.access import PHONE_COOKIE
from fieldapp.web.app import create_app
from tests.bench.home import MONTH, NOW, Home, home

MANY = 300
TOP = 25
HERE = "OP-01"
PARTS = ("morning", "afternoon", "evening")

_URL = "https://localhost"
_ROOTS = (
    str(Path(__file__).parents[2]),
    sysconfig.get_path("platlib"),
    sysconfig.get_path("purelib"),
    sysconfig.get_path("platstdlib"),
    sysconfig.get_path("stdlib"),
)
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def saved(home: Home) -> Callable[[], None]:
    """Posts answers for dayparts that nobody told of, so that each is kept and counts."""
    store, form, free = home.store, home.store.forms["visitors"], free_dayparts(home)
    client = create_app(home.settings, store, home.workbooks, lambda: NOW).test_client()
    with store.write("bench", NOW) as write:
        token, _ = phone.make_pairing(write, HERE, phone.ON_LETTER)
        cookie, _ = phone.pair(store, write, token, "Bench", None)
    client.set_cookie(PHONE_COOKIE, str(cookie), secure=True)
    page = client.get("/form/visitors", base_url=_URL).text
    given = {
        "csrf_token": _TOKEN.findall(page)[0],
        "page.place": HERE,
        "version": form.version,
        "visitors": "24",
    }

    def post() -> None:
        sent: list[str] = []
        for date, part in itertools.islice(free, MANY):
            new = {"date": date, "daypart": part, "instanceID": str(uuid.uuid4())}
            answer = client.post("/form/visitors", data=given | new, base_url=_URL)
            assert answer.status_code == 303, answer.text
            sent.append(new["instanceID"])
        with store.read() as connection:
            states = {columns.state_of(connection, form, row) for row in sent}
        assert states == {rows.CURRENT}, f"kept as {states}: that is another way"

    return post


def free_dayparts(home: Home) -> Iterator[tuple[str, str]]:
    """Each day and daypart of the place of which nobody told its visitors, the last first."""
    with home.store.read() as connection:
        found = connection.execute(
            "SELECT date, daypart FROM form_visitors WHERE _place = ?", (HERE,)
        )
        taken = {tuple(row) for row in found}
    days = ((NOW.date() - dt.timedelta(days=back)).isoformat() for back in itertools.count(1))
    return ((day, part) for day in days for part in PARTS if (day, part) not in taken)


def exported(home: Home) -> Callable[[], None]:
    """Makes the workbook of a month once."""

    def tell() -> None:
        deliver(home.store, home.settings, home.workbooks, "monthly", MONTH, NOW)

    return tell


def profiled(work: Callable[[], None], top: int = TOP) -> str:
    """Two tables of where the time of `work` goes: by itself, and with what it called."""
    watched = cProfile.Profile()
    watched.runcall(work)
    told = io.StringIO()
    found = pstats.Stats(watched, stream=told)
    for order in ("tottime", "cumulative"):
        found.sort_stats(order).print_stats(top)
    return shortened(told.getvalue())


def shortened(text: str) -> str:
    """The text without the folders that everybody has somewhere else, and without empty lines."""
    for root in sorted(_ROOTS, key=len, reverse=True):
        text = text.replace(f"{root}/", "")
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def main() -> None:
    """Prints the tables of both."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.profile")
    parser.add_argument("--home", type=Path, help="where the example is kept between two runs")
    with home(parser.parse_args().home) as here:
        for title, work in (
            (f"{MANY} answers saved one by one", saved(here)),
            (f"the workbook of {MONTH}", exported(here)),
        ):
            print(f"\n## {title}\n\n{profiled(work)}", flush=True)


if __name__ == "__main__":
    main()
