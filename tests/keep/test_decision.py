"""Two records under one key: each way of deciding, what it counts, and the way back."""

from __future__ import annotations

import json

import pytest

from fieldapp.errors import Conflict, NotFound
from fieldapp.keep import decision, double
from fieldapp.keep.double import Seen

MORNING = {"date": "2026-11-19", "daypart": "morning"}
DAY = {"date": "2026-11-19"}


def bare(row):
    """A record without its number of edits."""
    return row.state, row.values


# --- each way, and back -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "total", "states"),
    [
        ("replace", 18, ("withdrawn", "current")),
        ("add", 42, ("current", "withdrawn")),
        ("ignore", 24, ("current", "withdrawn")),
    ],
)
def test_a_way_counts_what_it_says_and_can_be_undone(
    how, total, states, small, two, find, decide, take_back, counted
):
    ids = two()
    before = [bare(find("OP-01", "visitors", row)) for row in ids]
    made = decide("OP-01", "visitors", ids[1], how)
    assert counted() == [total]
    assert tuple(find("OP-01", "visitors", row).state for row in ids) == states
    take_back("OP-01", made)
    assert counted() == [24]
    assert [bare(find("OP-01", "visitors", row)) for row in ids] == before
    assert find("OP-01", "visitors", ids[1]).edits == 2


def test_every_record_that_changes_has_its_line_in_the_journal(small, two, decide, take_back, ask):
    ids = two()
    take_back("OP-01", decide("OP-01", "visitors", ids[1], "add"))
    lines = ask("SELECT action, object, row, before, after FROM journal ORDER BY id DESC LIMIT 4")
    told = [(*line[:3], *(json.loads(text) for text in line[3:])) for line in reversed(lines)]
    assert [line[:3] for line in told] == [
        ("decide add", "visitors", ids[0]), ("decide add", "visitors", ids[1]),
        ("undo", "visitors", ids[0]), ("undo", "visitors", ids[1]),
    ]  # fmt: skip
    assert [(line[3]["visitors"], line[4]["visitors"]) for line in told] == [
        (24, 42), (18, 18), (42, 24), (18, 18)
    ]  # fmt: skip
    assert [(line[3]["_state"], line[4]["_state"]) for line in told] == [
        ("current", "current"), ("double", "withdrawn"),
        ("current", "current"), ("withdrawn", "double"),
    ]  # fmt: skip


# --- what follows a record --------------------------------------------------------------------


def test_the_regular_hours_follow_the_schedule_that_counts(small, two, decide, take_back, told):
    def regular():
        return told("SELECT spec FROM regular WHERE place = 'OP-01' AND valid_from = '2026-11-01'")

    key = {"valid_from": "2026-11-01"}
    _, row = two({"mo_from": "09:00", "mo_until": "12:00"}, {"tu_from": "13:00", "tu_until":
                 "17:00"}, "schedule", key=key)  # fmt: skip
    assert regular() == [("Mo 09:00-12:00; PH off",)]
    made = decide("OP-01", "schedule", row, "replace")
    assert regular() == [("Tu 13:00-17:00; PH off",)]
    take_back("OP-01", made)
    assert regular() == [("Mo 09:00-12:00; PH off",)]


def test_a_register_follows_the_record_that_counts(small, two, decide, take_back, ask):
    place = {"kind": "meeting_place", "wijk": "moerwijk", "active_from": "2026-01-01"}
    first, second = two(
        place | {"name": "De Haven"}, place | {"name": "De Kade"}, "place", None,
        {"code": "OP-09"},
    )  # fmt: skip
    register = "SELECT label, _row FROM list_places WHERE name = 'OP-09'"
    made = decide(None, "place", second, "replace")
    assert ask(register) == [("De Kade", second)]
    take_back(None, made)
    assert ask(register) == [("De Haven", first)]


# --- three under one key ----------------------------------------------------------------------


def test_three_are_decided_one_after_the_other_and_undone_backwards(
    small, two, send, decide, take_back, counted, store
):
    _, second = two()
    third = send("OP-01", "visitors", MORNING | {"visitors": "5"}).id
    one = decide("OP-01", "visitors", second, "add")
    two_ = decide("OP-01", "visitors", third, "add")
    assert counted() == [47]
    with pytest.raises(Conflict, match="daarna iets veranderd"):
        take_back("OP-01", one)
    take_back("OP-01", two_)
    assert counted() == [42]
    take_back("OP-01", one)
    assert counted() == [24]
    with store.read() as connection:
        waits = double.undecided(store, connection, store.forms.values(), "OP-01")
    assert [each.other.id for each in waits] == [second, third]


def test_what_replaces_is_beside_the_next_one(small, two, send, decide, counted, seen):
    _, second = two()
    third = send("OP-01", "visitors", MORNING | {"visitors": "5"}).id
    decide("OP-01", "visitors", second, "replace")
    assert seen("OP-01", "visitors", third).kept.id == second
    decide("OP-01", "visitors", third, "add")
    assert counted() == [23]


