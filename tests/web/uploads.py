"""Form files as the office changes them: one more question, another version."""

from __future__ import annotations

import re

VERSION = "2026112399"


def row(text: str, name: str) -> str:
    """The line of a question."""
    return next(line for line in text.splitlines(True) if re.search(rf"\|\s*{name}\s*\|", line))


def like(line: str, **cells: str) -> str:
    """A line of the survey with its first cells replaced: type, name, labels."""
    parts = line.split("|")
    for place, key in enumerate(("type", "name", "nl", "en"), 2):
        parts[place] = f" {cells[key]} " if key in cells else parts[place]
    for place in range(6, len(parts) - 1):
        parts[place] = " "
    return "|".join(parts)


def one_more(text: str, after: str = "not_counted", version: str = VERSION) -> str:
    """The form with one more question, and another version."""
    line = row(text, after)
    extra = like(line, type="text", name="mood", nl="Hoe was de sfeer?", en="How was the mood?")
    return again(text.replace(line, line + extra), version)


def again(text: str, version: str = VERSION) -> str:
    """The form under another version."""
    return re.sub(r"\b2026\d{6}\b", version, text, count=1)
