"""Who is to be asked about: no sign of life for sixty days, in whatever role, at this place."""

from __future__ import annotations

import datetime as dt
import time
import uuid

import pytest

from fieldapp.ask.answer import check
from fieldapp.keep import people, still
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.secret import Seal
from fieldapp.report import completeness
from fieldapp.web.surroundings import Surroundings

TODAY = dt.date(2026, 11, 20)
BORDER = "2026-09-21"  # sixty days back
LATER = "2026-09-22"


@pytest.fixture
def asked(small, ask):
    """The card codes of who is asked about at a place, with the day they were seen last."""

    def quiet(place, today=TODAY):
        codes = dict(ask("SELECT id, code FROM people"))
        with small.read() as connection:
            return {
                codes[person]: each.seen
                for person, each in still.quiet(connection, place, today).items()
            }

    return quiet


@pytest.fixture
def seen(send):
    """Somebody is seen on a day, as volunteer or as participant."""

    def noted(place, someone, date, role="volunteer"):
        raw = {"date": date, "who": [someone.code], "hours": "2"}
        if role == "participant":
            raw |= {"daypart": "morning", "task": "green"}
        form = "attendance" if role == "participant" else "volunteer_hours"
        return send(place, form, raw)

    return noted


@pytest.fixture
def confirm(small, clock, ask):
    """Somebody says that these people still come."""

    def confirmed(place, *someone):
        ids = dict(ask("SELECT code, id FROM people"))
        with small.write("phone:1", clock()) as write:
            still.confirm(write, place, [ids[each.code] for each in someone])

    return confirmed


def test_sixty_days_is_the_border(welcome, asked):
    long = welcome("OP-01", started=BORDER)
    welcome("OP-01", started=LATER)
    assert asked("OP-01") == {long.code: ""}


def test_whoever_was_seen_is_not_asked_about_for_sixty_days(welcome, asked, seen):
    gone, comes = welcome("OP-01"), welcome("OP-01")
    seen("OP-01", gone, "2026-03-02")
    seen("OP-01", gone, BORDER)
    seen("OP-01", comes, LATER)
    assert asked("OP-01") == {gone.code: BORDER}


def test_a_record_that_is_withdrawn_is_no_sign(welcome, asked, seen, withdraw):
    one = welcome("OP-01")
    receipt = seen("OP-01", one, "2026-11-18")
    assert asked("OP-01") == {}
    withdraw("OP-01", "volunteer_hours", receipt.id)
    assert asked("OP-01") == {one.code: ""}


def test_to_be_seen_at_another_place_is_no_sign_here(welcome, asked, seen):
    one = welcome("OP-01")
    welcome("OP-02", card=one.code)
    seen("OP-02", one, "2026-11-18")
    assert asked("OP-01") == {one.code: ""}
    assert asked("OP-02") == {}


def test_a_person_in_two_roles_is_asked_about_once_and_only_when_quiet_in_both(
    welcome, asked, seen
):
    one = welcome("WB-01")
    welcome("WB-01", card=one.code, role="participant")
    assert asked("WB-01") == {one.code: ""}
    seen("WB-01", one, "2026-11-18", "participant")
    assert asked("WB-01") == {}


def test_whoever_left_is_not_asked_about_and_whoever_came_back_is_new(welcome, asked, send):
    one = welcome("OP-01", "Samira")
    step = {"person": one.code, "date": "2026-10-01", "step": "left", "left_reason": "moved"}
    send("OP-01", "step", step)
    assert asked("OP-01") == {}
    welcome("OP-01", "Samira", card=one.code, started="2026-10-05")
    assert asked("OP-01") == {}
    assert asked("OP-01", dt.date(2026, 12, 4)) == {one.code: ""}


def test_a_confirmation_holds_for_sixty_days_and_at_its_own_place(welcome, asked, confirm):
    one, other = welcome("OP-01"), welcome("OP-01")
    welcome("OP-02", card=one.code)
    confirm("OP-01", one)
    assert asked("OP-01") == {other.code: ""}
    assert asked("OP-02") == {one.code: ""}
    assert one.code not in asked("OP-01", TODAY + dt.timedelta(days=59))
    assert one.code in asked("OP-01", TODAY + dt.timedelta(days=60))


def test_a_confirmation_goes_along_when_two_are_merged(welcome, asked, confirm, outside):
    one, other = welcome("OP-01"), welcome("OP-01")
    confirm("OP-01", other)
    outside.execute(
        "UPDATE people SET merged_into = (SELECT id FROM people WHERE code = ?) WHERE code = ?",
        (one.code, other.code),
    )
    assert asked("OP-01") == {}


def test_a_second_confirmation_refreshes_the_first(welcome, confirm, clock, ask):
    one = welcome("OP-01")
    confirm("OP-01", one)
    clock.forward(days=70)
    confirm("OP-01", one)
    assert ask("SELECT place, at FROM still_here") == [("OP-01", "2027-01-29T09:12:00Z")]


def test_the_journal_tells_how_many_and_not_who(welcome, confirm, ask, small):
    one, other = welcome("OP-01", "Samira"), welcome("OP-01", "Wim")
    confirm("OP-01", one, other)
    confirm("OP-01")
    lines = ask("SELECT actor, row, before, after FROM journal WHERE object = 'still_here'")
    assert lines == [("phone:1", None, None, '{"_place":"OP-01","people":2}')]
    with small.read() as connection:
        assert small.journal.broken(connection) is None


# --- a hundred people in one transaction ---------------------------------------------------------


def add_many(store, clock, count, called="Naam"):
    """Adds `count` people to WB-01 in one transaction; the seconds it took."""
    form = store.forms["person_new"]
    raw = {
        "role": ["volunteer"],
        "known_elsewhere": ["no"],
        "started": ["2026-01-05"],
        "informed": ["OK"],
    }
    with store.read() as connection:
        context = rows_context(store, connection, clock)
        answers = [
            check(form, raw | {"call_name": [f"{called} {n}"]}, context) for n in range(count)
        ]
    with store.write("test", clock()) as write:
        started = time.process_time()
        for answer in answers:
            rows.add(store, write, form, answer, str(uuid.uuid4()), Origin("WB-01"))
        return time.process_time() - started


def rows_context(store, connection, clock):
    """What a check of WB-01 takes from its surroundings."""
    place = completeness.places(connection, "WB-01")[0]
    return Surroundings(store, connection, place, clock()).context(store.forms["person_new"])


def test_three_hundred_people_are_added_in_one_transaction(small, clock, send, ask):
    add_many(small, clock, 200, "Eerder")
    for (code,) in ask("SELECT code FROM people LIMIT 40"):
        step = {"person": code, "date": "2026-11-02", "step": "left", "left_reason": "moved"}
        send("WB-01", "step", step)
    assert add_many(small, clock, 300) < 1.5  # 4 s before each name was opened only once
    assert ask("SELECT count(*) FROM form_person_new") == [(500,)]


def test_each_name_is_opened_once_in_a_transaction(small, clock, monkeypatch):
    opened = []
    really = Seal.open

    def counted(seal, *given):
        opened.append(given[2])
        return really(seal, *given)

    monkeypatch.setattr(Seal, "open", counted)
    add_many(small, clock, 20)
    assert len(opened) == len(set(opened)) == 19
    monkeypatch.setattr(
        people,
        "_opened",
        lambda store, write, found: store.seal.open(
            found["sealed"], "form_person_new", found["row"], "call_name"
        ),
    )
    opened.clear()
    add_many(small, clock, 20, "Later")
    assert len(opened) > 300, "without that each new person opens everybody's name again"
