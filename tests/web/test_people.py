"""A card code opens what is kept about its person, on paper too; never in an address or a log."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from fieldapp.keep import attempt
from fieldapp.keep.attempt import FREE_TRIES
from tests.page import Client, parse, words

PEOPLE, ACCESS, PROOF = "/office/people", "/office/people/access", "/office/people/proof"


@pytest.fixture
def samira(enter: Any, send: Any) -> str:
    """Somebody who takes part and of whom something is kept; her card code."""
    code = enter("WB-01", "Samira", "participant")
    helper = enter("WB-01", "Kees")
    other = enter("WB-01", "Bo", "participant")
    for day, task, hours in (("02", "green", "2"), ("09", "green", "2.5"), ("16", "food", "3")):
        given = {"date": f"2026-11-{day}", "daypart": "morning", "task": task, "hours": hours}
        send("WB-01", "attendance", given | {"who": [code, other]})
    send("WB-01", "step", {"person": code, "date": "2026-11-16", "step": "coaching_started"})
    send("WB-01", "volunteer_month", {"month": "2026-11", "allowance": [helper]})
    return code


@pytest.fixture
def bo(samira: str, kept: Any) -> str:
    """The card code of who was there with her."""
    return str(kept("people")[-1]["code"])


@pytest.fixture
def paper(office: Client) -> Any:
    """Asks for a paper about a card as the page of that card does."""

    def asked(path: str, code: str) -> Any:
        token = office.token(PEOPLE)
        return office.post(path, data={"csrf_token": token, "code": code})

    return asked


def told(answer: Any) -> str:
    """All words on a page."""
    return words(next(parse(answer.text).all("main")))


def test_a_code_opens_its_person(office: Client, samira: str) -> None:
    answer = office.fill(PEOPLE, {"code": f" {samira.lower()} "})
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    shown = told(answer)
    assert f"Kaart {samira}" in shown and "Wijkbedrijf 1" in shown and "Deelnemer" in shown
    assert "Gezien: 3 keer" in shown and "Samira" not in answer.text
    assert office.send(answer, action=ACCESS).status_code == 200


def test_the_paper_has_everything_and_nobody_else(paper: Any, samira: str, bo: str) -> None:
    answer = paper(ACCESS, samira)
    shown = told(answer)
    for part in (
        samira, "Wijkbedrijf 1", "Deelnemer: Groen en tuin", "Koken en eten brengen", "2,5",
        "Coaching begonnen", "Is het al 18 maanden of langer", "alleen de plek",
    ):  # fmt: skip
        assert part in shown, part
    assert "Samira" not in answer.text and bo not in answer.text and "Bo" not in shown.split()
    assert "Vergoeding" not in shown


def test_the_paper_tells_of_an_allowance_and_not_who_else_got_one(
    paper: Any, samira: str, kept: Any
) -> None:
    helper = kept("people")[-2]["code"]
    shown = told(paper(ACCESS, helper))
    assert "u kreeg er een in deze maand" in shown and samira not in shown


def test_what_was_withdrawn_is_on_the_paper_and_not_in_the_proof(
    office: Client, paper: Any, samira: str, kept: Any
) -> None:
    row = kept("form_attendance")[-1]["_id"]
    at = f"/office/records/attendance/{row}"
    assert office.fill(at, {"page.reason": "Vergist."}, f"{at}/withdraw").status_code == 303
    assert "ingetrokken, telt niet mee" in told(paper(ACCESS, samira))
    proof = told(paper(PROOF, samira))
    assert "4,5 uur, op 2 dagen" in proof and "Koken" not in proof


def test_the_proof_adds_up_and_leaves_the_name_to_a_pen(paper: Any, samira: str) -> None:
    answer = paper(PROOF, samira)
    shown = told(answer)
    assert "7,5 uur, op 3 dagen" in shown
    assert "2 november 2026 tot en met 16 november 2026" in shown
    assert "Groen en tuin; Koken en eten brengen" in shown and "Wijkbedrijf 1" in shown
    assert "Mede mogelijk gemaakt in het kader van de Regio Deal" in shown
    assert samira not in shown and "Samira" not in answer.text
    assert "Naam:" in shown and 'class="dots"' in answer.text


def test_without_hours_the_proof_says_so(paper: Any, enter: Any) -> None:
    assert "nog geen uren" in told(paper(PROOF, enter("OP-01", "Samira")))


def test_a_code_that_nobody_has(office: Client, paper: Any, samira: str) -> None:
    for path in (PEOPLE, ACCESS, PROOF):
        answer = paper(path, "ZZZZ")
        assert answer.status_code == 422 and "Wij kennen deze kaart niet" in answer.text
    assert "Typ de code" in office.fill(PEOPLE, {"code": " "}).text


def test_guesses_slow_down(paper: Any, samira: str, clock: Any) -> None:
    for _ in range(FREE_TRIES):
        paper(PEOPLE, "ZZZZ")
    for path in (PEOPLE, ACCESS, PROOF):
        answer = paper(path, samira)
        assert answer.status_code == 429 and answer.headers["Retry-After"]
        assert "Wijkbedrijf 1" not in answer.text
    clock.forward(seconds=301)
    assert paper(PEOPLE, samira).status_code == 200


def test_mutation_without_counting_one_may_guess(paper: Any, samira: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(attempt, "failed", lambda write, scope: None)
    for _ in range(2 * FREE_TRIES):
        paper(PEOPLE, "ZZZZ")
    assert paper(PEOPLE, samira).status_code == 200


def test_a_code_is_in_no_address_journal_or_log(
    office: Client, paper: Any, samira: str, kept: Any, caplog: Any
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = office.fill(PEOPLE, {"code": samira})
        paper(ACCESS, samira)
        paper(PROOF, samira)
    assert samira not in caplog.text and samira not in str(kept("journal")[-5:])
    assert [line["action"] for line in kept("journal")][-2:] == ["access given", "proof given"]
    links = [e.get("href") or e.get("action") or "" for e in parse(answer.text).all("a", "form")]
    assert not any(samira in link for link in links)
    assert office.get(f"{PEOPLE}?code={samira}").status_code == 200
    assert "Wijkbedrijf 1" not in office.get(f"{PEOPLE}?code={samira}").text


def test_only_the_office_looks_people_up(page: Any, hire: Any, sign_in: Any, samira: str) -> None:
    reader = sign_in(hire("lezer", "reader"))
    for path in (PEOPLE, ACCESS, PROOF):
        assert reader.get(path).status_code == 403
    assert page().post(PEOPLE, data={"code": samira}).status_code == 401


def test_the_papers_lead_back_when_they_are_opened_anew(office: Client) -> None:
    for path in (ACCESS, PROOF):
        assert office.get(path).location == PEOPLE


def test_without_a_token_nothing_is_shown(office: Client, samira: str) -> None:
    for path in (PEOPLE, ACCESS, PROOF):
        answer = office.post(path, data={"code": samira})
        assert answer.status_code == 422 and "te lang open" in answer.text
