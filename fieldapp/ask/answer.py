"""An answer: what a phone sent, read and checked against its form."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldapp.ask.evaluate import Scope, evaluate, to_boolean, to_text
from fieldapp.ask.expression import all_of, columns, references
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Question, Tree
from fieldapp.ask.reading import Stored, Unreadable
from fieldapp.errors import Message, Refused

Raw = Mapping[str, Sequence[str]]
"""What was sent: per field name the values, as text."""


@dataclass(frozen=True)
class Context:
    """What a check needs to know beyond the form: the moment, the registers, the server's part."""

    now: dt.datetime
    register: Callable[[str], Sequence[Choice]] = lambda name: ()
    """The rows of a register that may be picked here."""
    fill: Callable[[Question, Mapping[str, str]], str] = lambda question, texts: ""
    """What the server fills in for a hidden question, given the answers so far as text."""
    last_saved: Mapping[str, str] = field(default_factory=dict)
    current: Mapping[str, Stored] = field(default_factory=dict)
    """The answers kept until now, when a record is changed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Checked answers by question name; None is not answered or not relevant."""

    form_id: str
    version: str
    values: Mapping[str, Stored]


def check(form: Form, raw: Raw, context: Context) -> Answer:
    """The answer in `raw`, or Refused with a message per question that is not right."""
    reading = _Reading(form, context)
    reading.read(raw)
    reading.settle()
    reading.judge()
    if reading.messages:
        raise Refused(reading.messages)
    return Answer(form.form_id, form.version, reading.values)


def offered(
    question: Question, texts: Mapping[str, str], context: Context
) -> Iterable[tuple[Choice, bool]]:
    """Every choice of a question, and whether its `choice_filter` lets it be picked now."""
    passes = _sieve(_parts(question), Scope(texts, context.now, last_saved=context.last_saved))
    for choice in context.register(question.register) if question.register else question.choices:
        yield choice, passes(choice)


def possible(question: Question, context: Context) -> Callable[[Choice], bool]:
    """Says of a choice whether it can be picked at all, whatever the other answers are."""
    fixed = [part for part in _parts(question) if not references(part)]
    return _sieve(fixed, Scope({}, context.now, last_saved=context.last_saved))


def _parts(question: Question) -> Sequence[Tree]:
    return [] if question.choice_filter is None else all_of(question.choice_filter)


def _sieve(parts: Sequence[Tree], scope: Scope) -> Callable[[Choice], bool]:
    """Says of a choice whether all of `parts` hold; what many choices share is worked out once."""
    known: list[tuple[Tree, list[str], dict[tuple[str, ...], bool]]] = [
        (part, sorted(columns(part)), {}) for part in parts
    ]

    def passes(choice: Choice) -> bool:
        of_choice = {"name": choice.name, "label": choice.label.get("nl", ""), **choice.extra}
        for part, read, found in known:
            key = tuple([of_choice.get(name, "") for name in read])
            if key not in found:
                # Not `replace`, which costs more than most filters.
                narrowed = Scope(
                    scope.values, scope.now, scope.current, scope.last_saved, of_choice
                )
                found[key] = to_boolean(evaluate(part, narrowed))
            if not found[key]:
                return False
        return True

    return passes


