"""Records of a place: kept once, looked at, changed, withdrawn; and what home says of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from fieldapp.keep.store import Store
from tests.conftest import MOMENT
from tests.page import Client, controls, parse, words

TODAY = MOMENT.date().isoformat()
GOOD = {"date": TODAY, "daypart": "morning", "visitors": "24"}


def rows_of(text: str) -> list[str]:
    """The lines of the page's lists."""
    return [
        " ".join(" ".join(item.itertext()).split())
        for item in parse(text).all("li")
        if item.find("./a") is not None
    ]


def lists(text: str) -> dict[str, Element]:
    """The lists of home by their heading."""
    found = {}
    for section in parse(text).all("section"):
        heading = words(next(section.iter("h2")))
        found[heading] = section
    return found


@pytest.fixture
def visit(phone: Client) -> str:
    """A record of this morning at OP-01; its address."""
    answer = phone.fill("/form/visitors", GOOD)
    assert answer.status_code == 303
    return str(answer.location).removesuffix("/saved")


def test_a_double_tap_keeps_one_row(phone: Client, kept: Any, changes: Callable[[], int]) -> None:
    shown = phone.get("/form/visitors")
    first = phone.send(shown, GOOD)
    before = changes()
    again = phone.send(shown, GOOD)
    assert again.status_code == first.status_code == 303
    assert again.location == first.location
    assert phone.get(first.location).text.count("24 bezoekers") == 2  # title and heading
    assert len(kept("form_visitors")) == 1
    assert changes() == before


def test_what_was_kept_is_repeated(phone: Client) -> None:
    saved = phone.get(phone.fill("/form/visitors", GOOD).location)
    heading = words(next(parse(saved.text).all("h1")))
    assert heading == (
        "Bedankt. Wij hebben dit bewaard: Ontmoetingsplek 1, vandaag, ochtend, 24 bezoekers."
    )
    assert "/form/opening" in saved.text  # the next form of today


def test_the_same_id_with_another_answer_is_a_conflict(
    phone: Client, kept: Any, small: Store
) -> None:
    shown = phone.get("/form/visitors")
    phone.send(shown, GOOD)
    answer = phone.send(shown, GOOD | {"visitors": "31"})
    assert answer.status_code == 409
    assert "Dit was al verstuurd met andere antwoorden." in answer.text
    assert 'value="31"' in answer.text
    assert [row["visitors"] for row in kept("form_visitors")] == [24]
    (aside,) = kept("conflict")
    assert '"visitors":31' in small.seal.open(aside["answers"], "conflict", aside["row"], "answers")
    assert phone.send(answer).status_code == 303  # a new record, if that is what it was
    assert [row["_state"] for row in kept("form_visitors")] == ["current", "double"]


def test_the_same_id_from_another_place_is_a_conflict(
    phone: Client, pair_to: Callable[..., Client], kept: Any
) -> None:
    identity = str(uuid.uuid4())
    assert phone.fill("/form/visitors", GOOD | {"instanceID": identity}).status_code == 303
    other = pair_to("OP-02")
    answer = other.fill("/form/visitors", GOOD | {"instanceID": identity})
    assert answer.status_code == 409
    assert "Ontmoetingsplek 1" not in answer.text
    assert [row["_place"] for row in kept("form_visitors")] == ["OP-01"]
    assert other.get(f"/form/visitors/{identity}").status_code == 404


def test_a_second_record_of_one_moment_waits(phone: Client, visit: str, kept: Any) -> None:
    answer = phone.fill("/form/visitors", GOOD | {"visitors": "6"})
    assert "Dit telt nog niet mee" in phone.get(answer.location).text
    assert [row["_state"] for row in kept("form_visitors")] == ["current", "double"]
    assert any("Dubbel: telt nog niet mee" in line for line in rows_of(phone.get("/records").text))


def test_a_record_is_changed(phone: Client, visit: str, kept: Any, clock: Any) -> None:
    shown = phone.get(visit)
    assert "Bewaard op 20 november 2026, 10:12." in shown.text
    form = next(f for f in parse(shown.text).all("form") if f.get("action") == visit)
    assert controls(form)["visitors"] == ["24"]
    clock.forward(hours=3)
    answer = phone.send(shown, {"visitors": "26"})
    assert (answer.status_code, answer.location) == (303, f"{visit}/saved")
    (row,) = kept("form_visitors")
    assert (row["visitors"], row["_edits"], row["_received_at"]) == (26, 1, "2026-11-20T09:12:00Z")
    last = kept("journal")[-1]
    assert (last["action"], last["object"], last["row"]) == ("change", "visitors", row["_id"])
    assert '"visitors":24' in last["before"]
    assert '"visitors":26' in last["after"]


