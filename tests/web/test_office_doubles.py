"""The office sees what waits at every place and may choose; who somebody is, it is not told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.keep.store import Store
from fieldapp.web import board
from tests.conftest import MOMENT
from tests.page import Client, parse, words

DAY = {"date": MOMENT.date().isoformat()}
MORNING = DAY | {"daypart": "morning"}
NAMES = ("Fatima", "Anouar", "Samira", "Murat")


@pytest.fixture
def crew(enter: Callable[..., str]) -> list[str]:
    """Four volunteers of OP-01, by their card codes."""
    return [enter("OP-01", name) for name in NAMES]


@pytest.fixture
def waiting(crew: list[str], pair_to: Any, kept: Any) -> str:
    """A day of volunteers that two phones of OP-01 logged; the office's address of the second."""
    for name, who, hours in (("Marjan", crew[:3], "4"), ("Kees", crew[2:], "2,5")):
        given = DAY | {"who": who, "hours": hours}
        assert pair_to("OP-01", name=name).fill("/form/volunteer_hours", given).status_code == 303
    row = kept("form_volunteer_hours", _state="double")[0]["_id"]
    return f"/office/doubles/volunteer_hours/{row}"


def said(client: Client, address: str) -> str:
    """Everything that a page says."""
    return words(next(parse(client.get(address).text).all("main")))


def test_the_overview_counts_what_waits_and_leads_there(office: Client, send: Any) -> None:
    assert "Nog te kiezen" not in said(office, "/office/")
    for place, times in (("OP-01", 3), ("OP-02", 2)):
        for visitors in range(times):
            send(place, "visitors", MORNING | {"visitors": str(visitors)})
    shown = office.get("/office/")
    assert "Dubbel ingevuld. Nog te kiezen: 3" in shown.text
    links = {a.get("href"): words(a) for a in parse(shown.text).all("a")}
    assert links["/office/doubles#at-OP-01"] == "2"
    assert links["/office/doubles#at-OP-02"] == "1"
    assert "/office/doubles#at-WB-01" not in links
    listed = parse(office.get("/office/doubles").text)
    assert {"at-OP-01", "at-OP-02"} <= set(listed.ids())
    entries = [words(a) for a in listed.all("a") if "row" in a.get("class", "")]
    assert entries == ["Bezoekers, vandaag, ochtend 0 of 1", "Bezoekers, vandaag, ochtend 0 of 2",
                       "Bezoekers, vandaag, ochtend 0 of 1"]  # fmt: skip


def test_lists_of_people_are_numbers(
    office: Client, waiting: str, crew: list[str], kept: Any
) -> None:
    def nobody_named(*addresses: str) -> None:
        for address in addresses:
            text = office.get(address).text
            for secret in (*crew, *NAMES, "Marjan", "Kees"):
                assert secret not in text, (address, secret)

    page = said(office, waiting)
    assert "Vandaag · Ontmoetingsplek 1" in page
    assert "De eerste 3 mensen. Alleen hier: 2 De tweede 2 mensen. Alleen hier: 1" in page
    assert "Samen 4 mensen, 14,5 uur" in page
    nobody_named(waiting, "/office/doubles", "/office/")
    assert office.fill(waiting, {"how": "merge"}).location == waiting
    assert "Dit telt nu mee: Uren van vrijwilligers, vandaag: 4 mensen, 14,5 uur." in said(
        office, waiting
    )
    nobody_named(waiting, "/office/doubles")
    first = kept("form_volunteer_hours")[0]
    assert all(code in first["who"] + first["who_2"] for code in crew)
    assert kept("decision")[0]["actor"].startswith("account:")


def test_what_cannot_become_one_names_nobody(
    office: Client, waiting: str, crew: list[str], kept: Any, send: Any
) -> None:
    left = {"person": crew[3], "date": "2026-11-19", "step": "left", "left_reason": "moved"}
    send("OP-01", "step", left)  # so that the list with this person is no longer right
    page = said(office, waiting)
    assert "Samenvoegen kan nu niet De lijsten van mensen passen niet bij elkaar." in page
    assert crew[3] not in page and "Murat" not in page
    assert office.fill(waiting, {"how": "merge"}).status_code == 422
    assert kept("decision") == []


