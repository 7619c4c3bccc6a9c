"""What tests of pages look at: the rows behind them, and people to write about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fieldapp.keep.store import Store

Kept = Callable[..., Sequence[dict[str, Any]]]


@pytest.fixture
def kept(small: Store) -> Kept:
    """The rows of a table as they stand, in the order in which they came."""

    def rows(table: str, **same: Any) -> Sequence[dict[str, Any]]:
        where = " AND ".join(f"[{name}] IS ?" for name in same) or "1"
        with small.read() as connection:
            found = connection.execute(
                f"SELECT * FROM [{table}] WHERE {where} ORDER BY rowid", (*same.values(),)
            ).fetchall()
        return [dict(row) for row in found]

    return rows


@pytest.fixture
def enter(small: Store, send: Callable[..., Any], kept: Kept) -> Callable[..., str]:
    """Enters a person at a place; gives the card code."""

    def entered(place: str, name: str, role: str = "volunteer", **more: str) -> str:
        raw = {
            "role": role,
            "known_elsewhere": "no",
            "call_name": name,
            "started": "2026-11-02",
            "informed": "OK",
        }
        if role == "participant":
            raw["labour_distance"] = "yes"
        receipt = send(place, "person_new", raw | more)
        return str(kept("form_person_new", _id=receipt.id)[0]["person"])

    return entered


@pytest.fixture
def changes(small: Store) -> Callable[[], int]:
    """How many lines the journal has: nothing is kept without one."""

    def counted() -> int:
        with small.read() as connection:
            return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])

    return counted