def test_without_a_record_that_counts_it_can_be_used_or_not(
    small, two, withdraw, offered, decide, take_back, counted, find
):
    first, second = two()
    withdraw("OP-01", "visitors", first)
    assert list(offered("OP-01", "visitors", second)) == ["replace", "ignore"]
    made = decide("OP-01", "visitors", second, "replace")
    assert (made.kept, counted()) == (None, [18])
    take_back("OP-01", made)
    assert (counted(), find("OP-01", "visitors", second).state) == ([], "double")
    decide("OP-01", "visitors", second, "ignore")
    assert (counted(), find("OP-01", "visitors", second).state) == ([], "withdrawn")


def test_when_what_counts_moves_away_the_double_still_waits(small, two, change, seen, counted):
    first, second = two()
    change("OP-01", "visitors", first, MORNING | {"daypart": "afternoon", "visitors": "24"})
    found = seen("OP-01", "visitors", second)
    assert (found.other.state, found.kept) == ("double", None)
    assert counted() == [24]


def test_a_double_with_a_key_that_is_free_counts(small, two, change, counted, ask):
    _, second = two()
    evening = MORNING | {"daypart": "evening", "visitors": "18"}
    assert change("OP-01", "visitors", second, evening).state == "current"
    assert counted() == [18, 24]
    ((after,),) = ask("SELECT after FROM journal ORDER BY id DESC LIMIT 1")
    assert json.loads(after)["_state"] == "current"


def test_a_double_with_another_key_that_is_taken_waits_there(
    small, two, send, change, seen, counted
):
    _, second = two()
    other = send("OP-01", "visitors", MORNING | {"daypart": "evening", "visitors": "3"}).id
    moved = MORNING | {"daypart": "evening", "visitors": "18"}
    assert change("OP-01", "visitors", second, moved).state == "double"
    assert seen("OP-01", "visitors", second).kept.id == other
    assert counted() == [3, 24]


def test_a_double_under_the_same_key_waits_on_when_nothing_counts(small, two, withdraw, change):
    first, second = two()
    withdraw("OP-01", "visitors", first)
    kept = MORNING | {"visitors": "19"}
    assert change("OP-01", "visitors", second, kept).state == "double"


# --- at the same time -------------------------------------------------------------------------


def test_the_same_choice_twice_is_made_once(small, two, seen, decide, counted, ask):
    _, row = two()
    shown = seen("OP-01", "visitors", row).seen
    first = decide("OP-01", "visitors", row, "add", shown)
    lines = ask("SELECT count(*) FROM journal")
    assert decide("OP-01", "visitors", row, "add", shown).id == first.id
    assert counted() == [42]
    assert ask("SELECT count(*) FROM journal") == lines
    with pytest.raises(Conflict):
        decide("OP-01", "visitors", row, "replace", shown)


def test_the_same_choice_after_undoing_is_told(small, two, seen, decide, take_back, counted):
    _, row = two()
    shown = seen("OP-01", "visitors", row).seen
    take_back("OP-01", decide("OP-01", "visitors", row, "add", shown))
    with pytest.raises(Conflict):
        decide("OP-01", "visitors", row, "add", shown)
    assert counted() == [24]


@pytest.mark.parametrize("nth", [0, 1])
def test_a_choice_about_what_no_longer_stands_there_is_told(
    nth, small, two, seen, change, decide, counted
):
    ids = two()
    shown = seen("OP-01", "visitors", ids[1]).seen
    change("OP-01", "visitors", ids[nth], MORNING | {"visitors": "30"})
    with pytest.raises(Conflict, match="intussen veranderd"):
        decide("OP-01", "visitors", ids[1], "add", shown)
    assert 54 not in counted()


def test_a_choice_beside_another_record_is_told(small, two, seen, withdraw, send, decide):
    first, second = two()
    shown = seen("OP-01", "visitors", second).seen
    withdraw("OP-01", "visitors", first)
    send("OP-01", "visitors", MORNING | {"visitors": "7"})
    with pytest.raises(Conflict):
        decide("OP-01", "visitors", second, "add", shown)


def test_mutation_without_what_was_seen_a_late_choice_wins(
    small, two, seen, change, decide, counted, monkeypatch
):
    first, second = two()
    shown = seen("OP-01", "visitors", second).seen
    change("OP-01", "visitors", first, MORNING | {"visitors": "30"})
    monkeypatch.setattr(Seen, "__eq__", lambda *both: True)
    decide("OP-01", "visitors", second, "add", shown)
    assert counted() == [48]


# --- the way back -----------------------------------------------------------------------------


