"""The office's first page, places and the days of a month, and the page of one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fieldapp.keep.store import Store
from tests.conftest import MOMENT, WORLD
from tests.page import Client, parse, words

DAY = "2026-11-02"  # a Monday
OPEN = {"open": "yes", "open_from": "09:00", "open_until": "17:00"}


def tables(text: str) -> Mapping[str, Mapping[str, list[str]]]:
    """The tables of a page by their captions: the words of each row by those of its first cell."""
    found = {}
    for table in parse(text).all("table"):
        rows = [[words(cell) for cell in row] for row in table.iter("tr")]
        caption = words(next(table.iter("caption")))
        found[caption] = {row[0]: row[1:] for row in rows}
    return found


def grid(client: Client, address: str = "/office/?month=2026-11") -> Mapping[str, list[str]]:
    """The rows of places × days."""
    found = tables(client.get(address).text)["Wat er is ingevuld, per plek en dag"]
    return {name.split()[-2] if name != "Plek" else name: row for name, row in found.items()}


def said(client: Client, address: str) -> str:
    """Everything that a page says."""
    return words(next(parse(client.get(address).text).all("main")))


def links(text: str) -> Mapping[str, str]:
    """The links of a page with their words."""
    return {a.attrib["href"]: words(a) for a in parse(text).all("a")}


@pytest.fixture
def month(send: Any, enter: Callable[..., str], clock: Any) -> str:
    """The first days of November at two places; a card code."""
    clock.now = dt.datetime(2026, 11, 6, 10, 0, tzinfo=MOMENT.tzinfo)  # four days to count
    person = enter("OP-01", "Ria", started="2026-11-01")
    for day in ("2026-11-02", "2026-11-03"):
        send("OP-01", "opening", {"date": day} | OPEN)
    for day in ("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"):
        send("OP-02", "opening", {"date": day} | OPEN)
    for part in ("morning", "afternoon"):
        visit = {"date": DAY, "daypart": part, "visitors": "3"}
        send("OP-01", "visitors", visit)
    send("OP-01", "visitors", visit)  # a double counts for nothing
    send("OP-01", "volunteer_hours", {"date": DAY, "who": person, "hours": "2"})
    return person


def test_the_overview_shows_each_day_in_signs_and_words(office: Client, month: str) -> None:
    shown = office.get("/office/?month=2026-11")
    rows = grid(office)
    assert rows["Plek"][:2] == ["zozondag 1", "mamaandag 2"]
    assert rows["Plek"][30:] == ["Maand", "Dubbel", "Laatst ingevuld", "Laatste contact"]
    free, later = "niet verwacht", "…nog niet voorbij"
    assert rows["OP-01"][:7] == [
        free, "✓²alles is ingevuld, dubbel: 1", "½1 van de 4", "✗niets is ingevuld",
        "✗niets is ingevuld", later, free,
    ]  # fmt: skip
    assert rows["OP-02"][1:5] == ["½1 van de 4"] * 4
    assert rows["OP-01"][30:] == [later, "1", "3 nov", "geen telefoon"]
    assert rows["WB-01"][31:33] == ["", "nog nooit674 dagen stil"]
    # Monday to Thursday: a day each, a morning and an afternoon, at OP-01 also Wednesday evening.
    assert tables(shown.text)["Ontvangen van verwacht, per formulier"] == {
        "Formulier": ["Ontvangen", "Verwacht"],
        "Openingstijd": ["6", "16"], "Bezoekers": ["2", "25"],
        "Uren van vrijwilligers": ["1", "16"], "Wie deed mee": ["0", "8"],
    }  # fmt: skip
    assert "9 van de 65 verwachte formulieren zijn binnen." in shown.text


def test_a_correction_is_marked(office: Client, month: str, kept: Any) -> None:
    row = kept("form_visitors", _state="current")[0]["_id"]
    address = f"/office/records/visitors/{row}"
    given = {"visitors": "4", "page.reason": "De plek belde."}
    assert office.fill(f"{address}/correct", given).status_code == 303
    assert grid(office)["OP-01"][1] == "✓²*alles is ingevuld, dubbel: 1, verbeterd: 1"
    shown = office.get("/office/at/OP-01?month=2026-11").text
    day = tables(shown)["Wat er is ingevuld, per dag en formulier"]["maandag 2 november"]
    assert "4 verbeterd" in day[2]


def test_a_month_that_is_over(office: Client, send: Any) -> None:
    send("OP-01", "month_report", {"month": "2026-10-01", "worked": "De taalles."})
    rows = grid(office, "/office/?month=2026-10")
    assert rows["OP-01"][31] == "½1 van de 2"
    assert rows["WB-01"][31] == "✗niets is ingevuld"
    forms = tables(office.get("/office/?month=2026-10").text)
    assert forms["Ontvangen van verwacht, per formulier"]["Maandverslag"] == ["1", "4"]


def test_which_month(office: Client, clock: Any, hire: Any, sign_in: Any) -> None:
    assert "Overzicht van november 2026" in office.get("/office/").text
    assert "Overzicht van oktober 2026" in office.get("/office/?month=2026-10").text
    for page in ("/office/", "/office/at/OP-01"):
        for month in ("x", "2026", "2026-Q3", "2026-13", "2031-01", "1999-01"):
            refused = office.get(f"{page}?month={month}")
            assert refused.status_code == 400, month
            assert "Kies een maand, bijvoorbeeld 2026-10." in refused.text
    clock.now = dt.datetime(2026, 12, 3, 10, 0, tzinfo=MOMENT.tzinfo)
    late = sign_in(hire("collega"))
    assert "Overzicht van november 2026" in late.get("/office/").text
    assert "Ontmoetingsplek 1, november 2026" in late.get("/office/at/OP-01").text


@pytest.mark.usefixtures("phone")
def test_contact_of_phones(office: Client, clock: Any, hire: Any, sign_in: Any) -> None:
    assert grid(office, "/office/")["OP-01"][-1] == "20 nov"
    assert "Een week geen contact: 0" in said(office, "/office/")
    clock.forward(days=9)
    later = sign_in(hire("collega"))
    assert grid(later, "/office/?show=reach").keys() == {"Plek", "OP-01"}
    assert grid(later, "/office/")["OP-01"][-1] == "20 novlanger dan een week"
    assert "Telefoon 1: laatste contact 20 november 2026" in said(later, "/office/at/OP-01")


def test_looking_at_some_places(office: Client, month: str) -> None:
    def shown(query: str) -> list[str]:
        return [name for name in grid(office, f"/office/?month=2026-11&{query}") if name != "Plek"]

    assert shown("kind=meeting_place") == ["OP-01", "OP-02"]
    assert shown("wijk=moerwijk") == ["OP-02", "WB-01"]
    assert shown("wijk=moerwijk&kind=wijkbedrijf") == ["WB-01"]
    assert shown("show=double") == ["OP-01"]
    assert shown("show=silent") == ["WB-01", "IE-01"]
    assert shown("show=missing") == ["WB-01", "OP-01", "OP-02", "IE-01"]  # who misses most first
    text = office.get("/office/?month=2026-11&wijk=moerwijk&show=missing").text
    assert "4 van de 36 verwachte formulieren zijn binnen." in text  # of the wijk
    found = links(text)
    assert found["/office/?month=2026-11&wijk=moerwijk&show=silent"] == "Een week niets ingevuld: 1"
    assert found["/office/?month=2026-11&wijk=moerwijk"] == "Alle plekken"
    assert "Er is geen plek om te tonen." in office.get("/office/?wijk=moerwijk&show=double").text
    for wrong in ("kind=x", "wijk=x", "show=x"):
        refused = office.get(f"/office/?{wrong}")
        assert refused.status_code == 400
        assert "Kies een antwoord uit de lijst." in refused.text


def test_a_thousand_places(office: Client, small: Store) -> None:
    columns = "name, label, kind, wijk, active_from, _row, _at"
    with small.write("test", MOMENT) as write:
        write.connection.executemany(
            f"INSERT INTO list_places ({columns}) VALUES (?, ?, ?, ?, ?, '', '')",
            [(f"X-{n:03}", f"Plek {n}", "pilot", "moerwijk", "2025-01-01") for n in range(996)],
        )
    first = office.get("/office/?month=2026-10")
    assert len(grid(office, "/office/?month=2026-10")) == 101
    assert "Plek 1 tot en met 100 van 1000." in first.text
    forward = "/office/?month=2026-10&page=2"
    assert links(first.text)[forward] == "Volgende"
    second = office.get(forward).text
    assert "Plek 101 tot en met 200 van 1000." in second
    assert links(second)["/office/?month=2026-10"] == "Vorige"
    last = office.get("/office/?month=2026-10&page=10").text
    assert "Plek 901 tot en met 1000 van 1000." in last
    assert "Volgende" not in last
    beyond = office.get("/office/?month=2026-10&page=99")
    assert beyond.status_code == 200
    assert "Er is geen plek om te tonen." in beyond.text
    narrowed = "/office/?month=2026-10&kind=pilot&wijk=moerwijk"
    assert f"{narrowed}&page=2" in links(office.get(narrowed).text)
    assert len(grid(office, "/office/?month=2026-10&kind=wijkbedrijf")) == 2


def test_one_click_to_the_place_and_one_to_the_record(
    office: Client, month: str, kept: Any
) -> None:
    to_place = links(office.get("/office/?month=2026-11").text)
    address = "/office/at/OP-01?month=2026-11"
    assert to_place[address] == "Ontmoetingsplek 1"
    shown = office.get(address).text
    to_record = links(shown)
    for form in ("opening", "visitors", "volunteer_hours", "person_new"):
        for row in kept(f"form_{form}", _place="OP-01"):
            record = f"/office/records/{form}/{row['_id']}"
            assert to_record[record]
            assert office.get(record).status_code == 200
        for row in kept(f"form_{form}", _place="OP-02"):
            assert f"/office/records/{form}/{row['_id']}" not in to_record
    days = tables(shown)["Wat er is ingevuld, per dag en formulier"]
    assert days["Dag"] == ["Stand", "Openingstijd", "Bezoekers", "Uren van vrijwilligers"]
    assert days["maandag 2 november"][2:] == [
        "ochtend, 3 middag, 3 middag, 3 dubbel", "1 persoon, 2 uur"
    ]  # fmt: skip
    assert days["dinsdag 3 november"][2:] == [
        "✗ ochtend: ontbreekt ✗ middag: ontbreekt",
        "✗ ontbreekt",
    ]
    assert days["woensdag 4 november"][1] == "✗ ontbreekt"
    assert "✗ avond: ontbreekt" in days["woensdag 4 november"][2]
    assert days["vrijdag 6 november"][1:3] == [
        "… nog niet",
        "… ochtend: nog niet … middag: nog niet",
    ]
    assert days["zondag 1 november"][1:] == ["", "", ""]
    whole = tables(shown)["Over de hele maand of het hele jaar"]
    assert whole["Maandverslag"] == ["… nog niet"]
    assert to_record["/office/doubles#at-OP-01"] == "Dubbel ingevuld. Nog te kiezen: 1"
    every = "/office/records?place=OP-01&from=2026-11-01&until=2026-11-30"
    assert office.get(every).status_code == 200
    assert every in to_record


def test_the_page_of_a_place_names_no_people(office: Client, month: str) -> None:
    assert "Ria" not in office.get("/office/at/OP-01?month=2026-11").text


def test_the_months_of_a_place(office: Client, send: Any, kept: Any) -> None:
    send("OP-01", "month_report", {"month": "2026-10-01", "worked": "De taalles."})
    (report,) = kept("form_month_report")
    shown = office.get("/office/at/OP-01?month=2026-10").text
    assert f"/office/records/month_report/{report['_id']}" in links(shown)
    whole = tables(shown)["Over de hele maand of het hele jaar"]
    assert whole["Vergoedingen"] == ["✗ ontbreekt"]
    sent = send("OP-01", "year_report", {"year": "2025-01-01", "outlook": "Meer taalles."})
    december = office.get("/office/at/OP-01?month=2025-12").text
    assert f"/office/records/year_report/{sent.id}" in links(december)
    assert "Jaarverslag" not in tables(shown)["Over de hele maand of het hele jaar"]
    assert f"/office/records/year_report/{sent.id}" not in links(
        office.get("/office/at/OP-01?month=2025-01").text
    )


def test_what_holds_at_a_place(office: Client, send: Any) -> None:
    shut = send("OP-01", "closure", {
        "from": "2026-11-09", "until": "2026-11-13", "closed_reason": "vacation"
    })  # fmt: skip
    shown = office.get("/office/at/OP-01").text
    days = tables(shown)["Wat er is ingevuld, per dag en formulier"]
    assert days["maandag 9 november"][0] == "–dicht dichtVakantie"
    assert links(shown)[f"/office/records/closure/{shut.id}"]
    assert "9-11-2026 tot en met 13-11-2026: Vakantie" in words(parse(shown).root)
    assert "9-11-2026" not in office.get("/office/at/OP-01?month=2026-10").text
    text = said(office, "/office/at/OP-01")
    assert "Woensdag9.00–17.00 en 19.00–21.30" in text
    assert "Deze plek heeft geen telefoon." in text
    assert "Deze plek vulde nog nooit iets in." in text
    letter = office.fill("/office/at/OP-01", {"place": "OP-01"}, action="/office/letter")
    assert letter.status_code == 200


def test_a_place_that_is_not_there(office: Client) -> None:
    for code in ("OP-77", "op-01%00", "x"):
        assert office.get(f"/office/at/{code}").status_code == 404


def test_a_withdrawn_record_is_shown_as_such(office: Client, month: str, kept: Any) -> None:
    row = next(r["_id"] for r in kept("form_opening", _place="OP-01", date="2026-11-03"))
    address = f"/office/records/opening/{row}"
    given = {"page.reason": "De plek belde."}
    assert office.fill(address, given, action=f"{address}/withdraw").status_code == 303
    days = tables(office.get("/office/at/OP-01?month=2026-11").text)
    cell = days["Wat er is ingevuld, per dag en formulier"]["dinsdag 3 november"][1]
    assert cell.endswith("ingetrokken ✗ ontbreekt")
    assert grid(office)["OP-01"][2] == "✗niets is ingevuld"


def test_a_reader_sees_how_it_stands_and_no_records(
    office: Client, month: str, hire: Callable[..., Any], sign_in: Callable[..., Client]
) -> None:
    reader = sign_in(hire("lezer", "reader"))
    assert grid(reader) == grid(office)
    shown = reader.get("/office/at/OP-01?month=2026-11").text
    assert not any(href.startswith("/office/records") for href in links(shown))
    assert "/office/letter" not in shown
    assert month not in shown
    days = tables(shown)["Wat er is ingevuld, per dag en formulier"]
    assert days["maandag 2 november"][1:] == ["1 van de 1", "2 van de 2", "1 van de 1"]
    assert days["dinsdag 3 november"][1:] == ["1 van de 1", "0 van de 2", "0 van de 1"]
    for address in ("/office/requests", "/office/merges"):
        assert address not in links(reader.get("/office/").text)
        assert address in links(office.get("/office/").text)
    assert [place[0] for place in WORLD] == [name for name in grid(reader) if name != "Plek"]
