"""The commands and the forms that the office published: they go before the shipped ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from fieldapp.cli import main
from fieldapp.keep import publish
from fieldapp.settings import shipped
from fieldapp.web.instance import Instance
from tests.web.uploads import VERSION, one_more


def run(*words: str) -> Result:
    """A command on the instance in the current folder."""
    return CliRunner().invoke(main, words, catch_exceptions=False)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance that was served once, with a published form from then on."""
    monkeypatch.chdir(tmp_path)
    assert run("init").exit_code == 0
    _served(monkeypatch)
    text = (shipped("forms") / "visitors.md").read_text()
    (tmp_path / "data" / "forms" / "visitors.md").write_text(one_more(text))
    return tmp_path / "data"


def _served(monkeypatch: pytest.MonkeyPatch) -> Instance:
    """What `serve` would serve."""
    apps: list[Flask] = []

    def serve(app: Flask, **_: Any) -> None:
        apps.append(app)

    monkeypatch.setattr("fieldapp.cli.waitress.serve", serve)
    assert run("serve").exit_code == 0
    found = apps[0].extensions["fieldapp"]
    assert isinstance(found, Instance)
    return found


def test_serve_asks_the_published_form_and_knows_the_one_before(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _served(monkeypatch)
    assert found.forms["visitors"].version == VERSION
    assert list(found.older) == [("visitors", "2026112301")]
    assert "mood" not in found.older["visitors", "2026112301"].questions
    kept = {path.name for path in (made / "forms" / publish.OLD).iterdir()}
    assert {"visitors-2026112301.md", f"visitors-{VERSION}.md"} <= kept


def test_check_and_export_read_the_published_forms(made: Path) -> None:
    assert run("check").exit_code == 0
    assert run("export", "records", "2026-10").exit_code == 0
    (made / "forms" / "visitors.md").write_text("| survey |\n")
    for command in (["check"], ["export", "records", "2026-10"], ["serve"]):
        stopped = run(*command)
        assert stopped.exit_code == 1
        assert "data/forms/visitors.md" in stopped.stderr
