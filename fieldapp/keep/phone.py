"""Phones paired to places, pairings that are used once, and the codes on posters."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.errors import NotFound
from fieldapp.keep.store import Store, Write, stamp

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_LENGTH = 24  # 120 bits
POSTER_LENGTH = 8

ON_SCREEN = dt.timedelta(minutes=10)
ON_LETTER = dt.timedelta(days=14)
SILENT = dt.timedelta(days=365)
_SEEN_EVERY = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Phone:
    """A paired phone with the places it may log for; the first is the one it logs for now."""

    id: int
    places: tuple[str, ...]
    seen_at: str
    paired_at: str
    revoked_at: str = ""
    name: str = ""
    """The name under which it was paired; opened for lists only."""


@dataclass(frozen=True, slots=True)
class Poster:
    """What a poster's code leads to; the code gives no rights."""

    code: str
    place: str
    form: str


def hashed(token: str) -> str:
    """The only form in which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def typed(token: str) -> str:
    """A token as somebody typed it: any case, with spaces or dashes, look-alikes mended."""
    bare = re.sub(r"[\s\-.]", "", token).upper()
    return bare.translate(str.maketrans("OIL", "011"))


def make_pairing(write: Write, place: str, life: dt.timedelta) -> tuple[str, dt.datetime]:
    """A new pairing token for `place` and until when it can be used."""
    token = "".join(secrets.choice(CROCKFORD) for _ in range(TOKEN_LENGTH))
    until = write.now + life
    write.connection.execute(
        "INSERT INTO pairing (token, place, made_by, made_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        (hashed(token), place, write.actor, stamp(write.now), stamp(until)),
    )
    write.note("pairing made", "place", place, None, {"until": stamp(until)})
    return token, until


def place_of_pairing(connection: sqlite3.Connection, token: str, now: dt.datetime) -> str | None:
    """The place a token pairs to, or None when it is wrong, used or too old; uses nothing up."""
    found = connection.execute(
        "SELECT place FROM pairing WHERE token = ? AND used_at IS NULL AND expires_at > ?",
        (hashed(typed(token)), stamp(now)),
    ).fetchone()
    return str(found["place"]) if found else None


def pair(
    store: Store, write: Write, token: str, name: str, phone: Phone | None
) -> tuple[str | None, str]:
    """Uses up a token; gives the phone's new cookie (None when it was paired before) and place.

    NotFound when the token is wrong, used or too old: of twenty tries at once one succeeds.
    """
    found = write.connection.execute(
        "UPDATE pairing SET used_at = ?1 WHERE token = ?2 AND used_at IS NULL AND expires_at > ?1 "
        "RETURNING id, place",
        (stamp(write.now), hashed(typed(token))),
    ).fetchone()
    if not found:
        raise NotFound("Deze code werkt niet.")
    cookie = None
    if phone is None:
        cookie = secrets.token_urlsafe(32)
        number = _add(store, write, cookie, name)
    else:
        number = phone.id
    place = str(found["place"])
    write.connection.execute("UPDATE pairing SET phone = ? WHERE id = ?", (number, found["id"]))
    write.connection.execute(
        "INSERT INTO phone_place (phone, place, at, chosen_at) VALUES (?1, ?2, ?3, ?3) "
        "ON CONFLICT(phone, place) DO UPDATE SET chosen_at = ?3, revoked_at = NULL",
        (number, place, _chosen(write)),
    )
    write.note("paired", "phone", str(number), None, {"place": place})
    return cookie, place


def _add(store: Store, write: Write, cookie: str, name: str) -> int:
    now = stamp(write.now)
    number = write.connection.execute(
        "INSERT INTO phone (token, paired_at, seen_at) VALUES (?, ?, ?) RETURNING id",
        (hashed(cookie), now, now),
    ).fetchone()["id"]
    sealed = store.seal.close(name, "phone", str(number), "name")
    write.connection.execute("UPDATE phone SET name = ? WHERE id = ?", (sealed, number))
    return int(number)


def by_cookie(connection: sqlite3.Connection, cookie: str, now: dt.datetime) -> Phone | None:
    """The phone with this cookie; None when it is unknown, revoked or silent for a year."""
    found = connection.execute(
        "SELECT p.id, p.seen_at, p.paired_at, h.place FROM phone p "
        "JOIN phone_place h ON h.phone = p.id AND h.revoked_at IS NULL "
        "WHERE p.token = ? AND p.revoked_at IS NULL AND p.seen_at > ? "
        "ORDER BY h.chosen_at DESC, h.place",
        (hashed(cookie), stamp(now - SILENT)),
    ).fetchall()
    if not found:  # or it has no place any more
        return None
    number, seen_at, paired_at, _ = found[0]
    return Phone(number, tuple([place for *_, place in found]), seen_at, paired_at)


def phones(store: Store, connection: sqlite3.Connection) -> Sequence[Phone]:
    """Every phone ever paired, last contact first."""
    found = connection.execute("SELECT * FROM phone ORDER BY seen_at DESC").fetchall()
    return [_phone(store, connection, row) for row in found]


def call_name(store: Store, connection: sqlite3.Connection, number: int) -> str:
    """The name under which a phone was paired."""
    found = connection.execute("SELECT name FROM phone WHERE id = ?", (number,)).fetchone()
    return store.seal.open(found["name"], "phone", str(number), "name") if found else ""


def _phone(store: Store, connection: sqlite3.Connection, found: sqlite3.Row) -> Phone:
    places = connection.execute(
        "SELECT place FROM phone_place WHERE phone = ? AND revoked_at IS NULL "
        "ORDER BY chosen_at DESC, place",
        (found["id"],),
    ).fetchall()
    name = store.seal.open(found["name"], "phone", str(found["id"]), "name")
    return Phone(
        found["id"],
        tuple(row["place"] for row in places),
        found["seen_at"],
        found["paired_at"],
        found["revoked_at"] or "",
        name,
    )


def seen_lately(phone: Phone, now: dt.datetime) -> bool:
    """Whether the last contact was noted within the hour, so that pages need not write."""
    return dt.datetime.fromisoformat(phone.seen_at) > now - _SEEN_EVERY


def note_contact(write: Write, phone: Phone) -> None:
    """Notes that the phone was here."""
    write.connection.execute(
        "UPDATE phone SET seen_at = ? WHERE id = ?", (stamp(write.now), phone.id)
    )


def choose(write: Write, phone: Phone, place: str) -> None:
    """Makes `place` the one the phone logs for; NotFound when the phone is not paired to it."""
    if place not in phone.places:
        raise NotFound("Deze telefoon hoort niet bij die plek.")
    write.connection.execute(
        "UPDATE phone_place SET chosen_at = ? WHERE phone = ? AND place = ?",
        (_chosen(write), phone.id, place),
    )


def _chosen(write: Write) -> str:
    """The moment to the microsecond: two switches within a second keep their order."""
    return write.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def revoke(write: Write, phone: int) -> None:
    """Ends a phone's access at once; what it logged stays."""
    done = write.connection.execute(
        "UPDATE phone SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
        (stamp(write.now), phone),
    )
    if not done.rowcount:
        raise NotFound("Deze telefoon is er niet, of is al afgesloten.")
    write.note("revoked", "phone", str(phone))


def poster_code(write: Write, place: str, form: str) -> str:
    """The code on the poster of a form at a place, made when there is none yet."""
    found = write.connection.execute(
        "SELECT code FROM poster WHERE place = ? AND form = ?", (place, form)
    ).fetchone()
    if found:
        return str(found["code"])
    code = "".join(secrets.choice(CROCKFORD) for _ in range(POSTER_LENGTH))
    write.connection.execute(
        "INSERT INTO poster (code, place, form, at) VALUES (?, ?, ?, ?)",
        (code, place, form, stamp(write.now)),
    )
    write.note("poster made", "place", place, None, {"form": form})
    return code


def poster(connection: sqlite3.Connection, code: str) -> Poster | None:
    """What the poster with this code is for."""
    found = connection.execute(
        "SELECT code, place, form FROM poster WHERE code = ?", (typed(code),)
    ).fetchone()
    return Poster(*found) if found else None


def posters(connection: sqlite3.Connection, place: str) -> Sequence[Poster]:
    """What hangs on the wall of a place."""
    found = connection.execute(
        "SELECT code, place, form FROM poster WHERE place = ? ORDER BY code", (place,)
    )
    return [Poster(*row) for row in found]
