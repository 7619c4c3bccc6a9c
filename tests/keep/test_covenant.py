"""What was agreed is entered once, through the checks; a mistake in it is told with its line."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from fieldapp.ask.answer import Context, check
from fieldapp.errors import FilesBroken
from fieldapp.keep import covenant
from fieldapp.keep import row as rows
from fieldapp.keep.row import Origin
from fieldapp.settings import shipped
from tests.conftest import MOMENT

GOOD = """
[each.target]
valid_from = 2024-01-01
source = "convenant"

[[target]]
result_id = "4/1.1.1.g"
value = 100

[[target]]
result_id = "4/2.5.b"
value = 200
value_most = 300

[[network_meeting]]
date = 2026-03-02
about = "Kennismaken"
"""

BROKEN = {
    "not TOML": ("value = 100", "value 100", 8, "this is not TOML: "),
    "an unknown form": (
        "[[network_meeting]]", "[[networkmeeting]]", 15, "the office has no form 'networkmeeting'",
    ),
    "an unknown question": (
        "value_most", "value_mots", 13, "'target' asks no 'value_mots'. It asks: result_id, value,",
    ),
    "an unknown question for each": ("source =", "sorce =", 4, "'target' asks no 'sorce'"),
    "a value that no page sends": ("value = 200", "value = true", 12, "'value' is no text, number"),
    "an id in another form": (
        '"4/2.5.b"', '"art. 4, 2.5.b"', 11, "result_id: Schrijf het id als 4/1.1.1.g.",
    ),
    "a number that cannot be": ("value_most = 300", "value_most = 3", 13, "value_most: Dit is"),
    "something missing": ('result_id = "4/1.1.1.g"\n', "", 6, "result_id: Vul het id in."),
    "the same twice": ("4/2.5.b", "4/1.1.1.g", 10, "another above has this result_id and"),
    "one table where a list is meant": ("[[network_meeting]]", "[network_meeting]", 15, "no list"),
    "each as a value": ("[each.target]", "each = 1\n[x.y]", 2, "'each' is no table"),
}  # fmt: skip


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A folder with a short covenant."""
    folder = tmp_path / "exports"
    (folder / "results").mkdir(parents=True)
    (folder / covenant.FILE).write_text(GOOD)
    return folder


def test_every_table_becomes_an_answer(exports, store):
    with store.write("test", MOMENT) as write:
        covenant.enter(store, write, covenant.read(exports, store.forms, MOMENT))
    with store.read() as connection:
        targets = connection.execute(
            "SELECT result_id, value, value_most, valid_from, source FROM form_target ORDER BY 1"
        ).fetchall()
        meetings = connection.execute("SELECT date, about FROM form_network_meeting").fetchall()
    assert [tuple(row) for row in targets] == [
        ("4/1.1.1.g", 100.0, None, "2024-01-01", "convenant"),
        ("4/2.5.b", 200.0, 300.0, "2024-01-01", "convenant"),
    ]
    assert [tuple(row) for row in meetings] == [("2026-03-02", "Kennismaken")]


def test_entering_it_again_adds_nothing_and_leaves_what_the_office_did(exports, store):
    agreed = covenant.read(exports, store.forms, MOMENT)
    with store.write("test", MOMENT) as write:
        covenant.enter(store, write, agreed)
        form = store.forms["target"]
        rows.withdraw(store, write, form, agreed[0].row, 0, Origin(None))
    (exports / covenant.FILE).write_text(GOOD.replace("value = 200", "value = 250"))
    with store.read() as connection:
        before = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
    with store.write("test", MOMENT) as write:
        covenant.enter(store, write, covenant.read(exports, store.forms, MOMENT))
    with store.read() as connection:
        rows_now = connection.execute(
            "SELECT result_id, value, _state FROM form_target ORDER BY 1"
        ).fetchall()
        assert connection.execute("SELECT count(*) FROM journal").fetchone()[0] == before
        assert connection.execute("SELECT count(*) FROM conflict").fetchone()[0] == 0
    assert [tuple(row) for row in rows_now] == [
        ("4/1.1.1.g", 100.0, "withdrawn"), ("4/2.5.b", 200.0, "current"),
    ]  # fmt: skip


def test_only_what_is_missing_is_entered(exports, store):
    """What the office changed, withdrew or entered by itself is there: none of it is touched."""
    agreed = covenant.read(exports, store.forms, MOMENT)
    step, range_, meeting = agreed
    form = store.forms["target"]
    with store.write("test", MOMENT) as write:
        assert covenant.missing(store, write.connection, agreed) == agreed
        rows.add(store, write, form, range_.answer, str(uuid.uuid4()), Origin(None))
        assert covenant.enter(store, write, [step]) == 1
        moved = {"result_id": ["4/1.1.1.h"], "value": ["7"], "valid_from": ["2025-01-01"]}
        answer = check(form, {**moved, "source": ["addendum"]}, Context(MOMENT))
        rows.change(store, write, form, answer, step.row, 0, Origin(None))
    with store.read() as connection:
        told = covenant.not_entered(store, connection, agreed, Path("data"))
    assert [str(fault) for fault in told] == [
        "exports/results/covenant.toml, line 15: not in this instance: [[network_meeting]] "
        "2026-03-02. Run `fieldapp init --data data`: it adds only what is missing."
    ]
    with store.write("test", MOMENT) as write:
        assert covenant.enter(store, write, agreed) == 1
        assert covenant.enter(store, write, agreed) == 0
    with store.read() as connection:
        states = connection.execute(
            "SELECT result_id, value, _state FROM form_target ORDER BY 1"
        ).fetchall()
        assert rows.find(store, connection, store.forms["network_meeting"], meeting.row, None)
    assert [tuple(row) for row in states] == [
        ("4/1.1.1.h", 7.0, "current"), ("4/2.5.b", 200.0, "current"),
    ]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_with_file_line_and_remedy(exports, forms, old, new, line, sentence):
    assert old in GOOD
    (exports / covenant.FILE).write_text(GOOD.replace(old, new))
    with pytest.raises(FilesBroken) as broken:
        covenant.read(exports, forms, MOMENT)
    fault = broken.value.faults[0]
    assert str(fault).startswith(f"exports/results/covenant.toml, line {line}: ")
    assert sentence in str(fault)


def test_without_a_file_nothing_was_agreed(tmp_path, forms):
    assert covenant.read(tmp_path, forms, MOMENT) == []


def test_the_covenant_that_is_shipped_speaks_of_every_initiative_and_milestone(forms):
    agreed = covenant.read(shipped("exports"), forms, MOMENT)
    of = {
        form: [one.answer.values for one in agreed if one.answer.form_id == form]
        for form in ("initiative", "target", "milestone")
    }
    assert len(of["initiative"]) == 20
    assert len({values["goal"] for values in of["initiative"]}) == 8
    worked_for = {id for values in of["initiative"] for id in str(values["results"]).split()}
    told = {values["result_id"] for form in ("target", "milestone") for values in of[form]}
    assert told <= worked_for
    assert len(of["milestone"]) == 31
    assert {values["status"] for values in of["milestone"]} == {"not_started"}
    assert {values["valid_from"] for values in of["target"]} == {"2024-01-01"}
