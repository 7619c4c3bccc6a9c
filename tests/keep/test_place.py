"""A place keeps its history: another name or wijk holds from a day, and older days stay."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from typing import Any

import pytest

from fieldapp.errors import Refused
from fieldapp.keep import place, register
from fieldapp.keep.views import exporting
from fieldapp.report import completeness

MOVE = {"place": "OP-01", "valid_from": "2026-11-10", "name": "De Haven", "wijk": "moerwijk"}


def on(store: Any, day: dt.date | None = None, code: str = "OP-01") -> tuple[str, str]:
    """Name and wijk of a place on a day."""
    with store.read() as connection:
        (found,) = completeness.places(connection, code, day)
    return found.name, found.wijk


def test_a_place_is_called_and_lies_as_on_the_day(small, send):
    send(None, "place_change", MOVE)
    assert on(small, dt.date(2026, 11, 9)) == ("Ontmoetingsplek 1", "bouwlust")
    assert on(small, dt.date(2026, 11, 10)) == on(small) == ("De Haven", "moerwijk")
    assert on(small, code="OP-02") == ("Ontmoetingsplek 2", "moerwijk")


def test_a_change_to_come_comes_on_its_day(small, send, clock):
    send(None, "place_change", MOVE | {"valid_from": "2026-11-21"})
    assert on(small) == ("Ontmoetingsplek 1", "bouwlust")
    clock.forward(days=1)
    assert on(small) == ("De Haven", "moerwijk")


def test_what_is_left_empty_stays_as_it_was_before(small, send):
    send(None, "place_change", MOVE)
    send(None, "place_change", {"place": "OP-01", "valid_from": "2026-11-15", "name": "De Kade"})
    assert on(small, dt.date(2026, 11, 14)) == ("De Haven", "moerwijk")
    assert on(small) == ("De Kade", "moerwijk")


def test_a_change_that_is_withdrawn_never_was(small, send, withdraw):
    row = send(None, "place_change", MOVE).id
    withdraw(None, "place_change", row)
    assert on(small) == ("Ontmoetingsplek 1", "bouwlust")


def test_a_second_change_of_the_same_day_waits(small, send):
    send(None, "place_change", MOVE)
    assert send(None, "place_change", MOVE | {"wijk": "vrederust"}).state == "double"
    assert on(small) == ("De Haven", "moerwijk")


def test_a_change_changes_something(small, send):
    with pytest.raises(Refused) as refused:
        send(None, "place_change", {"place": "OP-01", "valid_from": "2026-11-10"})
    assert list(refused.value.messages) == ["name"]
    moved = {"place": "OP-01", "valid_from": "2026-11-10", "address": "Kade 1"}
    assert send(None, "place_change", moved).status == "stored"


def test_the_register_has_the_place_of_today_with_its_own_record(small, send):
    send(None, "place_change", MOVE | {"buurt_code": "BU05183600", "address": "Kade 1"})
    with small.read() as connection:
        row = next(row for row in register.rows(connection, "places") if row["name"] == "OP-01")
        picked = register.choices(small, connection, "places", None, dt.datetime.now(dt.UTC))
        first = next(row for row in place.entered(connection) if row["name"] == "OP-01")
    told = (row["label"], row["wijk"], row["buurt_code"], row["address"], row["kind"])
    assert told == ("De Haven", "moerwijk", "BU05183600", "Kade 1", "meeting_place")
    assert row["_row"] == first["_row"] and first["label"] == "Ontmoetingsplek 1"
    assert [each.label["nl"] for each in picked if each.name == "OP-01"] == ["De Haven"]


@pytest.mark.parametrize(
    ("day", "wijk"),
    [(dt.date(2026, 10, 31), "bouwlust"), (dt.date(2026, 11, 30), "moerwijk"), (None, "moerwijk")],
)
def test_exports_see_places_as_of_their_last_day(small, send, day, wijk):
    send(None, "place_change", MOVE)
    with exporting(small, day=day) as connection:
        found = connection.execute("SELECT wijk FROM places WHERE name = 'OP-01'").fetchone()
    assert found["wijk"] == wijk


def test_without_the_form_places_are_as_they_were_entered(small, send):
    send(None, "place_change", MOVE)
    assert "place_change" not in place.as_of(["name", "label", "wijk"], changing=False)


def test_mutation_without_the_day_an_old_report_moves_along(small, send, monkeypatch):
    send(None, "place_change", MOVE)
    monkeypatch.setattr(place, "_LATEST", place._LATEST.replace("c.valid_from <= {day} AND ", ""))
    with exporting(small, day=dt.date(2026, 10, 31)) as connection:
        found = connection.execute("SELECT wijk FROM places WHERE name = 'OP-01'").fetchone()
    assert found["wijk"] == "moerwijk"


# --- without a form that says so ----------------------------------------------------------------


class Ill(sqlite3.Connection):
    """A connection on which nothing can be asked of who changed."""

    def execute(self, sql: str, *more: Any) -> Any:
        if sql.startswith("SELECT 1 FROM [form_place_change]"):
            problem = sqlite3.OperationalError("disk I/O error")
            problem.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise problem
        return super().execute(sql, *more)


def bare(factory: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """A register with one place."""
    connection = sqlite3.connect(":memory:", factory=factory)
    connection.create_function("today", 0, lambda: "2026-11-20")
    connection.execute("CREATE TABLE list_places (name, label, wijk, buurt_code, address)")
    connection.execute("INSERT INTO list_places VALUES ('OP-01', 'De Haven', 'bouwlust', '', '')")
    return connection


def test_a_place_that_no_form_can_change_is_as_it_was_entered() -> None:
    with contextlib.closing(bare()) as connection:
        before = connection.execute(place.on(connection)).fetchall()
        assert before == [("OP-01", "De Haven", "bouwlust", "", "")]
        connection.execute(
            "CREATE TABLE form_place_change "
            "(_place, _state, valid_from, name, wijk, buurt_code, address)"
        )
        assert connection.execute(place.on(connection)).fetchall() == before
        connection.execute(
            "INSERT INTO form_place_change (_place, _state, valid_from, name) "
            "VALUES ('OP-01', 'current', '2026-11-10', 'De Kade')"
        )
        assert connection.execute(place.on(connection)).fetchone()[1] == "De Kade"


def test_who_cannot_look_what_changed_says_so() -> None:
    ill = contextlib.closing(bare(Ill))
    with ill as connection, pytest.raises(sqlite3.OperationalError, match="I/O"):
        place.on(connection)
