"""What `make profile` looks at: answers that are kept and count, not the way of doubles."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.bench import profile
from tests.bench.home import NOW, Home

TAKEN = ("2026-11-19", "morning")


@pytest.fixture
def home(
    small: Any, settings: Any, workbooks: Any, clock: Any, send: Any, monkeypatch: Any
) -> Home:
    """A home in which the visitors of one morning are told."""
    clock.now = NOW
    monkeypatch.setattr(profile, "MANY", 12)
    send("OP-01", "visitors", {"date": TAKEN[0], "daypart": TAKEN[1], "visitors": "3"})
    return Home(settings.data, settings, small, workbooks)


def test_every_answer_is_kept_as_one_that_counts(home: Home) -> None:
    assert TAKEN not in list(itertools.islice(profile.free_dayparts(home), 60))
    profile.saved(home)()
    with home.store.read() as connection:
        found = connection.execute("SELECT _state, count(*) FROM form_visitors GROUP BY 1")
        assert [tuple(row) for row in found] == [("current", 13)]


def test_mutation_a_daypart_that_is_taken_is_noticed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile, "free_dayparts", lambda home: iter([TAKEN]))
    with pytest.raises(AssertionError, match="'double'"):
        profile.saved(home)()
