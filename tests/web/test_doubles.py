"""Three phones log under one key without knowing of each other; somebody chooses what is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fieldapp.keep import double
from fieldapp.keep.store import Store
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import MOMENT, Clock
from tests.page import Client, parse, words
from tests.told import sheets

TODAY = MOMENT.date().isoformat()
DAY = {"date": TODAY}
MORNING = DAY | {"daypart": "morning"}
Told = Mapping[str, Mapping[str, Any]]


@pytest.fixture
def team(pair_to: Callable[..., Client]) -> Sequence[Client]:
    """Three phones of OP-01."""
    return [pair_to("OP-01", name=name) for name in ("Ria", "Bo", "Jan")]


@pytest.fixture
def month(
    small: Store, settings: Settings, workbooks: Mapping[str, Workbook], clock: Clock
) -> Callable[[str], Told]:
    """A sheet of the monthly workbook as it would be now: rows by code, every number shown."""

    def told(name: str) -> Told:
        shown, at = replace(settings, small_cell=0), clock() + timedelta(days=1)
        found = sheets(small, shown, workbooks["monthly"], "2026-11", at, name)
        return {str(row["Code"]): row for row in found[name]}

    return told


@pytest.fixture
def doubles(kept: Any) -> Callable[..., list[str]]:
    """The addresses of what waits, in the order in which it came."""

    def found(form_id: str, office: str = "") -> list[str]:
        waits = kept(f"form_{form_id}", _state="double")
        return [f"{office}/doubles/{form_id}/{row['_id']}" for row in waits]

    return found


def log(phone: Client, form_id: str, given: Mapping[str, Any]) -> str:
    """Logs an answer like a phone that knows nothing of the others; its record's address."""
    answer = phone.fill(f"/form/{form_id}", given)
    assert answer.status_code == 303, answer.text
    return str(answer.location).removesuffix("/saved")


def choose(client: Client, address: str, how: str) -> None:
    """Presses one of the buttons, and comes to what was chosen."""
    assert client.fill(address, {"how": how}).location == address


def take_back(client: Client, address: str) -> None:
    """Presses "Maak ongedaan"."""
    assert client.fill(address, action=f"{address}/undo").location == address


def said(client: Client, address: str) -> str:
    """Everything that a page says."""
    return words(next(parse(client.get(address).text).all("main")))


# --- three phones, each way, the month, and back ----------------------------------------------


@pytest.mark.parametrize(
    ("ways", "totals"),
    [
        (("add", "add"), (42, 47)),  # 24 + 18, then + 5
        (("replace", "replace"), (18, 5)),
        (("ignore", "add"), (24, 29)),
    ],
)
def test_visitors_of_three_phones(
    ways: Sequence[str], totals: Sequence[int], team: Any, month: Any, doubles: Any, kept: Any
) -> None:
    for phone, visitors in zip(team, ("24", "18", "5"), strict=True):
        log(phone, "visitors", MORNING | {"visitors": visitors})

    def told() -> Any:
        return month("Bezoeken")["OP-01"]["Bezoeken ochtend"]

    assert told() == 24
    waits = doubles("visitors")
    for address, how, total in zip(waits, ways, totals, strict=True):
        choose(team[0], address, how)
        assert told() == total
        line = kept("journal", action=f"decide {how}")[-1]
        assert (line["object"], line["row"]) == ("visitors", address.split("/")[-1])
    for address, total in zip(reversed(waits), (totals[0], 24), strict=True):
        take_back(team[1], address)
        assert told() == total
    assert kept("journal")[-1]["action"] == "undo"
    assert doubles("visitors") == waits


@pytest.mark.parametrize(
    ("way", "wanted"), [("merge", (4, 14.5)), ("replace", (2, 5)), ("ignore", (3, 12))]
)
def test_lists_of_volunteers(
    way: str, wanted: tuple[int, float], team: Any, enter: Any, month: Any, doubles: Any
) -> None:
    codes = [enter("OP-01", name) for name in ("Fatima", "Ali", "Samira", "Murat")]

    def told() -> tuple[Any, Any]:
        row = month("Vrijwilligers")["OP-01"]
        return row["Gezien in deze periode"], row["Uren"]

    log(team[0], "volunteer_hours", DAY | {"who": codes[:3], "hours": "4"})
    log(team[1], "volunteer_hours", DAY | {"who": codes[2:], "hours": "2,5"})
    assert told() == (3, 12)
    (address,) = doubles("volunteer_hours")
    choose(team[2], address, way)
    assert told() == wanted
    take_back(team[0], address)
    assert told() == (3, 12)


