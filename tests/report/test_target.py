"""A target that changes by addendum: what is told of a day is the target that held then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.keep.store import Store
from fieldapp.report.deliver import telling
from fieldapp.report.period import period
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import MOMENT
from tests.report.year import live
from tests.told import sheets

STEP = "4/1.1.1.g"
HUNDRED, MORE = (100, "2024-01-01", "2025-06-30"), (120, "2025-07-01", None)
"""The covenant's hundred a year became a hundred and twenty from 1 July 2025."""


@pytest.fixture
def lived(store: Store, settings: Settings) -> tuple[Store, Settings]:
    """The small year."""
    live(store)
    return store, replace(settings, small_cell=0)


@pytest.mark.parametrize(
    ("over", "held"),
    [
        ("2024", HUNDRED),
        ("2025-06", HUNDRED),
        ("2025-07", MORE),
        ("2025-10", MORE),
        ("2025", MORE),  # as on its last day
    ],
)
def test_a_period_has_the_target_of_its_last_day(
    lived: tuple[Store, Settings],
    workbooks: Mapping[str, Workbook],
    over: str,
    held: tuple[object, ...],
) -> None:
    book, about, today = workbooks["monthly"], period(over, MOMENT.date()), MOMENT.date()
    with telling(*lived, about, today, book.shared, book.results) as connection:
        told = {
            row[0]: tuple(row[1:])
            for row in connection.execute(
                "SELECT period, target, target_from, target_until FROM aims WHERE result = ?",
                (STEP,),
            )
        }
    assert told[over] == held
    for month in (each for each in told if each[:4].isdigit() and len(each) == 7):
        assert told[month] == (HUNDRED if month < "2025-07" else MORE), month


@pytest.mark.parametrize(("over", "held"), [("2025-06", HUNDRED), ("2025-07", MORE)])
def test_an_old_workbook_can_be_made_again_as_it_was(
    lived: tuple[Store, Settings], workbooks: Any, over: str, held: tuple[object, ...]
) -> None:
    told = sheets(*lived, workbooks["monthly"], over, MOMENT, "Resultaten", "Levering")
    (row,) = (row for row in told["Resultaten"] if next(iter(row.values())) == STEP)
    assert row["Streefcijfer"] == held[0]
    keys = {str(row["row_key"]) for row in told["Levering"]}
    assert f"{over}|zuidwest|{STEP}|{held[1]}" in keys
    other = {HUNDRED: MORE, MORE: HUNDRED}[held][1]  # type: ignore[index]
    assert not {key for key in keys if key.endswith(f"|{STEP}|{other}")}
