"""Files that tell how far the journal had come: logs, and the covers of workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl

from fieldapp.errors import BadRequest
from fieldapp.keep.anchor import Anchor, found_in


def anchors_in(path: Path) -> Sequence[Anchor]:
    """Every anchor that a file tells; BadRequest when it tells none."""
    lines = _cover(path) if zipfile.is_zipfile(path) else _log(path)
    found = [each for line in lines for each in found_in(line)]
    if not found:
        raise BadRequest(f"{path} tells nothing of the journal: give a log or a monthly workbook")
    return found


def _log(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from file


def _cover(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True)
            rows = list(book.worksheets[0].iter_rows(values_only=True))
        except (KeyError, ValueError, IndexError, zipfile.BadZipFile) as problem:
            raise BadRequest(f"{path} is no workbook ({problem})") from None
    return (str(cell) for row in rows for cell in row if cell is not None)
