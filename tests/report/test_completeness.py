"""What was to come in and what did, over one year worked out by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.keep.store import Store
from fieldapp.report.deliver import telling
from fieldapp.report.period import period
from fieldapp.report.shared import load_shared
from fieldapp.settings import Settings
from tests.conftest import MOMENT, WEEK
from tests.report.conftest import due_of

Send = Callable[..., Any]

PLACE = "WB-09"

# The first hours: Monday, Tuesday and Thursday two dayparts, Wednesday the afternoon alone.
FIRST = {
    "valid_from": "2025-01-01",
    "mo_from": "09:00", "mo_until": "17:00", "tu_from": "09:00", "tu_until": "17:00",
    "we_from": "13:00", "we_until": "17:00", "th_from": "09:00", "th_until": "17:00",
}  # fmt: skip
# From Wednesday 10 September every weekday two dayparts, and Thursday evening as well.
SECOND = {
    f"{day}_{end}": time
    for day in ("mo", "tu", "we", "th", "fr")
    for end, time in (("from", "10:00"), ("until", "16:00"))
} | {"valid_from": "2025-09-10", "th_from_2": "19:00", "th_until_2": "21:30"}

# The days with hours, read from a calendar of 2025; forgotten ones are left out, see below.
#   1 January, Ascension Day (Thursday 29 May), Whit Monday (9 June), 25 and 26 December: holidays;
#   Easter Monday (21 April) as well, but that week was closed; King's Day was a Saturday.
#   21 to 25 April: closed for the building. 28 July to 10 August: summer.
OPENED = {
    "2025-01": "2 6 7 8 9 13 14 15 20 21 22 23 27 28 29 30",  # 17 with hours; forgotten: 16
    "2025-02": "3 4 5 6 10 11 12 13 17 18 19 20 24 25 26 27",  # 16
    "2025-03": "3 6 10 11 12 13 17 18 19 20 24 25 26 27 31",  # 17; forgotten: 4 5
    "2025-04": "1 2 3 7 8 9 10 14 15 16 17 28 29 30",  # 18 without the closure's 4: 14
    "2025-05": "1 5 6 7 12 13 14 15 19 20 21 22 26 27 28",  # 17 without the 29th: 16; forgotten: 8
    "2025-06": "2 3 4 5 10 11 12 16 17 18 19 23 24 25 26 30",  # 17 without the 9th: 16
    "2025-07": "1 2 3 7 8 9 10 14 15 16 17 21 22 23 24",  # 19 without 28 29 30 31: 15
    "2025-08": "11 12 13 14 18 19 20 21 25 26 27 28",  # 16 without 4 5 6 7: 12
    "2025-09": "1 2 3 4 8 9 10 11 12 15 16 17 18 19 22 23 24 25 26 29 30",  # 6 and then 15: 21
    "2025-10": "1 2 3 6 7 8 9 10 13 15 16 17 20 21 22 23 24 27 28 29 30 31",  # 23, one is shut
    "2025-11": "3 4 5 6 7 17 18 19 20 21 24 25 26 27 28",  # 20; forgotten: 10 11 12 13 14
    "2025-12": "1 2 3 4 5 8 9 10 11 12 15 16 17 18 19 22 23 24 29 30",  # 23 - 2 = 21; forgotten: 31
}
SHUT = ("2025-10-14", "no_volunteers")  # a Tuesday: an opening record and nothing else

FORMS = (
    "opening", "visitors", "volunteer_hours", "attendance",
    "volunteer_month", "month_report", "year_report",
)  # fmt: skip

# How many were to come in, in the order of FORMS. Visitors are dayparts: twice the Mondays,
# Tuesdays and Thursdays and once the Wednesdays (with 4 4 4 5 in January: 26 + 4), from
# 10 September twice every day and once more on Thursday.
EXPECTED = {
    "2025-01": (17, 30, 17, 17, 1, 1, 0),  # Mo 4, Tu 4, We 4, Th 5
    "2025-02": (16, 28, 16, 16, 1, 1, 0),  # four of each
    "2025-03": (17, 30, 17, 17, 1, 1, 0),  # Mo 5
    "2025-04": (14, 24, 14, 14, 1, 1, 0),  # Mo 3, Tu 4, We 4, Th 3: 20 + 4
    "2025-05": (16, 28, 16, 16, 1, 1, 0),  # four of each
    "2025-06": (16, 28, 16, 16, 1, 1, 0),  # four of each: no Whit Monday
    "2025-07": (15, 26, 15, 15, 1, 1, 0),  # Mo 3, Tu 4, We 4, Th 4: 22 + 4
    "2025-08": (12, 21, 12, 12, 1, 1, 0),  # three of each: 18 + 3
    "2025-09": (21, 44, 21, 21, 1, 1, 0),  # Mo 2, Tu 2, Th 1, We 1: 11; then 15 days: 30 + 3
    "2025-10": (23, 49, 22, 22, 1, 1, 0),  # 46 + 5 Thursdays, less two of the day that was shut
    "2025-11": (20, 44, 20, 20, 1, 1, 0),  # 40 + 4
    "2025-12": (21, 45, 21, 21, 1, 1, 1),  # 42 + 3: Thursday 25 is a holiday; the year as well
}
WHOLE = (208, 397, 207, 207, 12, 12, 1)  # the columns of EXPECTED added up

VISITS = [
    ("2025-02-03", "morning"),  # withdrawn
    ("2025-02-04", "morning"),  # and a double of it
    *[(f"2025-03-{day:02}", part) for day in (3, 10, 17, 24, 31) for part in ("morning",
      "afternoon")],
    ("2025-04-23", "afternoon"),  # in a closure
    ("2025-07-24", "afternoon"),
    ("2025-07-28", "morning"),  # in a closure
    ("2025-09-03", "morning"),  # Wednesday: no hours in the morning by the first schedule
    ("2025-09-03", "afternoon"),
    ("2025-09-04", "evening"),  # Thursday: no hours in the evening yet
    ("2025-09-10", "morning"),  # Wednesday: hours in the morning by the second
    ("2025-09-11", "evening"),
    ("2025-10-14", "morning"),  # the day that was shut
]  # fmt: skip

# What came in of it: the days of OPENED (in June one was withdrawn, in October one more said that
# it was shut), the visits that had hours, the months but June, and the year.
RECEIVED = {
    "2025-01": (16, 0, 1, 1, 1, 1, 0),
    "2025-02": (16, 1, 0, 0, 1, 1, 0),
    "2025-03": (15, 10, 0, 0, 0, 1, 0),  # the allowances of March were withdrawn
    "2025-04": (14, 0, 0, 0, 0, 1, 0),
    "2025-05": (15, 0, 0, 0, 0, 1, 0),
    "2025-06": (15, 0, 0, 0, 0, 0, 0),
    "2025-07": (15, 1, 0, 0, 0, 1, 0),
    "2025-08": (12, 0, 0, 0, 0, 1, 0),
    "2025-09": (21, 3, 0, 0, 0, 1, 0),
    "2025-10": (23, 0, 0, 0, 0, 1, 0),
    "2025-11": (15, 0, 0, 0, 0, 1, 0),
    "2025-12": (20, 0, 0, 0, 0, 1, 1),
}
CAME = (197, 15, 1, 1, 2, 11, 1)


@pytest.fixture
def lived(small: Store, send: Send, withdraw: Callable[[str, str], None]) -> Store:
    """A wijkbedrijf through 2025, filled in as people do."""
    send(None, "place", {
        "code": PLACE, "name": "Wijkbedrijf 9", "kind": "wijkbedrijf", "wijk": "moerwijk",
        "active_from": "2024-11-01",
    })  # fmt: skip
    send(PLACE, "schedule", FIRST)
    send(PLACE, "schedule", SECOND)
    assert send(PLACE, "schedule", WEEK | {"valid_from": "2025-09-10"}).state == "double"
    saturday = {"valid_from": "2025-06-02", "sa_from": "09:00", "sa_until": "17:00"}
    withdraw("schedule", send(PLACE, "schedule", saturday).id)
    for first, last, why in (
        ("2025-04-21", "2025-04-25", "building"),
        ("2025-07-28", "2025-08-10", "vacation"),
    ):
        send(PLACE, "closure", {"from": first, "until": last, "closed_reason": why})
    _log_days(send, withdraw)
    _log_visits(send, withdraw)
    _log_months(send, withdraw)
    return small


def _log_days(send: Send, withdraw: Callable[[str, str], None]) -> None:
    hours = {"open": "yes", "open_from": "10:00", "open_until": "16:00", "closed_reason": "other"}
    sent = {
        date: send(PLACE, "opening", {"date": date} | hours)
        for month, days in OPENED.items()
        for date in (f"{month}-{int(day):02}" for day in days.split())
    }
    withdraw("opening", sent["2025-06-05"].id)
    assert send(PLACE, "opening", {"date": "2025-02-10"} | hours).state == "double"
    send(PLACE, "opening", {"date": SHUT[0], "open": "no", "closed_reason": SHUT[1]})
    # Of no day that was expected: a Friday, a day of each closure.
    send(PLACE, "opening", {"date": "2025-01-03"} | hours)
    send(PLACE, "opening", {"date": "2025-04-23"} | hours)
    send(PLACE, "opening", {"date": "2025-08-04", "open": "no", "closed_reason": "vacation"})
    send(PLACE, "volunteer_hours", {"date": "2025-01-06", "nobody": "OK"})
    send(PLACE, "volunteer_hours", {"date": SHUT[0], "nobody": "OK"})
    send(PLACE, "person_new", {
        "role": "participant", "known_elsewhere": "no", "call_name": "Bo", "started": "2025-01-02",
        "informed": "OK", "labour_distance": "yes",
    })  # fmt: skip


def _log_visits(send: Send, withdraw: Callable[[str, str], None]) -> None:
    sent = {
        visit: send(PLACE, "visitors", {"date": visit[0], "daypart": visit[1], "visitors": "3"})
        for visit in VISITS
    }
    withdraw("visitors", sent["2025-02-03", "morning"].id)
    again = {"date": "2025-02-04", "daypart": "morning", "visitors": "8"}
    assert send(PLACE, "visitors", again).state == "double"


def _log_months(send: Send, withdraw: Callable[[str, str], None]) -> None:
    for month in OPENED:
        if month != "2025-06":
            send(PLACE, "month_report", {"month": f"{month}-01", "worked": "De taalles."})
    for month in ("2025-01", "2025-02", "2025-03"):
        sent = send(PLACE, "volunteer_month", {"month": f"{month}-01", "nobody": "OK"})
    withdraw("volunteer_month", sent.id)
    send(PLACE, "year_report", {"year": "2025-01-01", "outlook": "Meer werk."})


@pytest.fixture
def present(lived: Store, send: Send) -> Store:
    """The same with two crews of one day: that is one day of attendance."""
    with lived.read() as connection:
        (code,) = connection.execute(
            "SELECT person FROM form_person_new WHERE _place = ?", (PLACE,)
        ).fetchone()
    for part in ("morning", "afternoon"):
        send(PLACE, "attendance", {
            "date": "2025-01-06", "daypart": part, "task": "green", "who": [code], "hours": "3",
        })  # fmt: skip
    return lived


def test_a_year_worked_out_by_hand(present: Store) -> None:
    due = due_of(present, PLACE, "2025-01-01", "2025-12-31")
    expected = Counter((each.due[:7], each.form_id) for each in due)
    received = Counter((each.due[:7], each.form_id) for each in due if each.received)
    for month in OPENED:
        assert tuple(expected[month, form] for form in FORMS) == EXPECTED[month], month
        assert tuple(received[month, form] for form in FORMS) == RECEIVED[month], month
    assert len(due) == sum(WHOLE) and sum(each.received for each in due) == sum(CAME)


@pytest.mark.parametrize("month", OPENED)
def test_a_month_long_past_by_itself_is_the_same(lived: Store, month: str) -> None:
    over = period(month, MOMENT.date())
    due = due_of(lived, PLACE, over.start.isoformat(), over.end.isoformat())
    expected = Counter(each.form_id for each in due)
    assert tuple(expected[form] for form in FORMS) == EXPECTED[month]
    assert {e.received for e in due if e.form_id == "month_report"} == {month != "2025-06"}
    assert all(each.received for each in due if each.form_id == "year_report")


def test_exports_tell_the_same(present: Store, settings: Settings) -> None:
    shared = load_shared(settings.exports)

    def told(over: str, sql: str) -> list[tuple[Any, ...]]:
        whole = period(over, MOMENT.date())
        with telling(present, settings, whole, MOMENT.date(), shared) as connection:
            return [tuple(row) for row in connection.execute(sql, (PLACE,))]

    of_form = "SELECT form_id, expected, received FROM due WHERE level = 'place' AND key = ?"
    year = {form: (wanted, came) for form, wanted, came in told("2025", of_form)}
    assert tuple(year[form][0] for form in FORMS) == WHOLE
    assert tuple(year[form][1] for form in FORMS) == CAME
    december = {form: (wanted, came) for form, wanted, came in told("2025-12", of_form)}
    assert tuple(december[form] for form in FORMS) == tuple(
        zip(EXPECTED["2025-12"], RECEIVED["2025-12"], strict=True)
    )
    spring = {form: wanted for form, wanted, _ in told("2025-Q2", of_form)}
    assert [spring.get(form) for form in FORMS] == [46, 80, 46, 46, 3, 3, None]
    closed = told("2025", "SELECT date, why FROM days WHERE reason = 'closure' AND place = ?")
    # By the schedule Fridays have no hours: four days in April, and twice four in summer.
    assert Counter(why for _, why in closed) == {"building": 4, "vacation": 8}
    assert closed[0] == ("2025-04-21", "building")  # Easter Monday as well


def test_the_workbook_says_why_a_place_was_closed(
    lived: Store, settings: Settings, workbooks: Any
) -> None:
    sheet = next(s for s in workbooks["monthly"].sheets if s.sql == "opening")
    over = period("2025", MOMENT.date())
    with telling(lived, settings, over, MOMENT.date(), workbooks["monthly"].shared) as connection:
        found = connection.execute(sheet.statement.text, over.parameters(PLACE)).fetchone()
    # Holidays: 1 January, 29 May, 9 June, 25 and 26 December. In the closure of April one day was
    # open after all; in that of summer one day was logged as closed too, and counts once.
    assert found["reasons"] == (
        "8 × Vakantie, 5 × Feestdag, 3 × Gebouw niet te gebruiken, 1 × Te weinig vrijwilligers"
    )
    assert found["days_closed"] == 17
    assert found["days_missing"] == 208 - 197
