"""Two cards of one person: proposed, decided and undone, and what lists and counts make of it."""

from __future__ import annotations

import json

import pytest

from fieldapp.errors import Conflict, NotFound, Refused
from fieldapp.keep import merge
from fieldapp.keep.merge import MERGED, REFUSED


@pytest.fixture
def whose(small):
    """The code that survives, of each of these people."""

    def found(*those):
        with small.read() as connection:
            return [merge.resolve(connection, one.code) for one in those]

    return found


def sentence(refused):
    ((_, message),) = refused.value.messages.items()
    return str(message)


# --- who is one with whom ---------------------------------------------------------------------


def test_the_oldest_card_survives_whoever_is_named_first(welcome, propose, answer, whose):
    old, new = welcome("OP-01"), welcome("OP-02")
    answer(propose(new, old))
    assert whose(old, new) == [old.code, old.code]


def test_an_unknown_card_is_nobody_s(small):
    with small.read() as connection:
        assert merge.resolve(connection, "2222") is None


def test_until_the_office_answers_nothing_is_one(welcome, propose, whose):
    one, two = welcome("OP-01"), welcome("OP-02")
    propose(one, two)
    assert whose(one, two) == [one.code, two.code]


def test_a_chain_is_flat_whichever_way_it_is_made(welcome, propose, answer, whose, ask):
    a, b, c, d = (welcome("OP-01") for _ in range(4))
    answer(propose(c, d))
    answer(propose(b, c))
    answer(propose(a, d))
    assert whose(a, b, c, d) == [a.code] * 4
    assert ask("SELECT id, merged_into FROM people") == [(1, None), (2, 1), (3, 1), (4, 1)]


def test_undoing_leaves_what_was_merged_since(welcome, propose, answer, undo, whose):
    a, b, c = (welcome("OP-01") for _ in range(3))
    first = answer(propose(a, b))
    answer(propose(c, a))
    undo(first)
    assert whose(a, b, c) == [a.code, b.code, a.code]


def test_undoing_keeps_somebody_with_the_card_that_was_named(welcome, propose, answer, undo, whose):
    a, b, c = (welcome("OP-01") for _ in range(3))
    first = answer(propose(a, b))
    answer(propose(c, b))
    assert whose(a, b, c) == [a.code] * 3
    undo(first)
    assert whose(a, b, c) == [a.code, b.code, b.code]


def test_undoing_and_answering_again_comes_to_the_same(welcome, propose, answer, undo, ask):
    a, b, c = (welcome("OP-01") for _ in range(3))
    numbers = [answer(propose(a, b)), answer(propose(b, c))]
    table = "SELECT id, merged_into FROM people"
    merged = ask(table)
    for number in numbers:
        undo(number)
    assert ask(table) == [(1, None), (2, None), (3, None)]
    for number in reversed(numbers):
        answer(number)
    assert ask(table) == merged


def test_mutation_without_working_it_out_anew_undoing_would_leave_them_one(
    welcome, propose, answer, undo, whose, monkeypatch
):
    a, b = welcome("OP-01"), welcome("OP-01")
    number = answer(propose(a, b))
    monkeypatch.setattr(merge, "_SETTLE", "SELECT :person")
    undo(number)
    assert whose(a, b) == [a.code, a.code]


# --- proposing --------------------------------------------------------------------------------


def test_a_place_speaks_of_its_own_people(welcome, propose):
    one, two = welcome("OP-01"), welcome("OP-02")
    assert propose(one, two, "OP-02") == propose(two, one, "OP-01"), "and it is the same proposal"
    with pytest.raises(NotFound):
        propose(one, two, "WB-01")


def test_mutation_without_the_look_at_the_place_any_place_could(welcome, propose, monkeypatch):
    one, two = welcome("OP-01"), welcome("OP-02")
    monkeypatch.setattr(merge, "_is_here", lambda *given: True)
    assert propose(one, two, "WB-01")


def test_who_was_withdrawn_is_no_longer_of_the_place(welcome, propose, withdraw):
    one, two = welcome("OP-01"), welcome("OP-02")
    withdraw("OP-01", "person_new", one.row)
    with pytest.raises(NotFound):
        propose(one, two, "OP-01")


def test_of_an_unknown_card_nothing_can_be_said(small, clock, welcome, ask):
    one = welcome("OP-01")
    for codes, named in (((one.code, "2222"), "other"), (("2222", one.code), "code")):
        with pytest.raises(Refused) as refused, small.write("test", clock()) as write:
            merge.propose(write, *codes, "OP-01")
        assert list(refused.value.messages) == [named]
        assert sentence(refused).startswith("Wij kennen deze kaart niet.")
    assert ask("SELECT * FROM merge") == []


