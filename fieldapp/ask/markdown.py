"""The sheets of a form that is written as Markdown tables."""

from __future__ import annotations

import re
from types import MappingProxyType

from fieldapp.ask.sheets import CONTROL, Book, Builder
from fieldapp.errors import Fault

_PIPE = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r":?-+:?")


def read_markdown(data: bytes, file: str) -> tuple[Book, list[Fault]]:
    """The sheets of a Markdown XLSForm."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Book(file), [Fault(file, line, "is not UTF-8 text. Save the file as UTF-8.")]
    lines = text.replace("\r\n", "\n").split("\n")
    builder, kept = Builder(file), []
    for number, written in enumerate(lines, start=1):
        texts = _cells(builder, number, written)
        kept.append(written if texts else "")
        if not texts:
            continue
        if texts[0]:
            builder.begin(texts[0], number)
        if any(texts[1:]):
            builder.add(number, texts[1:])
    builder.finish()
    return Book(file, MappingProxyType(builder.sheets), "\n".join(kept)), builder.faults


def _cells(builder: Builder, number: int, line: str) -> list[str]:
    """The cells of one line; none for a comment or a delimiter row."""
    stripped = line.strip()
    if not stripped or stripped.startswith("#"):
        return []
    if CONTROL.search(line):
        builder.fault(number, "holds an invisible control character. Type the line again.")
    if not stripped.startswith("|"):
        builder.fault(
            number,
            "this text stands outside the tables and would be ignored. Remove it, put # in "
            "front of it, or begin the row with |.",
        )
        return []
    if "\\|" in stripped:
        builder.fault(number, "\\| does not work in every tool. Write the text without a pipe.")
    *parts, tail = _PIPE.split(stripped)[1:]
    if tail.strip().startswith("#"):
        builder.fault(
            number,
            f"'{tail.strip()}' after the last | would be lost. Put it on a line of its own.",
        )
    elif tail.strip():
        builder.fault(
            number, f"the row has no | at its end, so '{tail.strip()}' would be lost. Add the |."
        )
        parts.append(tail)
    cells = [part.strip() for part in parts]
    if any(cells) and all(_DASHES.fullmatch(cell) for cell in cells if cell):
        return []
    return cells
