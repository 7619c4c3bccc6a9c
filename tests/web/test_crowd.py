"""Many people at once: pasted, looked over, and kept all or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.keep import row as rows
from fieldapp.keep.store import Store
from fieldapp.web import adding, crowd, language
from tests.page import Client, controls, parse, words
from tests.web.crowds import ADD, FOR_ALL, HUNDRED, mistakes, names, paste, press, save


@pytest.fixture
def manager(pair_to: Callable[..., Client]) -> Client:
    """The phone of a wijkbedrijf."""
    return pair_to("WB-01", name="Bo")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged while a test runs, of whatever weight."""
    caplog.set_level(0)
    return caplog


def test_a_hundred_people_are_added_in_one_go(manager: Client, kept: Any) -> None:
    shown = paste(manager, HUNDRED, pilot="PI-02", role="participant")
    assert shown.status_code == 200
    assert kept("form_person_new") == []
    assert names(shown) == HUNDRED
    answer = save(manager, shown, ticked_1="yes", ticked_100="yes")
    done = manager.get(answer.location)
    assert "Nieuw op de lijst van Wijkbedrijf 1: 100." in done.text
    found = kept("form_person_new", _place="WB-01")
    assert len(found) == len({row["person"] for row in found}) == 100
    assert [row["labour_distance"] for row in found] == ["yes", *["no"] * 98, "yes"]
    for column, value in {
        "role": "participant", "known_elsewhere": "no", "started": "2026-11-20", "pilot": "PI-02",
        "pilot_from": "2026-11-20", "informed": "OK", "_state": "current",
    }.items():  # fmt: skip
        assert {row[column] for row in found} == {value}, column
    assert all(f"{name} · " in words(next(parse(done.text).all("main"))) for name in HUNDRED)
    assert found[0]["person"] in done.text
    assert 'href="/cards"' in done.text


def test_the_page_is_led_to_from_the_people_of_a_place(manager: Client) -> None:
    assert f'href="{ADD}"' in manager.get("/people").text


def test_it_asks_what_the_form_asks_for_this_kind_of_place(
    manager: Client, pair_to: Callable[..., Client]
) -> None:
    def stands(phone: Client) -> dict[str, Any]:
        shown = phone.get(ADD)
        forms = [f for f in parse(shown.text).all("form") if f.attrib["action"] == ADD]
        return controls(forms[0])

    here, there = stands(manager), stands(pair_to("OP-01"))
    assert here["role"] == ["participant"]
    assert there["role"] == ["volunteer"]
    assert here["started"][0] == "2026-11-20"
    assert "pilot" in here
    assert "pilot" not in there, "a meeting place runs no pilots"
    for absent in ("call_name", "card_code", "labour_distance"):
        assert absent not in here
    text = manager.get(ADD).text
    assert "PI-02" in text
    assert "PI-01" not in text, "another place runs that one"
    assert 'value="yes_card"' not in text


def test_volunteers_are_asked_nothing_about_work(pair_to: Callable[..., Client], kept: Any) -> None:
    phone = pair_to("OP-01")
    shown = paste(phone, "Fatima\nJan")
    assert "ticked.1" not in shown.text
    assert "labour_distance" not in parse(shown.text).text.replace("data-form", "").split("<ol")[1]
    assert save(phone, shown, labour_distance=None).status_code == 303
    assert [row["labour_distance"] for row in kept("form_person_new")] == [None, None]


def test_who_has_no_tick_is_asked_about_once(manager: Client, kept: Any) -> None:
    shown = paste(manager, "Fatima\nJan")
    refused = save(manager, shown, labour_distance=None, ticked_2="yes")
    assert refused.status_code == 422
    assert "Kies Nee of Weet ik niet." in refused.text
    assert 'name="ticked.2" value="yes" checked' in refused.text
    assert save(manager, refused, labour_distance="unknown").status_code == 303
    assert [row["labour_distance"] for row in kept("form_person_new")] == ["unknown", "yes"]


def test_when_all_have_a_tick_nobody_is_left_to_ask_about(manager: Client, kept: Any) -> None:
    shown = paste(manager, "Fatima\nJan")
    assert save(manager, shown, labour_distance=None, ticked_1="yes", ticked_2="yes").location
    assert [row["labour_distance"] for row in kept("form_person_new")] == ["yes", "yes"]


def test_a_name_that_is_emptied_drops_out(manager: Client, kept: Any) -> None:
    shown = paste(manager, "Fatima\nJan\nBo")
    assert save(manager, shown, name_2=" ", ticked_2="yes").status_code == 303
    assert len(kept("form_person_new")) == 2
    assert [row["labour_distance"] for row in kept("form_person_new")] == ["no", "no"]


def test_nothing_is_left_when_every_name_is_emptied(manager: Client, kept: Any) -> None:
    refused = save(manager, paste(manager, "Fatima"), name_1="")
    assert refused.status_code == 422
    assert "Er staat geen naam meer in de lijst." in refused.text
    assert kept("form_person_new") == []


# --- once, all or none ----------------------------------------------------------------------------


