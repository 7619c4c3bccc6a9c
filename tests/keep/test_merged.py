"""What lists, forms and counts make of two cards of one person."""

from __future__ import annotations

import sqlite3

import pytest

from fieldapp.errors import Refused
from fieldapp.keep import merge, people, register
from fieldapp.keep.merge import REFUSED


@pytest.fixture
def here(small, clock):
    """The list of a place."""

    def listed(place):
        with small.read() as connection:
            return people.members(connection, small.seal, place, clock().date().isoformat())

    return listed


def sentence(refused):
    ((_, message),) = refused.value.messages.items()
    return str(message)


# --- lists ------------------------------------------------------------------------------------


def test_a_list_shows_one_person_once_by_the_oldest_name_and_day(
    small, welcome, propose, answer, undo, here
):
    old = welcome("OP-01", "Samira", started="2026-03-02")
    new = welcome("OP-01", "Samira B", started="2026-02-02")
    number = answer(propose(old, new))
    (one,) = here("OP-01")
    assert (one.name, one.code, one.since, one.row) == ("Samira", old.code, "2026-02-02", old.row)
    assert one.others == (new.code,)
    undo(number)
    assert [each.name for each in here("OP-01")] == ["Samira", "Samira B"]


def test_in_two_roles_it_is_one_name_and_code(welcome, propose, answer, here):
    old, new = welcome("WB-01", "Samira"), welcome("WB-01", "Sami", "participant")
    answer(propose(old, new))
    assert [(each.label, each.role) for each in here("WB-01")] == [
        (f"Samira · {old.code}", "participant"),
        (f"Samira · {old.code}", "volunteer"),
    ]


def test_another_place_keeps_the_name_and_code_it_knows(welcome, propose, answer, here):
    old, new = welcome("OP-01", "Samira"), welcome("OP-02", "Sam")
    answer(propose(old, new))
    assert [each.label for each in here("OP-02")] == [f"Sam · {new.code}"]
    assert here("OP-02")[0].person == here("OP-01")[0].person


def test_who_left_and_came_back_with_another_card_is_picked_on_those_days(
    small, welcome, propose, answer, send, here
):
    old = welcome("OP-01", "Samira")
    step = {"person": old.code, "date": "2026-10-01", "step": "left", "left_reason": "moved"}
    send("OP-01", "step", step)
    new = welcome("OP-01", "Sam", started="2026-11-02")
    answer(propose(old, new))
    assert [(each.code, each.since, each.until) for each in here("OP-01")] == [
        (old.code, "2026-01-05", "2026-10-01"),
        (old.code, "2026-11-02", ""),
    ]
    for day, code, good in (
        ("2026-09-01", old.code, True),
        ("2026-09-01", new.code, False),
        ("2026-10-15", old.code, False),
        ("2026-11-16", old.code, True),
        ("2026-11-17", new.code, True),
    ):
        raw = {"date": day, "who": [code], "hours": "2"}
        if good:
            assert send("OP-01", "volunteer_hours", raw).status == "stored"
        else:
            with pytest.raises(Refused):
                send("OP-01", "volunteer_hours", raw)


def test_the_other_card_is_good_where_it_was_picked_before(
    small, welcome, propose, answer, send, change, find, clock
):
    old, new = welcome("OP-01", "Samira"), welcome("OP-01", "Sam")
    raw = {"date": "2026-11-18", "who": [new.code], "hours": "4"}
    receipt = send("OP-01", "volunteer_hours", raw)
    answer(propose(old, new))
    with small.read() as connection:
        listed = register.choices(small, connection, "people", "OP-01", clock())
    assert [(choice.name, choice.instead) for choice in listed] == [
        (old.code, ""),
        (new.code, old.code),
    ]
    assert change("OP-01", "volunteer_hours", receipt.id, raw | {"hours": "3"}).status == "changed"
    assert find("OP-01", "volunteer_hours", receipt.id).values["who"] == [new.code]


# --- entering ---------------------------------------------------------------------------------


def test_a_card_that_was_merged_away_joins_the_one_who_survives(
    welcome, propose, answer, undo, told
):
    old, new = welcome("OP-01"), welcome("OP-02")
    number = answer(propose(old, new))
    welcome("WB-01", card=new.code)
    count = "SELECT count(DISTINCT person) FROM memberships"
    assert told(count) == [(1,)]
    undo(number)
    ((person,),) = told("SELECT person FROM memberships WHERE place = 'WB-01'")
    assert told("SELECT person FROM memberships WHERE place = 'OP-02'") == [(person,)]


def test_already_here_is_seen_across_cards(welcome, propose, answer, undo):
    old, new = welcome("OP-01"), welcome("OP-02")
    number = answer(propose(old, new))
    with pytest.raises(Refused) as refused:
        welcome("OP-01", card=new.code)
    assert sentence(refused) == "Deze persoon staat al op de lijst van uw plek."
    undo(number)
    assert welcome("OP-01", card=new.code)


