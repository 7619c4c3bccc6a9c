"""Exports read the views, and of persons no more than how many."""

from __future__ import annotations

import sqlite3

import pytest

from fieldapp.keep import views
from fieldapp.keep.selects import definitions, private
from fieldapp.keep.views import exporting

ALLOWED = {
    "a form": "SELECT _id, place, received_at, date, daypart, visitors FROM visitors",
    "a register": "SELECT name, label, kind, wijk, active_from FROM places",
    "people as numbers": "SELECT person, place, role, since, until FROM memberships",
    "who was seen": "SELECT count(DISTINCT person) FROM seen",
    "who got an allowance": "SELECT person, place, month FROM allowances",
    "a count": "SELECT count(*) FROM visitors",
    "a join": "SELECT * FROM visitors v JOIN places p ON p.name = v.place",
    "a part": "WITH open AS (SELECT * FROM opening WHERE open = 'yes') SELECT count(*) FROM open",
    "json": "SELECT value FROM visitors, json_each(visitors.activities)",
    "recursion": "WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 9) "
    "SELECT sum(i) FROM n",
    "questions": "SELECT name, label FROM questions",
    "choices": "SELECT name, label FROM choices",
    "schedules": "SELECT place, valid_from, valid_until, spec FROM regular",
    "baselines": "SELECT spec FROM baselines",
    "what the office has read": "SELECT row FROM passed",
}

REFUSED = {
    "the table of a form": "SELECT visitors FROM form_visitors",
    "every column": "SELECT * FROM form_visitors",
    "a rowid": "SELECT rowid FROM form_person_new",
    "the schema's own name": "SELECT visitors FROM main.form_visitors",
    "the table of a register": "SELECT label FROM list_places",
    "people": "SELECT code FROM people",
    "how many people": "SELECT count(*) FROM people",
    "how many, in capitals": "SELECT count(*) FROM PEOPLE",
    "how many, quoted": 'SELECT count(*) FROM "people"',
    "whether there are people": "SELECT EXISTS (SELECT 1 FROM people)",
    "phones": "SELECT name FROM phone",
    "pairings": "SELECT token FROM pairing",
    "accounts": "SELECT password FROM account",
    "sessions": "SELECT token FROM session",
    "recovery codes": "SELECT code FROM recovery",
    "conflicts": "SELECT answers FROM conflict",
    "receipts": "SELECT sha256 FROM receipt",
    "the journal": "SELECT after FROM journal",
    "the schema": "SELECT sql FROM sqlite_master",
    "a private column": "SELECT call_name FROM form_person_new",
    "a private column by a view": "SELECT call_name FROM person_new",
    "a card code by a view": "SELECT card_code FROM person_new",
    "a person's code by a view": "SELECT person FROM step",
    "who was there": "SELECT who FROM attendance",
    "whose allowance": "SELECT allowance FROM volunteer_month",
    "a subquery": "SELECT (SELECT code FROM people LIMIT 1)",
    "an alias": "SELECT * FROM (SELECT code FROM people) AS visitors",
    "a part with a view's name": "WITH visitors AS (SELECT code FROM people) "
    "SELECT * FROM visitors",
    "a part called memberships": "WITH memberships AS (SELECT code FROM people) "
    "SELECT * FROM memberships",
    "a union": "SELECT place FROM visitors UNION SELECT code FROM people",
    "a condition": "SELECT 1 FROM visitors WHERE place IN (SELECT code FROM people)",
    "an order": "SELECT place FROM visitors ORDER BY (SELECT code FROM people)",
    "a table function": "SELECT * FROM pragma_table_info('people')",
    "pages": "SELECT * FROM dbstat",
    "an extension": "SELECT load_extension('x')",
    "attach for reading": "ATTACH 'file:{path}?mode=ro' AS again",
    "attach for writing": "ATTACH 'file:{path}?mode=rw' AS again",
    "a copy": "VACUUM INTO '{path}.copy'",
    "a pragma": "PRAGMA query_only=OFF",
    "a temporary table": "CREATE TEMP TABLE t AS SELECT 1",
    "a temporary trigger": "CREATE TEMP TRIGGER t INSTEAD OF INSERT ON visitors BEGIN SELECT 1; "
    "END",
    "an insert": "INSERT INTO form_visitors DEFAULT VALUES",
    "an insert in a temporary table": "INSERT INTO questions (name) VALUES ('x')",
    "dropping a view": "DROP VIEW visitors",
    "a commit": "COMMIT",
}


