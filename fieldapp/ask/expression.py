"""XLSForm expressions, checked and compiled to a JSON tree that server and page both evaluate.

`["num", 1.5]`, `["str", "x"]`, `["ref", "visitors"]` for `${visitors}`, `["last", "visitors"]`
for `${last-saved#visitors}`, `["col", "role"]` for a bare name in a choice filter, `["self"]` for
`.`, `["op", "+", a, b]`, `["neg", a]` and `["fn", "selected", [a, b]]`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from fieldapp.ask.functions import FUNCTIONS, CallFault, checked
from fieldapp.ask.question import Tree
from fieldapp.ask.tokens import PATH_REMEDY, ExpressionFault, Token, refused, tokens

__all__ = ["ExpressionFault", "compile_expression", "references"]

LONGEST = 2_000
DEEPEST = 50

_BINDING = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!="), 3),
    **dict.fromkeys(("<", "<=", ">", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "div", "mod"), 6),
}


def compile_expression(
    text: str, names: Collection[str], columns: Collection[str] | None = None
) -> Tree:
    """The tree of `text`, which may use the questions `names` and, bare, a list's `columns`.

    Raises ExpressionFault.
    """
    if len(text) > LONGEST:
        raise ExpressionFault(
            f"the expression has {len(text)} characters, more than {LONGEST}: "
            "move a part of it to a calculate question",
            LONGEST + 1,
        )
    if not text.strip():
        raise ExpressionFault("the expression is empty: write one, or leave the cell empty", 1)
    tree = _Parser(list(tokens(text)), names, columns).whole()
    if _depth(tree) > DEEPEST:
        raise _too_deep(1)
    return tree


def references(tree: Tree) -> frozenset[str]:
    """The names of the questions that `tree` reads from the same form."""
    return frozenset(node[1] for level in _levels(tree) for node in level if node[0] == "ref")


def columns(tree: Tree) -> frozenset[str]:
    """The columns of choices that `tree` reads."""
    return frozenset(node[1] for level in _levels(tree) for node in level if node[0] == "col")


def kinds_of(tree: Tree) -> frozenset[str]:
    """What stands in `tree`: the kinds of its nodes, of a call the name of the function."""
    nodes = (node for level in _levels(tree) for node in level)
    return frozenset(node[1] if node[0] == "fn" else node[0] for node in nodes)


def all_of(tree: Tree) -> Sequence[Tree]:
    """The conditions that must each hold for `tree` to hold."""
    if tree[:2] != ["op", "and"]:
        return [tree]
    return [*all_of(tree[2]), *all_of(tree[3])]


def _levels(tree: Tree) -> Iterator[list[Tree]]:
    level = [tree]
    while level:
        yield level
        level = [below for node in level for below in _below(node)]


def _below(node: Tree) -> list[Tree]:
    if node[0] == "fn":
        arguments: list[Tree] = node[2]
        return arguments
    return [part for part in node[1:] if isinstance(part, list)]


def _depth(tree: Tree) -> int:
    return sum(1 for _ in _levels(tree))


def _too_deep(position: int) -> ExpressionFault:
    return ExpressionFault(
        f"the expression is nested deeper than {DEEPEST}: "
        "move a part of it to a calculate question, or add up with sum()",
        position,
    )


class _Parser:
    """Operator precedence as in XPath 1.0, one token ahead."""

    def __init__(
        self, tokens: list[Token], names: Collection[str], columns: Collection[str] | None
    ) -> None:
        self.tokens = tokens
        self.at = 0
        self.names = names
        self.columns = columns

    @property
    def ahead(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def whole(self) -> Tree:
        tree = self.expression(1, 1)
        if self.ahead.kind != "end":
            found = self.ahead
            remedy = "remove it" if found.text == ")" else "write an operator before it"
            raise refused(found, f"does not belong here: {remedy}")
        return tree

    def expression(self, least: int, depth: int) -> Tree:
        """Operands joined by operators that bind at least as strongly as `least`."""
        tree = self.operand(depth)
        while self.ahead.kind in ("name", "symbol"):
            binding = _BINDING.get(self.ahead.text, 0)
            if binding < least:
                break
            operator = self.take().text
            tree = ["op", operator, tree, self.expression(binding + 1, depth)]
        return tree

    def operand(self, depth: int) -> Tree:
        token = self.take()
        if depth > DEEPEST:
            raise _too_deep(token.position)
        match token.kind, token.text:
            case "number", _:
                return self.number(token)
            case "text", _:
                return ["str", token.text[1:-1]]
            case "reference", _:
                return self.reference(token)
            case "symbol", ".":
                return ["self"]
            case "symbol", "-":
                return ["neg", self.operand(depth + 1)]
            case "symbol", "(":
                tree = self.expression(1, depth + 1)
                self.close(token)
                return tree
            case "symbol", "*":
                raise refused(token, f"stands where a value belongs: {PATH_REMEDY}")
            case "name", _:
                if self.ahead.text == "(":
                    return self.call(token, depth + 1)
                return self.column(token)
        raise refused(token, "stands where a value belongs: write ${name}, a number or 'text'")

    def close(self, opened: Token) -> None:
        if self.ahead.text != ")":
            raise ExpressionFault(
                f"{self.ahead} stands at character {self.ahead.position} where the bracket is "
                "still open: add ')' or an operator",
                opened.position,
            )
        self.take()

    def number(self, token: Token) -> Tree:
        value = float(token.text)
        if math.isinf(value):
            raise ExpressionFault("this number is too large: write a smaller one", token.position)
        return ["num", value]

    def reference(self, token: Token) -> Tree:
        found = re.fullmatch(r"\$\{(last-saved#)?([^\W\d][\w.-]*)\}", token.text)
        if not found:
            raise refused(token, "is no reference: write ${name} or ${last-saved#name}")
        last, name = found.groups()
        if name not in self.names:
            prefix = last or ""
            close = get_close_matches(name, self.names, 1)
            remedy = (
                f"did you mean ${{{prefix}{close[0]}}}?"
                if close
                else "write a name from the column 'name' of the sheet survey"
            )
            raise ExpressionFault(
                f"'{name}' is not a question of this form: {remedy}", token.position
            )
        return ["last" if last else "ref", name]

    def column(self, token: Token) -> Tree:
        name = token.text
        if self.columns is not None and name in self.columns:
            return ["col", name]
        if name in FUNCTIONS:
            remedy = f"write {FUNCTIONS[name].example}"
        elif name in self.names:
            remedy = f"write ${{{name}}} for the question, or '{name}' in quotes for the text"
        elif self.columns is None:
            remedy = f"write ${{name}} for a question, or '{name}' in quotes for a text"
        elif close := get_close_matches(name, self.columns, 1):
            remedy = f"did you mean {close[0]}?"
        else:
            remedy = f"'{name}' is not a column of the list: write it in quotes if it is a text"
        raise refused(token, f"stands alone: {remedy}")

    def call(self, token: Token, depth: int) -> Tree:
        name, opened = token.text, self.take()
        if name in ("instance", "current"):
            raise refused(token, f"begins an XPath path: {PATH_REMEDY}")
        if name not in FUNCTIONS:
            close = get_close_matches(name, FUNCTIONS, 1)
            remedy = (
                f"did you mean {close[0]}()?" if close else f"use one of {', '.join(FUNCTIONS)}"
            )
            raise ExpressionFault(f"unknown function '{name}()': {remedy}", token.position)
        arguments: list[Tree] = []
        while self.ahead.text != ")" or arguments:
            arguments.append(self.expression(1, depth))
            if self.ahead.text != ",":
                break
            self.take()
        self.close(opened)
        try:
            return ["fn", name, checked(name, arguments)]
        except CallFault as fault:
            raise ExpressionFault(str(fault), token.position) from None
