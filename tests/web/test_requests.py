"""A closed month on the phone: late is kept, a change is asked for, and the office answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fieldapp.keep import closing
from fieldapp.keep.store import Store
from tests.conftest import MOMENT, Clock
from tests.page import Client, parse, words
from tests.web.crowds import paste, save

MORNING = {"date": "2026-10-15", "daypart": "morning"}
WEEK = "/week?week=2026-W44"  # Monday 26 October to Sunday 1 November
REQUESTS = "/office/requests"


@pytest.fixture
def close(small: Store, clock: Clock) -> Callable[..., None]:
    """Closes October, without making its workbook."""

    def closed(month: str = "2026-10") -> None:
        with small.write("account:1", clock()) as write:
            head = small.journal.head(write.connection)
            closing.close(small, write, month, head, {})

    return closed


@pytest.fixture
def visitors(send: Any, close: Any, clock: Clock) -> str:
    """The address of a record of visitors in October, which is closed since."""
    row = send("OP-01", "visitors", MORNING | {"visitors": "24"}).id
    clock.forward(minutes=1)
    close()
    return f"/form/visitors/{row}"


@pytest.fixture
def stands(kept: Any) -> Callable[[], Any]:
    """The visitors that count, and how many requests wait."""

    def told() -> tuple[Sequence[int], int]:
        counts = [row["visitors"] for row in kept("form_visitors", _state="current")]
        return counts, len(kept("request", outcome=None))

    return told


def said(client: Client, address: str) -> str:
    """Everything that a page says."""
    return words(next(parse(client.get(address).text).all("main")))


def answer(office: Client, do: str, number: int = 1) -> Any:
    """Presses one of the office's buttons."""
    return office.fill(REQUESTS, {"do": do}, action=f"{REQUESTS}/{number}")


# --- the doors of a phone ---------------------------------------------------------------------


def test_a_change_is_asked_for_and_taken_over(
    phone: Client, office: Client, visitors: str, stands: Any
) -> None:
    assert "Deze maand is gesloten" in said(phone, visitors)
    page = phone.get(visitors)
    assert "Vraag deze verandering aan" in page.text
    for _ in range(2):  # sent twice it is one
        assert phone.send(page, {"visitors": "25"}).location == visitors
    assert stands() == ([24], 1)
    shown = said(phone, visitors)
    assert "U vroeg op" in shown
    assert "25" in shown
    assert "Verzoeken van plekken: 1" in said(office, "/office/months")
    assert "Ontmoetingsplek 1" in said(office, REQUESTS)
    assert answer(office, "accept").location == REQUESTS
    assert stands() == ([25], 0)
    assert "U vroeg op" not in said(phone, visitors)
    assert "Veranderd" in said(office, "/office/months/2026-10")
    assert answer(office, "undo").status_code == 303
    assert stands() == ([24], 1)


def test_withdrawing_is_asked_for_and_refused(
    phone: Client, office: Client, visitors: str, stands: Any
) -> None:
    action = f"{visitors}/withdraw"
    for _ in range(2):
        assert phone.fill(visitors, action=action).location == visitors
    assert stands() == ([24], 1)
    assert "om dit in te trekken" in said(phone, visitors)
    assert "Mag dit worden ingetrokken?" in said(office, REQUESTS)
    assert answer(office, "refuse").status_code == 303
    assert stands() == ([24], 0)
    assert "nam uw verzoek niet over" in said(phone, visitors)


def test_a_new_record_is_kept_as_late(phone: Client, visitors: str, stands: Any) -> None:
    given = {"date": "2026-10-16", "daypart": "morning", "visitors": "7"}
    saved = phone.fill("/form/visitors", given).location
    assert "nagekomen" in said(phone, str(saved))
    assert "nagekomen" not in said(phone, f"{visitors}/saved")  # this one came before
    assert stands() == ([24, 7], 0)


