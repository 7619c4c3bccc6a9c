"""A phone tells what waits on it; the office sees that, what never came, and a clock that lies."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from fieldapp.keep import contact
from fieldapp.keep.contact import Standing
from fieldapp.keep.store import Store
from tests.conftest import Clock
from tests.page import Client, parse, words
from tests.web.outboxes import CONTACT, MORNING, OUTBOX, identity, knock, send

NOW = "2026-11-20T09:12:00Z"
THREE = {"count": 3, "lowest": 1, "highest": 3, "oldest": "2026-11-17T09:12:00Z"}


def tell(phone: Client, **other: Any) -> Any:
    """Tells how an outbox stands."""
    whole = {"outbox": OUTBOX, "sent_at": NOW, "given": 3, "unsent": THREE}
    return knock(phone, whole | other, CONTACT)


@pytest.fixture
def stands(small: Store) -> Callable[[], Standing]:
    """How the first phone stands."""

    def told() -> Standing:
        with small.read() as connection:
            return contact.standings(connection)[1]

    return told


def come(phone: Client, number: int, outbox: str = OUTBOX) -> Any:
    """Sends the record that got this number."""
    answers = MORNING | {"date": f"2026-11-{number:02}"}
    return send(phone, instanceID=identity(number), outbox=outbox, number=number, answers=answers)


def test_a_phone_hears_the_time_and_its_places(pair_to: Callable[..., Client]) -> None:
    told = tell(pair_to("OP-01", "OP-02"), sent_at="2026-11-20T09:14:30.5Z")
    assert (told.status_code, told.json["at"], told.json["skew"]) == (200, NOW, 150)
    assert [place["code"] for place in told.json["places"]] == ["OP-02", "OP-01"]


def test_a_record_that_tells_no_time_says_nothing_of_the_clock(
    phone: Client, stands: Callable[[], Standing]
) -> None:
    tell(phone, sent_at="2026-11-20T09:14:30Z")
    assert come(phone, 1).status_code == 201
    assert stands().skew == 150


def test_the_office_sees_what_waits_on_a_phone(
    phone: Client, office: Client, stands: Callable[[], Standing]
) -> None:
    tell(phone)
    assert stands() == Standing(3, "2026-11-17T09:12:00Z", 0, 0)
    page = words(next(parse(office.get("/office/phones").text).all("main")))
    assert "3 oudste van dinsdag 17 november" in page
    overview = office.get("/office/").text
    assert "Telefoons waarvan iets niet aankwam: 1" in overview


def test_what_came_does_not_wait_any_more(
    phone: Client, office: Client, stands: Callable[[], Standing]
) -> None:
    tell(phone)
    for number in (1, 2, 3, 3):
        assert come(phone, number).status_code < 300
    assert (stands().unsent, stands().missing, stands().waits) == (0, 0, False)
    tell(phone, unsent={"count": 0})
    assert (stands().unsent, stands().oldest, stands().waits) == (0, "", False)
    assert "niet aankwam" not in office.get("/office/").text


def test_a_number_that_never_came_is_a_gap(
    phone: Client, office: Client, stands: Callable[[], Standing]
) -> None:
    tell(phone)
    come(phone, 1)
    come(phone, 3)
    assert (stands().unsent, stands().missing) == (1, 0)
    tell(phone, unsent={"count": 0})  # and the second?
    assert (stands().unsent, stands().missing) == (0, 1)
    row = next(r for r in parse(office.get("/office/phones").text).all("tr") if "Ria" in words(r))
    assert [words(cell) for cell in row][4:6] == ["", "1"]
    assert come(phone, 2).status_code == 201
    assert stands().missing == 0


def test_mutation_without_numbers_nobody_sees_a_gap(
    phone: Client, stands: Callable[[], Standing]
) -> None:
    tell(phone, given=0)
    tell(phone, given=0, unsent={"count": 0})
    assert stands().missing == 0
    tell(phone, given=3, unsent={"count": 0})
    assert stands().missing == 3


def test_what_somebody_threw_away_is_no_gap(phone: Client, stands: Callable[[], Standing]) -> None:
    tell(phone)
    tell(phone, unsent={"count": 0}, thrown_away=[1, 2])
    assert stands().missing == 1


def test_what_a_phone_lost_with_its_storage_is_missing(
    phone: Client, clock: Clock, stands: Callable[[], Standing]
) -> None:
    tell(phone)
    come(phone, 1)
    clock.forward(days=1)
    tell(phone, outbox=str(uuid.UUID(int=78)), given=0, unsent={"count": 0})
    assert (stands().unsent, stands().missing) == (0, 2)


def test_what_was_told_does_not_become_less(phone: Client, stands: Callable[[], Standing]) -> None:
    tell(phone, given=9, unsent={"count": 0})
    tell(phone, given=0, unsent={"count": 0})
    assert stands().missing == 9


def test_an_outbox_goes_along_when_its_phone_is_paired_anew(
    phone: Client, pair_to: Callable[..., Client], small: Store
) -> None:
    tell(phone)
    again = pair_to("OP-01", name="Bo")
    come(again, 1)
    with small.read() as connection:
        assert {n: each.unsent for n, each in contact.standings(connection).items()} == {2: 2}


@pytest.mark.parametrize(
    ("sent_at", "said"),
    [
        ("2026-11-22T09:12:00Z", "klok 48 uur voor"),
        ("2026-11-20T09:02:00Z", "klok 10 minuten achter"),
        ("2026-11-20T09:13:00Z", ""),
    ],
)
def test_the_office_sees_a_clock_that_is_off(
    sent_at: str, said: str, phone: Client, office: Client
) -> None:
    tell(phone, sent_at=sent_at, unsent={"count": 0})
    page = words(next(parse(office.get("/office/phones").text).all("main")))
    assert ("klok" in page, said in page) == (bool(said), True)


def test_a_clock_that_is_off_does_not_make_old_what_is_new(
    phone: Client, stands: Callable[[], Standing]
) -> None:
    oldest = {**THREE, "oldest": "2026-11-25T09:12:00Z"}
    tell(phone, sent_at="2026-11-25T10:12:00Z", unsent=oldest)
    assert stands().oldest == "2026-11-20T08:12:00Z"


WRONG: Sequence[tuple[Mapping[str, Any], str]] = [
    ({"answers": {}}, "?"),
    ({"outbox": "x"}, "outbox"),
    ({"given": -1}, "given"),
    ({"given": "3"}, "given"),
    ({"sent_at": "gisteren"}, "sent_at"),
    ({"sent_at": "2026-11-20T09:12:00"}, "sent_at"),
    ({"unsent": 3}, "unsent"),
    ({"unsent": {}}, "unsent"),
    ({"unsent": {"count": 3}}, "unsent"),
    ({"unsent": {**THREE, "count": 4}}, "unsent"),
    ({"unsent": {**THREE, "names": ["Bo"]}}, "unsent"),
    ({"thrown_away": [1] * 1_001}, "thrown_away"),
    ({"thrown_away": ["1"]}, "thrown_away"),
]


@pytest.mark.parametrize(("other", "name"), WRONG)
def test_what_is_not_as_agreed_is_refused(
    other: Mapping[str, Any], name: str, phone: Client, kept: Any
) -> None:
    refused = tell(phone, **other)
    assert (refused.status_code, list(refused.json["messages"])) == (422, [name])
    assert kept("outbox") == []


def test_who_is_not_paired_tells_nothing(client: Client, kept: Any) -> None:
    assert tell(client).status_code == 401
    assert kept("outbox") == []


def test_a_reader_sees_it_too(
    phone: Client, hire: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    tell(phone)
    assert "oudste van" in sign_in(hire("lezer", "reader")).get("/office/phones").text
