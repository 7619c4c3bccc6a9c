"""Tokens with which other programs read public workbooks: made once, narrowed, revoked."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fieldapp.errors import NotFound
from fieldapp.keep.phone import hashed
from fieldapp.keep.store import Write, stamp

_BYTES = 32


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What is kept of a token: never the token itself."""

    id: int
    name: str
    """Who uses it, as the office calls them."""
    workbooks: tuple[str, ...]
    """What it may read."""
    made_at: str
    seen_at: str
    revoked_at: str


def make(write: Write, name: str, workbooks: Collection[str]) -> str:
    """A new token that may read `workbooks`; it is told this once."""
    token = secrets.token_urlsafe(_BYTES)
    scope = " ".join(sorted(workbooks))
    number = write.connection.execute(
        "INSERT INTO access_token (name, token, workbooks, made_at, made_by) "
        "VALUES (?, ?, ?, ?, ?) RETURNING id",
        (name, hashed(token), scope, stamp(write.now), write.actor),
    ).fetchone()["id"]
    write.note("token made", "access_token", str(number), None, {"workbooks": scope})
    return token


def by_token(connection: sqlite3.Connection, token: str) -> AccessToken | None:
    """What is kept of `token`; None when it is unknown or revoked."""
    found = connection.execute(
        f"{_SELECT} WHERE token = ? AND revoked_at IS NULL",
        (hashed(token),),
    ).fetchone()
    return _access_token(found) if found else None


def tokens(connection: sqlite3.Connection) -> Sequence[AccessToken]:
    """Every token ever made, those that still hold first, then the last made first."""
    found = connection.execute(f"{_SELECT} ORDER BY revoked_at IS NOT NULL, id DESC")
    return [_access_token(row) for row in found]


def is_taken(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a token that still holds has this name."""
    found = connection.execute(
        "SELECT 1 FROM access_token WHERE name = ? AND revoked_at IS NULL", (name,)
    ).fetchone()
    return found is not None


def note_use(write: Write, number: int) -> None:
    """Notes that a token was used."""
    write.connection.execute(
        "UPDATE access_token SET seen_at = ? WHERE id = ?", (stamp(write.now), number)
    )


def revoke(write: Write, number: int) -> None:
    """Ends what a token may do at once; NotFound when there is none, or it was ended before."""
    done = write.connection.execute(
        "UPDATE access_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
        (stamp(write.now), number),
    )
    if not done.rowcount:
        raise NotFound("Deze sleutel is er niet, of is al ingetrokken.")
    write.note("token revoked", "access_token", str(number))


_SELECT = (
    "SELECT id, name, workbooks, made_at, coalesce(seen_at, '') AS seen_at, "
    "coalesce(revoked_at, '') AS revoked_at FROM access_token"
)


def _access_token(found: sqlite3.Row) -> AccessToken:
    return AccessToken(
        found["id"],
        found["name"],
        tuple(found["workbooks"].split()),
        found["made_at"],
        found["seen_at"],
        found["revoked_at"],
    )
