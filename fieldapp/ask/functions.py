"""The functions that expressions may use: how each is written and what it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fieldapp.ask.pattern import PatternFault, shared_pattern
from fieldapp.ask.question import Tree

_FORMATS = "%Y %y %m %n %b %d %e %H %h %M %S %3 %a %%"


class CallFault(ValueError):
    """A function is called with arguments that it does not take."""


@dataclass(frozen=True, slots=True)
class Function:
    """How one function is written, and how many arguments it takes (`most` None: no end)."""

    example: str
    least: int
    most: int | None

    @property
    def takes(self) -> str:
        """The number of arguments in words."""
        if self.most is None:
            return "at least 1 argument"
        if self.most == 0:
            return "no arguments"
        numbers = " or ".join(str(n) for n in range(self.least, self.most + 1))
        return f"{numbers} argument{'s' if self.most > 1 else ''}"


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "coalesce": Function("coalesce(${first}, ${second})", 2, 2),
        "concat": Function("concat(${first}, ' ', ${second})", 1, None),
        "contains": Function("contains(${text}, 'part')", 2, 2),
        "count-selected": Function("count-selected(${question})", 1, 1),
        "date": Function("date('2026-12-31')", 1, 1),
        "decimal-date-time": Function("decimal-date-time(${date})", 1, 1),
        "decimal-time": Function("decimal-time(${time})", 1, 1),
        "false": Function("false()", 0, 0),
        "format-date": Function("format-date(${date}, '%e-%n-%Y')", 2, 2),
        "if": Function("if(${number} > 1, 'more', 'one')", 3, 3),
        "int": Function("int(${number})", 1, 1),
        "max": Function("max(${first}, ${second})", 1, None),
        "min": Function("min(${first}, ${second})", 1, None),
        "not": Function("not(${answer} = 'yes')", 1, 1),
        "now": Function("now()", 0, 0),
        "number": Function("number(${text})", 1, 1),
        "once": Function("once(today())", 1, 1),
        "regex": Function("regex(., '[0-9]{4}')", 2, 2),
        "round": Function("round(${number}, 1)", 1, 2),
        "selected": Function("selected(${question}, 'choice')", 2, 2),
        "selected-at": Function("selected-at(${question}, 0)", 2, 2),
        "starts-with": Function("starts-with(${text}, 'begin')", 2, 2),
        "string-length": Function("string-length(${text})", 1, 1),
        "substr": Function("substr(${text}, 0, 4)", 2, 3),
        "sum": Function("sum(${first}, ${second})", 1, None),
        "today": Function("today()", 0, 0),
        "true": Function("true()", 0, 0),
        "uuid": Function("uuid()", 0, 0),
    }
)
"""Every function an expression may use."""


def checked(name: str, arguments: list[Tree]) -> list[Tree]:
    """`arguments` as function `name` takes them; patterns are rewritten for both evaluators.

    Raises CallFault.
    """
    function = FUNCTIONS[name]
    most = len(arguments) if function.most is None else function.most
    if not function.least <= len(arguments) <= most:
        raise CallFault(
            f"{name}() takes {function.takes}, not {len(arguments)}: write {function.example}"
        )
    if name == "regex":
        return [arguments[0], _pattern(arguments[1])]
    if name == "format-date":
        _check_format(arguments[1])
    return arguments


def _pattern(tree: Tree) -> Tree:
    if tree[0] != "str":
        raise CallFault(
            "regex() takes a pattern in quotes, so that it can be checked: "
            f"write {FUNCTIONS['regex'].example}"
        )
    try:
        return ["str", shared_pattern(tree[1])]
    except PatternFault as fault:
        raise CallFault(f"the pattern '{tree[1]}' {fault}") from None


def _check_format(tree: Tree) -> None:
    if tree[0] == "str":
        for found in re.findall(r"%.?", tree[1], re.DOTALL):
            if found not in _FORMATS.split():
                raise CallFault(f"'{found}' is not a part of a date: use {_FORMATS}")
