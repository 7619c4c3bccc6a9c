"""The office makes tokens, sees their last use and ends them; a token is shown once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.keep.phone import hashed
from tests.page import Client, parse, words

LIST = "/office/tokens"
GIVEN = {"name": "Monitor van de stad", "workbooks": ["monthly", "dossier"]}


def made(answer: Any) -> str:
    """The token that a page shows."""
    found = re.search(r"Authorization: Bearer ([\w-]{43})<", answer.text)
    assert found
    return found[1]


def test_a_token_is_made_and_shown_once(office: Client, client: Client, kept: Any) -> None:
    answer = office.fill(LIST, GIVEN)
    assert answer.status_code == 200
    token = made(answer)
    assert "http://localhost/api/export/monthly/2026-11.csv.zip" in answer.text
    assert "http://localhost/api/export/dossier/2026.json?place=OP-03" in answer.text
    assert "/api/export/progress/" not in answer.text
    (row,) = kept("access_token")
    assert (row["name"], row["workbooks"]) == ("Monitor van de stad", "dossier monthly")
    assert row["token"] == hashed(token)
    assert row["made_by"] == "account:1"
    last = kept("journal")[-1]
    assert (last["action"], last["object"], last["row"]) == ("token made", "access_token", "1")
    assert "Monitor" not in str(last)
    listed = office.get(LIST)
    assert token not in listed.text
    assert "nog nooit" in listed.text

    address = "/api/export/monthly/2026-10.json"
    sent = {"Authorization": f"Bearer {token}"}
    assert client.get(address, headers=sent).status_code == 200
    assert "nog nooit" not in office.get(LIST).text
    assert office.fill(LIST, action=f"{LIST}/1/revoke").location == LIST
    assert client.get(address, headers=sent).status_code == 401
    assert "ingetrokken op 20 november 2026" in office.get(LIST).text
    assert kept("journal")[-1]["action"] == "token revoked"


def test_only_public_workbooks_are_offered(office: Client, kept: Any) -> None:
    values = {box.get("value") for box in parse(office.get(LIST).text).all("input")}
    assert {"monthly", "progress", "dossier"} <= values
    assert "records" not in values
    smuggled = office.fill(LIST, GIVEN | {"workbooks": ["records", "x"]})
    assert smuggled.status_code == 422
    assert "Kies wat het programma mag ophalen." in smuggled.text
    assert office.fill(LIST, GIVEN | {"workbooks": ["records", "monthly"]}).status_code == 200
    assert [row["workbooks"] for row in kept("access_token")] == ["monthly"]


@pytest.mark.parametrize("name", ["", " x ", "y" * 61])
def test_a_bad_name_makes_nothing(office: Client, kept: Any, name: str) -> None:
    answer = office.fill(LIST, GIVEN | {"name": name})
    assert answer.status_code == 422
    assert "Schrijf in 2 tot en met 60 tekens" in answer.text
    boxes = [box for box in parse(answer.text).all("input") if "checked" in box.attrib]
    assert [box.get("value") for box in boxes] == ["dossier", "monthly"]
    assert kept("access_token") == []


def test_the_same_again_makes_no_second_one(office: Client, kept: Any) -> None:
    assert office.fill(LIST, GIVEN).status_code == 200
    again = office.fill(LIST, GIVEN)
    assert again.status_code == 422
    assert "Er is al een sleutel met deze naam." in again.text
    assert len(kept("access_token")) == 1
    office.fill(LIST, action=f"{LIST}/1/revoke")
    assert office.fill(LIST, GIVEN).status_code == 200
    captions = [words(part) for part in parse(office.get(LIST).text).all("tbody")]
    assert captions[0].count("Monitor van de stad") == 3  # two rows, and what one revokes


def test_what_is_revoked_is_not_revoked_again(office: Client, changes: Callable[[], int]) -> None:
    office.fill(LIST, GIVEN)
    assert office.fill(LIST, action=f"{LIST}/1/revoke").status_code == 303
    before = changes()
    for number in (1, 9):
        data = {"csrf_token": office.token(LIST)}
        answer = office.post(f"{LIST}/{number}/revoke", data=data)
        assert answer.status_code == 404
        assert "Deze sleutel is er niet, of is al ingetrokken." in answer.text
    assert changes() == before


def test_an_old_page_changes_nothing(office: Client, kept: Any) -> None:
    office.fill(LIST, GIVEN)
    for address, data in ((LIST, GIVEN | {"name": "Nog een"}), (f"{LIST}/1/revoke", {})):
        answer = office.post(address, data=data)
        assert answer.status_code == 422
        assert "stond te lang open" in answer.text
    assert [row["revoked_at"] for row in kept("access_token")] == [None]


def test_only_the_office_comes_here(
    phone: Client, hire: Callable[..., Any], sign_in: Callable[..., Client], kept: Any
) -> None:
    reader = sign_in(hire("lezer", "reader"))
    assert reader.get(LIST).status_code == 403
    assert LIST not in reader.get("/office/").text
    data = GIVEN | {"csrf_token": reader.token("/office/password")}
    for address in (LIST, f"{LIST}/1/revoke"):
        assert reader.post(address, data=data).status_code == 403
    assert phone.get(LIST).status_code == 303
    assert kept("access_token") == []
