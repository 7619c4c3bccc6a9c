"""The office gets in with a password and a one-time code that counts once, and not for ever."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest

from fieldapp.errors import BadRequest
from fieldapp.keep import account, attempt
from fieldapp.keep.account import IDLE, LONGEST, by_session, password_holds, sign_out

PASSWORD = "appel molen regen"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Passwords hash quickly here; one test below looks at the real method."""
    monkeypatch.setattr(account, "_METHOD", "pbkdf2:sha256:1")
    nobody = account.generate_password_hash("nobody", "pbkdf2:sha256:1")
    monkeypatch.setattr(account, "_NOBODY", nobody)


@pytest.fixture
def new(store, clock):
    """A new account of the office."""
    with store.write("system", clock()) as write:
        return account.add(store, write, "kantoor", PASSWORD)


@pytest.fixture
def enter(store, clock, new):
    """Signs in with a one-time code; the session's token, or None."""

    def entered(code, number=new.account.id):
        with store.write("office", clock()) as write:
            return account.sign_in(store, write, number, code)

    return entered


@pytest.fixture
def code(new, clock):
    """The one-time code of a number of steps from now."""
    return lambda steps=0: pyotp.TOTP(new.totp_secret).at(
        clock() + dt.timedelta(seconds=30 * steps)
    )


@pytest.fixture
def inside(store, clock):
    """Who is signed in with a token."""

    def found(token):
        with store.read() as connection:
            session = by_session(connection, token, clock())
        return session[0].name if session else None

    return found


# --- passwords --------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["kort", "11 tekens!!", "x" * 129, "", "abcdefghijk"])
def test_a_password_has_12_to_128_characters(password):
    with pytest.raises(BadRequest, match="needs 12 to 128 characters"):
        account.check_password("kantoor", password)


@pytest.mark.parametrize(
    "password",
    ["aaaaaaaaaaaaaaa", "abcdabcdabcdabcd", "mijn kantoor 2026", "KANTOORKANTOOR", "123456789012"],
)
def test_an_easy_password_is_refused(password):
    with pytest.raises(BadRequest, match="easy to guess"):
        account.check_password("kantoor", password)


def test_every_common_password_that_is_long_enough_is_refused():
    long = [one for one in account.common_passwords() if 12 <= len(one) <= 128]
    assert len(long) >= 10
    for one in long:
        with pytest.raises(BadRequest):
            account.check_password("iemand", one.upper())


@pytest.mark.parametrize("password", [PASSWORD, "correct-paard-accu", "é" * 3 + "ùabcdefghij"])
def test_three_words_make_a_good_password(password):
    account.check_password("kantoor", password)


def test_a_password_is_kept_as_scrypt(monkeypatch, store, clock, ask):
    monkeypatch.undo()
    assert account._METHOD == "scrypt:32768:8:3"
    assert account._NOBODY.startswith("scrypt:32768:8:3$"), "a name that nobody has takes as long"
    with store.write("system", clock()) as write:
        account.add(store, write, "kantoor", PASSWORD)
    ((kept, totp),) = ask("SELECT password, totp FROM account")
    assert kept.startswith("scrypt:32768:8:3$")
    assert len(kept.rpartition("$")[2]) == len(account._NOBODY.rpartition("$")[2])
    assert totp.startswith("1:"), "and the secret of the one-time code is sealed"


def test_a_password_holds_for_its_own_account(store, new):
    with store.read() as connection:
        assert password_holds(connection, "kantoor", PASSWORD) == new.account.id
        for name, password in (
            ("kantoor", PASSWORD + "!"),
            ("kantoor", ""),
            ("kantoor", PASSWORD.upper()),
            ("iemand", PASSWORD),
            ("iemand", "nobody has this password"),
            ("", ""),
            ("' OR 1=1 --", PASSWORD),
        ):
            assert password_holds(connection, name, password) is None


def test_a_closed_account_is_shut(store, new, enter, code, inside, outside):
    token = enter(code())
    outside.execute("UPDATE account SET closed_at = '2026-11-20T09:12:00Z'")
    assert inside(token) is None
    with store.read() as connection:
        assert password_holds(connection, "kantoor", PASSWORD) is None


@pytest.mark.parametrize(
    ("name", "role", "said"),
    [
        ("kantoor", "office", "there is an account 'kantoor' already"),
        ("iemand", "boss", "role 'boss' is unknown: choose office or reader"),
        ("x", "office", "needs 2 to 60 characters"),
    ],
)
def test_an_account_that_cannot_be_is_refused(store, clock, new, name, role, said):
    with store.write("system", clock()) as write, pytest.raises(BadRequest, match=said):
        account.add(store, write, name, PASSWORD, role)


def test_the_owner_is_told_an_address_to_scan(new):
    assert new.uri("fieldapp").startswith("otpauth://totp/fieldapp:kantoor?secret=")
    assert new.totp_secret in new.uri("fieldapp")


# --- one-time codes ---------------------------------------------------------------------------


