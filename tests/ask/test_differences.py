"""A form beside the version before it: what changed, and what may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from fieldapp.ask.differences import Difference, clashes, differences, same, settings
from fieldapp.ask.forms import load_forms, load_older, try_form
from fieldapp.ask.question import Form
from fieldapp.errors import FilesBroken
from fieldapp.settings import shipped
from tests.ask.conftest import GOOD

Little = Callable[..., str]
Read = Callable[[str], Form]
REGISTER = "| entities |\n| | list_name | label |\n| | people | ${a} |\n"


@pytest.fixture
def folder(tmp_path: Path, little: Little) -> Path:
    """A form with everything, and one that makes the register it picks from."""
    made = tmp_path / "forms"
    made.mkdir()
    (made / "good.md").write_text(GOOD)
    (made / "little.md").write_text(little("| | text | a | A | A |", REGISTER))
    return made


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was read once in this module is known to all its tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def read(folder: Path, tmp_path: Path, cache: Path) -> Read:
    """Reads the text of a form beside the others."""

    def found(text: str) -> Form:
        return try_form(text.encode(), "x.md", folder, tmp_path / "none", cache)[0]

    return found


def changed(*pairs: tuple[str, str], version: str = "2026112302") -> str:
    """The good form with other texts and another version."""
    text = GOOD.replace("2026112301", version)
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def said(after: Form, before: Form | None, *known: Form) -> Sequence[str]:
    return [str(message) for message in clashes(after, before, known)]


NEW = "| | text | more_words | Nog iets? | More? | | | | | | | | | | | | | | | | | | |\n"
AFTER = "| | end_group |"


def test_what_is_new_changed_and_gone(read: Read) -> None:
    before = read(GOOD)
    mark = next(line + "\n" for line in GOOD.splitlines() if "| range |" in line)
    after = read(changed((AFTER, NEW + AFTER), ("Welke dag?", "Op welke dag?"), (mark, "")))
    assert differences(before, after) == [
        Difference("added", "more_words", {"nl": "Nog iets?", "en": "More?"}),
        Difference("changed", "date", after.questions["date"].label, ("label",),
                   {"nl": "Welke dag?", "en": "Which day?"}),
        Difference("gone", "mark", {"nl": "Cijfer", "en": "Mark"}),
    ]  # fmt: skip
    assert said(after, before) == []


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("| Vandaag? | Today? | yes |", "| Vandaag? | Today? | no |", ("required",)),
        ("| yes_no | no | Nee |", "| yes_no | no | Nee hoor |", ("choices",)),
        (". <= today() |", ". < today() |", ("rules",)),
        ("| Te laat. |", "| Te laat! |", ("messages",)),
        ("| today() | | quick |", "| today() | | |", ("look",)),
        ("4/1.1.1.a", "4/1.1.1.f", ("result",)),
        ("| Vandaag? |", "| Of gisteren? |", ("hint",)),
    ],
)
def test_each_part_of_a_question_shows(
    old: str, new: str, parts: tuple[str, ...], read: Read
) -> None:
    found = differences(read(GOOD), read(changed((old, new))))
    assert {each.what for each in found} == {"changed"}
    assert {each.parts for each in found} == {parts}


def test_settings_that_are_otherwise(read: Read) -> None:
    after = read(changed(("| meeting_place pilot |", "| meeting_place |"), ("| 20 |", "| 21 |")))
    assert settings(read(GOOD), after) == ["places", "order"]


def test_the_same_form_in_another_file_is_the_same(read: Read) -> None:
    assert same(read(GOOD), read("\n# another remark\n\n" + GOOD))
    assert not same(read(GOOD), read(changed()))


DECIMAL = (("| | integer | visitors |", "| | decimal | visitors |"),
           ("| 0 | | counter |", "| 0 | | |"))  # fmt: skip
WRONG = {
    "type": (DECIMAL,
             "De vraag 'visitors' had het type integer en heeft nu decimal."),
    "private": ((("| yes | last_week |", "| | last_week |"),),
                "De kolom private van de vraag 'open'"),
    "key": ((("| date | open_day |", "| date open | open_day |"),), "De sleutel (key) was 'date'"),
    "expected": ((("| date | open_day |", "| date | open_daypart |"),),
                 "Zet dan de vraag 'daypart'"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_may_not_change(case: str, read: Read) -> None:
    pairs, sentence = WRONG[case]
    assert [text for text in said(read(changed(*pairs)), read(GOOD)) if sentence in text]


def test_another_list_of_entities_is_refused(read: Read, little: Little) -> None:
    before = read(little("| | text | a | A | A |", REGISTER))
    after = read(little("| | text | a | A | A |", REGISTER.replace("people", "others"))
                 .replace("| 1 |", "| 2 |", 1))  # fmt: skip
    assert "De lijst in het blad entities was 'people'" in "".join(said(after, before))


def test_something_expected_needs_a_date_to_find_it_by(read: Read) -> None:
    after = read(changed(("| date | open_day |", "| | open_day |")))
    assert "Begin dan de key met een vraag naar een datum" in "".join(said(after, None))


def test_a_type_of_long_ago_counts_too(read: Read) -> None:
    ago = read(changed(*DECIMAL, version="2"))
    assert said(read(changed()), read(GOOD)) == []
    assert "had het type decimal" in "".join(said(read(changed()), read(GOOD), ago))


def test_a_version_has_one_content(read: Read) -> None:
    after = read(changed(("Welke dag?", "Wanneer?"), version="2026112301"))
    assert "Versie 2026112301 is er al, met andere inhoud." in said(after, read(GOOD))[0]
    ago = read(changed(version="7"))
    again = read(changed(("Welke dag?", "Wanneer?"), version="7"))
    assert "Versie 7 is er al" in said(again, read(GOOD), ago)[0]
    assert said(read("# 1\n" + changed(version="7")), read(GOOD), ago) == []


# --- forms that lie over the others -----------------------------------------------------------


def test_a_published_form_goes_before_the_shipped_one(folder: Path, tmp_path: Path) -> None:
    over = tmp_path / "over"
    over.mkdir()
    (over / "mine.md").write_text(changed(("Welke dag?", "Wanneer?")))
    loaded = load_forms(folder, tmp_path / "cache", over)
    assert list(loaded) == ["little", "all_kinds"]
    assert loaded["all_kinds"].questions["date"].label["nl"] == "Wanneer?"
    assert loaded["all_kinds"].version == "2026112302"


def test_two_published_files_of_one_form_are_told(folder: Path, tmp_path: Path) -> None:
    over = tmp_path / "over"
    over.mkdir()
    for name in ("one.md", "two.md"):
        (over / name).write_text(changed())
    with pytest.raises(FilesBroken, match="the form_id 'all_kinds' is taken by"):
        load_forms(folder, tmp_path / "cache", over)


def test_a_file_that_is_tried_is_named_as_it_came(folder: Path, tmp_path: Path) -> None:
    text = GOOD.replace("| integer | visitors", "| intger | visitors")
    with pytest.raises(FilesBroken) as stopped:
        try_form(text.encode(), "Mijn.MD", folder, tmp_path / "none", tmp_path / "cache")
    assert {fault.file for fault in stopped.value.faults} == {"Mijn.MD"}
    assert any("intger" in fault.sentence and fault.line == 9 for fault in stopped.value.faults)


def test_what_breaks_in_another_file_is_told(folder: Path, tmp_path: Path, little: Little) -> None:
    lent = REGISTER.replace("people", "tools")
    (folder / "little.md").write_text(little("| | text | a | A | A |", lent))
    picks = little("| | select_one_from_file tools.csv | b | B | B |", form_id="third")
    (folder / "third.md").write_text(picks)
    text = little("| | text | a | A | A |").encode()  # no longer with the register
    with pytest.raises(FilesBroken) as stopped:
        try_form(text, "little.md", folder, tmp_path / "none", tmp_path / "cache")
    assert [fault.file for fault in stopped.value.faults] == ["third.md"]
    assert "there is no register 'tools'" in str(stopped.value)


def test_earlier_versions_are_read_without_the_ones_in_force(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "all_kinds-1.md").write_text(changed(version="1"))
    (old / "all_kinds-2026112301.md").write_text(GOOD)
    (old / "all_kinds-0.md").write_text("damaged")
    forms = load_forms(folder, tmp_path / "cache")
    assert list(load_older(old, tmp_path / "c", forms)) == [("all_kinds", "1")]


def test_the_shipped_forms_clash_with_nothing(forms: Mapping[str, Form]) -> None:
    assert shipped("forms").is_dir()
    for form in forms.values():
        assert said(form, form, form) == []
