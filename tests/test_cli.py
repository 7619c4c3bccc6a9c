"""The commands, as somebody at a terminal meets them."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from fieldapp.cli import main
from fieldapp.settings import shipped
from tests.serving import free_port

Run = Callable[..., Result]
PASSWORD = "appel-molen-regen"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty folder whose instance is `data`."""
    monkeypatch.chdir(tmp_path)

    def ran(*words: str) -> Result:
        return CliRunner().invoke(main, words, catch_exceptions=False)

    return ran


@pytest.fixture
def made(run: Run) -> Path:
    """An empty instance, made by `init`."""
    assert run("init").exit_code == 0
    return Path("data")


def test_init_makes_an_instance_once(run: Run, made: Path) -> None:
    assert (made / "fieldapp.db").exists()
    assert (made / "secrets.json").stat().st_mode & 0o777 == 0o600
    secrets = (made / "secrets.json").read_bytes()
    again = run("init")
    assert again.exit_code == 0
    assert "data holds an instance. Added nothing: it has all of what was agreed." in again.stdout
    assert (made / "secrets.json").read_bytes() == secrets


def test_init_never_makes_an_instance_of_what_is_none(run: Run) -> None:
    Path("data").mkdir()
    Path("data", "fieldapp.db").write_text("shopping list" * 100)
    refused = run("init")
    assert refused.exit_code == 1
    assert Path("data", "fieldapp.db").read_text() == "shopping list" * 100


def test_init_enters_what_was_agreed(run: Run, made: Path) -> None:
    with sqlite3.connect(made / "fieldapp.db") as connection:
        for form, least in (("initiative", 20), ("milestone", 31), ("target", 15)):
            assert connection.execute(f"SELECT count(*) FROM form_{form}").fetchone()[0] >= least
    connection.close()


