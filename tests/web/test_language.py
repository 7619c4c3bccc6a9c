"""Two languages, whole: every text of the screen is in the catalogue, and no text too many."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import Environment, nodes

from fieldapp.ask.question import Form, Group, Question
from fieldapp.web import app as web_app
from fieldapp.web import language
from tests.page import Client, parse, words

PACKAGE = Path(__file__).parents[2] / "fieldapp"
CATALOGUE = PACKAGE / "web" / "translations" / "en.po"

SAYING = {"say", "_say", "Message", "Unreadable"}
"""Calls whose first argument is a text of the screen, anywhere."""

REFUSING = {"NotFound", "Conflict", "BadRequest"}
"""Errors whose sentence reaches the screen from these folders; elsewhere it is for a terminal."""
TOLD = ("web", "keep")
TERMINAL = {"account.py", "cli.py"}


def in_templates() -> Iterator[tuple[str, str]]:
    """Every text that a template translates, with where it stands."""
    environment = Environment(autoescape=True)
    for path in sorted((PACKAGE / "web" / "templates").rglob("*.html")):
        for call in environment.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                text = call.args[0]
                assert isinstance(text, nodes.Const), f"{path.name}: translate a text, no variable"
                yield text.value, f"{path.name}, line {call.lineno}"


def in_code() -> Iterator[tuple[str, str]]:
    """Every text of the screen that stands in the code, with where."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name in TERMINAL:
            continue
        told = path.parent.name in TOLD
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            of_catalogue = name == "get" and ast.unparse(node.func) == "say.get"
            if name in SAYING or of_catalogue or (told and name in REFUSING):
                for text in texts_of(node.args[0]):
                    yield text, f"{path.name}, line {node.lineno}"
    for title, remedy in web_app._TITLES.values():
        yield title, "app.py, _TITLES"
        yield remedy, "app.py, _TITLES"


def texts_of(node: ast.expr) -> Iterator[str]:
    """The texts that an argument can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)


@pytest.fixture(scope="module")
def used() -> Mapping[str, str]:
    """Every text of the screen, with a place where it stands."""
    return dict([*in_templates(), *in_code()])


@pytest.fixture(scope="module")
def english() -> Mapping[str, str]:
    """The English catalogue as it stands in its file."""
    with CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="en") if m.id}


def test_every_text_has_its_translation(
    used: Mapping[str, str], english: Mapping[str, str]
) -> None:
    missing = {text: where for text, where in used.items() if not english.get(text)}
    assert missing == {}


def test_no_translation_is_superfluous(
    used: Mapping[str, str], english: Mapping[str, str]
) -> None:
    assert set(english) - set(used) == set()


def test_no_text_stands_twice() -> None:
    ids = re.findall(r'^msgid "(.+)"$', CATALOGUE.read_text("utf-8"), re.MULTILINE)
    assert sorted(ids) == sorted(set(ids))
