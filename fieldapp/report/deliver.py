"""From a kept instance to a finished workbook: the same bytes for the command and the office."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

from fieldapp.errors import BadRequest, Fault, NotFound
from fieldapp.keep import anchor, presence
from fieldapp.keep.store import Store
from fieldapp.keep.views import exporting
from fieldapp.report import as_json, closed, completeness, measure, package, protect, span
from fieldapp.report.build import build, build_into
from fieldapp.report.check import check_exports
from fieldapp.report.cover import About
from fieldapp.report.functions import add_functions
from fieldapp.report.memory import give_back
from fieldapp.report.period import Period, period, report_year, so_far
from fieldapp.report.result import Reading, Result
from fieldapp.report.shared import reading, selections
from fieldapp.report.sheet import Workbook
from fieldapp.report.span import spans
from fieldapp.report.statement import Statement, names_in
from fieldapp.settings import Settings

_IN_MEMORY = 2**20  # bytes; a larger file waits on the disk, under no name


@dataclass(frozen=True, slots=True)
class Delivery:
    """A finished workbook."""

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """The same as a file, read from its begin; it has no name, and is gone when it is closed."""

    file_name: str
    file: IO[bytes]


def deliver(
    store: Store,
    settings: Settings,
    workbooks: Mapping[str, Workbook],
    name: str,
    text: str,
    made_at: dt.datetime,
    place: str | None = None,
    *,
    csv: bool = False,
    json: bool = False,
) -> Delivery:
    """The workbook `name` over the period that `text` names; made_at goes on its cover.

    With `csv` it is the zip of its CSV files, NotFound when it has none; with `json` it is one
    JSON object. NotFound for an unknown workbook or place as well, BadRequest for a period that
    does not read, or when a workbook is about one meeting place and `place` is none.
    """
    made = deliver_open(store, settings, workbooks, name, text, made_at, place, csv=csv, json=json)
    with made.file as file:
        return Delivery(made.file_name, file.read())


def deliver_open(
    store: Store,
    settings: Settings,
    workbooks: Mapping[str, Workbook],
    name: str,
    text: str,
    made_at: dt.datetime,
    place: str | None = None,
    *,
    csv: bool = False,
    json: bool = False,
) -> Opened:
    """The same as an open file, so that a long one never stands in memory; the caller closes it."""
    workbook = workbooks.get(name)
    if workbook is None:
        raise NotFound(f"there is no workbook '{name}': choose {', '.join(workbooks)}")
    if csv and not package.offered(workbook):
        there = ", ".join(each.name for each in workbooks.values() if package.offered(each))
        raise NotFound(f"`{name}` is not there as CSV: choose {there}")
    if workbook.per and not place:
        raise BadRequest(f"`{name}` is about one meeting place: add --place OP-03, for example")
    local = made_at.astimezone(ZoneInfo(settings.timezone))
    over = reported(workbook, text, settings, local.date())
    unfinished = local.date() <= over.end
    state = "Voorlopig: deze periode is nog niet voorbij." if unfinished else ""
    if workbook.per:
        over = so_far(over, local.date())
    shared, results = workbook.shared, workbook.measured
    with telling(
        store,
        settings,
        over,
        local.date(),
        shared,
        results,
        public=workbook.public,
        expects=_expects(workbook),
    ) as connection:
        if place:
            workbook = _about(workbook, connection, place)
        if workbook.monthly and not state:
            state = closed.state(connection, over)
        about = _itself(store, connection, settings, state)
        if json:
            ending = ".json"
        else:
            ending = ".csv.zip" if csv else ".xlsx"
        with ExitStack() as failed:
            file: IO[bytes] = failed.enter_context(SpooledTemporaryFile(_IN_MEMORY))
            if json:
                file.write(as_json.tell(workbook, connection, over, local, about, place))
            else:
                write = package.pack_into if csv else build_into
                write(file, workbook, connection, over, local, about, place)
            failed.pop_all()  # the caller closes it
    file.seek(0)
    give_back()
    return Opened(workbook.file_name(text, place).removesuffix(".xlsx") + ending, file)


def deliver_to_close(
    store: Store, settings: Settings, workbook: Workbook, month: str, made_at: dt.datetime
) -> Sequence[Delivery]:
    """A workbook and its package as they are kept when a month is closed, measured once."""
    local = made_at.astimezone(ZoneInfo(settings.timezone))
    over, shared, results = period(month, local.date()), workbook.shared, workbook.measured
    with telling(
        store, settings, over, local.date(), shared, results, public=workbook.public
    ) as connection:
        about = _itself(store, connection, settings, closed.now(local.date()))
        book = build(workbook, connection, over, local, about)
        files = package.pack(workbook, connection, over, local, about)
    give_back()
    name = workbook.file_name(month)
    return Delivery(name, book), Delivery(name.removesuffix(".xlsx") + ".csv.zip", files)


def _itself(store: Store, connection: sqlite3.Connection, settings: Settings, state: str) -> About:
    """What a workbook tells about itself; of the journal what its figures were made from."""
    return About(
        settings.organisation,
        settings.acknowledgement,
        state,
        versions={form.title["nl"]: form.version for form in store.forms.values()},
        small_cell=settings.small_cell,
        journal=connection.execute("SELECT journal_head()").fetchone()[0],
    )


def _expects(workbook: Workbook) -> bool:
    """Whether any statement of `workbook` reads what is to come in."""
    read = (*workbook.shared, *(sheet.statement for sheet in workbook.sheets))
    named = frozenset[str]().union(*(names_in(each.text) for each in read))
    return bool(workbook.measured or named & completeness.TABLES)


def _about(workbook: Workbook, connection: sqlite3.Connection, place: str) -> Workbook:
    """The workbook as it is called for one place; NotFound or BadRequest when it cannot be."""
    found = connection.execute("SELECT label, kind FROM places WHERE name = ?", (place,)).fetchone()
    if not found:
        raise NotFound(f"there is no place '{place}': `OP-03` is an example of a code")
    if not workbook.per:
        return workbook
    label, kind = found
    if kind != "meeting_place":
        raise BadRequest(f"{place} is no meeting place: `{workbook.name}` is about one, as OP-03")
    return replace(workbook, title=f"{workbook.title} {label}")


def reported(workbook: Workbook, text: str, settings: Settings, today: dt.date) -> Period:
    """The period that `text` names for a workbook; BadRequest when it does not read."""
    if workbook.period == "report_year":
        return report_year(text, today, settings.cutoff, settings.deal_from)
    return period(text, today)


@contextmanager
def telling(
    store: Store,
    settings: Settings,
    over: Period,
    today: dt.date,
    shared: Sequence[Statement] = (),
    results: Sequence[Result] = (),
    *,
    public: bool = False,
    expects: bool = True,
    told: Sequence[span.Span] = (),
) -> Iterator[sqlite3.Connection]:
    """A connection on which exports can read one period: views, days, expectations, functions.

    What `shared` selects is there as tables, and so are `results` and their `readings` when there
    are any; when `public` the readings are only those that anybody may see. Raises FilesBroken on
    what SQLite refuses of them. A place counts in the wijk in which it lies on the last day of the
    period, so that an old report can be made again as it was. `told` are the stretches that results
    are told over, if not those of a report over this period. Of what is to come in there are only
    tables when somebody `expects` it.
    """
    told = tuple(told) or spans(over, settings)
    grows = not all(each.month for each in told)  # a month is protected by itself
    if public and results and settings.small_cell and grows:
        with store.read() as connection:
            known = presence.first_day(connection, store.forms.values())
        told += span.before(told, settings, known)
    first = min(each.since for each in told) if results else over.start

    def fill(connection: sqlite3.Connection) -> None:
        head = str(anchor.last_change(connection) or "")
        connection.create_function("journal_head", 0, lambda: head)
        add_functions(connection, settings.timezone)
        span.fill(connection, told, settings)
        last = min(over.end, today - dt.timedelta(days=1))  # today is not over yet
        if expects:
            completeness.fill(connection, store.forms, settings, min(first, over.start), last)
        closed.fill(connection, store.forms, over)

    def open_to(connection: sqlite3.Connection, readings: list[Reading]) -> list[Reading]:
        if not public:
            return readings
        return protect.public(connection, readings, results, settings.small_cell, told)

    after = reading(shared, measure.TABLES)
    before = [each for each in shared if each not in after]
    tables = {
        **selections(before, over.parameters()),
        **(measure.selections(results, told, today, open_to) if results else {}),
        **selections(after if results else [], over.parameters()),
    }
    day = min(over.end, today)
    with exporting(store, fill, tables, to_public=public, day=day) as connection:
        yield connection


def check(store: Store, settings: Settings, today: dt.date) -> list[Fault]:
    """Every fault in the exports, each statement prepared on this instance."""
    over = period(f"{today:%Y-%m}", today)
    telling_now = partial(telling, store, settings, over, today)
    return check_exports(settings.exports, telling_now, store.forms)
