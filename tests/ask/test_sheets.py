"""How files are written: Markdown tables and Excel cells, read to the letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from fieldapp.ask.excel import read_workbook
from fieldapp.ask.markdown import read_markdown
from fieldapp.ask.sheets import column_letters
from fieldapp.ask.xlsform import examine, twin

Little = Callable[..., str]
ROW = "| | text | about | Waarover? | About what? |"


def asked_by_pyxform(text: str) -> list[str]:
    """The questions that pyxform alone reads, or how it breaks."""
    try:
        children = convert(text, file_type=".md")._pyxform["children"]
    except (PyXFormError, IndexError, AttributeError) as error:
        return [type(error).__name__]
    return [child["name"] for child in children if child["name"] != "meta"]


@pytest.mark.parametrize(
    "delimiter",
    [
        "| --- | --- | --- | --- | --- |",
        "|:--|---:|:-:|-|--|",
        "|  | --- | --- | --- | --- |",
        "|-----|------|------|------|------|",
    ],
)
def test_delimiter_rows_of_editors_are_dropped(little: Little, delimiter: str) -> None:
    text = little(ROW).replace("| survey |\n", f"| survey | | | | |\n{delimiter}\n", 1)
    examined = examine(text.encode(), "f.md")
    assert examined.faults == ()
    assert examined.form is not None
    assert examined.form.questions["about"].line == 4


def test_pyxform_alone_loses_the_form_behind_a_delimiter_row_with_spaces(little: Little) -> None:
    text = little(ROW).replace("| survey |\n", "| survey | | | | |\n| --- | --- | --- |\n", 1)
    assert asked_by_pyxform(text) != ["about"]


@pytest.mark.parametrize(
    ("bad", "sentence", "passes_pyxform"),
    [
        (ROW + " surplus |", "'surplus' stands in column 5", False),
        (ROW[:-1].rstrip(), "has no | at its end, so 'About what?' would be lost. Add", True),
        (ROW + " # a remark", "'# a remark' after the last | would be lost. Put it on", True),
        (ROW.replace("Waarover", "Wat \\| hoe"), "\\| does not work in every tool", True),
        ("Some words about this form.\n" + ROW, "stands outside the tables", True),
        (ROW.replace("Waarover", "Waar\x07over"), "invisible control character", False),
    ],
)
def test_a_row_that_loses_something_is_refused(
    little: Little, bad: str, sentence: str, passes_pyxform: bool
) -> None:
    text = little(bad)
    (fault,) = examine(text.encode(), "forms/f.md").faults
    assert (fault.file, fault.line) == ("forms/f.md", 3)
    assert sentence in fault.sentence
    if passes_pyxform:
        assert asked_by_pyxform(text) == ["about"]


def test_a_surplus_cell_breaks_pyxform_without_a_place(little: Little) -> None:
    assert asked_by_pyxform(little(ROW + " surplus |")) == ["IndexError"]


def test_a_sheet_that_stands_twice_is_refused(little: Little) -> None:
    text = little(ROW) + "| survey |\n| | type | name |\n| | start | begun |\n"
    assert asked_by_pyxform(text) == ["begun"]
    faults = examine(text.encode(), "f.md").faults
    assert any(f.line == 7 and "a second time, so the one on line 1" in f.sentence for f in faults)


def test_rows_before_a_sheet_and_text_under_no_header_are_refused() -> None:
    _, faults = read_markdown(
        b"| | a | b |\n| survey |\n| | type | | name |\n| | a | b | c |", "f.md"
    )
    assert [fault.line for fault in faults] == [1, 4]


def test_comments_blank_lines_and_windows_line_ends_are_fine(little: Little) -> None:
    text = "\ufeff# Title\r\n\r\n" + little(ROW).replace("\n", "\r\n")
    assert examine(text.encode(), "f.md").faults == ()


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    (fault,) = examine(b"# one\n# tw\xff", "f.md").faults
    assert (fault.line, fault.sentence) == (2, "is not UTF-8 text. Save the file as UTF-8.")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("f.xlsx", b"no workbook", "cannot be read as an Excel workbook (BadZipFile)"),
        ("f.xls", b"", "must end in .md or .xlsx"),
        ("f.md", b"", "is empty"),
        ("f.md", b" " * 2_000_001, "is larger than 2 MB"),
    ],
)
def test_files_that_are_no_form(name: str, data: bytes, sentence: str) -> None:
    (fault,) = examine(data, name).faults
    assert sentence in fault.sentence


def test_a_workbook_is_read_like_its_markdown(good: str) -> None:
    markdown, _ = read_markdown(good.encode(), "f.md")
    workbook, faults = read_workbook(twin(good), "f.xlsx")
    assert faults == []
    for name, sheet in markdown.sheets.items():
        assert workbook.headers(name) == sheet.headers
        assert [dict(row.cells) for row in workbook.rows(name)] == [
            dict(row.cells) for row in sheet.rows
        ]


def spoiled_workbook(good: str, change: Callable[[Workbook], None]) -> bytes:
    """The twin of the good form after a change by hand."""
    workbook = load_workbook(BytesIO(twin(good)))
    change(workbook)
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "sentence"),
    [
        ("settings", "C2", 2026112301, "the version is a number"),
        ("settings", "C2", dt.date(2026, 11, 23), "is a date or time of Excel"),
        ("survey", "C4", "=LOWER(A1)", "holds a formula. Paste its value"),
        ("survey", "C4", "#REF!", "shows the error #REF!"),
        ("survey", "O3", dt.datetime(2026, 1, 1), "is a date or time of Excel"),  # noqa: DTZ001
    ],
)
def test_a_cell_that_is_no_text_is_refused_with_its_place(
    good: str, sheet: str, cell: str, value: object, sentence: str
) -> None:
    def change(workbook: Workbook) -> None:
        workbook[sheet][cell] = value

    examined = examine(spoiled_workbook(good, change), "f.xlsx")
    assert [f.column for f in examined.faults if sentence in f.sentence] == [f"{sheet}!{cell}"]


def test_an_uncached_formula_and_a_date_version_pass_pyxform(good: str) -> None:
    def change(workbook: Workbook) -> None:
        workbook["settings"]["C2"] = dt.date(2026, 11, 23)
        workbook["survey"]["F3"] = "=LOWER(A1)"

    data = spoiled_workbook(good, change)
    made = convert(data, file_type=".xlsx")
    assert made._pyxform["version"] == "2026-11-23 00:00:00"
    assert "English (en)" not in made._pyxform["children"][1]["hint"]
    places = {fault.column for fault in examine(data, "f.xlsx").faults}
    assert {"settings!C2", "survey!F3"} <= places


def test_merged_cells_and_an_empty_first_row_are_refused(good: str) -> None:
    def change(workbook: Workbook) -> None:
        workbook["survey"].merge_cells("C4:D4")
        workbook["choices"].insert_rows(1)

    faults = examine(spoiled_workbook(good, change), "f.xlsx").faults
    assert any(f.line == 4 and f.column == "survey!C4:D4" for f in faults)
    assert any(f.line == 1 and f.column == "choices!1:1" for f in faults)


@pytest.mark.parametrize("cell", ["A9000", "XFD1"])
def test_a_sheet_that_reaches_far_out_is_refused(good: str, cell: str) -> None:
    def change(workbook: Workbook) -> None:
        workbook["survey"][cell] = "x"

    faults = examine(spoiled_workbook(good, change), "f.xlsx").faults
    assert any("the sheet 'survey' reaches to row" in fault.sentence for fault in faults)


def test_a_lint_fault_in_a_workbook_names_sheet_and_cell(good: str) -> None:
    def change(workbook: Workbook) -> None:
        workbook["survey"]["B4"] = "Bad"
        workbook["survey"]["A10"] = "geoshape"

    faults = examine(spoiled_workbook(good, change), "f.xlsx").faults
    assert any((f.line, f.column) == (4, "survey!B4 (name)") for f in faults)
    assert any((f.line, f.column) == (10, "survey!10:10") for f in faults)


@pytest.mark.parametrize(("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_column_letters(position: int, letters: str) -> None:
    assert column_letters(position) == letters
