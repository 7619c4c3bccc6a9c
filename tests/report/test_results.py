"""Every result over a small year lived by hand, beside what was worked out on paper."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store, open_store
from fieldapp.report.deliver import telling
from fieldapp.report.period import period
from fieldapp.report.result import load_results
from fieldapp.report.shared import load_shared, needed
from fieldapp.settings import Settings
from tests.conftest import Clock
from tests.report.diary import Diary
from tests.report.paper import DOUBTFUL, NA, OTHER_MONTHS, PAPER, PERIODS
from tests.report.year import live

TODAY = dt.date(2026, 11, 20)
Key = tuple[str, str, str, str]
"""Result, measure, key of the level, period."""
Told = Mapping[Key, Mapping[str, object]]

RESULTS = load_results(Settings().exports)
SHARED = needed(load_shared(Settings().exports), [each.statement.text for each in RESULTS])
MILESTONES = [each.id for each in RESULTS if "milestone.status" in each.questions]


def read(store: Store, settings: Settings, *, public: bool = False) -> Told:
    """Every reading of a report over 2025."""
    over = period("2025", TODAY)
    with telling(store, settings, over, TODAY, SHARED, RESULTS, public=public) as connection:
        rows = connection.execute(
            "SELECT result, measure, key, period, value, numerator, denominator, doubtful, status "
            "FROM readings"
        )
        names = ("value", "numerator", "denominator", "doubtful", "status")
        return {tuple(row[:4]): dict(zip(names, row[4:], strict=True)) for row in rows}


@pytest.fixture(scope="module")
def year(
    tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]
) -> Iterator[tuple[Store, Settings, Mapping[str, str]]]:
    """The small year, kept."""
    settings = Settings(data=tmp_path_factory.mktemp("year") / "data", small_cell=0)
    store = open_store(settings.data, forms, Clock(), make=True)
    yield store, settings, live(store)
    store.close()


@pytest.fixture(scope="module")
def told(year: tuple[Store, Settings, Mapping[str, str]]) -> Told:
    """What the office reads of it."""
    return read(*year[:2])


def shown(told: Told, key: Key) -> object:
    """The value; without one, why there is none."""
    reading = told[key]
    return reading["status"] if reading["value"] is None else reading["value"]


@pytest.mark.parametrize("result", PAPER)
def test_a_result_is_what_was_worked_out(told: Told, result: str) -> None:
    for (measure, key), figures in PAPER[result].items():
        for over, figure in zip(PERIODS, figures, strict=True):
            found = shown(told, (result, measure, key, over))
            expected = pytest.approx(figure) if isinstance(figure, float) else figure
            assert found == expected, (measure, key, over)


HEADS = {(each.id, m.name) for each in RESULTS for m in each.measures
         if m.kind in ("persons", "steps")}  # fmt: skip


@pytest.fixture(scope="module")
def published(year: tuple[Store, Settings, Mapping[str, str]]) -> Told:
    """What anybody reads of it: counts of persons below five are protected."""
    return read(year[0], replace(year[1], small_cell=5), public=True)


@pytest.mark.parametrize("result", PAPER)
def test_the_same_on_paper_with_the_threshold_on(published: Told, result: str) -> None:
    """A head count of 1 to 4 is small; a larger one stands, or goes along; all else stands."""
    for (measure, key), figures in PAPER[result].items():
        for over, figure in zip(PERIODS, figures, strict=True):
            found = shown(published, (result, measure, key, over))
            where = (measure, key, over)
            if where == ("own_income", "", "2024"):
                assert found == "confidential"  # one wijkbedrijf alone told of its own
                continue
            if (result, measure) not in HEADS or not isinstance(figure, int) or figure == 0:
                expected = pytest.approx(figure) if isinstance(figure, float) else figure
                assert found == expected, where
            elif figure < 5:
                assert found == "small", where
            else:
                assert found in (figure, "small"), where


def test_what_is_hidden_leaves_nothing_behind(told: Told, published: Told) -> None:
    assert told.keys() == published.keys()
    hidden = [key for key, reading in published.items() if reading["status"] == "small"]
    assert len(hidden) > 100
    for key in hidden:
        assert {
            published[key][name] for name in ("value", "numerator", "denominator", "doubtful")
        } == {None}
    larger = [key for key in hidden if float(str(told[key]["value"] or 0)) >= 5]
    assert larger  # what would have told a small one by subtraction


@pytest.mark.parametrize("key", OTHER_MONTHS)
def test_a_month_is_what_was_worked_out(told: Told, key: Key) -> None:
    assert shown(told, key) == OTHER_MONTHS[key]


@pytest.mark.parametrize("key", DOUBTFUL)
def test_a_headcount_tells_how_many_may_be_double(told: Told, key: tuple[str, str, str]) -> None:
    assert tuple(told[*key, over]["doubtful"] for over in PERIODS) == DOUBTFUL[key]


def test_every_headcount_tells_how_many_may_be_double(told: Told) -> None:
    assert len(HEADS) == 18
    for (result, measure, *where), reading in told.items():
        if (result, measure) in HEADS:
            assert (reading["doubtful"] is None) == (reading["value"] is None), (result, where)


def test_every_share_is_its_parts(told: Told) -> None:
    shares = {(each.id, m.name) for each in RESULTS for m in each.measures if m.kind == "share"}
    assert shares == {("4/1.1.1.b", ""), ("4/1.1.2.a", "own_income"), ("2", "complete")}
    for (result, measure, *_), reading in told.items():
        if (result, measure) in shares and reading["value"] is not None:
            parts = float(str(reading["numerator"])) / float(str(reading["denominator"]))
            assert reading["value"] == pytest.approx(parts)


def test_one_month_of_one_place_tells_no_referrals(told: Told) -> None:
    months = {key[2] for key in told if key[1] == "ref_money" and key[3] == "2025-10"}
    assert months == {""}


def test_own_income_is_told_of_all_together_only(told: Told) -> None:
    assert {key[2] for key in told if key[1] == "own_income"} == {""}


def promised() -> set[str]:
    """Every id in the table of results that must be measured, the rows in one written out."""
    letters = {
        "4/1.1.1": "abcdefg", "4/1.1.2": "ab", "4/1.1.3": "ab", "4/1.2.1": "ab", "4/1.3.1": " ",
        "4/1.3.2": " ", "4/1.3.3": " ", "4/2.1.1": "abc", "4/2.1.2": "abcd", "4/2.1.3": "abcd",
        "4/2.2.1": "abc", "4/2.3.1": "ab", "4/2.3.2": "ab", "4/2.3.3": "a", "4/2.4.1": "abc",
        "4/2.4.2": "a", "4/2.5": "abc", "4/2.5.3": "a",
        "3/1.1": "123", "3/1.2": "12", "3/1.3": "123", "3/2.1": "123", "3/2.2": "1",
        "3/2.3": "123", "3/2.4": "12", "3/2.5": "123", "2": " ",
    }  # fmt: skip
    return {
        f"{row}.{each}".removesuffix(". ") for row, all_of in letters.items() for each in all_of
    }


def test_every_row_of_the_list_has_its_file() -> None:
    assert {each.id for each in RESULTS} == promised()


def test_the_readme_has_a_row_with_cells_for_every_result() -> None:
    """Its table is made by cog, which `make check` compares."""
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    row = re.compile(r"^\| \[`([^`]+)`\]\(exports/results/[^)]+\) \|.*\| `.+` \| (.*) \|$", re.M)
    told = dict(row.findall(text))
    assert told.keys() == promised()
    for result, cells in told.items():
        assert re.search(r"monthly: Resultaten!A[0-9]+:[A-Z]+[0-9]+", cells), result
        if result != "2":
            assert re.search(r"progress: (Resultaten|Voortgang per initiatief)!A[0-9]+:", cells)


def test_every_result_that_a_form_feeds_is_there(forms: Mapping[str, Form]) -> None:
    fed = {result for form in forms.values() for q in form.columns.values() for result in q.result}
    assert fed - {"3", "4"} <= {
        each.id for each in RESULTS
    }  # of whole articles the office says more


@pytest.fixture
def lived(store: Store, settings: Settings) -> tuple[Store, Settings, Mapping[str, str]]:
    """The small year on an instance of this test's own."""
    return store, replace(settings, small_cell=0), live(store)


