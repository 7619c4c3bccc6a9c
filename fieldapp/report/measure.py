"""Measures the results: each SELECT of `exports/results` run once, for every period and level."""

from __future__ import annotations

import datetime as dt
import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from fieldapp.errors import Fault, FilesBroken
from fieldapp.report import span, statement
from fieldapp.report.people import of_people
from fieldapp.report.result import PROTECTED, Reading, Result
from fieldapp.report.span import Span
from fieldapp.report.statement import Rows, Value
from fieldapp.report.styles import LEVELS

TABLES = ("results", "readings", "headcounts")
"""What exports call the results, what they come to, and what `exports/people` comes to."""

RESULTS = (
    "result", "position", "title", "pillar", "unit", "kind", "over", "good", "questions",
    "measure", "label", "file",
)  # fmt: skip
READINGS = (
    "result", "measure", "period", "level", "key", "value", "numerator", "denominator",
    "doubtful", "status",
)  # fmt: skip

NOT_ANSWERED, PROVISIONAL, OK = "not_answered", "provisional", "ok"
TOLD = ("no_baseline", NOT_ANSWERED, "not_expected")
"""What a SELECT may say of a value; the rest follows from the period."""

_NEEDED = ("period", "level", "key", "measure", "value")
_NUMBERS = ("numerator", "denominator", "doubtful")
_ALLOWED = (*_NEEDED, *_NUMBERS, "status")
_HOLDS: Mapping[str, str] = {"date": "date", "status": "text"}
_TOTAL = "total"
_LEVELS: Mapping[Value, str] = {level: level for level in LEVELS}

Selection = Callable[[sqlite3.Connection], Rows]
Protection = Callable[[sqlite3.Connection, list[Reading]], list[Reading]]


def selections(
    results: Sequence[Result],
    told: Sequence[Span],
    today: dt.date,
    protect: Protection = lambda connection, readings: readings,
) -> dict[str, Selection]:
    """What fills the tables `results`, `readings` and `headcounts`; `protect` sees all readings.

    Only what counts people is measured over months that are told no more; they then leave
    `periods`.
    """
    found: list[Reading] = []
    counting = [each for each in results if any(one.kind in PROTECTED for one in each.measures)]
    others = [each for each in results if each not in counting]

    def periods(connection: sqlite3.Connection) -> Rows:
        found[:] = measure(connection, counting, told, today)
        return span.COLUMNS, span.rows([each for each in told if each.kind != span.BEFORE])

    def readings(connection: sqlite3.Connection) -> Rows:
        found.extend(measure(connection, others, told, today))
        found[:] = protect(connection, found)
        return READINGS, [each for each in found if not of_people(each.result)]

    def headcounts(connection: sqlite3.Connection) -> Rows:
        told: list[tuple[Value, ...]] = [each for each in found if of_people(each.result)]
        found.clear()  # so that none is held while sheets are drawn
        return READINGS, told

    return {
        "periods": periods,
        "results": lambda connection: (RESULTS, list(_listed(results))),
        "readings": readings,
        "headcounts": headcounts,
    }


def measure(
    connection: sqlite3.Connection,
    results: Sequence[Result],
    told: Sequence[Span],
    today: dt.date,
) -> list[Reading]:
    """Every reading of `results` over the spans `told`; FilesBroken with all faults of all files.

    A measure without any row in a period has a total that is not answered.
    """
    found: list[Reading] = []
    faults: list[Fault] = []
    keys: dict[str, str] = {}
    for result in results:
        try:
            names, rows = statement.one_by_one(result.statement, connection, {})
            found += _Reader(result, told, today, names, keys).readings(rows)
        except FilesBroken as broken:
            faults += broken.faults
    if faults:
        raise FilesBroken(faults)
    return found


def _listed(results: Sequence[Result]) -> Iterator[tuple[Value, ...]]:
    """The rows of the table `results`: one per measure, the headline of a result first."""
    position = 0
    for result in (each for each in results if not of_people(each.id)):
        for each in result.measures:
            position += 1
            yield (
                result.id, position, result.title, result.pillar, each.unit, each.kind,
                result.over, result.good, " ".join(result.questions), each.name, each.label,
                result.file,
            )  # fmt: skip


