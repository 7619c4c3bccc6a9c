"""Protections switched off: what the rows must turn red without."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from flask import request

from fieldapp.keep import account, secret
from fieldapp.keep import row as rows
from fieldapp.keep.secret import Secrets
from fieldapp.web import answering
from fieldapp.web.instance import instance
from tests.fault.access import rows_keys as keys
from tests.fault.access import rows_pairing as pairing
from tests.fault.access import rows_records as records
from tests.fault.access.house import House, configured

OPEN = configured(WTF_CSRF_ENABLED=False)
HEADERS = "fieldapp.web.answering.HEADERS"


def without(name: str, **other: str) -> Mapping[str, str]:
    return {n: value for n, value in answering.HEADERS.items() if n != name} | other


KEPT = without("", **{"Cache-Control": "private"})


def one_scope(house: House) -> None:
    real = rows.find

    def unscoped(store: Any, connection: Any, form: Any, row: Any, place: Any) -> Any:
        return real(store, connection, form, row, None)

    house.patch.setattr(rows, "find", unscoped)


def any_name(house: House) -> None:
    """Names of fields that no form has."""
    known = set(records.SMUGGLED)
    with house.app.app_context():
        for page in instance().classes.values():
            house.patch.setattr(page, "fieldNames", page.fieldNames | known)


def never_used(house: House) -> None:
    """A pairing that is not marked used."""
    real = pairing.phones.pair

    def pair(store: Any, write: Any, token: str, name: str, phone: Any) -> Any:
        done = real(store, write, token, name, phone)
        write.connection.execute("UPDATE pairing SET used_at = NULL")
        return done

    house.patch.setattr(pairing.phones, "pair", pair)


def looking_uses(house: House) -> None:
    """A page that pairs when it is opened."""
    view = house.app.view_functions["pairing.pair"]
    house.app.config["WTF_CSRF_ENABLED"] = False

    def opened() -> Any:
        return view()

    house.app.view_functions["pairing.start"] = opened
    house.patch.setattr("fieldapp.web.pairing.request", Query())


class Query:
    """A request of which the query counts as the form."""

    def __getattr__(self, name: str) -> Any:
        return getattr(request, "args" if name == "form" else name)


def as_written(connection: sqlite3.Connection, name: str, password: str) -> int | None:
    """A judgement that looks no further when there is no such name."""
    found = connection.execute(
        "SELECT id, password FROM account WHERE name = ? AND closed_at IS NULL", (name,)
    ).fetchone()
    right = found and account.check_password_hash(found["password"], password)
    return int(found["id"]) if right else None


def any_session(house: House) -> None:
    """A sign-out that forgets to end the session."""
    house.patch.setattr(account, "sign_out", lambda write, token: None)


def code_again(house: House) -> None:
    _forgotten(house, "UPDATE account SET totp_step = 0")


def recovery_again(house: House) -> None:
    _forgotten(house, "UPDATE recovery SET used_at = NULL")


def _forgotten(house: House, sql: str) -> None:
    """A sign-in after which it is not kept which code was used."""
    real = account.sign_in

    def sign_in(store: Any, write: Any, number: Any, code: str) -> Any:
        token = real(store, write, number, code)
        write.connection.execute(sql)
        return token

    house.patch.setattr(account, "sign_in", sign_in)


def raw(house: House) -> None:
    """Templates that escape nothing, compiled for this test alone."""
    environment = house.app.jinja_env
    environment.bytecode_cache = None
    if environment.cache is not None:
        environment.cache.clear()
    environment.autoescape = False


def no_older(house: House) -> None:
    house.patch.setattr(Secrets, "signing", property(lambda keys: [keys.session]))
    real = keys.create_app

    def made(*given: Any, **more: Any) -> Any:
        app = real(*given, **more)
        app.config["SECRET_KEY_FALLBACKS"] = []
        return app

    house.patch.setattr(keys, "create_app", made)


def all_older(house: House) -> None:
    real, known = secret.rotate, [house.store.secrets.session]

    def rotate(data: Any) -> Secrets:
        found = real(data)
        object.__setattr__(found, "older", tuple(known))
        known.append(found.session)
        return found

    house.patch.setattr(secret, "rotate", rotate)
    house.patch.setattr(keys, "open_store", lambda data, forms, clock: Shut(found=house))


class Shut:
    """A store that nobody opened."""

    def __init__(self, found: House) -> None:
        self.secrets = Anything()

    def close(self) -> None:
        """Does nothing."""


class Anything:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]
