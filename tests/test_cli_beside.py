"""What a command does while a server runs on the same folder: its work, but no migration."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from fieldapp import cli, terminal
from fieldapp.ask.question import Form
from fieldapp.cli import main
from fieldapp.demo import instance
from fieldapp.errors import Busy
from fieldapp.keep import erasure, store
from fieldapp.keep.serving import LOCK, alone
from fieldapp.settings import Settings
from fieldapp.terminal import read_forms
from tests.conftest import MOMENT

RUNNING = "a server is running on data: end that one first"
COMMANDS = (
    ("init",),
    ("check",),
    ("backup", "copies"),
    ("retention",),
    ("secrets", "rotate"),
    ("account", "add", "kantoor", "--password", "appel-molen-regen"),
    ("export", "monthly", "2026-10"),
)
"""Every way to open an instance beside the server that has it."""

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty folder whose instance is `data`; to serve is only said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "_serve", lambda *_: click.echo("served"))

    def ran(*words: str) -> Result:
        return CliRunner().invoke(main, words, catch_exceptions=False)

    return ran


@pytest.fixture
def made(run: Run, founded: Mapping[str, Path], forms: Mapping[str, Form], examined: Path) -> Path:
    """An empty instance, with what its forms came to."""
    shutil.copytree(founded["empty"], "data")
    shutil.copytree(examined, "data/cache")
    return Path("data")


@pytest.fixture
def older(made: Path) -> Path:
    """An instance as an older version left it: a migration, a table and a column are to come."""
    with closing(sqlite3.connect(made / "fieldapp.db")) as outside, outside:
        outside.execute("DELETE FROM _sqlite_migrations WHERE name = 'm009_size'")
        outside.execute("DROP INDEX people_root")
        outside.execute("DROP INDEX idx_still_here_place")
        outside.execute("DROP TABLE form_closure")
        outside.execute("ALTER TABLE form_visitors DROP COLUMN new_visitors")
    return made


def stood(data: Path) -> Mapping[str, bytes]:
    """Every file of a folder but the lock, and what is in it."""
    files = (path for path in sorted(data.rglob("*")) if path.is_file() and path.name != LOCK)
    # SQLite's own notes on who reads, which every reader makes anew.
    return {str(path): path.read_bytes() for path in files if path.suffix != ".db-shm"}


def schema(data: Path) -> set[str]:
    """Every table, column and index."""
    with closing(sqlite3.connect(data / "fieldapp.db")) as outside:
        found = outside.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {row[0] for row in found}


def refused_untouched(run: Run, data: Path) -> None:
    """A server that starts beside another is refused before a byte of the folder changes."""
    before = stood(data)
    with alone(data):
        refused = run("serve")
    assert "served" not in refused.stdout
    assert stood(data) == before, "changed beneath a server"
    assert (refused.exit_code, refused.stderr.splitlines()[-1]) == (1, RUNNING)


def test_a_second_server_changes_nothing(run: Run, older: Path) -> None:
    refused_untouched(run, older)
    assert "served" in run("serve").stdout
    assert "closure" in str(schema(older))


def test_mutation_a_server_that_opens_before_it_asks_changes_tables(
    run: Run, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = terminal.alone

    @contextlib.contextmanager
    def late(data: Path) -> Iterator[None]:
        terminal.open_store(data, read_forms(Settings(data=data)), lambda: MOMENT, held=True)
        with whole(data):
            yield

    monkeypatch.setattr(terminal, "alone", late)
    with pytest.raises(AssertionError, match="changed beneath a server"):
        refused_untouched(run, older)


def left_beneath(run: Run, data: Path, words: tuple[str, ...]) -> None:
    """A command of a newer version leaves the tables of the server that runs as they are."""
    before = schema(data)
    with alone(data):
        refused = run(*words)
    assert schema(data) == before, "changed beneath a server"
    assert (refused.exit_code, refused.stderr.splitlines()[-1]) == (1, RUNNING)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_newer_version_migrates_nothing_beneath_a_server(
    run: Run, older: Path, words: tuple[str, ...]
) -> None:
    left_beneath(run, older, words)
    assert run("init").exit_code == 0  # nobody serves it: now it is brought up to date
    with alone(older):
        assert run(*words).exit_code == 0, "beside a server of this version it does its work"


def test_mutation_a_command_that_asks_nobody_migrates(
    run: Run, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "alone", lambda data: contextlib.nullcontext())
    with pytest.raises(AssertionError, match="changed beneath a server"):
        left_beneath(run, older, ("retention",))


def test_nobody_serves_a_copy_before_who_was_erased_is_erased_again(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup", "copy.db").exit_code == 0
    asked: list[str] = []

    def again(*_: object) -> int:
        with pytest.raises(Busy, match=RUNNING), alone(made):
            raise AssertionError
        asked.append("refused")
        return 0

    monkeypatch.setattr(erasure, "again", again)
    assert run("restore", "copy.db").exit_code == 0
    assert asked == ["refused"]
    assert "served" in run("serve").stdout


# --- the example -------------------------------------------------------------------------------


@pytest.fixture
def yesterdays(made: Path) -> Path:
    """An example that is a day old."""
    note = {"day": "2026-11-01", "password": "appel", "secret": "A" * 32}
    (made / "demo.json").write_text(json.dumps(note))
    return made


def spared(run: Run, data: Path) -> None:
    """An example that is served is not made anew."""
    before = stood(data)
    with alone(data):
        refused = run("demo", "--no-serve", "--data", "data")
    assert stood(data) == before, "removed beneath a server"
    assert (refused.exit_code, refused.stderr.splitlines()[-1]) == (1, RUNNING)


def test_an_example_is_not_removed_beneath_its_server(run: Run, yesterdays: Path) -> None:
    spared(run, yesterdays)


def test_mutation_a_demo_that_asks_nobody_removes_what_is_served(
    run: Run, yesterdays: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "alone", lambda data: contextlib.nullcontext())
    monkeypatch.setattr(instance, "fill", lambda *_: None)
    with pytest.raises(AssertionError, match="removed beneath a server"):
        spared(run, yesterdays)


def test_an_example_that_is_made_anew_keeps_its_lock(
    run: Run, yesterdays: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds a lock whose file is gone would keep nobody out."""
    monkeypatch.setattr(instance, "fill", lambda *_: None)
    (yesterdays / "cache" / "more").mkdir()
    with alone(yesterdays):
        pass
    lock = (yesterdays / LOCK).stat().st_ino
    assert run("demo", "--no-serve", "--data", "data").exit_code == 0
    assert (yesterdays / LOCK).stat().st_ino == lock
    assert json.loads((yesterdays / "demo.json").read_text())["day"] > "2026-11-01"
    assert not (yesterdays / "cache" / "more").exists()
