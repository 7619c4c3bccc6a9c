"""The instance's secrets: made at `init`, kept outside the database, and what they seal."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import secrets
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.errors import Damaged

_BYTES = 32
_HEX = re.compile("[0-9a-fA-F]*")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Three keys, hexadecimal: for sessions and forms, for the journal, for private columns."""

    session: str
    journal: str
    seal: str
    older: tuple[str, ...] = ()
    """The session key before this one: what is open in a browser was made with it."""

    @property
    def signing(self) -> list[str]:
        """Every session key that is still taken, the newest last."""
        return [*self.older, self.session]


def path_of(data: Path) -> Path:
    """Where the secrets of a data folder stand."""
    return data / "secrets.json"


def make(data: Path) -> Secrets:
    """New secrets in `data`, readable by their owner only; existing ones stay."""
    path = path_of(data)
    if not path.exists():
        made = Secrets(_new(), _new(), _new())
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(_told(made), file)
    return load(data)


def rotate(data: Path) -> Secrets:
    """A new session key; the one before it is still taken, and the one before that no longer.

    After a crash the file is the old one or the new one, never a half.
    """
    found = load(data)
    turned = replace(found, session=_new(), older=(found.session,))
    handle, new = tempfile.mkstemp(dir=data, prefix="secrets-")  # its owner's alone
    with os.fdopen(handle, "w") as file:
        json.dump(_told(turned), file)
        file.flush()
        os.fsync(file.fileno())
    Path(new).replace(path_of(data))
    folder = os.open(data, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return load(data)


def _new() -> str:
    return secrets.token_hex(_BYTES)


def _told(found: Secrets) -> dict[str, object]:
    return {name: keys for name, keys in asdict(found).items() if keys}


def load(data: Path) -> Secrets:
    """The secrets of `data`; Damaged when they are missing, short or open to others."""
    return read(path_of(data))


def read(path: Path) -> Secrets:
    """The secrets that stand in a file; Damaged as for `load`."""
    try:
        told = json.loads(path.read_text())
        found = Secrets(**{**told, "older": tuple(told.get("older", ()))})
    except FileNotFoundError:
        raise Damaged(f"{path} is missing: run `fieldapp init`, or put back your copy") from None
    except (ValueError, TypeError, AttributeError):
        raise Damaged(f"{path} does not read: put back your copy") from None
    keys = [found.journal, found.seal, *found.signing]
    if not all(isinstance(key, str) and _HEX.fullmatch(key) for key in keys):
        raise Damaged(f"{path} does not read: put back your copy")
    if any(len(key) < 2 * _BYTES for key in keys):
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
            raw = binascii.a2b_base64(sealed.removeprefix("1:"), strict_mode=True)
            return self._cipher.decrypt(raw[:12], raw[12:], _binding(table, row, column)).decode()
        except (InvalidTag, ValueError):
            raise Damaged(f"{table}.{column} of {row} was changed outside fieldapp") from None


def _binding(table: str, row: str, column: str) -> bytes:
    return "\x1f".join((table, row, column)).encode()
