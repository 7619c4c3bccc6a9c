"""Records are kept once, changed by one at a time, withdrawn, and stay with their place."""

from __future__ import annotations

import json
import sqlite3

import pytest

from fieldapp.errors import Conflict, Damaged, NotFound, Refused
from fieldapp.keep import columns, secret
from fieldapp.keep import row as rows
from fieldapp.keep.row import Receipt

ID = "0b0e7a34-54c6-4cd6-9f3c-6f6a1a1a1a1a"
MORNING = {"date": "2026-11-19", "daypart": "morning", "visitors": "12"}
MORE = MORNING | {"visitors": "13"}


@pytest.fixture
def counted(told):
    """The counts of visitors that exports see."""

    def seen():
        return sorted(row[0] for row in told("SELECT visitors FROM visitors"))

    return seen


# --- once -------------------------------------------------------------------------------------


def test_an_answer_becomes_a_row_a_receipt_and_a_journal_line(small, send, find, ask):
    assert send("OP-01", "visitors", MORNING, ID) == Receipt(ID, "stored", "current")
    kept = find("OP-01", "visitors", ID)
    assert (kept.place, kept.edits, kept.state) == ("OP-01", 0, "current")
    assert kept.version == small.forms["visitors"].version
    assert kept.received_at == kept.submitted_at == "2026-11-20T09:12:00Z"
    assert kept.values["visitors"] == 12
    assert kept.values["activities"] is None
    line = ask("SELECT action, object, before, after FROM journal WHERE row = ?", ID)
    assert [row[:3] for row in line] == [("add", "visitors", None)]
    assert json.loads(line[0][3]) == {
        "place": "OP-01",
        "date": "2026-11-19",
        "daypart": "morning",
        "visitors": 12,
        "_place": "OP-01",
        "_state": "current",
    }


def test_several_choices_are_kept_as_json(small, send, find, ask):
    send("OP-01", "visitors", MORNING | {"activities": ["meal", "drop_in"]}, ID)
    assert ask("SELECT activities FROM form_visitors") == [('["meal", "drop_in"]',)]
    assert find("OP-01", "visitors", ID).values["activities"] == ["meal", "drop_in"]


def test_the_same_answer_again_is_known_and_stored_once(small, send, ask):
    send("OP-01", "visitors", MORNING, ID)
    lines = ask("SELECT count(*) FROM journal")
    for _ in range(3):
        assert send("OP-01", "visitors", MORNING, ID) == Receipt(ID, "known", "current")
    assert ask("SELECT visitors FROM form_visitors") == [(12,)]
    assert ask("SELECT count(*) FROM journal") == lines
    assert ask("SELECT count(*) FROM conflict") == [(0,)]


def test_a_withdrawn_record_that_is_sent_again_stays_withdrawn(small, send, withdraw):
    send("OP-01", "visitors", MORNING, ID)
    withdraw("OP-01", "visitors", ID)
    assert send("OP-01", "visitors", MORNING, ID) == Receipt(ID, "known", "withdrawn")


def test_mutation_without_receipts_the_primary_key_still_holds(small, send, ask):
    send("OP-01", "visitors", MORNING, ID)
    with small.database.write() as connection:
        connection.execute("DELETE FROM receipt")
    with pytest.raises(sqlite3.IntegrityError):
        send("OP-01", "visitors", MORNING, ID)
    assert ask("SELECT count(*) FROM form_visitors") == [(1,)]


def test_another_answer_under_the_same_id_is_set_aside_under_the_seal(small, send, find, ask):
    send("OP-01", "visitors", MORNING, ID)
    assert send("OP-01", "visitors", MORE, ID).status == "conflict"
    assert find("OP-01", "visitors", ID).values["visitors"] == 12
    ((row, form, place, actor, answers),) = ask(
        "SELECT row, form, place, actor, answers FROM conflict"
    )
    assert (row, form, place, actor) == (ID, "visitors", "OP-01", "test")
    assert "visitors" not in answers
    newcomer = json.loads(small.seal.open(answers, "conflict", ID, "answers"))
    assert newcomer["visitors"] == 13
    assert ask("SELECT action FROM journal ORDER BY id DESC LIMIT 1") == [("conflict",)]


