"""Two languages, whole: every text of the screen is in the catalogue, and no text too many."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import Environment, nodes

from fieldapp.ask.question import Form, Group, Question
from fieldapp.settings import Settings
from fieldapp.web import app as web_app
from fieldapp.web import language
from fieldapp.web.office_registers import PAGES
from tests.conftest import WORLD
from tests.page import Client, parse, words

PACKAGE = Path(__file__).parents[2] / "fieldapp"
CATALOGUE = PACKAGE / "web" / "translations" / "en.po"

NAMES = [re.escape(Settings().organisation), *(place[1] for place in WORLD)]
"""What is called the same in every language."""

SAYING = {"say", "_say", "Message", "Unreadable"}
"""Calls whose first argument is a text of the screen, anywhere."""

REFUSING = {"NotFound", "Conflict", "Closed", "BadRequest"}
"""Errors whose sentence reaches the screen from these folders; elsewhere it is for a terminal."""
TOLD = ("web", "keep")
TERMINAL = {"account.py", "cli.py"}


def in_templates() -> Iterator[tuple[str, str]]:
    """Every text that a template translates, with where it stands."""
    environment = Environment(autoescape=True)
    for path in sorted((PACKAGE / "web" / "templates").rglob("*.html")):
        for call in environment.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                text = call.args[0]
                assert isinstance(text, nodes.Const), f"{path.name}: translate a text, no variable"
                yield text.value, f"{path.relative_to(PACKAGE)}, line {call.lineno}"


def in_code() -> Iterator[tuple[str, str]]:
    """Every text of the screen that stands in the code, with where."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name in TERMINAL:
            continue
        told = path.parent.name in TOLD
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            of_catalogue = name == "get" and ast.unparse(node.func) == "say.get"
            if name in SAYING or of_catalogue or (told and name in REFUSING):
                for text in texts_of(node.args[0]):
                    yield text, f"{path.relative_to(PACKAGE)}, line {node.lineno}"
    for title, remedy in web_app._TITLES.values():
        yield title, "web/app.py, _TITLES"
        yield remedy, "web/app.py, _TITLES"
    yield Settings().contact, "settings.py, contact"


def texts_of(node: ast.expr) -> Iterator[str]:
    """The texts that an argument can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)


@pytest.fixture(scope="module")
def used() -> Mapping[str, str]:
    """Every text of the screen, with a place where it stands."""
    return dict([*in_templates(), *in_code()])


@pytest.fixture(scope="module")
def english() -> Mapping[str, str]:
    """The English catalogue as it stands in its file."""
    with CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="en") if m.id}


def test_every_text_has_its_translation(
    used: Mapping[str, str], english: Mapping[str, str]
) -> None:
    missing = {text: where for text, where in used.items() if not english.get(text)}
    assert missing == {}


def test_no_translation_is_superfluous(used: Mapping[str, str], english: Mapping[str, str]) -> None:
    assert set(english) - set(used) == set()


def test_no_text_stands_twice() -> None:
    ids = re.findall(r'^msgid "(.+)"$', CATALOGUE.read_text("utf-8"), re.MULTILINE)
    assert sorted(ids) == sorted(set(ids))


def braces(text: str) -> Sequence[str]:
    """The names in the braces of a text."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_braces_agree(used: Mapping[str, str], english: Mapping[str, str]) -> None:
    assert {text for text in used if braces(text) != braces(english[text])} == set()


def test_translations_end_as_their_texts_do(english: Mapping[str, str]) -> None:
    for text, translation in english.items():
        assert translation.strip() == translation or translation[0] == text[0] == " "
        for end in ".?:":
            assert text.endswith(end) == translation.endswith(end), text


def test_a_missing_or_broken_translation_is_seen() -> None:
    assert braces("van {start} tot {end}") == ["end", "start"] != braces("from {start}")
    call = ast.parse('say("Nee" if no else "Ja, {n}", n=1)', mode="eval").body
    assert isinstance(call, ast.Call)
    assert list(texts_of(call.args[0])) == ["Nee", "Ja, {n}"]


