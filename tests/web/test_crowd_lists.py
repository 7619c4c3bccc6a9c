"""Lists as people paste them: what is wrong is said at its name, and nothing typed is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.page import Client
from tests.web.crowds import FOR_ALL, HUNDRED, mistakes, names, paste, press, save


@pytest.fixture
def manager(pair_to: Callable[..., Client]) -> Client:
    """The phone of a wijkbedrijf."""
    return pair_to("WB-01", name="Bo")


@pytest.mark.parametrize("empty", ["", "  \r\n\n", "1.\n2.\n"])
def test_an_empty_list_is_asked_for_again(manager: Client, empty: str) -> None:
    shown = paste(manager, empty)
    assert shown.status_code == 422
    assert "Vul de namen in. Zet op elke regel één naam." in shown.text


def test_what_holds_for_all_is_checked_first_and_the_list_stays(manager: Client) -> None:
    shown = paste(manager, "Fatima\nJan", informed=None, known_elsewhere=None, started="2027-03-01")
    assert shown.status_code == 422
    for said in (
        "Vertel eerst iedereen wat wij bewaren en waarom.", "Kies Nee of Weet ik niet.",
        "Deze dag ligt te ver weg.",
    ):  # fmt: skip
        assert said in shown.text
    assert "Fatima\nJan</textarea>" in shown.text
    assert (
        manager.send(shown, FOR_ALL | {"started": "2026-11-19", "started.other": ""}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("role", "chief"), ("known_elsewhere", "yes_card"), ("pilot", "PI-01"), ("started", "x")],
)
def test_what_cannot_be_picked_is_refused_at_both_steps(
    manager: Client, kept: Any, field: str, value: str
) -> None:
    assert paste(manager, "Fatima", **{field: value, "card_code": "2345"}).status_code == 422
    refused = save(manager, paste(manager, "Fatima"), **{field: value, "card_code": "2345"})
    assert refused.status_code == 422
    assert "<details" in refused.text.partition("Dit geldt voor iedereen")[0]
    assert " open>" in refused.text.partition("Dit geldt voor iedereen")[0][-60:]
    assert kept("form_person_new") == []


def test_a_list_from_a_spreadsheet_leaves_numbers_and_addresses_behind(
    manager: Client, settings: Any
) -> None:
    shown = paste(manager, "1\tFatima\t06-98765432\r\n2\tJan\tjan@example.nl\r\n3\tBo, Jansma\t")
    assert names(shown) == ["Fatima", "Jan", "Bo"]
    assert "Achter sommige namen stond nog iets" in shown.text
    for gone in ("98765432", "example.nl", "Jansma"):
        assert gone not in shown.text
    assert save(manager, shown).status_code == 303
    for path in settings.data.iterdir():
        content = path.read_bytes()
        for gone in (b"98765432", b"example.nl", b"Jansma", b"Fatima"):
            assert gone not in content, path.name


def test_mistakes_stand_at_their_names_and_nothing_is_kept(
    manager: Client, enter: Callable[..., str], kept: Any
) -> None:
    enter("WB-01", "Fatima")
    long = "Maximiliaan" * 3
    shown = paste(manager, ["fatima", "Jan", "jan", "0612345678", long, "Bo"])
    wrong = {
        "fatima": "Fout: Er is al een Fatima. Zet er een letter bij.",
        "jan": "Fout: jan staat twee keer in deze lijst. Zet er een letter bij, of maak dit vak "
        "leeg.",
        "0612345678": "Fout: Vul alleen een roepnaam in, zonder cijfers. Of maak dit vak leeg.",
        long: "Fout: Gebruik alleen een roepnaam, met hoogstens 30 letters.",
    }
    assert shown.status_code == 200, "nothing was asked to be saved yet"
    assert mistakes(shown) == wrong
    refused = save(manager, shown, ticked_6="yes", name_6="Bo 06123")
    assert refused.status_code == 422
    assert mistakes(refused) == wrong | {"Bo 06123": wrong["0612345678"]}
    assert 'name="ticked.6" value="yes" checked' in refused.text
    assert len(kept("form_person_new")) == 1
    mended = save(
        manager, refused, name_1="Fatima B", name_3="Jan K", name_4="", name_5="Max", name_6="Bo"
    )
    assert mended.status_code == 303
    assert len(kept("form_person_new")) == 6


def test_a_second_word_is_hinted_at_and_never_refused(manager: Client, kept: Any) -> None:
    shown = paste(manager, "Fatima Amrani\nJan B\nAnne Marie")
    assert mistakes(shown) == {}
    assert shown.text.count("Alleen een roepnaam<") == 2
    assert "Namen van meer dan één woord: 2." in shown.text
    assert save(manager, shown).status_code == 303
    assert len(kept("form_person_new")) == 3


def test_surnames_are_taken_off_with_one_press(manager: Client, kept: Any) -> None:
    shown = paste(manager, "Fatima Amrani\nFatima de Boer\nJan B\nJan Peters")
    short = press(manager, shown, "short")
    assert names(short) == ["Fatima", "Fatima B", "Jan B", "Jan"]
    assert kept("form_person_new") == []
    assert save(manager, short).status_code == 303


def test_names_that_are_here_already_are_taken_off_with_one_press(
    manager: Client, enter: Callable[..., str], kept: Any
) -> None:
    enter("WB-01", "Fatima")
    enter("OP-01", "Jan")
    shown = paste(manager, "Fatima\nJan\nBo")
    assert "Namen die u al hebt: 1." in shown.text
    without = press(manager, manager.send(shown, {"ticked.3": "yes", "page.do": "x"}), "known")
    assert names(without) == ["Jan", "Bo"]
    assert 'name="ticked.3" value="yes" checked' in without.text
    assert save(manager, without).status_code == 303
    assert len(kept("form_person_new", _place="WB-01")) == 3


def test_going_back_takes_the_list_along(manager: Client) -> None:
    shown = manager.send(
        paste(manager, "Fatima\nJan", pilot="PI-02"), {"name.2": "Jan B", "page.do": "back"}
    )
    assert shown.status_code == 200
    assert "Fatima\nJan B</textarea>" in shown.text
    assert '<option value="PI-02" selected' in shown.text
    assert names(manager.send(shown, {"names": "Fatima\nJan B\nBo"})) == ["Fatima", "Jan B", "Bo"]


def test_a_card_code_that_is_smuggled_in_is_not_listened_to(
    manager: Client, enter: Callable[..., str], kept: Any
) -> None:
    code = enter("OP-01", "Fatima")
    shown = paste(manager, "Jan", person=code, place="OP-01")
    assert code not in shown.text
    assert save(manager, shown, person=code, place="OP-01", card_code=code).status_code == 303
    found = kept("form_person_new", _place="WB-01")
    assert [row["place"] for row in found] == ["WB-01"]
    assert found[0]["person"] != code


def test_three_hundred_names_fit_and_one_more_is_told(manager: Client, kept: Any) -> None:
    many = [f"{a}{b}" for a in HUNDRED for b in "xyz"]
    shown = paste(manager, [*many, "Fatima"])
    assert shown.status_code == 422
    assert "U kunt 300 namen in één keer toevoegen. Dit zijn er 301." in shown.text
    assert "Haal de laatste 1 weg en voeg die daarna toe." in shown.text
    assert f"{many[-1]}\nFatima</textarea>" in shown.text
    started = time.process_time()
    answer = save(manager, paste(manager, many))
    assert time.process_time() - started < 5  # two pages of three hundred rows are drawn as well
    assert answer.status_code == 303
    assert len(kept("form_person_new")) == 300
    assert "Wijkbedrijf 1: 300." in manager.get(answer.location).text


def test_strange_characters_do_no_harm(manager: Client, kept: Any) -> None:
    shown = paste(manager, '<b>Bo</b>\n"><script>\nJos\u0065\u0301\n\u202eJan\nA\x00l\ni')
    assert "<script>" not in shown.text.split("<main")[1].split("</main")[0].replace(
        '<script type="module"', ""
    )
    assert "José" in names(shown)
    assert save(manager, shown, name_1="Bo").status_code in {303, 422}
    assert {row["_state"] for row in kept("form_person_new")} <= {"current"}
