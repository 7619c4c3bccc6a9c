"""Mijn week sent twice, by two people, or for a place that is not one's own: nobody loses."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.web import week_change
from tests.page import Client, controls, parse, words
from tests.web.sheets import (
    COUNTED,
    MONDAY,
    MORNING,
    TUESDAY,
    WEDNESDAY,
    fill,
    hours,
    mistake,
    post,
    sheet,
    stands,
)


@pytest.fixture
def monday(send: Callable[..., Any]) -> str:
    """The row of 24 visitors on Monday morning at OP-01."""
    return str(send("OP-01", "visitors", COUNTED).id)


def test_the_same_page_twice_is_kept_once(
    phone: Client, kept: Any, changes: Callable[[], int]
) -> None:
    shown = phone.get("/week")
    given = {MORNING: "12", f"opening.{TUESDAY}": "weather"}
    first = post(phone, shown, given)
    before = changes()
    again = post(phone, shown, given)
    assert (again.status_code, again.location) == (first.status_code, first.location)
    assert changes() == before
    assert len(kept("form_visitors")) == 1
    assert len(kept("form_opening")) == 2
    identity = uuid.UUID(stands(shown, "instanceID"))
    wanted = str(uuid.uuid5(identity, f"visitors {MONDAY} morning"))
    assert kept("form_visitors")[0]["_id"] == wanted


def test_a_late_second_copy_undoes_nobodys_work(
    phone: Client, pair_to: Callable[..., Client], kept: Any
) -> None:
    shown = phone.get("/week")
    post(phone, shown, {MORNING: "12"})
    colleague = pair_to("OP-01", name="Bo")
    fill(colleague, {MORNING: ""})
    again = post(phone, shown, {MORNING: "12"})
    assert again.status_code == 409
    assert [row["_state"] for row in kept("form_visitors")] == ["withdrawn"]
    assert post(phone, again, {}).status_code == 303
    assert [row["_state"] for row in kept("form_visitors")] == ["withdrawn", "current"]


def test_two_people_change_the_same_week(
    phone: Client, pair_to: Callable[..., Client], monday: str, kept: Any, send: Any
) -> None:
    send("OP-01", "visitors", COUNTED | {"date": TUESDAY, "visitors": "10"})
    colleague = pair_to("OP-01", name="Bo")
    shown = phone.get("/week")
    other = {MORNING: "30", f"visitors.{TUESDAY}.morning": "11", f"opening.{WEDNESDAY}": "weather"}
    assert fill(colleague, other).status_code == 303
    answer = post(phone, shown, {MORNING: "26", f"visitors.{MONDAY}.afternoon": "9"})
    assert answer.status_code == 409
    assert mistake(answer, MORNING).endswith("Nu staat er: 30.")
    assert stands(answer, MORNING) == "26"
    assert stands(answer, f"visitors.{MONDAY}.afternoon") == "9"
    assert stands(answer, f"visitors.{TUESDAY}.morning") == "11"  # not touched: as it is now
    assert not mistake(answer, f"visitors.{TUESDAY}.morning")
    assert stands(answer, f"opening.{WEDNESDAY}") == "weather"
    assert [row["visitors"] for row in kept("form_visitors")] == [30, 11]  # nothing was kept
    assert post(phone, answer, {}).status_code == 303
    assert [row["visitors"] for row in kept("form_visitors")] == [26, 11, 9]


def test_two_people_fill_in_the_same_cell(
    phone: Client, pair_to: Callable[..., Client], kept: Any
) -> None:
    colleague = pair_to("OP-01", name="Bo")
    shown = phone.get("/week")
    fill(colleague, {MORNING: "30"})
    assert post(phone, shown, {MORNING: "30"}).status_code == 303  # both say the same
    answer = post(phone, shown, {MORNING: "26"})
    assert answer.status_code == 409
    assert [(r["visitors"], r["_state"]) for r in kept("form_visitors")] == [(30, "current")]
    post(phone, answer, {})
    assert [(r["visitors"], r["_state"]) for r in kept("form_visitors")] == [(26, "current")]


def test_a_colleague_closes_a_day_on_which_i_count(
    phone: Client, pair_to: Callable[..., Client], kept: Any
) -> None:
    shown = phone.get("/week")
    fill(pair_to("OP-01", name="Bo"), {f"opening.{MONDAY}": "weather"})
    answer = post(phone, shown, {MORNING: "5"})
    assert answer.status_code == 422
    assert stands(answer, f"opening.{MONDAY}") == "weather"
    assert kept("form_visitors") == []
    assert post(phone, answer, {f"opening.{MONDAY}": "yes"}).status_code == 303
    assert hours(kept("form_opening")[0]) == ["yes", "09:00", "17:00", None, None, None]


def test_a_slip_does_not_hide_that_somebody_was_first(
    phone: Client, pair_to: Callable[..., Client], monday: str, kept: Any
) -> None:
    """With the fresh lock of a refused page a colleague's number would be lost in silence."""
    shown = phone.get("/week")
    fill(pair_to("OP-01", name="Bo"), {MORNING: "30"})
    for given in ({f"visitors.{TUESDAY}.morning": "veel"}, {"csrf_token": "x"}):
        answer = post(phone, shown, {MORNING: "26", **given})
        assert answer.status_code == 409
        assert mistake(answer, MORNING).endswith("Nu staat er: 30.")
    assert kept("form_visitors")[0]["visitors"] == 30


