"""The forms that are shipped: other tools read them, and their .xlsx twins are the same forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pyxform.xls2xform import convert

from fieldapp.ask.form_json import form_to_json
from fieldapp.ask.forms import form_files, load_forms, twin
from fieldapp.ask.question import Form
from fieldapp.settings import shipped

FILES = form_files(shipped("forms"))

ISSUED = {
    "opening", "visitors", "person_new", "volunteer_hours", "attendance", "step", "schedule",
    "place", "place_facts", "pilot",
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_pyxform_converts_it_without_warnings(path: Path) -> None:
    done = convert(path.read_text("utf-8"), file_type=".md")
    assert done.warnings == []
    assert done.xform.startswith("<?xml")


def test_every_twin_in_excel_is_the_same_form(tmp_path: Path, forms: Mapping[str, Form]) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    for path in FILES:
        (folder / f"{path.stem}.xlsx").write_bytes(twin(path.read_text("utf-8")))
    twins = load_forms(folder, tmp_path / "cache")
    assert twins.keys() == forms.keys() >= ISSUED
    for form_id, form in forms.items():
        assert without_lines(twins[form_id]) == without_lines(form)


def without_lines(form: Form) -> object:
    """The form as JSON without the places where its rows stand in the file."""

    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key: bare(inner) for key, inner in value.items() if key != "line"}
        if isinstance(value, list):
            return [bare(inner) for inner in value]
        return value

    return bare(form_to_json(replace(form, file="")))
