"""The office looks through everything that came in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import MOMENT
from tests.page import Client, parse, words

DAY = {"date": MOMENT.date().isoformat()}
MORNING = DAY | {"daypart": "morning"}
BECAUSE = {"page.reason": "De plek belde."}


def said(client: Client, address: str) -> str:
    """Everything that a page says."""
    return words(next(parse(client.get(address).text).all("main")))


def listed(client: Client, query: str = "") -> list[str]:
    """The lines of the list."""
    page = parse(client.get(f"/office/records?{query}").text)
    bodies = list(page.all("tbody"))
    return [words(th) for th in bodies[0].iter("th")] if bodies else []


@pytest.fixture
def morning(phone: Client, kept: Any) -> str:
    """The address of a morning with 24 visitors, logged by a phone of OP-01."""
    assert phone.fill("/form/visitors", MORNING | {"visitors": "24"}).status_code == 303
    return f"/office/records/visitors/{kept('form_visitors')[-1]['_id']}"


def test_the_list_leads_to_each_record(office: Client, morning: str) -> None:
    text = office.get("/office/records?form=visitors").text
    assert listed(office, "form=visitors") == ["Bezoekers vandaag, ochtend, 24 bezoekers"]
    assert f'href="{morning}"' in text
    assert "Ontmoetingsplek 1" in text and "telefoon 1" in text


def test_the_list_is_sifted(office: Client, morning: str, send: Any, kept: Any) -> None:
    send("OP-02", "visitors", {"date": "2026-11-02", "daypart": "evening", "visitors": "5"})
    office.fill(f"{morning}/correct", {"visitors": "18"} | BECAUSE)
    send("OP-01", "visitors", MORNING | {"visitors": "30"})
    own = "Bezoekers vandaag, ochtend, 18 bezoekers"
    waits = "Bezoekers vandaag, ochtend, 30 bezoekers"
    before = "Bezoekers maandag 2 november, avond, 5 bezoekers"
    assert set(listed(office, "form=visitors")) == {own, waits, before}
    assert set(listed(office, "form=visitors&place=OP-01")) == {own, waits}
    assert listed(office, "form=visitors&until=2026-11-10") == [before]
    assert set(listed(office, "form=visitors&from=3-11-2026")) == {own, waits}
    assert listed(office, "state=double") == [waits]
    assert listed(office, "corrected=1") == [own]
    number = kept("phone")[0]["id"]
    assert listed(office, f"phone={number}") == [own]
    assert listed(office, "form=milestone") == []
    assert "Hier is niets ingevuld." in said(office, "/office/records?form=milestone")


def test_only_what_stands_out(office: Client, send: Any, morning: str) -> None:
    send("OP-02", "visitors", DAY | {"daypart": "afternoon", "visitors": "900"})
    flagged = ["Bezoekers vandaag, middag, 900 bezoekers"]
    assert listed(office, "flagged=1") == flagged
    assert listed(office, "flagged=1&place=OP-01") == []
    assert listed(office, "flagged=1&from=2026-08-01&until=2026-10-31") == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=gisteren", "Vul een datum in als dag-maand-jaar. Bijvoorbeeld 3-11-2026."),
        ("until=2026-02-30", "Deze datum bestaat niet. Bijvoorbeeld goed: 3-11-2026."),
        ("from=2026-11-02&until=2026-11-01", "Kies een dag die niet voor de eerste dag ligt."),
        ("form=x", "Kies een antwoord uit de lijst."),
        ("place=ZZ-99", "Kies een antwoord uit de lijst."),
        ("phone=99", "Kies een antwoord uit de lijst."),
        ("state=x", "Kies een antwoord uit de lijst."),
        ("flagged=1&from=2026-01-01", "Kies hoogstens drie maanden als u alleen"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_says_what_to_do(
    office: Client, morning: str, query: str, message: str
) -> None:
    answer = office.get(f"/office/records?{query}")
    assert answer.status_code == 422
    assert message in words(next(parse(answer.text).all("main")))
    assert morning not in answer.text


def test_fifty_on_a_page(office: Client, send: Any) -> None:
    for day in range(2, 20):
        for part in ("morning", "afternoon", "evening"):
            raw = {"date": f"2026-11-{day:02}", "daypart": part, "visitors": str(day)}
            send("OP-01", "visitors", raw)
    assert len(listed(office, "form=visitors")) == 50
    page = parse(office.get("/office/records?form=visitors").text)
    after = next(a.get("href", "") for a in page.all("a") if words(a) == "Volgende")
    assert after == "/office/records?form=visitors&page=2"
    assert "51 tot en met 54 van 54" in said(office, after)
    assert office.get("/office/records?page=-3").status_code == 200
    assert listed(office, "page=99999999999999999999") == []
