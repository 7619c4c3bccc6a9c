"""The month as CSV files: no more than its workbook shows, and nobody named."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep.store import open_store
from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings
from tests.conftest import MOMENT, Clock
from tests.report.conftest import sheet_of
from tests.report.test_package import described, files, table, validated
from tests.report.year import live

EXPORTS = Settings().exports
Told = Callable[..., bytes]


@pytest.fixture(scope="module")
def month(
    tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]
) -> Iterator[tuple[Told, Sequence[str]]]:
    """October of the small year as everybody reads it, and the card codes of its people."""
    given, books = Settings(data=tmp_path_factory.mktemp("month") / "data"), load_workbooks(EXPORTS)
    store = open_store(given.data, forms, Clock(), make=True)
    known = live(store)

    @functools.cache
    def made(*, csv: bool = True, small_cell: int = 5) -> bytes:
        here = replace(given, small_cell=small_cell)
        return deliver(store, here, books, "monthly", "2025-10", MOMENT, csv=csv).content

    with store.read() as connection:
        codes = [row[0] for row in connection.execute("SELECT code FROM people")]
    assert set(codes) <= {*known.values()}
    yield made, codes
    store.close()


@pytest.fixture
def monthly(month: tuple[Told, Sequence[str]]) -> Told:
    """October as a package, or as its workbook."""
    return month[0]


def test_the_month_is_a_package(monthly: Told, tmp_path: Path) -> None:
    public, exact = monthly(), monthly(small_cell=0)
    valid, faults, rows = validated(public, tmp_path)
    assert (valid, faults) == (True, [])
    assert set(files(public)) == {"delivery.csv", "swing.csv", "datapackage.json"}
    assert rows["delivery"] == len(table(exact, "delivery")) > 1000
    assert rows["swing"] == len(table(exact, "swing"))
    schemas = {each["name"]: each["schema"] for each in described(public)["resources"]}
    assert schemas["delivery"]["primaryKey"] == ["row_key"]
    assert schemas["swing"]["primaryKey"] == ["PERIOD", "GEOLEVEL", "GEOITEM"]
    types = {field["name"]: field["type"] for field in schemas["delivery"]["fields"]}
    assert (types["value"], types["value_text"], types["since"]) == ("number", "string", "date")
    assert described(public)["name"] == "monthly-2025-10" and "delen" not in str(described(public))


def test_a_row_that_is_small_tells_no_number(monthly: Told) -> None:
    public, exact = table(monthly(), "delivery"), table(monthly(small_cell=0), "delivery")
    small = [row for row in public if row["status"] == "small"]
    told = {row["row_key"]: row for row in exact}
    numbers = ("value", "value_text", "numerator", "denominator", "possibly_double")
    assert len(small) > 50
    assert any(0 < float(told[row["row_key"]]["value"] or 0) < 5 for row in small)
    for row in small:
        assert [row[name] for name in numbers] == [""] * 5, row["row_key"]
    counted = {row["row_key"] for row in public} == told.keys()
    assert counted  # what is hidden does not show by being left out


@pytest.mark.parametrize(("name", "title"), [("delivery", "Levering"), ("swing", "Swing")])
def test_the_files_tell_what_the_workbook_shows(monthly: Told, name: str, title: str) -> None:
    heads, *rows = sheet_of(monthly(csv=False), title).iter_rows(min_row=4, values_only=True)
    for row, line in zip(rows, table(monthly(), name), strict=False):
        shown = dict(zip(heads, row, strict=True))
        assert shown.keys() == line.keys()
        for column, text in line.items():
            cell = shown[column]
            if isinstance(cell, dt.datetime):
                assert text == cell.date().isoformat()
            elif isinstance(cell, int | float):
                assert float(text) == pytest.approx(cell), (column, line)
            else:
                assert text == ("" if cell is None else cell), (column, line)


def test_the_files_of_a_month_name_nobody(month: tuple[Told, Sequence[str]]) -> None:
    made, codes = month
    names = {"Ann", "Bas", "Cor", "Dia", "Eva", "Fay", "Gus", "Guus", "Ima", "Job", "Kim", "Mia"}
    assert len(codes) > 10
    for name, content in files(made()).items():
        words = set(re.split(r"[^\w-]+", content.decode()))
        assert not words & {*codes, *names}, name
