"""Office accounts: password and one-time code, sessions, recovery codes; two roles."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import pyotp
from werkzeug.security import check_password_hash, generate_password_hash

from fieldapp.errors import BadRequest
from fieldapp.keep.phone import CROCKFORD, hashed, typed
from fieldapp.keep.store import Store, Write, stamp

ROLES = ("office", "reader")
IDLE = dt.timedelta(minutes=30)
LONGEST = dt.timedelta(hours=12)

_METHOD = "scrypt:32768:8:3"
_RECOVERY_CODES = 10
_STEP = 30  # seconds of a one-time code
_NOBODY = f"{_METHOD}$nobody${'0' * 128}"
"""What no password comes to, found out as slowly as any other."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the office: `office` may do everything, `reader` may look and download."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What the owner of a new account must be told once."""

    account: Account
    totp_secret: str
    recovery_codes: Sequence[str]

    def uri(self, issuer: str) -> str:
        """The address that an authenticator app scans."""
        return pyotp.TOTP(self.totp_secret).provisioning_uri(
            name=self.account.name, issuer_name=issuer
        )


def common_passwords() -> frozenset[str]:
    """Passwords that everybody tries first."""
    text = resources.files("fieldapp.keep").joinpath("passwords.txt").read_text("utf-8")
    return frozenset(text.split())


def check_password(name: str, password: str) -> None:
    """BadRequest with a sentence when a password is too short, too long or too easy."""
    if not 12 <= len(password) <= 128:
        raise BadRequest("the password needs 12 to 128 characters: three words make a good one")
    plain = password.casefold().replace(" ", "")
    if plain in common_passwords() or name.casefold() in plain or len(set(plain)) < 5:
        raise BadRequest("this password is easy to guess: three words make a good one")


def add(
    store: Store,
    write: Write,
    name: str,
    password: str,
    role: str = "office",
    totp_secret: str | None = None,
) -> NewAccount:
    """A new account; BadRequest when the name is taken or the password too easy."""
    if role not in ROLES:
        raise BadRequest(f"role '{role}' is unknown: choose {' or '.join(ROLES)}")
    if not 2 <= len(name) <= 60:
        raise BadRequest("the name of an account needs 2 to 60 characters")
    check_password(name, password)
    taken = write.connection.execute("SELECT 1 FROM account WHERE name = ?", (name,)).fetchone()
    if taken:
        raise BadRequest(f"there is an account '{name}' already: choose another name")
    number = write.connection.execute(
        "INSERT INTO account (name, role, password, totp_step, made_at) VALUES (?, ?, ?, 0, ?) "
        "RETURNING id",
        (name, role, generate_password_hash(password, _METHOD), stamp(write.now)),
    ).fetchone()["id"]
    secret, codes = give_keys(store, write, number, totp_secret)
    write.note("account made", "account", str(number), None, {"role": role})
    return NewAccount(Account(number, name, role), secret, codes)


def give_keys(
    store: Store, write: Write, number: int, totp_secret: str | None = None
) -> tuple[str, Sequence[str]]:
    """A new one-time secret and new recovery codes for an account, in place of what it had."""
    secret = totp_secret or pyotp.random_base32()
    write.connection.execute(
        "UPDATE account SET totp = ?, totp_step = 0 WHERE id = ?",
        (store.seal.close(secret, "account", str(number), "totp"), number),
    )
    codes = ["".join(secrets.choice(CROCKFORD) for _ in range(10)) for _ in range(_RECOVERY_CODES)]
    write.connection.execute("DELETE FROM recovery WHERE account = ?", (number,))
    write.connection.executemany(
        "INSERT INTO recovery (account, code) VALUES (?, ?)",
        [(number, hashed(code)) for code in codes],
    )
    return secret, codes


def give_password(write: Write, number: int, password: str) -> None:
    """Keeps another password for an account, hashed."""
    write.connection.execute(
        "UPDATE account SET password = ? WHERE id = ?",
        (generate_password_hash(password, _METHOD), number),
    )


def password_holds(connection: sqlite3.Connection, name: str, password: str) -> int | None:
    """The account with this name and password, or None; both answers take as long."""
    found = connection.execute(
        "SELECT id, password FROM account WHERE name = ? AND closed_at IS NULL", (name,)
    ).fetchone()
    right = check_password_hash(found["password"] if found else _NOBODY, password[:128])
    return int(found["id"]) if found and right else None


def sign_in(store: Store, write: Write, number: int | None, code: str) -> str | None:
    """A new session's token for an account whose password holds, or None for a wrong code."""
    found = write.connection.execute("SELECT * FROM account WHERE id = ?", (number,)).fetchone()
    if not found or not _code_holds(store, write, found, code):
        return None
    token = secrets.token_urlsafe(32)
    now = stamp(write.now)
    write.connection.execute(
        "INSERT INTO session (token, account, at, seen_at) VALUES (?, ?, ?, ?)",
        (hashed(token), found["id"], now, now),
    )
    write.note("signed in", "account", str(found["id"]))
    return token


def _code_holds(store: Store, write: Write, found: sqlite3.Row, code: str) -> bool:
    bare = typed(code)
    if len(bare) == 10:
        used = write.connection.execute(
            "UPDATE recovery SET used_at = ? WHERE account = ? AND code = ? AND used_at IS NULL",
            (stamp(write.now), found["id"], hashed(bare)),
        )
        return used.rowcount == 1
    totp = pyotp.TOTP(store.seal.open(found["totp"], "account", str(found["id"]), "totp"))
    now = int(write.now.timestamp()) // _STEP
    for step in (now - 1, now, now + 1):
        # A code counts once: pyotp itself would take it again within its time.
        if step > found["totp_step"] and hmac.compare_digest(
            totp.generate_otp(step).encode(), bare.encode()
        ):
            write.connection.execute(
                "UPDATE account SET totp_step = ? WHERE id = ?", (step, found["id"])
            )
            return True
    return False


def by_session(
    connection: sqlite3.Connection, token: str, now: dt.datetime
) -> tuple[Account, dt.datetime] | None:
    """Who is signed in with this token, and when last seen; None when it ended or is too old."""
    found = connection.execute(
        "SELECT a.id, a.name, a.role, s.seen_at FROM session s JOIN account a ON a.id = s.account "
        "WHERE s.token = ? AND s.ended_at IS NULL AND a.closed_at IS NULL "
        "AND s.seen_at > ? AND s.at > ?",
        (hashed(token), stamp(now - IDLE), stamp(now - LONGEST)),
    ).fetchone()
    if not found:
        return None
    seen = dt.datetime.fromisoformat(found["seen_at"])
    return Account(found["id"], found["name"], found["role"]), seen


def note_use(write: Write, token: str) -> None:
    """Notes that a session was used, so that it does not fall idle."""
    write.connection.execute(
        "UPDATE session SET seen_at = ? WHERE token = ?", (stamp(write.now), hashed(token))
    )


def sign_out(write: Write, token: str) -> None:
    """Ends a session for good."""
    write.connection.execute(
        "UPDATE session SET ended_at = ? WHERE token = ?", (stamp(write.now), hashed(token))
    )
