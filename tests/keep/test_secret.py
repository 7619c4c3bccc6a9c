"""The session key is turned without shutting anybody out, and never left half written."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import Damaged
from fieldapp.keep import secret


def test_a_new_key_keeps_the_one_before_it_and_no_more(tmp_path: Path) -> None:
    first = secret.make(tmp_path)
    second = secret.rotate(tmp_path)
    assert second.older == (first.session,)
    assert second.signing == [first.session, second.session]  # the newest last
    third = secret.rotate(tmp_path)
    assert third.signing == [second.session, third.session]
    assert len({first.session, second.session, third.session}) == 3
    assert re.fullmatch("[0-9a-f]{64}", third.session)
    assert secret.load(tmp_path) == third


def test_the_other_keys_stay_what_they_are(tmp_path: Path) -> None:
    made, turned = secret.make(tmp_path), secret.rotate(tmp_path)
    assert (turned.journal, turned.seal) == (made.journal, made.seal)


def test_the_file_stays_its_owner_s_alone(tmp_path: Path) -> None:
    secret.make(tmp_path)
    secret.rotate(tmp_path)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_crash_leaves_the_old_file_or_the_new_one(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = secret.make(tmp_path)

    def crash(*given: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as once:
        once.setattr(*((os, step, crash) if step == "fsync" else (Path, step, crash)))
        with pytest.raises(OSError, match="no space left"):
            secret.rotate(tmp_path)
    assert secret.load(tmp_path) == made
    assert secret.rotate(tmp_path).older == (made.session,)


def test_secrets_of_before_there_were_older_keys_are_read(tmp_path: Path) -> None:
    made = secret.make(tmp_path)
    assert "older" not in json.loads(secret.path_of(tmp_path).read_text())
    assert (made.older, made.signing) == ((), [made.session])


def test_an_older_key_that_is_short_is_refused(tmp_path: Path) -> None:
    secret.make(tmp_path)
    path = secret.path_of(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"older": ["ab"]}))
    with pytest.raises(Damaged, match="holds a key of less than 32 bytes"):
        secret.load(tmp_path)
    with pytest.raises(Damaged, match="holds a key of less than 32 bytes"):
        secret.rotate(tmp_path)
