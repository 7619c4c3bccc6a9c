"""A page tells where it went wrong and never what was filled in; the office reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from fieldapp.keep import trouble
from tests.conftest import Clock
from tests.page import Client, parse, words
from tests.web.outboxes import OURS, TROUBLE, knock

STOPPED = {"kind": "script", "name": "TypeError", "spot": "form.js:34"}
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36"
)


def tell(phone: Client, *found: Any, agent: str = PHONE) -> Any:
    """Tells what went wrong."""
    return knock(phone, {"trouble": list(found)}, TROUBLE, OURS | {"User-Agent": agent})


def said(office: Client) -> str:
    return words(next(parse(office.get("/office/trouble").text).all("main")))


def test_the_office_reads_what_went_wrong(
    pair_to: Callable[..., Client], clerk: Any, sign_in: Callable[[Any], Client], clock: Clock
) -> None:
    assert "Er is niets misgegaan." in said(sign_in(clerk))
    assert tell(pair_to("OP-01"), STOPPED, STOPPED).json == {"noted": 2}
    clock.forward(days=1)
    tell(pair_to("OP-02", name="Bo"), STOPPED | {"times": 3})
    *_, row = parse(sign_in(clerk).get("/office/trouble").text).all("tr")
    assert [words(cell) for cell in row] == [
        "Een script stopte", "TypeError", "form.js:34", "Chrome, Android", "5", "2", "20 nov",
        "21 nov",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
         "Safari, iOS"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0",
         "Firefox, Android"),
        ("Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) SamsungBrowser/23.0 Chrome/115",
         "Samsung, Android"),
        ("<script>Bo</script>", "?, ?"),
    ],
)  # fmt: skip
def test_a_browser_is_told_no_finer_than_its_family(
    agent: str, family: str, phone: Client, kept: Any
) -> None:
    tell(phone, STOPPED, agent=agent)
    assert [row["browser"] for row in kept("trouble")] == [family]


WRONG: Sequence[Mapping[str, Any] | str] = [
    "Bo",
    STOPPED | {"message": "Bo"},
    STOPPED | {"kind": "other"},
    STOPPED | {"name": "Cannot read Bo"},
    STOPPED | {"name": "x" * 41},
    STOPPED | {"spot": "https://elders.example/form.js:3"},
    STOPPED | {"spot": "form.js:34?naam=Bo"},
    STOPPED | {"times": "3"},
    {"kind": "script"},
]


@pytest.mark.parametrize("found", WRONG)
def test_what_could_hold_an_answer_is_refused(found: Any, phone: Client, kept: Any) -> None:
    refused = tell(phone, found)
    assert (refused.status_code, list(refused.json["messages"])) == (422, ["trouble"])
    assert "Bo" not in refused.text
    assert kept("trouble") == []


def test_a_phone_in_great_trouble_fills_nothing_up(
    phone: Client, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [STOPPED | {"spot": f"form.js:{line}"} for line in range(50)]
    assert tell(phone, *many).status_code == 200
    assert tell(phone, *many, STOPPED).status_code == 422  # more than fifty at once
    rows = kept("trouble")
    assert len(rows) == trouble.SORTS_A_DAY + 1
    assert sum(row["times"] for row in rows) == 50
    monkeypatch.setattr(trouble, "SORTS_A_DAY", 99)  # the mutation
    tell(phone, *many)
    assert len(kept("trouble")) > trouble.SORTS_A_DAY / 2


def test_it_goes_after_ninety_days(phone: Client, kept: Any, clock: Clock) -> None:
    tell(phone, STOPPED)
    clock.forward(days=91)
    tell(phone, STOPPED | {"spot": "week.js:1"})
    assert [row["spot"] for row in kept("trouble")] == ["week.js:1"]


def test_who_is_not_paired_tells_nothing(client: Client, kept: Any) -> None:
    assert tell(client, STOPPED).status_code == 401
    assert kept("trouble") == []
