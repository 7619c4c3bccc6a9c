"""What a form costs a phone, as a table of the README.

`python -m tests.bench.phone` keeps the figures. Bytes and taps are checked by
tests/browser/test_budget.py; seconds are of one machine.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import reference

FIGURES = Path(__file__).parent / "bench" / "figures.json"

_HEADS = (
    "form",
    "people in its lists",
    "first visit",
    "after first focus",
    "until saved",
    "requests",
    "seconds until it works",
    "taps",
)
_PEERS = (
    ("Enketo, its JavaScript alone", "266 kB"),
    ("ODK Web Forms, its JavaScript alone", "1250 kB"),
)
_NONE = ("",) * 5


@dataclass(frozen=True)
class Cost:
    """One form on one phone: bytes so far at three moments, seconds of each round, and taps."""

    form: str
    people: int
    first: int
    focus: int
    saved: int
    requests: Sequence[int]
    """How many of the first visit, and how many until saved; all to the app itself."""
    ready: int
    """What the phone then keeps ready for when there is no signal."""
    seconds: Sequence[float]
    taps: int


def read() -> list[Cost]:
    """The figures that the README tells."""
    return [Cost(**each) for each in json.loads(FIGURES.read_text("utf-8"))]


def table(costs: Sequence[Cost]) -> str:
    """Each form, and beneath them what others weigh."""
    own = [
        (
            f"`{it.form}`",
            it.people or "–",
            _kilo(it.first),
            f"+{_kilo(it.focus - it.first)}",
            _kilo(it.saved),
            "{} → {}".format(*it.requests),
            f"{statistics.median(it.seconds):.2f} ({min(it.seconds):.2f}–{max(it.seconds):.2f})",
            it.taps,
        )
        for it in costs
    ]
    return reference.table(_HEADS, [*own, *((name, "", kilo, *_NONE) for name, kilo in _PEERS)])


def ready(costs: Sequence[Cost]) -> str:
    """What is not in the table."""
    most = _kilo(max(it.ready for it in costs))
    return (
        "Not in it: what a browser may fetch by itself to offer an icon on the home screen, and "
        f"what the phone\nfetches in the background once something was saved, to have every page "
        f"of the place ready for when\nthere is no signal: at most {most} here."
    )


def _kilo(many: int) -> str:
    return f"{many / 1000:.1f} kB"
