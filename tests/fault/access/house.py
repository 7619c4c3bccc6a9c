"""Where somebody tries to get in: the application, who is of the house, and who is not."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import Clerk, Clock
from tests.page import Client
from tests.web.test_scope import FILLERS, Other, filled

ROOT = Path(__file__).parents[3]


@dataclass
class House:
    """An instance with its clients."""

    app: Flask
    settings: Settings
    store: Store
    clock: Clock
    forms: Mapping[str, Form]
    workbooks: Mapping[str, Workbook]
    page: Callable[[], Client]
    pair_to: Callable[..., Client]
    hire: Callable[..., Clerk]
    sign_in: Callable[[Clerk], Client]
    enter: Callable[..., str]
    kept: Callable[..., Sequence[dict[str, Any]]]
    changes: Callable[[], int]
    patch: pytest.MonkeyPatch
    make: Callable[[str], Any]

    @cached_property
    def phone(self) -> Client:
        """The phone of OP-01."""
        return self.pair_to("OP-01")

    @cached_property
    def clerk(self) -> Clerk:
        """Somebody of the office."""
        return self.hire()

    @cached_property
    def office(self) -> Client:
        """A browser in which the office is signed in."""
        return self.sign_in(self.clerk)

    @cached_property
    def other(self) -> Other:
        """What OP-01 has that no other place should get at."""
        found = self.make("other")
        assert isinstance(found, Other)
        return found

    def begin(self) -> None:
        """Has everybody and everything there, so that it counts as no change later."""
        assert self.phone.get("/").status_code == self.office.get("/office/").status_code == 200
        assert self.other.phone

    def guest(self, address: str = "") -> Client:
        """A browser that is nobody, from a network."""
        client = self.page()
        if address:
            client.environ_base["REMOTE_ADDR"] = address
        return client

    def rules(self, method: str) -> Iterator[Rule]:
        """Every rule of the application that takes this way of asking."""
        return (rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or set()))

    def nearest(self, rule: Rule) -> str:
        """One address of a rule, with what is there in OP-01 and at the office."""
        values = {name: FILLERS[name](self.other, self.forms)[0] for name in rule.arguments}
        if rule.endpoint.startswith("accounts.") and "number" in values:
            values["number"] = str(self.clerk.account.id)
        if rule.rule.startswith("/office/form/"):
            values["form_id"] = "place_facts"
        if "row" in values:
            form = values.get("form_id", "visitors")
            values["row"] = self.other.rows.get(form, values["row"])
        return filled(rule.rule, values)


@dataclass(frozen=True)
class Off:
    """A protection, and how it is switched off."""

    what: str
    apply: Callable[[House], None]


@dataclass(frozen=True)
class Row:
    """One abuse, and the protections without which it succeeds."""

    number: str
    what: str
    trial: Callable[[House], str | None]
    """Tries it; gives what was counted."""
    off: Sequence[Off]
    quick: bool = True
    limit: str = ""


def names() -> Sequence[str]:
    """Every name that a page gives a field, and every name that a view asks for."""
    found = set()
    for path in (ROOT / "fieldapp" / "web").rglob("*"):
        if path.suffix == ".html":
            found |= set(re.findall(r'\bname="([A-Za-z_.]+)"', path.read_text("utf-8")))
        elif path.suffix == ".py":
            asked = r'(?:args|form|values)\.get(?:list)?\(\s*"([^"]+)"'
            found |= set(re.findall(asked, path.read_text("utf-8")))
    assert {"place", "next", "token", "page.place", "month"} <= found
    return sorted(found - {"csrf_token"})


def switched(name: str, to: Any) -> Callable[[House], None]:
    """Puts something else in the place of what `name` says, as `module.attribute`."""
    return lambda house: house.patch.setattr(name, to)


def configured(**settings: Any) -> Callable[[House], None]:
    """Configures the application otherwise."""

    def apply(house: House) -> None:
        house.app.config.update(settings)

    return apply


def new_id() -> str:
    """An id as a page makes it."""
    return str(uuid.uuid4())