def test_the_same_id_from_another_place_gets_nothing_and_changes_nothing(small, send, find, ask):
    send("OP-01", "visitors", MORNING, ID)
    assert send("OP-02", "visitors", MORNING, ID).status == "conflict"
    assert ask("SELECT _place FROM form_visitors") == [("OP-01",)]
    assert ask("SELECT place FROM conflict") == [("OP-02",)]
    with pytest.raises(NotFound):
        find("OP-02", "visitors", ID)


def test_the_same_id_under_another_form_is_set_aside(small, send, ask):
    send("OP-01", "visitors", MORNING, ID)
    opening = {"date": "2026-11-19", "open": "yes", "open_from": "09:00", "open_until": "17:00"}
    assert send("OP-01", "opening", opening, ID).status == "conflict"
    assert ask("SELECT count(*) FROM form_opening") == [(0,)]


# --- one per key ------------------------------------------------------------------------------


def test_a_second_record_under_the_key_is_kept_as_double_and_counts_for_nothing(
    small, send, counted, ask
):
    assert send("OP-01", "visitors", MORNING).state == "current"
    second = send("OP-01", "visitors", MORE)
    assert (second.status, second.state) == ("stored", "double")
    assert counted() == [12]
    assert ask("SELECT visitors FROM form_visitors WHERE _state = 'double'") == [(13,)]


@pytest.mark.parametrize(
    ("place", "other"),
    [
        ("OP-02", {}),
        ("OP-01", {"daypart": "afternoon"}),
        ("OP-01", {"date": "2026-11-18"}),
    ],
)
def test_another_place_daypart_or_day_is_another_key(small, send, place, other):
    send("OP-01", "visitors", MORNING)
    assert send(place, "visitors", MORNING | other).state == "current"


def test_mutation_without_the_key_a_morning_counts_twice(small, send, counted, monkeypatch):
    monkeypatch.setattr(columns, "taken", lambda *given: False)
    send("OP-01", "visitors", MORNING)
    send("OP-01", "visitors", MORE)
    assert counted() == [12, 13]


def test_after_withdrawing_the_key_is_free_again(small, send, withdraw, counted):
    send("OP-01", "visitors", MORNING, ID)
    withdraw("OP-01", "visitors", ID)
    assert send("OP-01", "visitors", MORE).state == "current"
    assert counted() == [13]


# --- changing ---------------------------------------------------------------------------------


def test_a_change_replaces_the_answers_and_journals_before_and_after(
    small, send, change, find, ask
):
    send("OP-01", "visitors", MORNING | {"activities": ["meal"]}, ID)
    assert change("OP-01", "visitors", ID, MORE) == Receipt(ID, "changed", "current")
    kept = find("OP-01", "visitors", ID)
    assert (kept.edits, kept.values["visitors"], kept.values["activities"]) == (1, 13, None)
    ((before, after),) = ask("SELECT before, after FROM journal WHERE action = 'change'")
    assert json.loads(before)["visitors"] == 12
    assert json.loads(before)["activities"] == ["meal"]
    assert json.loads(after)["visitors"] == 13


def test_who_has_not_seen_the_last_change_is_told_so(small, send, change, find):
    send("OP-01", "visitors", MORNING, ID)
    change("OP-01", "visitors", ID, MORE, edits=0)
    with pytest.raises(Conflict, match="Iemand anders heeft dit intussen veranderd"):
        change("OP-01", "visitors", ID, MORNING | {"visitors": "14"}, edits=0)
    with pytest.raises(Conflict):
        change("OP-01", "visitors", ID, MORNING | {"visitors": "14"}, edits=2)
    assert find("OP-01", "visitors", ID).values["visitors"] == 13


def test_mutation_without_the_number_of_edits_a_change_is_lost(small, send, change, find):
    send("OP-01", "visitors", MORNING, ID)
    change("OP-01", "visitors", ID, MORE, edits=0)
    with small.database.write() as connection:
        connection.execute("UPDATE form_visitors SET _edits = 0")
    change("OP-01", "visitors", ID, MORNING | {"visitors": "14"}, edits=0)
    assert find("OP-01", "visitors", ID).values["visitors"] == 14


