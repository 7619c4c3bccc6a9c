"""Tokens are kept as hashes only, and hold until they are revoked."""

from __future__ import annotations

import pytest

from fieldapp.errors import NotFound
from fieldapp.keep import access_token
from fieldapp.keep.store import Store
from tests.conftest import MOMENT, Clock


def test_a_token_is_found_until_it_is_revoked(store: Store) -> None:
    with store.write("account:1", MOMENT) as write:
        token = access_token.make(write, "monitor", {"progress", "monthly"})
    with store.read() as connection:
        found = access_token.by_token(connection, token)
        assert found and found.workbooks == ("monthly", "progress")
        assert (found.name, found.seen_at, found.revoked_at) == ("monitor", "", "")
        assert access_token.by_token(connection, token[:-1]) is None
        assert access_token.by_token(connection, "") is None
        assert access_token.is_taken(connection, "monitor")
        kept = connection.execute("SELECT token FROM access_token").fetchone()[0]
        assert kept != token
        assert access_token.by_token(connection, kept) is None
    with store.write("account:1", MOMENT) as write:
        access_token.revoke(write, found.id)
    with store.read() as connection:
        assert access_token.by_token(connection, token) is None
        assert not access_token.is_taken(connection, "monitor")


def test_no_two_tokens_are_alike_and_those_that_hold_come_first(store: Store, clock: Clock) -> None:
    with store.write("account:1", clock()) as write:
        made = [access_token.make(write, name, ["monthly"]) for name in ("een", "twee", "drie")]
        access_token.revoke(write, 3)
        access_token.note_use(write, 1)
    assert len(set(made)) == 3
    assert {len(token) for token in made} == {43}
    with store.read() as connection:
        found = access_token.tokens(connection)
    assert [each.name for each in found] == ["twee", "een", "drie"]
    assert [bool(each.seen_at) for each in found] == [False, True, False]


def test_what_is_not_there_cannot_be_revoked(store: Store) -> None:
    with pytest.raises(NotFound), store.write("account:1", MOMENT) as write:
        access_token.revoke(write, 1)
