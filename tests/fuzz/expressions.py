"""Random expressions of the grammar of forms, with random values to see."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from fieldapp.ask.expression import LONGEST, ExpressionFault, compile_expression
from fieldapp.ask.functions import FUNCTIONS
from tests.browser.test_expression_js import ANSWERS, FORMATS, OPERATORS, PIECES

NAMES, COLUMNS = ("a", "b", "c"), ("role", "label")
LEAVES = ("${a}", "${b}", "${c}", "${last-saved#a}", ".", "role", "label", "today()", "now()")
_UNSURE = {"uuid", "regex", "format-date"}
_CHARACTERS = (
    "0123456789-+.eETZ: \t\r\n\x0b\x00\xa0\u2003\u2028\ufeffxyz_é😀\u0301٣½ß\U0001f1f3\u202e"
)


def value(chance: Random) -> str:
    """A text that somebody may have typed, or something quite like it."""
    text = chance.choice(_VALUES)(chance)
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(["", chance.choice(_CHARACTERS)]) + text[at + 1 :]
    return text


def _number(chance: Random) -> str:
    whole = "".join(chance.choices("0123456789", k=chance.choice((0, 1, 2, 5, 16, 25, 320))))
    part = "".join(chance.choices("0123456789", k=chance.choice((0, 0, 1, 3, 18, 330))))
    return chance.choice(("", "", "-")) + whole + ("." + part if part or not whole else "")


def _moment(chance: Random) -> str:
    minutes = chance.choice((3 * 10**7, 5 * 10**9 // 5))
    moment = dt.datetime(1969, 12, 31) + dt.timedelta(minutes=chance.randrange(minutes))  # noqa: DTZ001
    kind = chance.choice(("date", "time", "minutes", "seconds", "milliseconds", "microseconds"))
    if kind == "date":
        return moment.date().isoformat()
    if kind == "time":
        return moment.time().isoformat()
    sign, hours = chance.choice("+-"), chance.randrange(24)
    offset = chance.choice(
        ("", "Z", f"{sign}{hours:02}:{chance.randrange(60):02}", f"{sign}{hours:02}")
    )
    moment += dt.timedelta(microseconds=chance.randrange(10**6))
    return moment.isoformat(timespec=kind) + offset


_VALUES = (
    lambda chance: chance.choice(ANSWERS),
    _number,
    _moment,
    lambda chance: "".join(chance.choices(_CHARACTERS, k=chance.randrange(6))),
    lambda chance: chance.choice((" ", "  ", "\n")).join(
        chance.choices(["x", "y", "yes", "é", ""], k=4)
    ),
)


def written(chance: Random, depth: int) -> str:
    """An expression; now and then one that the compiler refuses."""
    if depth == 0 or chance.random() < 0.2:
        kind = chance.random()
        if kind < 0.55:
            return chance.choice(LEAVES)
        if kind < 0.75:
            return _number(chance).lstrip("-")
        quote = chance.choice("'\"")
        return quote + value(chance).replace(quote, "") + quote
    if chance.random() < 0.4:
        operator = chance.choice(OPERATORS)
        return f"({written(chance, depth - 1)} {operator} {written(chance, depth - 1)})"
    if chance.random() < 0.08:
        return f"regex({written(chance, depth - 1)}, '{pattern(chance)}')"
    if chance.random() < 0.08:
        return f"format-date({written(chance, depth - 1)}, {chance.choice(FORMATS)})"
    name = chance.choice([name for name in FUNCTIONS if name not in _UNSURE])
    function = FUNCTIONS[name]
    most = function.least + 2 if function.most is None else function.most
    arguments = [written(chance, depth - 1) for _ in range(chance.randint(function.least, most))]
    return f"{chance.choice(('', '', '', '-'))}{name}({', '.join(arguments)})"


def pattern(chance: Random) -> str:
    """A regular expression, mostly a good one."""
    return "".join(chance.choices(PIECES, k=chance.randint(1, 5)))


def cases(chance: Random, count: int, now: str) -> list[tuple[str, dict[str, Any]]]:
    """Expressions that compile, each with its tree and what it can see."""
    found: list[tuple[str, dict[str, Any]]] = []
    while len(found) < count:
        text = written(chance, chance.randint(1, 4))
        if len(text) > LONGEST:
            continue
        try:
            tree = compile_expression(text, NAMES, COLUMNS)
        except ExpressionFault:
            continue
        scope = {
            "values": {name: value(chance) for name in chance.sample(NAMES, 2)},
            "last_saved": {"a": value(chance)},
            "columns": {"role": value(chance)},
            "current": value(chance),
            "now": now,
        }
        found.append((text, {"tree": tree, "scope": scope}))
    return found
