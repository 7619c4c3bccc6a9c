"""Draws a form's page: each question with its label, value, choices and message."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from fieldapp.ask.answer import Context, offered, possible
from fieldapp.ask.day import day_of
from fieldapp.ask.evaluate import Scope, evaluate, to_boolean, to_text
from fieldapp.ask.expression import columns
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Choice, Form, Group, Question, Tree
from fieldapp.ask.reading import Unreadable
from fieldapp.keep.crew import last_time, lists, rest_of_key
from fieldapp.keep.people import SEEN_LATELY
from fieldapp.web import language
from fieldapp.web.page import Again, FieldView, Filled, GroupView, Option
from fieldapp.web.surroundings import Surroundings

_PREFILLED_DAYS = 8
_PREFILLED_MONTHS = 3


def start(
    form: Form,
    here: Surroundings,
    presets: Mapping[str, str],
    given: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Filled:
    """What a new page starts with: defaults, the day and daypart asked for, and prefills.

    With `same` among `presets` the people of last time are ticked; `given` goes before all that.
    """
    context = here.context(form)
    texts = dict.fromkeys(form.columns, "")
    for name in form.steps:
        question = form.questions[name]
        if name not in texts:
            continue
        if kind_of(question).filled_by == "server":
            texts[name] = context.fill(question, texts)
        elif name in form.key and (preset := _read(question, [presets.get(name, "")])):
            texts[name] = preset
        elif question.default is not None:
            scope = Scope(texts, here.now, last_saved=context.last_saved)
            texts[name] = to_text(evaluate(question.default, scope))
    for name, question in form.columns.items():
        if question.prefill:
            texts[name] = here.prefill(form, question, texts) or texts[name]
    raw = {name: _split(form.columns[name], text) for name, text in texts.items()}
    if presets.get("same"):
        raw |= _same(form, here, texts)
    return Filled(raw | {name: given[name] for name in given if name in raw}, new=True)


def _same(form: Form, here: Surroundings, texts: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """The people of last time at the question that asks who was there, if they may be picked."""
    day = day_of(form)
    others = tuple(texts[name] for name in rest_of_key(form, day))
    found = last_time(here.crews(form, texts[day]), others) if texts.get(day) else None
    if found is None:
        return {}
    question = form.questions[lists(form)[0]]
    passing = {c.name for c, passes in offered(question, texts, here.context(form)) if passes}
    return {question.name: [code for code in found.codes if code in passing]}


def kept(form: Form, values: Mapping[str, Any]) -> Filled:
    """What a kept record puts in the fields."""
    texts = {name: kind_of(q).text(values.get(name)) for name, q in form.columns.items()}
    return Filled({name: _split(form.columns[name], text) for name, text in texts.items()})


def _read(question: Question, raw: Sequence[str]) -> str:
    """What expressions see of what was typed: nothing when it does not read."""
    kind = kind_of(question)
    try:
        return kind.text(kind.read(raw, question))
    except Unreadable:
        return ""


def _split(question: Question, text: str) -> Sequence[str]:
    if kind_of(question).picks == "several":
        return text.split()
    return [text] if text else []


def _days_back(today: dt.date) -> Sequence[dt.date]:
    """Today and the days before, which the page may be switched to."""
    return [today - dt.timedelta(days=back) for back in range(_PREFILLED_DAYS)]


def _months_back(today: dt.date) -> Sequence[dt.date]:
    """The first day of this month and of those before, which the page may be switched to."""
    found = [today.replace(day=1)]
    while len(found) < _PREFILLED_MONTHS:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    return found


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


class Drawing:
    """Builds the page's items from a form and what stands in its fields."""

    def __init__(self, form: Form, filled: Filled, here: Surroundings, say: Callable[[str], str]):
        self.form, self.filled, self.here, self._say = form, filled, here, say
        self.context: Context = here.context(form)
        self.texts = self._texts()
        self._sifted: dict[str, Sequence[tuple[Choice, bool]]] = {}
        self.errors: list[tuple[str, str]] = []
        self.items = [self._item(item) for item in form.items]

    def _texts(self) -> dict[str, str]:
        texts = {}
        for name, question in self.form.columns.items():
            raw = self.filled.raw.get(name, ())
            if kind_of(question).filled_by == "person":
                texts[name] = _read(question, raw)
            else:
                texts[name] = next(iter(raw), "")
        for name in self.form.steps:
            question = self.form.questions[name]
            if name in texts and kind_of(question).filled_by == "server":
                texts[name] = self.context.fill(question, texts) or texts[name]
            elif question.calculation is not None and name in texts:
                scope = Scope(texts, self.here.now, last_saved=self.context.last_saved)
                texts[name] = to_text(evaluate(question.calculation, scope))
        return texts

    def _holds(self, tree: Tree | None) -> bool:
        return tree is None or to_boolean(evaluate(tree, Scope(self.texts, self.here.now)))

    def _item(self, item: Question | Group) -> FieldView | GroupView:
        return self._group(item) if isinstance(item, Group) else self._field(item)

    def _group(self, group: Group) -> GroupView:
        before = len(self.errors)
        items = [self._item(item) for item in group.items]
        filled = any(isinstance(i, FieldView) and (i.value or i.values) for i in items)
        return GroupView(
            group.name,
            language.pick(group.label),
            language.pick(group.hint),
            "compact" in group.appearance,
            filled or len(self.errors) > before,
            self._holds(group.relevant),
            items,
        )

    def _field(self, question: Question) -> FieldView:
        kind = kind_of(question)
        raw = list(self.filled.raw.get(question.name, ()))
        error = self.filled.messages.get(question.name, "")
        identity = f"q-{question.name}"
        if error:
            self.errors.append((identity, error))
        picked = frozenset(raw)
        days = self._days() if "quick" in question.appearance and kind.parts else []
        value = "" if kind.picks == "several" else (raw[0] if raw else "")
        other = next((text for text in raw[1:] if text), "") if kind.parts else ""
        return FieldView(
            name=question.name,
            id=identity,
            widget=kind.widget(question),
            label=language.pick(question.label),
            hint=language.pick(question.hint),
            optional=self._optional(question),
            error=error,
            value=value,
            values=picked if kind.picks else frozenset(),
            choices=self._options(question, picked),
            flags=frozenset(question.appearance),
            parameters=question.parameters,
            relevant=all(self._holds(tree) for tree in self.form.conditions[question.name]),
            days=days,
            other=other,
            inputmode="numeric" if kind.column == "INTEGER" else "decimal",
            again=self._again(question),
        )

    def _again(self, question: Question) -> Again | None:
        """For the list that asks who was there, when nothing else fills it in beforehand."""
        if question.name not in lists(self.form)[:1] or question.prefill:
            return None
        crews = [[c.date, " ".join(c.others), *c.codes] for c in self.here.crews(self.form)]
        if not crews:
            return None
        day = day_of(self.form)
        key = [day, *rest_of_key(self.form, day)]
        query = {name: self.texts[name] for name in key if self.texts[name]} | {"same": "1"}
        return Again(_json([key, *crews]), query if self.filled.new else {})

    def _optional(self, question: Question) -> bool:
        required = question.required is not None and self._holds(question.required)
        return not required and kind_of(question).filled_by == "person"

    def _days(self) -> list[tuple[str, str]]:
        today, yesterday = _days_back(self.here.now.date())[:2]
        return [
            (today.isoformat(), self._say("Vandaag")),
            (yesterday.isoformat(), self._say("Gisteren")),
        ]

    def _options(self, question: Question, picked: frozenset[str]) -> list[Option]:
        if not kind_of(question).picks:
            return []
        options: dict[str, Option] = {}
        tree = question.choice_filter
        read = sorted(columns(tree) - {"name", "label"}) if tree is not None else []
        ever = possible(question, self.context)
        written = cache(
            lambda *values: _json({n: v for n, v in zip(read, values, strict=True) if v})
        )
        listed, used = self._offered(question), self._picked(question.register)
        replaced = {choice.instead for choice, _ in listed if choice.name in used} - used
        for choice, passes in listed:
            if choice.name in replaced or (choice.instead and choice.name not in used):
                continue  # of a person with two codes one is offered: the one that was picked
            before = options.get(choice.name)
            if before and not (before.hidden and passes):
                continue
            if not passes and not ever(choice):
                continue  # such as a participant in a list of volunteers
            options.pop(choice.name, None)  # it stands where it may be picked
            options[choice.name] = Option(
                choice.name,
                language.pick(choice.label),
                choice.name in picked,
                not passes,
                written(*(choice.extra.get(name, "") for name in read)) if read else "",
                bool(choice.extra.get(SEEN_LATELY)),
            )
        return list(options.values())

    def _offered(self, question: Question) -> Sequence[tuple[Choice, bool]]:
        """The choices of a question; two lists of the same people are sifted once."""
        same = _json([question.register or [question.name], question.choice_filter])
        if same not in self._sifted:
            self._sifted[same] = list(offered(question, self.texts, self.context))
        return self._sifted[same]

    def _picked(self, register: str) -> frozenset[str]:
        """What is picked on this page from a register."""
        lists = (q.name for q in self.form.columns.values() if register and q.register == register)
        return frozenset(name for each in lists for name in self.filled.raw.get(each, ()))

    def definition(self) -> str:
        """What the page's script needs, as JSON."""
        key = [n for n in self.form.key if n in self.form.columns]
        prefilled = [q for q in self.form.columns.values() if q.prefill]
        questions = {
            name: {
                "relevant": list(self.form.conditions[name]),
                "calculation": question.calculation,
                "filter": question.choice_filter,
                "prefill": self._prefill(question, key) if question.prefill else None,
            }
            for name, question in self.form.columns.items()
        }
        hidden = {
            name: self.texts[name]
            for name, question in self.form.columns.items()
            if kind_of(question).filled_by == "server"
        }
        return _json(
            {
                "questions": questions,
                "order": [name for name in self.form.steps if name in self.form.columns],
                "prefill_by": key if prefilled else [],
                "now": self.here.now.isoformat(timespec="milliseconds"),
                "last_saved": dict(self.context.last_saved),
                "hidden": hidden,
            }
        )

    def _prefill(self, question: Question, key: Sequence[str]) -> dict[str, str]:
        found = {}
        today = self.here.now.date()
        others: list[dict[str, str]] = [{}]
        for name in key:
            if name != day_of(self.form):
                others = [
                    {**o, name: c.name} for o in others for c in self.form.questions[name].choices
                ]
        days = _months_back(today) if question.prefill == "last_month" else _days_back(today)
        for day in days:
            for other in others:
                texts = {day_of(self.form): day.isoformat(), **other}
                if text := self.here.prefill(self.form, question, texts):
                    found[" ".join(texts[name] for name in key)] = text
        return found
