"""A reader sees what anybody may see: no records, no names, no codes, no small count of persons."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from fieldapp.keep import anchor, public
from tests.conftest import MOMENT, Clock
from tests.page import Client, parse

PLACES = ("OP-01", "OP-02", "WB-01")
CLOSED_DOORS = (
    "records", "flags", "requests", "doubles", "reading", "import", "tokens", "merges", "accounts",
    "form/place", "posters", "tallies", "export/records/2026-11.xlsx",
    "export/records/2026-11.csv.zip",
)  # fmt: skip
SKIPPED = re.compile(
    r"/signin|/care|/forms/|/results/(?!4-(1\.1\.1\.g|1\.1\.2\.a|2\.5\.[bc])(\?|$))"
)
"""What counts no persons: one page of results is like another; a form, or a disk, is no answer."""

SESSION = re.compile(r'(name="csrf_token" value=")[^"]*')


@pytest.fixture
def december(clock: Clock) -> None:
    """A day on which November is over."""
    clock.now = dt.datetime(2026, 12, 10, 9, tzinfo=MOMENT.tzinfo)


@pytest.fixture
def reader(december: None, hire: Callable[..., Any], sign_in: Callable[..., Client]) -> Client:
    """A client that may only look."""
    return sign_in(hire("lezer", "reader"))


def seen(reader: Client) -> Mapping[str, bytes | str]:
    """Every page and file that a reader gets to by following links from the first page."""
    found: dict[str, bytes | str] = {}
    todo = [
        "/office/",
        "/office/?month=2026-11",
        "/office/months/2026-11",
        *(f"/office/at/{place}?month=2026-11" for place in PLACES),
        *(f"/office/export/dossier/2026.xlsx?place={place}" for place in PLACES[:2]),
        "/office/export/progress/2027.xlsx",
        "/office/month-pages?month=2026-11",
    ]
    while todo:
        address = todo.pop()
        if address in found or SKIPPED.search(address) or not address.startswith("/office/"):
            continue
        answer = reader.get(address)
        if answer.status_code == 303:
            todo.append(answer.location)
            continue
        assert answer.status_code == 200, f"{address}: a reader is led to {answer.status_code}"
        if answer.mimetype != "text/html":
            found[address] = answer.data
            continue
        found[address] = SESSION.sub(r"\1", answer.text)
        todo += links(answer.text)
    return found


def links(text: str) -> Iterator[str]:
    """Where a page leads to, without the month-long tail of the same page for other months."""
    for link in parse(text).all("a"):
        address = link.get("href", "").partition("#")[0]
        earlier = re.search(r"20[0-9]{2}-[0-9]{2}|/20[0-9]{2}", address)
        if not earlier or "2026-11" in address or "/2026." in address or "/2027" in address:
            yield address


@pytest.fixture
def crew(december: None, enter: Callable[..., str]) -> list[str]:
    """Three volunteers of one place."""
    return [enter("OP-01", name) for name in ("Fatima", "Samira", "Murat")]


def test_two_worlds_that_differ_in_few_persons_look_alike(
    reader: Client,
    crew: list[str],
    send: Any,
    pair_to: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """But for how far the journal has come: that something changed is no secret, what did is."""
    monkeypatch.setattr(anchor, "last_change", lambda connection: None)
    day = {"date": "2026-11-18"}
    row = send("OP-01", "volunteer_hours", day | {"who": crew[:2], "hours": "3"}).id
    month = send("OP-01", "volunteer_month", {"month": "2026-11-01", "allowance": crew[:2]}).id
    send("OP-01", "month_report", {"month": "2026-11-01", "worked": "Ongelezen kanarie."})
    phone = pair_to("OP-01", name="Kanarie")
    with_two = seen(reader)
    for address, given in (
        (f"/form/volunteer_hours/{row}", {"who": crew, "hours": "2"}),
        (f"/form/volunteer_month/{month}", {"allowance": crew}),
    ):
        assert phone.fill(address, given).status_code == 303
    with_three = seen(reader)
    assert with_two.keys() == with_three.keys()
    assert len(with_two) > 20
    assert [address for address in with_two if with_two[address] != with_three[address]] == []
    for address, content in with_three.items():
        text = content if isinstance(content, str) else content.decode("latin-1")
        for word in ("Kanarie", "kanarie", "Fatima", "Samira", "Murat", *crew, "/office/records"):
            assert word not in text, address


def test_the_doors_that_are_shut(reader: Client) -> None:
    for path in CLOSED_DOORS:
        assert reader.get(f"/office/{path}").status_code == 403, path


def test_a_phone_has_a_number_for_a_reader_and_a_name_for_the_office(
    reader: Client, office: Client, pair_to: Callable[..., Client]
) -> None:
    pair_to("OP-01", name="Kanarie")
    assert "Kanarie" in office.get("/office/phones").text
    assert "Telefoon 1" in reader.get("/office/phones").text


@pytest.fixture
def secret(send: Any) -> None:
    """A result that is confidential, with what the office says of it."""
    given = {"result_id": "4/2.1.2.a", "as_of": "2026-11-02"}
    told = {"status": "busy", "value": "3", "explanation": "Een kanarie.", "source": "brief"}
    send(None, "milestone", given | told)
    why = {"confidential": "OK", "confidential_reason": "De kanarie vroeg erom."}
    send(None, "judgement", given | {"words": "Een kanarie in woorden."} | why)


def test_of_a_confidential_result_a_reader_reads_nothing(
    secret: None, reader: Client, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = ("/office/milestones", "/office/judgements")
    for page in pages:
        assert "kanarie" in office.get(page).text
        shown = reader.get(page).text
        assert "4/2.1.2.a" in shown
        assert "kanarie" not in shown
    monkeypatch.setattr(public, "without", lambda connection, found: found)
    assert all("kanarie" in reader.get(page).text for page in pages)
