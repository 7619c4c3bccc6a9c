"""Evaluates a compiled expression on the server, exactly as static/expression.js does in the page.

No value can make it raise: what cannot be worked out is NaN or an empty text.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from fieldapp.ask.moment import Moment, date_text, format_moment, moment_of, read_clock, read_moment
from fieldapp.ask.question import Tree

Value = str | float | bool

_BLANKS = " \t\r\n"
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_MOST_PLACES = 30
_EXACT = 2**53  # from here on every float is a whole number


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can see: answers as texts, the time, its own answer, the last record."""

    values: Mapping[str, str]
    now: dt.datetime
    current: str = ""
    last_saved: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


def evaluate(tree: Tree, scope: Scope) -> Value:
    """The value of a compiled expression in `scope`."""
    try:
        worked = _NODES[tree[0]]
    except (IndexError, KeyError, TypeError):
        raise ValueError(
            f"not a compiled expression: {tree!r}; compile it with compile_expression()"
        ) from None
    return worked(tree, scope)


def _operation(tree: Tree, scope: Scope) -> Value:
    _, operator, left, right = tree
    first = evaluate(left, scope)
    if operator == "or":
        return to_boolean(first) or to_boolean(evaluate(right, scope))
    if operator == "and":
        return to_boolean(first) and to_boolean(evaluate(right, scope))
    return _OPERATORS[operator](first, evaluate(right, scope))


def _call(tree: Tree, scope: Scope) -> Value:
    _, name, arguments = tree
    if name == "if":
        condition, then, otherwise = arguments
        return evaluate(then if to_boolean(evaluate(condition, scope)) else otherwise, scope)
    return FUNCTIONS[name](scope, *[evaluate(argument, scope) for argument in arguments])


_NODES: Mapping[str, Callable[[Tree, Scope], Value]] = {
    "num": lambda tree, scope: float(tree[1]),
    "str": lambda tree, scope: str(tree[1]),
    "self": lambda tree, scope: scope.current,
    "ref": lambda tree, scope: scope.values.get(tree[1], ""),
    "last": lambda tree, scope: scope.last_saved.get(tree[1], ""),
    "col": lambda tree, scope: scope.columns.get(tree[1], ""),
    "neg": lambda tree, scope: -to_number(evaluate(tree[1], scope)),
    "op": _operation,
    "fn": _call,
}


