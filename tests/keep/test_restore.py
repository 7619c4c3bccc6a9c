"""Putting a copy back: whole or not at all, and nothing that was there is lost."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import stat
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import Busy, Damaged
from fieldapp.keep import backup, restore, secret, whole
from fieldapp.keep.backup import Copy
from fieldapp.keep.serving import LOCK, alone
from fieldapp.keep.store import Store, open_store
from fieldapp.settings import Settings
from tests.conftest import Clock, Send

VISIT = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}


def rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def everything(path: Path) -> dict[str, list[Any]]:
    """Every row of every table but those of the copy itself."""
    found = {}
    for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        if not name.startswith(("copied", "sqlite_")):
            found[name] = rows(path, f"SELECT * FROM [{name}]")
    return found


def test_a_copy_put_back_in_an_empty_folder_is_the_same_instance(
    copied: Copy, settings: Settings, clock: Clock, tmp_path: Path, forms: Mapping[str, Any]
) -> None:
    """From nothing but the file and the keys."""
    keys, other = tmp_path / "keys.json", tmp_path / "other"
    shutil.copy(secret.path_of(settings.data), keys)
    planned = restore.plan(copied.path, other, keys)
    assert (planned.replaces, planned.later) == (False, None)
    assert restore.restore(planned, other, keys, clock()) is None
    assert everything(other / "fieldapp.db") == everything(copied.path)
    assert stat.S_IMODE((other / "fieldapp.db").stat().st_mode) == 0o600
    assert (other / "forms" / "old" / "closure-1.md").read_text() == "before"
    with closing(open_store(other, forms, clock)) as again:
        assert whole.at_start(again, other) == []
        with again.read() as connection:
            tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert not {"copied", "copied_file"} & {row["name"] for row in tables}


def test_what_was_there_is_set_aside_whole(
    copied: Copy,
    small: Store,
    settings: Settings,
    clock: Clock,
    send: Send,
    forms: Mapping[str, Any],
) -> None:
    later = send("OP-01", "visitors", VISIT | {"daypart": "afternoon"})
    planned = restore.plan(copied.path, settings.data)
    assert (planned.replaces, planned.later) == (True, 2)  # the copy itself, and the record
    small.close()
    aside = restore.restore(planned, settings.data, None, clock())
    assert aside == settings.data / "before-20261120-101200"
    assert rows(aside / "fieldapp.db", "SELECT count(*) FROM form_visitors") == [(2,)]
    assert (aside / "forms" / "closure.md").exists()
    with closing(open_store(settings.data, forms, clock)) as again, again.read() as connection:
        kept = connection.execute("SELECT _id FROM form_visitors").fetchall()
        assert later.id not in {row["_id"] for row in kept}
        assert len(kept) == 1
        assert whole.at_start(again, settings.data) == []


def test_without_room_nothing_is_put_back_and_nothing_moved(
    copied: Copy, small: Store, settings: Settings, clock: Clock
) -> None:
    small.close()
    before = {path.name for path in settings.data.iterdir()} | {LOCK}
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most[1]))
    try:
        with pytest.raises(Busy, match=r"no copy was put back in .*: make room there"):
            restore.restore(restore.plan(copied.path, settings.data), settings.data, None, clock())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert {path.name for path in settings.data.iterdir()} == before


def test_what_was_set_aside_before_stays(
    copied: Copy, small: Store, settings: Settings, clock: Clock
) -> None:
    """Also of the same second."""
    small.close()
    planned = restore.plan(copied.path, settings.data)
    first, second = (restore.restore(planned, settings.data, None, clock()) for _ in range(2))
    assert first and second and first != second
    assert (first / "fieldapp.db").exists()
    assert (second / "fieldapp.db").exists()


def cut_off(draft: Path) -> None:
    """Leaves what a restore of another copy leaves that was killed: a draft and its journal."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as other:
        other.execute("PRAGMA cache_size=1")
        other.execute("CREATE TABLE theirs (n)")
        other.execute(
            "INSERT INTO theirs WITH RECURSIVE up (n) AS "
            "(SELECT 1 UNION SELECT n + 1 FROM up LIMIT 20000) SELECT n FROM up"
        )
        other.execute("BEGIN")
        other.execute("UPDATE theirs SET n = n + 1")
        stale = draft.with_name(f"{draft.name}-journal").read_bytes()
        other.execute("ROLLBACK")
    draft.with_name(f"{draft.name}-journal").write_bytes(stale)


def test_what_a_restore_that_was_cut_off_left_is_not_played_in(
    copied: Copy, small: Store, settings: Settings, clock: Clock, forms: Mapping[str, Any]
) -> None:
    """SQLite takes a journal beside a file for its own, though it is another's."""
    small.close()
    cut_off(settings.data / "fieldapp.db.new")
    restore.restore(restore.plan(copied.path, settings.data), settings.data, None, clock())
    assert list(settings.data.glob("fieldapp.db.new*")) == []
    with closing(open_store(settings.data, forms, clock)) as again:
        assert whole.at_start(again, settings.data) == []


