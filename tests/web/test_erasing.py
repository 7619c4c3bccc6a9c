"""The office erases one person: told first what goes, what stays and why; then sure, then gone."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.keep import erasure
from fieldapp.keep.database import Database
from tests.page import Client, parse, words

PEOPLE, ERASE = "/office/people", "/office/people/erase"


@pytest.fixture
def samira(enter: Any) -> str:
    """Somebody who takes part; her card code."""
    return str(enter("WB-01", "Samira", "participant"))


@pytest.fixture
def ask(office: Client) -> Any:
    """Sends what the page of a card or the page of erasing sends."""

    def asked(code: str, **given: str) -> Any:
        return office.post(ERASE, data={"csrf_token": office.token(PEOPLE), "code": code} | given)

    return asked


def told(answer: Any) -> str:
    """All words on a page."""
    return words(next(parse(answer.text).all("main")))


def test_the_page_of_a_card_leads_there(office: Client, samira: str) -> None:
    shown = office.fill(PEOPLE, {"code": samira})
    assert f'formaction="{ERASE}"' in shown.text
    assert office.get(ERASE).headers["Location"] == PEOPLE


def test_it_says_what_goes_what_stays_and_why(ask: Any, samira: str, changes: Any) -> None:
    before = changes()
    answer = ask(samira)
    shown = told(answer)
    for said in (*erasure.GOES, *(part for both in erasure.STAYS for part in both)):
        assert said.source in shown
    assert "Namen nu: 1." in shown and "Samira" not in answer.text
    assert changes() == before


def test_it_asks_to_be_sure(ask: Any, samira: str, changes: Any, kept: Any) -> None:
    before = changes()
    answer = ask(samira, do="yes")
    assert answer.status_code == 422 and "Zet eerst het vinkje" in told(answer)
    assert changes() == before and kept("form_person_new")[0]["call_name"]


def test_the_name_goes_and_the_place_sees_the_code(
    ask: Any, samira: str, kept: Any, pair_to: Any, office: Client
) -> None:
    phone = pair_to("WB-01")
    assert "Samira" in phone.get("/people").text
    assert "De naam is gewist" in told(ask(samira, do="yes", sure="yes"))
    assert kept("form_person_new")[0]["call_name"] is None
    shown = phone.get("/people").text
    assert "Samira" not in shown and samira in shown
    again = ask(samira, do="yes", sure="yes")
    assert again.status_code == 200 and "De naam is al weg" in told(again)
    assert len(kept("journal", action="erase")) == 1


def test_it_says_when_the_log_could_not_be_emptied(
    ask: Any, samira: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "truncate", lambda self: False)
    assert "gaat vannacht weg" in told(ask(samira, do="yes", sure="yes"))


def test_texts_with_the_name_are_to_be_read_first(
    ask: Any, samira: str, send: Any, office: Client
) -> None:
    send("WB-01", "month_report", {"month": "2026-10", "worked": "Samira hielp ons."})
    answer = ask(samira)
    link = next(
        a for a in parse(answer.text).all("a") if "/office/records/" in a.attrib.get("href", "")
    )
    assert "Samira hielp ons." in office.get(link.attrib["href"]).text


def test_only_the_office_may(sign_in: Any, hire: Any, samira: str, phone: Client) -> None:
    reader = sign_in(hire("lezer", "reader"))
    assert reader.post(ERASE, data={"code": samira}).status_code == 403
    assert phone.post(ERASE, data={"code": samira}).status_code == 401


def test_an_unknown_card_and_an_old_page_erase_nothing(
    office: Client, ask: Any, samira: str, kept: Any
) -> None:
    assert ask("ZZZZ", do="yes", sure="yes").status_code == 422
    given = {"csrf_token": "x", "code": samira, "do": "yes", "sure": "yes"}
    assert office.post(ERASE, data=given).status_code == 422
    assert kept("form_person_new")[0]["call_name"]
