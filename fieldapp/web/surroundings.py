"""What an answer's check takes from its surroundings: registers, the schedule, last week."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fieldapp.ask.answer import Context, offered
from fieldapp.ask.day import day_of
from fieldapp.ask.kinds import from_column, kind_of
from fieldapp.ask.question import Choice, Form, Question
from fieldapp.ask.reading import Stored
from fieldapp.keep import crew, register
from fieldapp.keep.crew import Crew
from fieldapp.keep.store import Store, table_of
from fieldapp.report import completeness, opening
from fieldapp.report.completeness import Place

_REGULAR = {
    "regular_from": (0, 0),
    "regular_until": (0, 1),
    "regular_from_2": (1, 0),
    "regular_until_2": (1, 1),
}
"""Which block of the day, and which end of it, a prefill takes."""


class Surroundings:
    """Looks things up once for one place at one moment, on one connection."""

    def __init__(
        self, store: Store, connection: sqlite3.Connection, place: Place | None, now: dt.datetime
    ) -> None:
        self._store, self._connection = store, connection
        self.place, self.now = place, now
        self._registers: dict[str, Sequence[Choice]] = {}
        self._blocks: dict[str, tuple[opening.Block, ...]] = {}
        self._days: dict[Hashable, dict[tuple[Any, ...], Any]] = {}

    def context(self, form: Form, current: Mapping[str, Stored] | None = None) -> Context:
        """What `check` needs for an answer to `form` here and now."""
        current = current or {}
        return Context(
            self.now,
            self.register,
            lambda question, texts: self._fill(form, question, texts, current),
            self._last_saved(form),
            current,
        )

    def register(self, name: str) -> Sequence[Choice]:
        """The rows of a register that may be picked here."""
        if name not in self._registers:
            code = self.place.code if self.place else None
            self._registers[name] = register.choices(
                self._store, self._connection, name, code, self.now
            )
        return self._registers[name]

    @property
    def people(self) -> Sequence[Choice]:
        """Who was looked up to be picked."""
        return self._registers.get("people", ())

    def prefill(self, form: Form, question: Question, texts: Mapping[str, str]) -> str:
        """What a question starts with, given the day and daypart in `texts`; empty for nothing."""
        if not question.prefill or not self.place:
            return ""
        date = texts.get(day_of(form), "")
        if not date:
            return ""
        if question.prefill in _REGULAR:
            block, end = _REGULAR[question.prefill]
            blocks = self._blocks_on(date)
            return blocks[block][end] if len(blocks) > block else ""
        text = self._earlier(form, question, date, texts)
        return self._pickable(form, question, text, texts)

    def crews(self, form: Form, before: str = "") -> Sequence[Crew]:
        """The latest crews of this place, newest first, each with only those who are listed here.

        `before` is a day; without it the crews of today are among them.
        """
        if not self.place or not crew.lists(form) or not day_of(form):
            return []
        before = before or (self.now.date() + dt.timedelta(days=1)).isoformat()
        found = crew.crews(self._connection, form, day_of(form), self.place.code, before)
        here = (replace(each, codes=self._offered("people", each.codes)) for each in found)
        return [each for each in here if each.codes]

    def _offered(self, register: str, names: Sequence[str]) -> tuple[str, ...]:
        """Of `names` what may be picked here now, each once and under the name it has now."""
        now = {choice.name: choice.instead or choice.name for choice in self.register(register)}
        return tuple(dict.fromkeys(now[name] for name in names if name in now))

    def move(self, now: dt.datetime) -> None:
        """Goes on at another moment; registers stay as they were looked up."""
        self.now = now
        self._blocks.clear()

    def forget(self, name: str) -> None:
        """Looks a register up anew after something was entered in it."""
        self._registers.pop(name, None)

    def _fill(
        self,
        form: Form,
        question: Question,
        texts: Mapping[str, str],
        current: Mapping[str, Stored],
    ) -> str:
        kind = kind_of(question)
        if filler := _FILLERS.get(question.name):
            return filler(self)
        if kind.at:
            return kind.at(self.now)
        if question.prefill:
            return self.prefill(form, question, texts)
        return kind.text(current.get(question.name))

    def _blocks_on(self, date: str) -> tuple[opening.Block, ...]:
        if date not in self._blocks:
            day = dt.date.fromisoformat(date)
            code = self.place.code if self.place else ""
            spec = completeness.schedule_on(self._connection, code, day)
            self._blocks[date] = opening.day_blocks(spec, day)
        return self._blocks[date]

    def _earlier(self, form: Form, question: Question, date: str, texts: Mapping[str, str]) -> str:
        day = dt.date.fromisoformat(date)
        if question.prefill == "last_week":
            before = day - dt.timedelta(days=7)
        else:
            before = (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
        dated = day_of(form)
        others = [name for name in form.key if name != dated]
        # As long as nothing is written on this connection, a day reads as it did before.
        key = (form.form_id, question.name, before, self._connection.total_changes)
        if key not in self._days:
            columns = ", ".join(f"[{name}]" for name in (question.name, *others))
            found = self._connection.execute(
                f"SELECT {columns} FROM [{table_of(form.form_id)}] "  # noqa: S608
                f"WHERE _place = ? AND [{dated}] = ? AND _state = 'current'",
                (self.place.code if self.place else None, before.isoformat()),
            )
            self._days[key] = {}
            for value, *rest in found:
                self._days[key].setdefault(tuple(rest), value)
        value = self._days[key].get(tuple(texts.get(name, "") for name in others))
        value = from_column(question, value)
        if isinstance(value, list) and question.register:
            value = list(self._offered(question.register, value))
        return kind_of(question).text(value)

    def _pickable(self, form: Form, question: Question, text: str, texts: Mapping[str, str]) -> str:
        """`text` without the choices that cannot be picked now, such as who left."""
        if question.choice_filter is None or not text:
            return text
        options = offered(question, texts, self.context(form))
        passing = {choice.name for choice, passes in options if passes}
        return " ".join(name for name in text.split() if name in passing)

    def _last_saved(self, form: Form) -> Mapping[str, str]:
        if not form.looks_back:
            return {}
        found = self._connection.execute(
            f"SELECT * FROM [{table_of(form.form_id)}] "  # noqa: S608
            "WHERE _place IS ? AND _state = 'current' ORDER BY _received_at DESC LIMIT 1",
            (self.place.code if self.place else None,),
        ).fetchone()
        if not found:
            return {}
        return {
            name: kind_of(question).text(from_column(question, found[name]))
            for name, question in form.columns.items()
            if not question.private
        }


_FILLERS: Mapping[str, Callable[[Surroundings], str]] = {
    "place": lambda here: here.place.code if here.place else "",
    "place_kind": lambda here: here.place.kind if here.place else "",
}
"""What the server fills in, by the name of a hidden question."""