def form_texts(form: Form) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text of a form, with what it is."""
    yield "title", form.title

    def walk(items: Sequence[Question | Group]) -> Iterator[tuple[str, Mapping[str, str]]]:
        for item in items:
            yield f"label of {item.name}", item.label
            yield f"hint of {item.name}", item.hint
            if isinstance(item, Group):
                yield from walk(item.items)
            else:
                yield f"required_message of {item.name}", item.required_message
                yield f"constraint_message of {item.name}", item.constraint_message
                for choice in item.choices:
                    yield f"choice {choice.name} of {item.name}", choice.label

    yield from walk(form.items)


def test_every_text_of_every_form_stands_in_both_languages(forms: Mapping[str, Form]) -> None:
    for form in forms.values():
        for what, texts in form_texts(form):
            whole = set(language.NAMES) - language.CONCEPT
            assert not texts or all(texts.get(code) for code in whole), (form.file, what)


def test_what_must_be_answered_or_hold_says_why_in_the_form(forms: Mapping[str, Form]) -> None:
    for form in forms.values():
        for question in form.columns.values():
            if question.required is not None:
                assert question.required_message, (form.file, question.name)
            if question.constraint is not None:
                assert question.constraint_message, (form.file, question.name)


# --- the screen ---------------------------------------------------------------------------------


@pytest.fixture
def dutch(english: Mapping[str, str], forms: Mapping[str, Form]) -> Sequence[str]:
    """Pieces of Dutch that no English page should have."""
    texts = [text for text, translation in english.items() if text != translation]
    for form in forms.values():
        texts += [t["nl"] for _, t in form_texts(form) if t and t["nl"] != t["en"]]
    pieces = {piece.strip() for text in texts for piece in re.split(r"\{\w+\}", text)}
    return sorted(piece for piece in pieces if len(piece) > 3)


def spoken(element: Element) -> Iterator[str]:
    """The texts in an element, but for what says that it is Dutch."""
    yield element.text or ""
    yield element.get("aria-label", "")
    yield element.get("data-count", "")
    for child in element:
        if child.get("lang") != "nl":
            yield from spoken(child)
        yield child.tail or ""


def left_over(text: str, dutch: Sequence[str]) -> list[str]:
    """Dutch on an English page, outside what says that it is Dutch."""
    page = parse(text)
    said = [" ".join(piece.split()) for piece in spoken(page.root)]
    said = [re.sub("|".join(NAMES), "", each) for each in said]
    whole, together = set(said), "\0".join(said)
    return [piece for piece in dutch if piece in whole or (len(piece) > 12 and piece in together)]


def test_every_page_is_wholly_english(
    pair_to: Callable[..., Client],
    office: Client,
    page: Callable[[], Client],
    app: Flask,
    enter: Callable[..., str],
    send: Any,
    forms: Mapping[str, Form],
    dutch: Sequence[str],
) -> None:
    def read(client: Client, *addresses: str) -> None:
        client.set_cookie(language.COOKIE, "en")
        for address in addresses:
            look(client.get(address))

    def look(answer: Any) -> None:
        if answer.mimetype == "text/html" and answer.status_code not in {303, 308}:
            where = f"{answer.request.method} {answer.request.path} ({answer.status_code})"
            assert next(parse(answer.text).all("html")).get("lang") == "en", where
            assert left_over(answer.text, dutch) == [], where

    for place in ("OP-01", "WB-01", "IE-01"):
        enter(place, "Ria")
        phone = pair_to(place)
        read(phone, "/week", "/week/saved", "/week?week=x")
        wrong = {"opening.2026-11-16": "?", "visitors.2026-11-16.morning": "?"}
        look(phone.fill("/week", wrong, action="/week?week=2026-W47"))
        read(phone, "/", "/records", "/people", "/people/add", "/people/still", "/cards",
             "/colleague", "/none", "/Q/ZZZZZZZZ", "/P/2222")  # fmt: skip
        closed = {"from": "2026-12-21", "until": "2027-01-03", "closed_reason": "vacation"}
        read(phone, phone.fill("/form/closure", closed).location, "/hours", "/hours/poster",
             "/tally", "/tally?week=x")  # fmt: skip
        look(phone.fill("/colleague"))
        for form in forms:
            read(phone, f"/form/{form}")
            if phone.get(f"/form/{form}").status_code == 200:
                look(phone.fill(f"/form/{form}", dict.fromkeys(forms[form].columns, "?")))
                look(phone.fill(f"/form/{form}", {"csrf_token": "x"}))
        tapped = phone.fill("/", action="/form/opening").location
        read(phone, tapped, tapped.removesuffix("/saved"), "/", "/records")
    nobody = page()
    read(nobody, "/", "/pair", "/uitleg", "/privacy", "/toegankelijkheid", "/people", "/none",
         "/Q/ZZZZZZZZ", "/P/2222", "/office/signin")  # fmt: skip
    look(nobody.put("/"))
    for _ in range(6):
        look(nobody.fill("/pair", {"token": "x"}))
        look(nobody.fill("/office/signin", {"name": "x", "password": "x", "code": "x"}))
    read(office, "/office/", "/office/at/OP-01", "/office/at/IE-01?month=x", "/office/places",
         "/office/facts", "/office/pilots", "/office/phones",
         "/office/posters", "/office/door-posters", "/office/tallies", "/office/?month=x",
         "/office/form/place", "/office/form/pilot", "/office/form/place_change",
         "/office/people", "/office/accounts", "/office/accounts/1", "/office/password",
         "/office/print",
         "/office/form/place_facts", "/office/export/x/2026-10.xlsx", "/office/covenant",
         *PAGES.values(), *(f"/office/form/{each}" for each in PAGES))  # fmt: skip
    phone.fill("/form/month_report", {"month": "2026-10", "worked": "?"})
    look(office.fill("/office/reading"))
    look(office.fill("/office/places", {"place": "OP-01"}, action="/office/letter"))


def test_dutch_on_an_english_page_is_seen(phone: Client, dutch: Sequence[str]) -> None:
    assert len(left_over(phone.get("/").text, dutch)) > 5
    assert left_over(phone.get("/form/visitors").text, dutch)


def test_a_phone_that_speaks_english_gets_english(client: Client) -> None:
    for wanted, got in (
        ("en-GB,en;q=0.9", "en"), ("tr,en;q=0.5,nl;q=0.4", "en"), ("tr", "nl"), ("", "nl"),
        ("nl-BE,en;q=0.5", "nl"), ("xx;q=bad,,", "nl"),
    ):  # fmt: skip
        shown = parse(client.get("/", headers={"Accept-Language": wanted}).text)
        assert next(shown.all("html")).get("lang") == got, wanted


def test_a_language_is_chosen_and_stays(phone: Client) -> None:
    shown = phone.get("/records?x=1")
    answer = phone.send(shown, {"language": "en"}, "/language")
    assert (answer.status_code, answer.location) == (303, "/records?x=1")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("language="))
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    headers = {"Accept-Language": "nl"}
    assert words(next(parse(phone.get("/", headers=headers).text).all("h1"))) == "Today"
    token = phone.token()
    for nonsense in ("", "tlh", "../en", "nl\r\nx: y"):
        phone.post("/language", data={"csrf_token": token, "language": nonsense})
    assert words(next(parse(phone.get("/").text).all("h1"))) == "Today"
    phone.set_cookie(language.COOKIE, "<script>")
    assert words(next(parse(phone.get("/").text).all("h1"))) == "Vandaag"


def test_messages_and_days_are_in_the_language_too(phone: Client) -> None:
    phone.set_cookie(language.COOKIE, "en")
    answer = phone.fill("/form/visitors", {"visitors": "x", "date": "2027-01-01"})
    assert "<title>Error: Visitors" in answer.text
    assert "Fill in a whole number, without a point or comma. For example 24." in answer.text
    saved = phone.get(phone.fill("/form/visitors", {"visitors": "24"}).location)
    assert "today, morning, 24 visitors." in saved.text
    assert "up to and including Monday 7 December" in phone.get("/").text


def test_what_is_kept_does_not_depend_on_the_language(phone: Client, kept: Any) -> None:
    phone.set_cookie(language.COOKIE, "en")
    given = {"visitors": "24", "daypart": "morning", "activities": ["meal"]}
    phone.fill("/form/visitors", given)
    row = kept("form_visitors")[0]
    assert (row["daypart"], row["activities"]) == ("morning", '["meal"]')
