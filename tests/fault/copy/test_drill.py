"""The restore drill: from nothing but a copy and the keys to a running instance, told the same.

With the commands themselves, as somebody at a terminal gives them.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import openpyxl
import pytest

from fieldapp.ask.forms import check_files
from fieldapp.keep.anchor import found_in
from fieldapp.report.witness import anchors_in
from fieldapp.settings import shipped
from tests.fault.copy.left import Left, clean
from tests.fault.table import Record, Trial, figures, told
from tests.serving import free_port

DRILL = "nothing is left but the copy and secrets.json"
EXPORTS = (("monthly", "2026-11"), ("records", "2026-11"), ("progress", "2026"))
MADE_AT = "2026-11-23T10:12"
VERSION = "2026112399"


def command(folder: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Gives a command in a folder whose instance is `data`."""
    ended = subprocess.run(
        [sys.executable, "-m", "fieldapp", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env=clean(PYTHONPATH=str(Path.cwd())),
    )
    assert ended.returncode == code, f"{words}: {ended.stdout}{ended.stderr}"
    assert "Traceback" not in ended.stderr
    return ended


def exports(left: Left, folder: Path, *names: str) -> dict[str, bytes]:
    """The workbooks with these names, all without one; the same moment on each cover."""
    files = {}
    for name, over in EXPORTS:
        if names and name not in names:
            continue
        path = folder / f"{name}.xlsx"
        made = left.said("export", name, over, "--made-at", MADE_AT, "--out", str(path))
        assert made.exit_code == 0, made.output
        files[name] = path.read_bytes()
    return files


def answer(folder: Path) -> tuple[int, dict[str, object], str]:
    """What /healthz answers when the instance is served, and what was logged."""
    port = free_port()
    words = [sys.executable, "-m", "fieldapp", "serve", "--port", str(port)]
    where = clean(FIELDAPP_PUBLIC_URL=f"http://localhost:{port}", PYTHONPATH=str(Path.cwd()))
    server = subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, text=True, env=where)
    try:
        for _ in range(600):
            try:
                asked = f"http://localhost:{port}/healthz"
                with urllib.request.urlopen(asked, timeout=5) as told:
                    found = told.status, json.load(told)
                    break
            except urllib.error.URLError:
                assert server.poll() is None, server.stderr and server.stderr.read()
                time.sleep(0.1)
        else:
            pytest.fail("it does not answer")
    finally:
        server.terminate()
        _, log = server.communicate(timeout=20)
    return *found, log


@pytest.fixture
def published(whole_left: Left) -> Left:
    """An instance with records and a form that the office published."""
    whole_left.add("2026-11-17", "2026-11-18", "2026-11-19")
    text = (shipped("forms") / "visitors.md").read_text("utf-8")
    (version,) = re.findall(r"\| Bezoekers +\| ([0-9]{10}) ", text)
    path = whole_left.data / "forms" / "visitors.md"
    path.parent.mkdir()
    path.write_text(text.replace(version, VERSION), "utf-8")
    assert check_files([path], beside=shipped("forms")) == []
    return whole_left


def test_from_the_copy_and_the_keys_comes_the_same_instance(
    published: Left, tmp_path: Path, record_property: Record
) -> None:
    told(record_property, Trial("D", DRILL, of=1))
    before = exports(published, tmp_path)
    made = command(tmp_path, "backup", "away.db").stdout
    anew = tmp_path / "anew"
    anew.mkdir()
    shutil.move(tmp_path / "away.db", anew / "away.db")
    shutil.move(published.data / "secrets.json", anew / "secrets.json")
    shutil.rmtree(published.data)

    began = time.monotonic()
    put_back = ("restore", "away.db", "--keys", "secrets.json")
    command(anew, *put_back)
    code, health, log = answer(anew)
    (anew / "fieldapp.log").write_text(log)
    looked = command(anew, "check", "--against", "fieldapp.log").stdout
    took = time.monotonic() - began

    assert (code, health["database"]) == (200, "writable")
    (copied,) = found_in(made)
    assert found_in(looked) == [copied], "it went on from where the copy was made"
    assert f'"action": "served", "object": "journal {copied}"' in log
    assert (anew / "data" / "forms" / "visitors.md").read_text("utf-8").count(VERSION) == 1

    again = exports(Left(anew / "data", published.forms, published.clock), anew)
    assert again.keys() == before.keys()
    for name, content in again.items():
        assert content == before[name], f"{name} is told otherwise"
    text = f"{len(again)} workbooks the same, byte for byte; running again in {took:.0f} s"
    figures(record_property, "D", text)
    cover = openpyxl.load_workbook(anew / "monthly.xlsx")["Voorblad"]
    facts = {row[1].value: row[2].value for row in cover.iter_rows() if row[1].value}
    assert anchors_in(anew / "monthly.xlsx") == found_in(str(facts["Journaal"]))


def test_mutation_without_the_forms_in_the_copy_the_workbooks_are_told_otherwise(
    published: Left, tmp_path: Path, record_property: Record
) -> None:
    """A copy is more than a database."""
    told(record_property, Trial("D", DRILL, "the published forms in the copy", 1))
    before = exports(published, tmp_path, "records")
    shutil.rmtree(published.data / "forms")
    assert exports(published, tmp_path, "records") != before
