"""What the tries found once: each stays mended."""

from __future__ import annotations

import io
from typing import Any

import pytest

from fieldapp.ask import spreadsheet
from fieldapp.ask.kinds import KINDS
from fieldapp.ask.question import Question
from tests.ask.test_upload import with_rows
from tests.page import Client

INTEGER = Question("n", "integer", 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0" * 5_000, 0), ("-" + "0" * 5_000 + "12", -12), ("+007", 7), ("-0", 0)],
)
def test_thousands_of_zeros_are_a_number(text: str, number: int) -> None:
    assert KINDS["integer"].read([text], INTEGER) == number


@pytest.mark.parametrize("number", ["1e999", "-1E999"])
def test_a_number_without_end_is_told_with_its_cell(number: str) -> None:
    found = spreadsheet.read(with_rows(f'<row r="1"><c r="B1"><v>{number}</v></c></row>'))
    assert found["faults"] == [("B1", "Dit getal is te groot. Kijk het na.", {})]


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 4_301, "٣"])
def test_no_number_in_an_address_is_larger_than_the_database_holds(
    office: Client, number: str
) -> None:
    assert office.get(f"/office/accounts/{number}").status_code == 404


@pytest.mark.parametrize("address", ["/office/records", "/office/"])
def test_a_page_far_behind_the_last_is_empty(office: Client, address: str) -> None:
    assert office.get(f"{address}?page={'9' * 4_300}").status_code == 200


@pytest.mark.parametrize("body", [b"0.0", b"[1]", b'{"csrf_token": 1, "code": {}}', b"{", b"null"])
@pytest.mark.parametrize("address", ["/office/people/proof", "/office/form/place"])
def test_a_page_reads_no_json(office: Client, body: bytes, address: str) -> None:
    answer = office.post(address, data=body, content_type="application/json")
    assert answer.status_code in {400, 422}


def test_of_a_file_with_thousands_of_faults_the_first_hundred_are_told(
    office: Client, changes: Any
) -> None:
    lines = "| | text | q | ${x} |\n" * 3_000
    token, before = office.token("/office/forms"), changes()
    given = {"form": "visitors", "csrf_token": token}
    file = (io.BytesIO(f"| survey |\n| | type | name | relevant |\n{lines}".encode()), "f.md")
    answer = office.post("/office/forms", data=given | {"file": file})
    assert answer.status_code == 422
    assert answer.text.count("<li><b>f.md") == 100
    assert "keer zoiets." in answer.text
    assert changes() == before
