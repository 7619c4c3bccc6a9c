"""What a form does not take: it comes back as typed, says why, and nothing is kept."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fieldapp.keep.store import Store
from tests.conftest import MOMENT
from tests.page import Client, controls, parse, words

TODAY = MOMENT.date().isoformat()
GOOD = {"date": TODAY, "daypart": "morning", "visitors": "24"}
SPACED = "Dit antwoord kan hier niet. Kies een antwoord uit de lijst."

# form, what is typed besides a good answer, the question it is about, and the message
WRONG = [
    ("visitors", {"visitors": "1_000"}, "visitors",
     "Vul een heel getal in, zonder punt of komma. Bijvoorbeeld 24."),
    ("visitors", {"visitors": "9" * 20}, "visitors", "Dit getal is te groot. Kijk het na."),
    ("visitors", {"visitors": ""}, "visitors",
     "Vul in hoeveel bezoekers er waren. Waren er geen bezoekers? Vul 0 in."),
    ("visitors", {"visitors": "10000"}, "visitors", "Vul een getal in van 0 tot en met 9999."),
    ("visitors", {"new_visitors": "25"}, "new_visitors",
     "Dit kan niet meer zijn dan het aantal mensen dat kwam."),
    ("visitors", {"daypart": "night"}, "daypart", SPACED),
    ("visitors", {"daypart": ["morning", "evening"]}, "daypart", "Kies één antwoord."),
    ("visitors", {"daypart": None}, "daypart", "Kies ochtend, middag of avond."),
    ("visitors", {"activities": ["meal", "chess"]}, "activities", SPACED),
    ("visitors", {"date": "2026-11-21"}, "date",
     "Kies vandaag of een dag die al voorbij is."),
    ("visitors", {"date": "other", "date.other": "31-11-2026"}, "date",
     "Deze datum bestaat niet. Bijvoorbeeld goed: 3-11-2026."),
    ("visitors", {"date": "other", "date.other": ""}, "date",
     "Kies de andere dag. Bijvoorbeeld 3-11-2026."),
    ("visitors", {"date": None, "date.other": None}, "date", "Kies de dag."),
    ("opening", {"open_from": "25:00"}, "open_from",
     "Vul een tijd in, met uren en minuten. Bijvoorbeeld 9:30."),
    ("opening", {"open_until": "08:00"}, "open_until",
     "Kies een tijd die later is dan het begin."),
    ("opening", {"open": "no"}, "closed_reason", "Kies waarom u dicht was."),
    ("volunteer_hours", {"who": []}, "who", "Kies wie er was."),
    ("volunteer_hours", {"who": ["{theirs}"]}, "who", SPACED),
    ("volunteer_hours", {"who": ["{ours}", "{theirs}"]}, "who", SPACED),
    ("volunteer_hours", {"hours": "17"}, "hours",
     "Vul meer dan 0 en niet meer dan 16 uur in. Bijvoorbeeld 2,5."),
    ("step", {"person": "{theirs}"}, "person", SPACED),
    ("step", {"step": "pilot", "pilot": "PI-01", "pilot_from": TODAY}, "pilot", SPACED),
    ("person_new", {"informed": None}, "informed",
     "Vertel eerst wat wij bewaren en waarom. Zet dan het vinkje."),
    ("person_new", {"informed": "yes"}, "informed", "Zet een vinkje, of laat het leeg."),
    ("person_new", {"call_name": "Bo 123456782"}, "call_name",
     "Dit lijkt op een burgerservicenummer. Haal het weg: dat bewaren wij niet."),
    ("person_new", {"call_name": "Bo\x00"}, "call_name",
     "Er staat een teken in dat wij niet kunnen bewaren. Typ de tekst opnieuw."),
    ("person_new", {"call_name": "RIA"}, "call_name",
     "Er is al een Ria. Zet er een letter bij."),
    ("person_new", {"known_elsewhere": "yes_card", "card_code": "2222"}, "card_code",
     "Wij kennen deze kaart niet. Kijk de code na. Of kies: ja, maar heeft geen kaart."),
    ("person_new", {"known_elsewhere": "yes_card", "card_code": "{ours}"}, "card_code",
     "Deze persoon staat al op de lijst van uw plek."),
    ("schedule", {"mo_until": ""}, "mo_until",
     "Vul het begin en het einde in, of maak beide vakken leeg."),
]  # fmt: skip

ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "visitors": GOOD,
    "opening": {"date": TODAY, "open": "yes", "open_from": "09:00", "open_until": "17:00"},
    "volunteer_hours": {"date": TODAY, "who": ["{ours}"], "hours": "3"},
    "step": {"person": "{ours}", "date": TODAY, "step": "coaching_offered"},
    "person_new": {
        "role": "volunteer", "known_elsewhere": "no", "call_name": "Bo", "started": TODAY,
        "informed": "OK",
    },
    "schedule": {"valid_from": TODAY},
}  # fmt: skip


def with_codes(values: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """`values` with the card codes of this test in place of their names."""

    def put(value: Any) -> Any:
        if isinstance(value, list):
            return [put(each) for each in value]
        return codes.get(value, value) if isinstance(value, str) else value

    return {name: put(value) for name, value in values.items()}


@pytest.mark.parametrize(("form_id", "spoilt", "question", "message"), WRONG)
def test_what_is_wrong_comes_back_as_typed(
    form_id: str,
    spoilt: Mapping[str, Any],
    question: str,
    message: str,
    phone: Client,
    enter: Callable[..., str],
    kept: Any,
    changes: Callable[[], int],
) -> None:
    codes = {"{ours}": enter("OP-01", "Ria"), "{theirs}": enter("OP-02", "Bo")}
    given = with_codes({**ANSWERS[form_id], **spoilt}, codes)
    shown = phone.get(f"/form/{form_id}")
    before = changes(), kept(f"form_{form_id}"), kept("receipt")
    answer = phone.send(shown, given)
    assert answer.status_code == 422
    assert (changes(), kept(f"form_{form_id}"), kept("receipt")) == before
    page = parse(answer.text)
    assert words(next(page.all("title"))).startswith("Fout: ")
    summary = next(e for e in page.all("div") if "summary" in e.get("class", ""))
    links = {link.get("href"): words(link) for link in summary.iter("a")}
    assert links == {f"#q-{question}": message}
    field = next(e for e in page.elements() if e.get("id") == f"q-{question}-error")
    assert words(field) == f"Fout: {message}"
    (form,) = (f for f in page.all("form") if f.get("action") == f"/form/{form_id}")
    back, sent = (
        controls(form),
        controls(
            next(f for f in parse(shown.text).all("form") if f.get("action") == f"/form/{form_id}")
        ),
    )
    assert back["instanceID"] == sent["instanceID"]  # so that mending it is no second record
    for name in {"visitors", "new_visitors", "open_from", "open_until", "hours", "card_code"}:
        if name in given:
            assert back[name] == [given[name]], name
    mended = phone.send(answer, with_codes(ANSWERS[form_id], codes) | _mended(form_id, spoilt))
    assert mended.status_code == 303
    assert len(kept("receipt")) == len(before[2]) + 1


def _mended(form_id: str, spoilt: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields that a good answer leaves alone must be set back to."""
    right = {
        "new_visitors": "", "activities": [], "date.other": "", "closed_reason": None,
        "mo_until": "17:00", "pilot": None, "pilot_from": None, "card_code": "",
    }  # fmt: skip
    wrong = {*spoilt, "date.other"} if "date" in spoilt else set(spoilt)
    return {name: right[name] for name in wrong if name not in ANSWERS[form_id]}


