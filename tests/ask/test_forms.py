"""Loading a folder: the child and its limits, the cache, registers across files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from fieldapp.ask import forms
from fieldapp.ask.forms import check_files, load_forms
from fieldapp.ask.question import Form
from fieldapp.errors import FieldappError, FilesBroken

Little = Callable[..., str]
REGISTER = "| entities |\n| | list_name | label |\n| | people | ${a} |\n"


@pytest.fixture
def folder(tmp_path: Path, good: str, little: Little) -> Path:
    """Two forms: one picks from the register that the other makes."""
    made = tmp_path / "forms"
    made.mkdir()
    (made / "good.md").write_text(good)
    (made / "little.md").write_text(little("| | text | a | A | A |", REGISTER))
    return made


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The files that each child was given, by name."""
    started: list[list[str]] = []
    real = forms._child

    def counted(arguments: list[str], seconds: float, given: bytes = b"") -> forms._Done:
        started.append([Path(argument).name for argument in arguments])
        return real(arguments, seconds, given)

    monkeypatch.setattr(forms, "_child", counted)
    return started


def load(folder: Path) -> dict[str, Form]:
    return load_forms(folder, folder.parent / "cache")


def broken(folder: Path) -> list[str]:
    """The faults of a folder that does not load."""
    with pytest.raises(FilesBroken) as stopped:
        load(folder)
    return [str(fault) for fault in stopped.value.faults]


def test_a_folder_loads_in_the_order_of_its_forms(folder: Path) -> None:
    loaded = load(folder)
    assert list(loaded) == ["little", "all_kinds"]
    assert loaded["little"].file == str(folder / "little.md")


def test_a_file_below_the_current_folder_has_a_short_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    assert load(folder)["little"].file == "forms/little.md"


