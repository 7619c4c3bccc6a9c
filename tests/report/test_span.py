"""Which stretches of days a report tells: months, a quarter, years, the deal so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from fieldapp.errors import BadRequest
from fieldapp.report.period import period, report_year
from fieldapp.report.span import Span, since_the_deal, spans
from fieldapp.settings import Settings, load

TODAY = dt.date(2026, 11, 23)
SETTINGS = Settings()


def told(text: str, settings: Settings = SETTINGS) -> dict[str, Span]:
    return {span.period: span for span in spans(period(text, TODAY), settings)}


def days(span: Span) -> tuple[str, str]:
    return span.since.isoformat(), span.until.isoformat()


def test_a_month_tells_thirteen_months_the_years_they_lie_in_and_the_deal() -> None:
    found = told("2026-10")
    assert list(found)[:2] == ["2025-10", "2025-11"]
    assert list(found)[11:] == ["2026-09", "2026-10", "2025", "2026", "deal"]
    assert [span.kind for span in found.values()] == ["month"] * 13 + ["year"] * 2 + ["deal"]
    assert days(found["2025-10"]) == ("2025-10-01", "2025-10-31")
    assert days(found["2025"]) == ("2025-01-01", "2025-12-31")
    assert days(found["2026"]) == ("2026-01-01", "2026-10-31")
    assert days(found["deal"]) == ("2024-01-01", "2026-10-31")
    assert found["2026-10"].label_nl == "oktober 2026"
    assert found["2026"].label_nl == "2026 tot en met 31 oktober"
    assert found["deal"].label_nl == "de deal tot en met 31 oktober 2026"


def test_a_quarter_is_told_itself_as_well() -> None:
    found = told("2026-Q3")
    assert list(found)[12:] == ["2026-09", "2026-Q3", "2025", "2026", "deal"]
    assert days(found["2026-Q3"]) == ("2026-07-01", "2026-09-30")


def test_a_year_tells_its_months_and_those_of_the_year_before() -> None:
    found = told("2025")
    assert next(iter(found)) == "2024-01"
    assert list(found)[22:] == ["2025-11", "2025-12", "2024", "2025", "deal"]
    assert days(found["deal"]) == ("2024-01-01", "2025-12-31")


def test_the_report_of_article_8_tells_its_own_year() -> None:
    over = report_year("2026", TODAY, "04-30", SETTINGS.deal_from)
    found = {span.period: span for span in spans(over, SETTINGS)}
    assert list(found) == ["2026-04", "cutoff", "2025", "2026", "deal"]
    assert days(found["cutoff"]) == ("2025-05-01", "2026-04-30")
    assert days(found["2026"]) == ("2026-01-01", "2026-04-30")


def test_the_last_month_of_a_cut_off_within_a_month_is_cut_short() -> None:
    over = report_year("2026", TODAY, "04-15", SETTINGS.deal_from)
    found = {span.period: span for span in spans(over, SETTINGS)}
    assert days(found["2026-04"]) == ("2026-04-01", "2026-04-15")
    assert not found["2026-04"].whole


def test_what_lies_before_the_deal_is_left_out() -> None:
    assert list(told("2024-02")) == ["2024-01", "2024-02", "2024", "deal"]


def test_a_report_before_the_deal_tells_its_own_month_and_year() -> None:
    found = told("2023-05")
    assert list(found) == ["2023-05", "2023"]


def test_the_deal_ends_and_can_be_extended() -> None:
    short = replace(SETTINGS, deal_until=dt.date(2025, 6, 30))
    assert days(told("2026-10", short)["deal"]) == ("2024-01-01", "2025-06-30")
    assert told("2026-10", short)["deal"].over(TODAY)
    assert not told("2026-10")["deal"].over(TODAY)


def test_a_stretch_is_over_when_nothing_can_be_added() -> None:
    found = told("2026-11")
    assert found["2026-10"].over(TODAY)
    assert found["2025"].over(TODAY)
    assert not found["2026-11"].over(TODAY)
    assert not found["2026-11"].over(dt.date(2026, 11, 30))
    assert found["2026-11"].over(dt.date(2026, 12, 1))
    assert not found["2026"].over(dt.date(2027, 1, 1)), "it holds only eleven months"


def test_days_of_the_deal_are_settings() -> None:
    given = {
        "FIELDAPP_DEAL_FROM": "2025-01-01",
        "FIELDAPP_DEAL_UNTIL": "2028-12-31",
        "FIELDAPP_FUNDING_UNTIL": "2028-06-30",
    }
    settings = load(given)
    assert (settings.deal_from.year, settings.deal_until.year) == (2025, 2028)
    assert settings.funding_until == dt.date(2028, 6, 30)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"FIELDAPP_DEAL_UNTIL": "31-12-2028"}, "FIELDAPP_DEAL_UNTIL is '31-12-2028': give a day"),
        ({"FIELDAPP_DEAL_UNTIL": "2023-12-31"}, "give a later day"),
        ({"FIELDAPP_CUTOFF": "30-04"}, "FIELDAPP_CUTOFF is '30-04': give a month and a day"),
        ({"FIELDAPP_SMALL_CELL": "five"}, "give a whole number, for example 5"),
    ],
)
def test_days_that_do_not_read_are_told(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        load(given)


def test_every_year_of_the_deal_is_told_and_nothing_goes_on_after_today() -> None:
    over = period("2026-11", TODAY)
    found = {span.period: span for span in since_the_deal(over, SETTINGS, TODAY)}
    assert list(found)[12:] == ["2026-11", "2024", "2025", "2026", "deal"]
    assert days(found["2024"]) == ("2024-01-01", "2024-12-31")
    assert {found[each].until for each in ("2026-11", "2026", "deal")} == {TODAY}
    assert found["2026-11"].label_nl == "november 2026 tot en met 23 november"
    assert found["deal"].label_nl == "de deal tot en met 23 november"
    assert not any(found[each].whole for each in ("2026-11", "2026", "deal"))
    past = since_the_deal(period("2024-03", TODAY), SETTINGS, TODAY)
    assert past == spans(period("2024-03", TODAY), SETTINGS)
