"""The functions that the SQL of exports may call; all are deterministic."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from fieldapp.report import opening
from fieldapp.report.statement import Value
from fieldapp.report.table import NOT_EXPECTED


def told(value: Value, received: float | None, expected: float | None) -> Value:
    """`value` when something was received; else None when it was expected, 'n.v.t.' when not."""
    if received:
        return value
    return None if expected else NOT_EXPECTED


SQL_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = MappingProxyType(
    {
        "weekly_hours": (1, opening.weekly_hours),
        "open_days": (1, opening.open_days),
        "evening_hours": (1, opening.evening_hours),
        "weekend_hours": (1, opening.weekend_hours),
        "block_hours": (2, opening.block_hours),
        "told": (3, told),
    }
)
"""What exports may call: name → number of arguments and function."""


def add_functions(connection: sqlite3.Connection) -> None:
    """Lets the statements of a connection call them."""
    for name, (arguments, function) in SQL_FUNCTIONS.items():
        connection.create_function(name, arguments, function, deterministic=True)
