"""What the faults of copies start from: an instance of its own, as `init` makes it, in use."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest

from fieldapp import cli
from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.keep import covenant
from fieldapp.keep.store import open_store
from fieldapp.report import deliver
from fieldapp.settings import Settings, shipped
from tests.conftest import Clock
from tests.fault.copy.left import SERVED, Left
from tests.world import found


@pytest.fixture(scope="session")
def in_use(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world with what was agreed, and its forms read already."""
    data = tmp_path_factory.mktemp("in-use") / "data"
    data.mkdir()
    forms, clock = load_forms(shipped("forms"), data / "cache"), Clock()
    with closing(open_store(data, forms, clock, make=True)) as store:
        found(store)
        agreed = covenant.read(Settings().exports, forms, clock())
        with store.write("command", clock()) as write:
            covenant.enter(store, write, agreed)
    return data


@pytest.fixture
def whole_left(in_use: Path, tmp_path: Path, forms: Mapping[str, Form], clock: Clock) -> Left:
    """An instance in use, with its commands as they are."""
    shutil.copytree(in_use, tmp_path / "data")
    return Left(tmp_path / "data", forms, clock)


@pytest.fixture
def left(whole_left: Left, monkeypatch: pytest.MonkeyPatch) -> Left:
    """The same, whose commands do not look at the exports, and say that they serve."""

    def served(*given: Any) -> None:
        click.echo(SERVED)

    monkeypatch.setattr(cli, "_serve", served)
    monkeypatch.setattr(deliver, "check", lambda *given: [])
    whole_left.add("2026-11-17", "2026-11-18", "2026-11-19")
    return whole_left
