"""From a kept instance to a finished workbook: the same bytes for the command and the office."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from fieldapp.errors import Fault, NotFound
from fieldapp.keep.store import Store
from fieldapp.keep.views import exporting
from fieldapp.report import completeness
from fieldapp.report.build import build
from fieldapp.report.check import check_exports
from fieldapp.report.cover import About
from fieldapp.report.functions import add_functions
from fieldapp.report.period import Period, period
from fieldapp.report.shared import selections
from fieldapp.report.sheet import Workbook
from fieldapp.report.statement import Statement
from fieldapp.settings import Settings


@dataclass(frozen=True, slots=True)
class Delivery:
    """A finished workbook."""

    file_name: str
    content: bytes


def deliver(
    store: Store,
    settings: Settings,
    workbooks: Mapping[str, Workbook],
    name: str,
    text: str,
    made_at: dt.datetime,
    place: str | None = None,
) -> Delivery:
    """The workbook `name` over the period that `text` names; made_at goes on its cover.

    NotFound for an unknown workbook or place, BadRequest for a period that does not read.
    """
    workbook = workbooks.get(name)
    if workbook is None:
        raise NotFound(f"there is no workbook '{name}': choose {', '.join(workbooks)}")
    local = made_at.astimezone(ZoneInfo(settings.timezone))
    over = period(text, local.date())
    with telling(store, settings, over, local.date(), workbook.shared) as connection:
        if (
            place
            and not connection.execute("SELECT 1 FROM places WHERE name = ?", (place,)).fetchone()
        ):
            raise NotFound(f"there is no place '{place}': `OP-03` is an example of a code")
        versions = {form.title["nl"]: form.version for form in store.forms.values()}
        about = About(
            settings.organisation,
            settings.acknowledgement,
            "Voorlopig: deze periode is nog niet voorbij." if local.date() <= over.end else "",
            versions=versions,
            small_cell=settings.small_cell,
        )
        content = build(workbook, connection, over, local, about, place)
    return Delivery(workbook.file_name(text, place), content)


@contextmanager
def telling(
    store: Store,
    settings: Settings,
    over: Period,
    today: dt.date,
    shared: Sequence[Statement] = (),
) -> Iterator[sqlite3.Connection]:
    """A connection on which exports can read one period: views, days, expectations, functions.

    What `shared` selects is there as tables. Raises FilesBroken on what SQLite refuses of it.
    """

    def fill(connection: sqlite3.Connection) -> None:
        add_functions(connection)
        last = min(over.end, today - dt.timedelta(days=1))  # today is not over yet
        completeness.fill(connection, store.forms, settings, over.start, last)

    with exporting(store, fill, selections(shared, over.parameters())) as connection:
        yield connection


def check(store: Store, settings: Settings, today: dt.date) -> list[Fault]:
    """Every fault in the exports, each statement prepared on this instance."""
    over = period(f"{today:%Y-%m}", today)
    return check_exports(settings.exports, partial(telling, store, settings, over, today))
