"""backup.sh run with restic against a repository of its own, and putting a copy back from it."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fault.operations.host import (
    OPS,
    ROOT,
    done,
    enter,
    environment,
    fieldapp,
    found_instance,
    program,
)

pytestmark = pytest.mark.long
KEY = "sleutel-van-de-kopieen"


@dataclass(frozen=True)
class Machine:
    """An instance, and where its copies go."""

    folder: Path
    around: Mapping[str, str]

    def restic(self, *words: str) -> Any:
        """What restic says where it tells something as JSON."""
        command = [program("restic"), "--json", *words]
        ended = subprocess.run(command, env=self.around, capture_output=True, text=True, check=True)
        return json.loads(ended.stdout) if words[0] == "snapshots" else None

    def copied(self) -> subprocess.CompletedProcess[str]:
        """Runs the script."""
        words = ["sh", str(OPS / "backup.sh")]
        return subprocess.run(words, env=self.around, capture_output=True, text=True, timeout=300)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    program("restic")
    command = tmp_path / "fieldapp"
    command.write_text(f'#!/bin/sh\ncd {ROOT}\nexec {sys.executable} -m fieldapp "$@"\n')
    command.chmod(0o755)
    (tmp_path / "key").write_text(KEY)
    around = environment(
        tmp_path / "data",
        FIELDAPP=str(command),
        TMPDIR=str(tmp_path),
        RESTIC_REPOSITORY=str(tmp_path / "copies"),
        RESTIC_PASSWORD_FILE=str(tmp_path / "key"),
        RESTIC_CACHE_DIR=str(tmp_path / "cache"),
    )
    made = Machine(tmp_path, around)
    made.restic("init")
    return made


def exported(around: Mapping[str, str], target: Path) -> bytes:
    """The month as CSV, made at one moment."""
    words = ("export", "monthly", "2026-10", "--made-at", "2026-11-23T10:12", "--out", target)
    done(around, *words)
    return target.read_bytes()


def test_what_comes_back_is_the_last_that_was_sent(machine: Machine) -> None:
    found_instance(machine.around, machine.folder)
    first = machine.copied()
    assert first.returncode == 0, first.stderr
    (before,) = machine.restic("snapshots")
    enter(machine.around, machine.folder, "OP-92")
    second = machine.copied()
    assert second.returncode == 0, second.stderr
    (after,) = machine.restic("snapshots")  # of one day the last is kept
    assert after["id"] != before["id"]
    assert not list(machine.folder.glob("tmp.*"))  # nothing readable stays behind
    back = machine.folder / "back"
    machine.restic("restore", "latest", "--tag", "fieldapp", "--target", str(back))
    empty = environment(machine.folder / "empty")
    keys = machine.folder / "data" / "secrets.json"
    done(empty, "restore", back / "fieldapp.db", "--keys", keys)
    done(empty, "check")
    assert exported(empty, machine.folder / "a.zip") == exported(
        machine.around, machine.folder / "b.zip"
    )


def test_what_stands_there_is_read_by_nobody_without_the_key(machine: Machine) -> None:
    found_instance(machine.around, machine.folder)
    assert machine.copied().returncode == 0
    for path in (machine.folder / "copies").rglob("*"):
        assert not path.is_file() or b"SQLite format 3" not in path.read_bytes()
    (machine.folder / "key").write_text("another")
    assert machine.copied().returncode != 0


def test_what_is_not_sound_is_not_sent(machine: Machine) -> None:
    found_instance(machine.around, machine.folder)
    assert machine.copied().returncode == 0
    good = machine.restic("snapshots")
    with closing(sqlite3.connect(machine.folder / "data" / "fieldapp.db")) as there:
        names = there.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            there.execute(f"DROP TRIGGER [{name}]")
        there.execute("DELETE FROM journal WHERE id = 7")
        there.commit()
    assert machine.copied().returncode != 0
    assert machine.restic("snapshots") == good


def test_thirty_five_days_and_thirteen_months_stay(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (OPS / "backup.sh").read_text("utf-8").replace("\\\n", "")
    (rule,) = re.findall(r"^restic (forget .*)$", script, re.M)
    last = dt.date(2026, 11, 23)
    days = [last - dt.timedelta(days=back) for back in range(40)]
    days += [(last.replace(day=1) - dt.timedelta(days=30 * m + 3)) for m in range(2, 17)]
    days = sorted(set(days))
    (machine.folder / "fieldapp.db").write_text("a copy")
    monkeypatch.chdir(machine.folder)
    words = ["backup", "--host", "fieldapp", "--tag", "fieldapp", "fieldapp.db", "--time"]
    for day in days:
        machine.restic(*words, f"{day} 02:30:00")
    machine.restic(*[word for word in rule.split() if word not in {"--prune", "--quiet"}])
    kept = sorted(dt.date.fromisoformat(s["time"][:10]) for s in machine.restic("snapshots"))
    months = sorted({(day.year, day.month) for day in days})[-13:]
    monthly = {max(day for day in days if (day.year, day.month) == each) for each in months}
    assert kept == sorted(set(days[-35:]) | monthly)
    assert len(kept) < len(days)


def test_a_copy_is_refused_where_the_keys_are_others(machine: Machine) -> None:
    found_instance(machine.around, machine.folder)
    done(machine.around, "backup", machine.folder / "one.db")
    other = environment(machine.folder / "other")
    done(other, "init")
    refused = fieldapp(other, "restore", machine.folder / "one.db")
    assert refused.returncode == 1
    assert "journal" in refused.stderr
