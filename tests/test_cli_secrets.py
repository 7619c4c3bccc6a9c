"""`fieldapp secrets`, as an administrator meets it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from fieldapp.cli import main
from tests.serving import free_port


def run(*words: str) -> str:
    """What a command says, after it ended well."""
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty instance."""
    run("init", "--data", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_new_key_is_made_and_stands_in_the_journal(data: Path) -> None:
    before = json.loads((data / "secrets.json").read_text())
    said = run("secrets", "rotate", "--data", str(data))
    after = json.loads((data / "secrets.json").read_text())
    assert "has a new session key. Restart the server." in said
    assert after["older"] == [before["session"]]
    assert before["session"] not in said
    assert after["session"] not in said
    assert "are sound" in run("check", "--data", str(data))
    assert "secret rotated" in _journal(data)


def _journal(data: Path) -> str:
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
        "print(c.execute('SELECT group_concat(action) FROM journal').fetchone()[0]); c.close()"
    )
    words = [sys.executable, "-c", code, str(data / "fieldapp.db")]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(("proxies", "origin"), [("0", "127.0.0.1"), ("1", "192.0.2.9")])
def test_the_real_server_believes_as_many_proxies_as_it_is_told(
    proxies: str, origin: str, data: Path
) -> None:
    port = free_port()
    words = [sys.executable, "-m", "fieldapp", "serve", "--data", str(data), "--port", str(port)]
    own = {"FIELDAPP_PROXIES": proxies, "FIELDAPP_PUBLIC_URL": f"http://localhost:{port}"}
    server = subprocess.Popen(words, env=os.environ | own, stderr=subprocess.PIPE, text=True)
    try:
        ask = urllib.request.Request(
            f"http://localhost:{port}/healthz", headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.9"}
        )
        for _ in range(200):
            try:
                with urllib.request.urlopen(ask, timeout=30) as answer:  # noqa: S310
                    assert answer.status == 200
                break
            except ConnectionError:
                time.sleep(0.1)
            except OSError as problem:
                if not isinstance(getattr(problem, "reason", None), ConnectionError):
                    raise
                time.sleep(0.1)
    finally:
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=60)
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [line["origin"] for line in lines if line["action"] == "care.told"] == [origin]
