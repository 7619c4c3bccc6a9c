"""Anchors: what the journal was told to hold it holds, or somebody hears of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from fieldapp.errors import Damaged
from fieldapp.keep import anchor, whole
from fieldapp.keep.anchor import Anchor, Head, found_in
from fieldapp.keep.journal import Journal
from fieldapp.keep.store import Store, open_store
from fieldapp.settings import Settings
from tests.conftest import Clock, Send

VISIT = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}


def head(store: Store) -> Anchor:
    with store.read() as connection:
        return Anchor.of(*store.journal.head(connection))


def test_an_anchor_is_found_in_any_text_and_nothing_else_is() -> None:
    one = Anchor(12345, "3f9a8c0d2b71e6f0")
    assert found_in(
        f'{{"object": "journal {one}", "id": "0c5f2b1e-7a1d-4c55-9a10-{"0" * 12}"}}'
    ) == [one]
    assert found_in("a12-3f9a8c0d2b71e6f0 12-3f9a8c0d2b71e6f00 12-3f9a8c0d2b71e6f0-1") == []


def test_every_write_moves_the_head(small: Store, settings: Settings, send: Send) -> None:
    before = anchor.kept(settings.data)[-1]
    assert before == head(small)
    send("OP-01", "visitors", VISIT)
    assert anchor.kept(settings.data)[-1] == head(small) > before


def test_what_writes_nothing_in_the_journal_moves_nothing(
    small: Store, settings: Settings, clock: Clock
) -> None:
    before = (settings.data / anchor.HEAD).read_bytes()
    with small.write("test", clock()):
        pass
    assert (settings.data / anchor.HEAD).read_bytes() == before


def test_a_head_does_not_go_back(settings: Settings, small: Store) -> None:
    far, near = Anchor(900, "a" * 16), Anchor(20, "b" * 16)
    moved = Head(settings.data)
    moved.move(far)
    moved.move(near)
    moved.close()
    assert anchor.kept(settings.data)[-1] == far
    again = Head(settings.data)
    again.move(near)
    again.close()
    assert anchor.kept(settings.data)[-1] == far


def without_its_end(store: Store, settings: Settings, lines: int) -> None:
    """Cuts the journal as somebody does who can write to the file; the chain still holds."""
    with closing(sqlite3.connect(settings.database)) as outside, outside:
        outside.execute("DROP TRIGGER journal_no_delete")
        outside.execute(
            "DELETE FROM journal WHERE id > (SELECT max(id) FROM journal) - ?", (lines,)
        )
    with store.read() as connection:
        assert store.journal.broken(connection) is None


def test_a_journal_without_its_end_is_found_out(
    small: Store, settings: Settings, send: Send
) -> None:
    send("OP-01", "visitors", VISIT)
    last = head(small).line
    assert whole.at_start(small, settings.data) == []
    without_its_end(small, settings, 1)
    said = f"the journal had come to line {last} and ends at line {last - 1}"
    assert whole.at_start(small, settings.data) == [said]


def test_mutation_without_the_head_nobody_sees_it(
    small: Store, settings: Settings, send: Send
) -> None:
    send("OP-01", "visitors", VISIT)
    without_its_end(small, settings, 1)
    (settings.data / anchor.HEAD).unlink()
    assert whole.at_start(small, settings.data) == []


def test_another_line_in_the_place_of_one_is_found_out(
    small: Store, settings: Settings, clock: Clock, send: Send
) -> None:
    """Who has the key of the journal can chain it anew; the anchor outside says what it was."""
    send("OP-01", "visitors", VISIT)
    last = head(small)
    anchor.keep(settings.data, last, anchor.SERVED, clock())
    without_its_end(small, settings, 1)
    with small.write("nobody", clock()) as write:
        write.note("add", "visitors", "another")
    assert whole.at_start(small, settings.data) == [
        f"line {last.line} of the journal is another than it was"
    ]


def test_of_a_large_one_only_what_came_since_is_read_at_a_start(
    small: Store, settings: Settings, clock: Clock, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    anchor.keep(settings.data, head(small), anchor.CHECKED, clock())
    send("OP-01", "visitors", VISIT)
    with closing(sqlite3.connect(settings.database)) as outside, outside:
        outside.execute("DROP TRIGGER journal_no_update")
        outside.execute("UPDATE journal SET actor = 'nobody' WHERE id = 2")
    assert whole.at_start(small, settings.data) == ["journal line 2 was changed"]
    monkeypatch.setattr(whole, "_QUICK", 0)
    assert whole.at_start(small, settings.data) == []


def test_a_line_that_was_cut_off_spoils_no_other(
    small: Store, settings: Settings, clock: Clock
) -> None:
    """As a power cut or a full disk leaves it."""
    (settings.data / anchor.FILE).write_text(f"2026-11-20T09:00:00Z served 99999-{'a' * 16}\n2026")
    anchor.keep(settings.data, head(small), anchor.RESTORED, clock())
    assert whole.at_start(small, settings.data) == []
    assert (settings.data / anchor.FILE).read_text().splitlines()[1] == "2026"


def test_after_a_restore_older_anchors_say_nothing(
    small: Store, settings: Settings, clock: Clock
) -> None:
    anchor.keep(settings.data, Anchor(10_000, "a" * 16), anchor.SERVED, clock())
    assert whole.at_start(small, settings.data)
    anchor.keep(settings.data, head(small), anchor.RESTORED, clock())
    assert whole.at_start(small, settings.data) == []


def test_a_newer_fieldapp_s_database_is_refused(
    store: Store, settings: Settings, clock: Clock, forms: Mapping[str, Any]
) -> None:
    with store.write("test", clock()) as write:
        write.connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('fieldapp', 'm099_later', '')"
        )
    with pytest.raises(Damaged, match=r"a newer fieldapp has written here \(m099_later\)"):
        open_store(settings.data, forms, clock)
    with closing(sqlite3.connect(settings.database)) as connection:
        said = whole.faults(connection, Journal(store.secrets.journal))
    assert said == ["a newer fieldapp made it (m099_later): install that one"]