def test_several_mistakes_are_all_said(phone: Client) -> None:
    answer = phone.fill("/form/visitors", {"date": "2027-01-01", "visitors": "x"})
    summary = next(e for e in parse(answer.text).all("div") if "summary" in e.get("class", ""))
    assert [link.get("href") for link in summary.iter("a")] == ["#q-date", "#q-visitors"]


def test_what_has_no_token_is_given_back_as_typed(phone: Client, kept: Any) -> None:
    shown = phone.get("/form/visitors")
    phone.delete_cookie("__Host-session")  # the browser was closed meanwhile
    answer = phone.send(shown, GOOD)
    assert answer.status_code == 422
    assert "Deze pagina stond te lang open." in answer.text
    assert 'value="24"' in answer.text
    assert kept("form_visitors") == []
    assert phone.send(answer).status_code == 303
    assert [row["visitors"] for row in kept("form_visitors")] == [24]


@pytest.mark.parametrize(
    "own", [
        {"instanceID": None}, {"instanceID": ""}, {"instanceID": "x"}, {"instanceID": "../../1"},
        {"version": "9" * 100}, {"version": "2020010101"}, {"edits": "-1"}, {"edits": "1e3"},
        {"edits": "9" * 30},
    ]
)  # fmt: skip
def test_a_page_that_is_not_whole_is_given_back(
    own: Mapping[str, Any], phone: Client, kept: Any
) -> None:
    answer = phone.fill("/form/visitors", GOOD | own)
    assert answer.status_code == 422
    assert "Deze pagina was niet heel." in answer.text
    assert 'value="24"' in answer.text
    assert kept("form_visitors") == []
    assert phone.send(answer, {"edits": None}).status_code == 303
    assert len(kept("form_visitors")) == 1


def test_one_id_however_it_is_spelled(phone: Client, kept: Any) -> None:
    identity = str(uuid.uuid4())
    spelled = [identity, identity.upper(), f"{{{identity}}}", identity.replace("-", ""),
               f"urn:uuid:{identity}"]  # fmt: skip
    for each in spelled:
        answer = phone.fill("/form/visitors", GOOD | {"instanceID": each})
        assert answer.status_code == 303
        assert phone.get(answer.location).status_code == 200
    assert [row["_id"] for row in kept("form_visitors")] == [identity]


