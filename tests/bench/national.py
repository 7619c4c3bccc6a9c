"""A store of national size, made by bulk: a thousand places that fill in most days of a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store, open_store

PLACES = 1_000

_KINDS = ("meeting_place", "wijkbedrijf", "pilot")
_WIJKEN = ("bouwlust", "vrederust", "morgenstond", "moerwijk")
_OWN = "_id, _place, _version, _submitted_at, _received_at, _edits, _state"
_KEPT = "?, ?, '1', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z', 0, 'current'"
_PARTS = ("morning", "afternoon")


def national(folder: Path, forms: Mapping[str, Form], now: dt.datetime) -> Store:
    """A new store in `folder` with every place and the month before `now`."""
    store = open_store(folder, forms, lambda: now, make=True)
    month = (now.date().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    codes = [f"NL-{number:04}" for number in range(PLACES)]
    with store.write("bench", now) as write:
        bulk = write.connection.executemany
        bulk(
            "INSERT INTO list_places (name, label, kind, wijk, active_from, _row, _at) "
            "VALUES (?, ?, ?, ?, '2025-01-01', '', '')",
            [
                (code, f"Plek {n}", _KINDS[n % len(_KINDS)], _WIJKEN[n % len(_WIJKEN)])
                for n, code in enumerate(codes)
            ],
        )
        bulk(
            f"INSERT INTO form_schedule ({_OWN}, valid_from, opening_hours) "
            f"VALUES ({_KEPT}, '2025-01-01', ?)",
            [
                (f"s-{n}", code, f"Mo-Fr {8 + n % 4:02}:{n % 60:02}-17:00; PH off")
                for n, code in enumerate(codes)
            ],
        )
        bulk(
            f"INSERT INTO form_opening ({_OWN}, date, open) VALUES ({_KEPT}, ?, 'yes')",
            list(_days("opening", codes, month)),
        )
        bulk(
            f"INSERT INTO form_volunteer_hours ({_OWN}, date) VALUES ({_KEPT}, ?)",
            list(_days("hours", codes, month)),
        )
        bulk(
            f"INSERT INTO form_visitors ({_OWN}, date, daypart, visitors) "
            f"VALUES ({_KEPT}, ?, ?, 5)",
            [
                (f"{row}-{part}", code, date, part)
                for row, code, date in _days("visitors", codes, month)
                for part in _PARTS
            ],
        )
    return store


def _days(kind: str, codes: list[str], month: dt.date) -> Iterator[tuple[str, str, str]]:
    """An id, a place and a day for most weekdays: each place skips one of six."""
    for number, code in enumerate(codes):
        for ahead in range(28):
            day = month + dt.timedelta(days=ahead)
            if day.weekday() < 5 and (number + ahead) % 6:
                yield f"{kind}-{number}-{ahead}", code, day.isoformat()
