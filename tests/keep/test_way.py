"""What two records under one key come to, in each way of deciding."""

from __future__ import annotations

import pytest

from fieldapp.errors import BadRequest, Refused

MORNING = {"date": "2026-11-19", "daypart": "morning"}
DAY = {"date": "2026-11-19"}


def bare(row):
    """A record without its number of edits."""
    return row.state, row.values


def test_which_ways_there_are_depends_on_what_a_form_asks(small, two, welcome, offered):
    code = welcome("OP-01").code
    opened = {"open": "yes", "open_from": "09:00", "open_until": "17:00"}
    shut = {"open": "no", "closed_reason": "building"}
    listed = {"who": code, "hours": "3"}
    for form_id, one, other, wanted in (
        ("visitors", None, None, ["replace", "add", "ignore"]),
        ("opening", opened, shut, ["replace", "ignore"]),
        ("volunteer_hours", listed, listed, ["replace", "merge", "ignore"]),
    ):
        key = MORNING if form_id == "visitors" else DAY
        _, row = two(one, other, form_id, key=key)
        assert list(offered("OP-01", form_id, row)) == wanted


def test_a_way_that_a_form_does_not_have_is_refused(small, two, decide):
    _, row = two()
    for how in ("merge", "withdraw", ""):
        with pytest.raises(BadRequest):
            decide("OP-01", "visitors", row, how)


# --- adding up --------------------------------------------------------------------------------


def test_adding_up_unites_what_was_going_on(small, two, decide, find):
    one = {"visitors": "24", "activities": ["meal", "drop_in"], "ref_care": "1"}
    other = {"visitors": "18", "activities": ["youth", "meal"], "ref_care": "2", "ref_money": "3"}
    first, second = two(one, other)
    decide("OP-01", "visitors", second, "add")
    values = find("OP-01", "visitors", first).values
    assert values["activities"] == ["meal", "drop_in", "youth"]
    assert (values["ref_care"], values["ref_money"], values["ref_police"]) == (3, 3, None)


@pytest.mark.parametrize("order", [1, -1])
def test_not_counted_falls_away_when_the_other_counted(order, small, two, decide, find):
    first, second = two(*({"not_counted": "OK"}, {"visitors": "18"})[::order])
    decide("OP-01", "visitors", second, "add")
    values = find("OP-01", "visitors", first).values
    assert (values["visitors"], values["not_counted"]) == (18, None)


def test_not_counted_twice_stays_not_counted(small, two, decide, find):
    first, second = two({"not_counted": "OK"}, {"not_counted": "OK"})
    decide("OP-01", "visitors", second, "add")
    values = find("OP-01", "visitors", first).values
    assert (values["visitors"], values["not_counted"]) == (None, "OK")


def test_a_sum_that_the_form_refuses_is_no_way(small, two, offered, decide, counted, ask):
    _, row = two({"visitors": "9000"}, {"visitors": "1000"})
    lines = ask("SELECT count(*) FROM journal")
    way = offered("OP-01", "visitors", row)["add"]
    assert str(way.refused["visitors"]) == "Vul een getal in van 0 tot en met 9999."
    with pytest.raises(Refused):
        decide("OP-01", "visitors", row, "add")
    assert counted() == [9000]
    assert ask("SELECT count(*) FROM journal") == lines
    assert ask("SELECT count(*) FROM decision") == [(0,)]


# --- merging lists of people ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        # the same hours: one list
        (("01", "3"), ("12", "3"), ("012", 3.0, "", None)),
        # who is in both keeps the hours of the record that counts
        (("01", "3"), ("12", "2,5"), ("01", 3.0, "2", 2.5)),
        # the second list of the one has those hours already
        (("0", "3", "1", "2"), ("23", "2"), ("0", 3.0, "123", 2.0)),
        # both lists of the other find a place
        (("0", "3"), ("1", "2", "2", "3"), ("02", 3.0, "1", 2.0)),
        # nobody new
        (("012", "3"), ("21", "8"), ("012", 3.0, "", None)),
    ],
)
def test_lists_of_people_become_one(one, other, wanted, small, two, crew, decide, take_back, find):
    def raw(given):
        names = ("who", "hours", "who_2", "hours_2")
        return {
            name: [crew[int(n)] for n in text] if name.startswith("who") else text
            for name, text in zip(names, given, strict=False)
        }

    first, second = two(raw(one), raw(other), "volunteer_hours", key=DAY)
    before = bare(find("OP-01", "volunteer_hours", first))
    made = decide("OP-01", "volunteer_hours", second, "merge")
    values = find("OP-01", "volunteer_hours", first).values
    assert (values["who"], values["hours"]) == ([crew[int(n)] for n in wanted[0]], wanted[1])
    assert (values["who_2"] or [], values["hours_2"]) == (
        [crew[int(n)] for n in wanted[2]], wanted[3]
    )  # fmt: skip
    take_back("OP-01", made)
    assert bare(find("OP-01", "volunteer_hours", first)) == before


def test_too_many_different_hours_are_refused_with_what_to_do(small, two, crew, offered, decide):
    one = {"who": crew[0], "hours": "3", "who_2": crew[1], "hours_2": "2"}
    _, row = two(one, {"who": crew[2], "hours": "8"}, "volunteer_hours", key=DAY)
    way = offered("OP-01", "volunteer_hours", row)["merge"]
    assert "Maak eerst bij één van de twee de uren gelijk." in str(way.refused["hours"])
    with pytest.raises(Refused):
        decide("OP-01", "volunteer_hours", row, "merge")


def test_nobody_falls_away_when_the_other_names_somebody(small, two, crew, decide, find, hours):
    first, second = two({"nobody": "OK"}, {"who": crew[0], "hours": "3"}, "volunteer_hours",
                        key=DAY)  # fmt: skip
    decide("OP-01", "volunteer_hours", second, "merge")
    assert find("OP-01", "volunteer_hours", first).values["nobody"] is None
    assert list(hours().values()) == [3.0]


def test_two_cards_of_one_person_stand_there_once(small, two, crew, decide, hours, outside):
    _, second = two(
        {"who": crew[:1], "hours": "3"}, {"who": crew[1:3], "hours": "3"}, "volunteer_hours",
        key=DAY,
    )  # fmt: skip
    outside.execute(
        "UPDATE people SET merged_into = (SELECT id FROM people WHERE code = ?) WHERE code = ?",
        (crew[0], crew[1]),
    )
    decide("OP-01", "volunteer_hours", second, "merge")
    assert sorted(hours().values()) == [3.0, 3.0]


def test_merging_two_crews_adds_their_hours(small, two, welcome, decide, take_back, hours):
    codes = [welcome("WB-01", role="participant").code for _ in range(3)]
    _, second = two(
        {"who": codes[:2], "hours": "4"}, {"who": codes[2:], "hours": "2"}, "attendance", "WB-01",
        MORNING | {"task": "green"},
    )  # fmt: skip
    made = decide("WB-01", "attendance", second, "merge")
    assert sorted(hours().values()) == [2.0, 4.0, 4.0]
    take_back("WB-01", made)
    assert sorted(hours().values()) == [4.0, 4.0]
