"""The file that a phone shared: the office takes in each record of it, and once."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fieldapp.keep import closing
from fieldapp.keep.store import Store
from fieldapp.web import receiving, shared_file
from tests.conftest import Clock
from tests.page import Client, parse, words
from tests.web.outboxes import CONTACT, MORNING, OUTBOX, identity, knock, record

ADDRESS = "/office/import/phone"


def bring(office: Client, content: bytes, name: str = "fieldapp-OP-01.json") -> Any:
    """Chooses a file and presses the button."""
    given = {"csrf_token": office.token(ADDRESS), "file": (io.BytesIO(content), name)}
    return office.post(ADDRESS, data=given)


def shared(*records: Any) -> bytes:
    """The file as a phone makes it."""
    return json.dumps({"fieldapp": 1, "records": list(records)}).encode()


def lines(answer: Any) -> Sequence[Sequence[str]]:
    """What the page tells of each record."""
    _, *rows = parse(answer.text).all("tr")
    return [[words(cell) for cell in row] for row in rows]


def test_every_record_comes_in_and_once(office: Client, kept: Any) -> None:
    file = shared(
        record(made_at="2026-11-18T08:00:00Z", sent_at="2026-11-19T08:00:00Z"),
        record(instanceID=identity(2), answers=MORNING | {"daypart": "afternoon"}),
    )
    first = bring(office, file)
    assert (first.status_code, [line[-1] for line in lines(first)]) == (200, ["Bewaard"] * 2)
    assert lines(first)[0][:3] == ["Bezoekers", "Ontmoetingsplek 1", "2026-11-20"]
    assert "2 van de 2 zijn binnen" in first.text
    assert [line[-1] for line in lines(bring(office, file))] == ["Was er al"] * 2
    assert [row["visitors"] for row in kept("form_visitors")] == [24, 24]
    assert kept("form_visitors")[0]["_submitted_at"] == "2026-11-18T08:00:00Z"


def test_what_the_phone_sent_meanwhile_is_known(office: Client, phone: Client, kept: Any) -> None:
    about = {"outbox": OUTBOX, "number": 1}
    unsent = {"count": 2, "lowest": 1, "highest": 2, "oldest": "2026-11-20T09:00:00Z"}
    told = {"outbox": OUTBOX, "sent_at": "2026-11-20T09:12:00Z", "given": 2, "unsent": unsent}
    knock(phone, told, CONTACT)
    assert knock(phone, record(**about)).status_code == 201
    second = record(outbox=OUTBOX, number=2, instanceID=identity(2))
    second["answers"] = MORNING | {"daypart": "afternoon"}
    answer = bring(office, shared(record(**about), second))
    assert [line[-1] for line in lines(answer)] == ["Was er al", "Bewaard"]
    assert [row["_phone"] for row in kept("form_visitors")] == [1, 1]
    assert kept("outbox")[0]["unsent"] == 0


def test_what_is_not_right_stays_out_and_names_nobody(
    office: Client, enter: Callable[..., str], kept: Any
) -> None:
    enter("OP-01", "Ria")
    person = {"role": "volunteer", "known_elsewhere": "no", "call_name": "RIA"}
    person |= {"started": "2026-11-20", "informed": "OK"}
    answer = bring(
        office,
        shared(
            record(form="person_new", answers=person),
            record(answers=MORNING | {"visitors": "veel"}),
            record(place="ZZ-99"),
            record(form="place"),
            record(role="office"),
            "Ria",
            record(instanceID=identity(2)),
        ),
    )
    told = [line[-1] for line in lines(answer)]
    assert [text.startswith("Niet bewaard") for text in told] == [True] * 6 + [False]
    assert "Vul een heel getal in" in told[1]
    assert "Ria" not in answer.text
    assert (len(kept("form_person_new")), len(kept("form_visitors"))) == (1, 1)


def test_mutation_what_is_not_marked_private_would_be_told(
    office: Client, enter: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("OP-01", "Ria")
    person = {"role": "volunteer", "known_elsewhere": "no", "call_name": "RIA"}
    person |= {"started": "2026-11-20", "informed": "OK"}
    monkeypatch.setattr(receiving, "_private", lambda form: frozenset())
    answer = bring(office, shared(record(form="person_new", answers=person)))
    assert "Er is al een Ria." in answer.text


def test_a_change_in_a_closed_month_is_asked_for(
    office: Client, send: Any, small: Store, clock: Clock, kept: Any
) -> None:
    october = {"date": "2026-10-15", "daypart": "morning", "visitors": "24"}
    row = send("OP-01", "visitors", october).id
    clock.forward(minutes=1)
    with small.write("account:1", clock()) as write:
        closing.close(small, write, "2026-10", small.journal.head(write.connection), {})
    changed = record(changes={"id": row, "edits": 0}, answers=october | {"visitors": "30"})
    assert lines(bring(office, shared(changed)))[0][-1] == "Als verzoek bewaard"
    assert (len(kept("request")), kept("form_visitors")[0]["visitors"]) == (1, 24)


FILES = [
    b"", b"{}", b"[]", b"PK\x03\x04", b'{"records": []}', b'{"fieldapp": 1, "records": {}}',
    json.dumps({"fieldapp": 1, "records": [{}] * 1_001}).encode(), b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("content", FILES, ids=range(len(FILES)))
def test_another_file_is_refused(content: bytes, office: Client, changes: Any) -> None:
    before = changes()
    refused = bring(office, content)
    assert refused.status_code == 422
    assert "Dit is geen bestand van een telefoon." in refused.text
    assert changes() == before


def test_no_file_and_a_large_one_are_refused(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Kies eerst een bestand." in bring(office, b"", "").text
    monkeypatch.setattr(shared_file, "_LARGEST", 1_000)
    assert "te groot" in bring(office, b" " * 12_000).text


def test_the_page_is_linked_and_a_reader_cannot_use_it(
    office: Client, hire: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    assert f'href="{ADDRESS}"' in office.get("/office/import").text
    assert sign_in(hire("lezer", "reader")).get(ADDRESS).status_code == 403
