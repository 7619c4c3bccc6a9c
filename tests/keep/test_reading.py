"""The doors for reading do not write, and see one moment."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest

from fieldapp.keep import database
from fieldapp.keep.database import reading_only

WRITING = {
    "insert": "INSERT INTO noted VALUES (1)",
    "update": "UPDATE noted SET n = 2",
    "delete": "DELETE FROM noted",
    "drop": "DROP TABLE noted",
    "attach": "ATTACH 'file:{other}?mode=rwc' AS other",
    "attach_own": "ATTACH 'file:{own}?mode=rw' AS again",
    "pragma": "PRAGMA writable_schema=ON",
    "pragma_read": "PRAGMA table_info(noted)",
    "create_temp": "CREATE TEMP TABLE t (a)",
    "create_view": "CREATE TEMP VIEW v AS SELECT 1",
    "commit": "COMMIT",
    "savepoint": "SAVEPOINT s",
    "reindex": "REINDEX",
    "analyze": "ANALYZE",
    "detach": "DETACH main",
    "load_extension": "SELECT load_extension('x')",
}


def noted(base):
    with base.read() as connection:
        return [row[0] for row in connection.execute("SELECT n FROM noted ORDER BY n")]


def note(base, *numbers, patience=10.0):
    with base.write(patience) as connection:
        connection.executemany("INSERT INTO noted VALUES (?)", [(n,) for n in numbers])


@pytest.mark.parametrize("sql", WRITING.values(), ids=WRITING)
def test_a_reader_does_not_write(base, tmp_path, sql):
    note(base, 7)
    other = tmp_path / "other.db"
    with base.read() as connection, pytest.raises(sqlite3.DatabaseError) as refused:
        connection.execute(sql.format(other=other, own=base.path))
    assert "authorized" in str(refused.value)
    assert not other.exists()
    assert noted(base) == [7]


@pytest.mark.parametrize("sql", WRITING.values(), ids=WRITING)
def test_an_export_does_not_write(base, tmp_path, sql):
    other = tmp_path / "other.db"
    with (
        base.export(lambda connection: None, reading_only) as connection,
        pytest.raises(sqlite3.DatabaseError) as refused,
    ):
        connection.execute(sql.format(other=other, own=base.path))
    assert "authorized" in str(refused.value)
    assert not other.exists()


def test_nothing_is_copied_out_by_vacuum(base, tmp_path):
    """Also not after a reader has ended its snapshot, which it may."""
    other = tmp_path / "other.db"
    with base.read() as connection:
        connection.execute("ROLLBACK")
        with pytest.raises(sqlite3.DatabaseError, match="authoriz"):
            connection.execute("VACUUM INTO ?", (str(other),))
        connection.execute("BEGIN")
    assert not other.exists()


def test_mutation_without_the_authorizer_a_read_only_connection_writes(base, tmp_path, monkeypatch):
    """`mode=ro` and `query_only` alone do not hold: that is what the authorizer is for."""
    monkeypatch.setattr(database, "reading_only", None)
    other = tmp_path / "other.db"
    with base.read() as connection:
        connection.execute(f"ATTACH 'file:{other}?mode=rwc' AS other")
        connection.execute("PRAGMA query_only=OFF")
        connection.execute("CREATE TABLE other.stolen AS SELECT * FROM noted")
    assert other.exists()
    copy = tmp_path / "copy.db"
    with closing(base._open_reader()) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    assert copy.exists()


def test_a_reader_sees_one_snapshot_while_a_writer_goes_on(base):
    note(base, 1)
    with base.read() as outer:
        first = outer.execute("SELECT count(*) FROM noted").fetchone()[0]
        note(base, 2)
        with base.read() as inner:
            assert inner is outer
            assert inner.execute("SELECT count(*) FROM noted").fetchone()[0] == 1
        assert outer.execute("SELECT count(*) FROM noted").fetchone()[0] == first == 1
    assert noted(base) == [1, 2]


def test_an_export_is_one_snapshot_from_its_first_moment(base):
    note(base, 1)
    with base.export(lambda connection: None, reading_only) as connection:
        note(base, 2)
        assert connection.execute("SELECT count(*) FROM noted").fetchone()[0] == 1
    with base.export(lambda connection: None, reading_only) as connection:
        assert connection.execute("SELECT count(*) FROM noted").fetchone()[0] == 2


def test_every_thread_reads_by_a_connection_of_its_own(base):
    found = []

    def run():
        with base.read() as connection:
            found.append(connection)

    run()
    run()
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found[0] is found[1]
    assert found[0] is not found[2]
