"""What may never stand in a workbook for everybody, looked for in every cell of all of them."""

from __future__ import annotations

import datetime as dt
import functools
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import pytest

from fieldapp.ask.question import Form
from fieldapp.errors import BadRequest
from fieldapp.keep import public
from fieldapp.keep.store import Store
from fieldapp.keep.views import exporting
from fieldapp.report import deliver as making
from fieldapp.report import package, protect
from fieldapp.report.deliver import deliver, telling
from fieldapp.report.load import load_workbooks
from fieldapp.report.period import Period, period
from fieldapp.report.result import load_results
from fieldapp.report.shared import load_shared
from fieldapp.report.table import fetch
from fieldapp.settings import Settings
from tests.report.diary import Diary
from tests.report.snapshot import kept_year

EXPORTS = Path(__file__).parents[2] / "exports"
WORKBOOKS = load_workbooks(EXPORTS)
PUBLIC = [name for name, workbook in WORKBOOKS.items() if workbook.public]
MADE_AT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
PERIODS = ("2025-11", "2025-Q4", "2025", "2026")

READ, UNREAD, CHANGED = "Soep koken lukte.", "Meneer Jansen kwam.", "Buurvrouw Fatma hielp."
SECRET = "De verkoper heet Pieters."
OWN, TOTAL, SUM = 7301.0, 9137.0, 7301.0 + 2000.0 + 1000.0
MONTH_OF_A_PLACE = 4321
CONFIDENTIAL = 8642.0


Delivered = Callable[[str], Mapping[str, Set[str]]]
"""The files of a workbook, each with all that stands in it, by the name of the workbook."""


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]
) -> Iterator[tuple[Store, Settings]]:
    """The small year, with what must not be told in it; no test adds to it."""
    store, settings = kept_year(tmp_path_factory.mktemp("told"), forms)
    tell(store)
    yield store, settings
    store.close()


@pytest.fixture(scope="module")
def delivered(told: tuple[Store, Settings]) -> Delivered:
    """Makes every workbook once."""

    def made(name: str) -> Mapping[str, Set[str]]:
        with measured_once():
            return dict(deliveries(*told, name))

    return functools.cache(made)


@contextmanager
def measured_once() -> Iterator[None]:
    """Files over the same period read on one connection: of no place is anything measured again."""
    kept: dict[str, Any] = {}

    with ExitStack() as open_ones:

        def shared(store: Store, settings: Settings, over: Period, *more: Any, **named: Any) -> Any:
            about = repr((over, more, sorted(named.items())))
            if about not in kept:
                kept[about] = open_ones.enter_context(
                    telling(store, settings, over, *more, **named)
                )
            return nullcontext(kept[about])

        with mock.patch.object(making, "telling", shared):
            yield


def tell(store: Store) -> None:
    diary = Diary(store)
    diary.sent = 10_000  # its ids begin where those of the year do not reach

    def lessons(place: str, month: str, words: str) -> str:
        day = f"{month}-28"
        return diary.send(day, place, "month_report", month=f"{month}-01", worked=words,
                          support_received="none")  # fmt: skip

    def passed(row: str) -> None:
        diary.send("2026-01-05", None, "reading", row=row, edits_read="0", passed="OK")

    lessons("OP-03", "2025-11", UNREAD)
    passed(lessons("OP-01", "2025-11", READ))
    changed = lessons("OP-02", "2025-11", "Het ging goed.")
    passed(changed)
    diary.change("2026-01-06", "OP-02", "month_report", changed, worked=[CHANGED])
    diary.send("2025-12-31", "IE-01", "year_report", year="2025-01-01", outlook=UNREAD)
    diary.send("2025-12-31", None, "place", code="WB-09", name="Plek WB-09", kind="wijkbedrijf",
               wijk="moerwijk", active_from="2024-01-01")  # fmt: skip
    diary.send("2025-12-31", "WB-09", "year_report", year="2025-01-01", outlook=UNREAD,
               own_income_eur=str(OWN), total_income_eur=str(TOTAL))  # fmt: skip
    for place, day, times in (
        ("OP-01", "2025-11-03", MONTH_OF_A_PLACE), ("OP-02", "2025-11-04", 1234),
        ("OP-02", "2025-12-09", 13), ("OP-01", "2025-10-06", 11), ("OP-01", "2025-12-08", 12),
    ):  # fmt: skip
        diary.send(day, place, "visitors", date=day, daypart="evening", visitors="3",
                   ref_housing=str(times))  # fmt: skip
    diary.send("2025-12-01", None, "milestone", result_id="4/1.3.1", as_of="2025-12-01",
               value=str(CONFIDENTIAL), status="busy", explanation=SECRET, outlook=SECRET,
               source=SECRET, owner=SECRET)  # fmt: skip
    diary.send("2025-12-02", None, "judgement", result_id="4/1.3.1", as_of="2025-12-02",
               judgement="attention", words=SECRET, confidential="OK",
               confidential_reason=SECRET)  # fmt: skip


def deliveries(store: Store, settings: Settings, name: str) -> Iterator[tuple[str, Set[str]]]:
    """The workbook over every period that it is made for, and its CSV files, by file name."""
    workbook = WORKBOOKS[name]
    kinds = (False, True) if package.offered(workbook) else (False,)
    places = ("OP-01", "OP-02", "OP-03") if workbook.per else (None,)
    for text, place, csv in itertools.product(PERIODS, places, kinds):
        try:
            made = deliver(store, settings, WORKBOOKS, name, text, MADE_AT, place, csv=csv)
        except BadRequest:
            continue
        yield made.file_name, {str(cell) for cell in cells(made.content)}


