"""Why people left: told per whole year over all places, and nowhere else for everybody."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from unittest import mock

import openpyxl
import pytest

from fieldapp.errors import BadRequest
from fieldapp.keep import public
from fieldapp.keep.store import Store
from fieldapp.keep.views import exporting
from fieldapp.report.deliver import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings
from tests.report.conftest import MADE_AT
from tests.report.diary import Diary
from tests.report.year import live

WORKBOOKS = load_workbooks(Settings().exports)
PUBLIC = [name for name, workbook in WORKBOOKS.items() if workbook.public]
PERIODS = ("2025-11", "2025-Q4", "2026")


@pytest.fixture
def known(store: Store) -> Mapping[str, str]:
    """The small year; gives the card codes."""
    return live(store)


REASONS = {"Verhuisd", "Persoonlijke reden", "moved", "personal"}
CODEBOOK = "Codeboek"


def leave(store: Store, known: Mapping[str, str], first: str, second: str) -> None:
    """Two people stop, at another place and in another month, in the same year."""
    diary = Diary(store)
    diary.sent = 20_000
    diary.step("2025-11-07", "OP-01", known["gus"], "left", left_reason=first)
    diary.step("2025-12-08", "OP-03", known["dia"], "left", left_reason=second)


def books(store: Store, settings: Settings, name: str) -> dict[str, bytes]:
    """A public workbook over every period."""
    found = {}
    place = "OP-01" if WORKBOOKS[name].per else None
    for over in PERIODS:
        try:
            made = deliver(store, settings, WORKBOOKS, name, over, MADE_AT, place)
        except BadRequest:
            continue
        found[made.file_name] = made.content
    return found


def naming(content: bytes) -> set[str]:
    """The sheets of a workbook in which a reason stands."""
    return {
        page.title
        for page in openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets
        if any(str(cell) in REASONS for row in page.iter_rows(values_only=True) for cell in row)
    }


@pytest.mark.parametrize("name", PUBLIC)
def test_why_somebody_left_is_told_over_all_places_only(
    store: Store, settings: Settings, known: Mapping[str, str], name: str
) -> None:
    """Two reasons change places, and with them months: nobody who reads along can tell."""
    exact = replace(settings, small_cell=0)
    leave(store, known, "moved", "personal")
    first = books(store, exact, name)
    with store.write("test", MADE_AT) as write:
        write.connection.execute(
            "UPDATE form_step SET left_reason = iif(left_reason = 'moved', 'personal', 'moved') "
            "WHERE left_reason IN ('moved', 'personal')"
        )
    assert books(store, exact, name) == first
    told = {sheet for content in first.values() for sheet in naming(content)}
    assert told - {CODEBOOK} == ({"Waarom gestopt"} if name == "progress" else set())


def test_without_closed_views_a_reason_would_be_told_by_place(
    store: Store, known: Mapping[str, str]
) -> None:
    def reasons(view: str, *, to_public: bool) -> set[tuple[object, ...]]:
        with exporting(store, to_public=to_public) as connection:
            return {
                tuple(row)
                for row in connection.execute(
                    f"SELECT place, substr(date, 1, 7), left_reason FROM {view} "
                    "WHERE step = 'left' AND date > '2025-11'"
                )
            }

    leave(store, known, "moved", "personal")
    both = {("OP-01", "2025-11", "moved"), ("OP-03", "2025-12", "personal")}
    for view in ("step", "steps"):
        assert both <= reasons(view, to_public=False)
        assert {reason for *_, reason in reasons(view, to_public=True)} == {None}
        with mock.patch.object(public, "definitions", lambda _: {}):
            assert both <= reasons(view, to_public=True)


def test_every_leaver_counts_once_a_year_with_the_last_reason(
    store: Store, settings: Settings, known: Mapping[str, str]
) -> None:
    leave(store, known, "moved", "personal")
    Diary(store).merge("2025-12-20", known["dia"], known["gus"])  # then they were one person
    with exporting(store, to_public=True) as connection:
        found = [
            tuple(row) for row in connection.execute("SELECT * FROM left_reasons ORDER BY 1, 2")
        ]
    # Nol in 2024; Fay and Job found work. Mia, Cor and Eva went to another of our places.
    assert found == [("2024", "pilot_ended", 1), ("2025", "paid_work", 2), ("2025", "personal", 1)]


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({}, ["<5", "0", "<5"]),  # two found work
        ({"moved": 5, "paid_work": 6}, ["8", "5", "13"]),
        ({"moved": 5}, ["afg."] * 3),  # seven, which `monthly` tells, less five would be two
    ],
)
def test_a_few_who_left_are_protected(
    store: Store, settings: Settings, known: Mapping[str, str], more: Mapping[str, int],
    shown: list[str],
) -> None:  # fmt: skip
    diary = Diary(store)
    diary.sent = 30_000
    for reason, count in more.items():
        for number in range(count):
            name = f"{'Abcdefgh'[number]}{reason[:2]}"
            code = diary.welcome("2025-02-01", "OP-01", "volunteer", name)
            diary.step("2025-11-20", "OP-01", code, "left", left_reason=reason)
    made = deliver(store, settings, WORKBOOKS, "progress", "2026", MADE_AT)
    page = openpyxl.load_workbook(io.BytesIO(made.content), read_only=True)["Waarom gestopt"]
    rows = {(row[0], row[1]): str(row[2]) for row in page.iter_rows(values_only=True)}
    labels = ("Betaald werk", "Verhuisd", "Alle redenen samen")
    assert [rows["2025", label] for label in labels] == shown
    assert rows["2024", "Alle redenen samen"] == "<5"
    assert not {year for year, _ in rows} & {"2026"}  # a year that goes on tells no reason
