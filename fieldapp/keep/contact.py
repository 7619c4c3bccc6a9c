"""What phones hold that did not come in yet, what never came, and how far off their clocks are."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.keep.store import Write, stamp

OFF = 120
"""Seconds that a phone's clock may be off before anybody needs to know."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an outbox tells of itself; a number is given to each record when it is made."""

    outbox: str
    given: int = 0
    """The highest number it ever gave."""
    unsent: int | None = None
    """How many wait in it; None when it did not say."""
    lowest: int = 0
    highest: int = 0
    oldest: dt.datetime | None = None
    """When the first of those that wait was made."""
    skew: int | None = None
    """Seconds that the phone's clock is ahead of ours."""
    thrown_away: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How one phone stands: what waits on it, and what it made that never came."""

    unsent: int = 0
    oldest: str = ""
    missing: int = 0
    skew: int = 0

    @property
    def clock_off(self) -> bool:
        """Whether its clock is so far off that days may be wrong."""
        return abs(self.skew) > OFF

    @property
    def waits(self) -> bool:
        """Whether anything is on the phone, or lost, that should be here."""
        return self.unsent > 0 or self.missing > 0


def note(write: Write, phone: int, told: Told) -> None:
    """Notes what a phone's outbox tells; an outbox stays the same when its phone is paired anew."""
    seen = (told.outbox, phone, write.at, told.given, told.skew)
    # Where the phone is the same, its index stays as it is.
    done = write.connection.execute(
        "UPDATE outbox SET seen_at = ?3, given = max(given, ?4), skew = coalesce(?5, skew) "
        "WHERE id = ?1 AND phone = ?2",
        seen,
    )
    if not done.rowcount:
        write.connection.execute(
            "INSERT INTO outbox (id, phone, made_at, seen_at, given, unsent, skew) "
            "VALUES (?1, ?2, ?3, ?3, ?4, 0, ?5) ON CONFLICT(id) DO UPDATE "
            "SET phone = ?2, seen_at = ?3, given = max(given, ?4), skew = coalesce(?5, skew)",
            seen,
        )
    if told.unsent is not None:
        write.connection.execute(
            "UPDATE outbox SET unsent = ?, lowest = ?, highest = ?, oldest = ? WHERE id = ?",
            (
                told.unsent,
                told.lowest,
                told.highest,
                stamp(told.oldest) if told.oldest and told.unsent else None,
                told.outbox,
            ),
        )
    if told.thrown_away:
        write.connection.executemany(
            "INSERT OR IGNORE INTO thrown_away (outbox, number, at) VALUES (?, ?, ?)",
            [(told.outbox, number, write.at) for number in told.thrown_away],
        )


def arrived(write: Write, outbox: str, number: int) -> None:
    """Takes one off what an outbox said that waits in it."""
    write.connection.execute(
        "UPDATE outbox SET given = max(given, ?2), "
        "unsent = max(0, unsent - (?2 BETWEEN coalesce(lowest, 0) AND coalesce(highest, 0))) "
        "WHERE id = ?1",
        (outbox, number),
    )


def phone_of(connection: sqlite3.Connection, outbox: str) -> int | None:
    """The phone that an outbox is on."""
    found = connection.execute("SELECT phone FROM outbox WHERE id = ?", (outbox,)).fetchone()
    return int(found["phone"]) if found else None


def oldest(connection: sqlite3.Connection) -> str:
    """When the oldest record was made that waits on a phone in use; empty when none is known of."""
    found = connection.execute(
        "SELECT min(o.oldest) FROM outbox o JOIN phone p ON p.id = o.phone "
        "WHERE o.unsent > 0 AND p.revoked_at IS NULL"
    ).fetchone()
    return found[0] or ""


def standings(connection: sqlite3.Connection) -> Mapping[int, Standing]:
    """How every phone stands that ever told.

    What waited in an outbox that the phone lost does not wait any more: it is missing.
    """
    found = connection.execute(
        "SELECT phone, unsent, coalesce(oldest, '') AS oldest, given, coalesce(skew, 0) AS skew, "
        "(SELECT count(*) FROM "
        "  (SELECT number FROM arrival WHERE outbox = o.id AND number BETWEEN 1 AND o.given "
        "   UNION SELECT number FROM thrown_away "
        "          WHERE outbox = o.id AND number BETWEEN 1 AND o.given)) AS come "
        "FROM outbox o ORDER BY made_at DESC, rowid DESC"
    ).fetchall()
    told: dict[int, Standing] = {}
    for row in found:
        now = told.get(row["phone"])
        missing = max(0, row["given"] - row["come"] - (0 if now else row["unsent"]))
        told[row["phone"]] = (
            Standing(now.unsent, now.oldest, now.missing + missing, now.skew)
            if now
            else Standing(row["unsent"], row["oldest"], missing, row["skew"])
        )
    return told
