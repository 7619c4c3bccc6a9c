"""What stands out is looked at and ticked off; it comes back when the record changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from fieldapp.keep import tick
from tests.conftest import MOMENT
from tests.page import Client, parse, words

PAGE = "/office/flags"
TICK = f"{PAGE}/tick"
DAY = {"date": MOMENT.date().isoformat()}
CANARY = "Kanariegeel"


def said(client: Client, address: str = PAGE) -> str:
    """Everything that a page says."""
    return words(next(parse(client.get(address).text).all("main")))


def ticked(client: Client, shown: Any = None) -> Any:
    """Ticks off everything that a page shows."""
    shown = shown or client.get(PAGE)
    boxes = [i.get("value") for i in parse(shown.text).all("input") if i.get("type") == "checkbox"]
    return client.send(shown, {"flag": boxes}, TICK)


def flags(client: Client, address: str = PAGE) -> Sequence[str]:
    """What stands out, ticked off or not."""
    return [words(h3) for h3 in parse(client.get(address).text).all("h3")]


@pytest.fixture
def crowd(send: Any) -> str:
    """A morning with 900 visitors at OP-01; the id of the record."""
    return str(send("OP-01", "visitors", DAY | {"daypart": "morning", "visitors": "900"}).id)


@pytest.fixture
def long_day(enter: Any, send: Any) -> str:
    """A morning at WB-01 with more hours than it had; the id of the record."""
    code = enter("WB-01", CANARY, "participant")
    raw = DAY | {"daypart": "morning", "task": "green", "who": code, "hours": "6"}
    return str(send("WB-01", "attendance", raw).id)


def test_a_quiet_month_has_nothing(office: Client) -> None:
    assert "In deze maand valt niets op dat nog niet is nagekeken." in said(office)


def test_each_flag_is_a_sentence_that_leads_to_its_records(
    office: Client, crowd: str, long_day: str
) -> None:
    told = said(office)
    assert "Nog na te kijken: 2" in told
    assert "Veel bezoekers in één minuut Ontmoetingsplek 1, vrijdag 20 november" in told
    assert "In één keer zijn er 900 bezoekers ingevuld." in told
    assert "Meer uren dan open Wijkbedrijf 1" in told
    assert "Iemand heeft 6 uur. De ochtend heeft er 3,5." in told
    hrefs = {a.get("href") for a in parse(office.get(PAGE).text).all("a")}
    for address in (f"visitors/{crowd}", f"attendance/{long_day}"):
        assert f"/office/records/{address}" in hrefs
        assert office.get(f"/office/records/{address}").status_code == 200
    assert CANARY not in office.get(PAGE).text
    assert flags(office, f"{PAGE}?month=2026-10") == []


def test_much_more_than_usual_says_what_is_usual(office: Client, send: Any) -> None:
    for day in range(2, 6):
        raw = {"date": f"2026-11-{day:02}", "daypart": "evening", "visitors": "12"}
        send("OP-02", "visitors", raw)
    send("OP-02", "visitors", DAY | {"daypart": "evening", "visitors": "140"})
    assert "140 bezoekers. Gewoonlijk zijn het er hier 12 in de avond." in said(office)


def test_ticked_off_it_is_gone_until_the_record_changes(
    office: Client, phone: Client, crowd: str, kept: Any, changes: Any
) -> None:
    shown, before = office.get(PAGE), changes()
    for _ in range(2):
        answer = ticked(office, shown)
        assert answer.location == f"{PAGE}?month=2026-11&done=1"
    assert changes() == before + 1
    assert len(kept("ticked")) == 1
    told = said(office, answer.location)
    assert "Bewaard. Dit is nagekeken." in told and "Nagekeken (1)" in told
    assert "valt niets op" in told
    assert office.get("/office/records?flagged=1").text.count(crowd) == 0
    phone.fill(f"/form/visitors/{crowd}", {"visitors": "901"})
    assert "Nog na te kijken: 1" in said(office)
    assert crowd in office.get("/office/records?flagged=1").text


def test_one_more_in_the_same_minute_brings_it_back(office: Client, crowd: str, send: Any) -> None:
    ticked(office)
    assert "Nog na te kijken" not in said(office)
    send("OP-01", "visitors", DAY | {"daypart": "evening", "visitors": "3"})
    assert "Kort na elkaar zijn er 903 bezoekers ingevuld, in 2 keer." in said(office)


def test_what_was_ticked_off_can_be_taken_back(office: Client, crowd: str, kept: Any) -> None:
    ticked(office)
    office.fill(PAGE, action=f"{PAGE}/untick")
    assert kept("ticked") == []
    assert "Nog na te kijken: 1" in said(office)
    history = said(office, f"/office/records/visitors/{crowd}")
    assert "Opvallend, nagekeken" in history and "Opvallend, toch niet nagekeken" in history


def test_what_changed_meanwhile_is_looked_at_again(
    office: Client, phone: Client, crowd: str, kept: Any
) -> None:
    shown = office.get(PAGE)
    phone.fill(f"/form/visitors/{crowd}", {"visitors": "950"})
    answer = ticked(office, shown)
    assert answer.status_code == 409
    told = words(next(parse(answer.text).all("main")))
    assert "Dit is intussen veranderd." in told and "950 bezoekers" in told
    assert kept("ticked") == []


def test_what_is_not_flagged_cannot_be_ticked_off(office: Client, crowd: str, kept: Any) -> None:
    shown = office.get(PAGE)
    for mark, status in (
        (f"tenfold:visitors:{crowd}:0", 409), ("x", 400), (f"burst:visitors:{crowd}:", 400)
    ):  # fmt: skip
        assert office.send(shown, {"flag": [mark]}, TICK).status_code == status
    nothing = office.send(shown, {"flag": None}, TICK)
    assert nothing.status_code == 422 and "Vink aan wat u heeft nagekeken." in nothing.text
    assert kept("ticked") == []


def test_without_its_token_nothing_is_ticked_off(office: Client, crowd: str, kept: Any) -> None:
    shown = office.get(PAGE)
    boxes = [i.get("value") for i in parse(shown.text).all("input") if i.get("type") == "checkbox"]
    answer = office.send(shown, {"csrf_token": "x", "flag": boxes}, TICK)
    assert answer.status_code == 422
    assert len(boxes) == 1 and "checked" in answer.text
    assert kept("ticked") == []


@pytest.mark.parametrize("month", ["x", "2026", "2026-13", "2027-01", "2019-12"])
def test_a_month_that_is_none_is_refused(office: Client, month: str) -> None:
    answer = office.get(f"{PAGE}?month={month}")
    assert answer.status_code == 400
    assert "Kies een maand, bijvoorbeeld 2026-10." in answer.text


def test_without_the_number_of_changes_it_would_stay_ticked_off(
    office: Client, phone: Client, crowd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticked(office)
    phone.fill(f"/form/visitors/{crowd}", {"visitors": "901"})
    marked = tick.ticked

    def careless(connection: Any) -> frozenset[tick.Mark]:
        found = marked(connection)
        return found | {tick.Mark(m.kind, m.form, m.row, m.edits + 1) for m in found}

    monkeypatch.setattr(tick, "ticked", careless)
    assert "Nog na te kijken" not in said(office)