def test_the_same_post_twice_is_kept_once(manager: Client, kept: Any, changes: Any) -> None:
    shown = paste(manager, "Fatima\nJan")
    first = save(manager, shown)
    before = changes()
    again = save(manager, shown)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert len(kept("form_person_new")) == 2
    assert changes() == before


def test_a_page_that_was_saved_and_changed_then_says_so(manager: Client, kept: Any) -> None:
    shown = paste(manager, "Fatima\nJan")
    save(manager, shown)
    again = save(manager, shown, name_2="Jan B", name_3="Bo")
    assert again.status_code == 409
    assert "Deze lijst was al bewaard, met andere namen." in again.text
    assert names(again) == ["Fatima", "Jan B", "Bo"]
    assert list(mistakes(again)) == ["Fatima"]
    assert len(kept("form_person_new")) == 2
    assert kept("conflict") == []
    assert save(manager, press(manager, again, "known")).status_code == 303
    assert len(kept("form_person_new")) == 4


def test_a_name_that_was_entered_meanwhile_keeps_the_whole_list_out(
    manager: Client, enter: Callable[..., str], kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = paste(manager, "Fatima\nJan\nBo")
    enter("WB-01", "Jan")
    refused = save(manager, shown)
    assert refused.status_code == 422
    monkeypatch.setattr(crowd, "_taken", lambda crowd, here: {})  # between the look and the save
    refused = save(manager, refused)
    assert refused.status_code == 422
    assert mistakes(refused) == {"Jan": "Fout: Er is al een Jan. Zet er een letter bij."}
    assert len(kept("form_person_new")) == len(kept("people")) == 1


def test_without_one_transaction_half_a_list_would_stay(
    manager: Client, enter: Callable[..., str], kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = paste(manager, "Fatima\nJan\nBo")
    enter("WB-01", "Jan")
    monkeypatch.setattr(crowd, "_taken", lambda crowd, here: {})

    def careless(store: Store, write: Any, form: Any, listed: Any, answers: Any, at: Any) -> None:
        for line in listed.lines[:1]:
            rows.add(store, write, form, answers[line.number], listed.row(line), at)

    monkeypatch.setattr(adding.crowds, "keep", careless)
    assert save(manager, shown).status_code == 303
    assert len(kept("form_person_new")) == 2


def test_a_page_that_stood_open_too_long_keeps_what_was_typed(manager: Client, kept: Any) -> None:
    shown = paste(manager, "Fatima\nJan", csrf_token="x")
    assert shown.status_code == 422
    assert "Deze pagina stond te lang open." in shown.text
    assert "Fatima\nJan</textarea>" in shown.text
    shown = manager.send(shown, {})
    refused = save(manager, shown, csrf_token="x", name_2="Jan B", ticked_2="yes")
    assert refused.status_code == 422
    assert names(refused) == ["Fatima", "Jan B"]
    assert 'name="ticked.2" value="yes" checked' in refused.text
    assert kept("form_person_new") == []
    assert save(manager, refused).status_code == 303


# --- whose it is ----------------------------------------------------------------------------------


def test_the_list_stays_with_the_place_it_was_opened_for(
    pair_to: Callable[..., Client], kept: Any
) -> None:
    phone = pair_to("WB-01", "OP-01")
    shown = phone.get(f"{ADD}?page.place=WB-01")
    assert "Wijkbedrijf 1" in shown.text
    shown = phone.send(shown, FOR_ALL | {"names": "Fatima"}, ADD)
    answer = save(phone, shown)
    assert [row["_place"] for row in kept("form_person_new")] == ["WB-01"]
    assert "Wijkbedrijf 1: 1." in phone.get(answer.location).text


def test_nobody_else_sees_or_fills_the_list_of_a_place(
    manager: Client, pair_to: Callable[..., Client], kept: Any
) -> None:
    shown = paste(manager, "Fatima")
    added = save(manager, shown).location
    other = pair_to("OP-01")
    assert other.get(added).status_code == 404
    refused = paste(other, "Jan", **{"page.place": "WB-01"})
    assert refused.status_code == 404
    assert len(kept("form_person_new")) == 1


def test_names_stand_in_no_journal_and_no_log(
    manager: Client, kept: Any, logged: pytest.LogCaptureFixture
) -> None:
    save(manager, paste(manager, ["Fatimakanarie", "Jankanarie 06123456"]))
    codes = [row["code"] for row in kept("people")]
    told = f"{kept('journal')} {logged.text}"
    assert "adding.add" in logged.text
    for secret in ("kanarie", *codes):
        assert secret not in told
    assert [row["action"] for row in kept("journal") if row["object"] == "person_new"] == [
        "add",
        "add",
    ]


def test_the_pages_speak_english_too(manager: Client, enter: Callable[..., str]) -> None:
    enter("WB-01", "Fatima")
    manager.set_cookie(language.COOKIE, "en")
    assert "One name per line" in manager.get(ADD).text
    shown = paste(manager, "Fatima\nAnne Marie\nBo 06123456")
    for said in ("Check the names", "a Fatima already", "A call name only", "left that out"):
        assert said in shown.text
    done = save(manager, shown, name_1="Fatima K")
    assert "New on the list of Wijkbedrijf 1: 3." in manager.get(done.location).text
