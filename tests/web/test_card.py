"""Scanning a person's card: it ticks them, says nothing to a stranger, and is not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from fieldapp.keep import attempt
from fieldapp.keep.attempt import FREE_TRIES
from fieldapp.keep.people import CODE_ALPHABET
from fieldapp.keep.store import Store
from fieldapp.web import scanned
from tests.page import Client, controls, parse, words
from tests.web.test_pick import ticked

STRANGE = "Deze kaart staat niet op de lijst van uw plek"


def heading(answer: Any) -> str:
    return words(next(parse(answer.text).all("h1")))


def echoless(answer: Any) -> str:
    """The page without its own address, which the choice of language goes back to, and tokens."""
    return re.sub(r'value="/P/[^"]*"|name="csrf_token" value="[^"]*"', "", answer.text)


def opened(phone: Client, path: str) -> Mapping[str, Any]:
    """What stands in the fields of a form."""
    text = phone.get(path).text
    return controls(next(f for f in parse(text).all("form") if "data-form" in f.attrib))


@pytest.fixture
def works(pair_to: Callable[..., Client]) -> Client:
    """The phone of WB-01."""
    return pair_to("WB-01")


@pytest.fixture
def team(enter: Callable[..., str]) -> Sequence[str]:
    """The cards of three participants of WB-01: Fatima, Bo and Mo."""
    return [enter("WB-01", name, "participant") for name in ("Fatima", "Bo", "Mo")]


# --- a card ticks its person -----------------------------------------------------------------


def test_cards_tick_one_after_another_until_the_form_is_saved(
    works: Client, team: Sequence[str], kept: Any
) -> None:
    fatima, bo, _ = team
    answer = works.get(f"/P/{fatima}")
    assert (answer.status_code, answer.location) == (303, "/form/attendance")
    shown = works.get(answer.location)
    said = f"Fatima · {fatima} staat aangevinkt. Scan de volgende kaart, of bewaar."
    assert said in shown.text
    assert ticked(shown.text) == {fatima}
    shown = works.get(works.get(f"/P/{bo}").location)
    assert ticked(shown.text) == {fatima, bo}
    assert f"Bo · {bo} staat aangevinkt." in shown.text
    again = works.get(works.get(f"/P/{fatima}").location)
    assert ticked(again.text) == {fatima, bo}
    refused = works.send(again, {"task": "green"})
    assert refused.status_code == 422  # how many hours
    assert ticked(works.get("/form/attendance").text) == {fatima, bo}
    assert works.send(refused, {"task": "green", "hours": "2"}).status_code == 303
    assert set(kept("form_attendance")[0]["who"][2:-2].split('", "')) == {fatima, bo}
    after = works.get("/form/attendance")
    assert ticked(after.text) == set()
    assert "staat aangevinkt" not in after.text


def test_a_volunteer_is_ticked_on_the_form_of_volunteers(
    works: Client, enter: Callable[..., str], team: Sequence[str]
) -> None:
    wilma = enter("WB-01", "Wilma")
    works.get(f"/P/{team[0]}")
    assert works.get(f"/P/{wilma}").location == "/form/volunteer_hours"
    assert ticked(works.get("/form/volunteer_hours").text) == {wilma}
    assert ticked(works.get("/form/attendance").text) == {team[0]}
    done = works.fill("/form/volunteer_hours", {"hours": "2"})
    assert done.status_code == 303
    assert ticked(works.get("/form/attendance").text) == {team[0]}  # not saved yet


def test_somebody_in_two_roles_goes_on_the_form_that_is_being_filled(
    works: Client, enter: Callable[..., str], team: Sequence[str]
) -> None:
    card = {"known_elsewhere": "yes_card", "card_code": team[0]}
    enter("WB-01", "Fatima", "volunteer", **card)
    assert works.get(f"/P/{team[0]}").location == "/form/attendance"
    works.fill("/form/attendance", {"task": "green", "hours": "2"})
    works.get(f"/P/{enter('WB-01', 'Wilma')}")
    assert works.get(f"/P/{team[0]}").location == "/form/volunteer_hours"


def test_where_participants_are_not_listed_there_is_nothing_to_do(
    phone: Client, enter: Callable[..., str]
) -> None:
    code = enter("OP-01", "Fatima", "participant")
    answer = phone.get(f"/P/{code}")
    assert answer.status_code == 200
    assert heading(answer) == "Dit is een kaart van iemand die meedoet"
    assert f"Fatima · {code} staat op de lijst van uw plek" in answer.text
    title = answer.text.partition("<title>")[2].partition("</title>")[0]
    assert "Fatima" not in title, "a browser keeps titles for months"


@pytest.mark.parametrize("spell", [str.lower, "{0[0]}-{0[1]}{0[2]} {0[3]}".format])
def test_small_letters_and_dashes_lead_to_capitals(
    spell: Callable[[str], str], works: Client, client: Client, team: Sequence[str]
) -> None:
    for who in (works, client):
        answer = who.get(f"/p/{spell(team[0])}")
        assert (answer.status_code, answer.location) == (308, f"/P/{team[0]}")


def test_on_another_day_nobody_is_ticked(works: Client, team: Sequence[str], clock: Any) -> None:
    works.get(f"/P/{team[0]}")
    assert ticked(works.get("/form/attendance?date=2026-11-19").text) == set()
    assert ticked(works.get("/form/attendance?date=2026-11-20").text) == {team[0]}
    clock.forward(days=1)
    assert ticked(works.get("/form/attendance").text) == set()
    works.get(f"/P/{team[1]}")
    assert ticked(works.get("/form/attendance").text) == {team[1]}


def test_at_another_place_nobody_is_ticked(
    pair_to: Callable[..., Client], enter: Callable[..., str], clock: Any
) -> None:
    here = enter("WB-01", "Fatima")
    joined = {"known_elsewhere": "yes_card", "card_code": here}
    enter("OP-01", "Fatima", **joined)
    phone = pair_to("OP-01", "WB-01")
    answer = phone.get(f"/P/{here}")
    assert answer.location == "/form/volunteer_hours?page.place=WB-01"
    assert ticked(phone.get(answer.location).text) == {here}
    clock.forward(minutes=1)
    phone.post("/switch", data={"csrf_token": phone.token(), "place": "OP-01"})
    text = phone.get("/form/volunteer_hours").text
    assert here in text
    assert ticked(text) == set()


def test_the_code_of_who_was_merged_still_works(
    works: Client, team: Sequence[str], enter: Callable[..., str], small: Store, clock: Any
) -> None:
    theirs = enter("OP-01", "Fatima", "participant")
    assert heading(works.get(f"/P/{theirs}")) == STRANGE
    with small.write("test", clock()) as write:
        write.connection.execute(
            "UPDATE people SET merged_into = (SELECT id FROM people WHERE code = ?) WHERE code = ?",
            (team[0], theirs),
        )
    assert works.get(f"/P/{theirs}").location == "/form/attendance"
    assert ticked(works.get("/form/attendance").text) == {team[0]}


# --- a card that is not known here -----------------------------------------------------------


def test_a_strange_card_and_no_card_get_the_same_page(
    works: Client, enter: Callable[..., str], send: Any
) -> None:
    theirs, gone = enter("OP-01", "Kanarie"), enter("WB-01", "Bo")
    later = enter("WB-01", "Wil", started="2026-12-01")
    send("WB-01", "step", {"person": gone, "date": "2026-11-19", "step": "left",
                           "left_reason": "moved"})  # fmt: skip
    pages = [works.get(f"/P/{code}") for code in (theirs, gone, later, "2222")]
    assert {page.status_code for page in pages} == {200}
    assert {heading(page) for page in pages} == {STRANGE}
    assert len({echoless(page) for page in pages}) == 1


@pytest.mark.parametrize("code", ["x", "Ω", "'--", "A" * 500, "%00", "%ED%A0%80", "7K3F%0A"])
def test_what_is_no_code_gets_that_page_too(code: str, works: Client) -> None:
    assert heading(works.get(f"/P/{code}")) == STRANGE


def test_a_person_is_added_with_the_card_that_was_scanned(
    works: Client, enter: Callable[..., str], kept: Any
) -> None:
    theirs = enter("OP-01", "Fatima")
    shown = works.get(f"/P/{theirs}")
    link = next(a for a in parse(shown.text).all("a") if "person_new" in a.get("href", ""))
    assert link.get("href") == "/form/person_new?card=1"
    assert theirs not in echoless(shown)
    assert opened(works, "/form/person_new")["card_code"] == [""]  # added without the card
    fields = opened(works, str(link.get("href")))
    assert (fields["known_elsewhere"], fields["card_code"]) == (["yes_card"], [theirs])
    given = {"role": "volunteer", "call_name": "Fatima", "informed": "OK"}
    assert works.fill("/form/person_new?card=1", given, "/form/person_new").status_code == 303
    assert [row["person"] for row in kept("form_person_new")] == [theirs, theirs]
    assert opened(works, "/form/person_new?card=1")["card_code"] == [""]
    assert works.get(f"/P/{theirs}").location == "/form/volunteer_hours"


def test_who_is_not_paired_gets_the_same_page_for_any_code(
    client: Client, enter: Callable[..., str], changes: Callable[[], int]
) -> None:
    code = enter("OP-01", "Kanarie")
    before = changes()
    pages = [client.get(f"/P/{each}") for each in (code, "2222", "Ω")]
    assert {page.status_code for page in pages} == {200}
    assert len({echoless(page) for page in pages}) == 1
    assert heading(pages[0]) == "Dit is een kaart van iemand die meedoet"
    assert 'href="/privacy"' in pages[0].text
    assert "Kanarie" not in pages[0].text
    assert not [f for f in parse(pages[0].text).all("form") if f.get("action") != "/language"]
    assert changes() == before
    assert client.get_cookie("__Host-phone") is None


# --- guessing --------------------------------------------------------------------------------


def test_who_guesses_has_to_wait_also_with_a_good_card(
    works: Client, team: Sequence[str], clock: Any, pair_to: Callable[..., Client]
) -> None:
    for _ in range(FREE_TRIES):
        assert works.get("/P/2222").status_code == 200
    for code in ("2222", team[0]):
        slow = works.get(f"/P/{code}")
        assert (slow.status_code, slow.headers["Retry-After"]) == (429, "2")
        assert heading(slow) == "Wacht even en scan dan opnieuw"
    assert pair_to("WB-01", name="Bo").get(f"/P/{team[0]}").status_code == 303
    clock.forward(seconds=2)
    assert works.get(f"/P/{team[0]}").status_code == 303
    assert works.get("/P/2222").status_code == 200  # a good card wipes nothing out
    assert works.get("/P/2222").headers["Retry-After"] == "4"


def test_without_waiting_one_could_guess_on(works: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [works.get("/P/2222").status_code for _ in range(FREE_TRIES + 1)][-1] == 429
    monkeypatch.setattr(attempt, "wait", lambda connection, scope, now: 0)
    assert works.get("/P/2222").status_code == 200


# --- what is kept of it ----------------------------------------------------------------------


def test_neither_journal_nor_log_nor_address_holds_a_code(
    works: Client, team: Sequence[str], kept: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "fieldapp")
    before = len(kept("journal"))
    locations = [str(works.get(f"/P/{code}").location) for code in (team[0], "2222")]
    told = str(kept("journal")[before:]) + caplog.text + "".join(locations)
    assert "person_card.scan" in caplog.text
    assert team[0] not in told and "2222" not in told


def test_the_codes_are_kept_for_as_long_as_the_browser_is_open(
    works: Client, team: Sequence[str]
) -> None:
    answer = works.get(f"/P/{team[0]}")
    (cookie,) = (c for c in answer.headers.getlist("Set-Cookie") if "__Host-session" in c)
    assert "Expires" not in cookie and "Max-Age" not in cookie
    value = cookie.split("=", 1)[1].split(";")[0]
    assert ticked(works.get("/form/attendance").text) == {team[0]}
    forged = value[:-9] + ("A" if value[-9] != "A" else "B") + value[-8:]
    works.set_cookie("__Host-session", forged, secure=True)
    assert ticked(works.get("/form/attendance").text) == set()


def test_of_another_day_the_session_is_not_listened_to(
    works: Client, team: Sequence[str], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    works.get(f"/P/{team[0]}")
    clock.forward(days=1)
    assert ticked(works.get("/form/attendance").text) == set()
    kept = {"ticked": {"attendance": [team[0]]}, "strange": ""}
    monkeypatch.setattr(scanned, "_of_today", lambda here: kept)
    assert ticked(works.get("/form/attendance").text) == {team[0]}


def test_cards_print_their_address_in_capitals(
    works: Client, team: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr("fieldapp.web.person_card.drawn", lambda address: drawn.append(address))
    text = works.get("/cards").text
    assert drawn == [f"HTTP://LOCALHOST/P/{code}" for code in sorted(team)]
    printed = [words(e) for e in parse(text).all("h2") if e.get("class") == "token"]
    assert printed == sorted(team)
    alphanumeric = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert set("".join(drawn)) | set(CODE_ALPHABET) <= alphanumeric