def test_crews_of_participants(pair_to: Any, enter: Any, month: Any, doubles: Any) -> None:
    phone = pair_to("WB-01")
    codes = [enter("WB-01", name, "participant") for name in ("Fatima", "Ali", "Samira", "Murat")]
    key = MORNING | {"task": "green"}
    for who, hours in ((codes[:2], "4"), (codes[1:3], "3"), (codes[3:], "4")):
        log(phone, "attendance", key | {"who": who, "hours": hours})

    def told() -> tuple[Any, Any, Any]:
        row, tasks = month("Deelnemers")["WB-01"], month("Uren per taak")["WB-01"]
        return row["Gezien in deze periode"], row["Uren"], tasks["Groen en tuin"]

    assert told() == (2, 8, 8)
    second, third = doubles("attendance")
    choose(phone, second, "merge")
    assert told() == (3, 11, 11)  # who is in both keeps the four hours
    choose(phone, third, "merge")
    assert told() == (4, 15, 15)
    take_back(phone, third)
    take_back(phone, second)
    assert told() == (2, 8, 8)


def test_hours_that_cannot_become_one_list_are_told(team: Any, enter: Any, doubles: Any) -> None:
    codes = [enter("OP-01", name) for name in ("Fatima", "Ali", "Samira")]
    first = log(
        team[0],
        "volunteer_hours",
        DAY | {"who": codes[0], "hours": "4", "who_2": codes[1], "hours_2": "2"},
    )
    log(team[1], "volunteer_hours", DAY | {"who": codes[2], "hours": "8"})
    (address,) = doubles("volunteer_hours")
    assert "Samenvoegen kan nu niet" in said(team[0], address)
    assert "Maak eerst bij één van de twee de uren gelijk." in said(team[0], address)
    refused = team[0].fill(address, {"how": "merge"})
    assert refused.status_code == 422
    assert "Zo kan het niet." in refused.text
    assert team[0].fill(first, {"hours_2": "8"}).status_code == 303  # as the sentence says
    choose(team[0], address, "merge")
    assert "3 mensen, 20 uur" in said(team[0], address)


def test_an_opening_is_replaced(team: Any, month: Any, doubles: Any) -> None:
    opened = {"open": "yes", "open_from": "09:00", "open_until": "17:00"}
    log(team[0], "opening", DAY | opened)
    log(team[1], "opening", DAY | {"open": "no", "closed_reason": "building"})
    assert month("Openingstijden")["OP-01"]["Uren echt open"] == 8
    (address,) = doubles("opening")
    assert "Optellen" not in said(team[2], address)
    choose(team[2], address, "replace")
    assert month("Openingstijden")["OP-01"]["Dagen open"] == 0
    take_back(team[2], address)
    assert month("Openingstijden")["OP-01"]["Uren echt open"] == 8


def test_the_regular_hours_follow_a_schedule_that_is_replaced(
    team: Any, month: Any, doubles: Any
) -> None:
    nothing: dict[str, Any] = {
        f"{day}_{end}": None
        for day in ("mo", "tu", "we", "th", "fr")
        for end in ("from", "until", "from_2", "until_2")
    }
    since = nothing | {"valid_from": "2026-11-01"}
    log(team[0], "schedule", since | {"mo_from": "09:00", "mo_until": "12:00"})
    log(team[1], "schedule", since | {"tu_from": "13:00", "tu_until": "17:00"})
    (address,) = doubles("schedule")
    weekly = "Uren per week, rooster"
    assert month("Openingstijden")["OP-01"][weekly] == 3
    choose(team[1], address, "replace")
    assert month("Openingstijden")["OP-01"][weekly] == 4
    take_back(team[1], address)
    assert month("Openingstijden")["OP-01"][weekly] == 3


