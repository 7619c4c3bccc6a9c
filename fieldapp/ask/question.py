"""A form as fieldapp knows it: questions in groups, with choices, settings and an entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Text = Mapping[str, str]
"""One text in several languages: language code ("nl", "en") → text."""

Tree = list[Any]
"""A compiled expression as JSON: see `expression.py`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to pick: its stored name, its label and the extra columns of its list."""

    name: str
    label: Text
    extra: Mapping[str, str] = field(default_factory=dict)
    instead: str = ""
    """The choice that is offered in its place; this one is only good where it was picked before."""


@dataclass(frozen=True, slots=True)
class Question:
    """One row of a survey sheet: one field on the page, one column in the table."""

    name: str
    type: str
    line: int
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    required: Tree | None = None
    required_message: Text = field(default_factory=dict)
    relevant: Tree | None = None
    constraint: Tree | None = None
    constraint_message: Text = field(default_factory=dict)
    calculation: Tree | None = None
    default: Tree | None = None
    choices: tuple[Choice, ...] = ()
    list_name: str = ""
    register: str = ""
    choice_filter: Tree | None = None
    appearance: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    result: tuple[str, ...] = ()
    private: bool = False
    prefill: str = ""
    save_to: str = ""
    kept: bool = True
    """Whether its answer has a column: only a note has none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand together; a group adds nothing to their names."""

    name: str
    line: int
    items: tuple[Question | Group, ...]
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    relevant: Tree | None = None
    appearance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """The register row that an answer creates or updates (an ODK entity)."""

    list_name: str
    label: Tree
    entity_id: Tree | None = None
    create_if: Tree | None = None
    update_if: Tree | None = None


@dataclass(frozen=True)
class Form:
    """One XLSForm, checked and compiled."""

    form_id: str
    version: str
    file: str
    title: Text
    languages: tuple[str, ...]
    items: tuple[Question | Group, ...]
    places: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()
    expected: str = ""
    order: int = 0
    icon: str = ""
    entity: Entity | None = None
    steps: tuple[str, ...] = ()
    """Names of all questions in the order in which relevance and calculations can be worked out."""

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by name, in the order of the form."""
        return {question.name: question for question, _ in walk(self.items)}

    @cached_property
    def columns(self) -> Mapping[str, Question]:
        """The questions that keep an answer, so every one but notes."""
        return {name: question for name, question in self.questions.items() if question.kept}

    @cached_property
    def conditions(self) -> Mapping[str, tuple[Tree, ...]]:
        """Per question every `relevant` that must hold: its groups' and its own."""
        return {question.name: trees for question, trees in walk(self.items)}

    @cached_property
    def looks_back(self) -> bool:
        """Whether a default or calculation asks for the latest record (`${last-saved#…}`)."""
        return any(
            _mentions(tree, "last")
            for question in self.questions.values()
            for tree in (question.default, question.calculation)
        )


def _mentions(tree: Any, node: str) -> bool:
    return isinstance(tree, list) and (tree[:1] == [node] or any(_mentions(t, node) for t in tree))


def walk(
    items: tuple[Question | Group, ...], outer: tuple[Tree, ...] = ()
) -> Iterator[tuple[Question, tuple[Tree, ...]]]:
    """Each question below `items` with the conditions it stands under, outermost first."""
    for item in items:
        conditions = outer if item.relevant is None else (*outer, item.relevant)
        if isinstance(item, Group):
            yield from walk(item.items, conditions)
        else:
            yield item, conditions
