"""Files made to hurt whoever opens them: workbooks, forms and what phones share."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping

from tests.ask.test_upload import MACRO, NAMESPACE, SHEET, with_parts, with_rows, workbook
from tests.web.workbooks import DAYS, THREE

Make = Callable[[], bytes]

GOOD = workbook([DAYS, *THREE])
"""What is taken when nothing is added to it."""
_TYPES = f'<Types xmlns="x"><Override PartName="/xl/workbook.xml" ContentType="{MACRO}"/></Types>'
TYPES = "[Content_Types].xml"
_SHARED = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)


def with_dtd(base: bytes, dtd: str, text: str) -> bytes:
    """The good workbook, but for a sheet that begins with `dtd`."""
    row = f'<row r="1"><c r="A1" t="str"><v>{text}</v></c></row>'
    sheet = f"<!DOCTYPE x [{dtd}]><worksheet {NAMESPACE}><sheetData>{row}</sheetData></worksheet>"
    return with_parts(base, {SHEET: sheet})


def lying(base: bytes) -> bytes:
    """A part that says of itself that it is small, and is not."""
    data = bytearray(with_parts(base, {SHEET: b" " * 20_000_000}))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    data[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    return bytes(data)


def spread(text: str, rows: int) -> bytes:
    """One long text in every cell of many rows: small in the file, and nowhere else."""
    cells = "".join(f'<c r="{column}{{n}}" t="s"><v>0</v></c>' for column in "ABCDEFGHIJ")
    lines = "".join(f'<row r="{n}">{cells.replace("{n}", str(n))}</row>' for n in range(1, rows))
    base = workbook([["x"]])
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        types = archive.read(TYPES).decode().replace("</Types>", f"{_SHARED}</Types>")
    texts = f'<sst {NAMESPACE} count="1" uniqueCount="1"><si><t>{text}</t></si></sst>'
    kept = with_parts(base, {"xl/sharedStrings.xml": texts, TYPES: types})
    sheet = f"<worksheet {NAMESPACE}><sheetData>{lines}</sheetData></worksheet>"
    return with_parts(kept, {SHEET: sheet})


def nested(base: bytes) -> bytes:
    """A workbook full of workbooks."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(400):
            archive.writestr(f"{number}.zip", base)
    return made.getvalue()


def zipped(base: bytes) -> Mapping[str, Make]:
    """A workbook that is good, packed with what no workbook needs."""
    return {
        "zip bomb": lambda: with_parts(base, {"xl/media/x.png": b"\0" * 70_000_000}),
        "a sheet that grows a thousand times": lambda: with_parts(base, {SHEET: b" " * 20_000_000}),
        "a sheet that lies about its size": lambda: lying(base),
        "workbooks in a workbook": lambda: nested(base),
        "XXE": lambda: with_dtd(base, '<!ENTITY e SYSTEM "file:///etc/passwd">', "&e;"),
        "XXE of another host": lambda: with_dtd(
            base, '<!ENTITY % e SYSTEM "http://127.0.0.1:9/x">%e;', "x"
        ),
        "an entity": lambda: with_dtd(base, '<!ENTITY e "OP-01">', "&e;"),
        "billion laughs": lambda: with_dtd(base, _LAUGHS, "&l9;"),
        "macros": lambda: with_parts(base, {"xl/vbaProject.bin": b"x"}),
        ".xlsm": lambda: with_parts(base, {"[Content_Types].xml": _TYPES}),
        "a path upwards": lambda: with_parts(base, {"../../../tmp/gone": "x"}),
        "a whole path": lambda: with_parts(base, {"/etc/gone": "x"}),
        "no zip": lambda: b"PK\x03\x04" + b"\xff" * 1_000_000,
    }


SHEETS: Mapping[str, Make] = {
    "a million rows": lambda: with_rows(
        "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 60_000))
    ),
    "a text in every cell": lambda: spread("x" * 5_000, 1_500),
    "a merged sheet": lambda: with_rows(
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    ),
    "a number without end": lambda: with_rows('<row r="1"><c r="A1"><v>1e999</v></c></row>'),
}

FORMS: Mapping[str, Make] = {
    "a cell at the very end": lambda: with_rows(
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "a million rows": SHEETS["a million rows"],
    "a merged sheet": SHEETS["a merged sheet"],
}

_LINES = "".join(f"| | text | q{n} | ${{q{n + 1}x}} | Q |\n" for n in range(20_000))
MARKDOWN: Mapping[str, Make] = {
    "questions without end": lambda: (
        "| survey |\n| | type | name | label::Nederlands (nl) | label::English (en) |\n" + _LINES
    ).encode(),
    "one line": lambda: b"|" * 1_900_000,
    "expressions as deep as can be": lambda: (
        "| survey |\n| | type | name | calculation |\n"
        + "".join(f"| | calculate | c{n} | {'(' * 900}1{')' * 900} |\n" for n in range(900))
    ).encode(),
}

PHONE: Mapping[str, Make] = {
    "deep": lambda: b"[" * 1_900_000,
    "deep records": lambda: b'{"fieldapp": 1, "records": [' + b'{"a":' * 300_000,
    "too many records": lambda: json.dumps({"fieldapp": 1, "records": [0] * 600_000}).encode(),
    "a number of a million digits": lambda: (
        b'{"fieldapp": 1, "records": ' + b"9" * 1_000_000 + b"}"
    ),
    "a name twice": lambda: b'{"fieldapp": 1, "records": [], "records": [1]}',
    "no number": lambda: b'{"fieldapp": NaN, "records": []}',
    "no text": lambda: b'{"fieldapp": 1, "records": "\xff\xfe"}',
    "a workbook": lambda: GOOD,
    "a zip bomb": zipped(GOOD)["zip bomb"],
}