def test_every_milestone_is_read_by_its_own_result(store: Store, settings: Settings) -> None:
    assert len(MILESTONES) == 51
    diary, numbers = Diary(store), {}
    for number, result in enumerate(MILESTONES, 1):
        numbers[result] = number
        diary.send("2025-10-15", None, "milestone", result_id=result, as_of="2025-10-15",
                   status="reached", value=str(number))  # fmt: skip
    told = read(store, settings)
    for each in (each for each in RESULTS if each.id in numbers):
        expected = {
            "status": "reached", "yes_no": 1, "date": "2025-10-15", "count": numbers[each.id],
        }[each.kind]  # fmt: skip
        assert shown(told, (each.id, "", "", "2025-10")) == expected, each.id
        assert shown(told, (each.id, "", "", "2025-09")) == NA, each.id
        for measure in each.measures:
            if measure.name == "status":
                assert shown(told, (each.id, "status", "", "2025-10")) == "reached", each.id
            if measure.name == "value":
                assert shown(told, (each.id, "value", "", "2025-10")) == numbers[each.id]


OCTOBER = ("2025-10", "2025", "deal")
OP_01 = ("OP-01", "bouwlust", "")
WB_01 = ("WB-01", "moerwijk", "")


def cells(
    result: str, measures: str, keys: tuple[str, ...], periods: tuple[str, ...] = OCTOBER
) -> set[Key]:
    """Every reading of some measures (- is the headline), keys and periods."""
    return {(result, measure.strip("-"), key, over) for measure in measures.split() for key in keys
            for over in periods}  # fmt: skip