def test_a_second_record_waits_for_the_office(
    phone: Client, office: Client, visitors: str, stands: Any, kept: Any
) -> None:
    saved = str(phone.fill("/form/visitors", MORNING | {"visitors": "18"}).location)
    assert "tot het programmabureau kiest" in said(phone, saved)
    address = saved.removesuffix("/saved").replace("/form/", "/doubles/")
    shown = phone.get(address)
    assert "Het programmabureau kiest wat goed is" in shown.text
    assert 'name="how"' not in shown.text
    seen = {"how": "replace", "edits": "0", "kept": visitors.split("/")[-1], "kept_edits": "0"}
    forged = phone.post(address, data=seen | {"csrf_token": phone.token()})
    assert forged.status_code == 409
    assert stands() == ([24], 0)
    there = f"/office{address}"
    assert office.fill(there, {"how": "replace"}).location == there
    assert stands() == ([18], 0)
    token = {"csrf_token": phone.token(), "decision": str(kept("decision")[0]["id"])}
    assert phone.post(f"{address}/undo", data=token).status_code == 409
    assert "Maak ongedaan" not in phone.get(address).text
    assert stands() == ([18], 0)


def test_a_week_over_two_months_asks_for_what_is_closed_only(
    phone: Client, send: Any, close: Any, kept: Any, clock: Clock
) -> None:
    clock.now = MOMENT.replace(month=11, day=6)
    for date, visitors in (("2026-10-28", "24"), ("2026-10-29", "5")):
        day = {"date": date, "daypart": "morning", "visitors": visitors}
        send("OP-01", "visitors", day)
        send("OP-01", "opening", {"date": date, "open": "yes", "open_from": "09:00",
                                  "open_until": "17:00"})  # fmt: skip
    close()
    assert "maand die gesloten is" in said(phone, WEEK)
    page = phone.get(WEEK)
    given = {
        "visitors.2026-10-28.morning": "25",
        "visitors.2026-10-29.morning": "",
        "visitors.2026-10-30.morning": "9",
    }
    for _ in range(2):
        assert phone.send(page, given, action=WEEK).status_code == 303
    rows = {row["date"]: (row["visitors"], row["_state"]) for row in kept("form_visitors")}
    assert rows == {
        "2026-10-28": (24, "current"),
        "2026-10-29": (5, "current"),
        "2026-10-30": (9, "current"),
    }
    assert sorted(each["action"] for each in kept("request", outcome=None)) == [
        "change", "withdraw",
    ]  # fmt: skip
    assert "Aan het programmabureau gevraagd: 2" in said(phone, "/week/saved?week=2026-W44")
    assert "verzoek bij het programmabureau" in said(phone, WEEK)


def test_people_who_are_added_with_an_earlier_start_are_late(
    phone: Client, office: Client, close: Any, kept: Any
) -> None:
    close()
    page = paste(phone, ["Samira", "Murat"], started="2026-10-05", role="volunteer")
    assert save(phone, page).status_code == 303
    assert [row["_state"] for row in kept("form_person_new")] == ["current", "current"]
    assert "Na het sluiten: 2" in said(office, "/office/months/2026-10")


def test_one_tap_is_kept_as_late(
    phone: Client, office: Client, enter: Any, send: Any, close: Any, clock: Clock, kept: Any
) -> None:
    code = enter("OP-01", "Fatima", started="2026-09-01")
    send("OP-01", "volunteer_month", {"month": "2026-09-01", "allowance": [code]})
    clock.now = MOMENT.replace(month=11, day=3)
    close()
    given = {"month": "2026-10-01", "allowance": [code]}
    saved = phone.fill("/form/volunteer_month?month=2026-10-01", given).location
    assert "nagekomen" in said(phone, str(saved))
    assert len(kept("form_volunteer_month", _state="current")) == 2
    assert "Na het sluiten: 1" in said(office, "/office/months/2026-10")


# --- what the office makes of it --------------------------------------------------------------


def test_what_the_office_corrected_meanwhile_is_not_overwritten(
    phone: Client, office: Client, visitors: str, stands: Any, small: Store, clock: Clock
) -> None:
    phone.fill(visitors, {"visitors": "25"})
    page = office.get(REQUESTS)
    with small.write("account:1", clock()) as write:
        write.connection.execute("UPDATE form_visitors SET visitors = 30, _edits = 1")
    late = office.send(page, {"do": "accept"}, action=f"{REQUESTS}/1")
    assert late.status_code == 409
    assert "Overnemen kan niet meer" in late.text
    assert stands() == ([30], 1)


