"""The command that lets go of what was kept long enough, as somebody at a terminal meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldapp.cli import main
from fieldapp.keep import retention
from fieldapp.keep.database import Database

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder with an empty instance."""
    monkeypatch.chdir(tmp_path)

    def ran(*words: str) -> Result:
        return CliRunner().invoke(main, words, catch_exceptions=False)

    assert ran("init").exit_code == 0
    return ran


def test_it_counts_rule_by_rule(run: Run) -> None:
    dry, done = run("retention", "--dry-run"), run("retention")
    assert (dry.exit_code, done.exit_code) == (0, 0)
    for rule in retention.RULES:
        assert (f"     0 {rule.name}\n" in done.stdout) is (rule.do is not None)
    assert dry.stdout == f"{done.stdout}Nothing was done.\n"


def test_it_says_what_was_set_aside_and_may_hold_names(run: Run) -> None:
    Path("data", "before-20261120-101200").mkdir()
    told = run("retention").stderr
    assert "before-20261120-101200 in data: names may stand in it still" in told


def test_it_says_when_the_log_could_not_be_emptied(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "truncate", lambda self: False)
    done = run("retention")
    assert done.exit_code == 1 and "Run this again." in done.stderr
