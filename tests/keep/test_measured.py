"""SQLite reads by the right index once it has looked how the tables are filled."""

from __future__ import annotations

from contextlib import closing

import pytest

from fieldapp.ask.answer import Answer
from fieldapp.keep import person, whole
from fieldapp.keep import row as rows
from fieldapp.keep.presence import SEEN
from fieldapp.keep.store import open_store
from tests.fault.power.conftest import no_lock

TABLE = "CREATE TABLE day (place, number)"
INDEXES = ("CREATE INDEX by_number ON day (number)", "CREATE INDEX by_place ON day (place)")
ASKED = "EXPLAIN QUERY PLAN SELECT * FROM day WHERE place = 'OP-01' AND number = 7"


def plan(settings, forms, clock):
    """By which index whoever opens the instance anew reads."""
    with closing(open_store(settings.data, forms, clock)) as anew, anew.read() as connection:
        return connection.execute(ASKED).fetchone()["detail"]


@pytest.fixture
def filled(store):
    """A table of which one index is of no use: every row has the same there."""
    with store.database.write() as connection:
        for statement in (TABLE, *INDEXES):
            connection.execute(statement)
        many = [("OP-01", number % 300) for number in range(3_000)]
        connection.executemany("INSERT INTO day VALUES (?, ?)", many)
    return store


def test_once_measured_it_reads_by_the_better_index(filled, settings, forms, clock):
    assert "by_place" in plan(settings, forms, clock), "the mutation: it guesses"
    whole.measure(filled)
    assert "by_number" in plan(settings, forms, clock)


def test_measuring_gives_way_to_who_writes(filled, settings, clock):
    with no_lock(filled, settings.data):
        whole.measure(filled)
    with filled.read() as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        assert not known.fetchall()
    with filled.write("test", clock()) as write:
        answer = Answer("visitors", "1", {"date": "2026-11-19", "daypart": "morning"})
        form, origin = filled.forms["visitors"], rows.Origin("OP-01")
        assert rows.add(filled, write, form, answer, "row", origin).status == "stored"


COUNTED = (
    ("people", "idx_people_code", "480 1"),
    ("people", "people_root", "480 1"),
    ("form_attendance", "at_attendance_date_daypart_task", "9100 1138 12 6 3 3"),
    ("form_volunteer_hours", "at_volunteer_hours_date", "9700 606 1 1"),
)
"""What it finds in an instance of two years: few people, many records."""


def test_who_was_seen_is_read_record_by_record(store, settings, forms, clock):
    """Once measured it would rather go through all records once for each person."""
    whole.measure(store)
    with store.database.write() as connection:
        connection.execute("DELETE FROM sqlite_stat1")
        connection.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", COUNTED)
    with closing(open_store(settings.data, forms, clock)) as anew, anew.read() as connection:
        free = SEEN.replace(" CROSS JOIN json_each", ", json_each").replace("CROSS JOIN", "JOIN")
        for select, reads in ((free, "SCAN q"), (SEEN, "SCAN r")):
            steps = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {select}")]
            assert reads in steps
            assert ("SEARCH q USING INDEX idx_people_code (code=?)" in steps) == (select == SEEN)


PEOPLE = """
INSERT INTO form_person_new (_id, _place, _version, _submitted_at, _received_at, _edits, _state,
                             person, card_code)
WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 3000)
SELECT 'p' || n, 'OP-01', '', '', '', 0, 'current', 'C' || n, CASE n WHEN 7 THEN 'C7' END FROM n
"""
"""Many persons of whom hardly one showed a card."""


@pytest.mark.parametrize("some", [True, False], ids=["who showed one", "mutation: everybody"])
def test_a_card_is_found_by_its_index_though_few_show_one(store, settings, forms, clock, some):
    with store.database.write() as connection:
        connection.execute(PEOPLE)
        connection.execute("INSERT INTO people (code, at) VALUES ('C7', '')")
        if not some:
            connection.execute("DROP INDEX of_person_new_card_code")
            connection.execute("CREATE INDEX of_person_new_card_code ON form_person_new(card_code)")
    whole.measure(store)
    found = []
    with closing(open_store(settings.data, forms, clock)) as anew, anew.read() as connection:
        connection.set_trace_callback(found.append)
        person.about(anew, connection, "C7")
        connection.set_trace_callback(None)
        (asked,) = [sql for sql in found if "[card_code] IN" in sql]
        steps = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert ("SCAN form_person_new" not in steps) == some
    assert any("of_person_new_card_code (card_code=?)" in step for step in steps) == some
