"""The cells of a filled-in workbook, read in a process of its own: `… < FILE` writes JSON.

A file that is not what it says, or that holds more than values, is refused with a sentence.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import resource
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import load_workbook

from fieldapp.ask.zipped import Trouble, trouble
from fieldapp.errors import Message

SHEET = "Invoeren"
"""The sheet that is read; of a workbook with one sheet that one, whatever its name."""

MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST = 5_000  # more than any answer may be long
MOST_TOLD = 20_000_000  # characters of all texts together: one text may stand in every cell
MOST_FAULTS = 20_000
_LARGEST = sys.float_info.max  # as large as a number in a cell can be

MEMORY = 300 << 20
CPU_SECONDS = 8

_BROKEN = (  # what a damaged file makes zipfile and openpyxl raise
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, IndexError, ValueError, TypeError,
    AttributeError, OSError, SyntaxError, NotImplementedError, RuntimeError,
)  # fmt: skip
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)"')

Said = tuple[str, Message]
"""A fault: the address of a cell (empty: the whole file), and a sentence."""

AGAIN = Message(
    "Dit bestand kunnen wij niet lezen. Open het in Excel of LibreOffice, sla het op als .xlsx "
    "en probeer het opnieuw."
)


_LOCKED = Message("Op dit bestand zit een wachtwoord. Sla het op zonder wachtwoord.")
_SAID = {
    Trouble.ODS: Message("Dit is een bestand van LibreOffice (.ods). Sla het op als .xlsx."),
    Trouble.XLSB: Message("Dit is een binair Excel-bestand (.xlsb). Sla het op als .xlsx."),
    Trouble.LOCKED: _LOCKED,
    Trouble.BROKEN: AGAIN,
    Trouble.HUGE: Message(
        "Uitgepakt is dit bestand veel te groot. Kopieer de regels naar een nieuw."
    ),
    Trouble.MACROS: Message("Er zitten macro's in dit bestand. Sla het op als gewoon .xlsx."),
}


class Refusal(Exception):
    """The whole file is refused, with a sentence."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


def read(data: bytes) -> dict[str, Any]:
    """Rows as [number, [[column, kind, value], …]] under `rows`, and `faults`."""
    try:
        with zipfile.ZipFile(io.BytesIO(_recognised(data))) as archive:
            if found := trouble(archive):
                raise Refusal(_SAID[found])
            return _cells(data, archive)
    except Refusal as refusal:
        return _answer([], [("", refusal.message)])
    except MemoryError:
        return _answer([], [("", Message("Dit bestand is te groot om te lezen."))])
    except _BROKEN:
        return _answer([], [("", AGAIN)])


def _recognised(data: bytes) -> bytes:
    """`data` when it begins as an .xlsx does."""
    if not data:
        raise Refusal(Message("Dit bestand is leeg."))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refusal(_LOCKED)
        raise Refusal(Message("Dit is een oud Excel-bestand (.xls). Sla het op als .xlsx."))
    if not data.startswith(b"PK"):
        raise Refusal(
            Message(
                "Dit is geen Excel-bestand. Is het een .csv? Open het in Excel of LibreOffice "
                "en sla het op als .xlsx."
            )
        )
    return data


def _cells(data: bytes, archive: zipfile.ZipFile) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out we read nothing
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        sheet: Any = next(iter(sheets.values())) if len(sheets) == 1 else sheets.get(SHEET)
        if sheet is None:
            where = {"sheet": SHEET}
            raise Refusal(Message("Zet de gegevens op een blad met de naam {sheet}.", where))
        faults: list[Said] = [
            (area.decode().split(":")[0], Message("Deze cellen zijn samengevoegd. Splits ze weer."))
            for area in _MERGED.findall(archive.read(sheet._worksheet_path))
        ]
        rows: list[tuple[int, list[tuple[int, str, object]]]] = []
        told = 0
        sheet.reset_dimensions()  # what a file says of its own size need not be so
        for row in sheet.iter_rows():
            cells = list(_values(row, faults))
            told += sum(len(value) for _, _, value in cells if isinstance(value, str))
            if told > MOST_TOLD:
                raise Refusal(_SAID[Trouble.HUGE])
            if cells:
                rows.append((row[0].row if row[0].value is not None else _number(row), cells))
            if len(rows) > MOST_ROWS or len(faults) > MOST_FAULTS:
                most = {"most": str(MOST_ROWS)}
                raise Refusal(
                    Message("Er staan meer dan {most} regels in. Maak er meer bestanden van.", most)
                )
    return _answer(rows, faults)


def _answer(rows: Sequence[object], faults: Sequence[Said]) -> dict[str, Any]:
    """What the server is told."""
    told = [(cell, message.source, dict(message.values)) for cell, message in faults]
    return {"rows": rows, "faults": told}


def _number(row: Any) -> int:
    return int(next(cell.row for cell in row if cell.value is not None))


def _values(row: Any, faults: list[Said]) -> Iterator[tuple[int, str, object]]:
    """Each cell that holds something: its column, what it is, and its value."""
    for cell in row:
        value = _TRUTH.get(cell.value, cell.value) if cell.data_type == "f" else cell.value
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        wrong = None if isinstance(value, bool) else _wrong(cell)
        if wrong:
            faults.append((cell.coordinate, wrong))
        else:
            yield cell.column, *_told(value)


_TRUTH = {"=TRUE()": True, "=FALSE()": False}
"""How LibreOffice writes yes and no."""


def _wrong(cell: Any) -> Message | None:
    """What is said of a cell that holds no plain value."""
    if cell.data_type == "f":
        return Message("Hier staat een formule. Plak de uitkomst als waarde.")
    if cell.data_type == "e":
        shown = {"shown": str(cell.value)[:40]}
        return Message("Excel geeft hier een fout: {shown}. Typ wat er moet staan.", shown)
    if isinstance(cell.value, int | float) and not abs(cell.value) <= _LARGEST:
        return Message("Dit getal is te groot. Kijk het na.")
    if cell.column > MOST_COLUMNS:
        return Message("Deze cel staat te ver naar rechts. Maak hem leeg.")
    return None


def _told(value: object) -> tuple[str, object]:
    """What a cell holds, in a way that JSON can tell."""
    if isinstance(value, bool):
        return "truth", value
    if isinstance(value, int | float):
        return "number", value
    if isinstance(value, dt.datetime):
        return "moment", value.isoformat()
    if isinstance(value, dt.date):
        return "moment", dt.datetime.combine(value, dt.time()).isoformat()
    if isinstance(value, dt.timedelta):
        minutes = round(value.total_seconds() / 60)
        return "text", f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, dt.time):
        return "time", value.isoformat(timespec="minutes")
    return "text", str(value)[:LONGEST]


def main() -> None:
    """Reads the file on standard input, within limits of memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
