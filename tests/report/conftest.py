"""A month filled in by hand, under the names that exports may read, and its workbook opened."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.ask.question import Form
from fieldapp.keep import row as rows_of
from fieldapp.keep.row import Origin
from fieldapp.keep.selects import definitions
from fieldapp.keep.store import Store, open_store
from fieldapp.keep.views import exporting
from fieldapp.report import completeness
from fieldapp.report.check import PARAMETERS
from fieldapp.report.completeness import Expected
from fieldapp.report.cover import About
from fieldapp.report.functions import add_functions
from fieldapp.report.measure import READINGS, RESULTS
from fieldapp.report.period import period
from fieldapp.report.result import Result
from fieldapp.report.shared import selections
from fieldapp.report.statement import Statement
from fieldapp.settings import Settings
from tests.conftest import MOMENT

TODAY = dt.date(2026, 11, 23)
OCTOBER = period("2026-10", TODAY)
MADE_AT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
ABOUT = About("Programmabureau", "Mede mogelijk gemaakt.", "Gesloten.", {"Bezoekers": "3"})

SCHEMA = f"""
CREATE TABLE periods (period, kind, since, until, position INTEGER, label);
CREATE TABLE deal (since, until, funding_until);
CREATE TABLE closings (month, number INTEGER, at, reopened_at);
CREATE TABLE delivered (row_key, value, words);
CREATE TABLE revised (month, kind, form_id, place, number INTEGER, first, last);
CREATE TABLE results ({", ".join(RESULTS)});
CREATE TABLE readings ({", ".join(READINGS)});
CREATE TABLE headcounts ({", ".join(READINGS)});
CREATE TABLE places (name, label, kind, wijk, buurt_code, address, cohort_14, active_from,
                     active_until);
CREATE TABLE pilots (name, label, wijk, run_by, active_from, active_until);
CREATE TABLE memberships (person INTEGER, place, role, since, until, possibly_double INTEGER,
                          labour_distance);
CREATE TABLE seen (person INTEGER, place, date, daypart, role, form_id, task, hours);
CREATE TABLE pilot_participations (person INTEGER, pilot, place, since, until);
CREATE TABLE steps (person INTEGER, place, date, step, left_reason, pilot);
CREATE TABLE regular (place, valid_from, valid_until, spec);
CREATE TABLE baselines (place, valid_from, valid_until, spec);
CREATE TABLE allowances (person INTEGER, place, month);
CREATE TABLE expected (form_id, place, date, daypart, received INTEGER, due);
CREATE TABLE days (place, date, spec, is_open INTEGER, reason, why);
CREATE TABLE questions (form_id, form, form_order INTEGER, version, position INTEGER, name, label,
                        type, list_name, result, private INTEGER);
CREATE TABLE choices (form_id, list_name, position INTEGER, name, label, liveability);
CREATE TABLE visitors (_id, place, received_at, date, daypart, visitors INTEGER, not_counted,
                       activities, new_visitors INTEGER, ref_police, ref_mental_health,
                       ref_housing, ref_money, ref_municipality, ref_work_school, ref_care,
                       ref_neighbours, ref_other);
CREATE TABLE opening (_id, place, received_at, date, open, open_from, open_until, open_from_2,
                      open_until_2, regular_from, regular_until, regular_from_2, regular_until_2,
                      closed_reason);
CREATE TABLE volunteer_month (_id, place, received_at, month, nobody);
"""

FILLED = """
INSERT INTO places (name, label, kind, wijk, active_from, active_until) VALUES
  ('OP-01', 'Ontmoetingsplek 1', 'meeting_place', 'bouwlust', '2024-01-01', NULL),
  ('OP-02', 'Ontmoetingsplek 2', 'meeting_place', 'bouwlust', '2024-01-01', NULL),
  ('OP-03', 'Ontmoetingsplek 3', 'meeting_place', 'moerwijk', '2026-11-01', NULL),
  ('WB-01', 'Wijkbedrijf 1', 'wijkbedrijf', 'moerwijk', '2024-01-01', NULL),
  ('WB-02', 'Wijkbedrijf 2', 'wijkbedrijf', 'moerwijk', '2024-01-01', '2026-08-31');
