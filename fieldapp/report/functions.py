"""The functions that the SQL of exports may call; all are deterministic."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from fieldapp.report import judgement, opening, sentence
from fieldapp.report.statement import Value
from fieldapp.report.table import CONFIDENTIAL, HIDDEN, NO_BASELINE, NOT_EXPECTED


def told(value: Value, received: float | None, expected: float | None) -> Value:
    """`value` when something was received; else None when it was expected, 'n.v.t.' when not."""
    if received:
        return value
    return None if expected else NOT_EXPECTED


_SAID: Mapping[str | None, str | None] = MappingProxyType(
    {
        "small": HIDDEN,
        "confidential": CONFIDENTIAL,
        "not_expected": NOT_EXPECTED,
        "no_baseline": NO_BASELINE,
        "not_answered": None,
    }
)


def said(value: Value, status: str | None) -> Value:
    """`value` of a reading, or the word of the status that keeps it from being told."""
    return _SAID.get(status, value)


def doubted(doubtful: Value, value: Value, status: str | None) -> Value:
    """How many of `value` may be double, or a word: it may be too small to tell by itself."""
    return said(doubtful, "small" if value is not None and doubtful is None else status)


SQL_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = MappingProxyType(
    {
        "weekly_hours": (1, opening.weekly_hours),
        "open_days": (1, opening.open_days),
        "evening_hours": (1, opening.evening_hours),
        "weekend_hours": (1, opening.weekend_hours),
        "block_hours": (2, opening.block_hours),
        "told": (3, told),
        "said": (2, said),
        "doubted": (3, doubted),
        "on_path": (2, judgement.on_path),
        "judged": (4, judgement.judge),
        "judged_word": (1, judgement.WORDS.get),
        "figure": (4, sentence.figure),
        "in_words": (8, sentence.in_words),
        "because": (8, sentence.because),
    }
)
"""What exports may call: name → number of arguments and function."""


def add_functions(connection: sqlite3.Connection, zone: str = "Europe/Amsterdam") -> None:
    """Lets the statements of a connection call them; `local_time` is that of `zone`."""
    clock = ZoneInfo(zone)

    def local_time(text: str | None) -> str | None:
        if not text:
            return None
        moment = dt.datetime.fromisoformat(text)
        return (
            (moment if moment.tzinfo else moment.replace(tzinfo=clock))
            .astimezone(clock)
            .isoformat()
        )

    connection.create_function("local_time", 1, local_time, deterministic=True)
    for name, (arguments, function) in SQL_FUNCTIONS.items():
        connection.create_function(name, arguments, function, deterministic=True)