def test_without_the_lock_the_last_one_would_win(
    phone: Client,
    pair_to: Callable[..., Client],
    monday: str,
    kept: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = phone.get("/week")
    fill(pair_to("OP-01", name="Bo"), {MORNING: "30"})
    assert post(phone, shown, {MORNING: "26"}).status_code == 409
    monkeypatch.setattr(week_change.Sent, "overtaken", lambda self, cell: False)
    assert post(phone, shown, {MORNING: "26"}).status_code == 303
    assert kept("form_visitors")[0]["visitors"] == 26


def test_records_of_another_place_cannot_be_reached(
    phone: Client, send: Callable[..., Any], kept: Any, changes: Callable[[], int]
) -> None:
    theirs = send("OP-02", "visitors", COUNTED | {"visitors": "7613"}).id
    before = changes()
    lock = {f"seen.{MORNING}": f"{theirs}:0", f"was.{MORNING}": "7613"}
    answer = fill(phone, lock | {MORNING: "5"})
    assert answer.status_code == 409
    assert "7613" not in answer.text and theirs not in answer.text
    assert fill(phone, lock | {MORNING: ""}).status_code == 303
    assert changes() == before
    assert [(r["_place"], r["visitors"]) for r in kept("form_visitors")] == [("OP-02", 7613)]


def test_an_id_of_another_place_is_not_taken_over(
    phone: Client, pair_to: Callable[..., Client], kept: Any
) -> None:
    shown = phone.get("/week")
    assert post(phone, shown, {MORNING: "12"}).status_code == 303
    other = pair_to("OP-02")
    answer = fill(other, {MORNING: "5", "instanceID": stands(shown, "instanceID")})
    assert answer.status_code == 409
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-01"]
    assert kept("conflict") == []
    assert post(other, answer, {}).status_code == 303


def test_a_page_that_stood_open_too_long_comes_back_as_typed(phone: Client, kept: Any) -> None:
    typed = {MORNING: "12", f"opening.{TUESDAY}": "weather", "csrf_token": "x"}
    answer = fill(phone, typed)
    assert answer.status_code == 422
    assert "Deze pagina stond te lang open." in answer.text
    assert (stands(answer, MORNING), stands(answer, f"opening.{TUESDAY}")) == ("12", "weather")
    assert kept("form_visitors") == []
    assert post(phone, answer, {}).status_code == 303
    assert len(kept("form_visitors")) == 1


def test_a_page_that_is_not_whole_gets_a_new_id(phone: Client, kept: Any) -> None:
    answer = fill(phone, {MORNING: "12", "instanceID": "x"})
    assert (answer.status_code, kept("form_visitors")) == (422, [])
    assert "Deze pagina was niet heel." in answer.text
    assert post(phone, answer, {}).status_code == 303


def test_cells_that_a_page_does_not_have_are_left_alone(
    phone: Client, monday: str, kept: Any
) -> None:
    token = phone.token("/week")
    data = {"csrf_token": token, "instanceID": str(uuid.uuid4())}
    assert phone.post("/week", data=data).status_code == 303
    assert kept("form_visitors")[0]["_state"] == "current"


def test_a_switched_phone_keeps_to_the_place_of_its_page(
    pair_to: Callable[..., Client], kept: Any, clock: Any
) -> None:
    phone = pair_to("OP-02", "OP-01")
    shown = phone.get("/week")
    clock.forward(minutes=1)
    phone.post("/switch", data={"csrf_token": phone.token(), "place": "OP-02"})
    answer = post(phone, shown, {MORNING: "12"})
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-01"]
    saved = phone.get(answer.location)
    assert "Ontmoetingsplek 1, week 47, 12 bezoekers." in saved.text
    edit = next(a for a in parse(saved.text).all("a") if "Klopt er iets niet?" in words(a))
    assert stands(phone.get(edit.attrib["href"]), MORNING) == "12"
    assert stands(phone.get("/week"), MORNING) == ""
    strange = controls(sheet(shown)) | {"page.place": "WB-01"}
    assert phone.post("/week", data=strange).status_code == 404


def test_only_paired_phones_have_a_week(client: Client, office: Client) -> None:
    assert client.get("/week").status_code == office.get("/week").status_code == 401
    assert client.post("/week").status_code == client.get("/week/saved").status_code == 401


def test_everything_is_kept_or_nothing(
    phone: Client, kept: Any, changes: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    add, told = week_change.rows.add, []

    def breaks(*given: Any) -> Any:
        told.append(given)
        if len(told) == 3:
            raise RuntimeError("the power fails")
        return add(*given)

    monkeypatch.setattr(week_change.rows, "add", breaks)
    before = changes()
    with pytest.raises(RuntimeError):
        fill(phone, {MORNING: "12", f"visitors.{TUESDAY}.morning": "8"})
    assert changes() == before
    assert kept("form_visitors") == kept("form_opening") == []
