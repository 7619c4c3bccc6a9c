"""A form beside the version before it: what changed, and what may not change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.ask.form_json import form_to_json
from fieldapp.ask.kinds import alike, kind_of
from fieldapp.ask.question import Form, Question, Text
from fieldapp.errors import Message

ADDED, GONE, CHANGED = "added", "gone", "changed"

_PARTS = {
    "label": ("label",),
    "hint": ("hint",),
    "required": ("required",),
    "choices": ("choices", "choice_filter", "register"),
    "rules": ("relevant", "constraint", "calculation", "default", "parameters", "prefill"),
    "messages": ("required_message", "constraint_message"),
    "look": ("appearance",),
    "result": ("result", "save_to"),
}
"""What can change of a question: a word for it, and the fields that it stands for."""

_SETTINGS = ("title", "places", "expected", "order", "icon")
_NOT_CONTENT = {"file", "line"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that is new, gone or changed."""

    what: str
    name: str
    label: Text
    parts: tuple[str, ...] = ()
    """Of a changed question: what changed of it."""
    before: Text | None = None
    """The label that it had, when that changed."""


def differences(before: Form | None, after: Form) -> list[Difference]:
    """What is asked otherwise in `after`: first what is new, then what changed, then what went."""
    old = before.questions if before else {}
    added = [
        Difference(ADDED, name, question.label)
        for name, question in after.questions.items()
        if name not in old
    ]
    changed = [
        Difference(CHANGED, name, question.label, parts, was.label if "label" in parts else None)
        for name, question in after.questions.items()
        if (was := old.get(name)) and (parts := _parts(was, question))
    ]
    gone = [
        Difference(GONE, name, question.label)
        for name, question in old.items()
        if name not in after.questions
    ]
    return [*added, *changed, *gone]


def settings(before: Form, after: Form) -> list[str]:
    """The settings that are otherwise in `after`."""
    return [name for name in _SETTINGS if getattr(before, name) != getattr(after, name)]


def same(one: Form, other: Form) -> bool:
    """Whether two forms ask the same, whatever file they stand in."""
    return bool(_content(form_to_json(one)) == _content(form_to_json(other)))


def clashes(after: Form, before: Form | None, known: Iterable[Form]) -> Iterator[Message]:
    """Why `after` cannot come in the place of `before` beside all `known` versions of it."""
    versions = [*([before] if before else []), *known]
    if any(each.version == after.version and not same(each, after) for each in versions):
        yield Message(
            "Versie {version} is er al, met andere inhoud. Geef in het blad settings een nieuwe "
            "versie.",
            {"version": after.version},
        )
    if before and before.key != after.key:
        yield Message(
            "De sleutel (key) was '{before}' en is nu '{after}'. Zet hem terug, of maak een nieuw "
            "formulier met een ander form_id.",
            {"before": " ".join(before.key), "after": " ".join(after.key)},
        )
    if before and _list(before) != _list(after):
        yield Message(
            "De lijst in het blad entities was '{before}' en is nu '{after}'. Zet hem terug.",
            {"before": _list(before), "after": _list(after)},
        )
    yield from _questions(after, versions)
    yield from _expected(after)


def _questions(after: Form, versions: Iterable[Form]) -> Iterator[Message]:
    told = set()
    for each in versions:
        for name, question in after.columns.items():
            was = each.columns.get(name)
            if was is None or name in told:
                continue
            if not alike(was, question):
                told.add(name)
                yield Message(
                    "De vraag '{name}' had het type {before} en heeft nu {after}. Zet het type "
                    "terug, of geef de vraag een nieuwe naam.",
                    {"name": name, "before": was.type, "after": question.type},
                )
            elif was.private != question.private:
                told.add(name)
                yield Message(
                    "De kolom private van de vraag '{name}' is veranderd. Zet hem terug, of geef "
                    "de vraag een nieuwe naam.",
                    {"name": name},
                )


def _expected(form: Form) -> Iterator[Message]:
    """What is expected of every day or month is found again by its date, so by the key."""
    if not form.expected:
        return
    first = form.columns.get(form.key[0]) if form.key else None
    if first is None or not kind_of(first).parts:
        yield Message(
            "Er staat '{expected}' bij expected. Begin dan de key met een vraag naar een datum.",
            {"expected": form.expected},
        )
    part = form.columns.get("daypart")
    if form.expected == "open_daypart" and ("daypart" not in form.key or not part):
        yield Message("Er staat 'open_daypart' bij expected. Zet dan de vraag 'daypart' in de key.")


def _parts(before: Question, after: Question) -> tuple[str, ...]:
    return tuple(
        part
        for part, fields in _PARTS.items()
        if any(getattr(before, field) != getattr(after, field) for field in fields)
    ) + (() if alike(before, after) else ("type",))


def _list(form: Form) -> str:
    return form.entity.list_name if form.entity else ""


def _content(value: Any) -> Any:
    """A form as JSON without where each thing stands."""
    if isinstance(value, Mapping):
        return {key: _content(each) for key, each in value.items() if key not in _NOT_CONTENT}
    return [_content(each) for each in value] if isinstance(value, list) else value
