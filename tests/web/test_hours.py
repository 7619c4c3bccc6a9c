"""Opening hours filled in once: the page that shares them, the calendar, the door poster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar

from fieldapp.report import feed, opening
from fieldapp.web import hours
from tests.page import HEADERS, Client, parse, words

CLOSED = {"from": "2026-12-21", "until": "2027-01-03", "closed_reason": "vacation"}
NEW = {"valid_from": "2027-01-04", "mo_from": "10:00", "mo_until": "16:00"}


def spans(answer: Any) -> list[tuple[dt.datetime, dt.datetime]]:
    found = Calendar.from_ical(answer.text).walk("VEVENT")
    return [(event["DTSTART"].dt, event["DTEND"].dt) for event in found]


def read(shown: Any) -> str:
    """Every text of a page, with a space between one element and the next."""
    return " ".join(" ".join(parse(shown.text).root.itertext()).split())


def field(shown: Any, name: str) -> str:
    """The text in a field that is there to be copied."""
    return next(words(e) for e in parse(shown.text).all("textarea") if e.get("id") == name)


def links(shown: Any) -> list[str]:
    return [a.attrib["href"] for a in parse(shown.text).all("a") if "href" in a.attrib]


# --- the page that shares them ------------------------------------------------------------------


def test_home_and_what_was_just_saved_lead_to_the_page(phone: Client) -> None:
    assert "/hours" in links(phone.get("/"))
    for form, given in (("schedule", {"valid_from": "2026-11-20"}), ("closure", CLOSED)):
        saved = phone.get(phone.fill(f"/form/{form}", given).location)
        assert "/hours" in links(saved), form
    saved = phone.get(phone.fill("/form/visitors", {"visitors": "3"}).location)
    assert "/hours" not in links(saved)


def test_the_page_shows_the_hours_what_comes_and_the_three_uses(phone: Client, send: Any) -> None:
    send("OP-01", "schedule", NEW)
    row = send("OP-01", "closure", CLOSED).id
    shown = phone.get("/hours")
    told = read(shown)
    assert "Woensdag 9.00–17.00 en 19.00–21.30 Donderdag 9.00–17.00" in told
    assert "Zondag dicht Vanaf maandag 4 januari Maandag 10.00–16.00 Dinsdag dicht" in told
    assert "Maandag 21 december tot en met zondag 3 januari Vakantie" in told
    assert {"/form/schedule", "/form/closure", f"/form/closure/{row}"} <= {*links(shown)}
    assert {"/hours/poster", "/hours/poster?next=1"} <= {*links(shown)}
    assert field(shown, "feed") == "http://localhost/hours/OP-01.ics"
    text = field(shown, "osm")
    assert text.endswith("PH off; 2026 Dec 21-2027 Jan 03 off")
    assert opening.check(text)


def test_what_can_be_copied_can_be_copied_by_hand(phone: Client) -> None:
    page = parse(phone.get("/hours").text)
    assert {e.get("id") for e in page.all("textarea") if "readonly" in e.attrib} == {"feed", "osm"}
    buttons = [b for b in page.all("button") if "data-copy" in b.attrib]
    assert [b.get("data-copy") for b in buttons] == ["feed", "osm"]
    hidden = [p for p in page.all("p") if "hidden" in p.attrib]
    assert [list(p.iter("button")) for p in hidden] == [[b] for b in buttons]


def test_a_place_without_hours_is_asked_for_them(pair_to: Callable[..., Client], send: Any) -> None:
    new = {"code": "OP-09", "name": "Nieuw", "kind": "meeting_place", "wijk": "moerwijk",
           "active_from": "2026-11-01"}  # fmt: skip
    send(None, "place", new)
    phone = pair_to("OP-09")
    shown = phone.get("/hours")
    assert "Er zijn nu geen vaste openingstijden." in shown.text
    assert "/form/schedule" in links(shown)
    assert not list(parse(shown.text).all("textarea"))
    assert phone.get("/hours/poster").status_code == 200
    assert spans(phone.get("/hours/OP-09.ics")) == []
    send("OP-09", "schedule", NEW)
    assert "Er zijn nu geen vaste openingstijden." in phone.get("/hours").text
    assert field(phone.get("/hours"), "osm") == "Mo 10:00-16:00; PH off"
    assert "Vanaf maandag 4 januari" in read(phone.get("/hours/poster"))


def test_only_a_paired_phone_gets_the_page_and_its_poster(client: Client) -> None:
    for address in ("/hours", "/hours/poster", "/tally"):
        assert client.get(address).status_code == 401


# --- the calendar -------------------------------------------------------------------------------


def test_anybody_gets_the_calendar_of_a_place(client: Client) -> None:
    answer = client.get("/hours/OP-01.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    found = spans(answer)
    first = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    assert found[0] == (first, first + dt.timedelta(hours=8))
    last = dt.datetime(2026, 11, 20, tzinfo=dt.UTC) + dt.timedelta(weeks=feed.WEEKS)
    assert last - dt.timedelta(days=2) < found[-1][0] < last


@pytest.mark.parametrize(
    "address", ["/H/OP-01", "/h/op-01", "/h/OP-01", "/hours/op-01.ics", "/H/op-01"]
)
def test_the_short_address_of_the_code_is_the_same_calendar(client: Client, address: str) -> None:
    assert client.get(address).data == client.get("/hours/OP-01.ics").data


@pytest.mark.parametrize("code", ["OP-99", "", "OP-01'", "Ω", "x" * 300, "people"])
def test_a_place_that_is_not_there_has_no_calendar(client: Client, code: str) -> None:
    answer = client.get(f"/hours/{code}.ics")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_place_that_takes_no_part_has_no_calendar(client: Client, send: Any, clock: Any) -> None:
    gone = {"code": "OP-03", "name": "Voorbij", "kind": "meeting_place", "wijk": "moerwijk",
            "active_from": "2026-01-01", "active_until": "2026-11-20"}  # fmt: skip
    send(None, "place", gone)
    assert client.get("/hours/OP-03.ics").status_code == 200
    clock.forward(days=1)
    assert client.get("/hours/OP-03.ics").status_code == 404


def test_the_calendar_follows_schedules_holidays_and_closures(client: Client, send: Any) -> None:
    before = {start.date() for start, _ in spans(client.get("/hours/OP-01.ics"))}
    send("OP-01", "schedule", NEW)
    send("OP-01", "closure", CLOSED | {"from": "2026-12-14"})
    send("OP-02", "closure", CLOSED | {"from": "2026-11-24"})
    found = spans(client.get("/hours/OP-01.ics"))
    days = {start.date() for start, _ in found}
    assert dt.date(2026, 12, 11) in days
    assert dt.date(2026, 12, 15) in before
    assert not [day for day in days if dt.date(2026, 12, 14) <= day <= dt.date(2027, 1, 3)]
    assert dt.date(2026, 12, 25) not in before  # Christmas, a Friday
    assert {day.weekday() for day in days if day >= dt.date(2027, 1, 4)} == {0}
    assert dt.date(2027, 3, 29) not in days  # Easter Monday
    assert dt.date(2027, 3, 22) in days
    summer = [(start, until) for start, until in found if start.date() == dt.date(2027, 4, 5)]
    assert summer == [
        (dt.datetime(2027, 4, 5, 8, tzinfo=dt.UTC), dt.datetime(2027, 4, 5, 14, tzinfo=dt.UTC))
    ]


def test_the_names_of_events_stay_from_one_look_to_the_next(client: Client, clock: Any) -> None:
    def uids() -> set[str]:
        read = Calendar.from_ical(client.get("/hours/OP-01.ics").text)
        found = [str(event["UID"]) for event in read.walk("VEVENT")]
        assert len(found) == len({*found})
        return {*found}

    before = uids()
    clock.forward(days=7)
    after = uids()
    assert {uid.split("-2026-")[1][:5] for uid in before - after} == {
        "11-20", "11-23", "11-24", "11-25", "11-26"
    }  # fmt: skip
    assert len(after & before) > 100


def test_the_same_calendar_is_not_sent_twice(client: Client, clock: Any, send: Any) -> None:
    first = client.get("/hours/OP-01.ics")
    known = {"If-None-Match": first.headers["ETag"]}
    clock.forward(minutes=40)
    again = client.get("/hours/OP-01.ics", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    send("OP-01", "closure", CLOSED)
    assert client.get("/hours/OP-01.ics", headers=known).status_code == 200


def test_a_phone_s_cookie_never_gets_into_a_kept_calendar(phone: Client, clock: Any) -> None:
    clock.forward(hours=2)
    assert "Set-Cookie" not in phone.get("/hours/OP-01.ics").headers
    assert "Set-Cookie" in phone.get("/").headers  # this contact was noted


def test_the_calendar_says_nothing_but_the_hours(
    client: Client, enter: Callable[..., str], send: Any
) -> None:
    code = enter("OP-01", "Kanarie")
    send("OP-01", "closure", CLOSED | {"closed_reason": "unsafe"})
    text = client.get("/hours/OP-01.ics").text
    for secret in (code, "Kanarie", "unsafe", "Niet veilig"):
        assert secret not in text


# --- the poster for the door --------------------------------------------------------------------


def test_the_poster_has_the_week_what_is_closed_and_a_code(phone: Client, send: Any) -> None:
    send("OP-01", "schedule", NEW)
    send("OP-01", "closure", CLOSED)
    shown = phone.get("/hours/poster")
    told = read(shown)
    assert "Ontmoetingsplek 1 Openingstijden Opening hours Maandag Monday 9.00–17.00" in told
    assert "Woensdag Wednesday 9.00–17.00 en 19.00–21.30" in told
    assert "Zondag Sunday dicht closed" in told
    assert "Op feestdagen zijn wij dicht. Closed on public holidays." in told
    assert "Dicht: maandag 21 december tot en met zondag 3 januari." in told
    assert "Closed Monday 21 December until Sunday 3 January." in told
    assert "Vanaf maandag 4 januari gelden andere tijden." in told
    assert "Zet onze openingstijden in uw agenda" in told
    assert "localhost/H/OP-01" in told
    assert "Vakantie" not in told  # why is nobody's business
    assert "in het kader van de Regio Deal" in told
    assert shown.text.count("<svg ") == 1


def test_the_poster_of_the_hours_to_begin(phone: Client, send: Any) -> None:
    assert "Maandag Monday 9.00" in read(phone.get("/hours/poster?next=1"))
    send("OP-01", "schedule", NEW)
    told = read(phone.get("/hours/poster?next=1"))
    assert "Maandag Monday 10.00–16.00 Dinsdag Tuesday dicht" in told
    assert "gelden andere tijden" not in told


def test_a_poster_names_no_more_closures_than_fit(phone: Client, send: Any) -> None:
    for nth in range(1, 10):
        day = f"2026-12-{nth * 3:02}"
        send("OP-01", "closure", {"from": day, "until": day, "closed_reason": "other"})
    told = read(phone.get("/hours/poster"))
    assert told.count("Dicht: ") == hours._MOST_CLOSURES
    assert "Dicht: donderdag 3 december." in told


def test_the_office_prints_the_posters_of_all_places_or_of_one(
    office: Client, hire: Callable[..., Any], sign_in: Callable[[Any], Client], send: Any
) -> None:
    gone = {"code": "OP-03", "name": "Voorbij", "kind": "meeting_place", "wijk": "moerwijk",
            "active_from": "2024-01-01", "active_until": "2026-10-31"}  # fmt: skip
    send(None, "place", gone)
    shown = office.get("/office/door-posters")
    assert shown.text.count("<svg ") == 4
    assert "Voorbij" not in shown.text
    one = office.get("/office/door-posters?place=WB-01")
    assert (one.text.count("<svg "), "Wijkbedrijf 1" in one.text) == (1, True)
    reader = sign_in(hire("lezer", "reader"))
    assert reader.get("/office/door-posters").status_code == 200
    assert reader.get("/office/tallies").status_code == 403
    listed = links(office.get("/office/places"))
    assert "/office/door-posters?place=WB-01" in listed
    assert "/office/tallies?place=WB-01" in listed
