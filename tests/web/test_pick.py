"""Lists of people: who comes first, what is ticked beforehand, and who cannot be ticked twice."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from fieldapp.ask import answer
from fieldapp.keep import crew, presence, register
from fieldapp.keep.store import Store
from tests.conftest import MOMENT
from tests.page import Client, controls, parse, words

TODAY = MOMENT.date().isoformat()
YESTERDAY = "2026-11-19"
LETTERS = "abcdefghij"


def day(back: int) -> str:
    return (MOMENT.date() - dt.timedelta(days=back)).isoformat()


def lists(text: str, name: str = "who") -> Element:
    """The list of people at a question."""
    return next(f for f in parse(text).all("fieldset") if f.get("data-q") == name)


def offered(text: str, name: str = "who") -> list[str]:
    """Who stands in a list, from top to bottom."""
    rows = [e for e in lists(text, name).iter("label") if e.get("class") == "choice"]
    return [words(row) for row in rows]


def ticked(text: str, name: str = "who") -> set[str]:
    """The codes that are ticked."""
    form = next(f for f in parse(text).all("form") if "data-form" in f.attrib)
    return set(controls(form).get(name, []))


def headings(text: str) -> list[str]:
    """The headings in the list, each of which must name its group."""
    found = lists(text)
    parts = [e for e in found.iter("div") if e.get("role") == "group"]
    named = {e.get("id"): words(e) for e in found.iter("p") if e.get("class") == "part"}
    return [named[part.get("aria-labelledby")] for part in parts]


@pytest.fixture
def works(pair_to: Callable[..., Client]) -> Client:
    """The phone of WB-01."""
    return pair_to("WB-01")


@pytest.fixture
def team(enter: Callable[..., str]) -> dict[str, str]:
    """Ten participants of WB-01: letter → card code."""
    return {letter: enter("WB-01", f"Naam {letter}", "participant") for letter in LETTERS}


@pytest.fixture
def seen(send: Any) -> Callable[..., None]:
    """Sends who took part in a morning at WB-01."""

    def sent(date: str, who: Sequence[str], task: str = "green", **more: Any) -> None:
        raw = {"date": date, "daypart": "morning", "task": task, "who": who, "hours": "2"}
        send("WB-01", "attendance", raw | more)

    return sent


# --- who comes first -------------------------------------------------------------------------


def test_who_was_seen_lately_comes_first_and_the_last_seen_on_top(
    works: Client, team: Mapping[str, str], seen: Any
) -> None:
    seen(day(5), [team["c"], team["g"]])
    seen(day(1), [team["h"]])
    seen(day(15), [team["c"]], who_2=[team["b"]], hours_2="1")
    text = works.get("/form/attendance").text
    assert [row[5] for row in offered(text)] == ["h", "c", "g", "b", *"adefij"]
    assert headings(text) == ["Laatst aanwezig", "Anderen"]
    assert headings(works.get("/form/step").text.replace('data-q="person"', 'data-q="who"')) == [
        "Laatst aanwezig", "Anderen"
    ]  # fmt: skip


def test_after_four_weeks_one_is_among_the_others(
    works: Client, team: Mapping[str, str], seen: Any
) -> None:
    seen("2026-11-02", [team["e"]])
    first = offered(works.get("/form/attendance").text)[0]
    assert first[5] == "e"


@pytest.mark.parametrize(("back", "first"), [(28, "e"), (29, "a")])
def test_four_weeks_are_28_days(
    back: int, first: str, works: Client, team: Mapping[str, str], small: Store
) -> None:
    with small.write("test", MOMENT) as write:
        write.connection.execute(
            "INSERT INTO form_attendance (_id, _place, _version, _submitted_at, _received_at, "
            "_edits, _state, date, daypart, task, who, hours) "
            "VALUES ('x', 'WB-01', '1', 'x', 'x', 0, 'current', ?, 'morning', 'green', ?, 2)",
            (day(back), json.dumps([team["e"]])),
        )
    assert offered(works.get("/form/attendance").text)[0][5] == first


def test_a_short_list_and_a_list_of_one_group_have_no_headings(
    works: Client, team: Mapping[str, str], seen: Any, enter: Callable[..., str], send: Any
) -> None:
    assert headings(works.get("/form/attendance").text) == []
    seen(day(1), list(team.values()))
    assert headings(works.get("/form/attendance").text) == []
    few = [enter("WB-01", f"Vrij {letter}") for letter in "abcdefgh"]
    send("WB-01", "volunteer_hours", {"date": day(1), "who": few[:2], "hours": "2"})
    assert headings(works.get("/form/volunteer_hours").text) == []
    enter("WB-01", "Vrij i")
    assert len(headings(works.get("/form/volunteer_hours").text)) == 2


def test_seen_in_another_role_or_at_another_place_is_not_seen_here(
    works: Client, team: Mapping[str, str], enter: Callable[..., str], send: Any
) -> None:
    both = {"known_elsewhere": "yes_card", "card_code": team["j"]}
    enter("WB-01", "Naam j", "volunteer", **both)
    enter("OP-01", "Naam i", "volunteer", **(both | {"card_code": team["i"]}))
    send("WB-01", "volunteer_hours", {"date": day(1), "who": [team["j"]], "hours": "2"})
    send("OP-01", "volunteer_hours", {"date": day(1), "who": [team["i"]], "hours": "2"})
    text = works.get("/form/attendance").text
    assert [row[5] for row in offered(text)] == list(LETTERS)
    assert headings(text) == []


def test_only_who_may_ever_be_ticked_is_on_the_page(
    works: Client, team: Mapping[str, str], enter: Callable[..., str]
) -> None:
    """A participant is no volunteer on any day; who began later may be ticked on another day."""
    code = enter("WB-01", "Wilma")
    enter("WB-01", "Bo", started="2026-12-01")
    text = works.get("/form/volunteer_hours").text
    assert offered(text) == [offered(text)[0], f"Wilma · {code}"]
    assert offered(text)[0].startswith("Bo · ")
    assert not any(each in text for each in team.values())


def test_other_registers_keep_their_order(small: Store, clock: Any) -> None:
    with small.read() as connection:
        found = register.choices(small, connection, "places", None, clock())
    assert [choice.name for choice in found] == ["IE-01", "OP-01", "OP-02", "WB-01"]


def test_presence_is_looked_up_once_for_a_page(
    works: Client, team: Mapping[str, str], seen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen(day(1), [team["a"]])
    asked = []
    looked = presence.last_seen

    def counted(*given: Any) -> Any:
        asked.append(given)
        return looked(*given)

    monkeypatch.setattr(presence, "last_seen", counted)
    works.get("/form/attendance")  # two lists of people
    assert len(asked) == 1


# --- the same as last time -------------------------------------------------------------------


def again(text: str, name: str = "who") -> Any:
    """What the button has to tick: the key, then crews."""
    found = [b.get("data-same") for b in lists(text, name).iter("button") if b.get("data-same")]
    return json.loads(found[0]) if found else None


def test_the_page_holds_the_latest_crews(works: Client, team: Mapping[str, str], seen: Any) -> None:
    a, b, c, d = (team[letter] for letter in "abcd")
    seen(day(9), [d])
    seen(day(8), [a, b])
    seen(day(7), [c], "food", who_2=[d], hours_2="1")
    seen(day(1), [a])
    assert again(works.get("/form/attendance").text) == [
        ["date", "daypart", "task"],
        [day(1), "morning green", a],
        [day(7), "morning food", c, d],  # who stayed shorter was there too
        [day(8), "morning green", a, b],
    ]
    assert again(works.get("/form/attendance").text, "who_2") is None


def test_a_page_holds_few_crews(works: Client, team: Mapping[str, str], seen: Any) -> None:
    tasks = ("green", "food", "litter", "repairs", "painting", "reuse", "host")
    for back in range(3):
        for task in tasks:
            seen(day(back), list(team.values()), task)
    assert len(again(works.get("/form/attendance").text)) == 1 + 12


def test_a_link_ticks_them_without_a_script(
    works: Client, team: Mapping[str, str], seen: Any
) -> None:
    a, b, c, d = (team[letter] for letter in "abcd")
    seen(day(3), [a, b])
    seen(day(2), [c, d], "food")
    seen(TODAY, [d])
    text = works.get("/form/attendance").text
    (link,) = list(lists(text).iter("noscript"))
    assert words(link) == "Zelfde als vorige keer"
    href = next(link.iter("a")).get("href", "")
    assert href == f"?date={TODAY}&daypart=morning&same=1&page.place=WB-01"
    assert ticked(text) == set()
    assert ticked(works.get(f"/form/attendance{href}").text) == {c, d}  # the latest before today
    green = f"/form/attendance?same=1&task=green&daypart=morning&date={YESTERDAY}"
    assert ticked(works.get(green).text) == {a, b}
    other = f"/form/attendance?same=1&task=reuse&daypart=evening&date={YESTERDAY}"
    assert ticked(works.get(other).text) == {c, d}
    assert ticked(works.get(f"/form/attendance?same=1&date={day(3)}").text) == set()
    assert "<noscript" not in works.fill("/form/attendance", {"hours": "x"}).text


def test_only_who_is_still_offered_is_ticked(
    works: Client, team: Mapping[str, str], seen: Any, send: Any
) -> None:
    a, b, c = (team[letter] for letter in "abc")
    seen(day(3), [a, b, c])
    left = {"person": b, "date": day(1), "step": "left", "left_reason": "moved"}
    send("WB-01", "step", left)
    assert ticked(works.get("/form/attendance?same=1").text) == {a, c}


def test_another_place_s_people_are_in_no_crew(
    works: Client, team: Mapping[str, str], seen: Any, enter: Callable[..., str], send: Any
) -> None:
    pilot = {"pilot": "PI-01", "pilot_from": "2026-11-02"}
    theirs = enter("IE-01", "Kanarie", "participant", **pilot)
    raw = {"date": day(1), "daypart": "morning", "task": "green", "who": [theirs], "hours": "2"}
    send("IE-01", "attendance", raw)
    text = works.get("/form/attendance").text
    assert again(text) is None
    assert theirs not in text
    assert ticked(works.get("/form/attendance?same=1").text) == set()


def test_what_does_not_count_is_not_last_time(
    works: Client, team: Mapping[str, str], seen: Any, kept: Any
) -> None:
    seen(day(1), [team["a"]])
    address = f"/form/attendance/{kept('form_attendance')[0]['_id']}"
    works.fill(address, action=f"{address}/withdraw")
    assert again(works.get("/form/attendance").text) is None


def test_a_form_that_is_filled_in_beforehand_needs_no_button(
    phone: Client, enter: Callable[..., str], send: Any
) -> None:
    code = enter("OP-01", "Ria", started="2026-10-01")
    send("OP-01", "volunteer_month", {"month": "2026-10-01", "allowance": [code]})
    text = phone.get("/form/volunteer_month").text
    assert ticked(text, "allowance") == {code}
    assert again(text, "allowance") is None


def test_a_crew_has_no_day_of_the_future(small: Store, team: Mapping[str, str], seen: Any) -> None:
    seen(day(1), [team["a"]])
    with small.read() as connection:
        form = small.forms["attendance"]
        assert crew.crews(connection, form, "date", "WB-01", day(1)) == []
        (only,) = crew.crews(connection, form, "date", "WB-01", day(0))
    assert (only.date, only.others, only.codes) == (day(1), ("morning", "green"), (team["a"],))


# --- once only -------------------------------------------------------------------------------


@pytest.mark.parametrize("form_id", ["volunteer_hours", "attendance"])
def test_the_same_person_twice_is_refused_with_a_sentence_of_its_own(
    form_id: str, works: Client, enter: Callable[..., str], kept: Any
) -> None:
    role = "participant" if form_id == "attendance" else "volunteer"
    ria, bo = enter("WB-01", "Ria", role), enter("WB-01", "Bo", role)
    task = {"task": "green"} if form_id == "attendance" else {}
    given = {"who": [ria], "hours": "3", "who_2": [ria, bo], "hours_2": "1"} | task
    refused = works.fill(f"/form/{form_id}", given)
    assert refused.status_code == 422
    assert f"Staat al hierboven: Ria · {ria}. Kies iedereen maar één keer." in words(
        lists(refused.text, "who_2")
    )
    assert ticked(refused.text, "who_2") == {bo, ria}
    assert kept(f"form_{form_id}") == []
    assert works.send(refused, {"who_2": [bo]}).status_code == 303


def test_who_is_no_one_here_is_not_named_when_twice(
    works: Client, enter: Callable[..., str]
) -> None:
    theirs, ria = enter("OP-01", "Kanarie"), enter("WB-01", "Ria")
    given = {"who": [ria, theirs], "hours": "3", "who_2": [theirs, ria], "hours_2": "1"}
    refused = works.fill("/form/volunteer_hours", given)
    assert refused.status_code == 422
    said = words(lists(refused.text, "who_2"))
    assert "Dit antwoord kan hier niet." in said
    assert "Kanarie" not in refused.text


def test_without_the_sentence_it_would_be_the_general_one(
    works: Client, enter: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ria = enter("WB-01", "Ria")
    given = {"who": [ria], "hours": "3", "who_2": [ria], "hours_2": "1"}
    monkeypatch.setattr(answer._Reading, "_taken", lambda *given: None)
    refused = works.fill("/form/volunteer_hours", given)
    assert "Dit antwoord kan hier niet." in words(lists(refused.text, "who_2"))


# --- hours that are hard to believe ----------------------------------------------------------


def test_more_hours_than_there_were_are_told_and_kept(
    works: Client, team: Mapping[str, str], kept: Any
) -> None:
    given = {"daypart": "morning", "task": "green", "who": [team["a"]], "hours": "6"}
    saved = works.fill("/form/attendance", given)
    assert saved.status_code == 303
    sentence = "Let op: 6 uur is meer dan de ochtend heeft (3,5 uur). Klopt dat niet? Verander het."
    shown = works.get(saved.location).text
    assert sentence in " ".join(words(p) for p in parse(shown).all("p"))
    address = saved.location.removesuffix("/saved")
    assert sentence in " ".join(words(p) for p in parse(works.get(address).text).all("p"))
    assert "Meer uren dan open" in works.get("/records").text
    works.fill(address, {"hours": "3"})
    for page in (saved.location, address, "/records"):
        text = works.get(page).text
        assert "Let op: " not in text and "Meer uren dan open" not in text
    assert [row["hours"] for row in kept("form_attendance")] == [3.0]


def test_crews_together_are_told_at_each(works: Client, team: Mapping[str, str], seen: Any) -> None:
    seen(TODAY, [team["a"]], "food")
    given = {"daypart": "morning", "task": "green", "who": [team["a"]], "hours": "3"}
    shown = works.get(works.fill("/form/attendance", given).location).text
    assert "met een andere groep erbij komt iemand op 5 uur" in shown
    assert works.get("/records").text.count("Meer uren dan open") == 2


def test_volunteers_are_told_of_the_day_in_one_s_own_language(
    phone: Client, enter: Callable[..., str]
) -> None:
    given = {"who": [enter("OP-01", "Ria")], "hours": "8,5"}
    saved = phone.fill("/form/volunteer_hours", given).location
    assert "8,5 uur is meer dan de plek die dag open was (8 uur)" in phone.get(saved).text
    phone.set_cookie("language", "en")
    assert "8.5 hours is more than the place was open that day (8 hours)" in phone.get(saved).text