# A morning at OP-01 with 12 visits, 2 of them new, and 3 referrals.
VISIT = (
    cells("4/1.1.1.f", "drop_in language_childcare", OP_01)
    | cells("4/1.1.3.b", "visits new_visitors", OP_01)
    | cells("4/1.3.3", "referrals ref_money ref_care", OP_01) - {
        ("4/1.3.3", measure, key, "2025-10")
        for measure in ("referrals", "ref_money", "ref_care") for key in ("OP-01", "bouwlust")
    }
    | cells("4/2.4.2.a", "- lessons", OP_01)
)  # fmt: skip
# The allowances of October at OP-01. Over a year nobody disappears from the total: Ann had one in
# March, Cor and Gus had one at OP-02.
ALLOWANCE = (
    cells("4/1.1.1.g", "- allowance", ("OP-01", "bouwlust"))
    | cells("4/1.1.1.g", "- allowance", ("",), ("2025-10",))
    | cells("4/1.1.1.g", "year", ("OP-01", "bouwlust"),
            ("2025-10", "2025-11", "2025-12", "2025", "deal"))
)  # fmt: skip
# One of two crews on a morning: Job was in the other as well, Kim came in May as well.
CREW = (
    cells("4/1.1.2.a", "- active", WB_01, ("2025-10",))
    | cells("4/2.5.c", "hours litter", WB_01)
)  # fmt: skip


@pytest.mark.parametrize(
    ("form_id", "which", "changed"),
    [
        ("visitors", "visit", VISIT),
        ("volunteer_month", "allowance", ALLOWANCE),
        ("attendance", "crew", CREW),
    ],
)
def test_what_is_withdrawn_changes_what_depends_on_it_and_nothing_else(
    lived: tuple[Store, Settings, Mapping[str, str]],
    told: Told,
    form_id: str,
    which: str,
    changed: set[Key],
) -> None:
    store, settings, rows = lived
    Diary(store).withdraw("2026-01-10", form_id, rows[which])
    after = read(store, settings)
    assert after.keys() == told.keys()
    assert {key for key in told if after[key] != told[key]} == changed
