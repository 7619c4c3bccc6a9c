"""The commands that enter filled-in workbooks, as somebody at a terminal meets them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fieldapp.cli import main
from tests.web.workbooks import DAYS, workbook

Run = Callable[..., Result]
DAY = dt.date(2024, 10, 1)
PLACES = ("code", "name", "kind", "wijk", "active_from")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder whose instance is `data`, on a Dutch terminal."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "nl_NL.UTF-8")

    def ran(*words: str) -> Result:
        return CliRunner().invoke(main, words, catch_exceptions=False)

    assert ran("init").exit_code == 0
    return ran


@pytest.fixture
def places(run: Run) -> Result:
    """Two places that came in from a workbook."""
    rows = [(f"OP-0{n}", f"Buurthuis {n}", "meeting_place", "bouwlust", DAY) for n in (1, 2)]
    Path("places.xlsx").write_bytes(workbook(PLACES, *rows))
    return run("places", "import", "places.xlsx")


def told(query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect("data/fieldapp.db")) as connection:
        return connection.execute(query).fetchall()


def test_places_come_in_and_those_that_a_file_does_not_name_stay(run: Run, places: Result) -> None:
    assert places.exit_code == 0
    assert places.stdout.splitlines()[:2] == ["Erbij: 2", "Veranderd: 0"]
    row = ("OP-01", "De Brug", "meeting_place", "moerwijk", DAY)
    Path("places.xlsx").write_bytes(workbook(PLACES, row))
    again = run("places", "import", "places.xlsx")
    assert "Veranderd: 1" in again.stdout
    assert "Niet in het bestand, blijft zoals het is: OP-02" in again.stdout
    found = told("SELECT name, label FROM list_places ORDER BY name")
    assert found == [("OP-01", "De Brug"), ("OP-02", "Buurthuis 2")]


def test_a_dry_run_only_says_what_would_happen(run: Run, places: Result) -> None:
    Path("old.xlsx").write_bytes(workbook(DAYS, ("OP-01", DAY, "Ochtend", 24)))
    lines = told("SELECT count(*) FROM journal")
    trial = run("records", "import", "visitors", "old.xlsx", "--dry-run")
    assert trial.exit_code == 0
    assert trial.stdout.splitlines()[:2] == [
        "Er is nog niets ingevoerd: dit is een proef.", "Erbij: 1"
    ]  # fmt: skip
    assert told("SELECT count(*) FROM journal") == lines
    assert run("records", "import", "visitors", "old.xlsx").exit_code == 0
    assert told("SELECT _place, visitors, _account FROM form_visitors") == [("OP-01", 24, None)]
    again = run("records", "import", "visitors", "old.xlsx")
    assert again.stdout.splitlines()[:3] == ["Erbij: 0", "Veranderd: 0", "Staat er al: 1"]
    assert told("SELECT count(*) FROM form_visitors") == [(1,)]


def test_a_change_comes_in_also_in_a_closed_month(run: Run, places: Result) -> None:
    for visitors in (24, 25):
        Path("old.xlsx").write_bytes(workbook(DAYS, ("OP-01", DAY, "Ochtend", visitors)))
        assert run("records", "import", "visitors", "old.xlsx").exit_code == 0
        with closing(sqlite3.connect("data/fieldapp.db")) as connection, connection:
            connection.execute(
                "INSERT OR IGNORE INTO closing (month, at, actor) "
                "VALUES ('2024-10', '2024-11-08T09:00:00Z', 'x')"
            )
    assert told("SELECT visitors, _edits FROM form_visitors") == [(25, 1)]
    assert run("check").exit_code == 0


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nl_NL.UTF-8", "C2: nacht staat niet in de lijst. Kies een antwoord uit de lijst."),
        ("en_GB.UTF-8", "C2: nacht is not in the list. Choose an answer from the list."),
        ("de_DE.UTF-8", "C2: nacht staat niet in de lijst. Kies een antwoord uit de lijst."),
    ],
)
def test_a_mistake_is_a_cell_and_a_sentence_and_nothing_comes_in(
    run: Run, places: Result, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    monkeypatch.setenv("LANG", lang)
    rows = [("OP-01", DAY, "nacht", 24), ("OP-02", DAY, "Ochtend", 24)]
    rows += [(f"ZZ-{n}", DAY, "Ochtend", 1) for n in range(100)]
    Path("old.xlsx").write_bytes(workbook(DAYS, *rows))
    refused = run("records", "import", "visitors", "old.xlsx")
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert "ZZ-5 " in refused.stderr
    assert "ZZ-50" not in refused.stderr
    assert told("SELECT count(*) FROM form_visitors") == [(0,)]


def test_a_form_about_people_and_a_file_that_is_not_there_are_refused(run: Run) -> None:
    people = run("records", "import", "volunteer_hours", "old.xlsx")
    assert people.exit_code == 1
    assert "choose one of opening, visitors" in people.stderr
    missing = run("records", "import", "visitors", "nothing.xlsx")
    assert missing.exit_code == 1
    assert "nothing.xlsx cannot be read" in missing.stderr
