"""Workbooks that somebody hands in: what is in their cells, and what is refused whole."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from fieldapp.ask import spreadsheet, upload
from fieldapp.ask.upload import LARGEST, Wrong, gathered, read_sheet
from fieldapp.errors import Message

moment = dt.datetime.fromisoformat

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows: Sequence[Sequence[object]], **sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with `rows` on its first sheet."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    for row in rows:
        first.append(list(row))
    for name, others in sheets.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def with_parts(data: bytes, parts: Mapping[str, str | bytes | None]) -> bytes:
    """`data` with other parts; None takes one out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**kept, **parts}.items():
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()


def with_rows(xml: str, after: str = "") -> bytes:
    """A workbook whose sheet holds exactly this XML."""
    sheet = f"<worksheet {NAMESPACE}><sheetData>{xml}</sheetData>{after}</worksheet>"
    return with_parts(workbook([["x"]]), {SHEET: sheet})


def wrong(data: bytes) -> list[str]:
    """What is said of a file that is refused."""
    sheet = read_sheet(data)
    assert not sheet.wrong or not sheet.lines
    return [str(each) for each in sheet.wrong]


def cells(data: bytes) -> list[tuple[int, dict[int, object]]]:
    sheet = read_sheet(data)
    assert sheet.wrong == ()
    return [(line.number, dict(line.cells)) for line in sheet.lines]


def test_cells_come_with_their_rows_and_types() -> None:
    day, at, both = dt.date(2024, 10, 1), dt.time(9, 30), moment("2024-10-01T09:30")
    data = workbook([["kop", 24, 2.5], [], [day, at, both, True, "  "]])
    midnight = moment("2024-10-01")
    assert cells(data) == [
        (1, {1: "kop", 2: 24, 3: 2.5}),
        (3, {1: midnight, 2: at, 3: both, 4: True}),
    ]


def test_strings_in_a_cell_and_days_in_iso_are_read() -> None:
    data = with_rows(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>een</t></is></c>'
        '<c r="B1" t="d"><v>2024-10-01</v></c><c r="C1" t="b"><v>0</v></c>'
        '<c r="D1" t="str"><v>twee</v></c></row>'
    )
    assert cells(data) == [(1, {1: "een", 2: moment("2024-10-01"), 3: False, 4: "twee"})]


def test_a_row_at_the_very_end_and_a_false_dimension_cost_nothing() -> None:
    data = with_rows(
        '<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="A1048576"/></row>'
    )
    sheet = with_parts(
        data,
        {
            SHEET: f'<worksheet {NAMESPACE}><dimension ref="A1:XFD1048576"/><sheetData>'
            '<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"/></sheetData></worksheet>'
        },
    )
    for each in (data, sheet):
        begun = time.monotonic()
        assert cells(each) == [(1, {1: 7})]
        assert time.monotonic() - begun < 10


def test_of_several_sheets_the_one_to_fill_in_is_read() -> None:
    other = [["ander"]]
    assert cells(workbook(other, Invoeren=[["dit"]])) == [(1, {1: "dit"})]
    assert wrong(workbook(other, Nog=other)) == [
        "Zet de gegevens op een blad met de naam Invoeren."
    ]
    assert cells(workbook([["enig"]])) == [(1, {1: "enig"})]


# --- cells that hold no value -------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>1+1</f><v>2</v></c>',
        '<c r="B2" t="str"><f>A1&amp;"x"</f><v>x</v></c>',
        '<c r="B2"><f t="array" ref="B2:B3">A1:A2</f><v>1</v></c>',
        '<c r="B2"><f t="shared" si="0"/><v>1</v></c>',
        '<c r="B2"><f t="dataTable" ref="B2" dt2D="1" dtr="1" r1="A1" r2="A2"/><v>1</v></c>',
    ],
)
def test_a_formula_is_refused_with_its_cell(cell: str) -> None:
    data = with_rows(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2">{cell}</row>')
    assert wrong(data) == ["B2: Hier staat een formule. Plak de uitkomst als waarde."]


def test_yes_and_no_as_libreoffice_writes_them_are_values() -> None:
    data = with_rows(
        '<row r="1"><c r="A1" t="b"><f aca="false">TRUE()</f><v>1</v></c>'
        '<c r="B1" t="b"><f aca="false">FALSE()</f><v>0</v></c></row>'
    )
    assert cells(data) == [(1, {1: True, 2: False})]


def test_text_that_looks_like_a_formula_is_text() -> None:
    data = with_rows('<row r="1"><c r="A1" t="inlineStr"><is><t>=1+1</t></is></c></row>')
    assert cells(data) == [(1, {1: "=1+1"})]


def test_an_error_is_refused_with_its_cell() -> None:
    data = with_rows('<row r="3"><c r="C3" t="e"><v>#N/A</v></c></row>')
    assert wrong(data) == ["C3: Excel geeft hier een fout: #N/A. Typ wat er moet staan."]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400])
def test_a_number_that_no_spreadsheet_holds_is_refused_with_its_cell(number: str) -> None:
    assert wrong(with_rows(f'<row r="1"><c r="A1"><v>{number}</v></c></row>')) == [
        "A1: Dit getal is te groot. Kijk het na."
    ]


def test_merged_cells_are_refused_with_the_first() -> None:
    merged = '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'
    data = with_rows('<row r="1"><c r="A1"><v>1</v></c></row>', merged)
    assert wrong(data) == ["A1: Deze cellen zijn samengevoegd. Splits ze weer."]


