"""A start looks at the exports again when anything that they depend on changed, and only then."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from fieldapp.errors import Fault
from fieldapp.keep.store import Store
from fieldapp.report import deliver, sound
from fieldapp.settings import Settings, shipped

TODAY = dt.date(2026, 11, 20)


@dataclass
class Looks:
    """Stands in for the whole look, and counts how often it was asked."""

    here: Settings
    store: Store
    many: int = 0
    found: list[Fault] = field(default_factory=list)

    def __call__(self, store: Store, settings: Settings, today: dt.date) -> list[Fault]:
        self.many += 1
        return list(self.found)

    def start(self) -> list[Fault]:
        return sound.faults(self.store, self.here, TODAY)


@pytest.fixture
def looks(
    small: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Looks:
    """An instance with files of its own that was started once."""
    exports = tmp_path / "told"
    for name in ("shared", "results", "monthly"):
        shutil.copytree(shipped("exports") / name, exports / name)
    forms = Path(shutil.copytree(shipped("forms"), tmp_path / "asked"))
    counted = Looks(replace(settings, exports=exports, forms=forms), small)
    monkeypatch.setattr(deliver, "check", counted)
    assert counted.start() == []
    assert counted.many == 1
    return counted


def test_what_was_found_sound_is_not_looked_at_again(looks: Looks) -> None:
    with looks.store.write("test", dt.datetime.now(dt.UTC)) as write:
        write.note("something else", "test", None)
        write.connection.execute("ANALYZE")
    kept = looks.here.published / "old" / "visitors-1.md"
    kept.parent.mkdir(parents=True)
    kept.write_text("a form that was in force before")
    assert looks.start() == []
    assert looks.many == 1


def _line(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


def _published(looks: Looks) -> None:
    looks.here.published.mkdir()
    (looks.here.published / "visitors.md").write_text("another form")


def _setting(looks: Looks) -> None:
    looks.here = replace(looks.here, small_cell=9)


def _column(looks: Looks) -> None:
    with looks.store.database.write() as connection:
        connection.execute("ALTER TABLE form_visitors ADD COLUMN more TEXT")


def _damage(looks: Looks) -> None:
    (looks.here.data / "cache" / sound.KEPT).write_bytes(b"\xff\x00")


def _gone(looks: Looks) -> None:
    (looks.here.exports / "monthly" / "visitors.sql").unlink()


@pytest.mark.parametrize(
    "change",
    [
        lambda it: _line(it.here.exports / "monthly" / "visitors.sql"),
        lambda it: _line(it.here.exports / "monthly" / "workbook.toml"),
        lambda it: _line(it.here.exports / "shared" / "shown.sql"),
        lambda it: _line(it.here.exports / "results" / "4-1.1.1.a.sql"),
        lambda it: _line(it.here.forms / "visitors.md"),
        _published,
        _setting,
        _column,
        _damage,
        _gone,
    ],
    ids=["sheet", "workbook", "shared", "result", "form", "published", "setting", "column",
         "damage", "gone"],
)  # fmt: skip
def test_each_change_of_what_they_depend_on_is_looked_at(
    looks: Looks, change: Callable[[Looks], None]
) -> None:
    change(looks)
    assert looks.start() == []
    assert looks.many == 2
    assert looks.start() == []
    assert looks.many == 2


@pytest.mark.parametrize("module", ["ask/kinds.py", "keep/views.py", "report/measure.py"])
def test_another_release_is_looked_at(
    looks: Looks, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    for room in ("ask", "keep", "report"):
        shutil.copytree(sound.PACKAGE / room, package / room)
    monkeypatch.setattr(sound, "PACKAGE", package)
    assert (looks.start(), looks.many) == ([], 2)
    _line(package / module)
    assert (looks.start(), looks.many) == ([], 3)


@pytest.mark.parametrize(
    ("where", "name"), [(sound, "__version__"), (sqlite3, "sqlite_version")], ids=["ours", "SQLite"]
)
def test_another_version_is_looked_at(
    looks: Looks, where: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, "99.0")
    assert (looks.start(), looks.many) == ([], 2)


def test_faults_are_told_each_time(looks: Looks) -> None:
    _line(looks.here.exports / "monthly" / "visitors.sql")
    looks.found = [Fault("monthly/visitors.sql", 1, "it is wrong.")]
    assert looks.start() == looks.start() == looks.found
    looks.found = []
    assert looks.start() == []
    assert looks.many == 4


def test_a_start_goes_on_where_nothing_can_be_remembered(looks: Looks) -> None:
    cache = looks.here.data / "cache"
    shutil.rmtree(cache)
    cache.write_text("in the way")
    assert looks.start() == looks.start() == []
    assert looks.many == 3
