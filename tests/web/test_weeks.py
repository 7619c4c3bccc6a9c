"""Mijn week through the year: which weeks there are, odd days, kinds of place, what follows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.conftest import MOMENT, WEEK
from tests.page import Client, controls, parse, words
from tests.web.sheets import COUNTED, MONDAY, MORNING, fill, hours, mistake, post, sheet, stands

SUNDAY_BEFORE = "2026-11-15"


def links(text: str) -> dict[str, str]:
    """Where the links of a page lead, by their words."""
    return {words(a): a.attrib["href"] for a in parse(text).all("a")}


def days(text: str) -> dict[str, str]:
    """Per row what stands before its cells."""
    found = [words(th) for th in parse(text).all("th") if th.attrib["scope"] == "row"]
    return {said.split()[0]: said for said in found}


def at(year: int, month: int, day: int, hour: int = 12) -> dt.datetime:
    """A moment at the places."""
    return dt.datetime(year, month, day, hour, 30, tzinfo=MOMENT.tzinfo)


def test_a_week_leads_to_the_one_before_and_never_into_the_future(phone: Client) -> None:
    now = phone.get("/week")
    assert "Week 47, 16 november tot en met 22 november 2026" in now.text
    assert links(now.text)["Vorige week"] == "/week?week=2026-W46"
    assert "Volgende week" not in links(now.text)
    before = phone.get("/week?week=2026-W46")
    assert links(before.text)["Volgende week"] == "/week?week=2026-W47"
    first = phone.get("/week?week=2020-W01")
    assert first.status_code == 200
    assert "Vorige week" not in links(first.text)
    assert links(phone.get("/").text)["Mijn week in één keer"] == "/week"


@pytest.mark.parametrize(
    "week",
    ["2026-W48", "2027-W01", "2019-W52", "2026-W00", "2026-W54", "2025-W53", "2026-47", "x",
     "2026-W4", "2026-W47-1", "9999-W52", "0000-W01", "2026-W٤٧", " 2026-W47"],
)  # fmt: skip
def test_a_week_that_is_not_there_is_said(phone: Client, week: str, kept: Any) -> None:
    for address in ("/week", "/week/saved"):
        answer = phone.get(address, query_string={"week": week})
        assert answer.status_code == 400
        assert "Deze week is er niet. Kies een week van 2020 tot en met nu." in answer.text
    given = {"csrf_token": phone.token(), MORNING: "5"}
    assert phone.post("/week", query_string={"week": week}, data=given).status_code == 400
    assert kept("form_visitors") == []


def test_a_week_crosses_a_month_and_a_year(phone: Client, kept: Any, clock: Any) -> None:
    clock.now = at(2027, 1, 3)
    shown = phone.get("/week?week=2026-W53")
    assert "Week 53, 28 december tot en met 3 januari 2027" in shown.text
    assert links(shown.text)["Vorige week"] == "/week?week=2026-W52"
    assert phone.get("/week").text.count("2026-W53")  # the week of this Sunday
    given = {"visitors.2026-12-31.morning": "5", "visitors.2027-01-02.morning": "6"}
    answer = post(phone, shown, given)
    assert answer.location == "/week/saved?week=2026-W53"
    assert [row["date"] for row in kept("form_visitors")] == ["2026-12-31", "2027-01-02"]
    clock.now = at(2027, 1, 4)
    assert links(phone.get("/week").text)["Vorige week"] == "/week?week=2026-W53"


def test_the_schedule_changes_in_the_middle_of_a_week(phone: Client, kept: Any, send: Any) -> None:
    later = {"valid_from": "2026-11-18"} | WEEK | {"we_from": "13:00", "th_from": "13:00"}
    send("OP-01", "schedule", later)
    shown = phone.get("/week")
    found = days(shown.text)
    assert found["dinsdag"] == "dinsdag 17 nov 9:00–17:00"
    assert found["woensdag"] == "woensdag 18 nov 13:00–17:00"
    fill(phone, {"visitors.2026-11-17.morning": "5", "visitors.2026-11-18.afternoon": "6"})
    rows = {row["date"]: hours(row)[:3] for row in kept("form_opening")}
    assert rows == {
        "2026-11-17": ["yes", "09:00", "17:00"],
        "2026-11-18": ["yes", "13:00", "17:00"],
    }


@pytest.mark.parametrize(("hour", "fold"), [(1, 0), (2, 0), (2, 1), (3, 0)])
def test_the_night_the_clock_changes_has_its_day(
    phone: Client, kept: Any, clock: Any, hour: int, fold: int
) -> None:
    clock.now = at(2026, 10, 25, hour).replace(fold=fold)
    name = "visitors.2026-10-25.morning"
    shown = phone.get("/week")
    assert "19 oktober tot en met 25 oktober 2026" in shown.text
    assert post(phone, shown, {name: "5"}).status_code == 303
    assert stands(phone.get("/week"), name) == "5"
    assert [row["date"] for row in kept("form_visitors")] == ["2026-10-25"]


def test_the_night_the_clock_goes_forward_begins_a_week(phone: Client, clock: Any) -> None:
    clock.now = dt.datetime(2026, 3, 29, 21, 59, tzinfo=dt.UTC)  # still Sunday at the places
    assert "Week 13," in phone.get("/week").text
    clock.now = dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC)
    assert "Week 14," in phone.get("/week").text


def test_a_day_without_schedule_keeps_visitors_and_asks_for_its_hours(
    phone: Client, kept: Any
) -> None:
    address = "/week?week=2026-W46"
    shown = phone.get(address)
    day = next(b for b in parse(shown.text).all("tbody") if "zondag" in words(b))
    assert day.attrib["class"] == "extra"
    assert "Open," not in words(day) and "Niet nodig" in words(day)
    answer = fill(phone, {f"visitors.{SUNDAY_BEFORE}.afternoon": "31"}, address)
    assert kept("form_opening") == []
    assert [(r["date"], r["visitors"]) for r in kept("form_visitors")] == [(SUNDAY_BEFORE, 31)]
    saved = phone.get(answer.location)
    asked = f"/form/opening?date={SUNDAY_BEFORE}"
    assert asked in links(saved.text).values()
    assert phone.get(asked).status_code == 200
    told = {"date": SUNDAY_BEFORE, "open": "yes", "open_from": "14:00", "open_until": "16:00"}
    assert phone.fill("/form/opening", told).status_code == 303
    assert asked not in links(phone.get(answer.location).text).values()
    assert "Open, 14:00–16:00" in phone.get(address).text


def test_a_closure_and_a_holiday_are_shown_and_can_be_filled_in(
    phone: Client, kept: Any, send: Any, clock: Any
) -> None:
    clock.now = at(2026, 4, 10)  # the Friday after Easter
    send("OP-01", "closure", {"from": "2026-04-08", "until": "2026-04-09",
                              "closed_reason": "vacation"})  # fmt: skip
    shown = phone.get("/week")
    found = days(shown.text)
    assert found["maandag"] == "maandag 6 apr Dicht: feestdag"
    assert found["woensdag"] == "woensdag 8 apr Dicht: vakantie"
    assert found["vrijdag"] == "vrijdag 10 apr 9:00–17:00"
    answer = post(
        phone, shown, {"visitors.2026-04-06.morning": "3", "visitors.2026-04-08.morning": "4"}
    )
    assert {row["date"] for row in kept("form_visitors")} == {"2026-04-06", "2026-04-08"}
    assert [row["date"] for row in kept("form_opening")] == ["2026-04-08"]
    assert "/form/opening?date=2026-04-06" in links(phone.get(answer.location).text).values()


def test_last_week_s_activities_come_along_when_that_is_ticked(
    phone: Client, kept: Any, send: Any
) -> None:
    last = {"date": "2026-11-09", "activities": ["meal", "language"]}
    send("OP-01", "visitors", COUNTED | last)
    afternoon = f"visitors.{MONDAY}.afternoon"
    shown = phone.get("/week")
    assert controls(sheet(shown))["page.last_week"] == ["OK"]
    assert "Samen eten, Taalles" in shown.text
    refused = post(phone, shown, {MORNING: "veel", "page.last_week": None})
    assert controls(sheet(refused))["page.last_week"] == []
    post(phone, shown, {MORNING: "12", afternoon: "8"})
    assert [row["activities"] for row in kept("form_visitors")[1:]] == [
        '["meal", "language"]',
        None,
    ]
    assert "page.last_week" not in phone.get("/week").text  # nothing is left to take over


def test_without_the_tick_no_activities_come_along(phone: Client, kept: Any, send: Any) -> None:
    send("OP-01", "visitors", COUNTED | {"date": "2026-11-09", "activities": ["meal"]})
    fill(phone, {MORNING: "12", "page.last_week": None})
    assert kept("form_visitors")[-1]["activities"] is None


def test_a_double_is_marked_at_its_cell(phone: Client, kept: Any, send: Any) -> None:
    for visitors in ("24", "6"):
        send("OP-01", "visitors", COUNTED | {"visitors": visitors})
    shown = phone.get("/week")
    assert links(shown.text)["Ochtend: dubbel ingevuld"] == "/doubles"
    assert stands(shown, MORNING) == "24"
    assert post(phone, shown, {MORNING: "30"}).status_code == 303
    assert [(row["visitors"], row["_state"]) for row in kept("form_visitors")] == [
        (30, "current"), (6, "double")
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["IE-01", "WB-01"])
def test_a_pilot_has_no_numbers_and_a_wijkbedrijf_has(place: str, pair_to: Any, kept: Any) -> None:
    phone = pair_to(place)
    shown = phone.get("/week")
    assert ("Ochtend" in shown.text) == (place == "WB-01") == (MORNING in shown.text)
    answer = post(phone, shown, {f"opening.{MONDAY}": "yes", "opening.2026-11-17": "building"})
    assert {row["date"]: hours(row)[0] for row in kept("form_opening")} == {
        MONDAY: "yes", "2026-11-17": "no"
    }  # fmt: skip
    assert ("bezoekers" in phone.get(answer.location).text) == (place == "WB-01")
    refused = fill(phone, {f"opening.{MONDAY}": "chess"})
    assert mistake(refused, f"opening.{MONDAY}").startswith("Fout: Dit antwoord kan hier niet.")


def test_the_saved_page_repeats_what_is_kept_and_what_is_missing(phone: Client) -> None:
    answer = fill(phone, {
        MORNING: "12", f"visitors.{MONDAY}.afternoon": "8", "opening.2026-11-17": "weather",
        "not_counted.2026-11-18.evening": "OK",
    })  # fmt: skip
    saved = phone.get(answer.location)
    heading = words(next(parse(saved.text).all("h1")))
    assert heading == "Bedankt. Wij hebben dit bewaard: Ontmoetingsplek 1, week 47, 20 bezoekers."
    told = {words(div.find("dt")): words(div.find("dd")) for div in parse(saved.text).all("div")
            if div.find("dt") is not None}  # fmt: skip
    assert told == {
        "maandag 16 november": "Open, 9:00–17:00; ochtend 12; middag 8",
        "dinsdag 17 november": "Dicht: weer",
        "woensdag 18 november": "Open, 9:00–17:00 en 19:00–21:30; avond niet geteld",
    }
    missing = [
        (words(a.find(".//b")), words(a.find(".//small")))
        for a in parse(saved.text).all("a")
        if a.attrib.get("class") == "row"
    ]
    assert missing[:4] == [
        ("Maandag 16 november", "Uren van vrijwilligers"),
        ("Woensdag 18 november", "Bezoekers, ochtend"),
        ("Woensdag 18 november", "Bezoekers, middag"),
        ("Woensdag 18 november", "Uren van vrijwilligers"),
    ]
    assert not any("17 november" in day for day, _ in missing)
    found = links(saved.text)
    assert (found["Klaar"], found["Naar de week ervoor"]) == ("/", "/week?week=2026-W46")


def test_a_week_in_which_all_is_done_says_so(pair_to: Any, clock: Any) -> None:
    clock.now = at(2026, 11, 16)
    phone = pair_to("OP-01")
    answer = fill(phone, {f"opening.{MONDAY}": "weather"})
    assert "Deze week is klaar." in phone.get(answer.location).text


def test_the_whole_week_is_english_for_who_reads_that(phone: Client) -> None:
    phone.set_cookie("language", "en")
    shown = phone.get("/week")
    assert days(shown.text)["Monday"] == "Monday 16 Nov 9:00–17:00"
    assert parse(shown.text).ids()[MORNING]
    assert 'aria-label="Morning, Monday 16 November"' in shown.text
    answer = fill(phone, {f"opening.{MONDAY}": "weather", MORNING: "1"})
    assert "Morning" in answer.text and "This says Closed" in answer.text
    saved = phone.get(fill(phone, {MORNING: "5"}).location)
    assert "week 47, 5 visitors." in saved.text
