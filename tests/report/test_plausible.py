"""More hours than the place was open: which are flagged, against what, and that none is lost."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report import completeness, plausible
from fieldapp.report.deliver import deliver
from fieldapp.report.plausible import Surplus
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import MOMENT

DAY = "2026-11-18"  # a Wednesday: 9 to 17, at OP-01 in the evening too
SUNDAY = "2026-11-15"

Find = Callable[..., Sequence[Surplus]]


@pytest.fixture
def welcome(small: Store, send: Any) -> Callable[..., str]:
    """Enters a person; gives the card code."""

    def entered(place: str, name: str, role: str = "participant") -> str:
        raw = {"role": role, "known_elsewhere": "no", "call_name": name, "informed": "OK"}
        raw |= {"started": "2026-11-02"} | ({"labour_distance": "yes"} if role[0] == "p" else {})
        row = send(place, "person_new", raw).id
        with small.read() as connection:
            found = connection.execute("SELECT person FROM form_person_new WHERE _id = ?", (row,))
            return str(found.fetchone()[0])

    return entered


@pytest.fixture
def crew(send: Any) -> Callable[..., str]:
    """Sends who took part in a daypart at WB-01; gives the id of the record."""

    def sent(who: Sequence[str], hours: str, task: str = "green", **more: Any) -> str:
        raw = {"date": DAY, "daypart": "morning", "task": task, "who": who, "hours": hours}
        return str(send("WB-01", "attendance", raw | more).id)

    return sent


@pytest.fixture
def found(small: Store, settings: Settings) -> Find:
    """What is flagged, at one place or at all, on one day."""

    def flagged(place: str | None = "WB-01", day: str = DAY, own: Settings = settings) -> Any:
        date = dt.date.fromisoformat(day)
        with small.read() as connection:
            wanted = completeness.places(connection, place)
            return plausible.surpluses(connection, own, wanted, date, date)

    return flagged


def test_hours_that_fit_are_not_flagged(crew: Any, welcome: Any, found: Find) -> None:
    crew([welcome("WB-01", "Ria")], "3,5")
    assert found() == []


def test_more_than_the_daypart_has_is_flagged(crew: Any, welcome: Any, found: Find) -> None:
    row = crew([welcome("WB-01", "Ria"), welcome("WB-01", "Bo")], "6")
    both = found()
    assert len({each.person for each in both}) == 2
    assert {(e.form_id, e.place, e.date, e.daypart, e.hours, e.room, e.rows) for e in both} == {
        ("attendance", "WB-01", DAY, "morning", 6.0, 3.5, (row,))
    }


def test_crews_of_one_daypart_are_added_up_per_person(crew: Any, welcome: Any, found: Find) -> None:
    ria, bo, mo = (welcome("WB-01", name) for name in ("Ria", "Bo", "Mo"))
    first = crew([ria, bo], "2", "green")
    second = crew([ria], "2", "food", who_2=[mo], hours_2="1")
    crew([bo], "3", "reuse", daypart="afternoon")
    (only,) = found()
    assert (only.hours, set(only.rows)) == (4.0, {first, second})


def test_who_stayed_longer_is_flagged_alone(crew: Any, welcome: Any, found: Find) -> None:
    ria, bo = welcome("WB-01", "Ria"), welcome("WB-01", "Bo")
    row = crew([ria], "2", who_2=[bo], hours_2="5")
    (only,) = found()
    assert (only.hours, only.rows) == (5.0, (row,))
    assert plausible.worst(found(), row) == only
    assert plausible.worst(found(), "another") is None


def test_the_worst_of_a_record_is_told(crew: Any, welcome: Any, found: Find) -> None:
    row = crew([welcome("WB-01", "Ria")], "4", who_2=[welcome("WB-01", "Bo")], hours_2="9")
    told = plausible.worst(found(), row)
    assert told is not None
    assert told.hours == 9.0


@pytest.mark.parametrize(
    ("said", "daypart", "room"),
    [
        ({}, "morning", 3.5),
        ({}, "afternoon", 4.5),
        ({}, "evening", 6.0),  # not open then at all: the whole of it
        ({"open": "yes", "open_from": "11:00", "open_until": "17:00"}, "morning", 1.5),
        ({"open": "yes", "open_from": "08:00", "open_until": "20:00"}, "afternoon", 5.5),
        ({"open": "yes", "open_from": "09:00", "open_until": "10:00", "open_from_2": "11:30",
          "open_until_2": "13:00"}, "morning", 2.0),
        ({"open": "no", "closed_reason": "weather"}, "morning", 6.5),
    ],
)  # fmt: skip
def test_how_many_hours_there_were(
    said: Mapping[str, str], daypart: str, room: float, crew: Any, welcome: Any, found: Find,
    send: Any,
) -> None:  # fmt: skip
    if said:
        shorter = {} if said["open"] == "no" else {"closed_reason": "weather"}
        send("WB-01", "opening", {"date": DAY} | shorter | said)
    who = [welcome("WB-01", "Ria")]
    crew(who, str(room).replace(".", ","), daypart=daypart)
    assert found() == []
    crew(who, "0,25", "food", daypart=daypart)
    assert [each.room for each in found()] == [room]


def test_a_day_without_opening_hours_has_whole_dayparts(
    crew: Any, welcome: Any, found: Find
) -> None:
    crew([welcome("WB-01", "Ria")], "7", date=SUNDAY)
    assert [each.room for each in found(day=SUNDAY)] == [6.5]


def test_a_closed_period_has_whole_dayparts(
    crew: Any, welcome: Any, found: Find, send: Any
) -> None:
    closed = {"from": "2026-11-16", "until": "2026-11-20", "closed_reason": "vacation"}
    send("WB-01", "closure", closed)
    crew([welcome("WB-01", "Ria")], "6")
    assert found() == []


def test_the_borders_of_dayparts_are_a_setting(
    crew: Any, welcome: Any, found: Find, settings: Settings
) -> None:
    crew([welcome("WB-01", "Ria")], "3,5")
    earlier = replace(settings, afternoon_from="12:00")
    assert [each.room for each in found(own=earlier)] == [3.0]


def test_volunteers_are_held_against_the_day(welcome: Any, found: Find, send: Any) -> None:
    raw = {"date": DAY, "who": [welcome("OP-01", "Ria", "volunteer")]}
    row = send("OP-01", "volunteer_hours", raw | {"hours": "10,5"}).id  # 8 and 2½ in the evening
    assert found("OP-01") == []
    longer = raw | {"date": "2026-11-17", "hours": "10,5"}
    send("OP-01", "volunteer_hours", longer)
    (only,) = found("OP-01", "2026-11-17")
    assert (only.daypart, only.hours, only.room) == (None, 10.5, 8.0)
    assert row not in only.rows


def test_only_the_asked_places_and_only_what_counts(
    crew: Any, welcome: Any, found: Find, small: Store
) -> None:
    who = [welcome("WB-01", "Ria")]
    row = crew(who, "6")
    crew(who, "6")  # a double: undecided, it counts for nothing
    assert found("OP-01") == []
    (only,) = found(None)
    assert only.hours == 6.0
    form = small.forms["attendance"]
    with small.write("test", MOMENT) as write:
        rows.withdraw(small, write, form, row, 0, Origin("WB-01"))
    assert found(None) == []


def test_two_codes_of_one_person_are_one_person(
    crew: Any, welcome: Any, found: Find, small: Store
) -> None:
    one, other = welcome("WB-01", "Ria"), welcome("WB-01", "Ria B")
    crew([one], "2", "green")
    crew([other], "2", "food")
    assert found() == []
    with small.write("test", MOMENT) as write:
        write.connection.execute(
            "UPDATE people SET merged_into = (SELECT id FROM people WHERE code = ?) WHERE code = ?",
            (one, other),
        )
    assert [each.hours for each in found()] == [4.0]


def test_three_crews_in_the_month_count_a_person_once_and_every_hour(
    crew: Any, welcome: Any, small: Store, settings: Settings, workbooks: Mapping[str, Workbook]
) -> None:
    people = [welcome("WB-01", f"Naam {letter}") for letter in "abcdef"]
    crew(people[:4], "2", "green")
    crew(people[3:5], "1", "food")
    crew([people[3]], "0,5", "reuse", who_2=[people[5]], hours_2="1,5")
    made = deliver(small, settings, workbooks, "monthly", "2026-11", MOMENT)
    book = openpyxl.load_workbook(io.BytesIO(made.content), data_only=True)

    def row_of(sheet: str) -> dict[str, Any]:
        grid = list(book[sheet].iter_rows(values_only=True))
        heads = next(row for row in grid if "Plek" in row)
        place = next(row for row in grid if "Wijkbedrijf 1" in row)
        return dict(zip(heads, place, strict=True))

    tasks = row_of("Uren per taak")
    assert tasks["Groen en tuin"] == 8.0
    assert tasks["Koken en eten brengen"] == 2.0
    assert tasks["Repareren en hergebruik"] == 2.0
    assert tasks["Alle taken"] == 12.0
    people_seen = row_of("Deelnemers")  # eight ticks on three lists
    assert (people_seen["Gezien in deze periode"], people_seen["Uren"]) == (6, 12)
