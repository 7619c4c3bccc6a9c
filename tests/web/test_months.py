"""Home and the forms of a month or a year: when they are asked, missing, and kept with one tap."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from fieldapp.keep.store import Store
from fieldapp.report import completeness
from fieldapp.web.months import months
from fieldapp.web.phone import say
from fieldapp.web.surroundings import Surroundings
from fieldapp.web.today import last_day_of_change
from tests.conftest import MOMENT
from tests.page import Client, controls, parse, words

Enter = Callable[..., str]
FORMS = ("Vergoedingen", "Maandverslag", "Jaarverslag")
ALLOWANCES = "/form/volunteer_month"


@pytest.fixture
def on(clock: Any) -> Callable[[str], None]:
    """Sets the clock to ten in the morning of a day."""

    def at(day: str) -> None:
        clock.now = dt.datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=MOMENT.tzinfo)

    return at


@pytest.fixture
def paid(enter: Enter, send: Any, on: Callable[[str], None]) -> Sequence[str]:
    """Three volunteers of OP-01 who got an allowance in October."""
    on("2026-11-20")
    codes = [enter("OP-01", name, started="2026-10-01") for name in ("Ria", "Bo", "Wil")]
    send("OP-01", "volunteer_month", {"month": "2026-10-01", "allowance": codes})
    return codes


def cards(text: str) -> dict[str, tuple[str, str, str]]:
    """Per form of a month or year its list on home, how it stands, and what is said of it."""
    found = {}
    for item in parse(text).all("li"):
        title = words(next(item.iter("b"), Element("b")))
        if title in FORMS:
            section = next((s for s in parse(text).all("section") if item in s.iter()), None)
            heading = words(next(section.iter("h2"))) if section is not None else "Vandaag"
            note = words(next(item.iter("small"), Element("small")))
            found[title] = (heading, item.get("class", ""), note)
    return found


def missing(text: str) -> list[tuple[str, str, str]]:
    """What home says was not filled in: day or month, form, and where that opens."""
    return [
        (words(next(row.iter("b"))), words(next(row.iter("small"))), row.get("href", ""))
        for section in parse(text).all("section")
        if words(next(section.iter("h2"))) == "Nog niet ingevuld"
        for row in section.iter("a")
    ]


OTHER = "Iets anders doorgeven"


def test_until_its_last_week_a_month_is_quiet(phone: Client, on: Callable[[str], None]) -> None:
    on("2026-11-23")
    found = cards(phone.get("/").text)
    assert found["Maandverslag"] == (OTHER, "optional", "Vanaf dinsdag 24 november")
    assert found["Jaarverslag"] == (OTHER, "optional", "Vanaf dinsdag 1 december")


def test_in_its_last_week_a_month_is_asked(phone: Client, on: Callable[[str], None]) -> None:
    on("2026-11-24")
    wanted = ("Vandaag", "todo", "Nog invullen voor november")
    found = cards(phone.get("/").text)
    assert (found["Vergoedingen"], found["Maandverslag"]) == (wanted, wanted)
    assert found["Jaarverslag"][0] == OTHER
    answer = phone.fill("/form/month_report", {"worked": "De taalles."})
    assert "Vergoedingen" in phone.get(answer.location).text  # it is offered next
    done = ("Vandaag", "done", "Ingevuld voor november")
    assert cards(phone.get("/").text)["Maandverslag"] == done


def test_a_month_that_was_filled_in_early_is_done(phone: Client, on: Callable[[str], None]) -> None:
    on("2026-11-10")
    phone.fill("/form/month_report", {"worked": "De taalles."})
    phone.fill("/form/year_report", {"outlook": "Meer taalles."})
    found = cards(phone.get("/").text)
    assert found["Maandverslag"] == (OTHER, "done", "Ingevuld voor november")
    assert found["Jaarverslag"] == (OTHER, "done", "Ingevuld voor 2026")


def test_a_month_is_missing_as_long_as_it_can_be_changed(
    phone: Client, on: Callable[[str], None], send: Any
) -> None:
    line = ("November", "Maandverslag", "/form/month_report?month=2026-11-01")
    for day, there in (("2026-11-30", False), ("2026-12-01", True), ("2026-12-07", True),
                       ("2026-12-08", False)):  # fmt: skip
        on(day)
        assert (line in missing(phone.get("/").text)) == there, day
    on("2026-12-03")
    shown = next(f for f in parse(phone.get(line[2]).text).all("form") if "data-form" in f.attrib)
    assert controls(shown)["month"] == ["2026-11"]
    send("OP-01", "month_report", {"month": "2026-11-01", "worked": "De taalles."})
    assert line not in missing(phone.get("/").text)


def test_a_year_is_asked_in_december_and_missing_in_january(
    phone: Client, on: Callable[[str], None]
) -> None:
    on("2026-12-01")
    found = cards(phone.get("/").text)["Jaarverslag"]
    assert found == ("Vandaag", "todo", "Nog invullen voor 2026")
    line = ("2026", "Jaarverslag", "/form/year_report?year=2026-01-01")
    for day, there in (("2026-12-31", False), ("2027-01-01", True), ("2027-01-31", True),
                       ("2027-02-01", False)):  # fmt: skip
        on(day)
        assert (line in missing(phone.get("/").text)) == there, day
    quiet = cards(phone.get("/").text)["Jaarverslag"]
    assert quiet[:2] == (OTHER, "optional") and quiet[2].startswith("Vanaf woensdag 1 december")


def test_a_month_that_was_closed_is_not_asked(
    phone: Client, on: Callable[[str], None], send: Any
) -> None:
    send("OP-01", "closure", {"from": "2026-10-31", "until": "2026-11-30",
                              "closed_reason": "building"})  # fmt: skip
    on("2026-11-26")
    assert cards(phone.get("/").text)["Maandverslag"] == (OTHER, "optional", "Nu niet nodig")
    on("2026-12-02")
    assert not any(form in FORMS for _, form, _ in missing(phone.get("/").text))


@pytest.mark.parametrize(
    ("day", "today", "other", "late"),
    [
        ("2026-09-23", [], ["Vanaf donderdag 24 september"], []),
        ("2026-09-24", ["Nog invullen voor kwartaal 3 van 2026"], [], []),
        ("2026-10-07", [], ["Vanaf vrijdag 25 december"], ["Kwartaal 3 van 2026"]),
        ("2026-10-08", [], ["Vanaf vrijdag 25 december"], []),
    ],
)
def test_a_form_of_a_quarter_is_asked_likewise(
    app: Flask,
    small: Store,
    on: Callable[[str], None],
    day: str,
    today: Sequence[str],
    other: Sequence[str],
    late: Sequence[str],
) -> None:
    on(day)
    quarterly = {"month_report": replace(small.forms["month_report"], expected="quarter")}
    instance = replace(app.extensions["fieldapp"], store=replace(small, forms=quarterly))
    first, _ = last_day_of_change(instance, instance.now().date())
    with app.test_request_context("/"), small.read() as connection:
        app.preprocess_request()
        place = completeness.places(connection, "OP-01")[0]
        here = Surroundings(small, connection, place, instance.now())
        found = months(instance, connection, place, here, first, say)
    assert [card.note for card in found.today] == today
    assert [card.note for card in found.other] == other
    assert [name for _, name, _ in found.missing] == late


def test_one_tap_keeps_last_month_s_allowances(
    phone: Client, on: Callable[[str], None], paid: Sequence[str], kept: Any
) -> None:
    on("2026-11-24")
    home = phone.get("/")
    assert "Kregen dezelfde 3 mensen ook in november een vergoeding?" in home.text
    assert "Het gaat om de mensen van oktober." in home.text
    answer = phone.send(home, action=ALLOWANCES)
    assert answer.status_code == 303
    row = kept("form_volunteer_month")[-1]
    assert (row["month"], row["_place"], row["_state"]) == ("2026-11-01", "OP-01", "current")
    assert sorted(json.loads(row["allowance"])) == sorted(paid)
    assert "een vergoeding?" not in phone.get("/").text
    assert phone.send(home, action=ALLOWANCES).location == answer.location  # a double tap
    assert len(kept("form_volunteer_month")) == 2


def test_one_tap_leaves_out_who_stopped(
    phone: Client, on: Callable[[str], None], paid: Sequence[str], send: Any, kept: Any
) -> None:
    left = {"step": "left", "left_reason": "moved"}
    send("OP-01", "step", left | {"person": paid[0], "date": "2026-10-30"})
    send("OP-01", "step", left | {"person": paid[1], "date": "2026-11-05"})
    on("2026-11-24")
    home = phone.get("/")
    # Who stopped in November was there in November.
    assert "Kregen dezelfde 2 mensen ook in november een vergoeding?" in home.text
    assert paid[0] not in home.text
    assert phone.send(home, action=ALLOWANCES).status_code == 303
    assert sorted(json.loads(kept("form_volunteer_month")[-1]["allowance"])) == sorted(paid[1:])
    send("OP-01", "step", left | {"person": paid[2], "date": "2026-11-24"})
    on("2026-12-29")
    assert "een vergoeding?" not in phone.get("/").text  # nobody is left


def test_one_tap_in_the_month_after(
    phone: Client, on: Callable[[str], None], paid: Sequence[str]
) -> None:
    on("2026-12-02")
    assert "ook in november een vergoeding?" in phone.get("/").text
    on("2026-12-08")
    assert "een vergoeding?" not in phone.get("/").text


def test_one_tap_for_one_person(
    phone: Client, on: Callable[[str], None], enter: Enter, send: Any
) -> None:
    code = enter("OP-01", "Ria", started="2026-10-01")
    send("OP-01", "volunteer_month", {"month": "2026-10-01", "allowance": [code]})
    on("2026-11-24")
    home = phone.get("/").text
    assert "Kreeg dezelfde persoon ook in november een vergoeding?" in home
    assert home.count(code) == 1


def test_no_tap_before_its_week_after_nobody_or_at_another_place(
    phone: Client, pair_to: Any, on: Callable[[str], None], paid: Sequence[str], send: Any
) -> None:
    on("2026-11-23")
    assert "een vergoeding?" not in phone.get("/").text
    on("2026-11-24")
    other = pair_to("OP-02").get("/").text
    assert "een vergoeding?" not in other
    assert not any(code in other for code in paid)
    send("OP-01", "volunteer_month", {"month": "2026-11-01", "nobody": "OK"})
    on("2026-12-29")
    assert "een vergoeding?" not in phone.get("/").text


def test_the_page_knows_the_list_of_each_month(
    phone: Client, on: Callable[[str], None], paid: Sequence[str], send: Any
) -> None:
    send("OP-01", "step", {"person": paid[0], "date": "2026-10-30", "step": "left",
                           "left_reason": "moved"})  # fmt: skip
    on("2026-12-02")
    send("OP-01", "volunteer_month", {"month": "2026-11-01", "allowance": paid[2:]})
    form = next(f for f in parse(phone.get(ALLOWANCES).text).all("form") if "data-form" in f.attrib)
    definition = json.loads(form.attrib["data-form"])
    prefill = definition["questions"]["allowance"]["prefill"]
    assert definition["prefill_by"] == ["month"]
    assert {month: sorted(codes.split()) for month, codes in prefill.items()} == {
        "2026-12-01": [paid[2]], "2026-11-01": sorted(paid[1:])
    }  # fmt: skip
    assert controls(form)["allowance"] == [paid[2]]
