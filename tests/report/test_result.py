"""Result files: every mistake in a header is told with its file, its line and the remedy."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from fieldapp.ask.question import Form
from fieldapp.errors import FilesBroken
from fieldapp.report.result import Measure, due, load_results, read, unknown_questions
from fieldapp.settings import shipped

FILE = "exports/results/4-1.1.1.g.sql"
TEXT = """\
-- Vrijwilligers met een stap vooruit
-- result: 4/1.1.1.g
-- pillar: A
-- unit: personen
-- kind: persons
-- over: year
-- good: more
-- questions: volunteer_month.allowance step.step
-- measure paid: Vond werk (ook elders) (personen, persons)
-- Who got an allowance: and was offered coaching.
SELECT 1 AS numerator, 2 AS denominator
"""


def test_the_header_is_read() -> None:
    result, faults = read(FILE, TEXT)
    assert faults == []
    assert result is not None
    assert (result.id, result.title) == ("4/1.1.1.g", "Vrijwilligers met een stap vooruit")
    assert (result.pillar, result.unit, result.kind) == ("A", "personen", "persons")
    assert (result.over, result.good) == ("year", "more")
    assert result.questions == ("volunteer_month.allowance", "step.step")
    assert result.measures == (
        Measure("", "Vrijwilligers met een stap vooruit", "personen", "persons"),
        Measure("paid", "Vond werk (ook elders)", "personen", "persons"),
    )


def test_a_result_says_what_places_lack_and_when_it_is_due() -> None:
    more = "-- missing: kwam nog niemand\n-- missing paid: vond nog niemand werk\n"
    for by, day in (
        ("", "2027-12-31"),
        ("2024-03-31", "2024-03-31"),
        ("deal - 1 months", "2027-11-30"),
        ("funding - 6 months", "2027-02-28"),
    ):
        text = TEXT.replace("-- Who", f"{more}{f'-- by: {by}' if by else '-- By'}\n-- Who")
        result, faults = read(FILE, text)
        assert faults == []
        assert result is not None
        assert result.missing == {"": "kwam nog niemand", "paid": "vond nog niemand werk"}
        last = due(result, dt.date(2027, 12, 31), dt.date(2027, 8, 31))
        assert last.isoformat() == day


WRONG = [
    ("-- Vrijwilligers met een stap vooruit", "--", 1, "does not say what one row means"),
    ("-- pillar: A\n", "", 1, "the header has no 'pillar'. Add a line: -- pillar: A or B"),
    ("-- result: 4/1.1.1.g\n", "", 1, "Add a line: -- result: 4/1.1.1.g"),
    ("-- unit: personen", "-- unti: personen", 4, "unknown key 'unti'. A header may have: result"),
    ("-- unit: personen", "-- unit x: personen", 4, "unknown key 'unit x'."),
    ("4/1.1.1.g", "4-1.1.1.g", 2, "'4-1.1.1.g' is no result."),
    ("4/1.1.1.g", "4/1.1.1.h", 2, "result 4/1.1.1.h stands in 4-1.1.1.h.sql. Rename the file"),
    ("pillar: A", "pillar: C", 3, "there is no pillar 'C'. Use one of: A, B."),
    ("kind: persons", "kind: people", 5, "there is no kind 'people'. Use one of: persons, steps"),
    ("over: year", "over: week", 6, "there is no over 'week'. Use one of: month, year"),
    ("good: more", "good: less", 7, "there is no good 'less'. Use one of: more, fewer, none."),
    ("questions: volunteer_month.allowance step.step", "questions:", 8, "'questions' is empty."),
    ("-- unit: personen", "-- unit: personen\n-- unit: uren", 5, "'unit' is there twice."),
    ("measure paid", "measure", 9, "a measure needs a name of small letters."),
    (" (personen, persons)", "", 9, "a measure tells its label, unit and kind."),
    ("(personen, persons)", "(personen, people)", 9, "there is no kind 'people'."),
    (
        "-- Who got",
        "-- measure paid: Nog eens (uren, hours)\n-- Who",
        10,
        "'measure paid' is there",
    ),
    ("SELECT 1", "DELETE 1", 11, "the statement begins with DELETE"),
    ("-- Who", "-- by: 2024-02-30\n-- Who", 10, "'2024-02-30' is no day. Write for example: -- by"),
    ("-- Who", "-- by: funding - 100 months\n-- Who", 10, "is no day."),
    ("-- Who", "-- missing:\n-- Who", 10, "'missing' is empty. Write for example: -- missing"),
    ("-- Who", "-- missing x: kwam niemand\n-- Who", 10, "there is no measure 'x' above"),
    ("-- Who", "-- missing: a\n-- missing: b\n-- Who", 11, "'missing' is there twice."),
]


@pytest.mark.parametrize(("before", "after", "line", "sentence"), WRONG)
def test_mistakes_are_told(before: str, after: str, line: int, sentence: str) -> None:
    result, faults = read(FILE, TEXT.replace(before, after, 1))
    assert result is None
    told = [str(fault) for fault in faults]
    assert any(each.startswith(f"{FILE}, line {line}: ") and sentence in each for each in told), (
        told
    )


@pytest.mark.parametrize("column", ["numerator", "denominator"])
def test_a_share_has_both_its_numbers(column: str) -> None:
    text = TEXT.replace("kind: persons", "kind: share").replace(f"AS {column}", "AS other")
    _, faults = read(FILE, text)
    assert [str(each) for each in faults] == [
        f"{FILE}, line 5: a share has a numerator and a denominator. SELECT {column} as well."
    ]


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "exports" / "results"
    folder.mkdir(parents=True)
    for name in ("4-1.1.1.g", "4-1.1.1.f"):
        (folder / f"{name}.sql").write_text(TEXT.replace("pillar: A", "pillar: C"), "utf-8")
    with pytest.raises(FilesBroken) as broken:
        load_results(tmp_path / "exports")
    assert len(broken.value.faults) == 3


def test_there_may_be_none(tmp_path: Path) -> None:
    assert load_results(tmp_path) == ()


def test_results_stand_in_the_order_of_the_covenant() -> None:
    found = [result.id for result in load_results(shipped("exports"))]
    assert found[0] == "4/1.1.1.a"
    assert found.index("4/2.4.2.a") < found.index("4/2.5.a") < found.index("4/2.5.3.a")
    assert found.index("4/2.5.3.a") < found.index("3/1.1.1") < found.index("3/2.5.3")
    assert found[-1] == "2"


def test_questions_are_held_against_the_forms(forms: Mapping[str, Form]) -> None:
    text = TEXT.replace("step.step", "step.stepp steps.step person_new.call_name")
    result, _ = read(FILE, text)
    assert result is not None
    assert [str(fault) for fault in unknown_questions([result], forms)] == [
        f"{FILE}, line 8: no form has a question 'step.stepp'. Write form.question as in forms/.",
        f"{FILE}, line 8: no form has a question 'steps.step'. Write form.question as in forms/.",
        f"{FILE}, line 8: 'person_new.call_name' is private: no result may draw on it. "
        "Take it out.",
    ]


def test_the_shipped_results_draw_on_questions_that_are_asked(forms: Mapping[str, Form]) -> None:
    assert unknown_questions(load_results(shipped("exports")), forms) == []


def test_what_a_form_says_to_feed_is_a_result(forms: Mapping[str, Form]) -> None:
    known = {result.id for result in load_results(shipped("exports"))}
    fed = {id for form in forms.values() for q in form.columns.values() for id in q.result}
    assert {id for id in fed if not _holds(id, known)} == set()


def _holds(id: str, known: set[str]) -> bool:
    """Whether a result has the id, or lies under it: 4/1.1.1 holds 4/1.1.1.a."""
    return any(re.match(rf"{re.escape(id)}([./]|$)", each) for each in known)
