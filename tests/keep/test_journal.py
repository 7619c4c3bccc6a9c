"""The journal only grows, shows when it was touched, and holds nothing personal."""

from __future__ import annotations

import sqlite3
import subprocess

import pytest

from fieldapp.keep import receipt
from fieldapp.keep.journal import Journal, as_json
from fieldapp.keep.secret import Seal

CANARY = "Kanariefien"


def broken(store):
    with store.read() as connection:
        return store.journal.broken(connection)


def without_triggers(outside):
    for event in ("update", "delete"):
        outside.execute(f"DROP TRIGGER journal_no_{event}")


@pytest.fixture
def lines(small, ask):
    """How many lines the journal of the small world has."""
    number = ask("SELECT count(*) FROM journal")[0][0]
    assert number > 10
    return number


def test_the_chain_holds_from_the_first_line_on(small, lines):
    assert broken(small) is None


def test_every_change_has_a_line_with_when_who_and_what(small, send, ask):
    receipt = send("OP-01", "visitors", {"date": "2026-11-20", "not_counted": "OK"} | MORNING)
    found = ask("SELECT * FROM journal ORDER BY id DESC LIMIT 1")[0]
    assert found[1:6] == ("2026-11-20T09:12:00Z", "test", "add", "visitors", receipt.id)
    assert found[6] is None
    assert '"daypart":"morning"' in found[7]


MORNING = {"daypart": "morning"}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET actor = 'nobody' WHERE id = 3",
        "DELETE FROM journal WHERE id = 3",
        "DELETE FROM journal",
        "REPLACE INTO journal SELECT * FROM journal WHERE id = 3",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE id = 3",
    ],
)
def test_the_journal_is_not_written_over(small, lines, ask, sql):
    with (
        small.database.write() as connection,
        pytest.raises(sqlite3.IntegrityError, match="the journal only grows"),
    ):
        connection.execute(sql)
    assert ask("SELECT count(*) FROM journal") == [(lines,)]
    assert broken(small) is None


def test_mutation_without_recursive_triggers_replace_writes_over(small, lines):
    """What the PRAGMA is for: REPLACE deletes a line without asking the trigger."""
    with small.database.write() as connection:
        connection.execute("PRAGMA recursive_triggers=OFF")
        connection.execute(
            "INSERT OR REPLACE INTO journal SELECT id, at, 'nobody', action, object, row, "
            "before, after, mac FROM journal WHERE id = 3"
        )
        connection.execute("PRAGMA recursive_triggers=ON")
    assert broken(small) == "journal line 3 was changed"


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE journal SET actor = 'nobody' WHERE id = 4", "journal line 4 was changed"),
        ("UPDATE journal SET after = NULL WHERE id = 4", "journal line 4 was changed"),
        ("UPDATE journal SET mac = upper(mac) || '.'", "journal line 1 was changed"),
        ("DELETE FROM journal WHERE id = 4", "journal line 4 is missing"),
        ("DELETE FROM journal WHERE id < 4", "journal line 1 is missing"),
        ("UPDATE journal SET id = -4 WHERE id = 4", "journal line 1 is missing"),
    ],
)
def test_what_goes_past_the_triggers_is_found(small, lines, outside, sql, said):
    without_triggers(outside)
    assert outside.execute(sql).rowcount
    assert broken(small) == said


def test_lines_that_changed_places_are_found(small, lines, outside):
    without_triggers(outside)
    for old, new in ((4, -1), (5, 4), (-1, 5)):
        outside.execute("UPDATE journal SET id = ? WHERE id = ?", (new, old))
    assert broken(small) == "journal line 4 was changed"


def test_a_cut_that_is_closed_up_is_found(small, lines, outside):
    without_triggers(outside)
    outside.execute("DELETE FROM journal WHERE id = 4")
    for number in range(5, lines + 1):
        outside.execute("UPDATE journal SET id = ? WHERE id = ?", (number - 1, number))
    assert broken(small) == "journal line 4 was changed"


def test_a_line_of_somebody_without_the_key_is_found(small, lines, outside):
    with small.read() as connection:
        _, seal = small.journal.head(connection)
    forged = Journal("00" * 32)
    outside.row_factory = sqlite3.Row
    forged.add(outside, seal, ("2026-11-20T09:12:00Z", "x", "add", "visitors", None, None, None))
    assert broken(small) == f"journal line {lines + 1} was changed"