# --- the pages --------------------------------------------------------------------------------


@pytest.fixture
def waiting(team: Any, doubles: Any) -> str:
    """A morning that two phones logged; the address of the second."""
    log(team[0], "visitors", MORNING | {"visitors": "24", "activities": ["meal"]})
    log(team[1], "visitors", MORNING | {"visitors": "18", "activities": ["meal"]})
    return str(doubles("visitors")[0])


def test_the_two_stand_side_by_side(waiting: str, phone: Client) -> None:
    page = said(phone, waiting)
    assert "Twee keer ingevuld: Bezoekers Vandaag, ochtend" in page
    assert "De eerste Telt nu mee Ria 20 november 2026, 10:12" in page
    assert "De tweede Telt nog niet mee Bo 20 november 2026, 10:12" in page
    assert "Hoeveel mensen kwamen er? Verschilt De eerste 24 De tweede 18" in page
    assert "Wat was er te doen? De eerste Samen eten De tweede Samen eten" in page
    for way in ("Wordt 18", "Samen 42", "Blijft 24", "Vervangen", "Optellen", "Niet gebruiken"):
        assert way in page
    assert "Samenvoegen" not in page


def test_one_is_led_to_it_from_everywhere(
    waiting: str, team: Any, phone: Client, clock: Clock
) -> None:
    record = waiting.replace("/doubles/", "/form/")
    for path, target in (
        ("/", "/doubles"),
        ("/doubles", waiting),
        ("/records", waiting),
        (record, waiting),
        (f"{record}/saved", waiting),
    ):
        links = [a.get("href") for a in parse(phone.get(path).text).all("a")]
        assert target in links, path
    assert "1 keer dubbel ingevuld" in said(phone, "/")
    choose(phone, waiting, "add")
    assert "dubbel ingevuld" not in said(phone, "/")
    assert "Er is niets dubbel." in said(phone, "/doubles")
    assert "Al gekozen Bezoekers, vandaag, ochtend Optellen: 42" in said(phone, "/doubles")


def test_what_was_chosen_is_told_and_can_be_undone(waiting: str, phone: Client) -> None:
    choose(phone, waiting, "add")
    page = said(phone, waiting)
    assert "Gekozen: optellen Dit telt nu mee: Bezoekers, vandaag, ochtend: 42." in page
    assert "Maak ongedaan" in page
    take_back(phone, waiting)
    assert "Wat is goed?" in said(phone, waiting)


def test_without_a_first_one_it_is_used_or_not(waiting: str, phone: Client, kept: Any) -> None:
    first = f"/form/visitors/{kept('form_visitors')[0]['_id']}"
    phone.fill(first, action=f"{first}/withdraw")
    assert "Wat hier eerst stond, is weggehaald of veranderd." in said(phone, waiting)
    choose(phone, waiting, "replace")
    assert "Gekozen: gebruiken" in said(phone, waiting)
    assert [row["_state"] for row in kept("form_visitors")] == ["withdrawn", "current"]


def test_what_is_no_double_any_more_leads_to_the_list(waiting: str, phone: Client) -> None:
    record = waiting.replace("/doubles/", "/form/")
    phone.fill(record, {"daypart": "evening"})
    assert "Er is niets dubbel." in said(phone, waiting)
    assert phone.get(f"/doubles/visitors/{'0' * 8}-0000-0000-0000-{'0' * 12}").status_code == 404


# --- at the same time -------------------------------------------------------------------------


def test_the_same_button_twice_is_one_choice(
    waiting: str, phone: Client, changes: Callable[[], int], kept: Any
) -> None:
    shown = phone.get(waiting)
    first = phone.send(shown, {"how": "add"})
    before = changes()
    again = phone.send(shown, {"how": "add"})
    assert (again.status_code, again.location) == (first.status_code, first.location)
    assert changes() == before
    assert [row["visitors"] for row in kept("form_visitors")] == [42, 18]
    undone = phone.get(waiting)
    for _ in range(2):
        assert phone.send(undone, action=f"{waiting}/undo").status_code == 303
    assert [row["_edits"] for row in kept("form_visitors")] == [2, 2]


