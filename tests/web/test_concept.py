"""Languages that are a concept: whole on the phone, Dutch in the office, marked as unchecked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from babel.messages.pofile import read_po

from fieldapp.ask.question import Form
from fieldapp.web import language
from tests.page import Client, parse, words
from tests.web.test_language import PACKAGE, braces, form_texts, in_code, in_templates, spoken

TRANSLATIONS = PACKAGE / "web" / "translations"
CONCEPT = sorted(language.CONCEPT)

OFFICE_TEMPLATES = ("office/", "office_base", "form_preview", "macros/result", "macros/typed",
                    "help_office")  # fmt: skip
OFFICE_SHEETS = ("access", "all", "letter", "poster", "privacy_report", "proof", "register")
OFFICE_CODE: Mapping[str, Sequence[str]] = {
    "cli_import.py": ("",),
    "ask": ("differences", "filled", "spreadsheet", "upload"),
    "keep": ("access_token", "due", "erasure", "retention", "staff", "uploaded", "wipe"),
    "report": ("",),
    "web": (
        "accounts", "api", "at_place", "care", "correcting", "download", "erasing", "flags",
        "form_admin",
        "form_needs", "importing", "incoming", "matching", "menu", "merges", "month_closing",
        "office", "office_choice", "office_registers", "overview", "people", "printing",
        "processing", "progress_page", "reading", "record_list", "record_page", "requests",
        "result_page", "results", "shared_file", "signin", "token_admin", "trouble",
    ),
}  # fmt: skip
"""Where texts stand that only the office sees; every other text may stand on a phone."""


def of_the_office(where: str) -> bool:
    """Whether a text stands where only the office reads it."""
    folder, _, file = where.partition(",")[0].partition("/")
    if file.startswith("templates/print/"):
        return file.rpartition("/")[2].removesuffix(".html") in OFFICE_SHEETS
    if file.startswith("templates/"):
        return file.removeprefix("templates/").startswith(OFFICE_TEMPLATES)
    names = OFFICE_CODE.get(folder, ())
    return names == ("",) or file.removesuffix(".py") in names


@pytest.fixture(scope="module")
def on_phones() -> Mapping[str, str]:
    """Every text that a phone can show, with a place where it stands."""
    found = [*in_templates(), *in_code()]
    return {text: where for text, where in found if not of_the_office(where)}


@pytest.fixture(scope="module", params=CONCEPT)
def catalogue(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """A concept catalogue as it stands in its file."""
    with (TRANSLATIONS / f"{request.param}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=request.param) if m.id}


def test_what_a_phone_shows_is_in_every_concept(
    on_phones: Mapping[str, str], catalogue: Mapping[str, str]
) -> None:
    missing = {text: where for text, where in on_phones.items() if not catalogue.get(text)}
    assert missing == {}


def test_no_concept_has_a_text_that_is_nowhere(catalogue: Mapping[str, str]) -> None:
    used = {text for text, _ in [*in_templates(), *in_code()]}
    assert set(catalogue) - used == set()


def test_what_is_filled_in_and_how_a_text_ends_agree(catalogue: Mapping[str, str]) -> None:
    for text, translation in catalogue.items():
        assert braces(text) == braces(translation), text
        for end, other in ((".", "."), ("?", "؟"), (":", ":")):
            assert text.endswith(end) == translation.endswith((end, other)), text


def test_phone_and_office_are_told_apart(on_phones: Mapping[str, str]) -> None:
    assert {"Vandaag", "Mijn week", "Kies één antwoord."} <= set(on_phones)
    assert not {"Wachtwoord", "Gesloten maanden"} & set(on_phones)
    assert 400 < len(on_phones) < len({text for text, _ in [*in_templates(), *in_code()]}) - 300


def test_what_places_are_asked_stands_in_every_concept(forms: Mapping[str, Form]) -> None:
    for form in forms.values():
        if "office" not in form.places:
            for what, texts in form_texts(form):
                assert not texts or all(texts.get(code) for code in CONCEPT), (form.file, what)


# --- the screen ---------------------------------------------------------------------------------


def left_dutch(text: str, dutch: Sequence[str]) -> list[str]:
    """What is said in Dutch on a page, outside what says that it is Dutch."""
    said = {" ".join(piece.split()) for piece in spoken(parse(text).root)}
    return sorted(said & set(dutch))


@pytest.fixture
def dutch(on_phones: Mapping[str, str], forms: Mapping[str, Form]) -> Sequence[str]:
    """Dutch texts that are said otherwise in Turkish, Arabic and Polish."""
    texts = {text for text in on_phones if len(text) > 3}
    for form in forms.values():
        if "office" not in form.places:
            texts |= {each["nl"] for _, each in form_texts(form) if each and len(each["nl"]) > 3}
    return sorted(texts - {"Status", "Privacy", "Norm"})


@pytest.mark.parametrize("code", CONCEPT)
def test_a_phone_speaks_the_concept_and_says_what_it_is(
    phone: Client, code: str, dutch: Sequence[str], forms: Mapping[str, Form]
) -> None:
    asked = [f"/form/{form.form_id}" for form in forms.values() if "meeting_place" in form.places]
    assert left_dutch(phone.get("/").text, dutch)
    phone.set_cookie(language.COOKIE, code)
    for address in ("/", "/week", "/records", "/people", "/people/add", "/hours", "/uitleg",
                    "/privacy", "/toegankelijkheid", "/none", *asked):  # fmt: skip
        shown = parse(phone.get(address).text)
        html = next(shown.all("html"))
        side = "rtl" if code == "ar" else "ltr"
        assert (html.get("lang"), html.get("dir")) == (code, side), address
        assert left_dutch(phone.get(address).text, dutch) == [], address
        note = next(p for p in shown.all("p") if p.get("class") == "concept")
        back = next(each for each in note.iter("button"))
        assert (back.get("value"), back.get("lang"), words(back)) == ("nl", "nl", "Nederlands")
    phone.send(phone.get("/"), {"language": "nl"}, "/language")
    assert 'class="concept"' not in phone.get("/").text


def test_every_language_is_offered_by_its_own_name(page: Callable[[], Client]) -> None:
    shown = parse(page().get("/").text)
    offered = {b.get("lang"): words(b) for b in shown.all("button") if b.get("name") == "language"}
    names = {"en": "English", "tr": "Türkçe", "ar": "العربية", "pl": "Polski"}
    assert offered == names


@pytest.mark.parametrize("code", CONCEPT)
def test_the_office_stays_dutch_from_the_left(office: Client, code: str) -> None:
    office.set_cookie(language.COOKIE, code)
    shown = parse(office.get("/office/", headers={"Accept-Language": "en"}).text)
    html = next(shown.all("html"))
    assert (html.get("lang"), html.get("dir")) == ("nl", "ltr")
    offered = {b.get("value") for b in shown.all("button") if b.get("name") == "language"}
    assert offered == {"en"}


def test_a_phone_gets_no_concept_unasked(client: Client) -> None:
    for wanted in ("tr", "ar-MA,ar;q=0.9", "pl-PL"):
        shown = parse(client.get("/", headers={"Accept-Language": wanted}).text)
        assert next(shown.all("html")).get("lang") == "nl"


def test_days_months_and_numbers_are_in_the_language(phone: Client) -> None:
    for code, day, month in (
        ("tr", "7 Aralık Pazartesi", "Kasım 2026"),
        ("ar", "الاثنين، 7 ديسمبر", "نوفمبر 2026"),
        ("pl", "poniedziałek, 7 grudnia", "listopad 2026"),
    ):
        phone.set_cookie(language.COOKIE, code)
        home = phone.get("/").text
        assert day in home
        assert month in home


def test_what_is_kept_is_the_same_from_arabic(phone: Client, kept: Any) -> None:
    phone.set_cookie(language.COOKIE, "ar")
    saved = phone.fill("/form/visitors", {"visitors": "٢٤", "daypart": "morning"}).location
    assert kept("form_visitors")[0]["visitors"] == 24
    text = phone.get(saved).text
    assert "\u2069، اليوم، الصباح، 24 الزوار." in text


def test_a_name_keeps_its_direction_only_in_a_page_from_the_right(phone: Client) -> None:
    for code in ("ar", "tr", "nl"):
        phone.set_cookie(language.COOKIE, code)
        assert ("\u2068" in phone.get("/people").text) == (code == "ar")


def test_a_question_without_translation_is_asked_in_dutch_and_says_so(
    phone: Client, forms: Mapping[str, Form]
) -> None:
    label = forms["visitors"].questions["visitors"].label
    phone.set_cookie(language.COOKIE, "ar")
    kept = dict(label)
    assert isinstance(label, dict)
    try:
        del label["ar"]
        shown = phone.get("/form/visitors").text
    finally:
        label.update(kept)
    assert re.search(rf'<span lang="nl" dir="ltr">{re.escape(kept["nl"])}</span>', shown)
    assert "فترة" in shown or "أي جزء من اليوم؟" in shown
