"""What a page asks back before it keeps an answer that is right but may be a slip."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.ask.day import day_of
from fieldapp.ask.question import Form
from fieldapp.ask.reading import Stored
from fieldapp.errors import Message
from fieldapp.keep import row as rows
from fieldapp.web import language, wording
from fieldapp.web.instance import Instance
from fieldapp.web.surroundings import Surroundings

SURE = "page.sure"
"""The tick of a page with which a doubt is taken away; its value is what was doubted."""

_MOST_DAYS = 7

Links = Sequence[tuple[str, str]]
"""Addresses with what they lead to."""


@dataclass(frozen=True)
class Doubt:
    """One thing that is asked back: what it is about, what is there already, and the tick."""

    title: str
    sentence: str
    found: Sequence[tuple[str, Links]]
    more: str
    tick: str
    token: str
    """Stands for exactly what was found: with other findings the tick no longer holds."""


@dataclass(frozen=True)
class Asked:
    """An answer that was checked and is about to be kept, with where that happens."""

    app: Instance
    connection: sqlite3.Connection
    here: Surroundings
    url: Callable[[Form, str], str]
    values: Mapping[str, Stored]

    def say(self, message: Message) -> str:
        """A text of the screen."""
        return language.say(self.app.catalogues, message)


def doubts(form: Form, asked: Asked, sure: Sequence[str]) -> list[Doubt]:
    """What is doubtful in an answer to `form` and was not ticked as `sure`."""
    found = [doubtful(asked) for doubtful in _DOUBTFUL.get(form.form_id, ())]
    return [doubt for doubt in found if doubt and doubt.token not in sure]


def _days_with_records(asked: Asked) -> Doubt | None:
    """A closure over days on which this place logged something."""
    days: dict[str, list[tuple[str, str]]] = {}
    first, last = str(asked.values["from"]), str(asked.values["until"])
    ids = []
    for form in _daily(asked):
        day, title = day_of(form), language.pick(form.title)
        place = asked.here.place.code if asked.here.place else ""
        for row in rows.listing(asked.app.store, asked.connection, form, place, day, first, last):
            if row.state == rows.CURRENT:
                line = wording.summary(form, row.values, asked.here, day=False)
                link = (asked.url(form, row.id), f"{title}: {line}" if line else title)
                days.setdefault(str(row.values[day]), []).append(link)
                ids.append(row.id)
    if not days:
        return None
    left = len(days) - _MOST_DAYS
    more = Message(
        "En nog {count} dag." if left == 1 else "En nog {count} dagen.", {"count": str(left)}
    )
    return Doubt(
        asked.say(Message("Op deze dagen is al iets ingevuld")),
        asked.say(
            Message(
                "Kijk of u de goede dagen koos. Wat er staat, blijft staan en telt mee, "
                "ook als u dicht invult. Klopt iets niet? Verander dat dan."
            )
        ),
        [(language.day(date), days[date]) for date in sorted(days)[:_MOST_DAYS]],
        asked.say(more) if left > 0 else "",
        asked.say(Message("Ja, wij waren deze dagen toch (ook) dicht")),
        _token(ids),
    )


def _daily(asked: Asked) -> list[Form]:
    """The forms of this place of which a record is about one day."""
    kind = asked.here.place.kind if asked.here.place else ""
    return [
        form
        for form in asked.app.forms.values()
        if kind in form.places and form.expected.startswith("open_")
    ]


def _token(ids: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(sorted(ids)).encode()).hexdigest()[:16]


_DOUBTFUL: Mapping[str, Sequence[Callable[[Asked], Doubt | None]]] = {
    "closure": (_days_with_records,),
}
"""What may be doubtful in the answers to a form."""