def test_what_is_undone_twice_is_undone_once(small, two, decide, take_back, find, ask):
    _, row = two()
    made = decide("OP-01", "visitors", row, "ignore")
    take_back("OP-01", made)
    lines = ask("SELECT count(*) FROM journal")
    take_back("OP-01", made)
    assert find("OP-01", "visitors", row).edits == 2
    assert ask("SELECT count(*) FROM journal") == lines


def test_after_a_change_it_cannot_be_undone(small, two, decide, change, take_back, counted, store):
    first, second = two()
    made = decide("OP-01", "visitors", second, "add")
    change("OP-01", "visitors", first, MORNING | {"visitors": "40"}, edits=1)
    with pytest.raises(Conflict, match="Dit kan niet meer ongedaan worden gemaakt"):
        take_back("OP-01", made)
    assert counted() == [40]
    with store.read() as connection:
        assert not decision.can_undo(store, connection, made)
        assert decision.decided(store, connection, "OP-01") == []


def test_after_withdrawing_it_cannot_be_undone(small, two, decide, withdraw, take_back, counted):
    _, second = two()
    made = decide("OP-01", "visitors", second, "replace")
    withdraw("OP-01", "visitors", second, edits=1)
    with pytest.raises(Conflict):
        take_back("OP-01", made)
    assert counted() == []


def test_mutation_without_the_look_back_a_change_is_lost(
    small, two, decide, change, take_back, counted, find, monkeypatch
):
    first, second = two()
    made = decide("OP-01", "visitors", second, "add")
    change("OP-01", "visitors", first, MORNING | {"visitors": "40"}, edits=1)
    stand = [find("OP-01", "visitors", row) for row in (first, second)]
    monkeypatch.setattr(decision, "_as_left", lambda *given: stand)
    take_back("OP-01", made)
    assert counted() == [24]


def test_what_can_be_undone_is_listed_last_one_first(small, two, decide, take_back, store):
    _, one = two()
    _, other = two(key=MORNING | {"daypart": "evening"})
    made = [decide("OP-01", "visitors", row, "ignore") for row in (one, other)]
    with store.read() as connection:
        found = decision.decided(store, connection, "OP-01")
        assert [each.id for each in found] == [each.id for each in reversed(made)]
        assert decision.decided(store, connection, "OP-02") == []
    take_back("OP-01", made[0])
    with store.read() as connection:
        assert [each.id for each in decision.decided(store, connection, None)] == [made[1].id]


# --- of whom it is ----------------------------------------------------------------------------


def test_another_place_cannot_decide_or_undo(small, two, decide, take_back, counted):
    _, row = two()
    with pytest.raises(NotFound):
        decide("OP-02", "visitors", row, "add")
    made = decide("OP-01", "visitors", row, "add")
    with pytest.raises(NotFound):
        take_back("OP-02", made)
    assert counted() == [42]


def test_the_office_decides_for_a_place(small, two, crew, decide, take_back, hours):
    _, row = two({"who": crew[0], "hours": "3"}, {"who": crew[1], "hours": "3"},
                 "volunteer_hours", key=DAY)  # fmt: skip
    made = decide(None, "volunteer_hours", row, "merge")
    assert (made.place, sorted(hours().values())) == ("OP-01", [3.0, 3.0])
    take_back("OP-01", made)
    assert list(hours().values()) == [3.0]


def test_what_waits_is_told_per_place(small, two, store):
    two()
    two(place="OP-02")
    two(place="OP-02", key=MORNING | {"daypart": "evening"})
    with store.read() as connection:
        forms = store.forms.values()
        assert double.waiting(connection, forms, None) == {"OP-01": 1, "OP-02": 2}
        assert double.waiting(connection, forms, "OP-02") == {"OP-02": 2}
        assert len(double.undecided(store, connection, forms, None)) == 3
        assert [d.other.place for d in double.undecided(store, connection, forms, "OP-01")] == [
            "OP-01"
        ]


def test_what_waits_is_found_without_reading_what_does_not(small, ask):
    plan = ask(
        "EXPLAIN QUERY PLAN SELECT _id FROM form_visitors "
        "WHERE _state = 'double' AND (?1 IS NULL OR _place = ?1)", None,
    )  # fmt: skip
    assert "waits_visitors" in plan[0][3]


def test_no_code_of_a_person_stands_open(small, two, crew, decide, take_back, ask):
    _, row = two({"who": crew[:2], "hours": "3"}, {"who": crew[2:], "hours": "3"},
                 "volunteer_hours", key=DAY)  # fmt: skip
    take_back("OP-01", decide("OP-01", "volunteer_hours", row, "merge"))
    decide("OP-01", "volunteer_hours", row, "replace")
    everything = str(ask("SELECT * FROM decision")) + str(ask("SELECT * FROM journal"))
    for code in crew:
        assert code not in everything
    assert '"who":6' in everything