@pytest.fixture
def lived(small, welcome, send):
    """Something in every table that exports read."""
    one = welcome("WB-01", "Samira", "participant")
    raw = {"date": "2026-11-19", "daypart": "morning"}
    send("WB-01", "attendance", raw | {"task": "green", "who": [one.code], "hours": "2"})
    send("OP-01", "visitors", raw | {"visitors": "12", "activities": ["meal"]})
    step = {"person": one.code, "date": "2026-11-19", "step": "coaching_started"}
    send("WB-01", "step", step)
    return one


@pytest.mark.parametrize("sql", ALLOWED.values(), ids=ALLOWED)
def test_an_export_may_read(lived, told, sql):
    assert isinstance(told(sql), list)


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_an_export_may_not(lived, settings, told, sql):
    with pytest.raises(sqlite3.DatabaseError) as refused:
        told(sql.format(path=settings.database))
    assert "syntax" not in str(refused.value)
    assert not settings.database.with_name("fieldapp.db.copy").exists()


def test_every_view_can_be_read_whole(lived, small, told):
    for name in definitions(small.forms):
        assert isinstance(told(f"SELECT * FROM [{name}]"), list), name
        assert told(f"SELECT count(*) FROM [{name}]"), name


def test_no_view_shows_a_name_or_a_card_code(lived, small, told):
    for name in definitions(small.forms):
        text = repr(told(f"SELECT * FROM [{name}]"))
        assert lived.code not in text, name
        assert "Samira" not in text, name
        assert "'1:" not in text, name


def test_private_answers_are_listed_for_the_door(small):
    assert ("form_person_new", "call_name") in private(small.forms)


def test_mutation_without_the_door_exports_read_people(lived, small, monkeypatch):
    monkeypatch.setattr(views, "_authorizer", lambda *given: views.reading_only)
    with exporting(small) as connection:
        found = connection.execute("SELECT code FROM people").fetchall()
        sealed = connection.execute("SELECT call_name FROM form_person_new").fetchall()
    assert [row[0] for row in found] == [lived.code]
    assert len(sealed) == 1


def test_mutation_a_door_with_a_name_one_can_write_down_stands_open(lived, small, monkeypatch):
    monkeypatch.setattr(views.secrets, "token_hex", lambda size: "door")
    with exporting(small) as connection:
        sql = "WITH door_seen AS (SELECT code FROM people) SELECT code FROM door_seen"
        try:
            found = [row[0] for row in connection.execute(sql)]
        except sqlite3.DatabaseError:
            found = [lived.code]  # an SQLite that does not name a WITH clause
    assert found == [lived.code]


def test_an_export_is_one_snapshot(lived, small, send):
    with exporting(small) as connection:
        before = connection.execute("SELECT count(*) FROM visitors").fetchone()[0]
        send("OP-02", "visitors", {"date": "2026-11-19", "daypart": "morning", "visitors": "3"})
        assert connection.execute("SELECT count(*) FROM visitors").fetchone()[0] == before
    with exporting(small) as connection:
        assert connection.execute("SELECT count(*) FROM visitors").fetchone()[0] == before + 1


