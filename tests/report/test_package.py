"""CSV files with a description: what programs read is what the workbook shows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import NotFound
from fieldapp.keep.store import Store
from fieldapp.report import as_csv, package
from fieldapp.report.archive import zip_into
from fieldapp.report.deliver import deliver
from fieldapp.report.sheet import Workbook
from fieldapp.settings import Settings
from tests.conftest import MOMENT
from tests.report.conftest import ABOUT, OCTOBER
from tests.report.people import counting

VALIDATE = """
import json, sys
from frictionless import validate
report = validate(sys.argv[1])
rows = {task.name: task.stats.get("rows") for task in report.tasks}
print(json.dumps([report.valid, report.flatten(["type", "rowNumber", "fieldName"]), rows]))
"""
IDS = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(9)]
DANGEROUS = '=HYPERLINK("http://x")\n- een; +2\n\'s ochtends, @ "huis"'
Told = Callable[..., bytes]


@pytest.fixture
def told(small: Store, settings: Settings, workbooks: Mapping[str, Workbook]) -> Told:
    """The CSV files of the records of a period."""

    def made(text: str = "2026-11", **given: Any) -> bytes:
        return deliver(
            small, settings, workbooks, "records", text, MOMENT, csv=True, **given
        ).content

    return made


@pytest.fixture
def lived(send: Any) -> None:
    """A few records, among them texts that a spreadsheet might run."""
    day = {"date": "2026-11-19", "daypart": "morning"}
    send("OP-01", "visitors", day | {"visitors": "12", "activities": ["meal", "party"]}, IDS[0])
    send("WB-01", "visitors", day | {"not_counted": "OK"}, IDS[1])
    opened = {"open": "yes", "open_from": "09:30", "open_until": "17:00"}
    send("OP-01", "opening", {"date": "2026-11-19"} | opened, IDS[2])
    report = {"month": "2026-11-01", "worked": DANGEROUS, "lesson_about": ["reach"]}
    send("OP-01", "month_report", report, IDS[3])


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(inside: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    zip_into(made, inside.items(), MOMENT)
    return made.getvalue()


def described(content: bytes) -> Any:
    return json.loads(files(content)["datapackage.json"])


def fields(content: bytes, resource: str) -> dict[str, Any]:
    found = next(each for each in described(content)["resources"] if each["name"] == resource)
    return {field["name"]: field for field in found["schema"]["fields"]}


def table(content: bytes, name: str) -> list[dict[str, str]]:
    text = io.StringIO(files(content)[f"{name}.csv"].decode("utf-8"), newline="")
    return list(csv.DictReader(text, strict=True))


def validated(content: bytes, folder: Path) -> Any:
    """What frictionless says; in a child, so that its warnings stay its own."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    words = [sys.executable, "-c", VALIDATE, "datapackage.json"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_frictionless_finds_nothing_wrong(lived: None, told: Told, tmp_path: Path) -> None:
    valid, faults, rows = validated(told(), tmp_path)
    assert (valid, faults) == (True, [])
    assert rows["visitors"] == 2 and rows["places"] == 4 and rows["pilots"] == 2


@pytest.mark.parametrize(
    ("name", "before", "after", "fault"),
    [
        ("visitors", b",12,", b",twaalf,", "type-error"),
        ("visitors", b",morning,", b",noon,", "constraint-error"),
        ("visitors", b",OP-01,", b",OP-99,", "foreign-key"),
        ("visitors", IDS[1].encode(), IDS[0].encode(), "primary-key"),
        ("opening", b",2026-11-19,", b",19-11-2026,", "type-error"),
        ("opening", b",09:30:00,", b",half tien,", "type-error"),
        ("places", b"OP-01,", b",", "constraint-error"),
    ],
)
def test_the_description_is_strict(
    lived: None, told: Told, tmp_path: Path, name: str, before: bytes, after: bytes, fault: str
) -> None:
    inside = files(told())
    spoiled = inside[f"{name}.csv"].replace(before, after)
    assert spoiled != inside[f"{name}.csv"]
    text = inside["datapackage.json"].decode()
    inside["datapackage.json"] = re.sub(r'\s*"(bytes|hash)": [^\n]*', "", text).encode()
    inside[f"{name}.csv"] = spoiled
    valid, faults, _ = validated(packed(inside), tmp_path)
    assert not valid
    assert fault in {found[0] for found in faults}


