"""The journal: one line per change, each sealed with an HMAC over the line before it."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

Values = Mapping[str, Any]

_COLUMNS = ("at", "actor", "action", "object", "row", "before", "after")
_FIRST = "0" * 64
_sealed = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_sorted = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Journal:
    """Writes and checks the chain with one secret key."""

    def __init__(self, key: str) -> None:
        self._key = bytes.fromhex(key)

    def head(self, connection: sqlite3.Connection) -> tuple[int, str]:
        """Number and seal of the last line; (0, zeros) when there is none."""
        found = connection.execute("SELECT id, mac FROM journal ORDER BY id DESC LIMIT 1")
        last = found.fetchone()
        return (last["id"], last["mac"]) if last else (0, _FIRST)

    def add(
        self, connection: sqlite3.Connection, previous: str, line: tuple[str | None, ...]
    ) -> tuple[int, str]:
        """Appends a line (at, actor, action, object, row, before, after): its number and seal."""
        mac = self._seal(previous, line)
        added = connection.execute(
            "INSERT INTO journal (at, actor, action, object, row, before, after, mac) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*line, mac),
        )
        return added.lastrowid or 0, mac

    def keyed(self, text: str) -> str:
        """A fingerprint of `text` that tells nothing of it to who does not hold our key."""
        return hmac.new(self._key, f"fingerprint\x1f{text}".encode(), hashlib.sha256).hexdigest()

    def broken(self, connection: sqlite3.Connection, after: int = 0) -> str | None:
        """The first place where the chain does not hold, as a sentence; None when it does.

        The lines up to `after` are taken to be as they were.
        """
        before = connection.execute("SELECT mac FROM journal WHERE id = ?", (after,)).fetchone()
        previous = before["mac"] if before else _FIRST
        lines = connection.execute(
            f"SELECT id, mac, {', '.join(_COLUMNS)} FROM journal "
            "WHERE ?1 = 0 OR id > ?1 ORDER BY id",
            (after,),
        )
        for number, (line, mac, *told) in enumerate(lines, after + 1):
            if line != number:
                return f"journal line {number} is missing"
            previous = self._seal(previous, told)
            if not hmac.compare_digest(previous, mac):
                return f"journal line {number} was changed"
        return None

    def _seal(self, previous: str, line: Sequence[str | None]) -> str:
        text = _sealed((previous, *line)).encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, text, "sha256").hex()


def as_json(values: Values | None) -> str | None:
    """`values` as the journal keeps them."""
    return None if values is None else _sorted(values)
