"""An instance that holds the example, and how to get into it."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pyotp

from fieldapp.ask.question import Form
from fieldapp.demo.fill import SEED, fill
from fieldapp.errors import Damaged, FilesBroken
from fieldapp.keep import account, covenant
from fieldapp.keep.phone import ON_LETTER, make_pairing
from fieldapp.keep.serving import LOCK
from fieldapp.keep.store import Store, open_store
from fieldapp.settings import Settings

OFFICE_NAME = "programmabureau"
_NOTE = "demo.json"


@dataclass(frozen=True, slots=True)
class Example:
    """How to get into the example."""

    address: str
    office_name: str
    password: str
    totp_secret: str
    pairing_link: str
    pairing_code: str
    pairing_place: str
    day: str


def spare(settings: Settings) -> None:
    """Raises Damaged when the data folder holds something that is no example."""
    if settings.database.exists() and not (settings.data / _NOTE).exists():
        raise Damaged(
            f"{settings.data} holds data that are no example: choose another folder with --data"
        )


def open_example(
    settings: Settings, forms: Mapping[str, Form], now: dt.datetime
) -> tuple[Store, Example]:
    """The example in the data folder, filled to yesterday; an older example is made anew.

    For who is alone with it. Damaged when it is no example: that is never touched.
    """
    spare(settings)
    note = settings.data / _NOTE
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    if settings.database.exists():
        known = json.loads(note.read_text())
        if known["day"] != today.isoformat():
            _empty(settings.data)
    if not settings.database.exists():
        if faults := covenant.faults(settings.exports, forms, now):
            raise FilesBroken(faults)
        password, secret = (
            f"{secrets.token_hex(3)}-plek-{secrets.token_hex(3)}",
            pyotp.random_base32(),
        )
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump({"day": today.isoformat(), "password": password, "secret": secret}, file)
        store = open_store(settings.data, forms, lambda: now, make=True, held=True)
        fill(replace(store, chance=Random(SEED)), settings, today)
        with store.write("system", now) as write:
            account.add(store, write, OFFICE_NAME, password, totp_secret=secret)
    else:
        store = open_store(settings.data, forms, lambda: now, held=True)
    known = json.loads(note.read_text())
    with store.write("system", now) as write:
        token, _ = make_pairing(write, "OP-03", ON_LETTER)
    return store, Example(
        f"{settings.public_url}/",
        OFFICE_NAME,
        known["password"],
        known["secret"],
        f"{settings.public_url}/pair#{token}",
        " ".join(token[i : i + 4] for i in range(0, len(token), 4)),
        "Ontmoetingsplek 3",
        known["day"],
    )


def _empty(data: Path) -> None:
    """Removes all but the lock: who holds one that is gone keeps nobody out."""
    for path in data.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def code_now(example: Example) -> str:
    """The one-time code that signs in at this moment."""
    return pyotp.TOTP(example.totp_secret).now()


def as_json(example: Example) -> str:
    """The example's details as one JSON object."""
    return json.dumps(asdict(example), ensure_ascii=False)
