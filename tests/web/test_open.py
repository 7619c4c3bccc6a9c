"""Whoever wants to ask and tell something more edits two text files: no code changes."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.keep.store import Store, open_store
from fieldapp.report import deliver
from fieldapp.report.load import load_workbooks
from fieldapp.settings import Settings
from fieldapp.web.access import PHONE_COOKIE
from fieldapp.web.app import create_app
from tests.conftest import Clock
from tests.page import Client, parse, words

QUESTION = "Hoeveel koppen koffie schonk u?"
IN_THE_FORM = {
    "type": "integer",
    "name": "coffee",
    "label::Nederlands (nl)": QUESTION,
    "label::English (en)": "How many cups of coffee did you pour?",
}
IN_THE_SHEET = "       told(sum(v.coffee), count(v.coffee), e.expected) AS coffee,\n"
TODAY, DAY_BEFORE = "2026-11-20", "2026-11-19"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """An instance with forms and exports of its own."""
    own = {
        name: shutil.copytree(getattr(settings, name), tmp_path / name)
        for name in ("forms", "exports")
    }
    return replace(settings, **own)


@pytest.fixture
def store(
    founded: Mapping[str, Path], settings: Settings, forms: Mapping[str, Form], clock: Clock
) -> Store:
    """The small world, which the test closes and opens again."""
    shutil.copytree(founded["small"], settings.data)
    return open_store(settings.data, forms, clock)


@pytest.fixture
def again(settings: Settings, clock: Clock) -> Callable[[], Any]:
    """Opens the instance that was closed, with the files as they are now."""

    def opened() -> closing[Store]:
        found = load_forms(settings.forms, settings.data / "cache")
        return closing(open_store(settings.data, found, clock))

    return opened


def add_question(form: Path) -> None:
    """Adds one row to a form, behind the question about new visitors."""
    lines = form.read_text("utf-8").splitlines(keepends=True)
    heads = cells(lines[1])
    at = next(nth for nth, line in enumerate(lines) if "| new_visitors " in line)
    row = "| " + " | ".join(IN_THE_FORM.get(head, "") for head in heads) + " |\n"
    form.write_text("".join([*lines[: at + 1], row, *lines[at + 1 :]]), "utf-8")


def cells(line: str) -> Sequence[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def add_line(sheet: Path, line: str) -> None:
    """Adds one line to a sheet, behind the column of new visitors."""
    text = sheet.read_text("utf-8")
    changed = re.sub(r"^.* AS new_visitors,\n", lambda found: found[0] + line, text, flags=re.M)
    assert len(changed.splitlines()) == len(text.splitlines()) + 1
    sheet.write_text(changed, "utf-8")


def headings(sheet: Any) -> Iterator[tuple[int, str]]:
    return ((nth, str(cell.value)) for nth, cell in enumerate(sheet[4]))


@pytest.mark.parametrize("line", [IN_THE_SHEET, "       sum(v.coffee) AS coffee,\n"])
def test_a_question_and_a_line_are_asked_kept_and_told(
    line: str,
    small: Store,
    settings: Settings,
    clock: Clock,
    phone: Client,
    again: Callable[[], Any],
) -> None:
    before = {"date": DAY_BEFORE, "daypart": "morning", "visitors": "12", "new_visitors": "2"}
    assert phone.fill("/form/visitors", before).status_code == 303
    cookie = phone.get_cookie(PHONE_COOKIE)
    assert cookie
    small.close()

    add_question(settings.forms / "visitors.md")
    add_line(settings.exports / "monthly" / "visitors.sql", line)

    with again() as store:
        assert deliver.check(store, settings, clock().date()) == []
        workbooks = load_workbooks(settings.exports)
        app = create_app(settings, store, workbooks, clock)
        app.test_client_class = Client
        client = app.test_client()
        assert isinstance(client, Client)
        client.set_cookie(PHONE_COOKIE, cookie.value, secure=True, httponly=True)
        page = client.get("/form/visitors")
        asked = [words(label) for label in parse(page.text).all("label")]
        assert any(text.startswith(QUESTION) for text in asked)
        for daypart, coffee in (("morning", "7"), ("afternoon", "4")):
            given = {"date": TODAY, "daypart": daypart, "visitors": "9", "coffee": coffee}
            assert client.fill("/form/visitors", given).status_code == 303
        with store.read() as connection:
            kept = connection.execute(
                "SELECT date, visitors, coffee FROM form_visitors ORDER BY rowid"
            ).fetchall()
        assert [tuple(row) for row in kept] == [
            (DAY_BEFORE, 12, None), (TODAY, 9, 7), (TODAY, 9, 4)
        ]  # fmt: skip

        tomorrow = clock() + timedelta(days=1)
        made = deliver.deliver(store, settings, workbooks, "monthly", "2026-11", tomorrow)
        book = openpyxl.load_workbook(io.BytesIO(made.content))

    sheet: Any = book["Bezoeken"]
    *_, before_last, (at, heading) = headings(sheet)
    assert heading == QUESTION
    assert before_last[1] == "Dagdelen verwacht"  # columns only grow at the end
    told = {row[0].value or row[1].value: row[at] for row in sheet.iter_rows(min_row=5)}
    assert told["OP-01"].value == 11
    assert told["OP-01"].number_format == "#,##0"
    assert told["Bouwlust totaal"].value == told["Zuidwest totaal"].value == 11
    assert told["OP-02"].value is None  # nobody answered there
    assert told["IE-01"].value == ("n.v.t." if line == IN_THE_SHEET else None)
    codebook: Any = book["Codeboek"]
    listed = [tuple(cell.value for cell in row[:4]) for row in codebook.iter_rows(min_row=5)]
    assert ("Bezoekers", "coffee", QUESTION, "integer") in listed


def test_a_line_that_nothing_describes_is_told_before_serving(
    small: Store, settings: Settings, clock: Clock
) -> None:
    add_line(settings.exports / "monthly" / "visitors.sql", "       sum(v.visitors) AS coffee,\n")
    (fault,) = deliver.check(small, settings, clock().date())
    small.close()
    text = (settings.exports / "monthly" / "visitors.sql").read_text("utf-8")
    line = text[: text.index(" AS coffee")].count("\n") + 1
    assert str(fault).startswith(
        f"exports/monthly/visitors.sql, line {line}: column 'coffee' is not described in "
        "workbook.toml, and no form has a public question of that name. Add it under "
    )
