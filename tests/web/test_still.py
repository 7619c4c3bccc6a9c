"""Who was not seen for a while: asked about on one page, answered in one save, of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fieldapp.keep import still as keeping
from fieldapp.web import language, still
from tests.page import Client, parse, words

STILL = "/people/still"
LONG_AGO = {"started": "2026-03-02"}
NAMES = ("Ali", "Bo", "Cor", "Els")


@pytest.fixture
def manager(pair_to: Callable[..., Client]) -> Client:
    """The phone of a wijkbedrijf."""
    return pair_to("WB-01", name="Ria")


@pytest.fixture
def four(enter: Callable[..., str]) -> Mapping[str, str]:
    """Four people of the wijkbedrijf whom nobody saw, by name: their card codes."""
    return {name: enter("WB-01", name, "participant", **LONG_AGO) for name in NAMES}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged while a test runs, of whatever weight."""
    caplog.set_level(0)
    return caplog


def asked(shown: Any) -> dict[str, str]:
    """The field of each person who is asked about, by name."""
    page = parse(shown.text)
    labels = {e.attrib.get("for"): words(e) for e in page.all("label")}
    return {labels[s.attrib["id"]].split(" · ")[0]: s.attrib["name"] for s in page.all("select")}


def answer(phone: Client, shown: Any, said: Mapping[str, str], **more: str) -> Any:
    """Answers by name and saves."""
    fields = asked(shown)
    return phone.send(shown, {fields[name]: value for name, value in said.items()} | more)


def told(phone: Client, done: Any) -> str:
    """What the page after saving says."""
    assert done.status_code == 303
    return words(next(parse(phone.get(done.location).text).all("h1")))


def test_each_row_says_who_in_which_role_and_since_when(
    manager: Client, four: Mapping[str, str], enter: Callable[..., str], send: Any
) -> None:
    enter("WB-01", "Fatima", **LONG_AGO)
    there = {"date": "2026-09-01", "daypart": "morning", "task": "green", "hours": "2"}
    send("WB-01", "attendance", there | {"who": [four["Ali"]]})
    send("WB-01", "attendance", there | {"who": [four["Bo"]], "date": "2026-11-19"})
    shown = manager.get(STILL)
    assert list(asked(shown)) == ["Ali", "Cor", "Els", "Fatima"]
    text = words(next(parse(shown.text).all("main")))
    assert f"Ali · {four['Ali']} Deelnemer Laatst gezien op 1-9-2026" in text.replace("\n", " ")
    assert f"Cor · {four['Cor']} Deelnemer Nog niet gezien sinds 2-3-2026" in text
    assert "Vrijwilliger" in text
    for reason in ("Nee: Betaald werk", "Nee: Gaat naar een andere plek van ons", "Nee: Verhuisd"):
        assert reason in text


def test_a_person_in_two_roles_is_one_row(
    manager: Client, enter: Callable[..., str], kept: Any
) -> None:
    code = enter("WB-01", "Ali", "participant", **LONG_AGO)
    enter("WB-01", "Ali", **LONG_AGO, known_elsewhere="yes_card", card_code=code)
    shown = manager.get(STILL)
    assert list(asked(shown)) == ["Ali"]
    assert re.search("Deelnemer, Vrijwilliger|Vrijwilliger, Deelnemer", shown.text)
    assert told(manager, answer(manager, shown, {"Ali": "moved"})).endswith("Gestopt: 1.")
    assert len(kept("form_step")) == 1


def test_home_and_the_list_of_people_lead_to_it(
    manager: Client, four: Mapping[str, str], enter: Callable[..., str]
) -> None:
    home = manager.get("/").text
    assert f'href="{STILL}"' in home
    assert "Doen deze 4 mensen nog mee?" in home
    assert f'href="{STILL}"' in manager.get("/people").text
    answer(manager, manager.get(STILL), {"Ali": "yes", "Bo": "yes", "Cor": "moved"})
    assert "Doet deze persoon nog mee?" in manager.get("/").text
    answer(manager, manager.get(STILL), {"Els": "yes"})
    assert STILL not in manager.get("/").text


def test_when_everybody_was_seen_there_is_nothing_to_do(manager: Client) -> None:
    shown = manager.get(STILL)
    assert "U hoeft niets te doen." in shown.text
    assert asked(shown) == {}


