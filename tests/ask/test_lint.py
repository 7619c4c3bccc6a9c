"""Every rule of the lint: the fault, its line, its column and the remedy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyxform.xls2xform import convert

from fieldapp.ask.vocabulary import COLUMNS, did_you_mean, split_type
from fieldapp.ask.xlsform import examine
from fieldapp.errors import Fault

Spoil = Callable[[str, str], tuple[bytes, int]]
Little = Callable[..., str]

SURVEY = "| | type | name | label::Nederlands (nl) |"
DATE = "| | date | date | Welke dag? | Which day? |"
VISITORS = "| | integer | visitors | Hoeveel? | How many? |"
WHO = "| | select_one_from_file people.csv | who |"
YES = "| | yes_no | yes | Ja | Yes | y |"
NO = "| | yes_no | no | Nee | No | n |"
SETTINGS = "| | Alles | all_kinds | 2026112301 | Nederlands (nl) | Van alles | All kinds |"
KEYS = "| meeting_place pilot | date | open_day | 20 | door |"
ENTITY = "| | people | ${who} | ${who} | ${open} = 'yes' | ${open} = 'no' |"

CASES = [
    # sheets and columns
    ("| choices |", "| choises |", "", "the sheet 'choises' is not known. Did you mean 'choices'?"),
    ("| private |", "| Private |", "Private", "'Private' is not known. Did you mean 'private'?"),
    ("| parameters | result |", "| parameters | parameters |", "parameters", "stands twice"),
    ("| list_name | name |", "| list_name | nam |", "name", "the column 'name' is missing"),
    (SURVEY, "| | type | name | label |", "label", "'label' has no language. Write label::Ned"),
    (SURVEY, "| | type | name | label::Dutch (nl) |", "label::Dutch (nl)", "a second name"),
    ("| form_title | form_id |", "| form_title | form_idd |", "form_idd", "mean 'form_id'?"),
    ("| hint::English (en) |", "| hint::English |", "hint::English", "has no language"),
    # texts
    ("| Which day? |", "| |", "label::English (en)", "the text 'Welke dag?' has no translation"),
    ("| Today? |", "| |", "hint::English (en)", "the text 'Vandaag?' has no translation here"),
    ("| Kies. |", "| |", "required_message::Nederlands (nl)", "the text 'Choose.' has no"),
    ("| Ja |", "| |", "label::Nederlands (nl)", "the text 'Yes' has no translation"),
    ("| Ja | Yes |", "| | |", "label::Nederlands (nl)", "the choice has no label"),
    ("| Hoeveel? | How many? |", "| | |", "label::Nederlands (nl)", "the question has no label"),
    ("| Van alles |", "| |", "heading::Nederlands (nl)", "the form has no heading"),
    ("| Wie? |", "| Wie ${date}? |", "label::Nederlands (nl)", "cannot show an answer with ${…}"),
    ("| . <= today() |", "| |", "constraint_message::Nederlands (nl)", "nothing shows this"),
    # types
    ("| time |", "| geoshape |", "", "type 'geoshape' is not supported"),
    ("| integer |", "| Integer |", "", "not supported. Did you mean 'integer'?"),
    ("| begin_group |", "| begin_repeat |", "", "'begin_repeat' is not supported. Make it a form"),
    ("| range | mark |", "| image | mark |", "", "type 'image' is not supported"),
    ("| range | mark |", "| | mark |", "type", "the row has no type"),
    ("| date | date |", "| date today | date |", "type", "'today' after 'date' is not understood"),
    ("yes_no | open |", "yes_no or_other | open |", "type", "is not one list"),
    ("select_one yes_no | open |", "select_one | open |", "type", "names no list"),
    ("people.csv | who |", "people | who |", "type", "names a register. Write for example"),
    # groups
    ("| begin_group | more |", "| note | more |", "appearance", "has no appearances"),
    ("| end_group |", "| note |", "name", "the row has no name. Give one"),
    ("| begin_group | more | Meer | More | | | |", "| begin_group | more | Meer | More | | | yes |",
     "required", "required does nothing at a group"),
    ("| compact |", "| horizontal |", "appearance", "'horizontal' is not one of: compact, field-"),
    # names
    ("| integer | visitors |", "| integer | Visitors |", "name", "'Visitors' is no name: use a-z"),
    ("| integer | visitors |", "| integer | date |", "name", "'date' is already on line 5"),
    ("| range | mark |", "| range | more |", "name", "'more' is already on line 7"),
    ("| range | mark |", "| range | csrf_token |", "name", "'csrf_token' is taken by the page"),
    ("| range | mark |", "| range | instanceID |", "name", "'instanceID' is taken by the page"),
    ("| range | mark |", "| range | |", "name", "the row has no name"),
    # cells of survey
    ("| counter |", "| quick |", "appearance", "for type 'integer', 'quick' is not one of"),
    ("| counter |", "| counter counter |", "appearance", "'counter' stands twice"),
    ("| 2 4/1.3.3 | yes |", "| 2 4/1.3.3 | Yes |", "private", "Write yes, or leave it empty"),
    ("| 2 4/1.3.3 |", "| 4-1.3.3 |", "result", "'4-1.3.3' is no result. Write ids like"),
    ("| 2 4/1.3.3 |", "| 2 4/1.3.3 2 |", "result", "'2' stands twice"),
    ("| regular_from |", "| regular |", "prefill", "'regular' is not one of: regular_from"),
    ("| last_month |", "| regular_from |", "prefill", "does not fit type 'integer', but time"),
    ("start=0 end=10", "start=low end=10", "parameters", "'start' is no number"),
    ("start=0 end=10", "start=10 end=0", "parameters", "the scale is empty"),
    ("start=0 end=10", "begin=0 end=10", "parameters", "'begin' is not one of: start, end, step"),
    ("value=name", "value=code", "parameters", "write value=name: a register has a name"),
    ("| counter | |", "| counter | rows=3 |", "parameters", "type 'integer' has no parameters"),
    ("| last_week | open |", "| last_week | Open |", "save_to", "'Open' cannot be saved to"),
    ("| last_week | open |", "| last_week | label |", "save_to", "name and label are taken"),
    ("| 2 * ${visitors} |", "| |", "calculation", "the row has no calculation"),
    # defaults
    ("| | | | yes | liveability", "| | | | ja | liveability", "default", "'ja' is no choice of"),
    ("| | 0 | | counter |", "| | none | | counter |", "default", "cannot be the answer of type"),
    ("| | 5 | | | start", "| | 11 | | | start", "default", "cannot be the answer of type 'range'"),
    # choices
    ("| select_one yes_no |", "| select_one yesno |", "type", "no list 'yesno' in choices. Did"),
    (NO, "| | ny | no | Nee | No | n |", "list_name", "no question uses the list 'ny'"),
    (NO, "| | yes_no | yes | Nee | No | n |", "name", "is already in the list 'yes_no', on line"),
    (NO, "| | yes_no | no no | Nee | No | n |", "name", "'no no' has a blank in it"),
    (NO, "| | yes_no | | Nee | No | n |", "name", "the choice has no name"),
    (NO, "| | | no | Nee | No | n |", "list_name", "the choice belongs to no list"),
    (NO, "| | yes_no | no | Nee | No | no |", "liveability", "'no' is not understood. Write y, n"),
    # settings
    ("| all_kinds |", "| All-Kinds |", "form_id", "'All-Kinds' is no name"),
    ("| all_kinds |", "| |", "form_id", "'form_id' is empty"),
    ("| 2026112301 |", "| 1.2 |", "version", "the version '1.2' is not digits alone"),
    ("| Nederlands (nl) | Van", "| Nederlands | Van", "default_language", "is not the name of a"),
    (KEYS, "| market | date | open_day | 20 | door |", "places", "'market' is not one of: meeting"),
    (KEYS, "| office pilot | date | open_day | 20 | door |", "places", "'office' stands alone"),
    (KEYS, "| pilot | day | open_day | 20 | door |", "key", "'day' is not one of: place, date"),
    (KEYS, "| pilot | date | daily | 20 | door |", "expected", "'daily' is not one of: open_day"),
    (KEYS, "| pilot | date | open_day | soon | door |", "order", "'soon' is no whole number"),
    (KEYS, "| pilot | date | open_day | 20 | a door |", "icon", "'a door' is no name of an icon"),
    # entities
    (ENTITY, "| | Mensen | ${who} | ${who} | | |", "list_name", "'Mensen' is no name"),
    (ENTITY, "| | | ${who} | ${who} | | |", "list_name", "'list_name' is empty"),
    (ENTITY, "| | people | | | | |", "label", "'label' is empty"),
    (ENTITY, "| | people | ${who} | | | true() |", "entity_id", "update_if needs an entity_id"),
    (ENTITY, "| | people | ${who} | ${who} | true() | |", "update_if", "say with update_if when"),
    (ENTITY, "| | people | ${whom} | ${who} | | |", "label", "did you mean ${who}?"),
    # expressions
    ("${open} = 'yes' | . >= 0", "${opne} = 'yes' | . >= 0", "relevant", "did you mean ${open}?"),
    ("${open} = 'yes' | . >= 0", "${last-saved#opne} = 'yes' | . >= 0", "relevant", "'opne' is"),
    ("| 2 * ${visitors} |", "| ../visitors |", "calculation", "XPath path"),
    ("| 2 * ${visitors} |", "| pulldata('a') |", "calculation", "unknown function 'pulldata()'"),
    ("| 2 * ${visitors} |", "| round() |", "calculation", "round() takes"),
    ("| . <= today() |", "| . <= today( |", "constraint", "stands where a value belongs"),
    ("| today() | | quick |", "| tody() | | quick |", "default", "did you mean today()?"),
    ("liveability = 'y'", "livable = 'y'", "choice_filter", "liveability"),
    ("role = 'volunteer'", "role == 'volunteer'", "choice_filter", "write ="),
    ("| ${from_time} != '' |", "| ${from_time} > '10:00' |", "relevant", "through decimal-time()"),
    ("| 2 * ${visitors} |", "| '9:00' <= ${last-saved#from_time} |", "calculation", "is a time"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "column", "words"), CASES)
def test_each_rule_names_the_place_and_the_remedy(
    spoil: Spoil, old: str, new: str, column: str, words: str
) -> None:
    data, line = spoil(old, new)
    faults = examine(data, "forms/f.md").faults
    assert [f for f in faults if (f.line, f.column) == (line, column) and words in f.sentence], (
        f"no such fault on line {line}, but:\n" + "\n".join(map(str, faults))
    )


def test_the_good_form_has_no_fault(good: str) -> None:
    assert examine(good.encode(), "f.md").faults == ()


def test_the_sentence_of_an_unknown_type_begins_with_file_and_line(little: Little) -> None:
    (fault,) = examine(
        little("| | geoshape | area | Waar? | Where? |").encode(), "forms/x.md"
    ).faults
    assert str(fault).startswith("forms/x.md, line 3: type 'geoshape' is not supported")


SILENT = [
    ("| private |", "| Private |"),  # an unknown column
    ("| result |", "| private |"),  # a header that stands twice
    ("| Ja |", "| |"),  # a choice in one language only
    ("| 2 * ${visitors} |", "| /data/visitors |"),  # XPath syntax
    ("| 2 * ${visitors} |", "| pulldate('a') |"),  # an unknown function
    ("| 2 * ${visitors} |", "| round() |"),  # wrong arity
    ("| ${from_time} != '' |", "| ${from_time} > '10:00' |"),  # times as texts
    ("liveability = 'y'", "livable = 'y'"),  # a column that the list does not have
    ("| counter |", "| countre |"),  # an appearance
    ("| regular_from |", "| regular |"),  # a word of ours
    ("| 2 4/1.3.3 |", "| 4-1.3.3 |"),
    ("| Nederlands (nl) | Van", "| Nederlands | Van"),
]


@pytest.mark.parametrize(("old", "new"), SILENT)
def test_what_pyxform_alone_takes_is_refused(spoil: Spoil, old: str, new: str) -> None:
    data, line = spoil(old, new)
    convert(data.decode(), file_type=".md")
    assert line in {fault.line for fault in examine(data, "f.md").faults}


def test_all_faults_are_found_in_one_run(good: str) -> None:
    text = good
    for old, new in [
        ("| private |", "| Private |"),
        ("| integer | visitors |", "| integer | Visitors |"),
        ("| 2 * ${visitors} |", "| 2 ** 3 |"),
        ("| range | mark |", "| geoshape | mark |"),
        (NO, "| | yes_no | yes | Nee | | n | surplus |"),
        ("| 2026112301 |", "| x |"),
        ("| | people | ${who}", "| | People | ${whom}"),
    ]:
        assert old in text
        text = text.replace(old, new)
    faults = examine(text.encode(), "f.md").faults
    lines = {fault.line for fault in faults}
    spoiled = {
        number
        for number, (before, after) in enumerate(
            zip(good.split("\n"), text.split("\n"), strict=True), start=1
        )
        if before != after
    }
    assert spoiled <= lines
    assert list(faults) == sorted(faults)


def faults_of(text: str) -> list[str]:
    return [str(fault) for fault in examine(text.encode(), "f.md").faults]


def test_both_languages_are_needed_in_every_sheet(good: str, little: Little) -> None:
    rows = "| survey |\n| | type | name | label::Nederlands (nl) |\n| | text | a | A |\n"
    settings = little("").split("| survey |")[1].split("\n", 2)[2]
    faults = faults_of(rows + settings)
    assert [f for f in faults if "label::English (en)' is missing" in f and "line 2" in f]
    third = little("| | text | a | A | A |").replace(
        "| heading::English (en) |", "| heading::English (en) | heading::Deutsch (de) |"
    )
    assert any("'label::Deutsch (de)' is missing" in fault for fault in faults_of(third))


CONCEPT = (
    "| survey |\n| | type | name | label::Nederlands (nl) | label::English (en) "
    "| hint::Nederlands (nl) | hint::English (en) | label::Türkçe (tr) |\n"
    "| | text | a | A | A | H | H | B |\n| | text | b | B | B | | | |\n"
)


def test_a_concept_may_be_there_in_part(little: Little) -> None:
    settings = "| settings |" + little("").split("| settings |")[1]
    examined = examine((CONCEPT + settings).encode(), "f.md")
    assert examined.faults == ()
    assert examined.form is not None
    labels = [question.label for question in examined.form.questions.values()]
    assert labels == [{"nl": "A", "en": "A", "tr": "B"}, {"nl": "B", "en": "B"}]


def test_a_concept_alone_is_no_text(little: Little) -> None:
    settings = "| settings |" + little("").split("| settings |")[1]
    alone = CONCEPT.replace("| b | B | B |", "| b | | |").replace("| | | |\n", "| | | C |\n")
    faults = faults_of(alone + settings)
    assert len([f for f in faults if "line 4" in f and "'C' has no translation here" in f]) == 2


def test_missing_sheets_settings_rows_and_groups() -> None:
    assert "f.md: the sheet 'settings' is missing." in faults_of("| survey |\n| | type | name |\n")
    faults = faults_of("| survey |\n| settings |\n| | form_id |\n")
    assert any("line 1: the sheet 'survey' has no row of headers" in fault for fault in faults)
    assert any("'settings' has 0 rows" in fault for fault in faults)


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ("| | end_group |", 3, "no group is open here"),
        ("| | begin_group | g | G | G |\n| | text | a | A | A |", 3, "group 'g' is not closed"),
        ("| | begin group | g | G | G |\n| | end group |", 3, "the group 'g' is empty"),
    ],
)
def test_groups_open_and_close(little: Little, rows: str, line: int, words: str) -> None:
    faults = examine(little(rows).encode(), "f.md").faults
    assert any(fault.line == line and words in fault.sentence for fault in faults)


def test_groups_may_be_written_with_a_blank(little: Little) -> None:
    rows = "| | begin group | g | G | G |\n| | text | a | A | A |\n| | end group |"
    assert faults_of(little(rows)) == []


def test_save_to_needs_a_register_and_a_column_of_its_own(good: str) -> None:
    without = good[: good.index("| entities |")]
    assert any("there is no sheet 'entities'" in fault for fault in faults_of(without))
    twice = good.replace("| last_month | |", "| last_month | open |")
    assert any("line 9, column save_to: 'open' is already" in fault for fault in faults_of(twice))


def test_a_circle_is_refused_and_told_whole(little: Little) -> None:
    survey = (
        "| survey |\n| | type | name | label::Nederlands (nl) | label::English (en) | relevant |\n"
        "| | text | a | A | A | ${b} = '' |\n| | text | b | B | B | ${c} = '' |\n"
        "| | text | c | C | C | ${a} = '' |\n| | text | d | D | D | ${c} = '' |\n"
        "| | text | e | E | E | ${e} = '' |\n"
    )
    settings = "| settings |" + little("").split("| settings |")[1]
    found = faults_of(survey + settings)
    assert [f for f in found if "line 3" in f and "a and b and c and e wait for each other" in f]
    alone = survey.replace("${b}", "${d}").replace("${c}", "''").replace("${a}", "''")
    assert any("'e' waits for itself" in fault for fault in faults_of(alone + settings))


def test_a_choice_column_of_ones_own_must_be_read(spoil: Spoil, good: str) -> None:
    extra = good.replace("| liveability |\n", "| liveability | wijk |\n")
    extra = extra.replace("| Yes | y |", "| Yes | y | moerwijk |")
    assert any("must be read by a choice_filter" in fault for fault in faults_of(extra))
    assert faults_of(extra.replace("liveability = 'y' or", "wijk = 'moerwijk' or")) == []


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("begin group", ("begin_group", "")),
        ("end_group", ("end_group", "")),
        ("end", ("end", "")),
        ("select_one daypart", ("select_one", "daypart")),
    ],
)
def test_split_type(text: str, split: tuple[str, str]) -> None:
    assert split_type(text) == split


def test_did_you_mean_prefers_the_same_letters() -> None:
    assert did_you_mean("Private", COLUMNS["survey"]) == " Did you mean 'private'?"
    assert did_you_mean("xyz", COLUMNS["survey"]) == ""


def test_faults_sort_by_file_and_line() -> None:
    assert sorted([Fault("b", 1, "x"), Fault("a", 10, "x"), Fault("a", 9, "x")])[0].line == 9
