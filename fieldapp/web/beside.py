"""Two records side by side, as people read them: what differs, and what each way comes to."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal

from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Question
from fieldapp.ask.reading import MOST_PICKED, Stored
from fieldapp.keep import phone
from fieldapp.keep.crew import lists
from fieldapp.keep.people import is_personal
from fieldapp.keep.row import Row
from fieldapp.keep.way import Way, counts, hours_in, people_in
from fieldapp.web import language, wording
from fieldapp.web.instance import instance
from fieldapp.web.phone import say
from fieldapp.web.surroundings import Surroundings

Values = Mapping[str, Stored]


@dataclass(frozen=True)
class Side:
    """One of the two: who logged it, when, and where it can be opened."""

    who: str
    at: str
    url: str


@dataclass(frozen=True)
class Line:
    """One question with the answer in each record; empty is not answered."""

    label: str
    kept: str
    other: str
    differs: bool


@dataclass(frozen=True)
class Choice:
    """One way as a button with the number it comes to, or why it cannot be gone."""

    how: str
    figure: str
    refused: Sequence[str]


@dataclass(frozen=True)
class Beside:
    """Puts records in words; `named` says whether the reader may see who somebody is."""

    connection: sqlite3.Connection
    here: Surroundings
    named: bool

    def moment(self, form: Form, values: Values) -> str:
        """What a record is about: its key in words."""
        told = (wording.keyed(form, name, values, self.here) for name in form.key)
        return language.listed(part for part in told if part)

    def side(self, row: Row, url: str) -> Side:
        """Who logged a record, when, and where it can be opened."""
        app = instance()
        who = app.settings.organisation if row.account else ""
        if row.phone and self.named:
            who = phone.call_name(app.store, self.connection, row.phone)
        return Side(who, row.submitted_at, url)

    def rows(self, form: Form, values: Values) -> Sequence[tuple[str, str]]:
        """Every answer that a person gave outside the key, with its label."""
        return [(line.label, line.kept) for line in self.lines(form, values, {}) if line.kept]

    def lines(self, form: Form, kept: Values, other: Values) -> Sequence[Line]:
        """What two records answer outside their key, question by question."""
        found = []
        for name, question in form.columns.items():
            one, two = kept.get(name), other.get(name)
            asked = kind_of(question).filled_by == "person" and name not in form.key
            if asked and (one is not None or two is not None):
                left, right = self._shown(question, one, two), self._shown(question, two, one)
                label = language.pick(question.label)
                found.append(Line(label, left, right, _bare(one) != _bare(two)))
        return found

    def figure(self, form: Form, values: Values) -> str:
        """The number that counts of a record: how many, or how many people and hours."""
        if lists(form):
            people, hours = _people(len(people_in(form, values))), hours_in(form, values)
            told = format_decimal(hours, locale=language.language())
            return say("{people}, {hours} uur", people=people, hours=told) if hours else people
        number = next((values.get(name) for name in counts(form)), None)
        return "" if number is None else str(number)

    def choice(self, form: Form, way: Way) -> Choice:
        """A way with what it comes to."""
        refused = [
            language.say(instance().catalogues, message)
            if self.named or not is_personal(form.columns[name])
            else say("De lijsten van mensen passen niet bij elkaar.")
            for name, message in way.refused.items()
        ]
        return Choice(way.how, self.figure(form, way.values), refused)

    def _shown(self, question: Question, value: Stored, beside: Stored) -> str:
        """One answer; of a list of people how many, and who stands in this record alone."""
        if value is None:
            return ""
        words = wording.shown(question, value, self.here, most=MOST_PICKED)
        if not is_personal(question):
            return words
        if not isinstance(value, list):
            return words if self.named else "✓"
        many = _people(len(value))
        others = beside if isinstance(beside, list) else []
        alone = [code for code in value if code not in others]
        if not others or not alone:
            return f"{many}: {words}" if self.named else many
        names = str(len(alone))
        if self.named:
            names = wording.shown(question, alone, self.here, most=MOST_PICKED)
        return say("{people}. Alleen hier: {names}", people=many, names=names)


def _people(count: int) -> str:
    return say("1 persoon") if count == 1 else say("{count} mensen", count=count)


def _bare(value: Stored) -> Stored:
    """An answer without the order in which it was ticked."""
    return sorted(value) if isinstance(value, list) else value
