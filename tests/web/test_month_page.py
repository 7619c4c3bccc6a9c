"""Uw maand op één A4: large figures of one place, none of them small, for everybody to see."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from fieldapp.keep import row as rows_kept
from fieldapp.keep.row import Origin
from fieldapp.keep.store import Store
from fieldapp.report.deliver import deliver
from fieldapp.report.month import Month, months
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from fieldapp.web import month_page
from tests.conftest import MOMENT, Clerk, Clock, Send
from tests.page import Client, parse, words
from tests.report.conftest import rows, sheet_of

DAY = "2026-10-05"  # a Monday
CALL_NAMES = ("Amina", "Bo", "Chris", "Dewi", "Emre", "Fatima", "Gerda")


def sheets(shown: Any) -> list[Element]:
    return [e for e in parse(shown.text).all("article") if "month" in e.get("class", "").split()]


def figures(sheet: Element) -> dict[str, str]:
    """What is told large: the Dutch words → the number above them."""
    found = {}
    for item in (li for ul in sheet.iter("ul") for li in ul.iter("li")):
        number, english = next(item.iter("b")), next(item.iter("span"))
        found[(number.tail or "").strip()] = words(number)
        assert words(english)
    return found


def charts(shown: Any) -> list[str]:
    """What a reader hears of each drawing."""
    return [
        html.unescape(said)
        for said in re.findall(r'<svg class="bars"[^>]*aria-label="([^"]*)"', shown.text)
    ]


@pytest.fixture
def help_out(small: Store, send: Send) -> Callable[..., None]:
    """Lets that many people be at a place for two hours in October."""

    def helped(place: str, count: int, role: str = "volunteer") -> None:
        codes = []
        for name in CALL_NAMES[:count]:
            raw = {"role": role, "known_elsewhere": "no", "call_name": name, "informed": "OK"}
            raw |= {"started": DAY} | ({"labour_distance": "yes"} if role[0] == "p" else {})
            row = send(place, "person_new", raw).id
            with small.read() as connection:
                sql = "SELECT person FROM form_person_new WHERE _id = ?"
                codes.append(str(connection.execute(sql, (row,)).fetchone()[0]))
        raw = {"date": DAY, "who": codes, "hours": "2"}
        if role == "volunteer":
            send(place, "volunteer_hours", raw)
        else:
            send(place, "attendance", raw | {"daypart": "morning", "task": "green"})

    return helped


@pytest.fixture
def october(send: Send, help_out: Callable[..., None]) -> None:
    """Some days of October 2026 at OP-01."""
    send(
        "OP-01",
        "opening",
        {"date": DAY, "open": "yes", "open_from": "09:00", "open_until": "17:00"},
    )
    for date, daypart, visitors, done in (
        (DAY, "morning", "1200", ["drop_in", "meal"]), (DAY, "afternoon", "30", ["drop_in"]),
        ("2026-10-07", "morning", "4", ["drop_in"]),
    ):  # fmt: skip
        seen = {"date": date, "daypart": daypart, "visitors": visitors, "activities": done}
        send("OP-01", "visitors", seen)
    help_out("OP-01", 6)


@pytest.mark.usefixtures("october")
def test_the_last_month_stands_there_in_large_figures(phone: Client) -> None:
    shown = phone.get("/month")
    (sheet,) = sheets(shown)
    assert figures(sheet) == {
        "bezoeken": "1.234",
        "uren open": "8",
        "vrijwilligers": "6",
        "uren hulp van vrijwilligers": "12",
        "dagen open": "1",
    }
    assert charts(shown) == [
        "Bezoeken per dag. Ontmoetingsplek 1. Maandag 1.230; Woensdag 4.",
        "Wat er te doen was (dagdelen). Ontmoetingsplek 1. Inloop en koffie 3; Samen eten 1.",
    ]
    read = words(sheet)
    assert "Dit deden wij samen in oktober 2026" in read
    assert "What we did together in October 2026" in read
    assert "Dank u wel!" in read and "Thank you!" in read
    assert read.endswith(Settings().acknowledgement)


@pytest.mark.usefixtures("october")
def test_nothing_personal_is_on_a_wall(phone: Client, small: Store) -> None:
    with small.read() as connection:
        codes = [row[0] for row in connection.execute("SELECT code FROM people")]
    assert len(codes) == 6
    for word in (*codes, *CALL_NAMES[:6], "Ria"):
        assert not re.search(rf"\b{word}\b", words(sheets(phone.get("/month"))[0]))


def test_few_people_are_not_told_how_many(
    phone: Client, pair_to: Callable[..., Client], help_out: Callable[..., None]
) -> None:
    help_out("OP-01", 2)
    help_out("WB-01", 4, "participant")
    told = figures(sheets(phone.get("/month?month=2026-10"))[0])
    assert told == {"uren hulp van vrijwilligers": "4"}
    told = figures(sheets(pair_to("WB-01").get("/month"))[0])
    assert told == {"uren werk van deelnemers": "8"}


def test_what_the_public_month_withholds_is_not_on_a_wall(
    send: Send,
    phone: Client,
    pair_to: Callable[..., Client],
    help_out: Callable[..., None],
    small: Store,
    settings: Settings,
    workbooks: Mapping[str, Workbook],
) -> None:
    """Six of one place would tell, with the total, that there were two at the other."""
    kept = {"code": "OP-03", "name": "Ontmoetingsplek 3", "kind": "meeting_place"}
    send(None, "place", kept | {"wijk": "moerwijk", "active_from": "2025-01-01"})
    for place, count in (("OP-01", 7), ("OP-02", 6), ("OP-03", 2)):
        help_out(place, count)
    book = deliver(small, settings, workbooks, "monthly", "2026-10", MOMENT).content
    public = {row[0]: row[4] for row in rows(sheet_of(book, "Vrijwilligers"))}
    walls = {
        code: figures(sheets(pair_to(code).get("/month"))[0]).get("vrijwilligers")
        for code in ("OP-01", "OP-02", "OP-03")
    }
    shown = {code: None if public[code] == "afg." else str(public[code]) for code in walls}
    assert walls == shown
    assert sum(number is None for number in walls.values()) == 2


def test_a_month_without_anything_says_so_and_thanks_all_the_same(phone: Client) -> None:
    shown = phone.get("/month")
    (sheet,) = sheets(shown)
    assert "Over deze maand is nog niets ingevuld." in words(sheet)
    assert "Dank u wel!" in words(sheet)
    assert charts(shown) == []


def test_another_month_is_one_tap_away_until_this_one(phone: Client) -> None:
    def beside(address: str) -> list[str]:
        links = parse(phone.get(address).text).all("a")
        return [a.attrib["href"] for a in links if "month=" in a.get("href", "")]

    assert beside("/month") == ["/month?month=2026-09", "/month?month=2026-11"]
    assert beside("/month?month=2026-11") == ["/month?month=2026-10"]
    now = words(sheets(phone.get("/month?month=2026-11"))[0])
    assert "november 2026 tot en met 19 november" in now


@pytest.mark.parametrize("month", ["2026-13", "x", "2026", "2026-Q3", "2027-01", "1999-01"])
def test_what_is_no_month_is_refused_with_an_example(
    phone: Client, office: Client, month: str
) -> None:
    for client, address in ((phone, "/month"), (office, "/office/month-pages")):
        shown = client.get(f"{address}?month={month}")
        assert shown.status_code == 400
        assert "Kies een maand, bijvoorbeeld 2026-10." in shown.text


@pytest.mark.usefixtures("october")
def test_a_phone_shows_its_own_place_only(pair_to: Callable[..., Client]) -> None:
    other = pair_to("OP-02")
    (sheet,) = sheets(other.get("/month?place=OP-01"))
    assert "Ontmoetingsplek 2" in words(sheet)
    assert figures(sheet) == {}
    assert other.get("/month?page.place=OP-01").status_code == 404


def test_without_a_phone_or_an_account_there_is_no_page(client: Client) -> None:
    assert client.get("/month").status_code == 401
    assert client.get("/office/month-pages").status_code == 303


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The months that were measured, in order."""
    found: list[str] = []

    def counting(*given: Any) -> Mapping[str, Month]:
        found.append(f"{given[3].start:%Y-%m}")
        return months(*given)

    monkeypatch.setattr(month_page, "months", counting)
    return found