def test_an_export_may_get_tables_and_functions_of_its_own(lived, small):
    def fill(connection):
        connection.execute("CREATE TEMP TABLE days (date TEXT)")
        connection.execute("INSERT INTO days VALUES ('2026-11-19')")
        connection.create_function("twice", 1, lambda n: 2 * n, deterministic=True)

    with exporting(small, fill) as connection:
        sql = "SELECT twice(visitors) FROM visitors JOIN days USING (date)"
        assert connection.execute(sql).fetchone()[0] == 24
        assert connection.execute("SELECT count(*) FROM days").fetchone()[0] == 1


def test_a_record_tells_its_own_place(lived, told):
    assert told("SELECT place, visitors, activities FROM visitors") == [("OP-01", 12, '["meal"]')]


def test_an_allowance_is_of_a_person_whatever_card_it_came_by(
    small, send, welcome, withdraw, outside, told
):
    one, other = welcome("OP-01"), welcome("OP-01")
    both = {"month": "2026-10-01", "allowance": [one.code, other.code]}
    send("OP-01", "volunteer_month", both)
    gone = send("OP-01", "volunteer_month", {"month": "2026-09-01", "allowance": [one.code]})
    withdraw("OP-01", "volunteer_month", gone.id)
    assert send("OP-01", "volunteer_month", both).state == "double"
    send("OP-02", "volunteer_month", {"month": "2026-10-01", "nobody": "OK"})
    sql = "SELECT DISTINCT person, place, month FROM allowances"
    rows = "SELECT count(*) FROM allowances"
    assert (len(told(sql)), told(rows)) == (2, [(2,)])
    outside.execute(
        "UPDATE people SET merged_into = (SELECT id FROM people WHERE code = ?) WHERE code = ?",
        (one.code, other.code),
    )
    assert [row[1:] for row in told(sql)] == [("OP-01", "2026-10-01")]


def test_a_schedule_holds_until_the_day_before_the_next(small, send, told):
    send("OP-01", "schedule", {"valid_from": "2026-07-01", "mo_from": "9:00", "mo_until": "12:00"})
    found = told(
        "SELECT valid_from, valid_until, spec FROM regular WHERE place = 'OP-01' ORDER BY 1"
    )
    assert [row[:2] for row in found] == [("2025-01-01", "2026-06-30"), ("2026-07-01", None)]
    assert found[1][2] == "Mo 09:00-12:00; PH off"


def test_a_baseline_holds_until_another_is_given(small, send, told):
    raw = {"place": "OP-01", "valid_from": "2024-01-01", "baseline_hours": "Mo 09:00-17:00"}
    send(None, "place_facts", raw)
    # New facts that say nothing of the baseline leave it as it was measured.
    send(None, "place_facts", {"place": "OP-01", "valid_from": "2025-01-01", "coordinators": "2"})
    send(
        None, "place_facts", raw | {"valid_from": "2026-01-01", "baseline_hours": "Tu 09:00-12:00"}
    )
    found = told("SELECT place, valid_from, valid_until, spec FROM baselines ORDER BY 2")
    assert [row[:3] for row in found] == [
        ("OP-01", "2024-01-01", "2025-12-31"),
        ("OP-01", "2026-01-01", None),
    ]
    assert found[0][3] == "Mo 09:00-17:00"


def test_questions_and_choices_are_told_as_the_forms_ask_them(small, told):
    found = told(
        "SELECT form, label, type, result, private FROM questions "
        "WHERE form_id = 'visitors' AND name = 'visitors'"
    )
    assert found == [("Bezoekers", "Hoeveel mensen kwamen er?", "integer", "4/1.1.3.b", 0)]
    personal = told("SELECT form_id, name FROM questions WHERE private")
    assert ("person_new", "call_name") in personal
    assert ("attendance", "who") in personal
    found = told(
        "SELECT name, liveability FROM choices WHERE form_id = 'attendance' "
        "AND list_name = 'task' AND name IN ('green', 'making') ORDER BY position"
    )
    assert found == [("green", "y"), ("making", "n")]
