"""Each of the five invariants turns red when it is broken, and only then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.keep import secret
from fieldapp.keep.store import Store
from fieldapp.settings import Settings
from tests.conftest import Send
from tests.fault.invariants import CANARY, Found, green, look

ROW = "11111111-1111-4111-8111-111111111111"
VISITORS = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}


@pytest.fixture
def data(small: Store, settings: Settings, send: Send) -> Path:
    """The folder of the small world with one record more."""
    send("OP-01", "visitors", VISITORS, ROW)
    return settings.data


def harmed(store: Store, data: Path, *statements: str) -> Found:
    """What is found after some statements that no door of ours would let through."""
    with store.database.write() as connection:
        for statement in statements:
            connection.execute(statement)
    return look(store, data, [ROW])


def test_a_sound_instance_has_nothing(small: Store, data: Path) -> None:
    found = look(small, data, [ROW], logs=["een regel"], canaries=[CANARY])
    assert found.nothing
    assert (found.rows, found.states) == (11, {"current": 11})


def test_what_is_gone_is_lost_and_leaves_halves(small: Store, data: Path) -> None:
    found = harmed(small, data, f"DELETE FROM form_visitors WHERE _id = '{ROW}'")
    assert found.lost == [ROW]
    assert len(found.half) == 2
    assert found.faults[0] == f"lost: {ROW}"


def test_one_id_in_two_forms_is_double(small: Store, data: Path) -> None:
    found = harmed(small, data, f"UPDATE form_schedule SET _id = '{ROW}' WHERE _place = 'OP-02'")
    assert found.double == [ROW]


@pytest.mark.parametrize(
    "half",
    [
        f"DELETE FROM receipt WHERE id = '{ROW}'",
        "INSERT INTO receipt (id, form, sha256, at) VALUES ('a', 'visitors', 'b', 'c')",
        f"UPDATE form_visitors SET _id = 'other' WHERE _id = '{ROW}'",
        "INSERT INTO arrival (id, sha256, form, row, status, at) "
        "VALUES ('a', 'b', 'visitors', 'a', 'stored', 'c')",
        "INSERT INTO arrival (id, sha256, form, row, status, at) "
        f"VALUES ('a', 'b', 'visitors', '{ROW}', 'stored', 'c')",
    ],
)
def test_a_half_transaction_is_found(small: Store, data: Path, half: str) -> None:
    assert harmed(small, data, half).half


def test_a_journal_that_was_changed_is_wrong(small: Store, data: Path) -> None:
    found = harmed(
        small,
        data,
        *_without_triggers(small),
        "UPDATE journal SET actor = 'nobody' WHERE id = 3",
    )
    assert found.wrong == ["journal line 3 was changed"]


def _without_triggers(store: Store) -> list[str]:
    with store.read() as connection:
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
        )
        return [f"DROP TRIGGER [{row[0]}]" for row in found]


def test_a_canary_or_a_secret_in_a_log_is_told(small: Store, data: Path) -> None:
    key = json.loads(secret.path_of(data).read_text())["journal"]
    logs = [f"POST /form {CANARY.upper()}", f"key={key}"]
    found = look(small, data, logs=logs, canaries=[CANARY, "Zeynep"])
    assert found.told == [CANARY, "one of the instance's own secrets"]


def test_the_command_says_the_same(small: Store, data: Path) -> None:
    assert green(data) == []
    with small.database.write() as connection:
        for statement in _without_triggers(small):
            connection.execute(statement)
        connection.execute("UPDATE journal SET actor = 'nobody' WHERE id = 3")
    assert green(data) == ["journal line 3 was changed"]
