"""Copies: one file with all but the secrets, whole before it counts, and put back again."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import Busy, Damaged
from fieldapp.keep import anchor, backup, whole
from fieldapp.keep.backup import Copy, copy
from fieldapp.keep.database import Database
from fieldapp.keep.store import Store
from fieldapp.settings import Settings
from tests.conftest import Clock

VISIT = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}


def rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_a_copy_is_one_file_for_its_owner_only(copied: Copy) -> None:
    (only,) = copied.path.parent.iterdir()
    assert only.name == "fieldapp-20261120-101200.db"
    assert stat.S_IMODE(only.stat().st_mode) == 0o600
    assert only.stat().st_size == copied.size


def test_a_copy_holds_the_published_forms_and_no_secret(copied: Copy, small: Store) -> None:
    assert sorted(copied.files) == ["closure.md", "old/closure-1.md"]
    content = copied.path.read_bytes()
    for key in (small.secrets.session, small.secrets.journal, small.secrets.seal):
        assert key.encode() not in content
        assert bytes.fromhex(key) not in content


def test_a_good_copy_is_remembered(copied: Copy, small: Store, settings: Settings) -> None:
    with small.read() as connection:
        made = backup.last(connection)
        last = connection.execute("SELECT action, object FROM journal ORDER BY id DESC").fetchone()
    assert made == backup.Made("2026-11-20T09:12:00Z", copied.path.name, copied.size)
    assert tuple(last) == ("backup", "database")
    assert copied.anchor in anchor.kept(settings.data)


def test_a_copy_that_is_not_whole_does_not_count(
    small: Store, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    """The instance was changed outside: no copy stands, and none is remembered."""
    with closing(sqlite3.connect(settings.database)) as outside, outside:
        outside.execute("DROP TRIGGER journal_no_update")
        outside.execute("UPDATE journal SET actor = 'nobody' WHERE id = 2")
    with pytest.raises(Damaged, match=r"no copy was made, .*journal line 2 was changed"):
        copy(small, settings.data, tmp_path / "copies", clock())
    assert list((tmp_path / "copies").iterdir()) == []
    with small.read() as connection:
        assert backup.last(connection) is None


def test_mutation_what_is_not_looked_through_counts(
    small: Store,
    settings: Settings,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(whole, "faults", lambda *given: [])
    test = test_a_copy_that_is_not_whole_does_not_count
    with pytest.raises(pytest.fail.Exception):
        test(small, settings, clock, tmp_path)


def test_a_copy_goes_over_an_older_one_and_over_nothing_else(
    copied: Copy, small: Store, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    again = copy(small, settings.data, copied.path, clock())
    assert again.anchor > copied.anchor
    letter = tmp_path / "letter.txt"
    letter.write_text("Beste Fatima")
    for path, said in ((letter, "is there and is no copy"), (settings.database, "itself")):
        with pytest.raises(Damaged, match=said):
            copy(small, settings.data, path, clock())
    assert letter.read_text() == "Beste Fatima"


def test_a_copy_does_not_go_over_the_database_by_another_name(
    small: Store, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    """To open it would drop the locks that we hold on it."""
    (tmp_path / "hard.db").hardlink_to(settings.database)
    (tmp_path / "soft.db").symlink_to(settings.database)
    for name in ("hard.db", "soft.db"):
        with pytest.raises(Damaged, match="is the database itself"):
            copy(small, settings.data, tmp_path / name, clock())


def test_a_link_is_replaced_and_not_followed(
    small: Store, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    copy(small, settings.data, tmp_path / "first.db", clock())
    before = (tmp_path / "first.db").read_bytes()
    (tmp_path / "link.db").symlink_to(tmp_path / "first.db")
    copy(small, settings.data, tmp_path / "link.db", clock())
    assert not (tmp_path / "link.db").is_symlink()
    assert (tmp_path / "first.db").read_bytes() == before


def test_where_nothing_can_stand_nothing_does(
    small: Store, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "copy.db", settings.data / anchor.HEAD, Path("/proc/x.db")):
        with pytest.raises(Busy, match=r"no copy was made in .*: make room there, or name"):
            copy(small, settings.data, path, clock())


def test_what_a_copy_that_was_cut_off_left_is_removed(
    small: Store, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    """All that anybody told is in it; one that may still be made is left alone."""
    left = [tmp_path / f".fieldapp-20261118-030000.db.new{end}" for end in ("", "-wal", "-shm")]
    busy = tmp_path / ".fieldapp-20261120-101100.db.new"
    for path in (*left, busy):
        path.write_bytes(b"half")
    for path in left:
        os.utime(path, (0, 0))
    copy(small, settings.data, tmp_path, clock())
    assert sorted(path.name for path in tmp_path.glob(".*")) == [busy.name]


def test_of_an_instance_that_is_not_sound_no_copy_is_made(
    small: Store,
    settings: Settings,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def copy_into(self: Database, target: sqlite3.Connection) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(Database, "copy_into", copy_into)
    with pytest.raises(Damaged, match=r"no copy was made, .* malformed.* `fieldapp restore`"):
        copy(small, settings.data, tmp_path / "copies", clock())
    assert list((tmp_path / "copies").iterdir()) == []


def test_without_room_there_is_no_half_copy(
    small: Store, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    """A file may not grow, as on a full disk; the copy before it stays."""
    before = copy(small, settings.data, tmp_path / "copy.db", clock())
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most[1]))
    try:
        with pytest.raises(Busy, match="make room there"):
            copy(small, settings.data, tmp_path / "copy.db", clock())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert [path.name for path in tmp_path.glob("*.db*")] == ["copy.db"]
    assert list(tmp_path.glob(".copy.db*")) == []
    assert backup.read(tmp_path / "copy.db", small.journal).sha256 == before.sha256


def test_a_copy_is_made_while_others_write(
    small: Store, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    stop = threading.Event()
    noted: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with small.write("test", clock()) as own:
                own.note("one", "of two", str(len(noted)))
                own.note("two", "of two", str(len(noted)))
            noted.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [copy(small, settings.data, tmp_path / f"{n}.db", clock()) for n in range(5)]
    finally:
        stop.set()
        writer.join()
    assert len(noted) > 5
    for each in copies:
        counts = dict(rows(each.path, "SELECT action, count(*) FROM journal GROUP BY action"))
        assert counts.get("one") == counts.get("two"), "a transaction was halved"
