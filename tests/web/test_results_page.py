"""The results in the office: figures beside what was agreed, whom to call, the records behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask

from fieldapp.keep.store import Store
from fieldapp.report import outcome
from fieldapp.web import results
from tests.conftest import SINCE, WEEK, Clerk
from tests.page import Client, Page, parse, words

LIST = "/office/results"
STEP = f"{LIST}/4-1.1.1.g"
HOURS = f"{LIST}/4-1.1.1.a"
PROPOSAL = f"{LIST}/4-1.1.3.b"


@pytest.fixture
def places(send: Any, enter: Callable[..., str]) -> Sequence[str]:
    """Two of the 14: one is open longer than before and helps six people, the other is not."""
    for code in ("OP-11", "OP-12"):
        place = {"code": code, "name": f"Plek {code}", "kind": "meeting_place", "wijk": "moerwijk"}
        send(None, "place", place | {"active_from": SINCE, "cohort_14": "OK"})
        send(code, "schedule", {"valid_from": SINCE} | WEEK)
        hours = "Mo-Fr 09:00-16:00" if code == "OP-11" else "Mo-Fr 09:00-17:00"
        send(None, "place_facts", {"place": code, "valid_from": SINCE, "baseline_hours": hours})
    names = ("Ann", "Bas", "Cor", "Dia", "Eva", "Fay")
    codes = [enter("OP-11", name, started="2026-10-01") for name in names]
    for code in codes[:3]:
        step = {"person": code, "step": "coaching_offered", "date": "2026-10-10"}
        send("OP-11", "step", step)
    send("OP-11", "volunteer_month", {"month": "2026-10-01", "allowance": codes})
    agreed = {"result_id": "4/1.1.1.g", "value": "100", "source": "convenant"}
    send(None, "target", agreed | {"valid_from": "2024-01-01"})
    for day, value in (("2025-01-01", "0"), ("2025-12-31", "10")):
        send(None, "path", agreed | {"date": day, "value": value})
    return codes


@pytest.fixture
def reader(hire: Callable[..., Clerk], sign_in: Callable[[Clerk], Client]) -> Client:
    """Somebody who only reads."""
    return sign_in(hire("lezer", "reader"))


def rows(text: str, id: str) -> list[list[str]]:
    """The rows of the table whose caption has that id, headings first."""
    for table in parse(text).all("table"):
        if any(each.get("id") == id for each in table.iter("caption")):
            return [[words(cell) for cell in row] for row in table.iter("tr")]
    raise AssertionError(f"there is no table {id}")


def links(page: Page) -> Mapping[str, str]:
    """Every link of a page: address → words."""
    return {str(link.get("href")): words(link) for link in page.all("a")}


def test_every_result_stands_on_the_list(office: Client, places: Sequence[str], app: Flask) -> None:
    text = office.get(LIST).text
    found = links(parse(text))
    known = app.extensions["fieldapp"].workbooks["progress"].results
    assert {f"{LIST}/{results.slug(each)}?month=2026-11" for each in known} <= set(found)
    counted = {row[0].split(" ")[-1]: row[1:] for row in rows(text, "caption-A")[1:]}
    assert counted["4/1.1.1.g"][:4] == [
        "niet ingevuld in 2025 2026 tot nu toe: 3 personen", "100 personen", "10 personen",
        "geen cijfer",
    ]  # fmt: skip
    assert counted["4/1.1.1.a"][0] == "1 plek op 20 november 2026"
    assert counted["4/1.1.1.a"][4] == "75 uur per week"
    milestones = {row[0].split(" ")[-1] for row in rows(text, "caption-4")[1:]}
    assert {"4/1.1.3.a", "4/2.5.3.a"} <= milestones


def test_the_list_says_whom_to_call(
    office: Client, places: Sequence[str], pair_to: Callable[..., Client]
) -> None:
    pair_to("OP-12")
    page = parse(office.get(LIST).text)
    told = {words(fold[0]): fold for fold in page.all("details")}
    fold = told["Bij 1 plek zijn de uren nog niet ruimer."]
    assert "Plek OP-12 OP-12 Moerwijk laatste contact 20 nov" in words(fold)
    assert [link.get("href") for link in fold.iter("a")] == ["/office/at/OP-12?month=2026-11"]
    assert "Bij 1 plek is nog geen nulmeting." not in told
    section = next(each for each in page.all("section") if each.get("aria-labelledby") == "to-go")
    late = words(section).partition("Mijlpalen die aandacht vragen")[2]
    assert "Hierover is nog niets opgeschreven." in late
    assert "Telefoon" not in late


def test_a_result_has_its_course_its_places_and_what_was_agreed(
    office: Client, places: Sequence[str]
) -> None:
    text = office.get(STEP).text
    page = parse(text)
    verdict = next(each for each in page.all("div") if "verdict" in str(each.get("class")))
    said = words(verdict)
    assert "niet ingevuld in 2025" in said
    assert "2026 tot nu toe: 3 personen" in said
    assert "Geen cijfer In 2025: niet ingevuld. Het pad vraagt 10 personen." in said
    assert "geen nulmeting" in said
    assert "100 personen (convenant)" in said
    months = {row[0]: row[1:] for row in rows(text, "per-month")}
    assert months["september 2026"][0] != "3"
    assert months["oktober 2026"][:2] == ["3", "3"]
    assert len(months) == 14
    assert rows(text, "per-year")[-1][:2] == ["De deal tot en met 20 november", "3"]
    assert rows(text, "per-place")[1][0] == "Plek OP-11 OP-11 Moerwijk"
    drawings = re.findall(r"<svg[^>]*>", text)
    assert len(drawings) == 2
    assert all('role="img" aria-label="' in each for each in drawings)
    assert "Vrijwilligers met een opstap, per jaar." in text


def test_a_number_of_records_leads_to_as_many(office: Client, places: Sequence[str]) -> None:
    page = parse(office.get(STEP).text)
    found = {href: text for href, text in links(page).items() if "/records?form" in href}
    assert found
    for href, text in found.items():
        assert "from=2025-01-01" in href
        assert "until=2026-11-20" in href
        number = int(text.rpartition(" ")[2])
        told = office.get(href).text
        assert f"van {number}</p>" in told, href
    (steps,) = (text for href, text in found.items() if "form=step&place=OP-11" in href)
    assert steps.endswith(": 3")


def test_of_a_milestone_the_places_are_the_evidence(
    office: Client, places: Sequence[str], send: Any
) -> None:
    send("OP-11", "visitors", {"date": "2026-11-19", "daypart": "morning", "visitors": "31"})
    told = {"result_id": "4/1.1.3.b", "as_of": "2026-11-01", "status": "attention"}
    send(None, "milestone", told | {"outlook": "In het voorjaar een voorstel."})
    text = office.get(PROPOSAL).text
    evidence = rows(text, "beside-place")
    assert evidence[0][1] == "Bezoeken (bezoeken)"
    assert next(row for row in evidence if row[0].startswith("Plek OP-11"))[1] == "31"
    assert "Stand: Vraagt aandacht (1-11-2026). In het voorjaar een voorstel." in text
    assert "Dit vraagt aandacht." in text
    assert "30 juni 2027" in text
    assert "/office/milestones" in links(parse(text))


def test_who_reads_sees_no_small_number_and_no_record(
    reader: Client,
    office: Client,
    places: Sequence[str],
    pair_to: Callable[..., Client],
    send: Any,
) -> None:
    pair_to("OP-12")
    measured = {"result_id": "4/1.1.1.g", "value": "7", "as_of": "2024-04-01", "source": "toen"}
    send(None, "baseline", measured)
    for path in (f"{LIST}?month=2026-10", f"{STEP}?month=2026-10"):
        exact, shielded = office.get(path).text, reader.get(path).text
        assert "3 personen" in exact
        assert "3 personen" not in shielded
        assert "7 personen" in exact
        assert "7 personen" not in shielded
        assert "toen)" not in shielded
        assert "afgeschermd" in shielded
        found = links(parse(shielded))
        assert not [href for href in found if "/office/records" in href or "/form/" in href]
        assert "laatste contact" not in shielded
    assert "laatste contact" in office.get(f"{LIST}?month=2026-10").text


def test_who_reads_sees_whole_months_only(reader: Client, office: Client) -> None:
    assert office.get(f"{LIST}?month=2026-11").status_code == 200
    assert "oktober 2026</option>" in reader.get(LIST).text
    for path in (LIST, STEP):
        assert reader.get(f"{path}?month=2026-11").status_code == 400
    assert "november 2026" not in reader.get(LIST).text


@pytest.mark.parametrize("month", ["2026-12", "2023-12", "2026", "2026-Q3", "x", "2026-13"])
def test_another_month_is_refused_with_a_sentence(office: Client, month: str) -> None:
    for path in (LIST, STEP):
        answer = office.get(f"{path}?month={month}")
        assert answer.status_code == 400
        assert "Kies een maand uit de lijst." in answer.text


def test_a_result_that_is_not_there_is_not_found(office: Client) -> None:
    for name in ("x", "4-1.1.1.z", "4", "4-1.1.1.g.sql"):
        assert office.get(f"{LIST}/{name}").status_code == 404


def test_an_earlier_month_tells_what_was_true_then(office: Client, places: Sequence[str]) -> None:
    text = office.get(f"{STEP}?month=2026-08").text
    assert '<option value="2026-08" selected>' in text
    assert "In 2025: niet ingevuld." in text or "In 2025: n.v.t." in text
    assert rows(text, "per-month")[-1][0] == "augustus 2026"
    assert f"{LIST}?month=2026-08" in links(parse(text))


def test_results_are_measured_once_until_something_changes(
    office: Client, send: Any, places: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = []

    def counted(*given: Any, **more: Any) -> outcome.Outcomes:
        measured.append(1)
        return outcome.outcomes(*given, **more)

    monkeypatch.setattr(results, "outcomes", counted)
    for path in (LIST, STEP, HOURS, LIST):
        office.get(path)
    assert len(measured) == 1
    step = {"person": places[3], "step": "coaching_offered", "date": "2026-11-11"}
    send("OP-11", "step", step)
    assert "4 personen" in office.get(STEP).text
    assert len(measured) == 2


def test_what_was_measured_for_the_office_is_not_shown_to_who_reads(
    office: Client, reader: Client, places: Sequence[str]
) -> None:
    assert office.get(f"{STEP}?month=2026-10").status_code == 200
    assert "De invoer achter dit cijfer" not in reader.get(f"{STEP}?month=2026-10").text


def test_a_confidential_result_says_so_to_who_reads(
    office: Client, reader: Client, places: Sequence[str], send: Any
) -> None:
    judged = {"result_id": "4/1.1.1.a", "as_of": "2026-10-01", "words": "Wij zijn bang van niet."}
    secret = {"confidential": "OK", "confidential_reason": "Een partij vroeg erom."}
    send(None, "judgement", judged | secret)
    exact, shielded = (client.get(f"{HOURS}?month=2026-10").text for client in (office, reader))
    assert "1 plek" in exact
    assert "Wij zijn bang van niet." in exact
    assert "vertrouwelijk" in shielded
    assert "Wij zijn bang" not in shielded
    assert "75 uur" not in shielded


def test_an_empty_world_has_results_without_figures(office: Client, small: Store) -> None:
    text = office.get(LIST).text
    assert "n.v.t." in text or "niet ingevuld" in text
    for name in ("4-1.1.1.g", "4-2.5.a", "4-1.1.3.a", "3-1.1.1", "2"):
        assert office.get(f"{LIST}/{name}").status_code == 200
