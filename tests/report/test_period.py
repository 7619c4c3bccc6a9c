"""Periods: what reads, what it is called, and what is refused with an example."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldapp.errors import BadRequest
from fieldapp.report.period import long_date, period, report_year

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "start", "end", "title", "title_en", "this"),
    [
        ("2026-10", "2026-10-01", "2026-10-31", "oktober 2026", "October 2026", "deze maand"),
        ("2024-02", "2024-02-01", "2024-02-29", "februari 2024", "February 2024", "deze maand"),
        ("2026-11", "2026-11-01", "2026-11-30", "november 2026", "November 2026", "deze maand"),
        (
            "2026-Q3",
            "2026-07-01",
            "2026-09-30",
            "3e kwartaal 2026",
            "quarter 3 of 2026",
            "dit kwartaal",
        ),
        ("2026", "2026-01-01", "2026-12-31", "2026", "2026", "dit jaar"),
    ],
)
def test_reads(text: str, start: str, end: str, title: str, title_en: str, this: str) -> None:
    made = period(text, TODAY)
    assert (made.start.isoformat(), made.end.isoformat()) == (start, end)
    assert (made.text, made.title, made.title_en, made.this) == (text, title, title_en, this)
    assert made.year_from == dt.date(made.end.year, 1, 1)


def test_parameters_are_those_that_exports_may_name() -> None:
    assert period("2026-Q3", TODAY).parameters("OP-03") == {
        "from": "2026-07-01",
        "until": "2026-09-30",
        "year_from": "2026-01-01",
        "place": "OP-03",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-1", "is not a period"),
        ("2026-13", "is not a period"),
        ("2026-00", "is not a period"),
        ("2026-Q5", "is not a period"),
        ("2026-q3", "is not a period"),
        ("october", "is not a period"),
        ("", "is not a period"),
        ("2026-10\n", "is not a period"),
        ("٢٠٢٦", "is not a period"),
        ("2019-12", "lies before 2020"),
        ("2026-12", "has not begun"),
        ("2027", "has not begun"),
        ("2027-Q1", "has not begun"),
    ],
)
def test_refuses_with_an_example(text: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason) as refused:
        period(text, TODAY)
    assert "2026-11, 2026-Q3 or 2026" in str(refused.value)


def test_dates_read_as_dutch() -> None:
    assert long_date(dt.date(2026, 3, 1)) == "1 maart 2026"


SINCE = dt.date(2024, 1, 1)


@pytest.mark.parametrize(
    ("text", "cutoff", "start", "end"),
    [
        ("2026", "04-30", "2025-05-01", "2026-04-30"),
        ("2024", "04-30", "2024-01-01", "2024-04-30"),  # the deal began after the last cut-off
        ("2027", "04-30", "2026-05-01", "2027-04-30"),  # has begun, and is not over
        ("2025", "02-29", "2024-03-01", "2025-02-28"),
        ("2026", "12-31", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_report_year_runs_from_cut_off_to_cut_off(
    text: str, cutoff: str, start: str, end: str
) -> None:
    made = report_year(text, TODAY, cutoff, SINCE)
    assert (made.start.isoformat(), made.end.isoformat()) == (start, end)
    assert (made.text, made.title, made.this) == (text, f"verslagjaar {text}", "dit verslagjaar")


def test_a_report_year_tells_its_deadlines() -> None:
    assert report_year("2026", TODAY, "04-30", SINCE).dates == (
        ("Peildatum", "30 april 2026"),
        ("Concept klaar", "vóór 15 juni 2026"),
        ("Naar de minister", "vóór 15 juli 2026"),
        ("Besproken", "september 2026"),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-05", "is not the year of a report"),
        ("26", "is not the year of a report"),
        ("0001", "is not the year of a report"),
        ("٢٠٢٦", "is not the year of a report"),
        ("", "is not the year of a report"),
        ("2023", "would lie before the deal, which began on 2024-01-01"),
        ("2028", "has not begun yet"),
        ("9999", "has not begun yet"),
    ],
)
def test_a_report_year_is_refused_with_an_example(text: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason) as refused:
        report_year(text, TODAY, "04-30", SINCE)
    assert "for example 2026." in str(refused.value)