def test_a_hash_that_does_not_fit_is_found(lived: None, told: Told, tmp_path: Path) -> None:
    inside = files(told())
    inside["visitors.csv"] = inside["visitors.csv"].replace(b",12,", b",13,")
    valid, faults, _ = validated(packed(inside), tmp_path)
    assert (valid, faults[0][0]) == (False, "hash-count")


def test_the_values_of_a_record(lived: None, told: Told) -> None:
    row, other = table(told(), "visitors")
    assert (row["place"], other["place"]) == ("OP-01", "WB-01")
    wanted = {
        "SubmissionDate": "2026-11-20T09:12:00Z",
        "date": "2026-11-19",
        "daypart": "morning",
        "visitors": "12",
        "activities": "meal party",
        "activities/meal": "1",
        "activities/drop_in": "0",
        "new_visitors": "",
        "KEY": f"uuid:{IDS[0]}",
        "Edits": "0",
    }
    assert {name: row[name] for name in wanted} == wanted
    assert {other[name] for name in other if name.startswith("activities")} == {""}
    assert table(told(), "opening")[0]["open_from"] == "09:30:00"


def test_the_lines_follow_rfc_4180(lived: None, told: Told) -> None:
    for name, content in files(told()).items():
        if name.endswith(".csv"):
            assert content.endswith(b"\r\n") and not content.startswith(b"\xef\xbb\xbf"), name
            rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
            assert len({len(row) for row in rows}) == 1, name


def test_what_the_description_tells(lived: None, told: Told) -> None:
    given = described(told())
    assert given["name"] == "records-2026-11"
    assert given["title"] == "Alle records, november 2026"
    assert given["created"] == "2026-11-20T09:12:00Z"
    assert "Niet delen" in given["description"] and package.GUARDED in given["description"]
    visitors = fields(told(), "visitors")
    assert visitors["visitors"] == {
        "name": "visitors",
        "type": "integer",
        "title": "Hoeveel mensen kwamen er?",
        "unit": "bezoeken",
    }
    assert visitors["daypart"]["constraints"]["enum"] == ["morning", "afternoon", "evening"]
    assert visitors["daypart"]["description"] == (
        "morning = Ochtend; afternoon = Middag; evening = Avond"
    )
    meal = visitors["activities/meal"]
    assert (meal["type"], meal["trueValues"], meal["falseValues"]) == ("boolean", ["1"], ["0"])
    types = {name: field["type"] for name, field in visitors.items()}
    assert (types["SubmissionDate"], types["date"]) == ("datetime", "date")
    assert fields(told(), "opening")["open_from"]["type"] == "time"
    hours = fields(told(), "volunteer_hours")
    assert (hours["hours"]["type"], hours["hours"]["unit"]) == ("number", "uur")
    assert (hours["who"]["type"], hours["who"]["unit"]) == ("integer", "personen")
    schema = next(r for r in given["resources"] if r["name"] == "visitors")["schema"]
    assert (schema["primaryKey"], schema["missingValues"]) == (["KEY"], [""])
    reference = {"resource": "places", "fields": "name"}
    assert schema["foreignKeys"] == [{"fields": "place", "reference": reference}]


def test_a_place_that_is_gone_is_not_promised(
    lived: None, told: Told, small: Store, tmp_path: Path
) -> None:
    with small.write("test", MOMENT) as write:
        write.connection.execute("DELETE FROM list_places WHERE name = 'WB-01'")
    resource = next(r for r in described(told())["resources"] if r["name"] == "visitors")
    assert "foreignKeys" not in resource["schema"]
    assert validated(told(), tmp_path)[0] is True


def test_a_choice_that_is_no_longer_offered_is_still_one(
    lived: None, told: Told, small: Store, tmp_path: Path
) -> None:
    with small.write("test", MOMENT) as write:
        write.connection.execute("UPDATE form_visitors SET daypart = 'night' WHERE visitors = 12")
    enum = fields(told(), "visitors")["daypart"]["constraints"]["enum"]
    assert enum == ["morning", "afternoon", "evening", "night"]
    assert validated(told(), tmp_path)[0] is True


