"""Counting per stretch of time gives what counting per day gives, for every period."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldapp.keep.store import Store
from fieldapp.report import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.report.period import Period, report_year
from fieldapp.report.period import period as period_of
from fieldapp.settings import Settings

TODAY = dt.date(2026, 11, 20)
SHARED = load_workbooks(Settings().exports)["monthly"].shared
OVER = [
    period_of("2026-10", TODAY),
    period_of("2026-Q3", TODAY),
    period_of("2026", TODAY),
    report_year("2026", TODAY, "10-15", dt.date(2024, 1, 1)),  # begins and ends within a month
]


@pytest.mark.parametrize("over", OVER, ids=lambda over: over.text)
def test_a_period_is_made_up_of_whole_stretches(
    store: Store, settings: Settings, over: Period
) -> None:
    with deliver.telling(store, settings, over, TODAY, SHARED) as connection:
        by_day = connection.execute(
            "SELECT p.period, d.day FROM periods p "
            "JOIN dates d ON d.day BETWEEN p.since AND p.until ORDER BY 1, 2"
        ).fetchall()
        by_stretch = connection.execute(
            "SELECT s.period, d.day FROM stretches s JOIN dates d USING (stretch) ORDER BY 1, 2"
        ).fetchall()
        days = connection.execute(
            "SELECT sum(julianday(until) - julianday(since) + 1) FROM periods"
        ).fetchone()[0]
    assert [tuple(row) for row in by_stretch] == [tuple(row) for row in by_day]
    assert len(by_day) == days


@pytest.mark.parametrize("table", ["lines", "heard"])
def test_what_every_result_joins_is_found_by_period_and_place(
    store: Store, settings: Settings, table: str
) -> None:
    select = f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE (period, place) = ('2026-10', 'x')"
    with deliver.telling(store, settings, OVER[0], TODAY, SHARED) as connection:
        plan = connection.execute(select).fetchall()
    assert "INDEX" in plan[0]["detail"]