def test_importing_the_loader_takes_neither_pyxform_nor_openpyxl() -> None:
    code = (
        "import sys, fieldapp.ask.forms\n"
        "print([name for name in ('pyxform', 'openpyxl') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


# --- the cache --------------------------------------------------------------------------------


def test_a_second_load_starts_no_child(folder: Path, children: list[list[str]]) -> None:
    first = load(folder)
    assert children == [["good.md", "little.md"]]
    assert load(folder) == first
    assert len(children) == 1


def test_only_a_changed_file_goes_to_the_child(folder: Path, children: list[list[str]]) -> None:
    load(folder)
    little = folder / "little.md"
    little.write_text(little.read_text().replace("| Klein | Little |", "| Kleiner | Smaller |"))
    assert load(folder)["little"].title["nl"] == "Kleiner"
    assert children[1:] == [["little.md"]]
    assert len(list((folder.parent / "cache").iterdir())) == 2


def test_another_version_of_the_code_reads_the_files_anew(
    folder: Path, children: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(folder)
    monkeypatch.setattr(forms, "_versions", lambda: "another")
    load(folder)
    assert len(children) == 2


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"form": {}, "faults": [], "links": {}}'])
def test_a_damaged_cache_file_is_made_again(
    folder: Path, children: list[list[str]], damage: str
) -> None:
    first = load(folder)
    for kept in (folder.parent / "cache").iterdir():
        kept.write_text(damage)
    assert load(folder) == first
    assert load(folder) == first
    assert len(children) == 2


def test_a_cache_that_cannot_be_written_only_costs_time(folder: Path) -> None:
    in_the_way = folder.parent / "cache"
    in_the_way.write_text("a file")
    assert list(load(folder)) == ["little", "all_kinds"]


def test_a_file_with_faults_is_not_kept(folder: Path) -> None:
    (folder / "little.md").write_text("| survey |\n")
    broken(folder)
    assert len(list((folder.parent / "cache").iterdir())) == 1


# --- faults of the folder ---------------------------------------------------------------------


def test_a_folder_without_forms_is_a_fault(tmp_path: Path) -> None:
    assert broken(tmp_path) == [
        f"{tmp_path}: there is no form in this folder. Put an XLSForm (.md or .xlsx) in it."
    ]
    assert "there is no form" in broken(tmp_path / "nowhere")[0]


def test_the_faults_of_all_files_come_together(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_text(path.read_text().replace("| text |", "| geoshape |"))
    good = folder / "good.md"
    good.write_text(good.read_text().replace("| integer |", "| repeat |"))
    faults = broken(folder)
    assert any("good.md, line 9: type 'repeat'" in fault for fault in faults)
    assert any("little.md, line 3: type 'geoshape'" in fault for fault in faults)


def test_a_register_that_no_form_makes_is_a_fault(folder: Path, little: Little) -> None:
    (folder / "little.md").write_text(little("| | text | a | A | A |"))
    good = folder / "good.md"
    good.write_text(good.read_text().replace("| | people | $", "| | pupils | $"))
    assert broken(folder) == [
        f"{good}, line 12, column type: there is no register 'people'. There is: pupils. "
        "A form makes one with a sheet 'entities'."
    ]


def test_a_register_is_known_though_its_form_is_broken(folder: Path, little: Little) -> None:
    good = folder / "good.md"
    text = good.read_text().split("| entities |")[0]
    good.write_text(text.replace("last_week | open |", "last_week | |"))
    path = folder / "little.md"
    path.write_text(path.read_text().replace("| text | a | A | A |", "| text | a | A | |"))
    (fault,) = broken(folder)
    assert "'A' has no translation" in fault


def test_a_filter_may_read_only_columns_that_answers_are_saved_to(folder: Path) -> None:
    good = folder / "good.md"
    good.write_text(good.read_text().replace("role = 'volunteer'", "wijk = 'moerwijk'"))
    (fault,) = broken(folder)
    assert "line 12, column choice_filter: the register 'people' has no column 'wijk'" in fault
    assert "It has: label, name, open, role, since, until." in fault
    little = folder / "little.md"
    text = little.read_text().replace(
        "| label::English (en) |", "| label::English (en) | save_to |", 1
    )
    little.write_text(text.replace("| text | a | A | A |", "| text | a | A | A | wijk |"))
    assert "all_kinds" in load(folder)


def test_two_files_may_not_have_one_form_id(folder: Path) -> None:
    (folder / "second.md").write_text((folder / "little.md").read_text())
    (fault,) = broken(folder)
    assert "second.md, column form_id: the form_id 'little' is taken by" in fault


# --- forms check ------------------------------------------------------------------------------


def test_files_are_checked_beside_the_forms_that_are_there(folder: Path, good: str) -> None:
    alone = folder.parent / "mine.md"
    alone.write_text(good.split("| entities |")[0].replace("last_week | open |", "last_week | |"))
    assert check_files([alone], folder) == []
    (fault,) = check_files([alone])
    assert "there is no register 'people'. A form makes one" in fault.sentence


def test_faults_of_the_forms_beside_are_not_told(folder: Path) -> None:
    (folder / "good.md").write_text("| survey |\n")
    assert check_files([folder / "little.md"], folder) == []


def test_a_workbook_is_checked_like_its_markdown(folder: Path, good: str) -> None:
    made = folder.parent / "twin.xlsx"
    made.write_bytes(forms.twin(good))
    assert check_files([made], folder) == []
    workbook = load_workbook(BytesIO(made.read_bytes()))
    workbook["survey"]["A4"] = "geoshape"
    workbook.save(made)
    assert any("survey!4:4" in fault.column for fault in check_files([made]))


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = check_files([tmp_path / "gone.md"])
    assert fault.sentence == "cannot be read (No such file or directory). Check the name."


# --- the child --------------------------------------------------------------------------------


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Puts other code in the place of the child."""

    def replaced(code: str) -> None:
        module = tmp_path / "other_child.py"
        module.write_text(f"import sys, json, os, signal, time\n{code}\n")
        monkeypatch.setattr(forms, "_CHILD", "other_child")
        monkeypatch.syspath_prepend(str(tmp_path))

    return replaced


REAL = "from fieldapp.ask import xlsform\n"


def test_a_child_that_is_killed_is_a_fault_of_its_file(
    folder: Path, child: Callable[[str], None]
) -> None:
    child(
        REAL + "real = xlsform.examine\n"
        "def examine(data, file):\n"
        "    if file == 'good.md': os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(data, file)\n"
        "xlsform.examine = examine\n"
        "xlsform.main(sys.argv[1:])\n"
    )
    (fault,) = broken(folder)
    assert fault.startswith(
        f"{folder / 'good.md'}: cannot be checked: reading it failed (signal 9)"
    )


def test_a_child_that_breaks_is_a_sentence(folder: Path, child: Callable[[str], None]) -> None:
    child("raise RuntimeError('deep inside')")
    faults = broken(folder)
    assert len(faults) == 2
    assert all("reading it failed (RuntimeError: deep inside)" in fault for fault in faults)


def test_a_child_that_takes_too_long_is_stopped(
    folder: Path, child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    child(
        REAL + "real = xlsform.examine\n"
        "def examine(data, file):\n"
        "    if file == 'little.md': time.sleep(60)\n"
        "    return real(data, file)\n"
        "xlsform.examine = examine\n"
        "xlsform.main(sys.argv[1:])\n"
    )
    monkeypatch.setattr(
        forms, "TIME_LIMIT", 8.0
    )  # the rest is read within it, also on a busy machine
    (fault,) = broken(folder)
    assert "little.md: cannot be checked: it takes longer than 8 seconds. Make it" in fault


def test_a_child_may_not_take_all_memory(folder: Path, child: Callable[[str], None]) -> None:
    child(
        REAL + "xlsform.examine = lambda data, file: bytearray(2 << 30)\n"
        "xlsform.main(sys.argv[1:])\n"
    )
    faults = broken(folder)
    assert len(faults) == 2
    assert all("takes too much memory to read" in fault for fault in faults)


def test_a_child_knows_nothing_of_our_environment(
    folder: Path, child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_PUBLIC_URL", "http://localhost")
    child("raise SystemExit(' '.join(sorted(os.environ)))")
    reasons = broken(folder)
    assert "PYTHONPATH" in reasons[0]
    assert "FIELDAPP" not in reasons[0]


def test_a_child_may_print_without_spoiling_its_answer(
    folder: Path, child: Callable[[str], None]
) -> None:
    child(
        REAL + "real = xlsform.examine\n"
        "def examine(data, file):\n"
        "    print('noise')\n"
        "    return real(data, file)\n"
        "xlsform.examine = examine\n"
        "xlsform.main(sys.argv[1:])\n"
    )
    assert len(load(folder)) == 2


def test_modules_beside_a_file_are_not_taken_for_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "pyxform.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(folder)
    assert len(load(folder)) == 2


def test_a_twin_that_cannot_be_made_is_said(child: Callable[[str], None]) -> None:
    child("raise SystemExit('no workbook')")
    with pytest.raises(FieldappError, match="no workbook"):
        forms.twin("| survey |")
