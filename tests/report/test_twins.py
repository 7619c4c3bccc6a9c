"""Numbers that stand in two results: told in both or in neither, and no difference tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.report import headcount
from fieldapp.report.protect import protect_readings
from fieldapp.report.result import Reading
from tests.report.attacker import MONTHS, MOST, WIJKEN, Bounds, Known, level, result, tighten

ALL = replace(result("persons"), id="people/all", same={"": [("4/1", "")]})
SOME = result("persons")
OF_SOME = ("P1", "P2", "P4")
"""The second counts the same as the first, but not at P3."""
At = tuple[str, str]

numbers = st.lists(st.integers(0, 9), min_size=4, max_size=4)


def summed(values: list[int]) -> Mapping[At, int]:
    """Every number of both results; nobody is at two places."""
    at = dict(zip(WIJKEN, values, strict=True))
    found: dict[At, int] = {}
    for name, places in (("people/all", tuple(WIJKEN)), ("4/1", OF_SOME)):
        found |= {(name, place): at[place] for place in places}
        for wijk in ("west", "east"):
            found[name, wijk] = sum(at[place] for place in places if WIJKEN[place] == wijk)
        found[name, ""] = sum(at[place] for place in places)
    return found


def told(exact: Mapping[At, int], threshold: int) -> Mapping[At, int | None]:
    """What is shown of them in one month."""
    readings = [
        Reading(name, "", MONTHS[0].period, level(row), row, value, None, None, None, "ok")
        for (name, row), value in exact.items()
    ]
    shown = protect_readings(readings, [SOME, ALL], threshold, MONTHS[:1], WIJKEN)
    return {(each.result, each.key): each.value for each in shown}  # type: ignore[misc]


def attack(values: list[int], threshold: int) -> None:
    """Fails when a small number is shown, or narrowed by what both tell."""
    exact = summed(values)
    shown = told(exact, threshold)
    known = [
        Known((name, whole), [(name, part) for part in parts if (name, part) in exact], True)
        for name in ("people/all", "4/1")
        for whole, parts in (
            ("west", ("P1", "P2", "P3")), ("east", ("P4",)), ("", ("west", "east"))
        )
    ]  # fmt: skip
    known += [Known(("people/all", place), [("4/1", place)], True) for place in OF_SOME]
    known += [
        Known(("people/all", row), [("4/1", row), ("people/all", "P3")], True)
        for row in ("west", "")
    ]
    begun: Bounds = {
        at: (value, value) if (value := shown[at]) is not None
        else (1, MOST) if level(at[1]) != "place"
        else (1, threshold - 1) if exact[at] < threshold else (threshold, MOST)
        for at in exact
    }  # fmt: skip
    drawn = tighten(begun, known)
    assert drawn is not None
    for at, value in exact.items():
        if level(at[1]) == "place" and 0 < value < threshold:
            assert shown[at] is None and drawn[at] == (1, threshold - 1), at
    assert all(shown["people/all", place] == shown["4/1", place] for place in OF_SOME)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(numbers, st.sampled_from([3, 5]))
def test_no_number_that_stands_twice_tells_of_another(values: list[int], threshold: int) -> None:
    attack(values, threshold)


def test_when_they_are_settled_apart_the_attack_succeeds() -> None:
    attack([0, 3, 1, 1], 3)
    with mock.patch.object(headcount, "told_twice", lambda *_: iter(())):
        for values in ([0, 3, 1, 1], [0, 3, 2, 1]):
            with pytest.raises(AssertionError):
                attack(values, 3)


def test_without_what_the_first_has_more_the_attack_succeeds() -> None:
    attack([0, 2, 2, 3], 3)
    with mock.patch.object(headcount, "in_more", lambda *_: iter(())):
        for values in ([0, 2, 2, 3], [0, 9, 2, 2]):
            with pytest.raises(AssertionError):
                attack(values, 3)
