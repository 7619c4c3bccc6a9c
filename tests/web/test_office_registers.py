"""What the office keeps of the covenant: listed, added through its forms, seen by who may look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from fieldapp.keep import covenant
from fieldapp.keep.store import Store
from fieldapp.settings import shipped
from fieldapp.web.office_registers import PAGES, REGISTERS, by_id
from tests.conftest import MOMENT, Clerk
from tests.page import Client, parse, words

AGREED = {"source": "convenant, artikel 4", "valid_from": "2024-01-01"}


def lines(text: str) -> list[list[str]]:
    """The rows of a page's table, in order, as words per cell."""
    return [[words(cell) for cell in row] for row in parse(text).all("tr")][1:]


@pytest.fixture
def agreed(small: Store) -> None:
    """The covenant that is shipped, entered."""
    with small.write("test", MOMENT) as write:
        covenant.enter(small, write, covenant.read(shipped("exports"), small.forms, MOMENT))


def test_the_page_of_the_covenant_leads_to_every_register(office: Client, agreed: None) -> None:
    shown = office.get("/office/covenant")
    links = {link.get("href") for link in parse(shown.text).all("a")}
    assert {f"/office/{name}" for name in REGISTERS} | {"/office/reading"} <= links
    assert "Aantal: 20" in shown.text
    for name in REGISTERS:
        assert office.get(f"/office/{name}").status_code == 200
    assert office.get("/office/register").status_code == 404


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_leads_to_its_form_and_the_form_back(office: Client, name: str) -> None:
    shown = office.get(f"/office/{name}")
    address = f"/office/form/{REGISTERS[name].form}"
    assert address in {link.get("href") for link in parse(shown.text).all("a")}
    assert "Hier staat nog niets." in shown.text
    back = {link.get("href") for link in parse(office.get(address).text).all("a")}
    assert PAGES[REGISTERS[name].form] == f"/office/{name}"
    assert f"/office/{name}" in back


def test_ids_are_sorted_as_people_count() -> None:
    ids = ["4/1.1.10", "4/1.1.2.b", "4/1.1.2", "3/2.1", "4/1.1.2.a", "4/1.1.1.g", "2"]
    assert sorted(ids, key=by_id) == [
        "2", "3/2.1", "4/1.1.1.g", "4/1.1.2", "4/1.1.2.a", "4/1.1.2.b", "4/1.1.10",
    ]  # fmt: skip


def test_the_newest_state_stands_in_full_and_the_earlier_ones_below_it(
    office: Client, agreed: None
) -> None:
    given = {"result_id": "4/1.1.1.d", "status": "busy", "explanation": "Twee keer bij elkaar."}
    for day in ("2026-03-02", "2026-10-01"):
        told = given | {"as_of": day, "status": "busy" if day < "2026-04" else "reached"}
        assert office.fill("/office/form/milestone", told).status_code == 303
    first, *others = lines(office.get("/office/milestones").text)
    assert first[0].startswith("4/1.1.1.d")
    assert "2 eerder" in first[0]
    assert "Bezig" in first[0] and "Nog niet begonnen" in first[0]
    assert first[2:4] == ["Gehaald", "–"]
    assert len(others) == 30
    assert others[0][2] == "Nog niet begonnen"
    assert "/office/form/milestone?result_id=4/1.1.1.d" in office.get("/office/milestones").text
    filled = office.get("/office/form/milestone?result_id=4/1.1.1.d").text
    assert 'value="4/1.1.1.d"' in filled


def test_a_target_has_versions_and_a_range(office: Client) -> None:
    for given in (
        {"result_id": "4/2.3.3.a", "value": "100", "valid_until": "2025-12-31"},
        {"result_id": "4/2.3.3.a", "value": "120", "valid_from": "2026-01-01"},
        {"result_id": "4/1.3.1", "value": "2", "value_most": "4"},
    ):
        assert office.fill("/office/form/target", AGREED | given).status_code == 303
    found = lines(office.get("/office/targets").text)
    assert [(row[0].split()[0], row[1], row[2]) for row in found] == [
        ("4/1.3.1", "2 plinten", "4 plinten"), ("4/2.3.3.a", "100 jongeren", "–"),
        ("4/2.3.3.a", "120 jongeren", "–"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "given", "field"),
    [
        ("target", {"result_id": "1.1.1.g", "value": "1"} | AGREED, "result_id"),
        ("target", {"result_id": "4/1.3.1", "value": "4", "value_most": "2"} | AGREED,
         "value_most"),
        ("target", {"result_id": "4/1.3.1", "value": "4", "valid_until": "2023-01-01"} | AGREED,
         "valid_until"),
        ("milestone", {"result_id": "4/1.3.1", "as_of": "2026-11-21", "status": "busy"}, "as_of"),
        ("initiative", {"code": "4/1.1.1", "title": "x", "goal": "a1"}, "code"),
        ("initiative", {"code": "3/1.1.1", "title": "x", "results": "4/1.1.1,4/1.1.2"}, "results"),
        ("judgement", {"result_id": "2", "as_of": "2026-11-20"}, "judgement"),
        ("judgement", {"result_id": "2", "as_of": "2026-11-20", "confidential": "OK"},
         "confidential_reason"),
        ("baseline", {"result_id": "4/1.3.1", "value": "1", "as_of": "2027-01-01", "source": "x"},
         "as_of"),
        ("path", {"result_id": "4/1.3.1", "date": "2027-01-01", "value": "-1", "source": "x"},
         "value"),
        ("reading", {"row": "OP-01", "edits_read": "0", "passed": "OK"}, "row"),
        ("network_meeting", {"date": "2026-11-02", "places": ["OP-99"]}, "places"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_question(
    office: Client, changes: Callable[[], int], form: str, given: Any, field: str
) -> None:
    before = changes()
    answer = office.fill(f"/office/form/{form}", given)
    assert answer.status_code == 422
    wrong = [at.get("data-q") for at in parse(answer.text).elements() if _is_wrong(at)]
    assert wrong == [field]
    assert changes() == before


def _is_wrong(element: Element) -> bool:
    return "wrong" in element.get("class", "").split()


def test_a_reader_looks_and_changes_nothing(
    hire: Callable[..., Clerk], sign_in: Callable[[Clerk], Client], agreed: None
) -> None:
    reader = sign_in(hire("lezer", "reader"))
    assert "/office/reading" not in reader.get("/office/covenant").text
    for name, each in REGISTERS.items():
        assert f"/office/form/{each.form}" not in reader.get(f"/office/{name}").text
        assert reader.get(f"/office/form/{each.form}").status_code == 403
    assert reader.get("/office/reading").status_code == 403


def test_nobody_else_gets_in(client: Client, phone: Client) -> None:
    for visitor in (client, phone):
        for path in ("covenant", "reading", *REGISTERS):
            assert visitor.get(f"/office/{path}").status_code in {302, 303, 401}
