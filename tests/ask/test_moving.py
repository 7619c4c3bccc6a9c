"""What of a fresh form the moment decides: defaults, or too much to tell beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from fieldapp.ask.expression import compile_expression
from fieldapp.ask.moving import moving
from fieldapp.ask.question import Form, Group, Question, Tree


def compiled(text: str) -> Tree:
    return compile_expression(text, frozenset({"first", "second"}), frozenset({"name"}))


def form(**of_second: Any) -> Form:
    """A form of two questions, the second with what is given."""
    asked = {"type": "text", "line": 3} | of_second
    return Form(
        "f", "1", "f.md", {}, (), (Question("first", "text", 2), Question("second", **asked))
    )


def test_a_form_that_stays_the_same_all_day_has_nothing_that_moves() -> None:
    assert moving(form(default=compiled("today()"), required=compiled("true()"))) == []


def test_a_default_that_asks_for_the_moment_is_told() -> None:
    tree = compiled("if(format-date(now(), '%H') < 12, 'morning', 'evening')")
    assert moving(form(default=tree)) == [tree]


@pytest.mark.parametrize(
    "more",
    [
        {"relevant": compiled("now() > '2026-11-20'")},
        {"required": compiled("now() > '2026-11-20'")},
        {"calculation": compiled("concat('a', now())")},
        {"choice_filter": compiled("name < now()")},
        {"default": compiled("uuid()")},
        {"default": compiled("once(uuid())")},
        {"default": compiled("concat(${first}, now())")},
        {"default": compiled("concat(${last-saved#first}, now())")},
        {"type": "start"},
        {"type": "end"},
    ],
    ids=str,
)
def test_what_moves_otherwise_cannot_be_told(more: Mapping[str, Any]) -> None:
    assert moving(form(**more)) is None


def test_a_group_that_comes_and_goes_with_the_moment_cannot_be_told() -> None:
    inside = Group("g", 2, (Question("first", "text", 3),), relevant=compiled("now() > '2026'"))
    assert moving(Form("f", "1", "f.md", {}, (), (inside,))) is None


def test_every_shipped_form_can_be_told(forms: Mapping[str, Form]) -> None:
    found = {form_id: moving(form) for form_id, form in forms.items()}
    assert None not in found.values()
    assert {form_id for form_id, trees in found.items() if trees} == {"attendance", "visitors"}
