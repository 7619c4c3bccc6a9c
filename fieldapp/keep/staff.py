"""The office's accounts as the office itself keeps them: listed, renewed, closed, given a role."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.security import check_password_hash

from fieldapp.errors import Conflict, NotFound
from fieldapp.keep.account import (
    Account,
    NewAccount,
    check_password,
    give_keys,
    give_password,
)
from fieldapp.keep.phone import hashed
from fieldapp.keep.store import Store, Write, stamp

OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Clerk:
    """An account as the list shows it."""

    id: int
    name: str
    role: str
    made_at: str
    seen_at: str
    """When it was last used; empty when never."""
    codes: int
    """How many recovery codes are left."""
    closed_at: str


_CLERKS = """
SELECT a.id, a.name, a.role, a.made_at,
       coalesce((SELECT max(s.seen_at) FROM session s WHERE s.account = a.id), '') AS seen_at,
       (SELECT count(*) FROM recovery r WHERE r.account = a.id AND r.used_at IS NULL) AS codes,
       coalesce(a.closed_at, '') AS closed_at
  FROM account a
"""


def clerks(connection: sqlite3.Connection) -> Sequence[Clerk]:
    """Every account, those that are open first."""
    found = connection.execute(f"{_CLERKS} ORDER BY a.closed_at IS NOT NULL, a.name")
    return [Clerk(*row) for row in found]


def clerk(connection: sqlite3.Connection, number: int) -> Clerk:
    """One account; NotFound when there is none."""
    found = connection.execute(f"{_CLERKS} WHERE a.id = ?", (number,)).fetchone()
    if not found:
        raise NotFound("Dit account is er niet.")
    return Clerk(*found)


def is_taken(connection: sqlite3.Connection, name: str) -> bool:
    """Whether an account has this name, or ever had it."""
    return bool(connection.execute("SELECT 1 FROM account WHERE name = ?", (name,)).fetchone())


def holds(connection: sqlite3.Connection, number: int, password: str) -> bool:
    """Whether this is the password of an account."""
    found = connection.execute(
        "SELECT password FROM account WHERE id = ? AND closed_at IS NULL", (number,)
    ).fetchone()
    return bool(found) and check_password_hash(found["password"], password[:128])


def renew(
    store: Store, write: Write, number: int, password: str = "", keep: str = ""
) -> NewAccount:
    """An account with a new one-time secret and new recovery codes; what it had works no more.

    With `password` it gets that one as well. Its sessions end, but for the one with token `keep`.
    Conflict when it is closed, BadRequest when the password is too easy.
    """
    found = _still_open(write.connection, number)
    if password:
        check_password(found.name, password)
        give_password(write, number, password)
    secret, codes = give_keys(store, write, number)
    _end_sessions(write, number, keep)
    note = {"password": True} if password else None
    write.note("account renewed", "account", str(number), None, note)
    return NewAccount(Account(number, found.name, found.role), secret, codes)


def change_password(write: Write, number: int, password: str, keep: str = "") -> None:
    """Gives an account another password; its sessions end, but for the one with token `keep`.

    Conflict when the account is closed, BadRequest when the password is too easy.
    """
    found = _still_open(write.connection, number)
    check_password(found.name, password)
    give_password(write, number, password)
    _end_sessions(write, number, keep)
    write.note("password changed", "account", str(number))


def set_role(write: Write, number: int, role: str) -> None:
    """Gives an account another role; Conflict when it is closed, or nobody would be left.

    Somebody of the office must stay.
    """
    found = _still_open(write.connection, number)
    if found.role == role:
        return
    _insist_on_others(write.connection, found)
    write.connection.execute("UPDATE account SET role = ? WHERE id = ?", (role, number))
    write.note("role given", "account", str(number), {"role": found.role}, {"role": role})


def close(write: Write, number: int) -> None:
    """Ends an account and its sessions for good; Conflict when nobody of the office would stay."""
    found = clerk(write.connection, number)
    if found.closed_at:
        return
    _insist_on_others(write.connection, found)
    write.connection.execute(
        "UPDATE account SET closed_at = ? WHERE id = ?", (stamp(write.now), number)
    )
    _end_sessions(write, number, "")
    write.note("account closed", "account", str(number))


def _still_open(connection: sqlite3.Connection, number: int) -> Clerk:
    found = clerk(connection, number)
    if found.closed_at:
        raise Conflict("Dit account is gesloten.")
    return found


def _insist_on_others(connection: sqlite3.Connection, leaving: Clerk) -> None:
    others = connection.execute(
        "SELECT 1 FROM account WHERE role = ? AND closed_at IS NULL AND id <> ?",
        (OFFICE, leaving.id),
    ).fetchone()
    if leaving.role == OFFICE and not others:
        raise Conflict("Dit is het laatste account van het bureau. Voeg eerst een ander toe.")


def _end_sessions(write: Write, number: int, keep: str) -> None:
    write.connection.execute(
        "UPDATE session SET ended_at = ? WHERE account = ? AND ended_at IS NULL AND token <> ?",
        (stamp(write.now), number, hashed(keep)),
    )
