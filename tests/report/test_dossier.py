"""The dossier of a meeting place: compared whole, and nothing small given away by its means."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fieldapp.errors import BadRequest, NotFound
from fieldapp.keep.store import Store
from fieldapp.report.deliver import Delivery, deliver
from fieldapp.report.deliver import check as deliver_check
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings, shipped
from tests.conftest import MOMENT, Send
from tests.report.conftest import opened, rows

NA, NO, AFG = "n.v.t.", "geen nulmeting", "afg."
_ = None
DAY = "2026-11-02"
CALL_NAMES = ("Amina", "Bo", "Chris", "Dewi", "Emre", "Fatima", "Gerda")

Make = Callable[..., openpyxl.Workbook]


@pytest.fixture
def made(
    small: Store, settings: Settings, workbooks: Mapping[str, Workbook]
) -> Callable[..., Delivery]:
    """Makes the dossier of OP-01."""

    def delivered(
        over: str = "2026-11", place: str | None = "OP-01", at: dt.datetime = MOMENT
    ) -> Delivery:
        return deliver(small, settings, workbooks, "dossier", over, at, place)

    return delivered


@pytest.fixture
def dossier(made: Callable[..., Delivery]) -> Make:
    """The dossier, opened again."""
    return lambda *over, **given: opened(made(*over, **given).content)


@pytest.fixture
def volunteers(small: Store, send: Send) -> Callable[[str, int, str], Sequence[str]]:
    """Lets that many volunteers of a place help for some hours on one day; their card codes."""

    def helped(place: str, count: int, hours: str) -> Sequence[str]:
        codes = []
        for name in CALL_NAMES[:count]:
            raw = {"role": "volunteer", "known_elsewhere": "no", "call_name": name}
            row = send(place, "person_new", raw | {"informed": "OK", "started": DAY}).id
            with small.read() as connection:
                sql = "SELECT person FROM form_person_new WHERE _id = ?"
                codes.append(str(connection.execute(sql, (row,)).fetchone()[0]))
        send(place, "volunteer_hours", {"date": DAY, "who": codes, "hours": hours})
        return codes

    return helped


@pytest.fixture
def november(send: Send, volunteers: Callable[[str, int, str], Sequence[str]]) -> None:
    """Some days of November 2026 at two meeting places and a wijkbedrijf, by hand."""
    facts = {"place": "OP-01", "valid_from": "2024-04-01", "baseline_hours": "Mo-We 09:00-17:00"}
    send(None, "place_facts", facts)
    shorter = {"open": "yes", "open_from": "09:00", "open_until": "12:00", "closed_reason": "other"}
    whole = {"open": "yes", "open_from": "09:00", "open_until": "17:00"}
    for place, date, hours in (
        ("OP-01", DAY, whole), ("OP-01", "2026-11-05", shorter),
        ("OP-01", "2026-11-06", {"open": "no", "closed_reason": "building"}),
        ("OP-02", DAY, whole), ("WB-01", DAY, whole),
    ):  # fmt: skip
        send(place, "opening", {"date": date} | hours)
    for place, daypart, visitors, more in (
        ("OP-01", "morning", "30", {"activities": ["meal", "drop_in"], "new_visitors": "4"}),
        ("OP-01", "afternoon", "10", {"activities": ["meal"], "ref_police": "2"}),
        ("OP-02", "morning", "21", {"activities": ["meal"]}),
        ("WB-01", "morning", "99", {"activities": ["meal"]}),
    ):
        send(place, "visitors", {"date": DAY, "daypart": daypart, "visitors": visitors} | more)
    codes = volunteers("OP-01", 6, "3")
    volunteers("OP-02", 2, "2,5")
    month = {"month": "2026-11-01"}
    send("OP-01", "volunteer_month", month | {"allowance": codes[:5]})
    send("OP-02", "volunteer_month", month | {"nobody": "OK"})
    for code in codes[:5]:
        send("OP-01", "step", {"person": code, "date": "2026-11-04", "step": "coaching_offered"})
    told = {"worked": "De taalles loopt vol.", "lesson_about": ["language", "reach"]}
    told |= {"partners_present": ["police"], "programme_checked": "2026-11-10"}
    read = send("OP-01", "month_report", month | told).id
    send("OP-02", "month_report", month | {"worked": "Nog niet nagelezen."})
    send(None, "reading", {"row": read, "edits_read": "0", "passed": "OK"})


def shown(book: openpyxl.Workbook, name: str, first: int = 1) -> list[list[Any]]:
    """The rows of a sheet from a column on."""
    page: Any = book[name]
    return [row[first:] for row in rows(page)]


def words(book: openpyxl.Workbook) -> str:
    """Every text of a workbook."""
    pages: Any = book.worksheets
    cells = (cell.value for page in pages for line in page.iter_rows() for cell in line)
    return "\n".join(cell for cell in cells if isinstance(cell, str))


@pytest.mark.usefixtures("november")
def test_the_dossier_is_what_was_logged(dossier: Make) -> None:
    """On paper: from 2 to 19 November there are 14 weekdays, three of which were filled in."""
    book = dossier()
    assert shown(book, "In cijfers") == [
        ["Uren per week volgens het rooster", 42.5, 41.25],
        ["Uren per week bij de nulmeting", 24, NA],  # one place has one: no mean
        ["Verschil met de nulmeting", 18.5, NA],
        ["Dagen per week", 5, 5],
        ["Uren per week in de avond (na 18 uur)", 2.5, 1.25],
        ["Uren per week in het weekend", 0, 0],
        ["Uren echt open", 11, 9.5],
        ["Dagen open", 2, 1.5],
        ["Dagen niet ingevuld", 11, 12],
        ["Bezoeken", 40, 30.5],  # the 99 of the wijkbedrijf are in no mean
        ["Bezoeken per geteld dagdeel", 20, 20.5],
        ["Voor het eerst", 4, NA],
        ["Dagdelen geteld", 2, 1.5],
        ["Vrijwilligers gezien", 6, AFG],  # the mean would tell the 2 of OP-02
        ["waarvan mogelijk dubbel", 0, AFG],
        ["Uren van vrijwilligers", 18, 11.5],
        ["Kreeg een vergoeding", 5, 2.5],
        ["Kreeg coaching aangeboden", 5, 2.5],
        ["Vergoeding en aanbod van coaching", 5, 2.5],
        ["Keer met bewoners besproken", 1, 0.5],
    ]
    assert shown(book, "Per maand") == [[11, 9.5, 40, 30.5, 18, 11.5]]
    offer = shown(book, "Aanbod en hulp", 0)
    assert [row for row in offer if row[2] not in (0, NA)] == [
        ["Activiteiten (dagdelen)", "Inloop en koffie", 1, 0.5],
        ["Activiteiten (dagdelen)", "Samen eten", 2, 1.5],
        ["Organisaties aanwezig (maanden)", "Politie", 1, 0.5],
    ]
    assert {row[0]: row[2] for row in offer}["Doorverwezen (keer)"] == NA  # less than a quarter
    assert shown(book, "Geleerd") == [
        ["Wat ging goed", "De taalles loopt vol.", "Nieuwe mensen bereiken, Taal"]
    ]
    assert "Nog niet nagelezen." not in words(book)


def test_the_cover_names_the_place_the_days_and_the_deal(dossier: Make) -> None:
    book = dossier("2026")
    page: Any = book["Voorblad"]
    texts = [cell.value for row in page.iter_rows() for cell in row if cell.value]
    assert "Dossier Ontmoetingsplek 1" in texts
    assert "2026 tot en met 19 november" in texts
    assert "1 januari 2026 tot en met 19 november 2026" in texts
    assert "Voorlopig: deze periode is nog niet voorbij." in texts
    assert texts[-1] == Settings().acknowledgement
    months: Any = book["Per maand"]
    assert [row[0].month for row in rows(months)] == list(range(1, 12))
    assert months._charts == []  # there is nothing to draw
    for name in ("In cijfers", "Per maand", "Aanbod en hulp", "Geleerd"):
        page = book[name]
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("portrait", 9)


def test_a_year_that_is_over_is_told_whole(dossier: Make) -> None:
    book = dossier("2025")
    assert "1 januari 2025 tot en met 31 december 2025" in words(book)
    assert "Voorlopig" not in words(book)
    months: Any = book["Per maand"]
    assert len(rows(months)) == 12


def test_referrals_are_told_of_whole_quarters_only(dossier: Make, send: Send) -> None:
    """Else two dossiers that were made one month apart would tell that month."""
    for date, times in (("2026-09-30", "3"), ("2026-10-01", "4")):
        given = {"date": date, "daypart": "morning", "visitors": "9", "ref_police": times}
        send("OP-01", "visitors", given)

    def police(over: str) -> Any:
        found = shown(dossier(over), "Aanbod en hulp", 0)
        return next(r[2] for r in found if r[:2] == ["Doorverwezen (keer)", "Politie"])

    assert (police("2026"), police("2026-Q3"), police("2026-10")) == (3, 3, NA)


def persons(book: openpyxl.Workbook) -> tuple[Any, Any]:
    """The volunteers of this place and of the mean."""
    found = shown(book, "In cijfers")
    return next((row[1], row[2]) for row in found if row[0] == "Vrijwilligers gezien")


def test_a_mean_never_tells_a_small_number(
    dossier: Make,
    volunteers: Callable[[str, int, str], Sequence[str]],
    settings: Settings,
    small: Store,
    workbooks: Mapping[str, Workbook],
) -> None:
    """Times the number of places, and without the one that is shown, it would."""
    volunteers("OP-01", 7, "3")
    volunteers("OP-02", 2, "3")
    assert persons(dossier())[1] == persons(dossier(place="OP-02"))[1] == AFG
    assert persons(dossier(place="OP-02"))[0] == AFG
    exact = replace(settings, small_cell=0)
    book = opened(deliver(small, exact, workbooks, "dossier", "2026-11", MOMENT, "OP-01").content)
    assert persons(book) == (7, 4.5)


def test_a_mean_of_what_is_all_shown_is_told(
    dossier: Make, volunteers: Callable[[str, int, str], Sequence[str]]
) -> None:
    volunteers("OP-01", 7, "3")
    volunteers("OP-02", 6, "3")
    assert persons(dossier()) == (7, 6.5)


def test_a_place_that_came_later_is_in_no_mean(dossier: Make, send: Send) -> None:
    later = {"code": "OP-09", "name": "Ontmoetingsplek 9", "kind": "meeting_place"}
    send(None, "place", later | {"wijk": "moerwijk", "active_from": "2026-11-10"})
    hours = {"valid_from": "2026-11-10", "mo_from": "09:00", "mo_until": "10:00"}
    send("OP-09", "schedule", hours)
    told = {row[0]: row[1:] for row in shown(dossier(place="OP-09"), "In cijfers")}
    assert told["Uren per week volgens het rooster"] == [1, 41.25]


@pytest.mark.parametrize(
    ("place", "refusal", "words_of_it"),
    [
        (None, BadRequest, "add --place OP-03"),
        ("", BadRequest, "add --place OP-03"),
        ("OP-77", NotFound, "no place 'OP-77'"),
        ("WB-01", BadRequest, "WB-01 is no meeting place"),
    ],
)
def test_what_is_no_meeting_place_is_refused_with_a_sentence(
    made: Callable[..., Delivery], place: str | None, refusal: type[Exception], words_of_it: str
) -> None:
    with pytest.raises(refusal, match=words_of_it):
        made(place=place)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("workbook.toml", 'per = "place"', 'per = "wijk"', "per 'wijk'"),
        ("workbook.toml", 'mean_of = "times"', 'mean_of = "keer"', "is the mean of 'keer'"),
        ("offer.sql", "AS _among", "AS _other", "must tell its _among"),
    ],
)
def test_a_mistake_in_the_files_is_told(
    small: Store, settings: Settings, tmp_path: Path, file: str, old: str, new: str, fault: str
) -> None:
    for name in ("dossier", "shared", "results", "people"):
        shutil.copytree(shipped("exports") / name, tmp_path / "exports" / name)
    path = tmp_path / "exports" / "dossier" / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    own = replace(settings, exports=tmp_path / "exports")
    found = [str(each) for each in deliver_check(small, own, MOMENT.date())]
    assert any(fault in each and f"exports/dossier/{file}" in each for each in found)


def test_the_file_is_named_after_place_and_period(made: Callable[..., Delivery]) -> None:
    assert made("2026").file_name == "dossier-OP-01-2026.xlsx"
    assert made("2026").content == made("2026").content