def test_a_page_without_a_version_is_of_the_one_in_force(phone: Client, kept: Any) -> None:
    assert phone.fill("/form/visitors", GOOD | {"version": None}).status_code == 303
    assert len(kept("form_visitors")) == 1


SMUGGLED = {
    "place": "OP-02", "_place": "OP-02", "place_kind": "pilot", "person": "7K3F", "_id": "x",
    "_state": "withdrawn", "status": "withdrawn", "_phone": "99", "_account": "1", "_edits": "7",
    "_received_at": "2020-01-01", "_version": "x", "regular_from": "06:00",
    "regular_until": "23:00", "hours_open": "99", "opening_hours": "24/7",
}  # fmt: skip


@pytest.mark.parametrize("form_id", ["visitors", "opening", "person_new", "schedule"])
def test_what_the_server_fills_in_cannot_be_sent(
    form_id: str, phone: Client, kept: Any, changes: Callable[[], int]
) -> None:
    plain = phone.fill(f"/form/{form_id}", ANSWERS[form_id])
    first = kept(f"form_{form_id}")[-1]
    withdrawn = phone.fill(plain.location.removesuffix("/saved"),
                           action=plain.location.replace("/saved", "/withdraw"))  # fmt: skip
    assert withdrawn.status_code == 303
    second_answer = phone.fill(f"/form/{form_id}", {**ANSWERS[form_id], **SMUGGLED})
    assert second_answer.status_code == 303
    second = kept(f"form_{form_id}")[-1]
    own = {"_id", "_received_at", "_submitted_at", "call_name", "person"}
    assert {n: v for n, v in first.items() if n not in own | {"_state", "_edits"}} == {
        n: v for n, v in second.items() if n not in own | {"_state", "_edits"}
    }
    assert (second["_place"], second["_state"], second["_edits"]) == ("OP-01", "current", 0)
    assert second.get("person") != "7K3F"
    assert all(row["_place"] == "OP-01" for row in kept(f"form_{form_id}")[-2:])


def test_a_question_that_is_not_asked_is_not_kept(phone: Client, kept: Any) -> None:
    sent = {**ANSWERS["person_new"], "labour_distance": "yes", "pilot": "PI-02", "card_code": "X"}
    assert phone.fill("/form/person_new", sent).status_code == 303
    row = kept("form_person_new")[-1]
    assert (row["labour_distance"], row["pilot"], row["card_code"]) == (None, None, None)


def test_a_million_bytes_are_too_many(phone: Client, kept: Any) -> None:
    answer = phone.post("/form/visitors", data={"visitors": "x" * 1_000_000})
    assert answer.status_code == 413
    assert "Dit is te groot" in answer.text
    assert kept("form_visitors") == []


def test_bytes_that_are_no_text_are_not_kept(phone: Client, kept: Any, small: Store) -> None:
    token = phone.token("/form/person_new")
    for broken in ("%ED%A0%80", "%FF", "%00"):
        own = {"csrf_token": token, "instanceID": str(uuid.uuid4())}
        body = "&".join(f"{n}={value}" for n, value in {**ANSWERS["person_new"], **own}.items())
        answer = phone.post(
            "/form/person_new",
            data=body.replace("call_name=Bo", f"call_name=Bo{broken}"),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code in {303, 422}
    names = [
        small.seal.open(row["call_name"], "form_person_new", row["_id"], "call_name")
        for row in kept("form_person_new")
    ]
    assert not any("\ud800" <= char <= "\udfff" or char == "\x00" for char in "".join(names))


MARKUP = "<script>alert(1)</script>"


@pytest.mark.parametrize("name", [MARKUP, "=1+1", "\u202eaiR\u202c", "{0}{place}", "O'Neil & <b>"])
def test_a_name_is_shown_as_text(name: str, phone: Client) -> None:
    given = {**ANSWERS["person_new"], "call_name": name}
    answer = phone.fill("/form/person_new", given)
    assert answer.status_code == 303
    for address in ("/people", answer.location, answer.location.removesuffix("/saved"),
                    "/form/volunteer_hours", "/form/step", "/records"):  # fmt: skip
        page = phone.get(address)
        assert MARKUP not in page.text
        if address != "/records":
            assert any(
                name in "".join(e.itertext()) or name == e.get("value")
                for e in parse(page.text).elements()
            ), address


@pytest.mark.parametrize("address", ["/pair", "/form/visitors"])
def test_what_is_too_large_is_refused_from_a_phone_too(address: str, phone: Client) -> None:
    answer = phone.post(address, data={"file": (io.BytesIO(b"a" * 400_000), "a.xlsx")})
    assert answer.status_code == 413
    assert "Stuur minder in één keer." in answer.text