def test_what_cannot_be_any_more_is_said(
    phone: Client, office: Client, visitors: str, send: Any, stands: Any
) -> None:
    phone.fill(visitors, {"daypart": "afternoon"})
    send("OP-01", "visitors", {"date": "2026-10-15", "daypart": "afternoon", "visitors": "3"})
    late = answer(office, "accept")
    assert late.status_code == 422
    assert "Hierover is al iets ingevuld" in late.text
    assert stands() == ([24, 3], 1)


def test_the_office_sees_no_names(
    phone: Client, office: Client, enter: Any, send: Any, close: Any
) -> None:
    codes = [enter("OP-01", name, started="2026-09-01") for name in ("Samira", "Murat")]
    given = {"date": "2026-10-15", "who": codes[:1], "hours": "3"}
    row = send("OP-01", "volunteer_hours", given).id
    close()
    phone.fill(f"/form/volunteer_hours/{row}", {"who": codes})
    shown = office.get(REQUESTS).text
    assert "2 mensen" in shown
    assert "Samira" not in shown
    assert "Murat" not in shown


def test_a_request_is_of_its_own_place(
    visitors: str, pair_to: Callable[..., Client], phone: Client
) -> None:
    phone.fill(visitors, {"visitors": "25"})
    assert pair_to("OP-02", name="Bo").get(visitors).status_code == 404
    assert "Verzoek" not in said(pair_to("OP-02", name="Jan"), "/records")


def test_nonsense_is_refused(office: Client, phone: Client, visitors: str, stands: Any) -> None:
    phone.fill(visitors, {"visitors": "25"})
    token = {"csrf_token": office.token(REQUESTS)}
    assert office.post(f"{REQUESTS}/1", data=token | {"do": "x"}).status_code == 400
    assert office.post(f"{REQUESTS}/99", data=token | {"do": "accept"}).status_code == 404
    assert office.post(f"{REQUESTS}/1", data={"do": "accept"}).status_code == 422
    assert stands() == ([24], 1)


# --- until when -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/records", "/week", "/week/saved"])
def test_pages_with_records_say_until_when(address: str, phone: Client) -> None:
    shown = said(phone, address)
    assert "U kunt november 2026 nog veranderen tot en met maandag 7 december" in shown


def test_a_record_and_what_was_saved_say_so_too(phone: Client) -> None:
    saved = phone.fill("/form/visitors", {"daypart": "morning", "visitors": "7"}).location
    for address in (str(saved), str(saved).removesuffix("/saved")):
        assert "U kunt november 2026 nog veranderen" in said(phone, address)


def test_a_month_that_is_closed_early_is_not_promised(
    phone: Client, close: Any, clock: Clock
) -> None:
    clock.now = MOMENT.replace(month=11, day=3)
    assert "U kunt oktober 2026 nog veranderen" in said(phone, "/records")
    close()
    assert "U kunt november 2026 nog veranderen" in said(phone, "/records")
    assert "U kunt oktober" not in said(phone, "/")


# --- the guard switched off -------------------------------------------------------------------


@pytest.mark.parametrize("door", ["form", "withdraw", "week", "double", "undo"])
def test_without_the_guard_each_door_would_change_it(
    door: str,
    phone: Client,
    office: Client,
    visitors: str,
    send: Any,
    stands: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = send("OP-01", "visitors", MORNING | {"visitors": "18"}).id
    double, week = f"/doubles/visitors/{other}", "/week?week=2026-W42"
    seen = {"edits": "0", "kept": visitors.split("/")[-1], "kept_edits": "0"}
    if door == "undo":
        office.fill(f"/office{double}", {"how": "replace"})

    def go() -> None:
        token = {"csrf_token": phone.token()}
        match door:
            case "form":
                phone.fill(visitors, {"visitors": "25"})
            case "withdraw":
                phone.fill(visitors, action=f"{visitors}/withdraw")
            case "week":
                phone.fill(week, {"visitors.2026-10-15.morning": "25"}, action=week)
            case "double":
                phone.post(double, data=token | seen | {"how": "replace"})
            case "undo":
                phone.post(f"{double}/undo", data=token | {"decision": "1"})

    before = stands()[0]
    go()
    assert stands()[0] == before
    monkeypatch.setattr(closing, "guard", lambda *_: None)
    go()
    assert stands()[0] != before
