"""Rows of a filled-in workbook as answers of a page: headings to questions, cells to what is sent.

A heading is the question's name or its label, a choice likewise, in any language of the form.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from openpyxl.utils import get_column_letter

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Question, Text
from fieldapp.ask.reading import Unreadable
from fieldapp.ask.upload import Held, Line, Wrong
from fieldapp.errors import Message

PLACE = "place"
"""The column that says which place a row is about, in forms that places fill in."""

OF_PLACE = Question(PLACE, "select_one_from_file", 0, {"nl": "Plek", "en": "Place"})

Named = Mapping[str, str]
"""The names of choices, by every text that means one of them."""


@dataclass(frozen=True, slots=True)
class Headed:
    """What the first row came to: the question of each column, and its mistakes."""

    questions: Mapping[int, Question]
    wrong: Sequence[Wrong]

    @property
    def names(self) -> frozenset[str]:
        """The questions that have a column."""
        return frozenset(question.name for question in self.questions.values())

    def cell(self, name: str, line: Line) -> str:
        """The address of an answer in a row; of an answer without a column the row's first."""
        found = [column for column, question in self.questions.items() if question.name == name]
        return address(found[0] if found else 1, line.number)


def address(column: int, row: int) -> str:
    """ "C12"."""
    return f"{get_column_letter(column)}{row}"


def asked(form: Form) -> Sequence[Question]:
    """What has a column in a workbook of this form, in its order; first the place, if any."""
    own = [q for q in form.columns.values() if kind_of(q).filled_by == "person"]
    return own if "office" in form.places else [OF_PLACE, *own]


def heading(form: Form, question: Question, pick: Callable[[Text], str]) -> str:
    """The heading of a question: its label, with its name when others have that label too."""
    label = pick(question.label)
    same = [other for other in asked(form) if _folded(pick(other.label)) == _folded(label)]
    return f"{label} ({question.name})" if len(same) > 1 else label


def _in_language(code: str, label: Text) -> str:
    return label.get(code, "")


def keyed(form: Form) -> Sequence[str]:
    """The columns without which nobody knows what a row is about."""
    place = [] if "office" in form.places else [PLACE]
    return list(dict.fromkeys([*place, *form.key]))


def headed(form: Form, first: Line) -> Headed:
    """The question of each column; unknown, doubled and missing headings are wrong."""
    known: dict[str, Question] = {}
    for question in asked(form):
        for code in question.label:
            text = heading(form, question, partial(_in_language, code))
            known.setdefault(_folded(text), question)
    known |= {_folded(question.name): question for question in asked(form)}
    found: dict[int, Question] = {}
    wrong = []
    for column, held in first.cells.items():
        meant, cell = known.get(_folded(str(held))), address(column, first.number)
        shown = {"heading": str(held)[:60]}
        if meant is None:
            says = Message(
                "Deze kolom kennen wij niet: {heading}. Gebruik de koppen van het sjabloon.", shown
            )
            wrong.append(Wrong(cell, says))
        elif meant in found.values():
            says = Message("Deze kolom staat er twee keer: {heading}. Haal er één weg.", shown)
            wrong.append(Wrong(cell, says))
        else:
            found[column] = meant
    there = {question.name for question in found.values()}
    for question in asked(form):
        if question.name in keyed(form) and question.name not in there:
            shown = {"heading": question.label.get("nl", question.name)}
            says = Message(
                "De kolom {heading} ontbreekt. Zet hem erbij, zoals in het sjabloon.", shown
            )
            wrong.append(Wrong(address(1, first.number), says))
    return Headed(found, wrong)


def answers(
    columns: Headed, line: Line, options: Mapping[str, Named]
) -> tuple[dict[str, list[str]], list[Wrong]]:
    """What a page would send of a row, and the cells that hold something else."""
    raw: dict[str, list[str]] = {question.name: [] for question in columns.questions.values()}
    wrong = []
    for column, held in line.cells.items():
        question, cell = columns.questions.get(column), address(column, line.number)
        if question is None:
            wrong.append(Wrong(cell, Message("Boven deze cel staat geen kop. Maak hem leeg.")))
            continue
        try:
            raw[question.name] = sent(question, held, options.get(question.name, {}))
        except Unreadable as unreadable:
            wrong.append(Wrong(cell, unreadable.message))
    return raw, wrong


