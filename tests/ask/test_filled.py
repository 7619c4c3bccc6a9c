"""Headings become questions and cells become what a page would send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from fieldapp.ask.filled import answers, asked, headed, heading, keyed, named, sent
from fieldapp.ask.question import Choice, Form
from fieldapp.ask.reading import Unreadable
from fieldapp.ask.upload import Line

moment = dt.datetime.fromisoformat


def first(*headings: str) -> Line:
    return Line(1, dict(enumerate(headings, 1)))


def said(form: Form, *headings: str) -> list[str]:
    return [str(each) for each in headed(form, first(*headings)).wrong]


def test_a_heading_is_a_name_or_a_label_in_any_language(forms: Mapping[str, Form]) -> None:
    form = forms["visitors"]
    for headings in (
        ("place", "date", "daypart", "visitors"),
        ("Plek", "Welke dag?", "Welk deel van de dag?", "Hoeveel mensen kwamen er?"),
        ("PLACE", " which  day?", "Which part of the day?", "How many people came?"),
    ):
        found = headed(form, first(*headings))
        assert found.wrong == []
        assert [q.name for q in found.questions.values()] == [
            "place",
            "date",
            "daypart",
            "visitors",
        ]


def test_headings_that_are_unknown_or_twice_or_missing_are_told(forms: Mapping[str, Form]) -> None:
    told = said(forms["visitors"], "Plek", "Weer", "Welke dag?", "date")
    assert told == [
        "B1: Deze kolom kennen wij niet: Weer. Gebruik de koppen van het sjabloon.",
        "D1: Deze kolom staat er twee keer: date. Haal er één weg.",
        "A1: De kolom Welk deel van de dag? ontbreekt. Zet hem erbij, zoals in het sjabloon.",
    ]


def test_what_the_server_fills_in_is_no_column(forms: Mapping[str, Form]) -> None:
    assert [q.name for q in asked(forms["closure"])] == ["place", "from", "until", "closed_reason"]
    assert said(forms["opening"], "place", "date", "hours_open") != []
    assert keyed(forms["closure"]) == ["place"]
    assert keyed(forms["place"]) == ["code"]


def test_headings_of_every_form_say_which_question_they_are(forms: Mapping[str, Form]) -> None:
    for form in forms.values():
        for code in ("nl", "en"):
            own = [heading(form, q, lambda texts, c=code: texts[c]) for q in asked(form)]  # type: ignore[misc]
            found = headed(form, first(*own))
            assert [q.name for q in found.questions.values()] == [q.name for q in asked(form)]


CHOICES = {
    "daypart": named([Choice("morning", {"nl": "Ochtend", "en": "Morning"}),
                      Choice("evening", {"nl": "Avond", "en": "Evening"})]),
    "activities": named([Choice("meal", {"nl": "Samen eten", "en": "Eating together"}),
                         Choice("talk", {"nl": "Praten, of luisteren", "en": "Talk"})]),
    "open": named([Choice("yes", {"nl": "Ja", "en": "Yes"}), Choice("no", {"nl": "Nee"})]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("form", "name", "held", "raw"),
    [
        ("visitors", "visitors", 24, ["24"]),
        ("visitors", "visitors", 24.0, ["24"]),
        ("visitors", "visitors", "24", ["24"]),
        ("visitors", "visitors", 24.5, ["24.5"]),
        ("visitors", "date", moment("2024-10-01"), ["2024-10-01"]),
        ("visitors", "date", "1-10-2024", ["2024-10-01"]),
        ("visitors", "date", 45566, ["2024-10-01"]),
        ("visitors", "date", 45566.0, ["2024-10-01"]),
        ("visitors", "daypart", "ochtend", ["morning"]),
        ("visitors", "daypart", "EVENING", ["evening"]),
        ("visitors", "activities", "Samen eten; talk", ["meal", "talk"]),
        ("visitors", "activities", "Praten, of luisteren;meal", ["talk", "meal"]),
        ("visitors", "activities", "meal, talk", ["meal", "talk"]),
        ("visitors", "activities", "meal\nTalk", ["meal", "talk"]),
        ("visitors", "not_counted", "ja", ["OK"]),
        ("visitors", "not_counted", True, ["OK"]),
        ("visitors", "not_counted", 1, ["OK"]),
        ("visitors", "not_counted", False, []),
        ("visitors", "not_counted", "nee", []),
        ("opening", "open", True, ["yes"]),
        ("opening", "open", 1, ["yes"]),
        ("opening", "open", "WAAR", ["yes"]),
        ("opening", "open", False, ["no"]),
        ("opening", "open_from", dt.time(9, 30), ["09:30"]),
        ("opening", "open_from", moment("1899-12-30T09:30"), ["09:30"]),
        ("opening", "open_from", 0.5, ["12:00"]),
        ("opening", "open_from", "9.30", ["9.30"]),
        ("month_report", "month", moment("2024-10-15"), ["2024-10"]),
        ("month_report", "month", "2024-10-15", ["2024-10"]),
        ("year_report", "year", 2024, ["2024"]),
        ("year_report", "year", moment("2024-05-01"), ["2024"]),
        ("place", "name", 12, ["12"]),
    ],
)
def test_a_cell_is_what_a_page_would_send(
    forms: Mapping[str, Form], form: str, name: str, held: Any, raw: list[str]
) -> None:
    assert sent(forms[form].columns[name], held, CHOICES.get(name, {})) == raw


@pytest.mark.parametrize(
    ("form", "name", "held", "says"),
    [
        ("visitors", "visitors", moment("2024-10-01"), "een getal"),
        ("visitors", "date", "gisteren", "dag-maand-jaar"),
        ("visitors", "date", "31-2-2024", "bestaat niet"),
        ("visitors", "daypart", "nacht", "nacht staat niet in de lijst"),
        ("visitors", "daypart", "Ochtend; Avond", "staat niet in de lijst"),
        ("visitors", "activities", ";", "staat niet in de lijst"),
        ("visitors", "not_counted", "misschien", "Vul ja in"),
        ("place", "code", moment("2024-11-03"), "Maak van de cel tekst"),
    ],
)
def test_a_cell_that_cannot_be_says_what_to_do(
    forms: Mapping[str, Form], form: str, name: str, held: Any, says: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        sent(forms[form].columns[name], held, CHOICES.get(name, {}))
    assert says in str(refused.value.message)


def test_a_label_of_two_choices_means_neither() -> None:
    found = named([Choice("a", {"nl": "Zelfde"}), Choice("b", {"nl": "Zelfde"})])
    assert "zelfde" not in found
    assert (found["a"], found["b zelfde"]) == ("a", "b")


def test_a_cell_without_a_heading_is_told(forms: Mapping[str, Form]) -> None:
    columns = headed(forms["closure"], first("place", "from"))
    raw, wrong = answers(columns, Line(4, {1: "OP-01", 7: "wat is dit"}), {})
    assert [str(each) for each in wrong][-1] == "G4: Boven deze cel staat geen kop. Maak hem leeg."
    assert raw["from"] == []
