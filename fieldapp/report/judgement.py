"""How a figure stands on its path: ahead, on track, asking for attention, or without a path.

A path is dated points that the office entered on the way to a target. Between two points it is
straight; after the last it stays there; before the first nothing was agreed yet.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

TOLERANCE = 0.05
"""Share of what the path asks by which a figure may differ and still be on it."""

AHEAD, ON_TRACK, ATTENTION = "ahead", "on_track", "attention"
NO_PATH, UNKNOWN = "no_path", "unknown"

WORDS: Mapping[str, str] = MappingProxyType(
    {
        AHEAD: "voor op pad",
        ON_TRACK: "op pad",
        ATTENTION: "vraagt aandacht",
        NO_PATH: "geen pad afgesproken",
        UNKNOWN: "geen cijfer",
    }
)
"""How each judgement reads in Dutch."""

_TOWARDS: Mapping[str, int] = MappingProxyType({"more": 1, "fewer": -1})

Point = tuple[str, float]
"""A day and what the path asks on it."""


def asked(points: Sequence[Point], day: str) -> float | None:
    """What the path through `points` asks on `day`; None when there is none (yet)."""
    before = max((point for point in points if point[0] <= day), default=None)
    after = min((point for point in points if point[0] > day), default=None)
    if before is None:
        return None
    if after is None:
        return before[1]
    whole = _days(before[0], after[0])
    return before[1] + (after[1] - before[1]) * _days(before[0], day) / whole


def judge(value: float | None, wanted: float | None, good: str, most: float | None = None) -> str:
    """How `value` stands against what the path asks; `good` is more, fewer or none.

    With `most` (of a target like 200 to 300) a figure beyond it asks for attention too. Where
    neither more nor fewer is good, only a figure on the path is on track.
    """
    if wanted is None:
        return NO_PATH
    if value is None:
        return UNKNOWN
    if most is not None and value > most + _room(most):
        return ATTENTION
    off = value - wanted
    if abs(off) <= _room(wanted):
        return ON_TRACK
    return AHEAD if off * _TOWARDS.get(good, 0) > 0 else ATTENTION


def on_path(points: str | None, day: str) -> float | None:
    """`asked` for SQL: `points` is a JSON array of [day, value]."""
    return asked([(str(at), float(value)) for at, value in json.loads(points or "[]")], day)


def _room(wanted: float) -> float:
    """By how much a figure may be off; the last digits of a sum of fractions do not count."""
    return abs(wanted) * TOLERANCE + 1e-9


def _days(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
