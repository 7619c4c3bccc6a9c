"""The small counts of persons in one sheet: which of its cells may not be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fieldapp.report.privacy import Mark, protect
from fieldapp.report.reader import Number, Whole, joined, settle
from fieldapp.report.sheet import Column
from fieldapp.report.statement import Value
from fieldapp.report.styles import LEVELS

At = tuple[int, int]
"""A cell by its row and its column."""


def conceal(
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
    levels: Sequence[str],
    groups: Sequence[Value],
    threshold: int,
) -> Mapping[At, Mark]:
    """How the cells are marked that may not be shown.

    `levels` and `groups` say for each row where it counts towards. Columns that count part of
    another (`within`) are seen beside it, as whoever reads the sheet sees them.
    """
    parents = _parents(levels, groups)
    counted = [nth for nth, column in enumerate(columns) if column.protect]
    places = {
        (row, nth): at
        for at, (nth, row) in enumerate((nth, row) for nth in counted for row in range(len(rows)))
    }
    values = [_count(rows[row][nth]) for row, nth in places]
    numbers: list[Number] = []
    for nth in counted:
        column = [_count(row[nth]) for row in rows]
        for mark, value, level in zip(
            protect(column, parents, threshold), column, levels, strict=True
        ):
            cost = (list(LEVELS).index(level), value)
            numbers.append(Number(value, mark, cost, mixed=level != "place"))
    wholes = [
        joined(places[row, nth], parts, values, covered=True)
        for nth in counted
        for row in range(len(rows))
        if (parts := [places[part, nth] for part, into in enumerate(parents) if into == row])
    ]
    wholes += _beside(columns, places, values, len(rows))
    marks = settle(numbers, wholes, threshold)
    return {at: marks[place] for at, place in places.items() if marks[place] is not Mark.SHOWN}


def _beside(
    columns: Sequence[Column], places: Mapping[At, int], values: Sequence[float], rows: int
) -> Iterator[Whole]:
    """What a column tells of those that count part of it; all the same is the same for a reader."""
    named = {column.name: nth for nth, column in enumerate(columns) if column.protect}
    for part, column in enumerate(columns):
        for whole in (named[name] for name in column.within if name in named):
            pairs = [(places[row, whole], places[row, part]) for row in range(rows)]
            same = all(values[at] == values[each] for at, each in pairs)
            for at, each in pairs:
                if values[each] <= values[at]:
                    yield Whole(at, (each,), covered=same, added=same)


def _count(cell: object) -> float:
    return cell if isinstance(cell, int | float) else 0


def _parents(levels: Sequence[str], groups: Sequence[Value]) -> list[int | None]:
    """For each row the index of the row that it counts towards."""
    total = levels.index("total") if "total" in levels else None
    wijken = {groups[at]: at for at, level in enumerate(levels) if level == "wijk"}
    places = (wijken.get(group, total) for group in groups)
    above = {"wijk": total, "total": None}
    return [above.get(level, place) for level, place in zip(levels, places, strict=True)]
