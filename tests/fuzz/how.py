"""How cases are made: as many as a run has time for, the same ones in every quick run."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning
from hypothesis.strategies import SearchStrategy

Many = int

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def many(short: int, long: int) -> pytest.MarkDecorator:
    """A quick run of `short` cases in the suite, and one of `long` other ones behind `long`."""
    return pytest.mark.parametrize(
        "cases", [pytest.param(short, id="quick"), pytest.param(long, id="long", marks=_LONG)]
    )


_LONG = pytest.mark.long
_QUICK = 1_000
"""From here on a run may take new cases each time."""


def tries(cases: Many, made: SearchStrategy[Any], attempt: Callable[[Any], None]) -> None:
    """Has `attempt` go through `cases` of what is `made`; the smallest that fails is told."""
    quick = cases < _QUICK

    def case(each: Any) -> None:
        attempt(each)

    tried = given(made)(
        settings(
            max_examples=cases,
            derandomize=quick,
            database=None,
            deadline=None,
            print_blob=not quick,
            suppress_health_check=SLOW,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
        )(case)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)  # of what it cannot tell shortly
        tried()


NASTY = (
    *(
        "",
        " ",
        "0",
        "-0",
        "-1",
        "1e400",
        "NaN",
        "٣",
        "½",
        "9" * 16,
        "9" * 4_301,
        "9" * 4_300,
        "0" * 4_301,
        str(2**63),
    ),
    *("'", '"', "\\", "'; DROP TABLE people; --", "1 OR 1=1", "') UNION SELECT 1 --", "%", "_"),
    *("%s%n", "{0}", "{{7*7}}", "${a}", "</script><script>alert(1)</script>", "&#0;", "]]>"),
    *("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "#N/A", "=cmd|'/C calc'!A0"),
    *(
        "\x00",
        "a\x00b",
        "\x1b[31m",
        "\x7f",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ufffe",
        "😀",
        "e\u0301",
    ),
    *("\r\nSet-Cookie: x=1", "../../etc/passwd", "//example.org", "javascript:alert(1)"),
    *("2026-11-20", "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "1-1-2026", "2026"),
    *("2026-11", "2026-13", "0000-01", "9999-12", "2026-W47", "2026-W54", "0001-W01", "9999-W53"),
    *("2026-Q4", "24:00", "09:30", "2026-11-20T09:12:00Z", "9999-12-31T23:59:59-14:00"),
    *("OP-01", "OP-02", "ZZ-99", "visitors", "people", "yes", "no", "OK", "on", "other"),
    *(
        "morning",
        "office",
        "reader",
        "nl",
        "en",
        "x" * 5_000,
        "00000000-0000-4000-8000-000000000001",
    ),
)
"""What was typed, or made up, to hurt."""

SMALL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TEXTS = st.one_of(st.sampled_from(NASTY), SMALL, st.integers(-(10**20), 10**20).map(str))
