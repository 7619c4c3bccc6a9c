"""Other programs read public workbooks with a token, and nothing else."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl
import pytest
from werkzeug.test import TestResponse

from fieldapp.errors import Busy
from fieldapp.keep import access_token, attempt
from fieldapp.keep.store import Store
from fieldapp.report.deliver import deliver
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from fieldapp.web import api
from tests.conftest import MOMENT, Clock
from tests.page import Client

MONTH = "/api/export/monthly/2026-10"
ALL = ("monthly", "progress", "dossier")
Ask = Callable[..., TestResponse]


@pytest.fixture
def token(small: Store, clock: Clock) -> str:
    """A token for everything that is public."""
    with small.write("test", clock()) as write:
        return access_token.make(write, "monitor", ALL)


@pytest.fixture
def ask(client: Client, token: str) -> Ask:
    """Asks like a program, with the token unless another is given."""

    def asked(address: str, sent: str | None = None) -> TestResponse:
        given = f"Bearer {token}" if sent is None else sent
        return client.get(address, headers={"Authorization": given} if given else {})

    return asked


def told(answer: TestResponse) -> Mapping[str, Any]:
    """What a program reads."""
    assert answer.mimetype == "application/json"
    found = json.loads(answer.data)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("ending", ["xlsx", "csv.zip", "json"])
def test_a_program_gets_what_the_office_would_download(
    ask: Ask,
    small: Store,
    settings: Settings,
    workbooks: Mapping[str, Workbook],
    kept: Any,
    ending: str,
) -> None:
    answer = ask(f"{MONTH}.{ending}")
    made = deliver(small, settings, workbooks, "monthly", "2026-10", MOMENT, **api.ENDINGS[ending])
    assert answer.status_code == 200
    assert answer.data == made.content
    name = f'attachment; filename="monthly-2026-10.{ending}"'
    assert answer.headers["Content-Disposition"] == name
    assert answer.headers["Cache-Control"] == "no-store"
    last = kept("journal")[-1]
    assert (last["actor"], last["action"]) == ("token:1", "export")
    assert (last["object"], last["row"]) == ("monthly", f"2026-10.{ending}")
    assert kept("access_token")[0]["seen_at"] == "2026-11-20T09:12:00Z"


def test_every_public_workbook_is_there_as_json(ask: Ask) -> None:
    month = told(ask(f"{MONTH}.json"))
    assert month["workbook"] == "monthly"
    assert (month["period"], month["since"], month["until"]) == (
        "2026-10", "2026-10-01", "2026-10-31",
    )  # fmt: skip
    assert month["made_at"] == "2026-11-20T09:12:00Z"
    assert month["acknowledgement"].startswith("Mede mogelijk gemaakt")
    assert [sheet["name"] for sheet in month["sheets"]] == ["Levering", "Swing"]
    assert told(ask("/api/export/progress/2027.json"))["workbook"] == "progress"
    dossier = told(ask("/api/export/dossier/2026.json?place=OP-01"))
    assert dossier["place"] == "OP-01"
    assert "Ontmoetingsplek 1" in dossier["title"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/export/records/2026-10.json", 403),
        ("/api/export/records/2026-10.xlsx", 403),
        ("/api/export/none/2026-10.json", 404),
        (f"{MONTH}.pdf", 404),
        (MONTH, 404),
        ("/api/export/progress/2027.csv.zip", 404),
        ("/api/export/dossier/2026.json?place=OP-77", 404),
        ("/api/export/dossier/2026.json", 400),
        ("/api/export/dossier/2026.json?place=WB-01", 400),
        ("/api/export/monthly/2031-01.json", 400),
        ("/api/export/monthly/x.json", 400),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(
    ask: Ask, kept: Any, address: str, status: int
) -> None:
    answer = ask(address)
    assert answer.status_code == status
    assert told(answer) == {"status": status, "error": str(api._SENTENCES[status])}
    assert not [line for line in kept("journal") if line["action"] == "export"]


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer ", "Basic {}", "{}", "Bearer x", "bearer Zo\x7fmaar"]
)
def test_without_a_good_token_there_is_nothing(ask: Ask, token: str, sent: str) -> None:
    for address in (f"{MONTH}.json", "/api/export/none/x", "/api/export/records/2026-10.xlsx"):
        answer = ask(address, sent.format(token))
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert told(answer)["error"].startswith("Stuur een sleutel mee")


def test_no_cookie_opens_this_door(office: Client, phone: Client) -> None:
    for somebody in (office, phone):
        assert somebody.get(f"{MONTH}.json").status_code == 401


def test_a_token_reads_what_it_was_made_for(ask: Ask, small: Store, clock: Clock) -> None:
    with small.write("test", clock()) as write:
        narrow = access_token.make(write, "kaart", ["progress"])
        wide = access_token.make(write, "fout", ["records"])  # the office cannot make this one
    assert ask(f"{MONTH}.json", f"Bearer {narrow}").status_code == 403
    assert ask("/api/export/progress/2027.json", f"Bearer {narrow}").status_code == 200
    assert ask("/api/export/records/2026-10.json", f"Bearer {wide}").status_code == 403


def test_a_revoked_token_opens_nothing(ask: Ask, small: Store, clock: Clock) -> None:
    assert ask(f"{MONTH}.json").status_code == 200
    with small.write("test", clock()) as write:
        access_token.revoke(write, 1)
    assert ask(f"{MONTH}.json").status_code == 401


def test_guessing_slows_down(ask: Ask, clock: Clock) -> None:
    for _ in range(attempt.FREE_TRIES):
        assert ask(f"{MONTH}.json", "Bearer raad").status_code == 401
    slowed = ask(f"{MONTH}.json", "Bearer raad")
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    assert told(slowed)["status"] == 429
    assert ask(f"{MONTH}.json").status_code == 429
    clock.forward(seconds=10)
    assert ask(f"{MONTH}.json").status_code == 200


def test_asking_without_a_token_is_no_guess(ask: Ask, kept: Any) -> None:
    for _ in range(9):
        assert ask(f"{MONTH}.json", "").status_code == 401
    assert kept("attempt") == []


def test_without_counting_the_guesses_nothing_slows_down(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "failed", lambda *_: None)
    assert {ask(f"{MONTH}.json", "Bearer raad").status_code for _ in range(9)} == {401}


def test_neither_log_nor_journal_nor_database_holds_a_token(
    ask: Ask, token: str, kept: Any, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert ask(f"{MONTH}.json").status_code == 200
    lines = [json.loads(record.message) for record in caplog.records if record.name == "fieldapp"]
    assert [(line["actor"], line["action"]) for line in lines] == [("token:1", "api.export")]
    for text in (caplog.text, str(kept("journal")), str(kept("access_token"))):
        assert token not in text
    assert "monitor" not in str(kept("journal"))


def test_when_the_database_cannot_be_written_it_says_so(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise Busy("nu even niet")

    monkeypatch.setattr(api, "deliver", busy)
    answer = ask(f"{MONTH}.json")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert told(answer)["status"] == 503


def test_another_language_on_request(client: Client) -> None:
    answer = client.get(f"{MONTH}.json", headers={"Accept-Language": "en"})
    assert told(answer)["error"].startswith("Send a key along")


@pytest.fixture
def few(send: Any, enter: Callable[..., str]) -> Sequence[str]:
    """Two volunteers with an allowance at one place: too few to tell."""
    codes = [enter("OP-01", name) for name in ("Fatima", "Samira")]
    send("OP-01", "volunteer_hours", {"date": "2026-11-18", "who": codes, "hours": "3"})
    send("OP-01", "volunteer_month", {"month": "2026-11-01", "allowance": codes})
    return codes


def test_what_is_protected_is_null_with_its_status(
    ask: Ask, few: Sequence[str], clock: Clock
) -> None:
    clock.now = dt.datetime(2026, 12, 9, 9, tzinfo=MOMENT.tzinfo)
    assert told(ask(f"{MONTH}.json"))  # the months before do not matter here
    sheets = {
        each["name"]: each for each in told(ask("/api/export/monthly/2026-11.json"))["sheets"]
    }
    rows = sheets["Levering"]["rows"]
    small = [row for row in rows if row["status"] == "small"]
    assert small
    assert {(row["value"], row["numerator"]) for row in small} == {(None, None)}
    dossier = told(ask("/api/export/dossier/2026.json?place=OP-01"))
    marked = [
        (sheet["rows"][each["row"]][each["field"]], each["status"])
        for sheet in dossier["sheets"]
        for each in sheet["statuses"]
    ]
    assert (None, "small") in marked
    assert {value for value, _ in marked} == {None}
    assert not any(code in json.dumps(dossier) for code in few)


def test_json_and_workbook_tell_the_same(ask: Ask, few: Sequence[str], clock: Clock) -> None:
    clock.now = dt.datetime(2026, 12, 9, 9, tzinfo=MOMENT.tzinfo)
    sheet = told(ask("/api/export/monthly/2026-11.json"))["sheets"][0]
    book = openpyxl.load_workbook(io.BytesIO(ask("/api/export/monthly/2026-11.xlsx").data))
    page = book[sheet["name"]]
    names = [field["name"] for field in sheet["fields"]]
    lines = list(page.iter_rows(values_only=True))
    at = next(nth for nth, line in enumerate(lines) if list(line[: len(names)]) == names)
    told_there = [dict(zip(names, line, strict=False)) for line in lines[at + 1 :]]
    numbers = [field["name"] for field in sheet["fields"] if field["type"] == "number"]
    for ours, theirs in zip(sheet["rows"], told_there, strict=False):
        assert ours["row_key"] == theirs["row_key"]
        for name in numbers:
            shown = theirs[name] if isinstance(theirs[name], int | float) else None
            assert ours[name] == pytest.approx(shown) if shown is not None else ours[name] is None
    assert len(told_there) >= len(sheet["rows"]) > 100