def test_who_comes_second_sees_what_stands_now(waiting: str, team: Any, kept: Any) -> None:
    shown = team[0].get(waiting)
    first = f"/form/visitors/{kept('form_visitors')[0]['_id']}"
    assert team[1].fill(first, {"visitors": "30"}).status_code == 303
    late = team[0].send(shown, {"how": "add"})
    assert late.status_code == 409
    assert "Iemand anders heeft dit intussen veranderd." in late.text
    assert "Samen 48" in late.text
    assert kept("form_visitors")[0]["visitors"] == 30
    assert team[0].send(late, {"how": "add"}).status_code == 303  # now that it was seen
    other = team[2].send(late, {"how": "replace", "csrf_token": team[2].token()})
    assert other.status_code == 409
    assert "Gekozen: optellen" in other.text
    assert kept("form_visitors")[0]["visitors"] == 48


def test_what_was_changed_since_cannot_be_undone(waiting: str, phone: Client, kept: Any) -> None:
    choose(phone, waiting, "add")
    shown = phone.get(waiting)
    phone.fill(f"/form/visitors/{kept('form_visitors')[0]['_id']}", {"visitors": "40"})
    late = phone.send(shown, action=f"{waiting}/undo")
    assert late.status_code == 409
    assert "Kijk wat er nu staat, en verander dat." in late.text
    assert kept("form_visitors")[0]["visitors"] == 40
    assert f"{waiting}/undo" not in phone.get(waiting).text
    assert "Al gekozen" not in said(phone, "/doubles")


def test_a_page_that_stood_open_too_long_changes_nothing(
    waiting: str, phone: Client, changes: Callable[[], int]
) -> None:
    before = changes()
    refused = phone.fill(waiting, {"how": "add", "csrf_token": "x"})
    assert refused.status_code == 422
    assert "Deze pagina stond te lang open. Kies nog een keer." in refused.text
    for wrong in ({"how": "x"}, {"edits": "-1"}, {"kept_edits": "9" * 30}, {"edits": None}):
        assert phone.fill(waiting, {"how": "add"} | wrong).status_code in {400, 409}
    assert changes() == before


# --- of whom it is ----------------------------------------------------------------------------


def test_another_place_sees_and_does_nothing(
    waiting: str, phone: Client, pair_to: Any, kept: Any
) -> None:
    stranger = pair_to("OP-02", name="Kim")
    token = stranger.token()
    seen = {"edits": "0", "kept": kept("form_visitors")[0]["_id"], "kept_edits": "0"}
    data = seen | {"csrf_token": token, "how": "add"}
    assert stranger.get(waiting).status_code == 404
    assert stranger.post(waiting, data=data).status_code == 404
    assert "Er is niets dubbel." in said(stranger, "/doubles")
    choose(phone, waiting, "add")
    number = kept("decision")[0]["id"]
    undo = {"csrf_token": token, "decision": number}
    assert stranger.post(f"{waiting}/undo", data=undo).status_code == 404
    log(stranger, "visitors", MORNING | {"visitors": "1"})
    log(stranger, "visitors", MORNING | {"visitors": "2"})
    own = f"/doubles/visitors/{kept('form_visitors', _state='double')[0]['_id']}"
    assert stranger.post(f"{own}/undo", data=undo).status_code == 404
    assert kept("form_visitors")[0]["visitors"] == 42


def test_without_the_scope_another_place_could_look(
    waiting: str, pair_to: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger, scoped = pair_to("OP-02"), double.double
    monkeypatch.setattr(double, "double", lambda *given: scoped(*given[:4], None))
    assert stranger.get(waiting).status_code == 200


def test_a_phone_of_two_places_chooses_for_the_place_of_the_page(
    waiting: str, pair_to: Any, kept: Any
) -> None:
    both = pair_to("OP-02", "OP-01")
    shown = both.get(waiting)
    both.post("/switch", data={"csrf_token": both.token(), "place": "OP-02"})
    kept_to = f"{waiting}?page.place=OP-01"
    assert both.send(shown, {"how": "add"}, kept_to).location == kept_to
    assert kept("form_visitors")[0]["visitors"] == 42
