"""Rows 37 and 38: a database that is gone, empty, cut or written over, or lost its newest part."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

import pytest

from fieldapp.keep import anchor, database, store
from fieldapp.keep.database import Database
from fieldapp.keep.journal import Journal
from tests.fault.copy.left import HARMED, LOST, REMEDY, Harm, Left, found_out, stands, tried
from tests.fault.table import Record, figures

PAGE = 4096


def deleted(left: Left) -> None:
    left.database.unlink()


def emptied(left: Left) -> None:
    left.database.write_bytes(b"")


def cut_in_half(left: Left) -> None:
    with left.database.open("r+b") as file:
        file.truncate(left.database.stat().st_size // 2 // PAGE * PAGE)


def first_page_flipped(left: Left) -> None:
    _overwrite(left, 0, b"\xff" * 100)


def a_page_flipped(left: Left) -> None:
    """Of the records of visitors: to open the instance nobody reads it."""
    with closing(sqlite3.connect(left.database)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'form_visitors'"
        ).fetchone()
    _overwrite(left, (page - 1) * PAGE, b"\x5a" * PAGE)


def a_byte_flipped(left: Left) -> None:
    """In a text, which SQLite takes for sound whatever it says."""
    at = left.database.read_bytes().index(b'"date":"2026-11-18"')
    _overwrite(left, at + len(b'"date":"2026-11-1'), b"9")
    with closing(sqlite3.connect(left.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def of_another_program(left: Left) -> None:
    left.database.unlink()
    left.outside("CREATE TABLE theirs (n)")


def _overwrite(left: Left, at: int, content: bytes) -> None:
    with left.database.open("r+b") as file:
        file.seek(at)
        file.write(content)


HARMS: Mapping[Harm, str] = {
    deleted: "holds no fieldapp database any more",
    emptied: "holds no fieldapp database any more",
    cut_in_half: "malformed",
    first_page_flipped: "not a database",
    a_page_flipped: "malformed",
    a_byte_flipped: "was changed",
    of_another_program: "is not a fieldapp database",
}


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_what_is_harmed_is_reported_and_not_served(
    left: Left, harm: Harm, record_property: Record
) -> None:
    """The harm of each kind, page by page, is in test_damaged.py; here the commands meet it."""
    tried(record_property, "37", HARMED)
    stands(left)
    harm(left)
    said = found_out(left)
    assert HARMS[harm] in said
    assert "Traceback" not in said


def test_what_is_gone_is_not_made_anew(left: Left, record_property: Record) -> None:
    """`init` would begin an empty instance, and nobody would look for the copy any more."""
    tried(record_property, "37", HARMED)
    deleted(left)
    made = left.said("init")
    assert made.exit_code == 1, "a new one was begun"
    assert REMEDY in made.stderr
    assert not left.database.exists()


OFF: Mapping[str, tuple[Harm, Any, str, Callable[..., Any]]] = {
    "SQLite's own look at the file": (a_page_flipped, Database, "unsound", lambda *a, **b: []),
    "the chain of the journal": (a_byte_flipped, Journal, "broken", lambda *given: None),
}


@pytest.mark.parametrize("off", OFF)
def test_mutation_harm_is_served(
    left: Left, off: str, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried(record_property, "37", HARMED, off)
    harm, where, name, without = OFF[off]
    harm(left)
    monkeypatch.setattr(where, name, without)
    with pytest.raises(AssertionError, match="it is served"):
        found_out(left)


def test_mutation_what_is_gone_is_made_anew(
    left: Left, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried(record_property, "37", HARMED, "the memory that there was a database")
    monkeypatch.setattr(store, "_refuse_anew", lambda data: None)
    with pytest.raises(AssertionError, match="a new one was begun"):
        test_what_is_gone_is_not_made_anew(left, lambda *given: None)


def wal_lost(left: Left) -> None:
    for end in ("-wal", "-shm"):
        left.database.with_name(f"fieldapp.db{end}").unlink()


def wal_cut(left: Left) -> None:
    wal = left.database.with_name("fieldapp.db-wal")
    with wal.open("r+b") as file:
        file.truncate(wal.stat().st_size // 2)


@pytest.mark.parametrize("harm", [wal_lost, wal_cut], ids=lambda harm: harm.__name__)
def test_a_wal_that_is_lost_is_found_out(left: Left, harm: Harm, record_property: Record) -> None:
    """What stands in the file alone is whole and older: only the head beside it tells."""
    tried(record_property, "38", LOST)
    kept = left.written(20)
    harm(left)
    said = found_out(left)
    assert "the journal had come to line" in said
    figures(record_property, "38", f"{len(kept)} acknowledged records in it, missed at the start")


def test_a_wal_that_is_there_is_played_in(left: Left) -> None:
    """Killed, and nothing more: no reason to refuse."""
    kept = left.written(20)
    stands(left)
    with closing(left.open()) as opened, opened.read() as connection:
        rows = {row[0] for row in connection.execute("SELECT _id FROM form_visitors")}
    assert {*kept} <= rows


def test_mutation_without_the_head_a_lost_wal_is_served(
    left: Left, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried(record_property, "38", LOST, "the head that stands outside the database")
    left.written(20)
    wal_lost(left)
    monkeypatch.setattr(anchor, "kept", lambda data: [])
    with pytest.raises(AssertionError, match="it is served"):
        found_out(left)


def test_who_is_foreign_keeps_his_file(left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of another program is not touched; without the look at its number it would be."""
    of_another_program(left)
    before = left.database.read_bytes()
    assert left.said("serve").exit_code == 1
    assert left.database.read_bytes() == before
    monkeypatch.setattr(database, "_recognise", lambda *given: None)
    left.said("serve")
    assert left.database.read_bytes() != before, "the look at its number protects nothing"
