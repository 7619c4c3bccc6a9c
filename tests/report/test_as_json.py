"""A workbook as JSON: typed, whole, and no protected value in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from fieldapp.errors import NotFound
from fieldapp.keep.store import Store
from fieldapp.report import as_json
from fieldapp.report.deliver import deliver
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import MOMENT

Tell = Callable[..., Any]


@pytest.fixture
def tell(small: Store, settings: Settings, workbooks: Mapping[str, Workbook]) -> Tell:
    """A workbook of the small world as a program reads it."""

    def told(name: str, text: str, place: str | None = None) -> Any:
        made = deliver(small, settings, workbooks, name, text, MOMENT, place, json=True)
        assert made.file_name.endswith(".json")
        return json.loads(made.content)

    return told


def test_sheets_fields_and_rows_are_those_of_the_csv(
    tell: Tell, small: Store, settings: Settings, workbooks: Mapping[str, Workbook], send: Any
) -> None:
    send("OP-01", "visitors", {"date": "2026-10-15", "daypart": "morning", "visitors": "24"})
    packed = deliver(small, settings, workbooks, "monthly", "2026-10", MOMENT, csv=True)
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        described = json.loads(archive.read("datapackage.json"))["resources"]
        files = {
            each["title"]: list(
                csv.DictReader(io.StringIO(archive.read(each["path"]).decode(), newline=""))
            )
            for each in described
        }
    sheets = {sheet["name"]: sheet for sheet in tell("monthly", "2026-10")["sheets"]}
    assert sheets.keys() == files.keys()
    for resource in described:
        sheet = sheets[resource["title"]]
        for ours, theirs in zip(sheet["fields"], resource["schema"]["fields"], strict=True):
            assert ours == {
                "name": theirs["name"],
                "title": theirs["title"],
                "type": theirs["type"],
                "unit": theirs.get("unit", ""),
            }
        rows = files[resource["title"]]
        assert len(sheet["rows"]) == len(rows)
        for ours, theirs in zip(sheet["rows"], rows, strict=True):
            assert ours.keys() == theirs.keys()
            for name, value in ours.items():
                assert ("" if value is None else str(value)) == theirs[name], name


def test_a_workbook_without_csv_tells_all_its_sheets(
    tell: Tell, workbooks: Mapping[str, Workbook]
) -> None:
    told = tell("dossier", "2026", "OP-01")
    names = [sheet["name"] for sheet in told["sheets"]]
    assert names == [sheet.name for sheet in workbooks["dossier"].sheets]
    for sheet in told["sheets"]:
        fields = [field["name"] for field in sheet["fields"]]
        assert all(list(row) == fields for row in sheet["rows"])
        types = {field["type"] for field in sheet["fields"]}
        assert types <= {
            "string",
            "number",
            "integer",
            "boolean",
            "date",
            "time",
            "datetime",
            "any",
        }
    assert tell("progress", "2027")["since"] == "2026-05-01"


def test_a_word_in_place_of_a_number_is_a_status(tell: Tell) -> None:
    statuses = {
        each["status"]
        for name, text, place in (("dossier", "2026", "OP-01"), ("progress", "2027", None))
        for sheet in tell(name, text, place)["sheets"]
        for each in sheet["statuses"]
    }
    assert {"not_expected", "no_baseline"} <= statuses
    assert statuses <= {*as_json._STATUSES.values(), "small"}


def test_the_records_keep_their_types(tell: Tell, send: Any) -> None:
    opened = {"date": "2026-11-19", "open": "yes", "open_from": "09:30", "open_until": "17:00"}
    send("OP-01", "opening", opened)
    told = tell("records", "2026-11")
    sheet = next(each for each in told["sheets"] if each["name"] == "Openingstijd")
    (row,) = sheet["rows"]
    assert row["date"] == "2026-11-19"
    assert row["open_from"] == "09:30:00"
    assert row["open"] == "yes"
    assert "2026-11-20T09:12:00Z" in row.values()
    assert sheet["statuses"] == []


def test_an_unknown_workbook_is_none(tell: Tell) -> None:
    with pytest.raises(NotFound):
        tell("none", "2026")
