"""At a place: two cards that may be of one person; what it may say of them, and what it hears."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from fieldapp.keep import attempt, merge
from fieldapp.keep.attempt import FREE_TRIES
from fieldapp.web import same
from tests.page import Client, controls, parse, words

PAGE, OFFICE = "/people/same", "/office/merges"
DAY = "2026-11-18"


def answer(office: Client, address: str, outcome: str, was: str = "") -> int:
    given = {"outcome": outcome} | ({"was": was} if was else {})
    return int(office.fill(OFFICE, given, address).status_code)


def complaints(shown: Any) -> list[str]:
    return [
        words(p).removeprefix("Fout: ")
        for p in parse(shown.text).all("p")
        if p.attrib.get("class") == "mistake"
    ]


def test_the_list_leads_to_it_and_offers_the_people_of_the_place(
    phones: Sequence[Client], cards: Sequence[str]
) -> None:
    assert f'href="{PAGE}"' in phones[0].get("/people").text
    shown = phones[0].get(PAGE).text
    assert f"Samira · {cards[0]}" in shown
    assert cards[1] not in shown
    assert "Sam ·" not in shown


def test_a_place_without_people_is_told_so(phone: Client) -> None:
    assert "Er staat nog niemand in de lijst." in phone.get(PAGE).text
    given = {"csrf_token": phone.token(), "person": "7K3F", "card_code": "7K3F"}
    assert phone.post(PAGE, data=given).status_code == 422


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Kies eerst een persoon."),
        ({"person": "own"}, "Kies nog iemand uit uw lijst, of typ de code van een kaart."),
        ({"person": "own", "other": "own"}, "Dit is twee keer dezelfde kaart."),
        ({"person": "own", "card_code": " o w n "}, "Dit is twee keer dezelfde kaart."),
        ({"person": "elsewhere", "card_code": "own"}, "Dit antwoord kan hier niet."),
        ({"person": "own", "other": "elsewhere"}, "Dit antwoord kan hier niet."),
        ({"person": "own", "other": "own", "card_code": "2222"}, "Niet allebei."),
        ({"person": "own", "card_code": "7K3"}, "De code heeft 4 letters en cijfers."),
        ({"person": "own", "card_code": "<b>7K3F</b>"}, "De code heeft 4 letters en cijfers."),
        ({"person": "own", "card_code": "2222"}, "Wij kennen deze kaart niet."),
    ],
)
def test_what_is_not_right_is_told_and_not_kept(
    phones: Sequence[Client],
    cards: Sequence[str],
    kept: Any,
    given: Mapping[str, str],
    said: str,
) -> None:
    codes = {"own": cards[0], "elsewhere": cards[1], " o w n ": " ".join(cards[0])}
    sent = {name: codes.get(value, value) for name, value in given.items()}
    shown = phones[0].fill(PAGE, sent)
    assert shown.status_code == 422
    assert len(complaints(shown)) == 1
    assert said in complaints(shown)[0]
    assert kept("merge") == []
    if sent.get("card_code"):
        typed = controls(next(f for f in parse(shown.text).all("form") if _to(f, PAGE)))
        assert typed["card_code"] == [sent["card_code"]], "what was typed stays"


def _to(form: Any, action: str) -> bool:
    return bool(form.attrib.get("action") == action)


def test_twice_the_same_tap_is_one_proposal(
    phones: Sequence[Client], cards: Sequence[str], kept: Any, changes: Callable[[], int]
) -> None:
    shown = phones[1].get(PAGE)
    given = {"person": cards[1], "card_code": cards[0]}
    assert phones[1].send(shown, given).status_code == 303
    before = changes()
    assert phones[1].send(shown, given).status_code == 303
    assert (len(kept("merge")), changes()) == (1, before)


def test_the_answer_says_nothing_of_the_other_card(
    phones: Sequence[Client], cards: Sequence[str], proposed: str
) -> None:
    told = phones[1].get("/people/same/sent").text
    for secret in ("Samira", "OP-01", "Ontmoetingsplek 1"):
        assert secret not in told
    assert "Sam ·" not in phones[0].get(PAGE).text, "nor does the other place hear of it"


def test_guessing_codes_is_slowed_down(
    phones: Sequence[Client],
    cards: Sequence[str],
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
    pair_to: Callable[..., Client],
) -> None:
    def guess(phone: Client, code: str) -> Any:
        return phone.fill(PAGE, {"person": cards[0], "card_code": code})

    seen = [guess(phones[0], f"222{n}").status_code for n in range(2, 2 + FREE_TRIES)]
    assert seen == [422] * FREE_TRIES
    slow = guess(phones[0], cards[1])
    assert (slow.status_code, slow.headers["Retry-After"]) == (429, "2"), "a good one neither"
    assert cards[1] in slow.text, "what was typed stays"
    assert guess(pair_to("OP-01", name="An"), "2222").status_code == 422, "each phone by itself"
    clock.forward(seconds=2)
    assert guess(phones[0], "2229").status_code == 422
    monkeypatch.setattr(attempt, "wait", lambda connection, scope, now: 0)
    assert guess(phones[0], "2222").status_code == 422, "without it one could guess on"


def test_who_is_one_already_is_told_so(
    phones: Sequence[Client], cards: Sequence[str], proposed: str, office: Client
) -> None:
    answer(office, proposed, "merged")
    shown = phones[1].fill(PAGE, {"person": cards[1], "card_code": cards[0]})
    assert complaints(shown) == ["Deze twee kaarten horen al bij één persoon."]
    answer(office, proposed, "undo", "merged")
    answer(office, proposed, "refused")
    shown = phones[1].fill(PAGE, {"person": cards[1], "card_code": cards[0]})
    assert complaints(shown)[0].startswith("Het programmabureau heeft dit al nagekeken")


def test_nothing_of_it_stands_in_an_address(phones: Sequence[Client], cards: Sequence[str]) -> None:
    query = f"person={cards[1]}&card_code={cards[0]}"
    blind = phones[1].get(f"{PAGE}?{query}").text.replace(query.replace("&", "&amp;"), "")
    assert " selected" not in blind, "nothing is taken from one"
    assert cards[0] not in blind
    told = phones[1].fill(PAGE, {"person": cards[1], "card_code": cards[0]})
    assert not [code for code in cards if code in told.location]


def test_it_counts_for_the_place_it_was_opened_for(
    pair_to: Callable[..., Client], cards: Sequence[str], kept: Any, clock: Any
) -> None:
    phone = pair_to("OP-02", "OP-01", name="An")
    shown = phone.get(PAGE)
    clock.forward(seconds=1)
    switched = {"csrf_token": phone.token(), "place": "OP-02"}
    assert phone.post("/switch", data=switched).status_code == 303
    assert "Ontmoetingsplek 2" in phone.get(PAGE).text
    told = phone.send(shown, {"person": cards[0], "card_code": cards[1]})
    assert told.location == "/people/same/sent?page.place=OP-01"
    assert [row["place"] for row in kept("merge")] == ["OP-01"]
    assert "Ontmoetingsplek 1" in phone.get(told.location).text


def test_what_else_is_sent_is_not_listened_to(
    phones: Sequence[Client], cards: Sequence[str], kept: Any
) -> None:
    more = {
        "place": "WB-01", "outcome": "merged", "actor": "account:1", "decided_at": DAY, "id": "9",
    }  # fmt: skip
    assert phones[1].fill(PAGE, {"person": cards[1], "card_code": cards[0]} | more)
    (row,) = kept("merge")
    assert (row["id"], row["place"], row["outcome"], row["decided_at"]) == (1, "OP-02", None, None)
    assert row["actor"].startswith("phone:")
    assert [person["merged_into"] for person in kept("people")] == [None, None]
    assert phones[1].fill(PAGE, {"page.place": "OP-01"}).status_code == 404


def test_without_the_check_of_the_list_the_lookup_still_holds(
    pair_to: Callable[..., Client],
    cards: Sequence[str],
    kept: Any,
    enter: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enter("WB-01", "An")
    stranger = pair_to("WB-01", name="Cor")
    given = {"person": cards[0], "card_code": cards[1]}
    assert stranger.fill(PAGE, given).status_code == 422
    monkeypatch.setattr(same, "_mistakes", lambda typed, here: {})
    assert stranger.fill(PAGE, given).status_code == 404
    assert kept("merge") == []
    monkeypatch.setattr(merge, "_is_here", lambda *given: True)
    assert stranger.fill(PAGE, given).status_code == 303


def test_a_page_that_stood_open_too_long_comes_back_as_typed(
    phones: Sequence[Client], cards: Sequence[str], kept: Any
) -> None:
    given = {"person": cards[1], "card_code": cards[0], "csrf_token": "x"}
    shown = phones[1].fill(PAGE, given)
    assert shown.status_code == 422
    assert "Deze pagina stond te lang open." in shown.text
    assert f'value="{cards[0]}"' in shown.text
    assert kept("merge") == []
