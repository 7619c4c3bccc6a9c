"""Records that are many: the same workbook as of few, cell by cell, and never held in memory."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sqlite3
import tempfile
import tracemalloc
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import FilesBroken
from fieldapp.keep.store import Store
from fieldapp.report import build, completeness, deliver, listing, stream
from fieldapp.report.cells import LONGEST
from fieldapp.report.gather import gather
from fieldapp.report.markup import markup
from fieldapp.report.sheet import Column, Sheet, Workbook
from fieldapp.report.statement import Statement
from fieldapp.report.table import Row, Table
from fieldapp.settings import Settings
from tests.conftest import MOMENT
from tests.report.conftest import ABOUT, MADE_AT, OCTOBER, opened

COLUMNS = {
    "at": "moment", "place": "text", "day": "date", "hour": "time", "many": "integer",
    "part": "decimal", "any": "number", "picked": "yes_no", "words": "text", "month": "month",
}  # fmt: skip
TEXTS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)", "#N/A", "1e5", "TRUE", "n.v.t.", "",
    " ", " rand ", "twee\nregels", "een\r\ntwee", "a\x07b\x1b\x7f", "\ufffe\uffff", "_x0041_",
    "<b>&amp;</b>", "]]>", "'", '"', "é 😀 عربي", "x" * LONGEST, "x" * 40_000, None,
)  # fmt: skip

LOOKS = ("font", "fill", "border", "alignment", "protection")


def table_of(connection: sqlite3.Connection, texts: Sequence[str | None], times: int = 1) -> None:
    """Rows of every format, one with nothing in it."""
    connection.execute(f"CREATE TABLE kept ({', '.join(COLUMNS)})")
    connection.executemany(
        f"INSERT INTO kept VALUES ({', '.join('?' * len(COLUMNS))})",
        (
            (
                f"2026-10-{n % 28 + 1:02}T09:{n % 60:02}:07+02:00", f"OP-{n % 22:02}",
                f"2026-10-{n % 28 + 1:02}", f"{n % 24:02}:05:0{n % 10}", 10 ** (n % 19) + n, n / 7,
                -n / 3 or 0, n % 2, text, "2026-10-01",
            )
            for _ in range(times)
            for n, text in enumerate(texts)
        ),
    )  # fmt: skip
    connection.execute("INSERT INTO kept (place) VALUES ('OP-01')")


def book_of(*columns: str) -> Workbook:
    """A workbook with the rows that `table_of` makes."""
    shown = tuple(Column(name, name, COLUMNS[name], 9) for name in columns or COLUMNS)
    text = f"SELECT {', '.join(each.name for each in shown)} FROM kept ORDER BY rowid"
    lengths = (
        f"coalesce(max(length({each.name})), 0) AS l_{each.name}" if each.format == "text" else
        f"0 AS l_{each.name}" for each in shown
    )  # fmt: skip
    tally = Statement("sample.sql", f"SELECT count(*), {', '.join(lengths)} FROM kept", "")
    kept = Statement("sample.sql", text, "Eén rij per record: proef.")
    sheet = Sheet("sample", "Proef", kept, shown, as_kept=True, tally=tally)
    return Workbook("sample", "x", "Proef", "Een proef.", "office", (sheet,))


@contextmanager
def held(most: int) -> Iterator[None]:
    """Another size from which rows are not held."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "HELD", most)
        yield


def both(make: Callable[[], bytes]) -> tuple[bytes, bytes]:
    """What is made of rows that are held, and of rows that are not."""
    with held(10**9):
        one = make()
    with held(0):
        return one, make()


def look(cell: Any) -> Mapping[str, Any]:
    """What a cell holds and how it looks."""
    return {
        "value": cell.value, "type": cell.data_type, "kind": type(cell.value),
        "format": cell.number_format, "quoted": cell.quotePrefix,
        "looks": [str(getattr(cell, each)) for each in LOOKS],
        "link": cell.hyperlink and cell.hyperlink.location,
    }  # fmt: skip


def around(page: Any) -> Mapping[str, Any]:
    """What stands around the cells of a sheet: widths, panes, table with its filter, paper."""
    return {
        "size": page.dimensions,
        "wide": {name: each.width for name, each in page.column_dimensions.items()},
        "tall": {number: each.height for number, each in page.row_dimensions.items()},
        "panes": (page.freeze_panes, page.sheet_view.showGridLines),
        "tables": {
            each.name: (each.ref, each.autoFilter and each.autoFilter.ref, each.column_names)
            for each in page.tables.values()
        },
        "merged": str(page.merged_cells),
        "paper": (
            page.print_area, page.print_title_rows, page.print_title_cols, dict(page.page_setup),
            dict(page.page_margins), page.sheet_properties.pageSetUpPr,
            *(getattr(getattr(page, place), part).text for place in ("oddHeader", "oddFooter")
              for part in ("left", "center", "right")),
        ),
    }  # fmt: skip


