"""Server and page find the same value for every expression; no text makes the compiler stumble."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import strategies as st

from fieldapp.ask import evaluate
from fieldapp.ask.expression import ExpressionFault, compile_expression
from fieldapp.ask.functions import FUNCTIONS
from tests.browser.test_expression_js import TABLE, compare, in_page
from tests.fault.table import Record, Trial, told
from tests.fuzz.expressions import COLUMNS, NAMES, cases
from tests.fuzz.how import SMALL, many, tries

__all__ = ["in_page"]

NUMBER = "fuzz 2"
WHAT = "random expressions and values on the server and in the page"
_AT_ONCE = 2_000


def agree(in_page: Any, chance: Random, count: int) -> None:
    """Server and page find the same for so many expressions."""
    for begun in range(0, count, _AT_ONCE):
        made = cases(chance, min(_AT_ONCE, count - begun), TABLE["now"])
        compare(in_page, [text for text, _ in made], [case for _, case in made])


def test_the_page_and_the_server_agree(in_page: Any, record_property: Record) -> None:
    told(record_property, Trial(NUMBER, WHAT, of=1))
    agree(in_page, Random(20261123), 4_000)  # noqa: S311  (the same ones in every run)


@pytest.mark.long
def test_the_page_and_the_server_agree_on_many_more(in_page: Any, record_property: Record) -> None:
    told(record_property, Trial(NUMBER, WHAT, of=1))
    seed = Random().randrange(10**9)  # noqa: S311
    print(f"seed {seed}")
    agree(in_page, Random(seed), 200_000)  # noqa: S311


def test_with_another_rounding_on_the_server_it_turns_red(
    in_page: Any, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(record_property, Trial(NUMBER, WHAT, "the way in which both round", of=1))
    other = {**evaluate.FUNCTIONS, "round": lambda scope, number, places=0.0: round(
        evaluate.to_number(number), 2)}  # fmt: skip
    monkeypatch.setattr(evaluate, "FUNCTIONS", other)
    with pytest.raises(AssertionError):
        agree(in_page, Random(20261123), 4_000)  # noqa: S311


PIECES = st.sampled_from(
    [*FUNCTIONS, *(f"{name}(" for name in FUNCTIONS), "${a}", "${", "}", "(", ")", ",", "'", '"',
     ".", "..", "/", "or", "and", "=", "<", ">", "+", "-", "*", "div", "mod", "1", "1.", ".5", " ",
     "role", "[", "]", "@", "::", "9" * 400, "%Y", "\\", "^", "{2}", "2026-11-23"]
)  # fmt: skip


@many(400, 50_000)
def test_the_compiler_takes_any_text_or_refuses_it(cases: int) -> None:
    def attempt(text: str) -> None:
        try:
            compile_expression(text, NAMES, COLUMNS)
        except ExpressionFault as fault:
            assert fault.sentence
            assert 1 <= fault.position <= len(text) + 2

    tries(cases, st.lists(PIECES | SMALL, max_size=40).map("".join) | SMALL, attempt)
