"""Tally sheets: the week of a place on paper, and the code on it that leads to its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from fieldapp.keep import phone as phones
from fieldapp.keep.store import Store
from fieldapp.web import poster
from tests.page import Client, controls, parse, words

WEEK = "2026-W47"


def sheets(shown: Any) -> list[Element]:
    return [e for e in parse(shown.text).all("article") if "tally" in e.get("class", "")]


def rows(sheet: Element) -> list[Element]:
    """The rows of the days."""
    return [row for body in sheet.iter("tbody") for row in body.iter("tr")]


def heads(table: Element) -> list[str]:
    return [words(th) for head in table.iter("thead") for th in head.iter("th")]


def day_names(table: Element) -> list[str]:
    """The first word at the head of each day, in order."""
    return [" ".join(th.itertext()).split()[0].lower() for body in table.iter("tbody")
            for th in body.iter("th")]  # fmt: skip


@pytest.fixture
def week_code(small: Store, clock: Any) -> Callable[[str], str]:
    """The code on the sheets of a place."""

    def code(place: str) -> str:
        with small.write("test", clock()) as write:
            return phones.poster_code(write, place, poster.WEEK)

    return code


# --- the sheet ----------------------------------------------------------------------------------


def test_the_sheet_has_the_order_of_the_page(phone: Client) -> None:
    (sheet,) = sheets(phone.get(f"/tally?week={WEEK}"))
    (paper,) = sheet.iter("table")
    screen = next(t for t in parse(phone.get(f"/week?week={WEEK}").text).all("table"))
    assert day_names(paper) == day_names(screen)
    assert len(day_names(paper)) == 7
    assert heads(paper)[:4] == heads(screen)[:4] == ["Dag", "Ochtend", "Middag", "Avond"]
    for row in rows(sheet):
        boxes = list(row.iter("td"))
        assert len(boxes) == 4
        assert [words(box) for box in boxes[:3]] == ["samen"] * 3
        assert " ".join(boxes[3].itertext()).split() == ["☐", "open", "☐", "dicht,", "want:"]


def test_the_sheet_says_where_when_and_what_not_to_write(phone: Client) -> None:
    (sheet,) = sheets(phone.get("/tally?week=2026-W53"))
    told = " ".join(" ".join(sheet.itertext()).split())
    assert told.startswith("Ontmoetingsplek 1 Week 53 , 28 december tot en met 3 januari 2027")
    assert "Schrijf geen namen op." in told
    assert "Neem de aantallen over op uw telefoon: scan de code." in told
    assert "in het kader van de Regio Deal" in told
    (near,) = sheets(phone.get("/tally"))
    assert "Week 47 , 16 tot en met 22 november 2026" in " ".join(near.itertext())


def test_the_hours_stand_under_each_day_and_closed_days_are_grey(phone: Client, send: Any) -> None:
    shut = {"from": "2026-12-21", "until": "2026-12-22", "closed_reason": "vacation"}
    send("OP-01", "closure", shut)
    (sheet,) = sheets(phone.get("/tally?week=2026-W52"))
    seen = [
        (row.get("class", ""), [words(e) for e in row.iter("small")][1:-3]) for row in rows(sheet)
    ]
    assert seen == [
        ("shut", ["langer dicht"]),
        ("shut", ["langer dicht"]),
        ("", ["9.00–17.00", "19.00–21.30"]),
        ("", ["9.00–17.00"]),
        ("shut", ["feestdag"]),
        ("shut", ["dicht"]),
        ("shut", ["dicht"]),
    ]


def test_days_without_a_schedule_or_before_the_place_say_so(office: Client, send: Any) -> None:
    new = {"code": "OP-09", "name": "Nieuw", "kind": "meeting_place", "wijk": "moerwijk",
           "active_from": "2026-11-18"}  # fmt: skip
    send(None, "place", new)
    (sheet,) = sheets(office.get(f"/office/tallies?place=OP-09&week={WEEK}"))
    assert [words(row.find("th")) for row in rows(sheet)][1:3] == [
        "Dinsdag17 novemberdoet niet mee",
        "Woensdag18 novembergeen rooster",
    ]
    assert {row.get("class") for row in rows(sheet)} == {"shut"}


def test_where_no_visitors_are_counted_only_open_or_closed_is_asked(
    pair_to: Callable[..., Client],
) -> None:
    phone = pair_to("IE-01")
    (sheet,) = sheets(phone.get(f"/tally?week={WEEK}"))
    assert [heads(t) for t in sheet.iter("table")] == [["Dag", "Open of dicht"]]
    assert {len(list(row.iter("td"))) for row in rows(sheet)} == {1}
    assert "Neem dit over op uw telefoon" in words(sheet)
    assert "streepje" not in words(sheet)


def test_weeks_beside_it_are_one_tap_away(phone: Client, office: Client) -> None:
    def beside(client: Client, address: str) -> Sequence[str]:
        page = parse(client.get(address).text)
        return [a.attrib["href"] for a in page.all("a") if "week=" in a.get("href", "")]

    assert beside(phone, "/tally") == ["/tally?week=2026-W46", "/tally?week=2026-W48"]
    assert beside(office, "/office/tallies?place=OP-02&week=2026-W53") == [
        "/office/tallies?week=2026-W52&place=OP-02",
        "/office/tallies?week=2027-W01&place=OP-02",
    ]
    assert beside(phone, "/tally?week=2020-W01") == ["/tally?week=2020-W02"]
    assert beside(phone, "/tally?week=2027-W46") == ["/tally?week=2027-W45"]


@pytest.mark.parametrize(
    "week", ["x", "2026-W54", "2026-W00", "2026-47", "2019-W52", "2028-W10", "٢٠٢٦-W47", "w" * 300]
)
def test_a_week_that_is_not_there(phone: Client, office: Client, week: str) -> None:
    for client, address in ((phone, "/tally"), (office, "/office/tallies")):
        answer = client.get(address, query_string={"week": week})
        assert answer.status_code == 400
        assert "Deze week is er niet." in answer.text


def test_the_office_prints_those_of_all_places_at_once(office: Client, send: Any) -> None:
    gone = {"code": "OP-03", "name": "Voorbij", "kind": "meeting_place", "wijk": "moerwijk",
            "active_from": "2024-01-01", "active_until": "2026-10-31"}  # fmt: skip
    send(None, "place", gone)
    made = sheets(office.get(f"/office/tallies?week={WEEK}"))
    names = [words(next(sheet.iter("h2"))) for sheet in made]
    assert names == ["Instapeconomie 1", "Ontmoetingsplek 1", "Ontmoetingsplek 2", "Wijkbedrijf 1"]
    (one,) = sheets(office.get(f"/office/tallies?week={WEEK}&place=WB-01"))
    assert words(next(one.iter("h2"))) == "Wijkbedrijf 1"


def test_every_sheet_of_a_place_has_the_code_of_its_wall_poster(
    phone: Client, office: Client, week_code: Callable[[str], str], kept: Any
) -> None:
    code = week_code("OP-01")
    for week in (WEEK, "2026-W48"):
        assert f"localhost/Q/{code}/{week}" in phone.get(f"/tally?week={week}").text
    assert f"localhost/Q/{code}<" in office.get("/office/posters?place=OP-01").text
    assert len(kept("poster", form="week")) == 1


def test_home_leads_to_the_sheet(phone: Client) -> None:
    found = [a for a in parse(phone.get("/").text).all("a") if a.get("href") == "/tally"]
    assert [words(a) for a in found] == ["Turflijst voor aan de muur"]


# --- the code on it -----------------------------------------------------------------------------


def test_the_code_leads_to_the_week(phone: Client, week_code: Callable[[str], str]) -> None:
    code = week_code("OP-01")
    for address, target in (
        (f"/Q/{code}/{WEEK}", f"/week?week={WEEK}"), (f"/Q/{code}", "/week"),
    ):  # fmt: skip
        answer = phone.get(address)
        assert (answer.status_code, answer.location) == (303, target)
        assert phone.get(target).status_code == 200


def test_small_letters_lead_to_capitals(client: Client, week_code: Callable[[str], str]) -> None:
    code = week_code("OP-01")
    answer = client.get(f"/q/{code.lower()}/{WEEK.lower()}")
    assert (answer.status_code, answer.location) == (308, f"/Q/{code}/{WEEK}")


def test_the_sheet_of_another_place_fills_in_for_one_s_own(
    pair_to: Callable[..., Client], week_code: Callable[[str], str]
) -> None:
    phone = pair_to("OP-02")
    for address, target in (
        (f"/Q/{week_code('OP-01')}/{WEEK}", f"/week?week={WEEK}&poster=other"),
        (f"/Q/{week_code('OP-01')}", "/week?poster=other"),
    ):
        answer = phone.get(address)
        assert (answer.status_code, answer.location) == (303, target)
        shown = phone.get(target)
        assert "Deze poster hoort bij een andere plek." in shown.text
        assert "Ontmoetingsplek 1" not in shown.text
    assert "Deze poster hoort" not in phone.get(f"/week?week={WEEK}").text


def test_the_sheet_of_the_phone_s_other_place_asks_which(
    pair_to: Callable[..., Client], week_code: Callable[[str], str], clock: Any
) -> None:
    phone = pair_to("OP-01", "OP-02")
    clock.forward(minutes=1)
    shown = phone.get(f"/Q/{week_code('OP-01')}/{WEEK}")
    assert words(next(parse(shown.text).all("h1"))) == "Deze poster is van Ontmoetingsplek 1"
    stay = next(a for a in parse(shown.text).all("a") if "Blijf bij" in words(a))
    assert stay.get("href") == f"/week?week={WEEK}"
    form = [f for f in parse(shown.text).all("form") if f.get("action") == "/switch"][-1]
    answer = phone.post("/switch", data=controls(form) | {"place": "OP-01"})
    assert answer.location == f"/week?week={WEEK}"
    assert phone.get(f"/Q/{week_code('OP-01')}/{WEEK}").location == f"/week?week={WEEK}"


def test_who_is_not_paired_only_gets_an_explanation(
    client: Client, week_code: Callable[[str], str], changes: Callable[[], int]
) -> None:
    code = week_code("OP-01")
    before = changes()
    for address, status in ((f"/Q/{code}/{WEEK}", 200), (f"/Q/ZZZZZZZZ/{WEEK}", 404)):
        answer = client.get(address)
        assert answer.status_code == status
        assert "Deze poster is voor medewerkers van de plek" in answer.text
        assert "Ontmoetingsplek" not in answer.text
    assert changes() == before


def test_what_is_no_week_leads_nowhere(
    phone: Client, week_code: Callable[[str], str], small: Store, clock: Any
) -> None:
    code = week_code("OP-01")
    for week in ("x", "2026", "2026-W4", "2026-W471", "٢٠٢٦-W47", "2026-W47&poster=other"):
        assert phone.get(f"/Q/{code}/{week}").status_code == 404, week
    with small.write("test", clock()) as write:
        visitors = phones.poster_code(write, "OP-01", "visitors")
    assert phone.get(f"/Q/{visitors}/{WEEK}").status_code == 404
    assert phone.get(phone.get(f"/Q/{code}/2026-W54").location).status_code == 400
