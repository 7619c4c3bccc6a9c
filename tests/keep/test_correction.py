"""Corrections of the office: the change with its reason or neither, and the way back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fieldapp.ask.answer import check
from fieldapp.errors import Conflict, NotFound, Refused
from fieldapp.keep import correction, found, past, tick
from fieldapp.keep.found import Sought
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.keep.tick import Mark

MORNING = {"date": "2026-11-19", "daypart": "morning"}
WHY = "De plek belde: het waren er 18."
OFFICE = Origin("OP-01", account=1)


@pytest.fixture
def does(store: Store, clock: Any):
    """Withdraws or puts back like the office."""

    def done(what: Any, form: str, row: str, edits: int, why: str = WHY, origin: Origin = OFFICE):
        with store.write("account:1", clock()) as write:
            return what(store, write, store.forms[form], row, edits, origin, why)

    return done


@pytest.fixture
def mend(store: Store, clock: Any, around: Any):
    """Corrects a morning of OP-01 like the office."""

    def mended(row: str, visitors: str, edits: int = 0, why: str = WHY, origin: Origin = OFFICE):
        form = store.forms["visitors"]
        raw = {name: [text] for name, text in (MORNING | {"visitors": visitors}).items()}
        with store.write("account:1", clock()) as write:
            given = check(form, raw, around(write.connection, "OP-01")(form))
            return correction.correct(store, write, form, given, row, edits, origin, why)

    return mended


@pytest.fixture
def row(small: Store, send: Any) -> str:
    """A morning with 24 visitors."""
    return str(send("OP-01", "visitors", MORNING | {"visitors": "24"}).id)


# --- with a reason ----------------------------------------------------------------------------


def test_a_correction_is_kept_with_its_reason(row, mend, find, ask, small):
    assert mend(row, "18").status == "changed"
    assert find("OP-01", "visitors", row).values["visitors"] == 18
    assert ask("SELECT form, row, action, account, reason FROM correction") == [
        ("visitors", row, "change", 1, WHY)
    ]
    with small.read() as connection:
        last = past.lines(connection, find("OP-01", "visitors", row))[-1]
    assert (last.actor, last.action, last.reason) == ("account:1", "change", WHY)
    assert (last.before["visitors"], last.after["visitors"]) == (24, 18)


def test_the_reason_stands_nowhere_in_the_journal(row, mend, does, ask, small):
    mend(row, "18")
    does(correction.withdraw, "visitors", row, 1)
    does(correction.restore, "visitors", row, 2)
    assert len(ask("SELECT 1 FROM correction")) == 3
    assert not [line for line in ask("SELECT * FROM journal") if "belde" in str(line)]
    with small.read() as connection:
        assert small.journal.broken(connection) is None


@pytest.mark.parametrize("why", ["", "  \n ", "nummer 123456782", "x" * 2001, "a\x00b"])
def test_without_a_good_reason_nothing_changes(why, row, mend, does, find, ask):
    before = ask("SELECT count(*) FROM journal")
    for what in (correction.withdraw, correction.restore):
        with pytest.raises(Refused, match="reason"):
            does(what, "visitors", row, 0, why)
    with pytest.raises(Refused, match="reason"):
        mend(row, "18", why=why)
    assert find("OP-01", "visitors", row).values["visitors"] == 24
    assert ask("SELECT count(*) FROM journal") == before
    assert ask("SELECT * FROM correction") == []


def test_when_the_reason_cannot_be_kept_the_change_is_not_either(row, mend, find, monkeypatch, ask):
    def broken(*given: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(correction, "_keep", broken)
    with pytest.raises(RuntimeError):
        mend(row, "18")
    assert find("OP-01", "visitors", row).values["visitors"] == 24


# --- twice, and two at once -------------------------------------------------------------------


def test_the_same_correction_twice_is_one(row, mend, does, find, ask):
    assert [mend(row, "18").status, mend(row, "18").status] == ["changed", "known"]
    for what, edits in ((correction.withdraw, 1), (correction.restore, 2)):
        both = [does(what, "visitors", row, edits).status for _ in range(2)]
        assert both == ["changed", "known"]
    assert find("OP-01", "visitors", row).edits == 3
    assert ask("SELECT action FROM correction ORDER BY id") == [
        ("change",), ("withdraw",), ("restore",)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("visitors", "why", "account"), [("19", WHY, 1), ("18", "Anders.", 1), ("18", WHY, 2)]
)
def test_another_correction_of_what_was_seen_is_a_conflict(
    visitors, why, account, row, mend, find, ask
):
    mend(row, "18")
    with pytest.raises(Conflict):
        mend(row, visitors, 0, why, Origin("OP-01", account=account))
    assert find("OP-01", "visitors", row).values["visitors"] == 18
    assert len(ask("SELECT 1 FROM correction")) == 1


@pytest.mark.parametrize("what", [correction.withdraw, correction.restore])
def test_what_changed_meanwhile_is_neither_withdrawn_nor_put_back(what, row, mend, does):
    mend(row, "18")
    with pytest.raises(Conflict):
        does(what, "visitors", row, 0)


def test_only_what_was_withdrawn_is_put_back(row, does):
    with pytest.raises(Conflict):
        does(correction.restore, "visitors", row, 0)


def test_a_record_of_another_place_is_not_found(row, does, mend):
    with pytest.raises(NotFound):
        does(correction.withdraw, "visitors", row, 0, origin=Origin("OP-02", account=1))
    with pytest.raises(NotFound):
        mend(row, "18", origin=Origin("OP-02", account=1))


# --- put back ---------------------------------------------------------------------------------


def test_what_is_put_back_counts_again(row, does, find, counted):
    does(correction.withdraw, "visitors", row, 0)
    assert counted() == []
    assert does(correction.restore, "visitors", row, 1).state == "current"
    assert counted() == [24]
    assert find("OP-01", "visitors", row).edits == 2


def test_beside_another_it_is_a_double(row, does, send, counted, find):
    does(correction.withdraw, "visitors", row, 0)
    send("OP-01", "visitors", MORNING | {"visitors": "30"})
    assert does(correction.restore, "visitors", row, 1).state == "double"
    assert counted() == [30]
    assert find("OP-01", "visitors", row).state == "double"


def test_a_place_that_is_put_back_can_be_picked_again(small, send, does, ask):
    place = {"code": "OP-09", "name": "De Haven", "kind": "meeting_place", "wijk": "moerwijk"}
    made = send(None, "place", place | {"active_from": "2026-01-01"}).id
    listed = "SELECT label, _row FROM list_places WHERE name = 'OP-09'"
    office = Origin(None, account=1)
    does(correction.withdraw, "place", made, 0, origin=office)
    assert ask(listed) == []
    does(correction.restore, "place", made, 1, origin=office)
    assert ask(listed) == [("De Haven", made)]


def test_a_person_whose_name_was_given_away_is_not_put_back(small, send, does, find, ask):
    raw = {"role": "volunteer", "known_elsewhere": "no", "informed": "OK", "started": "2026-11-02"}
    first = send("OP-01", "person_new", raw | {"call_name": "Fatima"}).id
    does(correction.withdraw, "person_new", first, 0)
    send("OP-01", "person_new", raw | {"call_name": "Fatima"})
    with pytest.raises(Refused, match="call_name"):
        does(correction.restore, "person_new", first, 1)
    assert find("OP-01", "person_new", first).state == "withdrawn"
    assert ask("SELECT action FROM correction") == [("withdraw",)]


def test_a_name_stays_sealed_when_its_record_is_put_back(small, send, does, find, ask):
    raw = {"role": "volunteer", "known_elsewhere": "no", "informed": "OK", "started": "2026-11-02"}
    row = send("OP-01", "person_new", raw | {"call_name": "Fatima"}).id
    does(correction.withdraw, "person_new", row, 0)
    does(correction.restore, "person_new", row, 1)
    assert find("OP-01", "person_new", row).values["call_name"] == "Fatima"
    assert "Fatima" not in str(ask("SELECT * FROM form_person_new") + ask("SELECT * FROM journal"))


# --- what happened, and what is found ---------------------------------------------------------


def test_what_came_under_the_same_id_is_shown_without_what_is_private(small, send, find):
    raw = {"role": "volunteer", "known_elsewhere": "no", "informed": "OK", "started": "2026-11-02"}
    row = send("OP-01", "person_new", raw | {"call_name": "Fatima"}).id
    again = raw | {"call_name": "Samira", "role": "participant", "labour_distance": "no"}
    assert send("OP-01", "person_new", again, row).status == "conflict"
    with small.read() as connection:
        (other,) = past.aside(small, connection, find("OP-01", "person_new", row))
    assert other.values["role"] == "participant"
    assert "Samira" not in str(other)


def test_records_are_found_by_what_is_known_of_them(row, send, mend, does, small):
    other = send("OP-02", "visitors", MORNING | {"visitors": "3"}).id
    gone = send("OP-01", "visitors", MORNING | {"daypart": "evening", "visitors": "4"}).id
    does(correction.withdraw, "visitors", gone, 0)
    later = send("OP-01", "volunteer_hours", {"date": "2026-11-20", "nobody": "OK"}).id
    mend(row, "18")

    def ids(*names: str, **more: Any):
        forms = [small.forms[name] for name in names or ("visitors", "volunteer_hours")]
        with small.read() as connection:
            page = found.find(small, connection, Sought(forms, **more), 0, 50)
        assert page.total == len(page.rows)
        return {each.id for each in page.rows}

    assert ids() == {row, other, gone, later}
    assert ids("visitors") == {row, other, gone}
    assert ids(place="OP-02") == {other}
    assert ids(first="2026-11-20") == ids(last="2026-11-21", first="2026-11-20") == {later}
    assert ids(last="2026-11-19") == {row, other, gone}
    assert ids(state="withdrawn") == {gone}
    assert ids(corrected=True) == {row, gone}
    assert ids(phone=1) == set()
    assert ids(among=[other]) == {other}
    assert ids(among=[]) == set()


def test_pages_hold_every_record_once_the_latest_day_first(small, send):
    sent = [
        send("OP-01", "opening", {"date": f"2026-11-{day:02}", "open": "no",
             "closed_reason": "holiday"}).id
        for day in range(2, 14)
    ]  # fmt: skip
    seen: list[str] = []
    with small.read() as connection:
        for skip in range(0, 15, 5):
            page = found.find(small, connection, Sought([small.forms["opening"]]), skip, 5)
            assert page.total == 12
            seen += [row.id for row in page.rows]
    assert seen == sent[::-1]


def test_what_is_ticked_off_is_so_until_the_record_changes(row, small, clock, ask):
    mark = Mark("tenfold", "visitors", row, 0)
    with small.write("account:1", clock()) as write:
        tick.tick(write, [mark, mark])
    with small.read() as connection:
        assert tick.ticked(connection) == {mark}
    with small.write("account:1", clock()) as write:
        tick.untick(write, [mark])
        tick.untick(write, [mark])
    with small.read() as connection:
        assert tick.ticked(connection) == frozenset()
    lines = ask("SELECT action, before, after FROM journal WHERE action LIKE '%tick'")
    assert [(line[0], *(json.loads(text or "null") for text in line[1:])) for line in lines] == [
        ("tick", None, {"_flag": "tenfold"}), ("untick", {"_flag": "tenfold"}, None)
    ]  # fmt: skip