@pytest.mark.usefixtures("october")
def test_what_is_asked_again_is_not_measured_again(
    phone: Client, office: Client, measured: list[str]
) -> None:
    for _ in range(2):
        assert figures(sheets(phone.get("/month?month=2026-10"))[0])["bezoeken"] == "1.234"
    assert len(sheets(office.get("/office/month-pages?month=2026-10"))) == 4
    assert measured == ["2026-10"]
    phone.get("/month?month=2026-09")
    assert measured == ["2026-10", "2026-09"]


@pytest.mark.usefixtures("october")
def test_what_was_just_kept_stands_there_at_once(
    phone: Client, small: Store, measured: list[str], clock: Clock
) -> None:
    def visits() -> str:
        return figures(sheets(phone.get("/month?month=2026-10"))[0])["bezoeken"]

    assert visits() == "1.234"
    kept = {"date": "2026-10-08", "daypart": "morning", "visitors": "10"}
    assert phone.fill("/form/visitors", kept).status_code == 303
    assert visits() == "1.244"
    with small.read() as connection:
        row = connection.execute(
            "SELECT _id FROM form_visitors WHERE date = '2026-10-08'"
        ).fetchone()[0]
    with small.write("test", MOMENT) as write:
        rows_kept.withdraw(small, write, small.forms["visitors"], row, 0, Origin("OP-01"))
    assert visits() == "1.234"
    clock.forward(days=1)
    assert visits() == "1.234"
    assert measured == ["2026-10"] * 4  # another day expects more


