"""`make bench-national`: what pages and exports cost when the country joins, over ten years.

Stores of 10, 100 and 1,000 places stand side by side; each figure is the cost at one size against
that at 100 places, in the same rounds. What is told of all places is measured per place.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyotp
from werkzeug.test import Client

from fieldapp.ask.forms import load_forms
from fieldapp.keep import account, phone
from fieldapp.keep.store import Store
from fieldapp.report import outcome
from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.report.period import period
from fieldapp.report.progress import WORKBOOK
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from fieldapp.web.access import OFFICE_COOKIE, PHONE_COOKIE
from fieldapp.web.app import create_app
from tests.bench.figure import ROUNDS, Figure, machine, table, timed
from tests.bench.home import MONTH, NOW
from tests.bench.national import PLACES, national, records, ten_years_before

SIZES = (PLACES // 100, PLACES // 10, PLACES)
BESIDE = PLACES // 10
"""The size that the others are put beside."""
OF_PLACE, OF_ALL = 1.15, 1.3
"""How much more a page of one place may cost, and a month per place, at ten times the places."""
HERE = "NL-007"
"""A wijkbedrijf: the kind of place with the most people."""
PAGES = ("/", "/week", "/form/visitors", "/form/attendance")
_MANY = 10  # pages in one measurement: one by itself is over too soon


@dataclass(frozen=True)
class Country:
    """A store with so many places, and who looks at it."""

    places: int
    settings: Settings
    store: Store
    workbooks: Mapping[str, Workbook]
    phone: Client
    office: Client

    def seen(self, path: str) -> None:
        """A page on the phone of one place, each time at an address that stands nowhere ready."""
        for _ in range(_MANY):
            query = {"fresh": str(uuid.uuid4())}
            answer = self.phone.get(path, query_string=query, base_url="https://localhost")
            assert answer.status_code == 200

    def overview(self) -> None:
        """The office's overview of a month."""
        answer = self.office.get(f"/office/?month={MONTH}", base_url="https://localhost")
        assert answer.status_code == 200

    def results(self) -> None:
        """How the results of the deal stand, as the office sees them when nothing is remembered."""
        workbook, over = self.workbooks[WORKBOOK], period(MONTH, NOW.date())
        outcome.outcomes(self.store, self.settings, workbook, over, NOW.date(), public=False)

    def month(self) -> None:
        """The workbook of a month."""
        deliver(self.store, self.settings, self.workbooks, "monthly", MONTH, NOW)


def main() -> None:
    """Makes the stores, measures, and prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth")
    parser.add_argument("--keep", type=Path, help="the file that the table is kept in")
    asked = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as work, contextlib.ExitStack() as opened:
        countries = {}
        for places in SIZES:
            countries[places] = opened.enter_context(country(Path(work), places))
            print(f"{places} places: {time.monotonic() - begun:.0f} s", flush=True)
        found = []
        for figure in figures(countries):
            print(figure, flush=True)
            found.append(figure)
        kept = records(countries[PLACES].store)
        disk = sum(file.stat().st_size for file in Path(work).rglob("*") if file.is_file())
    minutes = (time.monotonic() - begun) / 60
    told = (
        f"{machine()}. {kept:,} records of {PLACES:,} places over ten years; all sizes together "
        f"{disk / 1e9:.1f} GB, made and measured in {minutes:.0f} minutes.\n\n{table(found)}\n"
    )
    print(f"\n{told}")
    if asked.keep:
        asked.keep.write_text(told, "utf-8")


@contextlib.contextmanager
def country(folder: Path, places: int) -> Iterator[Country]:
    """A store with so many places, ten years long, with a phone and an office signed in."""
    settings = Settings(data=folder / str(places), public_url="http://localhost")
    forms = load_forms(settings.forms, folder / "cache")
    store = national(settings.data, forms, NOW, places, ten_years_before(NOW))
    yield entered(settings, store, places)
    store.close()


def entered(settings: Settings, store: Store, places: int) -> Country:
    """A store with a phone paired to one place, and an account of the office signed in."""
    with store.write("bench", NOW) as write:
        token, _ = phone.make_pairing(write, HERE, phone.ON_LETTER)
        cookie, _ = phone.pair(store, write, token, "Bench", None)
        made = account.add(store, write, "bench", "three words make one")
        code = pyotp.TOTP(made.totp_secret).at(NOW)
        session = account.sign_in(store, write, made.account.id, code)
    workbooks = load_workbooks(settings.exports)
    app = create_app(settings, store, workbooks, lambda: NOW)
    of_place, of_office = app.test_client(), app.test_client()
    of_place.set_cookie(PHONE_COOKIE, str(cookie), secure=True)
    of_office.set_cookie(OFFICE_COOKIE, session or "", secure=True)
    return Country(places, settings, store, workbooks, of_place, of_office)


def figures(countries: Mapping[int, Country]) -> Iterator[Figure]:
    """What each costs at each size; results and month take minutes, so once."""
    for path in PAGES:
        seen = {places: partial(each.seen, path) for places, each in countries.items()}
        yield from grown(f"GET {path}", seen, OF_PLACE)
    overviews = {places: each.overview for places, each in countries.items()}
    yield from grown("the overview, per place", overviews, OF_ALL, per_place=True)
    results = {places: each.results for places, each in countries.items()}
    yield from grown("the results, per place", results, OF_ALL, rounds=1, per_place=True)
    months = {places: each.month for places, each in countries.items()}
    yield from grown("the month's workbook, per place", months, OF_ALL, rounds=1, per_place=True)


def grown(
    what: str,
    works: Mapping[int, Callable[[], None]],
    at_most: float,
    *,
    rounds: int = ROUNDS,
    per_place: bool = False,
) -> Iterator[Figure]:
    """The cost at each size against that at BESIDE places, in turns; `per_place` of each place."""
    if rounds > 1:
        for work in works.values():
            work()
    ratios: dict[int, list[float]] = {places: [] for places in works if places != BESIDE}
    for _ in range(rounds):
        beside = timed(works[BESIDE])
        for places, found in ratios.items():
            share = places / BESIDE if per_place else 1
            found.append(timed(works[places]) / beside / share)
    for places, found in ratios.items():
        aim = at_most if places > BESIDE else None
        yield Figure(f"{what}, {places:,} places", f"{BESIDE} places", found, aim)


if __name__ == "__main__":
    main()
