"""Real workbooks of successive months side by side: what one hides, no other tells."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from unittest import mock

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store
from fieldapp.report import headcount
from fieldapp.report.deliver import deliver, reported, telling
from fieldapp.report.load import load_workbooks
from fieldapp.report.result import Result
from fieldapp.settings import Settings
from tests.report.attacker import MOST, Bounds, Known, tighten
from tests.report.conftest import MADE_AT
from tests.report.published import Numbers, Spot, published, untold
from tests.report.snapshot import kept_year

MONTHS = ("2025-09", "2025-10", "2025-11")
LOWER = pytest.param(3, marks=pytest.mark.long)
"""In `make fault`: a threshold that hides less; what the real one hides is looked at always."""
Row = tuple[str, str]
"""A result with its measure, and the area."""
Told = Mapping[Row, Mapping[tuple[dt.date, dt.date], float | None]]
"""By row and first and last day what is told; None is hidden."""


@pytest.fixture(scope="module")
def year(
    tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]
) -> Iterator[tuple[Store, Settings]]:
    """The small year, kept."""
    store, settings = kept_year(tmp_path_factory.mktemp("published"), forms)
    yield store, settings
    store.close()


@pytest.fixture(scope="module")
def numbers(year: tuple[Store, Settings]) -> Numbers:
    """Every number of people as it is."""
    return published(year[0], replace(year[1], small_cell=0))


@pytest.fixture(scope="module")
def exact(year: tuple[Store, Settings]) -> Told:
    """The headcounts of every month as they are."""
    return delivery(year[0], replace(year[1], small_cell=0))


def delivery(store: Store, settings: Settings) -> Told:
    """The headcounts in the sheet Levering of every month."""
    books = load_workbooks(settings.exports)
    counts = {
        f"{result.id}#{each.name}"
        for result in books["monthly"].results
        for each in result.measures
        if each.kind in ("persons", "steps")
    }
    told: dict[Row, dict[tuple[dt.date, dt.date], float | None]] = {}
    for text in MONTHS:
        made = deliver(store, settings, books, "monthly", text, MADE_AT, csv=True)
        with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
            name = next(name for name in archive.namelist() if name.endswith("delivery.csv"))
            rows = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
        for row in rows:
            figure = f"{row['result']}#{row['measure'] or ''}"
            if figure not in counts or row["status"] not in ("ok", "provisional", "small"):
                continue
            since, until = (dt.date.fromisoformat(row[name]) for name in ("since", "until"))
            spans = told.setdefault((figure, row["row_key"].split("|")[1]), {})
            value = None if row["status"] == "small" else float(row["value"])
            assert spans.setdefault((since, until), value) == value, (row["row_key"], "told twice")
    return told


def narrowed(exact: Told, told: Told, steps: set[str], threshold: int) -> list[object]:
    """The small months of which the growth of a year or the deal tells more than that."""
    found: list[object] = []
    for at, values in told.items():
        for (since, until), hidden in values.items():
            count = exact[at][since, until]
            if hidden is not None or until.month != since.month or not count or count >= threshold:
                continue
            for (first, last), after in values.items():
                before = values.get((first, since - dt.timedelta(1)))
                if last != until or first >= since or after is None or before is None:
                    continue
                if at[0] in steps or after - before > 1:
                    found.append((at, since, after - before))
    return found


@pytest.mark.parametrize("threshold", [LOWER, 5])
def test_no_month_is_told_by_what_a_year_grew(
    year: tuple[Store, Settings], exact: Told, threshold: int
) -> None:
    store, settings = year
    results = load_workbooks(settings.exports)["monthly"].results
    steps = {
        f"{result.id}#{each.name}"
        for result in results
        for each in result.measures
        if each.kind == "steps"
    }
    protected = replace(settings, small_cell=threshold)
    told = delivery(store, protected)
    assert any(None in each.values() for each in told.values())
    assert not narrowed(exact, told, steps, threshold)


def test_without_months_before_a_year_would_tell(year: tuple[Store, Settings], exact: Told) -> None:
    store, settings = year
    steps = {at[0] for at in exact if at[0].startswith("4/1.1.1.g#") and at[0][10:] in STEPS}
    with mock.patch.object(headcount, "_tells", lambda *_, **__: False):
        told = delivery(store, replace(settings, small_cell=2))
    assert narrowed(exact, told, steps, 2)


STEPS = ("offered", "started", "done", "paid_work")


def test_workbooks_agree_on_what_they_both_tell(year: tuple[Store, Settings]) -> None:
    store, settings = year
    books = load_workbooks(settings.exports)
    today = MADE_AT.date()
    told: dict[tuple[object, ...], tuple[object, ...]] = {}
    common = 0
    for name, text in (("monthly", "2025-12"), ("monthly", "2026-04"), ("progress", "2026")):
        over = reported(books[name], text, settings, today)
        shared, results = books[name].shared, books[name].measured
        exact = replace(settings, small_cell=3)
        with telling(store, exact, over, today, shared, results, public=True) as connection:
            for row in connection.execute(
                "SELECT result, measure, since, until, level, key, value, doubtful, status "
                "FROM readings JOIN periods USING (period)"
            ):
                at, number = tuple(row)[:6], tuple(row)[6:]
                common += at in told
                assert told.setdefault(at, number) == number, (name, text, at)
    assert common


def knowledge(
    exact: Numbers, wijken: Mapping[str, str], results: Sequence[Result]
) -> Iterator[Known]:
    """How the numbers hang together, for a reader who knows all that one can know."""
    kinds = {(each.id, one.name): one.kind for each in results for one in each.measures}
    beside: dict[object, list[Spot]] = defaultdict(list)
    for at in exact:
        beside[at[:4]].append(at)
        beside[at[:2], at.level, at.key].append(at)
    for at, value in exact.items():
        assert value is not None
        below = {"total": "wijk", "wijk": "place"}.get(at.level)
        parts = [
            other
            for other in beside[at[:4]]
            if other.level == below and (at.level == "total" or wijken[other.key] == at.key)
        ]
        whole = sum(float(exact[part] or 0) for part in parts)
        if parts and whole >= value:
            yield Known(at, parts, whole == value)
        if at.level != "total" or kinds[at[:2]] == "steps":
            months = [
                other
                for other in beside[at[:2], at.level, at.key]
                if at.since <= other.since <= other.until <= at.until
                and other.since[:7] == other.until[:7]
                and other != at
            ]
            if months and sum(float(exact[part] or 0) for part in months) == value:
                yield Known(at, months, kinds[at[:2]] == "steps")
    for each in results:
        for name, others in each.same.items():
            for at in exact:
                for result, measure in others if at[:2] == (each.id, name) else ():
                    other = at._replace(result=result, measure=measure)
                    if exact.get(other) == exact[at]:
                        yield Known(at, [other], True)


def attacked(exact: Numbers, shown: Numbers, known: Sequence[Known], threshold: int) -> list[Spot]:
    """The numbers of few people of which a reader of everything knows more than that."""
    begun: Bounds = {}
    for at, value in exact.items():
        count, told = int(value or 0), shown[at]
        if told is not None:
            begun[at] = int(told), int(told)
        elif at.level != "place" or at.since[:7] != at.until[:7]:
            begun[at] = 0, MOST
        else:
            begun[at] = (1, threshold - 1) if 0 < count < threshold else (threshold, MOST)
            begun[at] = begun[at] if count else (0, MOST)
    drawn = tighten(begun, known)
    assert drawn is not None, "the attacker's knowledge is wrong"
    return [
        at
        for at, value in exact.items()
        if 0 < float(value or 0) < threshold
        and (shown[at] is not None or drawn[at][1] - drawn[at][0] < threshold - 2)
    ]


def side_by_side(year: tuple[Store, Settings], exact: Numbers, threshold: int) -> list[Spot]:
    """What an attacker finds in every public workbook and dossier together."""
    store, settings = year
    book = load_workbooks(settings.exports)["monthly"]
    with store.read() as connection:
        wijken = dict(connection.execute(WIJKEN).fetchall())
    shown = published(store, replace(settings, small_cell=threshold))
    assert exact.keys() >= shown.keys()
    exact = {at: exact[at] for at in shown}
    known = list(knowledge(exact, wijken, book.measured))
    assert {at.result for at in exact} >= {each.id for each in book.people}
    return attacked(exact, shown, known, threshold)


WIJKEN = "SELECT name, wijk FROM list_pilots UNION ALL SELECT name, wijk FROM list_places"


@pytest.mark.parametrize("threshold", [LOWER, 5])
def test_every_workbook_and_dossier_together_tell_of_nobody(
    year: tuple[Store, Settings], numbers: Numbers, threshold: int
) -> None:
    assert not side_by_side(year, numbers, threshold)


def test_every_column_that_counts_people_is_looked_at(year: tuple[Store, Settings]) -> None:
    book = load_workbooks(year[1].exports)["monthly"]
    assert not untold(book)


def test_without_the_protection_they_tell(year: tuple[Store, Settings], numbers: Numbers) -> None:
    """What numbers that stand twice would tell shows in test_twins: here other cells hide them."""
    with mock.patch.object(
        headcount, "settle", lambda numbers, *_: [each.mark for each in numbers]
    ):
        assert side_by_side(year, numbers, 3)
