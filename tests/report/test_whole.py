"""Every workbook of the small year, opened again and compared whole with what is kept of it.

The figures are worked out on paper in paper.py; this shows that each stands in its cell, and what
any change does to every cell. `make snapshots` keeps them anew, for a reader of the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from fieldapp.ask.question import Form
from fieldapp.keep.store import Store
from fieldapp.settings import Settings
from tests.report.snapshot import KEPT, WORKBOOKS, kept_year, told


@pytest.fixture(scope="module")
def year(
    tmp_path_factory: pytest.TempPathFactory, forms: Mapping[str, Form]
) -> Iterator[tuple[Store, Settings]]:
    """The small year, kept."""
    store, settings = kept_year(tmp_path_factory.mktemp("whole"), forms)
    yield store, settings
    store.close()


@pytest.mark.parametrize(("name", "over", "place"), WORKBOOKS)
def test_a_workbook_is_as_it_was_kept(
    year: tuple[Store, Settings], name: str, over: str, place: str | None
) -> None:
    assert told(*year, name, over, place) == (KEPT / f"{name}.txt").read_text("utf-8")


def test_every_workbook_is_kept() -> None:
    listed = {path.parent.name for path in Settings().exports.glob("*/workbook.toml")}
    assert {name for name, *_ in WORKBOOKS} == listed
