"""CSV files of records that are many: as of few, byte for byte, and never held in memory."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from dataclasses import replace

import pytest

from fieldapp.errors import FilesBroken
from fieldapp.report import as_csv, build, package, stream
from fieldapp.report.sheet import Workbook
from tests.report.conftest import ABOUT, MADE_AT, OCTOBER
from tests.report.test_stream import TEXTS, book_of, both, grown, held, kept, table_of

__all__ = ["kept"]


def told(*columns: str) -> Workbook:
    """A workbook with one sheet of records, told as CSV as well."""
    book = book_of(*columns)
    return replace(book, sheets=tuple(replace(sheet, csv=True) for sheet in book.sheets))


def packed(book: Workbook, connection: sqlite3.Connection) -> bytes:
    return package.pack(book, connection, OCTOBER, MADE_AT, ABOUT)


def test_the_same_bytes_however_many_they_are(
    kept: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    table_of(kept, TEXTS, times=4)
    held_whole, streamed = both(lambda: packed(told(), kept))
    assert held_whole == streamed
    monkeypatch.setattr(as_csv, "_PIECE", 1)
    assert packed(told(), kept) == streamed


def test_the_description_tells_of_every_row(kept: sqlite3.Connection) -> None:
    table_of(kept, ["meal", "party", None, "meal"])
    book = told("words", "place")
    choosing = tuple(replace(each, choices={"words": ("meal",)}) for each in book.sheets)
    with held(0), zipfile.ZipFile(io.BytesIO(packed(replace(book, sheets=choosing), kept))) as made:
        (resource,) = json.loads(made.read(package.DESCRIPTION))["resources"]
        content = made.read(resource["path"])
    (field, _) = resource["schema"]["fields"]
    assert field["constraints"]["enum"] == ["meal", "party"]  # nobody offers that one now
    assert resource["bytes"] == len(content)
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert len(rows) == 1 + 4 + 1  # the headings, these, and one without words


def test_rows_have_no_most(kept: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    table_of(kept, ["a", "b", "c"])
    monkeypatch.setattr(stream, "MOST", 2)
    with held(0):
        with pytest.raises(stream.TooMany):
            build.build(told(), kept, OCTOBER, MADE_AT, ABOUT)
        assert packed(told(), kept)
        monkeypatch.setattr(as_csv, "LARGEST", 100)
        with pytest.raises(stream.TooMany, match="Proef has more than a file holds"):
            packed(told(), kept)


@pytest.mark.parametrize("most", [0, 10**9])
def test_memory_grows_with_no_row(kept: sqlite3.Connection, most: int) -> None:
    table_of(kept, [])
    with held(most):
        grown(kept, 10, told(), package.pack_into)
        few, many = (grown(kept, rows, told(), package.pack_into) for rows in (3_000, 8_000))
        per_row = (many - few) / 5_000
    assert (per_row < 5) is (most == 0), per_row  # of rows that are held it does, so this looks


def test_what_is_read_while_it_is_written_is_told_alike(kept: sqlite3.Connection) -> None:
    table_of(kept, ["a"])
    broken = told()
    (sheet,) = broken.sheets
    text = sheet.statement.text.replace("SELECT at,", "SELECT 'veel' AS at,")
    sheet = replace(sheet, statement=replace(sheet.statement, text=text))
    said = []
    for most in (10**9, 0):
        with held(most), pytest.raises(FilesBroken, match="'veel', which is no moment") as problem:
            packed(replace(broken, sheets=(sheet,)), kept)
        said.append(str(problem.value))
    assert said[0] == said[1]