INSERT INTO choices (form_id, list_name, position, name, label, liveability) VALUES
  ('place', 'kind', 1, 'meeting_place', 'Ontmoetingsplek', NULL),
  ('place', 'kind', 2, 'wijkbedrijf', 'Wijkbedrijf', NULL),
  ('place', 'wijk', 1, 'bouwlust', 'Bouwlust', NULL),
  ('place', 'wijk', 4, 'moerwijk', 'Moerwijk', NULL),
  ('opening', 'closed_reason', 1, 'holiday', 'Feestdag', NULL),
  ('opening', 'closed_reason', 2, 'vacation', 'Vakantie', NULL),
  ('closure', 'closed_reason', 1, 'vacation', 'Vakantie', NULL),
  ('attendance', 'task', 1, 'green', 'Groen en tuin', 'y'),
  ('attendance', 'task', 2, 'learning', 'Cursus of taalles', 'n');
INSERT INTO questions VALUES
  ('visitors', 'Bezoekers', 20, '1', 1, 'visitors', 'Hoeveel mensen kwamen er?', 'integer', NULL,
   '4/1.1.3.b', 0),
  ('attendance', 'Wie deed mee', 40, '1', 1, 'task', 'Wat deed deze groep?', 'select_one', 'task',
   '4/1.1.2.a 4/2.5.c', 0),
  ('attendance', 'Wie deed mee', 40, '1', 2, 'who', 'Wie deden mee?', 'select_multiple_from_file',
   'people', NULL, 1);
INSERT INTO regular VALUES
  ('OP-01', '2025-01-01', '2026-09-30', 'Mo 09:00-17:00'),
  ('OP-01', '2026-10-01', NULL, 'Mo,Tu,Th,Fr 09:00-17:00; We 09:00-17:00,19:00-21:30; PH off'),
  ('WB-01', '2025-01-01', NULL, 'Mo-Fr 08:00-16:00; Sa 10:00-12:00');
INSERT INTO baselines VALUES ('OP-01', '2024-01-01', NULL, 'Mo,We,Fr 09:00-17:00');
INSERT INTO days VALUES
  ('OP-01', '2026-10-01', 'x', 1, '', NULL), ('OP-01', '2026-10-02', 'x', 1, '', NULL),
  ('OP-01', '2026-10-05', 'x', 0, 'closure', 'building'),
  ('OP-01', '2026-10-06', 'x', 1, '', NULL),
  ('WB-01', '2026-10-01', 'x', 1, '', NULL), ('WB-01', '2026-10-02', 'x', 0, 'holiday', NULL),
  ('WB-01', '2026-10-05', 'x', 0, 'closure', 'vacation'),
  ('WB-01', '2026-10-06', 'x', 0, 'closure', 'vacation');
INSERT INTO opening VALUES
  ('o1', 'OP-01', '', '2026-10-01', 'yes', NULL, NULL, NULL, NULL, '09:00', '17:00', NULL, NULL,
   NULL),
  ('o2', 'OP-01', '', '2026-10-02', 'yes', '09:00', '12:30', '19:00', '21:30', '09:00', '17:00',
   NULL, NULL, 'vacation'),
  ('o3', 'OP-01', '', '2026-10-05', 'no', NULL, NULL, NULL, NULL, '09:00', '17:00', NULL, NULL,
   'vacation');
INSERT INTO visitors (_id, place, date, daypart, visitors, activities, new_visitors, ref_police,
                      ref_other) VALUES
  ('v1', 'OP-01', '2026-10-01', 'morning', 12, '["meal", "language"]', 1, 2, 0),
  ('v2', 'OP-01', '2026-10-01', 'afternoon', 0, '["meal", "knitting"]', NULL, NULL, 1),
  ('v3', 'OP-01', '2026-10-02', 'morning', NULL, NULL, NULL, NULL, NULL),
  ('v4', 'WB-01', '2026-10-01', 'morning', 30, NULL, 4, NULL, NULL),
  ('v5', 'WB-01', '2026-07-01', 'morning', 9, NULL, 4, NULL, NULL);
