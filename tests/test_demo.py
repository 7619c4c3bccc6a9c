"""The example: repeatable, through the real door, and with the life that reports must meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from fieldapp.ask.question import Form
from fieldapp.demo.efforts import INITIATIVES, OWNERS
from fieldapp.demo.fill import SEED, fill
from fieldapp.demo.stories import RESULTS
from fieldapp.keep.store import Store, open_store
from fieldapp.keep.views import exporting
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings, shipped
from tests.conftest import MOMENT

TODAY = dt.date(2026, 3, 2)
START = dt.date(2025, 12, 1)  # Christmas is in it


def lived(folder: Path, forms: Mapping[str, Form]) -> Store:
    """An example of three months."""
    store = open_store(folder, forms, lambda: MOMENT, make=True)
    store = replace(store, chance=Random(SEED))  # noqa: S311
    fill(store, Settings(data=folder), TODAY, START)
    return store


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]) -> Store:
    """Three months of the example."""
    return lived(tmp_path_factory.mktemp("example"), forms)


def ask(store: Store, select: str) -> list[tuple[object, ...]]:
    """The rows of a SELECT."""
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select)]


def test_the_same_chance_gives_the_same_example(
    example: Store, tmp_path: Path, forms: Mapping[str, Form]
) -> None:
    again = lived(tmp_path, forms)
    for table in ("form_visitors", "form_attendance", "form_opening", "people"):
        select = f"SELECT * FROM {table} ORDER BY 1"
        assert ask(example, select) == ask(again, select)
    again.close()


def test_it_has_every_place_pilot_and_a_schedule_for_each(example: Store) -> None:
    kinds = ask(example, "SELECT kind, count(*) FROM list_places GROUP BY 1 ORDER BY 1")
    assert kinds == [("meeting_place", 14), ("pilot", 4), ("wijkbedrijf", 4)]
    assert ask(example, "SELECT count(DISTINCT wijk) FROM list_places") == [(4,)]
    assert ask(example, "SELECT count(*) FROM list_pilots") == [(5,)]
    assert ask(example, "SELECT count(*) FROM list_places WHERE example IS NULL") == [(0,)]
    with_schedule = "SELECT count(DISTINCT _place) FROM form_schedule"
    assert ask(example, with_schedule)[0][0] >= 18  # some begin later than these months


def test_it_lives(example: Store) -> None:
    """Holidays, closed days, gaps, crews, people who move on, and mishaps."""
    reasons = {row[0] for row in ask(example, "SELECT DISTINCT closed_reason FROM form_opening")}
    assert {"vacation", None} < reasons
    assert ask(example, "SELECT count(*) FROM form_opening WHERE date = '2025-12-25'") == [(0,)]
    states = {row[0] for row in ask(example, "SELECT DISTINCT _state FROM form_visitors")}
    assert states == {"current", "double", "withdrawn"}
    assert ask(example, "SELECT count(*) FROM form_visitors WHERE _edits > 0")[0][0] == 2
    crews = "SELECT max(n) FROM (SELECT count(*) n FROM form_attendance GROUP BY _place, date)"
    assert ask(example, crews)[0][0] >= 3
    assert ask(example, "SELECT count(*) FROM form_step WHERE step = 'left'")[0][0] > 0
    assert ask(example, "SELECT count(*) FROM form_step WHERE step <> 'left'")[0][0] > 10
    assert ask(example, "SELECT count(*) FROM form_visitors WHERE not_counted = 'OK'")[0][0] > 0
    with exporting(example) as connection:
        places = connection.execute(
            "SELECT count(*) FROM (SELECT person FROM memberships GROUP BY person "
            "HAVING count(DISTINCT place) > 1)"
        ).fetchone()
        roles = connection.execute(
            "SELECT count(*) FROM (SELECT person FROM memberships GROUP BY person "
            "HAVING count(DISTINCT role) > 1)"
        ).fetchone()
    assert places[0] >= 3 and roles[0] >= 2


def test_the_office_keeps_what_was_agreed_and_reads(example: Store) -> None:
    """Targets in versions, a path, states over time, meetings, and words that were passed."""
    changed = (
        "SELECT value, valid_from, valid_until, source FROM form_target "
        "WHERE result_id = '4/2.3.3.a' ORDER BY valid_from"
    )
    assert ask(example, changed) == [
        (100.0, "2024-01-01", "2025-12-31", "convenant, artikel 4"),
        (120.0, "2026-01-01", None, "addendum 1, artikel 12"),
    ]
    assert ask(example, "SELECT count(*) FROM form_initiative") == [(20,)]
    assert ask(example, "SELECT count(DISTINCT result_id) FROM form_path") == [(10,)]
    states = "SELECT status FROM form_milestone WHERE result_id = '4/1.1.1.d' ORDER BY as_of"
    assert ask(example, states) == [("not_started",), ("busy",)]
    assert ask(example, "SELECT date FROM form_network_meeting") == [("2026-01-08",)]
    with exporting(example) as connection:
        told = connection.execute("SELECT count(*) FROM passed").fetchone()[0]
        written = connection.execute("SELECT count(*) FROM month_report").fetchone()[0]
    assert written / 4 < told < written + 22  # February's words came after the last reading


def test_every_result_and_initiative_has_a_story_with_a_course() -> None:
    """Of each something is told at two moments, one of them before the report, in short words."""
    results = {each.id for each in load_workbooks(shipped("exports"))["progress"].results}
    assert {id for id in results if id.startswith("4/")} == RESULTS.keys()
    assert {id for id in results if id.startswith("3/")} == INITIATIVES.keys() == OWNERS.keys()
    statuses = set()
    for story in (RESULTS | INITIATIVES).values():
        months = [told[0] for told in story]
        assert months == sorted(set(months)) and len(months) > 1
        assert months[0] < 17 and months[-1] < 24  # a course in the report of the second year
        for _, status, _, explanation, outlook in story:
            statuses.add(status)
            for words in (explanation, outlook):
                assert words[-1] == "." and len(words) < 90
    assert statuses == {
        "not_started", "busy", "attention", "reached", "secured", "adjusted", "stopped",
    }  # fmt: skip


def test_it_came_through_the_door(example: Store) -> None:
    """Every record has its journal line, and the chain holds."""
    tables = list(example.forms)
    records = sum(int(ask(example, f"SELECT count(*) FROM form_{t}")[0][0]) for t in tables)
    assert ask(example, "SELECT count(*) FROM journal WHERE action = 'add'") == [(records,)]
    with example.read() as connection:
        assert example.journal.broken(connection) is None
