"""What of the results the public may see: no small count of persons, nothing confidential."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from sqlite3 import Connection

from fieldapp.keep.public import COMPETING
from fieldapp.report.beside import Spot
from fieldapp.report.headcount import FIGURES, Figures, hidden
from fieldapp.report.period import bounds
from fieldapp.report.result import PROTECTED, Reading, Result
from fieldapp.report.span import BEFORE, Span

SMALL, CONFIDENTIAL = "small", "confidential"
REFERRALS = ("ref_", "referrals")
"""How the measures begin that count referrals."""
_NAMED = 5  # how many texts of a reading say where it stands
TOGETHER = 2  # wijkbedrijven of which the income is told: of one alone it would be its own


def protect_readings(
    readings: Sequence[Reading],
    results: Sequence[Result],
    threshold: int,
    told: Sequence[Span],
    wijken: Mapping[str, str],
) -> list[Reading]:
    """The readings in which no count of persons below `threshold` shows or can be worked out.

    `told` says which periods lie in which, `wijken` in which wijk a place lies. Of what is hidden
    nothing is left but its status.
    """
    of: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        of[reading.result].append(reading)
    small = {
        at
        for group in together_told(results)
        if threshold and (figures := _figures(group)).kinds
        for at in hidden(
            [reading for result in group for reading in of[result.id]],
            figures,
            threshold,
            told,
            wijken,
        )
    }
    empty = {_row(at) for at in small if at.figure in FIGURES}
    sure = {_row(at) for at in small if at.figure not in FIGURES}
    either = empty | sure
    return [
        _without(reading, empty, sure) if reading[:_NAMED] in either else reading
        for reading in readings
    ]


def _row(at: Spot | Reading) -> tuple[str, ...]:
    """Where all figures of one number stand."""
    return at.result, at.measure, at.period, at.level, at.key


def together_told(results: Sequence[Result]) -> Sequence[Sequence[Result]]:
    """The results, those together of which one counts the same people as another."""
    groups = [[result] for result in results]
    for result in results:
        named = {result.id, *(what[0] for others in result.same.values() for what in others)}
        joined = [group for group in groups if named & {each.id for each in group}]
        groups = [group for group in groups if group not in joined]
        groups.append([each for group in joined for each in group])
    return groups


def _figures(results: Sequence[Result]) -> Figures:
    """What these results count of people."""
    return Figures(
        {
            (result.id, each.name): each.kind
            for result in results
            for each in result.measures
            if each.kind in PROTECTED
        },
        {(result.id, name): others for result in results for name, others in result.same.items()},
    )


def keep_confidential(readings: Sequence[Reading], results: Collection[str]) -> list[Reading]:
    """The readings without the figures of `results`."""
    return [
        _empty(reading, CONFIDENTIAL) if reading.result in results else reading
        for reading in readings
    ]


def public(
    connection: Connection,
    readings: Sequence[Reading],
    results: Sequence[Result],
    threshold: int,
    told: Sequence[Span],
) -> list[Reading]:
    """The readings as anybody may see them, by what the connection knows of places and secrecy."""
    wijken = {
        str(place): str(wijk)
        for place, wijk in _rows(
            connection, "SELECT name, wijk FROM pilots UNION ALL SELECT name, wijk FROM places"
        )
    }
    secret = {str(result) for (result,) in _rows(connection, "SELECT result_id FROM confidential")}
    together = _together(connection, _by_quarter(readings, told), results, told)
    shown = protect_readings(together, results, threshold, told, wijken)
    earlier = {span.period for span in told if span.kind == BEFORE}
    return keep_confidential([each for each in shown if each.period not in earlier], secret)


def _by_quarter(readings: Sequence[Reading], told: Sequence[Span]) -> list[Reading]:
    """The readings with referrals of places and wijken over whole quarters only.

    A year so far that is told each month would tell of each month by itself.
    """
    quarters = {
        each.period
        for each in told
        if bounds("quarter", each.since)[0] == each.since
        and bounds("quarter", each.until)[1] == each.until
    }
    return [
        _empty(reading, SMALL)
        if reading.measure.startswith(REFERRALS)
        and reading.level != "total"
        and reading.period not in quarters
        and reading.value is not None
        else reading
        for reading in readings
    ]


def _together(
    connection: Connection,
    readings: Sequence[Reading],
    results: Sequence[Result],
    told: Sequence[Span],
) -> list[Reading]:
    """The readings with income as a share only, and none while one place alone told of its own."""
    of = {(form, name) for form, names in COMPETING.items() for name in names}
    shares = {
        (result.id, each.name)
        for result in results
        if of & {tuple(question.split(".")) for question in result.questions}
        for each in result.measures
        if each.kind == "share"
    }
    known = {each.period: _telling(connection, each) for each in told} if shares else {}
    found = []
    for reading in readings:
        if (reading.result, reading.measure) not in shares or reading.value is None:
            found.append(reading)
        elif known[reading.period] < TOGETHER:
            found.append(_empty(reading, CONFIDENTIAL))
        else:
            found.append(reading._replace(numerator=None, denominator=None))
    return found


def _telling(connection: Connection, over: Span) -> int:
    """How many places told of their income in a period: a year counts where it ends."""
    row = connection.execute(
        "SELECT count(DISTINCT place) FROM year_report WHERE own_income_eur IS NOT NULL "
        "AND date(year, '+1 year', '-1 day') BETWEEN ? AND ?",
        (over.since.isoformat(), over.until.isoformat()),
    ).fetchone()
    return int(row[0])


def _rows(connection: Connection, select: str) -> Iterable[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select)]


def _without(
    reading: Reading, empty: Collection[tuple[str, ...]], sure: Collection[tuple[str, ...]]
) -> Reading:
    """The reading when it is not to be empty, and without its doubts when it is to look sure."""
    at = _row(reading)
    if at in empty:
        return _empty(reading, SMALL)
    return reading._replace(doubtful=None) if at in sure else reading


def _empty(reading: Reading, status: str) -> Reading:
    return reading._replace(
        value=None, numerator=None, denominator=None, doubtful=None, status=status
    )
