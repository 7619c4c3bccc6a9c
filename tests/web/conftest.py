"""What tests of pages look at: the rows behind them, and people to write about."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from fieldapp.keep.store import Store
from fieldapp.settings import Settings
from tests.page import Client
from tests.web.workbooks import upload

Kept = Callable[..., Sequence[dict[str, Any]]]


@pytest.fixture
def kept(small: Store) -> Kept:
    """The rows of a table as they stand, in the order in which they came."""

    def rows(table: str, **same: Any) -> Sequence[dict[str, Any]]:
        where = " AND ".join(f"[{name}] IS ?" for name in same) or "1"
        with small.read() as connection:
            found = connection.execute(
                f"SELECT * FROM [{table}] WHERE {where} ORDER BY rowid", (*same.values(),)
            ).fetchall()
        return [dict(row) for row in found]

    return rows


@pytest.fixture
def enter(small: Store, send: Callable[..., Any], kept: Kept) -> Callable[..., str]:
    """Enters a person at a place; gives the card code."""

    def entered(place: str, name: str, role: str = "volunteer", **more: str) -> str:
        raw = {
            "role": role,
            "known_elsewhere": "no",
            "call_name": name,
            "started": "2026-11-02",
            "informed": "OK",
        }
        if role == "participant":
            raw["labour_distance"] = "yes"
        receipt = send(place, "person_new", raw | more)
        return str(kept("form_person_new", _id=receipt.id)[0]["person"])

    return entered


@pytest.fixture
def changes(small: Store) -> Callable[[], int]:
    """How many lines the journal has: nothing is kept without one."""

    def counted() -> int:
        with small.read() as connection:
            return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])

    return counted


@pytest.fixture
def phones(pair_to: Callable[..., Client]) -> Sequence[Client]:
    """The phones of two places."""
    return pair_to("OP-01"), pair_to("OP-02", name="Bo")


@pytest.fixture
def cards(phones: Sequence[Client], kept: Kept) -> Sequence[str]:
    """The codes of one woman whom both enter and see once, the older first."""
    given = {"role": "volunteer", "known_elsewhere": "unknown", "informed": "OK"}
    given |= {"started": "2026-11-02"}
    for phone, name in zip(phones, ("Samira", "Sam"), strict=True):
        assert phone.fill("/form/person_new", given | {"call_name": name}).status_code == 303
        code = kept("people")[-1]["code"]
        hours = {"date": "2026-11-18", "who": [code], "hours": "3"}
        assert phone.fill("/form/volunteer_hours", hours).status_code == 303
    return [person["code"] for person in kept("people")]


@pytest.fixture
def proposed(phones: Sequence[Client], cards: Sequence[str]) -> str:
    """What OP-02 told: its own card and that of OP-01; the address of its answer."""
    told = phones[1].fill("/people/same", {"person": cards[1], "card_code": cards[0].lower()})
    assert told.status_code == 303
    return "/office/merges/1"


@pytest.fixture
def shipped_text(settings: Settings) -> Callable[[str], str]:
    """The text of a shipped form."""
    return lambda form_id: (settings.forms / f"{form_id}.md").read_text()


@pytest.fixture
def bring(office: Client, settings: Settings, examined: Path) -> Callable[..., Any]:
    """Brings a file to the page of the forms; a file that came before is known, like in use."""
    (settings.data / "cache").symlink_to(examined)

    def brought(content: str | bytes, form: str = "visitors", name: str = "f.md") -> Any:
        data = content.encode() if isinstance(content, str) else content
        given = {"form": form, "file": (io.BytesIO(data), name)}
        token = office.token("/office/forms")
        return office.post("/office/forms", data=given | {"csrf_token": token})

    return brought


@pytest.fixture
def published(bring: Callable[..., Any], office: Client) -> Callable[..., Any]:
    """Brings a file and publishes it."""

    def done(content: str | bytes, form: str = "visitors", name: str = "f.md") -> Any:
        answer = bring(content, form, name)
        assert answer.status_code == 303, answer.text
        return office.fill(answer.location, action=f"{answer.location}/publish")

    return done


@pytest.fixture
def enter_all(office: Client) -> Callable[..., Any]:
    """Hands in a file, looks, and enters it; gives the last page."""

    def entered(form_id: str, data: bytes) -> Any:
        address = upload(office, form_id, data)
        assert office.fill(address).status_code == 303
        return office.get(address)

    return entered
