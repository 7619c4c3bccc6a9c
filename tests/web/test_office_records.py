"""The office sees every record with its history, mends it with a reason, and reads no name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fieldapp.keep import closing, correction
from fieldapp.keep import row as rows
from fieldapp.keep.store import Store
from fieldapp.web import unnamed
from tests.conftest import MOMENT
from tests.page import Client, parse, words

DAY = {"date": MOMENT.date().isoformat()}
MORNING = DAY | {"daypart": "morning"}
CANARY = "Kanariegeel"
WHY = "page.reason"
BECAUSE = {WHY: "De plek belde."}


def said(client: Client, address: str) -> str:
    """Everything that a page says."""
    return words(next(parse(client.get(address).text).all("main")))


@pytest.fixture
def morning(phone: Client, kept: Any) -> str:
    """The address of a morning with 24 visitors, logged by a phone of OP-01."""
    assert phone.fill("/form/visitors", MORNING | {"visitors": "24"}).status_code == 303
    return f"/office/records/visitors/{kept('form_visitors')[-1]['_id']}"


@pytest.fixture
def crew(enter: Callable[..., str]) -> Sequence[str]:
    """Three volunteers of OP-01, one with a name that no page may show."""
    return [enter("OP-01", name) for name in ("Samira", CANARY, "Murat")]


@pytest.fixture
def hours(crew: Sequence[str], send: Any) -> str:
    """The address of a day of two of them."""
    sent = send("OP-01", "volunteer_hours", DAY | {"who": crew[:2], "hours": "3"})
    return f"/office/records/volunteer_hours/{sent.id}"


# --- one record -------------------------------------------------------------------------------


def test_a_record_tells_what_happened_to_it(office: Client, phone: Client, morning: str) -> None:
    phone.fill(morning.removeprefix("/office").replace("records", "form"), {"visitors": "20"})
    assert office.fill(f"{morning}/correct", {"visitors": "18"} | BECAUSE).location == (
        f"{morning}?done=change"
    )
    told = said(office, morning)
    assert "Ontmoetingsplek 1, vandaag, ochtend, 18 bezoekers" in told
    assert "Hoeveel mensen kwamen er? was 20, werd 18" in told
    assert "Hoeveel mensen kwamen er? was 24, werd 20" in told
    assert "Waarom: De plek belde." in told
    assert "kantoor Veranderd" in told and "telefoon 1 Veranderd" in told
    assert told.index("was 20") < told.index("was 24") < told.index("telefoon 1 Ingevuld")


def test_lists_of_people_are_cards(office: Client, hours: str, crew: Sequence[str]) -> None:
    shown = office.get(hours).text
    assert all(code in shown for code in crew[:2]) and crew[2] not in shown
    office.fill(f"{hours}/correct", {"who": [crew[0], crew[2]]} | BECAUSE)
    told = said(office, hours)
    assert f"{crew[0]}, {crew[2]}" in told
    assert "Het gaat over wie er was, of over een naam." in told
    office.fill(f"{hours}/correct", {"who": [crew[0]]} | BECAUSE)
    assert "was 2 mensen, werd 1 persoon" in said(office, hours)


def test_what_was_set_aside_can_be_seen(office: Client, send: Any, crew: Sequence[str]) -> None:
    raw = {"role": "volunteer", "known_elsewhere": "no", "informed": "OK", "started": "2026-11-02"}
    row = send("OP-01", "person_new", raw | {"call_name": "Ria"}).id
    send("OP-01", "person_new", raw | {"call_name": CANARY, "started": "2026-11-05"}, row)
    told = said(office, f"/office/records/person_new/{row}")
    assert "Ook binnengekomen" in told and "donderdag 5 november" in told
    assert CANARY not in told and "Ria" not in told
    assert "Namen ziet alleen de plek zelf." in told


@pytest.mark.parametrize("part", ["", "/correct"])
def test_what_is_not_there_is_not_found(office: Client, morning: str, part: str) -> None:
    row = morning.rpartition("/")[2]
    assert office.get(f"/office/records/opening/{row}{part}").status_code == 404
    assert office.get(f"/office/records/people/{row}{part}").status_code == 404
    assert office.get(f"/office/records/visitors/{'0' * 8}-{row[9:]}{part}").status_code == 404


# --- mended -----------------------------------------------------------------------------------


def test_without_a_reason_nothing_is_kept(office: Client, morning: str, changes: Any) -> None:
    page = f"{morning}/correct"
    shown = office.get(page)
    before = changes()
    for reason, message in (
        ("", "Schrijf op waarom."),
        ("Zijn nummer is 123456782", "Dit lijkt op een burgerservicenummer."),
    ):
        answer = office.send(shown, {"visitors": "18", WHY: reason})
        assert answer.status_code == 422
        told = words(next(parse(answer.text).all("main")))
        assert message in told
        assert f">\n{reason}</textarea>" in answer.text and 'value="18"' in answer.text
    assert changes() == before


def test_what_is_typed_wrong_stays_as_typed(office: Client, morning: str, changes: Any) -> None:
    shown = office.get(f"{morning}/correct")
    before = changes()
    answer = office.send(shown, {"visitors": "veel", WHY: ""})
    assert answer.status_code == 422
    assert 'value="veel"' in answer.text and "Schrijf op waarom." in answer.text
    assert "Vul een heel getal in" in answer.text
    answer = office.send(shown, BECAUSE)
    assert "U heeft niets veranderd." in answer.text and answer.status_code == 422
    assert "De plek belde." in answer.text
    assert changes() == before


def test_twice_the_same_is_kept_once(office: Client, morning: str, changes: Any, kept: Any) -> None:
    shown = office.get(f"{morning}/correct")
    before = changes()
    for _ in range(2):
        assert office.send(shown, {"visitors": "18"} | BECAUSE).status_code == 303
    assert changes() == before + 1
    assert len(kept("correction")) == 1


def test_the_second_sees_what_the_first_made_of_it(
    office: Client, morning: str, hire: Any, sign_in: Any, kept: Any
) -> None:
    other = sign_in(hire("collega"))
    page = f"{morning}/correct"
    shown = other.get(page)
    assert office.fill(page, {"visitors": "18"} | BECAUSE).status_code == 303
    answer = other.send(shown, {"visitors": "21", WHY: "Volgens de lijst."})
    assert answer.status_code == 409
    told = words(next(parse(answer.text).all("main")))
    assert "Nu staat er:" in told and "Hoeveel mensen kwamen er? 18" in told
    assert 'value="21"' in answer.text and "Volgens de lijst." in answer.text
    assert kept("form_visitors")[0]["visitors"] == 18
    assert other.send(answer).status_code == 303
    assert kept("form_visitors")[0]["visitors"] == 21
    assert [each["reason"] for each in kept("correction")] == [
        "De plek belde.", "Volgens de lijst."
    ]  # fmt: skip


def test_what_was_withdrawn_meanwhile_is_put_back_first(
    office: Client, morning: str, kept: Any
) -> None:
    shown = office.get(f"{morning}/correct")
    office.fill(morning, BECAUSE, f"{morning}/withdraw")
    for answer in (
        office.send(shown, {"visitors": "18"} | BECAUSE),
        office.get(f"{morning}/correct"),
    ):
        assert answer.status_code == 409
        assert "Zet het eerst terug." in answer.text
    assert kept("form_visitors")[0]["visitors"] == 24


def test_a_moment_that_is_taken_says_so(office: Client, morning: str, send: Any) -> None:
    send("OP-01", "visitors", DAY | {"daypart": "evening", "visitors": "3"})
    answer = office.fill(f"{morning}/correct", {"daypart": "evening"} | BECAUSE)
    assert answer.status_code == 422
    assert "Hierover is al iets ingevuld." in answer.text


def test_the_place_stays_the_same(office: Client, hours: str, kept: Any) -> None:
    given = {"hours": "4", "place": "OP-02", "page.place": "OP-02"} | BECAUSE
    assert office.fill(f"{hours}/correct", given).status_code == 303
    (row,) = kept("form_volunteer_hours")
    assert (row["_place"], row["hours"], row["_account"]) == ("OP-01", 4, None)


def test_who_left_long_ago_stays_in_an_old_record(
    office: Client, hours: str, crew: Sequence[str], send: Any, clock: Any, sign_in: Any, clerk: Any
) -> None:
    raw = {"person": crew[1], "date": DAY["date"], "step": "left", "left_reason": "moved"}
    send("OP-01", "step", raw)
    clock.forward(days=200)
    later = sign_in(clerk)
    assert later.fill(f"{hours}/correct", {"hours": "4"} | BECAUSE).status_code == 303
    assert crew[1] in said(later, hours)


def test_the_office_mends_its_own_forms(office: Client, kept: Any) -> None:
    row = kept("form_place")[0]
    page = f"/office/records/place/{row['_id']}/correct"
    assert office.fill(page, {"name": "De Haven"} | BECAUSE).status_code == 303
    assert kept("list_places", name=row["code"])[0]["label"] == "De Haven"
    office.fill("/office/form/place_facts",
                {"place": "OP-01", "valid_from": "2026-11-01", "coordinators": "2"})  # fmt: skip
    facts = f"/office/records/place_facts/{kept('form_place_facts')[0]['_id']}/correct"
    assert office.fill(facts, {"place": "OP-02"} | BECAUSE).status_code == 303
    assert kept("form_place_facts")[0]["_place"] == "OP-02"


def test_a_closed_month_is_no_hindrance_to_the_office(
    office: Client, morning: str, small: Store, clock: Any, kept: Any
) -> None:
    with small.write("account:1", clock()) as write:
        closing.close(small, write, "2026-11", small.journal.head(write.connection), {})
    assert office.fill(f"{morning}/correct", {"visitors": "18"} | BECAUSE).status_code == 303
    assert office.fill(morning, BECAUSE, f"{morning}/withdraw").status_code == 303
    assert office.fill(morning, BECAUSE, f"{morning}/restore").status_code == 303
    assert kept("form_visitors")[0]["visitors"] == 18
    assert [each["action"] for each in kept("correction")] == ["change", "withdraw", "restore"]
    assert kept("request") == []


# --- withdrawn and put back -------------------------------------------------------------------


def test_a_record_is_withdrawn_and_put_back(office: Client, morning: str, kept: Any) -> None:
    assert office.fill(morning, BECAUSE, f"{morning}/withdraw").location == (
        f"{morning}?done=withdraw"
    )
    told = said(office, f"{morning}?done=withdraw")
    assert "Dit is ingetrokken en telt niet mee." in told and "Verbeter dit" not in told
    assert office.fill(morning, {WHY: "Toch goed."}, f"{morning}/restore").status_code == 303
    assert kept("form_visitors")[0]["_state"] == "current"
    told = said(office, f"{morning}?done=restore")
    assert "Teruggezet. Het telt weer mee." in told
    assert "Waarom: Toch goed." in told and "Waarom: De plek belde." in told


def test_put_back_beside_another_it_waits(
    office: Client, morning: str, send: Any, kept: Any
) -> None:
    office.fill(morning, BECAUSE, f"{morning}/withdraw")
    send("OP-01", "visitors", MORNING | {"visitors": "30"})
    shown = office.get(office.fill(morning, BECAUSE, f"{morning}/restore").location)
    assert "er is al iets anders voor dit moment" in shown.text
    assert morning.replace("records", "doubles") in shown.text


def test_neither_goes_without_a_reason_or_after_a_change(
    office: Client, phone: Client, morning: str, changes: Any, kept: Any
) -> None:
    shown = office.get(morning)
    answer = office.send(shown, {WHY: " "}, f"{morning}/withdraw")
    assert answer.status_code == 422 and "Schrijf op waarom." in answer.text
    phone.fill(morning.removeprefix("/office").replace("records", "form"), {"visitors": "20"})
    before = changes()
    answer = office.send(shown, BECAUSE, f"{morning}/withdraw")
    assert answer.status_code == 409
    assert "was 24, werd 20" in words(next(parse(answer.text).all("main")))
    assert "De plek belde." in answer.text
    assert changes() == before
    assert kept("form_visitors")[0]["_state"] == "current"


# --- names ------------------------------------------------------------------------------------


def test_no_page_of_records_says_a_name(
    office: Client, hours: str, crew: Sequence[str], kept: Any
) -> None:
    person = next(r for r in kept("form_person_new") if r["person"] == crew[1])
    new = f"/office/records/person_new/{person['_id']}"
    for page in ("/office/records", "/office/flags", hours, f"{hours}/correct", new,
                 f"{new}/correct"):  # fmt: skip
        text = office.get(page).text
        assert CANARY not in text and "Samira" not in text, page
        assert "call_name" not in text, page
    wrong = office.fill(f"{hours}/correct", {"who": [], "hours": "x"})
    assert wrong.status_code == 422 and CANARY not in wrong.text


def test_a_name_keeps_its_value_whatever_is_sent(
    office: Client, crew: Sequence[str], kept: Any, phone: Client
) -> None:
    row = next(r for r in kept("form_person_new") if r["person"] == crew[1])
    page = f"/office/records/person_new/{row['_id']}/correct"
    given = {"started": "other", "started.other": "2026-11-03", "call_name": "Wilhelmina"} | BECAUSE
    assert office.fill(page, given).status_code == 303
    assert kept("form_person_new", _id=row["_id"])[0]["started"] == "2026-11-03"
    text = phone.get("/people").text
    assert CANARY in text and "Wilhelmina" not in text


def test_a_refusal_over_a_name_does_not_say_it(
    office: Client, enter: Any, crew: Sequence[str], kept: Any
) -> None:
    row = next(r for r in kept("form_person_new") if r["person"] == crew[1])
    address = f"/office/records/person_new/{row['_id']}"
    office.fill(address, BECAUSE, f"{address}/withdraw")
    enter("OP-01", CANARY)
    answer = office.fill(address, BECAUSE, f"{address}/restore")
    assert answer.status_code == 422
    assert "Dit past niet meer bij de namen op de lijst van de plek." in answer.text
    assert CANARY not in answer.text


def test_without_hiding_the_page_would_say_names(
    office: Client, hours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unnamed.Unnamed, "register", unnamed.Surroundings.register)
    assert CANARY in office.get(f"{hours}/correct").text


def test_without_leaving_out_the_page_would_ask_the_name(
    office: Client, crew: Sequence[str], kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(r for r in kept("form_person_new") if r["person"] == crew[1])
    monkeypatch.setattr(unnamed, "without_private", lambda form: form)
    assert CANARY in office.get(f"/office/records/person_new/{row['_id']}/correct").text


def test_no_reason_stands_in_the_journal(
    office: Client, morning: str, small: Store, kept: Any
) -> None:
    office.fill(f"{morning}/correct", {"visitors": "18"} | BECAUSE)
    office.fill(morning, BECAUSE, f"{morning}/withdraw")
    assert "belde" not in str(kept("journal"))
    with small.read() as connection:
        assert small.journal.broken(connection) is None


# --- who may --------------------------------------------------------------------------------


def test_a_reader_sees_no_records(
    morning: str, hire: Any, sign_in: Any, office: Client, changes: Any
) -> None:
    reader = sign_in(hire("lezer", "reader"))
    for page in ("/office/records", morning, f"{morning}/correct", "/office/flags"):
        assert reader.get(page).status_code == 403, page
    token = reader.token("/office/")
    given = {"csrf_token": token, "edits": "0", WHY: "x", "visitors": "1"}
    before = changes()
    for action in ("correct", "withdraw", "restore"):
        assert reader.post(f"{morning}/{action}", data=given).status_code == 403
    assert changes() == before


def test_without_its_token_nothing_is_mended(office: Client, morning: str, changes: Any) -> None:
    before = changes()
    for action, shown in (("correct", f"{morning}/correct"), ("withdraw", morning)):
        given = {"visitors": "18", "csrf_token": "x"} | BECAUSE
        answer = office.fill(shown, given, f"{morning}/{action}")
        assert answer.status_code == 422
        assert "Deze pagina stond te lang open." in answer.text
    assert changes() == before


def test_without_the_count_of_changes_the_last_would_win(
    office: Client, morning: str, hire: Any, sign_in: Any, kept: Any, monkeypatch: Any
) -> None:
    other = sign_in(hire("collega"))
    shown = other.get(f"{morning}/correct")
    office.fill(f"{morning}/correct", {"visitors": "18"} | BECAUSE)
    careful = rows.change

    def careless(
        store: Any, write: Any, form: Any, answer: Any, row: Any, edits: int, origin: Any
    ) -> Any:
        return careful(store, write, form, answer, row, edits + 1, origin)

    monkeypatch.setattr(correction.rows, "change", careless)
    assert other.send(shown, {"visitors": "21"} | BECAUSE).status_code == 303
    assert kept("form_visitors")[0]["visitors"] == 21