def test_a_change_that_comes_too_late_shows_both(
    phone: Client, pair_to: Callable[..., Client], visit: str, kept: Any
) -> None:
    colleague = pair_to("OP-01", name="Bo")
    shown = phone.get(visit)
    assert colleague.fill(visit, {"visitors": "30"}).status_code == 303
    answer = phone.send(shown, {"visitors": "26"})
    assert answer.status_code == 409
    assert "Nu staat er: " in answer.text
    assert "Hoeveel mensen kwamen er? 30" in answer.text
    form = next(f for f in parse(answer.text).all("form") if f.get("action") == visit)
    assert (controls(form)["visitors"], controls(form)["edits"]) == (["26"], ["1"])
    assert kept("form_visitors")[0]["visitors"] == 30
    assert phone.send(answer).status_code == 303
    assert kept("form_visitors")[0]["visitors"] == 26


def test_a_change_to_a_moment_that_is_taken_is_refused(phone: Client, visit: str) -> None:
    phone.fill("/form/visitors", GOOD | {"daypart": "afternoon"})
    answer = phone.fill(visit, {"daypart": "afternoon"})
    assert answer.status_code == 422
    assert "Hierover is al iets ingevuld. Verander dat." in answer.text


def test_a_change_is_checked_as_a_new_answer_is(phone: Client, visit: str, kept: Any) -> None:
    assert phone.fill(visit, {"visitors": "veel"}).status_code == 422
    assert phone.fill(visit, {"csrf_token": None, "visitors": "5"}).status_code == 422
    assert kept("form_visitors")[0]["visitors"] == 24


def test_a_record_is_withdrawn_and_stays(phone: Client, visit: str, kept: Any) -> None:
    stale = phone.get(visit)
    answer = phone.fill(visit, action=f"{visit}/withdraw")
    assert (answer.status_code, answer.location) == (303, visit)
    (row,) = kept("form_visitors")
    assert (row["_state"], row["visitors"]) == ("withdrawn", 24)
    shown = phone.get(visit)
    assert "Dit is ingetrokken en telt niet mee." in shown.text
    assert f"{visit}/withdraw" not in shown.text
    assert phone.send(stale, {"visitors": "3"}).status_code == 409
    assert phone.send(stale, action=f"{visit}/withdraw").status_code == 409
    assert any("Ingetrokken" in line for line in rows_of(phone.get("/records").text))
    assert phone.fill("/form/visitors", GOOD | {"visitors": "5"}).status_code == 303
    assert [row["_state"] for row in kept("form_visitors")] == ["withdrawn", "current"]


def test_one_tap_keeps_an_ordinary_day(pair_to: Callable[..., Client], kept: Any) -> None:
    phone = pair_to("OP-01")
    home = phone.get("/")
    assert "Was u vandaag open van 9:00 tot 17:00?" in home.text
    answer = phone.send(home, action="/form/opening")
    assert answer.status_code == 303
    (row,) = kept("form_opening")
    wanted = {
        "date": TODAY, "open": "yes", "open_from": "09:00", "open_until": "17:00",
        "open_from_2": None, "regular_from": "09:00", "regular_until": "17:00", "_place": "OP-01",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert "Was u vandaag open" not in phone.get("/").text


def test_one_tap_keeps_both_openings_of_a_day(phone: Client, kept: Any, clock: Any) -> None:
    clock.now = dt.datetime(2026, 11, 18, 20, 0, tzinfo=MOMENT.tzinfo)  # a Wednesday
    home = phone.get("/")
    assert "Was u vandaag open van 9:00 tot 17:00 en van 19:00 tot 21:30?" in home.text
    assert phone.send(home, action="/form/opening").status_code == 303
    (row,) = kept("form_opening")
    assert (row["open_from_2"], row["open_until_2"]) == ("19:00", "21:30")


def test_on_a_day_that_is_closed_nothing_is_asked(phone: Client, clock: Any) -> None:
    clock.now = dt.datetime(2026, 11, 22, 12, 0, tzinfo=MOMENT.tzinfo)  # a Sunday
    home = phone.get("/")
    assert "Was u vandaag open" not in home.text
    assert "Vandaag niet nodig" in home.text


def test_home_says_what_is_done_and_what_is_missing(phone: Client) -> None:
    home = phone.get("/")
    todo = [item for item in parse(home.text).all("li") if item.get("class") == "todo"]
    assert [words(next(item.iter("b"))) for item in todo] == [
        "Openingstijd", "Bezoekers", "Uren van vrijwilligers"
    ]  # fmt: skip
    assert "U kunt november 2026 nog veranderen tot en met maandag 7 december." in home.text
    missing = lists(home.text)["Nog niet ingevuld"]
    lines = [words(item) for item in missing.iter("li")]
    assert lines[0].startswith("Gisteren")
    assert not any(line.startswith("Vandaag") for line in lines)
    assert phone.get(next(missing.iter("a")).get("href")).status_code == 200
    phone.fill("/form/visitors", GOOD)
    parts = {words(a.find(".//b")): words(a.find(".//small")) for a in parse(
        phone.get("/").text).all("a") if "daypart=" in a.get("href", "") and TODAY in a.get(
        "href", "")}  # fmt: skip
    assert parts == {"Ochtend": "Ingevuld", "Middag": "Nog invullen"}


def test_a_form_that_was_forgotten_opens_on_its_day(phone: Client) -> None:
    section = lists(phone.get("/").text)["Nog niet ingevuld"]
    address = next(a.get("href") for a in section.iter("a") if "visitors" in a.get("href", ""))
    assert address == "/form/visitors?date=2026-11-19&daypart=morning"
    form = next(f for f in parse(phone.get(address).text).all("form") if "data-form" in f.attrib)
    found = controls(form)
    assert (found["date"], found["daypart"]) == (["2026-11-19"], ["morning"])


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-12-07", "november 2026 nog veranderen tot en met maandag 7 december"),
        ("2026-12-08", "december 2026 nog veranderen tot en met vrijdag 8 januari"),
    ],
)
def test_a_month_stays_open_until_the_fifth_working_day(
    day: str, said: str, phone: Client, clock: Any
) -> None:
    clock.now = dt.datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=MOMENT.tzinfo)
    assert said in phone.get("/").text


