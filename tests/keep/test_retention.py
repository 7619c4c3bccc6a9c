"""What was kept long enough goes, by one table; what is needed still stays."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldapp.errors import Refused
from fieldapp.keep import account, due, people, phone, retention, staff, uploaded, wipe
from fieldapp.keep.phone import ON_LETTER, make_pairing, pair, revoke
from fieldapp.keep.still import confirm

DAY = dt.date(2028, 2, 1)


@pytest.fixture
def names(small):
    """How many records have a name."""

    def found():
        with small.read() as connection:
            return sum(1 for _ in wipe.named(small, connection))

    return found


@pytest.fixture
def run(small, clock):
    """Lets go, and tells of how many there were any."""

    def ran(**given):
        return {n: c for n, c in retention.run(small, clock(), **given).items() if c}

    return ran


def test_a_name_goes_a_year_after_somebody_left(small, welcome, send, clock, run, names):
    left, here = welcome("OP-01", "Samira"), welcome("OP-01", "Kees")
    send("OP-01", "step", {"person": left.code, "date": "2026-11-19", "step": "left",
                           "left_reason": "moved"})  # fmt: skip
    clock.forward(days=300)
    seen = {"date": clock().date().isoformat(), "hours": "2"}
    send("OP-01", "volunteer_hours", seen | {"who": [here.code]})
    clock.forward(days=60)
    assert run() == {} and names() == 2
    clock.forward(days=10)
    assert run()["call names"] == 1 and names() == 1
    with small.read() as connection:
        assert [e.name for e in people.members(connection, small.seal, "OP-01", "2027-11-26")] == [
            "Kees"
        ]


def test_who_is_said_to_come_still_keeps_the_name(small, welcome, clock, run, names):
    known = welcome("OP-01")
    clock.forward(days=360)
    with small.write("phone:1", clock()) as write:
        confirm(write, "OP-01", [people.person_of(write.connection, known.code)])
    clock.forward(days=360)
    assert "call names" not in run() and names() == 1
    clock.forward(days=10)
    assert run()["call names"] == 1 and names() == 0


def test_what_was_set_aside_loses_its_name_after_a_year(small, welcome, send, clock, run):
    known = welcome("OP-01", "Samira")
    raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": "Sam", "informed": "OK"}
    send("OP-01", "person_new", raw | {"started": "2026-01-05"}, known.row)
    clock.forward(days=366)
    assert run()["names set aside"] == 1
    assert "names set aside" not in run()


def test_a_dry_run_tells_the_same_and_changes_nothing(small, welcome, clock, run, names):
    welcome("OP-01")
    clock.forward(days=400)
    with small.read() as connection:
        head = small.journal.head(connection)
    would = run(dry=True)
    with small.read() as connection:
        assert small.journal.head(connection) == head
    assert names() == 1 and would["call names"] == 1
    assert run() == would and names() == 0


def test_the_journal_tells_how_many_and_no_more(small, welcome, clock, run):
    welcome("OP-01", "Zeynep")
    clock.forward(days=400)
    run()
    with small.read() as connection:
        line = connection.execute("SELECT * FROM journal ORDER BY id DESC LIMIT 1").fetchone()
        assert retention.last_run(connection) == line["at"]
    assert line["after"] == '{"call names":1}'


def test_names_of_phones_and_accounts_go(small, clock, run, hire):
    clerk, _ = hire("Bram Bos"), hire("Ander")
    with small.write("test", clock()) as write:
        cookie, _ = pair(small, write, make_pairing(write, "OP-01", ON_LETTER)[0], "Ria", None)
        pair(small, write, make_pairing(write, "OP-01", ON_LETTER)[0], "Bo", None)
        revoke(write, 2)
        staff.close(write, clerk.account.id)
    clock.forward(days=360)
    with small.write("test", clock()) as write:
        phone.note_contact(write, phone.by_cookie(write.connection, cookie, clock()))
    clock.forward(days=10)
    gone = run()
    assert (gone["names of phones"], gone["names of accounts"]) == (1, 1)
    with small.read() as connection:
        assert {each.name for each in phone.phones(small, connection)} == {"Ria", ""}
        assert {each.name for each in staff.clerks(connection)} == {"Ander", "account 1"}
        assert account.password_holds(connection, "account 1", clerk.password) is None
    assert "names of accounts" not in run()


def test_technical_leftovers_go_and_the_rest_stays(small, clock, run, hire, sign_in):
    clerk = hire()
    sign_in(clerk)
    clock.forward(days=40)
    sign_in(clerk)
    with small.write("test", clock()) as write:
        make_pairing(write, "OP-01", ON_LETTER)
        uploaded.keep(write, "1", clerk.account.id, "visitors", "a.xlsx", b"PK")
    clock.forward(days=2)
    assert run() == {"sessions": 1, "uploads": 1}
    clock.forward(days=150)
    assert run() == {"pairings": 1}


def test_everything_personal_goes_on_the_day_and_not_before(
    small, welcome, send, clock, run, propose, answer, told
):
    one, two = welcome("WB-01", "Samira", "participant"), welcome("WB-01", "Sam", "participant")
    answer(propose(one, two))
    seen = {"date": "2026-11-19", "daypart": "morning", "task": "green", "hours": "2"}
    send("WB-01", "attendance", seen | {"who": [one.code, two.code]})
    send("WB-01", "step", {"person": one.code, "date": "2026-11-19", "step": "coaching_offered"})
    send("WB-01", "visitors", {"date": "2026-11-19", "daypart": "morning", "visitors": "24"})
    with small.write("account:1", clock()) as write:
        due.set_until(write, clock().date() + dt.timedelta(days=30), clock().date())
    assert "everything personal" not in run()
    clock.forward(days=30)
    assert run()["everything personal"] > 4
    assert "everything personal" not in run()
    with small.read() as connection:
        for table in ("people", "merge", "still_here"):
            assert connection.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0] == 0
        text = ""
        for table in ("form_person_new", "form_step", "form_attendance"):
            for row in connection.execute(f"SELECT * FROM [{table}]").fetchall():
                text += str(tuple(row))
        assert one.code not in text and two.code not in text
        who = connection.execute("SELECT who FROM form_attendance").fetchone()[0]
    assert who == f'["{wipe.NOBODY}","{wipe.NOBODY}"]'
    assert told("SELECT visitors FROM visitors") == [(24,)]


def test_the_day_lies_after_the_deal_and_can_be_taken_back(small, clock):
    with small.write("account:1", clock()) as write, pytest.raises(Refused):
        due.set_until(write, dt.date(2027, 12, 31), dt.date(2028, 1, 1))
    for day in (DAY, DAY, None, None):
        with small.write("account:1", clock()) as write:
            due.set_until(write, day, dt.date(2028, 1, 1))
        with small.read() as connection:
            assert due.until(connection) == day
    with small.read() as connection:
        lines = connection.execute(
            "SELECT before, after FROM journal WHERE object = ? ORDER BY id", (due.SETTING,)
        ).fetchall()
    assert [tuple(line) for line in lines] == [
        (None, '{"day":"2028-02-01"}'),
        ('{"day":"2028-02-01"}', None),
    ]


def test_every_rule_says_what_how_long_why_and_how(small):
    assert len({rule.name for rule in retention.RULES}) == len(retention.RULES)
    for rule in retention.RULES:
        assert all(each.source for each in (rule.what, rule.long, rule.why, rule.how))
