"""What a place asks for in a closed month: one of each, sealed, taken over, refused and undone."""

from __future__ import annotations

import json

import pytest

from fieldapp.ask.answer import check
from fieldapp.errors import Conflict, NotFound
from fieldapp.keep import closing, reply
from fieldapp.keep import request as requests
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin

MORNING = {"date": "2026-10-15", "daypart": "morning"}
PHONE, OFFICE = Origin("OP-01", phone=1), Origin(None, account=1)


@pytest.fixture
def visitors(small, send, clock):
    """One record of visitors in October, which is closed then; its id."""
    row = send("OP-01", "visitors", MORNING | {"visitors": "24"}).id
    with small.write("account:1", clock()) as write:
        head = small.journal.head(write.connection)
        closing.close(small, write, "2026-10", head, {"monthly-2026-10.xlsx": b"x"})
    return row


@pytest.fixture
def wish(small, clock, around):
    """Asks to change a record of OP-01, like its phone."""

    def asked(row, edits=0, **given):
        form = small.forms["visitors"]
        with small.write("phone:1", clock()) as write:
            before = rows.find(small, write.connection, form, row, None)
            raw = {name: [text] for name, text in (MORNING | given).items()}
            answer = check(form, raw, around(write.connection, "OP-01")(form, before.values))
            return requests.change(small, write, form, answer, row, edits, PHONE)

    return asked


@pytest.fixture
def wish_away(small, clock):
    """Asks to withdraw a record of OP-01, like its phone."""

    def asked(row):
        with small.write("phone:1", clock()) as write:
            return requests.withdraw(small, write, small.forms["visitors"], row, 0, PHONE)

    return asked


@pytest.fixture
def answer(small, clock):
    """Answers like the office."""

    def answered(do, number=1):
        with small.write("account:1", clock()) as write:
            if do == "accept":
                return reply.accept(small, write, number, OFFICE)
            return (reply.refuse if do == "refuse" else reply.undo)(small, write, number)

    return answered


@pytest.fixture
def stands(ask):
    """What counts of the record, and how each request stands."""

    def told():
        return (
            ask("SELECT visitors FROM form_visitors WHERE _state = 'current'"),
            [outcome for (outcome,) in ask("SELECT outcome FROM request ORDER BY id")],
        )

    return told


def test_the_same_request_twice_is_one_and_another_takes_its_place(visitors, wish, stands):
    for _ in range(2):
        assert wish(visitors, visitors="25").status == "asked"
    assert stands() == ([(24,)], [None])
    wish(visitors, visitors="26")
    assert stands() == ([(24,)], ["replaced", None])


def test_accepted_it_counts_and_undone_it_waits_again(visitors, wish, answer, stands, ask):
    wish(visitors, visitors="25")
    for _ in range(2):  # pressed twice it is done once
        answer("accept")
        assert stands() == ([(25,)], ["accepted"])
    for _ in range(2):
        answer("undo")
        assert stands() == ([(24,)], [None])
    answer("accept")
    assert stands() == ([(25,)], ["accepted"])
    done = [line for (line,) in ask("SELECT action FROM journal WHERE object = 'request'")]
    assert done == ["ask change", "accepted", "undo", "accepted"]


def test_withdrawing_is_asked_accepted_and_undone(visitors, wish_away, answer, stands):
    assert wish_away(visitors).status == "asked"
    assert wish_away(visitors).status == "asked"
    assert stands() == ([(24,)], [None])
    answer("accept")
    assert stands() == ([], ["accepted"])
    answer("undo")
    assert stands() == ([(24,)], [None])


def test_refused_the_record_stays_and_can_be_asked_again(visitors, small, wish, answer, stands):
    wish(visitors, visitors="25")
    answer("refuse")
    answer("refuse")
    with small.read() as connection:
        form = small.forms["visitors"]
        assert requests.refused(connection, form, visitors, 0)
        assert not requests.refused(connection, form, visitors, 1)
    with pytest.raises(Conflict):
        answer("accept")
    wish(visitors, visitors="25")
    assert stands() == ([(24,)], ["refused", None])
    with pytest.raises(Conflict):  # something else was asked since
        answer("undo")


def test_what_changed_meanwhile_is_not_overwritten(visitors, small, clock, wish, answer, stands):
    wish(visitors, visitors="25")
    form = small.forms["visitors"]
    with small.write("account:1", clock()) as write:
        now = rows.find(small, write.connection, form, visitors, None)
        values = {**now.values, "visitors": 30}
        changed = rows.Answer("visitors", now.version, values)
        rows.change(small, write, form, changed, visitors, 0, OFFICE)
    with pytest.raises(Conflict):
        answer("accept")
    assert stands() == ([(30,)], [None])
    answer("refuse")


def test_what_changed_afterwards_cannot_be_undone(visitors, small, clock, wish, answer, stands):
    wish(visitors, visitors="25")
    answer("accept")
    with small.write("account:1", clock()) as write:
        rows.withdraw(small, write, small.forms["visitors"], visitors, 1, OFFICE)
    with pytest.raises(Conflict):
        answer("undo")
    assert stands() == ([], ["accepted"])


def test_a_withdrawn_record_comes_back_only_where_nothing_took_its_place(
    visitors, wish_away, answer, send, stands
):
    wish_away(visitors)
    answer("accept")
    send("OP-01", "visitors", MORNING | {"visitors": "7"})
    with pytest.raises(Conflict):
        answer("undo")
    assert stands() == ([(7,)], ["accepted"])


def test_answers_are_sealed_and_the_journal_knows_only_which_record(visitors, wish, ask):
    wish(visitors, visitors="7613")
    ((sealed,),) = ask("SELECT answers FROM request")
    assert "7613" not in sealed
    ((after,),) = ask("SELECT after FROM journal WHERE action = 'ask change'")
    assert json.loads(after) == {"form": "visitors", "row": visitors, "_place": "OP-01"}


def test_in_an_open_month_nothing_is_asked(visitors, small, send, wish, ask):
    row = send("OP-01", "visitors", {"date": "2026-11-12", "daypart": "morning", "visitors": "3"})
    receipt = wish(row.id, date="2026-11-12", visitors="4")
    assert (receipt.status, ask("SELECT count(*) FROM request")) == ("changed", [(0,)])


def test_an_unknown_request_is_not_there(small, answer):
    with pytest.raises(NotFound):
        answer("accept", 99)


def test_what_waits_is_known_at_the_place(visitors, small, wish):
    wish(visitors, visitors="25")
    with small.read() as connection:
        assert requests.waiting_at(connection, "OP-01") == {visitors}
        assert requests.waiting_at(connection, "OP-02") == frozenset()
        (found,) = requests.pending(small, connection)
    assert (found.about, found.values["visitors"]) == ("2026-10", 25)
