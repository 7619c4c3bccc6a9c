"""What a workbook tells of closed months: whether they are, what was delivered, what came after."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from sqlite3 import Connection

from fieldapp.ask.question import Form
from fieldapp.keep import closing
from fieldapp.keep.revision import Revision, revisions
from fieldapp.report.period import Period, bounds, long_date

DELIVERY = "delivery"
"""The sheet whose kept values are compared with those of now."""


def months(over: Period) -> Sequence[str]:
    """Every month of a period, as 2026-10."""
    found, day = [], over.start.replace(day=1)
    while day <= over.end:
        found.append(f"{day:%Y-%m}")
        day = bounds("month", day)[1] + dt.timedelta(days=1)
    return found


def fill(connection: Connection, forms: Mapping[str, Form], over: Period) -> None:
    """Makes the temporary tables `delivered` and `revised` that exports read.

    `delivered` has the values of the sheet Levering that was kept when the month of the period was
    last closed. `revised` has per closed month, form and place how often what counts was changed
    since.
    """
    asked = months(over)
    connection.execute("CREATE TEMP TABLE delivered (row_key TEXT, value, words TEXT)")
    kept = closing.last_package(connection, asked[0]) if len(asked) == 1 else None
    connection.executemany("INSERT INTO delivered VALUES (?, ?, ?)", _values(kept) if kept else ())
    connection.execute(
        "CREATE TEMP TABLE revised "
        "(month TEXT, kind TEXT, form_id TEXT, place TEXT, number INTEGER, first TEXT, last TEXT)"
    )
    holds = closing.closed(connection)
    for month in asked:
        if month in holds:
            counted = _counted(revisions(connection, forms, holds[month]))
            connection.executemany(
                "INSERT INTO revised VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(month, *each) for each in counted],
            )


def state(connection: Connection, over: Period) -> str:
    """How final a period that is over is, for the cover."""
    asked = months(over)
    found = connection.execute("SELECT month, at FROM closings WHERE reopened_at IS NULL")
    holds = {row["month"]: row["at"] for row in found}
    missing = [month for month in asked if month not in holds]
    since = connection.execute("SELECT coalesce(sum(number), 0) FROM revised").fetchone()[0]
    after = f" Daarna veranderde er nog iets: {since} keer." if since else ""
    if len(asked) > 1:
        if missing:
            return (
                f"Voorlopig: {len(missing)} van de {len(asked)} maanden zijn nog niet gesloten."
                + after
            )
        return f"Alle {len(asked)} maanden zijn gesloten.{after}"
    if missing:
        before = connection.execute("SELECT 1 FROM closings WHERE month = ?", asked).fetchone()
        again = "weer open" if before else "nog niet gesloten"
        return f"Voorlopig: deze maand is {again}."
    return now(dt.date.fromisoformat(holds[asked[0]][:10])) + after


def now(day: dt.date) -> str:
    """What a workbook says that is made to close its month."""
    return f"Definitief: deze maand is gesloten op {long_date(day)}."


def _values(package: bytes) -> Iterator[tuple[str, float | str, str]]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        text = archive.read(f"{DELIVERY}.csv").decode()
    for row in csv.DictReader(io.StringIO(text, newline="")):
        value = row["value"]
        yield row["row_key"], float(value) if value else "", row["value_text"]


def _counted(found: Sequence[Revision]) -> Iterator[tuple[str, str, str, int, str, str]]:
    """Revisions of one kind, form and place together, with their first and last day."""
    together: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in found:
        together[each.kind, each.form.form_id, each.place].append(each.at[:10])
    for (kind, form_id, place), days in sorted(together.items()):
        yield kind, form_id, place, len(days), min(days), max(days)