def test_a_change_to_a_key_that_is_taken_is_refused(small, send, change, find, counted):
    send("OP-01", "visitors", MORNING)
    send("OP-01", "visitors", MORNING | {"daypart": "afternoon"}, ID)
    with pytest.raises(Refused) as refused:
        change("OP-01", "visitors", ID, MORE)
    assert str(refused.value.messages["date"]) == ("Hierover is al iets ingevuld. Verander dat.")
    assert find("OP-01", "visitors", ID).edits == 0
    assert counted() == [12, 12]


def test_a_change_under_the_own_key_is_not_in_its_own_way(small, send, change):
    send("OP-01", "visitors", MORNING, ID)
    assert change("OP-01", "visitors", ID, MORE).status == "changed"


def test_a_double_may_be_changed_and_stays_a_double(small, send, change, counted):
    send("OP-01", "visitors", MORNING)
    send("OP-01", "visitors", MORE, ID)
    changed = change("OP-01", "visitors", ID, MORNING | {"visitors": "14"})
    assert changed.state == "double"
    assert counted() == [12]


def test_a_change_of_a_person_journals_no_name_or_code(small, welcome, change, ask):
    one = welcome("OP-01", "Samira")
    raw = {
        "role": "volunteer",
        "known_elsewhere": "unknown",
        "call_name": "Samira B",
        "started": "2026-01-05",
        "informed": "OK",
    }
    change("OP-01", "person_new", one.row, raw)
    ((before, after),) = ask("SELECT before, after FROM journal WHERE action = 'change'")
    assert json.loads(after)["known_elsewhere"] == "unknown"
    for text in ("Samira", one.code, "call_name", "person"):
        assert text not in before + after


def test_a_change_by_the_office_leaves_the_record_at_its_place(small, send, find, clock):
    send("OP-01", "visitors", MORNING, ID)
    form = small.forms["visitors"]
    values = dict(find(None, "visitors", ID).values) | {"visitors": 20, "place": None}
    with small.write("account:1", clock()) as write:
        answer = rows.Answer("visitors", "1", values)
        rows.change(small, write, form, answer, ID, 0, rows.Origin(None, account=1))
    assert find("OP-01", "visitors", ID).values["visitors"] == 20


# --- withdrawing ------------------------------------------------------------------------------


def test_a_withdrawn_record_counts_for_nothing_and_is_still_there(
    small, send, withdraw, counted, find, ask
):
    send("OP-01", "visitors", MORNING, ID)
    assert withdraw("OP-01", "visitors", ID) == Receipt(ID, "changed", "withdrawn")
    assert counted() == []
    kept = find("OP-01", "visitors", ID)
    assert (kept.state, kept.values["visitors"]) == ("withdrawn", 12)
    ((before, after),) = ask("SELECT before, after FROM journal WHERE action = 'withdraw'")
    assert json.loads(before) == {"_place": "OP-01", "_state": "current"}
    assert after is None


def test_a_withdrawn_record_cannot_be_changed_or_withdrawn_again(small, send, change, withdraw):
    send("OP-01", "visitors", MORNING, ID)
    withdraw("OP-01", "visitors", ID)
    with pytest.raises(Conflict, match="weggehaald"):
        change("OP-01", "visitors", ID, MORE, edits=1)
    with pytest.raises(Conflict):
        withdraw("OP-01", "visitors", ID, edits=1)


def test_who_has_not_seen_the_last_change_cannot_withdraw(small, send, change, withdraw):
    send("OP-01", "visitors", MORNING, ID)
    change("OP-01", "visitors", ID, MORE)
    with pytest.raises(Conflict):
        withdraw("OP-01", "visitors", ID, edits=0)
    assert withdraw("OP-01", "visitors", ID, edits=1).state == "withdrawn"


# --- at its own place -------------------------------------------------------------------------