INSERT INTO memberships VALUES
  (1, 'OP-01', 'volunteer', '2025-01-01', NULL, 0, NULL),
  (2, 'OP-01', 'volunteer', '2026-10-05', NULL, 1, NULL),
  (3, 'WB-01', 'volunteer', '2026-02-01', NULL, 0, NULL),
  (1, 'WB-01', 'volunteer', '2026-10-01', NULL, 0, NULL),
  (4, 'WB-01', 'participant', '2026-01-01', NULL, 0, 'yes'),
  (5, 'WB-01', 'participant', '2026-01-01', NULL, 1, 'no'),
  (6, 'WB-02', 'participant', '2025-01-01', NULL, 0, 'yes');
INSERT INTO seen VALUES
  (1, 'OP-01', '2026-10-01', NULL, 'volunteer', 'volunteer_hours', NULL, 4),
  (2, 'OP-01', '2026-10-05', NULL, 'volunteer', 'volunteer_hours', NULL, 2.5),
  (1, 'WB-01', '2026-10-06', NULL, 'volunteer', 'volunteer_hours', NULL, 3),
  (3, 'WB-01', '2026-03-01', NULL, 'volunteer', 'volunteer_hours', NULL, 3),
  (4, 'WB-01', '2026-10-01', 'morning', 'participant', 'attendance', 'green', 3),
  (4, 'WB-01', '2026-10-02', 'morning', 'participant', 'attendance', 'learning', 2),
  (5, 'WB-01', '2026-09-02', 'morning', 'participant', 'attendance', 'green', 2),
  (6, 'WB-02', '2025-09-02', 'morning', 'participant', 'attendance', 'green', 2),
  (4, 'WB-01', '2026-11-02', 'morning', 'participant', 'attendance', 'green', 9);
INSERT INTO pilots VALUES ('p1', 'Fietsenmaker', 'moerwijk', 'WB-01', '2025-01-01', NULL);
INSERT INTO pilot_participations VALUES
  (4, 'p1', 'WB-01', '2026-01-01', NULL), (5, 'p1', 'WB-01', '2026-01-01', '2026-09-30'),
  (6, 'p1', 'WB-02', '2025-01-01', '2025-12-31');
INSERT INTO steps VALUES
  (1, 'OP-01', '2026-10-08', 'coaching_offered', NULL, NULL),
  (2, 'OP-01', '2026-10-20', 'left', 'paid_work', NULL),
  (3, 'WB-01', '2026-10-20', 'left', 'other_place', NULL);
INSERT INTO allowances VALUES
  (1, 'OP-01', '2026-10-01'), (2, 'OP-01', '2026-10-01'), (1, 'OP-01', '2026-09-01'),
  (3, 'WB-01', '2026-03-01'), (4, 'OP-01', '2025-12-01'), (4, 'OP-01', '2026-11-01');
INSERT INTO volunteer_month (_id, place, month, nobody) VALUES
  ('m1', 'OP-01', '2026-10-01', NULL), ('m2', 'OP-01', '2026-09-01', NULL),
  ('m3', 'WB-01', '2026-10-01', 'OK'), ('m4', 'WB-01', '2026-03-01', NULL);
INSERT INTO expected (form_id, place, date, daypart, received) VALUES
  ('opening', 'OP-01', '2026-10-01', NULL, 1), ('opening', 'OP-01', '2026-10-02', NULL, 1),
  ('opening', 'OP-01', '2026-10-05', NULL, 1), ('opening', 'WB-01', '2026-10-01', NULL, 0),
  ('visitors', 'OP-01', '2026-10-01', 'morning', 1),
  ('visitors', 'OP-01', '2026-10-01', 'afternoon', 1),
  ('visitors', 'OP-01', '2026-10-02', 'morning', 1),
  ('visitors', 'OP-01', '2026-10-02', 'evening', 0),
  ('visitors', 'OP-02', '2026-10-02', 'morning', 0),
  ('visitors', 'WB-01', '2026-10-01', 'morning', 1),
  ('volunteer_hours', 'OP-01', '2026-10-01', NULL, 1),
  ('volunteer_hours', 'WB-01', '2026-10-01', NULL, 1),
  ('attendance', 'WB-01', '2026-10-01', NULL, 1), ('attendance', 'WB-01', '2026-10-02', NULL, 0);
