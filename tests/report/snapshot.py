"""Every workbook of the small year as text, sheet by sheet; run as a command it is kept anew.

python -m tests.report.snapshot
"""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl

from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.keep.store import Store, open_store
from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings
from tests.conftest import Clock
from tests.report.conftest import MADE_AT
from tests.report.year import live

KEPT = Path(__file__).with_name("whole")
WORKBOOKS = (
    ("monthly", "2025-10", None),
    ("progress", "2026", None),
    ("dossier", "2025", "OP-01"),
    ("records", "2025-10", None),
)
LONG = 300  # rows from which a sheet is told by its digest: its rows are compared elsewhere

_ANCHOR = re.compile(r"\tJournaal\t[0-9]+-[0-9a-f]{16}\n")  # each instance has its own


def kept_year(folder: Path, forms: Mapping[str, Form]) -> tuple[Store, Settings]:
    """An instance in which the small year was lived."""
    settings = Settings(data=folder / "data")
    store = open_store(settings.data, forms, Clock(), make=True)
    live(store)
    return store, settings


def told(store: Store, settings: Settings, name: str, over: str, place: str | None) -> str:
    """One workbook as text."""
    books = load_workbooks(settings.exports)
    made = deliver(store, settings, books, name, over, MADE_AT, place)
    return _ANCHOR.sub("\tJournaal\t(anchor)\n", "\n".join(_sheets(made.content)) + "\n", count=1)


def _sheets(content: bytes) -> Iterator[str]:
    for page in openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets:
        yield f"== {page.title}"
        lines = [
            "\t".join("" if cell is None else str(cell) for cell in row).rstrip()
            for row in page.iter_rows(values_only=True)
        ]
        if len(lines) > LONG:
            digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
            yield from (*lines[:6], f"{len(lines)} rows, sha256 {digest}")
        else:
            yield from (line.replace("\n", " ¶ ") for line in lines)


def main() -> None:
    """Keeps the workbooks as they are now."""
    with tempfile.TemporaryDirectory() as work:
        store, settings = kept_year(Path(work), load_forms(Settings().forms, Path(work) / "cache"))
        for name, over, place in WORKBOOKS:
            text = told(store, settings, name, over, place)
            (KEPT / f"{name}.txt").write_text(text, "utf-8")
        store.close()


if __name__ == "__main__":
    main()
