"""A newer version on an instance, and the way back that the README describes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.fault.operations.host import (
    ROOT,
    done,
    enter,
    environment,
    fieldapp,
    found_instance,
    served,
)
from tests.serving import free_port

pytestmark = pytest.mark.long
STEP = '''

@migrations()
def m999_newer(db: Database) -> None:
    """What a later version adds."""
    db.table("newer").create({"id": int}, pk="id", strict=True)
'''


def newer_version(folder: Path) -> Path:
    """This version with one step more in the database."""
    for name in ("fieldapp", "forms", "exports", "static"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    keep = folder / "fieldapp" / "keep"
    line = "import migrations\n"
    (last,) = [
        said.split()[1].split(".")[-1]
        for said in (keep / "store.py").read_text("utf-8").splitlines(keepends=True)
        if said.endswith(line)
    ]
    with (keep / f"{last}.py").open("a", encoding="utf-8") as file:
        file.write(STEP)
    return folder


def test_there_and_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    old = environment(data)
    new = environment(data, newer_version(tmp_path / "newer"))
    found_instance(old, tmp_path)
    done(old, "backup", tmp_path / "before.db")
    port = free_port()
    with served(new, port, tmp_path / "new.log"):
        pass
    done(new, "check")
    enter(new, tmp_path, "OP-92")
    for words in (("serve", "--port", port), ("check",), ("backup", tmp_path / "late.db")):
        refused = fieldapp(old, *words)
        assert refused.returncode == 1
        assert "a newer fieldapp has written here (m999_newer): install that one" in refused.stderr
    assert not (tmp_path / "late.db").exists()
    assert "It is set aside." in done(old, "restore", tmp_path / "before.db", "--dry-run")
    assert fieldapp(old, "check").returncode == 1  # a dry run does nothing
    assert "What was there stands in" in done(old, "restore", tmp_path / "before.db")
    done(old, "check")
    with served(old, port, tmp_path / "old.log"):
        pass
    (aside,) = data.glob("before-*")
    assert (aside / "fieldapp.db").exists()
