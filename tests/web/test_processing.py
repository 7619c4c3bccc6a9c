"""What is kept how long, the register of processing and the report: made of forms and code."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.keep import due, retention
from fieldapp.report import processing
from tests.conftest import Clock
from tests.page import Client, parse, words

PRIVACY = "/office/processing"
REGISTER, REPORT = f"{PRIVACY}/register", f"{PRIVACY}/report"


def told(answer: Any) -> str:
    """All words on a page."""
    return words(next(parse(answer.text).all("main")))


def figure(answer: Any, label: str) -> str:
    """What stands beside a label."""
    row = next(row for row in parse(answer.text).all("tr") if words(row).startswith(label))
    return words(row).removeprefix(label).strip()


def test_every_rule_is_told(office: Client) -> None:
    shown, paper = told(office.get(PRIVACY)), told(office.get(REGISTER))
    for rule in retention.RULES:
        assert rule.what.source in shown and rule.why.source in shown
        assert rule.what.source in paper and rule.how.source in paper


def test_the_register_has_every_question_about_persons(office: Client, forms: Any) -> None:
    paper = told(office.get(REGISTER))
    asked = {each.form.form_id: each for each in processing.asked(forms.values())}
    assert {"person_new", "step", "attendance", "volunteer_hours"} <= asked.keys()
    assert not asked.keys() & {"visitors", "opening", "place"}
    for each in asked.values():
        assert all(words_of(q) in paper for q in each.questions if q.label)
    assert "Roepnaam *" in paper and "Kies de eerste dag" not in paper
    assert (
        "Grondslag" in paper and "kiest de privacyfunctionaris" in paper and "Vrijwilliger" in paper
    )
    for said in (*processing.GOALS, *processing.MEASURES):
        assert said.source in paper


def words_of(question: Any) -> str:
    """The label of a question, as a page has it."""
    return " ".join(question.label["nl"].split())


def test_a_new_private_question_stands_there_by_itself(office: Client, app: Any) -> None:
    before = told(office.get(REGISTER))
    found = app.extensions["fieldapp"].store.forms["person_new"].questions["started"]
    assert f"{words_of(found)} *" not in before
    object.__setattr__(found, "private", True)
    try:
        assert f"{words_of(found)} *" in told(office.get(REGISTER))
    finally:
        object.__setattr__(found, "private", False)


def test_the_report_counts(office: Client, enter: Any, clock: Clock, phone: Client) -> None:
    code = enter("WB-01", "Samira", "participant")
    enter("OP-01", "Kees")
    answer = office.fill("/office/people", {"code": code})
    office.send(answer, action="/office/people/access")
    given = {"csrf_token": office.token("/office/people"), "code": code, "do": "yes", "sure": "yes"}
    office.post("/office/people/erase", data=given)
    shown = office.get(REPORT)
    assert figure(shown, "Personen van wie iets bewaard is") == "2"
    assert figure(shown, "Roepnamen die nu bewaard zijn") == "1"
    assert figure(shown, "Keer dat iemand inzage kreeg (AVG, artikel 15)") == "1"
    assert figure(shown, "Keer dat een naam is gewist op verzoek (AVG, artikel 17)") == "1"
    assert figure(shown, "Telefoons in gebruik") == "1" and "Gewist op:" in told(shown)
    assert "onder 5 zijn verborgen" in told(shown)
    assert "Samira" not in shown.text and code not in shown.text


def test_the_day_is_set_and_taken_back(office: Client, kept: Any) -> None:
    assert office.fill(PRIVACY, {due.SETTING: "2028-02-01"}).status_code == 303
    assert kept("setting")[0]["value"] == "2028-02-01"
    assert "Op 1-2-2028 gaat alles weg" in told(office.get(PRIVACY))
    assert office.fill(PRIVACY, {due.SETTING: ""}).status_code == 303
    assert kept("setting") == []


@pytest.mark.parametrize("typed", ["2026-12-01", "2027-12-31", "morgen", "2028-02-31"])
def test_a_day_that_cannot_be_is_refused(office: Client, kept: Any, typed: str) -> None:
    answer = office.fill(PRIVACY, {due.SETTING: typed})
    assert answer.status_code == 422 and typed in answer.text
    assert kept("setting") == []


def test_a_page_that_was_open_too_long_sets_nothing(office: Client, kept: Any) -> None:
    answer = office.post(PRIVACY, data={"csrf_token": "x", due.SETTING: "2028-02-01"})
    assert answer.status_code == 422 and kept("setting") == []


def test_only_the_office_sees_it(sign_in: Any, hire: Any, phone: Client) -> None:
    reader = sign_in(hire("lezer", "reader"))
    for path in (PRIVACY, REGISTER, REPORT):
        assert reader.get(path).status_code == 403
        assert phone.get(path).status_code == 303
    assert reader.post(PRIVACY, data={}).status_code == 403


def test_it_is_there_in_english(office: Client) -> None:
    office.set_cookie("language", "en")
    for path in (PRIVACY, REGISTER, REPORT):
        shown = office.get(path, headers={"Accept-Language": "en"}).text
        assert "rivacy officer" in shown
