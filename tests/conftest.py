"""What every room's tests may start from: a clock, the forms, a small world, and its clients."""

from __future__ import annotations

import datetime as dt
import functools
import gc
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import pyotp
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule
from werkzeug.security import generate_password_hash

from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.keep import account, register
from fieldapp.keep import phone as phones
from fieldapp.keep.account import Account
from fieldapp.keep.phone import ON_LETTER, make_pairing, pair
from fieldapp.keep.row import Receipt
from fieldapp.keep.store import Store, open_store
from fieldapp.report.load import load_workbooks
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings, shipped
from fieldapp.web.access import OFFICE_COOKIE, PHONE_COOKIE
from fieldapp.web.app import create_app
from tests.chromium import browser
from tests.page import Client
from tests.plans import country
from tests.world import MOMENT, SINCE, WEEK, WORLD, Given, found, send_to

__all__ = ["MOMENT", "SINCE", "WEEK", "WORLD", "browser", "country"]

Send = Callable[..., Receipt]


def pytest_collection_finish() -> None:
    """What is there before the first test is no rubbish: it is not gone through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@dataclass
class Clock:
    """A clock that stands still until a test sets it."""

    now: dt.datetime = MOMENT

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Goes on by days, hours, minutes or seconds."""
        self.now += dt.timedelta(**span)


@dataclass(frozen=True)
class Clerk:
    """Somebody of the office, with what it takes to sign in."""

    account: Account
    password: str
    secret: str
    recovery_codes: Sequence[str] = field(default=())

    @property
    def name(self) -> str:
        return self.account.name

    def code(self, at: dt.datetime) -> str:
        """The one-time code of that moment."""
        return pyotp.TOTP(self.secret).at(at)


@pytest.fixture
def clock() -> Clock:
    """The moment of the test; set `clock.now` for another."""
    return Clock()


@pytest.fixture(scope="session")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where stands what each file of a form came to, by its content."""
    return tmp_path_factory.mktemp("forms")


@pytest.fixture(scope="session")
def forms(examined: Path) -> Mapping[str, Form]:
    """The real forms, read once."""
    return load_forms(shipped("forms"), examined)


@pytest.fixture(scope="session")
def workbooks() -> Mapping[str, Workbook]:
    """The real workbooks, read once."""
    return load_workbooks(shipped("exports"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an instance of this test's own."""
    return Settings(data=tmp_path / "data", public_url="http://localhost")


@pytest.fixture(scope="session")
def founded(
    tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]
) -> Mapping[str, Path]:
    """Data folders made once: an empty instance, and the small world sent in like answers."""
    folders = {name: tmp_path_factory.mktemp("founded") / name for name in ("empty", "small")}
    for name, folder in folders.items():
        store = open_store(folder, forms, Clock(), make=True)
        if name == "small":
            found(store)
        store.close()
    return folders


@pytest.fixture
def store(
    request: pytest.FixtureRequest,
    founded: Mapping[str, Path],
    settings: Settings,
    forms: Mapping[str, Form],
    clock: Clock,
) -> Iterator[Store]:
    """A new, empty instance (with `small`: the small world); its card codes are always the same."""
    name = "small" if "small" in request.fixturenames else "empty"
    shutil.copytree(founded[name], settings.data)
    opened = open_store(settings.data, forms, clock)
    yield replace(opened, chance=Random(7))  # noqa: S311
    opened.close()


@pytest.fixture
def small(store: Store) -> Store:
    """The store with a small world: four places with schedules, and two pilots."""
    with store.read() as connection:
        assert register.rows(connection, "places"), "name the fixture small among the arguments"
    return store


@pytest.fixture
def send(store: Store, clock: Clock) -> Send:
    """Sends one answer like a phone of `place` (None: like the office); Refused when not right."""

    def sent(
        place: str | None,
        form_id: str,
        raw: Given,
        instance_id: str | None = None,
        at: dt.datetime | None = None,
    ) -> Receipt:
        return send_to(store, at or clock(), place, form_id, raw, instance_id)

    return sent


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


