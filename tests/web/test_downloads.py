"""Downloads of the office: who may have which, under what name, and what is kept of it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from werkzeug.wsgi import FileWrapper

from fieldapp.keep.store import Store
from fieldapp.report import deliver as deliver_module
from fieldapp.report import stream
from fieldapp.report.deliver import deliver
from fieldapp.settings import Settings
from tests.page import Client

RECORDS = "/office/export/records/2026-10"
NAMES = {".xlsx": "records-2026-10.xlsx", ".csv.zip": "records-2026-10.csv.zip"}
TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv.zip": "application/zip",
}


@pytest.fixture
def reader(hire: Callable[..., Any], sign_in: Callable[..., Client]) -> Client:
    """A client that may only look."""
    return sign_in(hire("lezer", "reader"))


@pytest.mark.parametrize("ending", NAMES)
def test_the_office_gets_the_records(
    office: Client,
    small: Store,
    settings: Settings,
    workbooks: Any,
    clock: Any,
    kept: Any,
    ending: str,
) -> None:
    answer = office.get(f"{RECORDS}{ending}")
    csv = ending == ".csv.zip"
    made = deliver(small, settings, workbooks, "records", "2026-10", clock(), csv=csv)
    assert answer.status_code == 200
    assert answer.data == made.content
    assert answer.mimetype == TYPES[ending]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{NAMES[ending]}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    last = kept("journal")[-1]
    row = "2026-10.csv" if csv else "2026-10"
    assert (last["action"], last["object"], last["row"]) == ("export", "records", row)
    assert (last["before"], last["after"]) == (None, None)


@pytest.mark.parametrize("ending", NAMES)
def test_a_reader_gets_no_records(reader: Client, kept: Any, ending: str) -> None:
    refused = reader.get(f"{RECORDS}{ending}")
    assert refused.status_code == 403
    assert not [line for line in kept("journal") if line["action"] == "export"]


@pytest.mark.parametrize("ending", NAMES)
def test_nobody_else_gets_anything(client: Client, phone: Client, ending: str) -> None:
    for somebody in (client, phone):
        answer = somebody.get(f"{RECORDS}{ending}")
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/office/signin")


def test_the_overview_offers_what_one_may_have(office: Client, reader: Client) -> None:
    whole, part = (client.get("/office/?month=2026-10").text for client in (office, reader))
    for ending in NAMES:
        assert f"{RECORDS}{ending}" in whole
        assert f"{RECORDS}{ending}" not in part
    assert "/office/export/monthly/2026-10.xlsx" in part


def test_a_reader_may_have_what_is_public(reader: Client) -> None:
    assert reader.get("/office/export/monthly/2026-10.xlsx").status_code == 200


def test_an_office_workbook_of_no_such_period(office: Client) -> None:
    for address, status in (
        ("records/x.csv.zip", 400),
        ("records/2031-01.csv.zip", 400),
        ("none/2026-10.csv.zip", 404),
        ("records/2026-10.csv.zip?place=OP-99", 404),
        ("records/2026-10.xlsx?place=OP-99", 404),
        ("records/2026-10.csv", 404),
    ):
        assert office.get(f"/office/export/{address}").status_code == status, address


def test_many_records_are_read_while_they_are_sent(
    office: Client, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("OP-01", "visitors", {"date": "2026-10-30", "daypart": "morning", "visitors": "3"})
    monkeypatch.setattr(stream, "HELD", 0)
    monkeypatch.setattr(deliver_module, "_IN_MEMORY", 1)
    sent: list[Any] = []

    def wrapper(file: Any, size: int = 8_192) -> FileWrapper:
        sent.append(file)
        return FileWrapper(file, size)

    answer = office.get(f"{RECORDS}.xlsx", environ_overrides={"wsgi.file_wrapper": wrapper})
    assert answer.headers["Content-Length"] == str(len(answer.data))
    cells = load_workbook(io.BytesIO(answer.data))["Bezoekers"]
    assert (cells["B5"].value, cells["D5"].value) == ("OP-01", "morning")
    assert len(sent) == 1  # the server's own way to send a file
    assert sent[0].closed


def test_more_records_than_fit_are_refused(
    office: Client, send: Any, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("OP-01", "visitors", {"date": "2026-10-30", "daypart": "morning", "visitors": "3"})
    monkeypatch.setattr(stream, "HELD", 0)
    monkeypatch.setattr(stream, "MOST", 0)
    answer = office.get(f"{RECORDS}.xlsx")
    assert answer.status_code == 400
    assert "Dit zijn meer records dan in een werkboek passen. Kies een kortere" in answer.text
    assert not [line for line in kept("journal") if line["action"] == "export"]


def test_one_place_can_be_asked_for(office: Client, send: Any) -> None:
    for place in ("OP-01", "OP-02"):
        send(place, "visitors", {"date": "2026-10-30", "daypart": "morning", "visitors": "3"})
    answer = office.get(f"{RECORDS}.csv.zip?place=OP-02")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="records-2026-10.csv.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        lines = archive.read("visitors.csv").decode().splitlines()
        name = json.loads(archive.read("datapackage.json"))["name"]
    assert [line.split(",")[1] for line in lines] == ["place", "OP-02"]
    assert name == "records-2026-10-op-02"


def test_log_and_journal_hold_nothing_personal(
    office: Client, enter: Callable[..., str], kept: Any, caplog: pytest.LogCaptureFixture
) -> None:
    code = enter("OP-01", "Samira")
    caplog.set_level("INFO")
    for ending in NAMES:
        assert office.get(f"{RECORDS.replace('10', '11')}{ending}").status_code == 200
    exports = [line for line in kept("journal") if line["action"] == "export"]
    for text in (caplog.text, str(exports)):
        assert "export" in text
        assert code not in text and "Samira" not in text