class _Reader:
    """Reads the rows that one result gives.

    SQLite makes the same text anew for every row: of each one is held, that of `keys` for all.
    """

    def __init__(
        self,
        result: Result,
        told: Sequence[Span],
        today: dt.date,
        names: Sequence[str],
        keys: dict[str, str],
    ) -> None:
        self.result = result
        self.periods: dict[Value, str] = {each.period: each.period for each in told}
        self.told = {each.period: OK if each.over(today) else PROVISIONAL for each in told}
        self.kinds = {each.name: each.kind for each in result.measures}
        self.holds = {name: _HOLDS.get(kind, "number") for name, kind in self.kinds.items()}
        self.measures: dict[Value, str] = {name: name for name in self.kinds}
        self.keys = keys
        if missing := [name for name in _NEEDED if name not in names]:
            raise self.wrong("", f"the SELECT gives no column {', '.join(missing)}. Add it.")
        if more := [name for name in names if name not in _ALLOWED]:
            sentence = f"unknown column '{more[0]}'. A result gives {', '.join(_ALLOWED)}."
            raise self.wrong(more[0], sentence)
        # What a SELECT does not give is read from behind its rows, where None stands.
        at = {name: names.index(name) if name in names else len(names) for name in _ALLOWED}
        self.picked = itemgetter(*(at[name] for name in _ALLOWED))

    def readings(self, rows: Iterable[Sequence[Value]]) -> list[Reading]:
        """One reading per row, and the totals that are not there."""
        found: dict[tuple[str, str, str, str], Reading] = {}
        for row in rows:
            reading = self._reading((*row, None))
            place = reading[1:5]
            if found.setdefault(place, reading) is not reading:
                told = f"{reading.period}, {reading.level} '{reading.key}'"
                told += f", measure '{reading.measure}'" if reading.measure else ""
                raise self.wrong("period", f"{told} is there twice. GROUP BY them all.")
        parts = {(measure, period) for measure, period, _, _ in found}
        for measure in self.kinds:
            for period in self.periods.values():
                if (measure, period, _TOTAL, "") in found:
                    continue
                if (measure, period) in parts:
                    sentence = (
                        f"{period} has no total{f' of {measure}' if measure else ''}. "
                        "Add a row with level 'total' and key '': JOIN scope gives it."
                    )
                    raise self.wrong("level", sentence)
                found[measure, period, _TOTAL, ""] = Reading(
                    self.result.id, measure, period, _TOTAL, "", None, None, None, None,
                    NOT_ANSWERED,
                )  # fmt: skip
        return list(found.values())

    def _reading(self, row: Sequence[Value]) -> Reading:
        period, level, key, measure, value, *numbers, said = self.picked(row)
        known = self.measures.get(measure)
        if known is None:
            sentence = f"the header has no measure {measure!r}. Add a line for it: "
            raise self.wrong(
                "measure", f"{sentence}-- measure NAME: label (unit, kind), or use ''."
            )
        told = self.periods.get(period)
        if told is None:
            sentence = f"period {period!r} was not asked for. Take it from the table periods."
            raise self.wrong("period", sentence)
        at_level = _LEVELS.get(level)
        if at_level is None:
            sentence = f"level is {level!r}. Use one of: {', '.join(LEVELS)}."
            raise self.wrong("level", sentence)
        if not isinstance(key, str) or (at_level == _TOTAL) != (key == ""):
            sentence = f"key is {key!r} at level {level!r}. Use the code of the place, the wijk, "
            raise self.wrong("key", f"{sentence}or '' for the total.")
        if value is not None:
            value = self._held("value", value, self.holds[known])
        top, below, doubtful = [
            None if number is None else self._held(name, number, "number")
            for name, number in zip(_NUMBERS, numbers, strict=True)
        ]
        status = self._status(said, value, told)
        key = self.keys.setdefault(key, key)
        return Reading(
            self.result.id, known, told, at_level, key, value, top, below, doubtful, status
        )

    def _held(self, name: str, value: Value, holds: str) -> Value:
        """`value` when it is what its kind holds; raises FilesBroken when it is not."""
        if holds == "number" and isinstance(value, int | float) and math.isfinite(value):
            return value
        if holds == "text" and isinstance(value, str):
            return value
        if holds == "date" and isinstance(value, str) and _is_day(value):
            return value
        told = str(value)[:40]
        raise self.wrong(
            name, f"{name} gives {told!r}, which is no {holds}. Use a {holds} or NULL."
        )

    def _status(self, given: Value, value: Value, period: str) -> str:
        if given is not None:
            if given not in TOLD:
                sentence = f"status is {given!r}. Use NULL or one of: {', '.join(TOLD)}."
                raise self.wrong("status", sentence)
            if value is not None:
                raise self.wrong("status", f"a value that is {given} must be NULL.")
            return TOLD[TOLD.index(given)]
        if value is None:
            return NOT_ANSWERED
        return self.told[period]

    def wrong(self, name: str, sentence: str) -> FilesBroken:
        """The fault, on the line of the column `name`."""
        line = statement.line_of(self.result.statement.text, name) if name else 0
        return FilesBroken([Fault(self.result.file, line, sentence)])


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