UPDATE expected SET due = date;
INSERT INTO expected VALUES
  ('volunteer_month', 'OP-01', '2026-10-01', NULL, 1, '2026-10-31'),
  ('volunteer_month', 'OP-02', '2026-10-01', NULL, 0, '2026-10-31'),
  ('volunteer_month', 'WB-01', '2026-10-01', NULL, 1, '2026-10-31'),
  ('month_report', 'WB-01', '2026-10-01', NULL, 0, '2026-10-31'),
  ('year_report', 'WB-01', '2026-01-01', NULL, 1, '2026-12-31');
"""


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def sheet_of(data: bytes, name: str) -> Worksheet:
    page = opened(data)[name]
    assert isinstance(page, Worksheet)
    return page


def rows(page: Worksheet) -> list[list[Any]]:
    """The rows below the headings, down to the first row that is only a note."""
    found = []
    for row in page.iter_rows(min_row=5):
        if row[0].font.size == 9:
            break
        found.append([cell.value for cell in row])
    return found


def share(
    connection: sqlite3.Connection,
    shared: Sequence[Statement],
    parameters: Mapping[str, str | None],
) -> None:
    """Makes what sheets share into tables, anew for every period."""
    for each in shared:
        connection.execute(f"DROP TABLE IF EXISTS temp.[{each.name}]")
    for name, select in selections(shared, parameters).items():
        columns, rows = select(connection)
        connection.execute(f"CREATE TEMP TABLE [{name}] ({', '.join(columns)})")
        values = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO [{name}] VALUES ({values})", rows)


@contextmanager
def sharing(
    connection: sqlite3.Connection, shared: Sequence[Statement], results: Sequence[Result] = ()
) -> Iterator[sqlite3.Connection]:
    """The connection with what sheets share of some month; results are not measured."""
    share(connection, shared, PARAMETERS)
    yield connection


@pytest.fixture(scope="session")
def offered(
    founded: Mapping[str, Path], forms: Mapping[str, Form], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Sequence[str]]:
    """The columns of every view that exports may read."""
    folder = shutil.copytree(founded["empty"], tmp_path_factory.mktemp("offered") / "data")
    store = open_store(folder, forms, lambda: MOMENT)
    with exporting(store) as connection:
        found = {
            view: [each[0] for each in connection.execute(f"SELECT * FROM [{view}]").description]
            for view in definitions(forms)
        }
    store.close()
    return found


@pytest.fixture
def empty(offered: Mapping[str, Sequence[str]]) -> Iterator[sqlite3.Connection]:
    """The names of an export connection, without a row."""
    connection = sqlite3.connect(":memory:")
    add_functions(connection)
    connection.executescript(SCHEMA)
    for view, columns in offered.items():
        listed = ", ".join(f"[{column}]" for column in columns)
        connection.execute(f"CREATE TABLE IF NOT EXISTS [{view}] ({listed})")
    yield connection
    connection.close()


@pytest.fixture
def filled(empty: sqlite3.Connection) -> sqlite3.Connection:
    """October 2026 of five places, two of which do not take part in it."""
    empty.executescript(FILLED)
    return empty


@pytest.fixture
def withdraw(store: Store) -> Callable[[str, str], None]:
    """Takes a record out of every count."""

    def withdrawn(form_id: str, row: str) -> None:
        form = store.forms[form_id]
        with store.write("test", MOMENT) as write:
            found = rows_of.find(store, write.connection, form, row, None)
            rows_of.withdraw(store, write, form, row, found.edits, Origin(None))

    return withdrawn


def due_of(
    store: Store, place: str, first: str, last: str, forms: Mapping[str, Form] | None = None
) -> list[Expected]:
    """What falls due at a place between two days."""
    with store.read() as connection:
        return list(
            completeness.expected(
                connection,
                store.forms if forms is None else forms,
                Settings(),
                completeness.places(connection, place),
                dt.date.fromisoformat(first),
                dt.date.fromisoformat(last),
            )
        )
