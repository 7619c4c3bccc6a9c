"""What is hard to believe of a month: flags for the office to look at, never refusals."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from zoneinfo import ZoneInfo

from fieldapp.ask.day import day_of
from fieldapp.ask.evaluate import Scope, evaluate, to_boolean
from fieldapp.ask.kinds import from_column, kind_of
from fieldapp.ask.question import Form
from fieldapp.keep.presence import FORMS
from fieldapp.keep.store import table_of
from fieldapp.keep.tick import Mark
from fieldapp.report import plausible
from fieldapp.report.completeness import Place
from fieldapp.report.plausible import Surplus
from fieldapp.settings import Settings

BURST, TENFOLD, FUTURE, HOURS = "burst", "tenfold", "future", "hours"

AT_ONCE = 500
"""Visitors that one phone or place can hardly have counted within a minute."""
TIMES = 10
"""How many times the usual is hard to believe."""
_MINUTE = dt.timedelta(minutes=1)
_USUAL = dt.timedelta(days=90)  # how far back one looks for what is usual
_FEWEST = 4  # records that make something usual
_COUNTED = {"visitors"}
_TIMED = {"opening", *(form for form, _ in FORMS)}

_VISITORS = """
SELECT _id, _place, _phone, _edits, _submitted_at, date, daypart, visitors
  FROM form_visitors
 WHERE _state = 'current' AND visitors IS NOT NULL AND date BETWEEN ? AND ?
 ORDER BY _submitted_at, _id
"""


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that is hard to believe, and the records that it is about."""

    kind: str
    place: str | None
    date: str
    marks: tuple[Mark, ...]
    number: float = 0
    usual: float = 0
    """What the number is held against: the usual, or the hours that there were."""
    daypart: str = ""

    @property
    def rows(self) -> frozenset[str]:
        """The ids of its records."""
        return frozenset(mark.row for mark in self.marks)


def flags(
    connection: sqlite3.Connection,
    forms: Mapping[str, Form],
    settings: Settings,
    places: Sequence[Place],
    start: dt.date,
    end: dt.date,
) -> Sequence[Flag]:
    """Everything that is hard to believe from `start` to `end`, the latest day first."""
    found: list[Flag] = []
    first, last = start.isoformat(), end.isoformat()
    if forms.keys() >= _COUNTED:
        since = (start - _USUAL).isoformat()
        logged = connection.execute(_VISITORS, (since, last)).fetchall()
        found += _bursts([row for row in logged if row["date"] >= first])
        found += _tenfolds(logged, first)
    for form in forms.values():
        found += _futures(connection, settings, form, first, last)
    if forms.keys() >= _TIMED:
        found += _hours(connection, plausible.surpluses(connection, settings, places, start, end))
    return sorted(found, key=lambda flag: (flag.date, flag.kind, flag.marks), reverse=True)


def _bursts(logged: Sequence[sqlite3.Row]) -> Iterator[Flag]:
    """More visitors than anybody counts in a minute, of one phone or of one place."""
    told: set[frozenset[str]] = set()
    for column in ("_phone", "_place"):
        groups: dict[object, list[sqlite3.Row]] = {}
        for row in logged:
            if row[column] is not None:
                groups.setdefault(row[column], []).append(row)
        for group in groups.values():
            for run in _runs(group):
                ids = frozenset(str(row["_id"]) for row in run)
                if ids not in told:
                    told.add(ids)
                    number = sum(row["visitors"] for row in run)
                    yield _of_visitors(BURST, run, number, AT_ONCE)


def _runs(group: Sequence[sqlite3.Row]) -> Iterator[Sequence[sqlite3.Row]]:
    """The stretches of `group`, in order of time, in which some minute has too many."""
    moments = [dt.datetime.fromisoformat(row["_submitted_at"]) for row in group]
    begin, total, start, end = 0, 0, 0, -1  # the last stretch runs from start to end
    for here, row in enumerate(group):
        total += row["visitors"]
        while moments[here] - moments[begin] >= _MINUTE:
            total -= group[begin]["visitors"]
            begin += 1
        if total > AT_ONCE:
            if begin > end:
                if end >= start:
                    yield group[start : end + 1]
                start = begin
            end = here
    if end >= start:
        yield group[start : end + 1]