def test_answers_are_kept_in_one_save(manager: Client, four: Mapping[str, str], kept: Any) -> None:
    done = answer(manager, manager.get(STILL), {"Ali": "yes", "Bo": "moved", "Cor": "paid_work"})
    assert told(manager, done) == "Bedankt. Doen nog mee: 1. Gestopt: 2."
    found = [(r["person"], r["date"], r["step"], r["left_reason"]) for r in kept("form_step")]
    assert found == [
        (four["Bo"], "2026-11-20", "left", "moved"),
        (four["Cor"], "2026-11-20", "left", "paid_work"),
    ]
    assert [(row["place"], row["at"]) for row in kept("still_here")] == [
        ("WB-01", "2026-11-20T09:12:00Z")
    ]
    assert list(asked(manager.get(STILL))) == ["Els"]


def test_all_others_are_said_to_stay_with_one_tick(
    manager: Client, four: Mapping[str, str], enter: Callable[..., str], kept: Any
) -> None:
    shown = manager.get(STILL)
    enter("WB-01", "Jan", "participant", **LONG_AGO)  # not on the page that is answered
    done = answer(manager, shown, {"Bo": "moved"}, others="yes")
    assert told(manager, done) == "Bedankt. Doen nog mee: 3. Gestopt: 1."
    assert len(kept("still_here")) == 3
    assert list(asked(manager.get(STILL))) == ["Jan"]


def test_no_answer_at_all_is_asked_for(manager: Client, four: Any, kept: Any) -> None:
    refused = answer(manager, manager.get(STILL), {})
    assert refused.status_code == 422
    assert "<title>Fout: Doen deze mensen nog mee?" in refused.text
    assert "Kies bij iemand een antwoord." in refused.text
    assert kept("still_here") == []


def test_a_reason_that_is_not_in_the_list_is_refused_where_it_stands(
    manager: Client, four: Any, kept: Any
) -> None:
    refused = answer(manager, manager.get(STILL), {"Ali": "yes", "Bo": "bored", "Cor": "moved"})
    assert refused.status_code == 422
    assert refused.text.count("Dit antwoord kan hier niet. Kies een antwoord uit de lijst.") == 2
    assert '<option value="moved" selected' in refused.text
    assert '<option value="yes" selected' in refused.text
    assert kept("form_step") == kept("still_here") == []


def test_a_page_that_stood_open_too_long_keeps_what_was_picked(
    manager: Client, four: Any, kept: Any
) -> None:
    refused = answer(manager, manager.get(STILL), {"Ali": "moved"}, csrf_token="x")
    assert refused.status_code == 422
    assert "Deze pagina stond te lang open." in refused.text
    assert '<option value="moved" selected' in refused.text
    assert kept("form_step") == []
    assert manager.send(refused, {}).status_code == 303


def test_the_same_post_twice_is_kept_once(
    manager: Client, four: Any, kept: Any, changes: Any
) -> None:
    shown = manager.get(STILL)
    said = {"Ali": "yes", "Bo": "moved"}
    first = answer(manager, shown, said)
    before = changes()
    again = answer(manager, shown, said)
    assert told(manager, first) == told(manager, again) == "Bedankt. Doen nog mee: 1. Gestopt: 1."
    assert changes() == before
    assert len(kept("form_step")) == len(kept("still_here")) == 1


def test_whoever_left_or_was_confirmed_meanwhile_is_skipped(
    manager: Client,
    four: Mapping[str, str],
    pair_to: Callable[..., Client],
    kept: Any,
    send: Any,
    clock: Any,
) -> None:
    shown = manager.get(STILL)
    colleague = pair_to("WB-01", name="Bo")
    answer(colleague, colleague.get(STILL), {"Ali": "yes", "Bo": "moved"})
    there = {"date": "2026-11-20", "daypart": "morning", "task": "green", "hours": "2"}
    send("WB-01", "attendance", there | {"who": [four["Cor"]]})
    said = {"Ali": "moved", "Bo": "yes", "Cor": "paid_work", "Els": "yes"}
    assert told(manager, answer(manager, shown, said)) == "Bedankt. Doen nog mee: 3. Gestopt: 1."
    assert [row["person"] for row in kept("form_step")] == [four["Bo"]]
    clock.forward(days=70)  # who left drops from the lists; the old page still does no harm
    answer(manager, shown, {"Bo": "yes"})
    assert four["Bo"] not in str(kept("still_here"))