class _Reading:
    """One answer on its way through the check."""

    def __init__(self, form: Form, context: Context) -> None:
        self.form, self.context = form, context
        self.values: dict[str, Stored] = {}
        self.texts: dict[str, str] = dict.fromkeys(form.columns, "")
        self.messages: dict[str, Message] = {}
        self.relevant: dict[str, bool] = {}
        self._scope = Scope(self.texts, context.now, last_saved=context.last_saved)
        """What conditions see: the answers as they are when they are asked."""

    def read(self, raw: Raw) -> None:
        """What persons filled in, by the kinds of the questions."""
        for name, question in self.form.columns.items():
            kind = kind_of(question)
            if kind.filled_by != "person":
                continue
            sent = raw.get(name, ())
            for part in kind.parts:
                sent = [*sent, *raw.get(f"{name}.{part}", ())]
            try:
                self._set(name, kind.read(sent, question) if sent else None)
            except Unreadable as unreadable:
                self.messages[name] = unreadable.message
                self._set(name, None)

    def settle(self) -> None:
        """Relevance, calculations and the server's part, each after what it depends on."""
        for name in self.form.steps:
            conditions = self.form.conditions[name]
            self.relevant[name] = not conditions or all(
                to_boolean(self._evaluate(tree)) for tree in conditions
            )
            question = self.form.questions[name]
            if name not in self.texts:
                continue
            if not self.relevant[name]:
                self._set(name, None)
                self.messages.pop(name, None)
            elif kind_of(question).filled_by == "calculation":
                current = kind_of(question).text(self.context.current.get(name))
                worked = self._evaluate(question.calculation, current)
                self._set(name, to_text(worked) or None)
                if isinstance(worked, float) and not math.isfinite(worked):
                    self.values[name] = None  # expressions see NaN, as in the page; none is kept
            elif kind_of(question).filled_by == "server":
                self._set(name, self.context.fill(question, self.texts) or None)

    def judge(self) -> None:
        """Choices, required answers and constraints of all that is relevant."""
        for name, question in self.form.columns.items():
            if not self.relevant[name] or name in self.messages:
                continue
            if kind_of(question).filled_by != "person":
                continue
            if self.values[name] is None:
                if question.required is not None and to_boolean(self._evaluate(question.required)):
                    self.messages[name] = Message(
                        "Beantwoord deze vraag.", texts=question.required_message
                    )
            elif refused := self._not_offered(question):
                self.messages[name] = self._taken(question, refused) or Message(
                    "Dit antwoord kan hier niet. Kies een antwoord uit de lijst."
                )
            elif question.constraint is not None and not self._holds(question.constraint, name):
                self.messages[name] = Message(
                    "Dit antwoord kan niet kloppen. Kijk het na.", texts=question.constraint_message
                )

    def _holds(self, constraint: Tree, name: str) -> bool:
        if self.messages and references(constraint) & self.messages.keys():
            return True  # it leans on an answer that is to be mended first
        return to_boolean(self._evaluate(constraint, self.texts[name]))

    def _set(self, name: str, value: Stored) -> None:
        self.values[name] = value
        self.texts[name] = "" if value is None else kind_of(self.form.columns[name]).text(value)

    def _evaluate(self, tree: list[object] | None, current: str = "") -> str | float | bool:
        if tree is None:
            return ""
        if not current:
            return evaluate(tree, self._scope)
        return evaluate(tree, Scope(self.texts, self.context.now, current, self.context.last_saved))

    def _not_offered(self, question: Question) -> set[str]:
        """What is picked and cannot be picked."""
        if not kind_of(question).picks:
            return set()
        value = self.values[question.name]
        picked = set(value if isinstance(value, list) else [str(value)])
        passes = _sieve(_parts(question), self._scope)
        return picked - {c.name for c in self._listed(question) if c.name in picked and passes(c)}

    def _taken(self, question: Question, refused: set[str]) -> Message | None:
        """Who of `refused` is picked already where the filter says `not(selected(${…}, name))`."""
        elsewhere: set[str] = set()
        for part in _parts(question):
            match part:
                case ["fn", "not", [["fn", "selected", [["ref", other], ["col", "name"]]]]]:
                    elsewhere |= set(self.texts[other].split())
        labels = {c.name: c.label["nl"] for c in self._listed(question) if c.name in refused}
        twice = sorted(labels[name] for name in elsewhere & labels.keys())
        if not twice or len(labels) < len(refused):
            return None  # what is not in the list at all goes first, and is not named
        return Message(
            "Staat al hierboven: {who}. Kies iedereen maar één keer.", {"who": ", ".join(twice)}
        )

    def _listed(self, question: Question) -> Sequence[Choice]:
        register = question.register
        return self.context.register(register) if register else question.choices
