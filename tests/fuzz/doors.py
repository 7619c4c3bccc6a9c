"""Every address of the application with what its pages send there, gathered from itself."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.routing import Rule

from tests.page import Client, controls, parse

ROOT = Path(__file__).parents[2]
_ASKED = re.compile(r"""request\.(?:args|form|values)(?:\.get|\.getlist)?[\[(]\s*"([\w.]+)\"""")
_CONVERTER = re.compile(r"<(?:(\w+)(?:\(([^()]*)\))?:)?(\w+)>")


@dataclass(frozen=True)
class Door:
    """One way in: a rule, how it is asked, and what its own page would send."""

    rule: Rule
    method: str
    fields: Mapping[str, Sequence[str]]

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def asked_names() -> Sequence[str]:
    """The names that the views ask for in an address or a body."""
    sources = sorted((ROOT / "fieldapp/web").glob("*.py"))
    found = {name for path in sources for name in _ASKED.findall(path.read_text("utf-8"))}
    return sorted(found)


def doors(app: Flask, clients: Sequence[Client], known: Mapping[str, Sequence[str]]) -> list[Door]:
    """Every rule with each of its methods; the fields of a POST as its pages have them."""
    found = _fields(app, clients, known)
    return [
        Door(rule, method, found.get(rule.rule, {}) if method == "POST" else {})
        for rule in sorted(app.url_map.iter_rules(), key=str)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def parts(rule: Rule) -> Sequence[tuple[str, str, str]]:
    """Of each part of an address that is not fixed: its converter, what that takes, its name."""
    return [found.groups("") for found in _CONVERTER.finditer(rule.rule)]  # type: ignore[misc]


def filled(rule: Rule, values: Mapping[str, str]) -> str:
    """The address with its parts filled in, whatever is in them."""
    return _CONVERTER.sub(lambda found: quote(values[found[3]], safe=""), rule.rule)


def _fields(
    app: Flask, clients: Sequence[Client], known: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Any]]:
    """What the forms of all pages would send, by the rule that they send it to."""
    found: dict[str, dict[str, Any]] = {}
    binding = app.url_map.bind("localhost")
    for client in clients:
        for address in sorted({*_simple(app, known)}):
            shown = client.get(address)
            if shown.status_code != 200 or shown.mimetype != "text/html":
                continue
            for form in parse(shown.text).all("form"):
                action = form.attrib.get("action", "").partition("?")[0]
                if form.attrib.get("method") == "post" and binding.test(action, "POST"):
                    rule, _ = binding.match(action, "POST", return_rule=True)
                    found.setdefault(rule.rule, {}).update(controls(form))
    return found


def _simple(app: Flask, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The address of every page, with what is known in its parts."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            values = [{}]
            for _, _, name in parts(rule):
                values = [{**each, name: one} for each in values for one in known.get(name, ("x",))]
            yield from (filled(rule, each) for each in values)


def nobody() -> str:
    """An id that nothing has."""
    return str(uuid.UUID(int=1, version=4))
