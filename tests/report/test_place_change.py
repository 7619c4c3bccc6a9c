"""A place that moved: old reports can be made again as they were, new ones have it in its wijk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.keep import anchor, views
from fieldapp.keep.store import Store
from fieldapp.report.deliver import deliver
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import MOMENT
from tests.report.test_package import table

MOVE = {"place": "OP-01", "valid_from": "2026-10-10", "name": "De Haven", "wijk": "moerwijk"}
LATER = MOMENT + dt.timedelta(days=1)
"""A cover has the moment at which it was made, so every report here has the same one."""


@pytest.fixture
def made(small: Store, settings: Settings, workbooks: Mapping[str, Workbook], send: Any) -> Any:
    """A month as everybody reads it, with what two places counted in it."""
    for month in ("09", "10"):
        for place, visitors in (("OP-01", "40"), ("OP-02", "3")):
            day = {"date": f"2026-{month}-07", "daypart": "morning", "visitors": visitors}
            send(place, "visitors", day)
    exact = replace(settings, small_cell=0)

    def told(over: str, name: str = "monthly", *, csv: bool = True) -> bytes:
        return deliver(small, exact, workbooks, name, over, LATER, csv=csv).content

    return told


def values(package: bytes) -> Mapping[str, str]:
    """Every value of a package by the key of its row."""
    return {row["row_key"]: row["value"] for row in table(package, "delivery")}


def test_a_report_of_before_stays_the_same(
    made: Any, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the line on its cover that tells how far the journal has come."""
    monkeypatch.setattr(anchor, "last_change", lambda connection: None)
    before = made("2026-09"), made("2026-09", csv=False)
    send(None, "place_change", MOVE)
    assert (made("2026-09"), made("2026-09", csv=False)) == before


def test_a_report_of_after_has_the_new_name_and_wijk(made: Any, send: Any) -> None:
    before = made("2026-10")
    send(None, "place_change", MOVE)
    after = made("2026-10")
    assert "De Haven" in str(table(after, "delivery"))
    assert "De Haven" not in str(table(before, "delivery"))
    one, two = values(before), values(after)
    changed = {key.split("|")[1] for key in one if one[key] != two.get(key)}
    assert changed == {"bouwlust", "moerwijk"}


def test_mutation_of_today_an_old_report_changes(
    made: Any, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made("2026-09")
    send(None, "place_change", MOVE)
    kept = views.definitions
    monkeypatch.setattr(views, "definitions", lambda forms, day=None: kept(forms))
    assert made("2026-09") != before
