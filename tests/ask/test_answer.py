"""An answer is read, worked out and judged by its form, and nothing else is listened to."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from fieldapp.ask.answer import Answer, Context, check, offered
from fieldapp.ask.expression import compile_expression
from fieldapp.ask.question import Choice, Form, Group, Question
from fieldapp.errors import Refused

NOW = dt.datetime(2026, 11, 20, 10, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))
TREES = ("required", "relevant", "constraint", "calculation")
NAMES = {"a", "b", "c", "day", "who", "more", "place"}


def ask(name, kind="integer", **given):
    """A question; expressions as they stand in a form."""
    for tree in TREES:
        if tree in given:
            given[tree] = compile_expression(given[tree], NAMES)
    if "choice_filter" in given:
        given["choice_filter"] = compile_expression(given["choice_filter"], NAMES, {"role", "name"})
    return Question(name, kind, 1, **given)


def form(*items, steps=()):
    whole = Form("little", "3", "little.md", {"nl": "Klein"}, ("nl", "en"), items)
    return dataclasses.replace(whole, steps=tuple(steps) or tuple(whole.questions))


def answer(asked, raw=None, **given):
    lists = {n: [v] if isinstance(v, str) else v for n, v in (raw or {}).items()}
    return check(asked, lists, Context(given.pop("now", NOW), **given))


def values(asked, raw=None, **given):
    return answer(asked, raw, **given).values


def messages(asked, raw=None, **given):
    with pytest.raises(Refused) as refused:
        answer(asked, raw, **given)
    return {name: str(message) for name, message in refused.value.messages.items()}


CHOICES = tuple(Choice(name, {"nl": name.title(), "en": name}) for name in ("yes", "no", "maybe"))


# --- reading ----------------------------------------------------------------------------------


def test_an_answer_names_its_form_and_version():
    found = answer(form(ask("a"), ask("b")), {"a": "3"})
    assert found == Answer("little", "3", {"a": 3, "b": None})


def test_what_the_form_does_not_ask_is_not_listened_to():
    found = values(form(ask("a")), {"a": "3", "b": "4", "_state": "current", "csrf_token": "x"})
    assert found == {"a": 3}


def test_a_note_is_not_answered():
    assert values(form(ask("a", "note", kept=False), ask("b")), {"a": "x", "b": "1"}) == {"b": 1}


def test_a_day_may_come_from_its_picker():
    asked = form(ask("day", "date"))
    assert values(asked, {"day": "other", "day.other": "3-11-2026"}) == {"day": "2026-11-03"}
    said = messages(asked, {"day": "2026-11-20", "day.other": "2026-11-19"})
    assert said == {"day": "U koos twee verschillende dagen. Kies er één."}


def test_every_question_that_is_not_right_has_a_message():
    asked = form(ask("a"), ask("b", "decimal"), ask("c", "text", required="true()"))
    said = messages(asked, {"a": "1_000", "b": "x"})
    assert list(said) == ["a", "b", "c"]
    assert said["c"] == "Beantwoord deze vraag."


# --- relevance --------------------------------------------------------------------------------


def test_an_answer_that_is_not_relevant_is_dropped():
    asked = form(ask("a", "text"), ask("b", relevant="${a} = 'yes'"))
    assert values(asked, {"a": "yes", "b": "3"}) == {"a": "yes", "b": 3}
    assert values(asked, {"a": "no", "b": "3"}) == {"a": "no", "b": None}


def test_what_is_not_relevant_is_not_judged():
    asked = form(
        ask("a", "text"),
        ask("b", relevant="${a} = 'yes'", required="true()", constraint=". > 5"),
    )
    assert values(asked, {"a": "no"})["b"] is None
    assert values(asked, {"a": "no", "b": "1_000"})["b"] is None
    assert list(messages(asked, {"a": "yes"})) == ["b"]


def test_a_group_that_is_not_relevant_drops_all_that_is_in_it():
    inner = Group("more", 1, (ask("c"),))
    tree = compile_expression("${a} = 1", NAMES)
    asked = form(ask("a"), Group("outer", 1, (ask("b"), inner), relevant=tree))
    given = {"a": "1", "b": "2", "c": "3"}
    assert values(asked, given) == {"a": 1, "b": 2, "c": 3}
    assert values(asked, given | {"a": "2"}) == {"a": 2, "b": None, "c": None}


def test_what_depends_on_a_dropped_answer_goes_with_it():
    asked = form(
        ask("a"),
        ask("b", relevant="${a} = 1"),
        ask("c", relevant="${b} != ''"),
    )
    assert values(asked, {"a": "2", "b": "2", "c": "3"}) == {"a": 2, "b": None, "c": None}


# --- worked out by the server -----------------------------------------------------------------


def test_a_calculation_is_worked_out_anew():
    asked = form(ask("a"), ask("b", "calculate", calculation="${a} * 2"))
    assert values(asked, {"a": "4", "b": "1000"}) == {"a": 4, "b": "8"}


@pytest.mark.parametrize("sum_", ["${a} * 2", "1 div 0", "-1 div 0", "0 div 0", "number('x')"])
def test_a_calculation_that_gives_no_number_is_not_kept(sum_):
    asked = form(ask("a"), ask("b", "calculate", calculation=sum_), ask("c", relevant="${b} != ''"))
    assert values(asked, {"c": "1"}) == {"a": None, "b": None, "c": 1}


def test_a_calculation_may_stand_before_what_it_needs():
    asked = form(ask("b", "calculate", calculation="${a} * 2"), ask("a"), steps=("a", "b"))
    assert values(asked, {"a": "4"}) == {"b": "8", "a": 4}


def test_a_calculation_that_is_not_relevant_is_empty():
    asked = form(ask("a"), ask("b", "calculate", calculation="1", relevant="${a} = 1"))
    assert values(asked, {"a": "1"})["b"] == "1"
    assert values(asked, {"a": "2"})["b"] is None


def test_a_calculation_that_runs_once_keeps_what_it_was():
    asked = form(ask("b", "calculate", calculation="once(format-date(now(), '%H'))"))
    assert values(asked) == {"b": "10"}
    assert values(asked, current={"b": "07"}) == {"b": "07"}


def test_hidden_answers_come_from_the_server_only():
    asked = form(ask("a"), ask("place", "hidden"), ask("b", "start"))
    filled = {"place": "OP-01", "b": "2026-11-20T10:12"}
    found = values(
        asked,
        {"a": "1", "place": "OP-02", "b": "1999-01-01"},
        fill=lambda question, texts: filled[question.name],
    )
    assert found == {"a": 1, **filled}
    assert values(asked, {"place": "OP-02"}) == {"a": None, "place": None, "b": None}


def test_the_server_fills_in_from_the_answers_so_far():
    asked = form(ask("day", "date"), ask("place", "hidden"))
    found = values(asked, {"day": "3-11-2026"}, fill=lambda question, texts: f"on {texts['day']}")
    assert found["place"] == "on 2026-11-03"


# --- choices ----------------------------------------------------------------------------------


def test_only_what_the_list_has_can_be_picked():
    asked = form(ask("a", "select_one", choices=CHOICES))
    assert values(asked, {"a": "yes"}) == {"a": "yes"}
    sentence = "Dit antwoord kan hier niet. Kies een antwoord uit de lijst."
    for other in ("YES", "perhaps", "yes no", "' OR 1=1 --"):
        assert messages(asked, {"a": other}) == {"a": sentence}


def test_every_one_of_several_must_be_in_the_list():
    asked = form(ask("a", "select_multiple", choices=CHOICES))
    assert values(asked, {"a": ["yes", "no"]}) == {"a": ["yes", "no"]}
    assert list(messages(asked, {"a": ["yes", "perhaps"]})) == ["a"]


PEOPLE = {
    "OP-01": [Choice("7K3F", {"nl": "Wim"}, {"role": "volunteer"})],
    "OP-02": [Choice("2222", {"nl": "Anna"}, {"role": "volunteer"})],
}


def register_of(place):
    return lambda name: PEOPLE[place] if name == "people" else ()


def test_the_register_of_another_place_cannot_be_picked_from():
    asked = form(ask("who", "select_multiple_from_file", register="people"))
    here = {"register": register_of("OP-01")}
    assert values(asked, {"who": "7K3F"}, **here) == {"who": ["7K3F"]}
    assert list(messages(asked, {"who": "2222"}, **here)) == ["who"]
    assert list(messages(asked, {"who": ["7K3F", "2222"]}, **here)) == ["who"]
    assert list(messages(asked, {"who": "7K3F"})) == ["who"], "without a register nothing"


def test_mutation_with_every_place_in_the_register_it_could():
    asked = form(ask("who", "select_multiple_from_file", register="people"))
    everyone = [choice for here in PEOPLE.values() for choice in here]
    found = values(asked, {"who": "2222"}, register=lambda name: everyone)
    assert found == {"who": ["2222"]}


def test_a_choice_filter_decides_with_the_answers_given():
    listed = (
        Choice("7K3F", {"nl": "Wim"}, {"role": "volunteer"}),
        Choice("2222", {"nl": "Anna"}, {"role": "participant"}),
    )
    asked = form(
        ask("a", "text"),
        ask("who", "select_one_from_file", register="people", choice_filter="role = ${a}"),
    )
    here = {"register": lambda name: listed}
    assert values(asked, {"a": "volunteer", "who": "7K3F"}, **here)["who"] == "7K3F"
    assert list(messages(asked, {"a": "participant", "who": "7K3F"}, **here)) == ["who"]
    context = Context(NOW, **here)
    shown = offered(asked.questions["who"], {"a": "participant"}, context)
    assert [(choice.name, fits) for choice, fits in shown] == [("7K3F", False), ("2222", True)]


# --- required and constraint ------------------------------------------------------------------

WORDS = {
    "required_message": {"nl": "Vul een getal in.", "en": "Fill in a number."},
    "constraint_message": {"nl": "Hoogstens 5.", "en": "At most 5."},
}


def said(asked, raw):
    with pytest.raises(Refused) as refused:
        answer(asked, raw)
    return refused.value.messages["a"]


def test_the_form_says_in_two_languages_what_is_wrong():
    asked = form(ask("a", required="true()", constraint=". <= 5", **WORDS))
    assert str(said(asked, {})) == "Vul een getal in."
    assert said(asked, {}).texts["en"] == "Fill in a number."
    assert str(said(asked, {"a": "6"})) == "Hoogstens 5."
    assert said(asked, {"a": "6"}).texts["en"] == "At most 5."


def test_without_words_of_the_form_there_are_words_of_ours():
    asked = form(ask("a", required="true()", constraint=". <= 5"))
    assert str(said(asked, {})) == "Beantwoord deze vraag."
    assert str(said(asked, {"a": "6"})) == "Dit antwoord kan niet kloppen. Kijk het na."


def test_a_constraint_is_not_run_on_an_empty_answer():
    asked = form(ask("a", constraint="false()"))
    assert values(asked, {"a": ""}) == {"a": None}
    assert list(messages(asked, {"a": "1"})) == ["a"]


def test_zero_is_an_answer():
    asked = form(ask("a", required="true()", constraint=". >= 0"))
    assert values(asked, {"a": "0"}) == {"a": 0}


def test_required_may_depend_on_another_answer():
    asked = form(ask("a", "text"), ask("b", required="${a} = 'yes'"))
    assert values(asked, {"a": "no"})["b"] is None
    assert list(messages(asked, {"a": "yes"})) == ["b"]


def test_a_constraint_sees_the_other_answers_and_the_moment():
    asked = form(ask("a"), ask("b", constraint=". <= ${a}"))
    assert values(asked, {"a": "5", "b": "5"})["b"] == 5
    assert list(messages(asked, {"a": "5", "b": "6"})) == ["b"]
    asked = form(ask("day", "date", constraint=". <= today()"))
    assert values(asked, {"day": "2026-11-20"})
    assert list(messages(asked, {"day": "2026-11-21"})) == ["day"]
    assert values(asked, {"day": "2026-11-21"}, now=NOW + dt.timedelta(days=1))


# --- the real forms ---------------------------------------------------------------------------

VISITORS = {"date": "2026-11-20", "daypart": "morning", "visitors": "24"}


@pytest.mark.parametrize(
    ("change", "name", "nl", "en"),
    [
        ({"date": ""}, "date", "Kies de dag.", "Choose the day."),
        (
            {"date": "2026-11-21"},
            "date",
            "Kies vandaag of een dag die al voorbij is.",
            "Choose today or a day that has passed.",
        ),
        (
            {"visitors": "-1"},
            "visitors",
            "Vul een getal in van 0 tot en met 9999.",
            "Fill in a number from 0 to 9999.",
        ),
        (
            {"new_visitors": "25"},
            "new_visitors",
            "Dit kan niet meer zijn dan het aantal mensen dat kwam.",
            "This cannot be more than the number of people who came.",
        ),
    ],
)
def test_the_visitors_of_a_daypart_are_judged(forms, change, name, nl, en):
    with pytest.raises(Refused) as refused:
        answer(forms["visitors"], VISITORS | change)
    assert list(refused.value.messages) == [name]
    assert str(refused.value.messages[name]) == nl
    assert refused.value.messages[name].texts["en"] == en


def test_who_did_not_count_need_not_say_how_many(forms):
    found = values(forms["visitors"], VISITORS | {"not_counted": "OK"})
    assert (found["visitors"], found["not_counted"]) == (None, "OK")


def test_opening_hours_are_worked_out_from_the_days(forms):
    raw = {
        "valid_from": "2026-12-01",
        "mo_from": "9.00",
        "mo_until": "17:00",
        "mo_from_2": "19:00",
        "mo_until_2": "21:30",
        "fr_from": "900",
        "fr_until": "12:30",
        "opening_hours": "24/7",
    }
    found = values(forms["schedule"], raw)
    assert found["opening_hours"] == "Mo 09:00-17:00,19:00-21:30; Fr 09:00-12:30; PH off"


def test_every_form_refuses_an_empty_answer_and_stays_whole(forms):
    for asked in forms.values():
        try:
            found = values(asked)
        except Refused as refused:
            assert set(refused.messages) <= set(asked.columns)
        else:
            assert set(found) == set(asked.columns)