def test_a_cell_far_to_the_right_is_refused() -> None:
    data = with_rows('<row r="1"><c r="XFD1"><v>1</v></c></row>')
    assert wrong(data) == ["XFD1: Deze cel staat te ver naar rechts. Maak hem leeg."]


def test_more_rows_than_anybody_counts_are_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 20_002))
    said = wrong(with_rows(rows))
    assert said == ["Er staan meer dan 20000 regels in. Maak er meer bestanden van."]


# --- files that are not what they say -----------------------------------------------------------

PLAIN = workbook([["kop"], [1]])
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def packed(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "/").replace("-", "."), content)
    return made.getvalue()


def locked() -> bytes:
    data = bytearray(PLAIN)
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def twice() -> bytes:
    made = io.BytesIO(PLAIN)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(made, "a") as archive:
        archive.writestr(SHEET, "<worksheet/>")
    return made.getvalue()


MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
REFUSED: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "leeg"),
    "a .csv": (lambda: b"plek;dag\nOP-01;2024-10-01\n", "geen Excel-bestand"),
    "a web page": (lambda: b"<!doctype html><table>", "geen Excel-bestand"),
    "an old .xls": (lambda: OLD, "oud Excel-bestand"),
    "with a password": (
        lambda: OLD + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99,
        "wachtwoord",
    ),
    "a zip with a password": (locked, "wachtwoord"),
    "an .ods": (lambda: packed(mimetype="application/x", **{"content-xml": "<x/>"}), ".ods"),
    "an .xlsb": (lambda: packed(**{"xl_workbook-bin": "x"}), ".xlsb"),
    "another zip": (lambda: packed(**{"word_document-xml": "<x/>"}), "niet lezen"),
    "cut off": (lambda: PLAIN[: len(PLAIN) // 2], "niet lezen"),
    "macros": (lambda: with_parts(PLAIN, {"xl/vbaProject.bin": b"x"}), "macro"),
    "declared macros": (
        lambda: with_parts(PLAIN, {"[Content_Types].xml": f"<Types><x y='{MACRO}'/></Types>"}),
        "macro",
    ),
    "a path upwards": (lambda: with_parts(PLAIN, {"../../etc/x": "x"}), "niet lezen"),
    "a part twice": (twice, "niet lezen"),
    "a thousand parts": (
        lambda: with_parts(PLAIN, {f"xl/media/{n}": "x" for n in range(1_000)}),
        "niet lezen",
    ),
    "no XML": (lambda: with_parts(PLAIN, {SHEET: "<worksheet><broken"}), "niet lezen"),
    "an outside entity": (
        lambda: with_parts(
            PLAIN,
            {
                SHEET: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                f'<worksheet {NAMESPACE}><sheetData><row r="1"><c r="A1" t="str"><v>&e;</v></c>'
                "</row></sheetData></worksheet>"
            },
        ),
        "niet lezen",
    ),
    "an entity in two-byte letters": (
        lambda: with_parts(
            PLAIN, {SHEET: '<!DOCTYPE x [<!ENTITY e "ha">]><worksheet/>'.encode("utf-16")}
        ),
        "niet lezen",
    ),
    "a zip bomb": (
        lambda: with_parts(PLAIN, {"xl/media/x.png": b"\0" * 70_000_000}), "veel te groot"
    ),
    "a part that grows a thousand times": (
        lambda: with_parts(PLAIN, {SHEET: b" " * 20_000_000}), "veel te groot"
    ),
    "two megabytes": (lambda: PLAIN + b"\0" * LARGEST, "groter dan 2 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_workbook_is_refused_whole(name: str) -> None:
    make, says = REFUSED[name]
    data, begun = make(), time.monotonic()
    said = wrong(data)
    assert len(said) == 1
    assert says in said[0]
    assert time.monotonic() - begun < 10


GREEDY = {
    "memory": "bytearray(2 << 30)",
    "time": "[None for _ in iter(int, 1)]",
    "disk": "open('much', 'wb', 0).write(b'x')",
}


@pytest.mark.parametrize("of", GREEDY)
def test_the_child_gets_no_more_than_its_limits(of: str, tmp_path: Path) -> None:
    text = (
        "from fieldapp.ask import spreadsheet\n"
        "spreadsheet.CPU_SECONDS = 2\n"
        f"spreadsheet.read = lambda data: {GREEDY[of]} and {{}}\n"
        "spreadsheet.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", text],
        input=PLAIN,
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(Path(spreadsheet.__file__).parents[2])},
    )
    assert done.returncode
    assert done.stdout == b""


def test_a_workbook_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "TIME_LIMIT", 0.01)
    assert wrong(PLAIN) == [str(spreadsheet.AGAIN)]


def test_a_thousand_columns_in_every_row_end_within_the_limits() -> None:
    row = '<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>'
    data = with_rows("".join(row.format(n=n) for n in range(1, 4_000)))
    begun = time.monotonic()
    assert wrong(data)
    assert time.monotonic() - begun < 30


def test_a_child_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "_CHILD", "fieldapp.ask.nothing")
    assert wrong(PLAIN) == [str(spreadsheet.AGAIN)]


def test_of_a_thousand_alike_the_first_dozen_are_told() -> None:
    alike = [Wrong(f"A{n}", Message("{x} is er niet.", {"x": str(n)})) for n in range(1_000)]
    other = Wrong("B2", Message("Anders."))
    (first, more), (second, none) = gathered([*alike, other])
    assert (len(first), more, list(second), none) == (12, 988, [other], 0)