def differences(one: bytes, other: bytes) -> list[str]:
    """Where two workbooks are not the same."""
    first, second = opened(one), opened(other)
    assert first.sheetnames == second.sheetnames
    found = []
    for name in first.sheetnames:
        left, right = first[name], second[name]
        if around(left) != around(right):
            found.append(f"{name}: {around(left)} {around(right)}")
        for ours, theirs in zip(left.iter_rows(), right.iter_rows(), strict=True):
            for cell, there in zip(ours, theirs, strict=True):
                if look(cell) != look(there):
                    found.append(f"{name} {cell.coordinate}: {look(cell)} {look(there)}")
    return found


def texts_of(data: bytes) -> Mapping[str, str]:
    """The parts of a workbook, written in one way, without the numbers that styles have in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: re.sub(r' s="[0-9]+"', "", ET.canonicalize(archive.read(name).decode()))
            for name in archive.namelist()
            if name != "xl/styles.xml"
        }


@pytest.fixture
def kept() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


def test_the_same_cells_whatever_they_hold(kept: sqlite3.Connection) -> None:
    table_of(kept, TEXTS)
    one, other = both(lambda: build.build(book_of(), kept, OCTOBER, MADE_AT, ABOUT))
    assert one != other  # a style that no cell has yet is there before it
    assert differences(one, other) == []
    assert texts_of(one) == texts_of(other)
    cells = [row[8] for row in opened(other)["Proef"].iter_rows(min_row=5)]
    assert [cell.value for cell in cells[:3]] == ["=1+1", "+1", "-1"]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells[:6])
    assert cells[-3].value == cells[-4].value[:-1] + "…"


def test_the_same_where_it_prints_whole(kept: sqlite3.Connection) -> None:
    table_of(kept, ["a", "b"])
    book = book_of("at", "place", "day", "many")
    one, other = both(lambda: build.build(book, kept, OCTOBER, MADE_AT, ABOUT))
    assert differences(one, other) == []
    assert opened(other)["Proef"].print_title_rows == "$4:$4"


def test_the_same_records_whole(
    send: Callable[..., Any], small: Store, settings: Settings, workbooks: Any
) -> None:
    for day in range(1, 9):
        raw = {"date": f"2026-11-0{day}", "daypart": "morning", "visitors": f"{day}"}
        send("OP-01", "visitors", raw | {"activities": ["meal", "drop_in"]})
    send("OP-01", "month_report", {"month": "2026-10-01", "worked": "@Taal & zo.\n<b>"})

    def make() -> bytes:
        made = deliver.deliver(small, settings, workbooks, "records", "2026", MOMENT)
        return made.content

    one, other = both(make)
    assert len(list(opened(other)["Bezoekers"].iter_rows(min_row=5))) == 8
    assert differences(one, other) == []
    assert texts_of(one) == texts_of(other)
    with held(0):
        assert make() == other


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(max_size=20),
            st.text(st.sampled_from("=+-@\t\r\n _x004 <>&'\"\x0b\x85\u2028\ud800"), max_size=9),
            st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_nan=False, allow_infinity=False),
            st.dates(dt.date(1900, 1, 1)),
            st.times(),
            st.datetimes(dt.datetime(1900, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_value_is_written_as_openpyxl_writes_it(values: list[Any]) -> None:
    page = listing.Listing(openpyxl.Workbook(), "Proef")
    columns = tuple(Column(f"c{at}", f"c{at}") for at in range(len(values)))
    sheet = Sheet("x", "Proef", Statement("x", "", ""), columns)
    page.table = Table(sheet, (Row("place", tuple(values)),))
    page.looks = [listing._looks(page, column) for column in columns]
    writer: Any = listing._RowByRow(page, io.BytesIO())
    writer.write()
    theirs = writer.read().decode().partition("<sheetData>")[2].partition("</sheetData>")[0]
    number = page.parent._cell_styles.add  # type: ignore[union-attr]
    looks = [(number(plain), number(marked)) for plain, marked in page.looks]
    ours = b"".join(markup(page.table.rows, looks, 5)).decode()
    assert ET.canonicalize(ours) == ET.canonicalize(theirs)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_no_number_that_is_not_finite(number: float) -> None:
    with pytest.raises(ValueError, match="B9"):
        list(markup([Row("place", (1, number))], [(0, 0), (0, 0)], 9))


def test_the_writer_is_chosen_by_size(kept: sqlite3.Connection) -> None:
    table_of(kept, ["a", "b", "c"])
    for most, streams in ((3, True), (4, False)):
        with held(most):
            (table,) = gather(book_of(), kept, OCTOBER, ABOUT, None, streaming=True)
            (other,) = gather(book_of(), kept, OCTOBER, ABOUT, None)
        assert isinstance(table.rows, stream.Stream) is streams
        assert len(table.rows) == 4
        assert tuple(table.rows) == other.rows
        assert isinstance(other.rows, tuple)  # of CSV and JSON
    assert 100 < stream.HELD < 10_000


def test_a_row_is_there_or_not(kept: sqlite3.Connection) -> None:
    table_of(kept, ["a"])
    with held(0):
        (table,) = gather(book_of("place"), kept, OCTOBER, ABOUT, None, streaming=True)
    assert Row("place", ("OP-00",)) in table.rows
    assert Row("place", ("OP-07",)) not in table.rows


def grown(kept: sqlite3.Connection, rows: int, book: Workbook, write: Callable[..., None]) -> int:
    """The most memory that it takes to write a file of that many rows."""
    kept.execute("DELETE FROM kept")
    kept.executemany(
        "INSERT INTO kept (place, many, words) VALUES (?, ?, ?)",
        ((f"OP-{n % 22:02}", n, f"{n:040}") for n in range(rows)),
    )
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        try:
            write(file, book, kept, OCTOBER, MADE_AT, ABOUT)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("most", [0, 10**9])
def test_memory_grows_with_no_row(kept: sqlite3.Connection, most: int) -> None:
    table_of(kept, [])
    with held(most):
        grown(kept, 10, book_of(), build.build_into)
        few, many = (grown(kept, rows, book_of(), build.build_into) for rows in (2_000, 8_000))
        per_row = (many - few) / 6_000
    assert (per_row < 5) is (most == 0), per_row  # of rows that are held it does, so this looks


def test_more_than_a_sheet_holds_is_refused(
    kept: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    table_of(kept, ["a", "b", "c"])
    assert stream.MOST == 1_048_572
    with held(0):
        monkeypatch.setattr(listing, "LARGEST", 3_000)
        with pytest.raises(stream.TooMany, match="Proef has more than a sheet holds"):
            build.build(book_of(), kept, OCTOBER, MADE_AT, ABOUT)
        monkeypatch.setattr(stream, "MOST", 3)
        with pytest.raises(stream.TooMany, match="Proef has 4 records in this period and a sheet"):
            build.build(book_of(), kept, OCTOBER, MADE_AT, ABOUT)
        monkeypatch.setattr(stream, "MOST", 4)
        monkeypatch.setattr(listing, "LARGEST", 10**6)
        assert build.build(book_of(), kept, OCTOBER, MADE_AT, ABOUT)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("SELECT at,", "SELECT 'veel' AS at,", "column 'at' gives 'veel', which is no moment"),
        ("many,", "9e999 AS many,", "column 'many' gives 'inf', which is no number"),
        ("many,", "abs(-9223372036854775807 - many / many) AS many,", "integer overflow"),
        ("many,", "many AS more,", "the SELECT gives no column many"),
        ("many,", "many, many,", "column 'many' is there twice"),
        ("FROM kept", "FROM nowhere", "no such table: nowhere"),
    ],
)
def test_what_cannot_be_shown_is_refused_alike(
    kept: sqlite3.Connection, before: str, after: str, sentence: str
) -> None:
    table_of(kept, ["a"])
    book = book_of()
    (sheet,) = book.sheets
    text = sheet.statement.text.replace(before, after)
    broken = Statement("sample.sql", text, "Proef.")
    book = Workbook("x", "x", "x", "x", "office", (replace(sheet, statement=broken),))
    said = []
    for most in (10**9, 0):
        with held(most), pytest.raises(FilesBroken, match=re.escape(sentence)) as problem:
            build.build(book, kept, OCTOBER, MADE_AT, ABOUT)
        said.append(str(problem.value))
    assert said[0] == said[1]


def test_the_file_has_no_name_while_it_waits(
    small: Store, settings: Settings, workbooks: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (room := tmp_path / "room").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    monkeypatch.setattr(deliver, "_IN_MEMORY", 1)
    before = set(settings.data.iterdir())
    made = deliver.deliver_open(small, settings, workbooks, "records", "2026-10", MOMENT)
    with made.file as file:
        assert file.name is not None  # it is on the disk
        assert list(room.iterdir()) == []
        assert set(settings.data.iterdir()) == before
        assert opened(file.read()).sheetnames[0] == "Voorblad"
    assert file.closed


def test_what_is_to_come_in_is_worked_out_for_who_reads_it(
    small: Store, settings: Settings, workbooks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fill = completeness.fill

    def watched(*given: Any) -> None:
        asked.append("fill")
        fill(*given)

    monkeypatch.setattr(completeness, "fill", watched)
    expects = {"records": 0, "monthly": 1, "progress": 1}
    for name, times in expects.items():
        asked.clear()
        deliver.deliver(small, settings, workbooks, name, "2026-10"[: 7 - 3 * (name == "progress")],
                        MOMENT)  # fmt: skip
        assert len(asked) == times, name
    reads = Statement("x.sql", "-- x\nSELECT place FROM [Expected]", "x")
    sheet = Sheet("x", "Proef", reads, (Column("place", "place"),))
    book = Workbook("x", "x", "Proef", "x", "office", (sheet,))
    assert deliver.deliver(small, settings, {"x": book}, "x", "2026-10", MOMENT).content
    assert len(asked) == 2


def test_json_and_csv_are_as_before(small: Store, settings: Settings, workbooks: Any) -> None:
    given = (small, settings, workbooks, "records", "2026-10", MOMENT)
    assert json.loads(deliver.deliver(*given, json=True).content)["workbook"] == "records"
    made = deliver.deliver(*given, csv=True)
    assert made.file_name == "records-2026-10.csv.zip"
    assert zipfile.is_zipfile(io.BytesIO(made.content))
