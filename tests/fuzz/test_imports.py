"""Whatever stands in a cell or in a record that is brought in: taken whole, or told where."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import strategies as st

from fieldapp.ask import spreadsheet
from fieldapp.ask.filled import asked
from fieldapp.ask.upload import Held, Line, Sheet
from fieldapp.keep.store import Store
from fieldapp.web import incoming
from tests.ask.test_upload import with_rows
from tests.conftest import Clock
from tests.fault.table import Record, Trial, told
from tests.fuzz.how import TEXTS, many, tries
from tests.fuzz.test_routes import JSON, envelopes
from tests.page import Client

NUMBER = "fuzz 3"
WHAT = "random cells, files and records that are brought in"
LIKELY = (
    "OP-01",
    "OP-02",
    "WB-01",
    "Ochtend",
    "middag",
    "ja",
    "Nee",
    "moerwijk",
    "1",
    "12",
    "PI-01",
)
MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(9999, 12, 31))  # noqa: DTZ001
HELD: st.SearchStrategy[Held] = st.one_of(
    st.sampled_from(LIKELY), TEXTS, st.integers(), st.integers(0, 60), st.floats(allow_nan=False,
    allow_infinity=False), st.booleans(), MOMENTS, st.times(),
    st.dates(dt.date(2024, 1, 1), dt.date(2026, 11, 20)).map(lambda day: dt.datetime.combine(
    day, dt.time())), st.integers(45_000, 46_000))  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn, store: Store) -> tuple[str, Sheet]:
    """The rows of a workbook for one of the forms, with anything in them."""
    form = draw(st.sampled_from([f for f in store.forms.values() if incoming.importable(f)]))
    names: list[Held] = [question.name for question in asked(form)]
    if not draw(st.integers(0, 9)):
        names = draw(st.lists(st.sampled_from(names) | TEXTS, max_size=len(names)))
    rows = st.dictionaries(st.integers(1, len(names) + 1), HELD, max_size=len(names) + 1)
    lines = [dict(enumerate(names, 1)), *draw(st.lists(rows, max_size=3))]
    return form.form_id, Sheet([Line(number, cells) for number, cells in enumerate(lines, 1)])


@many(150, 10_000)
def test_rows_come_in_whole_or_every_mistake_has_its_cell(
    cases: int, small: Store, clock: Clock, record_property: Record
) -> None:
    told(record_property, Trial(NUMBER, WHAT, of=1))

    def attempt(case: tuple[str, Sheet]) -> None:
        form, sheet = small.forms[case[0]], case[1]
        with small.write("test", clock()) as write:
            before = len(_rows(write.connection, form.form_id))
            plan = incoming.look(small, write.connection, form, sheet, clock())
            assert all(str(each) for each in plan.wrong)
            counts = incoming.enter(small, write, plan, None, "x")
            after = len(_rows(write.connection, form.form_id))
        assert after - before == counts[incoming.ADD]
        assert not (plan.wrong and plan.coming)

    tries(cases, sheets(small), attempt)


def _rows(connection: Any, form_id: str) -> Sequence[object]:
    return list(connection.execute(f"SELECT _id FROM [form_{form_id}]"))


CELL = st.tuples(
    st.sampled_from(["", "n", "s", "str", "inlineStr", "b", "d", "e", "x"]),
    st.sampled_from(["", "0", "1", "14", "99"]),
    st.one_of(TEXTS, st.sampled_from(["1e999", "-1E999", "1e308", "NaN", "#N/A", "45000", "TRUE"])),
    st.booleans(),
)


def sheet_xml(cells: Sequence[tuple[str, str, str, bool]]) -> str:
    """A row of the XML of a sheet, as a program might write it that knows no better."""
    written = ""
    for number, (kind, style, text, inside) in enumerate(cells):
        plain = escape("".join(c for c in text if c.isprintable()))
        value = f"<is><t>{plain}</t></is>" if inside else f"<v>{plain}</v>"
        written += f'<c r="{chr(65 + number)}1" t="{kind}" s="{style}">{value}</c>'
    return f'<row r="1">{written}</row>'


@many(60, 5_000)
def test_a_sheet_is_read_or_refused_with_a_sentence(cases: int) -> None:
    def attempt(cells: Sequence[tuple[str, str, str, bool]]) -> None:
        found = spreadsheet.read(with_rows(sheet_xml(cells)))
        told = json.loads(json.dumps(found))
        assert all(sentence for _, sentence, _ in told["faults"])
        for _, row in told["rows"]:
            for _, kind, value in row:
                assert kind != "number" or math.isfinite(value)

    tries(cases, st.lists(CELL, max_size=6), attempt)


@many(60, 3_000)
def test_the_file_of_a_phone_comes_in_or_each_record_says_why(
    cases: int, office: Client, small: Store
) -> None:
    token = office.token("/office/import/phone")

    def attempt(records: object) -> None:
        content = json.dumps({"fieldapp": 1, "records": records}).encode()
        data = {"csrf_token": token, "file": (io.BytesIO(content), "fieldapp.json")}
        answer = office.post("/office/import/phone", data=data)
        assert answer.status_code in {200, 422}

    tries(cases, st.lists(envelopes(small) | JSON, max_size=4) | JSON, attempt)


def test_with_numbers_without_end_it_turns_red(
    small: Store, clock: Clock, record_property: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(record_property, Trial(NUMBER, WHAT, "the look at numbers without end", of=1))
    data = with_rows('<row r="1"><c r="A1"><v>1e999</v></c></row>')
    assert spreadsheet.read(data)["faults"]
    monkeypatch.setattr(spreadsheet, "_LARGEST", math.inf)
    ((_, ((_, _, number),)),) = spreadsheet.read(data)["rows"]
    lines = [Line(1, dict(enumerate(("place", "date", "daypart", "visitors"), 1)))]
    sheet = Sheet([*lines, Line(2, {1: "OP-01", 2: number, 3: "Ochtend", 4: 1})])
    with small.read() as connection, pytest.raises(OverflowError):
        incoming.look(small, connection, small.forms["visitors"], sheet, clock())
