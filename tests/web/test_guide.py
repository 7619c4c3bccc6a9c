"""The guide and the calendar are for everybody; the guide says what stands on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

import pytest
from icalendar import Calendar

from fieldapp.web import language
from tests.conftest import Clock
from tests.page import Client, parse, words

ELSEWHERE = {  # what other programs call it
    "nl": {"survey", "settings", "text", "integer", "abonneren", "toevoegen via internet"},
    "en": {"survey", "settings", "text", "integer", "subscribe", "add from the internet"},
}
PARTS = {  # what the screen puts together
    "nl": {"Mist iets", "Voorbeeld: Nederlands", "Poster: Bezoekers", "Niet delen"},
    "en": {"Misses something", "Example: Nederlands", "Poster: Visitors", "Niet delen"},
}


def guide(client: Client, code: str) -> Element:
    """The part for the office, in a language."""
    shown = client.get("/uitleg", headers={"Accept-Language": code}).text
    return next(part for part in parse(shown).all("section") if part.get("id") == "kantoor")


@pytest.mark.parametrize("code", ["nl", "en"])
def test_what_the_guide_names_stands_on_the_screen(client: Client, code: str) -> None:
    texts = {text if code == "en" else source for source, text in language.load()["en"].items()}
    starts = {text.partition("{")[0].rstrip(": ") for text in texts if "{" in text}
    named = set(re.findall("“([^”]+)”", words(guide(client, code))))
    assert len(named) > 40
    assert named - texts - starts - ELSEWHERE[code] - PARTS[code] == set()


def test_each_task_has_its_place_in_both_languages(client: Client) -> None:
    tasks = {code: list(guide(client, code).iter("h3")) for code in ("nl", "en")}
    anchors = [part.get("id") for part in tasks["nl"]]
    assert anchors == [part.get("id") for part in tasks["en"]]
    assert {
        "ontbreekt", "verbeteren", "intrekken", "dubbel", "sluiten", "verzoek", "downloaden",
        "invoeren", "formulier", "telefoon", "afdrukken",
    } <= set(anchors)  # fmt: skip
    led = [a.get("href") for a in next(guide(client, "nl").iter("nav")).iter("a")]
    assert led == [f"#{anchor}" for anchor in anchors]
    told: Mapping[str, set[str]] = {
        code: {words(part) for part in parts} for code, parts in tasks.items()
    }
    assert not told["nl"] & told["en"]


def test_the_office_is_led_to_its_part(office: Client, phone: Client) -> None:
    def foot(shown: str) -> list[str | None]:
        return [a.get("href") for part in parse(shown).all("footer") for a in part.iter("a")]

    assert "/uitleg#kantoor" in foot(office.get("/office/places").text)
    assert "/uitleg" in foot(phone.get("/privacy").text)


def test_the_calendar_is_for_everybody(client: Client, phone: Client, clock: Clock) -> None:
    assert "http://localhost/kalender.ics" in client.get("/uitleg").text
    answer = client.get("/kalender.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    events = {str(event["UID"]) for event in Calendar.from_ical(answer.data).walk("VEVENT")}
    assert {"due-2026-11@localhost", "concept-2027@localhost", "deal@localhost"} <= events
    assert phone.get("/kalender.ics").data == answer.data
    clock.forward(minutes=20)
    same = client.get("/kalender.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
