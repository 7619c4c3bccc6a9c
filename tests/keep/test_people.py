"""A person is one person: by card code, at every place, in every role, after merging."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from fieldapp.errors import Refused
from fieldapp.keep import people, register
from fieldapp.keep.people import CODE_ALPHABET, free_code


class Chance:
    """A chance that draws what it was told to draw, over and over."""

    def __init__(self, drawn):
        self.drawn, self.at = drawn, -1

    def choice(self, alphabet):
        self.at += 1
        drawn = self.drawn[self.at % len(self.drawn)]
        assert drawn in alphabet
        return drawn


@pytest.fixture
def leave(send):
    """Somebody leaves a place."""

    def left(place, someone, date="2026-11-02", reason="moved"):
        step = {"person": someone.code, "date": date, "step": "left", "left_reason": reason}
        return send(place, "step", step)

    return left


@pytest.fixture
def here(small, clock):
    """The names on the list of a place, as of today or another day."""

    def listed(place, today=None):
        with small.read() as connection:
            day = today or clock().date().isoformat()
            return [m.name for m in people.members(connection, small.seal, place, day)]

    return listed


def messages(refused):
    return {name: str(message) for name, message in refused.value.messages.items()}


# --- card codes -------------------------------------------------------------------------------


def test_a_new_person_gets_a_card_code_of_the_alphabet(small, welcome):
    codes = {welcome("OP-01").code for _ in range(30)}
    assert len(codes) == 30
    for code in codes:
        assert len(code) == 4
        assert set(code) <= set(CODE_ALPHABET)
    assert not set(CODE_ALPHABET) & set("AEIOUY01BDILOSUZ"), "no words, no look-alikes"


def test_codes_grow_longer_when_the_short_ones_run_out(small, clock):
    with small.write("test", clock()) as write:
        add = "INSERT INTO people (code, at) VALUES (?, '')"
        assert free_code(write.connection, Chance("2")) == "2222"
        write.connection.execute(add, ("2222",))
        assert free_code(write.connection, Chance("2")) == "22222"
        write.connection.execute(add, ("22222",))
        assert free_code(write.connection, Chance("2")) == "222222"


def test_a_code_that_is_taken_is_drawn_again(small, clock):
    with small.write("test", clock()) as write:
        write.connection.execute("INSERT INTO people (code, at) VALUES ('2222', '')")
        assert free_code(write.connection, Chance("22223333")) == "3333"


def test_no_two_people_have_one_code_whatever_chance_says(small, clock, ask):
    luckless = dataclasses.replace(small, chance=Chance("7"))
    form = small.forms["person_new"]
    for number in range(3):
        with luckless.write("test", clock()) as write:
            values = {"call_name": f"N{number}", "role": "volunteer"}
            people.enter(luckless, write, form, f"row {number}", "OP-01", values)
    assert ask("SELECT code FROM people ORDER BY id") == [("7777",), ("77777",), ("777777",)]


def test_what_a_phone_says_about_the_code_of_a_new_person_is_not_listened_to(small, welcome):
    one = welcome("OP-01", person="2222")
    assert one.code != "2222"


# --- cards ------------------------------------------------------------------------------------


def test_a_card_of_another_place_is_the_same_person(small, welcome, ask):
    one = welcome("OP-01", "Samira")
    again = welcome("OP-02", "Samira", card=one.code.lower())
    assert again.code == one.code
    assert ask("SELECT count(*) FROM people") == [(1,)]
    assert ask("SELECT card_code FROM form_person_new WHERE _id = ?", again.row) == [(one.code,)]


def test_an_unknown_card_is_refused(small, welcome, ask):
    with pytest.raises(Refused) as refused:
        welcome("OP-01", "Samira", card="2222")
    assert list(messages(refused)) == ["card_code"]
    assert messages(refused)["card_code"].startswith("Wij kennen deze kaart niet.")
    assert ask("SELECT count(*) FROM form_person_new") == [(0,)]
    assert ask("SELECT count(*) FROM people") == [(0,)]


def test_who_is_on_the_list_is_not_entered_again_in_the_same_role(small, welcome):
    one = welcome("WB-01", "Samira")
    with pytest.raises(Refused) as refused:
        welcome("WB-01", "Samira", card=one.code)
    assert messages(refused) == {"card_code": "Deze persoon staat al op de lijst van uw plek."}


def test_a_volunteer_may_become_a_participant_too(small, welcome, told):
    one = welcome("WB-01", "Samira")
    welcome("WB-01", "Samira", "participant", card=one.code)
    assert told("SELECT count(*), count(DISTINCT person) FROM memberships") == [(2, 1)]


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Samira", "samira", "SAMIRA", "  Samira "])
def test_the_same_call_name_at_the_same_place_is_refused(small, welcome, name):
    welcome("OP-01", "Samira")
    with pytest.raises(Refused) as refused:
        welcome("OP-01", name)
    assert messages(refused) == {"call_name": "Er is al een Samira. Zet er een letter bij."}


def test_the_same_call_name_at_another_place_is_fine(small, welcome, here):
    welcome("OP-01", "Samira")
    welcome("OP-02", "Samira")
    assert here("OP-01") == here("OP-02") == ["Samira"]


def test_a_call_name_is_free_again_after_leaving(small, welcome, leave):
    leave("OP-01", welcome("OP-01", "Samira"))
    assert welcome("OP-01", "Samira").code


def test_mutation_without_the_look_for_doubles_two_are_called_the_same(
    small, welcome, here, monkeypatch
):
    monkeypatch.setattr(people, "_look_for_doubles", lambda *given: None)
    welcome("OP-01", "Samira")
    welcome("OP-01", "Samira")
    assert here("OP-01") == ["Samira", "Samira"]


def test_a_change_is_not_in_the_way_of_its_own_name(small, welcome, change, here):
    one = welcome("OP-01", "Samira")
    raw = {
        "role": "volunteer",
        "known_elsewhere": "no",
        "call_name": "Samira",
        "started": "2026-02-02",
        "informed": "OK",
    }
    assert change("OP-01", "person_new", one.row, raw).status == "changed"
    assert here("OP-01") == ["Samira"]


# --- lists ------------------------------------------------------------------------------------


def test_a_list_shows_name_and_code_of_the_own_place_only_by_name(small, welcome, clock):
    wim, samira = welcome("OP-01", "wim"), welcome("OP-01", "Samira")
    welcome("OP-02", "Anna")
    with small.read() as connection:
        listed = register.choices(small, connection, "people", "OP-01", clock())
        assert [choice.label["nl"] for choice in listed] == [
            f"Samira · {samira.code}",
            f"wim · {wim.code}",
        ]
        assert listed[0].extra == {
            "role": "volunteer", "since": "2026-01-05", "until": "", "seen": "", "_row": samira.row
        }  # fmt: skip
        assert register.choices(small, connection, "people", None, clock()) == []


def test_who_left_stays_on_the_list_for_two_months(small, welcome, leave, here):
    leave("OP-01", welcome("OP-01", "Samira"), "2026-09-01")
    left = dt.date(2026, 9, 1)
    assert here("OP-01", (left + dt.timedelta(days=62)).isoformat()) == ["Samira"]
    assert here("OP-01", (left + dt.timedelta(days=63)).isoformat()) == []


def test_who_was_withdrawn_is_not_on_the_list(small, welcome, withdraw, here):
    one = welcome("OP-01", "Samira")
    withdraw("OP-01", "person_new", one.row)
    assert here("OP-01") == []


@pytest.mark.parametrize(
    ("date", "there"),
    [("2026-01-04", False), ("2026-01-05", True), ("2026-11-02", True), ("2026-11-03", False)],
)
def test_somebody_is_picked_on_days_between_the_first_and_the_last(
    small, welcome, leave, send, date, there
):
    one = welcome("OP-01", "Samira")
    leave("OP-01", one, "2026-11-02")
    hours = {"date": date, "who": [one.code], "hours": "3"}
    if there:
        assert send("OP-01", "volunteer_hours", hours).status == "stored"
    else:
        with pytest.raises(Refused) as refused:
            send("OP-01", "volunteer_hours", hours)
        assert list(messages(refused)) == ["who"]


# --- memberships and what exports see ---------------------------------------------------------


def test_a_membership_lasts_until_the_step_left(small, welcome, leave, told):
    stays, goes = welcome("OP-01"), welcome("OP-01")
    leave("OP-01", goes)
    found = told("SELECT place, role, since, until FROM memberships ORDER BY until")
    assert found == [
        ("OP-01", "volunteer", "2026-01-05", None),
        ("OP-01", "volunteer", "2026-01-05", "2026-11-02"),
    ]
    assert stays.code != goes.code


def test_leaving_one_place_is_staying_at_the_other(small, welcome, leave, told):
    one = welcome("OP-01")
    welcome("OP-02", card=one.code)
    leave("OP-01", one)
    found = told("SELECT place, until FROM memberships ORDER BY place")
    assert found == [("OP-01", "2026-11-02"), ("OP-02", None)]


def test_a_leaving_that_is_withdrawn_did_not_happen(small, welcome, leave, withdraw, told):
    receipt = leave("OP-01", welcome("OP-01"))
    withdraw("OP-01", "step", receipt.id)
    assert told("SELECT until FROM memberships") == [(None,)]
    assert told("SELECT * FROM steps") == []


def test_who_comes_back_has_a_second_membership(small, welcome, leave, told):
    one = welcome("OP-01", "Samira")
    leave("OP-01", one, "2026-03-01")
    again = welcome("OP-01", "Samira", card=one.code, started="2026-06-01")
    assert again.code == one.code
    found = told("SELECT since, until FROM memberships ORDER BY since")
    assert found == [("2026-01-05", "2026-03-01"), ("2026-06-01", None)]
    leave("OP-01", one, "2026-07-01")
    found = told("SELECT since, until FROM memberships ORDER BY since")
    assert found == [("2026-01-05", "2026-03-01"), ("2026-06-01", "2026-07-01")]


@pytest.mark.parametrize(("known", "possibly"), [("no", 0), ("yes_no_card", 1), ("unknown", 1)])
def test_who_may_be_known_elsewhere_is_possibly_double(small, welcome, told, known, possibly):
    welcome("OP-01", known_elsewhere=known)
    assert told("SELECT possibly_double FROM memberships") == [(possibly,)]


def test_who_shows_a_card_is_not_possibly_double(small, welcome, told):
    welcome("OP-02", card=welcome("OP-01").code)
    assert told("SELECT possibly_double FROM memberships") == [(0,), (0,)]


@pytest.fixture
def lived(small, welcome, send):
    """Two persons; the first is at two places, helps, takes part, and takes a step."""
    one, other = welcome("WB-01", "Samira"), welcome("WB-01", "Wim", "participant")
    welcome("IE-01", "Samira", "participant", card=one.code, pilot="PI-01", pilot_from="2026-01-05")
    hours = {"who": [one.code], "hours": "3,5"}
    send("WB-01", "volunteer_hours", {"date": "2026-11-18"} | hours)
    there = {"date": "2026-11-19", "daypart": "morning", "task": "green"}
    send("IE-01", "attendance", there | hours)
    send("WB-01", "attendance", there | {"who": [other.code], "hours": "2"})
    step = {"person": one.code, "date": "2026-11-19", "step": "coaching_offered"}
    send("IE-01", "step", step)
    return one, other


def test_who_was_seen_is_told_with_role_task_and_hours(lived, told):
    found = told("SELECT place, date, daypart, role, form_id, task, hours FROM seen ORDER BY 1, 2")
    assert found == [
        ("IE-01", "2026-11-19", "morning", "participant", "attendance", "green", 3.5),
        ("WB-01", "2026-11-18", None, "volunteer", "volunteer_hours", None, 3.5),
        ("WB-01", "2026-11-19", "morning", "participant", "attendance", "green", 2.0),
    ]


def test_who_stayed_shorter_counts_with_those_hours(small, welcome, send, told):
    long, short = welcome("OP-01"), welcome("OP-01")
    raw = {"date": "2026-11-18", "who": [long.code], "hours": "4"}
    send("OP-01", "volunteer_hours", raw | {"who_2": [short.code], "hours_2": "1"})
    assert sorted(told("SELECT hours FROM seen")) == [(1.0,), (4.0,)]
    assert told("SELECT count(DISTINCT person) FROM seen") == [(2,)]


def test_a_record_that_is_withdrawn_saw_nobody(small, welcome, send, withdraw, told):
    one = welcome("OP-01")
    raw = {"date": "2026-11-18", "who": [one.code], "hours": "4"}
    receipt = send("OP-01", "volunteer_hours", raw)
    withdraw("OP-01", "volunteer_hours", receipt.id)
    assert told("SELECT * FROM seen") == []


def test_a_person_at_two_places_counts_once(lived, told):
    assert told("SELECT count(*), count(DISTINCT person) FROM memberships") == [(3, 2)]
    assert told("SELECT count(*), count(DISTINCT person) FROM seen") == [(3, 2)]


def test_people_who_are_merged_count_once(lived, told, outside):
    one, other = lived
    outside.execute(
        "UPDATE people SET merged_into = (SELECT id FROM people WHERE code = ?) WHERE code = ?",
        (one.code, other.code),
    )
    for view in ("memberships", "seen"):
        assert told(f"SELECT count(*), count(DISTINCT person) FROM {view}") == [(3, 1)]
    outside.execute("UPDATE people SET merged_into = NULL")
    assert told("SELECT count(DISTINCT person) FROM seen") == [(2,)], "and it can be undone"


def test_who_left_under_a_merged_code_has_left(lived, told, outside, leave, send):
    one, other = lived
    outside.execute(
        "UPDATE people SET merged_into = (SELECT id FROM people WHERE code = ?) WHERE code = ?",
        (one.code, other.code),
    )
    leave("WB-01", other, "2026-11-19")
    found = told("SELECT place, until FROM memberships ORDER BY place, role")
    assert found == [("IE-01", None), ("WB-01", "2026-11-19"), ("WB-01", "2026-11-19")]


def test_steps_name_no_card_but_the_same_person(lived, told):
    ((person, place, step),) = told("SELECT person, place, step FROM steps")
    assert (place, step) == ("IE-01", "coaching_offered")
    assert (person,) in told("SELECT person FROM memberships WHERE place = 'IE-01'")


def test_a_pilot_is_taken_part_in_from_the_start_until_a_step(lived, told, send):
    one, _ = lived
    sql = "SELECT pilot, place, since, until FROM pilot_participations ORDER BY pilot"
    assert told(sql) == [("PI-01", "IE-01", "2026-01-05", None)]
    step = {"person": one.code, "date": "2026-11-19", "step": "pilot"}
    send("WB-01", "step", step | {"pilot": "PI-02", "pilot_from": "2026-11-01"})
    send("IE-01", "step", step | {"pilot": "PI-01", "pilot_until": "2026-10-31"})
    assert told(sql) == [
        ("PI-01", "IE-01", "2026-01-05", "2026-10-31"),
        ("PI-02", "WB-01", "2026-11-01", None),
    ]


def test_who_leaves_the_place_leaves_its_pilot(lived, told, leave):
    one, _ = lived
    leave("IE-01", one, "2026-11-19", "pilot_ended")
    assert told("SELECT until FROM pilot_participations") == [("2026-11-19",)]