def test_the_office_and_the_place_undo_each_other(
    office: Client, waiting: str, pair_to: Any, kept: Any
) -> None:
    here = waiting.removeprefix("/office")
    phone = pair_to("OP-01")
    office.fill(waiting, {"how": "replace"})
    assert phone.fill(here, action=f"{here}/undo").location == here
    phone.fill(here, {"how": "ignore"})
    assert office.fill(waiting, action=f"{waiting}/undo").location == waiting
    assert [row["_state"] for row in kept("form_volunteer_hours")] == ["current", "double"]


def test_the_office_decides_its_own_forms(office: Client, kept: Any) -> None:
    place = {"code": "OP-09", "kind": "meeting_place", "wijk": "moerwijk",
             "active_from": "2026-11-01"}  # fmt: skip
    for name in ("De Haven", "De Kade"):
        assert office.fill("/office/form/place", place | {"name": name}).status_code == 303
    row = kept("form_place", _state="double")[0]["_id"]
    address = f"/office/doubles/place/{row}"
    assert "Verschilt De eerste De Haven De tweede De Kade" in said(office, address)
    assert f"/office/form/place/{row}" in office.get(address).text
    assert address in office.get(f"/office/form/place/{row}/saved").text
    assert office.fill(address, {"how": "replace"}).location == address
    assert kept("list_places", name="OP-09")[0]["label"] == "De Kade"


def test_what_the_office_asks_of_a_place_is_not_for_its_phone(
    office: Client, phone: Client, kept: Any
) -> None:
    facts = {"place": "OP-01", "valid_from": "2026-11-01"}
    for count in ("2", "3"):
        assert office.fill("/office/form/place_facts", facts | {"coordinators": count})
    row = kept("form_place_facts", _state="double")[0]["_id"]
    assert phone.get(f"/doubles/place_facts/{row}").status_code == 404
    assert "Er is niets dubbel." in said(phone, "/doubles")
    assert "dubbel ingevuld" not in said(phone, "/")
    assert "Ontmoetingsplek 1" in said(office, f"/office/doubles/place_facts/{row}")


def test_a_reader_sees_no_doubles(
    waiting: str,
    hire: Callable[..., Any],
    sign_in: Callable[[Any], Client],
    changes: Callable[[], int],
    office: Client,
) -> None:
    reader = sign_in(hire("lezer", "reader"))
    token = reader.token("/office/")
    for address in (waiting, "/office/doubles"):
        assert reader.get(address).status_code == 403
    for address in ("/office/", "/office/at/OP-01"):
        assert "/office/doubles" not in reader.get(address).text
    shown = office.get(waiting)
    before = changes()
    assert reader.send(shown, {"how": "merge", "csrf_token": token}).status_code == 403
    assert changes() == before
    office.send(shown, {"how": "merge"})
    decided = office.get(waiting)
    before = changes()
    undo = {"csrf_token": token}
    assert reader.send(decided, undo, f"{waiting}/undo").status_code == 403
    assert changes() == before


def test_without_hiding_the_office_would_read_names(
    office: Client, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = board.Beside
    monkeypatch.setattr(board, "Beside", lambda *given, named: shown(*given, named=True))
    assert "Murat" in said(office, waiting)


def test_no_name_or_code_stands_in_the_journal(
    office: Client, waiting: str, crew: list[str], small: Store, kept: Any
) -> None:
    for how in ("merge", "replace"):
        office.fill(waiting, {"how": how})
        office.fill(waiting, action=f"{waiting}/undo")
    lines = [str(line) for line in kept("journal")]
    assert sum("decide" in line or "'undo'" in line for line in lines) == 8
    for secret in (*crew, *NAMES):
        assert not any(secret in line for line in lines)
        assert secret not in str(kept("decision"))
    with small.read() as connection:
        assert small.journal.broken(connection) is None
