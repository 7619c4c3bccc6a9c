"""Row 61: texts that a spreadsheet would run, or cannot hold, from the phone into the files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

from fieldapp.report import stream
from tests.fault.access.house import House, Off, Row, new_id, switched
from tests.world import MOMENT

TEXTS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "een\t=1+1",
    "een\r\n=1+1",
    '=HYPERLINK("http://example.org";"klik")',
    "=cmd|' /C calc'!A0",
    '=DDE("cmd";"/C calc";"1")',
    "een;=1+1",
    "＝1+1",
    "#N/A",
    "#REF!",
    "_x003D_1+1",
    "a\x07\x1b[31mb\x7f",
    "1e5",
    "TRUE",
    "' OR 1=1",
    "<b>&amp;</b>",
    "x" * 2_000,
)
LONG = "=" + "x" * 40_000
_RISKY = re.compile(r"""(?:^|[;\t\r\n])[=+\-@＝＋－＠\t\r]""")


def written(house: House) -> str:
    """61: each text is a text cell in the workbook, and is safe in the CSV."""
    house.app.config["PROPAGATE_EXCEPTIONS"] = False  # a failure is an answer, to be seen
    names = TEXTS[:11]
    for number in range(0, len(TEXTS), 3):
        given = dict(
            zip(("worked", "not_worked", "change"), TEXTS[number : number + 3], strict=False)
        )
        given |= {"month": f"2025-{number // 3 + 1:02}-01", "instanceID": new_id()}
        assert house.phone.fill("/form/month_report", given).status_code == 303, given
    too_long = {"month": "2023-01-01", "worked": LONG}
    assert house.phone.fill("/form/month_report", too_long).status_code == 422
    for number, name in enumerate(names):
        place = {"code": f"OP-{number + 50}", "name": name.replace("\r\n", " "), "wijk": "moerwijk"}
        place |= {"kind": "meeting_place", "active_from": "2024-01-01"}
        shown = house.office.fill("/office/form/place", place)
        assert shown.status_code == 303, name
    cells = _workbooks(house)
    texts = _files(house)
    assert not [text for text in texts if _RISKY.search(text)]
    undone = {_plain(text) for text in texts}
    for text in TEXTS:
        assert _held(text) in cells, text
        assert _held(text) in undone, text
    return f"{len(TEXTS)} texts, {len(names)} names of places, {len(cells)} cells"


def _held(text: str) -> str:
    """A text without what no page can hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text.replace("\r\n", "\n")).strip()


def _plain(text: str) -> str:
    return re.sub("(?:^|(?<=[;\t\r\n]))'", "", text)


def _workbooks(house: House) -> set[str]:
    """Every text of the workbooks of the office; none of them is anything but a text."""
    found = set()
    for workbook, most in (("records", stream.HELD), ("records", 0), ("monthly", stream.HELD)):
        house.patch.setattr(stream, "HELD", most)  # as they are written when they are many, too
        answer = house.office.get(f"/office/export/{workbook}/2025.xlsx")
        assert answer.status_code == 200
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        for cell in _cells(book):
            assert cell.data_type not in "fe", cell.value
            if isinstance(cell.value, str):
                risky = cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))
                assert bool(cell.quotePrefix) >= risky, cell.value
                found.add(cell.value.replace("_x005F_", "_"))
    return found


def _cells(book: Any) -> list[Any]:
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]


def _files(house: House) -> list[str]:
    """Every text field of the CSV files of the office."""
    answer = house.office.get("/office/export/records/2025.csv.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        named = [name for name in archive.namelist() if name.endswith(".csv")]
        texts = [archive.read(name).decode() for name in named]
    rows = (row for text in texts for row in csv.reader(io.StringIO(text, newline="")))
    return [field for row in rows for field in row if not re.fullmatch(r"-?[0-9.]+", field)]


def _untyped(text: str) -> str:
    """Leaves it to the text what a cell is."""
    if text.startswith("="):
        return f'str"><f>{escape(text[1:])}</f></c>'
    return f'inlineStr"><is><t>{escape(text)}</t></is></c>'


assert MOMENT.year > 2025  # the months above are over

ROWS = (
    Row(
        "61",
        "= + - @ TAB CR, DDE, #N/A, control characters and 40,000 characters in texts and names",
        written,
        [
            Off("texts are written as texts", switched("fieldapp.report.inline.text", _untyped)),
            Off("texts that look like formulas are marked", switched(
                "fieldapp.report.cells._FORMULA", ())),
            Off("texts in CSV are guarded", switched(
                "fieldapp.report.as_csv.guarded", lambda text: text)),
            Off("texts have a length", switched("fieldapp.ask.reading.LONGEST_TEXT", 10**6)),
        ],
    ),
)  # fmt: skip
