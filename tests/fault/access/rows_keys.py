"""The keys: what survives another one, and which are not taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fieldapp.errors import Damaged
from fieldapp.keep import secret
from fieldapp.keep.store import open_store
from fieldapp.web.app import create_app
from tests.fault.access.house import House
from tests.page import Client

GIVEN = {"daypart": "morning", "visitors": "24"}


def rotated(house: House) -> None:
    """A form that is open and who is signed in survive a new key; after two the oldest is gone."""
    shown = house.phone.get("/form/visitors")
    office = house.office.get("/office/places")
    turned(house)
    assert _again(house, house.phone).send(shown, GIVEN).status_code == 303
    second = _again(house, house.office)
    assert second.get("/office/places").status_code == 200
    assert second.send(office, {"place": "OP-01"}, "/office/letter").status_code == 200
    turned(house)
    late = _again(house, house.phone).send(shown, GIVEN | {"daypart": "evening"})
    assert late.status_code == 422  # given back as typed, with a token of now
    assert "Deze pagina stond te lang open." in late.text
    assert [row["daypart"] for row in house.kept("form_visitors")] == ["morning"]


def turned(house: House) -> None:
    """Another key, and the server started again with it."""
    keys = secret.rotate(house.settings.data)
    store = open_store(house.settings.data, house.forms, house.clock)
    assert store.secrets == keys
    store.close()
    object.__setattr__(house.store, "secrets", keys)
    made = create_app(house.settings, house.store, house.workbooks, house.clock)
    made.jinja_env.bytecode_cache = house.app.jinja_env.bytecode_cache
    made.test_client_class = Client
    house.app = made


def _again(house: House, client: Client) -> Client:
    """The same browser, at the server as it is now."""
    client.application = house.app
    return client


def refused(house: House) -> None:
    """Keys that are short, broken, missing or open to others are refused, and never made anew."""
    house.store.close()
    path = secret.path_of(house.settings.data)
    good = json.loads(path.read_text())
    spoilt: list[Any] = [
        good | {name: value}
        for name in ("session", "journal", "seal")
        for value in ("", "ab" * 31, 7, None, ["a"], "x" * 64)
    ]
    spoilt += [good | {"older": value} for value in (["ab"], [7], 7, [good["seal"][:63]])]
    spoilt += [{}, [], "x", good | {"more": "x"}, {"session": good["session"]}]
    for keys in spoilt:
        path.write_text(json.dumps(keys))
        _stays_shut(house)
    path.write_text(json.dumps(good))
    for mode in (0o640, 0o604, 0o644, 0o660, 0o606):
        path.chmod(mode)
        _stays_shut(house)
    path.chmod(0o600)
    open_store(house.settings.data, house.forms, house.clock).close()
    path.unlink()
    _stays_shut(house)
    assert not path.exists()


def _stays_shut(house: House) -> None:
    try:
        store = open_store(house.settings.data, house.forms, house.clock)
    except Damaged as damaged:
        assert "secrets.json" in str(damaged)
    else:
        store.close()
        raise AssertionError("opened with keys that are no good")


def careless(path: Path) -> secret.Secrets:
    """Keys as they stand, whatever they are."""
    found = json.loads(path.read_text())
    return secret.Secrets(*(str(found.get(name, "")) for name in ("session", "journal", "seal")))
