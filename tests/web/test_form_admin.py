"""Forms by upload: looked at, tried, and published without a restart."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from fieldapp.ask.forms import twin
from fieldapp.ask.question import Form
from fieldapp.settings import PACKAGE, Settings
from fieldapp.web.form_needs import LEANED_ON
from fieldapp.web.instance import instance
from tests.page import Client
from tests.web.conftest import Kept
from tests.web.uploads import VERSION, again, one_more, row

GOOD = {"date": "2026-11-20", "daypart": "morning", "visitors": "24"}


def cells(workbook: bytes) -> Mapping[str, list[Any]]:
    """What stands in each sheet, whenever the workbook was made."""
    book = load_workbook(BytesIO(workbook))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_page_lists_every_form_and_gives_it_as_a_workbook(
    office: Client, forms: Mapping[str, Form], shipped_text: Any
) -> None:
    page = office.get("/office/forms").text
    for form in forms.values():
        assert f"/office/forms/{form.form_id}.xlsx" in page
    answer = office.get("/office/forms/visitors.xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert "visitors-2026112301.xlsx" in answer.headers["Content-Disposition"]
    assert cells(answer.data) == cells(twin(shipped_text("visitors")))
    assert office.get("/office/forms/nothing.xlsx").status_code == 404


def test_one_more_question_without_a_restart(
    published: Any, phone: Client, kept: Kept, shipped_text: Any, settings: Settings, app: Flask
) -> None:
    before = app.extensions["fieldapp"]
    open_page = phone.get("/form/visitors")
    answer = published(one_more(shipped_text("visitors")))
    assert (answer.status_code, answer.location) == (303, "/office/forms#visitors")
    assert (settings.published / "visitors.md").exists()
    assert app.extensions["fieldapp"] is not before
    assert "mood" not in before.forms["visitors"].questions
    assert "Hoe was de sfeer?" in phone.get("/form/visitors").text
    assert phone.fill("/form/visitors", GOOD | {"mood": "goed"}).status_code == 303
    old = phone.send(open_page, GOOD | {"daypart": "afternoon"})  # it stood open all the time
    assert old.status_code == 303
    assert [(each["_version"], each["mood"]) for each in kept("form_visitors")] == [
        (VERSION, "goed"), ("2026112301", None),
    ]  # fmt: skip


def test_a_request_ends_with_the_instance_that_it_began_with(app: Flask) -> None:
    with app.test_request_context("/"):
        began = instance()
        app.extensions["fieldapp"] = replace(began)
        assert instance() is began
    with app.test_request_context("/"):
        assert instance() is not began


def test_an_old_page_is_checked_by_its_own_rules(
    published: Any, phone: Client, kept: Kept, shipped_text: Any
) -> None:
    open_page = phone.get("/form/closure")
    text = one_more(shipped_text("closure"), "closed_reason")
    line = row(text, "mood")
    parts = line.split("|")
    head = [cell.strip() for cell in next(x for x in text.splitlines() if "| type" in x).split("|")]
    parts[head.index("required")] = " yes "
    published(text.replace(line, "|".join(parts)), "closure")
    given = {"from": "2026-12-01", "until": "2026-12-02", "closed_reason": "holiday"}
    wrong = phone.send(open_page, given | {"until": "2026-11-01"})
    assert wrong.status_code == 422
    assert "Hoe was de sfeer?" not in wrong.text
    assert phone.send(wrong, given).status_code == 303
    assert phone.fill("/form/closure", given).status_code == 422
    assert [each["_version"] for each in kept("form_closure")] == ["2026112301"]


def test_a_record_opened_before_can_be_changed_after(
    published: Any, phone: Client, kept: Kept, shipped_text: Any
) -> None:
    address = phone.fill("/form/visitors", GOOD).location.removesuffix("/saved")
    open_page = phone.get(address)
    published(one_more(shipped_text("visitors")))
    assert phone.send(open_page, {"visitors": "25"}).status_code == 303
    assert phone.fill(address, {"mood": "goed"}).status_code == 303
    assert [(r["visitors"], r["mood"]) for r in kept("form_visitors")] == [(25, "goed")]


def test_a_workbook_is_taken_as_well(
    published: Any, office: Client, shipped_text: Any, settings: Settings
) -> None:
    book = twin(one_more(shipped_text("visitors")))
    assert published(book, name="Bezoekers nieuw.xlsx").status_code == 303
    assert office.get("/office/forms/visitors.xlsx").data == book
    assert (settings.published / "visitors.xlsx").exists()


def test_a_new_form_is_asked_at_once(
    published: Any, phone: Client, kept: Kept, shipped_text: Any
) -> None:
    text = one_more(shipped_text("closure"), "closed_reason")
    text = re.sub(r"\| closure(\s*)\|", r"| pause\1|", text)
    assert published(text, "new").status_code == 303
    given = {"from": "2026-12-01", "until": "2026-12-02", "closed_reason": "holiday"}
    assert phone.fill("/form/pause", given | {"mood": "stil"}).status_code == 303
    assert [each["mood"] for each in kept("form_pause")] == ["stil"]


def test_what_changes_stands_on_the_page_before_it_does(
    bring: Any, office: Client, shipped_text: Any, app: Flask
) -> None:
    before = app.extensions["fieldapp"]
    text = one_more(shipped_text("visitors"))
    answer = bring(text.replace("Hoeveel mensen kwamen er?", "Hoeveel kwamen er?"))
    page = office.get(answer.location).text
    assert "Nieuw" in page
    assert "Hoe was de sfeer?" in page
    assert "Was: Hoeveel mensen kwamen er?" in page
    assert "van versie 2026112301 naar versie 2026112399" in page
    assert app.extensions["fieldapp"] is before


@pytest.mark.parametrize(
    ("code", "said"), [("nl", "Hoe was de sfeer?"), ("en", "How was the mood?")]
)
def test_the_preview_is_what_a_phone_shows(
    code: str, said: str, bring: Any, office: Client, shipped_text: Any, kept: Kept
) -> None:
    address = bring(one_more(shipped_text("visitors"))).location
    page = office.get(f"{address}/preview?language={code}")
    assert page.status_code == 200
    assert f'<html lang="{code}"' in page.text
    assert said in page.text
    assert office.get(f"{address}/preview?language={code}&kind=wijkbedrijf").status_code == 200
    assert office.get(f"{address}/preview?kind=pilot").status_code == 404
    assert office.get(f"{address}/preview?language=xx").status_code == 404
    assert kept("form_visitors") == []


def test_every_form_can_be_previewed_without_a_name_of_anybody(
    bring: Any, office: Client, shipped_text: Any, enter: Any
) -> None:
    enter("OP-01", "Samira")
    for form_id in ("volunteer_hours", "person_new", "place_facts", "month_report"):
        address = bring(again(shipped_text(form_id)), form_id).location
        page = office.get(f"{address}/preview").text
        assert "Samira" not in page
        assert "Dit is een voorbeeld" in page


# --- what the code reads by name --------------------------------------------------------------


def read_by_name() -> set[str]:
    """Every name by which the rooms look something up: `questions["role"]`, `values.get("x")`."""
    found = set()
    for path in [
        *PACKAGE.glob("keep/*.py"),
        *PACKAGE.glob("report/*.py"),
        *PACKAGE.glob("web/*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text())):
            at: Any = None
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
                at = node.slice if node.value.attr in {"questions", "columns"} else None
            if isinstance(at, ast.Constant) and isinstance(at.value, str):
                found.add(at.value)
    return found


def test_what_the_pages_lean_on_is_written_down(forms: Mapping[str, Form]) -> None:
    names = read_by_name()
    assert {"role", "date"} & names
    missing: Sequence[str] = [
        f"{form.form_id}.{name}"
        for form in forms.values()
        for name in form.columns
        if name in names and name not in LEANED_ON.get(form.form_id, "").split()
    ]
    assert missing == []
    for form_id, leaned in LEANED_ON.items():
        assert set(leaned.split()) <= set(forms[form_id].columns) | {"example"}, form_id