def test_a_record_of_another_place_is_not_there(small, send, find, change, withdraw):
    send("OP-01", "visitors", MORNING, ID)
    with pytest.raises(NotFound):
        find("OP-02", "visitors", ID)
    with pytest.raises(NotFound):
        change("OP-02", "visitors", ID, MORE)
    with pytest.raises(NotFound):
        withdraw("OP-02", "visitors", ID)
    kept = find("OP-01", "visitors", ID)
    assert (kept.values["visitors"], kept.state, kept.edits) == (12, "current", 0)


def test_mutation_without_a_place_every_record_is_there(small, send, find):
    """That is the door of the office; a phone's origin always has a place."""
    send("OP-01", "visitors", MORNING, ID)
    assert find(None, "visitors", ID).place == "OP-01"


def test_an_unknown_record_is_not_there(small, find):
    with pytest.raises(NotFound, match="Dit is er niet"):
        find("OP-01", "visitors", ID)


def test_a_listing_holds_the_own_place_and_the_days_asked_for(small, send, clock):
    for place in ("OP-01", "OP-02"):
        for day in ("2026-11-17", "2026-11-18", "2026-11-19"):
            send(place, "visitors", MORNING | {"date": day})
    form = small.forms["visitors"]
    with small.read() as connection:

        def listed(place):
            found = rows.listing(small, connection, form, place, "date", "2026-11-18", "2026-11-30")
            return [(row.place, row.values["date"]) for row in found]

        assert listed("OP-01") == [("OP-01", "2026-11-18"), ("OP-01", "2026-11-19")]
        assert len(listed(None)) == 4


@pytest.mark.parametrize("name", ["place", "_place", "_state", "_edits", "_id", "person", "role"])
def test_what_a_phone_may_not_say_is_not_listened_to(small, send, find, name):
    send("OP-01", "visitors", MORNING | {name: "OP-02"}, ID)
    kept = find("OP-01", "visitors", ID)
    assert (kept.id, kept.place, kept.state, kept.edits) == (ID, "OP-01", "current", 0)
    assert kept.values["place"] == "OP-01"


# --- sealed -----------------------------------------------------------------------------------


@pytest.fixture
def two(welcome):
    """Two persons at one place."""
    return welcome("OP-01", "Samira"), welcome("OP-01", "Wim")


def swap(outside, two):
    first, second = (
        outside.execute("SELECT call_name FROM form_person_new WHERE _id = ?", (one.row,))
        .fetchone()[0]
        for one in two
    )  # fmt: skip
    for one, sealed in zip(two, (second, first), strict=True):
        outside.execute("UPDATE form_person_new SET call_name = ? WHERE _id = ?", (sealed, one.row))


def test_a_call_name_is_sealed_in_its_cell(small, two, find, ask):
    assert find("OP-01", "person_new", two[0].row).values["call_name"] == "Samira"
    for (sealed,) in ask("SELECT call_name FROM form_person_new"):
        assert sealed.startswith("1:")
        assert "Samira" not in sealed


def test_the_same_name_is_sealed_differently_each_time(small, welcome, ask):
    welcome("OP-01", "Samira")
    welcome("OP-02", "Samira")
    ((first,), (second,)) = ask("SELECT call_name FROM form_person_new")
    assert first != second


def test_sealed_cells_that_changed_places_do_not_open(small, two, find, outside):
    swap(outside, two)
    with pytest.raises(Damaged, match="was changed outside fieldapp"):
        find("OP-01", "person_new", two[0].row)


def test_mutation_without_the_binding_names_change_places_unseen(
    small, welcome, find, outside, monkeypatch
):
    monkeypatch.setattr(secret, "_binding", lambda table, row, column: b"")
    two = welcome("OP-01", "Samira"), welcome("OP-01", "Wim")
    swap(outside, two)
    assert find("OP-01", "person_new", two[0].row).values["call_name"] == "Wim"


@pytest.mark.parametrize("sealed", ["1:", "1:AAAA", "Samira", "1:!!!!", "2:" + "A" * 64])
def test_a_cell_that_was_written_over_does_not_open(small, two, find, outside, sealed):
    outside.execute("UPDATE form_person_new SET call_name = ?", (sealed,))
    with pytest.raises(Damaged, match=r"form_person_new\.call_name"):
        find("OP-01", "person_new", two[0].row)