def test_mutation_a_journal_that_is_left_is_played_in(
    copied: Copy,
    small: Store,
    settings: Settings,
    clock: Clock,
    forms: Mapping[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backup, "discard", lambda draft: draft.unlink(missing_ok=True))
    with pytest.raises(sqlite3.DatabaseError):
        test_what_a_restore_that_was_cut_off_left_is_not_played_in(
            copied, small, settings, clock, forms
        )


def test_a_copy_that_reads_otherwise_the_second_time_is_not_put_back(
    copied: Copy, settings: Settings, clock: Clock
) -> None:
    planned = restore.plan(copied.path, settings.data)
    with closing(sqlite3.connect(copied.path)) as outside, outside:
        outside.execute("UPDATE copied SET made_at = ''")
    with pytest.raises(Damaged, match="does not read twice the same"):
        restore.restore(planned, settings.data, None, clock())
    assert settings.database.exists()


@pytest.mark.parametrize("path", ["../outside.md", "/tmp/outside.md", "a/../../outside.md", "."])  # noqa: S108
def test_a_form_in_a_copy_stays_in_its_folder(
    copied: Copy, settings: Settings, clock: Clock, tmp_path: Path, path: str
) -> None:
    with closing(sqlite3.connect(copied.path)) as outside, outside:
        outside.execute("INSERT INTO copied_file VALUES (?, x'00')", (path,))
    with pytest.raises(Damaged, match="leads elsewhere"):
        restore.restore(restore.plan(copied.path, settings.data), settings.data, None, clock())
    assert not list(tmp_path.rglob("outside.md"))
    assert settings.database.exists()


@pytest.fixture
def refused(settings: Settings) -> Callable[[Path], str]:
    """What is said of a file that cannot be put back."""

    def said(path: Path, keys: Path | None = None) -> str:
        before = sorted(each.name for each in settings.data.iterdir())
        with pytest.raises(Damaged) as problem:
            restore.plan(path, settings.data, keys)
        assert sorted(each.name for each in settings.data.iterdir()) == before
        return str(problem.value)

    return said


def test_what_is_not_a_whole_copy_is_refused(
    copied: Copy, small: Store, tmp_path: Path, refused: Callable[..., str]
) -> None:
    bad = tmp_path / "bad.db"
    assert "is no file" in refused(tmp_path / "nothing.db")
    bad.write_bytes(b"")
    assert "cannot be used as a copy" in refused(bad)
    bad.write_bytes(copied.path.read_bytes()[:-5000])
    assert "cannot be used as a copy" in refused(bad)
    bad.unlink()
    shutil.copy(copied.path, bad)
    with closing(sqlite3.connect(bad)) as outside, outside:
        outside.execute("DROP TABLE copied")
    assert "`fieldapp backup` did not make it" in refused(bad)
    bad.unlink()
    with closing(sqlite3.connect(bad)) as outside, outside:
        outside.execute("CREATE TABLE theirs (n)")
    assert "it is not a fieldapp database" in refused(bad)


def test_keys_of_another_instance_do_not_fit(
    copied: Copy, tmp_path: Path, refused: Callable[..., str]
) -> None:
    secret.make(tmp_path)
    assert "journal line 1 was changed" in refused(copied.path, secret.path_of(tmp_path))


def test_nothing_is_put_back_under_a_running_server(
    copied: Copy, settings: Settings, clock: Clock
) -> None:
    planned = restore.plan(copied.path, settings.data)
    with alone(settings.data), pytest.raises(Busy, match="a server is running"):
        restore.restore(planned, settings.data, None, clock())
    assert settings.database.exists()


def test_a_crash_in_between_leaves_no_half_instance(
    copied: Copy,
    small: Store,
    settings: Settings,
    clock: Clock,
    forms: Mapping[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each step that moves a file is the last one once; the same command then goes on."""
    small.close()
    whole_replace, ended = os.replace, 0
    moves: list[str] = []

    def replace(self: Path, target: Path) -> Path:
        if len(moves) == ended:
            raise KeyboardInterrupt
        moves.append(self.name)
        whole_replace(self, target)
        return Path(target)

    planned = restore.plan(copied.path, settings.data)
    monkeypatch.setattr(Path, "replace", replace)
    for _ in range(12):
        moves.clear()
        try:
            restore.restore(planned, settings.data, None, clock())
            break
        except KeyboardInterrupt:
            ended += 1
            if not settings.database.exists():
                with pytest.raises(Damaged, match="holds no fieldapp database"):
                    open_store(settings.data, forms, clock)
    assert ended >= 3
    with closing(open_store(settings.data, forms, clock)) as again:
        assert whole.at_start(again, settings.data) == []
        with again.read() as connection:
            assert connection.execute("SELECT count(*) FROM form_visitors").fetchone()[0] == 1