def _tenfolds(logged: Iterable[sqlite3.Row], first: str) -> Iterator[Flag]:
    """Ten times what this place usually counts in this daypart."""
    groups: dict[tuple[str, str], list[sqlite3.Row]] = {}
    for row in logged:
        groups.setdefault((row["_place"], row["daypart"]), []).append(row)
    for (_, daypart), group in groups.items():
        group.sort(key=lambda row: str(row["date"]))
        days = [str(row["date"]) for row in group]
        for here in range(bisect_left(days, first), len(group)):
            row = group[here]
            since = (dt.date.fromisoformat(row["date"]) - _USUAL).isoformat()
            before = group[bisect_left(days, since) : bisect_left(days, row["date"])]
            if len(before) < _FEWEST:
                continue
            usual = median(each["visitors"] for each in before)
            if row["visitors"] >= TIMES * max(usual, 1):
                yield _of_visitors(TENFOLD, [row], row["visitors"], usual, daypart)


def _of_visitors(
    kind: str, run: Sequence[sqlite3.Row], number: float, usual: float, daypart: str = ""
) -> Flag:
    marks = tuple(Mark(kind, "visitors", row["_id"], row["_edits"]) for row in run)
    return Flag(kind, run[-1]["_place"], run[-1]["date"], marks, number, usual, daypart)


def _futures(
    connection: sqlite3.Connection, settings: Settings, form: Form, first: str, last: str
) -> Iterator[Flag]:
    """Days that had not come when they were logged, where the form asks for a day that had."""
    asked = day_of(form)
    constraint = form.columns[asked].constraint if asked else None
    if constraint is None:
        return
    found = connection.execute(
        f"SELECT * FROM [{table_of(form.form_id)}] "  # noqa: S608
        f"WHERE _state = 'current' AND [{asked}] > substr(_received_at, 1, 10) AND [{asked}] >= ?1 "
        f"AND ([{asked}] BETWEEN ?1 AND ?2 OR substr(_received_at, 1, 10) BETWEEN ?1 AND ?2)",
        (first, last),
    ).fetchall()
    for row in found:
        texts = {
            name: kind_of(question).text(from_column(question, row[name]))
            for name, question in form.columns.items()
            if not question.private
        }
        received = dt.datetime.fromisoformat(row["_received_at"]).astimezone(
            ZoneInfo(settings.timezone)
        )
        if not to_boolean(evaluate(constraint, Scope(texts, received, texts[asked]))):
            mark = Mark(FUTURE, form.form_id, row["_id"], row["_edits"])
            yield Flag(FUTURE, row["_place"], row[asked], (mark,))


def _hours(connection: sqlite3.Connection, found: Sequence[Surplus]) -> Iterator[Flag]:
    """Of each record, or crews that go together, the one person with most hours too many."""
    worst: dict[tuple[str, ...], Surplus] = {}
    for surplus in found:
        before = worst.get(surplus.rows)
        if before is None or surplus.hours - surplus.room > before.hours - before.room:
            worst[surplus.rows] = surplus
    edits = {
        row["_id"]: row["_edits"]
        for form_id in sorted({surplus.form_id for surplus in found})
        for row in connection.execute(
            f"SELECT _id, _edits FROM [{table_of(form_id)}] "  # noqa: S608
            "WHERE _id IN (SELECT value FROM json_each(?))",
            (json.dumps([row for surplus in found for row in surplus.rows]),),
        )
    }
    for rows, surplus in worst.items():
        yield Flag(
            HOURS,
            surplus.place,
            surplus.date,
            tuple(Mark(HOURS, surplus.form_id, row, edits[row]) for row in rows),
            surplus.hours,
            surplus.room,
            surplus.daypart or "",
        )
