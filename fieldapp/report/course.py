"""A result over time and place: the rows of its tables, and the charts of the same figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from babel.dates import format_date
from babel.numbers import format_compact_decimal

from fieldapp.report import svg
from fieldapp.report.bars import bars
from fieldapp.report.outcome import NO_NUMBER, UNANSWERED, Outcomes
from fieldapp.report.result import HEADLINE, Measure, Reading, Result
from fieldapp.report.sentence import figure, number
from fieldapp.report.span import Span

YEAR = "year"
"""The measure of a result that grows through the year, towards the target of that year."""
_LONG = 9_999  # above this a number in a chart is written short


@dataclass(frozen=True, slots=True)
class Course:
    """A table in words with headings, and the drawing of its figures; empty when none is one."""

    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    """What a row is about, and its cells."""
    caption: str = ""
    """What is drawn."""
    drawing: str = ""


def counts(result: Result) -> bool:
    """Whether the result is a number, of which a course can be drawn."""
    return result.kind not in NO_NUMBER


def months(told: Outcomes, result: Result) -> Course:
    """The last thirteen months, with the path on the last day of each where it asks something."""
    stretches = [span for span in told.spans if span.kind == "month"]
    drawn = _drawn(result)
    shown = list(dict.fromkeys((result.measures[0], drawn)))
    against = counts(result) and not told.standing[result.id].companies
    against = against and (drawn.name == YEAR or result.over != "year")
    paths = [_path(told, result, span) if against else "" for span in stretches]
    headings = ["Maand", *(_heading(result, each) for each in shown)]
    rows = []
    for span, path in zip(stretches, paths, strict=True):
        cells = [_bare(told, told.total(result.id, each.name, span.period)) for each in shown]
        rows.append((span.label_nl, [*cells, *([path or "geen pad"] if any(paths) else [])]))
    values = _values(told, result, drawn, stretches)
    target = told.standing[result.id].target if against else None
    aim = f" De streep is het doel: {told.target(result)}." if target is not None else ""
    labels = [format_date(span.since, "MMM", locale="nl").rstrip(".") for span in stretches]
    drawing = svg.columns(
        f"{drawn.label}, per maand",
        f"{_from_to(stretches, values, drawn)}{aim}",
        list(zip(labels, values, strict=True)),
        _written(drawn),
        target,
    )
    there = counts(result) and any(value is not None for value in values)
    headings += ["Het pad vraagt"] if any(paths) else []
    return Course(headings, rows, drawn.label, drawing if there else "")


def years(told: Outcomes, result: Result) -> Course:
    """Every year of the deal and the deal as a whole; the path where the result is about years."""
    stretches = [span for span in told.spans if span.kind in {"year", "deal"}]
    yearly = [span for span in stretches if span.kind == "year"]
    against = result.over == "year" and not told.standing[result.id].companies
    paths = [
        _path(told, result, span) if against and span.kind == "year" else "" for span in stretches
    ]
    rows = [
        (
            _upper(span.label_nl),
            [
                _bare(told, told.total(result.id, HEADLINE, span.period)),
                *([path or "geen pad"] if any(paths) else []),
            ],
        )
        for span, path in zip(stretches, paths, strict=True)
    ]
    first = result.measures[0]
    values = _values(told, result, first, yearly)
    target = told.standing[result.id].target if against else None
    aim = f" De streep is het doel: {told.target(result)}." if target is not None else ""
    drawing = svg.columns(
        f"{result.title}, per jaar",
        f"{_from_to(yearly, values, first)}{aim}",
        [(span.period, value) for span, value in zip(yearly, values, strict=True)],
        _written(first),
        target,
    )
    there = counts(result) and any(value is not None for value in values)
    headings = ["Jaar", _heading(result, first), *(["Het pad vraagt"] if any(paths) else [])]
    return Course(headings, rows, f"{_upper(result.unit)} per jaar", drawing if there else "")


def parts(told: Outcomes, result: Result, level: str) -> Course:
    """The headline of each wijk or place, by year, over the deal and in the month itself."""
    stretches = [span for span in told.spans if span.kind in {"year", "deal"}]
    stretches += [span for span in told.spans if span.period == told.over.text]
    keys = _keys(told, result, HEADLINE, level, [span.period for span in stretches])
    found = {
        (span.period, each.key): each
        for span in stretches
        for each in told.of(result.id, HEADLINE, span.period, level)
    }
    rows = [
        (key, [_bare(told, found.get((span.period, key))) for span in stretches]) for key in keys
    ]
    here = told.standing[result.id].period
    pairs = [
        (told.wijken.get(key, key), float(value))
        for key in keys
        if (each := found.get((here, key))) and isinstance(value := each.value, int | float)
    ]
    headings = [
        "Wijk" if level == "wijk" else "Plek",
        *(_upper(each.label_nl) for each in stretches),
    ]
    label = next((span.label_nl for span in stretches if span.period == here), here)
    several = result.kind == "share" or any(value > 1 for _, value in pairs)
    drawing = ""
    if counts(result) and several:
        draw = svg.bars if level == "wijk" else svg.rows
        what = "per wijk" if level == "wijk" else "per plek"
        drawing = draw(
            f"{result.title}, {what}", f"{_upper(label)}.", pairs, _written(result.measures[0])
        )
    return Course(headings, rows, f"{_upper(result.unit)}, {label}", drawing)


def beside(told: Outcomes, result: Result) -> Course:
    """The other figures of a result: of the month, each year and the deal."""
    stretches = [span for span in told.spans if span.kind in {"year", "deal"}]
    stretches += [span for span in told.spans if span.period == told.over.text]
    rows = [
        (
            f"{each.label} ({each.unit})",
            [_bare(told, told.total(result.id, each.name, span.period)) for span in stretches],
        )
        for each in result.measures[1:]
    ]
    return Course(["Wat", *(_upper(span.label_nl) for span in stretches)], rows)


def beside_parts(told: Outcomes, result: Result) -> Course:
    """The other figures of each place, over the stretch by which the result is judged."""
    period = told.standing[result.id].period
    shown = [each for each in result.measures[1:] if told.of(result.id, each.name, period, "place")]
    keys = dict.fromkeys(
        key for each in shown for key in _keys(told, result, each.name, "place", [period])
    )
    found = {
        (each.name, reading.key): reading
        for each in shown
        for reading in told.of(result.id, each.name, period, "place")
    }
    rows = [
        (key, [_bare(told, found.get((each.name, key))) for each in shown])
        for key in told.places
        if key in keys
    ]
    return Course(
        ["Plek", *(f"{each.label} ({each.unit})" for each in shown)], rows if shown else []
    )


def spark(told: Outcomes, result: Result) -> tuple[str, str]:
    """The thirteen months as one small chart of text, and the same in words."""
    stretches = [span for span in told.spans if span.kind == "month"]
    drawn = _drawn(result)
    values = _values(told, result, drawn, stretches) if counts(result) else []
    return bars(values), _from_to(stretches, values, drawn) if values else ""


def _bare(told: Outcomes, reading: Reading | None) -> str:
    """A cell: its unit stands in the heading."""
    return told.told(reading, unit=False)


def _drawn(result: Result) -> Measure:
    return next((each for each in result.measures if each.name == YEAR), result.measures[0])


def _heading(result: Result, measure: Measure) -> str:
    return f"{measure.label} ({measure.unit})" if measure.name else _upper(result.unit)


def _keys(
    told: Outcomes, result: Result, measure: str, level: str, periods: Sequence[str]
) -> list[str]:
    """Of whom a measure is told in any of the periods, in the order of places and wijken."""
    there = {
        each.key
        for period in periods
        for each in told.of(result.id, measure, period, level)
        if each.status != "not_expected"
    }
    order = told.wijken if level == "wijk" else told.places
    return [key for key in order if key in there]


def _values(
    told: Outcomes, result: Result, measure: Measure, stretches: Sequence[Span]
) -> list[float | None]:
    return [_number(told.total(result.id, measure.name, span.period)) for span in stretches]


def _number(reading: Reading | None) -> float | None:
    if reading is None or not isinstance(reading.value, int | float):
        return None
    return float(reading.value)


def _path(told: Outcomes, result: Result, span: Span) -> str:
    _, path = told.aims.get((result.id, span.period), (None, None))
    return figure(path, result.kind, "", None) or ""


def _from_to(stretches: Sequence[Span], values: Sequence[float | None], measure: Measure) -> str:
    """ "Van 12 personen in oktober 2025 naar 30 personen in oktober 2026." """
    known = [
        (span.label_nl, figure(value, measure.kind, measure.unit, None) or UNANSWERED)
        for span, value in zip(stretches, values, strict=True)
        if value is not None
    ]
    if not known:
        return "Er zijn nog geen cijfers."
    if len(known) == 1:
        return f"{_upper(known[0][0])}: {known[0][1]}."
    (first, before), (last, now) = known[0], known[-1]
    return f"Van {before} in {first} naar {now} in {last}."


def _written(measure: Measure) -> Callable[[float], str]:
    """How a chart writes its numbers: as short as they go."""

    def written(value: float) -> str:
        if measure.kind == "share":
            return f"{number(100 * value)}%"
        if value > _LONG:
            return format_compact_decimal(value, locale="nl", fraction_digits=1)
        return number(value)

    return written


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
