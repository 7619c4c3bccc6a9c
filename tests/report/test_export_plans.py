"""No export reads more than the days that it tells of: SQLite finds them by an index.

Every statement is heard as an export asks it, on its own connection with all its views and tables,
and explained on that connection afterwards.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from fieldapp.keep.database import Database
from fieldapp.report import completeness, flags, month, outcome
from fieldapp.report.deliver import deliver
from fieldapp.report.period import period
from fieldapp.report.progress import WORKBOOK
from fieldapp.settings import shipped
from tests.bench.growth import Country
from tests.bench.home import MONTH, NOW
from tests.plans import AT_DAY, FEW, indexes, plan, read_too_far, read_whole, tables, without

TOLD = (
    ("monthly", MONTH, None),
    ("monthly", "2026-Q3", None),
    ("progress", "2026", None),
    ("dossier", "2026-Q3", "NL-000"),
    ("records", MONTH, None),
    ("records", MONTH, "NL-007"),
)

AGREED = FEW | {
    "form_baseline", "form_initiative", "form_judgement", "form_milestone", "form_network_meeting",
    "form_path", "form_reading", "form_target",
}  # fmt: skip
"""What the office agrees on, measures and reads: a few per result, meeting or report."""

SELDOM = {"form_closure", "form_place_facts", "form_schedule", "form_year_report"}
"""What a place tells a few times a year: what held before still counts."""

PEOPLE = {"form_person_new", "form_step", "people"}
"""Who ever came counts for the deal as a whole: as many records as people, not as days."""

EXCUSED: Mapping[str, Mapping[str, str]] = {
    "shared/presence.sql": dict.fromkeys(
        ("form_attendance", "form_volunteer_hours"),
        "who was there before the first period is known, however long ago",
    ),
    "people/pilots.sql": dict.fromkeys(
        ("form_attendance", "form_volunteer_hours"),
        "a pilot may have begun before the first period: every day in it is looked at",
    ),
    "monthly/programme.sql": {
        "form_month_report": "when it was discussed last, however long ago",
    },
    "results/4-1.1.1.f.sql": {
        "form_month_report": "it was discussed on any day, whichever month the report is of",
    },
    "records/month_report.sql": {
        "form_month_report": "its last day counts, and no index holds that: one record per month",
    },
    "records/volunteer_month.sql": {
        "form_volunteer_month": "the same",
    },
}
"""Tables of DAYS that a statement reads to the end all the same, and why."""

INDEXES = (
    *AT_DAY,
    "at_volunteer_month_month",
)
"""Without any of these an export would read more than its days."""

_QUERIES = ("SELECT", "WITH", "--")


@dataclass(frozen=True)
class Asked:
    """A statement, and the connection on which somebody asked it."""

    name: str
    sql: str
    connection: sqlite3.Connection


@pytest.fixture(scope="module")
def asked(country: Country) -> Iterator[Sequence[Asked]]:
    """Every statement that exports and the month's flags ask, each once; connections stay open."""
    found: dict[str, Asked] = {}
    names = _names()

    def heard(connection: sqlite3.Connection) -> Callable[[str], None]:
        def hear(sql: str) -> None:
            reads = sql.lstrip().upper().startswith(_QUERIES) and not sql.endswith("LIMIT 0")
            if reads and "sqlite_stat1" not in sql:
                same = re.sub(r"[0-9a-f]{16}_", "", sql)
                found.setdefault(same, Asked(_name(sql, names), sql, connection))

        return hear

    with contextlib.ExitStack() as kept, pytest.MonkeyPatch.context() as patch:
        export = Database.export

        @contextlib.contextmanager
        def listening(
            self: Database, prepare: Callable[..., None], decide: Callable[..., int]
        ) -> Iterator[sqlite3.Connection]:
            def prepared(connection: sqlite3.Connection) -> None:
                connection.set_trace_callback(heard(connection))
                prepare(connection)

            connection = kept.enter_context(export(self, prepared, decide))
            yield connection
            connection.set_trace_callback(None)
            connection.set_authorizer(None)  # a base table by its own name, as `prepare` had it
            connection.execute("COMMIT")  # its tables stay, and it sees what changes

        patch.setattr(Database, "export", listening)
        for name, text, place in TOLD:
            deliver(country.store, country.settings, country.workbooks, name, text, NOW, place)
        _as_pages_do(country)
        with country.store.database.export(lambda connection: None, _allow) as connection:
            connection.row_factory = sqlite3.Row
            places = completeness.places(connection)
            first, last = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
            flags.flags(connection, country.store.forms, country.settings, places, first, last)
        yield list(found.values())


def _as_pages_do(country: Country) -> None:
    """What the office's results and the month on the wall read."""
    over, today = period(MONTH, NOW.date()), NOW.date()
    for public in (False, True):
        outcome.outcomes(
            country.store, country.settings, country.workbooks[WORKBOOK], over, today, public=public
        )
    month.months(country.store, country.settings, country.workbooks, over, today)


def _allow(*_: object) -> int:
    return sqlite3.SQLITE_OK


def _names() -> Mapping[str, str]:
    """The file of every statement by its first line."""
    files = {path: path.read_text("utf-8") for path in shipped("exports").rglob("*.sql")}
    names = {text.splitlines()[0]: "/".join(path.parts[-2:]) for path, text in files.items()}
    assert len(names) == len(files)
    return names


def _name(sql: str, names: Mapping[str, str]) -> str:
    first = sql.strip().splitlines()[0]
    record = re.fullmatch(r"-- Eén rij per record: .*\((\w+)\)\.", first)
    return names.get(first) or (f"records/{record[1]}.sql" if record else " ".join(sql.split()))


def _read(country: Country, each: Asked) -> set[str]:
    """The tables of which a statement reads more than it should."""
    return _judged(each, tables(country), indexes(country)) - set(EXCUSED.get(each.name, ()))


def _judged(each: Asked, kept: Mapping[int, str], found_by: Mapping[str, str]) -> set[str]:
    whole = read_whole(each.connection, kept, each.sql)
    return (whole | read_too_far(each.connection, found_by, each.sql)) - AGREED - SELDOM - PEOPLE


def test_no_export_reads_more_than_its_days(country, asked):
    kept, found_by = tables(country), indexes(country)
    found = {each.name: _judged(each, kept, found_by) for each in asked}
    found = {name: read - set(EXCUSED.get(name, ())) for name, read in found.items()}
    assert {name: read for name, read in found.items() if read} == {}


def test_each_statement_that_is_excused_reads_what_it_is_excused_for(country, asked):
    kept, found_by = tables(country), indexes(country)
    found: dict[str, set[str]] = {}
    for each in asked:
        found.setdefault(each.name, set()).update(_judged(each, kept, found_by))
    assert {name: found[name] for name in EXCUSED} == {
        name: set(tables) for name, tables in EXCUSED.items()
    }


def test_every_file_that_exports_read_is_heard(asked):
    assert set(_names().values()) <= {each.name for each in asked}


@pytest.mark.parametrize("index", INDEXES)
def test_without_an_index_an_export_would(country, asked, index):
    by_it = [
        each for each in asked if any(index in line for line in plan(each.connection, each.sql))
    ]
    with without(country, index):
        assert any(_read(country, each) for each in by_it), index
