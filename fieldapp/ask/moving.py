"""What of a fresh form the moment decides, where all the rest stays as it is the whole day."""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.ask.expression import kinds_of
from fieldapp.ask.kinds import kind_of
from fieldapp.ask.question import Form, Tree

_MOMENT = {"now", "uuid"}
_ANSWERS = {"ref", "last", "self", "col"}


def moving(form: Form) -> Sequence[Tree] | None:
    """The defaults that the moment decides alone; None when it decides more of the form."""
    asked = form.questions.values()
    drawn = [
        tree
        for question in asked
        for tree in (
            *form.conditions[question.name],
            question.required,
            question.calculation,
            question.choice_filter,
        )
    ]
    starts = [question.default for question in asked if _moves(question.default)]
    if any(map(_moves, drawn)) or any(kind_of(question).at for question in asked):
        return None
    found = [tree for tree in starts if tree is not None]
    return None if any(kinds_of(tree) & (_ANSWERS | {"uuid"}) for tree in found) else found


def _moves(tree: Tree | None) -> bool:
    return tree is not None and bool(kinds_of(tree) & _MOMENT)
