"""Kept answers in words: values as people read them, and one line that sums up a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from babel.numbers import format_decimal

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question
from fieldapp.ask.reading import Stored
from fieldapp.errors import Message
from fieldapp.web import language
from fieldapp.web.instance import instance
from fieldapp.web.surroundings import Surroundings

_MOST_NAMES = 6
_MOST_PARTS = 3


def shown(question: Question, value: Stored, here: Surroundings, most: int = _MOST_NAMES) -> str:
    """One answer as people read it: labels instead of names, days and numbers in words."""
    kind = kind_of(question)
    if value is None:
        return ""
    if kind.picks:
        labels = _labels(question, here)
        picked = value if isinstance(value, list) else [str(value)]
        names = [labels.get(name, name) for name in picked]
        more = len(names) - most
        return language.listed(names[:most]) + (f" + {more}" if more > 0 else "")
    if kind.parts:
        return _span(question, str(value)) or language.day(str(value))
    if isinstance(value, float):
        return format_decimal(value, locale=language.language())
    if isinstance(value, int):
        return str(value)
    return "✓" if value == "OK" else str(value)


def rows(form: Form, values: Mapping[str, Stored], here: Surroundings) -> list[tuple[str, str]]:
    """Every answer that a person gave, with its label."""
    return [
        (language.pick(question.label), shown(question, values[name], here))
        for name, question in form.columns.items()
        if values.get(name) is not None and kind_of(question).filled_by == "person"
    ]


def summary(
    form: Form, values: Mapping[str, Stored], here: Surroundings, *, day: bool = True
) -> str:
    """A record in one line: "vandaag, ochtend, 24 bezoekers"."""
    parts = []
    for name in form.key:
        if day or not kind_of(form.questions[name]).parts:
            parts.append(keyed(form, name, values, here))
    own = values.get(form.form_id)  # the count that gives the form its name
    if isinstance(own, int):
        parts.append(f"{own} {language.pick(form.title).lower()}")
    if not form.key or len(parts) < 1 + day:
        parts += _first(form, values, here)
    return language.listed(part for part in parts if part)


def keyed(form: Form, name: str, values: Mapping[str, Stored], here: Surroundings) -> str:
    """One answer of a record's key as it stands in a sentence: "vandaag", "ochtend"."""
    question, value = form.questions[name], values.get(name)
    if kind_of(question).parts:
        return _span(question, str(value or "")) or near_day(str(value or ""), here)
    return shown(question, value, here).lower()


def _span(question: Question, date: str) -> str:
    """The month or the year, when that is what the question asks for."""
    tell = _SPANS.get(kind_of(question).widget(question))
    return tell(dt.date.fromisoformat(date)) if tell and date else ""


_SPANS: Mapping[str, Callable[[dt.date], str]] = {
    "month": language.month_name,
    "year": lambda date: str(date.year),
}


def near_day(date: str, here: Surroundings) -> str:
    """ "vandaag", "gisteren", or the day in full."""
    if not date:
        return ""
    back = (here.now.date() - dt.date.fromisoformat(date)).days
    near = _NEAR.get(back)
    return language.say(instance().catalogues, near) if near else language.day(date)


_NEAR = {0: Message("vandaag"), 1: Message("gisteren")}


def _first(form: Form, values: Mapping[str, Stored], here: Surroundings) -> Sequence[str]:
    """The first answers outside the key, for forms whose key says too little."""
    found = [
        _short(question, values[name], here)
        for name, question in form.columns.items()
        if name not in form.key
        and values.get(name) is not None
        and kind_of(question).filled_by == "person"
    ]
    return found[:_MOST_PARTS]


def _short(question: Question, value: Stored, here: Surroundings) -> str:
    if isinstance(value, list) and len(value) > 1:
        return f"{len(value)} ×"
    return shown(question, value, here)


def _labels(question: Question, here: Surroundings) -> Mapping[str, str]:
    listed = here.register(question.register) if question.register else question.choices
    return {choice.name: language.pick(choice.label) for choice in listed}
