"""A page with what differs cut out of it, so that it is filled in without being drawn again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import escape

TOKEN, MOMENT, ID, NAME = "token", "moment", "id ", "name "
"""What is cut out: the token, when the page was drawn, each new id, and each call name."""

_TEXT = re.compile(">([^<>]+)</")
"""All that an element says: people are called nowhere else."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it was drawn for somebody, and what of it is of that one time or personal."""

    html: str
    token: str
    ids: Sequence[str] = ()
    """Of the records that the page makes when it is sent."""
    moment: dt.datetime | None = None
    """When it was drawn, if its definition says so."""
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """How people are called on it → the record that holds the call name, and the name itself."""


@dataclass(frozen=True, slots=True)
class Mould:
    """What stays of a page, and what is missing between it."""

    pieces: Sequence[str]
    gaps: Sequence[str]
    """What is missing after each piece but the last."""

    ids: Sequence[str] = ()
    """The ids that are missing."""
    named: frozenset[str] = frozenset()
    """The records whose call names are missing."""

    def filled(self, given: Mapping[str, str]) -> str:
        """The page with `given` in its gaps."""
        whole = [""] * (2 * len(self.gaps) + 1)
        whole[::2] = self.pieces
        whole[1::2] = [given[gap] for gap in self.gaps]
        return "".join(whole)


def cut(drawn: Drawn) -> Mould:
    """The mould of a page: everything of one time or personal is cut out."""
    own = [(drawn.token, TOKEN), *((made, f"{ID}{nth}") for nth, made in enumerate(drawn.ids))]
    if drawn.moment:
        own.append((moment(drawn.moment), MOMENT))
    named = {
        str(escape(label)): (f"{NAME}{row}", str(escape(name)))
        for label, (row, name) in drawn.labels.items()
    }
    found = [spot for text, gap in own for spot in _spots(drawn.html, text, gap)]
    for alone in _TEXT.finditer(drawn.html) if named else ():
        if alone[1] in named:
            gap, name = named[alone[1]]
            found.append((alone.start(1), alone.start(1) + len(name), gap))
    found.sort()
    ends = [0, *(end for _, end, _ in found)]
    starts = [*(start for start, _, _ in found), len(drawn.html)]
    pieces = [drawn.html[end:start] for end, start in zip(ends, starts, strict=True)]
    gaps = [gap for _, _, gap in found]
    rows = frozenset(gap.removeprefix(NAME) for gap in gaps if gap.startswith(NAME))
    return Mould(pieces, gaps, [gap for gap in gaps if gap.startswith(ID)], rows)


def _spots(html: str, text: str, gap: str) -> Iterator[tuple[int, int, str]]:
    """From where to where `text` stands in a page, each time, and what it leaves."""
    start = html.find(text)
    while start >= 0:
        yield start, start + len(text), gap
        start = html.find(text, start + len(text))


def moment(now: dt.datetime) -> str:
    """What a form's definition says of the moment, as it stands in the page."""
    return str(escape(f'"now":"{now.isoformat(timespec="milliseconds")}"'))