def cells(content: bytes) -> Iterator[object]:
    """Everything that stands in a workbook, or in a zip of CSV files."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names:
            for name in names:
                yield from re.split(r'[,\n"]', archive.read(name).decode())
            return
    for page in openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets:
        for row in page.iter_rows(values_only=True):
            yield from (cell for cell in row if cell is not None)


def found(made: Mapping[str, Set[str]], wanted: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Where something stands that is looked for."""
    assert made, f"nothing was made for any of {PERIODS}"
    return [(file, cell) for file, held in made.items() for cell in held if wanted(cell)]


def holds(*texts: str) -> Callable[[str], bool]:
    return lambda cell: any(text in cell for text in texts)


def is_number(*numbers: float) -> Callable[[str], bool]:
    written = [re.compile(rf"(?<![\d.,]){number:.0f}(?:[.,]0+)?(?![\d])") for number in numbers]
    return lambda cell: any(
        each.search(cell.replace(".", "", cell.count(".") - 1)) for each in written
    )


@pytest.mark.parametrize("name", PUBLIC)
def test_nothing_stands_there_that_may_not(
    told: tuple[Store, Settings], delivered: Delivered, name: str
) -> None:
    with told[0].read() as connection:
        codes = [row[0] for row in connection.execute("SELECT code FROM people")]
    names = ["Ann", "Bas", "Cor", "Ima", "Mia", "Nol", "Eva", "Fay", "Gus", "Guus", "Job", "Kim"]
    person = re.compile(rf"\b(?:{'|'.join(map(re.escape, [*codes, *names]))})\b")
    refused = {
        "words that nobody read": holds(UNREAD, CHANGED),
        "a card code or call name": lambda cell: bool(person.search(cell)),
        "own income of one wijkbedrijf, or a sum": is_number(OWN, TOTAL, SUM),
        "referrals of one place in one month": is_number(MONTH_OF_A_PLACE, 1234),
        "a confidential result": lambda cell: holds(SECRET)(cell) or is_number(CONFIDENTIAL)(cell),
    }
    for what, wanted in refused.items():
        assert not found(delivered(name), wanted), what


def test_words_that_were_read_are_told(delivered: Delivered) -> None:
    assert any(found(delivered(name), holds(READ)) for name in PUBLIC)


def test_the_office_may_read_them_all(delivered: Delivered) -> None:
    offices = sorted(WORKBOOKS.keys() - set(PUBLIC))
    for text in (UNREAD, CHANGED):
        assert any(found(delivered(name), holds(text)) for name in offices)
    assert any(found(delivered(name), is_number(OWN)) for name in offices)


def test_without_closed_views_words_would_be_told(told: tuple[Store, Settings]) -> None:
    store, _ = told

    def words(*, to_public: bool) -> set[str | None]:
        with exporting(store, to_public=to_public) as connection:
            return {
                row[0]
                for row in connection.execute(
                    "SELECT worked FROM month_report UNION SELECT words FROM judgement"
                    " UNION SELECT outlook FROM milestone"
                )
            }

    assert {UNREAD, CHANGED, SECRET, READ} <= words(to_public=False)
    assert words(to_public=True) & {UNREAD, CHANGED, SECRET, READ} == {READ}
    with mock.patch.object(public, "definitions", lambda _: {}):
        assert UNREAD in words(to_public=True)


def lessons(store: Store, settings: Settings, *, public: bool, everything: bool) -> set[object]:
    """The words on the sheet Geleerd of every dossier, with the views closed and without."""
    book = WORKBOOKS["dossier"]
    (sheet,) = (each for each in book.sheets if each.sql == "lessons")
    if everything:
        text = sheet.statement.text.replace("AND t._id IN (SELECT row FROM passed)", "")
        assert text != sheet.statement.text
        sheet = replace(sheet, statement=replace(sheet.statement, text=text))
    over = period("2025", MADE_AT.date())
    at = [column.name for column in sheet.columns].index("words")
    with telling(store, settings, over, MADE_AT.date(), book.shared, public=public) as connection:
        return {
            row.cells[at]
            for place in ("OP-01", "OP-02", "OP-03")
            for row in fetch(sheet, connection, over.parameters(place), 5).rows
        }


def test_a_dossier_tells_only_lessons_that_were_passed(told: tuple[Store, Settings]) -> None:
    assert lessons(*told, public=True, everything=False) == {READ}
    assert lessons(*told, public=False, everything=False) == {READ}  # by its own SQL
    assert lessons(*told, public=True, everything=True) == {READ}  # by the view
    found = lessons(*told, public=False, everything=True)
    assert {READ, UNREAD, CHANGED} <= found


@pytest.mark.parametrize(("least", "status"), [(2, "ok"), (4, "confidential")])
def test_income_is_told_of_several_together_only(
    told: tuple[Store, Settings], least: int, status: str
) -> None:
    store, settings = told
    results = load_results(EXPORTS)
    over = period("2025-12", MADE_AT.date())
    shared = load_shared(EXPORTS)
    with (
        mock.patch.object(protect, "TOGETHER", least),
        telling(store, settings, over, MADE_AT.date(), shared, results, public=True) as connection,
    ):
        (row,) = connection.execute(
            "SELECT value, numerator, denominator, status FROM readings "
            "WHERE (result, measure, period) = ('4/1.1.2.a', 'own_income', '2025')"
        )
    assert tuple(row)[1:] == (None, None, status)
    assert (row[0] is None) == (status != "ok")