def names(shown: Any) -> Sequence[str]:
    """The places on the sheets."""
    return [words(next(sheet.iter("p"))) for sheet in sheets(shown)]


def test_the_office_prints_all_places_or_one(
    office: Client, hire: Callable[..., Clerk], sign_in: Callable[[Clerk], Client]
) -> None:
    every = ["Instapeconomie 1", "Ontmoetingsplek 1", "Ontmoetingsplek 2", "Wijkbedrijf 1"]
    reader = sign_in(hire("lezer", "reader"))
    for client in (office, reader):
        assert names(client.get("/office/month-pages?month=2026-10")) == every
    assert names(office.get("/office/month-pages?place=WB-01")) == ["Wijkbedrijf 1"]
    none = office.get("/office/month-pages?month=2024-06")
    assert names(none) == [] and "In deze maand deed geen plek mee." in none.text


def test_home_and_the_saved_month_report_lead_to_it(phone: Client) -> None:
    def links(address: str) -> list[str]:
        return [
            a.attrib["href"] for a in parse(phone.get(address).text).all("a") if "href" in a.attrib
        ]

    assert "/month" in links("/")
    told = {"month": "2026-10-01", "worked": "De taalles loopt vol."}
    saved = phone.fill("/form/month_report", told)
    assert saved.status_code == 303
    assert "/month?month=2026-10" in links(saved.location)


def test_the_office_downloads_the_dossier_of_a_meeting_place(office: Client) -> None:
    link = "/office/export/dossier/2026.xlsx?place=OP-01"
    for address in ("/office/places", "/office/"):
        found = [a.get("href") for a in parse(office.get(address).text).all("a")]
        assert link in found
        assert not any("dossier" in str(href) and "WB-01" in str(href) for href in found)
        assert not any(str(href).endswith("dossier/2026-11.xlsx") for href in found)
    answer = office.get(link)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('"dossier-OP-01-2026.xlsx"')
    for wrong in ("", "?place=WB-01", "?place=OP-77"):
        refused = office.get(f"/office/export/dossier/2026.xlsx{wrong}")
        assert refused.status_code == 400
        assert "Kies een ontmoetingsplek" in refused.text