def test_last_week_s_activities_are_there_to_change(phone: Client, send: Any) -> None:
    send("OP-01", "visitors", {"date": "2026-11-13", "daypart": "morning", "visitors": "9",
                               "activities": ["meal", "language"]})  # fmt: skip
    form = next(
        f
        for f in parse(phone.get(f"/form/visitors?date={TODAY}&daypart=morning").text).all("form")
        if "data-form" in f.attrib
    )
    assert sorted(controls(form)["activities"]) == ["language", "meal"]


def test_records_are_those_of_the_open_month(
    phone: Client, visit: str, send: Any, clock: Any
) -> None:
    send("OP-01", "visitors", GOOD | {"date": "2026-10-31"}, at=MOMENT - dt.timedelta(days=20))
    send("OP-02", "visitors", GOOD | {"visitors": "77"})
    page = phone.get("/records")
    assert rows_of(page.text)[:1] == ["Bezoekers ochtend, 24 bezoekers"]
    assert "77 bezoekers" not in page.text
    assert "oktober" not in page.text
    assert f'href="{visit}"' in page.text


def test_people_and_cards(phone: Client, enter: Callable[..., str]) -> None:
    assert "Er staat nog niemand in de lijst." in phone.get("/people").text
    ria, bo = enter("OP-01", "Ria"), enter("OP-01", "Bo")
    other = enter("OP-02", "Canary")
    page = phone.get("/people")
    assert [line.split(" · ")[0] for line in rows_of(page.text) if " · " in line] == ["Bo", "Ria"]
    assert ria in page.text
    assert "Canary" not in page.text
    assert "Vrijwilliger, sinds 2-11-2026" in page.text
    cards = phone.get("/cards").text
    assert ria in cards and bo in cards and other not in cards
    assert "Ria" not in cards


def test_who_left_is_no_longer_on_the_list(phone: Client, enter: Callable[..., str]) -> None:
    code = enter("OP-01", "Ria")
    left = {"person": code, "date": "2026-11-19", "step": "left", "left_reason": "moved"}
    assert phone.fill("/form/step", left).status_code == 303
    assert code not in phone.get("/people").text
    assert code in phone.get("/form/volunteer_hours").text  # days before can still be filled in


def test_a_card_of_another_place_joins_one_person(
    phone: Client, enter: Callable[..., str], kept: Any
) -> None:
    code = enter("OP-02", "Ria")
    given = {
        "role": "volunteer", "known_elsewhere": "yes_card", "card_code": code.lower(),
        "call_name": "Ria", "started": TODAY, "informed": "OK",
    }  # fmt: skip
    assert phone.fill("/form/person_new", given).status_code == 303
    assert [row["person"] for row in kept("form_person_new")] == [code, code]
    assert len(kept("people")) == 1
