"""Workbooks to hand in: a filled-in template, and the same saved by LibreOffice."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from fieldapp.ask.spreadsheet import SHEET
from tests.page import Client, parse, words

SAVED = Path(__file__).parents[1] / "report" / "data"
"""Templates that were filled in and saved by LibreOffice."""

DAY = dt.date(2024, 10, 1)
THREE = (
    ("OP-01", DAY, "Ochtend", 24),
    ("OP-01", DAY, "Middag", 31),
    ("OP-02", DAY, "Ochtend", 7),
)

DAYS = ("place", "date", "daypart", "visitors")
Row = Sequence[object]


def workbook(headings: Sequence[str], *rows: Row) -> bytes:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (headings, *rows):
        sheet.append(list(row))
    return saved(book)


def filled(template: bytes, *rows: Row) -> bytes:
    """A template with rows below its headings."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            book[SHEET].cell(number, column).value = value  # type: ignore[union-attr]
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def by_libreoffice(data: bytes, name: str, folder: Path) -> bytes:
    """`data` opened and saved by LibreOffice; without it the file that was kept of that."""
    office = shutil.which("soffice")
    if office is None:
        return (SAVED / f"libreoffice-{name}.xlsx").read_bytes()
    source, out = folder / f"{name}.xlsx", folder / "saved"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (out / source.name).read_bytes()


def upload(client: Client, form_id: str, data: bytes, name: str = "oud jaar.xlsx") -> str:
    """Hands in a file that is right; gives the address of what it would do."""
    answer = hand_in(client, form_id, data, name)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def hand_in(client: Client, form_id: str, data: bytes, name: str = "oud jaar.xlsx") -> TestResponse:
    """Hands in a file; gives the answer."""
    address = f"/office/import/{form_id}"
    token = client.token(address)
    # In memory: what the client spools to disk it leaves open.
    file = FileStorage(io.BytesIO(data), name)
    boundary, body = encode_multipart({"csrf_token": token, "file": file})
    kind = f'multipart/form-data; boundary="{boundary}"'
    return client.post(address, data=body, content_type=kind)


def faults(answer: Any) -> list[str]:
    """What the page says is wrong: address and sentence."""
    table = next(t for t in parse(answer.text).all("table") if t.get("class") == "faults")
    return [": ".join(words(cell) for cell in row) for row in table.iter("tr")][1:]


def outcome(answer: Any) -> list[str]:
    """What the page says that a file does or did."""
    listed = next(ul for ul in parse(answer.text).all("ul") if "outcome" in ul.get("class", ""))
    return [words(item) for item in listed.iter("li")]


def counts(kept: Any) -> list[tuple[str, str, str, int]]:
    return [
        (row["_place"], row["date"], row["daypart"], row["visitors"])
        for row in kept("form_visitors")
    ]
