"""The words and signs of an expression, and what is said about one that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PATH_REMEDY = "write ${name} instead of a path, and div to divide"
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))
    |(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<reference>\$\{[^{}]*\}?)
    |(?P<name>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?)
    |(?P<path>//?|\.\.|::|@|\[|\])
    |(?P<mistake>==|&&|\|\|?|<>|=<|=>|!(?!=)|[%≤≥≠&“”‘’„])
    |(?P<symbol>!=|<=|>=|[-+*=<>(),.])
    |(?P<unknown>.)""",
    re.VERBOSE | re.DOTALL,
)
_REMEDIES = {
    "==": "=",
    "<>": "!=",
    "≠": "!=",
    "=<": "<=",
    "≤": "<=",
    "=>": ">=",
    "≥": ">=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "%": "mod",
    "!": "not( )",
    **dict.fromkeys("“”‘’„", "straight quotes: '"),
}


class ExpressionFault(ValueError):
    """An expression cannot be used; `sentence` says what was found, where, and the remedy."""

    def __init__(self, sentence: str, position: int) -> None:
        self.position = position
        """The character it starts at, counted from 1."""
        self.sentence = f"{sentence} (at character {position})"
        super().__init__(self.sentence)


@dataclass(frozen=True, slots=True)
class Token:
    """One number, text, reference, name or sign, and the character it starts at, from 1."""

    kind: str
    text: str
    position: int

    def __str__(self) -> str:
        return f"'{self.text}'" if self.text else "the end"


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text` with an empty one at the end. Raises ExpressionFault."""
    for found in _TOKEN.finditer(text):
        token = Token(str(found.lastgroup), found[0], found.start() + 1)
        match token.kind:
            case "space":
                continue
            case "date":
                raise refused(token, f"is a subtraction without quotes: write date('{token.text}')")
            case "path":
                raise refused(token, f"belongs to an XPath path: {PATH_REMEDY}")
            case "mistake":
                raise refused(token, f"is not used in expressions: write {_REMEDIES[token.text]}")
            case "unknown" if token.text in "'\"":
                raise refused(token, f"opens a text without end: add a {token.text} behind it")
            case "unknown":
                shown = token.text if token.text.isprintable() else f"U+{ord(token.text):04X}"
                raise refused(
                    Token("", shown, token.position), "is not used in expressions: remove it"
                )
            case "text" if "${" in token.text:
                raise refused(token, "is not filled in: write concat('text ', ${name})")
        yield token
    yield Token("end", "", len(text) + 1)


def refused(token: Token, trouble: str) -> ExpressionFault:
    """The fault that `token` is or does `trouble`."""
    return ExpressionFault(f"{token} {trouble}", token.position)
