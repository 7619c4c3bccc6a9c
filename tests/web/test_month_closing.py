"""The office closes a month: told what is missing, with a workbook that stays, and opened again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import pytest

from fieldapp.keep import anchor
from fieldapp.keep.store import Store
from fieldapp.report.deliver import Delivery
from fieldapp.web import month_closing
from tests.conftest import Clock
from tests.page import Client, parse, words

OCTOBER = "/office/months/2026-10"
MORNING = {"date": "2026-10-15", "daypart": "morning"}
SURE = {"sure": "yes"}
_FILES = ["monthly-2026-10.xlsx", "monthly-2026-10.csv.zip"]


def said(client: Client, address: str) -> str:
    """Everything that a page says."""
    return words(next(parse(client.get(address).text).all("main")))


def close(office: Client, given: Mapping[str, str] = SURE) -> Any:
    """Presses the button that closes October."""
    return office.fill(OCTOBER, given, action=f"{OCTOBER}/close")


def delivered(content: bytes) -> Mapping[str, Mapping[str, str]]:
    """The sheet Levering of a package, by its key."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("delivery.csv").decode()
    return {row["row_key"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def sheet(content: bytes, name: str) -> Sequence[Sequence[Any]]:
    """The rows of one sheet of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return [[cell for cell in row if cell is not None] for row in book[name].values]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Sequence[Delivery]]:
    """Makes the files in no time: what stands in them is looked at in the first test."""

    def made(*given: Any) -> Sequence[Delivery]:
        return [Delivery(name, name.encode()) for name in _FILES]

    monkeypatch.setattr(month_closing, "deliver_to_close", made)
    return made


def test_a_closed_month_keeps_its_files_and_later_ones_say_what_was_revised(
    office: Client, phone: Client, send: Any, kept: Any, small: Store
) -> None:
    send("OP-01", "visitors", MORNING | {"visitors": "24"})
    with small.read() as connection:
        came_to = anchor.last_change(connection)
    shown = said(office, OCTOBER)
    assert "Nog niet gesloten" in shown
    assert "Ik weet dat dit nog ontbreekt" in shown
    assert close(office).location == OCTOBER
    files = kept("closing_file")
    assert sorted(each["name"] for each in files) == sorted(_FILES)
    links = [f"{OCTOBER}/1/{name}" for name in _FILES]
    before = [office.get(link).data for link in links]
    for each in files:
        assert each["sha256"] in said(office, OCTOBER)
    assert [hashlib.sha256(content).hexdigest() for content in before] == [
        next(each["sha256"] for each in files if each["name"] == name) for name in _FILES
    ]
    cover = str(sheet(before[0], "Voorblad"))
    assert "Definitief: deze maand is gesloten op 20 november 2026." in cover
    assert ["Journaal", str(came_to)] in sheet(before[0], "Voorblad")
    assert {row["revision"] for row in delivered(before[1]).values()} == {"0"}

    late = {"date": "2026-10-16", "daypart": "morning", "visitors": "30"}
    answer = phone.fill("/form/visitors", late)
    assert "nagekomen" in said(phone, str(answer.location))
    shown = said(office, OCTOBER)
    assert "Na het sluiten: 1" in shown
    assert "Nagekomen" in shown

    assert [office.get(link).data for link in links] == before
    fresh = office.get("/office/export/monthly/2026-10.xlsx").data
    assert "Daarna veranderde er nog iets: 1 keer." in str(sheet(fresh, "Voorblad"))
    versions = sheet(fresh, "Versies")
    assert ["Maand", "2026-10", "Gesloten", "1"] in [[*row[:4]] for row in versions]
    assert any("OP-01, Bezoekers: nagekomen" in row for row in versions)
    now = delivered(office.get("/office/export/monthly/2026-10.csv.zip").data)
    was = delivered(before[1])
    assert {row["revision"] for row in now.values()} == {"1"}
    revised = {key for key, row in now.items() if row["status"] == "revised"}
    assert revised
    assert revised == {
        key
        for key, row in now.items()
        if was[key]["value"] != row["value"] and row["status"] in ("ok", "revised")
    }


def test_who_closes_a_month_leaves_an_anchor_in_the_log(
    office: Client, small: Store, quick: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "fieldapp")
    assert close(office).location == OCTOBER
    with small.read() as connection:
        head = anchor.Anchor.of(*small.journal.head(connection))
    lines = [json.loads(record.message) for record in caplog.records]
    told = [line["object"] for line in lines if line["action"] == anchor.TOLD]
    assert told == [f"journal {head}"]


def test_without_knowing_what_is_missing_it_stays_open(
    office: Client, kept: Any, quick: Any
) -> None:
    answer = close(office, {})
    assert answer.status_code == 422
    assert "Er ontbreekt nog iets" in answer.text
    assert kept("closing") == []


def test_what_changed_since_the_page_was_opened_is_shown_first(
    office: Client, send: Any, kept: Any, quick: Any
) -> None:
    page = office.get(OCTOBER)
    send("OP-01", "visitors", MORNING | {"visitors": "24"})
    answer = office.send(page, SURE, action=f"{OCTOBER}/close")
    assert answer.status_code == 409
    assert "Er is intussen iets veranderd" in answer.text
    assert kept("closing") == []


def test_a_month_that_is_not_over_cannot_be_closed(
    office: Client, kept: Any, clock: Clock, quick: Any
) -> None:
    november = "/office/months/2026-11"
    token = office.token(november)
    answer = office.post(f"{november}/close", data={"csrf_token": token} | SURE)
    assert answer.status_code == 422
    assert "Sluiten kan vanaf dinsdag 1 december" in answer.text
    assert kept("closing") == []


def test_a_closed_month_is_not_closed_again(office: Client, kept: Any, quick: Any) -> None:
    page = office.get(OCTOBER)
    assert office.send(page, SURE, action=f"{OCTOBER}/close").status_code == 303
    again = office.send(page, SURE, action=f"{OCTOBER}/close")
    assert again.status_code == 409
    assert "al gesloten" in again.text
    assert len(kept("closing")) == 1


@pytest.mark.parametrize(("times", "closes"), [(1, True), (9, False)])
def test_what_slips_in_while_the_workbook_is_made_is_not_missed(
    times: int,
    closes: bool,
    office: Client,
    send: Any,
    kept: Any,
    monkeypatch: pytest.MonkeyPatch,
    quick: Any,
) -> None:
    made: list[int] = []

    def slow(*given: Any) -> Any:
        made.append(len(made))
        if len(made) <= times:
            day = {"date": f"2026-10-{len(made) + 10}", "daypart": "morning"}
            send("OP-01", "visitors", day | {"visitors": "24"})
        return quick(*given)

    monkeypatch.setattr(month_closing, "deliver_to_close", slow)
    answer = close(office)
    if closes:
        assert answer.status_code == 303
        assert len(made) == 2
    else:
        assert answer.status_code == 409
        assert "De maand is niet gesloten" in answer.text
    assert len(kept("closing")) == closes


def test_without_looking_at_the_journal_it_would_be_missed(
    office: Client, small: Store, send: Any, kept: Any, monkeypatch: pytest.MonkeyPatch, quick: Any
) -> None:
    def slow(*given: Any) -> Any:
        send("OP-01", "visitors", MORNING | {"visitors": "24"})
        return quick(*given)

    monkeypatch.setattr(month_closing, "deliver_to_close", slow)
    monkeypatch.setattr(type(small.journal), "head", lambda *_: (0, "0" * 64))
    assert close(office).status_code == 303
    assert len(kept("closing")) == 1


def test_it_is_opened_again_with_a_reason(
    office: Client, phone: Client, send: Any, kept: Any, quick: Any
) -> None:
    row = send("OP-01", "visitors", MORNING | {"visitors": "24"}).id
    close(office)
    action = f"{OCTOBER}/reopen"
    nothing = office.fill(OCTOBER, {"page.reason": " "}, action=action)
    assert nothing.status_code == 422
    assert "Schrijf op waarom" in nothing.text
    number = office.fill(OCTOBER, {"page.reason": "Nummer 111222333"}, action=action)
    assert number.status_code == 422
    assert "burgerservicenummer" in number.text
    page = office.get(OCTOBER)
    given = {"page.reason": "De plek vergat een week"}
    assert office.send(page, given, action=action).location == OCTOBER
    assert office.send(page, given, action=action).status_code == 409
    assert "De plek vergat een week" in said(office, OCTOBER)
    assert "vergat" not in str(kept("journal"))
    assert office.get(f"{OCTOBER}/1/{_FILES[0]}").status_code == 200
    changed = phone.fill(f"/form/visitors/{row}", {"visitors": "25"})
    assert changed.location.endswith("/saved")
    assert kept("request") == []


def test_a_reader_looks_and_downloads(
    office: Client, hire: Callable[..., Any], sign_in: Callable[[Any], Client], quick: Any
) -> None:
    close(office)
    reader = sign_in(hire("lezer", "reader"))
    assert "2026-10" in reader.get("/office/months").text
    shown = reader.get(OCTOBER)
    assert "/reopen" not in shown.text
    assert reader.get(f"{OCTOBER}/1/{_FILES[0]}").status_code == 200
    for address in (f"{OCTOBER}/close", f"{OCTOBER}/reopen"):
        answer = reader.post(address, data={"csrf_token": reader.token("/office/")})
        assert answer.status_code == 403
    assert reader.get("/office/requests").status_code == 403


@pytest.mark.parametrize("month", ["2026-13", "2026", "2026-Q3", "2027-01", "x"])
def test_there_are_only_months(month: str, office: Client) -> None:
    assert office.get(f"/office/months/{month}").status_code == 400


def test_a_file_that_was_changed_is_not_given(
    office: Client, small: Store, clock: Clock, quick: Any
) -> None:
    close(office)
    with small.write("test", clock()) as write:
        write.connection.execute("UPDATE closing_file SET content = ?", (b"other",))
    answer = office.get(f"{OCTOBER}/1/{_FILES[0]}")
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