def test_password_and_code_let_in(enter, code, inside, ask):
    token = enter(code())
    assert inside(token) == "kantoor"
    ((kept,),) = ask("SELECT token FROM session")
    assert kept != token


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "1234567", "１２３４５６", "é", "abcdef"])
def test_a_wrong_code_does_not(new, enter, code, ask, wrong):
    assert wrong != code()
    assert enter(wrong) is None
    assert ask("SELECT count(*) FROM session") == [(0,)]


def test_nobody_does_not_sign_in(enter, code):
    assert enter(code(), None) is None
    assert enter(code(), 99) is None


def test_a_code_with_a_space_is_read(enter, code):
    assert enter(f" {code()[:3]} {code()[3:]} ")


def test_a_code_works_once(enter, code, clock):
    assert enter(code())
    assert enter(code()) is None
    clock.forward(seconds=29)
    assert enter(code(-1)) is None, "nor does an older one after it"
    clock.forward(seconds=30)
    assert enter(code())


def test_mutation_without_the_last_step_a_code_works_again(enter, code, outside):
    assert enter(code())
    outside.execute("UPDATE account SET totp_step = 0")
    assert enter(code()), "pyotp itself takes a code again within its time"


@pytest.mark.parametrize(
    ("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_may_be_half_a_minute_off(enter, code, steps, works):
    assert bool(enter(code(steps))) is works


def test_a_recovery_code_works_once(new, enter, ask):
    assert len(set(new.recovery_codes)) == 10
    first, second = new.recovery_codes[:2]
    assert enter(first.lower())
    assert enter(first) is None
    assert enter(f"{second[:5]}-{second[5:]}")
    assert ask("SELECT count(*) FROM recovery WHERE used_at IS NULL") == [(8,)]
    kept = {row[0] for row in ask("SELECT code FROM recovery")}
    assert not kept & set(new.recovery_codes)


def test_a_recovery_code_of_somebody_else_does_not(store, clock, new, enter):
    with store.write("system", clock()) as write:
        other = account.add(store, write, "tweede", PASSWORD)
    assert enter(other.recovery_codes[0]) is None


# --- sessions ---------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_without_use(enter, code, inside, clock):
    token = enter(code())
    clock.now += IDLE - dt.timedelta(seconds=1)
    assert inside(token)
    clock.now += dt.timedelta(seconds=1)
    assert inside(token) is None


def test_a_session_that_is_used_lasts_twelve_hours_at_most(store, enter, code, inside, clock):
    token, began = enter(code()), clock()
    while clock() + dt.timedelta(minutes=20) < began + LONGEST:
        clock.forward(minutes=20)
        assert inside(token), clock()
        with store.write("office", clock()) as write:
            account.note_use(write, token)
    clock.now = began + LONGEST
    assert inside(token) is None


def test_signing_out_ends_the_session_for_good(store, enter, code, inside, clock):
    token = enter(code())
    with store.write("office", clock()) as write:
        sign_out(write, token)
        account.note_use(write, token)
    assert inside(token) is None


def test_every_sign_in_is_a_session_of_its_own(store, enter, code, inside, clock):
    first = enter(code())
    clock.forward(seconds=30)
    second = enter(code())
    assert first != second
    with store.write("office", clock()) as write:
        sign_out(write, first)
    assert inside(first) is None
    assert inside(second)


# --- wrong tries ------------------------------------------------------------------------------


@pytest.fixture
def wait(store, clock):
    """Seconds until the next try counts."""

    def waited(scope="account:kantoor"):
        with store.read() as connection:
            return attempt.wait(connection, scope, clock())

    return waited


@pytest.fixture
def fail(store, clock):
    """Some wrong tries."""

    def failed(times=1, scope="account:kantoor"):
        for _ in range(times):
            with store.write("office", clock()) as write:
                attempt.failed(write, scope)

    return failed


def test_wrong_tries_slow_down_more_and_more(wait, fail):
    waits = []
    for _ in range(15):
        fail()
        waits.append(wait())
    assert waits == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]


def test_waiting_helps_and_other_scopes_do_not_wait(wait, fail, clock):
    fail(6)
    assert (wait(), wait("account:iemand")) == (8, 0)
    clock.forward(seconds=5)
    assert wait() == 3
    clock.forward(seconds=60)
    assert wait() == 0


def test_nobody_is_ever_locked_out(wait, fail, clock):
    fail(500)
    assert wait() == attempt.LONGEST_WAIT
    clock.forward(seconds=attempt.LONGEST_WAIT)
    assert wait() == 0


def test_wrong_tries_are_forgotten_after_an_hour_and_after_a_right_one(store, wait, fail, clock):
    fail(10)
    clock.forward(hours=1, seconds=1)
    assert wait() == 0
    fail()
    assert wait() == 0, "the count starts anew"
    fail(5)
    assert wait()
    with store.write("office", clock()) as write:
        attempt.passed(write, "account:kantoor")
    assert wait() == 0


def test_mutation_without_counting_there_is_no_wait(wait, fail, outside):
    fail(10)
    outside.execute("DELETE FROM attempt")
    assert wait() == 0
