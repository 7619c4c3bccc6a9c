"""How figures stand on their paths: a table of cases, each worked out by hand."""

from __future__ import annotations

import json

import pytest

from fieldapp.report.judgement import (
    AHEAD,
    ATTENTION,
    NO_PATH,
    ON_TRACK,
    UNKNOWN,
    WORDS,
    asked,
    judge,
    on_path,
)

PATH = [("2025-01-01", 20.0), ("2025-12-31", 84.0), ("2026-12-31", 100.0)]


@pytest.mark.parametrize(
    ("points", "day", "wanted"),
    [
        ([], "2025-06-01", None),
        (PATH, "2024-12-31", None),  # nothing was agreed yet
        (PATH, "2025-01-01", 20),
        (PATH, "2025-07-02", 20 + 64 * 182 / 364),  # halfway
        (PATH, "2025-12-31", 84),
        (PATH, "2026-12-31", 100),
        (PATH, "2028-01-01", 100),  # the last point holds on
        (list(reversed(PATH)), "2025-12-31", 84),  # in any order
    ],
)
def test_a_path_is_straight_between_its_points(
    points: list[tuple[str, float]], day: str, wanted: float | None
) -> None:
    assert asked(points, day) == wanted
    assert on_path(json.dumps(points), day) == wanted


def test_a_result_without_points_has_no_path() -> None:
    assert on_path(None, "2026-04-30") is None


@pytest.mark.parametrize(
    ("value", "wanted", "good", "most", "standing"),
    [
        (84, 80, "more", None, ON_TRACK),  # 4 is 5% of 80
        (76, 80, "more", None, ON_TRACK),
        (85, 80, "more", None, AHEAD),
        (75, 80, "more", None, ATTENTION),
        (0, 0, "more", None, ON_TRACK),
        (1, 0, "more", None, AHEAD),
        (13, 14, "more", None, ATTENTION),  # of 14 places 13 is not 14
        (0.3, 0.1 + 0.2, "more", None, ON_TRACK),
        (75, 80, "fewer", None, AHEAD),
        (84, 80, "fewer", None, ON_TRACK),
        (85, 80, "fewer", None, ATTENTION),
        (85, 80, "none", None, ATTENTION),
        (75, 80, "none", None, ATTENTION),
        (80, 80, "none", None, ON_TRACK),
        (150, 120, "more", 300, AHEAD),  # 200 to 300, on the way
        (300, 200, "more", 300, AHEAD),
        (315, 200, "more", 300, AHEAD),  # still within 5%
        (316, 200, "more", 300, ATTENTION),  # more than was agreed
        (100, 120, "more", 300, ATTENTION),
        (None, 80, "more", None, UNKNOWN),
        (None, None, "more", None, NO_PATH),
        (84, None, "more", None, NO_PATH),
    ],
)
def test_a_figure_is_judged_by_its_path(
    value: float | None, wanted: float | None, good: str, most: float | None, standing: str
) -> None:
    assert judge(value, wanted, good, most) == standing
    assert WORDS[standing]
