"""What was made last is kept: made once, however many wait for it, and never more than a few."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fieldapp.report.recent import Recent


def test_what_is_asked_again_is_not_made_again() -> None:
    made: list[str] = []
    recent = Recent[str](2)

    def ask(key: str) -> str:
        def make() -> str:
            made.append(key)
            return key

        return recent.get(key, make)

    assert [ask(key) for key in "aabab"] == [*"aabab"]
    assert made == ["a", "b"]
    ask("c")  # a was asked for longest ago
    ask("b")
    assert made == ["a", "b", "c"]
    ask("a")
    assert made == ["a", "b", "c", "a"]


def test_all_who_wait_get_what_one_made() -> None:
    recent, everybody = Recent[object](1), threading.Barrier(6)
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        everybody.wait(5)
        return recent.get("october", make)

    with ThreadPoolExecutor(6) as threads:
        found = set(threads.map(ask, range(6)))
    assert found == set(made) and len(made) == 1


def test_who_makes_one_thing_does_not_hold_up_another() -> None:
    recent = Recent[str](2)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(5)
        return "slow"

    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(recent.get, "slow", slow)
        assert begun.wait(5)
        assert recent.get("quick", lambda: "quick") == "quick"
        go_on.set()
        assert waiting.result(5) == "slow"


def test_what_went_wrong_is_tried_again() -> None:
    recent = Recent[int](1)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 // 0)
    assert recent.get("a", lambda: 1) == 1