def test_a_card_is_not_proposed_with_itself(welcome, propose):
    one = welcome("OP-01")
    with pytest.raises(Refused) as refused:
        propose(one, one, "OP-01")
    assert sentence(refused) == "Dit is twee keer dezelfde kaart."


def test_who_is_one_already_is_not_proposed_again(welcome, propose, answer):
    a, b, c = (welcome("OP-01") for _ in range(3))
    answer(propose(a, b))
    answer(propose(b, c))
    with pytest.raises(Refused) as refused:
        propose(a, c)
    assert sentence(refused) == "Deze twee kaarten horen al bij één persoon."


def test_who_are_two_are_not_proposed_again_under_another_card(welcome, propose, answer, undo):
    a, b, c = (welcome("OP-01") for _ in range(3))
    number = answer(propose(a, b), REFUSED)
    answer(propose(b, c))
    with pytest.raises(Refused) as refused:
        propose(c, a)
    assert sentence(refused).startswith("Het programmabureau heeft dit al nagekeken")
    undo(number, REFUSED)
    assert propose(c, a) == number, "it is open again"


def test_what_is_proposed_already_is_not_kept_twice(welcome, propose, ask):
    one, two = welcome("OP-01"), welcome("OP-02")
    assert propose(one, two) == propose(two, one)
    assert ask("SELECT count(*) FROM merge") == [(1,)]
    assert ask("SELECT count(*) FROM journal WHERE action = 'merge proposed'") == [(1,)]


# --- answering --------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [MERGED, REFUSED])
def test_the_same_answer_twice_is_one(welcome, propose, answer, ask, outcome):
    number = propose(welcome("OP-01"), welcome("OP-02"))
    answer(number, outcome)
    before = ask("SELECT * FROM merge"), ask("SELECT * FROM journal")
    answer(number, outcome)
    assert (ask("SELECT * FROM merge"), ask("SELECT * FROM journal")) == before


def test_another_answer_meanwhile_is_told(welcome, propose, answer, undo):
    number = answer(propose(welcome("OP-01"), welcome("OP-02")))
    with pytest.raises(Conflict):
        answer(number, REFUSED)
    with pytest.raises(Conflict):
        undo(number, REFUSED)


def test_there_is_nothing_to_answer_under_another_number(answer, undo):
    with pytest.raises(NotFound):
        answer(7)
    with pytest.raises(NotFound):
        undo(7)


def test_taking_back_twice_is_once(welcome, propose, answer, undo, ask):
    number = answer(propose(welcome("OP-01"), welcome("OP-02")))
    undo(number)
    undo(number)
    assert ask("SELECT count(*) FROM journal WHERE action = 'merge undone'") == [(1,)]
    assert ask("SELECT outcome, decided_at, decided_by FROM merge") == [(None, None, None)]


def test_what_became_one_another_way_waits_no_longer(small, welcome, propose, answer, undo):
    a, b, c = (welcome("OP-01") for _ in range(3))
    numbers = [propose(a, b), propose(b, c), propose(a, c)]
    answer(numbers[0])
    last = answer(numbers[1])
    with small.read() as connection:
        assert merge.waiting(connection) == 0
        assert [each.open for each in merge.proposals(connection)] == [False] * 3
    with pytest.raises(Conflict):
        answer(numbers[2])
    undo(last)
    with small.read() as connection:
        assert merge.waiting(connection) == 2


def test_who_were_said_to_be_two_do_not_become_one_by_way_of_a_third(
    welcome, propose, answer, whose
):
    a, b, c = (welcome("OP-01") for _ in range(3))
    numbers = [propose(a, b), propose(b, c), propose(a, c)]
    answer(numbers[0], REFUSED)
    answer(numbers[1])
    with pytest.raises(Conflict):
        answer(numbers[2])
    assert whose(a, b, c) == [a.code, b.code, b.code]


def test_the_journal_tells_it_without_codes(welcome, propose, answer, undo, ask):
    one, two = welcome("OP-01"), welcome("OP-02")
    number = propose(one, two, "OP-02")
    answer(number)
    undo(number)
    answer(number, REFUSED)
    found = ask("SELECT action, row, before, after FROM journal WHERE object = 'merge'")
    assert [line[:2] for line in found] == [
        (action, str(number))
        for action in ("merge proposed", "merged", "merge undone", "merge refused")
    ]
    told = json.dumps(found)
    assert "OP-02" in told
    assert one.code not in told
    assert two.code not in told
