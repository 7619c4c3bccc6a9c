"""Row 65: who changes the journal behind our back is found out, or does not get that far."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fieldapp.keep import anchor
from fieldapp.keep.journal import Journal
from tests.fault.copy.left import REMEDY, Harm, Left, clean, found_out, stands
from tests.fault.table import Record, Trial, told

WHAT = (
    "the journal is edited, cut, its lines swapped, its tail cut, written over with INSERT OR "
    "REPLACE; the whole database is swapped for an older one"
)
OF = 4
_OPENED = ("DROP TRIGGER journal_no_update", "DROP TRIGGER journal_no_delete")
"""Who can write the file can do this first."""


def edited(left: Left) -> None:
    left.outside(*_OPENED, "UPDATE journal SET actor = 'nobody' WHERE id = 2")


def edited_with_its_moment(left: Left) -> None:
    left.outside(*_OPENED, "UPDATE journal SET at = '2020-01-01T00:00:00Z' WHERE id = 2")


def a_line_cut_out(left: Left) -> None:
    left.outside(*_OPENED, "DELETE FROM journal WHERE id = 3")


def a_line_cut_out_and_the_rest_moved_up(left: Left) -> None:
    left.outside(
        *_OPENED,
        "DELETE FROM journal WHERE id = 3",
        "UPDATE journal SET id = -id WHERE id > 3",
        "UPDATE journal SET id = -id - 1 WHERE id < 0",
    )


def two_lines_swapped(left: Left) -> None:
    left.outside(
        *_OPENED,
        "UPDATE journal SET id = -3 WHERE id = 3",
        "UPDATE journal SET id = 3 WHERE id = 4",
        "UPDATE journal SET id = 4 WHERE id = -3",
    )


def the_first_lines_cut(left: Left) -> None:
    left.outside(*_OPENED, "DELETE FROM journal WHERE id < 4")


def the_tail_cut(left: Left) -> None:
    left.outside(*_OPENED, "DELETE FROM journal WHERE id > (SELECT max(id) - 2 FROM journal)")


def emptied(left: Left) -> None:
    left.outside(*_OPENED, "DELETE FROM journal")


def a_line_replaced(left: Left) -> None:
    """With another program, whose triggers do not run for what REPLACE deletes."""
    left.outside(
        "INSERT OR REPLACE INTO journal SELECT id, at, 'nobody', action, object, row, before, "
        "after, mac FROM journal WHERE id = 2"
    )


def swapped_for_an_older_copy(left: Left) -> None:
    """Whole, sealed and sound, as it was an hour before."""
    older = left.data.with_name("older.db")
    shutil.copy(left.database, older)
    left.add("2026-11-16")
    older.replace(left.database)


HARMS: Mapping[Harm, str] = {
    edited: "journal line 2 was changed",
    edited_with_its_moment: "journal line 2 was changed",
    a_line_cut_out: "journal line 3 is missing",
    a_line_cut_out_and_the_rest_moved_up: "journal line 3 was changed",
    two_lines_swapped: "journal line 3 was changed",
    the_first_lines_cut: "journal line 1 is missing",
    the_tail_cut: "the journal had come to line",
    emptied: "the journal had come to line",
    a_line_replaced: "journal line 2 was changed",
    swapped_for_an_older_copy: "the journal had come to line",
}


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_what_is_changed_is_found_out(left: Left, harm: Harm, record_property: Record) -> None:
    told(record_property, Trial("65", WHAT, of=OF))
    harm(left)
    assert HARMS[harm] in found_out(left)


OFF: Mapping[str, tuple[Harm, Any, str, Any]] = {
    "the chain": (edited, Journal, "broken", lambda *given: None),
    "the head, where the tail is cut": (the_tail_cut, anchor, "kept", lambda data: []),
    "the head, where an older one is put": (
        swapped_for_an_older_copy,
        anchor,
        "kept",
        lambda data: [],
    ),
}


@pytest.mark.parametrize("off", OFF)
def test_mutation_what_is_changed_is_served(
    left: Left, off: str, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(record_property, Trial("65", WHAT, off, OF))
    harm, where, name, without = OFF[off]
    harm(left)
    monkeypatch.setattr(where, name, without)
    with pytest.raises(AssertionError, match="it is served"):
        found_out(left)


REPLACE = "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE id = 2"
WAYS = (REPLACE, "UPDATE journal SET actor = 'nobody'", "DELETE FROM journal WHERE id > 1")


@pytest.mark.parametrize("statement", WAYS)
def test_our_own_connection_cannot_write_over_a_line(
    left: Left, statement: str, record_property: Record
) -> None:
    told(record_property, Trial("65", WHAT, of=OF))
    _written_over(left, statement)
    stands(left)


def test_mutation_without_recursive_triggers_a_line_is_replaced(
    left: Left, record_property: Record
) -> None:
    told(record_property, Trial("65", WHAT, "triggers that also meet REPLACE", OF))
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        _written_over(left, REPLACE, "PRAGMA recursive_triggers=0")


def _written_over(left: Left, statement: str, first: str = "SELECT 1") -> None:
    with (
        closing(left.open()) as store,
        pytest.raises(sqlite3.IntegrityError, match="the journal only grows"),
        store.database.write() as connection,
    ):
        connection.execute(first)
        connection.execute(statement)


def test_the_whole_folder_put_back_is_found_out_by_what_stands_elsewhere(left: Left) -> None:
    """Head and anchors with it: nothing in the folder tells. A log that was kept does."""
    older = left.data.with_name("older")
    shutil.copytree(left.data, older)
    left.add("2026-11-16")
    with closing(left.open()) as store, store.read() as connection:
        head = anchor.Anchor.of(*store.journal.head(connection))
    log = left.data.with_name("fieldapp.log")
    log.write_text(json.dumps({"action": "told", "object": f"journal {head}"}) + "\n")
    assert left.said("check", "--against", str(log)).exit_code == 0
    shutil.rmtree(left.data)
    older.rename(left.data)
    stands(left)
    looked = left.said("check", "--against", str(log))
    assert looked.exit_code == 1
    assert f"the journal had come to line {head.line} and ends at line" in looked.stderr


def _command(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fieldapp", *words, "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=clean(),
    )


def test_the_commands_themselves_refuse(whole_left: Left) -> None:
    """As above, with nothing put in the place of anything."""
    the_tail_cut(whole_left)
    for words in (("check",), ("serve", "--port", "1")):
        ended = _command(whole_left.data, *words)
        assert ended.returncode == 1, words
        assert "the journal had come to line" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert (REMEDY in ended.stderr) == (words[0] == "serve")