def test_the_record_of_either_card_can_still_be_changed(
    small, welcome, propose, answer, change, ask
):
    those = welcome("OP-01", "Samira"), welcome("OP-01", "Sam")
    answer(propose(*those))
    for one in those:
        raw = {
            "role": "volunteer",
            "known_elsewhere": "no",
            "call_name": "Sami",
            "started": "2026-02-02",
            "informed": "OK",
        }
        assert change("OP-01", "person_new", one.row, raw).status == "changed"
    assert ask("SELECT DISTINCT person FROM form_person_new ORDER BY _received_at, person") == [
        (code,) for code in sorted(one.code for one in those)
    ]


def test_a_change_does_not_give_one_person_the_same_role_twice(welcome, propose, answer, change):
    old, new = welcome("WB-01", "Samira"), welcome("WB-01", "Sam", "participant")
    answer(propose(old, new))
    raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": "Sam"}
    with pytest.raises(Refused):
        change("WB-01", "person_new", new.row, raw | {"started": "2026-02-02", "informed": "OK"})


# --- what is told -----------------------------------------------------------------------------


@pytest.fixture
def two(welcome, send):
    """Who was entered at two places, once known to be elsewhere and once perhaps."""
    old = welcome("WB-01", "Samira", "participant", known_elsewhere="unknown")
    new = welcome(
        "IE-01",
        "Sam",
        "participant",
        known_elsewhere="yes_no_card",
        pilot="PI-01",
        pilot_from="2026-01-05",
    )
    for place, one in (("WB-01", old), ("IE-01", new)):
        raw = {"daypart": "morning", "task": "green", "who": [one.code], "hours": "3"}
        send(place, "attendance", raw | {"date": "2026-11-18"})
        send(place, "step", {"person": one.code, "date": "2026-11-18", "step": "coaching_offered"})
    return old, new


VIEWS = ("memberships", "seen", "steps")
DOUBTFUL = "SELECT DISTINCT person FROM memberships WHERE possibly_double = 1 ORDER BY person"


def test_every_view_counts_one_person_once(two, propose, answer, undo, told):
    def counted():
        return [told(f"SELECT count(DISTINCT person) FROM {view}") for view in VIEWS]

    before = counted()
    assert before == [[(2,)]] * 3
    number = answer(propose(*two))
    assert counted() == [[(1,)]] * 3
    ((person,),) = told("SELECT person FROM pilot_participations")
    assert told("SELECT DISTINCT person FROM seen") == [(person,)]
    undo(number)
    assert counted() == before


def test_who_is_merged_is_no_longer_possibly_double(two, propose, answer, undo, told):
    assert told(DOUBTFUL) == [(1,), (2,)]
    number = propose(*two)
    assert told(DOUBTFUL) == [(1,), (2,)], "it is not answered yet"
    answer(number)
    assert told(DOUBTFUL) == []
    undo(number)
    assert told(DOUBTFUL) == [(1,), (2,)]


def test_nor_are_two_of_whom_the_office_said_so(two, propose, answer, undo, told):
    number = answer(propose(*two), REFUSED)
    assert told(DOUBTFUL) == []
    undo(number, REFUSED)
    assert told(DOUBTFUL) == [(1,), (2,)]


def test_while_it_is_open_the_younger_is_possibly_double(welcome, propose, answer, undo, told):
    old, new, third = (welcome("OP-01") for _ in range(3))
    assert told(DOUBTFUL) == []
    number = propose(new, old)
    assert told(DOUBTFUL) == [(2,)]
    answer(number)
    assert told(DOUBTFUL) == []
    other = propose(third, new)
    assert told(DOUBTFUL) == [(3,)], "the one they are now against the third"
    answer(other, REFUSED)
    assert told(DOUBTFUL) == []


def test_a_proposal_that_answered_itself_makes_nobody_double(welcome, propose, answer, told):
    a, b, c = (welcome("OP-01") for _ in range(3))
    numbers = [propose(a, b), propose(b, c), propose(a, c)]
    answer(numbers[0])
    answer(numbers[1])
    assert told(DOUBTFUL) == []


def test_an_export_cannot_read_what_was_proposed(two, propose, told):
    propose(*two)
    with pytest.raises(sqlite3.DatabaseError, match=r"prohibited|not authorized"):
        told("SELECT * FROM merge")


def test_the_office_sees_where_but_never_who(small, two, propose, send):
    propose(*two)
    with small.read() as connection:
        shown = merge.stays(connection, merge.proposals(connection))
    assert [(stay.code, stay.place, stay.role, stay.last_seen) for stay in shown] == [
        (two[0].code, "WB-01", "participant", "2026-11-18"),
        (two[1].code, "IE-01", "participant", "2026-11-18"),
    ]
    assert [stay.known_elsewhere for stay in shown] == ["unknown", "yes_no_card"]
    assert "Sam" not in repr(shown)
