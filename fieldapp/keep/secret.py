"""The instance's secrets: made at `init`, kept outside the database, and what they seal."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.errors import Damaged

_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """Three keys, hexadecimal: for sessions and forms, for the journal, for private columns."""

    session: str
    journal: str
    seal: str


def path_of(data: Path) -> Path:
    """Where the secrets of a data folder stand."""
    return data / "secrets.json"


def make(data: Path) -> Secrets:
    """New secrets in `data`, readable by their owner only; existing ones stay."""
    path = path_of(data)
    if not path.exists():
        made = Secrets(*(secrets.token_hex(_BYTES) for _ in range(3)))
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(made), file)
    return load(data)


def load(data: Path) -> Secrets:
    """The secrets of `data`; Damaged when they are missing, short or open to others."""
    path = path_of(data)
    try:
        found = Secrets(**json.loads(path.read_text()))
    except FileNotFoundError:
        raise Damaged(f"{path} is missing: run `fieldapp init`, or put back your copy") from None
    except (ValueError, TypeError):
        raise Damaged(f"{path} does not read: put back your copy") from None
    if any(len(key) < 2 * _BYTES for key in asdict(found).values()):
        raise Damaged(f"{path} holds a key of less than {_BYTES} bytes: put back your copy")
    if path.stat().st_mode & 0o077:
        raise Damaged(f"{path} can be read by others: run `chmod 600 {path}`")
    return found


class Seal:
    """Encrypts private answers with AES-256-GCM, bound to their table, row and column."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(bytes.fromhex(key)[:_BYTES])

    def close(self, text: str, table: str, row: str, column: str) -> str:
        """`text` sealed; it opens only in the same table, row and column."""
        nonce = os.urandom(12)
        sealed = self._cipher.encrypt(nonce, text.encode(), _binding(table, row, column))
        return "1:" + base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, table: str, row: str, column: str) -> str:
        """What `close` sealed; Damaged when it was moved or changed."""
        try:
            raw = base64.b64decode(sealed.removeprefix("1:"), validate=True)
            return self._cipher.decrypt(raw[:12], raw[12:], _binding(table, row, column)).decode()
        except (InvalidTag, ValueError):
            raise Damaged(f"{table}.{column} of {row} was changed outside fieldapp") from None


def _binding(table: str, row: str, column: str) -> bytes:
    return "\x1f".join((table, row, column)).encode()
