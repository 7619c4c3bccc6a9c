"""What a checked file becomes: a form with compiled expressions, and its Excel twin."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from fieldapp.ask import xlsform
from fieldapp.ask.form_json import form_from_json, form_to_json
from fieldapp.ask.question import Entity, Form, Group
from fieldapp.ask.xlsform import examine, twin

Little = Callable[..., str]


def formed(text: str) -> Form:
    """The form in `text`, which has no fault."""
    examined = examine(text.encode(), "f.md")
    assert examined.faults == ()
    assert examined.form is not None
    return examined.form


def test_settings_become_the_form(good: str) -> None:
    form = formed(good)
    assert (form.form_id, form.version, form.file) == ("all_kinds", "2026112301", "f.md")
    assert form.title == {"nl": "Van alles", "en": "All kinds"}
    assert form.languages == ("nl", "en")
    assert form.places == {"meeting_place", "pilot"}
    assert (form.key, form.expected, form.order, form.icon) == (("date",), "open_day", 20, "door")


def test_questions_keep_their_lines_texts_and_columns(good: str) -> None:
    questions = formed(good).questions
    assert [(q.name, q.line) for q in questions.values()] == [
        ("place", 4),
        ("date", 5),
        ("from_time", 6),
        ("open", 8),
        ("visitors", 9),
        ("double", 11),
        ("who", 12),
        ("mark", 13),
    ]
    date, opened = questions["date"], questions["open"]
    assert date.hint == {"nl": "Vandaag?", "en": "Today?"}
    assert date.required_message == {"nl": "Kies.", "en": "Choose."}
    assert date.constraint_message == {"nl": "Te laat.", "en": "Too late."}
    assert (date.appearance, date.result) == (("quick",), ("4/1.1.1.a",))
    assert (opened.private, opened.prefill, opened.save_to) == (True, "last_week", "open")
    assert opened.result == ("2", "4/1.3.3")
    assert questions["mark"].parameters == {"start": "0", "end": "10", "step": "1"}


def test_types_have_the_names_of_xlsform(good: str) -> None:
    questions = formed(good).questions
    assert (questions["open"].type, questions["open"].list_name) == ("select_one", "yes_no")
    assert (questions["who"].type, questions["who"].register) == ("select_one_from_file", "people")
    assert [(c.name, c.label, c.extra) for c in questions["open"].choices] == [
        ("yes", {"nl": "Ja", "en": "Yes"}, {"liveability": "y"}),
        ("no", {"nl": "Nee", "en": "No"}, {"liveability": "n"}),
    ]


def test_expressions_are_compiled(good: str) -> None:
    questions = formed(good).questions
    assert questions["date"].required == ["fn", "true", []]
    assert questions["visitors"].required is None
    assert questions["open"].required == ["op", "!=", ["ref", "date"], ["str", ""]]
    assert questions["date"].constraint == ["op", "<=", ["self"], ["fn", "today", []]]
    assert questions["double"].calculation == ["op", "*", ["num", 2.0], ["ref", "visitors"]]
    assert questions["who"].choice_filter == ["op", "=", ["col", "role"], ["str", "volunteer"]]


@pytest.mark.parametrize(
    ("type_", "written", "tree"),
    [
        ("integer", "24", ["str", "24"]),
        ("integer", "-5", ["str", "-5"]),
        ("date", "2026-01-01", ["str", "2026-01-01"]),
        ("text", "plain words, and-more", ["str", "plain words, and-more"]),
        ("date", "today()", ["fn", "today", []]),
        ("text", "'yes'", ["str", "yes"]),
        ("integer", "1 + 2", ["op", "+", ["num", 1.0], ["num", 2.0]]),
        ("integer", "${last-saved#a}", ["last", "a"]),
    ],
)
def test_a_default_is_a_value_or_an_expression(
    little: Little, type_: str, written: str, tree: list[object]
) -> None:
    text = little(f"| | {type_} | a | A | A | {written} |")
    text = text.replace("| label::English (en) |", "| label::English (en) | default |", 1)
    assert formed(text).questions["a"].default == tree


@pytest.mark.parametrize("written", ["yes", "true()", "TRUE", "Yes"])
def test_required_in_every_spelling(little: Little, written: str) -> None:
    text = little(f"| | text | a | A | A | {written} |")
    text = text.replace("| label::English (en) |", "| label::English (en) | required |", 1)
    assert formed(text).questions["a"].required == ["fn", "true", []]


def test_groups_hold_their_questions_and_conditions(good: str) -> None:
    form = formed(good)
    group = next(item for item in form.items if isinstance(item, Group))
    assert (group.name, group.line, group.appearance) == ("more", 7, ("compact",))
    assert [item.name for item in group.items] == ["open", "visitors"]
    assert len(form.conditions["visitors"]) == 2


def test_steps_put_every_question_after_what_it_waits_for(little: Little) -> None:
    rows = (
        "| | calculate | total | | | ${half} + ${half} | |\n"
        "| | begin_group | g | G | G | | ${known} = 'y' |\n"
        "| | calculate | half | | | ${number} div 2 | |\n"
        "| | end_group | | | | | |\n"
        "| | integer | number | N | N | | |\n"
        "| | text | known | K | K | | |\n"
    )
    headers = "| label::English (en) | calculation | relevant |"
    form = formed(little(rows).replace("| label::English (en) |", headers, 1))
    assert form.steps == ("number", "known", "half", "total")


def test_the_entity_of_a_form(good: str) -> None:
    assert formed(good).entity == Entity(
        "people",
        ["ref", "who"],
        ["ref", "who"],
        ["op", "=", ["ref", "open"], ["str", "yes"]],
        ["op", "=", ["ref", "open"], ["str", "no"]],
    )


def test_a_form_that_only_updates_needs_no_label(good: str) -> None:
    text = good[: good.index("| | people | ${who}")] + "| | people | | ${who} | | |\n"
    entity = formed(text).entity
    assert entity == Entity("people", ["str", ""], ["ref", "who"])


def test_json_goes_round_exactly(good: str) -> None:
    form = formed(good)
    assert form_from_json(json.loads(json.dumps(form_to_json(form)))) == form


def test_the_twin_is_the_same_form(good: str) -> None:
    workbook = examine(twin(good), "f.xlsx")
    assert workbook.faults == ()
    assert workbook.form is not None
    assert without_places(form_to_json(workbook.form)) == without_places(form_to_json(formed(good)))
    assert workbook.links.gives == examine(good.encode(), "f.md").links.gives


def without_places(data: object) -> object:
    """Form JSON without the file and its lines."""
    if isinstance(data, dict):
        return {k: without_places(v) for k, v in data.items() if k not in {"file", "line"}}
    return [without_places(one) for one in data] if isinstance(data, list) else data


def test_the_twin_of_a_table_with_delimiters_holds_its_rows(little: Little) -> None:
    text = little("| | text | a | A | A |").replace("| survey |\n", "| survey | |\n| --- | :-: |\n")
    made = convert(twin(text), file_type=".xlsx")
    assert made._pyxform["children"][0]["name"] == "a"


def test_pyxform_speaks_only_when_we_found_nothing(
    good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object, **named: object) -> None:
        raise PyXFormError("[row : 3] Something about this row.")

    monkeypatch.setattr(xlsform, "convert", refuse)
    (fault,) = examine(good.encode(), "f.md").faults
    assert str(fault) == "f.md, line 5: pyxform says: Something about this row."
    faults = examine(good.replace("| time |", "| geoshape |").encode(), "f.md").faults
    assert not any("pyxform" in fault.sentence for fault in faults)


def test_a_warning_of_pyxform_is_a_fault(good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = convert(good, file_type=".md")
    warned = SimpleNamespace(_pyxform=made._pyxform, warnings=["Something looks odd."])
    monkeypatch.setattr(xlsform, "convert", lambda *given, **named: warned)
    (fault,) = examine(good.encode(), "f.md").faults
    assert fault.sentence == "pyxform says: Something looks odd."


def test_a_row_that_pyxform_leaves_out_is_told(good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    less = convert(good.replace("| | hidden | place", "# hidden place", 1)
                   .replace("or name = ${place} ", ""), file_type=".md")  # fmt: skip
    monkeypatch.setattr(xlsform, "convert", lambda *given, **named: less)
    (fault,) = examine(good.encode(), "f.md").faults
    assert (fault.line, fault.column) == (4, "name")
    assert "pyxform does not read 'place'" in fault.sentence


def test_a_form_is_the_same_wherever_its_file_lies(good: str) -> None:
    other = examine(good.encode(), "elsewhere.md").form
    assert other is not None
    assert replace(other, file="f.md") == formed(good)
