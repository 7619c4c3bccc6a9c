"""The office: places, pilots, facts and phones, and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fieldapp.keep.store import Store
from fieldapp.report.deliver import deliver
from fieldapp.settings import Settings
from tests.page import Client, parse, words


def table(text: str) -> dict[str, list[str]]:
    """The rows of a page's table by the words of their first cell."""
    found = {}
    for row in parse(text).all("tr"):
        cells = [words(cell) for cell in row]
        found[cells[0]] = cells[1:]
    return found


def test_the_download_is_what_the_command_writes(
    office: Client, small: Store, settings: Settings, workbooks: Any, clock: Any, kept: Any
) -> None:
    answer = office.get("/office/export/monthly/2026-10.xlsx")
    made = deliver(small, settings, workbooks, "monthly", "2026-10", clock())
    assert answer.status_code == 200
    assert answer.data == made.content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="monthly-2026-10.xlsx"'
    assert answer.headers["Cache-Control"] == "no-store"
    last = kept("journal")[-1]
    assert (last["action"], last["object"], last["row"]) == ("export", "monthly", "2026-10")
    clock.forward(minutes=1)
    assert office.get("/office/export/monthly/2026-10.xlsx").data != made.content


def test_a_workbook_or_period_that_is_not_there(office: Client) -> None:
    for address, status in (
        ("none/2026-10", 404),
        ("monthly/x", 400),
        ("monthly/2026-13", 400),
        ("monthly/2031-01", 400),
        ("monthly/2026-10%00", 400),
    ):
        answer = office.get(f"/office/export/{address}.xlsx")
        assert answer.status_code == status, address
        assert " is " not in next(
            words(e) for e in parse(answer.text).all("p") if e.get("class") == "lead"
        ).replace("Deze pagina is", "")  # no English of the terminal
    assert office.get("/office/export/monthly/2026-10.xlsx?place=ZZ-99").status_code == 404


def test_a_place_is_added_and_renamed(office: Client, kept: Any, pair_to: Any) -> None:
    given = {
        "code": "OP-03", "name": "De Haven", "kind": "meeting_place", "wijk": "moerwijk",
        "active_from": "2026-11-01", "cohort_14": "OK",
    }  # fmt: skip
    answer = office.fill("/office/form/place", given)
    assert answer.status_code == 303
    assert table(office.get("/office/places").text)["De Haven OP-03"][:3] == [
        "Ontmoetingsplek", "Moerwijk", "vanaf 1-11-2026"
    ]  # fmt: skip
    phone = pair_to("OP-03")
    assert "De Haven" in phone.get("/").text
    row = kept("list_places", name="OP-03")[0]["_row"]
    assert office.fill(f"/office/form/place/{row}", {"name": "De Kade"}).status_code == 303
    assert "De Kade OP-03" in table(office.get("/office/places").text)
    assert "De Kade" in phone.get("/").text
    assert len(kept("list_places", name="OP-03")) == 1
    again = office.fill("/office/form/place", given)
    assert again.status_code in {303, 422}
    assert "De Kade OP-03" in table(office.get("/office/places").text)


def test_a_pilot_is_added(office: Client, pair_to: Callable[..., Client]) -> None:
    given = {"code": "PI-03", "name": "Fietsen", "wijk": "moerwijk", "run_by": "WB-01",
             "active_from": "2026-11-01"}  # fmt: skip
    assert office.fill("/office/form/pilot", given).status_code == 303
    assert table(office.get("/office/pilots").text)["Fietsen PI-03"] == [
        "Moerwijk", "Wijkbedrijf 1", "vanaf 1-11-2026"
    ]  # fmt: skip
    assert "Fietsen" in pair_to("WB-01").get("/form/person_new").text
    assert "Fietsen" not in pair_to("IE-01").get("/form/person_new").text


def test_facts_hold_from_their_day(office: Client) -> None:
    assert "Er zijn nog geen feiten." in office.get("/office/facts").text
    given = {"place": "OP-02", "valid_from": "2025-01-01", "coordinators": "2",
             "coordinators_trained": "1", "baseline_hours": "Mo 09:00-12:00"}  # fmt: skip
    assert office.fill("/office/form/place_facts", given).status_code == 303
    facts = table(office.get("/office/facts").text)
    assert facts["Ontmoetingsplek 2 OP-02"] == ["1-1-2025", "Mo 09:00-12:00", "2", "1", "–"]
    wrong = office.fill(
        "/office/form/place_facts", given | {"valid_from": "2026-01-01", "baseline_hours": "24/7"}
    )
    assert wrong.status_code == 422


def test_a_phone_that_is_shut_out_is_out_at_once(office: Client, phone: Client, kept: Any) -> None:
    assert phone.get("/records").status_code == 200
    shown = office.get("/office/phones")
    (number,) = (row["id"] for row in kept("phone"))
    assert table(shown.text)["Ria"][0] == "Ontmoetingsplek 1"
    waiting = phone.get("/form/visitors")
    assert office.send(shown, action=f"/office/phones/{number}/revoke").status_code == 303
    assert "afgesloten op 20 november 2026" in office.get("/office/phones").text
    assert phone.get("/records").status_code == 401
    assert phone.send(waiting, {"visitors": "3"}).status_code == 401
    assert kept("form_visitors") == []
    assert "Zo koppelt u deze telefoon" in phone.get("/").text
    assert office.send(shown, action=f"/office/phones/{number}/revoke").status_code == 404


def test_the_office_changes_and_withdraws_its_records(office: Client, kept: Any) -> None:
    given = {"place": "OP-02", "valid_from": "2025-01-01", "coordinators": "2"}
    address = office.fill("/office/form/place_facts", given).location.removesuffix("/saved")
    assert office.fill(address, {"coordinators": "3"}).status_code == 303
    assert kept("form_place_facts")[0]["coordinators"] == 3
    assert office.fill(address, action=f"{address}/withdraw").status_code == 303
    assert kept("form_place_facts")[0]["_state"] == "withdrawn"
    assert "Er zijn nog geen feiten." in office.get("/office/facts").text


def test_names_of_places_are_shown_as_text(office: Client, pair_to: Callable[..., Client]) -> None:
    names: Mapping[str, str] = {"OP-03": "<script>alert(1)</script>", "OP-04": "=1+1 & \u202eX"}
    for code, name in names.items():
        given = {"code": code, "name": name, "kind": "meeting_place", "wijk": "moerwijk",
                 "active_from": "2026-11-01"}  # fmt: skip
        assert office.fill("/office/form/place", given).status_code == 303
        asked = "/office/form/place_facts"
        for address in ("/office/", "/office/places", asked, "/office/posters"):
            shown = office.get(address)
            assert "<script>alert" not in shown.text
            assert name in "".join(parse(shown.text).root.itertext()), address
        phone = pair_to(code)
        assert "<script>alert" not in phone.get("/").text
        assert name in "".join(parse(phone.get("/").text).root.itertext())