def test_a_record_that_is_withdrawn_meanwhile_is_skipped(
    manager: Client, four: Any, kept: Any
) -> None:
    shown = manager.get(STILL)
    row = asked(shown)["Ali"].removeprefix("still.")
    manager.fill(f"/form/person_new/{row}", action=f"/form/person_new/{row}/withdraw")
    done = answer(manager, shown, {"Ali": "moved", "Bo": "yes"})
    assert told(manager, done) == "Bedankt. Doen nog mee: 1. Gestopt: 0."
    assert kept("form_step") == []


# --- whose they are -------------------------------------------------------------------------------


def test_people_of_another_place_are_never_listed(
    manager: Client, four: Any, enter: Callable[..., str], pair_to: Callable[..., Client]
) -> None:
    enter("OP-01", "Fatima", **LONG_AGO)
    assert "Fatima" not in manager.get(STILL).text
    assert list(asked(pair_to("OP-01").get(STILL))) == ["Fatima"]
    assert "Doen deze 4 mensen" not in pair_to("OP-02").get("/").text


@pytest.mark.parametrize("value", ["yes", "moved"])
def test_whoever_is_posted_of_another_place_is_refused_with_all_the_rest(
    manager: Client, four: Any, enter: Callable[..., str], kept: Any, value: str
) -> None:
    code = enter("OP-01", "Fatima", **LONG_AGO)
    other = kept("form_person_new", person=code)[0]["_id"]
    shown = manager.get(STILL)
    for row in (other, code, "x", "00000000-0000-0000-0000-000000000001"):
        said = answer(manager, shown, {"Ali": "yes", "Bo": "moved"}, **{f"still.{row}": value})
        assert said.status_code == 404, row
    assert kept("form_step") == kept("still_here") == []


def test_without_the_scope_of_the_lookup_they_would_pass(
    manager: Client,
    four: Any,
    enter: Callable[..., str],
    kept: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = enter("OP-01", "Fatima", **LONG_AGO)
    other = kept("form_person_new", person=code)[0]["_id"]
    shown = manager.get(STILL)
    find = still.rows.find
    monkeypatch.setattr(still.rows, "find", lambda *given: find(*given[:-1], None))
    assert answer(manager, shown, {}, **{f"still.{other}": "moved"}).status_code == 303


def test_the_answers_stay_with_the_place_the_page_was_opened_for(
    pair_to: Callable[..., Client], four: Any, enter: Callable[..., str], kept: Any
) -> None:
    enter("OP-01", "Fatima", **LONG_AGO)
    phone = pair_to("WB-01", "OP-01")
    shown = phone.get(f"{STILL}?page.place=WB-01")
    assert list(asked(shown)) == list(NAMES)
    fields = asked(shown)
    done = phone.send(shown, {fields["Ali"]: "yes", fields["Bo"]: "moved"}, STILL)
    assert done.status_code == 303
    assert "page.place=WB-01" in done.location
    assert {row["place"] for row in kept("still_here")} == {"WB-01"}
    assert {row["_place"] for row in kept("form_step")} == {"WB-01"}


def test_names_and_codes_stand_in_no_journal_and_no_log(
    manager: Client, four: Mapping[str, str], kept: Any, logged: pytest.LogCaptureFixture
) -> None:
    done = answer(manager, manager.get(STILL), {"Ali": "yes", "Bo": "moved", "Cor": "yes"})
    manager.get(done.location)
    lines = [row for row in kept("journal") if row["object"] == "still_here"]
    assert [row["after"] for row in lines] == ['{"_place":"WB-01","people":2}']
    told = f"{kept('journal')} {logged.text}"
    assert "still.ask" in told
    for secret in (*four.values(), "Cor "):
        assert secret not in told


def test_without_the_look_at_the_moment_of_saving_a_second_answer_would_count(
    manager: Client, four: Any, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = manager.get(STILL)
    answer(manager, shown, {"Ali": "yes"})
    monkeypatch.setattr(keeping, "quiet", lambda c, p, d: dict.fromkeys(range(9)))
    answer(manager, shown, {"Ali": "moved"})
    assert len(kept("form_step")) == 1, "somebody confirmed was put out"


def test_the_page_speaks_english_too(manager: Client, four: Any) -> None:
    manager.set_cookie(language.COOKIE, "en")
    shown = manager.get(STILL)
    for said in ("Do these people still take part?", "No: Paid work", "Not seen yet since"):
        assert said in shown.text
    assert told(manager, answer(manager, shown, {"Ali": "yes"})).endswith("take part: 1. Left: 0.")