def test_what_an_addendum_adds_is_told_by_check_and_entered_by_init(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_EXPORTS", str(tmp_path / "exports"))
    shutil.copytree(shipped("exports"), tmp_path / "exports")
    path = tmp_path / "exports" / "results" / "covenant.toml"
    full = path.read_text("utf-8")
    path.write_text(full.partition("# Article 4: what is a step")[0], "utf-8")
    assert run("init").exit_code == 0
    assert run("check").exit_code == 0
    path.write_text(full, "utf-8")
    line = full[: full.index("[[milestone]]")].count("\n") + 1
    told = run("check")
    assert told.exit_code == 1
    (sentence,) = told.stderr.splitlines()[1:]
    assert sentence.startswith(
        f"exports/results/covenant.toml, line {line}: not in this instance: "
        "[[milestone]] 4/1.1.1.d 2024-01-01, 4/1.1.2.b 2024-01-01, "
    )
    assert sentence.endswith("Run `fieldapp init --data data`: it adds only what is missing.")
    assert "data holds an instance. Added 31 of what was agreed." in run("init").stdout
    assert run("check").exit_code == 0
    assert "Added nothing" in run("init").stdout


def test_a_mistake_in_what_was_agreed_stops_init_and_shows_in_check(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_EXPORTS", str(tmp_path / "exports"))
    shutil.copytree(shipped("exports"), tmp_path / "exports")
    assert run("init", "--data", "sound").exit_code == 0
    path = tmp_path / "exports" / "results" / "covenant.toml"
    path.write_text(path.read_text("utf-8").replace('goal = "b5"', 'goal = "b6"', 1), "utf-8")
    for words in (("init",), ("demo", "--no-serve"), ("check", "--data", "sound")):
        refused = run(*words)
        assert refused.exit_code == 1
        assert re.search(r"exports/results/covenant\.toml, line \d+: goal: ", refused.stderr)
    assert not (tmp_path / "data" / "fieldapp.db").exists()


def test_without_an_instance_every_command_says_what_to_do(run: Run) -> None:
    for words in (("export", "monthly", "2026-10"), ("pair", "OP-01"), ("check",), ("serve",)):
        refused = run(*words)
        assert refused.exit_code == 1
        assert "run `fieldapp init --data data`" in refused.stderr


def test_an_account_gets_its_secret_and_recovery_codes(run: Run, made: Path) -> None:
    added = run("account", "add", "kantoor", "--password", PASSWORD)
    assert added.exit_code == 0
    assert re.search(r"One-time secret: [A-Z2-7]{32}\n", added.stdout)
    assert len(re.findall(r"^  [0-9A-Z]{10}$", added.stdout, re.MULTILINE)) == 10
    weak = run("account", "add", "ander", "--password", "welkomwelkom")
    assert weak.exit_code == 1
    assert "easy to guess" in weak.stderr
    with sqlite3.connect(made / "fieldapp.db") as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (1,)
        kept = str(connection.execute("SELECT * FROM account").fetchall())
    connection.close()
    assert PASSWORD not in kept


def test_pairing_an_unknown_place_says_so(run: Run, made: Path) -> None:
    refused = run("pair", "OP-99")
    assert refused.exit_code == 1
    assert "there is no place 'OP-99'" in refused.stderr


def test_check_is_content_and_then_finds_a_changed_journal(run: Run, made: Path) -> None:
    assert run("check").exit_code == 0
    with sqlite3.connect(made / "fieldapp.db") as connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET actor = 'nobody' WHERE id = 3")
    connection.close()
    found = run("check")
    assert found.exit_code == 1
    assert "journal line 3 was changed" in found.stderr


def test_forms_check_lists_every_fault_of_every_file(run: Run, tmp_path: Path) -> None:
    good = shipped("forms") / "pilot.md"
    text = (shipped("forms") / "visitors.md").read_text("utf-8")
    bad = tmp_path / "bad.md"
    bad.write_text(text.replace("| integer ", "| integr  ").replace("form_id ", "formid  "))
    assert run("forms", "check", str(good)).exit_code == 0
    found = run("forms", "check", str(good), "bad.md")
    assert found.exit_code == 1
    assert len(found.stdout.splitlines()) > 5
    assert all(line.startswith("bad.md, line ") for line in found.stdout.splitlines())


def test_a_broken_form_stops_serve_and_leaves_the_data_alone(
    run: Run, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    for path in shipped("forms").glob("*.md"):
        text = path.read_text("utf-8")
        (forms / path.name).write_text(text.replace("| date  ", "| dat   "), "utf-8")
    monkeypatch.setenv("FIELDAPP_FORMS", str(forms))
    before = (made / "fieldapp.db").read_bytes()
    refused = run("serve")
    assert refused.exit_code == 1
    files = {line.partition(",")[0] for line in refused.stderr.splitlines() if "line" in line}
    assert len(files) > 3
    assert (made / "fieldapp.db").read_bytes() == before


def test_a_broken_sheet_stops_serve_with_file_line_and_remedy(
    run: Run, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = tmp_path / "exports"
    for path in shipped("exports").rglob("*.*"):
        target = exports / path.relative_to(shipped("exports"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    sheet = exports / "monthly" / "visitors.sql"
    sheet.write_text(sheet.read_text("utf-8").replace("new_visitors", "nw_visitors"), "utf-8")
    monkeypatch.setenv("FIELDAPP_EXPORTS", str(exports))
    for command in ("serve", "check"):
        refused = run(command)
        assert refused.exit_code == 1
        assert re.search(r"monthly/visitors\.sql, line \d+: .*nw_visitors", refused.stderr)


def test_a_period_that_does_not_read_gets_an_example(run: Run, made: Path) -> None:
    for period in ("2026-13", "okt", "2019-01", "2199-01"):
        refused = run("export", "monthly", period)
        assert refused.exit_code == 1
        assert period in refused.stderr
    unknown = run("export", "weekly", "2026-10")
    assert re.search("there is no workbook 'weekly': choose .*monthly", unknown.stderr)


def test_records_are_there_as_a_workbook_and_as_csv(run: Run, made: Path) -> None:
    words = ("export", "records", "2026-10", "--made-at", "2026-11-23T10:12")
    assert run(*words).exit_code == 0
    assert openpyxl.load_workbook("records-2026-10.xlsx").sheetnames[1] == "Openingstijd"
    for name in ("a.zip", "b.zip"):
        assert run(*words, "--out", name).exit_code == 0
    assert Path("a.zip").read_bytes() == Path("b.zip").read_bytes()
    with zipfile.ZipFile("a.zip") as archive:
        assert {"datapackage.json", "opening.csv", "places.csv"} <= set(archive.namelist())
    refused = run("export", "progress", "2026", "--out", "c.zip")
    assert refused.exit_code == 1
    assert re.search("`progress` is not there as CSV: choose .*records", refused.stderr)


def test_an_empty_instance_still_gives_a_full_workbook(run: Run, made: Path) -> None:
    words = ("export", "monthly", "2026-10", "--made-at", "2026-11-23T10:12", "--out")
    assert run(*words, "a.xlsx").exit_code == 0
    assert run(*words, "b.xlsx").exit_code == 0
    assert Path("a.xlsx").read_bytes() == Path("b.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(Path("a.xlsx").read_bytes()))
    assert book.sheetnames[0] == "Voorblad"
    assert book.sheetnames[-1] == "Codeboek"
    wrong = run(*words[:-2], "gisteren")
    assert "write it as 2026-11-23T10:12" in wrong.stderr


def test_the_example_is_served_and_told(tmp_path: Path) -> None:
    """`fieldapp demo --json` prints one object and then serves what it says."""
    port = free_port()
    words = ["-m", "fieldapp", "demo", "--data", "shown", "--port", str(port), "--json"]
    started = subprocess.Popen(
        [sys.executable, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert started.stdout is not None
        told = json.loads(started.stdout.readline())
        assert told["address"] == f"http://localhost:{port}/"
        assert told["pairing_link"].startswith(f"http://localhost:{port}/pair#")
        assert set(told) >= {"office_name", "password", "totp_secret"}
        assert json.loads(_get(f"{told['address']}healthz"))["database"] == "writable"
        assert "Welkom" in _get(told["address"]) or "Welcome" in _get(told["address"])
    finally:
        started.terminate()
        started.communicate(timeout=20)


def _get(url: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def test_the_example_never_touches_other_data(run: Run, made: Path) -> None:
    refused = run("demo", "--data", str(made), "--no-serve")
    assert refused.exit_code == 1
    assert "holds data that are no example" in refused.stderr
