"""Stores of national size, made by bulk: a thousand places, ten years, five million records.

Records made in bulk have no line in the journal and no receipt: `fieldapp check` and `backup` hold
the journal against itself, not against the records. So the store is whole for both.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from fieldapp.ask.answer import check
from fieldapp.ask.question import Form
from fieldapp.demo.door import Door, as_sent
from fieldapp.keep import covenant, whole
from fieldapp.keep import row as rows
from fieldapp.keep.people import CODE_ALPHABET
from fieldapp.keep.store import Store, open_store, table_of
from fieldapp.report import completeness, opening
from fieldapp.settings import Settings
from fieldapp.web.surroundings import Surroundings
from tests.bench.bulk import CREWS, FRAME, RECORDS, WORK

PLACES = 1_000
YEARS = 10
SEED = 2026
SAMPLE = 40
"""How many records of each form are checked by the rules that hold for a phone."""

_KINDS = ("meeting_place",) * 7 + ("wijkbedrijf",) * 2 + ("pilot",) * 2
"""As in The Hague: 14 meeting places, 4 wijkbedrijven, 4 pilots."""
_WIJKEN = ("bouwlust", "vrederust", "morgenstond", "moerwijk")
_WEEKS = [
    "".join("01"[day in open_on] for day in range(7))
    for open_on in itertools.combinations(range(5), 3)
]
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_STAYS = {"volunteer": (110, 900), "participant": (40, 700)}
"""Every how many days somebody comes in a role, and how long they stay."""
_BULK = ("journal_mode=off", "synchronous=off", "cache_size=-400000", "temp_store=file")


def national(
    folder: Path,
    forms: Mapping[str, Form],
    now: dt.datetime,
    places: int = PLACES,
    since: dt.date | None = None,
) -> Store:
    """A new store in `folder` with every place and what it kept from `since` to the day of `now`.

    Without `since` that is the month before. A sample of the records is checked as an answer of a
    phone is; an AssertionError when one would be refused or read otherwise.
    """
    month = now.date().replace(day=1)
    since = since or (month - dt.timedelta(days=1)).replace(day=1)
    store = open_store(folder, forms, lambda: now, make=True)
    wider = since + (now.date() - since) / 2
    spots = _found(store, now, places, since, wider)
    store.close()
    with contextlib.closing(sqlite3.connect(store.database.path, isolation_level=None)) as bulk:
        for each in _BULK:
            bulk.execute(f"PRAGMA {each}")
        bulk.executescript(FRAME)
        with _without_indexes(bulk):
            bulk.execute("BEGIN")
            _fill(bulk, store, spots, since, wider, now.date())
            bulk.execute("COMMIT")
    store = open_store(folder, forms, lambda: now)
    whole.measure(store)
    for form_id in (*RECORDS, "person_new", "schedule"):
        _check(store, forms[form_id], now)
    return store


def ten_years_before(now: dt.datetime) -> dt.date:
    """The first day of the month, ten years before `now`."""
    return now.date().replace(year=now.year - YEARS, day=1)


def records(store: Store) -> int:
    """How many records a store keeps."""
    with store.read() as connection:
        return sum(
            connection.execute(f"SELECT count(*) FROM [{table_of(form_id)}]").fetchone()[0]
            for form_id in store.forms
        )


Spot = tuple[int, str, str, str, str]
"""Number, code, kind, days that it is open, and the day on which it closes each summer."""


def _found(
    store: Store, now: dt.datetime, places: int, since: dt.date, wider: dt.date
) -> Sequence[Spot]:
    """The places with their schedules, and what was agreed: by the door, as the example has it."""
    settings = Settings(data=store.database.path.parent, public_url="http://localhost")
    door = Door(store, settings.timezone, Random(SEED))  # noqa: S311
    spots = []
    with store.write("bench", now) as write:
        covenant.enter(store, write, covenant.read(settings.exports, store.forms, now))
    with door.writing(since) as write:
        for n in range(places):
            code, kind, wijk = f"NL-{n:03}", _KINDS[n % len(_KINDS)], _WIJKEN[n % len(_WIJKEN)]
            shut = dt.date(2001, 7, 1) + dt.timedelta(days=n % 50)
            spots.append((n, code, kind, _WEEKS[n % len(_WEEKS)], f"{shut:%m-%d}"))
            raw = {"code": [code], "name": [f"Plek {n}"], "kind": [kind], "wijk": [wijk]}
            raw |= {"active_from": [since.isoformat()]}
            raw |= {"cohort_14": ["OK"]} if kind == "meeting_place" else {}
            door.send(write, None, "place", raw)
        for _, code, _, _, _ in (each for each in spots if each[2] == "pilot"):
            raw = {"code": [_pilot(code)], "name": ["Pilot"], "wijk": [_WIJKEN[0]]}
            raw |= {"run_by": [code], "active_from": [since.isoformat()]}
            door.send(write, None, "pilot", raw)
    for valid_from, hours in ((since, ("10:00", "16:00")), (wider, ("09:00", "17:00"))):
        with door.writing(valid_from) as write:
            for _, code, _, week, _ in spots:
                raw = {"valid_from": [valid_from.isoformat()]}
                for day in (name for name, there in zip(_DAYS, week, strict=True) if there == "1"):
                    raw |= {f"{day}_from": [hours[0]], f"{day}_until": [hours[1]]}
                door.send(write, code, "schedule", raw)
    return spots


@contextlib.contextmanager
def _without_indexes(bulk: sqlite3.Connection) -> Iterator[None]:
    """Indexes of forms are built afterwards: each is then sorted once."""
    found = bulk.execute(
        "SELECT name, sql FROM sqlite_master "
        "WHERE type = 'index' AND tbl_name LIKE 'form%' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        bulk.execute(f"DROP INDEX [{name}]")
    yield
    for _, sql in found:
        bulk.execute(sql)


def _fill(
    bulk: sqlite3.Connection,
    store: Store,
    spots: Sequence[Spot],
    since: dt.date,
    wider: dt.date,
    today: dt.date,
) -> None:
    bulk.executemany("INSERT INTO spot VALUES (?, ?, ?, ?, ?)", spots)
    days = [since + dt.timedelta(days=ahead) for ahead in range((today - since).days)]
    bulk.executemany(
        "INSERT INTO day VALUES (?, ?, ?, ?)",
        [
            (ahead, day.isoformat(), _weekday(day), f"{day.year}-{(day.month - 1) // 3}")
            for ahead, day in enumerate(days)
        ],
    )
    firsts = [day for day in days if day.day == 1]
    bulk.executemany(
        "INSERT INTO month VALUES (?, ?, ?)",
        [
            (nth, first.isoformat(), after.isoformat())
            for nth, (first, after) in enumerate(itertools.pairwise(firsts))
        ],
    )
    _people(bulk, store, spots, since, today)
    bulk.execute(CREWS)
    bulk.execute(WORK, {"wider": wider.isoformat()})
    for form_id, insert in RECORDS.items():
        given = {"today": today.isoformat()} if ":today" in insert else {}
        bulk.execute(insert.replace("{version}", store.forms[form_id].version), given)


def _weekday(day: dt.date) -> int:
    """The weekday from 0; 7, on which nobody is open, of a holiday."""
    return day.weekday() if opening.day_blocks("Mo-Su 10:00-16:00; PH off", day) else 7


def _pilot(code: str) -> str:
    """The pilot that a place runs."""
    return f"PI-{code[-3:]}"


def _people(
    bulk: sqlite3.Connection,
    store: Store,
    spots: Sequence[Spot],
    since: dt.date,
    today: dt.date,
) -> None:
    """Volunteers of every place and participants of some, one after the other, with a card."""
    codes = map("".join, itertools.product(CODE_ALPHABET, repeat=4))
    found = [
        (n, next(codes), role, nth, came, gone if gone < today else None, kind, code)
        for n, code, kind, _, _ in spots
        for role in ("volunteer", *(("participant",) if kind != "meeting_place" else ()))
        for nth, came, gone in _stays(role, since, today)
    ]
    version, seal = store.forms["person_new"].version, store.seal
    kept = []
    for number, (n, card, role, nth, came, gone, kind, code) in enumerate(found):
        row = f"0b000000-0000-4000-8000-{number:012x}"
        name = seal.close(f"Naam {nth}", "form_person_new", row, "call_name")
        distance = "yes" if role == "participant" and nth % 5 else None
        distance = distance or ("no" if role == "participant" else None)
        at = f"{came}T19:00:00Z"
        pilot = _pilot(code) if (role, kind) == ("participant", "pilot") else None
        started = str(came)
        person = (
            row, code, version, at, at, code, kind, card, role, name, started, distance, pilot,
            started if pilot else None,
        )  # fmt: skip
        worker = (n, card, role, nth, str(came), str(gone) if gone else None, row)
        kept.append((came, person, worker))
    kept.sort(key=lambda each: each[0])
    bulk.executemany(
        "INSERT INTO people (code, at) VALUES (?, ?)",
        [(worker[1], person[3]) for _, person, worker in kept],
    )
    bulk.executemany(
        "INSERT INTO worker VALUES (?, ?, ?, ?, ?, ?, ?)", [worker for _, _, worker in kept]
    )
    bulk.executemany(
        "INSERT INTO form_person_new (_id, _place, _version, _submitted_at, _received_at, _edits, "
        "_state, place, place_kind, person, role, known_elsewhere, call_name, started, "
        "labour_distance, pilot, pilot_from, informed) "
        "VALUES (?, ?, ?, ?, ?, 0, 'current', ?, ?, ?, ?, 'no', ?, ?, ?, ?, ?, 'OK')",
        [person for _, person, _ in kept],
    )


def _stays(role: str, since: dt.date, today: dt.date) -> Iterator[tuple[int, dt.date, dt.date]]:
    """The number of each in a role, the day on which they come and the one on which they leave."""
    apart, long = _STAYS[role]
    for nth in range(((today - since).days + long) // apart):
        gone = since + dt.timedelta(days=(nth + 1) * apart)
        yield nth, max(since, gone - dt.timedelta(days=long)), gone


def _check(store: Store, form: Form, now: dt.datetime) -> None:
    """Whether records drawn from a form's table would be kept just so when a phone sent them."""
    chance, table = Random(SEED), table_of(form.form_id)  # noqa: S311
    with store.read() as connection:
        last = connection.execute(f"SELECT max(rowid) FROM [{table}]").fetchone()[0]
        for _ in range(SAMPLE if last else 0):  # a few months have no report of a year
            found = connection.execute(
                f"SELECT _id FROM [{table}] WHERE rowid >= ? LIMIT 1", (chance.randint(1, last),)
            ).fetchone()
            row = rows.find(store, connection, form, found[0], None)
            place = completeness.places(connection, row.place)[0]
            moment = dt.datetime.fromisoformat(row.received_at)
            assert moment <= now
            here = Surroundings(store, connection, place, moment)
            answer = check(form, as_sent(row), here.context(form, row.values))
            assert answer.values == row.values, f"{row.id}: {answer.values} is not {row.values}"