_built: dict[tuple[str, bool], Any] = {}
_build: Any = getattr(Rule, "_compile_builder", None)


def _built_once(rule: Rule, append_unknown: bool = True) -> Any:
    """How werkzeug fills in an address: compiled once for the applications of all tests."""
    at = rule.rule, append_unknown
    if at not in _built:
        _built[at] = _build(rule, append_unknown)
    return _built[at]


@pytest.fixture(scope="session", autouse=True)
def _addresses() -> Iterator[None]:
    """Every application of the tests fills in addresses that way, a served one as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", _built_once, raising=False)
        yield


@pytest.fixture
def app(
    settings: Settings,
    small: Store,
    workbooks: Mapping[str, Workbook],
    clock: Clock,
    compiled: FileSystemBytecodeCache,
) -> Flask:
    """The application of the small world; what goes wrong in a view goes wrong in the test."""
    made = create_app(settings, small, workbooks, clock)
    made.jinja_env.bytecode_cache = compiled
    made.test_client_class = Client
    made.config["PROPAGATE_EXCEPTIONS"] = True
    return made


@pytest.fixture
def page(app: Flask) -> Callable[[], Client]:
    """Makes a client that checks every page it gets (`tests/page.py` says on what)."""

    def made() -> Client:
        found = app.test_client()
        assert isinstance(found, Client)
        return found

    return made


@pytest.fixture
def client(page: Callable[[], Client]) -> Client:
    """A browser that is nobody yet."""
    return page()


@pytest.fixture
def pair_to(small: Store, clock: Clock, page: Callable[[], Client]) -> Callable[..., Client]:
    """Makes a phone that is paired to the places that are named, the last one on top."""

    def paired(*places: str, name: str = "Ria") -> Client:
        client = page()
        mine = None
        for nth, place in enumerate(places):
            with small.write("test", clock() + dt.timedelta(milliseconds=nth)) as write:
                token, _ = make_pairing(write, place, ON_LETTER)
                cookie, _ = pair(small, write, token, name, mine)
                if cookie:
                    client.set_cookie(PHONE_COOKIE, cookie, secure=True, httponly=True)
                    mine = phones.by_cookie(write.connection, cookie, clock())
        return client

    return paired


@pytest.fixture
def phone(pair_to: Callable[..., Client]) -> Client:
    """The phone of OP-01."""
    return pair_to("OP-01")


_QUICK = "scrypt:1024:8:1"  # the real one is slow on purpose: tests/keep/test_account.py has it
_hashed = functools.cache(generate_password_hash)


@pytest.fixture
def hire(small: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Clerk]:
    """Makes an account with a role; from then on passwords hash quickly."""
    monkeypatch.setattr(account, "generate_password_hash", _hashed)
    monkeypatch.setattr(account, "_METHOD", _QUICK)
    monkeypatch.setattr(account, "_NOBODY", _hashed("nobody has this password", _QUICK))

    def hired(name: str = "kantoor", role: str = "office") -> Clerk:
        password = f"appel-molen-{len(name)}-regen"
        with small.write("test", clock()) as write:
            made = account.add(small, write, name, password, role)
        return Clerk(made.account, password, made.totp_secret, made.recovery_codes)

    return hired


@pytest.fixture
def sign_in(small: Store, clock: Clock, page: Callable[[], Client]) -> Callable[[Clerk], Client]:
    """Makes a client that is signed in."""

    def signed_in(clerk: Clerk) -> Client:
        client = page()
        with small.write("test", clock()) as write:
            token = account.sign_in(small, write, clerk.account.id, clerk.code(clock()))
        assert token
        client.set_cookie(OFFICE_COOKIE, token, secure=True, httponly=True)
        return client

    return signed_in


@pytest.fixture
def clerk(hire: Callable[..., Clerk]) -> Clerk:
    """The account of the client `office`."""
    return hire()


@pytest.fixture
def office(sign_in: Callable[[Clerk], Client], clerk: Clerk) -> Client:
    """A client signed in as the programme office."""
    return sign_in(clerk)