def sent(question: Question, held: Held, choices: Named) -> list[str]:
    """The values that a page would send for a cell; Unreadable when it can be none."""
    kind = kind_of(question)
    if kind.ticked:
        return _tick(held, kind.ticked)
    if kind.picks:
        return _picked(held, choices, several=kind.picks == "several")
    if kind.parts:
        return [_day(question, held)]
    return [_PLAIN.get(kind.shown_as, _text)(held)]


def named(choices: Sequence[Choice]) -> Named:
    """Every text by which one choice may be named: its name, its labels, or name and label.

    A label that several have means none of them.
    """
    found: dict[str, set[str]] = {}
    for choice in choices:
        for label in choice.label.values():
            for text in (label, f"{choice.name} {label}"):
                found.setdefault(_folded(text), set()).add(choice.name)
    alone = {text: next(iter(names)) for text, names in found.items() if len(names) == 1}
    return alone | {_folded(choice.name): choice.name for choice in choices}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


# --- cells --------------------------------------------------------------------------------------

_YES = frozenset({"ja", "yes", "x", "1", "ok", "waar", "true", "✓", "v"})
_NO = frozenset({"nee", "no", "0", "onwaar", "false", "-"})
_SERIAL = range(20_000, 110_000)
"""Numbers that can only be a day as workbooks count them: 1954 up to 2201."""
_DAY_NOUGHT = dt.date(1899, 12, 30)
_SPANS = {"month": slice(7), "year": slice(4)}
"""How much of a day is sent, by the way in which it is asked."""


def _tick(held: Held, ticked: str) -> list[str]:
    text = _folded(_text(held))
    if text in _YES:
        return [ticked]
    if text in _NO:
        return []
    raise Unreadable("Vul ja in, of maak de cel leeg.")


def _picked(held: Held, choices: Named, *, several: bool) -> list[str]:
    text = _text(held)
    found = [choices.get(_folded(text)) or _yes_or_no(text, choices)]
    for mark in ";," if several else "":
        if "" in found:
            parts = text.replace("\n", mark).split(mark)
            found = [choices.get(_folded(part), "") for part in parts if part.strip()]
    if "" in found or not found:
        raise Unreadable(
            "{shown} staat niet in de lijst. Kies een antwoord uit de lijst.", shown=text[:60]
        )
    return found


def _yes_or_no(text: str, choices: Named) -> str:
    """The choice `yes` or `no` when that is asked, and the cell says it in another way."""
    words = next((each for each in (_YES, _NO) if _folded(text) in each), frozenset())
    return next((name for name in choices.values() if name in words), "")


def _day(question: Question, held: Held) -> str:
    kind = kind_of(question)
    if isinstance(held, dt.datetime):
        text = held.date().isoformat()
    elif isinstance(held, int | float) and int(held) == held and int(held) in _SERIAL:
        text = (_DAY_NOUGHT + dt.timedelta(int(held))).isoformat()
    else:
        text = str(kind.read([_text(held)], question) or "")
    return text[_SPANS.get(kind.widget(question), slice(None))]


def _time(held: Held) -> str:
    if isinstance(held, dt.datetime):
        return f"{held:%H:%M}"
    if isinstance(held, float) and 0 <= held < 1:
        return "{:02}:{:02}".format(*divmod(round(held * 1440) % 1440, 60))
    return _text(held)


def _moment(held: Held) -> str:
    return held.isoformat(timespec="minutes") if isinstance(held, dt.datetime) else _text(held)


def _number(held: Held) -> str:
    if isinstance(held, dt.datetime | dt.time):
        raise Unreadable("Hier staat een datum of tijd. Maak van de cel een getal.")
    return _text(held)


def _words(held: Held) -> str:
    if isinstance(held, dt.datetime | dt.time):
        raise Unreadable("Hier staat een datum of tijd. Maak van de cel tekst en typ hem opnieuw.")
    return _text(held)


def _text(held: Held) -> str:
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, float) and held.is_integer():
        return str(int(held))
    if isinstance(held, float):
        return f"{held:.15g}"
    if isinstance(held, dt.datetime):
        return held.isoformat(timespec="minutes")
    if isinstance(held, dt.time):
        return f"{held:%H:%M}"
    return str(held).strip()


_PLAIN: Mapping[str, Callable[[Held], str]] = {
    "integer": _number,
    "decimal": _number,
    "time": _time,
    "moment": _moment,
    "text": _words,
}
"""How a cell is told, by what a column of the question shows."""
