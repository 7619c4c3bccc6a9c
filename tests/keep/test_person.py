"""Everything that is kept about a person is found by a card code, and nothing of anybody else."""

from __future__ import annotations

import pytest

from fieldapp.ask.answer import check
from fieldapp.keep import closing, correction, people, person
from fieldapp.keep import request as requests
from fieldapp.keep import row as rows
from fieldapp.keep.people import is_personal
from fieldapp.keep.row import Origin
from fieldapp.keep.still import confirm

DAY = {"date": "2026-11-18"}


@pytest.fixture
def found(small):
    """What is kept about the person with a code."""

    def asked(code):
        with small.read() as connection:
            return person.about(small, connection, code)

    return asked


@pytest.fixture
def samira(welcome, send):
    """Somebody of whom something is kept in every form that lists people; and Bo beside her."""
    one, bo = welcome("WB-01", "Samira", "participant"), welcome("WB-01", "Bo")
    day = DAY | {"daypart": "morning", "task": "green"}
    send("WB-01", "attendance", day | {"who": [one.code], "hours": "2.5"})
    welcome("WB-01", role="volunteer", card=one.code, name="Samira V")
    split = {"who": [bo.code], "hours": "3", "who_2": [one.code], "hours_2": "4"}
    send("WB-01", "volunteer_hours", DAY | split)
    send("WB-01", "step", DAY | {"person": one.code, "step": "coaching_offered"})
    send("WB-01", "step", DAY | {"person": bo.code, "step": "coaching_offered"})
    send("WB-01", "volunteer_month", {"month": "2026-10", "allowance": [one.code, bo.code]})
    return one


def test_everything_is_found(samira, found):
    told = found(samira.code)
    assert [(m.place, m.role) for m in told.memberships] == [
        ("WB-01", "participant"), ("WB-01", "volunteer"),
    ]  # fmt: skip
    assert {(s.role, s.hours, s.task) for s in told.seen} == {
        ("participant", 2.5, "green"), ("volunteer", 4, ""),
    }  # fmt: skip
    assert sorted(row.form.form_id for row in told.records) == [
        "person_new", "person_new", "step", "volunteer_month",
    ]  # fmt: skip
    assert list(told.codes) == [samira.code] and not told.merges and not told.beside


def test_every_form_that_lists_people_is_looked_through(small, samira, found):
    listing = {f.form_id for f in small.forms.values() if any(map(is_personal, f.columns.values()))}
    told = found(samira.code)
    assert listing == {row.form.form_id for row in [*told.records, *(s.row for s in told.seen)]}


def test_nobody_has_an_unknown_card(samira, found):
    assert found("ZZZZ") is None


def test_what_was_withdrawn_is_still_kept_and_so_told(samira, found, withdraw):
    row = next(s.row for s in found(samira.code).seen if s.role == "volunteer")
    withdraw("WB-01", "volunteer_hours", row.id)
    after = next(s.row for s in found(samira.code).seen if s.role == "volunteer")
    assert (after.id, after.state) == (row.id, "withdrawn")


def test_who_was_merged_is_found_by_either_card(welcome, samira, found, propose, answer, send):
    other = welcome("OP-01", "Sam")
    send("OP-01", "volunteer_hours", DAY | {"who": [other.code], "hours": "1"})
    number = propose(samira, other)
    assert [m.number for m in found(other.code).merges] == [number]
    assert len(found(other.code).seen) == 1
    answer(number)
    assert found(other.code) == found(samira.code)
    assert list(found(other.code).codes) == [samira.code, other.code]
    assert {m.place for m in found(other.code).memberships} == {"OP-01", "WB-01"}
    assert len(found(other.code).seen) == 3


def test_an_answer_that_was_set_aside_is_told(samira, found, send):
    row = send("WB-01", "step", {"date": "2026-11-17", "step": "coaching_started",
                                 "person": samira.code}).id  # fmt: skip
    other = {"date": "2026-11-16", "step": "coaching_started", "person": samira.code}
    assert send("WB-01", "step", other, row).status == "conflict"
    told = found(samira.code).beside
    assert [(b.form_id, b.place, b.kind) for b in told] == [("step", "WB-01", "conflict")]


def test_a_change_asked_for_in_a_closed_month_is_told(samira, found, small, clock, send, around):
    day = {"date": "2026-10-15", "daypart": "morning", "task": "green"}
    row = send("WB-01", "attendance", day | {"who": [samira.code], "hours": "2"}).id
    with small.write("account:1", clock()) as write:
        head = small.journal.head(write.connection)
        closing.close(small, write, "2026-10", head, {"monthly-2026-10.xlsx": b"x"})
    form = small.forms["attendance"]
    with small.write("phone:1", clock()) as write:
        before = rows.find(small, write.connection, form, row, None)
        raw = {name: [text] for name, text in day.items()} | {"who": [samira.code], "hours": ["3"]}
        given = check(form, raw, around(write.connection, "WB-01")(form, before.values))
        requests.change(small, write, form, given, row, 0, Origin("WB-01", phone=1))
    told = found(samira.code)
    assert [(b.form_id, b.kind) for b in told.beside] == [("attendance", "request")]
    assert told.seen[0].hours == 2


def test_who_said_that_they_still_come_and_why_the_office_mended_is_told(
    small, samira, found, clock
):
    form = small.forms["person_new"]
    with small.write("phone:1", clock()) as write:
        confirm(write, "WB-01", [people.person_of(write.connection, samira.code)])
        office = Origin(None, account=1)
        correction.withdraw(small, write, form, samira.row, 0, office, "De plek belde.")
    told = found(samira.code)
    assert [place for place, _ in told.confirmed] == ["WB-01"]
    assert [(row.id, why) for row, _, why in told.reasons] == [(samira.row, "De plek belde.")]


def test_what_stood_there_before_somebody_chose_is_told(samira, two, decide, found):
    key = {"date": "2026-11-17", "daypart": "evening", "task": "green"}
    there = {"who": [samira.code], "hours": "2"}
    _, other = two(there, there | {"hours": "3"}, "attendance", "WB-01", key)
    decide("WB-01", "attendance", other, "replace")
    assert [each.kind for each in found(samira.code).beside] == ["decision"]