def to_text(value: Value) -> str:
    """`value` as XPath writes it: no exponent, no needless decimals, `true` or `false`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    return format(Decimal(repr(float(value))), "f").removesuffix(".0")


def to_number(value: Value) -> float:
    """`value` as a number: dates are days since 1970, what is no number is NaN."""
    if not isinstance(value, str):
        return float(value)
    if _NUMBER.fullmatch(value.strip(_BLANKS)):
        return float(value)
    moment = read_moment(value)
    return moment.days if moment else math.nan


def to_boolean(value: Value) -> bool:
    """Whether `value` counts as true: a text that is not empty, a number but 0 and NaN."""
    return bool(value) and value == value


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return left == right


def _divide(left: float, right: float) -> float:
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _modulo(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


def _numeric(compute: Callable[[float, float], Value]) -> Callable[[Value, Value], Value]:
    return lambda left, right: compute(to_number(left), to_number(right))


_OPERATORS: Mapping[str, Callable[[Value, Value], Value]] = {
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _numeric(lambda left, right: left < right),
    "<=": _numeric(lambda left, right: left <= right),
    ">": _numeric(lambda left, right: left > right),
    ">=": _numeric(lambda left, right: left >= right),
    "+": _numeric(lambda left, right: left + right),
    "-": _numeric(lambda left, right: left - right),
    "*": _numeric(lambda left, right: left * right),
    "div": _numeric(_divide),
    "mod": _numeric(_modulo),
}


def _words(value: Value) -> list[str]:
    """The choices in a space-separated answer."""
    return [word for word in re.split(f"[{_BLANKS}]+", to_text(value)) if word]


def _selected(scope: Scope, answer: Value, choice: Value) -> bool:
    words, wanted = _words(answer), " ".join(_words(choice))
    return wanted in words or not (words or wanted)


def _selected_at(scope: Scope, answer: Value, index: Value) -> str:
    words, at = _words(answer), _truncate(to_number(index))
    return words[int(at)] if 0 <= at < len(words) else ""


def _truncate(number: float) -> float:
    return float(math.trunc(number)) if math.isfinite(number) else number


def _round(scope: Scope, value: Value, places: Value = 0.0) -> float:
    number, digits = to_number(value), _truncate(to_number(places))
    if not abs(digits) <= _MOST_PLACES:
        return math.nan
    shifted = float(f"{to_text(number)}e{int(digits)}") if math.isfinite(number) else number
    if not abs(shifted) < _EXACT:
        return number
    whole = math.floor(shifted)
    return float(f"{to_text(float(whole + (shifted - whole >= 0.5)))}e{-int(digits)}")


def _smallest(scope: Scope, *values: Value) -> float:
    return _pick(values, lambda found, number: found <= number)


def _largest(scope: Scope, *values: Value) -> float:
    return _pick(values, lambda found, number: found >= number)


def _pick(values: Sequence[Value], keeps: Callable[[float, float], bool]) -> float:
    found, *others = map(to_number, values)
    for number in others:
        if not math.isnan(found) and not keeps(found, number):
            found = number
    return found


def _sum(scope: Scope, *values: Value) -> float:
    total = 0.0
    for value in values:  # one by one: Python's own sum() corrects rounding, JavaScript does not
        total += to_number(value)
    return total


def _substring(scope: Scope, value: Value, start: Value, end: Value = math.inf) -> str:
    text = to_text(value)
    return text[_index(start, len(text)) : _index(end, len(text))]


def _index(value: Value, length: int) -> int:
    number = to_number(value)
    return 0 if math.isnan(number) else math.trunc(max(-length, min(number, length)))


def _matches(scope: Scope, value: Value, pattern: Value) -> bool:
    return _compiled(to_text(pattern)).fullmatch(to_text(value)) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _moment(value: Value) -> Moment | None:
    """The point in time that `value` stands for; numbers are days since 1970 in UTC."""
    return (isinstance(value, str) and read_moment(value)) or moment_of(to_number(value))


def _date(scope: Scope, value: Value) -> str:
    moment = _moment(value)
    return date_text(moment) if moment else ""


def _format_date(scope: Scope, value: Value, form: Value) -> str:
    moment = _moment(value)
    return format_moment(moment, to_text(form)) if moment else ""


FUNCTIONS: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "coalesce": lambda scope, first, second: first if to_text(first) else second,
        "concat": lambda scope, *values: "".join(map(to_text, values)),
        "contains": lambda scope, text, part: to_text(part) in to_text(text),
        "count-selected": lambda scope, answer: float(len(_words(answer))),
        "date": _date,
        "decimal-date-time": lambda scope, value: to_number(value),
        "decimal-time": lambda scope, value: read_clock(to_text(value)),
        "false": lambda scope: False,
        "format-date": _format_date,
        "int": lambda scope, value: _truncate(to_number(value)),
        "max": _largest,
        "min": _smallest,
        "not": lambda scope, value: not to_boolean(value),
        "now": lambda scope: scope.now.isoformat(timespec="milliseconds"),
        "number": lambda scope, value: to_number(value),
        "once": lambda scope, value: scope.current or value,
        "regex": _matches,
        "round": _round,
        "selected": _selected,
        "selected-at": _selected_at,
        "starts-with": lambda scope, text, begin: to_text(text).startswith(to_text(begin)),
        "string-length": lambda scope, text: float(len(to_text(text))),
        "substr": _substring,
        "sum": _sum,
        "today": lambda scope: scope.now.date().isoformat(),
        "true": lambda scope: True,
        "uuid": lambda scope: str(uuid.uuid4()),
    }
)
"""Every function but `if`, which works out only the branch it takes."""
