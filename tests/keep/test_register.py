"""A register shows the latest state of what records say, to pick from at the right place."""

from __future__ import annotations

import pytest

from fieldapp.errors import Refused
from fieldapp.keep import register
from fieldapp.keep import row as rows

PLACE = {
    "code": "OP-09",
    "name": "Ontmoetingsplek 9",
    "kind": "meeting_place",
    "wijk": "moerwijk",
    "active_from": "2026-01-01",
}


@pytest.fixture
def listed(small):
    """The codes and labels of a register."""

    def found(name):
        with small.read() as connection:
            return {row["name"]: row["label"] for row in register.rows(connection, name)}

    return found


@pytest.fixture
def choose(small, clock):
    """The codes that a place may pick from a register."""

    def found(name, place):
        with small.read() as connection:
            picked = register.choices(small, connection, name, place, clock())
            return [choice.name for choice in picked]

    return found


@pytest.fixture
def correct(small, find, clock):
    """The office changes answers of a record."""

    def changed(form_id, row, **answers):
        found = find(None, form_id, row)
        with small.write("office", clock()) as write:
            form = small.forms[form_id]
            answer = rows.Answer(form_id, form.version, dict(found.values) | answers)
            rows.change(small, write, form, answer, row, found.edits, rows.Origin(None, account=1))

    return changed


def test_a_place_is_entered_with_what_it_saves(small, send, ask):
    receipt = send(None, "place", PLACE)
    found = ask(
        "SELECT name, label, kind, wijk, address, active_from, active_until, _row, _at "
        "FROM list_places WHERE name = 'OP-09'"
    )
    assert found == [
        (
            "OP-09", "Ontmoetingsplek 9", "meeting_place", "moerwijk", None, "2026-01-01", None,
            receipt.id, "2026-11-20T09:12:00Z",
        )
    ]  # fmt: skip


def test_a_change_updates_the_row(small, send, correct, ask):
    receipt = send(None, "place", PLACE)
    correct("place", receipt.id, name="De Haven", active_until="2026-12-31")
    found = ask("SELECT label, active_until FROM list_places WHERE name = 'OP-09'")
    assert found == [("De Haven", "2026-12-31")]


def test_a_record_with_another_code_takes_its_row_along(small, send, correct, listed):
    receipt = send(None, "place", PLACE)
    correct("place", receipt.id, code="OP-10")
    assert "OP-09" not in listed("places")
    assert listed("places")["OP-10"] == "Ontmoetingsplek 9"


def test_a_withdrawn_record_leaves_the_register(small, send, withdraw, listed):
    place = send(None, "place", PLACE)
    pilot = {"code": "PI-09", "name": "Pilot 9", "wijk": "moerwijk", "run_by": "WB-01"}
    pilot = send(None, "pilot", pilot | {"active_from": "2026-01-01"})
    assert "OP-09" in listed("places")
    assert "PI-09" in listed("pilots")
    withdraw(None, "place", place.id)
    withdraw(None, "pilot", pilot.id)
    assert "OP-09" not in listed("places")
    assert "PI-09" not in listed("pilots")


def test_a_double_changes_nothing_in_the_register(small, send, withdraw, listed):
    send(None, "place", PLACE)
    second = send(None, "place", PLACE | {"name": "Een ander"})
    assert second.state == "double"
    assert listed("places")["OP-09"] == "Ontmoetingsplek 9"
    withdraw(None, "place", second.id)
    assert listed("places")["OP-09"] == "Ontmoetingsplek 9"


def test_the_office_picks_every_place_and_a_place_itself(small, choose):
    assert choose("places", None) == ["IE-01", "OP-01", "OP-02", "WB-01"]
    assert choose("places", "OP-01") == ["OP-01"]


def test_a_place_picks_the_pilots_it_runs(small, choose):
    assert choose("pilots", None) == ["PI-01", "PI-02"]
    assert choose("pilots", "WB-01") == ["PI-02"]
    assert choose("pilots", "IE-01") == ["PI-01"]
    assert choose("pilots", "OP-01") == []


def test_mutation_without_the_owner_a_place_picks_every_pilot(small, choose, monkeypatch):
    monkeypatch.setattr(register, "OF_PLACE", {})
    assert choose("pilots", "OP-01") == ["PI-01", "PI-02"]


def test_a_choice_carries_what_the_register_saves(small, clock):
    with small.read() as connection:
        found = register.choices(small, connection, "places", "OP-01", clock())
    assert found[0].label == {"nl": "Ontmoetingsplek 1", "en": "Ontmoetingsplek 1"}
    assert found[0].extra["kind"] == "meeting_place"
    assert not any(key.startswith("_") for key in found[0].extra)


def test_a_pilot_of_another_place_cannot_be_picked(small, welcome):
    with pytest.raises(Refused) as refused:
        welcome("WB-01", "Wim", "participant", pilot="PI-01", pilot_from="2026-01-05")
    assert list(refused.value.messages) == ["pilot"]


def test_a_person_of_another_place_cannot_be_picked(small, welcome, send):
    there = welcome("OP-02")
    hours = {"date": "2026-11-19", "who": [there.code], "hours": "3"}
    with pytest.raises(Refused) as refused:
        send("OP-01", "volunteer_hours", hours)
    assert list(refused.value.messages) == ["who"]
    step = {"person": there.code, "date": "2026-11-19", "step": "coaching_offered"}
    with pytest.raises(Refused) as refused:
        send("OP-01", "step", step)
    assert list(refused.value.messages) == ["person"]
