"""Records as they are kept: a sheet per form, ODK's columns, and never who somebody is."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.ask.forms import load_forms
from fieldapp.ask.question import Form
from fieldapp.errors import FilesBroken
from fieldapp.keep.store import Store, open_store
from fieldapp.report import listing, records
from fieldapp.report.build import build
from fieldapp.report.check import check_workbook
from fieldapp.report.deliver import deliver, telling
from fieldapp.report.load import load_workbook
from fieldapp.report.period import period
from fieldapp.report.sheet import Column, Sheet
from fieldapp.report.statement import Statement
from fieldapp.report.table import Row, Table
from fieldapp.settings import Settings, shipped
from tests.conftest import MOMENT, Clock
from tests.report.conftest import ABOUT, opened, sheet_of
from tests.report.everything import EVERYTHING

AFTER = ["meta-instanceID", "KEY", "SubmitterName", "ReviewState", "Edits", "FormVersion"]
IDS = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(9)]
NOVEMBER = period("2026-11", MOMENT.date())
NOW = dt.datetime(2026, 11, 20, 10, 12)  # noqa: DTZ001  (a workbook knows no zones)
DAY = dt.datetime(2026, 11, 19)  # noqa: DTZ001
_ = None


@pytest.fixture(scope="module")
def asked(
    forms: Mapping[str, Form], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Form]:
    """The real forms, and one with every kind of question."""
    folder = tmp_path_factory.mktemp("everything")
    for name in ("pilot", "place", "person_new"):
        shutil.copy(shipped("forms") / f"{name}.md", folder)
    (folder / "everything.md").write_text(EVERYTHING, "utf-8")
    made = load_forms(folder, tmp_path_factory.mktemp("cache"))
    return {**forms, "everything": made["everything"]}


@pytest.fixture
def store(
    founded: Mapping[str, Path], settings: Settings, asked: Mapping[str, Form], clock: Clock
) -> Iterator[Store]:
    """The small world with the form that asks everything."""
    shutil.copytree(founded["small"], settings.data)
    made = open_store(settings.data, asked, clock)
    yield replace(made, chance=Random(7))  # noqa: S311
    made.close()


@pytest.fixture
def people(send: Callable[..., Any], small: Store) -> Sequence[str]:
    """The card codes of two volunteers of OP-01."""
    for name in ("Ria", "Bo"):
        raw = {"role": "volunteer", "known_elsewhere": "no", "informed": "OK"}
        send("OP-01", "person_new", raw | {"call_name": name, "started": "2026-11-02"})
    with small.read() as connection:
        found = connection.execute("SELECT person FROM form_person_new ORDER BY rowid")
        return [row[0] for row in found]


@pytest.fixture
def lived(send: Callable[..., Any], people: Sequence[str], withdraw: Any) -> Sequence[str]:
    """What the workbook tells: everything answered, nothing answered, and what does not count."""
    full = {
        "date": "2026-11-19", "many": "4", "liters": "2,5", "key": "=1+1", "secret": "geheimpje",
        "at": "09:30", "moment": "2026-11-19T13:45", "open": "yes", "kinds": ["party's", "meal"],
        "pilot": "PI-01", "pilots": ["PI-01", "PI-02"], "person": people[0], "who": list(people),
        "seen": "OK", "mark": "7",
    }  # fmt: skip
    send("IE-01", "everything", full | {"pilots": ["PI-01"], "person": [], "who": []}, IDS[0])
    send("OP-01", "everything", {"date": "2026-11-20", "who": list(people)}, IDS[1])
    send("OP-01", "everything", {"date": "2026-10-31"}, IDS[2])
    hours = {"date": "2026-11-19", "who": list(people), "hours": "2"}
    send("OP-01", "volunteer_hours", hours, IDS[3])
    send("OP-01", "volunteer_hours", hours | {"hours": "3"}, IDS[4])  # a double
    send("OP-01", "step", {"person": people[0], "date": "2026-11-19", "step": "left",
                           "left_reason": "moved"}, IDS[5])  # fmt: skip
    send("OP-01", "visitors", {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}, IDS[6])
    withdraw("visitors", IDS[6])
    send("OP-01", "month_report", {"month": "2026-11-01", "worked": "@Taal."}, IDS[7])
    return people


def told(
    small: Store, settings: Settings, workbooks: Any, text: str = "2026-11", place: str = ""
) -> bytes:
    return deliver(small, settings, workbooks, "records", text, MOMENT, place or None).content


def lines(page: Worksheet) -> list[list[Any]]:
    """The headings and what stands below them."""
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]


def uuid(number: int) -> list[str]:
    return [f"uuid:{IDS[number]}"] * 2


def test_the_workbook_compared_whole(
    lived: Any, small: Store, settings: Settings, workbooks: Any
) -> None:
    book = opened(told(small, settings, workbooks))
    assert book.sheetnames == [
        "Voorblad", "everything", "Openingstijd", "Bezoekers", "Uren van vrijwilligers",
        "Wie deed mee", "Nieuwe persoon", "Een stap", "Vaste openingstijden", "Langer dicht",
        "Vergoedingen", "Maandverslag", "Jaarverslag", "Plek heet anders of verhuist",
        "Feiten over een plek", "Plekken", "Pilots",
    ]  # fmt: skip
    version = small.forms["visitors"].version
    found = {name: lines(book[name]) for name in book.sheetnames[1:]}
    first = ["SubmissionDate", "place"]
    assert found.pop("everything") == [
        [
            "SubmissionDate", "place", "begun", "date", "many", "liters", "key_", "at", "moment",
            "open", "kinds", "kinds/meal", "kinds/party's", "kinds/meal_2", "pilot", "pilots",
            "who", "double", "seen", "mark", "on_day", "ended", *AFTER,
        ],
        [
            NOW, "IE-01", NOW, DAY, 4, 2.5, "=1+1", dt.time(9, 30),
            DAY.replace(hour=13, minute=45), "yes", "party's meal", 1, 1, 0, "PI-01", "PI-01",
            _, "8", "OK", 7, NOW.replace(hour=0, minute=0), NOW, *uuid(0), _, _, 0, "7",
        ],
        [
            NOW, "OP-01", NOW, NOW.replace(hour=0, minute=0), *[_] * 12, 2, _, _, _,
            NOW.replace(hour=0, minute=0), NOW, *uuid(1), _, _, 0, "7",
        ],
    ]  # fmt: skip
    assert found.pop("Uren van vrijwilligers") == [
        [*first, "date", "nobody", "who", "hours", "who_2", "hours_2", *AFTER],
        [NOW, "OP-01", DAY, _, 2, 2, _, _, *uuid(3), _, _, 0, version],
    ]
    assert found.pop("Een stap") == [
        [*first, "date", "step", "left_reason", "pilot", "pilot_from", "pilot_until", *AFTER],
        [NOW, "OP-01", DAY, "left", "moved", _, _, _, *uuid(5), _, _, 0, version],
    ]
    heads, *new = found.pop("Nieuwe persoon")
    assert heads == [
        *first, "place_kind", "role", "known_elsewhere", "started", "labour_distance", "pilot",
        "pilot_from", "informed", *AFTER,
    ]  # fmt: skip
    started = dt.datetime(2026, 11, 2)  # noqa: DTZ001
    same = [NOW, "OP-01", "meeting_place", "volunteer", "no", started, _, _, _, "OK"]
    assert [row[:10] for row in new] == [same, same]
    heads, report = found.pop("Maandverslag")
    assert heads[:4] == [*first, "month", "worked"]
    assert [head for head in heads if head.startswith("support_received/")] == [
        f"support_received/{choice.name}"
        for choice in small.forms["month_report"].questions["support_received"].choices
    ]
    assert report[:4] == [NOW, "OP-01", dt.datetime(2026, 11, 1), "@Taal."]  # noqa: DTZ001
    assert report[4:-6] == [_] * (len(heads) - 10)
    assert found.pop("Plekken")[1:3] == [
        ["IE-01", "Instapeconomie 1", "pilot", "vrederust", _, _, _, dt.datetime(2025, 1, 1), _],  # noqa: DTZ001
        ["OP-01", "Ontmoetingsplek 1", "meeting_place", "bouwlust", _, _, _,
         dt.datetime(2025, 1, 1), _],  # noqa: DTZ001
    ]  # fmt: skip
    assert [row[:4] for row in found.pop("Pilots")[1:3]] == [
        ["PI-01", "Pilot 1", "vrederust", "IE-01"],
        ["PI-02", "Pilot 2", "moerwijk", "WB-01"],
    ]
    for name, rows in found.items():  # the visitors were withdrawn, the rest was never sent
        assert rows[1][0] == "Geen gegevens in deze maand.", name
        assert rows[0][:2] == first and rows[0][-6:] == AFTER, name
        assert len(rows) == 2, name


def test_nobody_is_named_and_no_code_is_told(
    lived: Sequence[str], small: Store, settings: Settings, workbooks: Any
) -> None:
    for page in opened(told(small, settings, workbooks)):
        texts = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
        for word in (*lived, "Ria", "geheimpje", "call_name", "secret", "card_code"):
            assert word not in texts, (page.title, word)


def test_it_is_for_the_office_and_says_so(small: Store, settings: Settings, workbooks: Any) -> None:
    data = told(small, settings, workbooks)
    cover = [str(cell.value) for row in opened(data)["Voorblad"].iter_rows() for cell in row]
    assert "Niet delen. Dit overzicht is alleen voor het programmabureau." in cover
    assert any("Een groep voegt niets toe aan een naam." in text for text in cover)
    assert "n.v.t." not in cover  # nothing is expected of a cell
    assert sheet_of(data, "Bezoekers").oddHeader.center.text == "NIET DELEN"  # type: ignore[union-attr]


def test_a_record_stands_in_the_period_of_its_day(
    lived: Any, send: Any, small: Store, settings: Settings, workbooks: Any
) -> None:
    send("OP-01", "year_report", {"year": "2025-01-01", "outlook": "Meer mensen."})

    def rows(text: str, name: str) -> int:
        found = lines(sheet_of(told(small, settings, workbooks, text), name))[1:]
        return sum(isinstance(row[0], dt.datetime) for row in found)

    assert [rows(text, "everything") for text in ("2026-10", "2026-11", "2026-Q4", "2026")] == [
        1, 2, 3, 3,
    ]  # fmt: skip
    falls_due = ("2025-01", "2025-12", "2025-Q4", "2025", "2026")
    assert [rows(text, "Jaarverslag") for text in falls_due] == [0, 1, 1, 1, 0]


def test_only_one_place(lived: Any, small: Store, settings: Settings, workbooks: Any) -> None:
    page = sheet_of(told(small, settings, workbooks, place="IE-01"), "everything")
    assert [row[1] for row in lines(page)[1:]] == ["IE-01"]


def test_who_sent_it_and_whether_it_was_changed(
    small: Store, settings: Settings, workbooks: Any, pair_to: Any, clock: Clock
) -> None:
    client = pair_to("OP-01")
    raw = {"date": "2026-11-19", "daypart": "morning", "visitors": "3"}
    sent = client.fill("/form/visitors", raw)
    address = sent.headers["Location"].split("/saved")[0]
    client.fill(address, raw | {"visitors": "4"})
    heads, row = lines(sheet_of(told(small, settings, workbooks), "Bezoekers"))
    cells = dict(zip(heads, row, strict=True))
    wanted = {"visitors": 4, "SubmitterName": "phone:1", "ReviewState": "edited", "Edits": 1}
    assert {name: cells[name] for name in wanted} == wanted


def test_text_stays_text(lived: Any, small: Store, settings: Settings, workbooks: Any) -> None:
    page = sheet_of(told(small, settings, workbooks), "everything")
    cell: Any = page["G5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert page["K5"].quotePrefix is False  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("+31", "+31"),
        ("-1", "-1"),
        ("@som", "@som"),
        ("\t=1", "\t=1"),
        ("a\x07b\x1b", "a\ufffdb\ufffd"),
        ("a\ud800b", "a\ufffdb"),
        ("_x0041_", "_x005F_x0041_"),  # Excel reads it back as it was
        ("x" * 40_000, "x" * 32_766 + "…"),  # a CSV has them all
        ("twee\nregels", "twee\nregels"),
    ],
)
def test_what_a_text_cell_holds(kept: str, shown: str) -> None:
    page = made_of([Row("place", ("OP-01", kept))])
    cell: Any = page["B5"]
    assert (cell.value, cell.data_type) == (shown, "s")
    assert cell.quotePrefix == kept.startswith(("=", "+", "-", "@", "\t"))


def made_of(rows: Sequence[Row]) -> Worksheet:
    """A listing of these rows, written and opened again."""
    columns = (Column("place", "place"), Column("words", "words"))
    told = Statement("records/x.sql", "", "Eén rij.")
    sheet = Sheet("x", "Proef", told, columns, as_kept=True)
    book = replace(load_workbook(shipped("exports") / "records"), sheets=(), sheets_from="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fieldapp.report.gather.sheets_of", lambda *given: (sheet,))
        patch.setattr("fieldapp.report.gather.fetch", lambda *given: Table(sheet, tuple(rows)))
        return sheet_of(build(book, Any, NOVEMBER, MOMENT, ABOUT), "Proef")  # type: ignore[arg-type]


def test_many_rows_never_stand_in_memory_as_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    writes = listing._RowByRow.write_row

    def watched(self: Any, xf: Any, row: Any, number: int) -> None:
        nonlocal most
        most = max(most, len(self.ws._cells))
        writes(self, xf, row, number)

    monkeypatch.setattr(listing._RowByRow, "write_row", watched)
    rows = [Row("place", (f"OP-{number:02}", f"regel {number}")) for number in range(5_000)]
    page = made_of(rows)
    assert [tuple(cell.value for cell in row) for row in page.iter_rows(min_row=5)] == [
        row.cells for row in rows
    ]
    assert most < 50
    assert page.tables["t_x"].ref == "A4:B5004"
    assert page.tables["t_x"].column_names == ["place", "words"]
    assert page.freeze_panes == "C5"


def test_the_same_bytes_and_another_form_is_there_by_itself(
    lived: Any, small: Store, settings: Settings, workbooks: Any
) -> None:
    data = told(small, settings, workbooks)
    assert data == told(small, settings, workbooks)
    less = replace(small, forms={k: v for k, v in small.forms.items() if k != "everything"})
    assert "everything" not in opened(told(less, settings, workbooks)).sheetnames


def test_a_title_that_names_no_sheet_leaves_the_form_id() -> None:
    form = {"form_id": "visitors", "form": "Bezoekers"}
    assert records._name(form, set()) == "Bezoekers"
    assert records._name(form, {"bezoekers"}) == "visitors"
    assert records._name(form, {"bezoekers", "visitors"}) == "visitors_2"
    assert records._name(form | {"form": "a/b"}, set()) == "visitors"
    assert records._name({"form": "x" * 32, "form_id": "y" * 40}, set()) == "y" * 31


def test_check_prepares_every_sheet_that_comes_from_a_form(
    small: Store, settings: Settings, workbooks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shipped("exports") / "records"
    with telling(small, settings, NOVEMBER, MOMENT.date()) as connection:
        assert check_workbook(folder, workbooks["records"], connection) == []
        monkeypatch.setattr(records, "_AFTER", (("KEY", "v._gone", "text", "", 9),))
        with pytest.raises(FilesBroken, match=r"records/everything\.sql"):
            check_workbook(folder, workbooks["records"], connection)
        monkeypatch.undo()
        monkeypatch.setattr(records._Told, "longest", "v._gone_too")
        with pytest.raises(FilesBroken, match=r"no such column: v\._gone_too"):
            check_workbook(folder, workbooks["records"], connection)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('sheets = "forms"', 'sheets = "form"', "line 5: sheets cannot come from 'form'."),
        ('hours = "uur"', "hours = 1", "line 19: 'hours' must be a text in quotes."),
        ('"Leeg" =', '"Leeg" = 1 #', "'Leeg' must be a text in quotes."),
        ('key = ["name"]', 'key = ["code"]', "'code' is no column of this sheet."),
        ('key = ["name"]', 'key = "name"', "'key' must be a list."),
        ("refers = { run_by", "refers = { run", "'run' is no column of this sheet."),
        ("places.name", "places.code", "'run_by' refers to 'places.code', which is no column"),
        ("csv = true", "csv = 1", "'csv' must be a true or false."),
    ],
)
def test_mistakes_in_the_description(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    shutil.copytree(shipped("exports") / "records", tmp_path / "exports" / "records")
    path = tmp_path / "exports" / "records" / "workbook.toml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(FilesBroken) as broken:
        load_workbook(path.parent)
    assert sentence in str(broken.value)


def test_mutation_without_the_door_lists_of_people_would_be_codes(
    lived: Sequence[str], small: Store, settings: Settings, workbooks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for module in ("selects", "views"):
        door = f"fieldapp.keep.{module}.is_personal"
        monkeypatch.setattr(door, lambda question: question.private)
    texts = str(lines(sheet_of(told(small, settings, workbooks), "Uren van vrijwilligers")))
    assert lived[0] in texts


def test_a_record_without_its_day_counts_on_the_day_it_came_in(small, send, settings):
    for number, daypart in enumerate(("morning", "afternoon")):
        raw = {"date": "2026-10-19", "daypart": daypart, "visitors": "3"}
        send("OP-01", "visitors", raw, IDS[number])
    with small.write("test", MOMENT) as write:  # as it was before the form asked for a day
        write.connection.execute("UPDATE form_visitors SET date = NULL WHERE _id = ?", (IDS[1],))
    with telling(small, settings, NOVEMBER, MOMENT.date()) as connection:
        found = connection.execute("SELECT _id, _day FROM _visitors ORDER BY _id").fetchall()
    assert [tuple(row) for row in found] == [
        (IDS[0], "2026-10-19"),
        (IDS[1], MOMENT.date().isoformat()),
    ]
