"""A list of call names as somebody pasted it: one per line, from a letter or a spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fieldapp.ask.reading import holdable

MOST_NAMES = 300
"""As many as one looks over on one page, and three times the largest place we know of."""

_BULLETS = "-–—*+•·‣▪●○☐☑✓✔>#."
_NUMBER = re.compile(r"^\(?\d{1,4}(?:[.):]|(?=\s)|$)")
_CELLS = re.compile("[\t;,،、，]")
_QUOTES = " \t\"'“”„‘’«»`"


@dataclass(frozen=True, slots=True)
class Listing:
    """The names of a list in its order, and whether more stood there than names."""

    names: Sequence[str]
    cut: bool = False
    """Whether something behind a name was left out: after a comma, a phone number, an address."""


def read_names(text: str) -> Listing:
    """The names in a pasted text: without numbering, further cells, and what is no name.

    One line with commas is a list of names; of more lines only what stands before a comma counts.
    A line in which nothing looks like a name comes back as it is, for somebody to look at.
    """
    lines = [line for line in _clean(text).split("\n") if any(_cells(line))]
    if len(lines) == 1 and "\t" not in lines[0]:
        lines = [part for part in _CELLS.split(lines[0]) if any(_cells(part))]
    found = [_read(line) for line in lines]
    return Listing([name for name, _ in found], any(cut for _, cut in found))


def looks_like_more(name: str) -> bool:
    """Whether more than a call name stands here: a second word that is no single letter."""
    return any(len(word.strip(".")) > 1 for word in name.split()[1:])


def looks_like_none(name: str) -> bool:
    """Whether this is a number or an address, or holds one."""
    return "@" in name or any(c.isdigit() for c in name) or not any(c.isalpha() for c in name)


def shortened(name: str, taken: Collection[str]) -> str:
    """The first word of `name`; where that is `taken` already (in small letters), with a letter.

    The letter is the first of the last word, as people tell two Fatimas apart themselves.
    """
    first, *rest = name.split()
    if rest and first.casefold() in taken:
        return f"{first} {rest[-1][:1].upper()}"
    return first


def _clean(text: str) -> str:
    text = re.sub("\r\n?|[\u2028\u2029\x0b\x0c]", "\n", text)
    return unicodedata.normalize("NFC", holdable(text)).replace("\ufeff", "")


def _read(line: str) -> tuple[str, bool]:
    """The name on a line, and whether something was left out behind it."""
    cells = _cells(line)
    at = next((n for n, cell in enumerate(cells) if _words(cell)), None)
    if at is None:
        return " ".join(line.split()), False
    words = _words(cells[at])
    behind = [*cells[at].split()[len(words) :], *cells[at + 1 :]]
    return " ".join(words).rstrip(f".:{_QUOTES}"), any(behind)


def _cells(line: str) -> list[str]:
    """The cells of a line without quotes around them, and bullets or numbers in front."""
    bare = (cell.strip(_QUOTES).lstrip(_BULLETS).strip() for cell in _CELLS.split(line))
    return [_NUMBER.sub("", cell).strip(_QUOTES) for cell in bare]


def _words(cell: str) -> list[str]:
    """The words with which a cell begins, up to the first that is no word."""
    words = cell.split()
    ends = (n for n, word in enumerate(words) if word[0] in "(+<[" or looks_like_none(word))
    return words[: next(ends, len(words))]