def test_mutation_who_has_the_key_adds_a_line_that_holds(small, lines, outside):
    with small.read() as connection:
        _, seal = small.journal.head(connection)
    outside.row_factory = sqlite3.Row
    line = ("2026-11-20T09:12:00Z", "x", "add", "visitors", None, None, None)
    small.journal.add(outside, seal, line)
    assert broken(small) is None


def test_lines_of_one_transaction_are_chained_too(store, clock):
    with store.write("test", clock()) as write:
        for number in range(3):
            write.note("add", "thing", str(number), None, {"n": number})
    assert broken(store) is None


def test_a_transaction_that_fails_leaves_no_line(store, clock, ask):
    before = ask("SELECT count(*) FROM journal")
    with pytest.raises(ZeroDivisionError), store.write("test", clock()) as write:
        write.note("add", "thing", "1")
        raise ZeroDivisionError
    assert ask("SELECT count(*) FROM journal") == before
    assert broken(store) is None


def test_values_stand_in_the_journal_as_they_were_typed():
    assert as_json({"b": 1, "a": "coördinator"}) == '{"a":"coördinator","b":1}'
    assert as_json(None) is None


# --- nothing personal -------------------------------------------------------------------------


@pytest.fixture
def lived(small, send, welcome, change, clock):
    """A life in records: registered, seen, changed, sent twice with other words, left."""

    def live():
        someone = welcome("OP-01", CANARY)
        other = welcome("WB-01", CANARY + "-twee", "participant")
        again = welcome("OP-02", CANARY, card=someone.code)
        hours = {"date": "2026-11-19", "who": [someone.code], "hours": "3"}
        send("OP-01", "volunteer_hours", hours)
        there = {"date": "2026-11-19", "task": "green", "who": [other.code], "hours": "2"}
        send("WB-01", "attendance", there | MORNING)
        raw = {
            "role": "volunteer",
            "known_elsewhere": "no",
            "call_name": CANARY + "-drie",
            "started": "2026-01-05",
            "informed": "OK",
        }
        assert change("OP-01", "person_new", someone.row, raw).status == "changed"
        assert send("OP-01", "person_new", raw, someone.row).status == "conflict"
        step = {"person": someone.code, "date": "2026-11-20", "step": "left"}
        send("OP-01", "step", step | {"left_reason": "moved"})
        return [someone.code, other.code, again.code]

    return live


def in_journal(ask, text):
    columns = " || ' ' || ".join(
        f"coalesce({column}, '')" for column in ("actor", "action", "object", "row", "before")
    )
    sql = f"SELECT count(*) FROM journal WHERE instr({columns} || ' ' || coalesce(after, ''), ?)"
    return ask(sql, text)[0][0]


def files_with(folder, text):
    """Files that hold the text; grep, because this process may not open its own database."""
    done = subprocess.run(
        ["grep", "-rlaF", "--", text, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.split()


def test_nothing_personal_stands_in_the_journal(lived, ask):
    for text in (CANARY, *lived()):
        assert in_journal(ask, text) == 0
    assert in_journal(ask, '"who":1') == 2, "of persons no more than how many"


def test_mutation_without_the_filter_the_journal_names_people(lived, ask, monkeypatch):
    monkeypatch.setattr(receipt, "is_personal", lambda question: False)
    codes = lived()
    assert in_journal(ask, CANARY) > 0
    assert in_journal(ask, codes[0]) > 0


def test_no_file_holds_a_call_name_in_clear(lived, small, settings):
    codes = lived()
    assert files_with(settings.data, codes[0]), "the search does find what stands there"
    assert files_with(settings.data, CANARY) == []
    small.database._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert files_with(settings.data, CANARY) == []


def test_mutation_without_the_seal_the_database_holds_the_name(lived, settings, monkeypatch):
    monkeypatch.setattr(Seal, "close", lambda self, text, table, row, column: text)
    monkeypatch.setattr(Seal, "open", lambda self, sealed, table, row, column: sealed)
    lived()
    assert files_with(settings.data, CANARY)
