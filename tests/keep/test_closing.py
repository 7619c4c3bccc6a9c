"""A closed month: no door of a place changes it, its files stay, and what comes after is told."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from fieldapp.ask.day import month_of
from fieldapp.errors import Closed, Conflict, Damaged, NotFound
from fieldapp.keep import closing, decision, double
from fieldapp.keep import row as rows
from fieldapp.keep.revision import CHANGED, LATE, WITHDRAWN, revisions
from fieldapp.keep.row import Origin

OCTOBER = "2026-10"
MORNING = {"date": "2026-10-15", "daypart": "morning"}
FILES = {"monthly-2026-10.xlsx": b"a workbook", "monthly-2026-10.csv.zip": b"a package"}


@pytest.fixture
def close(store, clock):
    """Closes a month like the office, with two files."""

    def closed(month=OCTOBER, head=None):
        with store.write("account:1", clock()) as write:
            at = head or store.journal.head(write.connection)
            return closing.close(store, write, month, at, FILES)

    return closed


@pytest.fixture
def reopen(store, clock):
    """Opens October again like the office."""

    def reopened(number=1):
        with store.write("account:1", clock()) as write:
            closing.reopen(write, OCTOBER, number, "Plek belde")

    return reopened


@pytest.fixture
def since(store):
    """What changed since the closing that holds: kind, form and place."""

    def told(month=OCTOBER):
        with store.read() as connection:
            now = closing.closed(connection)[month]
            found = revisions(connection, store.forms, now)
        return [(each.kind, each.form.form_id, each.place, each.by_office) for each in found]

    return told


@pytest.fixture
def visitors(small, send):
    """One record of visitors in October; its id."""
    return send("OP-01", "visitors", MORNING | {"visitors": "24"}).id


# --- the closing itself -----------------------------------------------------------------------


def test_the_files_stay_byte_for_byte(small, close, reopen, ask, outside):
    made = close()
    assert (made.month, made.number, made.reopened_at) == (OCTOBER, 1, "")
    with small.read() as connection:
        kept = closing.files(connection, made.id)
        assert [each.name for each in kept] == sorted(FILES, reverse=True)
        assert all(len(each.sha256) == 64 for each in kept)
        for name, content in FILES.items():
            assert closing.content(connection, OCTOBER, made.id, name) == content
        with pytest.raises(NotFound):
            closing.content(connection, "2026-09", made.id, "monthly-2026-10.xlsx")
        assert closing.last_package(connection, OCTOBER) == b"a package"
        assert closing.last_package(connection, "2026-09") is None
    reopen()
    with small.read() as connection:
        assert closing.closed(connection) == {}
        assert closing.content(connection, OCTOBER, made.id, "monthly-2026-10.xlsx")
    outside.execute("UPDATE closing_file SET content = ? WHERE name LIKE '%.xlsx'", (b"other",))
    with small.read() as connection, pytest.raises(Damaged):
        closing.content(connection, OCTOBER, made.id, "monthly-2026-10.xlsx")
    assert ask("SELECT count(*) FROM journal WHERE object = 'month'") == [(2,)]
    assert ask("SELECT count(*) FROM journal WHERE after LIKE '%Plek belde%'") == [(0,)]


def test_what_was_written_meanwhile_keeps_it_open(small, close, send, ask):
    with small.read() as connection:
        head = small.journal.head(connection)
    send("OP-01", "visitors", MORNING | {"visitors": "24"})
    with pytest.raises(Conflict):
        close(head=head)
    assert ask("SELECT count(*) FROM closing_file") == [(0,)]


def test_a_month_is_closed_once_and_opened_once(small, close, reopen, told):
    close()
    with pytest.raises(Conflict):
        close()
    reopen()
    with pytest.raises(Conflict):
        reopen()
    assert close().number == 2
    with pytest.raises(Conflict):
        reopen(number=1)
    found = told("SELECT month, number, reopened_at IS NULL FROM closings ORDER BY number")
    assert found == [(OCTOBER, 1, 0), (OCTOBER, 2, 1)]


@pytest.mark.parametrize(
    ("form_id", "values", "month"),
    [
        ("visitors", MORNING, OCTOBER),
        ("month_report", {"month": "2026-10-01"}, OCTOBER),
        ("year_report", {"year": "2026-01-01"}, "2026-12"),
        ("visitors", {}, ""),
    ],
)
def test_a_record_belongs_to_the_month_in_which_it_falls_due(form_id, values, month, forms):
    assert month_of(forms[form_id], values) == month


def test_a_quarter_falls_due_in_its_last_month(forms):
    quarterly = dataclasses.replace(forms["month_report"], expected="quarter")
    assert month_of(quarterly, {"month": "2026-10-01"}) == "2026-12"


# --- every door of a place --------------------------------------------------------------------


def test_a_place_changes_nothing_in_it(visitors, close, change, withdraw, find, ask, monkeypatch):
    close()
    with pytest.raises(Closed):
        change("OP-01", "visitors", visitors, MORNING | {"visitors": "25"})
    with pytest.raises(Closed):
        withdraw("OP-01", "visitors", visitors)
    assert ask("SELECT visitors, _state, _edits FROM form_visitors") == [(24, "current", 0)]
    monkeypatch.setattr(closing, "guard", lambda *_: None)
    change("OP-01", "visitors", visitors, MORNING | {"visitors": "25"})
    withdraw("OP-01", "visitors", visitors, 1)
    assert ask("SELECT visitors, _state FROM form_visitors") == [(25, "withdrawn")]


@pytest.mark.parametrize(
    ("date", "to"), [("2026-10-15", "2026-11-12"), ("2026-11-12", "2026-10-15")]
)
def test_nothing_leaves_it_and_nothing_is_moved_into_it(date, to, small, send, close, change):
    row = send("OP-01", "visitors", MORNING | {"date": date, "visitors": "24"}).id
    close()
    with pytest.raises(Closed):
        change("OP-01", "visitors", row, MORNING | {"date": to, "visitors": "24"})


def test_the_office_goes_on_at_once(visitors, small, close, since, clock):
    close()
    with small.write("account:1", clock()) as write:
        form = small.forms["visitors"]
        rows.withdraw(small, write, form, visitors, 0, Origin("OP-01", account=1))
    assert since() == [(WITHDRAWN, "visitors", "OP-01", True)]


def test_another_month_and_a_call_name_are_free(visitors, small, send, close, change, welcome):
    row = send("OP-01", "visitors", {"date": "2026-11-12", "daypart": "morning", "visitors": "3"})
    person = welcome("OP-01", "Fatima", started="2026-10-05")
    close()
    change(
        "OP-01", "visitors", row.id, {"date": "2026-11-12", "daypart": "morning", "visitors": "4"}
    )
    given = {
        "role": "volunteer", "known_elsewhere": "no", "call_name": "Fatma",
        "started": "2026-10-05", "informed": "OK",
    }  # fmt: skip
    change("OP-01", "person_new", person.row, given)
    with pytest.raises(Closed):
        change("OP-01", "person_new", person.row, given | {"started": "2026-10-06"}, 1)


def test_the_office_alone_decides_a_double_and_undoes_it(
    visitors, small, send, close, clock, seen, around, monkeypatch, ask
):
    other = send("OP-01", "visitors", MORNING | {"visitors": "18"}).id
    close()
    form = small.forms["visitors"]

    def decide(origin):
        with small.write("test", clock()) as write:
            found = double.double(small, write.connection, form, other, None)
            look = around(write.connection, "OP-01")
            return decision.decide(small, write, form, other, "replace", found.seen, origin, look)

    def undo(number, origin):
        with small.write("test", clock()) as write:
            decision.undo(small, write, number, origin)

    with pytest.raises(Closed):
        decide(Origin("OP-01", phone=1))
    made = decide(Origin(None, account=1))
    with pytest.raises(Closed):
        undo(made.id, Origin("OP-01", phone=1))
    undo(made.id, Origin(None, account=1))
    monkeypatch.setattr(closing, "guard", lambda *_: None)
    undo(decide(Origin("OP-01", phone=1)).id, Origin("OP-01", phone=1))
    assert ask("SELECT visitors FROM form_visitors WHERE _state = 'current'") == [(24,)]


# --- what came after --------------------------------------------------------------------------


def test_what_came_after_is_told(visitors, small, send, close, since, clock, ask):
    close()
    assert since() == []
    send("OP-01", "opening", {"date": "2026-10-15", "open": "no", "closed_reason": "holiday"})
    send("OP-01", "visitors", MORNING | {"visitors": "18"})  # a double: it counts for nothing
    send("OP-01", "visitors", {"date": "2026-11-12", "daypart": "morning", "visitors": "3"})
    assert since() == [(LATE, "opening", "OP-01", False)]
    form = small.forms["visitors"]
    with small.write("account:1", clock()) as write:
        rows.withdraw(small, write, form, visitors, 0, Origin(None, account=1))
    assert since()[1:] == [(WITHDRAWN, "visitors", "OP-01", True)]


def test_what_moves_out_of_it_is_a_change_of_it(visitors, small, close, since, clock, find):
    close()
    form = small.forms["visitors"]
    answer = dict(find(None, "visitors", visitors).values) | {"date": "2026-11-12"}
    with small.write("account:1", clock()) as write:
        rows.change(
            small, write, form, rows.Answer("visitors", "1", answer), visitors, 0,
            Origin(None, account=1),
        )  # fmt: skip
    assert since() == [(CHANGED, "visitors", "OP-01", True)]


def test_what_came_before_is_not_told(visitors, close, reopen, send, since, clock):
    close()
    send("OP-01", "visitors", {"date": "2026-10-16", "daypart": "morning", "visitors": "3"})
    assert len(since()) == 1
    reopen()
    clock.now += dt.timedelta(seconds=1)
    close()
    assert since() == []
