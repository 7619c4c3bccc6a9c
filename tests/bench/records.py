"""All records of a year, 200,000 rows: time against openpyxl and the bare limit, and memory.

`python -m tests.bench.records ARGUMENT…` runs one command of fieldapp and prints the most memory
that it took, in MiB.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice, product
from pathlib import Path
from typing import Any

import openpyxl

from fieldapp.ask.forms import load_forms
from fieldapp.cli import main
from fieldapp.keep.store import Store, open_store
from fieldapp.report.deliver import deliver_open, telling
from fieldapp.report.period import period
from fieldapp.report.records import sheets_of
from fieldapp.report.sheet import Workbook
from fieldapp.report.stream import stream
from fieldapp.settings import Settings
from tests.bench.figure import Figure, timed
from tests.bench.home import NOW, Home

ROWS = 200_000
YEAR = "2025"
MIB = 150
"""What an export may take at its most."""

_ROUNDS = 3
_ACTIVITIES = ("drop_in", "meal", "creative", "exercise", "language", "party", "other")
_STATUS = Path("/proc/self/status")


def figures(home: Home) -> Iterator[Figure]:
    """What the records of a year cost."""
    settings = Settings(data=home.folder / "records", public_url="http://localhost")
    store = many(settings, home.folder / "cache")
    try:
        book = home.workbooks["records"]
        cells = kept(store, settings, book)
        what = f"records of {len(cells):,} rows × {len(cells[0])}"

        def told() -> None:
            deliver_open(store, settings, home.workbooks, "records", YEAR, NOW).file.close()

        def written() -> None:
            plain = openpyxl.Workbook(write_only=True)
            sheet = plain.create_sheet()
            for row in cells:
                sheet.append(row)
            plain.save(io.BytesIO())

        def squeezed() -> None:
            limit = zlib.compressobj()
            for row in cells:
                limit.compress(",".join(map(str, row)).encode())
            limit.flush()

        rounds = [(timed(told), timed(written), timed(squeezed)) for _ in range(_ROUNDS)]
    finally:
        store.close()
    ratios = [ours / theirs for ours, theirs, _ in rounds]
    yield Figure(what, "openpyxl write-only, the same cells", ratios, at_most=1.3)
    yield Figure(what, "join and zlib, the same cells", [ours / bare for ours, _, bare in rounds])
    if _STATUS.is_file():
        for out, of in (("out.xlsx", "that export"), ("out.zip", "the same as CSV")):
            peaks = [_peak(settings.data, home.folder / out) / MIB for _ in range(_ROUNDS)]
            yield Figure(f"memory of {of}, at its most", f"{MIB} MiB", peaks, at_most=1)


def many(settings: Settings, cache: Path, rows: int = ROWS) -> Store:
    """A new store with that many records of visitors in a year."""
    store = open_store(settings.data, load_forms(settings.forms, cache), lambda: NOW, make=True)
    days = [dt.date(int(YEAR), 1, 1) + dt.timedelta(ahead) for ahead in range(365)]
    parts = ("morning", "afternoon", "evening")
    places = [f"NL-{number:04}" for number in range(-(-rows // (len(days) * len(parts))))]
    with store.write("bench", NOW) as write:
        write.connection.executemany(
            "INSERT INTO list_places (name, label, kind, wijk, active_from, _row, _at) "
            "VALUES (?, ?, 'meeting_place', 'moerwijk', '2024-01-01', '', '')",
            [(place, f"Plek {place}") for place in places],
        )
        write.connection.executemany(
            "INSERT INTO form_visitors (_id, _place, _phone, _version, _submitted_at, "
            "_received_at, _edits, _state, date, daypart, visitors, activities, new_visitors) "
            "VALUES (?, ?, ?, '1', ?, ?, 0, 'current', ?, ?, ?, ?, ?)",
            (
                (
                    f"00000000-0000-4000-8000-{n:012}", place, n % 99, f"{day}T16:00:00Z",
                    f"{day}T16:{n % 60:02}:00Z", f"{day}", part, n % 80,
                    json.dumps(_ACTIVITIES[n % 5 : n % 5 + 3]), n % 7,
                )
                for n, (day, place, part) in enumerate(
                    islice(product(days, places, parts), rows)
                )
            ),
        )  # fmt: skip
    return store


def kept(store: Store, settings: Settings, book: Workbook) -> Sequence[Sequence[Any]]:
    """The cells of all records of visitors."""
    over = period(YEAR, NOW.date())
    with telling(store, settings, over, NOW.date()) as connection:
        sheet = next(each for each in sheets_of(book, connection) if each.sql == "visitors")
        table = stream(sheet, connection, over.parameters(None))
        assert table
        return [
            [
                cell.replace(tzinfo=None) if isinstance(cell, dt.datetime) else cell
                for cell in row.cells
            ]
            for row in table.rows
        ]


def _peak(data: Path, out: Path) -> float:
    """The most memory of a process that exports, in MiB."""
    asked = ["export", "records", YEAR, "--data", str(data), "--out", str(out)]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.records", *asked],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(ran.stdout.splitlines()[-1])


if __name__ == "__main__":
    main(sys.argv[1:], standalone_mode=False)
    lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
    print(int(lines["VmHWM"].split()[0]) / 1024)  # of this process alone, unlike getrusage's
