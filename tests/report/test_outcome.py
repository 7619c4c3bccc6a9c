"""How the results stand, and what is still to go, over the small year that was lived by hand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep.found import Sought, counts, find
from fieldapp.keep.store import Store, open_store
from fieldapp.report import course
from fieldapp.report.gap import Gap, gaps, late
from fieldapp.report.judgement import WORDS
from fieldapp.report.outcome import Outcomes, outcomes
from fieldapp.report.period import period
from fieldapp.report.progress import WORKBOOK, report
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import Clock
from tests.report.year import live

TODAY = dt.date(2026, 11, 20)
STEP, WORK, HOURS = "4/1.1.1.g", "4/1.1.2.a", "4/1.1.1.a"


@pytest.fixture(scope="module")
def year(
    tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]
) -> Iterator[tuple[Store, Settings]]:
    """The small year, kept."""
    settings = Settings(data=tmp_path_factory.mktemp("outcome") / "data", small_cell=0)
    store = open_store(settings.data, forms, Clock(), make=True)
    live(store)
    yield store, settings
    store.close()


def stand(
    year: tuple[Store, Settings],
    workbooks: Mapping[str, Workbook],
    text: str,
    *,
    public: bool = False,
    small_cell: int = 0,
    today: dt.date = TODAY,
) -> Outcomes:
    store, settings = year
    settings = replace(settings, small_cell=small_cell)
    over = period(text, today)
    return outcomes(store, settings, workbooks[WORKBOOK], over, today, public=public)


@pytest.fixture(scope="module")
def told(year: tuple[Store, Settings], workbooks: Mapping[str, Workbook]) -> Outcomes:
    """October 2025 as the office sees it."""
    return stand(year, workbooks, "2025-10")


def test_the_page_judges_as_the_report_does(
    year: tuple[Store, Settings], workbooks: Mapping[str, Workbook]
) -> None:
    store, settings = year
    reported = report(store, settings, workbooks[WORKBOOK], "2025", TODAY).records("results")
    told = stand(year, workbooks, "2025-04", public=True)
    found = {
        id: (
            WORDS[told.standing[id].judged],
            told.reason(result),
            told.baseline(result),
            told.target(result) or "geen getal",
        )
        for id, result in told.results.items()
        if id.startswith("4/") and course.counts(result)
    }
    assert found == {
        str(row["code"]): (row["judged"], row["reason"], row["baseline"], row["target"])
        for row in reported
        if row["code"] in found
    }
    assert {told.standing[id].period for id in found} == {"2024", "2025", "deal"}


def test_a_figure_stands_beside_what_was_agreed(told: Outcomes) -> None:
    step, work = told.results[STEP], told.results[WORK]
    assert told.standing[STEP].period == "2024"
    assert told.figure(step) == "1 persoon"
    assert told.target(step) == "100 personen"
    assert told.path(step) == ""
    assert told.reason(step).endswith("Het doel is 100 personen.")
    assert told.standing[WORK].companies == 1
    agreed = replace(told.standing[WORK], target=100.0)
    promised = replace(told, standing={**told.standing, WORK: agreed})
    assert promised.target(work) == "100 personen per wijkbedrijf"
    agreed = replace(agreed, target=200.0, target_most=300.0, companies=None)
    promised = replace(told, standing={**told.standing, WORK: agreed})
    assert promised.target(work) == "200 tot 300 personen"
    assert told.baseline(told.results[HOURS]) == "24 uur per week"
    assert told.baseline(step) == "geen nulmeting"
    assert told.baseline(told.results["4/2.5.3.a"]) == "n.v.t."


def test_nothing_goes_on_after_today(
    year: tuple[Store, Settings], workbooks: Mapping[str, Workbook]
) -> None:
    told = stand(year, workbooks, "2025-10", today=dt.date(2025, 10, 9))
    assert {span.until for span in told.spans if span.period in {"2025-10", "2025", "deal"}} == {
        dt.date(2025, 10, 9)
    }
    assert told.reason(told.results[HOURS]).startswith("Op 9 oktober 2025: ")
    assert told.spans[12].label_nl == "oktober 2025 tot en met 9 oktober"
    assert {each.status for each in told.of(HOURS, "hours", "2025-10", "total")} == {"provisional"}


def test_who_is_to_be_called_is_said_with_the_places(
    told: Outcomes, year: tuple[Store, Settings], workbooks: Mapping[str, Workbook]
) -> None:
    spring = stand(year, workbooks, "2025-04")
    assert gaps(spring, spring.results[HOURS]) == [
        Gap("Bij 1 plek zijn de uren nog niet ruimer.", "place", ["OP-01"]),
        Gap("Bij 1 plek is nog geen nulmeting.", "place", ["OP-02"]),
    ]
    seen = {each.key: each.value for each in told.of(WORK, "", "2025", "place")}
    for aim in (1.0, 1000.0):
        promised = replace(told, aims={(WORK, "2025"): (aim, None)})
        found = [each for each in gaps(promised, told.results[WORK]) if "doel" in each.sentence]
        short = [key for key, value in seen.items() if isinstance(value, int) and value < aim]
        assert [key for each in found for key in each.keys] == short
    assert short
    (wijken,) = gaps(told, told.results["4/2.5.a"])
    assert wijken.level == "wijk"
    assert wijken.sentence == f"In {len(wijken.keys)} wijken is nog geen wijkbedrijf."
    assert "morgenstond" in wijken.keys
    assert gaps(told, told.results["4/1.3.1"]) == []


def test_a_result_of_a_year_is_called_about_in_this_year(told: Outcomes) -> None:
    """Who took a step is judged over 2024; nobody can be called about that any more."""
    for gap in gaps(told, told.results[STEP]):
        for key in gap.keys:
            figures = [
                each.value
                for measure in told.results[STEP].missing
                for each in told.of(STEP, measure, "2025", "place")
                if each.key == key
            ]
            assert 0 in figures or None in figures


def test_a_place_that_has_stopped_is_not_called(told: Outcomes) -> None:
    shut = {code for code, place in told.places.items() if not place.here}
    found = [gap for result in told.results.values() for gap in gaps(told, result)]
    named = {key for gap in found for key in gap.keys}
    assert named
    assert not shut & named
    first = next(iter(gaps(told, told.results[HOURS])))
    assert first.keys == ["OP-02"]
    gone = {code: replace(place, here=False) for code, place in told.places.items()}
    assert first not in gaps(replace(told, places=gone), told.results[HOURS])


def test_milestones_that_are_late_or_ask_for_attention_are_named(
    told: Outcomes, year: tuple[Store, Settings], workbooks: Mapping[str, Workbook]
) -> None:
    found = {each.result.id: each for each in late(told, year[1])}
    assert "4/1.1.1.d" not in found  # reached
    assert found["4/2.5.3.a"].sentence == "Hierover is nog niets opgeschreven."
    assert found["4/2.5.3.a"].state is None
    (known,) = [id for id in told.milestones if id == "4/1.2.1.a"]
    state = told.milestones[known]

    def sentence(status: str, deal_until: dt.date = year[1].deal_until) -> list[str]:
        changed = {known: replace(state, status=status)}
        settings = replace(year[1], deal_until=deal_until)
        listed = late(replace(told, milestones=changed), settings)
        return [each.sentence for each in listed if each.result.id == known]

    assert sentence("busy") == []
    assert sentence("attention") == ["Dit vraagt aandacht."]
    gone = dt.date(2025, 9, 30)
    assert sentence("busy", gone) == ["Dit moest klaar zijn op 30 september 2025."]
    assert sentence("reached", gone) == []


def test_tables_and_drawings_tell_the_same(told: Outcomes) -> None:
    step = told.results[STEP]
    months = course.months(told, step)
    assert [name for name, _ in months.rows][::12] == ["oktober 2024", "oktober 2025"]
    assert months.headings[:2] == ["Maand", "Personen"]
    drawn = ElementTree.fromstring(months.drawing)  # noqa: S314
    bars = [float(each.attrib["height"]) for each in drawn.iter("rect")]
    told_in_table = [cells[1].split(" ")[0] for _, cells in months.rows]
    numbers = [int(each) for each in told_in_table if each.isdigit()]
    assert [round(bar * 100 / 120) for bar in bars] == numbers  # the target, 100, fills the drawing
    years = course.years(told, step)
    assert [name for name, _ in years.rows][:1] == ["2024"]
    assert years.rows[0][1][0] == "1"
    wijken, places = (course.parts(told, step, level) for level in ("wijk", "place"))
    assert {name for name, _ in places.rows} <= {"OP-01", "OP-02", "OP-03"}
    assert {name for name, _ in wijken.rows} <= set(told.wijken)
    beside = dict(course.beside(told, step).rows)
    assert "Kreeg een vergoeding (personen)" in beside
    assert course.beside_parts(told, step).headings[0] == "Plek"
    assert course.months(told, told.results["4/2.5.3.a"]).drawing == ""
    assert course.spark(told, told.results["4/2.5.3.a"]) == ("", "")


def test_who_is_not_of_the_office_sees_no_small_number(
    year: tuple[Store, Settings], workbooks: Mapping[str, Workbook]
) -> None:
    exact = stand(year, workbooks, "2025-10", small_cell=5)
    public = stand(year, workbooks, "2025-10", public=True, small_cell=5)
    step = exact.results[STEP]
    assert exact.figure(step) == "1 persoon"
    assert public.figure(step) == "afgeschermd"
    rows = [cells for _, cells in course.parts(public, step, "place").rows]
    assert rows
    assert {cell for cells in rows for cell in cells if cell.isdigit()} <= {"0"}
    assert not re.search(r"[1-4]\b", " ".join(cell for cells in rows for cell in cells))
    assert "<rect" not in course.years(public, step).drawing


def test_records_are_counted_as_the_list_finds_them(year: tuple[Store, Settings]) -> None:
    store, _ = year
    forms = [store.forms[name] for name in ("volunteer_month", "step", "milestone", "visitors")]
    with store.read() as connection:
        found = counts(connection, Sought(forms, first="2025-01-01", last="2025-12-31"))
        for (form, place), number in found.items():
            sought = Sought([store.forms[form]], place or None, "2025-01-01", "2025-12-31")
            assert find(store, connection, sought, 0, 0).total == number
        assert (
            sum(found.values())
            == find(store, connection, Sought(forms, None, "2025-01-01", "2025-12-31"), 0, 0).total
        )
        assert counts(connection, Sought([])) == {}
    assert {form for form, _ in found} == {form.form_id for form in forms}
