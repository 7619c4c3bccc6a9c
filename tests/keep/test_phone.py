"""A phone is paired once per token, known by its cookie only, and shut out at once."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from fieldapp.errors import NotFound
from fieldapp.keep import phone as phones
from fieldapp.keep.phone import (
    CROCKFORD,
    ON_LETTER,
    ON_SCREEN,
    TOKEN_LENGTH,
    by_cookie,
    choose,
    make_pairing,
    note_contact,
    pair,
    place_of_pairing,
    poster,
    poster_code,
    revoke,
    seen_lately,
    typed,
)


@pytest.fixture
def token(store, clock):
    """Makes a pairing token for a place."""

    def made(place="OP-01", life=ON_LETTER):
        with store.write("office", clock()) as write:
            return make_pairing(write, place, life)[0]

    return made


@pytest.fixture
def paired(store, clock):
    """Pairs with a token; gives the cookie (None when the phone had one)."""

    def done(token, phone=None, name="Ria"):
        with store.write("phone", clock()) as write:
            return pair(store, write, token, name, phone)[0]

    return done


@pytest.fixture
def known(store, clock):
    """The phone with a cookie, as of now."""

    def found(cookie):
        with store.read() as connection:
            return by_cookie(connection, cookie, clock())

    return found


# --- tokens -----------------------------------------------------------------------------------


def test_a_token_is_long_and_of_characters_that_can_be_typed(token):
    tokens = {token() for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(one) == TOKEN_LENGTH and set(one) <= set(CROCKFORD) for one in tokens)
    assert len(CROCKFORD) ** TOKEN_LENGTH == 2**120


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("7k3f", "7K3F"),
        (" 7K3F 9abc ", "7K3F9ABC"),
        ("7K3F-9ABC", "7K3F9ABC"),
        ("7K3F.9ABC\n", "7K3F9ABC"),
        ("oO0", "000"),
        ("iIlL1", "11111"),
        ("", ""),
        ("ß", "SS"),
        ("é\u2028٣", "É٣"),
    ],
)
def test_look_alikes_and_spaces_are_mended(given, meant):
    assert typed(given) == meant


def test_looking_at_a_token_uses_nothing_up(store, token, clock, paired):
    one = token("OP-02")
    with store.read() as connection:
        for _ in range(3):
            assert place_of_pairing(connection, one, clock()) == "OP-02"
        spoken = " ".join(one.lower()[i : i + 4] for i in range(0, 24, 4)).replace("0", "o")
        assert place_of_pairing(connection, spoken, clock()) == "OP-02"
    assert paired(spoken)
    with store.read() as connection:
        assert place_of_pairing(connection, one, clock()) is None


def test_a_token_works_once(token, paired):
    one = token()
    assert paired(one)
    with pytest.raises(NotFound, match="Deze code werkt niet"):
        paired(one)


def race(store, clock, token, how=pair):
    """Twenty phones with one token at once; the cookies that came of it."""
    cookies, refused, start = [], [], threading.Barrier(20)

    def run():
        start.wait(10)
        try:
            with store.write("phone", clock()) as write:
                cookies.append(how(store, write, token, "Ria", None)[0])
        except NotFound as problem:
            refused.append(problem)

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cookies) + len(refused) == 20
    return cookies


def test_of_twenty_phones_with_one_token_one_is_paired(store, clock, token, ask):
    assert len(race(store, clock, token())) == 1
    assert ask("SELECT count(*) FROM phone") == [(1,)]


def test_mutation_a_token_that_is_not_marked_used_pairs_them_all(store, clock, token):
    def forget(store, write, token, name, phone):
        write.connection.execute("UPDATE pairing SET used_at = NULL")
        return pair(store, write, token, name, phone)

    assert len(race(store, clock, token(), forget)) == 20


@pytest.mark.parametrize("life", [ON_SCREEN, ON_LETTER])
def test_a_token_runs_out(store, token, paired, clock, life):
    early, late = token(life=life), token(life=life)
    clock.now += life - dt.timedelta(seconds=1)
    assert paired(early)
    clock.now += dt.timedelta(seconds=1)
    with pytest.raises(NotFound):
        paired(late)
    with store.read() as connection:
        assert place_of_pairing(connection, late, clock()) is None


@pytest.mark.parametrize("wrong", ["", "0" * 24, "OP-01", "' OR 1=1 --", "é", "\x00"])
def test_a_wrong_token_pairs_nothing(store, token, paired, ask, wrong):
    token()
    with pytest.raises(NotFound):
        paired(wrong)
    assert ask("SELECT count(*) FROM phone") == [(0,)]
    assert ask("SELECT used_at FROM pairing") == [(None,)]


def test_tokens_and_cookies_are_kept_hashed_only(store, token, paired, ask, settings):
    one = token()
    cookie = paired(one)
    ((kept,),) = ask("SELECT token FROM phone")
    assert kept == phones.hashed(cookie) != cookie
    assert len(cookie) >= 43, "256 bits"
    dump = repr([ask(f"SELECT * FROM {table}") for table in ("phone", "pairing", "journal")])
    assert one not in dump
    assert cookie not in dump
    assert "Ria" not in dump, "and the call name is sealed"


# --- phones -----------------------------------------------------------------------------------


def test_a_phone_is_known_by_its_cookie(store, token, paired, known):
    found = known(paired(token()))
    assert (found.places, found.revoked_at) == (("OP-01",), "")
    assert known("somebody else's") is None
    assert known("") is None
    with store.read() as connection:
        assert [phone.name for phone in phones.phones(store, connection)] == ["Ria"]


def test_a_revoked_phone_is_unknown_at_once(store, token, paired, known, clock):
    cookie = paired(token())
    with store.write("office", clock()) as write:
        revoke(write, known(cookie).id)
    assert known(cookie) is None
    with store.write("office", clock()) as write, pytest.raises(NotFound):
        revoke(write, 1)
    with store.read() as connection:
        assert [phone.revoked_at for phone in phones.phones(store, connection)] == [
            "2026-11-20T09:12:00Z"
        ]


def test_mutation_a_phone_that_is_not_marked_revoked_goes_on(store, token, paired, known, clock):
    cookie = paired(token())
    with store.write("office", clock()) as write:
        revoke(write, known(cookie).id)
        write.connection.execute("UPDATE phone SET revoked_at = NULL")
    assert known(cookie)


def test_a_phone_that_is_silent_for_a_year_is_unknown(store, token, paired, known, clock):
    silent, heard = paired(token()), paired(token())
    clock.forward(days=364)
    with store.write("phone", clock()) as write:
        note_contact(write, known(heard))
    clock.forward(days=1)
    assert known(silent) is None
    assert known(heard)


def test_contact_is_noted_once_an_hour(token, paired, known, clock):
    found = known(paired(token()))
    assert seen_lately(found, clock())
    clock.forward(minutes=59)
    assert seen_lately(found, clock())
    clock.forward(minutes=2)
    assert not seen_lately(found, clock())


def test_a_phone_may_log_for_several_places_and_chooses_one(store, token, paired, known, clock):
    cookie = paired(token("OP-01"))
    clock.forward(seconds=1)
    assert paired(token("WB-01"), known(cookie)) is None, "it keeps its cookie"
    assert known(cookie).places == ("WB-01", "OP-01"), "the one it was paired to last is on top"
    for place, order in (("OP-01", ("OP-01", "WB-01")), ("WB-01", ("WB-01", "OP-01"))):
        clock.forward(microseconds=1)
        with store.write("phone", clock()) as write:
            choose(write, known(cookie), place)
        assert known(cookie).places == order


def test_choosing_within_the_second_of_pairing_holds(store, token, paired, known, clock):
    cookie = paired(token("OP-01"))
    paired(token("WB-01"), known(cookie))
    clock.forward(milliseconds=300)
    with store.write("phone", clock()) as write:
        choose(write, known(cookie), "OP-01")
    assert known(cookie).places[0] == "OP-01"


def test_a_place_that_the_phone_is_not_paired_to_cannot_be_chosen(
    store, token, paired, known, clock
):
    cookie = paired(token("OP-01"))
    with store.write("phone", clock()) as write, pytest.raises(NotFound):
        choose(write, known(cookie), "OP-02")
    assert known(cookie).places == ("OP-01",)


def test_pairing_again_to_the_same_place_makes_no_second_phone(store, token, paired, known, ask):
    cookie = paired(token())
    assert paired(token(), known(cookie)) is None
    assert known(cookie).places == ("OP-01",)
    assert ask("SELECT count(*) FROM phone") == [(1,)]


# --- posters ----------------------------------------------------------------------------------


def test_the_code_of_a_poster_stays_the_same(store, clock):
    with store.write("office", clock()) as write:
        code = poster_code(write, "OP-01", "visitors")
        assert poster_code(write, "OP-01", "visitors") == code
        others = {poster_code(write, "OP-01", "opening"), poster_code(write, "OP-02", "visitors")}
    assert len(others | {code}) == 3
    assert len(code) == 8
    assert set(code) <= set(CROCKFORD)
    with store.read() as connection:
        for given in (code, code.lower(), code.replace("0", "o").replace("1", "l")):
            assert poster(connection, given) == phones.Poster(code, "OP-01", "visitors")
        assert poster(connection, "00000000") is None