GUARDED = [
    ("=1+1", "'=1+1"),
    ("+31 6", "'+31 6"),
    ("-", "'-"),
    ("@som", "'@som"),
    ("\t=1", "'\t'=1"),
    ("\r=1", "'\r'=1"),
    ("＝1", "'＝1"),
    ("'s ochtends", "''s ochtends"),
    ("ja;=1", "ja;'=1"),  # a semicolon divides cells in a Dutch Excel
    ("een\n- twee", "een\n'- twee"),
    ("1 + 1 = 2, @ 3", "1 + 1 = 2, @ 3"),
    ("OP-01", "OP-01"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "safe"), GUARDED)
def test_texts_are_guarded_and_can_be_read_back(text: str, safe: str) -> None:
    assert as_csv.guarded(text) == safe
    assert re.sub(r"(?:^|(?<=[;\t\r\n]))'", "", safe) == text


def test_no_cell_begins_like_a_formula(lived: None, told: Told) -> None:
    (row,) = table(told(), "month_report")
    assert row["worked"] == as_csv.guarded(DANGEROUS)
    assert row["worked"].startswith("'=")
    for name, content in files(told()).items():
        if name.endswith(".csv"):
            for split in (",", ";"):
                rows = csv.reader(io.StringIO(content.decode(), newline=""), delimiter=split)
                found = [cell for row in rows for cell in row]
                assert not [cell for cell in found if cell.startswith(("=", "+", "@"))], name


def test_mutation_without_the_guard_a_cell_is_a_formula(
    lived: None, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_csv, "guarded", lambda text: text)
    assert table(told(), "month_report")[0]["worked"].startswith("=HYPERLINK")


def test_the_same_bytes_dated_by_made_at(lived: None, told: Told) -> None:
    content = told()
    assert content == told()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2026, 11, 20, 10, 12, 0)}


def test_for_one_place(lived: None, told: Told) -> None:
    content = told(place="WB-01")
    assert [row["place"] for row in table(content, "visitors")] == ["WB-01"]
    assert described(content)["name"] == "records-2026-11-wb-01"


def test_a_period_without_a_record_is_a_full_package(told: Told, tmp_path: Path) -> None:
    valid, faults, rows = validated(told("2025-02"), tmp_path)
    assert (valid, faults, rows["places"]) == (True, [], 4)
    assert {"visitors", "attendance", "step", "year_report"} <= rows.keys()


def test_a_workbook_without_csv_says_which_have(
    small: Store, settings: Settings, workbooks: Mapping[str, Workbook]
) -> None:
    sheets = tuple(replace(sheet, csv=False) for sheet in workbooks["monthly"].sheets)
    books = {**workbooks, "monthly": replace(workbooks["monthly"], sheets=sheets)}
    with pytest.raises(NotFound, match=r"`monthly` is not there as CSV: choose .*records"):
        deliver(small, settings, books, "monthly", "2026-10", MOMENT, csv=True)


def test_what_is_protected_is_empty(
    filled: Any, workbooks: Mapping[str, Workbook], tmp_path: Path
) -> None:
    monthly = workbooks["monthly"]
    chosen = [sheet for sheet in monthly.sheets if sheet.sql == "volunteers"]
    book = replace(monthly, sheets=tuple(replace(sheet, csv=True) for sheet in chosen))
    made_at = dt.datetime(2026, 11, 23, 9, 30, tzinfo=MOMENT.tzinfo)
    with counting(filled, book, OCTOBER, ABOUT.small_cell):
        public = package.pack(book, filled, OCTOBER, made_at, ABOUT)
    with counting(filled, book, OCTOBER, 0):
        exact = package.pack(book, filled, OCTOBER, made_at, replace(ABOUT, small_cell=0))
    assert table(exact, "volunteers")[0]["Gezien in deze periode"] == "2"
    assert table(public, "volunteers")[0]["Gezien in deze periode"] == ""
    assert b"<5" not in files(public)["volunteers.csv"]
    assert b"n.v.t." not in files(public)["volunteers.csv"]
    assert validated(public, tmp_path)[0] is True
