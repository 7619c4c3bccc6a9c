"""Words of places are told only after the office has read them, and only as they stood then."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.keep.store import Store
from fieldapp.keep.views import exporting
from tests.conftest import Clerk
from tests.page import Client, parse

READING = "/office/reading"
WROTE = {"month": "2026-10", "worked": "De taalles zat vol."}


@pytest.fixture
def wrote(phone: Client, send: Any) -> str:
    """A month report of OP-01."""
    assert phone.fill("/form/month_report", WROTE).status_code == 303
    return "De taalles zat vol."


def told(small: Store) -> list[str]:
    """What a public sheet would tell of the month reports."""
    with exporting(small) as connection:
        return [
            row[0]
            for row in connection.execute(
                "SELECT worked FROM month_report WHERE _id IN (SELECT row FROM passed) ORDER BY 1"
            )
        ]


def ticks(text: str) -> list[str]:
    """What can be ticked on the page."""
    return [box.get("value", "") for box in parse(text).all("input") if box.get("name") == "passed"]


def test_a_record_is_read_also_when_its_id_looks_like_a_number_of_somebody(
    office: Client, small: Store, send: Any
) -> None:
    row = "0a1b2c3d-1e2f-4a5b-8c6d-a111222333bc"
    send("OP-01", "month_report", {"month": "2026-10-01", "worked": "Samen koken."}, row)
    answer = office.send(office.get(READING), {"passed": [f"month_report:{row}:0"]})
    assert (answer.status_code, answer.location) == (303, f"{READING}?done=1")
    assert told(small) == ["Samen koken."]


def test_what_was_read_is_told_and_what_was_not_is_not(
    office: Client, wrote: str, small: Store, send: Any, kept: Any
) -> None:
    send("OP-02", "month_report", {"month": "2026-10-01", "change": "Wij bellen mensen op."})
    send("OP-02", "year_report", {"year": "2026-01-01", "outlook": "Meer taalles."})
    shown = office.get(READING)
    assert wrote in shown.text and "Meer taalles." in shown.text
    assert "Ontmoetingsplek 1" in shown.text and "oktober 2026" in shown.text
    assert told(small) == []
    row = kept("form_month_report", _place="OP-01")[0]["_id"]
    mine = f"month_report:{row}:0"
    others = [value for value in ticks(shown.text) if value != mine]
    assert len(others) == 2
    answer = office.send(shown, {"passed": [mine]})
    assert (answer.status_code, answer.location) == (303, f"{READING}?done=1")
    assert told(small) == [wrote]
    after = office.get(answer.location).text
    assert "Bewaard. Nagelezen: 1." in after
    assert ticks(after) == others


def test_the_journal_holds_no_words(office: Client, wrote: str, kept: Any) -> None:
    shown = office.get(READING)
    office.send(shown, {"passed": ticks(shown.text)})
    line = kept("journal", object="reading")[-1]
    assert "taalles" not in str(line)


def test_the_same_save_twice_keeps_one(office: Client, wrote: str, kept: Any) -> None:
    shown = office.get(READING)
    for _ in range(2):
        assert office.send(shown, {"passed": ticks(shown.text)}).status_code == 303
    assert [row["_state"] for row in kept("form_reading")] == ["current"]


def test_a_change_by_the_place_is_to_be_read_again(
    office: Client, phone: Client, wrote: str, small: Store, kept: Any
) -> None:
    shown = office.get(READING)
    office.send(shown, {"passed": ticks(shown.text)})
    assert told(small) == [wrote]
    row = kept("form_month_report")[-1]["_id"]
    assert phone.fill(f"/form/month_report/{row}", {"worked": "Nieuwe tekst."}).status_code == 303
    assert told(small) == []
    again = office.get(READING)
    assert "Nieuwe tekst." in again.text and "De plek heeft dit veranderd." in again.text
    assert office.send(again, {"passed": ticks(again.text)}).status_code == 303
    assert told(small) == ["Nieuwe tekst."]
    assert len(kept("form_reading", _state="current")) == 1


def test_what_changed_while_it_was_read_is_not_passed(
    office: Client, phone: Client, wrote: str, small: Store, send: Any, kept: Any
) -> None:
    send("OP-02", "month_report", {"month": "2026-10-01", "change": "Wij bellen mensen op."})
    shown = office.get(READING)
    row = kept("form_month_report")[0]["_id"]
    assert phone.fill(f"/form/month_report/{row}", {"worked": "Nieuwe tekst."}).status_code == 303
    answer = office.send(shown, {"passed": ticks(shown.text)})
    assert answer.status_code == 409
    assert "De plek heeft dit intussen veranderd. Lees het nog een keer." in answer.text
    assert "Nieuwe tekst." in answer.text
    assert kept("form_reading") == []
    ticked = [box.get("value", "") for box in parse(answer.text).all("input")
              if box.get("checked") is not None]  # fmt: skip
    assert len(ticked) == 1, "what was ticked and did not change stays ticked"
    assert row not in ticked[0]


def test_what_was_passed_can_be_taken_back(
    office: Client, wrote: str, small: Store, kept: Any
) -> None:
    shown = office.get(READING)
    office.send(shown, {"passed": ticks(shown.text)})
    reading = kept("form_reading")[0]["_id"]
    listed = office.get(READING)
    for _ in range(2):
        undone = office.send(listed, {}, f"{READING}/{reading}/undo")
        assert (undone.status_code, undone.location) == (303, READING)
    assert told(small) == []
    again = office.get(READING)
    assert office.send(again, {"passed": ticks(again.text)}).status_code == 303
    assert told(small) == [wrote]


def test_a_page_that_is_not_right_keeps_nothing(
    office: Client, wrote: str, kept: Any, changes: Callable[[], int]
) -> None:
    shown, before = office.get(READING), changes()
    nothing = office.send(shown, {"passed": []})
    assert nothing.status_code == 422
    assert "Vink aan wat u heeft nagelezen." in nothing.text
    old = office.send(shown, {"passed": ticks(shown.text), "csrf_token": "x"})
    assert old.status_code == 422
    assert " checked" in old.text
    for value in ("", "visitors:x:0", "month_report:x:", "month_report:x:-1", "month_report:x:1e9"):
        assert office.send(shown, {"passed": [value]}).status_code == 400, value
    unknown = f"month_report:{uuid.uuid4()}:0"
    assert office.send(shown, {"passed": [unknown]}).status_code == 404
    assert changes() == before
    assert kept("form_reading") == []


def test_only_the_role_office_reads(
    hire: Callable[..., Clerk], sign_in: Callable[[Clerk], Client], office: Client, wrote: str
) -> None:
    shown = office.get(READING)
    reader = sign_in(hire("lezer", "reader"))
    assert reader.get(READING).status_code == 403
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.get("/office/").text)
    assert token
    given = {"passed": ticks(shown.text), "csrf_token": token[1]}
    assert reader.post(READING, data=given).status_code == 403


def test_withdrawn_words_are_told_no_more(
    office: Client, phone: Client, wrote: str, small: Store, kept: Any
) -> None:
    shown = office.get(READING)
    office.send(shown, {"passed": ticks(shown.text)})
    row = kept("form_month_report")[-1]["_id"]
    gone = phone.fill(f"/form/month_report/{row}", action=f"/form/month_report/{row}/withdraw")
    assert gone.status_code == 303
    assert told(small) == []
    assert wrote not in office.get(READING).text
